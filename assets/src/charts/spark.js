// A word-sized row of bars without axes. data: {values: [number], labels: [text]}
import { number, palette, start, tip, tooltip } from "./parts.js";

export function drawSpark(place, data) {
  const colours = palette();
  start(place, () => ({
    tooltip: { ...tooltip(colours), trigger: "axis", formatter: ([item]) => tip(item.name, [["", number(item.value)]]) },
    grid: { left: 0, right: 0, top: 2, bottom: 2 },
    xAxis: { type: "category", show: false, data: data.labels || data.values.map((_value, index) => index + 1) },
    yAxis: { type: "value", show: false, min: 0 },
    series: [{ type: "bar", barCategoryGap: "30%", itemStyle: { color: colours.mid }, data: data.values.map(Number) }],
  }));
}
