"""What services refuse, from large files to voting."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

SENTENCES = (
    _("{0} will be version {1}, once there is one: choose another label."),
    _(
        "Version {0} is labelled {1} already, and a version has one label: remove that first,"
        " or use a channel."
    ),
    _("No version of {0}/{1} is labelled {2}."),
    _("{0} cannot be a version's label: use up to 60 Latin letters, digits, dots and hyphens."),
    _("{0} means a revision by itself: choose another label."),
    _(
        "No {0} bytes with the sha256 {1} were sent: ask where they go "
        "(/{2}/{3}.git/info/lfs/objects/batch) and send them first."
    ),
    _("There is no such upload for {0}/{1} any more."),
    _("There is no {0} {1} any more."),
    _("The {0} {1} is {2}: nothing to do."),
    _("The {0} {1} is held by {2}."),
    _("The base {0} is {1}: nothing to make."),
    _("The base {0} is being made by another worker."),
    _("There is no base of the blueprint {0} any more."),
    _("{0} has more than {1} million pixels: save it smaller."),
    _("{0} has {1} MB; pictures have up to {2}: save it smaller, or as WebP."),
    _("{0} is no PNG, JPEG or WebP picture."),
    _("{0} is damaged: save it again."),
    _("There is no run {0}."),
    _("The run {0} has not failed: it is {1}."),
    _("Give either the parent whose layers it has, or its configuration."),
    _("{0} bases of the team {1} are being made: wait for one of them."),
    _("{0} is a child of a child already: take {1} as parent."),
    _("{0} has not failed: there is nothing to try again."),
    _("{0} cannot be removed: versions were uploaded for it."),
    _("{0} cannot be removed: {1} has its layers."),
    _(
        "{0} is a base of the catalogue, the same on every hub: add one of your own with it "
        "as the parent."
    ),
    _("Give the base a title of at most 120 letters."),
    _(
        "{0} cannot be a base's name in addresses: use small Latin letters and digits, with "
        "single hyphens between them, 60 at most."
    ),
    _(
        "{0} is no repository: write its owner and its name with a slash between them, "
        "spelled as they are there."
    ),
    _("A base has at most {0} other names of at most {1} letters."),
    _("defaults: there is no {0}, only {1}."),
    _("defaults: {0} is a number from {1} to {2}."),
    _("{0} is no level of proof: write one of {1}."),
    _("{0} is no kind of checks: write one of {1}."),
    _("A version can need 0 to {0} approvals, not {1}."),
    _("Reviewers approve, or admins alone: write reviewer or admin."),
    _("Version {0} is {1}: other forms of it are made once it has passed its validation."),
    _("{0} files are being prepared for you, and {1} may be at a time: wait for one."),
    _(
        "You may have {0} GiB of originals prepared a day, and this one would go beyond: ask "
        "again in {1} minutes."
    ),
    _("A name that others see has up to {0} letters."),
    _("{0} is not spoken here: write {1}."),
    _("That is not your password."),
    _("Version {0} is {1}, so it is not in sight."),
    _(
        "Version {0} is {1}: only what was rejected is declared for another base. Upload the "
        "file again to have it on a second one."
    ),
    _("The bytes of {0} are not kept here (any more): upload it again."),
    _("The same request is being done at this moment: ask again in a few seconds."),
    _("An Idempotency-Key is 1 to 200 plain characters: a UUID, say."),
    _("The Idempotency-Key {0} belongs to another request of yours: choose a new key for each."),
    _("You have {0} requests in the queue, and {1} may be there: wait for one, or cancel one."),
    _(
        "You may ask for {0} cells an hour, and this plan has {1}: ask again in {2} minutes, "
        "or for {3} at most."
    ),
    _("You may ask for {0} cells an hour, and this plan has {1}: ask for fewer."),
    _("This request is {0}: there is nothing to cancel."),
    _("Request {0} waits: validation and people go first."),
    _("You uploaded this version: somebody else has to approve it."),
    _("Say in up to {0} letters why it goes back, and what to mend."),
    _("Version {0} was sent back already."),
    _("Version {0} was not sent back."),
    _("Version {0} has trigger words: {1}."),
    _("A robot cannot {0}: its token is for what needs no judgement."),
    _("review"),
    _("vote"),
    _("rate"),
    _("report"),
    _("settle what was reported"),
    _("Version {0} is {1}: there is nothing to decide on."),
    _("Say in up to 80 letters what the token is for."),
    _("{0} has {1} tokens: revoke those that nobody uses."),
    _("The team has no such token."),
    _("A robot is {0} or {1}: admins are people."),
    _("“{0}” has expired: make another token, and revoke this one."),
    _("A {0} may not {1}: leave that out."),
    _("Version {0} is {1}: its validation has ended."),
    _("Version {0} is being validated already."),
    _("Run {0} is {1} at {2}: nothing to do at {3}."),
    _("The team {0} has no scene {1}."),
    _("{0} is a scene of the catalogue, the same on every hub."),
    _(
        "The team {0} has {1} scenes for {2}, and each is rendered for every version: switch "
        "another one off first."
    ),
    _("sample: {0} is none of {1}."),
    _("sampler: {0} is none of {1}."),
    _("kinds: {0} is none of {1}."),
    _("further_seeds: {0} seeds are more than a worker draws of one scene; name {1} at most."),
    _("{0}: write {1} letters at most."),
    _("{0}: {1} from {2} to {3}."),
    _("width and height are multiples of {0}: {1} × {2} is not."),
    _("{0} × {1} is more than a worker renders at every weight: keep to {2} pixels."),
    _("Somebody has just added a scene of that name: look again."),
    _("{0}: {1} is asked by {2}; leave {3} out."),
    _("Give the scene a {0}."),
    _("The bytes are gone from the store: {0}"),
    _("The file store does not answer now: try again in a minute."),
    _("The file store refused: {0}"),
    _("A team has a title of up to 120 letters."),
    _("The description has more than {0} letters."),
    _("A licence has up to 120 letters: give its name or address."),
    _("{0} is no content level: {1}."),
    _("{0} is not in the team {1}."),
    _("The upload of {0} is {1}: open a new one."),
    _("You have {0} unfinished uploads: finish or delete some of them first."),
    _("A version was made of this draft: change what is said of that."),
    _("This draft has no files: say which uploads are to be the version."),
    _("The sha256 has to be 64 hexadecimal digits, in lower case."),
    _("{0} has parts 1 to {1}; there is no part {2}."),
    _("A version is made of {0}: it cannot be taken back."),
    _("You have no such upload: it may have expired. Open a new one."),
    _("The file is empty: choose the adapter's file."),
    _("{0} cannot be an adapter's name in addresses: use small Latin letters, digits and hyphens."),
    _("{0} is no kind of adapter: use one of {1}."),
    _(
        "A version has one weights file, and {0} were given: give the others as training "
        "checkpoints, or as versions of their own."
    ),
    _("Not all files are here yet: complete their uploads first."),
    _("You have not voted on version {0} with {1}."),
    _(
        "{0} has other layers than {1}, which version {2} is made for: choose a base derived "
        "from it."
    ),
    _("{0} files are called {1}: rename all but one of them."),
    _("{0} training checkpoints are said to be of step {1}: give each its own."),
    _("You have not rated version {0} for that use."),
    _("use is {0}: write one of {1}."),
    _("stars: a whole number from {0} to {1}, not {2}."),
    _("runtime is {0}: write one of {1}."),
    _("You have {0} saved searches: remove one first."),
    _("Name at most {0} bases."),
    _("That question is too long to be saved."),
    _("Give the search a name, of 80 letters at most."),
    _("This hub knows no base model called {0}."),
    # How often one person may do something: registry/services/quotas.py
    _("Comments are limited to {0} a minute: write the next one in {1}."),
    _("Reports are limited to {0} a day: send the next one in {1}."),
    _("Pictures are limited to {0} a day: hang the next one in {1}."),
    _("Invitations are limited to {0} a day: make the next one in {1}."),
    _("Ratings are limited to {0} a minute: go on in {1}."),
    _("Votes are limited to {0} a minute: go on in {1}."),
    _("{0} second"),
    _("{0} seconds"),
    _("{0} minutes"),
    _("{0} hours"),
)
