"""What the upload page's modules say, in the reader's language. `{name}` is filled in there."""

from __future__ import annotations

from django.utils.translation import gettext as _


def upload_sentences() -> dict[str, str]:
    return _of_one() | _of_many() | _of_columns()


def _of_one() -> dict[str, str]:
    return {
        "reading": _("Reading the header of {name} …"),
        "read": _("{name} was read."),
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
        "tokens": _("Trigger words inside the file"),
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
        "sameBytes": _("These very bytes are here already:"),
        "sameWeights": _("The same weights are here under another header:"),
        "withCheckpoints": _("{count} earlier checkpoints travel with it, of the steps {steps}."),
        "hashing": _("Computing the sha256 …"),
        "sending": _("Sending"),
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
            "Left unfinished: {name}. Choose the same files again, and they go on where they "
            "stopped."
        ),
        "chooseAgain": _("What you typed is here again. Choose the same files: {names}"),
        "chooseOne": _("What you typed is here again. Choose the files that it is about."),
        "goOnWith": _("Go on with {names}"),
        "notAllowed": _("The browser may not open {name} again: choose it."),
        "changedSince": _("{name} is gone or was changed since: choose the files again."),
        "allDrafts": _("All unfinished uploads"),
        "pause": _("Pause"),
        "goOn": _("Go on"),
        "lost": _("The connection is gone: choose the file again once it is back."),
        "allHere": _("All files of this draft are here: {names}. Look it over and send it off."),
        "signedOut": _("You were signed out: sign in again in another tab, then go on."),
    }


def _of_many() -> dict[str, str]:
    return {
        "adapters": _("{count} adapters"),
        "checkpoints": _("{count} checkpoints"),
        "readingIt": _("Reading its header …"),
        "mayBe": _("Which base is it for? It may be {bases}."),
        "fitsNone": _("No base here has its layers: choose the one that it is for."),
        "fitsBase": _("Fits {base}: {applied} of {total} layers."),
        "andMore": _("And {count} more: see the details."),
        "wanting": _("Still to be filled in: {fields}."),
        "sameName": _("It has the name of {name} above, so it becomes the next version of it."),
        "received": _("Received:"),
        "howFar": _("{done} of {count} received, {sent} of {size}"),
        "ticked": _("{count} selected"),
        "tick": _("Select {name}"),
        "details": _("Details"),
        "fieldOf": _("{field}, {name}"),
        "bulkValue": _("{field} for all selected"),
        "progressOf": _("Progress of {name}"),
        "pauseOf": _("Pause {name}"),
        "goOnOf": _("Go on with {name}"),
        "again": _("Try again"),
        "againOf": _("Try {name} again"),
        "remove": _("Remove"),
        "removeOf": _("Remove {name}"),
        "isWeights": _("the weights"),
        "step": _("step"),
        "stepOf": _("Training step of {name}"),
        "description": _("Description"),
    }


def _of_columns() -> dict[str, str]:
    """Return what the columns of the table of many uploads are called."""
    return {
        "column_title": _("Title"),
        "column_adapter": _("Name in addresses"),
        "column_base": _("Base model"),
        "column_kind": _("Kind"),
        "column_trigger_words": _("Trigger words"),
        "column_weight_low": _("Weight from"),
        "column_weight_high": _("to"),
        "column_licence": _("Licence"),
        "column_tags": _("Tags"),
        "column_content_level": _("Content level"),
    }
