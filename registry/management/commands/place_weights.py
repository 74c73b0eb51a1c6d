"""Say where the weights of a base lie, so that its adapters are rendered."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry.models import BaseModel
from registry.services import bases


class Command(BaseCommand):
    help = "Say where the weights of a base lie, so that its adapters are rendered."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("base", help="the base's slug, as docs/bases.md and the site show it")
        parser.add_argument(
            "folder",
            help="as diffusers or transformers save it, relative to BASES_AT or not; or "
            "s3://bucket/prefix; or hf://owner/name of this machine's hub cache",
        )

    def handle(self, *_args: Any, base: str, folder: str, **_options: Any) -> None:
        found = BaseModel.objects.filter(slug=base).first()
        if found is None:
            raise CommandError(f"There is no base called {base}. Run `manage.py load_bases` first.")
        try:
            bases.check_weights(found, weights_at=folder)
        except bases.WeightsUnfit as unfit:
            raise CommandError(str(unfit)) from unfit
        bases.place_weights(found, weights_at=folder)
        if bases.is_swept(found):
            self.stdout.write(f"Adapters for {found.title} are now rendered from {folder}.")
        else:
            self.stdout.write(
                f"The weights of {found.title} are noted. A {found.pipeline} is not swept: its "
                "adapters are proved to load, which needs no weights, and no more."
            )
