// By month: measures offered and adoptions in force, both as steps that only rows move.
// data: {rows: [{month, measures, adoptions}], words: {measures, adoptions, unit}}
import { number, palette, start, tip, tooltip } from "./parts.js";

export function drawAdoptionCurve(place, data) {
  const colours = palette();
  const { rows, words } = data;
  const line = (name, key, colour, area) => ({
    name,
    type: "line",
    step: "end",
    symbol: "none",
    lineStyle: { width: 2, color: colour },
    itemStyle: { color: colour },
    areaStyle: area ? { color: colour, opacity: 0.08 } : undefined,
    data: rows.map((row) => row[key]),
  });
  start(place, () => ({
    tooltip: {
      ...tooltip(colours),
      trigger: "axis",
      formatter: (items) => {
        const row = rows[items[0].dataIndex];
        return tip(row.month, [
          [words.measures, `${number(row.measures, 0)} ${words.unit}`],
          [words.adoptions, `${number(row.adoptions, 0)} ${words.unit}`],
        ]);
      },
    },
    legend: { top: 0, left: "center", itemWidth: 12, itemHeight: 8, textStyle: { color: colours.inkSoft } },
    grid: { left: 4, right: 12, top: 40, bottom: 4, containLabel: true },
    xAxis: {
      type: "category",
      data: rows.map((row) => row.month),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colours.ruleStrong } },
      axisLabel: { color: colours.inkSoft, hideOverlap: true },
    },
    yAxis: {
      type: "value",
      min: 0,
      minInterval: 1,
      axisLabel: { color: colours.inkSoft },
      splitLine: { lineStyle: { color: colours.rule } },
    },
    series: [line(words.measures, "measures", colours.line, false), line(words.adoptions, "adoptions", colours.blue, true)],
  }));
}
