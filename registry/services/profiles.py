"""What people say of themselves, and their passwords."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from registry.errors import Invalid, NotAllowed
from registry.formats import plain
from registry.models import User
from registry.services import accounts

MOST_NAME = 80


@dataclass(frozen=True, slots=True)
class About:
    """What somebody says of themselves; None: leave it as it is."""

    display_name: str | None = None
    email: str | None = None
    language: str | None = None  # "": as the browser asks


@transaction.atomic
def change(person: User, about: About) -> list[str]:
    """
    Say something else of oneself, and return what changed by it.

    :raises Invalid: if a name is too long, an address is none, or a language is not spoken here
    """
    _refuse_nonsense(about)
    said = {
        "display_name": plain.line(about.display_name) if about.display_name else None,
        "email": about.email,
        "language": about.language,
    }
    if about.display_name is not None and not about.display_name.strip():
        said["display_name"] = ""
    changed = [
        name for name, one in said.items() if one is not None and getattr(person, name) != one
    ]
    for name in changed:
        setattr(person, name, said[name])
    person.save(update_fields=changed)
    return changed


def _refuse_nonsense(about: About) -> None:
    if about.display_name is not None and len(about.display_name.strip()) > MOST_NAME:
        raise Invalid(f"A name that others see has up to {MOST_NAME} letters.")
    if about.email:
        try:
            validate_email(about.email)
        except ValidationError as error:
            raise Invalid(f"{about.email[:80]!r} is no mail address.") from error
    spoken = [code for code, _ in settings.LANGUAGES]
    if about.language and about.language not in spoken:
        raise Invalid(f"{about.language[:20]!r} is not spoken here: write {', '.join(spoken)}.")


@transaction.atomic
def change_password(person: User, *, old: str, new: str) -> None:
    """
    Give oneself another password. All other sessions end by it; tokens go on.

    :raises NotAllowed: if the old one is wrong
    :raises Invalid: if the new one is too easily guessed
    """
    if not person.check_password(old):
        raise NotAllowed("That is not your password.")
    accounts.refuse_password(new, of=person)
    person.set_password(new)
    person.save(update_fields=["password"])
