// Who else is here, where they write, and what they have just changed: asked every few seconds while the page is seen.
import { refresh } from "./place.js";
import { post, room, say, token } from "./room.js";

const EVERY = 10000;
const SLOW = 30000;

let since = 0;
let timer;

const written = () => document.querySelector("form[data-writing][data-uid]")?.dataset.uid || "";
const partOf = (uid) => document.querySelector(`[data-part="${uid}"]`);

function sayPeople(people) {
  const line = room().querySelector("[data-people]");
  line.replaceChildren();
  if (!people.length) line.textContent = say("alone");
  else {
    line.append(say("here"), " ");
    for (const one of people) {
      const name = document.createElement("span");
      name.className = "dk-person";
      name.textContent = one.editing ? `${one.who}（${say("writes")}）` : one.who;
      line.append(name, " ");
    }
  }
  line.hidden = false;
  for (const part of document.querySelectorAll("[data-part]")) {
    const here = people.filter((one) => one.editing && one.uid === part.dataset.part);
    mark(part, "writes", here.map((one) => say("writesHere", { who: one.who })).join("；"));
  }
}

function mark(part, kind, text, act = null) {
  const place = part.querySelector("[data-news]");
  if (!place) return;
  let line = place.querySelector(`[data-news-of="${kind}"]`);
  if (!text) line?.remove();
  else {
    if (!line) {
      line = document.createElement("span");
      line.dataset.newsOf = kind;
      place.append(line);
    }
    line.textContent = text;
    if (act) line.append(" ", act);
  }
  place.hidden = !place.childElementCount;
}

function button(text, run) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-sm btn-default";
  made.textContent = text;
  made.addEventListener("click", run);
  return made;
}

async function tell(change) {
  const part = partOf(change.uid);
  if (change.mine && (!part || part.querySelector("form[data-writing]"))) return;
  if (!part) return added(change);
  const text = say(change.kind === "section" ? "changed" : "changedEntry", { who: change.who });
  if (part.querySelector("form[data-writing]")) {
    const look = document.createElement("a");
    look.href = part.querySelector("[data-history]")?.href || window.location.href;
    look.target = "_blank";
    look.textContent = say("look");
    return mark(part, "changed", text, look);
  }
  const now = await refresh(part);
  if (now && !change.mine) mark(now, "changed", text);
  else if (!now) mark(part, "changed", say("gone", { who: change.who }), button(say("reload"), () => window.location.reload()));
}

function added(change) {
  const list = document.getElementById(change.kind === "section" ? "sections" : "entries");
  if (!list || list.querySelector("[data-added]")) return;
  const line = document.createElement("p");
  line.className = "dk-part-news";
  line.dataset.added = "";
  line.append(say("added", { who: change.who }), " ", button(say("reload"), () => window.location.reload()));
  list.querySelector(".dk-card-head").after(line);
}

async function ask() {
  clearTimeout(timer);
  const at = written();
  const data = new FormData();
  data.set("since", since);
  data.set("uid", at);
  data.set("editing", at ? "1" : "0");
  const { status, data: found } = await post(room().dataset.room, data);
  if (status === 200) {
    for (const change of found.changes) await tell(change);
    since = found.revision;
    sayPeople(found.people);
  }
  if (!document.hidden) timer = setTimeout(ask, status === 200 ? EVERY : SLOW);
}

export function bindPeople() {
  if (!room()?.dataset.room) return;
  since = Number(room().dataset.revision);
  ask();
  document.addEventListener("dk:place", ask);
  document.addEventListener("htmx:afterSwap", (event) => event.target.closest?.("[data-part]") && ask());
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : ask()));
  window.addEventListener("pagehide", () => {
    const data = new FormData();
    data.set("leave", "1");
    data.set("csrfmiddlewaretoken", token());
    navigator.sendBeacon(room().dataset.room, data);
  });
}
