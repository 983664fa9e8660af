"""Records, timelines and predictions for human eyes."""

from .curve import draw_calibration
from .entries import timeline_title
from .history import draw_history
from .picture import draw_timeline
from .raster import rasterise
from .select import Chosen, Selection, choose
from .sheet import predictions_csv
from .show import show
from .stats import Coverage, Profile, profile, profiles_csv
from .stats_table import stats_tables
from .table import bins_table, history_table, predictions_table, scores_table, timeline_table
from .terminal import visible

__all__ = [
    "Chosen",
    "Coverage",
    "Profile",
    "Selection",
    "bins_table",
    "choose",
    "draw_calibration",
    "draw_history",
    "draw_timeline",
    "history_table",
    "predictions_csv",
    "predictions_table",
    "profile",
    "profiles_csv",
    "rasterise",
    "scores_table",
    "show",
    "stats_tables",
    "timeline_table",
    "timeline_title",
    "visible",
]
