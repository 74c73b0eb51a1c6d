"""What the database sees of signatures at a few places leaves out nothing that is wanted."""

from __future__ import annotations

import random

import pytest

from registry.formats import likeness, resizing
from registry.models import VersionFile
from registry.queries import signatures
from tests.factories import VersionFactory, keep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root")]


def signed(n, layers, *, part="main"):
    """Return the key of a file whose change is so large, layer by layer."""
    version = VersionFactory(published=True)
    blob = keep(b"%d" % n)
    blob.change_norm = sum(norm**2 for norm in layers) ** 0.5
    blob.change_signature = {part: {"norm": blob.change_norm, "layers": sorted(layers)[::-1]}}
    blob.save()
    version.files.update(blob=blob)
    return version.files.get().pk


def signature_of(key):
    return VersionFile.objects.get(pk=key).blob.change_signature


@pytest.fixture
def drawn():
    """Return one file with forty layers, and others that come near it, or very near."""
    chance = random.Random(5)
    layers = [chance.uniform(0.5, 2.0) for _ in range(40)]
    others = [
        signed(n, [norm * chance.uniform(1 - apart, 1 + apart) for norm in layers])
        for n, apart in enumerate((0.0, 0.0001, 0.002, 0.01, 0.1, 0.3, 0.6), 1)
    ]
    return signed(0, layers), others


def test_all_that_are_alike_are_among_those_that_may_be(drawn):
    one, others = drawn
    of = signature_of(one)
    alike = {key for key in others if likeness.alike(of, signature_of(key))}

    likely = set(signatures.alike(others, of).values_list("pk", flat=True))

    assert len(alike) >= 2
    assert alike <= likely < set(others)


def test_all_that_may_be_cut_down_to_it_are_among_those_that_are_larger(drawn):
    one, others = drawn
    larger = [signed(10 + n, [norm * by for norm in signature_of(one)["main"]["layers"]])
              for n, by in enumerate((1.0, 1.2, 1.0 / resizing.LEAST_KEPT, 1.5))]  # fmt: skip
    of = signature_of(one)
    cut = {key for key in larger if resizing.may_be_cut(signature_of(key), of)}

    likely = signatures.larger(
        [*others, *larger], of, 1 / (1 + resizing.ADDED), 1 / resizing.LEAST_KEPT
    )

    assert len(cut) == 3
    assert cut <= set(likely.values_list("pk", flat=True))
    assert larger[-1] not in set(likely.values_list("pk", flat=True))


def test_layers_that_another_form_joins_are_found_by_the_norm_of_the_part():
    apart = signed(1, [1.0, 2.0, 3.0, 0.5])
    joined = signed(2, [(1.0 + 4.0 + 9.0) ** 0.5, 0.5])

    found = signatures.alike([joined], signature_of(apart))

    assert [row.pk for row in found] == [joined]


def test_a_part_may_be_called_anything():
    name = 'main"].layers[0] > 0 || true || $["\\'
    one, other = signed(1, [1.0, 2.0], part=name), signed(2, [1.0, 2.0], part=name)
    far = signed(3, [10.0, 20.0], part=name)

    found = signatures.alike([other, far], signature_of(one))

    assert [row.pk for row in found] == [other]


def test_signatures_without_those_layers_are_none_of_them():
    one = signed(1, [1.0, 2.0, 3.0])
    empty, elsewhere = signed(2, [1.0]), signed(3, [1.0, 2.0, 3.0], part="text_encoder")

    assert not signatures.larger([empty, elsewhere], signature_of(one), 0.0, 1e9)
    assert not signatures.alike([empty, elsewhere], signature_of(one))
