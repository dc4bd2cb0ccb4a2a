// The navigation drawer of narrow screens, and tables of contents that start folded there. Without scripts the link to #dk-nav opens it (:target).
function foldOnPhones() {
  if (!window.matchMedia("(max-width: 47.99rem)").matches) return;
  document.querySelectorAll("details[data-toc], details[data-fold-narrow]").forEach((details) => (details.open = false));
}

export function bindNav() {
  foldOnPhones();
  const nav = document.getElementById("dk-nav");
  const open = document.querySelector("[data-nav-open]");
  if (!nav || !open) return;

  const set = (shown) => {
    nav.classList.toggle("is-open", shown);
    open.setAttribute("aria-expanded", String(shown));
    if (shown) nav.querySelector("a")?.focus();
    else open.focus({ preventScroll: true });
  };
  open.addEventListener("click", (event) => {
    event.preventDefault();
    set(!nav.classList.contains("is-open"));
  });
  nav.querySelector("[data-nav-close]")?.addEventListener("click", (event) => {
    event.preventDefault();
    set(false);
  });
  document.addEventListener("click", (event) => {
    if (nav.classList.contains("is-open") && !nav.contains(event.target) && !open.contains(event.target)) set(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && nav.classList.contains("is-open")) set(false);
  });
}
