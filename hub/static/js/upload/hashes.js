// The hashes of files, each computed once, two at a time, in workers.

import { ask } from "./hub.js";
import { Slots } from "./slots.js";

const slots = new Slots(2);
const known = new WeakMap(); // file → {promise of {sha256, autov3}, listeners}

function compute(file, told) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./hashing.js", import.meta.url), { type: "module" });
    const end = (settle, value) => {
      worker.terminate();
      settle(value);
    };
    worker.addEventListener("message", ({ data }) => {
      if (data.sha256) end(resolve, data);
      else if (data.error) end(reject, new Error(data.error));
      else told(data.done);
    });
    worker.addEventListener("error", () => end(reject, new Error("sha256")));
    worker.postMessage(file);
  });
}

export function hashesOf(file, told) {
  let entry = known.get(file);
  if (!entry) {
    entry = { told: () => {} };
    entry.promise = slots.use(() => compute(file, (done) => entry.told(done)));
    entry.promise.catch(() => known.delete(file)); // it may be asked for again
    known.set(file, entry);
  }
  if (told) entry.told = told;
  return entry.promise;
}

// What the person may see of these weights here: [{team, name, version, sameBytes}].
export async function twinsOf(file, byHash) {
  const { sha256, autov3 } = await hashesOf(file);
  const { items } = await ask(byHash, { hashes: [sha256, ...(autov3 ? [autov3] : [])] });
  const found = new Map();
  for (const one of items) {
    const page = `/${one.team}/${one.name}?version=${one.version}`;
    if (!found.has(page)) found.set(page, { ...one, page, sameBytes: one.sha256 === sha256 });
  }
  return [...found.values()];
}
