"""The whole door on one screen. Its addresses go before the API's and the pages' own."""

from __future__ import annotations

from django.urls import path, register_converter

from hub.hfapi import (
    elsewhere,
    history,
    info,
    listing,
    noise,
    resolving,
    trees,
    writing_urls,
)

register_converter(elsewhere.RepoPath, "repo_path")

_REPO = "<str:team>/<str:name>"
_API = f"api/models/{_REPO}"
_OTHER = elsewhere.Elsewhere.as_view()

urlpatterns = [
    *writing_urls.urlpatterns,
    path("api/agent-harnesses", noise.Harnesses.as_view()),
    path("api/telemetry/<path:rest>", noise.Telemetry.as_view()),
    path("api/models", listing.Models.as_view(), name="hf-repos"),
    path("api/models-tags-by-type", listing.Tags.as_view()),
    path(f"{_API}/revision/<path:revision>", info.Info.as_view(), name="hf-revision"),
    path(f"{_API}/tree/<path:rest>", trees.Tree.as_view(), name="hf-tree"),
    path(f"{_API}/paths-info/<path:revision>", trees.PathsInfo.as_view(), name="hf-paths"),
    path(f"{_API}/refs", history.Refs.as_view(), name="hf-refs"),
    path(f"{_API}/commits/<path:revision>", history.Commits.as_view(), name="hf-commits"),
    path(_API, info.Info.as_view(), name="hf-repo"),
    path(f"{_REPO}/resolve/<path:rest>", resolving.Resolve.as_view(), name="hf-resolve"),
    path(f"{_REPO}/raw/<path:rest>", resolving.Resolve.as_view(), name="hf-raw"),
    path(f"models/{_REPO}/resolve/<path:rest>", resolving.Resolve.as_view()),
    path(f"models/{_REPO}/raw/<path:rest>", resolving.Resolve.as_view()),
    # Names of one word, as some bases have: gpt2.
    path("api/models/<str:name>", _OTHER),
    path("api/models/<str:name>/revision/<path:rest>", _OTHER),
    path("api/models/<str:name>/tree/<path:rest>", _OTHER),
    path("api/models/<str:name>/paths-info/<path:rest>", _OTHER),
    path("api/models/<str:name>/commits/<path:rest>", _OTHER),
    path("models/<str:name>/resolve/<path:rest>", _OTHER),
    path("<str:name>/resolve/<repo_path:rest>", _OTHER),
    path("<str:name>/raw/<repo_path:rest>", _OTHER),
    # Other kinds of repositories, of which there are none here.
    path("api/datasets/<path:name>", _OTHER),
    path("api/spaces/<path:name>", _OTHER),
    path("datasets/<path:name>", _OTHER),
    path("spaces/<path:name>", _OTHER),
]
