"""Load the demo adapters, and tell how far the workers have got with judging them."""

from __future__ import annotations

from collections.abc import Mapping

from hub.up.folder import DataFolder
from hub.up.supervisor import Supervisor


def show(supervisor: Supervisor, environment: Mapping[str, str], *, folder: DataFolder) -> None:
    raise NotImplementedError
