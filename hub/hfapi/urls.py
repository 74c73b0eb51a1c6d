"""The whole door on one screen. Its addresses go before the API's and the pages' own."""

from __future__ import annotations

from django.urls import path, re_path

from hub.hfapi import elsewhere, history, info, listing, noise, resolving, trees

_REPO = "<str:team>/<str:name>"
_API = f"api/models/{_REPO}"
_OTHER = elsewhere.Elsewhere.as_view()

urlpatterns = [
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
    # Names of one word, as some bases have: gpt2. Numbers there are versions, on our own pages.
    path("api/models/<str:name>", _OTHER),
    re_path(
        r"^api/models/(?P<name>[^/]+)/(?:revision|tree|paths-info|refs|commits)(?:/.+)?$", _OTHER
    ),
    # Other kinds of repositories, of which there are none here.
    re_path(r"^api/(?:datasets|spaces)/(?P<name>[^/]+(?:/.+)?)$", _OTHER),
    re_path(r"^(?:datasets|spaces)/(?P<name>.+)/(?:resolve|raw)/.+$", _OTHER),
    re_path(r"^(?:models/)?(?P<name>[^/]+)/(?:resolve|raw)/(?!\d+(?:/|$)).+$", _OTHER),
]
