// How a row of the table of many looks, and what is done to it by hand.

import { COLUMNS, fieldOf, labelOf } from "./columns.js";
import { bytes, element, say } from "./say.js";
import { showSeen } from "./seen.js";

export class RowView {
  constructor(row, table) {
    Object.assign(this, { row, table });
    this.fields = new Map(COLUMNS.map((column) => [column.name, this.#field(column)]));
    this.tick = element("input", { type: "checkbox", "aria-label": say("tick", { name: row.name }), change: () => table.ticked() });
    this.more = element("button", { type: "button", class: "plain small", "aria-expanded": "false", click: () => this.#unfold() }, say("details"));
    this.state = element("div", { class: "verdict small" });
    this.bar = element("progress", { max: 1, value: 0, "aria-label": say("progressOf", { name: row.name }), hidden: true });
    this.acts = element("div", { class: "acts" });
    this.details = element("tr", { class: "details", hidden: true }, element("td", { colspan: COLUMNS.length + 1 }));
    this.body = element("tbody", { "data-row": row.name }, this.#line(), this.details);
    row.shown = () => {
      this.paint();
      table.changed();
    };
    this.paint();
  }

  #field(column) {
    const { row, table } = this;
    const field = fieldOf(column, table.form, {
      "data-column": column.name,
      "aria-label": say("fieldOf", { field: labelOf(column), name: row.name }),
      input: () => row.set(column.name, field.value),
      keydown: (event) => table.key(event, this, column.name),
    });
    return field;
  }

  #line() {
    const cells = COLUMNS.map((column) =>
      element("td", { "data-label": labelOf(column), class: column.kind === "number" ? "weight" : column.name }, this.fields.get(column.name)));
    const about = element("th", { scope: "row", class: "file" },
      element("div", { class: "of-file" }, this.tick, element("span", { class: "name" }, this.row.name), this.sizes()),
      this.state, this.bar, element("div", { class: "acts-row" }, this.more, this.acts));
    return element("tr", {}, about, ...cells);
  }

  sizes() {
    this.size = element("span", { class: "quiet small number" });
    return this.size;
  }

  paint() {
    const { row } = this;
    const count = row.group.checkpoints.length;
    this.size.textContent = bytes(row.size) + (count ? ` · ${say("checkpoints", { count })}` : "");
    for (const [name, field] of this.fields) {
      if (document.activeElement !== field) field.value = row.texts[name];
      field.disabled = row.isUnderWay || row.phase === "done";
      field.setAttribute("aria-invalid", String(this.table.complained && row.isOpen && row.faults.includes(name)));
      if (field.getAttribute("aria-invalid") === "false") field.removeAttribute("aria-invalid");
    }
    this.body.dataset.phase = row.phase;
    this.state.replaceChildren(...sayingsOf(row, this.table));
    this.bar.hidden = !row.isUnderWay;
    if (row.phase === "completing") this.bar.removeAttribute("value");
    else this.bar.value = row.size ? row.sent / row.size : 0;
    this.#paintActs();
    if (!this.details.hidden) this.#paintDetails();
  }

  #paintActs() {
    const { row, table } = this;
    const act = (name, does) => element("button", { type: "button", class: "plain small", "aria-label": say(`${name}Of`, { name: row.name }), click: does }, say(name));
    const wanted = row.phase === "done" ? "" : row.isUnderWay ? "pause remove" : row.phase === "failed" ? "again remove" : row.phase === "paused" ? "goOn remove" : "remove";
    if (this.acts.dataset.has === wanted) return; // a button that is about to be pressed stays
    this.acts.dataset.has = wanted;
    const does = { pause: () => row.pause(), again: () => table.send(row), goOn: () => table.send(row), remove: () => table.remove([row]) };
    this.acts.replaceChildren(...wanted.split(" ").filter(Boolean).map((name) => act(name, does[name])));
  }

  #unfold() {
    this.details.hidden = !this.details.hidden;
    this.more.setAttribute("aria-expanded", String(!this.details.hidden));
    if (!this.details.hidden) this.#paintDetails();
  }

  #paintDetails() {
    const { row } = this;
    const cell = this.details.firstElementChild;
    if (!cell.childElementCount) {
      this.files = element("div", { class: "files" });
      this.seen = element("section", { class: "seen" });
      const about = element("textarea", { rows: 3, input: () => row.set("description", about.value) });
      about.value = row.description;
      cell.append(element("div", { class: "unfolded" }, this.files, this.seen, element("label", {}, say("description"), about)));
    }
    if (this.files.dataset.of !== filesNamed(row)) this.#paintFiles();
    if (row.seen && this.painted !== row.seen) {
      this.painted = row.seen;
      showSeen(this.seen, row.group.weights.file, row.seen, this.table.titles, (slug) => row.set("base", slug));
    }
  }

  #paintFiles() {
    const { group } = this.row;
    this.files.dataset.of = filesNamed(this.row);
    const step = (each) => {
      const field = element("input", { type: "number", min: 0, step: 1, "aria-label": say("stepOf", { name: each.path }), input: () => { each.step = Math.round(Number(field.value)); } });
      field.value = each.step;
      return element("li", {}, element("span", {}, each.path), " ", say("step"), " ", field);
    };
    this.files.replaceChildren(element("ul", { class: "plain-list small" },
      element("li", {}, element("b", {}, group.weights.path), " ", element("span", { class: "quiet" }, say("isWeights"))),
      ...(group.config ? [element("li", {}, group.config.path)] : []),
      ...group.checkpoints.map(step)));
  }
}

const filesNamed = (row) => row.files.map(({ path }) => path).join("|");

// What is said of a row beneath its name: how it stands, and what speaks against it.
function sayingsOf(row, table) {
  const line = (kind, ...said) => element("p", { class: kind }, ...said);
  const said = [standingOf(row, table, line)];
  if (row.problem && row.phase !== "refused") said.push(line("rejected", row.problem));
  if (row.waiting) said.push(line("warned", say("offline", { count: row.waiting })));
  if (table.complained && row.isOpen && row.faults.length) {
    said.push(line("rejected", say("wanting", { fields: row.faults.map((name) => say(`column_${name}`)).join(", ") })));
  }
  if (row.phase !== "done") said.push(...row.twins.map((twin) => line("warned", say(twin.sameBytes ? "sameBytes" : "sameWeights"), " ", link(twin))));
  const double = row.isOpen && table.doubleOf(row);
  if (double) said.push(line("warned", say("sameName", { name: double.name })));
  return said.filter(Boolean);
}

const link = (twin) => element("a", { href: twin.page, target: "_blank" }, `${twin.team}/${twin.name} v${twin.version}`);

function standingOf(row, table, line) {
  if (row.phase === "reading") return line("quiet", say("readingIt"));
  if (row.phase === "refused") return line("rejected", row.problem);
  if (row.phase === "done") {
    const { pathname, search } = new URL(row.made.page_url);
    return line("passed", say("received"), " ", element("a", { href: pathname + search }, `${row.made.team}/${row.made.name} v${row.made.version}`));
  }
  if (row.isUnderWay || row.phase === "paused") return line("quiet", say(row.phase));
  return row.group.archive ? line("quiet", say("zipLater")) : verdictOf(row, table, line);
}

// Does it fit, which bases may be meant, or what stands against it.
function verdictOf(row, table, line) {
  const { seen } = row;
  if (!seen) return null;
  const base = table.titles[seen.base] ?? seen.base_title;
  if (!seen.declared) {
    const whole = seen.bases.filter((candidate) => candidate.whole).slice(0, 3).map((candidate) => candidate.title);
    return line("warned", whole.length ? say("mayBe", { bases: whole.join(", ") }) : say("fitsNone"));
  }
  const against = seen.problems.filter((problem) => problem.verdict === "refused");
  const [first] = against.length ? against : seen.problems;
  if (first) {
    const rest = seen.problems.length - 1;
    return line(against.length ? "rejected" : "warned", first.sentence + (rest ? ` ${say("andMore", { count: rest })}` : ""));
  }
  const { applied, total } = seen.fit ?? {};
  return line("passed", total ? say("fitsBase", { base, applied, total }) : say("noMisfits", { base }));
}
