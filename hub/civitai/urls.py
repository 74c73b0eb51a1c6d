"""What there is under /api/v1, on one screen."""

from __future__ import annotations

from django.urls import path

from hub.civitai import downloads, images, models, names, versions
from hub.civitai.doors import Missing

_BY_HASH = "v1/model-versions/by-hash"

urlpatterns = [
    path("v1/models", models.Models.as_view(), name="civitai-models"),
    path("v1/models/<int:serial>", models.OneModel.as_view(), name="civitai-model"),
    path(_BY_HASH, versions.ByHashes.as_view()),
    path(f"{_BY_HASH}/ids", versions.IdsByHashes.as_view()),
    path(f"{_BY_HASH}/<str:value>", versions.ByHash.as_view(), name="civitai-by-hash"),
    path("v1/model-versions/mini/<int:serial>", versions.MiniVersion.as_view()),
    path("v1/model-versions/<int:serial>", versions.OneVersion.as_view(), name="civitai-version"),
    path("v1/images", images.Images.as_view(), name="civitai-images"),
    path("v1/tags", names.Tags.as_view(), name="civitai-tags"),
    path("v1/creators", names.Creators.as_view(), name="civitai-creators"),
    path("v1/enums", names.Enums.as_view(), name="civitai-enums"),
    path("v1/me", names.Me.as_view(), name="civitai-me"),
    path("v1/permissions/check", names.Permissions.as_view(), name="civitai-permissions"),
    path("v1/<path:anything>", Missing.as_view()),
    path("download/models/<int:serial>", downloads.Download.as_view(), name="civitai-download"),
]
