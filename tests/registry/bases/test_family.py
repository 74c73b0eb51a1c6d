from __future__ import annotations

import pytest

from registry.bases import catalogue
from registry.bases.family import family_of
from registry.formats.families import Family
from registry.formats.family_rules import LIKE

ROOTS = [one.slug for one in catalogue.entries() if not one.parent and catalogue.manifest(one.slug)]


@pytest.mark.parametrize("slug", ROOTS)
def test_a_base_is_of_the_family_that_its_adapters_will_show(slug):
    family = family_of(catalogue.manifest(slug))

    known = catalogue.entry(slug).family
    assert known in {family, Family.UNKNOWN, *LIKE.get(family, ())} or family is Family.UNKNOWN
