"""What readers of files refuse: archives, headers, configurations and names of files."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

SENTENCES = (
    _("The file holds no tensors."),
    _("{0} gives the bytes of {1} to two files."),
    _("{0} holds a file by the path {1}, which leads elsewhere or too deep."),
    _("{0} holds pickled weights. {1}"),
    _("{0} holds pickled weights, which can run code when they are opened. {1}"),
    _("Save it as safetensors (save_model, or safe_serialization=True) and upload that."),
    _("{0} holds the archive {1}. Upload the files that are in it."),
    _("{0} holds {1} files; {2} are the most taken."),
    _("{0} holds {1} of {2} bytes, more than is taken."),
    _("{0} holds {1} twice."),
    _("{0} holds {1}, which is a link or a device and not a file."),
    _("{0} is a broken ZIP file: its table cannot be read."),
    _("{0} is broken: {1} cannot be unpacked."),
    _("{0} is cut short: its table names bytes beyond its end."),
    _("{0} is cut short: {1} bytes are missing of the {2} that it should have. Upload it again."),
    _("{0} is encrypted. Upload it without a password."),
    _("{0} packs {1} bytes of {2} into {3}, which weights cannot be."),
    _("{0} packs {1} in a way that is not taken. Pack it as plain ZIP."),
    _("{0} says that {1} has {2} bytes; {3} are in it."),
    _("{0} unpacks to {1} bytes, more than is taken."),
    _("The key “adapter.lora.alpha” is no finite number."),
    _("This GGUF file does not say that it holds an adapter: adapter.type is missing."),
    _("This GGUF file holds an adapter of the type {0}; only lora is known."),
    _("{0} begins with a byte order mark, which PEFT cannot read."),
    _("{0} has {1} bytes, too many for a configuration: 1 MiB at most."),
    _("{0} holds a number of {1} digits: {2}…."),
    _("{0} holds the number {1}, beyond all numbers."),
    _("{0} holds {1} where a number belongs."),
    _("{0} is nested too deeply."),
    _("{0} is not JSON."),
    _("{0} is not UTF-8 text: save it as UTF-8."),
    _("{0} is not a JSON object: it must begin with a brace."),
    _("{0} holds more than {1} files, the most taken."),
    _("{0} holds no weights: no file in it ends in .safetensors or .gguf."),
    _(
        "{0} holds {1} in several parts ({2}), which is not taken. Save it as one file "
        "(max_shard_size) and upload that."
    ),
    _(
        "{0} holds {1}, and files of that name hold pickled weights, which can run code when "
        "they are opened. {2}"
    ),
    _("{0} is a whole model, not an adapter: it holds {1}."),
    _("The alignment {0} is no power of two that can be taken."),
    _("The data of {0} does not follow on from the last tensor's."),
    _("The file does not begin with GGUF."),
    _("The file is GGUF for big-endian machines: convert it for others."),
    _("The file is GGUF of version {0}; versions 2 and 3 are read."),
    _("The file is empty."),
    _("The header names the tensor {0} twice."),
    _("The tensors do not fill the file: {0} bytes follow the last."),
    _("{0} has a shape beyond belief."),
    _("{0} has rows of {1} numbers, and {2} packs {3} together."),
    _("{0} has the number type {1}, which no adapter is kept in."),
    _("{0} has {1} dimensions."),
    _("The file announces {0} keys; {1} are the most taken."),
    _("The file announces {0} tensors; {1} are the most taken."),
    _("The file announces {0} {1}; {2} are the most taken."),
    _("The header announces {0} more bytes after {1}; {2} in all are the most that is taken."),
    _("The header has the key {0} twice."),
    _("The key {0} has a value of the unknown type {1}."),
    _("The key {0} holds lists in lists, deeper than is taken."),
    _("The key {0} is neither true nor false."),
    _("The key {0} is no finite number."),
    _("This GGUF file says that it is of the type {0}, not an adapter."),
    _("A key is announced with {0} bytes, more than is taken."),
    _("A tensor's name is announced with {0} bytes, more than is taken."),
    _("{0} is announced with {1} bytes, more than is taken."),
    _("A key is not UTF-8 text."),
    _("A tensor's name is not UTF-8 text."),
    _("{0} is not UTF-8 text."),
    _("A key {0} is empty or holds control characters."),
    _("A tensor's name {0} is empty or holds control characters."),
    _("{0} {1} is empty or holds control characters."),
    _("A header of {0} bytes is more than is taken."),
    _("The bytes are not those of a safetensors file."),
    _("The first 8 bytes announce a header of {0} bytes; {1} are the most that is taken."),
    _("The first 8 bytes announce a header too short to be one."),
    _("{0} bytes are too few for a safetensors file."),
    _("The file holds {0} tensors; {1} are the most that is taken."),
    _("The header does not begin with a brace, as safetensors headers do."),
    _("The header holds the negative number {0}."),
    _("The header holds {0} where a number belongs."),
    _("The header is nested too deeply."),
    _("The header is not JSON."),
    _("The header is not UTF-8 text."),
    _("The header names {0} twice."),
    _("The header's entry for {0} is malformed."),
    _("The header's metadata has {0} keys, more than is taken."),
    _("The header's metadata is not a table of texts."),
    _("The metadata entry {0} is no valid text."),
    _("The tensor name {0} is empty, too long, or holds control characters."),
    _("{0} has offsets beyond belief."),
    _("{0} has the unknown number type {1}."),
    _("{0} has {1} bytes, which is not what its shape {2} and number type {3} need."),
    _("The YAML at the head of README.md cannot be read{0}: mend it, or leave it out."),
    _(
        "The YAML at the head of README.md has {0} characters; {1} are the most that are "
        "read. Move what is no metadata below it."
    ),
    _(
        "The YAML at the head of README.md is no list of names and values: write lines such "
        "as `base_model: stabilityai/stable-diffusion-xl-base-1.0`."
    ),
    _("The file has no name."),
    _(
        "The file's name has {0} characters in {1} bytes; {2} bytes are the most that file "
        "systems keep."
    ),
    _("The file's name has {0} characters; {1} are the most it may have."),
    _("The file's name {0} ends in a dot, which Windows would drop."),
    _("The file's name {0} holds a path. Give the name alone."),
    _("The file's name {0} holds the encoded path {1}."),
    _("The file's name {0} holds the invisible character {1}. Rename the file."),
    _("The file's name {0} holds {1} ({2}), which Windows keeps in no name. Rename the file."),
    _("The file's name {0} holds {1}, which looks like a slash. Rename it."),
    _("The file's name {0} is a device's on Windows. Rename the file."),
    _("{0} is empty."),
    _(
        "{0} is not safetensors, and files of that name holds pickled weights, which can run "
        "code when they are opened. Save it as safetensors (save_model, or "
        "safe_serialization=True) and upload that."
    ),
    _(
        "This is a whole model with an adapter in it: it holds {0}. Save the adapter alone "
        "(save_pretrained) and upload that."
    ),
    _("This is an IP-Adapter, whatever else is in it: it holds {0}."),
    _("This is {0}, not an adapter: it holds {1}."),
    _("a ControlNet"),
    _("an IP-Adapter"),
    _("a checkpoint (a whole model)"),
    _("a VAE"),
    _("an embedding (textual inversion)"),
    _("a whole U-Net"),
    _("a whole diffusion transformer"),
    _("a whole model"),
    _(
        "The file is cut short: {0} bytes are missing of the {1} that it should have. Upload "
        "it again."
    ),
    _("The text of {0} is announced with {1} bytes, more than is taken."),
    _("The text of {0} is not UTF-8 text."),
    _(
        "{0} is a tar archive. Save it as safetensors (save_model, or "
        "safe_serialization=True) and upload that."
    ),
    _("{0} is a ZIP archive. Upload the files that are in it."),
    _("{0} is a compressed archive. Upload the safetensors file that is in it."),
    _("{0} is a web page, not weights. Perhaps the download that made it needed a sign-in."),
    _("{0} is a Git LFS pointer, not the file that it points to. Run `git lfs pull` first."),
    _("{0} is a picture, not weights."),
    _("{0} is a video, not weights."),
    _("{0} is a sound file, not weights."),
    _("{0} is HDF5. Adapters are taken as safetensors."),
    _("{0} is a NumPy array. Adapters are taken as safetensors."),
    _("{0} is an ONNX model. Adapters are taken as safetensors."),
    _("{0} is a TFLite model. Adapters are taken as safetensors."),
    _("{0} is GGML, the format that GGUF replaced. Convert it with llama.cpp and upload that."),
    _("{0} is a table of data or a database, not weights."),
    _("{0} is a program, not weights."),
    _("{0} is a PDF document, not weights."),
    _("{0} is JSON text, not weights. Upload the safetensors file."),
)
