// data-auto-submit: a filter form sends itself when a choice changes; empty fields stay out of the address.
// data-dirty-warning: leaving a form with changes asks first. Every form refuses a second click while it is sent.
import { word } from "./words.js";

let dirty = 0;

function dropEmpty(form) {
  const empty = [...form.elements].filter((field) => field.name && field.value === "" && !field.disabled);
  empty.forEach((field) => (field.disabled = true));
  setTimeout(() => empty.forEach((field) => (field.disabled = false)), 50);
}

function bindFilter(form) {
  form.addEventListener("submit", () => dropEmpty(form));
  if (!form.hasAttribute("data-auto-submit")) return;
  form.addEventListener("change", (event) => {
    if (event.target.matches("select, input[type=checkbox], input[type=radio], input[type=date]")) form.requestSubmit();
  });
}

function bindDirty(form) {
  let changed = false;
  form.addEventListener("input", () => {
    if (!changed) dirty += 1;
    changed = true;
  });
  form.addEventListener("submit", () => {
    if (changed) dirty -= 1;
    changed = false;
  });
}

function bindOnce(form) {
  form.addEventListener("submit", () => {
    if (form.method !== "post" || form.dataset.again !== undefined || form.matches("[hx-post], [data-hx-post]")) return;
    setTimeout(() => form.querySelectorAll("button[type=submit], button:not([type])").forEach((b) => (b.disabled = true)));
  });
}

export function bindForms(root) {
  for (const form of root.querySelectorAll("form")) {
    if (form.dataset.bound) continue;
    form.dataset.bound = "1";
    if (form.method === "get") bindFilter(form);
    else bindOnce(form);
    if (form.hasAttribute("data-dirty-warning")) bindDirty(form);
  }
}

window.addEventListener("beforeunload", (event) => {
  if (dirty > 0) {
    event.preventDefault();
    event.returnValue = word("unsaved", "");
  }
});
// A page that comes back from the browser's memory must have its buttons again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("button[disabled]:not([data-refused])").forEach((b) => (b.disabled = false));
});
