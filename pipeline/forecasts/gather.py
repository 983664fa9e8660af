"""Records in, predictions out."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf
from typing import TypeVar

from ..dates.calendar import Period
from ..records import (
    ArticleRecord,
    DateRef,
    EntityRecord,
    PredictionRecord,
    Record,
)
from ..timeline.intervals import ALWAYS, Interval, interval_of
from ..timeline.names import Names
from ..timeline.select import period_of
from .entries import Forecast, Gathered, State, Trouble
from .select import Selection

_Kept = TypeVar("_Kept", ArticleRecord, EntityRecord, PredictionRecord)


def _by_key(
    records: Iterable[Record], kind: type[_Kept], problems: list[Trouble] | None = None
) -> dict[tuple[str, str], _Kept]:
    """The records of a kind by article and id; of several with one key always the same one."""
    found: dict[tuple[str, str], _Kept] = {}
    contested: set[tuple[str, str]] = set()
    for record in records:
        if isinstance(record, kind):
            key = (record.article, record.id)
            known = found.setdefault(key, record)
            if known != record:
                found[key] = min(known, record, key=repr)
                contested.add(key)
    if problems is not None:
        message = (
            "two different records have this id; one is left out. Are there two versions of the "
            "article among the files?"
        )
        problems += [Trouble(article=key[0], id=key[1], message=message) for key in contested]
    return found


def gather(records: Iterable[Record], *, selection: Selection | None = None) -> Gathered:
    """The predictions of one or many articles, links followed, with those that are asked for.

    Neither the order of the records nor how they are spread over files makes a difference.

    Args:
        records: of any kinds; articles and entities give names.
        selection: which predictions.

    Returns:
        Records that are there twice count once; where two records of one article have the same id
        and differ, one is left out with a problem.

    Example:
        >>> gather([]).forecasts
        ()
    """
    wanted = selection or Selection()
    today = None if wanted.as_of is None else period_of(wanted.as_of)
    read = list(records)
    named = Names(_by_key(read, ArticleRecord).values(), _by_key(read, EntityRecord).values())
    problems: list[Trouble] = []
    predictions = _by_key(read, PredictionRecord, problems)
    found: list[tuple[Interval, Forecast]] = []
    unnumbered = 0
    for record in predictions.values():
        due = _due(record, problems)
        forecast = _forecast(record, named, due, today)
        if wanted.holds(
            forecast,
            holders=named.of_holder(record) if wanted.holders else (),
            about=named.of_topic(record) if wanted.about else (),
            due=due,
        ):
            held = wanted.holds_number(forecast)
            unnumbered += held is None
            if held:
                found.append((due, forecast))
    found.sort(key=lambda pair: _display_order(*pair))
    return Gathered(
        forecasts=tuple(forecast for _, forecast in found),
        unnumbered=unnumbered,
        others=len(predictions) - len(found) - unnumbered,
        problems=tuple(sorted(problems, key=repr)),
    )


def _due(record: PredictionRecord, problems: list[Trouble]) -> Interval:
    """The bounds of its horizon."""
    horizon = record.horizon
    if horizon is None:
        return ALWAYS
    try:
        return interval_of(horizon.earliest, horizon.latest)
    except ValueError as error:
        message = f"its horizon is of no use: {error}; it is taken as open"
        problems.append(Trouble(article=record.article, id=record.id, message=message))
        return ALWAYS


def _forecast(
    record: PredictionRecord, named: Names, due: Interval, today: Period | None
) -> Forecast:
    entity = named.entity(record, record.holder.entity)
    if record.holder.kind == "author":
        holder = ", ".join(named.authors.get(record.article, ())) or None
    else:
        holder = entity.name if entity else record.holder.name or record.holder.text
    horizon = record.horizon or DateRef(value="", earliest=None, latest=None, text="", id=None)
    return Forecast(
        article=record.article,
        id=record.id,
        start=record.start,
        end=record.end,
        text=record.text,
        proposition=record.proposition.text,
        cues=tuple(cue.text for cue in record.cues),
        hedged=record.hedged,
        orientation=record.orientation,
        polarity=record.polarity,
        level=record.likelihood.level,
        low=record.likelihood.low,
        high=record.likelihood.high,
        basis=record.likelihood.basis,
        source=record.likelihood.source,
        holder=holder,
        holder_kind=record.holder.kind,
        holder_entity=record.holder.entity,
        subject=record.subject.text if record.subject else None,
        horizon=horizon.value or None,
        earliest=horizon.earliest,
        latest=horizon.latest,
        due=horizon.text or None,
        condition=record.condition.text if record.condition else None,
        speech_act=record.speech_act,
        confidence=record.confidence,
        state=_state(record, due, today),
    )


def _state(record: PredictionRecord, due: Interval, today: Period | None) -> State | None:
    if today is None or record.orientation != "future":
        return None
    if due.last == inf:
        return "undated"
    return "expired" if due.last < today.last_day else "open"


def _display_order(
    due: Interval, forecast: Forecast
) -> tuple[float, bool, float, str, int, int, str]:
    place = (forecast.article, forecast.start, forecast.end, forecast.id)
    return (due.last, due == ALWAYS, due.first, *place)
