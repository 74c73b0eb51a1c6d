// What is put aside to compare, kept in a cookie. Without this, each link goes to the page itself.

const COOKIE = "compare";
const KEPT = 60 * 60 * 24 * 30; // seconds
const tray = document.getElementById("tray");
const most = Number(tray?.dataset.most ?? 0);

if (tray) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-compare]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    toggle(link.dataset.compare);
  });
  // What is pressed like a button answers to the space bar as well.
  document.addEventListener("keydown", (event) => {
    const link = event.key === " " && event.target.closest?.("[data-compare]");
    if (!link) return;
    event.preventDefault();
    toggle(link.dataset.compare);
  });
  tray.querySelector("[data-empty]").addEventListener("click", () => {
    const [first] = read();
    write([]);
    const link = document.querySelector(`[data-compare="${CSS.escape(first)}"]`); // the tray is gone
    (link ?? document.querySelector("[data-compare], main a"))?.focus();
  });
  document.addEventListener("htmx:after:swap", show); // more cards
  addEventListener("pageshow", show); // and back from the page itself
  show();
}

// Names are written with other signs, since cookies take few: team:name~2|team:name
function read() {
  const found = document.cookie.split("; ").find((one) => one.startsWith(`${COOKIE}=`));
  const told = found?.slice(COOKIE.length + 1).replaceAll('"', "") ?? "";
  return told.split("|").filter(Boolean).map((name) => name.replace(":", "/").replace("~", "@"));
}

function write(names) {
  const told = names.map((name) => name.replace("/", ":").replace("@", "~")).join("|");
  document.cookie = `${COOKIE}=${told}; path=/; max-age=${names.length ? KEPT : 0}; samesite=lax`;
  show();
}

function toggle(name) {
  const names = read();
  if (names.includes(name)) write(names.filter((one) => one !== name));
  else if (names.length < most) write([...names, name]);
  else document.getElementById("said").textContent = tray.dataset.full;
}

function show() {
  const names = read();
  const open = tray.querySelector("[data-open]");
  tray.hidden = !names.length;
  tray.querySelector("[data-names]").textContent = names.join(", ");
  open.textContent = open.dataset.label.replace("%", names.length);
  open.href = `${open.dataset.at}?adapters=${names.join(",")}`;
  for (const link of document.querySelectorAll("[data-compare]")) {
    link.classList.toggle("put", names.includes(link.dataset.compare));
    link.setAttribute("role", "button");
    link.setAttribute("aria-pressed", String(names.includes(link.dataset.compare)));
  }
}
