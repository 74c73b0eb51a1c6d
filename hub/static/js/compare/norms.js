// Names of layers under the drawing of their norms: at the pointer, or by the arrow keys.

const figures = [...document.querySelectorAll(".by-layer")];
let asked;

for (const figure of figures) start(figure);

function start(figure) {
  const picture = figure.querySelector("svg");
  const count = Number(figure.dataset.layers);
  let place = -1;

  const show = async (wanted) => {
    place = Math.min(count - 1, Math.max(0, wanted));
    const now = place;
    const layers = await layersOf(figure.dataset.part);
    if (now === place && layers[place]) tell(figure, place, layers);
  };

  picture.addEventListener("pointermove", (event) => {
    const box = picture.getBoundingClientRect();
    show(Math.round(((event.clientX - box.left) / box.width) * (count - 1)));
  });
  picture.addEventListener("focus", () => show(Math.max(place, 0)));
  picture.addEventListener("keydown", (event) => {
    const there = {
      ArrowLeft: place - 1, ArrowRight: place + 1, PageDown: place + 20, PageUp: place - 20,
      Home: 0, End: count - 1,
    }[event.key];
    if (there === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    show(there);
  });
}

function tell(figure, place, layers) {
  const layer = layers[place];
  const head = figure.querySelector(".head");
  const x = (720 * place) / Math.max(layers.length - 1, 1);
  for (const end of ["x1", "x2"]) head.setAttribute(end, x.toFixed(1));
  head.setAttribute("visibility", "visible");
  const norms = layer.norms.map((norm) => (norm === null ? "–" : norm.toPrecision(3)));
  figure.querySelector("figcaption").textContent = `${layer.name}: ${norms.join(" · ")}`;
}

async function layersOf(part) {
  asked ??= ask().catch(() => {
    asked = undefined; // the next move asks again
    return {};
  });
  const { parts = [] } = await asked;
  const found = parts.find((one) => one.part === part);
  return found ? found.blocks.flatMap((block) => block.layers) : [];
}

async function ask() {
  const answer = await fetch(`/api/compare/layers${address()}`);
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
}

function address() {
  return new URL(document.querySelector(".every-layer a").href).search;
}
