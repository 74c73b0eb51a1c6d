"""What a screen reader calls things: each control has a name, in a list of what it is."""

from __future__ import annotations

import pytest

from tests.browser import places
from tests.browser.test_looks import operator, words  # noqa: F401
from tests.factories import VersionFactory, member
from tests.hub.pages import rows
from tests.openapi import said_and_shown

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

FAULTS = """() => {
  const found = [];
  const text = (one) => one.textContent.replace(/\\s+/g, " ").trim();
  const of = (ids) => ids.split(" ").map((id) => text(document.getElementById(id))).join(" ");
  const name = (one) => one.getAttribute("aria-label")
    ?? (one.hasAttribute("aria-labelledby") ? of(one.getAttribute("aria-labelledby")) : null)
    ?? (one.labels?.length ? [...one.labels].map(text).join(" ") : text(one));
  const twice = (all) => all.filter((one, at) => all.indexOf(one) !== at);
  const of_all = (which) => [...document.querySelectorAll(which)];
  for (const id of twice(of_all("[id]").map((one) => one.id))) found.push(`two are #${id}`);
  const controls = ":is(button, summary, input:not([type=hidden]), select, textarea)";
  for (const one of of_all(`${controls}:not([aria-hidden=true], [hidden], .needs-js)`)) {
    if (!name(one)) found.push(`has no name: ${one.outerHTML.slice(0, 120)}`);
  }
  for (const part of of_all("main li, main tr").filter((one) => one.querySelector("button"))) {
    const acts = [...part.querySelectorAll(":is(button, summary):not(details button)")];
    const others = [...part.parentElement.children].filter((one) => one !== part);
    const there = others.flatMap((one) => [...one.querySelectorAll("button, summary")].map(name));
    for (const one of acts.map(name).filter((said) => there.includes(said))) {
      found.push(`two are called ${one}`);
    }
  }
  if (of_all("h1").length !== 1) found.push(`${of_all("h1").length} headings are the first`);
  let before = 1;
  for (const one of of_all("h1, h2, h3, h4, h5, h6")) {
    const rank = Number(one.tagName[1]);
    if (rank > before + 1) found.push(`leaves out a rank: ${text(one)}`);
    before = rank;
  }
  return [...new Set(found)];
}"""


@pytest.fixture
def several(words, zebra, team, person):  # noqa: F811
    """Return the words of all places, with two of what is listed."""
    said_and_shown.make(zebra, by=member(team, username="noor"))
    VersionFactory(adapter__team=team, adapter__slug="third", ready=True, uploaded_by=person,
                   base=rows.base())  # fmt: skip
    return words


def test_each_control_says_what_it_is_and_of_what(signed_in, person, several, complaints):
    complaints.append("404 (Not Found)")
    operator(person)
    signed_in.route("**/*.{webp,png,svg,css}", lambda route: route.abort())
    complaints.append("net::ERR_FAILED")
    found = []
    for place, address in places.known(several):
        signed_in.goto(address)
        found += [f"{place.name}: {fault}" for fault in signed_in.evaluate(FAULTS)]
    assert found == [], "\n".join(found)
