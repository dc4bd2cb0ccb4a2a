// Tables, and small letters above and below, as the server keeps them: nothing more.
import { Mark, Node, mergeAttributes } from "@tiptap/core";
import {
  addColumnAfter,
  addRowAfter,
  deleteColumn,
  deleteRow,
  deleteTable,
  goToNextCell,
  isInTable,
  tableEditing,
} from "@tiptap/pm/tables";

const span = (name) => ({
  default: 1,
  parseHTML: (cell) => Math.max(1, parseInt(cell.getAttribute(name) || "1", 10)),
  renderHTML: (attributes) => (attributes[name] > 1 ? { [name]: attributes[name] } : {}),
});

const cell = (name, tag, role) =>
  Node.create({
    name,
    content: "paragraph+",
    tableRole: role,
    isolating: true,
    addAttributes: () => ({ colspan: span("colspan"), rowspan: span("rowspan"), colwidth: { default: null, rendered: false } }),
    parseHTML: () => [{ tag }],
    renderHTML: ({ HTMLAttributes }) => [tag, mergeAttributes(HTMLAttributes), 0],
  });

const withRole = {
  extendNodeSchema(extension) {
    const role = extension.config.tableRole;
    return role ? { tableRole: typeof role === "function" ? role.call(extension) : role } : {};
  },
};

export const TableCell = cell("tableCell", "td", "cell");
export const TableHeader = cell("tableHeader", "th", "header_cell");
export const TableRow = Node.create({
  name: "tableRow",
  content: "(tableCell | tableHeader)+",
  tableRole: "row",
  parseHTML: () => [{ tag: "tr" }],
  renderHTML: () => ["tr", 0],
});

const run = (command) => () => ({ state, dispatch }) => command(state, dispatch);

export const Table = Node.create({
  name: "table",
  group: "block",
  content: "tableRow+",
  tableRole: "table",
  isolating: true,
  ...withRole,
  parseHTML: () => [{ tag: "table" }],
  renderHTML: () => ["table", ["tbody", 0]],
  addCommands() {
    return {
      insertTable:
        (rows = 3, columns = 3) =>
        ({ commands }) => {
          const row = (type) => ({ type: "tableRow", content: Array.from({ length: columns }, () => ({ type, content: [{ type: "paragraph" }] })) });
          const content = [row("tableHeader"), ...Array.from({ length: rows - 1 }, () => row("tableCell"))];
          return commands.insertContent({ type: "table", content });
        },
      rowAfter: run(addRowAfter),
      columnAfter: run(addColumnAfter),
      rowDrop: run(deleteRow),
      columnDrop: run(deleteColumn),
      tableDrop: run(deleteTable),
    };
  },
  addKeyboardShortcuts() {
    const step = (way) => () => isInTable(this.editor.state) && goToNextCell(way)(this.editor.state, this.editor.view.dispatch);
    return { Tab: step(1), "Shift-Tab": step(-1) };
  },
  addProseMirrorPlugins: () => [tableEditing()],
});

const small = (name, tag, keys) =>
  Mark.create({
    name,
    excludes: "sub sup",
    parseHTML: () => [{ tag }],
    renderHTML: () => [tag, 0],
    addKeyboardShortcuts() {
      return { [keys]: () => this.editor.commands.toggleMark(name) };
    },
  });

export const Sub = small("sub", "sub", "Mod-,");
export const Sup = small("sup", "sup", "Mod-.");
export const inTable = (editor) => isInTable(editor.state);
