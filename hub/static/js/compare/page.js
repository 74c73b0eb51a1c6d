// Several adapters on one scene: one slider moves all of them, each to its own nearest weight.

import * as address from "../sweep/address.js";

const section = document.getElementById("aligned");
if (section) start(section);

function start(root) {
  const scrub = root.querySelector(".scrub");
  const trigger = root.querySelector("[name=trigger]");
  const share = root.querySelector(".share");
  const overlay = root.querySelector(".overlay");
  const sides = [...root.querySelectorAll(".side")].map(read).filter((side) => side.cell);
  const weights = [...new Set(sides.flatMap(({ rows }) => rows.flatMap((row) => row.weights)))];
  const kept = [];
  weights.sort((a, b) => a - b);
  let shown = Number(root.dataset.start);

  const scene = () => root.querySelector("[name=scene]:checked")?.value ?? sides[0].rows[0].scene;

  const show = () => {
    const weight = weights[shown];
    scrub.value = weight;
    scrub.setAttribute("aria-valuetext", String(weight));
    for (const side of sides) showSide(side, rowOf(side, scene(), trigger), weight);
    if (overlay) lay(overlay, sides);
  };

  const tell = () => {
    const state = { weight: weights[shown], scene: scene(), trigger: trigger?.checked ?? true };
    address.write(state);
    share.dataset.copy = new URL(address.link(state), location).href;
  };

  const to = (place) => {
    shown = Math.min(weights.length - 1, Math.max(0, place));
    show();
    tell();
  };

  const change = () => {
    for (const side of sides) decode(rowOf(side, scene(), trigger), kept);
    show();
  };

  scrub.addEventListener("input", () => to(nearest(weights, Number(scrub.value))));
  scrub.addEventListener("keydown", (event) => {
    const there = {
      ArrowLeft: shown - 1, ArrowDown: shown - 1, ArrowRight: shown + 1, ArrowUp: shown + 1,
      PageDown: shown - 3, PageUp: shown + 3, Home: 0, End: weights.length - 1,
    }[event.key];
    if (there === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    to(there);
  });
  root.addEventListener("change", (event) => {
    if (event.target.name === "mode") overlay.dataset.mode = event.target.value;
    if (!["scene", "trigger"].includes(event.target.name)) return;
    change();
    tell();
  });

  const told = address.read();
  if (told) {
    shown = nearest(weights, told.weight);
    const wanted = [...root.querySelectorAll("[name=scene]")].find((one) => one.value === told.scene);
    if (wanted) wanted.checked = true;
    if (trigger) trigger.checked = told.trigger;
  } else {
    shown = nearest(weights, Number(scrub.value));
  }
  share.dataset.copy = location.href;
  change();
}

function read(side) {
  const rows = [...side.querySelectorAll(".frames")].map((row) => {
    const frames = [...row.querySelectorAll("[data-weight]")].map((one) => ({
      weight: one.dataset.weight, src: one.href, image: one.querySelector("img"), whole: one,
    }));
    const { scene, trigger } = row.dataset;
    return { scene, trigger, frames, weights: frames.map((frame) => Number(frame.weight)) };
  });
  return {
    rows,
    cell: side.querySelector(".cell"),
    picture: side.querySelector(".cell > img"),
    said: side.querySelector("[data-said]"),
    at: side.querySelector(".at"),
    missing: side.querySelector(".missing"),
    curve: side.querySelector(".curve"),
  };
}

function rowOf({ rows }, scene, trigger) {
  const here = rows.filter((row) => row.scene === (scene || rows[0].scene));
  const wanted = trigger && !trigger.checked ? "0" : "1";
  return here.find((row) => row.trigger === wanted) ?? here[0];
}

function showSide(side, row, weight) {
  side.missing.hidden = Boolean(row);
  (side.picture ?? side.said).hidden = side.at.hidden = !row;
  if (!row) return;
  const frame = row.frames[nearest(row.weights, weight)];
  if (side.picture) put(frame, side.picture);
  else side.said.replaceChildren(...[...frame.whole.children].map((one) => one.cloneNode(true)));
  side.at.textContent = frame.weight;
  const head = side.curve?.querySelector(".head");
  const dot = side.curve?.querySelector(`.dot[data-weight="${frame.weight}"]`);
  if (!dot) return;
  for (const end of ["x1", "x2"]) head.setAttribute(end, dot.getAttribute("cx"));
  head.setAttribute("visibility", "visible");
}

function put(frame, picture) {
  for (const name of ["width", "height"]) {
    picture.setAttribute(name, frame.image.getAttribute(name));
  }
  picture.src = frame.src;
  picture.alt = picture.dataset.alt.replace("%", frame.weight);
}

function lay(overlay, sides) {
  overlay.hidden = sides.length < 2 || sides.some(({ picture }) => !picture || picture.hidden);
  overlay.querySelectorAll(".stage img").forEach((image, place) => {
    const picture = sides[place]?.picture;
    if (!picture) return;
    for (const name of ["width", "height"]) image.setAttribute(name, picture.getAttribute(name));
    image.src = picture.src;
    image.alt = picture.alt;
  });
}

function decode(row, kept) {
  for (const { src } of row?.frames ?? []) {
    if (!src) continue; // a text
    const frame = new Image();
    frame.src = src;
    frame.decode().then(() => kept.push(frame), () => {});
  }
}

function nearest(weights, wanted) {
  const gaps = weights.map((one) => Math.abs(one - wanted));
  return gaps.indexOf(Math.min(...gaps));
}
