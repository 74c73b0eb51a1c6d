// Again, a little later: what fails because the connection is gone, or because the hub is busy.

import { Lost, Refusal } from "./hub.js";

const TRIES = 8; // of what the hub itself refuses for now; a lost connection is waited for
const LONGEST = 30_000;

// Waits, but no longer than until the browser says that it is online again.
export const wait = (milliseconds, signal) =>
  new Promise((resolve, reject) => {
    const end = (settle, value) => {
      clearTimeout(timer);
      removeEventListener("online", online);
      signal?.removeEventListener("abort", abort);
      settle(value);
    };
    const online = () => end(resolve);
    const abort = () => end(reject, new DOMException("paused", "AbortError"));
    const timer = setTimeout(online, milliseconds);
    addEventListener("online", online);
    signal?.addEventListener("abort", abort);
    if (signal?.aborted) abort();
  });

// `told` hears {waiting} in seconds, 0 when it is tried again.
export async function patiently(act, { signal, told = () => {} } = {}) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await act();
    } catch (error) {
      const lost = error instanceof Lost;
      if (!lost && !(error instanceof Refusal && error.passing && attempt < TRIES)) throw error;
      const pause = Math.min(LONGEST, 500 * 2 ** Math.min(attempt, 7)) * (0.75 + Math.random() / 2);
      told({ waiting: Math.ceil(pause / 1000) });
      await wait(pause, signal);
      told({ waiting: 0 });
    }
  }
}
