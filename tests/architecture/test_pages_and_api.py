"""Everything that the pages can do, a program can do: each page's act beside its operation."""

from __future__ import annotations

import pytest
from django.urls import URLPattern
from drf_spectacular.generators import SchemaGenerator

from hub.pages import urls

# page → the operations that do, or show, the same. None: of a browser alone, and why.
SAME = {
    "browse": ("list_adapters", "count_facets"),
    "searches": ("list_searches",),
    "save-search": ("save_search",),
    "change-search": ("change_search",),
    "remove-search": ("remove_search",),
    "use-bases": ("set_used_bases", "get_used_bases"),
    "upload": (
        "inspect_file",
        "begin_draft",
        "change_draft",
        "finish_draft",
        "open_upload",
        "complete_upload",
        "add_version",
    ),
    "uploads": ("list_adapters", "list_drafts"),  # ?state=
    "delete-draft": ("drop_draft",),
    "import": ("plan_import", "list_imports"),
    "one-import": ("get_import", "list_import_items"),
    "import-live": ("get_import", "list_import_items"),
    "import-correct": ("correct_import",),
    "import-all": ("correct_import",),
    "import-item": ("correct_import_item",),
    "import-start": ("start_import",),
    "import-cancel": ("cancel_import",),
    "look-again": ("look_at_source",),
    "bases": ("list_bases",),
    "new-base": ("add_base", "change_base"),
    "base": ("get_base",),
    "base-live": ("get_base",),
    "base-again": ("make_base",),
    "base-remove": ("remove_base",),
    "workers": ("list_workers",),
    "favourites": ("list_favourites",),
    "favour": ("keep_favourite", "drop_favourite"),
    "follow": ("follow_adapter", "unfollow_adapter"),
    "follow-team": ("follow_team", "unfollow_team"),
    "collect": ("make_collection", "put_into_collection", "take_out_of_collection"),
    "collections": ("list_collections",),
    "new-collection": ("make_collection",),
    "collection": ("get_collection",),
    "change-collection": ("change_collection",),
    "delete-collection": ("delete_collection",),
    "put-in": ("put_into_collection",),
    "take-out": ("take_out_of_collection",),
    "notifications": ("list_notifications", "list_follows"),
    "see-notifications": ("see_notifications",),
    "set-mailing": ("set_mailing",),
    "compare": ("compare_several",),
    "compare-layers": ("compare_layers",),
    "ask-several": ("ask_several_for_cells",),
    "asked-several": ("get_request",),
    "operations": ("list_work_items",),
    "work-item": ("get_work_item",),
    "storage": ("get_storage",),
    "operations-again": ("try_work_item_again",),
    "operations-all-again": ("try_work_items_again",),
    "new-scene": ("add_scene",),
    "scene": ("change_scene", "list_scenes"),
    "scene-switch": ("change_scene",),
    "sign-in": None,  # a session of a browser: programs show a token
    "sign-out": None,
    "account": ("get_account", "list_tokens", "list_members", "set_role"),
    "teams": ("list_teams", "found_team"),
    "team": ("get_team",),
    "members": ("list_members", "set_role"),
    "member-role": ("set_role",),
    "member-remove": ("remove_member",),
    "invite": ("invite", "list_invitations"),
    "invitation-revoke": ("revoke_invitation",),
    "invitation": ("accept_invitation",),
    "robots": ("list_team_tokens", "make_team_token"),
    "robot-renew": ("renew_team_token",),
    "robot-revoke": ("revoke_team_token",),
    "keep-import-token": ("keep_import_token", "list_import_tokens"),
    "drop-import-token": ("drop_import_token",),
    "team-settings": ("change_team",),
    "policy": ("get_policy", "set_policy"),
    "activity": ("list_activity",),
    "review": ("list_reviews",),
    "decide": ("decide", "publish_version"),
    "profile": ("change_account",),
    "password": None,  # of people, in a browser: programs have tokens
    "make-token": ("make_token",),
    "revoke-token": ("revoke_token",),
    "live": ("get_report",),
    "publish": ("publish_version",),
    "try-again": ("validate_version",),
    "withdraw": ("withdraw_version",),
    "edit-adapter": ("change_adapter",),
    "edit-version": ("change_version",),
    "lineage": ("get_lineage", "set_lineage", "take_lineage_back"),
    "another-base": ("declare_for_base",),
    "mend": ("mend_version",),
    "mending": ("get_mending",),
    "checkpoints": ("list_checkpoints",),
    "checkpoint-vote": ("vote_for_checkpoint", "take_checkpoint_vote_back"),
    "checkpoint-promote": ("promote_checkpoint",),
    "deprecate": ("deprecate_version",),
    "reinstate": ("reinstate_version",),
    "ask-steps": ("ask_for_cells",),  # across training_step
    "ask-versions": ("ask_for_cells", "compare_versions"),  # against
    "playground": ("ask_for_cells", "list_requests"),
    "asked": ("get_request",),
    "asked-live": ("get_request",),
    "asked-cancel": ("cancel_request",),
    "asked-gallery": ("show_request",),
    "client": None,  # a file to download
    "client-vllm": None,
    "layouts": ("list_layouts", "get_preparation"),
    "ask-layout": ("download_version",),  # ?layout=
    "move-channel": ("move_channel",),
    "community": ("list_comments", "list_votes"),
    "comments": ("list_comments",),
    "write-comment": ("write_comment",),
    "edit-comment": ("edit_comment",),
    "delete-comment": ("delete_comment",),
    "hide-comment": ("hide_comment",),
    "show-comment": ("show_comment",),
    "gallery": ("list_gallery", "list_requests"),
    "hang-picture": ("hang_picture",),
    "picture": ("get_gallery_picture", "get_gallery_bytes"),
    "correct-picture": ("correct_picture",),
    "take-down-picture": ("take_picture_down",),
    "hide-picture": ("hide_picture",),
    "show-picture": ("show_picture",),
    "levels": ("get_levels", "set_levels"),
    "complaints": ("list_complaints",),
    "settle-complaint": ("settle_complaint",),
    "complain": ("complain",),
    "rate": ("rate_version", "list_ratings"),
    "take-rating-back": ("take_rating_back",),
    "vote": ("vote",),
    "take-vote-back": ("take_vote_back",),
    "adapter": ("get_adapter", "get_version", "get_previews", "get_curve", "change_adapter"),
}
PAGES = [one.name for one in urls.urlpatterns if isinstance(one, URLPattern)]


@pytest.fixture(scope="module")
def operations():
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    return {one["operationId"] for methods in paths.values() for one in methods.values()}


@pytest.mark.parametrize("page", PAGES)
def test_page_has_its_like_in_the_api(page, operations):
    assert page in SAME, f"say which operation does what the page {page} does"
    assert set(SAME[page] or ()) <= operations


def test_no_page_is_named_that_is_gone():
    assert set(SAME) <= set(PAGES)
