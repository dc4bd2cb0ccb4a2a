// A section is written where it stands: its form takes its place, and the section comes back when the writer is done.
import { kept } from "./kept.js";
import { enrich, leave } from "./rich.js";
import { addressNow, room, say } from "./room.js";
import { Writing, writingOf } from "./writing.js";
import { toast } from "../behaviour/toast.js";

const bound = (root) => window.htmx?.process(root);

async function fragment(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" }, redirect: "manual", credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  const holder = document.createElement("template");
  holder.innerHTML = (await answer.text()).trim();
  return holder.content.firstElementChild;
}

export function begin(form) {
  form.querySelectorAll("[data-rich]").forEach(enrich);
  return new Writing(form);
}

export async function openPart(part, { focus = true } = {}) {
  const link = part.querySelector("[data-write]");
  if (!link || part.querySelector("form[data-writing]")) return;
  let form;
  try {
    form = await fragment(`${link.dataset.write}?in-place=1`);
  } catch {
    return toast(say("fetchFailed"), "error");
  }
  part.classList.add("is-written");
  part.append(form);
  bound(form);
  begin(form);
  form.addEventListener("dk:done", () => closePart(part));
  document.dispatchEvent(new CustomEvent("dk:place"));
  if (focus) form.querySelector(".dk-rich-text")?.focus();
}

export async function closePart(part) {
  const form = part.querySelector("form[data-writing]");
  if (form) {
    writingOf(form)?.close();
    leave(form);
    form.remove();
  }
  part.classList.remove("is-written");
  document.dispatchEvent(new CustomEvent("dk:place"));
  await refresh(part);
}

// The part as it stands now takes the place of what the page shows; what somebody writes in stays as it is.
export async function refresh(part) {
  if (part.querySelector("form[data-writing]")) return null;
  try {
    const now = await fragment(addressNow(part.dataset.kind, part.dataset.part));
    part.replaceWith(now);
    bound(now);
    return now;
  } catch {
    return null;
  }
}

export function bindPlaces() {
  if (!room()) return;
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-write]");
    if (!link || event.metaKey || event.ctrlKey || event.button) return;
    event.preventDefault();
    openPart(link.closest("[data-part]"));
  });
  // What an earlier visit left unsent is opened again, so that it is sent.
  for (const link of document.querySelectorAll("[data-write]")) {
    if (kept(link.dataset.write)) openPart(link.closest("[data-part]"), { focus: false });
  }
}
