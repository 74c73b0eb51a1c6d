// The sweep: scrubbing through frames that are all here already, so every step is one repaint.

const figure = document.getElementById("sweep");
if (figure) start(figure);

function start(root) {
  const picture = root.querySelector(".stage img");
  const at = root.querySelector(".at");
  const scrub = root.querySelector(".scrub");
  const prompt = root.querySelector("[data-prompt]:not(.strip)");
  const curve = root.querySelector(".curve");
  const trigger = root.querySelector("[name=trigger]");
  const strips = [...root.querySelectorAll(".strip")];
  const kept = []; // decoded frames, held so that the browser does not drop them

  const scene = () => root.querySelector("[name=scene]:checked")?.value ?? strips[0].dataset.scene;

  const stripNow = () => {
    const wanted = trigger && !trigger.checked ? "0" : "1";
    const here = strips.filter((strip) => strip.dataset.scene === scene());
    return here.find((strip) => strip.dataset.trigger === wanted) ?? here[0];
  };

  // Weights lie as far apart as they are, on the slider as on the curve above it.
  const weights = [...strips[0].querySelectorAll("a")].map((link) => Number(link.dataset.weight));
  let shown = Number(root.dataset.start);

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
    scrub.value = link.dataset.weight;
    scrub.setAttribute("aria-valuetext", link.dataset.weight);
    for (const other of links) other.toggleAttribute("aria-current", false);
    link.setAttribute("aria-current", "true");
    moveHead(link.dataset.weight);
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

  const change = () => {
    const now = stripNow();
    for (const strip of strips) strip.classList.toggle("shown", strip === now);
    prompt.textContent = now.dataset.prompt;
    if (trigger) {
      const both = strips.filter((strip) => strip.dataset.scene === now.dataset.scene).length > 1;
      trigger.disabled = !both; // some scenes are shown in one way only
    }
    show(shown);
  };

  // Where a pointer stands over something as wide as the slider's way, as a column.
  const columnAt = (event, box, inset) => {
    const rect = box.getBoundingClientRect();
    const left = rect.width * inset;
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

  const drag = (box, columnOf) => {
    box.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      box.setPointerCapture(event.pointerId);
      show(columnOf(event));
    });
    box.addEventListener("pointermove", (event) => {
      if (box.hasPointerCapture(event.pointerId)) show(columnOf(event));
    });
  };

  for (const image of root.querySelectorAll(".strip img")) {
    const frame = new Image();
    frame.src = image.src;
    frame.decode().then(() => kept.push(frame), () => {});
  }
  scrub.addEventListener("input", () => show(nearest(Number(scrub.value))));
  scrub.addEventListener("keydown", (event) => {
    const last = weights.length - 1;
    const to = {
      ArrowLeft: shown - 1, ArrowDown: shown - 1, ArrowRight: shown + 1, ArrowUp: shown + 1,
      PageDown: shown - 2, PageUp: shown + 2, Home: 0, End: last,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    show(Math.min(last, Math.max(0, to)));
  });
  root.addEventListener("change", (event) => {
    if (event.target.matches("[name=scene], [name=trigger]")) change();
  });
  root.addEventListener("click", (event) => {
    const link = event.target.closest(".strip a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show([...link.closest("ol").querySelectorAll("a")].indexOf(link));
  });
  drag(picture.parentElement, (event) => columnAt(event, picture.parentElement, 0.04));
  if (curve) drag(curve, columnOnCurve);
  change();
}
