from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import path

from hub.pages import account, adapter, base_form, bases, browse, live, mine, upload, workers
from hub.pages.signing import SignIn

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
    path("sign-in", SignIn.as_view(), name="sign-in"),
    path("sign-out", LogoutView.as_view(), name="sign-out"),
    path("account", account.show, name="account"),
    path("account/tokens", account.make_token, name="make-token"),
    path("account/tokens/<uuid:token_id>/revoke", account.revoke_token, name="revoke-token"),
    path("<slug:team>/<str:name>/<int:number>/live", live.show, name="live"),
    path("<slug:team>/<str:name>/<int:number>/publish", adapter.publish, name="publish"),
    path("<slug:team>/<str:name>/<int:number>/again", adapter.try_again, name="try-again"),
    path("<slug:team>/<str:name>/<int:number>/withdraw", adapter.withdraw, name="withdraw"),
    path("<slug:team>/<str:name>", adapter.show, name="adapter"),
]
