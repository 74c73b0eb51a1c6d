// How much goes on at once: so many places, and a line of those who wait for one.

export class Slots {
  constructor(count) {
    this.free = count;
    this.waiting = [];
  }

  async use(act, signal) {
    await this.#enter(signal);
    try {
      return await act();
    } finally {
      this.free += 1;
      this.#next();
    }
  }

  #enter(signal) {
    return new Promise((resolve, reject) => {
      const entry = { resolve, reject };
      const leave = () => {
        this.waiting = this.waiting.filter((one) => one !== entry);
        reject(new DOMException("paused", "AbortError"));
      };
      if (signal?.aborted) return leave();
      signal?.addEventListener("abort", leave, { once: true });
      entry.resolve = () => {
        signal?.removeEventListener("abort", leave);
        resolve();
      };
      this.waiting.push(entry);
      return this.#next();
    });
  }

  #next() {
    if (!this.free || !this.waiting.length) return;
    this.free -= 1;
    this.waiting.shift().resolve();
  }
}

export const parts = new Slots(3); // of all files together: more would not be faster
export const readings = new Slots(4);
