"""
Bring the database and the static files up to this version of the code: `python -m hub.up.prepare`.

One process for all of it, since starting Django takes longer than most of what is done here.
"""

from __future__ import annotations

import os

import django
from django.core.management import call_command


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    django.setup()
    call_command("migrate", interactive=False)
    call_command("load_bases")
    call_command("prepare_store")
    call_command("collectstatic", interactive=False, verbosity=0)


if __name__ == "__main__":
    main()
