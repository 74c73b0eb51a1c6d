// A worker: hashes a file chunk by chunk and tells how far it is. The AutoV3 is the beginning of
// the sha256 of all that follows the header: the same for the same weights under another header.

import { Sha256 } from "./sha256.js";

const CHUNK = 4 * 2 ** 20;
const LARGEST = 2 ** 30; // of a file that is hashed twice
const LENGTH = 8;

async function beginningOfWeights(file) {
  const first = new DataView(await file.slice(0, LENGTH).arrayBuffer());
  const begin = first.byteLength < LENGTH ? Infinity : Number(first.getBigUint64(0, true)) + LENGTH;
  return begin < file.size && file.size <= LARGEST ? begin : Infinity;
}

self.addEventListener("message", async ({ data: file }) => {
  try {
    const whole = new Sha256();
    const weights = new Sha256();
    const begin = await beginningOfWeights(file);
    for (let at = 0; at < file.size; at += CHUNK) {
      const chunk = new Uint8Array(await file.slice(at, at + CHUNK).arrayBuffer());
      whole.update(chunk);
      if (begin < at + chunk.length) weights.update(chunk.subarray(Math.max(0, begin - at)));
      self.postMessage({ done: Math.min(at + CHUNK, file.size) });
    }
    const autov3 = begin === Infinity ? "" : weights.hex().slice(0, 12);
    self.postMessage({ sha256: whole.hex(), autov3 });
  } catch (error) {
    self.postMessage({ error: String(error.message ?? error) });
  }
});
