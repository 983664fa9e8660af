"""What a timeline is made of: one line an event, and one for each thing that was left out."""

from __future__ import annotations

from typing import Literal

import msgspec

from ..records import EventStatus, ParticipantRole, Polarity, Precision, Relation

OrderKind = Literal["dates", "stated"]


class Following(msgspec.Struct, frozen=True, kw_only=True):
    """An event that comes directly after another.

    `kind` is "dates" when the one's last day is before the other's first (certain, `confidence` 1),
    "stated" when only the text says so.
    """

    article: str
    event: str
    kind: OrderKind
    confidence: float


class Participant(msgspec.Struct, frozen=True, kw_only=True):
    """Who takes part in an event: the entity's fullest name, or the words of the text."""

    name: str
    role: ParticipantRole
    entity: str | None


class Entry(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="event"):
    """One event of a timeline.

    Attributes:
        article: id of its article; with `event`, the id of its record, the key of the entry.
        start, end: its clause, code points of the article file.
        text: the clause as read.
        trigger: the word that names the event.
        value, earliest, latest: its date as in the event record; null where open.
        precision: that of the date record, null when the record is not there.
        expression: the date's words.
        source: id of the quote when the event is only someone's word, else null.
        speaker: who says so, when the quote's speaker is known.
        level: length of the longest chain of events before it, 0 for the first ones.
        before: the events that come directly after it: those that it is before and no other event
            of the timeline is between. All further order follows from these.
        complete: False when more events follow directly by their dates than `before` lists.
    """

    article: str
    event: str
    start: int
    end: int
    text: str
    trigger: str
    value: str
    earliest: str | None
    latest: str | None
    precision: Precision | None
    expression: str
    participants: tuple[Participant, ...]
    polarity: Polarity
    status: EventStatus
    source: str | None
    speaker: str | None
    confidence: float
    level: int
    before: tuple[Following, ...]
    complete: bool


class Dropped(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="problem"):
    """Something that the records say and the timeline cannot use.

    For a stated order, `event` is the one that has it, `relation`, `other` and `confidence` are the
    record's; for anything else these are null.
    """

    article: str
    event: str
    relation: Relation | None = None
    other: str | None = None
    confidence: float | None = None
    message: str


class Timeline(msgspec.Struct, frozen=True, kw_only=True):
    """Events in an order that respects all that is certain and all stated order but `problems`.

    Attributes:
        entries: the events; where nothing is known of the order of two, the one with the earlier
            date comes first, then the one that stands first in its article.
        problems: what was left out, by article and event.
    """

    entries: tuple[Entry, ...]
    problems: tuple[Dropped, ...]
