// Charts, loaded only by pages that have one. Each <div data-chart="kind" data-source="id"> reads the JSON script `id`.
import { drawMonths } from "./charts/months.js";
import { drawMap } from "./charts/pairing-map.js";
import { drawRegions } from "./charts/region-map.js";
import { drawSignedCompleted } from "./charts/signed-completed.js";
import { drawSpark } from "./charts/spark.js";
import { drawTrend } from "./charts/trend.js";

const kinds = {
  "pairing-map": drawMap,
  "region-map": drawRegions,
  "signed-completed": drawSignedCompleted,
  months: drawMonths,
  trend: drawTrend,
  spark: drawSpark,
};

async function draw(place) {
  if (place.dataset.bound) return;
  place.dataset.bound = "1";
  const source = document.getElementById(place.dataset.source);
  const kind = kinds[place.dataset.chart];
  if (!source || !kind) return;
  try {
    await kind(place, JSON.parse(source.textContent));
    place.dataset.drawn = "1";
  } catch (problem) {
    console.error(problem);
    place.classList.add("dk-chart-broken");
    place.textContent = place.dataset.broken || "";
    place.parentElement?.querySelector("details")?.setAttribute("open", "");
  }
}

const all = (root) => root.querySelectorAll("[data-chart]").forEach(draw);
all(document);
document.addEventListener("htmx:load", (event) => all(event.detail.elt));
