"""
What the checks claim, for the translators.

The tables of registry/checks are plain Python and speak English; pages show a claim in the reader's
language by looking it up. tests/hub/pages/test_languages.py holds this list against the tables.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

CLAIMS = (
    _("The bytes that arrived are the bytes that were announced"),
    _("Every value is a finite number"),
    _("The adapter changes something"),
    _("Every layer changes something"),
    _("No layer is changed out of all proportion"),
    _("The tensors are those that the header's own hash is of"),
    _("The library does not have these weights yet"),
    _("The library does not have these weights in another form"),
    _("The file's layout is one that we know"),
    _("The file is for the declared base"),
    _("Every layer has all its matrices"),
    _("Both halves of a pair agree on the rank"),
    _("Less than a tenth of the file is rank that its layers cannot use"),
    _("Every layer exists in the base"),
    _("Every layer has the shape that it has in the base"),
    _("The file shows which base it is for"),
    _("The library has a base with the file's layers"),
    _("The file's own metadata names the declared base"),
    _("The configuration beside the weights gives their ranks"),
    _("The configuration beside the weights names their layers"),
    _("Every tensor belongs to a layer"),
    _("The metadata gives the rank and alpha that the tensors have"),
    _("The metadata shows nothing private"),
    _("Diffusers loads the file as it is"),
    _("Other runtimes than PEFT take its kind of adapter"),
    _("The real loader takes the file"),
    _("Every layer finds its place in the base"),
    _("The base still renders"),
    _("The adapter changes the output"),
    _("The trigger words change the output"),
    _("The adapter does something at a weight that people use"),
    _("The adapter changes more than how prompts are read"),
    _("The trigger words are what calls it up"),
    _("No other word calls it up better than the trigger words"),
)
