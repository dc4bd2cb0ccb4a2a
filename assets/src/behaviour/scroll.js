// A table wider than its place is scrolled with the arrow keys too: what scrolls sideways can be reached by Tab.
export function bindScroll(root) {
  for (const place of root.querySelectorAll(".dk-scroll:not([tabindex])"))
    if (place.scrollWidth > place.clientWidth && !place.querySelector("a, button, input, select")) place.tabIndex = 0;
}
