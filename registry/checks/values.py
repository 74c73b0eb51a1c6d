"""Do the numbers in the file do anything, and nothing impossible?"""

from __future__ import annotations

from registry.checks import spread
from registry.checks.facts import Content, Declared
from registry.checks.outcome import Finding
from registry.formats.quoting import told

TOLD = 20


def not_finite(declared: Declared) -> str | Finding | None:
    content = declared.content
    if content is None:
        return None
    for kind, names in (
        ("not a number (NaN)", content.nan_tensors),
        ("infinite", content.inf_tensors),
    ):
        if names:
            return Finding(
                f"{told(names[0])} holds values that are {kind}"
                + (f", as do {len(names) - 1} more tensors" if len(names) > 1 else "")
                + ". Every picture made with this file would be broken.",
                {"tensors": list(names[:TOLD]), "hit": _layers_hit(declared, content)},
            )
    return None


def _layers_hit(declared: Declared, content: Content) -> int:
    """Return in how many layers there are numbers that are not finite."""
    broken = {*content.nan_tensors, *content.inf_tensors}
    return sum(
        any(tensor.name in broken for tensor in pair.tensors.values())
        for pair in declared.adapter.pairs
    )


def changes_nothing(declared: Declared) -> str | Finding | None:
    content = declared.content
    if content is None or not content.layers or len(content.zero_up) < content.layers:
        return None
    alphas = {*content.alphas.values(), *(pair.alpha for pair in declared.adapter.pairs)} - {None}
    if alphas == {0.0}:
        return (
            "The adapter changes nothing: its alpha is 0, and every layer is multiplied by that. "
            "Save it with the alpha that it was trained with."
        )
    return (
        f"The adapter changes nothing: the up matrices of all its {content.layers} layers are "
        "zero, as they are before training begins. Perhaps an untrained file was saved."
    )


def layers_untrained(declared: Declared) -> str | Finding | None:
    content = declared.content
    if content is None or not 0 < len(content.zero_up) < content.layers:
        return None
    return Finding(
        f"{len(content.zero_up)} of {content.layers} layers change nothing (their up matrix is "
        f"zero), the first: {told(content.zero_up[0])}.",
        {
            "layers": list(content.zero_up[:TOLD]),
            "share": round(len(content.zero_up) / content.layers, 3),
        },
    )


def uneven(declared: Declared) -> str | Finding | None:
    content = declared.content
    if content is None or not content.norms:
        return None
    evidence = spread.summary(declared.adapter, content)
    found = spread.outliers(declared.adapter, content)
    if not found:
        return Finding("", evidence)
    first = found[0]
    others = f", as are {len(found) - 1} more layers" if len(found) > 1 else ""
    return Finding(
        f"{told(first.layer)} is changed {first.times:,.0f} times as much as its neighbours are"
        f"{others}. It would drown out all the others; perhaps training ran away there.",
        evidence | {"layers": [one.layer for one in found[:TOLD]]},
    )
