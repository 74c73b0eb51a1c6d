"""
What it means when a check finds something, and what to do about it.

A check's own sentence names the offending thing; this is the part that is the same each time, in
the reader's language. tests/hub/pages/test_advice.py holds the codes against the tables of checks.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Act(StrEnum):
    """What can be done about it with a button: templates/parts/_advice_act.html."""

    ANOTHER_BASE = "another-base"  # declare the same bytes for another base
    NEXT_VERSION = "next-version"  # upload another file, everything else said as before
    WORDS = "words"  # change the trigger words that it claims
    LAYOUTS = "layouts"  # fetch it in another layout


class Advice(NamedTuple):
    means: str | Promise
    do: str | Promise
    act: Act | None = None


ADVICE: dict[str, Advice] = {
    "file.readable": Advice(
        _("The bytes are not a sound safetensors file."),
        _("Export it again from your trainer, or copy it again: it may have been cut short."),
        Act.NEXT_VERSION,
    ),
    "bytes.match": Advice(
        _("The bytes that arrived are not the ones that were announced."),
        _("Upload the file again. Nothing of the broken copy was kept."),
        Act.NEXT_VERSION,
    ),
    "bytes.new": Advice(
        _("The same weights are here already, perhaps under another name."),
        _("Look at the adapter named above before you publish a copy of it."),
    ),
    "weights.new": Advice(
        _("Another number type or another naming of the layers does not make other weights."),
        _("Look at the adapter named above: it may be had in this form already."),
    ),
    "tensors.as_claimed": Advice(
        _("Whoever trained the file wrote into it what its tensors hash to, and they do not."),
        _("Ask where the file comes from. Merging, pruning and converting change tensors too."),
    ),
    "metadata.agrees": Advice(
        _("What the file says of its training is not what is in it, so do not rely on the rest."),
        _("Nothing, if you resized or merged it; else ask where the file comes from."),
    ),
    "metadata.private": Advice(
        _("Trainers write down where files lay on a machine, and so who worked on it."),
        _("Strip the metadata before you publish the file: its weights stay the same."),
        Act.NEXT_VERSION,
    ),
    "values.even": Advice(
        _("One layer that outweighs all others mostly shows that training ran away in it."),
        _("Look at the sweep. If it breaks early, take an earlier checkpoint."),
        Act.NEXT_VERSION,
    ),
    "pairs.complete": Advice(
        _("A layer of a LoRA is two matrices. Where one is missing, the layer does nothing."),
        _("Export the adapter again with all of its tensors."),
        Act.NEXT_VERSION,
    ),
    "pairs.rank": Advice(
        _("The two matrices of a layer cannot be multiplied with each other."),
        _("The file was probably stitched together from two: export it again from one run."),
        Act.NEXT_VERSION,
    ),
    "pairs.useful": Advice(
        _("A change of a layer has no more directions than the layer has inputs, or outputs."),
        _("Nothing: it works as it is. A lower rank in training gives a smaller file."),
    ),
    "values.finite": Advice(
        _("Numbers that are not finite spread through the whole picture, or the whole answer."),
        _("Training ran away. Take an earlier checkpoint, or train with a lower learning rate."),
        Act.NEXT_VERSION,
    ),
    "values.nonzero": Advice(
        _("Matrices of zeros change nothing, at any weight."),
        _("The adapter was saved before it was trained, or training never reached these layers."),
        Act.NEXT_VERSION,
    ),
    "base.matches": Advice(
        _("The shapes in the file belong to another architecture than the base declared."),
        _("Declare the base it was trained on: the file need not be uploaded again."),
        Act.ANOTHER_BASE,
    ),
    "base.visible": Advice(
        _("The file does not show which architecture it was made for."),
        _("Make sure yourself that the base declared is the right one."),
        Act.ANOTHER_BASE,
    ),
    "base.found": Advice(
        _("The layers show an architecture, but of no base that the library knows by its layers."),
        _("Add the base, or choose the one that the adapter was trained on."),
        Act.ANOTHER_BASE,
    ),
    "base.claimed": Advice(
        _("Its trainer wrote another base into the file than the one declared."),
        _("Bases of one family often work with each other's adapters; look at the pictures."),
        Act.ANOTHER_BASE,
    ),
    "config.rank": Advice(
        _("PEFT builds its layers by the configuration, so the weights would not fit into them."),
        _("Upload the adapter_config.json that was saved with these weights."),
        Act.NEXT_VERSION,
    ),
    "config.targets": Advice(
        _("PEFT builds only the layers that the configuration names, and leaves out the others."),
        _("Upload the adapter_config.json that was saved with these weights."),
        Act.NEXT_VERSION,
    ),
    "runtimes.peft": Advice(
        _("Only PEFT knows this kind of adapter; other runtimes take plain LoRA alone."),
        _("Nothing, if PEFT is what you use; else train a plain LoRA."),
    ),
    "tensors.used": Advice(
        _("Some tensors belong to no layer that is known here, so nothing uses them."),
        _("Nothing, if you know what they are; else ask who trained it."),
    ),
    "runtimes.diffusers": Advice(
        _("Diffusers refuses such a file, or leaves some of it out without a word."),
        _("The recipe says how to load it. WebUI and ComfyUI may read it as it is."),
        Act.LAYOUTS,
    ),
    "values.trained": Advice(
        _("Layers whose matrices are zero change nothing: training never reached them."),
        _("Nothing, if they were left out on purpose; else train longer, or save later."),
        Act.NEXT_VERSION,
    ),
    "layers.known": Advice(
        _("The file has layers that the base does not: a loader would skip them, or stop."),
        _("Check that the base is the very one it was trained on, with the same text encoders."),
        Act.ANOTHER_BASE,
    ),
    "shapes.match": Advice(
        _("A layer has another size in the file than in the base, so it cannot be added to it."),
        _("Choose the base it was trained on: a sibling of the same family may have wider layers."),
        Act.ANOTHER_BASE,
    ),
    "trial.loads": Advice(
        _("The real loader refused the file."),
        _("Its message is in the evidence. Often it cannot read how the tensors are named."),
        Act.NEXT_VERSION,
    ),
    "trial.layers": Advice(
        _("The loader left layers out without a word: it would work in part, or not at all."),
        _("Convert the file to the naming its base is loaded with, and upload it again."),
        Act.NEXT_VERSION,
    ),
    "trial.finite": Advice(
        _("With the adapter on, the base renders nothing but black or noise."),
        _("Take an earlier checkpoint, or train with a lower learning rate."),
        Act.NEXT_VERSION,
    ),
    "trial.effect": Advice(
        _("Pictures with and without the adapter are the same."),
        _("It may need its trigger words, a higher weight, or more training."),
        Act.NEXT_VERSION,
    ),
    "trial.trigger": Advice(
        _("With and without the trigger words, the output is nearly the same."),
        _("The adapter may work without them, or they may not be the words it was trained with."),
        Act.WORDS,
    ),
    "effect.visible": Advice(
        _("The output with the adapter is that without it, at every weight that was tried."),
        _("Train it for longer, or name the words that it was trained with."),
    ),
    "effect.parts": Advice(
        _("Whatever it does, it does by reading the prompt in another way."),
        _("Nothing, if that was meant; else see whether its other layers were trained at all."),
    ),
    "effect.words": Advice(
        _("It always shows, whatever the prompt says."),
        _("Nothing, if that is what it is for; its page need not ask for trigger words then."),
        Act.WORDS,
    ),
    "effect.others": Advice(
        _("Each word was put into the prompt alone, and this one changed the output most."),
        _("Look whether it belongs to the trigger words. What you declared stays as it is."),
        Act.WORDS,
    ),
}
