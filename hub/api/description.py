"""
How the API's description is made: the settings of drf-spectacular.

Plain data, which hub/settings.py reads before there is anything else.
"""

from __future__ import annotations

# What sets of words are called: each is used by several fields.
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
    "AncestorKind": "registry.queries.words.AncestorKind",
    "Kind": "registry.queries.words.Kind",
    "MendStep": "hub.api.shapes.mending.STEPS",
    "MendingState": "registry.queries.words.MendingState",
    "Role": "registry.queries.words.Role",
}

DESCRIPTION = {
    "TITLE": "Loradex API",
    "DESCRIPTION": "A team's own library of LoRA adapters. See docs/api.md for a tour.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SCHEMA_PATH_PREFIX": "/api",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "hub.api.schema.with_bodies",
        "hub.api.examples.with_examples",
    ],
    "ENUM_NAME_OVERRIDES": ENUM_NAMES,
}
