// The search of the top bar: what is found while one types hangs below the field. "/" goes to the field, the arrow keys
// through what was found, Escape back. Without scripts the form leads to the page of results.
export function bindSearch() {
  const form = document.querySelector(".dk-top .dk-search");
  const field = form?.querySelector("input");
  const found = form?.querySelector(".dk-search-found");
  if (!field || !found) return;

  const show = (shown) => {
    found.hidden = !shown;
    field.setAttribute("aria-expanded", String(shown));
  };
  const step = (by) => {
    const links = [...found.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement) + by;
    if (at < 0) field.focus();
    else links[Math.min(at, links.length - 1)]?.focus();
  };
  const asked = () => field.value.trim() !== "";

  found.addEventListener("htmx:afterSwap", () => show(asked() && form.contains(document.activeElement)));
  field.addEventListener("input", () => asked() || show(false));
  field.addEventListener("focus", () => show(asked() && found.childElementCount > 0));
  form.addEventListener("focusout", (event) => form.contains(event.relatedTarget) || show(false));
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !found.hidden) {
      field.focus();
      show(false);
      event.preventDefault();
    }
    if (found.hidden || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    event.preventDefault();
    step(event.key === "ArrowDown" ? 1 : document.activeElement === field ? 0 : -1);
  });
  found.addEventListener("mousedown", (event) => event.preventDefault()); // a click must not close what it is aimed at
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
}
