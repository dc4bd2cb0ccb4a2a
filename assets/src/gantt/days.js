// Days as whole numbers, and the marks of the time axis at each closeness.
const DAY = 86_400_000;

export const dayOf = (text) => (text ? Math.round(Date.parse(`${text}T00:00:00Z`) / DAY) : null);
export const today = () => {
  const now = new Date(Date.now() + 8 * 3_600_000); // Asia/Shanghai
  return Math.floor(now.getTime() / DAY);
};
export const dateOf = (day) => new Date(day * DAY);
export const textOf = (day) => dateOf(day).toISOString().slice(0, 10);

const start = (year, month) => Math.round(Date.UTC(year, month, 1) / DAY);

// Two rows of marks for `scale` pixels a day: what is bold (years, or months) and what is fine.
export function axis(scale, from, to) {
  if (scale > 9) return { bold: months(from, to, 1, true), fine: everyDay(from, to, 1) };
  if (scale > 2.2) return { bold: months(from, to, 1, true), fine: everyDay(from, to, 7) };
  if (scale > 0.7) return { bold: years(from, to), fine: months(from, to, 1, false) };
  if (scale > 0.22) return { bold: years(from, to), fine: months(from, to, 3, false) };
  return { bold: years(from, to), fine: [] };
}

function years(from, to) {
  const marks = [];
  for (let year = dateOf(from).getUTCFullYear(); start(year, 0) <= to; year += 1) marks.push({ day: start(year, 0), text: String(year) });
  return marks;
}

function months(from, to, every, named) {
  const marks = [];
  const first = dateOf(from);
  for (let n = first.getUTCFullYear() * 12 + Math.floor(first.getUTCMonth() / every) * every; ; n += every) {
    const [year, month] = [Math.floor(n / 12), n % 12];
    if (start(year, month) > to) return marks;
    marks.push({ day: start(year, month), text: named ? `${year}-${String(month + 1).padStart(2, "0")}` : String(month + 1) });
  }
}

function everyDay(from, to, every) {
  const marks = [];
  for (let day = every === 7 ? from - ((((from + 3) % 7) + 7) % 7) : from; day <= to; day += every)
    marks.push({ day, text: String(dateOf(day).getUTCDate()) });
  return marks;
}
