"""The words that doors offer to choose from: kinds, proofs, roles and scopes, with their labels."""

from __future__ import annotations

from registry.models import (
    AdapterVersion,
    Ancestor,
    BaseModel,
    ClientKind,
    Collection,
    Complaint,
    Import,
    ImportItem,
    Kind,
    Mailing,
    Mending,
    Preparation,
    PreviewCell,
    PreviewGrid,
    PreviewRequest,
    Proof,
    Review,
    Role,
    Scope,
    Source,
    Use,
    ValidationRun,
    VersionFile,
)

__all__ = [
    "AncestorKind",
    "BaseState",
    "ClientKind",
    "ComplaintOutcome",
    "Decision",
    "FileRole",
    "GridKind",
    "ImportStage",
    "ImportState",
    "ItemState",
    "Kind",
    "Medium",
    "MendingState",
    "Pace",
    "PreparationState",
    "Proof",
    "RequestState",
    "Role",
    "RunState",
    "Scope",
    "Sight",
    "Stage",
    "Standing",
    "State",
    "Use",
]

AncestorKind = Ancestor.Kind
BaseState = BaseModel.State
Decision = Review.Decision
Medium = PreviewCell.Medium
FileRole = VersionFile.Role
State = AdapterVersion.State
RunState = ValidationRun.State
Stage = ValidationRun.Stage
GridKind = PreviewGrid.Kind
RequestState = PreviewRequest.State
PreparationState = Preparation.State
MendingState = Mending.State
ImportState = Import.State
ImportStage = Import.Stage
ItemState = ImportItem.State
Standing = Source.Standing
Sight = Collection.Sight
Pace = Mailing.Pace
ComplaintOutcome = Complaint.Outcome
