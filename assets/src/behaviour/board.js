// Cards taken to another column: the server takes the step, opens its form where it asks for more, or says why not.
import { toast } from "./toast.js";

export function bindBoard(root) {
  for (const board of root.querySelectorAll("[data-board]:not([data-bound])")) {
    board.dataset.bound = "1";
    bind(board);
  }
}

function bind(board) {
  const form = document.querySelector("[data-board-form]");
  let card = null;
  board.addEventListener("dragstart", (event) => {
    card = event.target.closest?.(".dk-board-card[draggable]");
    if (!card) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.dataset.project);
    card.classList.add("is-dragged");
  });
  board.addEventListener("dragend", () => {
    card?.classList.remove("is-dragged");
    for (const column of board.querySelectorAll(".is-over")) column.classList.remove("is-over");
    card = null;
  });
  board.addEventListener("dragover", (event) => {
    const column = event.target.closest?.("[data-board-state]");
    if (!card || !column || column.contains(card)) return;
    event.preventDefault();
    for (const other of board.querySelectorAll(".is-over")) if (other !== column) other.classList.remove("is-over");
    column.classList.add("is-over");
  });
  board.addEventListener("drop", async (event) => {
    const column = event.target.closest?.("[data-board-state]");
    if (!card || !column) return;
    event.preventDefault();
    const wanted = new FormData(form);
    wanted.set("project", card.dataset.project);
    wanted.set("version", card.dataset.version);
    wanted.set("state", column.dataset.boardState);
    try {
      const answer = await fetch(form.action, { method: "POST", body: wanted, headers: { Accept: "application/json" } });
      const said = await answer.json();
      if (said.form) window.location.assign(said.form);
      else if (said.done) window.location.reload();
      else toast(said.refused || said.detail || board.dataset.failed, "error");
    } catch (problem) {
      console.error(problem);
      toast(board.dataset.failed, "error");
    }
  });
}
