// Texts that the server has not taken yet: in this browser, for this account, one per form. Dropped once it has them.
const PREFIX = "duikou.unsent:";

const account = () => document.body.dataset.account || "";
const key = (action) => `${PREFIX}${account()}:${new URL(action, window.location.href).pathname}`;

export function keep(action, value) {
  try {
    localStorage.setItem(key(action), JSON.stringify({ ...value, at: Date.now() }));
    return true;
  } catch {
    return false;
  }
}

export function kept(action) {
  try {
    return JSON.parse(localStorage.getItem(key(action)));
  } catch {
    return null;
  }
}

export function drop(action) {
  try {
    localStorage.removeItem(key(action));
  } catch {
    // A forbidden store holds nothing.
  }
}
