"""What imports refuse, and what other servers answer."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

SENTENCES = (
    _("{0} holds no JSON object."),
    _("{0} answers with no list."),
    _("{0} has {1} bytes; {2} are the most that are read."),
    _("{0} is no JSON that can be read."),
    _("{0} names no model: write its page, as https://host/models/123."),
    _("{0} does not answer as Civitai does."),
    _("{0} does not say which model the version is of."),
    _(
        "{0} is in no folder that this hub may import from ({1}): its operator names such "
        "folders in IMPORT_FOLDERS."
    ),
    _("{0} leads out of the folder."),
    _("{0} is no plain file."),
    _("{0} is no folder on this server."),
    _("{0} cannot be read: {1}. Links are not followed."),
    _("{0} holds more than {1} files: import its folders one by one."),
    _("{0} names no repository: write it as https://host/owner/name."),
    _("{0} names nothing in a repository: write …/tree/ and the revision."),
    _("{0} does not answer as a model hub does."),
    _("{0} names nothing of a Loradex: write its address, or an adapter's page."),
    _("{0} does not answer as a Loradex does."),
    _("{0} is no number of {1}."),
    _(
        "{0} is nothing that can be imported from: write a folder of this server from its "
        "root on, or an address that begins with https://."
    ),
    _("{0} leads on and on, over more than {1} addresses."),
    _(
        "{0} wants to know who asks (status {1}): an admin of the team keeps a token for it, or "
        "this hub's operator names one in IMPORT_TOKENS."
    ),
    _("A token has up to {0} letters and digits, and no spaces."),
    _("{0} keeps {1} tokens for imports: forget one first."),
    _("{0} keeps no token for {1}."),
    _("{0} is no host: write its name alone, as in hub.example."),
    _(
        "The team's token for {0} cannot be read any more, since the hub has another key: an admin "
        "of the team enters it anew."
    ),
    _("What was sealed cannot be read: SECRET_KEY is another one, or it was changed."),
    _("{0} has nothing at {1}."),
    _("{0} answers with status {1}."),
    _("{0} does not answer now (status {1})."),
    _("{0} does not answer now: {1}."),
    _("{0} has no address now."),
    _("{0} is too slow."),
    _("{0} broke off: {1}."),
    _("{0} packs its answers, which it was asked not to."),
    _(
        "The address of {0} was not found out in time: try again later, or have this hub's "
        "operator look at its name servers."
    ),
    _("{0} answers with more than {1} bytes."),
    _("This hub may not import from {0}: its operator names hosts in IMPORT_HOSTS."),
    _("{0} lies in a private network: its operator names such hosts in IMPORT_PRIVATE_HOSTS."),
    _("{0} leads to {1}, which is no address."),
    _("{0} leads to an address that is not encrypted."),
    _("{0} answers with something that is no JSON."),
    _("{0} is no address that begins with https:// and a host."),
    _(
        "An address with a name or password in it is not asked: leave out what stands before "
        "the “@”."
    ),
    _("{0} has letters in it that belong into no address."),
    _("{0} is no address."),
    _("{0} imports of yours are under way: wait for one to end."),
    _("{0} is nothing that can be imported from: write a folder or an address."),
    _("{0} is no kind of source: use one of {1}."),
    _("The scratch folder has {0} GB free: that is too little for a file of {1} GB."),
    _("{0} has more than the {1} bytes that this hub takes of one file."),
    _("Item {0} is {1}: it cannot be changed any more."),
    _("Nothing of it is left to be imported."),
    _("This import has ended: there is nothing to cancel."),
    _("This import is under way: cancel it first, or wait until it has ended."),
    _("This import has no plan: begin another one."),
    _("Some of it is in {0} already: import the rest anew."),
    _("{0} is too long to be an adapter's configuration."),
    _(
        "{0} came with the sha256 {1}… where {2}… was announced: it is another file, or was "
        "changed on its way."
    ),
    _("There is no adapter in {0}."),
    _("There are more than {0} versions: import them in several parts."),
    _("Version {0} was not imported: it was uploaded."),
)
