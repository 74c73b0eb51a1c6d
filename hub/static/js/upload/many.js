// Many uploads at once: the table, what is done to several rows together, and how all of it goes.

import { COLUMNS, columnNamed, fieldOf, labelOf } from "./columns.js";
import { asRun } from "./gathering.js";
import { Row } from "./row.js";
import { bytes, element, say } from "./say.js";
import { warn } from "./sending.js";
import { Slots } from "./slots.js";
import { RowView } from "./table.js";

const AT_ONCE = 3;

export class Many {
  constructor({ form, section, titles, addresses, draftOf }) {
    Object.assign(this, { form, section, titles, addresses, draftOf });
    this.views = [];
    this.slots = new Slots(AT_ONCE);
    this.complained = false;
    this.part = (name) => section.querySelector(`[data-${name}]`);
    this.part("pause-all").addEventListener("click", () => this.#pauseAll());
  }

  get rows() {
    return this.views.map(({ row }) => row);
  }

  get isShown() {
    return this.views.length > 0;
  }

  get team() {
    return this.part("team").value;
  }

  get ticks() {
    return this.views.filter(({ tick }) => tick.checked);
  }

  usual(name) {
    return this.form.elements.namedItem(name).value;
  }

  add(groups) {
    if (this.section.hidden) this.#open();
    for (const group of groups) this.#append(new Row(group, this.draftOf(group), this));
    this.changed();
  }

  #open() {
    this.#head();
    this.#bulk();
    this.section.hidden = false;
    this.form.classList.add("many");
  }

  #append(row, before = null) {
    const view = new RowView(row, this);
    const at = before ? this.views.indexOf(before) : this.views.length;
    this.views.splice(at, 0, view);
    this.part("table").insertBefore(view.body, before?.body ?? null);
    row.read();
    return view;
  }

  #head() {
    this.part("table").tHead.rows[0].append(
      ...COLUMNS.map((column) => element("th", { scope: "col" }, labelOf(column))));
    this.part("all").addEventListener("change", (event) => {
      for (const view of this.views) view.tick.checked = event.target.checked;
      this.ticked();
    });
    this.part("team").replaceChildren(...[...this.form.elements.namedItem("team").options].map((one) => one.cloneNode(true)));
  }

  // One field set for all rows that are ticked.
  #bulk() {
    const chooser = this.part("bulk-field");
    chooser.append(...COLUMNS.map((column) => element("option", { value: column.name }, labelOf(column))));
    const change = () => {
      const column = columnNamed(chooser.value);
      this.value = fieldOf(column, this.form, { "aria-label": say("bulkValue", { field: labelOf(column) }) });
      this.part("bulk-value").replaceChildren(this.value);
    };
    chooser.addEventListener("change", change);
    change();
    this.part("set").addEventListener("click", () => this.#setAll(this.ticks, chooser.value, this.value.value));
    this.part("join").addEventListener("click", () => this.#join(this.ticks));
    this.part("split").addEventListener("click", () => this.#split(this.ticks));
    this.part("remove").addEventListener("click", () => this.remove(this.ticks.map(({ row }) => row)));
  }

  #setAll(views, name, text) {
    for (const { row } of views) if (!row.isUnderWay && row.phase !== "done") row.set(name, text);
  }

  ticked() {
    const { ticks } = this;
    const open = ticks.every(({ row }) => !row.isUnderWay && row.phase !== "done");
    this.part("ticked").textContent = say("ticked", { count: ticks.length });
    this.part("set").disabled = !ticks.length;
    this.part("remove").disabled = !ticks.length;
    this.part("join").disabled = ticks.length < 2 || !open || ticks.some(({ row }) => row.group.archive);
    this.part("split").disabled = !open || !ticks.some(({ row }) => row.group.checkpoints.length);
    this.part("all").checked = ticks.length > 0 && ticks.length === this.views.length;
    this.part("all").indeterminate = ticks.length > 0 && ticks.length < this.views.length;
  }

  // Several rows are checkpoints of one training run: by the numbers in their names, or in order.
  #join(views) {
    const files = views.flatMap(({ row }) => [row.group.weights, ...row.group.checkpoints]);
    const unnumbered = files.filter((each) => each.number === null);
    unnumbered.slice(0, -1).forEach((each, at) => Object.assign(each, { number: at + 1, isStep: true }));
    const config = views.map(({ row }) => row.group.config).find(Boolean) ?? null;
    const [first, ...rest] = views;
    const joined = new Row({ ...first.row.group, ...asRun(files), config }, first.row.draft, this);
    Object.assign(joined, { texts: { ...first.row.texts }, touched: first.row.touched, description: first.row.description });
    this.#append(joined, first).tick.checked = true;
    this.#leave([first]);
    this.remove(rest.map(({ row }) => row));
  }

  // Each file of a training run becomes an adapter of its own.
  #split(views) {
    for (const view of views.filter(({ row }) => row.group.checkpoints.length)) {
      const { group } = view.row;
      for (const each of [...group.checkpoints, group.weights]) {
        const alone = { ...group, weights: each, checkpoints: [] };
        this.#append(new Row(alone, this.draftOf(alone), this), view);
      }
      this.remove([view.row]);
    }
  }

  remove(rows) {
    this.#leave(this.views.filter(({ row }) => rows.includes(row)));
    for (const row of rows) if (row.phase !== "done") row.drop();
  }

  #leave(views) {
    for (const view of views) {
      view.row.shown = () => {};
      view.body.remove();
    }
    this.views = this.views.filter((view) => !views.includes(view));
    this.changed();
  }

  // Enter goes down, with Shift up; Ctrl+D takes over what stands above, or fills the ticked rows.
  key(event, view, name) {
    const at = this.views.indexOf(view);
    if (event.key === "Enter") {
      event.preventDefault();
      this.views[at + (event.shiftKey ? -1 : 1)]?.fields.get(name).focus();
    } else if (event.key.toLowerCase() === "d" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      const below = view.tick.checked ? this.ticks.filter((each) => this.views.indexOf(each) > at) : [];
      if (below.length) this.#setAll(below, name, view.row.texts[name]);
      else if (at) this.#take(view, name, this.views[at - 1].row.texts[name]);
    }
  }

  #take(view, name, text) {
    view.fields.get(name).value = text;
    view.row.set(name, text);
  }

  // Another row before this one that would have the same name, and so be the same adapter.
  doubleOf(row) {
    const named = (one) => one.texts.adapter.trim() || one.texts.title.trim().toLowerCase();
    const before = this.rows.slice(0, this.rows.indexOf(row));
    return named(row) && before.find((one) => one.phase !== "refused" && named(one) === named(row));
  }

  send(row) {
    return this.slots.use(() => (this.rows.includes(row) && row.isOpen ? row.send() : null));
  }

  async sendAll() {
    this.complained = true;
    for (const view of this.views) view.paint();
    const ready = this.rows.filter((row) => row.isOpen && !row.faults.length);
    const faulty = this.views.find(({ row }) => row.isOpen && row.faults.length);
    if (faulty) faulty.fields.get(faulty.row.faults[0]).focus();
    this.halted = false;
    await Promise.all(ready.map((row) => this.slots.use(() => (this.halted || !this.rows.includes(row) ? null : row.send()))));
  }

  #pauseAll() {
    if (this.rows.some((row) => row.isUnderWay)) {
      this.halted = true;
      for (const row of this.rows) row.pause();
    } else {
      this.sendAll();
    }
  }

  changed() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.#paint());
  }

  #paint() {
    const { rows } = this;
    const under = rows.filter((row) => row.isUnderWay);
    const done = rows.filter((row) => row.phase === "done");
    const open = rows.filter((row) => row.isOpen);
    const begun = done.length + under.length > 0 || rows.some((row) => row.phase === "paused");
    const size = rows.reduce((sum, row) => sum + row.size, 0);
    const sent = rows.reduce((sum, row) => sum + (row.phase === "done" ? row.size : row.sent), 0);
    this.part("count").textContent = say("adapters", { count: rows.length });
    this.part("progress").hidden = !begun;
    this.part("bar").value = size ? sent / size : 0;
    this.part("how-far").textContent = say("howFar", { done: done.length, count: rows.length, sent: bytes(sent), size: bytes(size) });
    this.part("pause-all").hidden = !under.length && !rows.some((row) => row.phase === "paused");
    this.part("pause-all").textContent = say(under.length ? "pause" : "goOn");
    this.part("finished").hidden = !(done.length && done.length === rows.length);
    this.form.querySelector("[data-submit]").disabled = !open.length || under.length > 0;
    (under.length ? addEventListener : removeEventListener)("beforeunload", warn);
    this.ticked();
  }
}
