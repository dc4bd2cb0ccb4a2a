// [data-rich]: a plain field becomes an editor of exactly what the server keeps. The field stays the truth: what is
// written goes into it at once. A text of which the editor would lose a word stays in the plain field.
import { Editor } from "@tiptap/core";
import StarterKit from "@tiptap/starter-kit";
import { cleaned } from "./paste.js";
import { Sub, Sup, Table, TableCell, TableHeader, TableRow, inTable } from "./tables.js";

const KIT = StarterKit.configure({
  code: false,
  codeBlock: false,
  horizontalRule: false,
  link: false,
  heading: { levels: [3, 4] },
  trailingNode: false,
});
const EXTENSIONS = [KIT, Table, TableRow, TableHeader, TableCell, Sub, Sup];
const ACTS = {
  bold: (chain) => chain.toggleBold(),
  italic: (chain) => chain.toggleItalic(),
  underline: (chain) => chain.toggleUnderline(),
  strike: (chain) => chain.toggleStrike(),
  h3: (chain) => chain.toggleHeading({ level: 3 }),
  h4: (chain) => chain.toggleHeading({ level: 4 }),
  bulletList: (chain) => chain.toggleBulletList(),
  orderedList: (chain) => chain.toggleOrderedList(),
  blockquote: (chain) => chain.toggleBlockquote(),
  table: (chain) => chain.insertTable(3, 3),
  rowAfter: (chain) => chain.rowAfter(),
  columnAfter: (chain) => chain.columnAfter(),
  rowDrop: (chain) => chain.rowDrop(),
  columnDrop: (chain) => chain.columnDrop(),
  tableDrop: (chain) => chain.tableDrop(),
  undo: (chain) => chain.undo(),
  redo: (chain) => chain.redo(),
};
const ACTIVE = { h3: ["heading", { level: 3 }], h4: ["heading", { level: 4 }] };

const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
const asHtml = (text) =>
  text.includes("<")
    ? text
    : text
        .split("\n")
        .map((line) => line.trim())
        .filter(Boolean)
        .map((line) => `<p>${escaped(line)}</p>`)
        .join("");

function words(html) {
  return new DOMParser().parseFromString(html, "text/html").body.textContent.replace(/\s+/g, "");
}

// As the server writes it: a single paragraph in an item or cell is the item's own text, empty paragraphs are none.
export function tidy(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const holder of page.body.querySelectorAll("li, td, th")) {
    const first = holder.firstElementChild;
    const alone = first?.tagName === "P" && [...holder.children].slice(1).every((one) => ["UL", "OL"].includes(one.tagName));
    if (alone) first.replaceWith(...first.childNodes);
  }
  for (const one of [...page.body.children]) if (one.tagName === "P" && !one.textContent.trim()) one.remove();
  return page.body.innerHTML;
}

function bindTools(tools, editor) {
  const buttons = [...tools.querySelectorAll("button[data-do]")];
  const paint = () => {
    for (const button of buttons) {
      const [name, attributes] = ACTIVE[button.dataset.do] || [button.dataset.do];
      if (editor.schema.nodes[name] || editor.schema.marks[name]) button.setAttribute("aria-pressed", String(editor.isActive(name, attributes)));
    }
    tools.querySelector(".dk-rich-table").hidden = !inTable(editor);
  };
  const reach = (button) => buttons.forEach((one) => (one.tabIndex = one === button ? 0 : -1));
  reach(buttons[0]);
  tools.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-do]");
    if (!button) return;
    reach(button);
    ACTS[button.dataset.do](editor.chain().focus()).run();
  });
  tools.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const shown = buttons.filter((one) => one.offsetParent);
    const next = shown[(shown.indexOf(document.activeElement) + step + shown.length) % shown.length];
    event.preventDefault();
    reach(next);
    next.focus();
  });
  editor.on("transaction", paint);
  tools.hidden = false;
  paint();
}

const editors = new WeakMap();

export function enrich(holder) {
  const field = holder.querySelector("textarea");
  if (!field || holder.dataset.bound) return;
  holder.dataset.bound = "1";
  const label = holder.querySelector("label");
  const place = document.createElement("div");
  const begin = asHtml(field.value);
  const editor = new Editor({
    element: place,
    extensions: EXTENSIONS,
    content: begin,
    injectCSS: false,
    editorProps: {
      attributes: { class: "dk-rich-text dk-prose", role: "textbox", "aria-multiline": "true", "aria-label": field.dataset.label || "" },
      transformPastedHTML: cleaned,
    },
    onUpdate: ({ editor: one }) => {
      field.value = tidy(one.getHTML());
      field.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
  if (words(begin) !== words(editor.getHTML())) {
    editor.destroy();
    return;
  }
  field.before(place);
  field.hidden = true;
  label?.addEventListener("click", () => editor.commands.focus());
  bindTools(holder.querySelector("[role=toolbar]"), editor);
  editors.set(field, editor);
}

// Put a text into the field and the editor over it, without a word lost to either.
export function setText(field, text) {
  field.value = text;
  editors.get(field)?.commands.setContent(asHtml(text), { emitUpdate: false });
}

export function lock(form, locked) {
  for (const field of form.querySelectorAll("textarea")) editors.get(field)?.setEditable(!locked);
}

export function leave(form) {
  for (const field of form.querySelectorAll("textarea")) editors.get(field)?.destroy();
}
