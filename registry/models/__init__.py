"""Rows. Rules about them are in registry/services, what they must always hold is a constraint."""

from __future__ import annotations

from registry.models.adapters import Adapter, AdapterVersion, Kind, VersionFile
from registry.models.ancestors import Ancestor
from registry.models.attempts import Attempt
from registry.models.bases import BaseModel, Blueprint, Proof, Scene
from registry.models.blobs import Blob, LayerNorms, Upload
from registry.models.channels import Channel
from registry.models.checkpoint_votes import CheckpointVote
from registry.models.collections import Collection, CollectionItem
from registry.models.comments import Comment
from registry.models.complaints import Complaint
from registry.models.downloads import ClientKind, DownloadCount
from registry.models.drafts import DraftFile
from registry.models.following import (
    Favourite,
    FeedMark,
    Follow,
    Mailing,
    Notification,
)
from registry.models.gallery import GalleryPicture, PictureUse
from registry.models.import_tokens import ImportToken
from registry.models.imports import Import, ImportItem, Source, SourcePicture
from registry.models.invitations import Invitation
from registry.models.mendings import Mending
from registry.models.people import Membership, Role, Scope, Team, Token, User
from registry.models.preparations import Preparation, PreparedFile
from registry.models.previews import Curve, PreviewCell, PreviewGrid, PreviewRequest
from registry.models.ratings import Rating, Use
from registry.models.repeats import KeptAnswer
from registry.models.repos import RepoCommit
from registry.models.reviews import Review, ReviewPolicy
from registry.models.search import SearchEntry
from registry.models.searches import SavedSearch
from registry.models.upload_drafts import UploadDraft
from registry.models.validation import Event, Result, ValidationRun
from registry.models.votes import WeightVote
from registry.models.workers import Worker

__all__ = [
    "Adapter",
    "AdapterVersion",
    "Ancestor",
    "Attempt",
    "BaseModel",
    "Blob",
    "Blueprint",
    "Channel",
    "CheckpointVote",
    "ClientKind",
    "Collection",
    "CollectionItem",
    "Comment",
    "Complaint",
    "Curve",
    "DownloadCount",
    "DraftFile",
    "Event",
    "Favourite",
    "FeedMark",
    "Follow",
    "GalleryPicture",
    "Import",
    "ImportItem",
    "ImportToken",
    "Invitation",
    "KeptAnswer",
    "Kind",
    "LayerNorms",
    "Mailing",
    "Membership",
    "Mending",
    "Notification",
    "PictureUse",
    "Preparation",
    "PreparedFile",
    "PreviewCell",
    "PreviewGrid",
    "PreviewRequest",
    "Proof",
    "Rating",
    "RepoCommit",
    "Result",
    "Review",
    "ReviewPolicy",
    "Role",
    "SavedSearch",
    "Scene",
    "Scope",
    "SearchEntry",
    "Source",
    "SourcePicture",
    "Team",
    "Token",
    "Upload",
    "UploadDraft",
    "Use",
    "User",
    "ValidationRun",
    "VersionFile",
    "WeightVote",
    "Worker",
]
