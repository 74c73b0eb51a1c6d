// A worker: hashes a file chunk by chunk and tells how far it is.

import { Sha256 } from "./sha256.js";

const CHUNK = 4 * 2 ** 20;

self.addEventListener("message", async ({ data: file }) => {
  try {
    const hash = new Sha256();
    for (let at = 0; at < file.size; at += CHUNK) {
      hash.update(new Uint8Array(await file.slice(at, at + CHUNK).arrayBuffer()));
      self.postMessage({ done: Math.min(at + CHUNK, file.size) });
    }
    self.postMessage({ sha256: hash.hex() });
  } catch (error) {
    self.postMessage({ error: String(error.message ?? error) });
  }
});
