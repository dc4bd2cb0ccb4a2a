// Writing a plan: rich text, autosave, who is here. Loaded by the pages one writes in; their forms work without it.
import { bindPeople } from "./editor/people.js";
import { begin, bindPlaces } from "./editor/place.js";
import { enrich } from "./editor/rich.js";
import { bindWriting } from "./editor/writing.js";

bindWriting();
document.querySelectorAll("form[data-writing]").forEach(begin);
document.querySelectorAll("[data-rich]").forEach(enrich);
document.querySelectorAll("[data-choose-edit]").forEach((holder) => {
  const choose = () => {
    const radio = holder.closest("fieldset").querySelector("input[type=radio][value=edit]");
    if (!radio.checked) radio.click();
  };
  holder.addEventListener("input", choose);
});
bindPlaces();
bindPeople();
