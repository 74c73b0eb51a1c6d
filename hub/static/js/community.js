// Votes: the slider beside its number, wherever the form comes in by htmx. Works without this, too.

document.addEventListener("input", (event) => {
  const pair = event.target.closest?.(".community .pair");
  if (!pair) return;
  const [range, number] = pair.querySelectorAll("input");
  if (event.target === range) number.value = range.value;
  else range.value = number.value;
});
