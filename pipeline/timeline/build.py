"""Records in, timeline out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import inf
from typing import TypeVar

import msgspec

from ..records import DateRecord, EntityRecord, EventRecord, QuoteRecord, Record
from .entries import Dropped, Entry, Following, Participant, Timeline
from .graph import Order, SortedOrder
from .intervals import ALWAYS, Interval, interval_of
from .names import Names
from .select import Selection

MOST_BY_DATES = 32
"""How many direct successors by dates an entry lists: a thousand events of one day come before
every event of the next, which nobody reads."""

_Key = tuple[str, str]
_Linked = TypeVar("_Linked", DateRecord, EntityRecord, EventRecord, QuoteRecord)


class _Edge(msgspec.Struct, frozen=True):
    """A stated order as two positions among the events, and what the record says."""

    earlier: int
    later: int
    confidence: float
    dropped: Dropped


def build(records: Iterable[Record], *, selection: Selection | None = None) -> Timeline:
    """The timeline of the events of one or many articles.

    An event is certainly before another when its last day is before the other's first; a day that
    is open sets no limit. Stated order is added to that, the more confident before the less: what
    would close a cycle with what is there already is dropped and told of in `problems`. Events of
    several articles are joined by their dates only.

    Neither the order of the records nor how they are spread over files makes a difference.

    Args:
        records: of any kinds; the articles, dates, entities and quotes give precision and names.
        selection: which events it is about; order through events left out is lost with them.

    Returns:
        Entries in an order that all certain and all kept stated order agrees with. Records that
        are there twice count once; where two records of one article have the same id and differ,
        one is left out with a problem.

    Example:
        >>> build([]).entries
        ()
    """
    everything = sorted(records, key=_identity)
    problems: list[Dropped] = []
    entities = _by_key(everything, EntityRecord)
    quotes = _by_key(everything, QuoteRecord)
    dates = _by_key(everything, DateRecord)
    events = _by_key(everything, EventRecord, problems)
    named = Names((), entities.values())
    wanted = selection or Selection()
    intervals: dict[_Key, Interval] = {}
    for key, event in events.items():
        interval = _interval(event, problems)
        names = named.of_participants(event) if wanted.names else ()
        if wanted.holds(interval, event.status, names):
            intervals[key] = interval
    keys = sorted(intervals, key=lambda key: _display_order(events[key], intervals[key]))
    order = Order([intervals[key] for key in keys])
    confidences: dict[tuple[int, int], float] = {}
    for edge in _edges(events, keys, problems):
        pair = (edge.earlier, edge.later)
        if pair in confidences:
            continue
        if order.add(*pair):
            confidences[pair] = edge.confidence
        else:
            problems.append(edge.dropped)
    done = order.sorted()
    places = {item: place for place, item in enumerate(done.sequence)}
    entries = []
    for item in done.sequence:
        event = events[keys[item]]
        date = _linked(dates, event, event.date.id)
        quote = _linked(quotes, event, event.source)
        before, complete = _following(item, keys, done, places, confidences)
        entries.append(
            Entry(
                article=event.article,
                event=event.id,
                start=event.start,
                end=event.end,
                text=event.text,
                trigger=event.trigger.text,
                value=event.date.value,
                earliest=event.date.earliest,
                latest=event.date.latest,
                precision=date.precision if date else None,
                expression=event.date.text,
                participants=_participants(event, entities),
                polarity=event.polarity,
                status=event.status,
                source=event.source,
                speaker=quote.speaker.name if quote and quote.speaker else None,
                confidence=event.confidence,
                level=done.levels[item],
                before=before,
                complete=complete,
            )
        )
    return Timeline(entries=tuple(entries), problems=tuple(sorted(problems, key=_identity)))


def _identity(item: object) -> str:
    """A text that tells any two different records apart, to sort by."""
    return repr(item)


def _by_key(
    records: Iterable[Record], kind: type[_Linked], problems: list[Dropped] | None = None
) -> dict[_Key, _Linked]:
    found: dict[_Key, _Linked] = {}
    for record in records:
        if isinstance(record, kind):
            known = found.setdefault((record.article, record.id), record)
            if known != record and problems is not None:
                problems.append(
                    Dropped(
                        article=record.article,
                        event=record.id,
                        message="two different records have this id; one is left out. Are there "
                        "two versions of the article among the files?",
                    )
                )
    return found


def _linked(found: Mapping[_Key, _Linked], event: EventRecord, name: str | None) -> _Linked | None:
    return None if name is None else found.get((event.article, name))


def _interval(event: EventRecord, problems: list[Dropped]) -> Interval:
    try:
        return interval_of(event.date.earliest, event.date.latest)
    except ValueError as error:
        message = f"its date is of no use: {error}; it is taken as open"
        problems.append(Dropped(article=event.article, event=event.id, message=message))
        return ALWAYS


def _display_order(
    event: EventRecord, interval: Interval
) -> tuple[float, float, str, int, int, str]:
    begin = interval.last if interval.first == -inf else interval.first
    return (begin, interval.last, event.article, event.start, event.end, event.id)


def _edges(
    events: Mapping[_Key, EventRecord], keys: list[_Key], problems: list[Dropped]
) -> list[_Edge]:
    """The stated orders between the events of the timeline, the most confident first."""
    places = {key: place for place, key in enumerate(keys)}
    found: list[_Edge] = []
    for key in keys:
        event = events[key]
        for stated in event.order:
            other = (event.article, stated.event)
            dropped = Dropped(
                article=event.article,
                event=event.id,
                relation=stated.relation,
                other=stated.event,
                confidence=stated.confidence,
                message="contradicts the dates and what is stated with more confidence",
            )
            if other not in events:
                message = "names an event that is not there"
                problems.append(msgspec.structs.replace(dropped, message=message))
            elif other in places:
                pair = (places[key], places[other])
                earlier, later = pair if stated.relation == "before" else pair[::-1]
                found.append(_Edge(earlier, later, stated.confidence, dropped))
    found.sort(key=lambda e: (-e.confidence, e.earlier, e.later, _identity(e.dropped)))
    return found


def _following(
    item: int,
    keys: list[_Key],
    done: SortedOrder,
    places: Mapping[int, int],
    confidences: Mapping[tuple[int, int], float],
) -> tuple[tuple[Following, ...], bool]:
    """What comes directly after an event, in the order of the timeline."""
    by_dates, stated, complete = done.direct(item, most=MOST_BY_DATES)
    confidence_of = {
        **dict.fromkeys(by_dates, 1.0),
        **{later: confidences[item, later] for later in stated},
    }
    only_stated = set(stated)
    following = tuple(
        Following(
            article=keys[later][0],
            event=keys[later][1],
            kind="stated" if later in only_stated else "dates",
            confidence=confidence_of[later],
        )
        for later in sorted(confidence_of, key=places.__getitem__)
    )
    return following, complete


def _participants(
    event: EventRecord, entities: Mapping[_Key, EntityRecord]
) -> tuple[Participant, ...]:
    return tuple(
        Participant(
            name=entity.name if entity else participant.text,
            role=participant.role,
            entity=participant.entity,
        )
        for participant in event.participants
        for entity in [_linked(entities, event, participant.entity)]
    )
