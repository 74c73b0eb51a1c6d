// The form's fields: read, filled in where empty, remembered.

const LISTS = ["trigger_words", "tags"];
const LINES = ["sample_prompts"];
const NUMBERS = ["weight_low", "weight_high"];
const TEXTS = ["title", "adapter", "base", "kind", "description", "licence", "label", "changes"];

const split = (text) => text.split(/[,，\n]/).map((word) => word.trim()).filter(Boolean);
const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);

export class Fields {
  constructor(form) {
    this.form = form;
    this.touched = new Set();
    form.addEventListener("input", (event) => this.touched.add(event.target.name));
    const written = [...TEXTS, ...LISTS, ...LINES, ...NUMBERS].filter((name) => this.get(name) && name !== "kind");
    for (const name of written) this.touched.add(name);
  }

  get(name) {
    return this.form.elements.namedItem(name)?.value.trim() ?? "";
  }

  // Fill in what nobody has written yet; a select takes only what it offers.
  suggest(name, value) {
    if (this.touched.has(name) || !value) return;
    this.form.elements.namedItem(name).value = value;
  }

  // Take back what was only suggested.
  clear(name) {
    if (!this.touched.has(name)) this.form.elements.namedItem(name).value = "";
  }

  choose(name, value) {
    this.form.elements.namedItem(name).value = value;
    this.touched.add(name);
  }

  add(name, word) {
    const words = split(this.get(name));
    if (!words.includes(word)) words.push(word);
    this.form.elements.namedItem(name).value = words.join(", ");
    this.touched.add(name);
  }

  get missing() {
    return ["title", "base", "team"].filter((name) => !this.get(name));
  }

  // What the hub is told of the version.
  get declared() {
    const told = Object.fromEntries(TEXTS.map((name) => [name, this.get(name)]));
    for (const name of LISTS) told[name] = split(this.get(name));
    for (const name of LINES) told[name] = lines(this.get(name));
    for (const name of NUMBERS) told[name] = this.get(name) === "" ? null : Number(this.get(name));
    return told;
  }

  get all() {
    const names = ["team", ...TEXTS, ...LISTS, ...LINES, ...NUMBERS];
    return Object.fromEntries(names.map((name) => [name, this.get(name)]));
  }

  restore(all) {
    for (const [name, value] of Object.entries(all ?? {})) {
      const field = this.form.elements.namedItem(name);
      if (!field || !value) continue;
      field.value = value;
      this.touched.add(name);
    }
  }

  freeze(frozen) {
    for (const field of this.form.querySelectorAll(".fields input, .fields select, .fields textarea, [type=file], [data-pick-folder], [data-submit]")) {
      field.disabled = frozen;
    }
  }
}
