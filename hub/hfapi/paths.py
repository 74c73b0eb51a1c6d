"""
`<revision>/<path in the repository>` taken apart.

A revision may have slashes in it, and servers decode the %2F that a client sent for one, so the cut
is made after the first words that are a revision.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.request import Request

from hub.hfapi.doors import commit_of
from registry.errors import NoSuchRevision

if TYPE_CHECKING:
    from registry.models import Adapter, RepoCommit

MOST_WORDS = 3  # of a revision


def split(request: Request, adapter: Adapter, rest: str) -> tuple[RepoCommit, str]:
    """
    Return the state that the first words mean, and the path that the others are ("" for none).

    :raises NoSuchRevision: if no first words are a revision
    """
    words = rest.split("/")
    refusal: NoSuchRevision | None = None
    for cut in range(1, min(len(words), MOST_WORDS) + 1):
        try:
            commit = commit_of(request, adapter, "/".join(words[:cut]))
        except NoSuchRevision as error:
            refusal = refusal or error
        else:
            return commit, "/".join(words[cut:]).strip("/")
    raise refusal or NoSuchRevision("Say which revision.")
