"""Make the store of blobs ready for use. Part of every start and every upgrade; harmless twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from registry import blobs
from registry.blobs.protocol import BlobError


class Command(BaseCommand):
    help = "Make the folder or the bucket of the blobs, and let pages send parts to it."
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            refusals = blobs.default().prepare(
                # Unless it knows its own address, the hub cannot tell which pages are its own. A
                # link that is signed for one part and five minutes is what guards the bucket.
                origins=[settings.PUBLIC_URL or "*"],
                # Whole days, and one more: the hub drops what has expired, the store the rest.
                stale_days=settings.UPLOAD_EXPIRY // timedelta(days=1) + 2,
            )
        except BlobError as error:
            raise CommandError(
                f"The {settings.STORE} store cannot be made ready: {error}"
            ) from error
        for refusal in refusals:
            self.stderr.write(self.style.WARNING(refusal))
        self.stdout.write(f"The {settings.STORE} store is ready.")
