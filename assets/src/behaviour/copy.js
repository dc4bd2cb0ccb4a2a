// data-copy="text" (or the page's address when empty) goes to the clipboard.
import { toast } from "./toast.js";
import { word } from "./words.js";

export function bindCopy() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    event.preventDefault();
    const text = button.dataset.copy || window.location.href;
    try {
      await navigator.clipboard.writeText(text);
      toast(word("copied", "已复制"), "success");
    } catch {
      window.prompt(word("copyByHand", "请手工复制"), text);
    }
  });
}
