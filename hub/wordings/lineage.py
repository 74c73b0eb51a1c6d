"""What is refused where people say what a version was made from."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

SENTENCES = (
    _("{0} names no version: write team/name@3, or 3 for one of its own."),
    _("{0} is no kind of origin: write {1}."),
    _("An address of what a version was made from has at most 1,000 letters."),
    _("Only what is merged has a weight: leave it out of the others."),
    _("A merge takes things at weights from -{0} to {1}."),
    _("{0} is named twice: name it once."),
    _("A version is made from at most {0} things: name the nearest ones."),
    _("Version {0} cannot be made from itself."),
    _("Something that you name was itself made from version {0} of {1}."),
    _("That goes back to more than {0} versions: name nearer ones."),
)
