// Two versions laid on each other: the edge between them follows the slider, or a pointer.

for (const figure of document.querySelectorAll("[data-wipe]")) start(figure);

function start(figure) {
  const stage = figure.querySelector(".stage");
  const under = figure.querySelector(".under");
  const over = figure.querySelector(".over");
  const edge = figure.querySelector(".edge");
  const range = figure.querySelector("[type=range]");

  const show = () => {
    over.style.clipPath = `inset(0 0 0 ${range.value}%)`;
    edge.style.left = `${range.value}%`;
  };

  const follow = (event) => {
    const box = stage.getBoundingClientRect();
    range.value = String(Math.round(((event.clientX - box.left) / box.width) * 100));
    show();
  };

  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    stage.setPointerCapture(event.pointerId);
    follow(event);
  });
  stage.addEventListener("pointermove", (event) => {
    if (stage.hasPointerCapture(event.pointerId)) follow(event);
  });
  range.addEventListener("input", show);
  figure.addEventListener("change", (event) => {
    const chosen = event.target.closest("[data-one]");
    if (!chosen) return;
    under.src = chosen.dataset.one;
    over.src = chosen.dataset.other;
    under.alt = chosen.dataset.oneSays;
    over.alt = chosen.dataset.otherSays;
  });
  show();
}
