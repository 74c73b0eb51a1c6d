"""The words that doors offer to choose from: kinds, proofs, roles and scopes, with their labels."""

from __future__ import annotations

from registry.models import AdapterVersion, Kind, Proof, Role, Scope, ValidationRun, VersionFile

__all__ = ["FileRole", "Kind", "Proof", "Role", "RunState", "Scope", "Stage", "State"]

FileRole = VersionFile.Role
State = AdapterVersion.State
RunState = ValidationRun.State
Stage = ValidationRun.Stage
