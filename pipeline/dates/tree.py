"""What a date expression says, before any calendar is asked: the tree that the grammar builds.

The tree is what the words mean ("the month before this one"), so the same tree can be given a
value again under another anchor. `normalise` does so.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from .calendar import Unit

Third = Literal["start", "mid", "end"]
BoundKind = Literal["since", "after", "from", "until", "by", "before", "through"]
Quantity = tuple[float | None, str]
"""How many of which unit; None is an unknown number ("several years")."""


class Node(msgspec.Struct, frozen=True):
    """A node of the tree."""


class Calendar(Node, frozen=True, kw_only=True):
    """Fields of a calendar date, as many as the text gives: "21 September", "June 2005", "Friday".

    Attributes:
        year: astronomical year, or its last two digits when `short`.
        short: only two digits were written ("’92").
        month: 1 to 12.
        day: day of the month.
        weekday: 0 (Monday) to 6.
        season: 0 (spring) to 3 (winter).
        other: what the first number would be if month and day were the other way round (7/8/07).
    """

    year: int | None = None
    short: bool = False
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    season: int | None = None
    other: bool = False


class Years(Node, frozen=True):
    """A decade or a century by its number; `short` decades lack their century ("the nineties")."""

    unit: Literal["decade", "century"]
    number: int
    short: bool = False


class Relative(Node, frozen=True):
    """A period counted from the one that holds the anchor: "last year" is (year, -1).

    `narrative` ones count from the time the passage is talking about: "the following year"; None
    leaves it to the passage: "the end of the year".
    """

    unit: Unit
    shift: int
    narrative: bool | None = False


class Then(Node, frozen=True):
    """The time the passage is talking about: "since then", "at that time"."""


class Writing(Node, frozen=True):
    """The day of the writing: "the time of writing", the present in "2013 to present"."""


class Directed(Node, frozen=True):
    """The n-th month, weekday, season or named day before or after the anchor: "last June"."""

    shift: int
    target: Node
    narrative: bool = False


class Shifted(Node, frozen=True):
    """A time away from the anchor or from another date: "two years ago", "a day before Easter"."""

    amount: float | None
    unit: str
    sign: Literal[-1, 1]
    narrative: bool = False
    base: Node | None = None


class Length(Node, frozen=True):
    """A duration; `most` is the upper end when the text gives a range."""

    least: tuple[Quantity, ...]
    most: tuple[Quantity, ...] = ()


class Ahead(Node, frozen=True):
    """What "in two years" says: a time ahead where the clause looks ahead, else a length."""

    length: Length


class Piece(Node, frozen=True):
    """Early, mid or late in a period, or (`edge`) its very beginning, middle or end."""

    which: Third
    whole: Node
    edge: bool = False


class Turn(Node, frozen=True):
    """The turn of the century or of the year: the nearest one to the anchor."""

    unit: Literal["year", "century"]


class Nth(Node, frozen=True):
    """The n-th unit inside a period; -1 is the last. "the first six months of this year".

    With a `weekday` (0 is Monday) the days of that name are counted: "the first Monday of May".
    """

    ordinal: int
    unit: Unit
    whole: Node | None
    count: int = 1
    weekday: int | None = None


class Named(Node, frozen=True):
    """A day or period with a name, or the weekend at it; `key` is its row's number.

    The rows are those of `dates_named.jsonl`.
    """

    key: int
    year: Node | None = None
    weekend: bool = False


class Clock(Node, frozen=True, kw_only=True):
    """A time of day, on a day when the text gives one. `zone` is "Z", "+02:00" or ""."""

    hour: int
    minute: int = 0
    second: int | None = None
    zone: str = ""
    day: Node | None = None
    part: str = ""
    twelve: bool = False


class DayPart(Node, frozen=True):
    """A part of a day: `part` is MO, MI, AF, EV or NI."""

    part: str
    day: Node | None


class Interval(Node, frozen=True):
    """From one date to another."""

    first: Node
    last: Node


class Bounded(Node, frozen=True):
    """A date with a preposition that opens one end: "since 2001"."""

    bound: BoundKind
    inner: Node


class About(Node, frozen=True):
    """An approximate date."""

    inner: Node


class Stretch(Node, frozen=True):
    """A length that ends (-1) or begins (1) at the anchor: "the last 20 years".

    With an `end` it closes with that date: "the 12 months to August".
    """

    amount: float | None
    unit: str
    sign: Literal[-1, 1]
    end: Node | None = None


class Repeated(Node, frozen=True):
    """A recurring time, by its period in ISO 8601 ("P1W")."""

    period: str


class Vague(Node, frozen=True):
    """Past, present or future and no more: `reference` is PAST_REF, PRESENT_REF or FUTURE_REF."""

    reference: str
