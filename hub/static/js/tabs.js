// Folded parts that become tabs: <div data-tabs="name"> around <details data-tab="which">.
// Without this they stay folded parts. Which one was looked at last is remembered by its name.

for (const box of document.querySelectorAll("[data-tabs]")) start(box);

function start(box) {
  const kept = `loradex-${box.dataset.tabs}`;
  const list = document.createElement("div");
  list.className = "tabs";
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-labelledby", box.dataset.labelled);
  const pairs = [...box.querySelectorAll(":scope > details")].map((part) => pair(part, list));
  if (!pairs.length) return;
  box.prepend(list);

  const choose = (at, { focus } = {}) => {
    pairs.forEach(({ tab, panel }, number) => {
      tab.setAttribute("aria-selected", String(number === at));
      tab.tabIndex = number === at ? 0 : -1;
      panel.hidden = number !== at;
    });
    if (focus) pairs[at].tab.focus();
  };

  const remember = (at) => {
    try {
      localStorage.setItem(kept, pairs[at].slug);
    } catch {
      // a browser that keeps nothing shows the first one next time
    }
  };

  list.addEventListener("click", (event) => {
    const at = pairs.findIndex(({ tab }) => tab === event.target.closest("[role=tab]"));
    if (at < 0) return;
    choose(at);
    remember(at);
  });
  list.addEventListener("keydown", (event) => {
    const here = pairs.findIndex(({ tab }) => tab === document.activeElement);
    const to = {
      ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: pairs.length - 1,
    }[event.key];
    if (here < 0 || to === undefined) return;
    event.preventDefault();
    const at = (to + pairs.length) % pairs.length;
    choose(at, { focus: true });
    remember(at);
  });
  choose(Math.max(0, pairs.findIndex(({ slug }) => slug === last(kept))));
}

function pair(part, list) {
  const slug = part.dataset.tab;
  const tab = document.createElement("button");
  const panel = document.createElement("div");
  tab.type = "button";
  tab.className = "tab";
  tab.id = `tab-${slug}`;
  tab.textContent = part.querySelector("summary").textContent;
  tab.setAttribute("role", "tab");
  tab.setAttribute("aria-controls", `panel-${slug}`);
  panel.id = `panel-${slug}`;
  panel.tabIndex = 0;
  panel.className = "panel";
  panel.setAttribute("role", "tabpanel");
  panel.setAttribute("aria-labelledby", tab.id);
  part.querySelector("summary").remove();
  panel.append(...part.childNodes);
  part.replaceWith(panel);
  list.append(tab);
  return { slug, tab, panel };
}

function last(kept) {
  try {
    return localStorage.getItem(kept);
  } catch {
    return null;
  }
}

// The weight in what is pasted is the one that the sweep shows.
document.addEventListener("weight", ({ detail }) => {
  for (const place of document.querySelectorAll("code .weight")) place.textContent = detail;
});
