"""Claimline: claims with their exact place in the text, out of articles, offline.

Example:
    >>> import pipeline
    >>> found = pipeline.extract("Rates may rise, the bank said.")  # doctest: +SKIP
    >>> found.of("prediction")[0].cues[0].text  # doctest: +SKIP
    'may'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .errors import PipelineError
    from .export.frames import frames
    from .extraction import Extraction, Extractor, extract, load

__version__ = "0.1.0"

__all__ = ["Extraction", "Extractor", "PipelineError", "extract", "frames", "load"]

_ROOMS = dict.fromkeys(__all__, "extraction") | {
    "PipelineError": "errors",
    "frames": "export.frames",
}


def __getattr__(name: str) -> object:
    """What is offered here, when it is asked for: `claimline --help` need not wait for it."""
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_ROOMS[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
