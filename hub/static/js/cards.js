// A card plays its sweep while it is pointed at or focused; a finger moves it.

import { play, rest } from "./cards/playing.js";
import "./cards/scrubbing.js";

const pictureOf = (event) => event.target.closest?.(".card")?.querySelector("[data-sweep]");

for (const [on, off] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
  document.addEventListener(on, (event) => {
    const picture = event.pointerType !== "touch" && pictureOf(event);
    if (picture) play(picture);
  });
  document.addEventListener(off, (event) => {
    const picture = pictureOf(event);
    if (picture && !picture.closest(".card").contains(event.relatedTarget)) rest(picture);
  });
}
