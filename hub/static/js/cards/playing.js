// A card plays its sweep forth and back: the frames are there already.

import { framesOf, load, restOf, show } from "./frames.js";

const STEP = 170; // milliseconds a frame
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const playing = new WeakMap();

export async function play(picture) {
  if (playing.has(picture) || calm.matches) return;
  const stop = new AbortController();
  playing.set(picture, stop);
  const frames = framesOf(picture);
  await Promise.all(frames.map(load));
  const way = [...frames.keys(), ...[...frames.keys()].slice(1, -1).reverse()];
  let at = way.indexOf(restOf(picture));
  const timer = setInterval(() => {
    if (!picture.isConnected) return rest(picture); // other words were searched for meanwhile
    at = (at + 1) % way.length;
    show(picture, frames[way[at]]);
  }, STEP);
  const end = () => {
    clearInterval(timer);
    show(picture, frames[restOf(picture)]);
  };
  if (stop.signal.aborted) end();
  else stop.signal.addEventListener("abort", end);
}

export function rest(picture) {
  playing.get(picture)?.abort();
  playing.delete(picture);
}
