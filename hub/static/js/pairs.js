// A slider beside its number: each follows the other. Without this there is the number alone.

for (const pair of document.querySelectorAll(".pair")) {
  const [range, number] = pair.querySelectorAll("input");
  range.addEventListener("input", () => {
    number.value = range.value;
  });
  number.addEventListener("input", () => {
    range.value = number.value;
  });
}
