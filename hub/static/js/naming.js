// A name in addresses, proposed from the title while that is typed: <input data-name-of="title">.
// Whoever writes another name keeps it; a name that is emptied is proposed again.

const LATIN = { ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", ł: "l", þ: "th", ı: "i" };

function nameOf(title) {
  const latin = title.toLowerCase().replace(/[ßæœøđðłþı]/g, (letter) => LATIN[letter]);
  const plain = latin.normalize("NFKD").replace(/\p{M}/gu, "").replace(/['’]/g, "");
  return plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
}

for (const name of document.querySelectorAll("input[data-name-of]")) {
  const title = name.form.elements.namedItem(name.dataset.nameOf);
  const propose = () => nameOf(title.value).slice(0, name.maxLength).replace(/-+$/, "");
  let proposed = propose();
  title.addEventListener("input", () => {
    const free = name.value === proposed || name.value === "";
    proposed = propose();
    if (free) name.value = proposed;
  });
}
