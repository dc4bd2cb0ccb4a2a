// Signed against completed, one pair of bars per pairing, in 亿元; completed lies inside signed, so the gap is seen.
// data: {rows: [{name, url, signed, completed, share}], words: {signed, completed, share, unit, legend}}
import { number, palette, start, tip, tooltip } from "./parts.js";

export function drawSignedCompleted(place, data) {
  const colours = palette();
  const rows = [...data.rows].reverse();
  const { words } = data;
  const bar = (name, key, colour, width, extra = {}) => ({
    name,
    type: "bar",
    barWidth: width,
    barGap: "-100%",
    itemStyle: { color: colour, borderRadius: [0, 2, 2, 0] },
    emphasis: { disabled: true },
    data: rows.map((row) => ({ value: Number(row[key] || 0), row })),
    ...extra,
  });
  place.style.height = `${Math.max(11, rows.length * (place.clientWidth < 420 ? 2.6 : 3.4) + 4)}rem`;
  start(
    place,
    (width) => ({
      tooltip: {
        ...tooltip(colours),
        trigger: "axis",
        axisPointer: { type: "shadow", shadowStyle: { color: "rgba(18, 66, 122, .05)" } },
        formatter: (items) => {
          const { row } = items[0].data;
          return tip(row.name, [
            [words.signed, `${number(row.signed)} ${words.unit}`],
            [words.completed, `${number(row.completed)} ${words.unit}`],
            ...(row.share ? [[words.share, row.share]] : []),
          ]);
        },
      },
      legend: { top: 0, right: 0, itemWidth: 12, itemHeight: 8, textStyle: { color: colours.inkSoft }, icon: "rect", formatter: (name) => words.legend.replace("%(label)s", name).replace("%(unit)s", words.unit) },
      grid: { left: 4, right: width < 480 ? 44 : 64, top: 30, bottom: 4, containLabel: true },
      xAxis: {
        type: "value",
        axisLabel: { color: colours.inkSoft, hideOverlap: true },
        splitNumber: width < 480 ? 3 : 5,
        splitLine: { lineStyle: { color: colours.rule } },
      },
      yAxis: {
        type: "category",
        data: rows.map((row) => row.name),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: colours.ruleStrong } },
        axisLabel: { color: colours.ink, width: width < 380 ? 92 : 132, overflow: "break", lineHeight: 15 },
        triggerEvent: true,
      },
      series: [
        bar(words.signed, "signed", colours.line, 16, {
          z: 2,
          label: { show: true, position: "right", color: colours.inkSoft, fontSize: 11, formatter: ({ data: item }) => item.row.share || "" },
        }),
        bar(words.completed, "completed", colours.blue, 8, { z: 3 }),
      ],
    }),
    (event) => event.data?.row?.url || data.rows.find((row) => row.name === event.value)?.url,
  );
}
