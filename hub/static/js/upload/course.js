// The course of one upload: hash, open (or go on), send, complete.

import { ask } from "./hub.js";
import { fingerprintOf, forget, remember, remembered } from "./memory.js";
import { here, Sender } from "./sender.js";

export function hash(file, told) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./hashing.js", import.meta.url), { type: "module" });
    const end = (settle, value) => {
      worker.terminate();
      settle(value);
    };
    worker.addEventListener("message", ({ data }) => {
      if (data.sha256) end(resolve, data.sha256);
      else if (data.error) end(reject, new Error(data.error));
      else told(data.done);
    });
    worker.addEventListener("error", () => end(reject, new Error("sha256")));
    worker.postMessage(file);
  });
}

export class Course {
  constructor({ file, config, user, uploads, told }) {
    Object.assign(this, { file, config, user, uploads, told });
    this.sender = null;
  }

  // The upload of this very file that was left unfinished, if the hub still has it.
  async unfinished() {
    const found = remembered(this.user)[fingerprintOf(this.file)];
    if (!found) return null;
    try {
      const upload = await ask(`${this.uploads}/${found.id}`);
      if (upload.state !== "dropped") return { upload, fields: found.fields };
    } catch (error) {
      if (error instanceof TypeError) throw error;
    }
    forget(this.user, fingerprintOf(this.file));
    return null;
  }

  async open(team, sha256, fields) {
    const { name, size } = this.file;
    this.upload = await ask(this.uploads, { team, name, size, sha256 });
    remember(this.user, this.file, { id: this.upload.id, fields });
    return this.upload;
  }

  async send() {
    if (this.upload.known || this.upload.state !== "open") return;
    this.sender = new Sender(this.file, this.upload, this.told);
    this.told({ sent: this.sender.sent });
    await this.sender.send();
  }

  pause() {
    this.sender?.pause();
  }

  async complete(team, declared) {
    const attached = this.config ? [await this.#attach(team)] : [];
    const made = await ask(here(this.upload.complete_url), { version: { ...declared, with: attached } });
    forget(this.user, fingerprintOf(this.file));
    return made;
  }

  // A configuration is small: it goes the same way, whole.
  async #attach(team) {
    const file = this.config;
    const sha256 = await hash(file, () => {});
    const upload = await ask(this.uploads, { team, name: file.name, size: file.size, sha256 });
    if (!upload.known) await new Sender(file, upload, () => {}).send();
    await ask(here(upload.complete_url), {});
    return { upload: upload.id, role: "config" };
  }
}
