// The map: one arc per pairing from its first to its second region, coloured by level; a click opens the pairing.
// data: {pairings: [{name, level, url, first: {name, adcode, at: [lon, lat]}, second: {…}, facts: [[label, text]]}],
//        levels: {provincial: label, …}}
import { albers } from "./albers.js";
import { echarts, palette, start, tip, tooltip } from "./parts.js";

const LINES = ["南海断续线", "未定界"];

// Both pictures of the map, fetched and known to the charts.
export async function maps(place) {
  const answer = await fetch(place.dataset.map);
  if (!answer.ok) throw new Error(`map: ${answer.status}`);
  const pictures = await answer.json();
  echarts.registerMap("cn", { geoJSON: pictures.main });
  echarts.registerMap("cn-south-sea", { geoJSON: pictures.south_sea });
  return pictures;
}

export async function drawMap(place, data) {
  const pictures = await maps(place);
  const names = Object.fromEntries(pictures.main.features.map((f) => [f.properties.adcode, f.properties.name]));
  const colours = palette();
  const levels = levelStyles(colours);
  const pairings = data.pairings.filter((pairing) => pairing.first.at && pairing.second.at);
  const extent = extentOf(pictures.main);
  const regions = tints(pairings, names, colours);
  const shown = Object.keys(levels).filter((level) => pairings.some((pairing) => pairing.level === level));

  const fit = () => {
    place.style.height = `${Math.round(Math.min(600, Math.max(230, heightFor(place.clientWidth, extent))))}px`;
  };
  fit();
  window.addEventListener("resize", fit);

  start(
    place,
    (width, height) => ({
      tooltip: {
        ...tooltip(colours),
        trigger: "item",
        formatter: ({ data: item }) => (item?.pairing ? tip(item.pairing.name, item.pairing.facts) : item?.title ? tip(item.title, item.rows) : ""),
      },
      legend: {
        left: 4,
        bottom: 4,
        orient: "vertical",
        itemWidth: 18,
        itemHeight: 3,
        itemGap: 6,
        icon: "rect",
        textStyle: { color: colours.inkSoft, fontSize: 12 },
        data: shown.map((level) => data.levels?.[level] || level),
      },
      geo: geos(layout(width, height, extent), regions),
      graphic: frame(layout(width, height, extent), colours),
      series: [...shown.map((level) => arcs(level, pairings, levels[level], data)), points(pairings, colours, width)],
    }),
    ({ data: item }) => item?.pairing?.url || item?.url,
  );
}

function levelStyles(colours) {
  return {
    provincial: { color: colours.blue, width: 2.5, type: "solid", curveness: 0.28 },
    city: { color: "#3b8bd6", width: 2, type: "solid", curveness: -0.22 },
    sub: { color: "#8db3de", width: 1, type: "solid", curveness: 0.2 },
    exploratory: { color: colours.inkSoft, width: 1.25, type: "dashed", curveness: 0.3 },
  };
}

function arcs(level, pairings, style, data) {
  return {
    name: data.levels?.[level] || level,
    type: "lines",
    coordinateSystem: "geo",
    geoIndex: 0,
    z: level === "sub" ? 3 : 4,
    color: style.color,
    lineStyle: { ...style, opacity: level === "sub" ? 0.6 : 0.85 },
    emphasis: { lineStyle: { width: style.width + 1.5, opacity: 1 } },
    data: pairings
      .filter((pairing) => pairing.level === level)
      .map((pairing) => ({ coords: [pairing.first.at, pairing.second.at], pairing })),
  };
}

// End points once each, however many pairings meet there.
function points(pairings, colours, width) {
  const places = new Map();
  for (const pairing of pairings) {
    for (const side of ["first", "second"]) {
      const region = pairing[side];
      const known = places.get(region.name) || { name: region.short || region.name, value: region.at, title: region.name, rows: [], side, level: pairing.level };
      known.rows.push([data_label(pairing), pairing[side === "first" ? "second" : "first"].name]);
      if (pairing.level !== "sub") known.level = pairing.level;
      places.set(region.name, known);
    }
  }
  const list = [...places.values()].sort((a, b) => (a.level === "sub") - (b.level === "sub"));
  return {
    type: "scatter",
    coordinateSystem: "geo",
    geoIndex: 0,
    z: 6,
    symbolSize: (_value, item) => (item.data.level === "sub" ? 4 : 7),
    itemStyle: { color: colours.surface, borderColor: colours.blue, borderWidth: 1.75 },
    label: {
      show: width > 480,
      formatter: "{b}",
      position: "right",
      color: colours.ink,
      fontSize: 11,
      textBorderColor: colours.surface,
      textBorderWidth: 2.5,
    },
    labelLayout: { hideOverlap: true },
    data: list,
  };
}

const data_label = (pairing) => pairing.levelLabel || "↔";

function tints(pairings, names, colours) {
  const regions = new Map();
  for (const pairing of pairings) {
    for (const [side, colour] of [
      ["first", "#cfdff1"],
      ["second", "#dde3ec"],
    ]) {
      const name = names[`${String(pairing[side].adcode).slice(0, 2)}0000`];
      if (name && !regions.has(name)) regions.set(name, { name, itemStyle: { areaColor: colour } });
    }
  }
  return [...regions.values(), ...LINES.map((name) => ({ name, ...boundary(name, colours) }))];
}

function boundary(name, colours) {
  const type = name === LINES[1] ? [4, 3] : "solid";
  const style = { borderColor: "#7d8b9c", borderWidth: name === LINES[1] ? 1 : 1.5, borderType: type, areaColor: "none" };
  return { itemStyle: style, emphasis: { itemStyle: style }, tooltip: { show: false }, silent: true, label: { show: false, color: colours.ink } };
}

// The extent of the main picture after projection, in the projection's own units.
export function extentOf(collection) {
  const box = { x0: Infinity, y0: Infinity, x1: -Infinity, y1: -Infinity };
  const walk = (value) => {
    if (typeof value[0] !== "number") return value.forEach(walk);
    const [x, y] = albers.project(value);
    box.x0 = Math.min(box.x0, x);
    box.x1 = Math.max(box.x1, x);
    box.y0 = Math.min(box.y0, y);
    box.y1 = Math.max(box.y1, y);
  };
  collection.features.forEach((feature) => walk(feature.geometry.coordinates));
  return box;
}

const TAIWAN_EAST = [122.1, 23.5];

const GAP = 6;
const insetWidth = (width) => Math.round(Math.min(112, Math.max(62, width * 0.14)));
const shape = (extent) => ({
  aspect: (extent.x1 - extent.x0) / (extent.y1 - extent.y0),
  east: (albers.project(TAIWAN_EAST)[0] - extent.x0) / (extent.x1 - extent.x0),
});
const whole = (map, east, inset) => Math.max(map, map * east + GAP + inset);

// The height at which the picture just fills `width`.
export function heightFor(width, extent) {
  const { aspect, east } = shape(extent);
  const room = width - 2 * GAP;
  return Math.min(room, (room - GAP - insetWidth(width)) / east) / aspect + 2 * GAP;
}

// Where map and inset stand: the inset lies at the lower right and never covers Taiwan.
export function layout(width, height, extent) {
  const inset = insetWidth(width);
  const insetHeight = Math.round(inset * 1.3);
  const { aspect, east } = shape(extent);
  const room = width - 2 * GAP;
  const map = Math.min(room, (room - GAP - inset) / east, (height - 2 * GAP) * aspect);
  const left = (width - whole(map, east, inset)) / 2;
  const bottom = height / 2 + map / aspect / 2;
  return {
    centre: [left + map / 2, height / 2],
    size: map,
    inset: { x: Math.round(left + whole(map, east, inset) - inset), y: Math.round(bottom - insetHeight), w: inset, h: insetHeight },
  };
}

export function geos({ centre, size, inset }, regions) {
  const look = {
    roam: false,
    projection: albers,
    itemStyle: { areaColor: "#eef1f5", borderColor: "#b6c1cd", borderWidth: 0.6 },
    emphasis: { disabled: true },
    select: { disabled: true },
    label: { show: false },
    tooltip: { show: false },
    silent: true,
    regions,
  };
  return [
    { ...look, map: "cn", layoutCenter: centre, layoutSize: size, z: 0 },
    {
      ...look,
      map: "cn-south-sea",
      layoutCenter: [inset.x + inset.w / 2, inset.y + inset.h / 2],
      layoutSize: inset.h - 6,
      z: 2,
      itemStyle: { ...look.itemStyle, borderWidth: 0.4 },
    },
  ];
}

export function frame({ inset: { x, y, w, h } }, colours) {
  return [{ type: "rect", silent: true, z: 1, shape: { x, y, width: w, height: h, r: 2 }, style: { fill: colours.surface, stroke: colours.ruleStrong, lineWidth: 1 } }];
}
