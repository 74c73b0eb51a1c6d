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

// What does not come as the part that was asked for is shown as the page that it is.
async function open(link) {
  const answer = await fetch(link.href, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) {
    location.href = link.href;
    return;
  }
  body.innerHTML = await answer.text();
  htmx.process(body);
  title.textContent = link.textContent;
  dialog.showModal();
}
