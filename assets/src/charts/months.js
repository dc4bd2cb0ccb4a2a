// By month: investment completed as columns, the total as a line on its own scale.
// data: {rows: [{month, invested, total}], words: {invested, total, unit}}
import { number, palette, start, tip, tooltip } from "./parts.js";

export function drawMonths(place, data) {
  const colours = palette();
  const { rows, words } = data;
  const figures = (name) => rows.map((row) => (row[name] === null ? null : Number(row[name])));
  const axis = (name, quiet) => ({
    type: "value",
    name,
    min: 0,
    nameTextStyle: { color: colours.inkSoft, align: quiet ? "right" : "left" },
    axisLabel: { color: colours.inkSoft },
    splitLine: { show: !quiet, lineStyle: { color: colours.rule } },
  });
  start(place, () => ({
    tooltip: {
      ...tooltip(colours),
      trigger: "axis",
      formatter: (items) => {
        const row = rows[items[0].dataIndex];
        const said = (name) => (row[name] === null ? "—" : `${number(row[name], 6)} ${words.unit}`);
        return tip(row.month, [[words.invested, said("invested")], [words.total, said("total")]]);
      },
    },
    legend: { top: 0, left: "center", itemWidth: 12, itemHeight: 8, textStyle: { color: colours.inkSoft } },
    grid: { left: 4, right: 4, top: 46, bottom: 4, containLabel: true },
    xAxis: {
      type: "category",
      data: rows.map((row) => row.month),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colours.ruleStrong } },
      axisLabel: { color: colours.inkSoft },
    },
    yAxis: [axis(words.unit, false), axis(words.unit, true)],
    series: [
      { name: words.invested, type: "bar", barMaxWidth: 28, itemStyle: { color: colours.line, borderRadius: [2, 2, 0, 0] }, data: figures("invested") },
      { name: words.total, type: "line", yAxisIndex: 1, symbol: "circle", symbolSize: 6, lineStyle: { width: 2 }, itemStyle: { color: colours.blue }, data: figures("total") },
    ],
  }));
}
