"""The words that doors offer to choose from: kinds, proofs, roles and scopes, with their labels."""

from __future__ import annotations

from registry.models import (
    AdapterVersion,
    BaseModel,
    Kind,
    PreviewCell,
    Proof,
    Role,
    Scope,
    ValidationRun,
    VersionFile,
)

__all__ = [
    "BaseState",
    "FileRole",
    "Kind",
    "Medium",
    "Proof",
    "Role",
    "RunState",
    "Scope",
    "Stage",
    "State",
]

BaseState = BaseModel.State
Medium = PreviewCell.Medium
FileRole = VersionFile.Role
State = AdapterVersion.State
RunState = ValidationRun.State
Stage = ValidationRun.Stage
