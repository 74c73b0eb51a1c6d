"""What members say and show of a version."""

from __future__ import annotations

from django.utils import timezone

from registry.services import commenting, complaining, gallery, rating, voting
from tests.registry.services import painted


def make(version, *, by):
    """Return the names that find these rows in addresses."""
    now = timezone.now()
    comment = commenting.write(version.adapter, commenting.Said("Good at 0.7."), by=by, now=now)
    voting.vote(version, 0.7, by=by, now=now)
    picture = gallery.hang(version, painted.png("<lora:ink-wash:0.8>"), by=by, now=now)
    rating.rate(version, "style", rating.Told(4), by=by, now=now)
    complaint = complaining.complain(version.adapter, reason="It is mine.", by=by, now=now)
    return {
        "comment_id": str(comment.pk),
        "picture_id": str(picture.pk),
        "complaint_id": str(complaint.pk),
        "size": "small",
        "use": "style",
    }
