"""
Every check there is, in the order they run.

These tables are the specification: the documentation page and the validation report are made of
them. To add a check, write a function that returns the problem it finds (or None), and give it a
row. A code, once released, is never reused for another claim: stored results refer to it.
"""

from __future__ import annotations

from registry.checks import (
    arrival,
    configuration,
    declaration,
    effect,
    identity,
    pairs,
    privacy,
    runtimes,
    trial,
    values,
)
from registry.checks.facts import Arrival, Declared, Effect, Trial
from registry.checks.outcome import Check, Outcome

REJECTED, WARNED = Outcome.REJECTED, Outcome.WARNED

# What is asked of each file before it is opened.
ARRIVAL_CHECKS: tuple[Check[Arrival], ...] = (
    Check("bytes.match", "The bytes that arrived are the bytes that were announced", REJECTED,
          arrival.other_bytes),
)  # fmt: skip

# What names and shapes tell: all that can be said before the weights have travelled.
HEADER_CHECKS: tuple[Check[Declared], ...] = (
    Check("file.readable", "The file's layout is one that we know", REJECTED, pairs.unknown_layout),
    Check("base.matches", "The file is for the declared base", REJECTED,
          declaration.another_family),
    Check("pairs.complete", "Every layer has all its matrices", REJECTED, pairs.half_a_pair),
    Check("pairs.rank", "Both halves of a pair agree on the rank", REJECTED,
          pairs.ranks_that_differ),
    Check("pairs.useful", "Less than a tenth of the file is rank that its layers cannot use",
          WARNED, pairs.ranks_beyond_use),
    Check("layers.known", "Every layer exists in the base", REJECTED,
          declaration.layers_unknown_to_the_base),
    Check("shapes.match", "Every layer has the shape that it has in the base", REJECTED,
          declaration.shapes_that_differ),
    Check("base.visible", "The file shows which base it is for", WARNED, declaration.family_unseen),
    Check("base.found", "The library has a base with the file's layers", WARNED,
          declaration.no_base_found),
    Check("base.claimed", "The file's own metadata names the declared base", WARNED,
          declaration.another_base_claimed),
    Check("config.rank", "The configuration beside the weights gives their ranks", REJECTED,
          configuration.another_rank_configured),
    Check("config.targets", "The configuration beside the weights names their layers", WARNED,
          configuration.layers_not_targeted),
    Check("tensors.used", "Every tensor belongs to a layer", WARNED, pairs.tensors_left_over),
    Check("runtimes.diffusers", "Diffusers loads the file as it is", WARNED,
          runtimes.diffusers_traps),
    Check("metadata.agrees", "The metadata gives the rank and alpha that the tensors have", WARNED,
          identity.numbers_that_contradict),
    Check("metadata.private", "The metadata shows nothing private", WARNED,
          privacy.private_metadata),
    Check("runtimes.peft", "Other runtimes than PEFT take its kind of adapter", WARNED,
          configuration.for_peft_alone),
)  # fmt: skip

# What only the numbers tell, and what only the library knows.
CONTENT_CHECKS: tuple[Check[Declared], ...] = (
    Check("values.finite", "Every value is a finite number", REJECTED, values.not_finite),
    Check("values.nonzero", "The adapter changes something", REJECTED, values.changes_nothing),
    Check("values.trained", "Every layer changes something", WARNED, values.layers_untrained),
    Check("values.even", "No layer is changed out of all proportion", WARNED, values.uneven),
    Check("tensors.as_claimed", "The tensors are those that the header's own hash is of", WARNED,
          identity.altered_since_hashed),
    Check("bytes.new", "The library does not have these weights yet", WARNED,
          declaration.seen_before),
    Check("weights.new", "The library does not have these weights in another form", WARNED,
          identity.known_in_another_form),
)  # fmt: skip

FILE_CHECKS = HEADER_CHECKS + CONTENT_CHECKS

TRIAL_CHECKS: tuple[Check[Trial], ...] = (
    Check("trial.loads", "The real loader takes the file", REJECTED, trial.does_not_load),
    Check("trial.layers", "Every layer finds its place in the base", REJECTED,
          trial.layers_left_over, applies=trial.was_loaded),
    Check("trial.finite", "The base still renders", REJECTED, trial.nan_in_the_picture,
          applies=trial.was_rendered),
    Check("trial.effect", "The adapter changes the output", WARNED, trial.no_visible_change,
          applies=trial.was_compared),
    Check("trial.trigger", "The trigger words change the output", WARNED,
          trial.no_change_by_trigger, applies=trial.was_compared_by_words),
)  # fmt: skip

# What its pictures at every weight tell, once they are there.
EFFECT_CHECKS: tuple[Check[Effect], ...] = (
    Check("effect.visible", "The adapter does something at a weight that people use", WARNED,
          effect.nothing_at_any_weight),
    Check("effect.parts", "The adapter changes more than how prompts are read", WARNED,
          effect.only_how_prompts_are_read, applies=effect.does_something_by_parts),
    Check("effect.words", "The trigger words are what calls it up", WARNED,
          effect.works_without_its_words, applies=effect.does_something_with_its_words),
    Check("effect.others", "No other word calls it up better than the trigger words", WARNED,
          effect.another_word_is_stronger, applies=effect.has_words),
)  # fmt: skip
