// What the charts share: the palette of tokens.css, a tooltip built as elements, resizing, figures as people read them.
import { BarChart, LineChart, LinesChart, ScatterChart } from "echarts/charts";
import { GeoComponent, GraphicComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";

echarts.use([
  BarChart,
  LineChart,
  LinesChart,
  ScatterChart,
  GeoComponent,
  GraphicComponent,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  LabelLayout,
  CanvasRenderer,
]);

export { echarts };

export function palette() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(`--dk-${name}`).trim();
  return {
    blue: read("blue"),
    mid: read("blue-mid"),
    line: read("blue-line"),
    soft: read("blue-soft"),
    ink: read("ink"),
    inkSoft: read("ink-soft"),
    rule: read("line"),
    ruleStrong: read("line-strong"),
    surface: read("surface"),
    green: read("green-mark"),
    amber: read("amber-mark"),
    red: read("red"),
    font: getComputedStyle(document.body).fontFamily,
  };
}

const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

// Starts a chart in `place`; `option(width)` is asked again whenever the place changes its size.
export function start(place, option, onClick) {
  const chart = echarts.init(place, null, { renderer: "canvas" });
  const colours = palette();
  const base = {
    animation: !still,
    animationDuration: 350,
    textStyle: { fontFamily: colours.font, color: colours.ink, fontSize: 12 },
  };
  const show = () => chart.setOption({ ...base, ...option(place.clientWidth, place.clientHeight) }, { replaceMerge: ["series"] });
  show();
  if (onClick) {
    chart.on("click", (event) => {
      const address = onClick(event);
      if (address) window.location.assign(address);
    });
  }
  let width = place.clientWidth;
  new ResizeObserver(() => {
    // On paper the picture is scaled by the print sheet: drawing anew would end after the page was taken.
    if (place.clientWidth === width || !place.clientWidth || window.matchMedia("print").matches) return;
    width = place.clientWidth;
    chart.resize();
    show();
  }).observe(place);
  return chart;
}

export const number = (value, digits = 2) =>
  value === null || value === undefined || value === ""
    ? "—"
    : Number(value).toLocaleString(undefined, { minimumFractionDigits: 0, maximumFractionDigits: digits });

// Tooltips are elements, never HTML text: nothing from the data is parsed, and no style attribute is needed.
export function tip(title, rows) {
  const box = document.createElement("div");
  box.className = "dk-chart-tip";
  const head = document.createElement("b");
  head.textContent = title;
  box.append(head);
  if (rows?.length) {
    const list = document.createElement("dl");
    for (const [label, value] of rows) {
      const term = document.createElement("dt");
      const figure = document.createElement("dd");
      term.textContent = label;
      figure.textContent = value;
      list.append(term, figure);
    }
    box.append(list);
  }
  return box;
}

export const tooltip = (colours) => ({
  confine: true,
  backgroundColor: colours.surface,
  borderColor: colours.ruleStrong,
  borderWidth: 1,
  padding: [6, 10],
  transitionDuration: 0,
  textStyle: { color: colours.ink, fontSize: 13 },
});
