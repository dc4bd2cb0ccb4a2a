// A short message in the corner, read out by screen readers; it goes by itself, errors stay until dismissed.
import { element, word } from "./words.js";

export function toast(text, kind = "info") {
  let holder = document.querySelector(".dk-toasts");
  if (!holder) {
    holder = element("div", "dk-toasts");
    holder.setAttribute("role", "status");
    holder.setAttribute("aria-live", "polite");
    document.body.append(holder);
  }
  const note = element("div", `dk-note dk-note-${kind}`);
  note.append(element("div", "", text));
  const close = element("button", "", "×");
  close.type = "button";
  close.setAttribute("aria-label", word("close", "关闭"));
  close.addEventListener("click", () => note.remove());
  note.append(close);
  holder.append(note);
  if (kind !== "error") setTimeout(() => note.remove(), 4000);
}
