"""What recipes say around their lines, and why a runtime, or a layout, cannot have a version."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

SENTENCES = (
    _("It is deprecated: {0}."),
    _("It is deprecated: {0}. Use {1} instead."),
    _("{0} has no bases of the family {1}."),
    _("{0} does not take the file: {1}."),
    _(
        "The hub makes this file when somebody who is signed in first asks for it. While it is "
        "being made there is nothing to download yet: ask again after a few seconds. The lines "
        "that fetch it do so by themselves."
    ),
    _("Fetch it"),
    _("Or fetch it"),
    _("Fetch the folder first"),
    _("Or fetch the folder alone"),
    _("Have the file made first"),
    _("Or by name, with HF_ENDPOINT={0} (and HF_TOKEN, if the hub wants a token)"),
    _("Ask for it"),
    _("Or load it while the server runs"),
    _("Servers apply adapters at weight 1; here {0} is the best."),
    _("Write where you keep {0} in place of path/to/the/base."),
    _("your-base.gguf stands for {0}."),
    _("your-base.safetensors stands for {0}."),
    # In which layouts a version can be had
    _("{0} is no layout that adapters are written in: choose one of {1}."),
    _("Adapters of the family {0} are not written in {1}'s layout: {2}."),
    _("A GGUF file is kept as it is: ask for another layout, or for no change."),
    _(
        "The layers of {0} have no names in other layouts that we know, so the file can be had as "
        "it is alone."
    ),
    _(
        "It is {0}, of which no plain LoRA can be made that is true for every base: it can be had "
        "as it is alone."
    ),
    _("It is DoRA, and llama.cpp's layout has no place for its magnitudes."),
    # Stable Diffusion WebUI, ComfyUI, comfy-cli, SwarmUI
    _("Its card: save it beside the file"),
    _("It does not work in Forge, which passes over {0}."),
    _(
        "It works in Forge alone: Stable Diffusion WebUI 1.10.1 applies nothing of files like this "
        "for Stable Diffusion 3."
    ),
    _("A whole workflow, for its API (POST /prompt)"),
    _("A whole workflow as a file: drop it on the canvas"),
    _("Nodes for a workflow"),
    _("For its model downloader: if the hub wants no token, leave it out of the address."),
    _("For its model downloader: the address"),
    _("For its model downloader: the metadata"),
    # InvokeAI
    _(
        "If the hub is in a private network, write allow_private_download_urls: true into "
        "invokeai.yaml, or InvokeAI refuses to fetch from it."
    ),
    _(
        "If the hub wants a token, add &access_token= and the token to the address, or give it to "
        "InvokeAI once, in remote_api_tokens of invokeai.yaml."
    ),
    _("Once it is installed: its trigger phrases and weights"),
    _("For its model manager: the address"),
    _("The token, in invokeai.yaml"),
    # stable-diffusion.cpp, Nexa SDK, llama.cpp, Ollama
    _("Releases before the end of 2025 call the program sd, and not sd-cli."),
    _(
        "This needs a release of the SDK from 2024, whose command line has --lora_path and "
        "--lora_dir: today's takes no adapters."
    ),
    _("Nexa applies adapters of texts at weight 1; here {0} is the best."),
    _("Then the prompt"),
    _("Or start a server"),
    _("Another weight, while the server runs"),
    _("your-base.gguf stands for {0}; a name in `ollama list` will do."),
    _("Ollama applies adapters at weight 1; here {0} is the best."),
    _("Then, with the lines above saved as Modelfile"),
    # Transformers
    _("The package peft has to be installed, too."),
    _("It applies adapters at weight 1; to set another weight, load it with PEFT."),
    _("Here {0} is the best."),
    # vLLM
    _("The server needs --max-lora-rank {0} or more: the adapter's rank is {1}."),
    _("The server needs --max-lora-rank of the adapter's rank or more: {0}."),
    _("Layers that it changes: {0}."),
    _("For a server that reads the folder itself: the base's exact name"),
    _("Or start a server that reads the folder itself"),
    _("Or with the hub's plugin: any request may name it"),
    # LoRAX
    _(
        "This works where the hub keeps its files in an object store that the server reads too, "
        "with S3_ENDPOINT_URL and AWS credentials in its environment; else use a folder."
    ),
    _("Start the server"),
    _("Fetch the folder, if the hub keeps files on a disk"),
    _("Ask for it from a folder of the server"),
)
REASONS = (
    _("its tensors have PEFT's names"),
    _("its tensors have the names of XLabs' trainer"),
    _("PEFT's “base_model.model.” stands inside its names"),
    _("its tensors have names that begin with “lycoris_”"),
    _("it is in GGUF, which llama.cpp and what is built on it read"),
    _("its layers are numbered, as trainers of 2022 did, and not named"),
    _("it does not know diffusers' names in a file for this base"),
    _("it knows kohya's names alone in a file for this base"),
    _("it does not know all of these names in a file for this base"),
    _("it passes over DoRA's magnitudes in diffusers' names"),
    _("it is DoRA, which it applies along the wrong side of the matrices; Forge does not"),
    _("its loader passes over text encoders in diffusers' names"),
    _("it reads a folder in PEFT's layout alone"),
    _("its adapter_config.json is missing, in which alpha is"),
    _("it reads adapters in GGUF alone"),
    _("it has {0} in it"),
    _("a full difference"),
    _("a change of normalisations"),
    _("one of PEFT's other methods"),
    _("a method that nobody here knows"),
    _("its loader passes over these names, or reads them wrongly"),
    _("PEFT saved whole layers beside it (modules_to_save: {0})"),
    _("its matrices have biases (lora_bias)"),
    _("it is activated by words of a prompt (alora_invocation_tokens)"),
    _("it doubles layers of the base (layer_replication)"),
    _("its matrices are made of blocks (use_bdlora)"),
    _("it was trained on groups of a quantised base (use_qalora)"),
    _("it adds to the vocabulary (trainable_token_indices)"),
    _("it is DoRA"),
    _("its start changed the base's own weights (init_lora_weights: {0})"),
    _("it changes biases (bias)"),
    _("its layers differ in alpha (alpha_pattern), and it applies one to all"),
    _("its layers differ in rank, and it takes one for all"),
    _("its layers come out with ranks of their own, and it takes one for all"),
    _("its alpha is divided by the root of its rank (use_rslora)"),
    _("its layers are told by a pattern (target_modules), and it wants a list"),
    _("it changes some blocks alone (layers_to_transform), and it drops those"),
    _("it joins queries, keys and values, and wants the first and the last"),
    _("it joins gate_proj and up_proj, and wants the first"),
    _("its rank is {0}, and {1} is the most"),
)
