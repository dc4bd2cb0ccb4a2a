// form[data-writing]: what is written is kept in this browser at once and, where the part exists already
// (data-writing="save"), sent a little later with the revision its writer had seen. A refusal never overwrites: the
// server keeps the refused text, and the writer goes to where both stand beside each other.
import { drop, keep, kept } from "./kept.js";
import { lock, setText } from "./rich.js";
import { post, say } from "./room.js";

const PAUSE = 1500; // after the last key
const LONGEST = 12000; // of uninterrupted writing
const AGAIN = [3000, 8000, 20000]; // after a try that nobody answered
const UNKEPT = new Set(["csrfmiddlewaretoken", "account"]);

const open = new Map();
let guarded = true;

const answers = (form) => [...new FormData(form)].filter(([name, value]) => !UNKEPT.has(name) && typeof value === "string");
const said = (form) => JSON.stringify(answers(form).filter(([name]) => name !== "revision" && name !== "refused"));

function putBack(form, fields) {
  const given = new Map();
  for (const [name, value] of fields) given.set(name, [...(given.get(name) || []), value]);
  for (const field of form.elements) {
    if (!field.name || UNKEPT.has(field.name)) continue;
    const values = given.get(field.name) || [];
    if (field.tomselect) field.tomselect.setValue(values, true);
    else if (field.tagName === "SELECT") [...field.options].forEach((one) => (one.selected = values.includes(one.value)));
    else if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (field.tagName === "TEXTAREA") setText(field, values[0] ?? field.value);
    else if (values.length) field.value = values[0];
  }
}

export class Writing {
  constructor(form) {
    this.form = form;
    this.action = form.action;
    this.sends = form.dataset.writing === "save";
    this.state = form.querySelector("[data-save]");
    this.server = said(form);
    this.tries = 0;
    this.sending = null;
    this.stopped = false;
    open.set(form, this);
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    this.back();
  }

  get dirty() {
    return said(this.form) !== this.server;
  }

  show(name, kind = "", link = null) {
    this.state.textContent = say(name) || name;
    this.state.dataset.kind = kind;
    if (link) {
      const a = document.createElement("a");
      a.href = link.href;
      a.textContent = link.text;
      a.className = "btn btn-sm btn-primary";
      this.state.append(" ", a);
    }
  }

  // What an earlier visit could not send stands in the form again, with the revision it was written upon.
  back() {
    const found = kept(this.action);
    if (!found) return;
    const before = said(this.form);
    putBack(this.form, found.fields);
    if (said(this.form) === before) return drop(this.action);
    this.show("local", "waiting");
    if (this.sends) this.later(200);
  }

  changed() {
    if (this.stopped || !this.dirty) return;
    const stored = keep(this.action, { fields: answers(this.form) });
    this.show(stored ? (this.sends ? "waiting" : "") : "unkept", stored ? "waiting" : "bad");
    if (this.sends) this.later(PAUSE);
  }

  later(wait) {
    const at = Date.now();
    this.first ??= at;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), Math.max(0, Math.min(wait, this.first + LONGEST - at)));
  }

  async save() {
    clearTimeout(this.timer);
    this.first = null;
    if (this.sending) {
      await this.sending;
    }
    if (this.stopped) return false;
    if (!this.dirty) return true;
    this.sending = this.send();
    try {
      return await this.sending;
    } finally {
      this.sending = null;
    }
  }

  async send() {
    const sent = said(this.form);
    this.show("saving", "busy");
    const { status, data } = await post(this.action, new FormData(this.form));
    if (status === 200) return this.taken(sent, data);
    if (status === 409 && data.merge) return this.refused(sent, data);
    if (status === 302 || status === 401 || status === 403) return this.signedOut(status, data);
    if (status === 400) showFaults(this.form, data.errors);
    if (status === 400 || status === 404 || status === 409 || status === 413) {
      this.show(say("invalid") + (data.detail || ""), "bad");
      return false;
    }
    this.show(status === 0 ? "offline" : "busy", "bad");
    this.later(AGAIN[Math.min(this.tries++, AGAIN.length - 1)]);
    return false;
  }

  taken(sent, data) {
    this.tries = 0;
    this.server = sent;
    showFaults(this.form, {});
    this.place = data.place;
    this.form.elements.revision.value = data.revision;
    if (this.dirty) {
      keep(this.action, { fields: answers(this.form) });
      this.later(PAUSE);
    } else drop(this.action);
    const at = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
    this.show(`${say("saved")} ${at}`, "good");
    this.form.dispatchEvent(new CustomEvent("dk:saved", { bubbles: true, detail: data }));
    return true;
  }

  // Refused: what was written meanwhile is handed over too, then the text waits on the server for its writer.
  async refused(sent, data) {
    const field = this.form.elements.refused || this.form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name: "refused" }));
    field.value = data.refused;
    if (said(this.form) !== sent) return this.send();
    this.stopped = true;
    this.merge = data.merge;
    lock(this.form, true);
    drop(this.action);
    this.server = sent;
    this.show(data.code === "stale" ? "conflict" : data.detail, "bad", { href: data.merge, text: say("merge") });
    this.form.dispatchEvent(new CustomEvent("dk:refused", { bubbles: true }));
    return false;
  }

  signedOut(status, data) {
    if (status === 403 && !/page_expired/.test(data.type || "")) {
      this.show(say("invalid") + (data.detail || ""), "bad");
      return false;
    }
    const here = window.location.pathname + window.location.search;
    this.show("signedOut", "bad", { href: `/accounts/login/?next=${encodeURIComponent(here)}`, text: say("signIn") });
    this.later(AGAIN[2]);
    return false;
  }

  // The writer is done: saved and back on the plan's page, or where both writings stand beside each other.
  async finish() {
    const isNew = !this.sends;
    if (isNew) this.server = "";
    const done = await this.save();
    if (this.form.dataset.inPlace !== undefined && done) {
      this.form.dispatchEvent(new CustomEvent("dk:done", { bubbles: true }));
    } else if (done || this.merge) {
      guarded = false;
      window.location.assign(done ? this.place || this.form.dataset.back : this.merge);
    }
  }

  close() {
    clearTimeout(this.timer);
    this.stopped = true;
    open.delete(this.form);
  }
}

export const writingOf = (form) => open.get(form);
export const writings = () => [...open.values()];

export function bindWriting() {
  window.addEventListener("online", () => writings().forEach((one) => one.dirty && one.sends && one.later(100)));
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) writings().forEach((one) => one.sends && one.save());
  });
  window.addEventListener("beforeunload", (event) => {
    if (!guarded || !writings().some((one) => one.dirty && !one.stopped)) return;
    event.preventDefault();
    event.returnValue = "";
  });
  document.addEventListener("submit", (event) => {
    const one = open.get(event.target);
    if (!one || event.defaultPrevented) return;
    event.preventDefault();
    one.finish();
  });
}

// What is wrong, at its field, as the server's own page would show it.
function showFaults(form, errors) {
  form.querySelectorAll("[data-fault]").forEach((one) => one.remove());
  form.querySelectorAll(".is-invalid").forEach((one) => one.classList.remove("is-invalid"));
  for (const [name, texts] of Object.entries(errors || {})) {
    const field = form.elements[name];
    const holder = field?.closest?.(".mb-3, .dk-rich") || form.querySelector(".dk-form-foot");
    const fault = document.createElement("p");
    fault.className = "invalid-feedback d-block";
    fault.dataset.fault = "";
    fault.textContent = texts.join(" ");
    field?.classList?.add("is-invalid");
    field?.closest?.("details")?.setAttribute("open", "");
    holder.append(fault);
  }
}
