"""Did the adapter load whole on its base, and does it do something there?"""

from __future__ import annotations

from typing import Any

from registry.checks.facts import Trial
from registry.checks.outcome import Finding

TOLD = 20
UNSEEN = 0.002  # Of full scale: half a step of 8-bit colour in each pixel, on the average.


def does_not_load(trial: Trial) -> str | Finding | None:
    told: dict[str, Any] = {
        "level": trial.level,
        "device": trial.device,
        "seconds": round(trial.seconds, 3),
        "network_off": trial.network_off,
        "messages": list(trial.loader_messages[:TOLD]),
    }
    if trial.error is None:
        return Finding("", told)
    return Finding(f"The loader refused the file: {trial.error.rstrip('.')}.", told)


def was_loaded(trial: Trial) -> bool:
    return trial.error is None  # else nothing was counted


def layers_left_over(trial: Trial) -> Finding:
    numbers = {"in_file": dict(trial.in_file), "injected": dict(trial.injected)}
    for component, in_file in trial.in_file.items():
        injected = trial.injected.get(component, 0)
        if injected < in_file:
            applied = f"only {injected}" if injected else "none"
            left = f", and not {trial.unmatched_layers[0]}" if trial.unmatched_layers else ""
            return Finding(
                f"Of {in_file} layers for the {component.replace('_', ' ')}, {applied} took their "
                f"place in the base{left}.",
                numbers | {"unmatched": list(trial.unmatched_layers[:TOLD])},
            )
    if trial.unmatched_layers:
        return Finding(
            f"The loader left {len(trial.unmatched_layers)} layers over, the first: "
            f"{trial.unmatched_layers[0]}.",
            numbers | {"unmatched": list(trial.unmatched_layers[:TOLD])},
        )
    return Finding("", numbers)


def was_rendered(trial: Trial) -> bool:
    return trial.error is None and trial.level == "renders"  # nothing does on a skeleton


def nan_in_the_picture(trial: Trial) -> str | Finding | None:
    if trial.saw_nan:
        return "With the adapter at weight 1 the base renders values that are not numbers (NaN)."
    return None


def was_compared(trial: Trial) -> bool:
    return was_rendered(trial) and trial.change is not None


def no_visible_change(trial: Trial) -> Finding:
    return _too_small(
        trial.change or 0.0,
        "At weight 1 what is rendered is the same as without the adapter. "
        "It may need a higher weight or its trigger words, or it was hardly trained.",
    )


def was_compared_by_words(trial: Trial) -> bool:
    return was_rendered(trial) and trial.trigger_change is not None


def no_change_by_trigger(trial: Trial) -> Finding:
    return _too_small(
        trial.trigger_change or 0.0,
        "At weight 1 the trigger words change nothing that is rendered. Are they the right ones?",
    )


def _too_small(change: float, problem: str) -> Finding:
    return Finding(problem if change < UNSEEN else "", {"change": round(change, 5)})
