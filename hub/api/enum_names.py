"""
What sets of words are called in the API's description: each is used by several fields.

Plain data, which settings read before there is anything else.
"""

from __future__ import annotations

ENUM_NAMES = {
    "VersionState": "registry.queries.words.State",
    "RunState": "registry.queries.words.RunState",
    "BaseState": "registry.queries.words.BaseState",
    "FileRole": "registry.queries.words.FileRole",
    "PreparationState": "registry.queries.words.PreparationState",
    "RequestState": "registry.queries.words.RequestState",
    "GridKind": "registry.queries.words.GridKind",
    "ImportState": "registry.queries.words.ImportState",
    "ImportStage": "registry.queries.words.ImportStage",
    "ItemState": "registry.queries.words.ItemState",
    "Standing": "registry.queries.words.Standing",
    "ComplaintOutcome": "registry.queries.words.ComplaintOutcome",
    "LevelWay": "hub.api.levels.WAYS",
    "Use": "registry.queries.words.Use",
    "CommentState": "hub.api.shapes.comments.STATES",
    "Kind": "registry.queries.words.Kind",
    "Role": "registry.queries.words.Role",
}
