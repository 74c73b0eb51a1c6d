"""What checks say of a file, and runtimes of it."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

SENTENCES = (
    _("The bytes of {0} are gone: upload it again."),
    _(
        "{0} was announced with the sha256 {1} and arrived with {2}: it changed on its way; "
        "upload it again."
    ),
    _("By its adapter_config.json this is {0} ({1}), which {2}."),
    _(
        "adapter_config.json gives {0} the rank {1} and its matrices have {2}, so PEFT cannot"
        " load them."
    ),
    _(
        "{0} of {1} layers are not among the target_modules of adapter_config.json, so PEFT "
        "ignores them, the first: {2}."
    ),
    _("{0} ({1}) {2}. PEFT loads it; vLLM, llama.cpp and others take plain LoRA alone."),
    _("adapter_config.json says {0}, a type that we do not know."),
    _("{0} So {1} is taken on trust{2}."),
    _(
        "Its layers are of the family {0}, but no base of that family here has them all: name"
        " its base, or add that base to the library."
    ),
    _("This file fits {0}, not {1}: {2}."),
    _("Its layers are those of {0}."),
    _("{0} Say which base it is for when you upload it."),
    _(
        "It names {0} as its base, which is not in the library. {1} has such layers too, but "
        "many more of them."
    ),
    _("{0} of {1} layers do not exist in {2}, the first: {3}."),
    _("{0} of {1} layers have another shape than in {2}: {3}."),
    _("The same weights are already here: {0}."),
    _("its layer {0} does not exist in {1}"),
    _("The file's own metadata says {0}, which is {1}, but its layers are not those of that base."),
    _("The file's own metadata says {0}, which is {1}, not {2}."),
    _(
        "Nothing that can be seen changes at any weight up to {0}. It was hardly trained, or "
        "its trigger words are others than those declared."
    ),
    _("It only changes how the {0} reads the prompt{1}."),
    _(
        "Without its trigger words it changes the output as much ({0}) as with them ({1}): "
        "they are not what calls it up."
    ),
    _(
        "The word “{0}”, which its training captions had, calls up more ({1}) than {2}. It "
        "may be a trigger word."
    ),
    _(
        "The header says that its tensors hash to {0} ({1}), and they hash to {2}…: they were"
        " altered after training, or the header comes from another file."
    ),
    _("The metadata gives the {0} as {1} ({2}), and the tensors have {3}."),
    _("The same weights in another form are already here: {0}."),
    _(
        "Diffusers does not read kohya's names for this model: it refuses the file, or "
        "applies none of it and says nothing."
    ),
    _(
        "Diffusers does not read names that begin with “diffusion_model.” for this model: it "
        "refuses the file, or applies none of it and says nothing."
    ),
    _(
        "Diffusers puts no adapter on this text encoder: it drops its layers and says "
        "nothing, or refuses the file."
    ),
    _("Diffusers has no loader for adapters of this model."),
    _(
        "Diffusers reads kohya's names for this model only where they are made of the "
        "original names of its layers, and these are made of diffusers' own."
    ),
    _(
        "Diffusers reads names made of input_blocks and output_blocks for SDXL alone: it "
        "refuses the file, or applies hardly any of it and says nothing."
    ),
    _("Diffusers drops its layers around the U-Net's blocks (add_embedding) and says nothing."),
    _("Diffusers refuses kohya's names for layers around Wan's blocks (head, time_embedding)."),
    _(
        "Diffusers drops its layers around Z-Image's blocks (x_embedder, final_layer) and "
        "says nothing."
    ),
    _(
        "Diffusers refuses its own names with “diffusion_model.” before them: for this model "
        "it wants the original ones there."
    ),
    _(
        "Diffusers refuses its own names of layers around FLUX.2's blocks with "
        "“diffusion_model.” before them."
    ),
    _(
        "Diffusers drops its layers around LTX-Video's blocks (patchify_proj, adaln_single) "
        "and says nothing."
    ),
    _("Diffusers drops the modulation of its last layer (final_layer) and says nothing."),
    _(
        "Diffusers drops the layers of its attention and says nothing: it does not know "
        "joined queries, keys and values under names that begin with “diffusion_model.”."
    ),
    _(
        "Diffusers reads names that begin with “diffusion_model.” for Lumina 2 only where a "
        "file has all layers of the blocks and none around them; it refuses this one."
    ),
    _(
        "Diffusers reads names that begin with “diffusion_model.” for Anima, and not for "
        "Cosmos-Predict2, whose pipelines have no loader."
    ),
    _("Diffusers refuses DoRA in this naming."),
    _("PEFT refuses DoRA on experts: transformers 5 keeps them joined, and it has none for that."),
    _(
        "Diffusers does not read names that begin with “lycoris_”: it refuses the file, or "
        "applies none of it and says nothing."
    ),
    _(
        "The layout of this file is not one that we know: its tensors have names like {0}. "
        "Nothing says how to put it on {1}, so nobody could use it."
    ),
    _("{0} Only adapters that change layers are taken."),
    _("{0} to no layer and will be ignored, the first: {1}."),
    _("{0} only a part of what makes a pair, the first: {1} lacks its {2} matrix."),
    _("In {0} the two halves disagree on the rank, the first: {1}, {2}."),
    _("The file's metadata shows {0}: {1} in {2}. Everybody who downloads the file can read it."),
    _(
        "Diffusers applies none of its layers and says nothing: their names lack the “unet.” "
        "that they should begin with."
    ),
    _("Diffusers refuses this naming of 2022, in which layers are numbers."),
    _(
        "Diffusers refuses names in which PEFT's “base_model.model.” stands behind the part's own "
        "(transformer.base_model.model…): take it out of them, or have the file written in "
        "diffusers' layout."
    ),
    _(
        "Diffusers drops the magnitudes (dora_scale) and applies the rest as plain LoRA, so "
        "its pictures differ from those of other runtimes."
    ),
    _("Diffusers refuses files with LyCORIS algorithms (LoHa, LoKr, full difference)."),
    _(
        "Diffusers applies none of its layers and says nothing: it does not know FLUX.1's "
        "original names with “diffusion_model.” before them."
    ),
    _(
        "Diffusers drops its layers around FLUX's blocks (img_in, final_layer and the like) "
        "and says nothing."
    ),
    _(
        "Diffusers applies none of its layers and says nothing: it does not read kohya's "
        "names for Stable Diffusion 3."
    ),
    _("Diffusers refuses files that have kohya's lora_down and lora_up under dotted names."),
    _("Diffusers refuses files that carry embeddings beside the adapter."),
    _("The loader refused the file: {0}."),
    _("With the adapter at weight 1 the base renders values that are not numbers (NaN)."),
    _(
        "At weight 1 what is rendered is the same as without the adapter. It may need a "
        "higher weight or its trigger words, or it was hardly trained."
    ),
    _("At weight 1 the trigger words change nothing that is rendered. Are they the right ones?"),
    _("The loader left {0} layers over, the first: {1}."),
    _("Of {0} layers for the {1}, {2} took their place in the base{3}."),
    _(
        "The adapter changes nothing: the up matrices of all its {0} layers are zero, as they"
        " are before training begins. Perhaps an untrained file was saved."
    ),
    _(
        "The adapter changes nothing: its alpha is 0, and every layer is multiplied by that. "
        "Save it with the alpha that it was trained with."
    ),
    _("{0} of {1} layers change nothing (their up matrix is zero), the first: {2}."),
    _(
        "{0} is changed {1} times as much as its neighbours are{2}. It would drown out all "
        "the others; perhaps training ran away there."
    ),
    _("{0} holds values that are {1}"),
    _(
        "In {0} the rank is higher than the layer can use, the first: {1} with {2}, where {3} "
        "would do: the file is larger than it need be."
    ),
)
