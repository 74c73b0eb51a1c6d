"""Pickles, archives, programs and pictures, under whatever name and before whatever comes after."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Mapping

from tests import files
from tests.hostile.case import Case, of_kind, refused

PICKLE, OTHER = "file.pickle", "file.other"
_SAID = "holds pickled weights"
EMPTY_DICT = b"\x80\x02}q\x00."
CALLS = b"cos\nsystem\n(S'true'\ntR."
TORCH_MAGIC = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."


def zipped(
    members: Mapping[str, bytes], *, how: int = zipfile.ZIP_STORED, before: bytes = b""
) -> bytes:
    file = io.BytesIO()
    file.write(before)
    with zipfile.ZipFile(file, "a", how) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, how)
    return file.getvalue()


def tarred(members: Mapping[str, bytes], *, mode: str = "w") -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return file.getvalue()


def npy(described: str, *, version: int = 1, body: bytes = b"") -> bytes:
    head = described.encode().ljust(118 - (2 if version > 1 else 0)) + b"\n"
    size = struct.pack("<H" if version == 1 else "<I", len(head))
    return b"\x93NUMPY" + bytes([version, 0]) + size + head + body


def old_tar() -> bytes:
    """Return a tar of the seventies: no magic, but a checksum in its place."""
    raw = bytearray(tarred({"pickle": EMPTY_DICT}))
    raw[257:265] = bytes(8)
    raw[148:156] = b" " * 8
    raw[148:156] = f"{sum(raw[:512]):06o}\0 ".encode()
    return bytes(raw)


def bomb() -> bytes:
    """Return a ZIP of a few KB that unpacks to 256 MiB."""
    return zipped({"x": bytes(1 << 20)} | {f"x{n}": bytes(1 << 20) for n in range(255)},
                  how=zipfile.ZIP_DEFLATED)  # fmt: skip


def nested() -> bytes:
    content = EMPTY_DICT
    for depth in range(12):
        content = zipped({f"{depth}/archive.zip": content})
    return content


_TORCH = {"archive/data.pkl": EMPTY_DICT, "archive/version": b"3\n", "archive/data/0": bytes(64)}
_LONG = {f"archive/{'a' * 90}{n}": b"" for n in range(60)} | {"archive/data.pkl": EMPTY_DICT}

PICKLES = (
    refused("an empty pickle of protocol 0", b"(dp0\n.", _SAID, PICKLE),
    refused("a list in protocol 0", b"(lp0\nI1\na.", _SAID, PICKLE),
    refused("a call in protocol 0", CALLS, _SAID, PICKLE),
    refused("a call of builtins in protocol 0", b"c__builtin__\neval\n(S'1'\ntR.", _SAID, PICKLE),
    refused("a call by the INST opcode", b"(S'true'\nios\nsystem\n.", _SAID, PICKLE),
    refused("an instance in protocol 0", b"(icollections\nOrderedDict\n.", _SAID, PICKLE),
    refused("a dictionary in protocol 1", b"}q\x00X\x01\x00\x00\x00aq\x01K\x01s.", _SAID, PICKLE),
    refused("a list in protocol 1", b"]q\x00(K\x01K\x02e.", _SAID, PICKLE),
    refused("a tuple in protocol 1", b"(K\x01K\x02tq\x00.", _SAID, PICKLE),
    refused("protocol 2", EMPTY_DICT, _SAID, PICKLE),
    refused("protocol 3", b"\x80\x03}q\x00.", _SAID, PICKLE),
    refused("protocol 4", b"\x80\x04\x95\x02\x00\x00\x00\x00\x00\x00\x00}\x94.", _SAID, PICKLE),
    refused("protocol 5", b"\x80\x05\x95\x02\x00\x00\x00\x00\x00\x00\x00}\x94.", _SAID, PICKLE),
    refused("a protocol to come", b"\x80\x06}\x94.", _SAID, PICKLE),
    refused("a call by STACK_GLOBAL", b"\x80\x04\x8c\x02os\x94\x8c\x06system\x93\x8c\x02id\x85R.",
            _SAID, PICKLE),
    refused("old torch weights", TORCH_MAGIC + b"\x80\x02M\xe9\x03." + EMPTY_DICT, _SAID, PICKLE),
    refused("torch's magic number in protocol 0", b"L119547037146038801333356L\n.", _SAID, PICKLE),
    refused("a pickle with blanks before it", b"  \n" + CALLS, _SAID, PICKLE),
    refused("a pickle that begins with MARKs", b"((((" + CALLS, _SAID, PICKLE),
    refused("a pickle with a string before it", b"S'a'\n0" + CALLS, _SAID, PICKLE),
    refused("a pickle with numbers before it", b"I1\n0I2\n0" + CALLS, _SAID, PICKLE),
    refused("a pickle with a None before it", b"N0" + CALLS, _SAID, PICKLE),
    refused("a pickle of persistent ids", b"P0\n.", _SAID, PICKLE),
    refused("joblib's", b"\x80\x03cjoblib.numpy_pickle\nNumpyArrayWrapper\nq\x00)\x81q\x01.",
            _SAID, PICKLE),
    refused("joblib's, packed by zlib", lambda: zlib.compress(EMPTY_DICT * 50), "compressed",
            OTHER),
    refused("a pickle as long as a header's length", b"\x80\x02\0\0\0\0\0\0" + CALLS, _SAID,
            PICKLE),
    refused("a pickle after a length of its own", files.from_header(EMPTY_DICT), "brace"),
    refused("a pickle for a header that has a brace", files.from_header(b"{" + EMPTY_DICT),
            "not JSON|UTF-8"),
)  # fmt: skip

ZIPS = (
    refused("torch weights", lambda: zipped(_TORCH), _SAID, PICKLE),
    refused("torch weights, deflated", lambda: zipped(_TORCH, how=zipfile.ZIP_DEFLATED), _SAID,
            PICKLE),
    refused("torch weights whose pickle comes last", lambda: zipped(_LONG), "ZIP|pickled",
            "file.other"),
    refused("TorchScript", lambda: zipped({"m/code/__torch__.py": b"", "m/constants.pkl": b"",
            "m/data.pkl": b""}), _SAID, PICKLE),
    refused("PyTorch mobile", lambda: zipped({"m/bytecode.pkl": EMPTY_DICT}), _SAID, PICKLE),
    refused("torch.package", lambda: zipped({"p/.data/extern_modules": b"", "p/a.pkl": b""}),
            _SAID, PICKLE),
    refused("an empty ZIP", lambda: zipped({}), "ZIP", OTHER),
    refused("a ZIP that spans volumes", b"PK\x07\x08PK\x03\x04" + bytes(40), "ZIP", OTHER),
    refused("a ZIP bomb", bomb, "ZIP", OTHER),
    refused("ZIPs in ZIPs", nested, "ZIP", OTHER),
    refused("a ZIP with a path that climbs", lambda: zipped({"../../etc/passwd": b"x"}), "ZIP",
            OTHER),
    refused("NumPy's npz of objects", lambda: zipped({"a.npy": npy("{'descr': '|O'}")}), "ZIP",
            OTHER),
    refused("Keras 3", lambda: zipped({"metadata.json": b"{}", "config.json": b"{}",
            "model.weights.h5": b"\x89HDF"}), "ZIP", OTHER),
    refused("a wheel", lambda: zipped({"evil/__init__.py": b"", "evil.dist-info/METADATA": b""}),
            "ZIP", OTHER),
    refused("a Word document", lambda: zipped({"[Content_Types].xml": b""}), "ZIP", OTHER),
    refused("an encrypted ZIP", b"PK\x03\x04\x14\x00\x01\x00" + bytes(30), "ZIP", OTHER),
    refused("a ZIP after a program", lambda: zipped(_TORCH, before=b"MZ" + bytes(510)), "program",
            OTHER),
    refused("a ZIP after a comment", lambda: zipped(_TORCH, before=b"hello"), "announce|brace"),
)  # fmt: skip

TARS = (
    refused(
        "legacy torch's tar",
        lambda: tarred(
            {"sys_info": EMPTY_DICT, "pickle": EMPTY_DICT, "storages": b"", "tensors": b""}
        ),
        "tar archive",
        PICKLE,
    ),
    refused(
        "a tar with a path that climbs",
        lambda: tarred({"../../etc/passwd": b"x"}),
        "tar archive",
        PICKLE,
    ),
    refused("an old tar", old_tar, "tar archive", PICKLE),
    refused(
        "NeMo's tar.gz",
        lambda: tarred({"model_weights.ckpt": EMPTY_DICT}, mode="w:gz"),
        "compressed",
        OTHER,
    ),
    refused("gzip", lambda: gzip.compress(EMPTY_DICT, mtime=0), "compressed", OTHER),
    refused(
        "gzip of 256 MiB of nothing",
        lambda: gzip.compress(bytes(1 << 24), mtime=0),
        "compressed",
        OTHER,
    ),
    refused("bzip2", b"BZh91AY&SY" + bytes(20), "compressed", OTHER),
    refused("xz", b"\xfd7zXZ\x00" + bytes(20), "compressed", OTHER),
    refused("7z", b"7z\xbc\xaf\x27\x1c" + bytes(30), "compressed", OTHER),
    refused("RAR 5", b"Rar!\x1a\x07\x01\x00" + bytes(20), "compressed", OTHER),
    refused("zstandard", b"\x28\xb5\x2f\xfd" + bytes(20), "compressed", OTHER),
    refused("LZ4", b"\x04\x22\x4d\x18" + bytes(20), "compressed", OTHER),
    refused("lzip", b"LZIP\x01" + bytes(20), "compressed", OTHER),
    refused("LZMA alone", b"\x5d\x00\x00\x80\x00" + b"\xff" * 8 + bytes(20), "compressed", OTHER),
    refused("a cabinet", b"MSCF" + bytes(36), "compressed", OTHER),
    refused("an ar archive", b"!<arch>\n" + bytes(60), "compressed", OTHER),
)


WEIGHTS = (
    refused("NumPy's npy", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }",
            body=bytes(8)), "NumPy", OTHER),
    refused("NumPy's npy of objects", npy("{'descr': '|O', 'fortran_order': False, 'shape': (), }",
            body=EMPTY_DICT), "NumPy", OTHER),
    refused("NumPy's npy, version 3", npy("{'descr': '|O'}", version=3, body=EMPTY_DICT), "NumPy",
            OTHER),
    refused("HDF5", b"\x89HDF\r\n\x1a\n" + bytes(88), "HDF5", OTHER),
    refused("ONNX", b"\x08\x07\x12\x07pytorch\x1a\x052.1.0" + bytes(60), "ONNX", OTHER),
    refused("TensorFlow's saved model", b"\x08\x01\x12\x0e\n\x05serve" + bytes(60),
            "announce|brace"),
    refused("TFLite", b"\x1c\0\0\0TFL3" + bytes(60), "TFLite", OTHER),
    refused("Core ML", b"\x08\x04\x12\x05\n\x03mlm" + bytes(60), "announce|brace"),
    refused("llama.cpp's old ggml", b"lmgg" + bytes(60), "GGML", OTHER),
    refused("llama.cpp's old ggjt", b"tjgg\x03\0\0\0" + bytes(60), "GGML", OTHER),
    refused("llama.cpp's old ggla, an adapter", b"algg\x01\0\0\0" + bytes(60), "GGML", OTHER),
    refused("Parquet", b"PAR1" + bytes(60), "table of data", OTHER),
    refused("Arrow", b"ARROW1\0\0" + bytes(60), "table of data", OTHER),
    refused("SQLite", b"SQLite format 3\0" + bytes(84), "database", OTHER),
    refused("a MATLAB file", b"MATLAB 5.0 MAT-file" + bytes(109), "announce|brace"),
    refused("R's data", b"RDX3\nX\n" + bytes(60), "announce|brace"),
)  # fmt: skip

PROGRAMS = (
    refused("a program of Linux", b"\x7fELF\x02\x01\x01" + bytes(60), "program", OTHER),
    refused("a program of Windows", b"MZ\x90\x00" + bytes(60), "program", OTHER),
    refused("a program of macOS", b"\xcf\xfa\xed\xfe\x07\x00\x00\x01" + bytes(60), "program",
            OTHER),
    refused("a program of macOS for two machines", b"\xca\xfe\xba\xbe\0\0\0\2" + bytes(60),
            "program", OTHER),
    refused("a program of the web", b"\0asm\1\0\0\0" + bytes(20), "program", OTHER),
    refused("Python bytecode", b"\xa7\x0d\x0d\x0a" + bytes(12) + b"\xe3" + bytes(40), "program",
            OTHER),
    refused("a Java class", b"\xca\xfe\xba\xbe\0\0\0\x34" + bytes(60), "program", OTHER),
    refused("Android's dex", b"dex\n035\0" + bytes(60), "program", OTHER),
    refused("a shell script", b"#!/bin/sh\nrm -rf /\n", "program", OTHER),
    refused("a Python script", b"import os\nos.system('id')\n", "announce"),
    refused("a PHP script", b"<?php system('id'); ?>", "program", OTHER),
    refused("a notebook", b'{\n "cells": [],\n "nbformat": 4\n}', "JSON", OTHER),
    refused("JSON Lines", b'[{"a": 1}]\n[{"a": 2}]\n', "JSON", OTHER),
    refused("YAML", b"a: !!python/object/apply:os.system ['id']\n", "announce"),
)  # fmt: skip

_TAIL = files.kohya_lora("sdxl").getvalue()
POLYGLOTS = (
    refused("a ZIP, then a sound adapter", lambda: zipped(_TORCH) + _TAIL, _SAID, PICKLE),
    refused("a PNG, then a sound adapter", b"\x89PNG\r\n\x1a\n" + _TAIL, "picture", OTHER),
    refused("a GIF, then a sound adapter", b"GIF89a" + _TAIL, "picture", OTHER),
    refused("a JPEG, then a sound adapter", b"\xff\xd8\xff\xe0" + _TAIL, "picture", OTHER),
    refused("a PDF, then a sound adapter", b"%PDF-1.7\n" + _TAIL, "PDF", OTHER),
    refused("a web page, then a sound adapter", b"<html><script>" + _TAIL, "web page", OTHER),
    refused("a drawing (SVG), then a sound adapter", b"<svg onload=alert(1)>" + _TAIL, "web page",
            OTHER),
    refused("a pickle, then a sound adapter", EMPTY_DICT + _TAIL, _SAID, PICKLE),
    refused("a sound adapter, then a ZIP", lambda: _TAIL + zipped(_TORCH), "follow the last"),
    refused("a sound adapter in which a ZIP was hidden at the end",
            lambda: zipped(_TORCH, before=_TAIL), "follow the last"),
    refused("a sound adapter, then a pickle", _TAIL + EMPTY_DICT, "6 bytes follow the last"),
    refused("a sound adapter, then GGUF", lambda: _TAIL + b"GGUF" + bytes(20), "24 bytes follow"),
    refused("blanks, then a sound adapter", b"  \n\t" + _TAIL, "announce|brace"),
    refused("a byte order mark, then a sound adapter", b"\xef\xbb\xbf" + _TAIL, "announce|brace"),
    refused("a video", b"\0\0\0\x18ftypmp42" + bytes(40), "video", OTHER),
    refused("a sound file", b"RIFF\x24\0\0\0WAVEfmt " + bytes(40), "sound", OTHER),
    refused("a WebP", b"RIFF\x24\0\0\0WEBPVP8 " + bytes(40), "picture", OTHER),
    refused("a TIFF", b"II*\0" + bytes(40), "picture", OTHER),
    refused("a Git LFS pointer", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
            "LFS", OTHER),
    refused("a web page of a sign-in", b"\xef\xbb\xbf\n<!DOCTYPE html><title>Sign in</title>",
            "web page", OTHER),
)  # fmt: skip

CASES: tuple[Case, ...] = (
    *of_kind("pickle", PICKLES),
    *of_kind("zip", ZIPS),
    *of_kind("tar", TARS),
    *of_kind("weights", WEIGHTS),
    *of_kind("program", PROGRAMS),
    *of_kind("polyglot", POLYGLOTS),
    # Whatever the name says: a pickle's bytes decide, and so do a pickle's names.
    *(
        Case(f"unknown bytes called {name}", b"anything at all", _SAID, PICKLE, file_name=name,
             kind="name of a pickle")
        for name in ("a.bin", "a.PT", "a.ckpt", "a.pth", "a.pkl", "pytorch_model.bin", "a.pickle")
    ),
    *(
        Case(f"torch weights called {name}", lambda: zipped(_TORCH), _SAID, PICKLE, file_name=name,
             kind="name of a pickle")
        for name in ("a.safetensors", "a.gguf", "a.json", "a", "a.safetensors.bin", "a.png")
    ),
)  # fmt: skip
