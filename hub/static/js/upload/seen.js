// What the header tells, on screen before any weights travel.

import { element, say } from "./say.js";

const SHOWN_BASES = 4; // the rest unfold
const COMPONENTS = ["unet", "transformer", "prior", "text_encoder", "text_encoder_2", "text_encoder_3", "model"];

function line(label, value) {
  if (value === undefined || value === null || value === "") return null;
  return element("div", {}, element("dt", {}, label), element("dd", {}, String(value)));
}

const range = (ranks) => (!ranks ? "" : ranks[0] === ranks[1] ? ranks[0] : `${ranks[0]} – ${ranks[1]}`);

// "720 of 722 in unet, 144 of 144 in text_encoder", in the order that a pipeline has them.
function layers(seen) {
  const parts = Object.entries(seen.fit?.components ?? {});
  if (!parts.length) return seen.pairs;
  return parts
    .sort(([one], [other]) => COMPONENTS.indexOf(one) - COMPONENTS.indexOf(other))
    .map(([component, fit]) => say("layersIn", { applied: fit.applied, total: fit.in_file, component }))
    .join(", ");
}

function findings(seen, titles) {
  const base = titles[seen.base] ?? seen.base_title;
  const said = seen.problems.map((problem) =>
    element("li", { class: problem.verdict === "refused" ? "rejected" : "warned" }, problem.sentence));
  if (seen.declared && seen.fit) {
    const counted = say("layersFound", { applied: seen.fit.applied, total: seen.fit.total, base });
    said.unshift(element("li", { class: seen.fit.applied === seen.fit.total ? "passed" : "warned" }, counted));
  }
  if (seen.declared && said.every((one) => one.className === "passed")) {
    said.push(element("li", { class: "passed" }, say("noMisfits", { base })));
  }
  if (seen.known) said.push(element("li", { class: "passed" }, say("known")));
  return said;
}

// The bases it may be for; a click declares one. What speaks for it is said, but where several have
// all of its layers: there nothing in the shapes speaks for one rather than another.
function bases(seen, titles, take) {
  if (seen.bases.length < 2) return null;
  const chip = (candidate) =>
    candidate.slug in titles
      ? element("button", { type: "button", class: "chip", "aria-pressed": String(candidate.slug === seen.base && seen.declared),
          click: () => take(candidate.slug) }, candidate.title)
      : element("span", { class: "quiet" }, candidate.title);
  const alike = seen.bases.filter((candidate) => candidate.whole && candidate.source === "layers");
  const others = seen.bases.filter((candidate) => !alike.includes(candidate));
  return element("section", { class: "bases" },
    element("h3", {}, say("bases")),
    ...others.map((candidate) =>
      element("p", {}, chip(candidate), element("span", { class: "quiet small" }, candidate.reason))),
    alike.length ? element("p", { class: "quiet small" }, say(others.length ? "alikeToo" : "alike", { count: alike.length })) : null,
    alike.length ? element("div", { class: "alike" }, ...alike.map(chip)) : null);
}

// The words whose embeddings lie in the file: without them in the prompt they do nothing.
export const wordsCarried = (seen) => seen.embeddings.map((one) => one.token || one.name);

// The earlier files of the same training run, which travel with it.
function ofRun(checkpoints) {
  if (!checkpoints.length) return null;
  const steps = checkpoints.map((each) => each.step).join(", ");
  return element("p", { class: "small" }, say("withCheckpoints", { count: checkpoints.length, steps }));
}

// What the hub has of these weights, as far as the person may see it.
export function showTwins(section, twins) {
  section.querySelector(".twins")?.remove();
  if (!twins.length) return;
  const line = (twin) =>
    element("li", { class: "warned" }, say(twin.sameBytes ? "sameBytes" : "sameWeights"), " ",
      element("a", { href: twin.page }, `${twin.team}/${twin.name} v${twin.version}`));
  section.append(element("ul", { class: "said twins" }, ...twins.map(line)));
}

// What the trainer wrote into the file, unfolded on demand.
function told(seen) {
  const { training } = seen;
  const rows = [
    line(say("trainer"), training.trainer),
    line(say("steps"), training.steps),
    line(say("epochs"), training.epochs),
    line(say("resolution"), training.resolution?.join(" × ")),
    line(say("pictures"), training.images),
    line(say("learningRate"), training.learning_rate),
    line(say("optimizer"), training.optimizer),
    line(say("baseNamed"), training.base_name || training.base_version),
  ].filter(Boolean);
  if (!rows.length) return null;
  return element("details", { class: "told" },
    element("summary", {}, say("training")),
    element("dl", { class: "facts" }, ...rows));
}

export function showSeen(section, file, seen, titles, take, checkpoints = []) {
  const whole = seen.bases.filter((candidate) => candidate.whole);
  const fits = whole.slice(0, SHOWN_BASES).map((candidate) => candidate.title).join(", ");
  const decided = seen.decided_by ? say("decidedBy", { tensor: seen.decided_by, reason: seen.reason }) : seen.reason;
  section.replaceChildren(
    element("h2", {}, say("read", { name: file.name })),
    element("p", {},
      element("span", { class: "family" }, titles[seen.suggested_base] ?? seen.family_title), " ",
      element("span", { class: "quiet small" }, decided)),
    element("ul", { class: "said" }, ...findings(seen, titles)),
    element("dl", { class: "facts" },
      line(say("family"), [seen.family_title, seen.variant].filter(Boolean).join(", ")),
      line(say("fitsBases"), fits ? fits + (whole.length > SHOWN_BASES ? " …" : "") : say("fitsNothing")),
      line(say("rank"), range(seen.ranks)),
      line(say("layers"), layers(seen)),
      line(say("naming"), seen.dialect_title),
      line(say("algorithm"), seen.algorithms.join(", ")),
      line(say("numbers"), seen.dtypes.join(", ")),
      line(say("tokens"), wordsCarried(seen).join(", "))),
    ...[ofRun(checkpoints), bases(seen, titles, take), told(seen)].filter(Boolean),
  );
  section.hidden = false;
}

export function showZip(section, file) {
  section.replaceChildren(
    element("h2", {}, say("zip", { name: file.name })),
    element("p", {}, say("zipLater")));
  section.hidden = false;
}

export function showCandidates(box, words, take) {
  box.hidden = words.length === 0;
  box.replaceChildren(
    element("p", {}, say("candidates")),
    ...words.slice(0, 12).map((word) =>
      element("button", { type: "button", class: "chip", "aria-label": say("add", { word }), click: () => take(word) }, word)),
  );
}
