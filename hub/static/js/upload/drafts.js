// Drafts: what is typed is kept by the hub, a moment later; and found again when files are chosen.

import { ask, Refusal } from "./hub.js";
import { patiently } from "./patience.js";

const MOMENT = 800;
const last = (path) => path.split("/").at(-1);

export class Draft {
  constructor(address, found = null) {
    this.address = address;
    this.id = found?.id ?? null;
    this.about = found?.about ?? {};
    this.files = found?.files ?? [];
    this.pending = null;
    this.timer = null;
    this.saving = Promise.resolve();
  }

  get place() {
    return `${this.address}/${this.id}`;
  }

  // Keep this soon; several of these in a moment are kept at once.
  save(change) {
    Object.assign(this, change);
    this.pending = { ...this.pending, ...change };
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush().catch(() => {}), MOMENT);
  }

  // Resolves when all of it is kept.
  flush() {
    clearTimeout(this.timer);
    this.saving = this.saving.catch(() => {}).then(() => this.#keep());
    return this.saving;
  }

  async #keep() {
    const change = this.pending;
    if (!change || this.dropped) return;
    this.pending = null;
    try {
      await patiently(() => this.#send(change));
    } catch (error) {
      this.pending = { ...change, ...this.pending };
      throw error;
    }
  }

  async #send(change) {
    if (this.id) {
      try {
        return await ask(this.place, change, "PATCH");
      } catch (error) {
        if (!(error instanceof Refusal) || error.status !== 404) throw error;
      }
    }
    const { id } = await ask(this.address, { about: this.about, files: this.files });
    this.id = id;
    return null;
  }

  // Make a version of it, as it stands here. Its files are all at the hub.
  async finish(patience) {
    clearTimeout(this.timer);
    await this.saving.catch(() => {});
    if (!this.id) await this.flush();
    const change = this.pending ?? {};
    return patiently(() => ask(`${this.place}/finish`, change), patience);
  }

  async drop() {
    this.dropped = true;
    clearTimeout(this.timer);
    await this.saving.catch(() => {});
    if (this.id) await ask(this.place, undefined, "DELETE").catch(() => {});
  }

  // Whether this file is one of the draft's, chosen again.
  knows({ file, path }) {
    return this.files.find(
      (one) =>
        one.size === file.size && one.modified === file.lastModified && last(one.name) === last(path),
    );
  }
}

export async function unfinished(address) {
  const { items } = await ask(address);
  return items.map((found) => new Draft(address, found));
}

// Whether the hub has every byte of a draft's files, so that none need be chosen again.
export async function allHere(draft, uploads) {
  if (!draft.files.length || draft.files.some(({ upload }) => !upload)) return false;
  try {
    const states = await Promise.all(draft.files.map(({ upload }) => ask(`${uploads}/${upload}`)));
    return states.every((one) => one.state !== "dropped" && one.parts_here.length === one.parts);
  } catch {
    return false;
  }
}

// Its files as a group, with nothing to be read of them any more.
export function groupOf(draft) {
  const files = draft.files.map((one) => ({
    file: { name: last(one.name), size: one.size, lastModified: one.modified }, path: one.name, role: one.role, step: one.training_step,
  }));
  const of = (role) => files.filter((one) => one.role === role);
  return { weights: of("weights")[0], config: of("config")[0] ?? null, checkpoints: of("checkpoint"), archive: true, folder: "" };
}
