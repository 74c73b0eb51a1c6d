"""
The hash of its tensors that a header claims, held against the tensors.

What each covers, as the programs that write them compute it:

- `sshs_model_hash` (kohya's scripts, ai-toolkit; A1111's “addnet hash”): sha256 of all that follows
  the header, the tensors as they lie in the file. Its first 12 digits are AutoV3.
- `modelspec.hash_sha256`: by the standard the same, written with 0x; OneTrainer takes the tensors
  in the order of their names, which is another order where number types are mixed.
- `sshs_legacy_hash`: first 8 digits of sha256 over the 64 KiB at 1 MiB (AutoV1) of the file as it
  would be with its `ss_*` metadata alone; nothing (e3b0c442) for smaller files. It says no more
  than the first, so it is not asked.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from registry.formats.header import Header

CHUNK = 1 << 20
_SHA256 = re.compile(r"(?:0x)?([0-9a-f]{64})", re.IGNORECASE)
_EMPTY = hashlib.sha256().hexdigest()


@dataclass(frozen=True, slots=True)
class ClaimedHash:
    key: str
    sha256: str  # lower case, without 0x


def claimed_hashes(metadata: Mapping[str, str]) -> tuple[ClaimedHash, ...]:
    """Return the hashes of its tensors that a header claims, the most trustworthy first."""
    found = []
    for key in ("sshs_model_hash", "modelspec.hash_sha256"):
        match = _SHA256.fullmatch(metadata.get(key, "").strip())
        if match and match[1].lower() != _EMPTY:
            found.append(ClaimedHash(key, match[1].lower()))
    return tuple(found)


def hash_by_name(file: BinaryIO, header: Header) -> str:
    """Return the sha256 of the tensors in the order of their names."""
    whole = hashlib.sha256()
    for name in sorted(header.tensors):
        tensor = header.tensors[name]
        file.seek(header.data_at + tensor.begin)
        left = tensor.end - tensor.begin
        while left > 0 and (chunk := file.read(min(left, CHUNK))):
            whole.update(chunk)
            left -= len(chunk)
    return whole.hexdigest()
