"""The files that are to be one version: which of them is the weights, and no two the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from registry.errors import UploadRefused
from registry.models import Upload, VersionFile
from registry.services.unpacking import Incoming

FileRole = VersionFile.Role


def the_weights(files: Sequence[Incoming]) -> Incoming:
    """:raises UploadRefused: if it is not one file, or not all are here"""
    weights = [one for one in files if one.role == FileRole.WEIGHTS]
    if len(weights) != 1:
        raise UploadRefused(
            f"A version has one weights file, and {len(weights)} were given: "
            "give the others as training checkpoints, or as versions of their own."
        )
    if any(one.upload.state != Upload.State.COMPLETE for one in files):
        raise UploadRefused("Not all files are here yet: complete their uploads first.")
    return weights[0]


def refuse_doubles(files: Sequence[Incoming]) -> None:
    """:raises UploadRefused: if two have the same name, or are of the same training step"""
    names = Counter(one.upload.name for one in files)
    steps = Counter(
        one.training_step
        for one in files
        if one.role == FileRole.CHECKPOINT and one.training_step is not None
    )
    for name, count in names.items():
        if count > 1:
            raise UploadRefused(f"{count} files are called {name}: rename all but one of them.")
    for step, count in steps.items():
        if count > 1:
            raise UploadRefused(
                f"{count} training checkpoints are said to be of step {step}: give each its own."
            )
