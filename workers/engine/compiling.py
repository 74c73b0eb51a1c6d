"""
Have torch compile the blocks that a denoiser repeats, and draw with them as long as that works.

Compiling takes from seconds to minutes, so what is compiled must serve every adapter and every row
of weights that comes later. It does, if nothing that differs between them is a constant to the
compiler: weights stand in a tensor (engine.columns), ranks are evened out (engine.widths), and the
number of samples and the size of the picture are dynamic. Another number of samples than one is
compiled for apart from one alone; so are layers that carry an adapter, and those that do not.

A compiler that fails fails no picture: it is drawn again without, and so is everything after.
"""

from __future__ import annotations

import contextlib
import logging
import textwrap
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import torch
from torch._dynamo import config as tracing
from torch._dynamo.exc import TorchDynamoException
from torch._dynamo.utils import counters
from torch._inductor import config as generating
from torch.fx.experimental import _config as shapes

from workers.engine.devices import is_out_of_memory
from workers.engine.families.protocol import Answering, AnyFamily, NotByRow, Pipeline

INDUCTOR = "inductor"
# Denoisers whose class does not say itself what it repeats.
REPEATED: Mapping[str, Collection[str]] = {
    "SD3Transformer2DModel": {"JointTransformerBlock", "SD3SingleTransformerBlock"},
    "AuraFlowTransformer2DModel": {
        "AuraFlowJointTransformerBlock",
        "AuraFlowSingleTransformerBlock",
    },
    "PixArtTransformer2DModel": {"BasicTransformerBlock"},
    "SanaTransformer2DModel": {"SanaTransformerBlock"},
    "Lumina2Transformer2DModel": {"Lumina2TransformerBlock"},
}
# Forms of one block that are kept: of each width of a UNet, with an adapter on these layers or
# those, of one sample or many. Past that torch goes back to what is not compiled, saying so.
MOST_FORMS = 256
LONGEST = 200  # characters of an error, within a sentence

log = logging.getLogger("workers.engine")
Drawn = TypeVar("Drawn")


@dataclass(slots=True)
class Blocks:
    """The blocks of one base, by the components that they are in, and what torch made of them."""

    of: str  # the base's slug
    components: Mapping[str, tuple[torch.nn.Module, ...]]
    backend: Any
    _calls: list[tuple[torch.nn.Module, Any]] = field(default_factory=list)
    is_used: bool = True  # until the compiler fails

    def __post_init__(self) -> None:
        for blocks in self.components.values():
            for block in blocks:
                call = torch.compile(
                    block._call_impl,  # noqa: SLF001
                    backend=self.backend,
                    dynamic=True,
                    fullgraph=True,  # rather fail, and be heard of, than go on in pieces unseen
                )
                self._calls.append((block, call))

    def draw(self, draw: Callable[[], Drawn]) -> Drawn:
        """
        Return what `draw` returns, by compiled blocks if that can be.

        :raises NotByRow: if `draw` does
        """
        if not self.is_used:
            return draw()
        try:
            with self._compiled():
                return draw()
        except NotByRow:
            raise
        except Exception as error:
            # Where the compiler wants room, there may be enough without it.
            if is_out_of_memory(error) and not isinstance(error, TorchDynamoException):
                raise
            reason = _sentence(error)
        drawn = draw()  # An error that has nothing to do with compiling is raised again here.
        self.is_used = False
        log.warning("%s is drawn without torch.compile from now on: %s", self.of, reason)
        return drawn

    @contextlib.contextmanager
    def _compiled(self) -> Iterator[None]:
        try:
            for block, call in self._calls:
                block._compiled_call_impl = call  # noqa: SLF001
            yield
        finally:
            for block, _ in self._calls:
                block._compiled_call_impl = None  # noqa: SLF001


def blocks_of(slug: str, family: AnyFamily, pipeline: Pipeline, backend: Any) -> Blocks | None:
    """Return the base's blocks to be compiled by `backend`, None where nothing can be."""
    if isinstance(family, Answering):
        return None  # Words come one by one, each a sequence longer, out of a cache that grows.
    _set_up()
    found = {
        component: blocks
        for component in family.adapted
        if component not in family.prompt_encoders
        and (blocks := _repeated_in(getattr(pipeline, component, None)))
    }
    if not found:
        log.warning("%s is drawn without torch.compile: it repeats no block that is known.", slug)
        return None
    return Blocks(slug, found, backend)


def compilations() -> int:
    """Return how many graphs this process has compiled so far."""
    return int(counters["stats"]["unique_graphs"])


def _repeated_in(denoiser: torch.nn.Module | None) -> tuple[torch.nn.Module, ...]:
    if denoiser is None:
        return ()
    names = getattr(denoiser, "_repeated_blocks", None) or REPEATED.get(type(denoiser).__name__, ())
    return tuple(module for module in denoiser.modules() if type(module).__name__ in names)


def _set_up() -> None:
    tracing.recompile_limit = MOST_FORMS
    tracing.accumulated_recompile_limit = 16 * MOST_FORMS
    # By default, torch goes on with what it compiled before a hook came or went.
    tracing.skip_nnmodule_hook_guards = False
    # By default, lengths that happen to be the same when it compiles must be the same ever after.
    shapes.use_duck_shape = False  # type: ignore[attr-defined]
    # The engine has no children of its own, that nobody would end or bound.
    generating.compile_threads = 1


def _sentence(error: Exception) -> str:
    """Return what is wrong, of the pages that torch says of it: which compiler, and its fault."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    said = " ".join(lines[:2]) or type(error).__name__
    return textwrap.shorten(said, LONGEST, placeholder=" …")
