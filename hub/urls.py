"""The doors: pages for people, the API for programs, health for whoever watches over the hub."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from hub import health, lorax
from hub.pages import signing

urlpatterns = [
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("admin/login/", signing.for_admins),  # the admin's own lets anyone guess passwords
    path("admin/", admin.site.urls),
    path("language/", include("django.conf.urls.i18n")),
    path("v2/repos/<path:name>/version/<str:number>", lorax.AdapterPath.as_view(), name="lorax"),
    path("", include("hub.hfapi.urls")),  # /api/models and /team/name/resolve
    path("api/", include("hub.civitai.urls")),  # /api/v1 and /api/download; ours would swallow them
    path("api/", include("hub.api.urls")),
    path("", include("hub.pages.urls")),
]

handler400 = "hub.pages.errors.bad_request"
handler403 = "hub.pages.errors.not_allowed"
handler404 = "hub.pages.errors.not_found"
handler500 = "hub.pages.errors.broken"
