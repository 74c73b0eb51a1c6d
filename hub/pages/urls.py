from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import path

from hub.pages import (
    account,
    adapter,
    base_form,
    bases,
    browse,
    channels,
    client,
    comments,
    community,
    layouts,
    live,
    members,
    mine,
    operations,
    playground,
    review,
    scenes,
    teams,
    upload,
    votes,
    workers,
)
from hub.pages.signing import SignIn

_VERSION = "<slug:team>/<str:name>/<int:number>"
_COMMENTS = f"{_VERSION}/comments"
_ASKED = f"{_VERSION}/playground/<uuid:request_id>"

urlpatterns = [
    path("", browse.show, name="browse"),
    path("upload", upload.show, name="upload"),
    path("uploads", mine.show, name="uploads"),
    path("bases", bases.listed, name="bases"),
    path("bases/new", base_form.show, name="new-base"),
    path("bases/<slug:slug>", bases.show, name="base"),
    path("bases/<slug:slug>/live", bases.live, name="base-live"),
    path("bases/<slug:slug>/again", bases.make_again, name="base-again"),
    path("bases/<slug:slug>/remove", bases.remove, name="base-remove"),
    path("workers", workers.show, name="workers"),
    path("operations", operations.show, name="operations"),
    path("operations/again", operations.try_all_again, name="operations-all-again"),
    path("operations/storage", operations.kept, name="storage"),
    path("operations/run/<uuid:row_id>/again", operations.try_again, name="operations-again"),
    path("operations/<slug:noun>/<uuid:row_id>", operations.job, name="job"),
    path("bases/<slug:slug>/scenes/new", scenes.add, name="new-scene"),
    path("bases/<slug:slug>/scenes/<slug:team>/<int:scene_id>", scenes.change, name="scene"),
    path(
        "bases/<slug:slug>/scenes/<slug:team>/<int:scene_id>/switch",
        scenes.switch,
        name="scene-switch",
    ),
    path("teams", teams.listed, name="teams"),
    path("teams/<slug:slug>", teams.show, name="team"),
    path("teams/<slug:slug>/members", members.show, name="members"),
    path("teams/<slug:slug>/members/<str:username>/role", members.set_role, name="member-role"),
    path("teams/<slug:slug>/members/<str:username>/remove", members.remove, name="member-remove"),
    path("review", review.show, name="review"),
    path("sign-in", SignIn.as_view(), name="sign-in"),
    path("sign-out", LogoutView.as_view(), name="sign-out"),
    path("client/loradex.py", client.download, name="client"),
    path(
        "client/vllm_resolver.py",
        client.download,
        {"name": client.VLLM_PLUGIN},
        name="client-vllm",
    ),
    path("account", account.show, name="account"),
    path("account/tokens", account.make_token, name="make-token"),
    path("account/tokens/<uuid:token_id>/revoke", account.revoke_token, name="revoke-token"),
    path(f"{_VERSION}/live", live.show, name="live"),
    path(f"{_VERSION}/review", review.decide, name="decide"),
    path(f"{_VERSION}/publish", adapter.publish, name="publish"),
    path(f"{_VERSION}/again", adapter.try_again, name="try-again"),
    path(f"{_VERSION}/withdraw", adapter.withdraw, name="withdraw"),
    path(f"{_VERSION}/layouts", layouts.show, name="layouts"),
    path(f"{_VERSION}/layouts/ask", layouts.ask, name="ask-layout"),
    path(f"{_VERSION}/channels", channels.move, name="move-channel"),
    path(f"{_VERSION}/steps", playground.ask_for_steps, name="ask-steps"),
    path(f"{_VERSION}/compare", playground.compare, name="ask-versions"),
    path(f"{_VERSION}/playground", playground.show, name="playground"),
    path(_ASKED, playground.asked, name="asked"),
    path(f"{_ASKED}/live", playground.live, name="asked-live"),
    path(f"{_ASKED}/cancel", playground.cancel, name="asked-cancel"),
    path(f"{_ASKED}/gallery", playground.switch, name="asked-gallery"),
    path(f"{_VERSION}/community", community.show, name="community"),
    path(_COMMENTS, comments.listed, name="comments"),
    path(f"{_COMMENTS}/write", comments.write, name="write-comment"),
    *(
        path(
            f"{_COMMENTS}/<uuid:comment_id>/{act}",
            comments.change,
            {"act": act},
            name=f"{act}-comment",
        )
        for act in ("edit", "delete", "hide", "show")
    ),
    path(f"{_VERSION}/vote", votes.vote, name="vote"),
    path(f"{_VERSION}/vote/take-back", votes.take_back, name="take-vote-back"),
    path("<slug:team>/<str:name>", adapter.show, name="adapter"),
]
