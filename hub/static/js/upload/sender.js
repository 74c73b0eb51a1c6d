// Sends a file in parts, three at a time, again where it fails, and stops when it is paused.

import { ask, put, Refusal } from "./hub.js";

const AT_ONCE = 3;
const TRIES = 8;
const LONGEST = 30_000;

const wait = (milliseconds, signal) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new DOMException("paused", "AbortError"));
    }, { once: true });
  });

export class Sender {
  // `told` hears {sent} in bytes, and {waiting} in seconds when the connection is gone.
  constructor(file, upload, told) {
    this.file = file;
    this.upload = upload;
    this.told = told;
    this.here = new Set(upload.parts_here);
    this.going = new Map(); // part number → bytes of it that have left
    this.stop = new AbortController();
  }

  pause() {
    this.stop.abort();
  }

  get sent() {
    let bytes = 0;
    for (const number of this.here) bytes += this.#length(number);
    for (const loaded of this.going.values()) bytes += loaded;
    return Math.min(bytes, this.file.size);
  }

  // Resolves when all parts are there; rejects with AbortError when paused.
  async send() {
    this.stop = new AbortController();
    const missing = [];
    for (let number = 1; number <= this.upload.parts; number++) {
      if (!this.here.has(number)) missing.push(number);
    }
    const lane = async () => {
      for (let number = missing.shift(); number; number = missing.shift()) await this.#part(number);
    };
    try {
      await Promise.all(Array.from({ length: AT_ONCE }, lane));
    } catch (error) {
      this.stop.abort();
      throw error;
    } finally {
      this.going.clear();
    }
  }

  async #part(number) {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#once(number);
        return;
      } catch (error) {
        this.going.delete(number);
        const passing = error instanceof TypeError || (error instanceof Refusal && error.passing);
        if (!passing || attempt >= TRIES) throw error;
        const pause = Math.min(LONGEST, 500 * 2 ** attempt) * (0.75 + Math.random() / 2);
        this.told({ waiting: Math.ceil(pause / 1000) });
        await wait(pause, this.stop.signal);
        this.told({ waiting: 0 });
      }
    }
  }

  async #once(number) {
    const { signal } = this.stop;
    const start = (number - 1) * this.upload.part_size;
    const part = this.file.slice(start, start + this.#length(number));
    await put(await this.#address(number), part, {
      direct: this.upload.direct,
      signal,
      sent: (loaded) => {
        this.going.set(number, loaded);
        this.told({ sent: this.sent });
      },
    });
    this.going.delete(number);
    this.here.add(number);
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
