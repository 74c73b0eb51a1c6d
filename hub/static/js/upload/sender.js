// Sends a file in parts, some at a time, again where it fails, and stops when it is paused.

import { ask, put } from "./hub.js";
import { patiently } from "./patience.js";
import { parts } from "./slots.js";

const LANES = 3;

export class Sender {
  // `told` hears {sent} in bytes, and {waiting} in seconds when the connection is gone.
  constructor(file, upload, told) {
    this.file = file;
    this.upload = upload;
    this.told = told;
    this.here = new Set(upload.parts_here);
    this.going = new Map(); // part number → bytes of it that have left
  }

  get sent() {
    let bytes = 0;
    for (const number of this.here) bytes += this.#length(number);
    for (const loaded of this.going.values()) bytes += loaded;
    return Math.min(bytes, this.file.size);
  }

  // Resolves when all parts are there; rejects with AbortError when the signal says so.
  async send(outer) {
    const stop = new AbortController();
    const signal = AbortSignal.any([outer, stop.signal]);
    const missing = [];
    for (let number = 1; number <= this.upload.parts; number++) {
      if (!this.here.has(number)) missing.push(number);
    }
    const lane = async () => {
      for (let number = missing.shift(); number; number = missing.shift()) await this.#part(number, signal);
    };
    try {
      await Promise.all(Array.from({ length: LANES }, lane));
    } catch (error) {
      stop.abort();
      throw error;
    } finally {
      this.going.clear();
    }
  }

  #part(number, signal) {
    const once = () => parts.use(() => this.#once(number, signal), signal);
    return patiently(once, { signal, told: this.told });
  }

  async #once(number, signal) {
    const start = (number - 1) * this.upload.part_size;
    const part = this.file.slice(start, start + this.#length(number));
    try {
      await put(await this.#address(number), part, {
        direct: this.upload.direct,
        signal,
        sent: (loaded) => {
          this.going.set(number, loaded);
          this.told({ sent: this.sent });
        },
      });
    } finally {
      this.going.delete(number);
    }
    this.here.add(number);
    this.upload.parts_here = [...this.here];
    this.told({ sent: this.sent });
  }

  async #address(number) {
    const template = this.upload.direct ? this.upload.part_address_url : this.upload.part_url;
    const address = here(template.replace("{number}", number));
    return this.upload.direct ? (await ask(address)).url : address;
  }

  #length(number) {
    return Math.min(this.upload.part_size, this.file.size - (number - 1) * this.upload.part_size);
  }
}

// The hub names itself as others reach it; this page may have reached it by another name.
export function here(address) {
  const { pathname, search } = new URL(address.replaceAll("%7B", "{").replaceAll("%7D", "}"), location);
  return pathname.replaceAll("%7B", "{").replaceAll("%7D", "}") + search;
}
