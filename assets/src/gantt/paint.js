// Drawing one view: the rows in sight, the axis above them, the names beside them.
import { axis } from "./days.js";

export const ROW = 26;
export const HEAD = 40;

export function colours() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(`--dk-${name}`).trim();
  return {
    ink: read("ink"),
    soft: read("ink-soft"),
    rule: read("line"),
    strong: read("line-strong"),
    surface: read("surface"),
    plan: read("blue-line"),
    going: read("blue"),
    done: read("green-mark"),
    late: read("red"),
    slip: read("amber-mark"),
    chosen: read("blue-soft"),
    font: getComputedStyle(document.body).fontFamily,
  };
}

// view: {width, height, top, left, side, scale, from, rows, chosen, today, links, place}
export function paint(pen, view, look) {
  pen.clearRect(0, 0, view.width, view.height);
  pen.fillStyle = look.surface;
  pen.fillRect(0, 0, view.width, view.height);
  const first = Math.max(0, Math.floor(view.top / ROW));
  const last = Math.min(view.rows.length, Math.ceil((view.top + view.height - HEAD) / ROW) + 1);
  const x = (day) => view.side + (day - view.from) * view.scale - view.left;
  const y = (row) => HEAD + row * ROW - view.top;
  grid(pen, view, look, x);
  pen.save();
  pen.beginPath();
  pen.rect(view.side, HEAD, view.width - view.side, view.height - HEAD);
  pen.clip();
  for (let n = first; n < last; n += 1) bar(pen, view, look, view.rows[n], y(n), x, n === view.chosen);
  arrows(pen, view, look, first, last, x, y);
  now(pen, view, look, x);
  pen.restore();
  names(pen, view, look, first, last, y);
  head(pen, view, look, x);
}

function grid(pen, view, look, x) {
  const to = view.from + (view.left + view.width) / view.scale;
  view.marks = axis(view.scale, Math.floor(view.from + view.left / view.scale), Math.ceil(to));
  pen.strokeStyle = look.rule;
  pen.lineWidth = 1;
  pen.beginPath();
  for (const mark of view.marks.bold) {
    const at = Math.round(x(mark.day)) + 0.5;
    if (at < view.side) continue;
    pen.moveTo(at, HEAD);
    pen.lineTo(at, view.height);
  }
  pen.stroke();
}

function bar(pen, view, look, row, top, x, chosen) {
  if (chosen) {
    pen.fillStyle = look.chosen;
    pen.fillRect(view.side, top, view.width - view.side, ROW);
  }
  const middle = top + ROW / 2;
  if (row.planned) {
    pen.fillStyle = look.plan;
    block(pen, x, row.planned, middle - 7, 14);
    if (row.progress && row.planned[0] !== null && row.planned[1] !== null) {
      pen.fillStyle = look.going;
      block(pen, x, [row.planned[0], row.planned[0] + ((row.planned[1] - row.planned[0]) * row.progress) / 100], middle - 7, 14);
    }
  }
  if (row.baseline) {
    pen.fillStyle = look.soft;
    block(pen, x, row.baseline, middle + 9, 2);
  }
  if (row.going) {
    pen.fillStyle = row.finished ? look.done : row.late ? look.late : look.going;
    block(pen, x, row.going, middle - 2, 4);
  }
  for (const mark of row.marks) diamond(pen, look, mark, x, middle);
}

function block(pen, x, [start, finish], top, height) {
  const left = x(start ?? finish);
  pen.fillRect(left, top, Math.max(3, x(finish ?? start) - left), height);
}

const FILL = { done: "done", overdue: "late", soon: "slip", slipped: "slip", open: "surface" };

function diamond(pen, look, mark, x, middle) {
  const at = x(mark.on);
  if (mark.base !== null && mark.base !== mark.on) {
    pen.strokeStyle = look.slip;
    pen.lineWidth = 1.5;
    pen.beginPath();
    pen.moveTo(x(mark.base), middle);
    pen.lineTo(at, middle);
    pen.stroke();
  }
  pen.beginPath();
  pen.moveTo(at, middle - 6);
  pen.lineTo(at + 6, middle);
  pen.lineTo(at, middle + 6);
  pen.lineTo(at - 6, middle);
  pen.closePath();
  pen.fillStyle = look[FILL[mark.standing]] || look.surface;
  pen.strokeStyle = mark.standing === "overdue" ? look.late : look.going;
  pen.lineWidth = 1.25;
  pen.fill();
  pen.stroke();
}

// What waits for what, where one of both is in sight: out of the one, down or up, into the other.
function arrows(pen, view, look, first, last, x, y) {
  pen.strokeStyle = look.soft;
  pen.fillStyle = look.soft;
  pen.lineWidth = 1;
  const seen = new Set();
  for (let n = first; n < last; n += 1) {
    for (const mark of view.rows[n].marks) {
      for (const link of view.links.get(mark.id) || []) {
        if (seen.has(link)) continue;
        seen.add(link);
        const [from, to] = [view.place.get(link.before), view.place.get(link.after)];
        if (from && to) arrow(pen, x(from.on) + 6, y(from.row) + ROW / 2, x(to.on) - 6, y(to.row) + ROW / 2);
      }
    }
  }
}

function arrow(pen, x0, y0, x1, y1) {
  const bend = y0 === y1 ? y0 - 9 : y1;
  pen.beginPath();
  pen.moveTo(x0, y0);
  if (y0 === y1) pen.lineTo(x0 + 2, bend);
  pen.lineTo(Math.max(x0 + 4, x1 - 8), bend);
  pen.lineTo(x1, y1);
  pen.stroke();
  pen.beginPath();
  pen.moveTo(x1, y1);
  pen.lineTo(x1 - 5, y1 - 3);
  pen.lineTo(x1 - 5, y1 + 3);
  pen.fill();
}

function now(pen, view, look, x) {
  const at = Math.round(x(view.today)) + 0.5;
  pen.strokeStyle = look.late;
  pen.lineWidth = 1;
  pen.setLineDash([4, 3]);
  pen.beginPath();
  pen.moveTo(at, HEAD);
  pen.lineTo(at, view.height);
  pen.stroke();
  pen.setLineDash([]);
}

function names(pen, view, look, first, last, y) {
  pen.save();
  pen.beginPath();
  pen.rect(0, HEAD, view.side, view.height - HEAD);
  pen.clip();
  pen.fillStyle = look.surface;
  pen.fillRect(0, HEAD, view.side, view.height - HEAD);
  pen.font = `13px ${look.font}`;
  pen.textBaseline = "middle";
  for (let n = first; n < last; n += 1) {
    const row = view.rows[n];
    if (n === view.chosen) {
      pen.fillStyle = look.chosen;
      pen.fillRect(0, y(n), view.side, ROW);
    }
    pen.fillStyle = row.late ? look.late : look.ink;
    row.short ??= cut(pen, row.name, view.side - (row.inner ? 28 : 16));
    pen.fillText(row.short, row.inner ? 20 : 8, y(n) + ROW / 2);
  }
  pen.restore();
  pen.strokeStyle = look.strong;
  pen.beginPath();
  pen.moveTo(view.side + 0.5, 0);
  pen.lineTo(view.side + 0.5, view.height);
  pen.stroke();
}

function cut(pen, text, room) {
  if (pen.measureText(text).width <= room) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (pen.measureText(`${text.slice(0, middle)}…`).width <= room) low = middle;
    else high = middle - 1;
  }
  return `${text.slice(0, low)}…`;
}

function head(pen, view, look, x) {
  pen.fillStyle = look.surface;
  pen.fillRect(0, 0, view.width, HEAD);
  pen.strokeStyle = look.strong;
  pen.beginPath();
  pen.moveTo(0, HEAD - 0.5);
  pen.lineTo(view.width, HEAD - 0.5);
  pen.stroke();
  pen.save();
  pen.beginPath();
  pen.rect(view.side + 1, 0, view.width, HEAD);
  pen.clip();
  pen.textBaseline = "middle";
  pen.fillStyle = look.ink;
  pen.font = `600 12px ${look.font}`;
  let free = view.side; // where the next mark may begin: marks that would touch are left out
  for (const [n, mark] of view.marks.bold.entries()) {
    const room = pen.measureText(mark.text).width + 10;
    const following = view.marks.bold[n + 1];
    const stays = Math.max(x(mark.day), view.side);
    const at = following ? Math.min(stays, x(following.day) - room) : stays;
    if (at + room < view.side || at < free - 1) continue;
    pen.fillText(mark.text, at + 4, 12);
    free = at + room;
  }
  pen.fillStyle = look.soft;
  pen.font = `12px ${look.font}`;
  for (const mark of view.marks.fine) pen.fillText(mark.text, x(mark.day) + 4, 29);
  pen.restore();
}
