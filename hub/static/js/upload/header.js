// The header of a safetensors file: 8 bytes of length and that much JSON. Only these are read.

const LENGTH = 8;
const MOST = 8 * 2 ** 20;
const FIRST = 4096;
const FIRST_OF_GGUF = 256 * 1024; // It does not say how long its header is.

export async function headerOf(file) {
  const first = new DataView(await file.slice(0, LENGTH).arrayBuffer());
  if (first.byteLength < LENGTH) return null;
  const length = Number(first.getBigUint64(0, true));
  if (length < 2 || length > MOST || length + LENGTH > file.size) return null;
  const text = await file.slice(LENGTH, LENGTH + length).text();
  return text.startsWith("{") ? text : null;
}

// What is no safetensors file: its first bytes, so that the hub can read or name what it is.
export async function beginningOf(file) {
  const isGguf = (await file.slice(0, 4).text()) === "GGUF";
  const first = await file.slice(0, isGguf ? FIRST_OF_GGUF : FIRST).arrayBuffer();
  let text = "";
  for (const byte of new Uint8Array(first)) text += String.fromCharCode(byte);
  return btoa(text);
}

export async function configIn(file) {
  const parsed = JSON.parse(await file.text());
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw new TypeError();
  return parsed;
}
