// The front page: a key for the search field, filters that stay open, and the place in the list.

import { hold } from "./browse/holding.js";
import { goUpwards } from "./browse/upwards.js";

const memory = {
  get(key) {
    try {
      return JSON.parse(sessionStorage.getItem(key)) ?? {};
    } catch {
      return {}; // storage is off
    }
  },
  set(key, value) {
    try {
      sessionStorage.setItem(key, JSON.stringify(value));
    } catch {
      // not remembered
    }
  },
};

// --- Keys ---

const isTyping = (target) => target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const field = document.getElementById("text");
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});

// --- Facets: which are open is the reader's own business, so no answer of the hub closes one ---

const FACETS = "facets";

function keepOpen() {
  const open = memory.get(FACETS);
  for (const details of document.querySelectorAll("[data-facet]")) {
    if (details.dataset.facet in open) details.open = open[details.dataset.facet];
  }
}

document.addEventListener("click", (event) => {
  const details = event.target.closest?.("summary")?.parentElement;
  if (details?.dataset.facet) {
    memory.set(FACETS, { ...memory.get(FACETS), [details.dataset.facet]: !details.open });
  }
  const button = event.target.closest?.(".facets-switch");
  if (button) {
    const filtering = document.getElementById("content").classList.toggle("filtering");
    document.querySelector(".facets-switch[aria-expanded]").setAttribute("aria-expanded", String(filtering));
    document.getElementById(button.dataset.to)?.focus(); // what was found
  }
});

// The choices stand outside the form that they belong to, so it has to be told of them.
document.addEventListener("change", (event) => {
  const form = document.getElementById("filters");
  if (event.target.form === form && event.target.id !== "text") form.dispatchEvent(new Event("narrow"));
});

// --- The place: the address follows what is in view, and coming back leads to the same card ---

const PLACE = "place";
const SETTLED = 150; // milliseconds without scrolling
let settling = 0;

// The first card that can be seen.
function inView() {
  for (const card of document.querySelectorAll("#results [data-name]")) {
    if (card.getBoundingClientRect().bottom > 0) return card;
  }
  return null;
}

// The address of the page that a card came with: the first one of each page holds it.
function pageOf(card) {
  let line = card.closest("li, tr");
  while (line && !line.dataset.page) line = line.previousElementSibling;
  return line?.dataset.page;
}

function follow() {
  const seen = inView();
  const address = seen && pageOf(seen);
  if (!address) return;
  if (address !== location.pathname + location.search) history.replaceState(history.state, "", address);
  memory.set(PLACE, { address, name: seen.dataset.name, top: seen.getBoundingClientRect().top });
}

addEventListener("scroll", () => {
  clearTimeout(settling);
  settling = setTimeout(follow, SETTLED);
}, { passive: true });

addEventListener("pagehide", follow);

const left = memory.get(PLACE); // before anything that moves is taken for the reader's scrolling

function comeBack() {
  const [entry] = performance.getEntriesByType("navigation");
  if (entry?.type !== "back_forward" && entry?.type !== "reload") return;
  if (left.address !== location.pathname + location.search) return;
  const card = document.querySelector(`[data-name="${CSS.escape(left.name)}"]`);
  if (card) hold(card, left.top);
}

history.scrollRestoration = "manual"; // the browser's own is of a list that was longer
goUpwards(inView);
keepOpen();
comeBack();
addEventListener("load", comeBack); // fonts and pictures may have moved it
document.addEventListener("htmx:after:swap", keepOpen);
