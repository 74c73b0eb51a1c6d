"""
Adapters of the demo, loaded by PEFT, transformers and diffusers from a hub that runs, by name.

"It did not raise" proves nothing of these loaders: what is compared is what the base does with the
adapter, against the same file loaded from disk.
"""

from __future__ import annotations

import json

import pytest

from registry.services import demo
from tests.factories import AdapterFactory, BaseFactory, FileFactory, VersionFactory, keep, prepare
from tests.hub.hfapi.running import run

pytest.importorskip("diffusers")
pytest.importorskip("peft")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.torch,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("blob_root"),
]
ADAPTERS = demo.HOME / "adapters"
TALES = demo.HOME / "bases" / "tales"
SHAPES = demo.HOME / "base"


def version_of(adapter, base, folder, *, weights="adapter_model.safetensors", dialect="peft"):
    """Publish what lies in a folder as the adapter's next version."""
    content = (ADAPTERS / folder / weights).read_bytes()
    version = VersionFactory(adapter=adapter, base=base, published=True, content=content)
    version.files.update(dialect=dialect, name=weights)
    config = ADAPTERS / folder / "adapter_config.json"
    if config.exists():
        FileFactory(
            version=version, role="config", name=config.name, blob=keep(config.read_bytes())
        )
    return version


@pytest.fixture
def hub(live_server, tmp_path):
    def call(program, **told):
        lines = [f"{name} = {str(value)!r}" for name, value in told.items()]
        return run("\n".join([*lines, program]), hub=live_server.url, home=tmp_path)

    return call


TEXT = """
import json
import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM

torch.set_num_threads(1)
tokens = torch.tensor([[1, 2, 3, 4, 5, 6, 7, 8]])

def base():
    return AutoModelForCausalLM.from_pretrained(BASE)

def says(model):
    with torch.no_grad():
        return model.eval()(input_ids=tokens).logits

plain = says(base())
here = says(PeftModel.from_pretrained(base(), FOLDER))
second = says(PeftModel.from_pretrained(base(), "ink/pirate", revision="v2"))
first = says(PeftModel.from_pretrained(base(), "ink/pirate", revision="v1"))
newest = says(PeftModel.from_pretrained(base(), "ink/pirate"))
integrated = base()
integrated.load_adapter("ink/pirate", adapter_kwargs={"revision": "v2"})
print(json.dumps({
    "effect": (here - plain).abs().max().item(),
    "v2 as from disk": torch.equal(second, here),
    "v1 is another": not torch.allclose(first, second),
    "main is v2": torch.equal(newest, second),
    "transformers": torch.allclose(says(integrated), here, atol=1e-5),
}))
"""


def test_peft_and_transformers_load_a_version_by_name(hub, team):
    tales = BaseFactory(
        slug="tales", family="llama", modality="text", pipeline="LlamaForCausalLM",
        aliases=["loradex/tales", "demo/tales"],
    )  # fmt: skip
    pirate = AdapterFactory(team=team, slug="pirate")
    weaker(version_of(pirate, tales, "pirate-tales"))
    version_of(pirate, tales, "pirate-tales")

    loaded = hub(TEXT, BASE=TALES, FOLDER=ADAPTERS / "pirate-tales")

    assert loaded.pop("effect") > 0.1
    assert all(loaded.values()), loaded


def weaker(version):
    """Make other bytes of a version's file, with half the alpha in its configuration."""
    weights, config = version.files.get(role="weights"), version.files.get(role="config")
    content = bytearray((ADAPTERS / "pirate-tales" / weights.name).read_bytes())
    content[-2] ^= 1
    told = json.loads((ADAPTERS / "pirate-tales" / config.name).read_text())
    told["lora_alpha"] /= 2
    for file, changed in ((weights, bytes(content)), (config, json.dumps(told).encode())):
        blob = keep(changed)
        file.blob, file.sha256, file.size = blob, blob.sha256, blob.size
        file.save()
    version.sha256 = weights.sha256
    version.save()


DRAWN = """
import json
import torch
from diffusers import StableDiffusionPipeline
from peft.tuners.tuners_utils import BaseTunerLayer

torch.set_num_threads(1)

pipe = StableDiffusionPipeline.from_pretrained(BASE)
pipe.set_progress_bar_config(disable=True)

def draws(*where, **how):
    pipe.unload_lora_weights()
    if where:
        pipe.load_lora_weights(*where, **how)
    layers = sum(isinstance(one, BaseTunerLayer) for one in pipe.unet.modules())
    picture = pipe(
        "a red circle on white", num_inference_steps=2, width=64, height=64, output_type="np",
        generator=torch.Generator().manual_seed(0),
    ).images[0]
    return layers, picture

none, plain = draws()
_, here = draws(FILE)
layers, guessed = draws("ink/neon")
named_layers, named = draws("ink/neon", weight_name="pytorch_lora_weights.safetensors")
first_layers, first = draws("ink/neon", revision="v1")
print(json.dumps({
    "layers": [none, layers, named_layers, first_layers],
    "effect": float(abs(here - plain).max()),
    "as from disk": [float(abs(one - here).max()) for one in (guessed, named)],
    "v1 is another": float(abs(first - here).max()),
}))
"""


def test_diffusers_loads_the_newest_and_a_version_with_and_without_a_name(hub, team):
    shapes = BaseFactory(slug="shapes", family="shapes", aliases=["loradex/shapes"])
    neon = AdapterFactory(team=team, slug="neon")
    version_of(neon, shapes, "inkline", weights="inkline.safetensors", dialect="kohya")
    newest = version_of(neon, shapes, "neon-glow", weights="neon-glow.safetensors", dialect="kohya")
    step = (ADAPTERS / "gilt-frame" / "gilt-frame.safetensors").read_bytes()
    FileFactory(version=newest, role="checkpoint", training_step=10, name="s", blob=keep(step))

    loaded = hub(DRAWN, BASE=SHAPES, FILE=ADAPTERS / "neon-glow" / "neon-glow.safetensors")

    none, *others = loaded["layers"]
    assert none == 0
    assert min(others) > 20
    assert loaded["effect"] > 0.01
    assert loaded["as from disk"] == [0, 0]
    assert loaded["v1 is another"] > 0.01


PASTED = """
import json
import torch

torch.set_num_threads(1)
exec(RECIPE.partition("picture = ")[0])
print(json.dumps({"active": pipeline.get_active_adapters()}))
"""


def test_the_recipe_on_a_page_loads_what_it_is_about(hub, team, client, live_server):
    shapes = BaseFactory(slug="shapes", family="shapes", aliases=["loradex/shapes"])
    neon = AdapterFactory(team=team, slug="neon")
    version_of(neon, shapes, "neon-glow", weights="neon-glow.safetensors", dialect="kohya")
    told = client.get("/api/adapters/ink/neon/versions/1").json()
    recipe = told["recipes"]["diffusers"]["usage"].replace("http://testserver", live_server.url)

    loaded = hub(PASTED, RECIPE=recipe.replace("demo/base", str(SHAPES)))

    assert loaded == {"active": ["neon"]}


PASTED_OF_CONVERTED = """
import json
import torch
from diffusers import StableDiffusionPipeline
from peft.tuners.tuners_utils import BaseTunerLayer

torch.set_num_threads(1)

def draws(pipe):
    pipe.set_progress_bar_config(disable=True)
    return pipe("a red circle", num_inference_steps=2, width=64, height=64, output_type="np",
                generator=torch.Generator().manual_seed(0)).images[0]

plain = StableDiffusionPipeline.from_pretrained(BASE)
before = draws(plain)
plain.load_lora_weights(json.loads(FILES)[0])
here = draws(plain)
told = []
for recipe in json.loads(RECIPES):
    exec(recipe.partition("picture = ")[0])
    layers = sum(isinstance(one, BaseTunerLayer) for one in pipeline.unet.modules())
    told.append([layers, float(abs(draws(pipeline) - here).max())])
print(json.dumps({"effect": float(abs(here - before).max()), "recipes": told}))
"""


def converted(folder, weights, config=None):
    """Have the engine write a file of the demo as diffusers takes it, and return its path."""
    from workers.engine.converting import Conversion, convert

    folder.mkdir()
    done = convert(weights, config, to=Conversion("diffusers"), base="shapes", into=folder)
    return done.files[0]


def without_prefix(path, folder):
    """Write a file as diffusers' oldest scripts did: the names begin inside the unet."""
    from safetensors.torch import load_file, save_file

    named = {name.removeprefix("unet."): tensor for name, tensor in load_file(path).items()}
    save_file(named, folder / "root.safetensors")
    return folder / "root.safetensors"


def test_the_recipe_of_a_file_that_diffusers_does_not_read_loads_it_by_name(
    hub, team, client, live_server, tmp_path
):
    shapes = BaseFactory(slug="shapes", family="shapes", aliases=["loradex/shapes"])
    zebra, old = (AdapterFactory(team=team, slug=slug) for slug in ("zebra", "old"))
    own = version_of(zebra, shapes, "zebra")
    source = ADAPTERS / "zebra"
    made = converted(
        tmp_path / "a", source / "adapter_model.safetensors", source / "adapter_config.json"
    )
    root = without_prefix(made, tmp_path)
    rooted = VersionFactory(adapter=old, base=shapes, published=True, content=root.read_bytes())
    rooted.files.update(dialect="diffusers_root", name=root.name)

    def recipe(name):
        told = client.get(f"/api/adapters/ink/{name}/versions/1").json()
        usage = told["recipes"]["diffusers"]["usage"].replace("http://testserver", live_server.url)
        return usage.replace("demo/base", str(SHAPES))

    assert "hf_hub_download" not in recipe("zebra") + recipe("old")  # nothing is converted yet
    prepare(own, "diffusers", made)
    prepare(rooted, "diffusers", converted(tmp_path / "b", root))

    recipes = [recipe("zebra"), recipe("old")]
    loaded = hub(
        PASTED_OF_CONVERTED, BASE=SHAPES, FILES=json.dumps([str(made)]), RECIPES=json.dumps(recipes)
    )

    assert all("hf_hub_download" in one and "urlopen" not in one for one in recipes)
    assert loaded["effect"] > 0.01
    for layers, apart in loaded["recipes"]:
        assert layers > 20
        assert apart < 0.01
