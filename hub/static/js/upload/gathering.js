// What several files, or a folder, hold of an adapter. Names alone tell; nothing is opened here.
// The hub tells the same of a ZIP file: registry/formats/members.py.

const MOST = 1000;
const DEEPEST = 4;
const CONFIG = /adapter_config\.json$/i;
const ZIP = /\.zip$/i;
const WEIGHTS = /\.(safetensors|gguf)$/i;
const OTHERS = [
  /^(optimizer|scheduler|scaler|rng_state|random_states|sampler|custom_checkpoint)[\w-]*\./i, // of the trainer
  /^(learned_embeds[\w-]*|embeddings?|.+[_-]emb(eds|eddings?)?)\.safetensors$/i,
];
const NUMBERED = [ // by its training step or epoch, as trainers call what they save on the way
  /(?:^|\/)(?:checkpoint|epoch)[-_]?(\d+)\//i,
  /[-_.](?:step|epoch)[-_]?(\d+)[^/]*$/i,
  /_(\d{9})\.\w+$/,
  /-(\d{6})\.\w+$/,
];

const last = (path) => path.split("/").at(-1);
const above = (path) => path.slice(0, path.lastIndexOf("/") + 1);
const numberOf = (path) => {
  const found = NUMBERED.map((pattern) => path.match(pattern)).find(Boolean);
  return found ? Number(found[1]) : null;
};

export const listed = (files) => [...files].map((file) => ({ file, path: file.webkitRelativePath || file.name }));

// {file, config, archive, folder, leftOut} or {problem}: a sentence's name.
export function gather(all) {
  const given = all.filter(({ path }) => !path.split("/").some((word) => word.startsWith(".") || word === "__MACOSX"));
  if (given.length === 1 && ZIP.test(given[0].path)) return { file: given[0].file, archive: true, leftOut: [] };
  const named = given.filter(({ path }) => WEIGHTS.test(path) && !OTHERS.some((pattern) => pattern.test(last(path))));
  // What only one can be meant by is read, whatever its name: the hub says what it is.
  const others = given.filter(({ path }) => !path.endsWith(".json"));
  const weights = named.length || others.length !== 1 ? named : others;
  if (!weights.length) return { problem: "noWeights" };
  const finished = weights.filter(({ path }) => numberOf(path) === null);
  if (finished.length > 1) return { problem: "twoFiles" };
  const [one] = finished.length ? finished : weights.toSorted((a, b) => numberOf(b.path) - numberOf(a.path));
  const config = configOf(given, one);
  const folder = folderOf(given);
  const rest = given.filter((each) => each !== one && each !== config);
  const leftOut = rest.map(({ path }) => path.slice(folder.length));
  return { file: one.file, config: config?.file ?? null, archive: false, folder: folder.slice(0, -1), leftOut };
}

// The folder that all of it lies in, with its slash.
function folderOf(given) {
  const first = given[0].path.slice(0, given[0].path.indexOf("/") + 1);
  return given.every(({ path }) => path.startsWith(first)) ? first : "";
}

// The configuration beside the weights, or the next above them.
function configOf(given, weights) {
  return given
    .filter(({ path }) => CONFIG.test(path) && weights.path.startsWith(above(path)))
    .toSorted((a, b) => above(b.path).length - above(a.path).length)[0];
}

// What was dropped, folders opened. Call it in the event itself: later, nothing is there any more.
export function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) return Promise.resolve(listed(transfer.files));
  const found = [];
  return entries.reduce((before, entry) => before.then(() => walk(entry, 1, found)), Promise.resolve()).then(() => found);
}

async function walk(entry, depth, found) {
  if (found.length >= MOST || depth > DEEPEST + 1) return;
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => { entry.file(resolve, reject); });
    found.push({ file, path: entry.fullPath.replace(/^\//, "") });
    return;
  }
  const reader = entry.createReader();
  const some = () => new Promise((resolve, reject) => { reader.readEntries(resolve, reject); });
  for (let few = await some(); few.length; few = await some()) { // it gives a hundred at a time
    for (const inside of few) await walk(inside, depth + 1, found);
  }
}
