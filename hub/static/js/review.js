// The review queue by keyboard: one item is current, and a letter decides on it. Every key presses a
// button that is there for the mouse too.

const KEPT = "review-keys";
const kept = {
  get() {
    try {
      return localStorage.getItem(KEPT);
    } catch {
      return null; // storage is off
    }
  },
  set(value) {
    try {
      localStorage.setItem(KEPT, value);
    } catch {
      // not remembered
    }
  },
};
const items = [...document.querySelectorAll("[data-item]")];
const keys = document.getElementById("keys");
const on = document.getElementById("keys-on");
let current = null;

function choose(item, { focus = true } = {}) {
  if (!item) return;
  current?.classList.remove("current");
  current = item;
  current.classList.add("current");
  if (!focus) return;
  current.focus({ preventScroll: true });
  current.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const at = items.indexOf(current);
  choose(items[Math.min(items.length - 1, Math.max(0, at + by))]);
}

function press(letter) {
  const form = current?.querySelector(`form[data-key="${letter}"]`);
  form?.requestSubmit();
}

function sendBack() {
  const details = current?.querySelector('details[data-key="r"]');
  if (!details) return;
  details.open = true;
  details.querySelector("textarea").focus();
}

const ACTS = {
  j: () => step(1),
  k: () => step(-1),
  a: () => press("a"),
  p: () => press("p"),
  r: sendBack,
  o: () => current?.querySelector("[data-open]").click(),
  "?": () => keys.classList.toggle("shown"),
};

function typing(target) {
  return target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
}

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.metaKey) return;
  const form = event.target.closest?.("details form");
  if (form && event.key === "Enter" && event.ctrlKey) return form.requestSubmit();
  if (form && event.key === "Escape") {
    form.parentElement.open = false;
    return choose(current);
  }
  const act = ACTS[event.key];
  if (!act || event.ctrlKey || !on.checked || typing(event.target)) return;
  event.preventDefault();
  act();
});

document.addEventListener("focusin", (event) => {
  const item = event.target.closest?.("[data-item]");
  if (item && item !== current) choose(item, { focus: false });
});

if (items.length) {
  // Letters that do something bother people who speak to their machine: they can be switched off.
  on.checked = kept.get() !== "off";
  on.addEventListener("change", () => kept.set(on.checked ? "on" : "off"));
  const named = location.hash && document.getElementById(location.hash.slice(1));
  choose(items.includes(named) ? named : items[0]);
}
