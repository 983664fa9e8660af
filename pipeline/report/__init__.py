"""Records, timelines and predictions for human eyes."""

from .curve import draw_calibration
from .history import draw_history
from .picture import draw_timeline
from .sheet import predictions_csv
from .table import bins_table, history_table, predictions_table, scores_table, timeline_table
from .terminal import render, visible

__all__ = [
    "bins_table",
    "draw_calibration",
    "draw_history",
    "draw_timeline",
    "history_table",
    "predictions_csv",
    "predictions_table",
    "render",
    "scores_table",
    "timeline_table",
    "visible",
]
