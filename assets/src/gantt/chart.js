// The state of one picture: which rows, how close, what is chosen; and how people move in it.
import { element } from "../behaviour/words.js";
import { textOf, today } from "./days.js";
import { colours, HEAD, paint, ROW } from "./paint.js";

const [FARTHEST, CLOSEST] = [0.04, 24];

export function chart(place) {
  const canvas = element("canvas", "dk-gantt-canvas");
  const size = element("div", "dk-gantt-size");
  const said = document.getElementById(place.dataset.said);
  place.append(canvas, size);
  const pen = canvas.getContext("2d", { alpha: false });
  const look = colours();
  const view = { width: 0, height: 0, top: 0, left: 0, side: 200, scale: 0.4, from: today() - 365, to: today() + 365, rows: [], chosen: -1, today: today(), links: new Map(), place: new Map() };
  let wanted = false;

  const draw = () => {
    wanted = false;
    view.top = place.scrollTop;
    view.left = place.scrollLeft;
    paint(pen, view, look);
  };
  const soon = () => {
    if (wanted) return;
    wanted = true;
    requestAnimationFrame(draw);
  };

  function fit() {
    const sharp = Math.min(2, window.devicePixelRatio || 1);
    view.width = place.clientWidth;
    view.height = place.clientHeight;
    const side = view.width < 560 ? 116 : 240;
    if (side !== view.side) for (const row of view.rows) row.short = undefined;
    view.side = side;
    canvas.width = view.width * sharp;
    canvas.height = view.height * sharp;
    canvas.style.width = `${view.width}px`;
    canvas.style.height = `${view.height}px`;
    pen.setTransform(sharp, 0, 0, sharp, 0, 0);
    extend();
  }

  function extend() {
    size.style.width = `${view.side + (view.to - view.from) * view.scale}px`;
    size.style.height = `${HEAD + view.rows.length * ROW + 8}px`;
    size.style.marginTop = `-${view.height}px`;
    soon();
  }

  // Closer or farther, the day under `at` (pixels from the left edge) staying where it is.
  function zoom(by, at = view.side + (view.width - view.side) / 2) {
    const day = view.from + (place.scrollLeft + at - view.side) / view.scale;
    view.scale = Math.min(CLOSEST, Math.max(FARTHEST, view.scale * by));
    extend();
    place.scrollLeft = (day - view.from) * view.scale - at + view.side;
    soon();
  }

  const goTo = (day) => {
    place.scrollLeft = (day - view.from) * view.scale - (view.width - view.side) / 3;
  };

  function whole() {
    view.scale = Math.min(CLOSEST, Math.max(FARTHEST, (view.width - view.side - 16) / Math.max(1, view.to - view.from)));
    extend();
    place.scrollLeft = 0;
  }

  function choose(n) {
    if (!view.rows.length) return;
    view.chosen = Math.min(view.rows.length - 1, Math.max(0, n));
    const top = view.chosen * ROW;
    if (top < place.scrollTop) place.scrollTop = top;
    else if (top + ROW > place.scrollTop + view.height - HEAD) place.scrollTop = top + ROW - view.height + HEAD;
    if (said) said.textContent = wordsOf(view.rows[view.chosen], place.dataset);
    soon();
  }

  const open = (n) => {
    const row = view.rows[n];
    if (row?.url) window.location.assign(row.url);
  };
  const rowAt = (event) => {
    const y = event.clientY - place.getBoundingClientRect().top;
    return y < HEAD ? -1 : Math.floor((y - HEAD + place.scrollTop) / ROW);
  };

  const page = () => Math.max(1, Math.floor((view.height - HEAD) / ROW) - 1);
  const keys = {
    ArrowDown: () => choose(view.chosen + 1),
    ArrowUp: () => choose(view.chosen - 1),
    PageDown: () => choose(view.chosen + page()),
    PageUp: () => choose(view.chosen - page()),
    Home: () => choose(0),
    End: () => choose(view.rows.length - 1),
    ArrowRight: () => place.scrollBy(80, 0),
    ArrowLeft: () => place.scrollBy(-80, 0),
    Enter: () => open(view.chosen),
    "+": () => zoom(1.5),
    "=": () => zoom(1.5),
    "-": () => zoom(1 / 1.5),
    0: () => goTo(view.today),
  };
  place.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  place.addEventListener("scroll", soon, { passive: true });
  place.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, event.clientX - place.getBoundingClientRect().left);
    },
    { passive: false },
  );
  place.addEventListener("click", (event) => {
    const n = rowAt(event);
    if (n >= 0 && n < view.rows.length) (n === view.chosen ? open : choose)(n);
  });
  const buttons = { closer: () => zoom(1.5), farther: () => zoom(1 / 1.5), today: () => goTo(view.today), whole };
  for (const [name, act] of Object.entries(buttons))
    document.querySelector(`[data-gantt-${name}]`)?.addEventListener("click", act);
  document.querySelector("[data-gantt-tools]")?.removeAttribute("hidden");
  new ResizeObserver(fit).observe(place);
  fit();

  return {
    // Rows in the order in which they are shown, and what waits for what.
    show(rows, links) {
      view.rows = rows;
      const days = [view.today];
      rows.forEach((row, n) => {
        for (const mark of row.marks) {
          view.place.set(mark.id, { row: n, on: mark.on });
          days.push(mark.on);
        }
        for (const span of [row.planned, row.baseline, row.going]) for (const day of span || []) if (day !== null) days.push(day);
      });
      place.style.height = `min(70vh, 44rem, ${Math.max(120, HEAD + rows.length * ROW + 24)}px)`;
      view.links = new Map();
      for (const link of links)
        for (const end of [link.before, link.after]) view.links.set(end, [...(view.links.get(end) || []), link]);
      view.from = days.reduce((a, b) => Math.min(a, b)) - 45;
      view.to = days.reduce((a, b) => Math.max(a, b)) + 90;
      extend();
    },
    whole,
    goToToday: () => goTo(view.today),
    view,
  };
}

// What a screen reader is told of the chosen row.
function wordsOf(row, words) {
  const span = (label, days) => (days ? `${label} ${days.map((day) => (day === null ? "—" : textOf(day))).join(" ～ ")}` : "");
  const marks = row.marks.map((mark) => `${mark.name} ${textOf(mark.on)}`).join("，");
  return [row.name, row.note, span(words.planned, row.planned), span(words.going, row.going), marks].filter(Boolean).join("；");
}
