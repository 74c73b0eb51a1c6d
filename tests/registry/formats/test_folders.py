from __future__ import annotations

import json
import stat
import struct
import zipfile
import zlib
from io import BytesIO
from random import Random

import pytest

from registry.formats.errors import (
    BadArchive,
    BadConfig,
    BadName,
    EmptyFile,
    FormatError,
    NotAnAdapter,
    OtherContent,
    Pickle,
)
from registry.formats.files import read_header
from registry.formats.folders import open_files, open_folder
from registry.formats.members import Kind
from tests import files
from tests.reading import adapter_of

WEIGHTS = files.peft_lora().getvalue()
CONFIG = json.dumps(files.peft_config()).encode()
PEFT = {"adapter_config.json": CONFIG, "adapter_model.safetensors": WEIGHTS}


@pytest.fixture(params=["folder", "ZIP file", "ZIP file of a folder"])
def opened(request, tmp_path):
    """Return a function that opens files by name, from a folder or from an archive of them."""

    def open_them(contents):
        if request.param == "folder":
            for name, content in contents.items():
                path = tmp_path / "ink" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            return open_folder(tmp_path / "ink")
        path = tmp_path / "ink.zip"
        above = "ink/" if request.param.endswith("folder") else ""
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in contents.items():
                archive.writestr(above + name, content)
        return open_folder(path)

    return open_them


class TestOpenFolder:
    def test_finds_weights_and_configuration(self, opened):
        folder = opened(PEFT)
        [weights] = folder.weights
        assert weights.name.endswith("adapter_model.safetensors")
        assert weights.size == len(WEIGHTS)
        assert folder.config == files.peft_config()
        assert folder.others == ()

    def test_gives_weights_that_can_be_read_and_read_again(self, opened):
        [weights] = opened(PEFT).weights
        with weights.open() as file:
            header = read_header(file, file_size=weights.size)
            file.seek(0)
            assert file.read() == WEIGHTS
        assert len(header.tensors) == len(adapter_of(BytesIO(WEIGHTS)).pairs) * 2

    def test_lists_what_else_there_is_without_opening_it(self, opened):
        extras = {
            "README.md": Kind.README,
            "tokenizer.json": Kind.TOKENIZER,
            "optimizer.pt": Kind.TRAINER,
            "rng_state_0.pth": Kind.TRAINER,
            "training_args.bin": Kind.TRAINER,
            "learned_embeds.safetensors": Kind.EMBEDDING,
            "ink_emb.safetensors": Kind.EMBEDDING,
            "preview.png": Kind.PICTURE,
            "notes.txt": Kind.OTHER,
            "__MACOSX/._adapter_model.safetensors": Kind.OTHER,
        }
        folder = opened(PEFT | dict.fromkeys(extras, b"\x80\x04."))
        kinds = {name: kind for name, kind in extras.items() if not name.startswith("__")}
        found = {each.name.rpartition("/")[2]: each.kind for each in folder.others}
        assert kinds.items() <= found.items()
        assert len(folder.weights) == 1

    def test_puts_the_last_weights_before_the_training_s_checkpoints(self, opened):
        names = ["ink-000002.safetensors", "ink.safetensors", "ink-step00000500.safetensors"]
        folder = opened(dict.fromkeys(names, WEIGHTS))
        assert [each.name.rpartition("/")[2] for each in folder.weights] == [
            "ink.safetensors", "ink-step00000500.safetensors", "ink-000002.safetensors",
        ]  # fmt: skip
        assert [(each.step, each.epoch) for each in folder.weights] == [
            (None, None), (500, None), (None, 2),
        ]  # fmt: skip
        assert len(folder.finished) == 1

    def test_takes_the_configuration_that_lies_beside_the_weights(self, opened):
        early = {
            "checkpoint-1000/adapter_model.safetensors": WEIGHTS,
            "checkpoint-1000/adapter_config.json": b'{"r": 1}',
        }
        folder = opened(PEFT | early)
        assert folder.config == files.peft_config()
        assert [each.step for each in folder.weights] == [None, 1000]
        assert opened(early).config["r"] in {1, 4}

    def test_tells_the_two_experts_apart(self, opened):
        names = ["ink_high_noise.safetensors", "ink-LowNoise.safetensors"]
        folder = opened(dict.fromkeys(names, WEIGHTS))
        assert [each.expert for each in folder.finished] == ["low_noise", "high_noise"]

    @pytest.mark.parametrize(
        ("extra", "refusal", "told"),
        [
            ({"adapter_model.bin": b"\x80\x02"}, Pickle, "adapter_model.bin.*pickled"),
            ({"non_lora_trainables.bin": b"\x80\x02"}, Pickle, "non_lora_trainables.bin"),
            ({"adapter_model.safetensors": b"\x80\x02}q"}, Pickle, "pickled"),
            ({"adapter_model.safetensors": b"<!doctype html>"}, OtherContent, "web page"),
            ({"adapter_model.safetensors": b""}, EmptyFile, "empty"),
            ({"adapter_config.json": b"[]"}, BadConfig, "adapter_config.json"),
            ({"adapter_config.json": Random(0).randbytes((1 << 20) + 1)}, BadConfig, "1 MiB"),
            ({"model.safetensors.index.json": b"{}"}, NotAnAdapter, "whole model"),
            ({"model_index.json": b"{}"}, NotAnAdapter, "whole model"),
            ({"adapter_model.safetensors.index.json": b"{}"}, OtherContent, "several parts"),
            ({"adapter_model-00001-of-00002.safetensors": WEIGHTS}, OtherContent, "several parts"),
        ],
    )
    def test_refuses_by_one_file_too_many(self, opened, extra, refusal, told):
        with pytest.raises(refusal, match=told):
            opened(PEFT | extra)

    def test_refuses_a_folder_without_weights(self, opened):
        with pytest.raises(NotAnAdapter, match="no weights"):
            opened({"README.md": b"Ink"})

    def test_takes_one_file_alone(self, tmp_path):
        path = tmp_path / "ink.safetensors"
        path.write_bytes(WEIGHTS)
        folder = open_folder(path)
        assert (folder.weights[0].name, folder.config) == ("ink.safetensors", None)

    def test_follows_no_links(self, tmp_path):
        (tmp_path / "secret.safetensors").write_bytes(WEIGHTS)
        (tmp_path / "ink").mkdir()
        (tmp_path / "ink/ink.safetensors").symlink_to(tmp_path / "secret.safetensors")
        (tmp_path / "ink/more").symlink_to(tmp_path)
        with pytest.raises(NotAnAdapter):
            open_folder(tmp_path / "ink")


class TestOpenFiles:
    def test_takes_several_by_their_names(self, tmp_path):
        paths = {}
        for number, (name, content) in enumerate(PEFT.items()):
            paths[name] = tmp_path / str(number)
            paths[name].write_bytes(content)
        folder = open_files(paths)
        assert folder.weights[0].name == "adapter_model.safetensors"
        assert folder.config == files.peft_config()

    def test_refuses_a_path_for_a_name(self, tmp_path):
        with pytest.raises(BadName, match="path"):
            open_files({"../ink.safetensors": tmp_path})


class TestMember:
    @pytest.mark.parametrize(
        ("name", "step", "epoch"),
        [
            ("ink.safetensors", None, None),
            ("ink-000012.safetensors", None, 12),
            ("ink-step00001000.safetensors", 1000, None),
            ("ink_000001500.safetensors", 1500, None),
            ("ink-step-250.safetensors", 250, None),
            ("checkpoint-2000/pytorch_lora_weights.safetensors", 2000, None),
            ("ink_epoch_3.safetensors", None, 3),
            ("ink-2024-save-1200-10-0.safetensors", 1200, None),
            ("2025-01-01_12-00-00-1200-save-1200-10-0.safetensors", 1200, None),
            ("ink-1990.safetensors", None, None),
            ("style-v000012.safetensors", None, None),
        ],
    )
    def test_says_by_its_name_when_it_was_saved(self, tmp_path, name, step, epoch):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(WEIGHTS)
        [member] = open_folder(tmp_path).weights
        assert (member.step, member.epoch) == (step, epoch)


def zipped(path, entries=None, *, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in (entries or PEFT).items():
            archive.writestr(name, content)
    return path


def with_entry(path, **fields):
    """Write a sound archive and one entry more that is odd in one way."""
    entry = zipfile.ZipInfo(fields.pop("name", "odd.txt"))
    content = fields.pop("content", b"ink")
    for field, value in fields.items():
        setattr(entry, field, value)
    with zipfile.ZipFile(zipped(path), "a") as archive:
        archive.writestr(entry, content)
    return path


def patched(path, find, replace):
    """Change bytes in the table of an archive, where its entries begin with PK 01 02."""
    raw = path.read_bytes()
    table = raw.index(b"PK\x01\x02")
    path.write_bytes(raw[:table] + raw[table:].replace(find, replace, 1))
    return path


class TestZip:
    @pytest.mark.parametrize(
        "name",
        ["../ink.txt", "a/../../ink.txt", "/etc/ink.txt", "C:/ink.txt", "a//ink.txt", "./ink.txt",
         "a/b/c/d/e/ink.txt"],
    )  # fmt: skip
    def test_refuses_paths_that_lead_elsewhere(self, tmp_path, name):
        with pytest.raises(BadArchive, match="path"):
            open_folder(with_entry(tmp_path / "ink.zip", name=name))

    def test_refuses_a_backslash_and_a_nul(self, tmp_path):
        for odd in (b"..\\ink.txt", b"ink\0.txt"):
            path = with_entry(tmp_path / "ink.zip", name="i" * len(odd))
            raw = path.read_bytes().replace(b"i" * len(odd), odd)
            path.write_bytes(raw)
            with pytest.raises(BadArchive, match="path"):
                open_folder(path)

    def test_refuses_names_that_hide_something(self, tmp_path):
        with pytest.raises(BadName, match="invisible"):
            open_folder(with_entry(tmp_path / "ink.zip", name="ink\u202etxt.safetensors"))

    @pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFBLK])
    def test_refuses_links_and_devices(self, tmp_path, kind):
        with pytest.raises(BadArchive, match="link"):
            open_folder(with_entry(tmp_path / "ink.zip", external_attr=(kind | 0o777) << 16))

    @pytest.mark.parametrize("name", ["more.zip", "more.tar.gz", "more.7z"])
    def test_refuses_archives_inside(self, tmp_path, name):
        with pytest.raises(OtherContent, match="archive"):
            open_folder(with_entry(tmp_path / "ink.zip", name=name))

    def test_refuses_two_of_one_name(self, tmp_path):
        with pytest.raises(BadArchive, match="twice"):
            open_folder(with_entry(tmp_path / "ink.zip", name="Adapter_Config.json"))

    def test_refuses_other_packings(self, tmp_path):
        with pytest.raises(BadArchive, match="plain ZIP"):
            open_folder(zipped(tmp_path / "ink.zip", method=zipfile.ZIP_LZMA))

    def test_refuses_what_is_encrypted(self, tmp_path):
        path = zipped(tmp_path / "ink.zip")
        raw = bytearray(path.read_bytes())
        raw[raw.index(b"PK\x01\x02") + 8] |= 1
        path.write_bytes(raw)
        with pytest.raises(OtherContent, match="encrypted"):
            open_folder(path)

    def test_refuses_a_bomb(self, tmp_path):
        with pytest.raises(BadArchive, match="which weights cannot be"):
            open_folder(zipped(tmp_path / "ink.zip", PEFT | {"zeros.txt": bytes(8 << 20)}))

    def test_refuses_entries_that_share_their_bytes(self, tmp_path):
        path = zipped(tmp_path / "ink.zip", PEFT | {"again.txt": b"ink"})
        raw = bytearray(path.read_bytes())
        last = raw.rindex(b"PK\x01\x02")
        raw[last + 42 : last + 46] = struct.pack("<I", 0)  # Where its bytes begin.
        path.write_bytes(raw)
        with pytest.raises(BadArchive, match="two files"):
            open_folder(path)

    def test_refuses_sizes_beyond_belief(self, tmp_path):
        # The real size is in a zip64 field: 4 GiB - 1 in the table says to look there.
        path = tmp_path / "ink.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in PEFT.items():
                archive.writestr(name, content)
            archive.filelist[-1].file_size = 1 << 50
        with pytest.raises(BadArchive, match="1,125,899,906,842,624"):
            open_folder(path)

    def test_refuses_bytes_beyond_its_end(self, tmp_path):
        path = tmp_path / "ink.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in PEFT.items():
                archive.writestr(name, content)
            archive.filelist[-1].compress_size = 1 << 30
        with pytest.raises(BadArchive, match="cut short"):
            open_folder(path)

    def test_refuses_more_entries_than_anyone_needs(self, tmp_path):
        entries = {f"{number}.txt": b"" for number in range(1_001)}
        with pytest.raises(BadArchive, match="1,003 files"):
            open_folder(zipped(tmp_path / "ink.zip", PEFT | entries))

    def test_refuses_a_table_of_gigabytes_before_reading_it(self, tmp_path):
        path = zipped(tmp_path / "ink.zip", {f"{'x' * 180}{n}": b"" for n in range(9_000)})
        with pytest.raises(BadArchive, match="table"):
            open_folder(path)

    def test_refuses_weights_whose_checksum_is_wrong(self, tmp_path):
        path = zipped(tmp_path / "ink.zip", method=zipfile.ZIP_STORED)
        crc = struct.pack("<I", zlib.crc32(WEIGHTS))
        path.write_bytes(path.read_bytes().replace(crc, b"\1\2\3\4"))
        [weights] = open_folder(path).weights
        with pytest.raises(BadArchive, match="cannot be unpacked"):
            weights.open()

    @pytest.mark.parametrize("claimed", [len(WEIGHTS) - 7, len(WEIGHTS) + 7])
    def test_refuses_weights_of_another_size_than_it_says(self, tmp_path, claimed):
        path = zipped(tmp_path / "ink.zip")
        size = struct.pack("<I", len(WEIGHTS))
        patched(path, size, struct.pack("<I", claimed))
        [weights] = open_folder(path).weights
        with pytest.raises(BadArchive):
            weights.open()

    def test_refuses_pytorch_s_own_zip(self, tmp_path):
        path = zipped(tmp_path / "ink.pt", {"archive/data.pkl": b"", "archive/data/0": b"x"})
        with pytest.raises(Pickle):
            open_folder(path)

    @pytest.mark.parametrize("cut", [1, 30, 200])
    def test_refuses_one_that_is_cut_short(self, tmp_path, cut):
        path = zipped(tmp_path / "ink.zip")
        path.write_bytes(path.read_bytes()[:-cut])
        with pytest.raises(FormatError):
            open_folder(path)

    def test_leaves_nothing_behind(self, tmp_path, monkeypatch):
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "scratch"))
        (tmp_path / "scratch").mkdir()
        [weights] = open_folder(zipped(tmp_path / "ink.zip")).weights
        with weights.open() as file:
            assert file.read() == WEIGHTS
        assert list((tmp_path / "scratch").iterdir()) == []
