// The report on paper: whatever is folded is unfolded while it is printed.

const opened = [];

addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("#report details:not([open]), .figures:not([open])")) {
    part.open = true;
    opened.push(part);
  }
});

addEventListener("afterprint", () => {
  for (const part of opened.splice(0)) part.open = false;
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-print]")) print();
});
