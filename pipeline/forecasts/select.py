"""Which predictions are asked for."""

from __future__ import annotations

from collections.abc import Collection
from typing import get_args

import msgspec

from ..errors import PipelineError
from ..records import Level, Likelihood, Orientation, Polarity
from ..timeline.intervals import ALWAYS, Interval
from ..timeline.select import folded, period_of
from .entries import Forecast, State

AUTHOR = "author"
"""The holder's name that asks for what articles say in their own voice, whoever wrote them."""


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """A choice of predictions; each condition that is given must hold.

    Attributes:
        least, most: percent that the event comes about: the whole of low to high lies in them.
        levels, orientations, polarities: with one of these.
        holders: of one of these: an entity by any name that its article has for it, a person by
            family name, the words of the text, an author of the article, or "author" for any
            article's own voice.
        about: with one of these in proposition or subject: an entity by any of its names, or the
            words themselves.
        after: EDTF year, month or day: the horizon ends in it or later, or never.
        by: EDTF year, month or day: the horizon has ended with it.
        hedged: whether a cue, number or condition limits the claim; None for both.
        as_of: EDTF day, or month or year for its last day, by which forecasts are open or expired;
            it chooses nothing by itself.
        states: with one of these; needs `as_of`.

    Names are compared as `pipeline.timeline.select.folded` has them.

    Raises:
        PipelineError: a value is none of those possible.

    Example:
        >>> Selection(least=120)
        Traceback (most recent call last):
        ...
        pipeline.errors.PipelineError: 120 is no percentage: write a number from 0 to 100
    """

    least: float | None = None
    most: float | None = None
    levels: tuple[str, ...] = ()
    holders: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    after: str | None = None
    by: str | None = None
    orientations: tuple[str, ...] = ()
    polarities: tuple[str, ...] = ()
    hedged: bool | None = None
    as_of: str | None = None
    states: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for percent in (self.least, self.most):
            if percent is not None and not 0 <= percent <= 100:
                raise PipelineError(f"{percent:g} is no percentage: write a number from 0 to 100")
        if self.least is not None and self.most is not None and self.least > self.most:
            raise PipelineError(
                f"nothing is at least {self.least:g} and at most {self.most:g} percent"
            )
        if self.states and self.as_of is None:
            raise PipelineError(
                f"whether a forecast is {self.states[0]} depends on the day: say as of when"
            )
        for value in (self.after, self.by, self.as_of):
            if value is not None:
                period_of(value)
        for what, given, known in (
            ("level", self.levels, get_args(Level)),
            ("orientation", self.orientations, get_args(Orientation)),
            ("polarity", self.polarities, get_args(Polarity)),
            ("state", self.states, get_args(State)),
        ):
            for value in given:
                if value not in known:
                    raise PipelineError(
                        f"there is no {what} {value!r}; choose from {', '.join(known)}"
                    )

    def holds(
        self, forecast: Forecast, *, holders: Collection[str], about: Collection[str], due: Interval
    ) -> bool:
        """Whether a prediction belongs to the choice, its number aside.

        Args:
            forecast: the prediction.
            holders: every folded name of its holder.
            about: every folded name of what its subject and proposition mention.
            due: the bounds of its horizon, infinite where open or without one.
        """
        if self.after is not None and (due == ALWAYS or due.last < period_of(self.after).first_day):
            return False
        if self.by is not None and not due.last <= period_of(self.by).last_day:
            return False
        return (
            _is_one_of(forecast.level, self.levels)
            and _is_one_of(forecast.orientation, self.orientations)
            and _is_one_of(forecast.polarity, self.polarities)
            and _is_one_of(forecast.state, self.states)
            and self.hedged in (None, forecast.hedged)
            and (not self.holders or any(_is_held(forecast, h, holders) for h in self.holders))
            and (not self.about or any(_is_about(forecast, name, about) for name in self.about))
        )

    def holds_number(self, odds: Forecast | Likelihood) -> bool | None:
        """Whether its number belongs to the choice; None where one is needed and there is none."""
        if self.least is None and self.most is None:
            return True
        if odds.low is None or odds.high is None:
            return None
        return (self.least is None or odds.low >= self.least) and (
            self.most is None or odds.high <= self.most
        )


def _is_one_of(value: str | None, wanted: tuple[str, ...]) -> bool:
    return not wanted or value in wanted


def _is_held(forecast: Forecast, name: str, holders: Collection[str]) -> bool:
    wanted = folded(name)
    return wanted in holders or (wanted == AUTHOR and forecast.holder_kind == "author")


def _is_about(forecast: Forecast, name: str, about: Collection[str]) -> bool:
    wanted = folded(name)
    told = (forecast.subject or "", forecast.proposition)
    return wanted in about or any(f" {wanted} " in f" {folded(text)} " for text in told)
