"""What the upload page's modules say, in the reader's language. `{name}` is filled in there."""

from __future__ import annotations

from django.utils.translation import gettext as _


def upload_sentences() -> dict[str, str]:
    return {
        "reading": _("Reading the header of {name} …"),
        "read": _("{name} was read."),
        "twoFiles": _(
            "These are several adapters: choose the weights of one, and its adapter_config.json."
        ),
        "noWeights": _("There is no .safetensors file among these: choose the adapter's weights."),
        "leftOut": _("Not sent: {names}"),
        "zip": _("{name} is a ZIP file."),
        "zipLater": _(
            "The hub opens it once it is here, and takes the adapter out of it: the weights, "
            "adapter_config.json and training checkpoints. Say yourself which base it is for."
        ),
        "badConfig": _("{name} is not JSON, so it is left out."),
        "noHeader": _("{name} does not begin as a safetensors file does."),
        "family": _("Family"),
        "naming": _("Naming"),
        "algorithm": _("Algorithm"),
        "rank": _("Rank"),
        "layers": _("Layers"),
        "numbers": _("Numbers"),
        "tokens": _("Words that travel in it"),
        "fitsBases": _("Fits"),
        "decidedBy": _("decided by {tensor}: {reason}"),
        "layersIn": _("{applied} of {total} in {component}"),
        "bases": _("Which base is it for?"),
        "alike": _("All its layers are in each of these; shapes cannot tell which is meant:"),
        "alikeToo": _("All its layers are in these too:"),
        "training": _("What its trainer wrote into it"),
        "trainer": _("Trainer"),
        "steps": _("Steps"),
        "epochs": _("Epochs"),
        "resolution": _("Resolution"),
        "pictures": _("Pictures"),
        "learningRate": _("Learning rate"),
        "optimizer": _("Optimizer"),
        "baseNamed": _("Base named"),
        "fitsNothing": _("no base that this hub has a manifest of"),
        "layersFound": _("{applied} of {total} layers found in {base}."),
        "noMisfits": _("Nothing speaks against {base} so far."),
        "candidates": _("Words from its training captions; take those that trigger it:"),
        "add": _("Add {word}"),
        "known": _("The hub has these bytes already, so none are sent."),
        "hashing": _("Computing the sha256 …"),
        "opening": _("Opening the upload …"),
        "sending": _("Sending"),
        "resuming": _("Going on where it stopped: {here} of {parts} parts are there."),
        "paused": _("Paused"),
        "completing": _("All bytes are there. The hub looks them over …"),
        "done": _("Received. On to its page …"),
        "left": _("{time} left"),
        "seconds": _("{count} s"),
        "minutes": _("{count} min"),
        "hours": _("{count} h"),
        "offline": _("The connection is gone. It is tried again in {count} s."),
        "failed": _("Part {number} could not be sent: {reason}"),
        "fill": _("Fill in the team, a title and the base first."),
        "unfinished": _(
            "An upload of {name} was left unfinished. Choose the same file again and it goes on "
            "where it stopped."
        ),
        "forget": _("Forget it"),
        "pause": _("Pause"),
        "goOn": _("Go on"),
        "signedOut": _("You were signed out: sign in again in another tab, then go on."),
    }
