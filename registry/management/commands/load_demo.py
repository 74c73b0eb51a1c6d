"""Load the demo, and follow the workers while they judge it."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from registry.models import Team, User
from registry.services import bases, demo


class Command(BaseCommand):
    help = "Load the demo's bases and adapters, follow the workers, and publish what passes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--wait", type=int, default=1800, help="seconds to follow the workers at most (1800)"
        )

    def handle(self, *_args: Any, wait: int, **_options: Any) -> None:
        began = time.monotonic()
        bases.load_catalogue()
        team, person, password = demo.found(now=timezone.now())
        demo.place_bases()
        self._say(f"Sign in as {person.username} with the password {password}")
        for card in demo.cards():
            refusal = demo.upload(card, team=team, by=person, now=timezone.now())
            if refusal:
                self._say(f"{card['slug']} was refused at the door: {refusal}")
        self._follow(team, person, until=began + wait)
        standing = demo.standing(team)
        self._say(
            f"{standing['published']} published, {standing['rejected']} rejected, "
            f"{standing['waiting']} not yet judged, after {time.monotonic() - began:.0f} s"
        )

    def _follow(self, team: Team, person: User, *, until: float) -> None:
        shown = ""
        while time.monotonic() < until:
            demo.publish_ready(team=team, by=person, now=timezone.now())
            standing = demo.standing(team)
            judged = standing["all"] - standing["waiting"]
            at_work = ", ".join(standing["at_work"]) or "waiting for a worker"
            line = f"{judged} of {standing['all']} judged; now: {at_work}"
            if not standing["waiting"]:
                return
            if line != shown:
                self._say(line)
                shown = line
            time.sleep(1)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
