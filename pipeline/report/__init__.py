"""Records for human eyes."""

from .terminal import render, visible

__all__ = ["render", "visible"]
