// The course of one adapter: its files hashed, opened (or gone on with), sent; then made a version.

import { hashesOf } from "./hashes.js";
import { ask, Refusal } from "./hub.js";
import { patiently } from "./patience.js";
import { Sender } from "./sender.js";

const last = (path) => path.split("/").at(-1);

// A group's files as drafts and versions know them.
export function filesOf(group, draft) {
  const all = [
    { ...group.weights, role: "weights", step: null },
    ...(group.config ? [{ ...group.config, role: "config", step: null }] : []),
    ...group.checkpoints.map((each) => ({ ...each, role: "checkpoint" })),
  ];
  return all.map(({ file, path, role, step }) => ({
    file, path, role, step, name: nameOf(path, all), upload: draft?.knows({ file, path })?.upload ?? null,
  }));
}

// Its own name; or its path, where two have the same name.
function nameOf(path, all) {
  const name = last(path);
  return all.filter((each) => last(each.path) === name).length === 1 ? name : path.split("/").slice(-3).join("-");
}

const told = ({ file, path, role, step, upload }) => ({
  name: path.slice(-400), size: file.size, modified: file.lastModified, role, training_step: step ?? null, upload,
});

export class Course {
  // `hear` is told {phase, sent, waiting}; `team` and `about` are asked for when they are needed.
  constructor({ group, draft, uploads, hear }) {
    Object.assign(this, { draft, uploads, hear });
    this.files = filesOf(group, draft);
    this.size = this.files.reduce((sum, { file }) => sum + file.size, 0);
    this.stop = new AbortController();
  }

  pause() {
    this.stop.abort();
  }

  // Resolves with the version made; rejects with AbortError when it is paused.
  async send(about) {
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.draft.save({ about, files: this.files.map(told) });
    try {
      return await this.#go(about, signal);
    } catch (error) {
      if (error.name !== "AbortError") this.#lookAgain();
      throw error;
    }
  }

  async #go(about, signal) {
    for (const one of this.files) {
      await this.#have(one, about.team, signal);
      this.#say("sending");
      await this.#send(one, signal);
    }
    this.#say("completing");
    return this.draft.finish(this.#patience(signal));
  }

  // Whatever went wrong: what the hub has is asked again before the next try.
  #lookAgain() {
    for (const one of this.files) Object.assign(one, { opened: null, done: false });
  }

  get sent() {
    return this.files.reduce((sum, one) => sum + (one.done ? one.file.size : one.sender?.sent ?? 0), 0);
  }

  // The upload of a file: the one that was begun, else a new one.
  async #have(one, team, signal) {
    const before = one.opened ?? (one.upload && (await this.#begun(one, signal)));
    if (before && before.team === team && before.state !== "dropped") {
      one.opened = before;
      return;
    }
    this.#say("hashing");
    const { sha256 } = await hashesOf(one.file, (done) => this.hear({ phase: "hashing", sent: done }));
    signal.throwIfAborted();
    const asked = { team, name: one.name, size: one.file.size, sha256 };
    one.opened = await patiently(() => ask(this.uploads, asked), this.#patience(signal));
    one.upload = one.opened.id;
    this.draft.save({ files: this.files.map(told) });
    if (one.opened.parts > 1) await this.draft.flush(); // so that a reload finds what is there
  }

  async #begun(one, signal) {
    try {
      return await patiently(() => ask(`${this.uploads}/${one.upload}`), this.#patience(signal));
    } catch (error) {
      if (error instanceof Refusal && error.status === 404) return null;
      throw error;
    }
  }

  async #send(one, signal) {
    if (!one.opened.known && one.opened.state === "open") {
      one.sender = new Sender(one.file, one.opened, (news) => this.#hear(news));
      this.hear({ phase: "sending", sent: this.sent });
      await one.sender.send(signal);
    }
    one.done = true;
  }

  #hear({ waiting }) {
    this.hear({ phase: "sending", sent: this.sent, waiting });
  }

  #say(phase) {
    this.hear({ phase, sent: this.sent });
  }

  #patience(signal) {
    return { signal, told: ({ waiting }) => this.hear({ waiting }) };
  }
}
