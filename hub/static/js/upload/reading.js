// What the hub says of a group's header, on the base that is chosen or else on the one it suggests.

import { numbering } from "./gathering.js";
import { beginningOf, configIn, headerOf } from "./header.js";
import { ask } from "./hub.js";

const SAYS_NOTHING = /^(adapter model|pytorch lora weights|lora|model)$/i; // as programs call files
const spaced = (name) => name.replaceAll(/[_-]+/g, " ").trim();

// Fills in group.asked, which is small enough to be kept; says which configuration was no JSON.
export async function prepare(group) {
  const { file } = group.weights;
  const header = await headerOf(file);
  group.asked = { name: file.name, size: file.size, header: header ?? (await beginningOf(file)), config: null };
  if (!group.config) return "";
  try {
    group.asked.config = await configIn(group.config.file);
    return "";
  } catch {
    const { name } = group.config.file;
    group.config = null;
    return name;
  }
}

export const inspect = (address, group, base) => ask(address, { ...group.asked, base });

// The base to declare while nobody has: one that the page offers and that the hub suggests.
export function likelyBase(seen, titles) {
  const whole = seen.bases.filter((candidate) => candidate.whole).map((candidate) => candidate.slug);
  return [seen.suggested_base, ...whole].find((slug) => slug in titles) ?? "";
}

export function likelyTitle(group, seen) {
  if (seen?.training.name) return seen.training.name;
  const name = group.checkpoints.length ? numbering(group.weights.file.name).run : group.weights.file.name;
  const stem = spaced(name.replace(/\.[^.]+$/, ""));
  return SAYS_NOTHING.test(stem) ? spaced(group.folder ?? "") : stem;
}
