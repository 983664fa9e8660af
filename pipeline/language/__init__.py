"""Article text to an annotated spaCy Doc."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .load import blank_nlp, load_language

__all__ = ["blank_nlp", "load_language"]


def __getattr__(name: str) -> object:
    """What is offered here, when it is asked for: modules that need no spaCy do not wait for it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import load

    return getattr(load, name)
