// One adapter in the table of many: what is said of it, what its header says, how its upload goes.

import { COLUMNS, textOf } from "./columns.js";
import { Course } from "./course.js";
import { twinsOf } from "./hashes.js";
import { patiently } from "./patience.js";
import { inspect, likelyBase, likelyTitle, prepare } from "./reading.js";
import { reasonOf } from "./sending.js";
import { wordsCarried } from "./seen.js";
import { readings } from "./slots.js";

const NEEDED = ["title", "base"];
const NAME = /^[a-z0-9][a-z0-9._-]{0,79}$/;

// phase: reading, ready, refused (its file), hashing, sending, completing, paused, failed, done
export class Row {
  constructor(group, draft, page) {
    Object.assign(this, { group, draft, page });
    this.texts = Object.fromEntries(COLUMNS.map(({ name }) => [name, ""]));
    Object.assign(this.texts, { kind: page.usual("kind"), content_level: page.usual("content_level") });
    this.description = "";
    this.touched = new Set();
    Object.assign(this, { phase: "reading", seen: null, twins: [], problem: "", sent: 0, waiting: 0, made: null });
    this.shown = () => {}; // the table's, called when something has changed
    this.#restore(draft.about);
  }

  get name() {
    return this.group.weights.file.name;
  }

  get size() {
    return this.course?.size ?? this.files.reduce((sum, { file }) => sum + file.size, 0);
  }

  get files() {
    return [this.group.weights, this.group.config, ...this.group.checkpoints].filter(Boolean);
  }

  get isOpen() {
    return ["ready", "failed", "paused"].includes(this.phase);
  }

  get isUnderWay() {
    return ["hashing", "sending", "completing"].includes(this.phase);
  }

  get about() {
    const said = Object.fromEntries(COLUMNS.map(({ name, parse }) => [name, parse(this.texts[name])]));
    return { ...said, description: this.description, team: this.page.team };
  }

  // What is missing or wrong before it can be sent: names of columns.
  get faults() {
    const missing = NEEDED.filter((name) => !this.texts[name].trim());
    const misnamed = this.texts.adapter && !NAME.test(this.texts.adapter) ? ["adapter"] : [];
    return [...missing, ...misnamed];
  }

  #restore(about) {
    for (const { name } of COLUMNS) {
      const text = textOf(about[name]);
      if (!text) continue;
      this.texts[name] = text;
      this.touched.add(name);
    }
    this.description = about.description ?? "";
  }

  set(name, text) {
    if (name === "description") this.description = text;
    else this.texts[name] = text;
    this.touched.add(name);
    this.draft.save({ about: this.about });
    if (name === "base") this.look();
    else this.shown();
  }

  #suggest(name, value) {
    const text = textOf(value);
    if (!this.touched.has(name) && text) this.texts[name] = text;
  }

  async read() {
    if (this.group.archive) {
      this.#suggest("title", likelyTitle(this.group));
      return this.#become("ready");
    }
    await readings.use(async () => {
      await prepare(this.group).catch(() => {});
      await this.look();
    });
    if (this.phase === "ready") this.#compare();
    return null;
  }

  // Ask what the header means on the base that stands there, or else on the one it suggests.
  async look() {
    if (this.group.archive || !this.group.asked) return this.shown();
    const asked = this.texts.base;
    const mine = (this.looks = (this.looks ?? 0) + 1);
    const isOver = () => mine !== this.looks; // another base was chosen meanwhile
    try {
      let seen = await this.#inspect(asked);
      const likely = likelyBase(seen, this.page.titles);
      if (!asked && likely && !isOver()) {
        this.#suggest("base", likely);
        seen = await this.#inspect(likely);
      }
      if (isOver()) return null;
      this.#fillIn(seen);
    } catch (error) {
      if (isOver()) return null;
      this.problem = reasonOf(error);
      this.#become("refused");
    }
    return null;
  }

  #inspect(base) {
    return patiently(() => inspect(this.page.addresses.inspect, this.group, base));
  }

  #fillIn(seen) {
    this.seen = seen;
    this.problem = "";
    this.#suggest("title", likelyTitle(this.group, seen));
    const carried = wordsCarried(seen);
    if (carried.length) this.#suggest("trigger_words", carried);
    else if (seen.trigger_candidates.length === 1) this.#suggest("trigger_words", seen.trigger_candidates);
    this.#suggest("weight_low", seen.training.weight?.low);
    this.#suggest("weight_high", seen.training.weight?.high);
    if (["reading", "refused"].includes(this.phase)) this.#become("ready");
    else this.shown();
  }

  // Hashing needs nobody, so it begins while fields are filled in; then twins are known.
  async #compare() {
    try {
      this.twins = await twinsOf(this.group.weights.file, this.page.addresses.byHash);
      this.shown();
    } catch {
      // the hub says it when the file is sent
    }
  }

  #become(phase, more = {}) {
    Object.assign(this, { phase, waiting: 0 }, more);
    this.shown();
  }

  async send() {
    this.problem = "";
    this.course ??= new Course({
      group: this.group, draft: this.draft, uploads: this.page.addresses.uploads, hear: (news) => this.#hear(news),
    });
    try {
      const made = await this.course.send(this.about);
      this.#become("done", { made, sent: this.size });
    } catch (error) {
      if (error.name === "AbortError") this.#become("paused");
      else this.#become("failed", { problem: reasonOf(error) });
    }
  }

  #hear({ phase, sent, waiting }) {
    if (phase) this.phase = phase;
    if (sent !== undefined && phase !== "hashing") this.sent = sent;
    if (waiting !== undefined) this.waiting = waiting;
    this.shown();
  }

  pause() {
    this.course?.pause();
  }

  // Another group of files: what was begun for the one before is begun anew.
  regroup(group) {
    this.group = group;
    this.course = null;
    this.phase = "reading";
  }

  async drop() {
    this.pause();
    await this.draft.drop();
  }
}

