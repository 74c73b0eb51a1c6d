from __future__ import annotations

import io
import tarfile
import zipfile

import pytest

from registry.formats.errors import BadName, EmptyFile, OtherContent, Pickle
from registry.formats.sniff import clean_name, refuse_by_content
from tests import files


def refuse(raw: bytes, name="adapter.safetensors") -> None:
    refuse_by_content(raw[:4096], name=name, size=len(raw))


def tar_archive() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("pickle"), io.BytesIO())
    return file.getvalue()


def zip_archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("adapter_config.json", "{}")
    return file.getvalue()


REFUSED = [
    ("nothing", b"", EmptyFile, "empty"),
    ("a pickle", files.pickle_stream().getvalue(), Pickle, "pickled"),
    ("a pickle of protocol 0", b"(dp0\nS'a'\np1\n.", Pickle, "pickled"),
    ("a pickle that calls a function", b"cos\nsystem\n(S'true'\ntR.", Pickle, "pickled"),
    ("a pickle of protocol 5", b"\x80\x05\x95\x0b\x00\x00\x00", Pickle, "pickled"),
    ("old torch weights", b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.", Pickle, "pickled"),
    ("torch weights", files.torch_zip().getvalue(), Pickle, "pickled"),
    ("a tar archive", tar_archive(), Pickle, "tar"),
    ("a ZIP archive", zip_archive(), OtherContent, "ZIP"),
    ("a compressed file", b"\x1f\x8b\x08\x00", OtherContent, "compressed"),
    ("a web page", b"<!DOCTYPE html><html>", OtherContent, "web page"),
    ("a web page after a line break", b"\n\n<html><head>", OtherContent, "web page"),
    ("a JSON answer", b'{"error": "not found"}', OtherContent, "JSON"),
    ("a Git LFS pointer", b"version https://git-lfs.github.com/spec/v1\n", OtherContent, "LFS"),
    ("a picture", b"\x89PNG\r\n\x1a\n", OtherContent, "picture"),
    ("a program", b"\x7fELF\x02", OtherContent, "program"),
]


class TestRefuseByContent:
    @pytest.mark.parametrize(
        ("raw", "error", "told"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
    )
    @pytest.mark.parametrize("name", ["adapter.safetensors", "adapter.bin", "adapter"])
    def test_refuses_whatever_the_name(self, raw, error, told, name):
        with pytest.raises(error, match=told) as refusal:
            refuse(raw, name)
        assert str(refusal.value).startswith(name)

    @pytest.mark.parametrize("name", ["a.bin", "a.PT", "a.ckpt", "a.pth"])
    def test_refuses_unknown_bytes_under_a_pickle_s_name(self, name):
        with pytest.raises(Pickle):
            refuse(b"anything at all", name)

    def test_lets_safetensors_pass_under_any_name(self):
        refuse(files.kohya_lora().getvalue(), "adapter.bin")

    def test_lets_gguf_pass_under_any_name(self):
        refuse(b"GGUF\x03\x00\x00\x00", "adapter.bin")

    def test_lets_a_short_header_pass_that_begins_like_a_pickle(self):
        header = b"{" + b" " * (0x0280 - 2) + b"}"  # Its length is written 80 02.
        refuse(files.from_header(header))

    def test_leaves_what_it_does_not_know_to_the_header_s_reader(self):
        refuse(b"anything at all")


class TestCleanName:
    @pytest.mark.parametrize(
        "name", ["ink.safetensors", "墨 水.safetensors", "Ink (v2) [final], 50%.safetensors"]
    )
    def test_leaves_a_name_as_it_is(self, name):
        assert clean_name(name) == name

    def test_brings_letters_into_one_form(self):
        assert clean_name("e\u0301.safetensors") == "\xe9.safetensors"

    @pytest.mark.parametrize(
        ("name", "told"),
        [
            ("", "no name"),
            ("..", "no name"),
            ("../../etc/passwd", "path"),
            ("C:\\ink.safetensors", "path"),
            ("a\0b", r"U\+0000"),
            ("a\nb", r"U\+000A"),
            ("ink\u202esrosnetefas.exe", r"U\+202E"),
            ("ink\u2066.safetensors", r"U\+2066"),
            ("ink\u200b.safetensors", r"U\+200B"),
            ("ink\u2028.safetensors", r"U\+2028"),
            ("ink\ud800.safetensors", r"U\+D800"),
            ("a" * 201, "201 characters"),
            ("墨" * 100, "characters"),
        ],
    )
    def test_refuses_what_is_more_than_a_name(self, name, told):
        with pytest.raises(BadName, match=told):
            clean_name(name)
