// The playground: sliders beside their numbers, the hint that suits the rows, and a count of cells.
// Everything works without this; it only saves typing.

import "./pairs.js";

const form = document.getElementById("playground");
if (form) start(form);

function start(form) {
  const down = form.elements.down;
  const values = form.elements.values;
  const count = document.getElementById("count");

  // As the hub reads them: words and blocks line by line, all else between commas too.
  const rows = () => {
    if (!down.value) return 1;
    const between = ["prompt", "parts"].includes(down.value) ? /\n/ : /[\n,，;]/;
    return values.value.split(between).filter((value) => value.trim()).length;
  };

  const tell = () => {
    values.disabled = !down.value;
    for (const hint of form.querySelectorAll("#hint [data-axis]")) {
      hint.classList.toggle("now", hint.dataset.axis === down.value);
    }
    const cells = rows() * Number(form.elements.weights.value);
    const { one, many, over, most } = count.dataset;
    const words = cells > Number(most) ? over : cells === 1 ? one : many;
    count.textContent = words.replace("{count}", String(cells)).replace("{most}", most);
    count.classList.toggle("over", cells > Number(most));
  };

  form.addEventListener("input", tell);
  tell();
}
