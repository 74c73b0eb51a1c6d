"""What fetches is told by what it calls itself, and by the door where that says nothing."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from hub.api import clients
from registry.models import ClientKind, DownloadCount
from tests.factories import VersionFactory

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.mark.parametrize(
    ("said", "door", "kind"),
    [
        ("hf_hub/0.36.2; python/3.11.7; torch/2.13.0; diffusers/0.36.0", "other", "hub"),
        ("unknown/None; hf-hub/0.4.3; rust/unknown", "other", "hub"),
        ("loradex.py/1.0", "civitai", "loradex"),
        ("loradex-vllm", "other", "loradex"),
        ("civitai-hub/0.3.2", "other", "civitai"),
        ("ComfyUI-LoRA-Manager/1.0", "other", "civitai"),
        (BROWSER, "other", "browser"),
        (BROWSER, "hub", "browser"),
        (BROWSER, "civitai", "civitai"),
        ("curl/8.5.0", "other", "other"),
        ("llama-cpp", "hub", "hub"),
        ("not loradex.py/1.0", "other", "other"),
        ("", "other", "other"),
        ("x" * 100_000 + "hf_hub/1", "other", "other"),
    ],
    ids=lambda value: value[:30],
)
def test_a_program_is_told_by_what_it_calls_itself(said, door, kind):
    request = RequestFactory(headers={"User-Agent": said}).get("/")
    assert clients.kind_of(request, door=ClientKind(door)) == kind


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/api/adapters/studio/ink/versions/1/download", "other"),
        ("/api/adapters/studio/ink/versions/1/bundle", "other"),
        ("/api/download/models/{serial}", "civitai"),
        ("/studio/ink/resolve/main/pytorch_lora_weights.safetensors", "hub"),
    ],
)
def test_each_door_counts_for_its_day(api, blob_root, path, kind):
    version = VersionFactory(published=True, adapter__slug="ink", adapter__team__slug="studio")
    at = path.format(serial=version.serial)

    for _ in range(2):
        answer = api.get(at)
        assert answer.status_code == 200, answer.content
        b"".join(answer.streaming_content)
    api.head(at)

    [row] = DownloadCount.objects.values_list("version", "client", "downloads")
    assert row == (version.pk, kind, 2)
    version.refresh_from_db()
    assert version.downloads == 2
