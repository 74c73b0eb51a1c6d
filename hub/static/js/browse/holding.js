// Cards out of sight are as high as they are guessed to be, until they come near: so a place in the
// list is held for some frames. What the reader scrolls meanwhile is the reader's.

const FRAMES = 6; // in which heights settle
let latest = null; // one place is held at a time: two would both make up for the same step

// Keep a card where it is to be, `top` from the upper edge of the window; `moved` after each step.
export function hold(card, top, { moved = () => {}, held = () => {} } = {}) {
  const mine = (latest = {});
  // Browsers that keep the place by themselves do not at the very top, and twice is too much.
  document.documentElement.style.overflowAnchor = "none";
  step(top, FRAMES);

  function step(to, frames) {
    if (latest !== mine) return;
    scrollBy({ top: card.getBoundingClientRect().top - to, behavior: "instant" });
    moved();
    if (!frames || !card.isConnected) {
      document.documentElement.style.removeProperty("overflow-anchor");
      held();
      return;
    }
    const wanted = card.getBoundingClientRect().top + scrollY;
    requestAnimationFrame(() => step(wanted - scrollY, frames - 1));
  }
}
