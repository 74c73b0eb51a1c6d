// Menus, <details data-menu>: one at a time, and away with Escape or a click elsewhere.

const open = () => document.querySelector("details[data-menu][open]");

document.addEventListener("click", (event) => {
  const menu = open();
  if (menu && !menu.contains(event.target)) menu.open = false;
});

document.addEventListener("focusin", (event) => {
  const menu = open();
  if (menu && !menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  const menu = open();
  if (event.key !== "Escape" || !menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// What a menu holds may come anew by htmx, from a hub that knows nothing of menus: it stays open,
// and whoever uses keys stays where they were.
let left = null;

document.addEventListener("htmx:before:swap", () => {
  const menu = open();
  const at = document.activeElement;
  left = menu?.contains(at) ? { menu, at } : null;
});

document.addEventListener("htmx:after:swap", () => {
  if (!left?.menu.isConnected) return;
  const { menu, at } = left;
  menu.open = true;
  (menu.contains(at) ? at : menu.querySelector("summary")).focus();
});
