// The form's fields: read, filled in where empty, kept as they are typed.

const LISTS = ["trigger_words", "tags"];
const LINES = ["sample_prompts"];
const NUMBERS = ["weight_low", "weight_high"];
const TEXTS = ["team", "title", "adapter", "base", "kind", "content_level", "description", "licence", "label", "changes"];
const CHOSEN = ["team", "kind", "content_level"]; // these always have a value: it says nothing

export const split = (text) => text.split(/[,，\n]/).map((word) => word.trim()).filter(Boolean);
const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);
const asNumber = (text) => (text === "" || Number.isNaN(Number(text)) ? null : Number(text));

export class Fields {
  constructor(form) {
    this.form = form;
    this.touched = new Set();
    form.addEventListener("input", (event) => this.touched.add(event.target.name));
    const written = [...TEXTS, ...LISTS, ...LINES, ...NUMBERS].filter((name) => this.get(name) && !CHOSEN.includes(name));
    for (const name of written) this.touched.add(name);
  }

  get(name) {
    return this.form.elements.namedItem(name)?.value.trim() ?? "";
  }

  #set(name, value) {
    const field = this.form.elements.namedItem(name);
    if (field) field.value = value;
  }

  // Fill in what nobody has written yet; a select takes only what it offers.
  suggest(name, value) {
    if (!this.touched.has(name) && value) this.#set(name, value);
  }

  // Take back what was only suggested.
  clear(name) {
    if (!this.touched.has(name)) this.#set(name, "");
  }

  choose(name, value) {
    this.#set(name, value);
    this.touched.add(name);
  }

  add(name, word) {
    const words = split(this.get(name));
    if (!words.includes(word)) words.push(word);
    this.choose(name, words.join(", "));
  }

  get missing() {
    return ["title", "base", "team"].filter((name) => !this.get(name));
  }

  // What the hub is told of the version.
  get about() {
    const told = Object.fromEntries(TEXTS.map((name) => [name, this.get(name)]));
    for (const name of LISTS) told[name] = split(this.get(name));
    for (const name of LINES) told[name] = lines(this.get(name));
    for (const name of NUMBERS) told[name] = asNumber(this.get(name));
    return told;
  }

  // Write down again what was said before.
  restore(about) {
    for (const [name, value] of Object.entries(about)) {
      if (value === null || value === "" || value.length === 0) continue;
      const text = LISTS.includes(name) ? value.join(", ") : LINES.includes(name) ? value.join("\n") : value;
      if (this.form.elements.namedItem(name)) this.choose(name, text);
    }
  }

  freeze(frozen) {
    for (const field of this.form.querySelectorAll(".fields input, .fields select, .fields textarea, [type=file], [data-pick-folder], [data-submit]")) {
      field.disabled = frozen;
    }
  }
}
