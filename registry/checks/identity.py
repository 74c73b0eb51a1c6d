"""Is the file what its header says, and does the library have it in no other form?"""

from __future__ import annotations

from registry.checks.facts import Declared
from registry.checks.outcome import Finding
from registry.formats.claimed_hashes import ClaimedHash, claimed_hashes
from registry.formats.training import read_network, read_training
from registry.formats.training.contradictions import Contradiction, contradictions

# These trainers hash the tensors before they part and rename them for their runtimes, so that what
# they write down may be the hash of no file at all.
_HASHES_TOO_EARLY = {"ai-toolkit"}


def altered_since_hashed(declared: Declared) -> str | Finding | None:
    content = declared.content
    claims = claimed_hashes(declared.adapter.metadata)
    if content is None or not content.hashes or not claims:
        return None
    evidence = {"tensors": content.hashes[0], **{claim.key: claim.sha256 for claim in claims}}
    # A true hash shows the tensors to be the trainer's, whatever a tool has written beside it.
    if any(claim.sha256 in content.hashes for claim in claims) or _is_too_early(declared):
        return Finding("", evidence)
    first = claims[0]
    return Finding(
        f"The header says that its tensors hash to {_short(first)} ({first.key}), and they hash to "
        f"{content.hashes[0][:12]}…: they were altered after training, or the header comes from "
        "another file.",
        evidence,
    )


def numbers_that_contradict(declared: Declared) -> str | Finding | None:
    adapter = declared.adapter
    alphas = declared.content.alphas.values() if declared.content else ()
    found = contradictions(read_network(adapter.metadata), adapter, alphas=alphas)
    if not found:
        return None
    first = found[0]
    return Finding(
        f"The metadata gives the {first.field} as {first.claimed:g} ({first.source}), and the "
        f"tensors have {_listed(first)}.",
        {
            one.field: {"claimed": one.claimed, "found": list(one.found), "source": one.source}
            for one in found
        },
    )


def known_in_another_form(declared: Declared) -> str | Finding | None:
    if not declared.alike or declared.duplicates:
        return None
    return Finding(
        f"The same weights in another form are already here: {', '.join(declared.alike)}.",
        {"versions": list(declared.alike)},
    )


def _is_too_early(declared: Declared) -> bool:
    trainer = read_training(declared.adapter.metadata).trainer
    return trainer.lower() in _HASHES_TOO_EARLY


def _short(claim: ClaimedHash) -> str:
    return f"{claim.sha256[:12]}…"


def _listed(one: Contradiction) -> str:
    low, high = one.found[0], one.found[-1]
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"
