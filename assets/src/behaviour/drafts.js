// What was written when its submission met a sign-in page or an outdated page (data-form-lost): kept in this window
// and for this account only, and put back when the page is opened again. Passwords and files are never kept.
import { toast } from "./toast.js";
import { word } from "./words.js";

const KEY = "duikou.written";
const UNKEPT = new Set(["hidden", "password", "file", "submit", "button"]);

const account = () => document.body.dataset.account || "";
const here = () => window.location.pathname + window.location.search;
const forms = () => [...document.querySelectorAll("main form.dk-form[method=post]")];

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY));
  } catch {
    return null;
  }
}

function write(value) {
  try {
    if (value) sessionStorage.setItem(KEY, JSON.stringify(value));
    else sessionStorage.removeItem(KEY);
  } catch {
    // A full or forbidden store: the form works as it would without this script.
  }
}

const fieldsOf = (form) => [...form.elements].filter((field) => field.name && !UNKEPT.has(field.type));

function answersOf(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked ? [[field.value, ""]] : [];
  if (field.tagName === "SELECT") return [...field.selectedOptions].map((option) => [option.value, option.text]);
  return [[field.value, field.tomselect?.options[field.value]?.label || ""]];
}

function putBack(field, answers) {
  const values = answers.map(([value]) => value);
  if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
  else if (field.tomselect) {
    answers.forEach(([value, text]) => value && field.tomselect.addOption({ value, text: text || value, label: text || value }));
    field.tomselect.setValue(values, true);
  } else if (field.tagName === "SELECT") [...field.options].forEach((option) => (option.selected = values.includes(option.value)));
  else field.value = values[0] ?? field.value;
}

function restore(kept) {
  const form = forms()[kept.form];
  if (!form) return;
  const fields = fieldsOf(form);
  if (fields.length !== kept.answers.length || fields.some((field, at) => field.name !== kept.answers[at][0])) return;
  fields.forEach((field, at) => putBack(field, kept.answers[at][1]));
  form.dispatchEvent(new Event("input", { bubbles: true }));
  toast(word("putBack", ""));
}

export function bindDrafts() {
  document.addEventListener("submit", (event) => {
    const number = forms().indexOf(event.target);
    if (number < 0 || !account() || event.defaultPrevented) return;
    const answers = fieldsOf(event.target).map((field) => [field.name, answersOf(field)]);
    write({ account: account(), page: here(), form: number, answers, lost: false });
  });
  const kept = read();
  if (!kept) return;
  if (document.querySelector("[data-form-lost]")) write({ ...kept, lost: true });
  else if (!account() && kept.lost) return; // on the way through signing in
  else if (!kept.lost || kept.account !== account()) write(null);
  else if (kept.page === here()) {
    write(null);
    restore(kept);
  }
}
