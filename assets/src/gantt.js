// The Gantt, loaded only by pages that have one: <div data-gantt data-feed="…"> is filled page by page and drawn on one
// canvas that stays in view while its place is scrolled; only the rows in sight are drawn. The table below is the truth.
import { chart } from "./gantt/chart.js";
import { load } from "./gantt/load.js";

for (const place of document.querySelectorAll("[data-gantt]")) {
  const shown = chart(place);
  load(place, shown);
}
