// Buttons that copy: <button data-copy="text"> or <button data-copy-from="#id">.

const said = () => document.getElementById("said");

async function copy(button) {
  const from = button.dataset.copyFrom;
  const text = from ? document.querySelector(from).textContent : button.dataset.copy;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    if (!copyByHand(text)) return;
  }
  button.classList.add("done");
  setTimeout(() => button.classList.remove("done"), 1600);
  said().textContent = button.dataset.copied ?? "";
}

// Without https there is no clipboard API; hubs on a local network often have none.
function copyByHand(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "only-heard";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-copy], [data-copy-from]");
  if (button) copy(button);
});
