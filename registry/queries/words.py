"""The words that doors offer to choose from: kinds, proofs, roles and scopes, with their labels."""

from __future__ import annotations

from registry.models import AdapterVersion, Kind, Proof, Role, Scope, ValidationRun

__all__ = ["Kind", "Proof", "Role", "RunState", "Scope", "Stage", "State"]

State = AdapterVersion.State
RunState = ValidationRun.State
Stage = ValidationRun.Stage
