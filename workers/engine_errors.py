"""What goes wrong between a worker and its engine."""

from __future__ import annotations


class EngineError(Exception):
    """The engine did not answer a call."""


class EngineDied(EngineError):
    """The child has ended. The next call starts another."""


class EngineTimedOut(EngineDied):
    """The child took too long and has been killed."""


class EngineRefused(EngineError):
    """The child is well, and says why it cannot do what it was asked."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
