"""
What a version misses before it is published, in the reader's language.

The sayings are the registry's (registry/checks/requirements.py), which is plain Python and speaks
English. They are listed here for the translators; tests/hub/pages/test_missing.py holds the list
against the registry's table.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from registry.queries.words import Proof

if TYPE_CHECKING:
    from registry.checks.requirements import Missing

SAYINGS = (
    _("it was sent back ({reason}): mend that, then ask for review again"),
    _("it is proved to the level “{level}” and its team asks for “{needed}”"),
    _("it is not proved to load and its team asks for “{needed}”"),
    _("it has no description: say what it is for"),
    _("it has no trigger words, and nobody has said that it needs none"),
    _("it has no licence: say under which it may be used"),
    _("its team wants no warnings of the kind “{kind}”, and {check} warns"),
    _("it needs an approval by somebody other than its uploader"),
    _("it has {here} of the {needed} approvals that it needs by others than its uploader"),
)


def in_words(missing: Iterable[Missing]) -> list[str]:
    return [gettext(one.saying).format(**_told(one)) for one in missing]


def _told(one: Missing) -> dict[str, Any]:
    """Return what fills a saying, levels of proof by the names that pages give them."""
    labels = {level.value: level.label for level in Proof}
    levels = {name: labels.get(one.told.get(name, ""), "") for name in ("level", "needed")}
    return dict(one.told) | {name: label for name, label in levels.items() if label}


def refusal(number: int, missing: Iterable[Missing]) -> str:
    """Return the refusal to publish a version, as the registry says it."""
    said = "; ".join(in_words(missing))
    return gettext("Version {number} cannot be published yet: {missing}.").format(
        number=number, missing=said
    )
