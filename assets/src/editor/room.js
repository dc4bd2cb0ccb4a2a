// Words and addresses of the page one writes in ([data-room]).
export const room = () => document.querySelector("[data-room]");

export function say(name, values = {}) {
  const text = room()?.dataset[name] || "";
  return text.replace(/\{(\w+)\}/g, (_all, one) => values[one] ?? "");
}

const NOBODY = "00000000-0000-0000-0000-000000000000";

export const addressNow = (kind, uid) => room().dataset[kind === "section" ? "now" : "entryNow"].replace(NOBODY, uid);

const cookie = (name) => document.cookie.split("; ").find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1);

export const token = () => cookie("csrftoken") || document.querySelector("meta[name=csrf-token]")?.content || "";

// One POST as a script: {status, data}; status 0 when nobody answered, 302 when one is signed out.
export async function post(address, data) {
  const headers = { Accept: "application/json", "X-CSRFToken": token() };
  try {
    const answer = await fetch(address, { method: "POST", body: data, headers, redirect: "manual", credentials: "same-origin" });
    if (answer.type === "opaqueredirect") return { status: 302, data: {} };
    const isJson = (answer.headers.get("Content-Type") || "").includes("json");
    return { status: answer.status, data: isJson ? await answer.json() : {} };
  } catch {
    return { status: 0, data: {} };
  }
}
