"""Every base is fitted, whole, by an adapter of all its layers under any of their names."""

from __future__ import annotations

import pytest

from registry.bases import catalogue
from registry.bases.fit import fit
from tests.reading import adapter_from

NAMED = [manifest for manifest in catalogue.manifests() if manifest.other_names]
KOHYA = {
    "unet": "lora_unet_",
    "transformer": "lora_unet_",
    "prior": "lora_prior_unet_",
    "model": "base_model.model.",
}


def trainable(layer) -> bool:
    """Whether trainers wrap such a layer. A depthwise convolution is one that they leave out."""
    return layer.kind == "linear" or (layer.kind == "conv" and layer.shape[1] > 1)


def pair(root: str, layer) -> dict:
    outputs, inputs, *kernel = layer.shape
    ones = (1,) * len(kernel)
    return {
        f"{root}.lora_down.weight": (4, inputs, *kernel),
        f"{root}.lora_up.weight": (outputs, 4, *ones),
    }


def fitted(names, manifest):
    """Return the fit of an adapter that has a pair for each (root, layer)."""
    tensors = {}
    for root, layer in names:
        if trainable(layer):
            tensors |= pair(root, layer)
    return fit(adapter_from(tensors), manifest)


@pytest.mark.parametrize("manifest", NAMED, ids=lambda manifest: manifest.base)
class TestAdapterOfAllLayers:
    def test_fits_under_dotted_names(self, manifest):
        prefixes = {"model": "base_model.model"}
        found = fitted(
            [
                (f"{prefixes.get(component, component)}.{name}", layer)
                for component, layers in manifest.components.items()
                for name, layer in layers.items()
            ],
            manifest,
        )
        assert (found.unknown, found.mismatched) == ((), ())
        assert found.whole

    def test_fits_under_flat_names(self, manifest):
        found = fitted(
            [
                (f"{prefix}{name.replace('.', '_')}", layer)
                for component, prefix in KOHYA.items()
                for name, layer in manifest.components.get(component, {}).items()
            ],
            manifest,
        )
        assert (found.unknown, found.mismatched) == ((), ())
        assert found.whole

    def test_fits_under_its_other_names(self, manifest):
        found = fitted(
            [
                (f"{KOHYA[component]}{name}", manifest.find(component, name))
                for component, names in manifest.other_names.items()
                for name in names
            ],
            manifest,
        )
        assert (found.unknown, found.mismatched) == ((), ())
        assert found.whole

    def test_fits_in_the_parts_of_its_joined_matrices(self, manifest):
        parts = [
            (f"{KOHYA[component]}{name}_{number}", manifest.components[component][part])
            for component, names in manifest.other_names.items()
            for name, parts in names.items()
            if len(parts) > 1
            for number, part in enumerate(parts)
        ]
        assert not parts or fitted(parts, manifest).whole

    def test_is_told_from_a_file_with_one_layer_more(self, manifest):
        component, name, layer = next(
            (component, name, layer)
            for component, names in manifest.other_names.items()
            for name in names
            if trainable(layer := manifest.find(component, name))
        )
        assert not fitted([(f"{KOHYA[component]}{name}_twice_over", layer)], manifest).whole
