from __future__ import annotations

import io
import struct
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.bases import catalogue
from registry.bases.fit import fit
from registry.formats import gguf_names
from registry.formats.adapter import Dialect, read_adapter
from registry.formats.errors import FormatError, Malformed, NotAnAdapter, NotGguf
from registry.formats.families import Family, detect_family
from registry.formats.files import read_header
from registry.formats.hashes import hash_stream
from registry.formats.header import MAX_HEADER_BYTES, Container
from registry.formats.tensors import MAX_METADATA_KEYS, MAX_TENSORS
from tests import files, gguf_files
from tests.gguf_files import (
    ARRAY,
    BOOL,
    F16,
    F32,
    FLOAT,
    Q8_0,
    SAYS_ADAPTER,
    TEXT,
    U8,
    U32,
    Entry,
    Key,
    array,
    build,
    key,
    start,
    text,
)
from workers.content import read_content

DOWN = Entry(b"blk.0.attn_q.weight.lora_a", (64, 4))
UP = Entry(b"blk.0.attn_q.weight.lora_b", (4, 64))
PAIR = (DOWN, UP)


def read(raw: bytes):
    return read_header(io.BytesIO(raw), file_size=len(raw))


def adapter_in(raw: bytes):
    return read_adapter(read(raw))


def with_key(*more: Key) -> bytes:
    return build([*SAYS_ADAPTER, *more], PAIR)


def with_tensor(*tensors: Entry, body: bytes | None = None) -> bytes:
    return build(SAYS_ADAPTER, tensors, body=body)


SOUND = build(tensors=PAIR)

# What llama.cpp calls an architecture, and bases of ours that are of it.
BASES = [
    ("llama", "llama-3-1-8b"), ("llama", "mistral-7b-v0-3"), ("llama", "mixtral-8x7b"),
    ("qwen2", "qwen-2-5-0-5b"), ("qwen2vl", "qwen-2-5-vl-3b"), ("qwen3", "qwen-3-0-6b"),
    ("qwen3moe", "qwen-3-30b-a3b"), ("gemma", "gemma-2b"), ("gemma2", "gemma-2-2b"),
    ("gemma3", "gemma-3-1b"), ("gemma3", "gemma-3-4b"), ("phi2", "phi-2"), ("phi3", "phi-3-mini"),
    ("gpt2", "gpt-2"), ("bloom", "bloom-560m"), ("falcon", "falcon-7b"),
    ("gptneox", "pythia-410m"), ("bert", "bert-base-uncased"), ("bert", "roberta-base"),
    ("t5", "t5-small"), ("t5", "flan-t5-small"),
]  # fmt: skip


def in_block(inside: str, number: int) -> str:
    """Return GGUF's name of a layer that a table has as `attn_q` or `enc.attn_q`."""
    stack, dot, layer = inside.rpartition(".")
    return f"{stack}{dot}blk.{number}.{layer}"


# Each is a sound file but for one thing.
REFUSED = [
    # the start
    ("four bytes", b"GGUF", "missing"),
    ("no counts", SOUND[:8], "missing"),
    ("version 0", start(version=0), "version 0"),
    ("version 1", start(version=1), "version 1"),
    ("a version to come", start(version=4), "version 4"),
    ("big-endian", b"GGUF" + struct.pack(">IQQ", 3, 0, 0), "big-endian"),
    ("too many tensors", start(tensors=MAX_TENSORS + 1), "tensors"),
    ("more tensors than numbers go", start(tensors=2**64 - 1), "tensors"),
    ("too many keys", start(keys=MAX_METADATA_KEYS + 1), "keys"),
    ("more keys than numbers go", start(keys=2**64 - 1), "keys"),
    ("tensors announced and not there", start(tensors=1), "missing"),
    ("keys announced and not there", start(keys=1), "missing"),
    # keys
    ("a key without a name", with_key(Key(b"", U8, b"\1")), "empty"),
    ("a key with a NUL", with_key(Key(b"a\0b", U8, b"\1")), "control"),
    ("a key turned round", with_key(Key("a\u202eb".encode(), U8, b"\1")), "control"),
    ("a key that is no text", with_key(Key(b"\xff", U8, b"\1")), "UTF-8"),
    ("a key as long as the file", start(keys=1) + struct.pack("<Q", 2**63), "more than is taken"),
    ("a key of 10,000 letters", with_key(Key(b"k" * 10_000, U8, b"\1")), "more than is taken"),
    ("a key twice", with_key(key("x", 1), key("x", 1)), "twice"),
    ("a value of no type", with_key(Key(b"x", 13, b"\1")), "type 13"),
    ("a truth that is 2", with_key(Key(b"x", BOOL, b"\2")), "true nor false"),
    ("a text that is none", with_key(Key(b"x", TEXT, text(b"\xff\xfe"))), "UTF-8"),
    ("a text without end", start(keys=1) + text("x") + struct.pack("<IQ", TEXT, 2**40), "taken"),
    ("a list without end", with_key(array("x", U8, 2**64 - 1, b"")), "most that is taken"),
    ("a list beyond the file", with_key(array("x", U32, 10_000, b"")), "missing"),
    ("a list of texts beyond the file", with_key(array("x", TEXT, 10_000, b"")), "missing"),
    ("a list of no type", with_key(array("x", 99, 1, b"\1")), "type 99"),
    (
        "lists in lists in lists",
        with_key(array("x", ARRAY, 1, struct.pack("<IQ", ARRAY, 1) * 5)),
        "deeper",
    ),
    ("lists in lists, many", with_key(array("x", ARRAY, 2**32, b"")), "most that is taken"),
    ("an alignment of 0", with_key(key("general.alignment", 0)), "alignment"),
    ("an alignment of 48", with_key(key("general.alignment", 48)), "alignment"),
    ("an alignment beyond belief", with_key(key("general.alignment", 2**31)), "alignment"),
    ("an alignment in words", with_key(key("general.alignment", "many")), "alignment"),
    ("an alignment below nothing", with_key(key("general.alignment", -32.0)), "alignment"),
    # tensors
    ("a tensor without a name", with_tensor(DOWN._replace(name=b"")), "empty"),
    ("a name of 64 bytes", with_tensor(DOWN._replace(name=b"n" * 64)), "more than is taken"),
    ("a name with a line break", with_tensor(DOWN._replace(name=b"a\nb")), "control"),
    ("a name that is no text", with_tensor(DOWN._replace(name=b"\xff")), "UTF-8"),
    ("a tensor twice", with_tensor(DOWN, DOWN), "twice"),
    ("no dimension", with_tensor(DOWN._replace(sizes=())), "0 dimensions"),
    ("five dimensions", with_tensor(DOWN._replace(sizes=(1,) * 5)), "5 dimensions"),
    ("a dimension of 0", with_tensor(DOWN._replace(sizes=(64, 0))), "beyond belief"),
    ("a dimension of 2⁶³", with_tensor(DOWN._replace(sizes=(2**63, 4)), body=b""), "beyond"),
    (
        "sizes whose product overflows",
        with_tensor(DOWN._replace(sizes=(2**32, 2**32)), body=b""),
        "beyond",
    ),
    ("an unknown number type", with_tensor(DOWN._replace(kind=99), body=b""), "type 99"),
    ("a number type of whole models", with_tensor(DOWN._replace(kind=12), body=b""), "type 12"),
    ("a number type that is gone", with_tensor(DOWN._replace(kind=4), body=b""), "type 4"),
    (
        "rows that do not fill their blocks",
        with_tensor(DOWN._replace(sizes=(40, 4), kind=Q8_0), body=b""),
        "together",
    ),
    ("data off its place", with_tensor(DOWN._replace(at=32)), "follow on"),
    ("data before its place", with_tensor(DOWN, UP._replace(at=0)), "follow on"),
    ("data off the alignment", with_tensor(DOWN, UP._replace(at=1025)), "follow on"),
    ("data beyond numbers", with_tensor(DOWN._replace(at=2**64 - 32)), "follow on"),
    # data
    ("no data", SOUND[:-2048], "2,048 bytes are missing"),
    ("data cut short", SOUND[:-1], "1 bytes are missing"),
    ("a table cut short", SOUND[:200], "missing"),
    ("bytes after the last tensor", SOUND + bytes(32), "32 bytes follow"),
    ("a whole file after the last tensor", SOUND + SOUND, "follow"),
    ("a header of 9 MiB", with_key(array("x", U8, 9 << 20, bytes(9 << 20))), "most that is taken"),
]


class TestReadGguf:
    def test_returns_every_tensor_with_its_shape_in_the_usual_order(self):
        header = read(SOUND)

        shapes = {name: tensor.shape for name, tensor in header.tensors.items()}
        assert shapes == {DOWN.name.decode(): (4, 64), UP.name.decode(): (64, 4)}
        assert header.container is Container.GGUF
        assert header.metadata["adapter.lora.alpha"] == "16.0"

    def test_says_where_the_data_are(self):
        header = read(SOUND)
        tensor = header.tensors[UP.name.decode()]
        assert (
            SOUND[header.data_at + tensor.begin :][:1024] == files.tensor((4, 64), dtype="F32")[2]
        )

    @pytest.mark.parametrize("version", [2, 3])
    def test_reads_both_versions(self, version):
        assert len(read(build(tensors=PAIR, version=version)).tensors) == 2

    def test_keeps_lists_as_json_and_leaves_long_ones_out(self):
        raw = with_key(
            array("few", U32, 2, struct.pack("<II", 1, 2)),
            array("texts", TEXT, 2, text("a") + text("b")),
            array("nested", ARRAY, 1, struct.pack("<IQ", U8, 1) + b"\7"),
            array("many", U8, 5000, bytes(5000)),
            key("yes", True),  # noqa: FBT003
        )
        metadata = read(raw).metadata
        assert metadata["few"] == "[1, 2]"
        assert metadata["texts"] == '["a", "b"]'
        assert metadata["nested"] == "[[7]]"
        assert metadata["yes"] == "true"
        assert "many" not in metadata

    def test_takes_another_alignment(self):
        raw = build([*SAYS_ADAPTER, key("general.alignment", 64)], PAIR, alignment=64)
        assert read(raw).data_at % 64 == 0

    @pytest.mark.parametrize(
        ("raw", "told"), [each[1:] for each in REFUSED], ids=[each[0] for each in REFUSED]
    )
    def test_refuses(self, raw, told):
        with pytest.raises(Malformed, match=told) as refusal:
            read(raw)
        assert str(refusal.value).endswith(".")
        assert str(refusal.value).isprintable()

    @pytest.mark.parametrize(
        ("keys", "told"),
        [
            ([key("general.type", "model")], "of the type “model”"),
            ([key("general.type", 7)], "of the type “7”"),
            ([], "adapter.type is missing"),
            ([key("adapter.type", "control")], "type “control”"),
            ([*SAYS_ADAPTER[:3], key("adapter.lora.alpha", float("nan"))], "no finite number"),
            ([*SAYS_ADAPTER[:3], key("adapter.lora.alpha", "high")], "no finite number"),
        ],
        ids=["a model", "a number for a type", "no type", "no LoRA", "NaN for alpha", "words"],
    )
    def test_refuses_what_does_not_say_that_it_is_a_lora(self, keys, told):
        with pytest.raises((NotAnAdapter, NotGguf), match=told):
            adapter_in(build(keys, PAIR))

    def test_refuses_a_model_before_its_vocabulary(self):
        vocabulary = array("tokenizer.ggml.tokens", TEXT, 2**20, bytes(2**20))
        with pytest.raises(NotAnAdapter):
            read(build([key("general.type", "model"), vocabulary]))

    @given(st.binary(max_size=200))
    def test_answers_any_bytes_with_a_header_or_a_refusal(self, raw):
        with suppress(FormatError):
            read(b"GGUF\3\0\0\0" + raw)

    @settings(max_examples=400)
    @given(st.data())
    def test_answers_any_change_of_a_few_bytes_likewise(self, data):
        raw = bytearray(gguf_files.lora(gguf_files.GPT2, rank=1).getvalue())
        for _ in range(data.draw(st.integers(1, 4))):
            raw[data.draw(st.integers(0, 700))] = data.draw(st.integers(0, 255))
        with suppress(FormatError):
            adapter_in(bytes(raw))

    @settings(max_examples=100)
    @given(st.integers(0, 900))
    def test_answers_any_cut_likewise(self, length):
        with suppress(FormatError):
            read(gguf_files.lora().getvalue()[:length])

    def test_reads_no_more_than_a_header_may_take(self):
        class Endless(io.RawIOBase):
            taken = 0

            def read(self, size=-1):
                self.taken += size
                return (SOUND[:24] + bytes(size))[:size] if size <= 24 else bytes(size)

            def seek(self, *_):
                return 0

        file = Endless()
        with suppress(FormatError):
            read_header(file, file_size=2**60)
        assert file.taken <= MAX_HEADER_BYTES


class TestALoraInGguf:
    def test_is_read_as_its_base_names_its_layers(self):
        adapter = adapter_in(gguf_files.lora().getvalue())
        assert adapter.dialect is Dialect.GGUF
        assert [(pair.component, pair.module, pair.shape) for pair in adapter.pairs] == [
            ("model", "model.layers.0.self_attn.q_proj", (4096, 4096)),
            ("model", "model.layers.0.self_attn.v_proj", (1024, 4096)),
            ("model", "model.layers.0.mlp.down_proj", (4096, 14336)),
        ]
        assert (adapter.ranks, adapter.pairs[0].alpha) == ((4, 4), 16.0)
        assert adapter.leftovers == ()

    def test_shows_its_family_and_fits_its_base(self):
        adapter = adapter_in(gguf_files.lora().getvalue())
        assert detect_family(adapter).family is Family.LLAMA
        assert fit(adapter, catalogue.manifest("llama-3-1-8b")).whole

    @pytest.mark.parametrize(("architecture", "base"), BASES, ids=lambda each: each)
    def test_fits_a_base_of_its_architecture_whole(self, architecture, base):
        manifest = catalogue.manifest(base)
        pairs = []
        for inside in gguf_names.ARCHITECTURES[architecture].inside:
            name = in_block(inside, 1)
            module = gguf_names.module(name, architecture=architecture)
            layer = manifest.find("model", module.replace(".", "_"))
            if layer is not None:  # Mixtral has no `ffn_gate`, and Llama no `ffn_gate_inp`.
                outputs, inputs = layer.shape
                pairs += [
                    Entry(f"{name}.weight.lora_a".encode(), (inputs, 1), F16),
                    Entry(f"{name}.weight.lora_b".encode(), (1, outputs), F16),
                ]
        adapter = adapter_in(
            build([key("general.architecture", architecture), *SAYS_ADAPTER[1:]], pairs)
        )
        assert len(adapter.pairs) >= 4
        assert fit(adapter, manifest).whole

    def test_shows_that_a_converter_turned_its_matrices_round(self):
        # What llama.cpp's script makes of GPT-2, whose weights lie the other way round.
        turned = {"attn_qkv": (768, 2304)}
        adapter = adapter_in(gguf_files.lora(turned, architecture="gpt2").getvalue())
        [mismatch] = fit(adapter, catalogue.manifest("gpt-2")).mismatches
        assert (mismatch.in_file, mismatch.in_base) == ((768, 2304), (2304, 768))

    def test_has_its_embedding_s_first_matrix_turned(self):
        raw = build(
            [key("general.architecture", "gpt2"), *SAYS_ADAPTER[1:]],
            [
                Entry(b"token_embd.weight.lora_a", (4, 50257), F16),
                Entry(b"token_embd.weight.lora_b", (4, 768), F16),
            ],
        )
        adapter = adapter_in(raw)
        [pair] = adapter.pairs
        assert (pair.module, pair.rank, pair.shape) == ("transformer.wte", 4, (768, 50257))
        assert fit(adapter, catalogue.manifest("gpt-2")).whole

    def test_keeps_llama_cpp_s_names_for_an_architecture_that_we_do_not_know(self):
        adapter = adapter_in(gguf_files.lora(architecture="rwkv9").getvalue())
        assert adapter.pairs[0].module == "blk.0.attn_q"
        assert detect_family(adapter).family is Family.UNKNOWN

    def test_may_lack_a_half(self):
        adapter = adapter_in(gguf_files.lora(without="attn_q.weight.lora_b").getvalue())
        assert adapter.pairs[0].missing == ("up",)

    def test_without_alpha_is_not_scaled(self):
        raw = build([*SAYS_ADAPTER[:3], key("adapter.lora.alpha", 0.0)], PAIR)
        assert adapter_in(raw).pairs[0].alpha is None

    def test_has_a_digest_of_its_tensors_whatever_lies_between_them(self):
        odd = Entry(b"blk.0.attn_q.weight.lora_a", (3, 3))  # 36 bytes, so 28 of padding
        digests = set()
        for alignment in (32, 64):
            keys = [*SAYS_ADAPTER, key("general.alignment", alignment)]
            raw = build(keys, [odd, UP], alignment=alignment)
            digests.add(hash_stream([raw], header=read(raw))[1])
        assert len(digests) == 1

    @pytest.mark.parametrize("kind", [F32, F16, Q8_0])
    def test_has_its_numbers_looked_at(self, kind):
        raw = build(tensors=[DOWN._replace(kind=kind), UP._replace(kind=F32)])
        content = read_content(io.BytesIO(raw), read(raw))
        assert (content.nan_tensors, content.zero_up) == ((), ())
        assert content.norms["blk.0.attn_q"] > 0


class TestAgainstTheLibrary:
    @pytest.fixture
    def library(self):
        return pytest.importorskip("gguf")

    def test_it_reads_the_same_table(self, library, tmp_path):
        path = tmp_path / "adapter.gguf"
        path.write_bytes(gguf_files.lora().getvalue())
        ours, theirs = read(path.read_bytes()), library.GGUFReader(path)
        assert ours.data_at == theirs.data_offset
        for tensor in theirs.tensors:
            mine = ours.tensors[tensor.name]
            assert mine.shape == tuple(int(size) for size in tensor.shape[::-1])
            assert mine.begin + ours.data_at == tensor.data_offset
            assert mine.end - mine.begin == tensor.n_bytes

    def test_we_read_what_it_writes(self, library, tmp_path):
        numpy = pytest.importorskip("numpy")
        path = tmp_path / "adapter.gguf"
        writer = library.GGUFWriter(path, "gpt2")
        writer.add_type("adapter")
        writer.add_string("adapter.type", "lora")
        writer.add_float32("adapter.lora.alpha", 8.0)
        writer.add_array("tags", ["lora", "gpt2"])
        writer.add_tensor("blk.3.attn_qkv.weight.lora_a", numpy.ones((2, 768), numpy.float16))
        writer.add_tensor("blk.3.attn_qkv.weight.lora_b", numpy.ones((2304, 2), numpy.float32))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()

        adapter = adapter_in(path.read_bytes())

        [pair] = adapter.pairs
        assert (pair.module, pair.alpha) == ("transformer.h.3.attn.c_attn", 8.0)
        assert fit(adapter, catalogue.manifest("gpt-2")).whole

    @pytest.mark.parametrize("architecture", gguf_names.ARCHITECTURES)
    def test_it_names_layers_alike(self, library, architecture):
        [code] = [code for code, name in library.MODEL_ARCH_NAMES.items() if name == architecture]
        theirs = library.get_tensor_name_map(code, 4)
        names = gguf_names.ARCHITECTURES[architecture]
        inside = (in_block(each, 3) for each in names.inside)
        for name in (*inside, *names.outside):
            module = gguf_names.module(name, architecture=architecture)
            assert module
            assert theirs.get_name(module) == name

    def test_numbers_in_blocks_are_decoded_alike(self, library):
        numpy = pytest.importorskip("numpy")
        from workers.decoding import as_floats

        numbers = numpy.linspace(-3, 3, 64, dtype=numpy.float32).reshape(1, 64)
        packed = library.quantize(numbers, library.GGMLQuantizationType.Q8_0)
        theirs = library.dequantize(packed, library.GGMLQuantizationType.Q8_0).reshape(-1)
        assert numpy.array_equal(as_floats(packed.tobytes(), "Q8_0"), theirs)


def test_a_float_key_of_any_value_is_kept_as_text():
    raw = with_key(Key(b"x", FLOAT, struct.pack("<f", float("inf"))))
    assert read(raw).metadata["x"] == "Infinity"
