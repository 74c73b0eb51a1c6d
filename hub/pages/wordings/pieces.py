"""What stands within other sentences, and never alone."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

SENTENCES = (
    _("a U-Net"),
    _("a diffusion transformer"),
    _("a prior"),
    _("a model of another kind"),
    _("its layer {0}"),
    _("its layer {0} takes {1} inputs where {2} has {3}"),
    _("its layer {0} gives {1} outputs where {2} has {3}"),
    _("its layer {0} has the shape {1} where {2} has {3}"),
    _("{0} takes {1} inputs where {2} has {3}"),
    _("{0} gives {1} outputs where {2} has {3}"),
    _("{0} has the shape {1} where {2} has {3}"),
    _("an access key"),
    _("an e-mail address"),
    _("a user name"),
    _("a path on a machine"),
    _("text encoder"),
    _("text encoder 2"),
    _("diffusion model"),
)
