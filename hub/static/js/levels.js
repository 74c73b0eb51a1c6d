// A button on whatever is blurred because of its content level: it shows it, and blurs it again.

const veil = document.getElementById("veil");
const ways = document.documentElement.classList;
const isVeiled = (level) => ways.contains(`blur-${level}`) || ways.contains(`hide-${level}`);

function cover(one) {
  if (!isVeiled(one.dataset.level) || one.classList.contains("veiled")) return;
  if (!one.querySelector("img, video, canvas, q.said")) return;
  const button = veil.content.firstElementChild.cloneNode(true);
  const show = button.textContent;
  one.classList.add("veiled");
  one.prepend(button);
  button.addEventListener("click", () => {
    const shown = one.classList.toggle("unveiled");
    button.setAttribute("aria-pressed", String(shown));
    button.textContent = shown ? button.dataset.hide : show;
  });
}

function coverAll(root) {
  if (root.matches?.("[data-level]")) cover(root);
  for (const one of root.querySelectorAll("[data-level]")) cover(one);
}

if (veil && ["suggestive", "mature", "explicit"].some(isVeiled)) {
  coverAll(document.body);
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) if (node.nodeType === Node.ELEMENT_NODE) coverAll(node);
    }
  }).observe(document.body, { childList: true, subtree: true });
}
