"""Sentences of checks that are put together from parts, each way that they may come out."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

SENTENCES = (
    _(
        "{0} holds values that are not a number (NaN). Every picture made with this file "
        "would be broken."
    ),
    _(
        "{0} holds values that are not a number (NaN), as do {1} more tensors. Every picture "
        "made with this file would be broken."
    ),
    _("{0} holds values that are infinite. Every picture made with this file would be broken."),
    _(
        "{0} holds values that are infinite, as do {1} more tensors. Every picture made with "
        "this file would be broken."
    ),
    _("{0} holds values that are {1}. Every picture made with this file would be broken."),
    _(
        "{0} holds values that are {1}, as do {2} more tensors. Every picture made with this "
        "file would be broken."
    ),
    _("1 tensor belongs to no layer and will be ignored, the first: {0}."),
    _("{0} tensors belong to no layer and will be ignored, the first: {1}."),
    _("1 layer has only a part of what makes a pair, the first: {0} lacks its {1} matrix."),
    _("1 layer has only a part of what makes a pair, the first: {0} lacks its {1} and {2} matrix."),
    _("{0} layers have only a part of what makes a pair, the first: {1} lacks its {2} matrix."),
    _(
        "{0} layers have only a part of what makes a pair, the first: {1} lacks its {2} and "
        "{3} matrix."
    ),
    _("In 1 layer the two halves disagree on the rank, the first: {0}, {1}."),
    _("In {0} layers the two halves disagree on the rank, the first: {1}, {2}."),
    _(
        "In 1 layer the rank is higher than the layer can use, the first: {0} with {1}, where {2} "
        "would do: the file is larger than it need be."
    ),
    _(
        "In {0} layers the rank is higher than the layer can use, the first: {1} with {2}, where "
        "{3} would do: the file is larger than it need be."
    ),
    _("This file fits the family {0}, not {1}: {2}."),
    _("This file fits {0} or {1}, not {2}: {3}."),
    _("This file fits {0} or {1} or {2}, not {3}: {4}."),
    _("This file fits {0} or {1} or {2} or {3} more, not {4}: {5}."),
    _("{0} No base has them all."),
    _("Its layers are those of {0} and of {1}."),
    _("{0} So {1} is taken on trust."),
    _("{0} So {1} is taken on trust and on its own word ({2} says {3})."),
    _("Its layers belong to more than one family: {0}."),
    _("Shapes alone cannot tell {0} apart in this file."),
    _("No layer has a name and shape of a family that we know."),
    _("The file's layout is not one that we know."),
    _("{0} says “{1}”; its layers fit that too"),
    _("{0}, as in {1} and no base of another family that we know"),
    _("{0} of {1} layers are in {2}"),
    _(
        "The file's metadata shows {0} and {1}: {2} in {3}. Everybody who downloads the file "
        "can read it."
    ),
    _(
        "The file's metadata shows {0}, {1} and {2}: {3} in {4}. Everybody who downloads the "
        "file can read it."
    ),
    _("It only changes how the {0} reads the prompt."),
    _("It only changes how the {0} reads the prompt; its layers in the {1} do nothing."),
    _(
        "The word “{0}”, which its training captions had, calls up more ({1}) than those "
        "declared ({2}). It may be a trigger word."
    ),
    _(
        "The word “{0}”, which its training captions had, calls up more ({1}) than no word at"
        " all. It may be a trigger word."
    ),
    _(
        "{0} is changed {1} times as much as its neighbours are, as are {2} more layers. It "
        "would drown out all the others; perhaps training ran away there."
    ),
    _(
        "{0} is changed {1} times as much as its neighbours are. It would drown out all the "
        "others; perhaps training ran away there."
    ),
    _("Of {0} layers for the {1}, none took their place in the base."),
    _("Of {0} layers for the {1}, none took their place in the base, and not {2}."),
    _("Of {0} layers for the {1}, only {2} took their place in the base."),
    _("Of {0} layers for the {1}, only {2} took their place in the base, and not {3}."),
    _("The metadata gives the {0} as {1} ({2}), and the tensors have {3} to {4}."),
    _("effective rank {0}"),
    _("effective rank {0} of {1}"),
    _("Its layers belong to more than one family: {0} and {1}."),
    _("Its layers belong to more than one family: {0} and {1} and {2}."),
    _("Shapes alone cannot tell {0} and {1} apart in this file."),
    _("Shapes alone cannot tell {0} and {1} and {2} apart in this file."),
    _("No base has them all."),
    _("So {0} is taken on trust."),
    _("So {0} is taken on trust and on its own word ({1} says {2})."),
    _("Say which base it is for when you upload it."),
)
