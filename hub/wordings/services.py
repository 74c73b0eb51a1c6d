"""What services refuse, from accounts to labels."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

SENTENCES = (
    _(
        "{0} cannot be a team's name in addresses: use up to 60 small Latin letters, digits "
        "and single hyphens, a letter or digit first and last."
    ),
    _("{0} is an address of the hub's own: choose another name."),
    _("There is a team called {0} already: choose another name."),
    _("{0} is a robot: what it may do was said when it was made."),
    _("{0} is the last admin of {1}: make someone else admin first."),
    _("A token needs at least one scope: choose what it may do."),
    _("That token would have expired already: choose a later day."),
    _("You have no such token."),
    _(
        "{0} cannot be an adapter's name in addresses: use up to 80 small Latin letters, "
        "digits and single hyphens, dots or underscores."
    ),
    _(
        "{0}/{1} has versions, which stay as long as anyone may have pinned them, so it "
        "cannot be {2}: withdraw them on its page."
    ),
    _("Files called as {0} is hold pickled weights, which can run code when they are opened. {1}"),
    _(
        "{0} cannot be a channel's name: use up to 40 small Latin letters, digits and "
        "hyphens, a letter first, as in prod or staging-2."
    ),
    _("{0} means a version already: give the channel another name."),
    _("The reason has {0} letters; {1} are enough."),
    _("A channel points at a version of its own adapter."),
    _("Version {0} is {1}: channels point at published versions."),
    _("You have {0} collections: delete one first."),
    _("“{0}” was made by {1}, who alone may delete it."),
    _("The note has {0} letters; {1} are enough."),
    _("“{0}” has {1} adapters: begin another collection."),
    _("Who sees “{0}” is for {1} or its team's admins to say."),
    _("“{0}” belongs to {1}: only they and contributors of its team change it."),
    _("Give the collection a title of at most 120 letters."),
    _("A description has at most {0} letters."),
    _("{0} is no sight: write one of {1}."),
    _("Name the team whose members are to see it."),
    _("A reviewer hid this comment: it stays as it is."),
    _("Say why, in up to {0} letters: its writer will see it."),
    _("Its writer took this comment back."),
    _("Somebody else wrote this comment: only they can {0} it."),
    _("An answer is about the same adapter as what it answers."),
    _("That is an answer already: answer the comment that it belongs to."),
    _("A reviewer hid that comment: it cannot be answered."),
    _("The comment is empty: write something."),
    _("The comment has {0} letters; {1} are enough."),
    _("A comment is about a version of the adapter that it is on."),
    _("weight: a number from {0} to {1}, not {2}."),
    _(
        "Version {0} stays as it is, since anyone may have pinned it: withdraw it on its "
        "page, or commit other weights as the next version."
    ),
    _(
        "{0} is no path of a file in an adapter's folder: give one such as "
        "adapter_model.safetensors, without .. and without a slash at its start."
    ),
    _("An adapter has a title: write one."),
    _("{0} is {1}: write one of {2}."),
    _("{0} is still being checked: it can be downloaded once its sha256 is certain."),
    _("No weights lie at {0}."),
    _("{0} is larger than {1} GB."),
    _("{0} needs {1} GB more under {2}, and {3} GB are free there."),
    _("There is no readable {0} at {1}."),
    _("{0} cannot be read: {1}"),
    _("{0} has more than {1} files: no base has."),
    _("The weights of {0} cannot be had: {1}"),
    _(
        "Version {0} is not in PEFT's layout (adapter_config.json and "
        "adapter_model.safetensors): download it with ?layout=peft, where it can be had so, "
        "and load the folder with adapter_source=local."
    ),
    _(
        "This hub keeps its files on a disk, where LoRAX cannot fetch them: set HF_ENDPOINT "
        "to this hub's address and ask with adapter_source=hub and the adapter's team/name."
    ),
    _("{0} is no pace: write one of {1}."),
    _("Your account has no mail address: write one first."),
    _("Say why, in up to {0} letters: whoever hung it will see it."),
    _("Somebody else hung this picture: only they can {0}."),
    _("This picture does not hang in the gallery of {0}."),
    _("content_level is {0}: write one of {1}."),
    _("A picture hangs with at least one version: take it down instead."),
    _("A version is named twice: name each once, with its weight."),
    _("A picture is made with up to {0} adapters here."),
    _("To have pictures rendered you need to be a member of a team: ask an admin of one."),
    _("The header of {0} takes the first {1} bytes and only {2} were sent: send them all."),
    _("The header of {0} goes on after the {1} bytes that were sent: send more."),
    _("An invitation is good for 1 to {0} days, not {1}."),
    _("{0} invitations are open: take some back first."),
    _("The team has no such invitation."),
    _("Somebody has used this invitation: take them out of the team instead."),
    _("A robot belongs to its team and joins no other."),
    _("This invitation is used, taken back or expired: ask whoever sent it for a new one."),
    _("A user name has up to 150 letters."),
    _("A user name has letters, digits and @ . + - _ only."),
    _("{0} is no mail address."),
    _("The weight range goes from {0} down to {1}: swap the two."),
    _("Say in up to {0} letters why it is not to be used any more."),
    _("Version {0} is {1}: it is not in use."),
    _("{0} is {1}, not published."),
    _("Nothing of {0} is published."),
    _("Version {0} cannot be used instead of itself."),
    _("Version {0} was rejected, so nobody fetches it: say it of the next one."),
    _("Say what is wrong with it, in up to {0} letters."),
    _("outcome is {0}: write one of {1}."),
    _("Somebody has settled this already."),
    _("Report the comment or the picture, each by itself."),
    _("This comment is on another adapter: report it there."),
    _("This picture hangs in another gallery: report it there."),
)
