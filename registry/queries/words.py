"""The words that doors offer to choose from: kinds, proofs, roles and scopes, with their labels."""

from __future__ import annotations

from registry.models import (
    AdapterVersion,
    BaseModel,
    Kind,
    Proof,
    Role,
    Scope,
    ValidationRun,
    VersionFile,
)

__all__ = ["BaseState", "FileRole", "Kind", "Proof", "Role", "RunState", "Scope", "Stage", "State"]

BaseState = BaseModel.State
FileRole = VersionFile.Role
State = AdapterVersion.State
RunState = ValidationRun.State
Stage = ValidationRun.Stage
