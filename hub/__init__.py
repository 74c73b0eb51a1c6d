"""The Django project. Exposes the Celery application, so that a web process can send jobs."""

from __future__ import annotations

from hub.celery import app as celery_app

__all__ = ["celery_app"]
