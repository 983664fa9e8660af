"""How good predictions were: Brier score, Murphy's parts of it, and what came of each ten percent.

A prediction counts as the middle of `low` and `high`, the percent that its event comes about. Of
bins with forecasts f and outcomes o (means; n of N predictions) and the share ō of all events that
came about,

    Brier = reliability - resolution + uncertainty + within

with reliability Σ n/N (f-o)², resolution Σ n/N (o-ō)², uncertainty ō(1-ō) (Murphy 1973), and, for
what bins hold of unlike forecasts, within = mean (p-f)² - 2 mean (p-f)(y-o) (Stephenson, Coelho and
Jolliffe 2008), which is 0 where every bin has one forecast only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import fsum, sqrt
from typing import NamedTuple

import msgspec

from ..errors import PipelineError
from ..timeline.select import folded
from .entries import Forecast, Trouble
from .outcomes import Outcomes

DEFAULT_BINS = 10
# Of the normal distribution, for an interval of 95 %.
_Z = 1.959963984540054


class Bin(msgspec.Struct, frozen=True, kw_only=True):
    """Predictions of about the same percentage.

    Attributes:
        least, most: its bounds in percent; a forecast on the upper one belongs to the next bin.
        count: how many predictions.
        forecast: their mean forecast, a share from 0 to 1.
        observed: the share of events that came about.
        low, high: Wilson's interval of that share, 95 %.
    """

    least: float
    most: float
    count: int
    forecast: float
    observed: float
    low: float
    high: float


class Calibration(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="calibration"):
    """How good the predictions of a holder were, or all of them.

    Attributes:
        holder: whose; null for all.
        count: predictions with a number and an outcome; what follows is of these, null of none.
        observed: the share of events that came about.
        forecast: the mean forecast.
        brier: mean of (forecast - outcome)²: 0 is perfect, 0.25 what "even" gets for everything.
        reliability: how far forecasts are from what came of them; less is better.
        resolution: how well they tell apart what comes about and what does not; more is better.
        uncertainty: what a forecaster gets who says the observed share every time.
        within: what forecasts that differ inside a bin add.
        skill: 1 - brier/uncertainty, null where all came about or none.
        bins: those that hold a prediction, in order.
        unnumbered: predictions with an outcome but without a number ("will"), and how many of
            their events came about.
        unnumbered_true: how many of those came about.
    """

    holder: str | None
    count: int
    observed: float | None
    forecast: float | None
    brier: float | None
    reliability: float | None
    resolution: float | None
    uncertainty: float | None
    within: float | None
    skill: float | None
    bins: tuple[Bin, ...]
    unnumbered: int
    unnumbered_true: int


class Calibrated(msgspec.Struct, frozen=True, kw_only=True):
    """What `calibrate` finds.

    Attributes:
        overall: of all predictions.
        holders: of each holder, the one with the most predictions first.
        unanswered: predictions that the outcomes do not list, or list without one.
        problems: outcomes that cannot be used.
    """

    overall: Calibration
    holders: tuple[Calibration, ...]
    unanswered: int
    problems: tuple[Trouble, ...]


class _Scored(NamedTuple):
    """A forecast in percent, and whether its event came about."""

    percent: float
    outcome: bool


def calibrate(
    forecasts: Iterable[Forecast], outcomes: Outcomes, *, bins: int = DEFAULT_BINS
) -> Calibrated:
    """Set predictions beside what came of them.

    Args:
        forecasts: as `gather` gives them.
        outcomes: as `read_outcomes` gives them: whether the *event* came about, so that "will
            probably not happen" was right where it is false.
        bins: how many of equal width; 0 for one bin for each number that occurs.

    Raises:
        PipelineError: there is no such number of bins.
    """
    if not 0 <= bins <= 100:
        raise PipelineError(f"{bins} bins: write a number from 1 to 100, or 0 for a bin a number")
    made = list(forecasts)
    groups: dict[tuple[str, str], list[Forecast]] = defaultdict(list)
    answered = [f for f in made if (f.article, f.id) in outcomes.known]
    for forecast in answered:
        groups[_holder_key(forecast)].append(forecast)
    labels = {key: _label(key, held) for key, held in groups.items()}
    holders = [_calibration(labels[key], groups[key], outcomes, bins) for key in sorted(groups)]
    holders.sort(key=lambda c: (-c.count, -c.unnumbered, c.holder or ""))
    there = {(f.article, f.id) for f in made}
    unknown = [
        Trouble(
            article=article,
            id=id_,
            message="the outcomes name a prediction that is not there. Are all its files given, "
            "and of the version that the outcomes were written for?",
        )
        for article, id_ in sorted({*outcomes.known, *outcomes.open} - there)
    ]
    return Calibrated(
        overall=_calibration(None, answered, outcomes, bins),
        holders=tuple(holders),
        unanswered=len(there) - len(answered),
        problems=(*outcomes.problems, *unknown),
    )


def _holder_key(forecast: Forecast) -> tuple[str, str]:
    """Two articles mean the same holder where they give the name of one, not by "officials"."""
    named = forecast.holder_kind == "author" or forecast.holder_entity is not None
    if forecast.holder is not None and named:
        return ("", folded(forecast.holder))
    return (forecast.article, folded(forecast.holder or ""))


def _label(key: tuple[str, str], held: Sequence[Forecast]) -> str:
    name = min(forecast.holder or "author" for forecast in held)
    return f"{name} ({key[0]})" if key[0] else name


def _calibration(
    holder: str | None, forecasts: Sequence[Forecast], outcomes: Outcomes, bins: int
) -> Calibration:
    scored: list[_Scored] = []
    unnumbered: list[bool] = []
    for forecast in forecasts:
        outcome = outcomes.known[forecast.article, forecast.id]
        if forecast.percent is None:
            unnumbered.append(outcome)
        else:
            scored.append(_Scored(forecast.percent, outcome))
    found = score(scored, bins=bins)
    return msgspec.structs.replace(
        found, holder=holder, unnumbered=len(unnumbered), unnumbered_true=sum(unnumbered)
    )


def score(scored: Sequence[tuple[float, bool]], *, bins: int = DEFAULT_BINS) -> Calibration:
    """The calibration of forecasts in percent with whether their events came about.

    Example:
        >>> score([(75.0, True), (75.0, False)]).brier
        0.3125
    """
    binned: dict[float, list[_Scored]] = defaultdict(list)
    for pair in scored:
        binned[_lower_bound(pair[0], bins)].append(_Scored(*pair))
    width = 100 / bins if bins else 0.0
    made = [_bin(least, least + width, binned[least]) for least in sorted(binned)]
    total = len(scored)
    if not total:
        nothing = dict.fromkeys(_FIGURES)
        return Calibration(
            holder=None, count=0, bins=(), unnumbered=0, unnumbered_true=0, **nothing
        )
    base = sum(outcome for _, outcome in scored) / total
    by_bin = [(bin_, pair) for bin_ in made for pair in binned[bin_.least]]
    brier = fsum((percent / 100 - outcome) ** 2 for percent, outcome in scored) / total
    spread = fsum((pair.percent / 100 - bin_.forecast) ** 2 for bin_, pair in by_bin)
    shared = fsum(
        (pair.percent / 100 - bin_.forecast) * (pair.outcome - bin_.observed)
        for bin_, pair in by_bin
    )
    uncertainty = base * (1 - base)
    return Calibration(
        holder=None,
        count=total,
        observed=base,
        forecast=fsum(percent for percent, _ in scored) / 100 / total,
        brier=brier,
        reliability=fsum(b.count * (b.forecast - b.observed) ** 2 for b in made) / total,
        resolution=fsum(b.count * (b.observed - base) ** 2 for b in made) / total,
        uncertainty=uncertainty,
        within=(spread - 2 * shared) / total,
        skill=1 - brier / uncertainty if uncertainty else None,
        bins=tuple(made),
        unnumbered=0,
        unnumbered_true=0,
    )


_FIGURES = (
    "observed",
    "forecast",
    "brier",
    "reliability",
    "resolution",
    "uncertainty",
    "within",
    "skill",
)


def _lower_bound(percent: float, bins: int) -> float:
    if not bins:
        return percent
    return min(int(percent * bins / 100), bins - 1) * 100 / bins


def _bin(least: float, most: float, scored: Sequence[_Scored]) -> Bin:
    count, came = len(scored), sum(outcome for _, outcome in scored)
    low, high = wilson(came, count)
    return Bin(
        least=least,
        most=most,
        count=count,
        forecast=fsum(percent for percent, _ in scored) / 100 / count,
        observed=came / count,
        low=low,
        high=high,
    )


def wilson(came: int, count: int) -> tuple[float, float]:
    """Wilson's interval (95 %) of a share, also good for few: `came` of `count`, at least one.

    Example:
        >>> [round(bound, 3) for bound in wilson(1, 1)]
        [0.207, 1.0]
    """
    share, square = came / count, _Z * _Z
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = (
        _Z * sqrt(share * (1 - share) / count + square / (4 * count * count)) / (1 + square / count)
    )
    # Rounding may put a bound that is the share itself beyond it.
    return min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half))
