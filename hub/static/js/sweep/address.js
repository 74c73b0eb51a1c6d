// What is shown, in the address after #: whoever opens the link sees the same weight and scene.

const PAUSE = 150; // milliseconds; browsers refuse to change an address many times a second

export function read() {
  const told = new URLSearchParams(location.hash.slice(1));
  const weight = Number.parseFloat(told.get("weight") ?? "");
  if (!Number.isFinite(weight)) return null;
  return { weight, scene: told.get("scene"), trigger: told.get("trigger") !== "0" };
}

export function link({ weight, scene, trigger }) {
  const told = new URLSearchParams({ weight });
  if (scene) told.set("scene", scene);
  if (!trigger) told.set("trigger", "0");
  return `#${told}`;
}

let timer;

export function write(shown) {
  clearTimeout(timer);
  timer = setTimeout(() => history.replaceState(history.state, "", link(shown)), PAUSE);
}
