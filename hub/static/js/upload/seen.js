// What the header tells, on screen before any weights travel.

import { element, say } from "./say.js";

function line(label, value) {
  if (value === undefined || value === null || value === "") return null;
  return element("div", {}, element("dt", {}, label), element("dd", {}, String(value)));
}

const range = (ranks) => (!ranks ? "" : ranks[0] === ranks[1] ? ranks[0] : `${ranks[0]} – ${ranks[1]}`);

function findings(seen, titles) {
  const base = titles[seen.base] ?? seen.base;
  const said = seen.results
    .filter((result) => result.outcome !== "passed")
    .map((result) => element("li", { class: result.outcome }, result.problem));
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

export function showSeen(section, file, seen, titles) {
  const whole = seen.bases.filter((candidate) => candidate.whole);
  const fits = whole.map((candidate) => candidate.title).join(", ") || say("fitsNothing");
  const decided = seen.decided_by;
  section.replaceChildren(
    element("h2", {}, say("read", { name: file.name })),
    element("p", {},
      element("span", { class: "family" }, titles[seen.suggested_base] ?? seen.family), " ",
      element("span", { class: "quiet small" }, decided ? say("decidedBy", { tensor: decided }) : "")),
    element("dl", { class: "facts" },
      line(say("family"), [seen.family, seen.variant].filter(Boolean).join(" ")),
      line(say("fitsBases"), fits),
      line(say("rank"), range(seen.ranks)),
      line(say("layers"), seen.pairs),
      line(say("naming"), seen.dialect),
      line(say("algorithm"), seen.algorithms.join(", ")),
      line(say("numbers"), seen.dtypes.join(", "))),
    element("ul", { class: "said" }, ...findings(seen, titles)),
  );
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
