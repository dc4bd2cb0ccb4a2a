// data-confirm="sentence" on a form, button or link asks before it goes on.
import { element, word } from "./words.js";

function ask(sentence, onYes) {
  const dialog = element("dialog", "dk-dialog");
  const text = element("p", "", sentence);
  const buttons = element("div", "dk-actions");
  const no = element("button", "btn btn-default", word("cancel", "取消"));
  const yes = element("button", "btn btn-primary", word("goOn", "确定"));
  no.type = yes.type = "button";
  buttons.append(no, yes);
  dialog.append(text, buttons);
  document.body.append(dialog);
  no.addEventListener("click", () => dialog.close());
  yes.addEventListener("click", () => {
    dialog.close();
    onYes();
  });
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
  yes.focus();
}

export function bindConfirm() {
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      const button = event.submitter;
      const sentence = button?.dataset.confirm || form.dataset.confirm;
      if (!sentence || form.dataset.confirmed) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(sentence, () => {
        form.dataset.confirmed = "1";
        form.requestSubmit(button || undefined);
        delete form.dataset.confirmed;
      });
    },
    true,
  );
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-confirm]");
    if (!link) return;
    event.preventDefault();
    ask(link.dataset.confirm, () => window.location.assign(link.href));
  });
}
