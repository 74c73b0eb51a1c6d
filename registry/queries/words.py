"""The words that doors offer to choose from: kinds, proofs, roles and scopes, with their labels."""

from __future__ import annotations

from registry.models import (
    AdapterVersion,
    BaseModel,
    ClientKind,
    Kind,
    Preparation,
    PreviewCell,
    PreviewGrid,
    PreviewRequest,
    Proof,
    Role,
    Scope,
    ValidationRun,
    VersionFile,
)

__all__ = [
    "BaseState",
    "ClientKind",
    "FileRole",
    "GridKind",
    "Kind",
    "Medium",
    "PreparationState",
    "Proof",
    "RequestState",
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
GridKind = PreviewGrid.Kind
RequestState = PreviewRequest.State
PreparationState = Preparation.State
