"""What the library knows of a version's weights from other versions."""

from __future__ import annotations

import io

import pytest

from registry.formats.adapter import read_adapter
from registry.formats.header import read_header
from registry.services import declaring, keeping
from tests import files
from tests.factories import AdapterFactory, BaseFactory, VersionFactory
from workers.content import read_content

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root", "sent")]


def lora(dtype="F16", **values):
    return files.kohya_lora("sdxl", text_encoder=True, values=files.Values(dtype=dtype, **values))


def version_of(file, **more):
    """Return a version whose weights a worker has read, and what it read."""
    version = VersionFactory(content=file.getvalue(), **more)
    header = read_header(io.BytesIO(file.getvalue()), file_size=len(file.getvalue()))
    content = read_content(io.BytesIO(file.getvalue()), header)
    blob = version.files.get().blob
    keeping.keep_signature(blob, read_adapter(header), content)
    return version, content


def alike(version, content):
    return declaring.declared(version, content).alike


@pytest.fixture
def ink():
    adapter = AdapterFactory(team__slug="team", slug="ink")
    return version_of(lora(), adapter=adapter, published=True)[0]


class TestAlike:
    @pytest.mark.parametrize("dtype", ["BF16", "F32"])
    def test_names_versions_with_the_same_weights_in_another_number_type(self, ink, dtype):
        assert alike(*version_of(lora(dtype))) == ("team/ink v1",)

    def test_names_none_with_other_weights(self, ink):
        assert alike(*version_of(lora(seed=5))) == ()

    def test_names_none_that_the_tensor_digest_names(self, ink):
        renamed = files.kohya_lora("sdxl", text_encoder=True, metadata={"ss_output_name": "mine"})
        declared = declaring.declared(*version_of(renamed))
        assert declared.duplicates == ("team/ink v1",)
        assert declared.alike == ()

    def test_names_none_that_was_rejected(self):
        version_of(lora(), rejected=True)
        assert alike(*version_of(lora("F32"))) == ()

    def test_names_nothing_that_another_team_has_not_published(self):
        version_of(lora(), ready=True)
        assert alike(*version_of(lora("F32"))) == ()

    def test_names_what_its_own_team_has_not_published(self, ink):
        ink.state = "ready"
        ink.save()
        own = AdapterFactory(team=ink.adapter.team)
        assert alike(*version_of(lora("F32"), adapter=own)) == ("team/ink v1",)

    def test_names_no_checkpoint_of_its_own_adapter(self, ink):
        ink.files.update(role="checkpoint", training_step=100)
        assert alike(*version_of(lora("F32"), adapter=ink.adapter)) == ()

    def test_names_none_of_another_family(self, ink):
        other = BaseFactory(slug="sd-1-5", family="sd1")
        assert alike(*version_of(lora("F32"), base=other)) == ()

    def test_names_none_before_the_numbers_were_read(self, ink):
        version, _ = version_of(lora("F32"))
        assert declaring.declared(version, None).alike == ()

    def test_asks_no_more_of_the_database_for_more_versions(
        self, ink, django_assert_max_num_queries
    ):
        for _ in range(4):
            version_of(lora("F32"), adapter=AdapterFactory(), published=True)
        version, content = version_of(lora("BF16"))
        with django_assert_max_num_queries(8):
            assert len(alike(version, content)) == 5
