"""Dated events and forecast horizons on one axis that can be stretched.

Places on the axis are percent of its width, so a page zooms by making the axis wider. Marks for
several widths are there, of which the page shows those that its own has room for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf
from typing import Literal, NamedTuple

from ...forecasts import Forecast
from ...timeline import Entry
from ...timeline.intervals import ALWAYS, Interval, interval_of
from ..entries import due, odds, speaker, what, when
from ..scale import Scale, Tick

#: The widths that marks are made for.
WIDTHS = (250, 500, 1000, 2000, 4000, 8000, 16000, 32000)
_WIDTH = 1000.0


class Lane(NamedTuple):
    """An event, or a forecast with its horizon.

    Attributes:
        key: ids of its article and of its record.
        kind: which of the two.
        when, what, more: what is told of it: the date, a word or two, the rest.
        status: the event's, "forecast" for a forecast.
        shape: "point" when the day is known, "span" when it may be any from `left` to `right`,
            "from" and "until" when only one end is known, "open" when neither is.
        left, right: percent of the axis; both the known end's where only one is.
        approximate: whether the date itself says that it is not exact.
        denied: whether it did not happen.
    """

    key: tuple[str, str]
    kind: Literal["event", "prediction"]
    when: str
    what: str
    more: str
    status: str
    shape: Literal["point", "span", "from", "until", "open"]
    left: float
    right: float
    approximate: bool
    denied: bool


class Axis(NamedTuple):
    """The axis: its marks by width in pixels, and where it is cut, all in percent."""

    ticks: Sequence[tuple[int, Sequence[Tick]]]
    cuts: Sequence[tuple[float, float, int]]


class Lanes(NamedTuple):
    """What is drawn; no axis when nothing has a date."""

    lanes: Sequence[Lane]
    axis: Axis | None


def draw_lanes(entries: Iterable[Entry], forecasts: Iterable[Forecast]) -> Lanes:
    """Events in their order, and forecasts that have a horizon among them by its beginning.

    Args:
        entries: of a timeline.
        forecasts: as they are gathered.
    """
    events = [(_interval(entry.earliest, entry.latest), entry) for entry in entries]
    horizons = [
        (_interval(forecast.earliest, forecast.latest), forecast)
        for forecast in forecasts
        if forecast.horizon is not None
    ]
    days = {int(day) for interval, _ in (*events, *horizons) for day in _ends(interval)}
    scale = Scale(days, left=0.0, right=_WIDTH) if days else None
    lanes = []
    for interval, item in _merged(events, horizons):
        shape, left, right = _place(interval, scale)
        lane = _of_event(item) if isinstance(item, Entry) else _of_forecast(item)
        lanes.append(lane._replace(shape=shape, left=left, right=right))
    return Lanes(lanes, _axis(scale) if scale else None)


def _merged(
    events: Sequence[tuple[Interval, Entry]], horizons: Sequence[tuple[Interval, Forecast]]
) -> list[tuple[Interval, Entry | Forecast]]:
    """Forecasts go before the first event that begins later; the order of events stays."""
    ahead = sorted(horizons, key=lambda pair: _beginning(pair[0]), reverse=True)
    merged: list[tuple[Interval, Entry | Forecast]] = []
    for interval, entry in events:
        while ahead and _beginning(ahead[-1][0]) < _beginning(interval):
            merged.append(ahead.pop())
        merged.append((interval, entry))
    return [*merged, *reversed(ahead)]


def _beginning(interval: Interval) -> float:
    """What is known of no beginning stands by its end."""
    return interval.last if interval.first == -inf else interval.first


def _of_event(entry: Entry) -> Lane:
    names = [participant.name for participant in entry.participants]
    told = [*names, f"according to {speaker(entry)}" if entry.source else ""]
    return Lane(
        key=(entry.article, entry.event),
        kind="event",
        when=when(entry),
        what=what(entry),
        more=" · ".join(text for text in told if text),
        status=entry.status,
        shape="open",
        left=0,
        right=100,
        approximate="~" in entry.value,
        denied=entry.polarity == "negative",
    )


def _of_forecast(forecast: Forecast) -> Lane:
    percent = odds(forecast)
    told = [
        f"{percent} %" if percent else forecast.level,
        forecast.holder or forecast.holder_kind,
        forecast.condition or "",
    ]
    return Lane(
        key=(forecast.article, forecast.id),
        kind="prediction",
        when=due(forecast),
        what=forecast.proposition,
        more=" · ".join(text for text in told if text),
        status="forecast",
        shape="open",
        left=0,
        right=100,
        approximate="~" in (forecast.horizon or ""),
        denied=forecast.polarity == "negative",
    )


def _interval(earliest: str | None, latest: str | None) -> Interval:
    try:
        return interval_of(earliest, latest)
    except ValueError:  # told of among the problems of timeline and forecasts
        return ALWAYS


def _ends(interval: Interval) -> list[float]:
    """A day has ended when the next one begins."""
    return [day for day in (interval.first, interval.last + 1) if abs(day) != inf]


def _place(
    interval: Interval, scale: Scale | None
) -> tuple[Literal["point", "span", "from", "until", "open"], float, float]:
    if scale is None or interval == ALWAYS:
        return "open", 0.0, 100.0
    if interval.first == -inf:
        end = _percent(scale.place(int(interval.last) + 1))
        return "until", end, end
    begin = _percent(scale.place(int(interval.first)))
    if interval.last == inf:
        return "from", begin, begin
    end = _percent(scale.place(int(interval.last) + 1))
    return "point" if interval.first == interval.last else "span", begin, end


def _axis(scale: Scale) -> Axis:
    ticks = [
        (width, [Tick(_percent(t.place), t.label) for t in scale.ticks(width / _WIDTH)])
        for width in WIDTHS
    ]
    cuts = [(_percent(left), _percent(right), days) for left, right, days in scale.cuts()]
    return Axis(ticks, cuts)


def _percent(place: float) -> float:
    return round(100 * place / _WIDTH, 3)
