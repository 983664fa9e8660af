"""Predictions of any number of articles as answers: whose, how likely, by when, and how good.

Example:
    >>> from pathlib import Path
    >>> from pipeline import forecasts, jsonl
    >>> records = jsonl.read(Path("outputs/report.jsonl"))  # doctest: +SKIP
    >>> wanted = forecasts.Selection(least=55, about=("al-Qaeda",))  # doctest: +SKIP
    >>> for forecast in forecasts.gather(records, selection=wanted).forecasts:  # doctest: +SKIP
    ...     print(forecast.low, forecast.holder, forecast.proposition)
"""

from .calibrate import Bin, Calibrated, Calibration, calibrate
from .entries import Forecast, Gathered, Trouble
from .gather import gather
from .outcomes import Outcomes, read_outcomes
from .select import Selection

__all__ = [
    "Bin",
    "Calibrated",
    "Calibration",
    "Forecast",
    "Gathered",
    "Outcomes",
    "Selection",
    "Trouble",
    "calibrate",
    "gather",
    "read_outcomes",
]
