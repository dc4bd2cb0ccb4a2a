// htmx: the CSRF token travels in a header; a refused request shows the server's own words; swapped parts are bound.
import { toast } from "./toast.js";
import { word } from "./words.js";

const cookie = (name) => document.cookie.split("; ").find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1);

function wordsOf(answer) {
  const kind = answer.getResponseHeader("Content-Type") || "";
  if (kind.includes("json")) {
    try {
      const problem = JSON.parse(answer.responseText);
      return problem.detail || problem.title;
    } catch {
      return "";
    }
  }
  const parsed = new DOMParser().parseFromString(answer.responseText, "text/html");
  return (parsed.querySelector("[role=alert], main p, h1")?.textContent || "").trim().replace(/\s+/g, " ");
}

export function bindHtmx(bind) {
  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.querySelector("meta[name=csrf-token]")?.content || cookie("csrftoken");
    if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token;
  });
  document.addEventListener("htmx:responseError", (event) => {
    toast(wordsOf(event.detail.xhr) || word("failed", "操作没有成功"), "error");
  });
  document.addEventListener("htmx:sendError", () => toast(word("offline", "连接不上服务器，请稍后再试"), "error"));
  document.addEventListener("htmx:load", (event) => bind(event.detail.elt));
}
