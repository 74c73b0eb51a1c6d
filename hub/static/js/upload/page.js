// The upload page: a file is chosen, read at once, described, and sent.

import { Course, hash } from "./course.js";
import { Fields } from "./fields.js";
import { dropped, gather, listed } from "./gathering.js";
import { beginningOf, configIn, headerOf } from "./header.js";
import { ask, drop, Refusal } from "./hub.js";
import { forget, remembered } from "./memory.js";
import { element, say } from "./say.js";
import { showCandidates, showSeen, showZip } from "./seen.js";
import { Sending } from "./sending.js";

const form = document.getElementById("upload");
const part = (name) => form.querySelector(`[data-${name}]`);
const fields = new Fields(form);
const titles = Object.fromEntries(
  [...form.elements.namedItem("base").options].filter((one) => one.value).map((one) => [one.value, one.text]),
);
const chooser = form.elements.namedItem("file");
const { user, uploads, inspect } = form.dataset;
const SAYS_NOTHING = /^(adapter model|pytorch lora weights|lora|model)$/i; // as programs call files
const OF_THE_FILE = ["base", "trigger_words", "weight_low", "weight_high"];
const MOST_NAMED = 6;
let chosen = null; // what there is of the file: {file, config, archive, folder, header, sha256 (a promise), found}

function refuse(message) {
  const box = part("refusal");
  box.textContent = message;
  box.hidden = !message;
  if (message) box.scrollIntoView({ block: "nearest" });
}

async function choose(files) {
  const { file, config, archive, folder, leftOut = [], problem } = gather(files);
  refuse("");
  chosen = null;
  part("seen").hidden = true;
  part("candidates").hidden = true;
  for (const name of OF_THE_FILE) fields.clear(name); // of the file before this one
  tellLeftOut(leftOut);
  if (problem) return refuse(say(problem));
  part("seen").replaceChildren(element("p", { class: "quiet" }, say("reading", { name: file.name })));
  part("seen").hidden = false;
  const mine = { file, config, archive, folder, header: archive ? null : await headerOf(file) };
  chosen = mine;
  await readConfig(mine);
  await resume(mine);
  if (chosen === mine && (await look(mine)) && !mine.found) hashAhead(mine);
}

function tellLeftOut(paths) {
  const names = paths.slice(0, MOST_NAMED).join(", ") + (paths.length > MOST_NAMED ? " …" : "");
  part("left-out").textContent = names && say("leftOut", { names });
  part("left-out").hidden = !names;
}

async function readConfig(mine) {
  if (!mine.config) return;
  try {
    mine.parsed = await configIn(mine.config);
  } catch {
    refuse(say("badConfig", { name: mine.config.name }));
    mine.config = null;
  }
}

async function resume(mine) {
  const course = new Course({ file: mine.file, user, uploads });
  mine.found = await course.unfinished().catch(() => null);
  if (mine.found) fields.restore(mine.found.fields);
  part("unfinished").hidden = true;
}

// Ask what the header means, on the base that is chosen or else the one it suggests.
async function look(mine) {
  if (mine.archive) return showArchive(mine);
  const asked = {
    name: mine.file.name,
    size: mine.file.size,
    header: mine.header ?? (await beginningOf(mine.file)),
    config: mine.parsed ?? null,
  };
  try {
    let seen = await ask(inspect, { ...asked, base: fields.get("base") });
    const whole = seen.bases.filter((candidate) => candidate.whole).map((candidate) => candidate.slug);
    const likely = [seen.suggested_base, ...whole].find((slug) => slug in titles);
    if (!seen.declared && likely) {
      fields.suggest("base", likely);
      seen = await ask(inspect, { ...asked, base: fields.get("base") });
    }
    if (chosen !== mine) return false;
    fillIn(mine, seen);
    return true;
  } catch (error) {
    if (chosen !== mine) return false;
    part("seen").hidden = true;
    refuse(error.message);
    chosen = error instanceof Refusal && !error.passing ? null : mine;
    return false;
  }
}

// What lies in a ZIP file is seen once it is here.
function showArchive(mine) {
  showZip(part("seen"), mine.file);
  suggestTitle(mine);
  return true;
}

function suggestTitle(mine, told) {
  const spaced = (name) => name.replaceAll(/[_-]+/g, " ");
  const stem = spaced(mine.file.name.replace(/\.[^.]+$/, ""));
  fields.suggest("title", told ?? (SAYS_NOTHING.test(stem) ? spaced(mine.folder ?? "") : stem));
}

function fillIn(mine, seen) {
  part("way").hidden = true;
  showSeen(part("seen"), mine.file, seen, titles, (slug) => {
    fields.choose("base", slug);
    look(mine);
  });
  suggestTitle(mine, seen.training.name);
  const candidates = seen.trigger_candidates;
  if (candidates.length === 1) fields.suggest("trigger_words", candidates[0]);
  fields.suggest("weight_low", seen.training.weight?.low);
  fields.suggest("weight_high", seen.training.weight?.high);
  showCandidates(part("candidates"), candidates, (word) => fields.add("trigger_words", word));
}

// Hashing needs no network and no form, so it begins while the form is filled in.
function hashAhead(mine) {
  mine.hashed = 0;
  mine.sha256 = hash(mine.file, (done) => {
    mine.hashed = done;
    mine.hashing?.(done);
  });
  mine.sha256.catch(() => {});
}

async function send(event) {
  event.preventDefault();
  refuse("");
  if (!chosen) return refuse(part("refusal").textContent || say("noWeights"));
  if (fields.missing.length) {
    form.elements.namedItem(fields.missing[0]).focus();
    return refuse(say("fill"));
  }
  await goOnFrom(chosen);
  const sending = new Sending(part("sending"), part("submit-row"), chosen, { fields, user, uploads });
  await sending.run(refuse);
}

// What the hub has of this file for this team by now; what it has not, needs its sha256 first.
async function goOnFrom(mine) {
  const found = await new Course({ file: mine.file, user, uploads }).unfinished().catch(() => null);
  mine.found = found?.upload.team === fields.get("team") ? found : null;
  if (!mine.sha256 && !mine.found) hashAhead(mine);
}

function offerUnfinished() {
  const [[fingerprint, left] = []] = Object.entries(remembered(user));
  if (!left) return;
  const box = part("unfinished");
  const giveUp = () => {
    forget(user, fingerprint);
    drop(`${uploads}/${left.id}`).catch(() => {});
    box.hidden = true;
  };
  box.replaceChildren(
    element("span", {}, say("unfinished", { name: left.name })),
    element("button", { type: "button", class: "plain small", click: giveUp }, say("forget")),
  );
  box.hidden = false;
}

function takeDrops(zone) {
  let depth = 0;
  const mark = (change) => {
    depth = Math.max(0, depth + change);
    zone.classList.toggle("over", depth > 0);
  };
  zone.addEventListener("dragenter", () => mark(1));
  zone.addEventListener("dragleave", () => mark(-1));
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    mark(-depth);
    if (chooser.disabled || !event.dataTransfer.files.length) return;
    chooser.files = event.dataTransfer.files;
    dropped(event.dataTransfer).then(choose, () => refuse(say("noWeights")));
  });
}

chooser.multiple = true;
const folders = part("folder");
for (const [input, other] of [[chooser, folders], [folders, chooser]]) {
  input.addEventListener("change", () => {
    if (!input.files.length) return;
    other.value = "";
    choose(listed(input.files));
  });
}
part("pick-folder").addEventListener("click", () => folders.click());
form.elements.namedItem("base").addEventListener("change", () => chosen && look(chosen));
form.addEventListener("submit", send);
takeDrops(part("drop"));
offerUnfinished();
if (chooser.files.length) choose(listed(chooser.files)); // chosen before this module was here
