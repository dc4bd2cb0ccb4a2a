// By year: signed amount as columns, number of projects as a line on its own scale.
// data: {rows: [{year, signed, projects, url}], words: {signed, projects, unit, count}}
import { number, palette, start, tip, tooltip } from "./parts.js";

export function drawTrend(place, data) {
  const colours = palette();
  const { rows, words } = data;
  const axis = (name, more = {}) => ({
    type: "value",
    name,
    min: 0,
    nameTextStyle: { color: colours.inkSoft, align: more.align || "left" },
    axisLabel: { color: colours.inkSoft },
    splitLine: { show: !more.quiet, lineStyle: { color: colours.rule } },
    minInterval: more.quiet ? 1 : 0,
  });
  start(
    place,
    () => ({
      tooltip: {
        ...tooltip(colours),
        trigger: "axis",
        axisPointer: { type: "shadow", shadowStyle: { color: "rgba(18, 66, 122, .05)" } },
        formatter: (items) => {
          const row = rows[items[0].dataIndex];
          return tip(String(row.year), [
            [words.signed, `${number(row.signed)} ${words.unit}`],
            [words.projects, `${number(row.projects, 0)} ${words.count}`],
          ]);
        },
      },
      legend: { top: 0, left: "center", itemWidth: 12, itemHeight: 8, textStyle: { color: colours.inkSoft } },
      grid: { left: 4, right: 4, top: 46, bottom: 4, containLabel: true },
      xAxis: {
        type: "category",
        data: rows.map((row) => String(row.year)),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: colours.ruleStrong } },
        axisLabel: { color: colours.inkSoft },
      },
      yAxis: [axis(words.unit), axis(words.count, { quiet: true, align: "right" })],
      series: [
        { name: words.signed, type: "bar", barMaxWidth: 28, itemStyle: { color: colours.line, borderRadius: [2, 2, 0, 0] }, data: rows.map((row) => Number(row.signed || 0)) },
        { name: words.projects, type: "line", yAxisIndex: 1, symbol: "circle", symbolSize: 6, lineStyle: { width: 2 }, itemStyle: { color: colours.blue }, data: rows.map((row) => Number(row.projects || 0)) },
      ],
    }),
    (event) => rows[event.dataIndex]?.url,
  );
}
