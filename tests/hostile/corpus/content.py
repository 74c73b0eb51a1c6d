"""Sound safetensors files that hold a bad adapter, another base's, or none at all."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Mapping

from tests import files
from tests.files import Raw, Values
from tests.hostile.case import Case, accepted, of_kind, refused, warned
from tests.layers import layers_of

SDXL = layers_of("sdxl", text_encoder=False)
ROOT = "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_k"
CONV = "lora_unet_conv_in"


def lora(
    changes: Mapping[str, Raw | None] | None = None,
    *,
    values: Values = files.SOUND,
    alpha: float = 4,
) -> bytes:
    """Return a sound SDXL adapter, but for tensors changed, added, or (by None) left out."""
    tensors = files.kohya_tensors(SDXL, alpha=alpha, values=values)
    for name, raw in (changes or {}).items():
        if raw is None:
            del tensors[name]
        else:
            tensors[name] = raw
    return files.safetensors(tensors)


def _as(file: io.BytesIO) -> bytes:
    return file.getvalue()


def _first(dtype: str, first: bytes) -> Callable[[], bytes]:
    """Return a way to make an adapter, one tensor of which begins with these bytes."""
    return lambda: lora({f"{ROOT}.lora_up.weight": _up(dtype, first)})


def _up(dtype: str, first: bytes = b"", *, rank: int = 4) -> Raw:
    raw = files.tensor((1280, rank), dtype=dtype)
    return raw._replace(content=first + raw.content[len(first) :])


_NAN, _INF = "not a number", "infinite"
_FINITE = "values.finite"


DATA = (
    refused("NaN in float16", _first("F16", b"\x00\x7e"), _NAN, _FINITE),
    refused("a signalling NaN in float16", _first("F16", b"\x01\xfc"), _NAN, _FINITE),
    refused("NaN in bfloat16", _first("BF16", b"\xc0\x7f"), _NAN, _FINITE),
    refused("NaN in float32", _first("F32", b"\x00\x00\xc0\xff"), _NAN, _FINITE),
    refused("NaN in float64", _first("F64", struct.pack("<d", float("nan"))), _NAN, _FINITE),
    refused("NaN in float8", _first("F8_E4M3", b"\x7f"), _NAN, _FINITE),
    refused("infinity in float16", _first("F16", b"\x00\x7c"), _INF, _FINITE),
    refused("minus infinity in float32", _first("F32", b"\x00\x00\x80\xff"), _INF, _FINITE),
    refused("infinity in bfloat16", _first("BF16", b"\x80\x7f"), _INF, _FINITE),
    refused("a float64 beyond float32", _first("F64", struct.pack("<d", 1e300)), _INF, _FINITE),
    refused("an alpha that is NaN", lambda: lora({f"{ROOT}.alpha": files.number(float("nan"))}),
            f"{ROOT}.alpha holds values that are not a number", _FINITE),
    refused("an alpha that is infinite", lambda: lora({f"{ROOT}.alpha":
            files.number(float("inf"))}), _INF, _FINITE),
    refused("all up matrices zero", lambda: lora(values=Values(zero_up=True)), "changes nothing",
            "values.nonzero"),
    refused("all up matrices minus zero", lambda: lora({
            f"lora_unet_{layer.name.replace('.', '_')}.lora_up.weight":
            Raw("F16", (layer.outputs, 4), b"\x00\x80" * layer.outputs * 4) for layer in SDXL}),
            "changes nothing", "values.nonzero"),
    warned("one up matrix zero", lambda: lora({f"{ROOT}.lora_up.weight": files.zeros((1280, 4))}),
           "1 of 16 layers change nothing", "values.trained"),
    accepted("numbers so small that they are denormal",
             lambda: lora({f"{ROOT}.lora_up.weight": Raw("F16", (1280, 4), b"\1\0" * 5120)})),
    warned("the largest float16", _first("F16", b"\xff\x7b"), f"{ROOT} is changed", "values.even"),
    accepted("numbers whose squares overflow", _first("F32", struct.pack("<f", 3.4e38))),
    accepted("a negative alpha", lambda: lora({f"{ROOT}.alpha": files.number(-4.0)})),
    warned("an alpha of 10³⁰", lambda: lora({f"{ROOT}.alpha": files.number(1e30)}),
           f"{ROOT} is changed", "values.even"),
    accepted("an alpha in a list of one", lambda: lora({f"{ROOT}.alpha":
             files.tensor((1,), dtype="F32")})),
    accepted("an alpha in a matrix", lambda: lora({f"{ROOT}.alpha":
             files.tensor((3, 3), dtype="F32")})),
    accepted("halves in two number types", lambda: lora({f"{ROOT}.lora_up.weight": _up("F32")})),
)  # fmt: skip


def _pair(down: tuple[int, ...], up: tuple[int, ...], root: str = ROOT) -> Callable[[], bytes]:
    """Return a way to make an adapter in which one layer has halves of these shapes."""
    return lambda: lora({f"{root}.lora_down.weight": files.tensor(down, dtype="F8_E4M3"),
                         f"{root}.lora_up.weight": files.tensor(up, dtype="F8_E4M3"),
                         f"{root}.alpha": files.number(4.0)})  # fmt: skip


def _with(**tensors: tuple[int, ...]) -> Callable[[], bytes]:
    return lambda: lora({name: files.tensor(shape) for name, shape in tensors.items()})


SEMANTIC = (
    refused("a rank of 0", _pair((0, 2048), (1280, 0)), "disagree on the rank", "pairs.rank"),
    refused("halves that disagree on the rank", _pair((8, 2048), (1280, 4)), rf"{ROOT}, down",
            "pairs.rank"),
    refused("halves the wrong way round", _pair((1280, 4), (4, 2048)), ROOT, "pairs.rank"),
    refused("a half without its dimensions", _pair((8,), (1280, 8)), ROOT, "pairs.rank"),
    refused("a half that is a number", _pair((), (1280, 8)), ROOT, "pairs.rank"),
    refused("a half of eight dimensions", _pair((4, 2048, 1, 1, 1, 1, 1, 1), (1280, 4)), ROOT,
            "shapes.match"),
    refused("a down matrix without its up", lambda: lora({f"{ROOT}.lora_up.weight": None}),
            rf"{ROOT} lacks its up matrix", "pairs.complete"),
    refused("an up matrix without its down", lambda: lora({f"{ROOT}.lora_down.weight": None}),
            rf"{ROOT} lacks its down matrix", "pairs.complete"),
    refused("a magnitude without its pair", _with(**{f"{CONV}.dora_scale": (320, 1, 1, 1)}), CONV,
            "pairs.complete"),
    refused("half a LoHa", _with(**{f"{CONV}.hada_w1_a": (320, 4), f"{CONV}.hada_w1_b": (4, 36)}),
            CONV, "pairs.complete"),
    refused("half a LoKr", _with(**{f"{CONV}.lokr_w1": (4, 4)}), CONV, "pairs.complete"),
    refused("a layer of another shape", _pair((4, 768), (1280, 4)), "768", "shapes.match"),
    refused("a layer that no base has", _pair((4, 8), (8, 4), "lora_unet_mid_block_x"),
            "mid_block_x", "layers.known"),
    refused("a layer of a name of 500 letters",
            _pair((4, 8), (8, 4), f"lora_unet_mid_block_{'x' * 470}"), "mid_block_xx",
            "layers.known"),
    refused("a layer that climbs", _pair((4, 8), (8, 4), "lora_unet_mid_block/../../etc/passwd"),
            "etc/passwd", "layers.known"),
    refused("a layer that is a script",
            _pair((4, 8), (8, 4), "lora_unet_mid_block<script>alert(1)</script>"),
            "“lora_unet_mid_block<script>", "layers.known"),
    refused("a layer with our quotes",
            _pair((4, 8), (8, 4), "lora_unet_mid_block” is sound. “"), r"\\u201d", "layers.known"),
    refused("a layer in homoglyphs", _pair((4, 8), (8, 4), "lora_unet_mid_bl\u043eck_x"),
            "“lora_unet_mid_bl\u043eck_x”", "layers.known"),
    refused("an adapter of Stable Diffusion 1.5", lambda: _as(files.kohya_lora("sd1")),
            "not SDXL 1.0", "base.matches"),
    refused("an adapter of Llama", lambda: _as(files.peft_lora("llama")), "not SDXL 1.0",
            "base.matches"),
    refused("an adapter of FLUX.1", lambda: _as(files.kohya_lora("flux1")), "not SDXL 1.0",
            "base.matches"),
    refused("two bases in one file", lambda: files.safetensors(
            files.kohya_tensors(layers_of("sd1", text_encoder=False)[4:])
            | {f"x.{k}": v for k, v in files.kohya_tensors(SDXL).items()}), "sd1 and sdxl",
            "base.matches"),
    refused("a picture model's and a language model's layers", lambda: files.safetensors(
            files.kohya_tensors(SDXL) | {
            "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight":
                files.tensor((4, 4096)),
            "base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight":
                files.tensor((4096, 4))}), "self_attn.q_proj", "layers.known"),
    refused("a layer that three spellings are mixed in", lambda: files.safetensors({
            "lora_te4_model.layers.0.self_attn.q_proj.lora_embedding_B": files.tensor((4, 4)),
            "text_encoders.clip_l.transformer_blocks.1.attn.to_q.road_theta.weight":
                files.tensor((4, 4)),
            "text_encoders.t5xxl.model.layers.0.self_attn.q_proj.b_norm": files.tensor((4, 4))}),
            "do not exist in SDXL 1.0", "layers.known"),
    refused("a layer that dozens of bases have", lambda: files.safetensors({
            f"base_model.model.model.layers.0.self_attn.q_proj.{half}":
            files.tensor((4, 4)) for half in ("oft_R.weight", "road_theta.weight")}),
            "not SDXL 1.0", "base.matches"),
    refused("nothing but alphas", lambda: files.safetensors(
            {f"{ROOT}.alpha": files.number(4.0)}), "layout", "file.readable"),
    refused("20,000 layers that no base has", lambda: files.safetensors({
            f"lora_unet_mid_block_{n}.{half}.weight": files.tensor((1, 1))
            for n in range(10_000) for half in ("lora_down", "lora_up")}), "10000",
            "layers.known"),
    warned("a tensor of no layer", _with(junk=(4,)), "the first: junk", "tensors.used"),
    warned("one layer under two names", _with(**{
            "unet.mid_block.attentions.0.transformer_blocks.0.attn2.to_k.lora_A.weight": (4, 2048),
            "unet.mid_block.attentions.0.transformer_blocks.0.attn2.to_k.lora_B.weight":
            (1280, 4)}), "attn2.to_k", "tensors.used"),
    warned("a rank of 100,000", _pair((100_000, 4, 3, 3), (320, 100_000, 1, 1), CONV),
           "with 100000, where 36 would do", "pairs.useful"),
)  # fmt: skip


def _named(*names: str, shape: tuple[int, ...] = (8, 8)) -> bytes:
    return files.safetensors({name: files.tensor(shape) for name in names})


_NO = "file.no-adapter"
OTHERS = (
    refused("a checkpoint", lambda: _as(files.checkpoint()), "checkpoint", _NO),
    refused("an embedding", lambda: _as(files.embedding()), "embedding", _NO),
    refused(
        "an embedding by a script's name",
        _named("<img src=x onerror=alert(1)>"),
        "“<img src=x",
        _NO,
    ),
    refused("a VAE", _named("encoder.conv_in.weight", "decoder.conv_in.weight"), "VAE", _NO),
    refused("a ControlNet", _named("control_model.input_blocks.0.0.weight"), "ControlNet", _NO),
    refused("an IP-Adapter", _named("image_proj.proj.weight"), "IP-Adapter", _NO),
    refused("a U-Net", _named("down_blocks.0.resnets.0.conv1.weight"), "U-Net", _NO),
    refused("a transformer", _named("double_blocks.0.img_attn.qkv.weight"), "transformer", _NO),
    refused(
        "a language model", _named("model.layers.0.self_attn.q_proj.weight"), "whole model", _NO
    ),
    refused(
        "a language model with a name of 500 letters",
        _named(f"model.layers.0.{'x' * 480}.weight"),
        "whole model",
        _NO,
    ),
    refused("tensors called by numbers", _named(*map(str, range(50))), "layout", "file.readable"),
    refused(
        "optimizer states",
        _named("state.0.exp_avg", "state.0.exp_avg_sq"),
        "layout",
        "file.readable",
    ),
)

CASES: tuple[Case, ...] = (
    *of_kind("data", DATA),
    *of_kind("semantic", SEMANTIC),
    *of_kind("no adapter", OTHERS),
)
