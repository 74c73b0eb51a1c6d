"""What is said of mended copies: what is done to one, why there is none, what was changed."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

SENTENCES = (
    _("What its trainer wrote into the header is left out; the tensors stay as they are."),
    _("Tensors that belong to no layer are left out: nothing reads them."),
    _("Layers that lack one of their matrices are left out: alone, the other does nothing."),
    _("Layers with numbers that are not finite are left out; all others stay as they are."),
    _("Layers that the base does not have are left out; all others stay as they are."),
    _(
        "It is written in the layout that its base is loaded with: the same change, held against "
        "the original layer by layer."
    ),
    _("Its numbers are rounded to a type that every loader takes."),
    _(
        "It is written in diffusers' layout: the same change, held against the original layer by "
        "layer."
    ),
    _("The bytes that arrived were not kept, so there is nothing to mend."),
    _("Nobody can tell what its tensors are for, so none can be written otherwise."),
    _("Its layers are those of another base: declare it for that one."),
    _("No layer can be given another shape without training it again."),
    _("Nobody can tell which of the two halves is the right one."),
    _(
        "The ranks could be set right, but not the alpha that belonged to them: its effect would "
        "be a guess."
    ),
    _("There is nothing in it to keep."),
    _("Its layout is the right one already, so another would not help."),
    _("Its numbers are finite, and still too large: smaller ones would be a guess."),
    _(
        "{0} of its {1} layers would have to be left out: what remains would not be the adapter "
        "that was trained."
    ),
    _("A GGUF file is kept as it is: mend the file that it was made from."),
    _("Nothing was found in it that could be mended here."),
    _("It is still being validated: what is to be mended is known after that."),
    _("Version {0} is being mended already: wait for the copy."),
    _("{0} is not offered here: choose of {1}."),
    _("{0} has to be among the steps: it was rejected for that."),
    _("Choose at least one of {0}."),
    _("The copy was dropped before it was received: ask again."),
    _("A mended copy of version {0}."),
    _("1 layer that lacks a matrix was left out: {0}."),
    _("{0} layers that lack a matrix were left out, the first: {1}."),
    _("1 layer with numbers that are not finite was left out: {0}."),
    _("{0} layers with numbers that are not finite were left out, the first: {1}."),
    _("1 layer that the base does not have was left out: {0}."),
    _("{0} layers that the base does not have were left out, the first: {1}."),
    _("1 tensor of no layer was left out: {0}."),
    _("{0} tensors of no layer were left out, the first: {1}."),
    _("The tensors are those of the original, byte for byte."),
    _("Every matrix was rounded to {0}."),
    _("Alpha was put into the matrices, so every reader of this layout applies it."),
    _("Alpha is kept, in the configuration."),
)
