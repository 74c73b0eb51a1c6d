"""The whole API on one screen."""

from __future__ import annotations

from django.urls import path, re_path

from hub.api import (
    accounts,
    activity,
    adapters,
    asking,
    bases,
    beside,
    changes,
    channels,
    comments,
    downloads,
    drafts,
    facets,
    facts,
    imports,
    inspecting,
    invitations,
    missing,
    operations,
    prepared,
    receiving,
    reviews,
    scenes,
    schema,
    teams,
    together,
    training_runs,
    uploads,
    versions,
    votes,
    workers,
)

_ADAPTER = "adapters/<slug:team>/<str:name>"
_VERSION = f"{_ADAPTER}/versions/<int:number>"
_IMPORT = "imports/<uuid:import_id>"
_COMMENT = f"{_ADAPTER}/comments/<uuid:comment_id>"
_UPLOAD = "uploads/<uuid:upload_id>"

urlpatterns = [
    path("account", accounts.Account.as_view(), name="api-account"),
    path("tokens", accounts.Tokens.as_view(), name="api-tokens"),
    path("tokens/<uuid:token_id>", accounts.OneToken.as_view(), name="api-token"),
    path("teams", teams.Teams.as_view(), name="api-teams"),
    path("teams/<slug:team>", teams.OneTeam.as_view(), name="api-team"),
    path("teams/<slug:team>/policy", teams.TeamPolicy.as_view(), name="api-policy"),
    path("teams/<slug:team>/activity", activity.TeamActivity.as_view(), name="api-activity"),
    path(
        "teams/<slug:team>/invitations",
        invitations.Invitations.as_view(),
        name="api-invitations",
    ),
    path(
        "teams/<slug:team>/invitations/<uuid:invitation_id>",
        invitations.OneInvitation.as_view(),
        name="api-invitation",
    ),
    path("invitations", invitations.AcceptInvitation.as_view(), name="api-accept"),
    path("teams/<slug:team>/tokens", invitations.Robots.as_view(), name="api-team-tokens"),
    path(
        "teams/<slug:team>/tokens/<uuid:token_id>",
        invitations.OneRobot.as_view(),
        name="api-team-token",
    ),
    path("review", reviews.Queue.as_view(), name="api-queue"),
    path("teams/<slug:team>/members", accounts.Members.as_view(), name="api-members"),
    path(
        "teams/<slug:team>/members/<str:username>", accounts.OneMember.as_view(), name="api-member"
    ),
    path("bases", bases.Bases.as_view(), name="api-bases"),
    path("bases/<path:slug>/make", bases.MakeBase.as_view(), name="api-base-make"),
    path("bases/<path:slug>", bases.BaseByName.as_view(), name="api-base"),
    path("teams/<slug:team>/scenes", scenes.TeamScenes.as_view(), name="api-scenes"),
    path(
        "teams/<slug:team>/scenes/<int:scene_id>", scenes.OneTeamScene.as_view(), name="api-scene"
    ),
    path("adapters", adapters.AdapterList.as_view(), name="api-adapters"),
    path("facets", facets.Facets.as_view(), name="api-facets"),
    path(_ADAPTER, adapters.AdapterByName.as_view(), name="api-adapter"),
    path(f"{_ADAPTER}/download", downloads.DownloadLatest.as_view(), name="api-download-latest"),
    path(f"{_ADAPTER}/channels", channels.Channels.as_view(), name="api-channels"),
    path(f"{_ADAPTER}/channels/<str:channel>", channels.OneChannel.as_view(), name="api-channel"),
    path(f"{_ADAPTER}/comments", comments.Comments.as_view(), name="api-comments"),
    path(_COMMENT, comments.OneComment.as_view(), name="api-comment"),
    path(f"{_COMMENT}/hidden", comments.HiddenComment.as_view(), name="api-comment-hidden"),
    path(
        f"{_ADAPTER}/statistics",
        facts.AdapterStatistics.as_view(),
        name="api-adapter-statistics",
    ),
    path(f"{_ADAPTER}/versions", receiving.NewVersions.as_view(), name="api-versions"),
    path(_VERSION, versions.Version.as_view(), name="api-version"),
    path(f"{_VERSION}/report", versions.VersionReport.as_view(), name="api-report"),
    path(f"{_VERSION}/previews", versions.VersionPreviews.as_view(), name="api-previews"),
    path(f"{_VERSION}/previews/sheet", downloads.Sheet.as_view(), name="api-sheet"),
    path(f"{_VERSION}/curve", versions.VersionCurve.as_view(), name="api-curve"),
    path(f"{_VERSION}/votes", votes.Votes.as_view(), name="api-votes"),
    path(f"{_VERSION}/requests", asking.Requests.as_view(), name="api-requests"),
    path(f"{_VERSION}/requests/<uuid:request_id>", asking.OneRequest.as_view(), name="api-request"),
    path(f"{_VERSION}/download", downloads.Download.as_view(), name="api-download"),
    path(f"{_VERSION}/layouts", prepared.Layouts.as_view(), name="api-layouts"),
    path(
        f"{_VERSION}/layouts/<uuid:preparation_id>",
        prepared.OnePreparation.as_view(),
        name="api-preparation",
    ),
    path(f"{_VERSION}/bundle", beside.Bundle.as_view(), name="api-bundle"),
    path(f"{_VERSION}/sidecars", beside.Sidecars.as_view(), name="api-sidecars"),
    path(f"{_VERSION}/sidecars/<str:kind>", beside.OneSidecar.as_view(), name="api-sidecar"),
    path(f"{_VERSION}/review", reviews.VersionReview.as_view(), name="api-review"),
    path(f"{_VERSION}/checkpoints", training_runs.Checkpoints.as_view(), name="api-checkpoints"),
    path(
        f"{_VERSION}/checkpoints/vote",
        training_runs.CheckpointVote.as_view(),
        name="api-checkpoint-vote",
    ),
    path(
        f"{_VERSION}/checkpoints/promote",
        training_runs.PromoteCheckpoint.as_view(),
        name="api-checkpoint-promote",
    ),
    path(f"{_VERSION}/publish", versions.PublishVersion.as_view(), name="api-publish"),
    path(f"{_VERSION}/withdraw", versions.WithdrawVersion.as_view(), name="api-withdraw"),
    path(f"{_VERSION}/validate", versions.ValidateVersion.as_view(), name="api-validate"),
    path(f"{_VERSION}/source", imports.VersionSource.as_view(), name="api-source"),
    path("imports", imports.Imports.as_view(), name="api-imports"),
    path(_IMPORT, imports.OneImport.as_view(), name="api-import"),
    path(f"{_IMPORT}/start", imports.StartImport.as_view(), name="api-import-start"),
    path(f"{_IMPORT}/items", imports.ImportItems.as_view(), name="api-import-items"),
    path(
        f"{_IMPORT}/items/<int:position>", imports.OneImportItem.as_view(), name="api-import-item"
    ),
    path("changes", changes.Changes.as_view(), name="api-changes"),
    path("statistics", facts.Statistics.as_view(), name="api-statistics"),
    path("compare", facts.Compare.as_view(), name="api-compare"),
    path("compare/several", together.CompareSeveral.as_view(), name="api-compare-several"),
    path("requests", together.AskSeveral.as_view(), name="api-ask-several"),
    path("by-hash", facts.ByHashes.as_view(), name="api-by-hashes"),
    path("by-hash/<str:value>", versions.VersionByHash.as_view(), name="api-by-hash"),
    path("previews/<str:sha256>.webp", downloads.Picture.as_view(), name="api-picture"),
    path("previews/<str:sha256>.wav", downloads.Sound.as_view(), name="api-sound"),
    path("inspect", inspecting.Inspect.as_view(), name="api-inspect"),
    path("uploads", uploads.Uploads.as_view(), name="api-uploads"),
    path(_UPLOAD, uploads.OneUpload.as_view(), name="api-upload"),
    path(f"{_UPLOAD}/complete", uploads.CompleteUpload.as_view(), name="api-upload-complete"),
    path(f"{_UPLOAD}/parts/<int:number>", uploads.UploadPart.as_view(), name="api-upload-part"),
    path(
        f"{_UPLOAD}/parts/<int:number>/url",
        uploads.UploadPartAddress.as_view(),
        name="api-upload-part-address",
    ),
    path("drafts", drafts.Drafts.as_view(), name="api-drafts"),
    path("drafts/<uuid:draft_id>", drafts.OneDraft.as_view(), name="api-draft"),
    path("drafts/<uuid:draft_id>/finish", drafts.FinishDraft.as_view(), name="api-draft-finish"),
    path("operations/jobs", operations.Jobs.as_view(), name="api-jobs"),
    path("operations/jobs/again", operations.AllAgain.as_view(), name="api-jobs-again"),
    path("operations/jobs/<slug:noun>/<uuid:row_id>", operations.OneJob.as_view(), name="api-job"),
    path(
        "operations/jobs/run/<uuid:row_id>/again", operations.Again.as_view(), name="api-job-again"
    ),
    path("operations/storage", operations.Kept.as_view(), name="api-storage"),
    path("workers", workers.Workers.as_view(), name="api-workers"),
    path("schema", schema.Description.as_view(), name="api-schema"),
    re_path(r"^[\s\S]*$", missing.Missing.as_view()),  # line ends in names, too
]
