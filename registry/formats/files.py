"""The one door to a weights file: told by its first bytes, read by the reader of its kind."""

from __future__ import annotations

from typing import BinaryIO

from registry.formats import gguf, header
from registry.formats.header import Header


def read_header(file: BinaryIO, *, file_size: int) -> Header:
    """
    Return the header of the file that `file` is at the start of, safetensors or GGUF.

    :raises EmptyFile: if there are no bytes
    :raises Truncated: if bytes are missing at the end
    :raises Malformed: if the bytes break the format that they begin as
    :raises NotAnAdapter: if it says itself that it holds a whole model
    """
    start = file.read(len(gguf.MAGIC))
    file.seek(-len(start), 1)
    if start == gguf.MAGIC:
        return gguf.read_gguf(file, file_size=file_size)
    return header.read_header(file, file_size=file_size)
