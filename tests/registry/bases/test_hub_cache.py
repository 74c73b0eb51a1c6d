"""A hub cache as huggingface_hub lays it out, made by hand."""

from __future__ import annotations

import pytest

from registry.bases.hub_cache import snapshot

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def cache(tmp_path):
    home = tmp_path / "models--owner--name"
    (home / "refs").mkdir(parents=True)
    (home / "refs" / "main").write_text(COMMIT)
    (home / "blobs").mkdir()
    (home / "blobs" / "aaa").write_text("{}")
    folder = home / "snapshots" / COMMIT
    folder.mkdir(parents=True)
    (folder / "config.json").symlink_to("../../blobs/aaa")
    return tmp_path


class TestSnapshot:
    @pytest.mark.parametrize(
        "address", ["hf://owner/name", "hf://owner/name@main", f"hf://owner/name@{COMMIT}"]
    )
    def test_is_the_folder_of_a_revision(self, cache, address):
        folder = snapshot(cache, address)

        assert folder.name == COMMIT
        assert (folder / "config.json").read_text() == "{}"

    @pytest.mark.parametrize("address", ["hf://owner/other", "hf://owner/name@v2"])
    def test_is_none_where_nobody_fetched_it(self, cache, address):
        assert snapshot(cache, address) is None

    @pytest.mark.parametrize(
        "address", ["hf://", "hf://../etc", "hf://a/b/c", "hf://owner/name@../../x", "hf://a b"]
    )
    def test_refuses_what_is_no_name(self, cache, address):
        with pytest.raises(ValueError, match="is no hf://owner/name"):
            snapshot(cache, address)

    def test_leaves_no_folder_by_a_reference(self, cache):
        (cache / "models--owner--name" / "refs" / "main").write_text("../..")

        assert snapshot(cache, "hf://owner/name") is None
