// Texts come from the page (translated there): data attributes of #dk-words.
export function word(name, fallback = "") {
  const holder = document.getElementById("dk-words");
  return holder?.dataset[name] || fallback;
}

export function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}
