// select[data-enhance], input[data-enhance], and long or multiple ones in filter bars: type-ahead; with data-remote-url the options are asked from the server ([{value, label, hint}]).
import TomSelect from "tom-select/base";
import removeButton from "tom-select/plugins/remove_button/plugin.js";
import { word } from "./words.js";

TomSelect.define("remove_button", removeButton);

function row(data, escape) {
  const hint = data.hint ? `<span class="ts-hint">${escape(data.hint)}</span>` : "";
  return `<div>${escape(data.label ?? data.text ?? "")}${hint}</div>`;
}

// A filter that names nothing leaves nothing out, and says so.
const everything = (select) => (select.multiple && select.closest(".dk-filter") ? word("all", "全部") : "");

function enhance(select) {
  const remote = select.dataset.remoteUrl;
  const settings = {
    plugins: select.multiple ? { remove_button: { title: word("remove", "去掉") } } : {},
    maxOptions: 200,
    placeholder: select.dataset.placeholder || select.placeholder || select.querySelector('option[value=""]')?.text || everything(select),
    copyClassesToDropdown: false,
    render: {
      option: row,
      item: (data, escape) => `<div>${escape(data.label ?? data.text ?? "")}</div>`,
      no_results: () => `<div class="no-results">${word("nothingFound", "没有找到")}</div>`,
      loading: () => `<div class="no-results">${word("loading", "正在查找…")}</div>`,
    },
  };
  if (remote) {
    Object.assign(settings, {
      valueField: "value",
      labelField: "label",
      searchField: [],
      preload: select.dataset.preload !== undefined ? "focus" : false,
      shouldLoad: (query) => query.length > 0 || select.dataset.preload !== undefined,
      load: async (query, done) => {
        try {
          const address = new URL(remote, window.location.href);
          address.searchParams.set("q", query);
          const answer = await fetch(address, { headers: { Accept: "application/json" } });
          const found = answer.ok ? await answer.json() : [];
          done(Array.isArray(found) ? found : found.results || []);
        } catch {
          done();
        }
      },
      onType() {
        this.clearOptions();
      },
    });
    for (const option of select.options || []) option.dataset.data = JSON.stringify({ value: option.value, label: option.text });
  }
  if (select.tagName === "INPUT") Object.assign(settings, free(select));
  const made = new TomSelect(select, settings);
  // Its label now names the box that took its place; what is left of the field is nobody's to reach.
  if (select.tagName === "SELECT") select.setAttribute("aria-hidden", "true");
  return made;
}

// One answer out of the server's, or whatever was typed: the field means the same with and without this script.
function free(input) {
  const kept = (text) => ({ value: text, label: text });
  return {
    maxItems: 1,
    delimiter: "\u0000",
    options: input.value ? [{ value: input.value, label: input.dataset.label || input.value }] : [],
    items: input.value ? [input.value] : [],
    create: kept,
    createOnBlur: true,
    persist: false,
    closeAfterSelect: true,
  };
}

export function bindSelects(root) {
  const long = [...root.querySelectorAll(".dk-filter select")].filter((select) => select.multiple || select.options.length > 12);
  for (const select of new Set([...root.querySelectorAll("select[data-enhance], input[data-enhance]"), ...long])) if (!select.tomselect) enhance(select);
}
