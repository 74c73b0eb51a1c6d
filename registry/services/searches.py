"""What a person keeps of browsing: searches by name, and the bases that they use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode

from django.db import IntegrityError, transaction

from registry.errors import Invalid, NameTaken, QuotaReached
from registry.formats import plain
from registry.models import BaseModel, SavedSearch, User
from registry.queries import bases, orders, searches

MOST = 50  # searches of one person
MOST_BASES = 10


def save(*, title: str, query: str, by: User, now: datetime) -> SavedSearch:
    """
    Keep a question under a name.

    :raises Invalid: if the name is empty, or the question makes no sense
    :raises NameTaken: if the person has a search of that name
    :raises QuotaReached: if they have as many as one may
    """
    if by.searches.count() >= MOST:
        raise QuotaReached(f"You have {MOST} saved searches: remove one first.")
    search = SavedSearch(user=by, title=_title(title), query=tidy(query), saved_at=now)
    return _written(search)


def change(search: SavedSearch, *, title: str | None = None, query: str | None = None) -> None:
    """
    Call a search something else, or let it find something else.

    :raises Invalid: if the name is empty, or the question makes no sense
    :raises NameTaken: if the person has another search of that name
    """
    if title is not None:
        search.title = _title(title)
    if query is not None:
        search.query = tidy(query)
    _written(search)


def remove(search: SavedSearch) -> None:
    search.delete()


def use_bases(names: Sequence[str], *, by: User) -> None:
    """
    Remember the bases that a person uses; of none, forget them.

    :raises Invalid: if no base goes by one of the names, or they are too many
    """
    by.fits = known_bases(names, by=by)
    by.save(update_fields=["fits"])


def known_bases(names: Sequence[str], *, by: User | None) -> list[str]:
    """
    Return names of bases as they are remembered: each once.

    :raises Invalid: if no base in sight goes by one of them, or they are too many
    """
    words = list(dict.fromkeys(name.strip().lower() for name in names if name.strip()))
    if len(words) > MOST_BASES:
        raise Invalid(f"Name at most {MOST_BASES} bases.")
    for word in words:
        if "\0" in word or len(word) > 200 or not _is_known(word, by):
            raise Invalid(f"This hub knows no base model called {word[:60]!r}.")
    return words


def _is_known(word: str, by: User | None) -> bool:
    return bases.in_sight(by).filter(pk__in=BaseModel.objects.called(word)).exists()


def tidy(query: str) -> str:
    """
    Return a question as it is kept: without what asks for nothing.

    :raises Invalid: if it makes no sense
    """
    text = query.strip().lstrip("?")
    if len(text) > 1000 or "\0" in text:
        raise Invalid("That question is too long to be saved.")
    given = searches.given(text)
    searches.read(text)
    sort = given.get("sort", [""])[-1]
    if sort and sort not in orders.BY_NAME:
        raise Invalid(f"sort is {sort[:40]!r}: write one of {', '.join(orders.BY_NAME)}.")
    said = {
        name: ",".join(values) if len(values) > 1 else values[0] for name, values in given.items()
    }
    tidied = urlencode(said, safe=",")
    if len(tidied) > 1000:
        raise Invalid("That question is too long to be saved.")
    return tidied


def _title(title: str) -> str:
    tidied = plain.line(title)
    if not tidied or len(tidied) > 80 or "\0" in tidied:
        raise Invalid("Give the search a name, of 80 letters at most.")
    return tidied


def _written(search: SavedSearch) -> SavedSearch:
    try:
        with transaction.atomic():
            search.save()
    except IntegrityError as error:
        if "search_title_once" in str(error):
            raise NameTaken(f"You have a search called {search.title!r}.") from error
        raise
    return search
