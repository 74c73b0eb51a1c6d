"""Make the first account of a hub that has none, and show its password this once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from registry.services import accounts

USERNAME = "admin"


class Command(BaseCommand):
    help = "Make the first account of a hub that has none, and show its password this once."

    def handle(self, *_args: Any, **_options: Any) -> None:
        password = accounts.found_first(username=USERNAME, now=timezone.now())
        if password:
            self.stdout.write(
                f"Sign in as {USERNAME} with the password {password}: it is shown this once. "
                "Under Administration you change it, and make people and teams."
            )
