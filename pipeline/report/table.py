"""Timelines, predictions and their calibration as tables in a terminal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from ..forecasts import Bin, Calibration, Forecast
from ..timeline import Timeline
from .entries import due, happened, odds, speaker, what, when, who
from .terminal import visible

if TYPE_CHECKING:
    from rich.table import Table

    from ..revisions.history import Story


def timeline_table(timeline: Timeline) -> Table:
    """The entries in their order, one row each.

    The last column numbers the rows that an event comes directly before or after because the text
    says so; what follows from dates stands in the dates. Columns that would be empty are left out,
    so is the article's where all events are of one.
    """
    numbers = {
        (entry.article, entry.event): str(number)
        for number, entry in enumerate(timeline.entries, start=1)
    }
    notes: dict[str, dict[str, list[str]]] = defaultdict(lambda: {"after": [], "before": []})
    for entry in timeline.entries:
        number = numbers[entry.article, entry.event]
        for later in entry.before:
            if later.kind == "stated":
                other = numbers[later.article, later.event]
                notes[number]["before"].append(other)
                notes[other]["after"].append(number)
    columns: dict[str, list[str]] = {
        "": list(numbers.values()),
        "date": [when(entry) for entry in timeline.entries],
        "event": [what(entry) for entry in timeline.entries],
        "who": [who(entry) for entry in timeline.entries],
        "status": [entry.status for entry in timeline.entries],
        "source": [speaker(entry) for entry in timeline.entries],
        "article": [entry.article for entry in timeline.entries],
        "the text says": [
            "; ".join(
                f"{relation} {', '.join(others)}"
                for relation, others in notes.get(number, {}).items()
                if others
            )
            for number in numbers.values()
        ],
    }
    if len(set(columns["article"])) < 2:
        del columns["article"]
    shown = {name: cells for name, cells in columns.items() if any(cells) or name == "event"}
    return table(shown, right=("",), whole=("", "date", "status"))


def predictions_table(forecasts: Sequence[Forecast]) -> Table:
    """The predictions in their order, one row each.

    The percentage is that of the event, the level that of the phrase: "probably not" is likely and
    20 to 35. Columns that would be empty are left out, so is the article's where all are of one.
    """
    columns: dict[str, list[str]] = {
        "due": [due(forecast) for forecast in forecasts],
        "percent": [odds(forecast) for forecast in forecasts],
        "level": [
            f"not: {forecast.level}" if forecast.polarity == "negative" else forecast.level
            for forecast in forecasts
        ],
        "prediction": [forecast.proposition for forecast in forecasts],
        "holder": [forecast.holder or forecast.holder_kind for forecast in forecasts],
        "if": [forecast.condition or "" for forecast in forecasts],
        "state": [forecast.state or "" for forecast in forecasts],
        "article": [forecast.article for forecast in forecasts],
    }
    if len(set(columns["article"])) < 2:
        del columns["article"]
    shown = {name: cells for name, cells in columns.items() if any(cells) or name == "prediction"}
    return table(shown, right=("percent",), whole=("due", "percent", "level", "state"))


def history_table(stories: Sequence[Story]) -> Table:
    """The stories in their order, one row each.

    The column of changes names each version that changed the claim, and what it did.
    """
    return table(
        {
            "kind": [story.kind for story in stories],
            "claim": [story.claim for story in stories],
            "first seen": [story.first for story in stories],
            "changes": [
                "; ".join(happened(step) for step in story.steps if step.happening != "first")
                for story in stories
            ],
            "last seen": [story.last for story in stories],
        },
        right=(),
        whole=("kind",),
    )


def scores_table(calibrations: Sequence[Calibration]) -> Table:
    """Brier score and its parts, one row a holder."""
    return table(
        {
            "holder": ["all" if c.holder is None else c.holder for c in calibrations],
            "count": [str(c.count) for c in calibrations],
            "forecast %": [_percent(c.forecast) for c in calibrations],
            "came true %": [_percent(c.observed) for c in calibrations],
            "Brier": [_figure(c.brier) for c in calibrations],
            "reliability": [_figure(c.reliability) for c in calibrations],
            "resolution": [_figure(c.resolution) for c in calibrations],
            "uncertainty": [_figure(c.uncertainty) for c in calibrations],
            "within": [_figure(c.within) for c in calibrations],
            "skill": [_figure(c.skill) for c in calibrations],
            "no number": [
                f"{c.unnumbered} ({c.unnumbered_true} true)" if c.unnumbered else ""
                for c in calibrations
            ],
        },
        right=_FIGURES,
        whole=_FIGURES,
    )


_FIGURES = (
    "count",
    "forecast %",
    "came true %",
    "Brier",
    "reliability",
    "resolution",
    "uncertainty",
    "within",
    "skill",
)


def bins_table(bins: Sequence[Bin]) -> Table:
    """What came of predictions of about the same percentage, one row a bin."""
    names = ("percent", "count", "forecast %", "came true %", "95 % interval")
    return table(
        {
            "percent": [
                f"{b.least:.4g}" if b.least == b.most else f"{b.least:.4g}–{b.most:.4g}"
                for b in bins
            ],
            "count": [str(b.count) for b in bins],
            "forecast %": [_percent(b.forecast) for b in bins],
            "came true %": [_percent(b.observed) for b in bins],
            "95 % interval": [f"{_percent(b.low)}–{_percent(b.high)}" for b in bins],
        },
        right=names,
        whole=names,
    )


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.0f}"


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value + 0.0:.3f}".replace("-0.000", "0.000")


def table(
    columns: Mapping[str, Sequence[str]], *, right: Collection[str], whole: Collection[str]
) -> Table:
    """Columns as a table; those in `right` stand to the right, those in `whole` never wrap."""
    from rich.table import Table
    from rich.text import Text

    made = Table(box=None, pad_edge=False)
    for name in columns:
        made.add_column(
            name,
            justify="right" if name in right else "left",
            no_wrap=name in whole,
            overflow="fold",
        )
    for cells in zip(*columns.values(), strict=True):
        made.add_row(*(Text(visible(cell)) for cell in cells))
    return made
