"""
Every page there is, in the states that it has: what is looked at by axe and kept in docs/screens.

An address may name what only a running hub knows, in braces: `{good}`, `{asked}` … Whoever walks
the table says what stands for them, and leaves out places whose words it does not have.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

Who = Literal["stranger", "member", "operator"]


@dataclass(frozen=True, slots=True)
class Place:
    name: str  # of its picture
    page: str  # its name in hub/pages/urls.py
    address: str
    who: Who = "member"

    @property
    def words(self) -> set[str]:
        return {word for _, word, _, _ in string.Formatter().parse(self.address) if word}


PLACES = (
    Place("browse", "browse", "/", "stranger"),
    Place("browse-nothing-found", "browse", "/?q=nothing-is-called-this", "stranger"),
    Place("browse-table", "browse", "/?view=table&tags=stripes", "stranger"),
    Place("browse-of-a-member", "browse", "/?tags=stripes"),
    Place("searches", "searches", "/searches"),
    Place("adapter", "adapter", "/{good}", "stranger"),
    Place("adapter-of-a-member", "adapter", "/{good}"),
    Place("adapter-text", "adapter", "/{text}", "stranger"),
    Place("adapter-sound", "adapter", "/{sound}", "stranger"),
    Place("adapter-rejected", "adapter", "/{rejected}"),
    Place("adapter-going-on", "adapter", "/{going_on}"),
    Place("adapter-failed", "adapter", "/{failed}"),
    Place("adapter-ready", "adapter", "/{ready}"),
    Place("community", "community", "/{good}/1/community"),
    Place("community-of-a-stranger", "community", "/{good}/1/community", "stranger"),
    Place("levels", "levels", "/levels", "stranger"),
    Place("complaints", "complaints", "/complaints"),
    Place("picture", "picture", "/{good}/1/gallery/{picture}"),
    Place("playground", "playground", "/{good}/1/playground"),
    Place("asked", "asked", "/{good}/1/playground/{asked}"),
    Place("compare-nothing", "compare", "/compare?adapters=", "stranger"),
    Place("compare", "compare", "/compare?adapters={good},{ready}"),
    Place("compare-layers", "compare-layers", "/compare/layers?adapters={good},{ready}"),
    Place("ask-several", "ask-several", "/compare/ask?adapters={good}"),
    Place("asked-several", "asked-several", "/compare/asked?requests={asked}"),
    Place("edit-adapter", "edit-adapter", "/{good}/edit"),
    Place("edit-version", "edit-version", "/{good}/1/edit"),
    Place("lineage", "lineage", "/{good}/1/lineage"),
    Place("another-base", "another-base", "/{rejected}/1/another-base"),
    Place("checkpoints", "checkpoints", "/{trained}/1/checkpoints"),
    Place("bases", "bases", "/bases", "stranger"),
    Place("base", "base", "/bases/{base}"),
    Place("new-base", "new-base", "/bases/new"),
    Place("new-scene", "new-scene", "/bases/{base}/scenes/new?team={team}"),
    Place("scene", "scene", "/bases/{base}/scenes/{team}/{scene}"),
    Place("upload", "upload", "/upload"),
    Place("uploads", "uploads", "/uploads"),
    Place("import", "import", "/import"),
    Place("one-import", "one-import", "/import/{import}"),
    Place("workers", "workers", "/workers"),
    Place("teams", "teams", "/teams"),
    Place("team", "team", "/teams/{team}", "stranger"),
    Place("team-of-a-member", "team", "/teams/{team}"),
    Place("members", "members", "/teams/{team}/members"),
    Place("activity", "activity", "/teams/{team}/activity"),
    Place("robots", "robots", "/teams/{team}/tokens", "operator"),
    Place("team-settings", "team-settings", "/teams/{team}/settings", "operator"),
    Place("invitation", "invitation", "/invitations/{invitation}", "stranger"),
    Place("review", "review", "/review", "operator"),
    Place("favourites", "favourites", "/favourites"),
    Place("collect", "collect", "/{good}/collect"),
    Place("collections", "collections", "/collections"),
    Place("collection", "collection", "/collections/{collection}"),
    Place("new-collection", "new-collection", "/collections/new"),
    Place("change-collection", "change-collection", "/collections/{collection}/change"),
    Place("notifications", "notifications", "/notifications"),
    Place("operations", "operations", "/operations", "operator"),
    Place("operations-work-item", "work-item", "/operations/run/{run}", "operator"),
    Place("operations-storage", "storage", "/operations/storage", "operator"),
    Place("account", "account", "/account"),
    Place("sign-in", "sign-in", "/sign-in", "stranger"),
    Place("not-found", "adapter", "/no/such-page", "stranger"),
)

# Parts that other pages fetch and show; they are seen there.
PARTS = {
    "comments",
    "gallery",
    "import-live",
    "live",
    "base-live",
    "asked-live",
    "layouts",
    "mending",
}
FILES = {"client", "client-vllm"}


def known(words: Mapping[str, object], *who: Who) -> Iterator[tuple[Place, str]]:
    """Yield the places (of `who`, if said) for which there are all words, with their addresses."""
    for place in PLACES:
        if (not who or place.who in who) and place.words <= set(words):
            yield place, place.address.format(**words)
