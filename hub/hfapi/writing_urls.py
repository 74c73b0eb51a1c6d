"""Where programs write that take this hub for a model hub."""

from __future__ import annotations

from django.urls import path

from hub.hfapi import (
    committing,
    identity,
    large_files,
    managing,
    preuploads,
    tagging,
    xet,
)

_MODEL = "api/models/<slug:team>/<str:name>"
_LFS = "<slug:team>/<str:name>.git/info/lfs/objects"

urlpatterns = [
    path("api/whoami-v2", identity.WhoAmI.as_view(), name="hf-whoami"),
    path("api/repos/create", managing.CreateRepo.as_view(), name="hf-create"),
    path("api/repos/delete", managing.DeleteRepo.as_view(), name="hf-delete"),
    path("api/repos/move", managing.MoveRepo.as_view(), name="hf-move"),
    path("api/validate-yaml", preuploads.ValidateYaml.as_view(), name="hf-validate-yaml"),
    path(f"{_MODEL}/settings", managing.RepoSettings.as_view(), name="hf-settings"),
    path(
        f"{_MODEL}/preupload/<path:revision>", preuploads.Preupload.as_view(), name="hf-preupload"
    ),
    path(f"{_MODEL}/commit/<path:revision>", committing.CommitFiles.as_view(), name="hf-commit"),
    path(f"{_MODEL}/tag/<path:revision>", tagging.Tag.as_view(), name="hf-tag"),
    path(f"{_MODEL}/branch/<path:revision>", tagging.Branch.as_view(), name="hf-branch"),
    path(
        f"{_MODEL}/xet-write-token/<path:revision>",
        xet.XetWriteToken.as_view(),
        name="hf-xet-write-token",
    ),
    path(f"{_LFS}/batch", large_files.LfsBatch.as_view(), name="hf-lfs-batch"),
    path(f"{_LFS}/verify", large_files.LfsVerify.as_view(), name="hf-lfs-verify"),
    path(f"{_LFS}/sent/<str:token>", large_files.LfsObject.as_view(), name="hf-lfs-object"),
    path(f"{_LFS}/sent/<str:token>/done", large_files.LfsDone.as_view(), name="hf-lfs-done"),
    path(
        f"{_LFS}/sent/<str:token>/<int:number>",
        large_files.LfsPart.as_view(),
        name="hf-lfs-part",
    ),
]
