// The hands that move a sweep: a pointer that drags, a wheel, and keys. Each says where to, and to
// whom it says so decides what is shown there.

const REST = 300; // milliseconds that a pointer lies still before the wheel is taken from the page
const NOTCH = 40; // pixels of wheel that are one step; trackpads send many small ones
const IN_LINES = 16; // pixels of a line, for mice that count in lines

export function drag(box, to) {
  box.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    box.setPointerCapture(event.pointerId);
    to(event);
  });
  box.addEventListener("pointermove", (event) => {
    if (box.hasPointerCapture(event.pointerId)) to(event);
  });
}

// The wheel moves the sweep only if somebody means it: the page has stood still for a moment under
// a pointer that is over the box. `step` says whether there was anywhere to go; at either end the
// page takes the wheel back.
export function wheel(box, step) {
  let since = Infinity;
  let left = 0;
  const begin = (event) => {
    since = event.timeStamp;
    left = 0;
  };
  box.addEventListener("pointerenter", begin);
  box.addEventListener("pointerleave", () => {
    since = Infinity;
  });
  addEventListener("scroll", (event) => {
    if (since !== Infinity) begin(event);
  }, { passive: true });
  box.addEventListener("wheel", (event) => {
    if (event.ctrlKey || event.shiftKey || !event.deltaY) return; // zooms, or goes sideways
    if (event.timeStamp - since < REST) return;
    left -= event.deltaY * (event.deltaMode ? IN_LINES : 1);
    const steps = Math.trunc(left / NOTCH);
    if (steps && !step(steps)) return begin(event);
    left -= steps * NOTCH;
    event.preventDefault();
  }, { passive: false });
}

export function keys(box, { at, last, to }) {
  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const there = {
      ArrowLeft: at() - 1, ArrowDown: at() - 1, ArrowRight: at() + 1, ArrowUp: at() + 1,
      PageDown: at() - 2, PageUp: at() + 2, Home: 0, End: last,
    }[event.key];
    if (there === undefined) return;
    event.preventDefault();
    to(Math.min(last, Math.max(0, there)));
  });
}
