"""Are the bytes that arrived the bytes that were announced?"""

from __future__ import annotations

from registry.checks.facts import Arrival


def other_bytes(arrival: Arrival) -> str | None:
    if arrival.arrived is None:
        return f"The bytes of {arrival.name} are gone: upload it again."
    if arrival.arrived != arrival.announced:
        return (
            f"{arrival.name} was announced with the sha256 {arrival.announced} and arrived with "
            f"{arrival.arrived}: it changed on its way; upload it again."
        )
    return None
