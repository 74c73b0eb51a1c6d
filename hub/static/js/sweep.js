// The sweep: scrubbing through frames that are all here already, so every step is one repaint.

import * as address from "./sweep/address.js";
import { drag, keys, wheel } from "./sweep/hands.js";

const figure = document.getElementById("sweep");
if (figure) start(figure);

function start(root) {
  const stage = root.querySelector(".stage");
  const picture = stage.querySelector("img");
  const at = root.querySelector(".at");
  const scrub = root.querySelector(".scrub");
  const prompt = root.querySelector("[data-prompt]:not(.strip)");
  const curve = root.querySelector(".curve");
  const trigger = root.querySelector("[name=trigger]");
  const share = root.querySelector(".share");
  const strips = [...root.querySelectorAll(".strip")];
  const kept = []; // decoded frames, held so that the browser does not drop them

  // Weights lie as far apart as they are, on the slider as on the curve above it.
  const weights = [...strips[0].querySelectorAll("a")].map((link) => Number(link.dataset.weight));
  let shown = Number(root.dataset.start);
  let moved = false; // by somebody: until then the address and the recipes stay as they came

  const scene = () => root.querySelector("[name=scene]:checked")?.value ?? strips[0].dataset.scene;

  const stripNow = () => {
    const wanted = trigger && !trigger.checked ? "0" : "1";
    const here = strips.filter((strip) => strip.dataset.scene === scene());
    return here.find((strip) => strip.dataset.trigger === wanted) ?? here[0];
  };

  const nearest = (weight) => {
    const gaps = weights.map((one) => Math.abs(one - weight));
    return gaps.indexOf(Math.min(...gaps));
  };

  const show = (column) => {
    const links = [...stripNow().querySelectorAll("a")];
    const link = links[column];
    if (!link) return;
    shown = column;
    const frame = link.querySelector("img");
    for (const side of ["width", "height"]) picture.setAttribute(side, frame.getAttribute(side));
    picture.src = link.href;
    picture.alt = picture.dataset.alt.replace("%", link.dataset.weight);
    at.textContent = link.dataset.weight;
    for (const slider of [scrub, curve]) {
      slider?.setAttribute("aria-valuetext", link.dataset.weight);
    }
    scrub.value = link.dataset.weight;
    curve?.setAttribute("aria-valuenow", link.dataset.weight);
    for (const other of links) other.toggleAttribute("aria-current", false);
    link.setAttribute("aria-current", "true");
    moveHead(link.dataset.weight);
    if (moved) tell(link.dataset.weight);
  };

  const go = (column) => {
    moved = true;
    show(column);
  };

  // The curve has the weights of all rows, a strip those of its own.
  const moveHead = (weight) => {
    const head = curve?.querySelector(".head");
    const dot = curve?.querySelector(`.dot[data-weight="${weight}"]`);
    if (!dot) return;
    head.setAttribute("x1", dot.getAttribute("cx"));
    head.setAttribute("x2", dot.getAttribute("cx"));
    head.setAttribute("visibility", "visible");
  };

  const tell = (weight) => {
    const state = { weight, scene: scene(), trigger: trigger?.checked ?? true };
    address.write(state);
    share.dataset.copy = new URL(address.link(state), location).href;
    document.dispatchEvent(new CustomEvent("weight", { detail: weight }));
  };

  const change = () => {
    const now = stripNow();
    for (const strip of strips) strip.classList.toggle("shown", strip === now);
    prompt.textContent = now.dataset.prompt;
    if (trigger) {
      const both = strips.filter((strip) => strip.dataset.scene === now.dataset.scene).length > 1;
      trigger.disabled = !both; // some scenes are shown in one way only
    }
    show(shown);
    decode(now);
  };

  // Where a pointer stands over something as wide as the slider's way, as a column.
  const columnAt = (event) => {
    const rect = stage.getBoundingClientRect();
    const left = rect.width * 0.04;
    const share = (event.clientX - rect.left - left) / (rect.width - 2 * left);
    const low = weights[0];
    return nearest(low + Math.min(1, Math.max(0, share)) * (weights.at(-1) - low));
  };

  // Weights need not be evenly apart: over the curve, the frame whose dot is nearest.
  const columnOnCurve = (event) => {
    const rect = curve.getBoundingClientRect();
    const x = ((event.clientX - rect.left) / rect.width) * 720;
    const dots = [...stripNow().querySelectorAll("a")].map((link) =>
      curve.querySelector(`.dot[data-weight="${link.dataset.weight}"]`),
    );
    const away = dots.map((dot) => (dot ? Math.abs(dot.cx.baseVal.value - x) : Infinity));
    return away.indexOf(Math.min(...away));
  };

  // Those that can be scrubbed now come first, the others once nothing else is to be done.
  const decode = (strip) => {
    for (const image of strip.querySelectorAll("img:not([data-decoded])")) {
      image.dataset.decoded = "";
      const frame = new Image();
      frame.src = image.src;
      frame.decode().then(() => kept.push(frame), () => {});
    }
  };

  const open = () => {
    const told = address.read();
    if (!told) return;
    const wanted = [...root.querySelectorAll("[name=scene]")].find((one) => one.value === told.scene);
    if (wanted) wanted.checked = true;
    if (trigger) trigger.checked = told.trigger;
    shown = nearest(told.weight);
    moved = true;
  };

  const ways = { at: () => shown, last: weights.length - 1, to: go };
  const step = (steps) => {
    const to = Math.min(ways.last, Math.max(0, shown + steps));
    const goes = to !== shown;
    if (goes) go(to);
    return goes;
  };

  scrub.addEventListener("input", () => go(nearest(Number(scrub.value))));
  keys(scrub, ways);
  wheel(stage, step);
  drag(stage, (event) => go(columnAt(event)));
  if (curve) {
    asSlider(curve, scrub);
    keys(curve, ways);
    drag(curve, (event) => go(columnOnCurve(event)));
  }
  root.addEventListener("change", (event) => {
    if (!event.target.matches("[name=scene], [name=trigger]")) return;
    moved = true;
    change();
  });
  root.addEventListener("click", (event) => {
    const link = event.target.closest(".strip a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go([...link.closest("ol").querySelectorAll("a")].indexOf(link));
  });
  addEventListener("hashchange", () => {
    open();
    change();
  });
  share.dataset.copy = location.href;
  open();
  change();
  (window.requestIdleCallback ?? setTimeout)(() => strips.forEach(decode));
}

// A drawing for whoever has no JavaScript; with it, a second slider that is as wide as the weights.
function asSlider(curve, scrub) {
  curve.setAttribute("role", "slider");
  curve.setAttribute("tabindex", "0");
  curve.setAttribute("aria-label", curve.dataset.label);
  curve.setAttribute("aria-describedby", curve.getAttribute("aria-labelledby"));
  curve.removeAttribute("aria-labelledby");
  curve.setAttribute("aria-valuemin", scrub.min);
  curve.setAttribute("aria-valuemax", scrub.max);
}
