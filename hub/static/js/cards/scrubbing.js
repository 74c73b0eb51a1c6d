// A finger drawn sideways over a card's picture moves its sweep, and opens nothing: where the finger
// is, from side to side, is the weight. Up and down it scrolls the page (`touch-action` in cards.css),
// and a tap opens the adapter. It follows the finger and nothing else, so it is there for those who
// asked for less motion as well.

import { framesOf, load, restOf, show } from "./frames.js";
import { rest } from "./playing.js";

const SLACK = 8; // pixels within which a finger still taps
let held = null; // what is under the finger
let moved = null; // the picture that was left at a weight that is not its own

function begin(event) {
  const picture = event.isPrimary && event.pointerType !== "mouse" && event.target.closest?.(".card [data-sweep]");
  held = picture ? { picture, pointer: event.pointerId, from: event.clientX, frames: null } : null;
  if (picture) picture.addEventListener("touchmove", keep, { passive: false });
  if (picture && moved && moved !== picture) settle(moved);
}

function move(event) {
  if (event.pointerId !== held?.pointer) return;
  if (!held.frames) {
    if (Math.abs(event.clientX - held.from) < SLACK) return;
    start(held);
  }
  const { left, width } = held.picture.getBoundingClientRect();
  const share = Math.min(1, Math.max(0, (event.clientX - left) / width));
  turn(held, Math.round(share * (held.frames.length - 1)));
}

// Else the browser takes a quick one for a throw of the page, and the next tap for what stops that.
// Only pictures that were touched are listened to, so that the page scrolls without waiting for us.
function keep(event) {
  if (held?.frames && event.cancelable) event.preventDefault();
}

function start(one) {
  rest(one.picture);
  one.frames = framesOf(one.picture);
  one.frames.forEach(load);
  one.track = one.picture.querySelector(".track") ?? one.picture.appendChild(document.createElement("span"));
  one.track.className = "track";
  moved = one.picture;
}

function turn(one, at) {
  show(one.picture, one.frames[at]);
  one.track.style.transform = `scaleX(${at / (one.frames.length - 1)})`;
}

function settle(picture) {
  show(picture, framesOf(picture)[restOf(picture)]);
  picture.querySelector(".track")?.remove();
  if (moved === picture) moved = null;
}

// The page is scrolled after all.
function cancel(event) {
  if (event.pointerId !== held?.pointer) return;
  if (held.frames) settle(held.picture);
  held = null;
}

// What was drawn over is not tapped on, nor taken away as a link.
function refuse(event) {
  if (held?.frames && held.picture.contains(event.target)) event.preventDefault();
}

document.addEventListener("pointerdown", begin);
document.addEventListener("pointermove", move);
document.addEventListener("pointercancel", cancel);
document.addEventListener("click", (event) => {
  if (event.detail) refuse(event); // a key means it
  held = null;
});
document.addEventListener("dragstart", refuse);
document.addEventListener("pointerup", (event) => {
  if (event.pointerId === held?.pointer) held.pointer = null; // it moves no more
});
