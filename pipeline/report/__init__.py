"""Records and timelines for human eyes."""

from .picture import draw_timeline
from .table import timeline_table
from .terminal import render, visible

__all__ = ["draw_timeline", "render", "timeline_table", "visible"]
