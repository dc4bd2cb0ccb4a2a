// Menus are <details class="dk-menu">: one open at a time, closed by a click elsewhere or by Escape.
export function bindMenus() {
  const opened = () => document.querySelectorAll("details.dk-menu[open]");
  document.addEventListener("click", (event) => {
    for (const menu of opened()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of opened()) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
}
