// Below a field of 万元 stands what was typed in exact 元, so that a slip of the unit is seen before it is sent.
const UNITS = { "": 10000n, 万: 10000n, 万元: 10000n, 亿: 100000000n, 亿元: 100000000n, 元: 1n };

function exact(text) {
  const found = /^(\d[\d,]*)(?:\.(\d{1,8}))?(万元?|亿元?|元)?$/.exec(text.normalize("NFKC").replace(/[\s,，]/g, ""));
  if (!found) return "";
  const cents = (BigInt(found[1]) * 100000000n + BigInt((found[2] || "").padEnd(8, "0"))) * UNITS[found[3] || ""];
  const whole = cents / 100000000n;
  const rest = String(((cents % 100000000n) + 500000n) / 1000000n).padStart(2, "0");
  return `= ${whole.toLocaleString("en")}.${rest} 元`;
}

function attach(input) {
  if (input.dataset.bound) return;
  input.dataset.bound = "1";
  const said = document.createElement("output");
  said.className = "dk-exact";
  said.htmlFor = input.id;
  input.insertAdjacentElement("afterend", said);
  const show = () => {
    said.textContent = exact(input.value);
  };
  input.addEventListener("input", show);
  show();
}

export function bindAmounts(root) {
  root.querySelectorAll("input[data-wan]").forEach(attach);
}
