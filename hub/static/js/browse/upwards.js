// The list goes on upwards as it does downwards: what comes before is put above what one looks at,
// and that stays where it is. Without this, a link leads there.

import { hold } from "./holding.js";

const NEAR = 600; // pixels from the end of the list; templates/parts/_cards.html has it for the other

// `inView` gives the first card that can be seen.
export function goUpwards(inView) {
  let last = scrollY;
  let stays = null; // what is not to move, where it is, and whether the link had the focus

  addEventListener("scroll", () => {
    if (scrollY < last) reach();
    last = scrollY;
  }, { passive: true });

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".before a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    ask(link.closest(".before"));
  });

  document.addEventListener("htmx:before:swap", ({ detail }) => {
    const before = detail.ctx.sourceElement;
    if (!before?.matches?.(".before")) return;
    const next = before.nextElementSibling;
    const card = inView() ?? next;
    // Browsers that keep the place by themselves do not at the very top, and twice is too much.
    document.documentElement.style.overflowAnchor = "none";
    stays = { card, next, top: card.getBoundingClientRect().top, focus: before.contains(document.activeElement) };
  });

  document.addEventListener("htmx:after:swap", () => {
    if (!stays) return;
    const { card, next, top, focus } = stays;
    stays = null;
    const above = focus ? next.previousElementSibling?.querySelector("h2 a, th a") : null;
    above?.focus({ preventScroll: true });
    hold(card, top, {
      moved: () => (last = scrollY),
      held: () => above?.scrollIntoView({ block: "nearest", behavior: "instant" }), // where the keys are
    });
  });
}

function reach() {
  const before = document.querySelector("#results .before");
  if (before && before.getBoundingClientRect().bottom > -NEAR) ask(before);
}

function ask(before) {
  if (!before.classList.contains("htmx-request")) before.dispatchEvent(new CustomEvent("reach"));
}
