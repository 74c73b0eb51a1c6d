"""Comments on adapters: threads one level deep, and what of them a person may read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from registry.errors import NotFound
from registry.models import Adapter, Comment, Role, User
from registry.queries import adapters, people, versions

PAGE = 20
MOST_ANSWERS = 200  # of one comment that are shown


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, and whether they look after the adapter's comments."""

    by: User | None
    reviews: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Some threads, the newest first, each with its answers in `.shown_answers`."""

    threads: Sequence[Comment]
    next: str


def reader(adapter: Adapter, by: User | None) -> Reader:
    return Reader(by, people.may(by, Role.REVIEWER, adapter.team))


def may_read(comment: Comment, reader: Reader) -> bool:
    """Say whether the person may read the text, rather than that there was one."""
    if comment.deleted_at is not None:
        return False
    own = reader.by is not None and comment.by_id == reader.by.pk
    return comment.hidden_at is None or own or reader.reviews


def threads(adapter: Adapter, *, by: User | None, cursor: str = "", limit: int = PAGE) -> Page:
    """
    Return a page of an adapter's comments, two queries whatever is in it.

    :raises Invalid: if the cursor is none of ours
    """
    living = Comment.objects.filter(parent=OuterRef("pk"), deleted_at__isnull=True)
    found = _whole().filter(adapter=adapter, parent__isnull=True)
    found = found.filter(Q(deleted_at__isnull=True) | Exists(living))
    if cursor:
        at, pk = adapters.read_cursor(cursor)
        found = found.filter(Q(written_at__lt=at) | Q(written_at=at, pk__lt=pk))
    rows = list(found.order_by("-written_at", "-pk")[: limit + 1])
    last = rows[limit - 1] if len(rows) > limit else None
    following = adapters.write_cursor(last.written_at, last.pk) if last else ""
    return Page([_without_hidden_version(row, by) for row in rows[:limit]], following)


def count(adapter: Adapter) -> int:
    """Return how many comments and answers of an adapter can be read."""
    return adapter.comments.filter(deleted_at__isnull=True, hidden_at__isnull=True).count()


def of_adapter(adapter: Adapter, comment_id: UUID, *, by: User | None) -> Comment:
    """
    Return one comment of an adapter, with its answers.

    :raises NotFound: if there is none of that id, or it was taken back
    """
    found = _whole().filter(adapter=adapter, pk=comment_id, deleted_at__isnull=True).first()
    if found is None:
        raise NotFound(f"There is no comment {comment_id} on this adapter.")
    return _without_hidden_version(found, by)


def _whole() -> QuerySet[Comment]:
    joined = Comment.objects.select_related(
        "by", "hidden_by", "adapter__team", "version__adapter__team"
    )
    answers = joined.filter(deleted_at__isnull=True).order_by("written_at", "pk")[:MOST_ANSWERS]
    return joined.prefetch_related(Prefetch("answers", answers, to_attr="shown_answers"))


def _without_hidden_version(comment: Comment, by: User | None) -> Comment:
    """Return it without its version where the person may not know of that one."""
    for one in (comment, *comment.shown_answers):  # type: ignore[attr-defined]  # prefetched
        if one.version is not None and not versions.may_see(one.version, by):
            one.version = None
    return comment
