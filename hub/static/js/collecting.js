// Shows over the cards what a card's “Collect” leads to. Without this, it leads to that page.

const dialog = document.getElementById("collecting");
const title = document.getElementById("collecting-title");
const body = dialog?.querySelector("[data-body]");

if (dialog) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.to-collect");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link);
  });
}

// What does not come is told in the dialog, with a way to try again (js/asking.js).
async function open(link) {
  body.replaceChildren();
  title.textContent = link.textContent;
  await htmx.ajax("GET", link.href, { target: body });
  dialog.showModal();
}
