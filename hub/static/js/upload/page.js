// The upload page: files are chosen and read at once; one adapter is described in the form, several
// in a table; then they are sent.

import { Course } from "./course.js";
import { allHere, Draft, groupOf, unfinished } from "./drafts.js";
import { Fields } from "./fields.js";
import { dropped, gather, listed } from "./gathering.js";
import { canPick, canPickFolder, give, held, keep as keepHold, keptOf, pick, pickFolder, reopen, tidy } from "./handles.js";
import { hashesOf, twinsOf } from "./hashes.js";
import { Refusal } from "./hub.js";
import { Many } from "./many.js";
import { inspect, likelyBase, likelyTitle, prepare } from "./reading.js";
import { element, say } from "./say.js";
import { showCandidates, showSeen, showTwins, showZip, wordsCarried } from "./seen.js";
import { reasonOf, Sending } from "./sending.js";

const form = document.getElementById("upload");
const part = (name) => form.querySelector(`[data-${name}]`);
const fields = new Fields(form);
const titles = Object.fromEntries(
  [...form.elements.namedItem("base").options].filter((one) => one.value).map((one) => [one.value, one.text]),
);
const chooser = form.elements.namedItem("file");
const addresses = form.dataset; // {inspect, uploads, drafts, byHash}
const OF_THE_FILE = ["base", "trigger_words", "weight_low", "weight_high"];
const MOST_NAMED = 6;
const begun = unfinished(addresses.drafts).catch(() => []);
let drafts = []; // those that were left unfinished and are not taken up yet
let draft = new Draft(addresses.drafts); // what the form is kept in
let chosen = null; // the group that the form is about
let looks = 0; // how often its header was asked about: only the last answer counts

const many = new Many({ form, section: part("many"), titles, addresses, draftOf });

function refuse(message) {
  const box = part("refusal");
  box.textContent = message;
  box.hidden = !message;
  if (message) box.scrollIntoView({ block: "nearest" });
}

// The draft that these files were left in, taken up again; else a new one.
function draftOf(group) {
  if (group.draft) return group.draft;
  const found = drafts.find((one) => one.knows(group.weights));
  if (!found) return new Draft(addresses.drafts);
  drafts = drafts.filter((one) => one !== found);
  offerUnfinished();
  return found;
}

async function choose(files) {
  const { groups, leftOut, problem } = gather(files);
  keepHold(files).catch(() => {}); // they are chosen again then
  await offered;
  part("unfinished").hidden = true;
  refuse("");
  tellLeftOut(leftOut);
  if (problem) return refuse(say(problem));
  if (groups.length > 1 || many.isShown) return takeMany(groups);
  return takeOne(groups[0]);
}

function takeMany(groups) {
  const before = many.isShown || !chosen ? [] : [Object.assign(chosen, { draft })];
  chosen = null;
  for (const name of ["seen", "doubt"]) part(name).hidden = true;
  many.add([...before, ...groups]);
  offerUnfinished();
}

async function takeOne(group) {
  for (const name of ["candidates", "doubt"]) part(name).hidden = true;
  for (const name of OF_THE_FILE) fields.clear(name); // of the file before this one
  part("seen").replaceChildren(element("p", { class: "quiet" }, say("reading", { name: group.weights.file.name })));
  part("seen").hidden = false;
  chosen = group;
  takeUp(draftOf(group));
  const notJson = group.archive ? "" : await prepare(group);
  if (notJson) refuse(say("badConfig", { name: notJson }));
  if (chosen === group && (await look(group)) && !group.archive) compare(group);
}

function takeUp(found) {
  if (!found.id) return;
  draft = found;
  fields.restore(found.about);
  showAsks();
}

function tellLeftOut(paths) {
  const names = paths.slice(0, MOST_NAMED).join(", ") + (paths.length > MOST_NAMED ? " …" : "");
  part("left-out").textContent = names && say("leftOut", { names });
  part("left-out").hidden = !names;
}

// Ask what the header means, on the base that is chosen or else the one it suggests.
async function look(group) {
  if (group.archive) return showArchive(group);
  const mine = ++looks;
  const isOver = () => chosen !== group || mine !== looks; // another file or base was chosen meanwhile
  try {
    let seen = await inspect(addresses.inspect, group, fields.get("base"));
    const likely = likelyBase(seen, titles);
    if (!seen.declared && likely && !isOver()) {
      fields.suggest("base", likely);
      seen = await inspect(addresses.inspect, group, fields.get("base"));
    }
    if (isOver()) return false;
    fillIn(group, seen);
    return true;
  } catch (error) {
    if (isOver()) return false;
    part("seen").hidden = true;
    refuse(reasonOf(error));
    chosen = error instanceof Refusal && !error.passing ? null : group;
    return false;
  }
}

// What lies in a ZIP file is seen once it is here.
function showArchive(group) {
  showZip(part("seen"), group.weights.file);
  fields.suggest("title", likelyTitle(group));
  return true;
}

function fillIn(group, seen) {
  part("way").hidden = true;
  part("doubt").hidden = !seen.problems.some((problem) => problem.verdict === "refused");
  showSeen(part("seen"), group.weights.file, seen, titles, (slug) => {
    fields.choose("base", slug);
    keep();
    look(group);
  }, group.checkpoints);
  fields.suggest("title", likelyTitle(group, seen));
  const carried = wordsCarried(seen);
  const candidates = seen.trigger_candidates.filter((word) => !carried.includes(word));
  if (carried.length) fields.suggest("trigger_words", carried.join(", "));
  else if (candidates.length === 1) fields.suggest("trigger_words", candidates[0]);
  fields.suggest("weight_low", seen.training.weight?.low);
  fields.suggest("weight_high", seen.training.weight?.high);
  showCandidates(part("candidates"), candidates, (word) => {
    fields.add("trigger_words", word);
    keep();
  });
  showTwins(part("seen"), group.twins ?? []);
}

// Hashing needs no network and no form, so it begins while the form is filled in.
async function compare(group) {
  for (const { file } of [group.weights, ...group.checkpoints]) hashesOf(file).catch(() => {});
  group.twins = await twinsOf(group.weights.file, addresses.byHash).catch(() => []);
  if (chosen === group) showTwins(part("seen"), group.twins);
}

const keep = () => draft.save({ about: fields.about });

async function send(event) {
  event.preventDefault();
  refuse("");
  if (many.isShown) return many.sendAll();
  if (!chosen) return refuse(part("refusal").textContent || say("noWeights"));
  if (fields.missing.length) {
    form.elements.namedItem(fields.missing[0]).focus();
    return refuse(say("fill"));
  }
  chosen.course ??= new Course({ group: chosen, draft, uploads: addresses.uploads });
  return new Sending(part("sending"), part("submit-row"), chosen.course, fields).run(refuse);
}

// What a team asks before it publishes: of the chosen one.
function showAsks() {
  for (const each of form.querySelectorAll("[data-asks]")) each.hidden = each.dataset.asks !== fields.get("team");
}

function offerUnfinished() {
  const box = part("unfinished");
  box.hidden = drafts.length === 0 || many.isShown;
  if (box.hidden) return;
  const names = drafts.map(({ about, files }) => files[0]?.name ?? about.title).filter(Boolean);
  const shown = names.slice(0, MOST_NAMED).join(", ") + (names.length > MOST_NAMED ? " …" : "");
  box.replaceChildren(
    element("span", {}, say("unfinished", { name: shown })),
    element("a", { href: addresses.mine, class: "small" }, say("allDrafts")),
  );
  offerToReopen(box, drafts);
}

// A button where this browser has kept hold of the files of drafts: no need to look for them.
async function offerToReopen(box, wanted) {
  const kept = await Promise.all(wanted.map((one) => keptOf(one).catch(() => null)));
  const files = kept.filter(Boolean).flat();
  if (!files.length || box.hidden) return;
  const names = files.map(({ name }) => name.split("/").at(-1));
  const shown = names.slice(0, MOST_NAMED).join(", ") + (names.length > MOST_NAMED ? " …" : "");
  const begunAlready = kept.filter(Boolean).length === 1 && files.some(({ upload }) => upload);
  box.querySelector("button")?.remove();
  box.append(element("button", { type: "button", class: "secondary", click: () => goOn(files, begunAlready) }, say("goOnWith", { names: shown })));
}

// What was on its way goes on at once; what was not is looked over first.
async function goOn(files, isUnderWay) {
  try {
    const opened = await reopen(files);
    put(opened, chooser);
    await choose(opened);
    if (isUnderWay && chosen && !fields.missing.length) form.requestSubmit();
  } catch (error) {
    refuse(say(error.name === "NotFoundError" ? "changedSince" : "notAllowed", { name: error.message }));
  }
}

// Have a field of files hold what was opened elsewhere, so that it shows its name.
function put(opened, input) {
  const transfer = new DataTransfer();
  for (const { file } of opened) transfer.items.add(file);
  input.files = transfer.files;
}

async function offerDrafts() {
  drafts = await begun;
  tidy(drafts).catch(() => {});
  const wanted = new URLSearchParams(location.search).get("draft");
  const found = drafts.find((one) => one.id === wanted);
  if (!found) return offerUnfinished();
  takeUp(found);
  const names = found.files.map(({ name }) => name).join(", ");
  const isHere = await allHere(found, addresses.uploads);
  if (isHere) chosen = groupOf(found);
  const said = isHere ? "allHere" : names ? "chooseAgain" : "chooseOne";
  part("unfinished").replaceChildren(element("span", {}, say(said, { names })));
  part("unfinished").hidden = false;
  if (!isHere) offerToReopen(part("unfinished"), [found]);
  return null;
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
    const handles = held(event.dataTransfer);
    dropped(event.dataTransfer)
      .then((found) => give(found, handles))
      .then(choose, () => refuse(say("noWeights")));
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
// Where the browser can, its own picker is opened: what it gives can be kept hold of.
async function pickInstead(event, picked, input) {
  event.preventDefault();
  const found = await picked().catch(() => null);
  if (!found?.length) return;
  if (input) put(found, input);
  choose(found);
}

chooser.addEventListener("click", (event) => canPick && pickInstead(event, pick, chooser));
part("pick-folder").addEventListener("click", (event) => (canPickFolder ? pickInstead(event, pickFolder) : folders.click()));
form.elements.namedItem("base").addEventListener("change", () => chosen && look(chosen));
form.querySelector(".fields").addEventListener("input", keep);
form.elements.namedItem("team").addEventListener("change", showAsks);
showAsks();
form.addEventListener("submit", send);
takeDrops(part("drop"));
const offered = offerDrafts();
if (chooser.files.length) offered.then(() => choose(listed(chooser.files))); // before this module was here
