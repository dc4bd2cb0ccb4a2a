// What comes from Word and other programs: its words, headings, lists and tables, none of its dress.
const BULLET = /^[\s\u00a0]*[·•●■□◆➢✓Ø§\u00b7\uf0b7\uf0a7\uf0d8-][\s\u00a0]+/;
const RENAMED = { H1: "h3", H2: "h3", H5: "h4", H6: "h4" };

function rename(node, name) {
  const made = node.ownerDocument.createElement(name);
  made.append(...node.childNodes);
  node.replaceWith(made);
}

// Word writes lists as paragraphs with a painted mark: bullets become a list again, numbers stay as they are written.
function lists(body) {
  let list = null;
  for (const paragraph of [...body.querySelectorAll("p")]) {
    const isItem = /MsoList/i.test(paragraph.className) || /mso-list/i.test(paragraph.getAttribute("style") || "");
    if (!isItem || !BULLET.test(paragraph.textContent)) {
      list = null;
      continue;
    }
    const item = body.ownerDocument.createElement("li");
    const marks = [...paragraph.querySelectorAll("span")].filter((one) => /mso-list:\s*Ignore/i.test(one.getAttribute("style") || ""));
    marks.forEach((one) => one.remove());
    item.append(...paragraph.childNodes);
    if (!list || paragraph.previousElementSibling !== list) {
      list = body.ownerDocument.createElement("ul");
      paragraph.replaceWith(list);
    } else paragraph.remove();
    list.append(item);
  }
}

export function cleaned(html) {
  const page = new DOMParser().parseFromString(html.replace(/<!--[\s\S]*?-->/g, ""), "text/html");
  page.querySelectorAll("script, style, meta, link, title, xml, img, colgroup").forEach((one) => one.remove());
  lists(page.body);
  for (const one of [...page.body.querySelectorAll("h1, h2, h5, h6")]) rename(one, RENAMED[one.tagName]);
  for (const one of page.body.querySelectorAll("*")) {
    for (const { name } of [...one.attributes]) if (!["colspan", "rowspan"].includes(name)) one.removeAttribute(name);
  }
  return page.body.innerHTML;
}
