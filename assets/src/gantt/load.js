// The feed, page after page, into the picture; what goes wrong is said and the table stays.
import { dayOf } from "./days.js";

export async function load(place, shown) {
  const most = Number(place.dataset.most) || 5000;
  const note = document.getElementById(place.dataset.note);
  const rows = [];
  const links = [];
  let address = place.dataset.feed;
  try {
    while (address && rows.length < most) {
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(`feed: ${answer.status}`);
      const page = await answer.json();
      for (const row of page.rows) rows.push(read(row));
      for (const [before, after] of page.links) links.push({ before, after });
      address = page.next;
      shown.show(inOrder(rows, place), links);
      if (rows.length === page.rows.length) shown.whole();
    }
    shown.whole();
    place.dataset.drawn = String(rows.length);
  } catch (problem) {
    console.error(problem);
    if (note) {
      note.hidden = false;
      note.textContent = place.dataset.broken;
    }
  }
}

const span = (days) => (days ? days.map(dayOf) : null);

function read(row) {
  const marks = row.marks.map((mark) => ({
    id: mark.id,
    name: mark.name,
    on: dayOf(mark.on),
    base: dayOf(mark.baseline || mark.planned),
    standing: mark.standing,
  }));
  const found = { ...row, planned: span(row.planned), baseline: span(row.baseline), going: span(row.going), marks };
  const days = [...(found.planned || []), ...(found.going || []), ...marks.map((mark) => mark.on)].filter((day) => day !== null);
  found.first = days.length ? Math.min(...days) : Infinity;
  return found;
}

// By their first day, those without one last; the rows of one project stay in the order of the feed.
function inOrder(rows, place) {
  return place.dataset.inner ? rows : [...rows].sort((a, b) => a.first - b.first || a.name.localeCompare(b.name));
}
