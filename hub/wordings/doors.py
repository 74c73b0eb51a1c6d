"""What services and queries refuse that other wordings do not have."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

SENTENCES = (
    _(
        "That `since` is not one that this hub gave out, or it is from before a backup was "
        "restored: list the adapters anew, and begin with the cursor that /api/changes gives "
        "without since."
    ),
    _("At most {0} hashes are looked up at once, and these are {1}: ask in several requests."),
    _(
        "That cursor belongs to another question: follow `next` and `previous` as they stand,"
        " or start from the first page."
    ),
    _("That cursor is not one that this hub gave out: start from the first page."),
    _("{0}/{1} exists already: choose another name."),
    _("{0} has {1} bytes and this hub takes {2} at most."),
    _("{0} is the label of version {1} already: call the channel otherwise."),
    _("The checkpoint of step {0} is version {1} already: there is nothing to add."),
    _("You have hung this very picture already."),
    _("Somebody is called {0} already: choose another name."),
    _("{0} is a channel of {1}/{2} already."),
    _("{0} is the label of version {1} already."),
    _("{0} is version {1} of {2}/{3}."),
    _(
        "The bytes that arrived have the sha256 {0} and {1} was announced, so nothing was "
        "kept: send the file again."
    ),
    _("{0} bytes were sent of a file that was announced with {1}: send it again."),
    _("{0} of {1} parts are here: send the others."),
    _("Its worker stopped."),
    _("Another base is called {0} already: choose another name."),
    _("{0} holds files whose paths make the same name: rename one."),
    _("{0} holds two training checkpoints of step {1}: leave one of them out."),
    _("Version {0} was withdrawn."),
    _("You have a search called {0}."),
    _("{0} unpacks to {1} bytes and this hub takes {2} at most."),
    _("{0} is not here: upload it again."),
    _("Part {0} of {1} broke off on its way: send it again."),
    _("Part {0} of {1} has {2} bytes where {3} were expected: send it again."),
    _("The file has {0} bytes and this hub takes {1} at most."),
    _("{0} is not all here yet: {1}"),
    _("These very bytes are already version {0} of {1}/{2}: there is nothing to add."),
    _("Its worker died {0} times while reading the file."),
    _("Its worker died {0} times while loading it on its base."),
    _("Its worker died {0} times while rendering the sweep."),
    _("Its worker died {0} times on it."),
    _("Its worker died {0} times while it made the manifest."),
    _("The checkpoint of training step {0} of version {1}."),
    _("It was not written within {0} seconds: its layers are too large to be shrunk here."),
    _("Version {0} was never rendered: no worker of this hub has the weights of {1}."),
    _("Version {0} cannot be rendered: its base {1} has no scenes."),
    _("Version {0} is {1}: cells can be asked for once its validation has passed."),
)
