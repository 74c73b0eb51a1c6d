// Votes: the slider beside its number, wherever the form comes in by htmx. Works without this, too.

document.addEventListener("input", (event) => {
  const pair = event.target.closest?.(".community .pair");
  if (!pair) return;
  const [range, number] = pair.querySelectorAll("input");
  if (event.target === range) number.value = range.value;
  else range.value = number.value;
});

// What was sent is answered by the piece it stands in, anew: whoever uses keys goes on from there,
// and whoever listens is told what has come of it.
document.addEventListener("htmx:after:swap", () => {
  const piece = sent && document.getElementById(sent);
  sent = "";
  if (!piece) return;
  if (!piece.contains(document.activeElement)) piece.focus({ preventScroll: true });
  document.getElementById("said").textContent = piece.querySelector("[data-said]")?.textContent ?? "";
});

let sent = "";
document.addEventListener("submit", (event) => {
  sent = event.target.closest?.(".community > section[id]")?.id ?? "";
  document.getElementById("said").textContent = ""; // or the same again would not be heard
});
