// What several files, or folders, hold of adapters. Names alone tell; nothing is opened here.
// The hub tells the same of a ZIP file: registry/formats/members.py.

const MOST = 2000;
const DEEPEST = 5;
const CONFIG = /(^|\/)adapter_config\.json$/i;
const ZIP = /\.zip$/i;
const WEIGHTS = /\.(safetensors|gguf)$/i;
const OTHERS = [
  /^(optimizer|scheduler|scaler|rng_state|random_states|sampler|custom_checkpoint)[\w-]*\./i, // of the trainer
  /^(learned_embeds[\w-]*|embeddings?|.+[_-]emb(eds|eddings?)?)\.safetensors$/i,
];
const STEPS = [ // as kohya, ai-toolkit, transformers and OneTrainer number what they save on the way
  /(?:^|\/)checkpoint[-_](\d+)\//i,
  /[-_.]step[-_]?(\d+)(?=[^/]*$)/i,
  /_(\d{9})(?=\.\w+$)/,
  /-save-(\d+)-\d+-\d+(?=\.\w+$)/,
];
const EPOCHS = [/[-_.]epoch[-_]?(\d+)(?=[^/]*$)/i, /(?:^|\/)epoch[-_]?(\d+)\//i, /-(\d{6})(?=\.\w+$)/];
const LARGEST_STEP = 2 ** 31 - 1;

const last = (path) => path.split("/").at(-1);
const above = (path) => path.slice(0, path.lastIndexOf("/") + 1);
const isHidden = (path) => path.split("/").some((word) => word.startsWith(".") || word === "__MACOSX");

// {number, isStep, run}: what a name says of a training run; `run` is the same for all of a run.
export function numbering(path) {
  for (const [patterns, isStep] of [[STEPS, true], [EPOCHS, false]]) {
    for (const pattern of patterns) {
      const found = path.match(pattern);
      if (!found || Number(found[1]) > LARGEST_STEP) continue;
      const run = path.replace(pattern, found[0].startsWith("/") ? "/" : "");
      return { number: Number(found[1]), isStep, run };
    }
  }
  return { number: null, isStep: false, run: path };
}

export const listed = (files) => [...files].map((file) => ({ file, path: file.webkitRelativePath || file.name }));

// A group becomes one version: {weights, config, checkpoints, archive, folder}, each file as
// {file, path, step}. What belongs to none is left out.
export function gather(all) {
  const given = all.filter(({ path }) => !isHidden(path));
  const folder = given.length ? folderOf(given) : "";
  const zips = given.filter(({ path }) => ZIP.test(path));
  const named = given.filter(({ path }) => WEIGHTS.test(path) && !OTHERS.some((pattern) => pattern.test(last(path))));
  // What only one can be meant by is read, whatever its name: the hub says what it is.
  const others = given.filter(({ path }) => !path.endsWith(".json"));
  const weights = named.length || zips.length || others.length !== 1 ? named : others;
  if (!weights.length && !zips.length) return { groups: [], leftOut: [], problem: "noWeights" };
  const runs = runsOf(weights);
  const groups = [
    ...runs.map((run) => ({ ...run, config: null, archive: false, folder: last(above(run.weights.run ?? run.weights.path).slice(0, -1)) })),
    ...zips.map((zip) => ({ weights: zip, checkpoints: [], config: null, archive: true, folder: "" })),
  ];
  giveConfigs(groups, given);
  const taken = new Set(groups.flatMap((group) => [group.weights, group.config, ...group.checkpoints]));
  const leftOut = given.filter((each) => !taken.has(each)).map(({ path }) => path.slice(folder.length));
  return { groups, leftOut, problem: "" };
}

// Files whose names differ in their number alone are of one training run.
function runsOf(weights) {
  const runs = new Map();
  for (const each of weights) {
    Object.assign(each, numbering(each.path));
    runs.set(each.run, [...(runs.get(each.run) ?? []), each]);
  }
  return [...runs.values()].map(asRun);
}

// The file without a number is the run's end; else the highest number is.
export function asRun(files) {
  const counted = files.some((each) => each.isStep) ? (each) => each.isStep : () => true;
  const steps = new Map();
  const finished = files.filter((each) => each.number === null);
  for (const each of files) if (each.number !== null && counted(each)) steps.set(each.number, each);
  const numbered = [...steps.values()].sort((one, other) => one.number - other.number);
  const weights = finished[0] ?? numbered.pop();
  for (const each of numbered) each.step = each.number;
  return { weights, checkpoints: numbered };
}

// A configuration is of the weights beside it, or of those in folders below.
function giveConfigs(groups, given) {
  for (const config of given.filter(({ path }) => CONFIG.test(path)).toSorted((a, b) => above(a.path).length - above(b.path).length)) {
    const under = groups.filter((group) => !group.archive && group.weights.path.startsWith(above(config.path)));
    const beside = under.filter((group) => above(group.weights.path) === above(config.path));
    const meant = beside.length > 1 ? beside.filter((group) => /^adapter_model\./.test(last(group.weights.path))) : under;
    for (const group of meant) group.config = config;
  }
}

// The folder that all of it lies in, with its slash.
function folderOf(given) {
  const first = given[0].path.slice(0, given[0].path.indexOf("/") + 1);
  return given.every(({ path }) => path.startsWith(first)) ? first : "";
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
