"""Names that become paths on Linux, macOS and Windows: pure functions, tried for all three."""

from __future__ import annotations

import json
import ntpath
import posixpath

import pytest
from hypothesis import given
from hypothesis import strategies as st

EVIL = [
    "../../etc/passwd", "..", ".", "", "/etc/passwd", "C:\\Windows\\x", "\\\\server\\share\\x",
    "a/b", "a\\b", "con", "CON.safetensors", "com1.json", "LPT9", "nul .txt", "aux.tar.gz", "COM¹",
    "x.", "x ", " x", "...", "x:stream", "a\0b", "a\nb", "-rf", ".hidden", "x" * 500, "墨" * 200,
    "a\u202egnp.exe", "a\u200bb", "\ud800", "e\u0301", "x" * 300 + ".safetensors", "?*<>|\"",
]  # fmt: skip


def sound_everywhere(name):
    """Say whether a name is a plain file's on each of the three systems."""
    assert name
    assert name not in {".", ".."}
    assert len(name.encode()) <= 155
    assert ntpath.basename(name) == name == posixpath.basename(name)
    assert ntpath.splitdrive(name)[0] == ""
    assert not set(name) & set('<>:"/\\|?*')
    assert not any(ord(letter) < 32 or ord(letter) == 127 for letter in name)
    assert name == name.strip(" .")
    stem = name.split(".")[0].rstrip(" ").upper()
    assert stem not in {"CON", "PRN", "AUX", "NUL"}
    assert not (len(stem) == 4 and stem[:3] in {"COM", "LPT"} and stem[3] in "0123456789¹²³")
    return True


@pytest.mark.parametrize("name", EVIL, ids=ascii)
def test_evil_names_become_sound_ones(loradex, name):
    assert sound_everywhere(loradex.safe_name(name))


@given(name=st.text())
def test_any_name_becomes_a_sound_one_and_stays_it(loradex, name):
    safe = loradex.safe_name(name)
    assert sound_everywhere(safe)
    assert loradex.safe_name(safe) == safe
    assert loradex.stays_inside(safe)


@pytest.mark.parametrize("name", ["ink-wash-v3-1a2b3c4d.safetensors", "墨.gguf", "COM10.x", "a b"])
def test_sound_names_stay_as_they_are(loradex, name):
    assert loradex.safe_name(name) == name


def test_long_names_keep_their_extension(loradex):
    assert loradex.safe_name("x" * 300 + ".safetensors").endswith("x.safetensors")


@pytest.mark.parametrize(
    "path", ["../x", "a/../../x", "/x", "C:/x", "a//b", "a/", "CON/x", "a/b/c/d/e", "a\\..\\b", ""]
)
def test_paths_that_lead_elsewhere_are_none_of_ours(loradex, path):
    assert not loradex.stays_inside(path)
    with pytest.raises(loradex.Refused):
        loradex.Folder("somewhere").path(path)


def test_a_link_in_the_way_is_not_followed(loradex, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "team--x").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(loradex.Refused, match="is a link"):
        loradex.Folder(tmp_path / "folder").path("team--x/adapter_config.json")


@pytest.mark.parametrize(
    ("one", "other"), [("Ink", "ink"), ("STRASSE", "straße"), ("é", "e\u0301"), ("ǅ", "ǆ")]
)
def test_names_that_meet_on_some_system_are_known_to(loradex, one, other):
    assert loradex.same_on_some_system(one) == loradex.same_on_some_system(other)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("C:\\short", "C:\\short"),
        ("C:\\" + "x" * 250, "\\\\?\\C:\\" + "x" * 250),
        ("\\\\host\\share\\" + "x" * 250, "\\\\?\\UNC\\host\\share\\" + "x" * 250),
        ("\\\\?\\C:\\" + "x" * 250, "\\\\?\\C:\\" + "x" * 250),
    ],
    ids=["short", "long", "long share", "said already"],
)
def test_long_paths_are_said_as_windows_takes_them(loradex, path, said):
    assert loradex.long_path(path, windows=True) == said
    assert loradex.long_path(path, windows=False) == path


def entry(loradex, team, name, file_name, version=1, preview=""):
    return loradex.Entry(team, name, version, "0" * 64, 1, file_name, "t", preview)


class TestTargets:
    def test_lie_beside_their_weights(self, loradex):
        wish = loradex.Wish(sidecars=("webui", "rgthree", "preview"))
        one = entry(loradex, "ink", "wash", "wash-v1-0.safetensors", preview="1" * 64)
        assert [target.name for target in loradex.targets_of([one], wish)] == [
            "wash-v1-0.safetensors",
            "wash-v1-0.json",
            "wash-v1-0.safetensors.rgthree-info.json",
            "wash-v1-0.preview.png",
        ]

    def test_never_meet_on_a_system_that_ignores_case(self, loradex):
        rows = [
            entry(loradex, "ink", "a", "Wash.safetensors"),
            entry(loradex, "oil", "a", "wash.safetensors"),
            entry(loradex, "ink", "b", "wash.gguf"),  # its sidecars would have the same names
        ]
        names = [target.name for target in loradex.targets_of(rows, loradex.Wish())]
        assert names == ["Wash.safetensors", "ink--wash.gguf", "oil--wash.safetensors"]

    def test_are_refused_where_no_name_is_left(self, loradex):
        rows = [entry(loradex, "ink", name, "x.safetensors") for name in "abc"]
        with pytest.raises(loradex.Refused, match="narrow the query"):
            loradex.targets_of(rows, loradex.Wish())

    def test_are_the_same_in_whatever_order_the_hub_lists(self, loradex):
        rows = [entry(loradex, team, "a", "x.safetensors") for team in ("oil", "ink")]
        there = loradex.targets_of(rows, loradex.Wish())
        assert there == loradex.targets_of(rows[::-1], loradex.Wish())


FILES = [
    {"role": "weights", "name": "adapter_model.safetensors", "dialect": "peft",
     "sha256": "0" * 64, "size": 1},
    {"role": "config", "name": "adapter_config.json", "dialect": "", "sha256": "1" * 64, "size": 2},
]  # fmt: skip


class TestSidecars:
    @pytest.mark.parametrize("kind", ["lora-manager", "rgthree"])
    def test_name_the_file_that_they_lie_beside(self, loradex, kind):
        one = entry(loradex, "ink", "wash", "wash-v1-0.safetensors")
        target = loradex.Target("x", kind, one)
        told = b'{"file_name": "wash-v1-0", "file": "wash-v1-0.safetensors", "notes": "n"}'

        named = json.loads(loradex.as_named(told, target, "adapter"))

        assert named["file_name"] == "ink--wash"
        assert named["file"] == "ink--wash.safetensors"
        assert (named["notes"], "file_path" in named) == ("n", False)
        assert loradex.as_named(told, target, "version") == told

    def test_of_a_hub_that_sends_rubbish_are_refused(self, loradex):
        target = loradex.Target("x", "rgthree", entry(loradex, "ink", "wash", "x.safetensors"))
        for rubbish in (b"[]", b"{", b"[" * 100_000):
            with pytest.raises(loradex.Refused):
                loradex.as_named(rubbish, target, "adapter")


class TestFoldersOfVllm:
    def test_have_two_files_of_which_the_configuration_comes_last(self, loradex):
        one = entry(loradex, "ink", "llama", "x.safetensors", version=3)
        by_version = loradex.vllm_targets(one, loradex.Wish(layout="vllm"), FILES)
        assert [target.name for target in by_version] == [
            "ink--llama--v3/adapter_model.safetensors",
            "ink--llama--v3/adapter_config.json",
        ]
        by_adapter = loradex.vllm_targets(one, loradex.Wish(layout="vllm", names="adapter"), FILES)
        assert by_adapter[0].name == "ink--llama/adapter_model.safetensors"

    def test_are_made_of_nothing_else(self, loradex):
        one = entry(loradex, "ink", "llama", "x.safetensors")
        for files in (FILES[:1], [{**FILES[0], "dialect": "kohya"}, FILES[1]]):
            with pytest.raises(loradex.Refused, match="no PEFT folder"):
                loradex.vllm_targets(one, loradex.Wish(layout="vllm"), files)

    def test_name_the_base_as_the_server_does(self, loradex):
        content = loradex.config_for(b'{"r": 8, "base_model_name_or_path": "x"}', "llama-8b")
        assert b'"base_model_name_or_path": "llama-8b"' in content
        with pytest.raises(loradex.Refused):
            loradex.config_for(b"[]", "llama-8b")


@pytest.mark.parametrize(
    ("text", "size"), [("500M", 500 << 20), ("20G", 20 << 30), ("20GiB", 20 << 30), ("7", 7)]
)
def test_sizes_are_read_as_people_write_them(loradex, text, size):
    assert loradex.bytes_in(text) == size


def test_text_of_a_hub_cannot_steer_a_terminal(loradex):
    assert loradex.plain("a\x1b[2J\u202e\nb") == "a [2J b"


def test_a_hub_s_lines_keep_their_form_and_steer_no_terminal(loradex):
    assert loradex.indented("if x:\n    y\x1b[2J\n") == "    if x:\n        y [2J\n"
