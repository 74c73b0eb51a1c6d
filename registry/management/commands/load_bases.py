"""Make the base models in the database agree with the catalogue in bases/."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from registry.services import bases


class Command(BaseCommand):
    help = "Make the base models in the database agree with the catalogue in bases/."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(f"{bases.load_catalogue()} base models are known.")
