// A card plays its sweep while it is pointed at or focused: the frames are there already.

const STEP = 170; // milliseconds a frame
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const playing = new WeakMap();

// Of the frames only digests and weights are there: "digest@weight digest@weight …".
const framesOf = (picture) => {
  const still = picture.querySelector("img").src;
  const at = still.lastIndexOf("/") + 1;
  return picture.dataset.sweep.split(" ").map((frame) => {
    const [digest, weight] = frame.split("@");
    return { address: `${still.slice(0, at)}${digest}.webp`, weight };
  });
};

async function load({ address }) {
  const image = new Image();
  image.src = address;
  await image.decode().catch(() => {});
}

function show(picture, frame) {
  picture.querySelector("img").src = frame.address;
  picture.querySelector(".at").textContent = frame.weight;
}

async function play(picture) {
  if (playing.has(picture) || calm.matches) return;
  const stop = new AbortController();
  playing.set(picture, stop);
  const frames = framesOf(picture);
  await Promise.all(frames.map(load));
  const way = [...frames.keys(), ...[...frames.keys()].slice(1, -1).reverse()];
  let at = way.indexOf(Number(picture.dataset.start));
  const timer = setInterval(() => {
    at = (at + 1) % way.length;
    show(picture, frames[way[at]]);
  }, STEP);
  const end = () => {
    clearInterval(timer);
    show(picture, frames[Number(picture.dataset.start)]);
  };
  if (stop.signal.aborted) end();
  else stop.signal.addEventListener("abort", end);
}

function rest(picture) {
  playing.get(picture)?.abort();
  playing.delete(picture);
}

const pictureOf = (event) => event.target.closest?.(".card")?.querySelector("[data-sweep]");

for (const [on, off] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
  document.addEventListener(on, (event) => {
    const picture = pictureOf(event);
    if (picture) play(picture);
  });
  document.addEventListener(off, (event) => {
    const picture = pictureOf(event);
    if (picture && !picture.closest(".card").contains(event.relatedTarget)) rest(picture);
  });
}
