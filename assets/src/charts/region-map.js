// The map of projects: a circle at each place, its area by the number of projects; a click opens their list.
// data: {places: [{name, at: [lon, lat], count, first, url, facts: [[label, text]]}]}
import { extentOf, frame, geos, heightFor, layout, maps } from "./pairing-map.js";
import { palette, start, tip, tooltip } from "./parts.js";

export async function drawRegions(place, data) {
  const pictures = await maps(place);
  const colours = palette();
  const extent = extentOf(pictures.main);
  const most = Math.max(1, ...data.places.map((one) => one.count));
  const fit = () => {
    place.style.height = `${Math.round(Math.min(600, Math.max(230, heightFor(place.clientWidth, extent))))}px`;
  };
  fit();
  window.addEventListener("resize", fit);
  const largest = () => Math.min(56, Math.max(22, place.clientWidth / 14));
  start(
    place,
    (width, height) => ({
      tooltip: { ...tooltip(colours), trigger: "item", formatter: ({ data: item }) => (item?.facts ? tip(item.name, item.facts) : "") },
      geo: geos(layout(width, height, extent), []),
      graphic: frame(layout(width, height, extent), colours),
      series: [
        {
          type: "scatter",
          coordinateSystem: "geo",
          geoIndex: 0,
          z: 5,
          symbolSize: (_value, item) => Math.max(6, largest() * Math.sqrt(item.data.count / most)),
          label: { show: width > 480, formatter: ({ data: item }) => `${item.name} ${item.count}`, position: "right", color: colours.ink, fontSize: 11, textBorderColor: colours.surface, textBorderWidth: 2.5 },
          labelLayout: { hideOverlap: true },
          data: data.places.map((one) => ({ ...one, value: one.at, itemStyle: { color: one.first ? colours.blue : colours.mid, opacity: 0.75, borderColor: colours.surface, borderWidth: 1 } })),
        },
      ],
    }),
    ({ data: item }) => item?.url,
  );
}
