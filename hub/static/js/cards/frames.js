// The frames of a card's sweep. Only digests and weights are there: "digest@weight digest@weight …".

export function framesOf(picture) {
  const still = picture.querySelector("img").src;
  const at = still.lastIndexOf("/") + 1;
  return picture.dataset.sweep.split(" ").map((frame) => {
    const [digest, weight] = frame.split("@");
    return { address: `${still.slice(0, at)}${digest}.webp`, weight };
  });
}

export async function load({ address }) {
  const image = new Image();
  image.src = address;
  await image.decode().catch(() => {});
}

export function show(picture, frame) {
  picture.querySelector("img").src = frame.address;
  picture.querySelector(".at").textContent = frame.weight;
}

// The frame at the weight that is suggested: where a card is at rest.
export const restOf = (picture) => Number(picture.dataset.start);
