"""What the page's script knows of records: their fields, what they are about, where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Any, NamedTuple

import msgspec

from ...records import (
    ArticleRecord,
    DateRecord,
    DateRef,
    EntityRecord,
    EventRecord,
    PredictionRecord,
    ProblemRecord,
    QuoteRecord,
    Record,
)
from ...timeline.intervals import ALWAYS, interval_of
from ..templating import shown
from .marks import ROLES, Mark, marks_of
from .names import Linked
from .texts import Text


class Told(NamedTuple):
    """A record in one line: what it says, and the rest in short."""

    headline: str
    more: str


def kind_of(record: Record) -> str:
    """The record's kind, as in its JSON."""
    return str(type(record).__struct_config__.tag)


def tell(record: Record) -> Told:
    """A record in one line."""
    match record:
        case ArticleRecord():
            return Told(record.title or record.article, "")
        case EntityRecord():
            return Told(record.name, "; ".join((record.type, *record.roles[:2])))
        case DateRecord():
            return Told(record.text, record.value)
        case EventRecord():
            verb = record.trigger.text
            what = f"not {verb}" if record.polarity == "negative" else verb
            who = [participant.text for participant in record.participants]
            return Told(": ".join((what, record.text)), " · ".join((record.date.value, *who)))
        case PredictionRecord():
            odds = record.likelihood
            percent = "" if odds.low is None else f" {odds.low:.3g}–{odds.high:.3g} %"
            holder = record.holder.name or record.holder.text or record.holder.kind
            due = f" · {record.horizon.value}" if record.horizon else ""
            return Told(record.proposition.text, f"{odds.level}{percent} · {holder}{due}")
        case QuoteRecord():
            content = " … ".join(span.text for span in record.content)
            return Told(content, record.speaker.name if record.speaker else "no speaker")
        case ProblemRecord():
            return Told(record.message, f"{record.stage}, {record.severity}")


def record_data(number: int, record: Record, anchor: str, linked: Linked) -> dict[str, Any]:
    """A record for the script.

    Args:
        number: of its article.
        record: the record.
        anchor: what follows "#" in a link to it, percent-encoded.
        linked: whom it has to do with.
    """
    told = tell(record)
    fields = _plain(msgspec.to_builtins(record))
    for name in ("kind", "article"):
        del fields[name]
    data = {
        "a": number,
        "k": kind_of(record),
        "x": anchor,
        "h": shown(told.headline),
        "w": shown(told.more),
        "r": fields,
    }
    if linked.entities:
        data["e"] = linked.entities
    if linked.speaker is not None:
        data["s"] = linked.speaker
    days = _days(record)
    if days:
        data["d"] = days
    return data


def _plain(value: Any) -> Any:
    """JSON in which no text holds a control character or changes the direction of reading."""
    match value:
        case str():
            return shown(value)
        case dict():
            return {shown(key): _plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
    return value


def _days(record: Record) -> list[int | None] | None:
    """First and last day of its date or horizon, as numbers, null where open; None without one."""
    date: DateRecord | DateRef | None
    match record:
        case DateRecord():
            date = record
        case EventRecord() | QuoteRecord():
            date = record.date
        case PredictionRecord():
            date = record.horizon
        case _:
            date = None
    if date is None:
        return None
    try:
        interval = interval_of(date.earliest, date.latest)
    except ValueError:
        interval = ALWAYS
    if interval == ALWAYS:
        return None
    return [None if abs(day) == inf else int(day) for day in interval]


def article_data(head: ArticleRecord | None, name: str) -> dict[str, Any]:
    """An article for the script."""
    return {
        "title": shown(title_of(head, name)),
        "r": {} if head is None else _plain(msgspec.to_builtins(head)),
    }


def title_of(head: ArticleRecord | None, name: str) -> str:
    """The article's title, or its id."""
    return (head.title if head else None) or name


def text_data(text: Text, records: Sequence[tuple[int, Record]]) -> dict[str, Any]:
    """The text of an article for the script.

    Args:
        text: the text.
        records: the records of the article with their numbers on the page.

    Returns:
        `m`: the marks, each as number of the record, number of the role, start and end in the file.
        `p`: the paragraphs, each as section and runs; a run as text and the numbers of its marks.
        `whole`: whether that is all of the article.
    """
    marks: list[Mark] = []
    table = []
    for number, record in records:
        for mark in marks_of(record):
            marks.append(mark)
            table.append([number, ROLES.index(mark.role), mark.start, mark.end])
    runs = text.runs(marks)
    return {
        "whole": text.whole,
        "m": table,
        "p": [
            [paragraph.section, [[shown(run.text), *run.marks] for run in cut]]
            for paragraph, cut in zip(text.paragraphs, runs, strict=True)
        ],
    }
