"""Recognition: typed atoms → expressions, each with the tree of what it says.

A small recursive-descent grammar over the types of `words`. The scan goes from seed to seed (a
word that can make an expression of time); around each it takes the stretch of atoms that mean
something to it, and from the left end of that stretch on the longest expression that parses. A
stretch is at most `MAX_REACH` atoms long on the left and no rule looks further than a fixed number
of atoms ahead, so the whole is linear in the text. Neither tags nor a parse are asked: what they
could add is a tie-breaker, and the stage must run on a blank pipeline.

The rules read from the top: `expression` → bounds, ranges, points, lengths, recurrences; a point is
a calendar date, a relative one, a part of one, a time of day.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .tree import (
    About,
    BoundKind,
    Bounded,
    Calendar,
    Clock,
    DayPart,
    Directed,
    Interval,
    Length,
    Named,
    Nth,
    Node,
    Piece,
    Quantity,
    Relative,
    Repeated,
    Shifted,
    Stretch,
    Then,
    Third,
    Vague,
    Years,
)
from .calendar import Unit
from .words import Atoms, Senses, vocabulary

MAX_REACH = 14
"""Atoms to the left of a seed at which its expression may begin."""

Parsed = tuple[Node, int] | None
"""A tree and the position after it."""

_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?(Z|[+-]\d\d:?\d\d)?)?"
)
_CALENDAR_UNITS: dict[str, Unit] = {
    "day": "day",
    "week": "week",
    "weekend": "weekend",
    "month": "month",
    "quarter": "quarter",
    "year": "year",
    "decade": "decade",
    "century": "century",
}
_BEFORE_RATE = frozenset({"TIMES", "UNITS", "SCALE", "SCALES"})
_ADDRESS = 200
_FIRST_YEAR, _LAST_YEAR = 1000, 2199
_COMMON_YEARS = range(1800, 2060)


class Expression(NamedTuple):
    """An expression: offsets in the text, positions of its atoms, and its tree."""

    start: int
    end: int
    first: int
    after: int
    tree: Node


def find_expressions(text: str, atoms: Atoms) -> list[Expression]:
    """Every expression of time in a text, in order, none overlapping."""
    grammar = _Grammar(atoms)
    found: list[Expression] = []
    free = 0
    for seed in atoms.seeds:
        if seed < free:
            continue
        left = seed
        while left > free and seed - left < MAX_REACH and grammar.extends(left - 1):
            left -= 1
        for begin in range(left, seed + 1):
            parsed = grammar.expression(begin)
            if parsed is not None and parsed[1] > seed and grammar.stands_free(begin, parsed[1]):
                if isinstance(parsed[0], Vague):
                    begin, parsed = grammar.instead_of_vague(begin, parsed)
                node, after = parsed
                start, end = atoms.start[begin], atoms.end[after - 1]
                found.append(Expression(start, end, begin, after, node))
                free = after
                break
    return found


class _Grammar:
    """The rules; every method takes the position of an atom and looks from there."""

    def __init__(self, atoms: Atoms) -> None:
        self.atoms = atoms
        self.text = atoms.text
        self.low = atoms.low
        self.start = atoms.start
        self.end = atoms.end
        self.kind = atoms.kind
        self.senses: list[Senses] = atoms.senses
        self.forms = vocabulary().forms
        # What `point` and `date` found at a position: several rules ask for the same.
        self.points: dict[int, Parsed] = {}
        self.dates: dict[int, Parsed] = {}

    # -- what an atom is ---------------------------------------------------------------------

    def has(self, at: int, *types: str) -> bool:
        senses = self.senses[at]
        if senses:
            for kind in types:
                if kind in senses:
                    return True
        return False

    def value(self, at: int, kind: str) -> int | str | None:
        return self.senses[at].get(kind)

    def text_of(self, at: int) -> str:
        return self.text[self.start[at] : self.end[at]]

    def glued(self, at: int) -> bool:
        """Whether the atom touches the next one."""
        return self.end[at] == self.start[at + 1]

    def capital(self, at: int) -> bool:
        first = self.text[self.start[at] : self.start[at] + 1]
        return first.isupper()

    def extends(self, at: int) -> bool:
        """Whether an expression may run over this atom to the left of a seed."""
        return (
            bool(self.senses[at])
            or self.kind[at] in ("number", "clock", "slash", "iso")
            or self.low[at] in (",", "-", "'", ".", "(")
        )

    def stands_free(self, begin: int, after: int) -> bool:
        """Whether the expression is no part of an address, an amount of money or a code."""
        left, right = self.start[begin], self.end[after - 1]
        if self.in_address(left):
            return False
        before = self.text[left - 1 : left] if left else ""
        behind = self.text[right : right + 1]
        digits = self.kind[begin] not in ("word", "mark")
        if before and (before in "@\\_=&#$£€¥" or (before in "/.-+" and digits)) or (
            digits and before.isalnum()
        ):
            # "post-2014" is parsed with its prefix; "F-16", "v.2004" and "page/2004" stay out.
            return before == "-" and begin > 0 and not self.glued_word(begin - 1)
        if behind and (behind in "@\\_=%°" or (behind == "/" and digits)):
            return False
        follows = self.text[right + 1 : right + 2]
        return not (behind == "." and follows.isalnum() and digits and follows.islower())

    def in_address(self, offset: int) -> bool:
        """Whether the characters around belong to a web or mail address."""
        low = max(0, offset - _ADDRESS)
        begin = max(self.text.rfind(" ", low, offset), self.text.rfind("\n", low, offset))
        chunk = self.text[max(begin, low) : offset + 1]
        return "://" in chunk or "www." in chunk or "@" in chunk

    def glued_word(self, dash: int) -> bool:
        return dash > 0 and self.glued(dash - 1) and self.kind[dash - 1] in ("word", "number")

    # -- numbers -----------------------------------------------------------------------------

    def integer(self, at: int) -> int | None:
        """Plain digits, no thousands separator."""
        word = self.low[at]
        if self.kind[at] == "number" and len(word) <= 4 and "," not in word and word.isascii():
            return int(word)
        return None

    def number(self, at: int) -> tuple[float, int] | None:
        """A number in digits or words: 2.5, twenty-two, three hundred, 2 million."""
        value: float
        if self.kind[at] == "number":
            digits = self.low[at].replace(",", "")
            if len(digits) > 12 or not digits.isascii():
                return None
            value, after = float(digits), at + 1
            if (
                self.low[after] == "."
                and self.glued(at)
                and self.glued(after)
                and self.kind[after + 1] == "number"
                and len(self.low[after + 1]) < 4
            ):
                value, after = float(f"{digits}.{self.low[after + 1]}"), after + 2
        else:
            tens = self.value(at, "NUMBER")
            if not isinstance(tens, int):
                return None
            value, after = float(tens), at + 1
            if tens >= 20:
                units = after + 1 if self.low[after] == "-" else after
                more = self.value(units, "NUMBER")
                if isinstance(more, int) and more < 10:
                    value, after = float(tens + more), units + 1
        scale = self.value(after, "SCALE")
        while isinstance(scale, int):
            value, after = value * scale, after + 1
            scale = self.value(after, "SCALE")
        return value, after

    def ordinal(self, at: int) -> tuple[int, int] | None:
        """An ordinal: 17th, first, twenty-first."""
        if self.kind[at] == "number" and self.glued(at) and self.has(at + 1, "SUFFIX"):
            value = self.integer(at)
            return None if value is None else (value, at + 2)
        value_or_none = self.value(at, "ORDINAL")
        if isinstance(value_or_none, int):
            return value_or_none, at + 1
        tens = self.value(at, "NUMBER")
        if isinstance(tens, int) and tens in (20, 30):
            units = at + 2 if self.low[at + 1] == "-" else at + 1
            last = self.value(units, "ORDINAL")
            if isinstance(last, int) and last < 10:
                return tens + last, units + 1
        return None

    def day_of_month(self, at: int) -> tuple[int, int] | None:
        """1 to 31 in digits, with or without "th", or an ordinal in words."""
        found = self.ordinal(at)
        if found is None:
            value = self.integer(at)
            if value is None or len(self.low[at]) > 2:
                return None
            # A decimal, a clock or a larger number is no day.
            if self.low[at + 1] in (".", ",") and self.glued(at) and self.glued(at + 1):
                if self.kind[at + 2] == "number" and len(self.low[at + 2]) != 4:
                    return None
            found = value, at + 1
        return found if 1 <= found[0] <= 31 else None

    def year(self, at: int) -> tuple[Calendar, int] | None:
        """Four digits; ’92 (two after an apostrophe); 480 BC; AD 842."""
        value = self.integer(at)
        if value is not None and value > 0:
            era = self.era(at + 1)
            if era is not None:
                sign, after = era
                return Calendar(year=value if sign > 0 else 1 - value), after
            if len(self.low[at]) == 4 and _FIRST_YEAR <= value <= _LAST_YEAR:
                return Calendar(year=value), at + 1
            return None
        if self.low[at] == "'" and self.glued(at) and len(self.low[at + 1]) == 2:
            value = self.integer(at + 1)
            if value is not None and not (self.glued(at + 1) and self.kind[at + 2] == "word"):
                return Calendar(year=value, short=True), at + 2
        if self.value(at, "ERA") == 1:
            value = self.integer(at + 1)
            if value is not None and self.text_of(at).isupper() and value > 0:
                return Calendar(year=value), at + 2
        return None

    def era(self, at: int) -> tuple[int, int] | None:
        """BC, B.C., BCE, AD, A.D., C.E. with its sign."""
        sign = self.value(at, "ERA")
        if isinstance(sign, int) and self.text_of(at).isupper():
            return sign, at + 1
        if self.low[at + 1] == "." and self.glued(at) and self.capital(at):
            letters = self.low[at] + self.low[at + 2]
            known = {"bc": -1, "ad": 1, "ce": 1}.get(letters)
            if known is not None and self.glued(at + 1):
                after = at + 3
                if self.low[after] == ".":
                    after += 1
                return known, after
        return None

    # -- names of months and days --------------------------------------------------------------

    def month(self, at: int) -> tuple[int, int] | None:
        """A month by name with its full stop; guards against may, march and first names."""
        value = self.value(at, "MONTH")
        if not isinstance(value, int):
            return None
        after = at + 1
        form = self.forms.get((self.low[at], "MONTH"))
        if form is None:
            return value, after
        if not self.capital(at):
            return None
        if form == "abbreviation":
            if self.low[after] == "." and self.glued(at):
                return value, after + 1
            beside = self.day_of_month(after) or self.year(after) or self.day_before(at)
            return (value, after) if beside else None
        if self.month_in_context(at, form):
            return value, after
        return None

    def day_before(self, at: int) -> bool:
        return at > 0 and (
            self.kind[at - 1] == "number" or self.has(at - 1, "ORDINAL", "SUFFIX", "OF")
        )

    def month_in_context(self, at: int, form: str) -> bool:
        """Whether "May" or "April" is the month: a number beside it, or words that call for one."""
        if self.day_of_month(at + 1) or self.year(at + 1) or self.day_before(at):
            return True
        if self.low[at + 1] == "," and self.year(at + 2):
            return True
        if self.has(at + 1, "RANGE", "AND") and self.has(at + 2, "MONTH"):
            return True
        if self.low[at + 1] == "-" and self.has(at + 2, "MONTH"):
            return True
        if self.has(at + 1, "DIRECTION") and self.has(at + 2, "UNIT"):
            return True
        if at == 0:
            return form == "capital"
        if self.has(at - 1, "AND", "RANGE") and at > 1 and self.has(at - 2, "MONTH"):
            return True
        named = self.kind[at + 1] == "word" and self.capital(at + 1)
        if self.has(at - 1, "IN", "OF", "BOUND", "DIRECTION", "MODIFIER", "EVERY", "LATER"):
            return not (named and not self.has(at + 1, "WEEKDAY"))
        if self.low[at - 1] == "-" and self.has(at - 2, "MODIFIER", "MONTH"):
            return True
        if self.has(at - 1, "DETERMINER"):
            return not named
        return form == "capital" and not named and not self.capital_before(at)

    def capital_before(self, at: int) -> bool:
        return at > 0 and self.kind[at - 1] == "word" and self.capital(at - 1)

    def weekday(self, at: int) -> tuple[int, int] | None:
        value = self.value(at, "WEEKDAY")
        if not isinstance(value, int):
            return None
        if self.forms.get((self.low[at], "WEEKDAY")) is None:
            return value, at + 1
        if not self.capital(at):
            return None
        if self.low[at + 1] == "." and self.glued(at):
            return value, at + 2
        comma = at + 2 if self.low[at + 1] == "," else at + 1
        if self.month(comma) or (self.day_of_month(comma) and self.month(comma + 1)):
            return value, at + 1
        return None

    def season(self, at: int) -> tuple[int, int] | None:
        value = self.value(at, "SEASON")
        return (value, at + 1) if isinstance(value, int) else None

    # -- the top -----------------------------------------------------------------------------

    def expression(self, at: int) -> Parsed:
        """The longest expression that begins here."""
        best: Parsed = None
        for rule in (self.bounded, self.interval, self.about, self.recurrence, self.length):
            parsed = rule(at)
            if parsed is not None and (best is None or parsed[1] > best[1]):
                best = parsed
        return best or self.vague(at)

    def about(self, at: int) -> Parsed:
        """A point, or words of approximation before one."""
        after = at
        while self.has(after, "APPROXIMATE", "SLACK") and after - at < 3:
            after += 1
        if self.low[at] == "c" and self.low[at + 1] == "." and self.glued(at):
            year = self.interval(at + 2) or self.year(at + 2)
            return None if year is None else (About(year[0]), year[1])
        if after == at:
            return self.point(at)
        point = self.point(at) or self.point(after)
        if point is None:
            return None
        rough = self.has(after - 1, "APPROXIMATE") and not isinstance(point[0], Vague)
        return (About(point[0]), point[1]) if rough else point

    def bounded(self, at: int) -> Parsed:
        """since 2001, by the end of June, until at least 2007, post-2014, as of Friday."""
        bound = self.value(at, "BOUND")
        after = at + 1
        if not isinstance(bound, str):
            return None
        if self.low[at] in ("post", "pre"):
            if self.low[after] != "-":
                return None
            after += 1
        if bound in ("until", "by", "before", "after", "since"):
            while self.has(after, "SLACK", "APPROXIMATE", "BOUND") and after - at < 4:
                after += 1
            if self.has(after, "IN") and not self.has(after, "BOUND"):
                after += 1
        inner = self.interval(after) or self.point(after) or self.then(after)
        if inner is None and self.low[after] == "the":
            inner = self.point(after + 1)
        if inner is None:
            return None
        node, end = inner
        if isinstance(node, Interval) and bound in ("by", "until", "before"):
            node = node.last
        if isinstance(node, Interval | Vague | Repeated):
            return None
        if bound in ("before", "after"):
            if isinstance(node, Clock | DayPart):
                # "shortly before noon" is about noon, "before dawn on Monday" on Monday.
                return About(node), end
            if self.low[after] == "the" and isinstance(node, Calendar) and node.month is None:
                # "before the 2014 protests" bounds the protests, not the year.
                return None
        if bound == "from" and not self.opens(node):
            return None
        if bound == "through" and not isinstance(node, Calendar | Piece):
            return None
        kind: BoundKind = bound  # type: ignore[assignment]
        return Bounded(kind, node), end

    def then(self, at: int) -> Parsed:
        """then, that time, that point, now: what only a preposition makes a date of."""
        if self.low[at] == "then":
            return Then(), at + 1
        if self.low[at] == "now" and at and self.low[at - 1] in ("until", "till"):
            return Relative("day", 0), at + 1
        parsed = self.vague(at)
        return parsed if parsed is not None and isinstance(parsed[0], Then) else None

    def opens(self, node: Node) -> bool:
        """Whether "from" before it says when something starts rather than where it comes from."""
        return isinstance(node, Calendar) and (
            node.month is not None and (node.year is not None or node.day is not None)
        )

    def interval(self, at: int) -> Parsed:
        """2004 to 2009, between March 1962 and May 1969, January 23 - March 9 2014, May 15 and 19."""
        between = self.low[at] in ("between", "from")
        begin = at + 1 if between else at
        clocks = self.clock_interval(begin)
        if clocks is not None:
            return clocks
        days = self.day_interval(begin) or self.ancient_interval(begin)
        if days is not None:
            return days
        first = self.point(begin)
        if first is None:
            return None
        node, middle = first
        if isinstance(node, Vague | Shifted):
            return None
        if self.low[middle] == ",":
            middle += 1
        joined = self.low[middle]
        if joined == "-" or self.has(middle, "RANGE"):
            second = self.end_of_interval(node, middle + 1)
        elif joined == "and" and self.low[at] == "between":
            second = self.end_of_interval(node, middle + 1)
        elif joined in ("and", "or"):
            second = self.end_of_interval(node, middle + 1)
            if second is not None and not self.adjacent(node, second[0]):
                return None
        else:
            return None
        if second is None or isinstance(second[0], Vague):
            return None
        last, after = second
        if (
            isinstance(node, Calendar)
            and isinstance(last, Calendar)
            and node.year is None
            and last.year is not None
            and node.weekday is None
        ):
            node = _with_year(node, last)
        if isinstance(node, Calendar) and isinstance(last, Directed) and node.year is None:
            if not isinstance(last.target, Nth):
                return None
            node = Directed(last.shift, Nth(0, "year", node), last.narrative)
        elif isinstance(node, Calendar) and isinstance(last, Relative) and last.unit != "day":
            return None
        elif isinstance(node, Relative | Directed) and joined == "-":
            return None
        return Interval(node, last), after

    def end_of_interval(self, first: Node, at: int) -> Parsed:
        """The other end, which may leave out what the first has said: 2008-09, 1968-9."""
        if isinstance(first, Calendar) and first.year is not None and first.month is None:
            value = self.integer(at)
            if value is not None and len(self.low[at]) == 2 and self.low[at - 1] == "-":
                year = first.year - first.year % 100 + value
                return (Calendar(year=year), at + 1) if year > first.year else None
        if isinstance(first, Calendar) and first.year is not None:
            if self.low[at] in ("present", "now", "today"):
                return Relative("day", 0), at + 1
        return self.point(at)

    def adjacent(self, first: Node, last: Node) -> bool:
        """Whether "A and B" are neighbours, which makes them one stretch of time."""
        if isinstance(last, Directed) and isinstance(last.target, Nth):
            last = last.target.whole or last
        if isinstance(first, Calendar) and isinstance(last, Calendar):
            a, b = first, last
            if a.month and b.month and not a.day and not b.day and not a.year:
                return (b.month - a.month) % 12 == 1
            if a.weekday is not None and b.weekday is not None and not (a.day or b.day):
                return (b.weekday - a.weekday) % 7 == 1
            if a.year and b.year and not (a.month or b.month or a.season or b.season):
                return b.year - a.year == 1
            return False
        return False

    def day_interval(self, at: int) -> Parsed:
        """March 14-15, 5 to 26 August, 23 and 25 September 2011."""
        month = self.month(at)
        if month is not None:
            first = self.day_of_month(month[1])
            if first is None or not self.joins(first[1]):
                return None
            last = self.day_of_month(first[1] + 1)
            if last is None or last[0] <= first[0] or self.month(last[1]) or self.counts(last[1]):
                return None
            name, after = month[0], last[1]
        else:
            first = self.day_of_month(at)
            if first is None or not self.joins(first[1]):
                return None
            last = self.day_of_month(first[1] + 1)
            if last is None:
                return None
            month = self.month(last[1])
            if month is None:
                return None
            name, after = month
        year, after = self.year_after(after)
        if year is None:
            year = Calendar()
        begin = Calendar(year=year.year, short=year.short, month=name, day=first[0])
        end = Calendar(year=year.year, short=year.short, month=name, day=last[0])
        return Interval(begin, end), after

    def ancient_interval(self, at: int) -> Parsed:
        """499-493 BC, the 15th to the 19th century: the second end says what the first is."""
        value = self.integer(at)
        if value is not None and self.joins(at + 1):
            last = self.year(at + 2)
            if last is not None and last[1] > at + 3 and last[0].year is not None:
                ancient = last[0].year <= 0
                return Interval(Calendar(year=1 - value if ancient else value), last[0]), last[1]
        ordinal = self.ordinal(self.article(at))
        if ordinal is not None and self.joins(ordinal[1]):
            century = self.years(ordinal[1] + 1)
            if century is not None and isinstance(century[0], Years) and 1 <= ordinal[0] < 31:
                if century[0].unit == "century" and century[0].number >= ordinal[0]:
                    return Interval(Years("century", ordinal[0] - 1), century[0]), century[1]
        return None

    def joins(self, at: int) -> bool:
        return self.low[at] == "-" or self.has(at, "RANGE", "AND")

    def counts(self, at: int) -> bool:
        """Whether what follows a number makes it a count of something."""
        return self.has(at, "UNITS", "SCALE") or self.low[at] in ("%", "percent")

    # -- points ------------------------------------------------------------------------------

    def point(self, at: int) -> Parsed:
        """A date or a time of day, with what narrows it: part of the day, clock, year."""
        if at not in self.points:
            self.points[at] = self.new_point(at)
        return self.points[at]

    def new_point(self, at: int) -> Parsed:
        clock = self.clock(at)
        if clock is not None:
            return self.clock_with_day(*clock)
        part = self.part_of_day(at)
        if part is not None:
            return part
        date = self.date(at)
        if date is None:
            return None
        return self.narrowed(*date)

    def narrowed(self, node: Node, after: int) -> tuple[Node, int]:
        """Friday **night**, May 3, **10:30 UTC**, Tuesday **at 3 p.m.**, March 11 **this year**."""
        part = self.value(after, "PART")
        if isinstance(part, str) and self.is_day(node):
            return DayPart(part, node), after + 1
        comma = after + 1 if self.low[after] == "," else after
        if self.has(comma, "IN") and self.low[comma] == "at":
            comma += 1
        if self.is_day(node):
            clock = self.clock(comma)
            if clock is not None and isinstance(clock[0], Clock):
                found, end = clock
                return self.set_day(found, node), end
        return node, after

    def set_day(self, clock: Clock, day: Node) -> Clock:
        return Clock(
            hour=clock.hour,
            minute=clock.minute,
            second=clock.second,
            zone=clock.zone,
            day=day,
            part=clock.part,
            twelve=clock.twelve,
        )

    def is_day(self, node: Node) -> bool:
        """Whether the node names a day."""
        if isinstance(node, Calendar):
            return node.day is not None or node.weekday is not None
        if isinstance(node, Relative):
            return node.unit == "day"
        if isinstance(node, Directed):
            return self.is_day(node.target)
        return isinstance(node, Named)

    def date(self, at: int) -> Parsed:
        """A date without a time of day: the longest of all kinds."""
        if at not in self.dates:
            self.dates[at] = self.new_date(at)
        return self.dates[at]

    def new_date(self, at: int) -> Parsed:
        best: Parsed = None
        for rule in (
            self.calendar,
            self.years,
            self.relative,
            self.named,
            self.piece,
            self.nth,
            self.shifted,
        ):
            parsed = rule(at)
            if parsed is not None and (best is None or parsed[1] > best[1]):
                best = parsed
        return best

    def article(self, at: int) -> int:
        return at + 1 if self.low[at] == "the" else at

    def calendar(self, at: int) -> Parsed:
        """Fields of the calendar: weekday, day, month, year, season, in all their orders."""
        if self.kind[at] == "iso":
            return self.iso(at)
        if self.kind[at] == "slash":
            return self.slashed(at)
        weekday = self.weekday(at)
        if weekday is not None:
            comma = weekday[1]
            while self.low[comma] in (",", "(") and comma - weekday[1] < 2:
                comma += 1
            parsed = self.day_and_month(comma)
            if parsed is not None and isinstance(parsed[0], Calendar) and parsed[0].day:
                return parsed
            if self.low[weekday[1]] == "week":
                return Directed(2, Calendar(weekday=weekday[0])), weekday[1] + 1
            return Calendar(weekday=weekday[0]), weekday[1]
        if self.low[at] == "the":
            weekday = self.weekday(at + 1)
            if weekday is not None:
                return Directed(-1, Calendar(weekday=weekday[0]), True), weekday[1]
        return self.day_and_month(at) or self.season_date(at) or self.bare_year(at)

    def iso(self, at: int) -> Parsed:
        match = _ISO.fullmatch(self.low[at])
        if match is None:
            return None
        year, month, day = (int(group) for group in match.groups()[:3])
        if not (1 <= month <= 12 and 1 <= day <= 31):
            return None
        date = Calendar(year=year, month=month, day=day)
        if match[4] is None:
            return date, at + 1
        second = int(match[6]) if match[6] else None
        clock = Clock(
            hour=int(match[4]), minute=int(match[5]), second=second, zone=match[7] or "", day=date
        )
        return (clock, at + 1) if clock.hour < 24 and clock.minute < 60 else None

    def slashed(self, at: int) -> Parsed:
        """19/11/2004, 7/8/07, 2004/11/19; which number is the month is told by its size."""
        first, second, third = self.low[at].split("/")
        if len(first) == 4:
            year, month, day, other = int(first), int(second), int(third), False
        elif len(first) <= 2 and len(third) in (2, 4):
            year, month, day = int(third), int(first), int(second)
            other = month <= 12 and day <= 12 and month != day
            if month > 12:
                month, day = day, month
        else:
            return None
        if not (1 <= month <= 12 and 1 <= day <= 31):
            return None
        short = len(third) == 2 and len(first) != 4
        return Calendar(year=year, short=short, month=month, day=day, other=other), at + 1

    def day_and_month(self, at: int) -> Parsed:
        """September 21, 2004; 21 September; the 17th of October; May 2004; March of this year."""
        month = self.month(at)
        if month is not None:
            name, after = month
            day = self.day_of_month(after)
            if day is not None and not self.counts(day[1]):
                # "June 2015" has no day; "May 15-year-olds" has none either.
                number, after = day
                year, after = self.year_after(after)
                return self.in_year(Calendar(month=name, day=number), year, after)
            year, after = self.year_after(after, of=True)
            return self.in_year(Calendar(month=name), year, after)
        begin = self.article(at)
        if self.low[begin] == "month" and self.low[begin + 1] == "of":
            return self.day_and_month(begin + 2)
        day = self.day_of_month(begin)
        if day is not None:
            number, after = day
            if self.low[after] == "(" and self.low[after + 3] == ")":
                after += 4
            if self.low[after] == "of":
                after += 1
                if self.low[self.article(after)] == "month" and self.low[after + 2] == "of":
                    after += 3
            month = self.month(after)
            if month is not None:
                year, after = self.year_after(month[1])
                return self.in_year(Calendar(month=month[0], day=number), year, after)
            if self.low[after] == "-" and self.glued(after) and self.glued(after - 1):
                month = self.month(after + 1)
                if month is not None:
                    year, after = self.year_after(month[1])
                    return self.in_year(Calendar(month=month[0], day=number), year, after)
            if begin > at and self.has(begin + 1, "SUFFIX") and self.lonely(begin + 2):
                return Calendar(day=number), begin + 2
        return None

    def lonely(self, at: int) -> bool:
        """Whether no noun follows that "the 18th" could count."""
        return self.kind[at] != "word" or self.has(at, "IN", "AND", "RANGE", "BOUND", "TENSE")

    def in_year(self, fields: Calendar, year: Calendar | None, after: int) -> tuple[Node, int]:
        """The fields with their year, or with a year told from the anchor: "January next year"."""
        if year is not None:
            return _with_year(fields, year), after
        begin = after + 1 if self.low[after] in ("of", "in", "-", ",") else after
        if self.has(begin, "DIRECTION"):
            told = self.relative(begin)
            if told is not None and isinstance(told[0], Relative) and told[0].unit == "year":
                if not (begin > after and self.low[after] == ","):
                    return self.in_told_year(fields, told[0]), told[1]
        return fields, after

    def in_told_year(self, fields: Node, year: Relative) -> Node:
        return Directed(year.shift, Nth(0, "year", fields), bool(year.narrative))

    def year_after(self, at: int, of: bool = False) -> tuple[Calendar | None, int]:
        """A year after a month or a day: ", 2004", "of 1977", " ’72"."""
        begin = at
        if self.low[begin] == ",":
            begin += 1
        elif self.low[begin] == "of" or (self.low[begin] == "in" and of):
            begin += 1
        year = self.year(begin)
        if year is None or (self.low[at] == "in" and not of):
            return None, at
        if self.low[at] == "," and (self.counts(year[1]) or self.is_plural(year[1])):
            return None, at
        return year

    def season_date(self, at: int) -> Parsed:
        """fall of 1999, summer 2012, the spring, autumn (after a preposition)."""
        begin = self.article(at)
        season = self.season(begin)
        if season is None:
            return None
        value, after = season
        year, end = self.year_after(after, of=True)
        if year is not None and self.low[after] != ",":
            return Calendar(season=value, year=year.year, short=year.short), end
        if self.low[after] in ("of", "in"):
            told = self.relative(after + 1)
            if told is not None and isinstance(told[0], Relative) and told[0].unit == "year":
                fields = Calendar(season=value)
                return self.in_told_year(fields, told[0]), told[1]
        ambiguous = self.low[begin] in ("fall", "spring")
        if ambiguous and self.low[after] == "of":
            return None  # the fall of Saigon
        called_for = at > 0 and self.has(at - 1, "IN", "BOUND")
        if ambiguous and not (called_for and (begin > at or self.low[begin] == "spring")):
            return None
        if begin == at and not called_for:
            return None
        if self.kind[after] == "word" and not self.follows_date(after):
            return None
        return Calendar(season=value), after

    def follows_date(self, at: int) -> bool:
        """Whether the word may follow a season or a month that stands for itself."""
        return bool(self.senses[at]) and not self.has(at, "UNIT", "UNITS") or self.low[at] in (
            "he",
            "she",
            "it",
            "they",
            "we",
            "i",
            "you",
            "there",
            "when",
            "that",
            "but",
            "is",
            "as",
        )

    def bare_year(self, at: int) -> Parsed:
        """A year by itself, if it is one and not a count or a code."""
        begin = self.article(at)
        if self.has(begin, "FISCAL"):
            return self.fiscal_year(begin)
        if self.low[begin] == "year" and begin == at + 0 and self.year(begin + 1):
            return self.year(begin + 1)
        year = self.year(begin)
        if year is None:
            return None
        node, after = year
        if node.short or after > begin + 1:
            if node.short and not (at > 0 and self.has(at - 1, "IN", "BOUND", "AND", "MONTH", "OF")):
                return None
            return node, after
        if begin > at and self.kind[after] != "word":
            # "the 1990" is no year; "the 1990 law" is one.
            return None
        return None if self.is_count(begin, after) else (node, after)

    def fiscal_year(self, at: int) -> Parsed:
        """fiscal year 2005, fiscal 2026, FY04: the year of its name."""
        after = at + 1
        if self.low[after] == "year":
            after += 1
        value = self.integer(after)
        if value is None:
            return None
        if len(self.low[after]) == 2 and self.low[at] == "fy":
            return Calendar(year=value, short=True), after + 1
        year = self.year(after)
        return None if year is None else (year[0], year[1])

    def is_count(self, at: int, after: int) -> bool:
        """Whether a four-digit number is a count, a code or a price rather than a year."""
        value = self.integer(at) or 0
        before, behind = at - 1, after
        previous = self.low[before] if at else ""
        if at and self.has(before, "IDENTIFIER") and not self.has(before, "MONTH"):
            return True
        if previous == "." and at > 1 and self.has(at - 2, "IDENTIFIER"):
            return True
        if previous in (".", "-") and self.glued(before) and at > 1 and self.glued(at - 2):
            if self.kind[at - 2] == "number":
                return previous == "."
        if previous in ("$", "£", "€", "#", "¥", "+", "/"):
            return True
        if self.counts(behind) or self.low[behind] in ("°", "x", "*"):
            return True
        if self.low[behind] in (".", ",") and self.glued(at) and self.kind[behind + 1] == "number":
            if self.glued(behind):
                return True
        if self.low[behind] == "-" and self.has(behind + 1, "UNIT", "UNITS"):
            return True
        strong = at > 0 and (
            self.has(before, "IN", "BOUND", "MODIFIER", "FISCAL", "AND", "RANGE", "BETWEEN")
            or previous in ("the", "(", "of")
        )
        if value in _COMMON_YEARS and strong and not (previous in ("about", "around", "near")):
            return self.is_plural(behind) and value % 100 == 0 and previous != "the"
        if self.is_plural(behind):
            return True
        if value in _COMMON_YEARS:
            return False
        return not strong or value % 500 == 0

    def is_plural(self, at: int) -> bool:
        """Whether the word looks like a plural noun that a number could count."""
        word = self.low[at]
        if self.kind[at] != "word" or len(word) < 4 or self.capital(at):
            return word in ("men", "women", "people", "children", "troops") and not self.capital(at)
        return (
            word.endswith("s") and not word.endswith(("ss", "us", "is")) and not self.senses[at]
        ) or word in ("men", "women", "people", "children")

    def years(self, at: int) -> Parsed:
        """the 1990s, 1930's, the ’90s, the late sixties, the 19th century, this century's start."""
        begin = self.article(at)
        short = False
        if self.low[begin] == "'" and self.glued(begin):
            begin, short = begin + 1, True
        word = self.low[begin]
        if self.kind[begin] == "number" and word.isascii():
            after = begin + 1
            if self.low[after] == "'" and self.glued(begin):
                after += 1
            if self.low[after] == "s" and self.glued(begin) and word.endswith("0"):
                if len(word) == 4 and not short and int(word) < _LAST_YEAR:
                    if int(word) % 100 == 0 and int(word) < 1900:
                        return Years("century", int(word) // 100), after + 1
                    return Years("decade", int(word) // 10), after + 1
                if len(word) == 2 and (short or begin > at or self.dated(at)):
                    return Years("decade", int(word) // 10, True), after + 1
        tens = self.value(begin, "DECADE")
        if isinstance(tens, int) and not short:
            if begin > at or self.dated(at):
                return Years("decade", tens // 10, True), begin + 1
            return None
        if self.has(begin, "NUMBER") and self.value(begin, "NUMBER") in (18, 19):
            tens_at = begin + 2 if self.low[begin + 1] == "-" else begin + 1
            tens = self.value(tens_at, "DECADE")
            hundreds = self.value(begin, "NUMBER")
            if isinstance(tens, int) and isinstance(hundreds, int):
                return Years("decade", hundreds * 10 + tens // 10), tens_at + 1
        if self.low[begin] == "decade" and self.low[begin + 1] == "of":
            return self.years(begin + 2)
        ordinal = self.ordinal(begin)
        if ordinal is not None and not short:
            value, after = ordinal
            if self.low[after] == "-":
                after += 1
            if self.value(after, "UNIT") == "century" and 1 <= value <= 30:
                after += 1
                era = self.era(after)
                if era is not None:
                    after = era[1]
                    if era[0] < 0:
                        return Years("century", -value), after
                return Years("century", value - 1), after
        return None

    def dated(self, at: int) -> bool:
        """Whether the atom before calls for a date: "early eighties", "in ’90s"."""
        if at == 0:
            return False
        before = at - 2 if self.low[at - 1] == "-" and at > 1 else at - 1
        return self.has(before, "MODIFIER", "IN", "OF", "BOUND", "DIRECTION", "AND", "RANGE")

    def relative(self, at: int) -> Parsed:
        """today, last week, this August, the following spring, that year, the past 20 years."""
        day = self.value(at, "DEICTIC")
        if isinstance(day, int):
            return self.after_deictic(day, at + 1)
        if self.low[at] == "to" and self.low[at + 1] == "-" and self.low[at + 2] == "day":
            return Relative("day", 0), at + 3
        begin = at
        if self.has(begin, "DETERMINER"):
            begin += 1
            if self.low[begin] == "very":
                begin += 1
            if self.low[begin] == "weekend":
                return Relative("weekend", 0, None), begin + 1
            if self.low[begin] in ("day", "night", "year", "week", "month") and self.low[at] == "the":
                if self.low[begin + 1] in ("before", "after", "previous", "earlier"):
                    return self.day_before_or_after(begin)
            if self.low[begin] == "decade" and self.low[at] == "the":
                return Relative("decade", 0, True), begin + 1
        if self.has(begin, "LATER") and self.low[at] != "the":
            return self.earlier_this(begin)
        if self.has(begin, "MODIFIER") and begin > at:
            return None
        direction = self.value(begin, "DIRECTION")
        if not isinstance(direction, str):
            return None
        after = begin + 1
        if direction == "this" and self.has(after, "DIRECTION") and self.low[after] in (
            "past",
            "last",
            "coming",
            "next",
            "same",
        ):
            direction, after = str(self.value(after, "DIRECTION")), after + 1
        return self.directed(direction, after, article=begin > at)

    def after_deictic(self, shift: int, after: int) -> Parsed:
        part = self.value(after, "PART")
        if isinstance(part, str):
            return DayPart(part, Relative("day", shift)), after + 1
        return Relative("day", shift), after

    def day_before_or_after(self, at: int) -> Parsed:
        """the day before (Christmas), the year previous, the night before."""
        unit = self.low[at]
        sign = 1 if self.low[at + 1] == "after" else -1
        after = at + 2
        if self.low[at + 1] == "before" and self.low[after] == "last" and unit != "night":
            return Relative(_CALENDAR_UNITS[unit], -2), after + 1
        base_unit = "day" if unit == "night" else unit
        if self.low[at + 1] in ("before", "after"):
            base = self.date(after)
            if base is None and self.low[after] == "yesterday":
                base = Relative("day", -1), after + 1
            if base is not None and not isinstance(base[0], Vague):
                return Shifted(1, base_unit, sign, True, base[0]), base[1]  # type: ignore[arg-type]
        node: Node = Relative(_CALENDAR_UNITS[base_unit], sign, True)
        if unit == "night":
            node = DayPart("NI", node)
        return node, after

    def earlier_this(self, at: int) -> Parsed:
        """earlier this month, later in the week, later on Monday."""
        third = self.value(at, "LATER")
        after = at + 1
        if self.has(after, "IN"):
            after += 1
        inner: Parsed
        if self.low[after] == "the" and self.has(after + 1, "UNIT"):
            unit = _CALENDAR_UNITS.get(str(self.value(after + 1, "UNIT")))
            if unit is None:
                return None
            inner = Relative(unit, 0, unit == "day" or None), after + 2
        else:
            inner = self.date(after)
        if inner is None or not isinstance(inner[0], Relative | Directed | Calendar):
            return None
        which: Third = "start" if third == "start" else "end"
        return Piece(which, inner[0]), inner[1]

    def directed(self, direction: str, at: int, *, article: bool) -> Parsed:
        """What stands after last, this, next ...: a unit, a number of them, a name."""
        shift, narrative = _DIRECTIONS.get(direction, (0, False))
        if direction == "next" and article:
            narrative = True
        if direction in ("another", "row", "recent"):
            return None
        word = self.low[at]
        fiscal = at + 1 if self.has(at, "FISCAL") else at
        unit = self.value(fiscal, "UNIT")
        if direction in ("this", "next") and self.low[at] == "years":
            unit = "year"  # an apostrophe left out
        if isinstance(unit, str):
            after = fiscal + 1
            half = self.and_a_half(after)
            if half is not None and shift:
                return Stretch(1.5, unit, -1 if shift < 0 else 1), half
            if unit in _CALENDAR_UNITS:
                if article and direction in ("last", "past") and unit in ("year", "decade", "century"):
                    # "the past decade" is a stretch of ten years, "last decade" one of the row.
                    return Stretch(1, unit, -1), after
                if article and direction == "next" and unit in ("decade", "century"):
                    return Stretch(1, unit, 1), after
                if article and direction == "coming" and unit != "week":
                    return Stretch(1, unit, 1), after
                if direction == "past" and not article and word in ("week", "month", "weekend"):
                    shift = -1
                if direction == "that" and unit in ("day", "week", "month", "quarter", "year"):
                    narrative = True
                node: Node = Relative(_CALENDAR_UNITS[unit], shift, narrative)
                part = self.value(after, "PART")
                if unit == "day" and isinstance(part, str):
                    return DayPart(part, node), after + 1
                if unit == "month" and direction == "same" and self.low[after] == "a":
                    return Shifted(1, "year", -1, True, node), after + 3
                return node, after
            if unit == "night":
                return DayPart("NI", Relative("day", min(shift, 0), narrative)), after
            if unit == "fortnight":
                return Stretch(1, unit, -1 if shift < 0 else 1), after
            if unit in ("minute", "hour", "second"):
                return None
        if self.low[at] in ("period", "time", "quarter", "season") and direction == "same":
            told = self.relative(at + 1)
            if told is not None and isinstance(told[0], Relative) and told[0].unit == "year":
                return self.in_told_year(Relative("month", 0, True), told[0]), told[1]
            return None
        part = self.value(at, "PART")
        if isinstance(part, str):
            node = Relative("day", -1 if direction == "last" else shift, narrative)
            return DayPart(part, node), at + 1
        stretch = self.stretch(shift, direction, at)
        if stretch is not None:
            return stretch
        year = self.year(at)
        if year is not None:
            return None
        month = self.month(at) if self.has(at, "MONTH") else None
        if month is not None:
            day = self.day_of_month(month[1])
            fields = Calendar(month=month[0], day=day[0] if day else None)
            return Directed(shift, fields, narrative), day[1] if day else month[1]
        weekday = self.weekday(at)
        if weekday is not None:
            node = Directed(shift, Calendar(weekday=weekday[0]), narrative)
            part = self.value(weekday[1], "PART")
            if isinstance(part, str):
                return DayPart(part, node), weekday[1] + 1
            return node, weekday[1]
        season = self.season(at)
        if season is not None:
            return Directed(shift, Calendar(season=season[0]), narrative), season[1]
        named = self.name(at)
        if named is not None:
            return Directed(shift, Named(named[0]), narrative), named[1]
        return None

    def stretch(self, shift: int, direction: str, at: int) -> Parsed:
        """the past 25 years, the next several months, these last two weeks, last few days."""
        if direction in ("that", "same", "this"):
            return None
        after = at
        amount: float | None
        if self.has(after, "QUANTITY"):
            amount, after = None, after + 1
        elif self.has(after, "COUPLE"):
            amount, after = 2, after + 1
            if self.low[after] == "of":
                after += 1
        else:
            number = self.mixed_number(after)
            if number is None:
                if self.has(after, "UNITS") and direction in ("past", "last"):
                    if self.low[after + 1] == "of":
                        return None
                    amount = None
                else:
                    return None
            else:
                amount, after = number
        after = self.over_fillers(after)
        unit = self.value(after, "UNITS") or self.value(after, "UNIT")
        if not isinstance(unit, str):
            return None
        after += 1
        half = self.and_a_half(after)
        if half is not None and amount is not None:
            amount, after = amount + 0.5, half
        return Stretch(amount, unit, -1 if shift < 0 else 1), after

    def name(self, at: int) -> tuple[int, int] | None:
        """A named day or period: its row and the position after it."""
        phrase = self.atoms.phrases.get(at)
        if phrase is None or phrase.kind != "named" or not isinstance(phrase.value, int):
            return None
        if self.kind[at] == "word" and not self.capital(at):
            return None
        if self.low[at] == "new" and self.capital_before(at) and not self.senses[at - 1]:
            return None  # Chinese New Year
        return phrase.value, at + len(phrase.atoms)

    def named(self, at: int) -> Parsed:
        """Christmas, the 1968 Christmas holidays, Easter 2015, 9/11, World War II."""
        begin = self.article(at)
        year = self.year(begin)
        if year is not None:
            name = self.name(year[1])
            return None if name is None else (Named(name[0], year[0]), name[1])
        name = self.name(begin)
        if name is None:
            return None
        key, after = name
        year_after, end = self.year_after(after)
        if year_after is not None and self.low[after] != "of":
            return Named(key, year_after), end
        begin = after + 1 if self.low[after] in ("of", "-", ",") else after
        told = self.relative(begin) if self.has(begin, "DIRECTION") else None
        if told is not None and isinstance(told[0], Relative) and told[0].unit == "year":
            return Named(key, told[0]), told[1]
        return Named(key), after

    def piece(self, at: int) -> Parsed:
        """early 2016, mid-May, late in 1943, the end of last year, year's end, the late 1980s."""
        begin = self.article(at)
        third = self.value(begin, "MODIFIER")
        if isinstance(third, str):
            after = begin + 1
            while self.low[after] == "-" or (self.low[after] in ("to",) and self.low[after + 1] == "-"):
                after += 1
            if self.has(after, "IN") and self.low[after] in ("in", "on"):
                after += 1
            if third == "mid" and self.low[after] == "decade":
                return Piece("mid", Relative("decade", 0, True)), after + 1
            inner = self.years(after) or self.calendar_piece(after)
            if inner is not None:
                which: Third = third  # type: ignore[assignment]
                node, end = inner
                part = self.value(end, "PART")
                if self.is_day(node) and isinstance(part, str):
                    return DayPart(part, node), end + 1
                return Piece(which, node), end
        edge = self.value(begin, "EDGE")
        if isinstance(edge, str) and self.low[begin + 1] == "of":
            inner = self.container(begin + 2)
            if inner is None:
                return None
            if edge == "rest":
                return inner
            which = edge  # type: ignore[assignment]
            return Piece(which, inner[0], True), inner[1]
        # "year end", "year's end", "month-end", "the week's end"
        unit = self.value(begin, "UNIT")
        if isinstance(unit, str) and unit in _CALENDAR_UNITS:
            after = begin + 1
            if self.low[after] == "'" and self.low[after + 1] == "s":
                after += 2
            elif self.low[after] == "-":
                after += 1
            if self.low[after] == "end" and after > begin:
                return Piece("end", Relative(_CALENDAR_UNITS[unit], 0, None), True), after + 1
        if self.has(begin, "EVE") and self.low[begin + 1] == "of":
            inner = self.date(begin + 2)
            if inner is not None and self.is_day(inner[0]):
                return Shifted(1, "day", -1, True, inner[0]), inner[1]
        return None

    def calendar_piece(self, at: int) -> Parsed:
        """What early, mid and late may stand before."""
        season = self.season(at)
        if season is not None:
            year, after = self.year_after(season[1], of=True)
            if year is not None:
                return Calendar(season=season[0], year=year.year, short=year.short), after
            return Calendar(season=season[0]), season[1]
        month = self.month(at)
        if month is not None:
            return self.day_and_month(at)
        weekday = self.weekday(at)
        if weekday is not None:
            return self.calendar(at)
        if self.has(at, "DIRECTION", "DEICTIC") or self.low[at] == "the":
            return self.relative(at) or self.container(at)
        year = self.year(at)
        if year is not None and not self.counts(year[1]):
            return year
        return self.named(at)

    def container(self, at: int) -> Parsed:
        """What has a beginning and an end: a date, or "the month" that is meant."""
        parsed = self.date(at)
        if parsed is not None and not isinstance(parsed[0], Vague | Shifted):
            return parsed
        if self.low[at] == "the" or self.has(at, "DETERMINER"):
            unit = self.value(at + 1, "UNIT")
            if isinstance(unit, str) and unit in _CALENDAR_UNITS:
                return Relative(_CALENDAR_UNITS[unit], 0, None), at + 2
        return None

    def nth(self, at: int) -> Parsed:
        """the first quarter of 2009, Q2 2021, the last week of March, the first 6 months of 2004."""
        short = self.quarter_code(at)
        if short is not None:
            return short
        begin = at + 1 if self.has(at, "DETERMINER") else at
        found = self.ordinal(begin)
        if found is None:
            final = self.value(begin, "FINAL")
            if isinstance(final, int):
                found = final, begin + 1
            elif self.low[begin] == "last" and begin > at:
                found = -1, begin + 1
            else:
                return None
        ordinal, after = found
        count = 1
        number = self.number(after)
        if number is not None and number[0] == int(number[0]) and number[0] < 100:
            count, after = int(number[0]), number[1]
        if self.low[after] == "-":
            after += 1
        unit: Unit
        if self.has(after, "HALF"):
            unit = "half"
        else:
            told = self.value(after, "UNIT") or (self.value(after, "UNITS") if count > 1 else None)
            if told not in ("day", "week", "month", "quarter", "weekend", "year"):
                return None
            unit = told
        after += 1
        if self.low[after] in ("of", "in"):
            whole = self.container(after + 1)
            if whole is not None and isinstance(
                whole[0], Calendar | Relative | Years | Directed | Named
            ):
                return Nth(ordinal, unit, whole[0], count), whole[1]
            if unit != "quarter":
                return None
            if self.low[after] == "of":
                return None
        elif unit == "quarter":
            year = self.year(after)
            if year is not None:
                return Nth(ordinal, unit, year[0], count), year[1]
            told_year = self.relative(after) if self.has(after, "DIRECTION") else None
            if told_year is not None and isinstance(told_year[0], Relative):
                return Nth(ordinal, unit, told_year[0], count), told_year[1]
        if unit == "quarter" and 1 <= ordinal <= 4:
            return Nth(ordinal, unit, None, count), after
        return None

    def quarter_code(self, at: int) -> Parsed:
        """Q2 2021, 2Q21, H1 2020, 1H of 2020."""
        letter, digit = self.low[at], self.low[at + 1]
        if letter in ("q", "h") and digit in ("1", "2", "3", "4") and self.glued(at):
            if not self.capital(at):
                return None
        elif digit in ("q", "h") and letter in ("1", "2", "3", "4") and self.glued(at):
            letter, digit = digit, letter
        else:
            return None
        if letter == "h" and digit > "2":
            return None
        unit: Unit = "quarter" if letter == "q" else "half"
        year, after = self.year_after(at + 2, of=True)
        if year is None and unit == "half":
            return None
        return Nth(int(digit), unit, year), after

    def shifted(self, at: int) -> Parsed:
        """two years ago, three days later, a week before Christmas, in two years' time."""
        begin = at
        within = self.low[at] in ("in",)
        if within:
            begin += 1
        while self.has(begin, "SLACK", "APPROXIMATE") and begin - at < 3:
            begin += 1
        if not within and begin > at and not self.has(begin, "NUMBER", "DETERMINER", "QUANTITY"):
            if self.kind[begin] != "number":
                return None
        rough = any(self.has(i, "APPROXIMATE") for i in range(at, begin))
        length = self.plain_length(begin)
        if length is None:
            return self.weekdays_ago(begin)
        (amount, unit), after = length
        if unit in ("second",) or (amount is not None and amount > 20_000):
            return None
        if self.low[after] == "'":
            if within and self.low[after + 1] == "time":
                return Shifted(amount, unit, 1), after + 2
            if self.low[after + 1] == "s" and self.low[after + 2] == "time" and within:
                return Shifted(amount, unit, 1), after + 3
            return None
        if within:
            return None
        told = self.value(after, "OFFSET")
        if self.low[after] == "from" and self.low[after + 1] in ("now", "today"):
            return Shifted(amount, unit, 1), after + 2
        if not isinstance(told, str):
            return None
        after += 1
        node: Node
        if told == "ago":
            if self.low[after] == "today":
                after += 1
                node = Shifted(amount, unit, -1, False, Relative("day", 0))
            else:
                node = Shifted(amount, unit, -1)
        elif told in ("before", "after"):
            base = self.date(after)
            sign = -1 if told == "before" else 1
            if base is not None and not isinstance(base[0], Vague | Shifted):
                node, after = Shifted(amount, unit, sign, True, base[0]), base[1]  # type: ignore[arg-type]
            elif self.ends_clause(after):
                node = Shifted(amount, unit, sign, True)  # type: ignore[arg-type]
            else:
                return None
        elif told == "on":
            if not self.ends_clause(after):
                return None
            node = Shifted(amount, unit, 1, True)
        elif told == "back":
            if amount is None or not self.ends_clause(after):
                return None
            node = Shifted(amount, unit, -1)
        else:
            node = Shifted(amount, unit, -1 if told == "earlier" else 1, True)
        if unit in ("minute", "hour") and told != "ago":
            # Within a day nothing finer is known than the length itself.
            return Length(((amount, unit),)), after
        return (About(node) if rough else node), after

    def ends_clause(self, at: int) -> bool:
        return self.kind[at] in ("mark", "break", "") and self.low[at] != "-"

    def weekdays_ago(self, at: int) -> Parsed:
        """three Thursdays ago."""
        number = self.number(at)
        if number is None or not number[0].is_integer() or not 0 < number[0] < 60:
            return None
        weekday = self.value(number[1], "WEEKDAYS")
        if isinstance(weekday, int) and self.low[number[1] + 1] == "ago":
            return Directed(-int(number[0]), Calendar(weekday=weekday)), number[1] + 2
        return None

    # -- times of day ------------------------------------------------------------------------

    def clock(self, at: int) -> tuple[Clock, int] | None:
        """9:45 a.m. local time, 3pm, 22:30, 1500 GMT, noon, half past five, 12:30 EST (16:30 UTC)."""
        found = self.bare_clock(at)
        if found is None:
            return None
        clock, after = found
        if self.low[after] == "(":
            again = self.bare_clock(after + 1)
            if again is not None and self.low[again[1]] == ")":
                after = again[1] + 1
            else:
                zone = self.offset_zone(after + 1)
                if zone is not None and self.low[zone[1]] == ")":
                    clock = Clock(
                        hour=clock.hour, minute=clock.minute, second=clock.second, zone=zone[0]
                    )
                    after = zone[1] + 1
        return clock, after

    def offset_zone(self, at: int) -> tuple[str, int] | None:
        """GMT +8."""
        if self.value(at, "ZONE") == "Z" and self.low[at + 1] in ("+", "-"):
            hours = self.integer(at + 2)
            if hours is not None and hours <= 14:
                return f"{self.low[at + 1]}{hours:02d}:00", at + 3
        return None

    def bare_clock(self, at: int) -> tuple[Clock, int] | None:
        hour, minute, second = 0, 0, None
        sure = False
        twelve = True
        if self.kind[at] == "clock":
            parts = [int(piece) for piece in self.low[at].split(":")]
            hour, minute = parts[0], parts[1]
            second = parts[2] if len(parts) > 2 else None
            after, sure = at + 1, True
            twelve = len(self.low[at].split(":")[0]) == 1 or hour in (10, 11, 12)
        elif self.has(at, "HOUR") and self.value(at, "HOUR") is not None:
            hour = int(self.senses[at]["HOUR"])
            zone, after = self.zone(at + 1)
            return Clock(hour=hour, zone=zone), after
        elif self.low[at] == "half" and self.low[at + 1] == "past":
            number = self.number(at + 2)
            if number is None or not 1 <= number[0] <= 12:
                return None
            return Clock(hour=int(number[0]), minute=30, twelve=True), number[1]
        else:
            number = self.number(at)
            if number is None:
                return None
            value, after = number
            digits = self.low[at]
            if self.kind[at] == "number" and len(digits) == 4 and after == at + 1:
                hour, minute = int(digits[:2]), int(digits[2:])
                zone, end = self.zone(after)
                if hour > 23 or minute > 59 or end == after or not self.has(after, "ZONE"):
                    return None
                return Clock(hour=hour, minute=minute, zone=zone), end
            if self.kind[at] == "number" and after == at + 3 and len(self.low[at + 2]) == 2:
                hour, minute = int(digits), int(self.low[at + 2])
            elif value == int(value) and 0 <= value <= 24:
                hour = int(value)
            else:
                return None
        if hour > 24 or minute > 59 or (hour == 24 and minute):
            return None
        meridiem = self.meridiem(after)
        if meridiem is not None:
            if not 1 <= hour <= 12:
                return None
            hour, after = hour % 12 + meridiem[0], meridiem[1]
            sure, twelve = True, False
        elif self.low[after] == "o" and self.low[after + 1] == "'" and self.low[after + 2] == "clock":
            after, sure = after + 3, True
        zone, end = self.zone(after)
        if end > after:
            after, sure = end, sure or bool(zone)
        part = ""
        place = after + 1 if self.low[after] in ("in", "at") else after
        if self.low[place] == "the":
            place += 1
        told = self.value(place, "PART")
        if isinstance(told, str) and (place > after) and hour <= 12:
            part, after, sure = told, place + 1, True
            if part in ("AF", "EV") and hour < 12 or (part == "NI" and 5 <= hour < 12):
                hour += 12
            twelve = False
        elif not sure and self.low[after] in ("this", "yesterday", "tomorrow", "tonight"):
            sure = self.low[after] != "this" or self.has(after + 1, "PART")
            sure = sure and minute > 0
        if not sure:
            return None
        return (
            Clock(hour=hour, minute=minute, second=second, zone=zone, part=part, twelve=twelve),
            after,
        )

    def meridiem(self, at: int) -> tuple[int, int] | None:
        """am, a.m., P.M., A.M: hours to add and the position after it."""
        shift = self.value(at, "MERIDIEM")
        if isinstance(shift, int):
            return (shift, at + 1)
        if self.low[at] in ("a", "p") and self.low[at + 1] == "." and self.low[at + 2] == "m":
            if self.glued(at) and self.glued(at + 1):
                after = at + 3
                if self.low[after] == "." and self.glued(after - 1):
                    after += 1
                return (12 if self.low[at] == "p" else 0), after
        return None

    def zone(self, at: int) -> tuple[str, int]:
        """UTC, EST, local time, or nothing."""
        value = self.value(at, "ZONE")
        if isinstance(value, str) and self.text_of(at).isupper():
            return value, at + 1
        if self.low[at] == "local" and self.low[at + 1] == "time":
            return "", at + 2
        return "", at

    def clock_with_day(self, clock: Clock, after: int) -> tuple[Node, int]:
        """A time of day, and the day that follows it: "2 a.m. Tuesday", "noon on May 3"."""
        begin = after
        if self.low[begin] == ",":
            begin += 1
        if self.low[begin] in ("on", "of"):
            begin += 1
        tonight = self.value(begin, "TONIGHT")
        if tonight is not None:
            hour = clock.hour + 12 if clock.hour < 12 and clock.twelve else clock.hour
            clock = Clock(hour=hour, minute=clock.minute, zone=clock.zone)
            return self.set_day(clock, Relative("day", 0)), begin + 1
        day = self.date(begin)
        if day is not None:
            node, end = day
            if isinstance(node, DayPart):
                hour = clock.hour
                if clock.twelve and hour < 12 and node.part in ("AF", "EV", "NI"):
                    hour += 12
                clock = Clock(hour=hour, minute=clock.minute, second=clock.second, zone=clock.zone)
                if node.day is not None:
                    return self.set_day(clock, node.day), end
            if self.is_day(node):
                return self.set_day(clock, node), end
        return clock, after

    def clock_interval(self, at: int) -> Parsed:
        """6:00am to midnight, 9 a.m. to 5 p.m., 9-5 is none."""
        first = self.clock(at)
        if first is None:
            return None
        clock, middle = first
        if not (self.low[middle] in ("-", "and") or self.has(middle, "RANGE")):
            return None
        last = self.clock(middle + 1)
        if last is None:
            return None
        end = last[0]
        if self.low[last[1] - 1] == "midnight":
            end = Clock(hour=24)
        node, after = self.clock_with_day(end, last[1])
        if isinstance(node, Clock) and node.day is not None:
            return Interval(self.set_day(clock, node.day), node), after
        return Interval(clock, end), last[1]

    def part_of_day(self, at: int) -> Parsed:
        """tonight, this morning, the evening of Jan. 27, early on Sunday morning, overnight."""
        if self.has(at, "TONIGHT"):
            return DayPart("NI", Relative("day", 0)), at + 1
        if self.has(at, "OVERNIGHT") and not self.noun_after(at + 1):
            return DayPart("NI", Relative("day", 0)), at + 1
        begin = self.article(at)
        early = begin
        if self.has(early, "MODIFIER", "SLACK") and self.low[early] in ("early", "late", "just"):
            early += 1
        if self.low[early] == "hours" and self.low[early + 1] == "of" and early > begin:
            day = self.date(early + 2)
            return None if day is None or not self.is_day(day[0]) else (DayPart("MO", day[0]), day[1])
        part = self.value(early, "PART") or (
            "NI" if self.low[early] == "night" and begin > at else None
        )
        if not isinstance(part, str):
            return None
        after = early + 1
        if self.low[after] == "hours":
            after += 1
        if self.low[after] in ("of", "on", ","):
            day = self.date(after + 1)
            if day is not None and self.is_day(day[0]):
                return DayPart(part, day[0]), day[1]
        if self.low[after] in ("before", "after") and begin > at:
            day = self.date(after + 1)
            shift = -1 if self.low[after] == "before" else 1
            if day is not None and self.is_day(day[0]):
                return DayPart(part, Shifted(1, "day", shift, True, day[0])), day[1]
            return DayPart(part, Relative("day", shift, True)), after + 1
        return None

    def noun_after(self, at: int) -> bool:
        return self.kind[at] == "word" and not self.senses[at] and not self.low[at].endswith("ed")

    # -- lengths and recurrences ---------------------------------------------------------------

    def mixed_number(self, at: int) -> tuple[float, int] | None:
        """A number with "and a half"; half a; one-and-a-half."""
        if self.has(at, "HALF"):
            after = at + 1
            if self.low[after] in ("a", "an"):
                return 0.5, after + 1
            return None
        number = self.number(at)
        if number is None:
            return None
        value, after = number
        if self.low[after : after + 3] == ["1", "/", "2"]:
            return value + 0.5, after + 3
        if self.low[after] == "½":
            return value + 0.5, after + 1
        half = self.and_a_half(after)
        return (value + 0.5, half) if half is not None else (value, after)

    def and_a_half(self, at: int) -> int | None:
        words = [word for word in self.low[at : at + 6] if word != "-"]
        if words[:3] == ["and", "a", "half"]:
            return at + 3 + self.low[at : at + 6].count("-") if "-" in self.low[at : at + 4] else at + 3
        return None

    def over_fillers(self, at: int) -> int:
        """Past words that may stand between number and unit: "seven short days"."""
        for _ in range(2):
            if self.has(at, "FILLER") or self.value(at, "DIRECTION") == "row":
                at += 1
            elif self.low[at] == "-" and self.has(at + 1, "FILLER"):
                at += 2
        return at

    def plain_length(self, at: int) -> tuple[Quantity, int] | None:
        """One number and its unit: "two years", "a year", "several days", "half an hour"."""
        amount: float | None
        digits = True
        if self.low[at] in ("a", "an"):
            if self.has(at + 1, "QUANTITY"):
                amount, after = None, at + 2
            elif self.has(at + 1, "COUPLE"):
                amount, after = 2, at + 2
                if self.low[after] == "of":
                    after += 1
            elif self.low[at + 1] == "dozen":
                amount, after = 12, at + 2
            elif self.low[at + 1] == "half" and self.low[at + 2] == "-":
                amount, after = 0.5, at + 3
            elif self.low[at + 1] in ("matter", "number", "period") and self.low[at + 2] == "of":
                if self.has(at + 3, "UNITS"):
                    amount, after = None, at + 3
                else:
                    return self.plain_length(at + 3)
            else:
                amount, after, digits = 1, at + 1, False
        elif self.has(at, "QUANTITY"):
            amount, after = None, at + 1
        elif self.has(at, "SCALES"):
            amount, after = None, at + 1
            if self.low[after] == "of":
                after += 1
        else:
            number = self.mixed_number(at)
            if number is None:
                if self.has(at, "UNITS") and (self.low[at] != "days" or self.spans(at)):
                    amount, after = None, at
                else:
                    return None
            else:
                amount, after = number
        if self.has(after, "NUMBER") and amount is None:
            number = self.number(after)
            if number is not None:
                after = number[1]
        dash = self.low[after] == "-"
        if dash:
            after += 1
        if self.low[after] == "more":
            after += 1
        after = self.over_fillers(after)
        unit = self.value(after, "UNITS")
        if isinstance(unit, str) and self.capital(after) and not self.titled(after):
            # "60 Minutes", "the Seven Years War"
            return None
        if not isinstance(unit, str):
            if amount is not None and self.is_year_number(at, amount):
                if not self.has(after + 1, "OLD") and not self.has(after + 2, "OLD"):
                    return None
            unit = self.value(after, "UNIT")
            if not isinstance(unit, str) or unit in ("quarter", "weekend"):
                return None
            if unit == "night" and (dash or amount == 1):
                return None
            if unit == "second" and amount != 1 and not dash:
                return None
            if amount is None and digits:
                return None
        elif unit in ("weekend", "quarter") and (amount is None or self.low[after + 1] == "of"):
            return None
        elif unit == "night" and amount is None:
            return None
        after += 1
        half = self.and_a_half(after)
        if half is not None and amount is not None:
            return (amount + 0.5, unit), half
        return (amount, unit), after

    def begins_sentence(self, at: int) -> bool:
        return at == 0 or self.kind[at - 1] in ("break", "mark")

    def spans(self, at: int) -> bool:
        """Whether the word before makes a bare plural a length: "for days"."""
        return at > 0 and self.has(at - 1, "IN", "OFFSET", "SLACK")

    def titled(self, at: int) -> bool:
        """Whether capitals mean nothing here: the words around are capitals, or a line begins."""
        if at == 0 or self.kind[at - 1] == "break" or self.text_of(at).isupper():
            return True
        return self.kind[at - 1] == "word" and self.capital(at - 1) and not self.senses[at - 1]

    def is_year_number(self, at: int, amount: float) -> bool:
        return self.kind[at] == "number" and len(self.low[at]) == 4 and amount in _COMMON_YEARS

    def length(self, at: int) -> Parsed:
        """A duration, with what goes before and after it."""
        begin = at
        while begin - at < 4 and (
            self.has(begin, "APPROXIMATE", "SLACK")
            or (self.low[begin] in ("another", "first", "the") and self.has(begin + 1, "NUMBER"))
        ):
            begin += 1
        between = self.low[begin] == "between"
        if between:
            begin += 1
        ranged = self.length_range(begin)
        if ranged is not None:
            node, after = ranged
            return node, self.over_old(after)
        first = self.plain_length(begin)
        if first is None or (begin > at and self.low[at] in ("as", "at", "the", "up", "within")):
            if first is None or self.low[at] not in ("at", "up", "within", "as"):
                return None
            if self.low[at + 1] not in ("least", "most", "to", "much", "many") and (
                self.low[at] != "within"
            ):
                return None
        quantity, after = first
        amount, unit = quantity
        if amount == 1 and self.low[begin] in ("a", "an"):
            if unit == "second" or (unit == "minute" and self.has(after, "DIRECTION", "OF")):
                return None
            if self.is_rate(at, begin):
                return Repeated(_period(unit)), after
        if (
            self.has(after, "AND")
            and self.low[after + 1] in ("a", "an")
            and self.has(after + 2, "HALF") is False
            and self.low[after] == "or"
        ):
            more = self.plain_length(after + 1)
            if more is not None:
                return Length((quantity,), (more[0],)), more[1]
        if self.low[after] == "or" and self.has(after + 1, "NUMBER"):
            more_number = self.number(after + 1)
            if more_number is not None and not self.has(more_number[1], "UNIT", "UNITS"):
                return Length((quantity,), ((more_number[0], unit),)), more_number[1]
        parts = [quantity]
        while len(parts) < 5 and amount is not None:
            middle = after
            if self.low[middle] == ",":
                middle += 1
            if self.low[middle] == "and":
                middle += 1
            following = self.plain_length(middle)
            if following is None or following[0][0] is None or middle == after and len(parts) > 3:
                break
            if _rank(following[0][1]) >= _rank(parts[-1][1]):
                break
            parts.append(following[0])
            after = following[1]
        return Length(tuple(parts)), self.over_old(after)

    def over_old(self, at: int) -> int:
        """Past "-old", "old", "-long", "of age"."""
        after = at + 1 if self.low[at] == "-" else at
        if self.has(after, "OLD", "LONG"):
            return after + 1
        return at

    def length_range(self, at: int) -> Parsed:
        """10 to 14 days, 30-40 days, between 60 and 90 days, two or three years, a week or two."""
        first = self.number(at)
        if first is None or self.is_year_number(at, first[0]):
            return None
        middle = first[1]
        if self.low[middle] == "," and self.has(middle + 1, "NUMBER"):
            # "five, six, seven years"
            return self.length_list(first[0], middle + 1)
        while self.low[middle] == "-" and self.low[middle + 1] == "-":
            middle += 1
        if self.low[middle] == "-" and self.low[middle + 1] in ("to", "or", "and"):
            middle += 1
        if not (self.low[middle] in ("-", "or", "and") or self.low[middle] == "to"):
            return None
        middle += 1
        if self.low[middle] == "-":
            middle += 1
        second = self.plain_length(middle)
        if second is None or self.low[middle] in ("a", "an"):
            return None
        (amount, unit), after = second
        if amount is None or amount <= first[0]:
            return None
        return Length(((first[0], unit),), ((amount, unit),)), after

    def length_list(self, least: float, at: int) -> Parsed:
        for _ in range(3):
            length = self.plain_length(at)
            if length is not None:
                (amount, unit), after = length
                if amount is None or amount <= least:
                    return None
                return Length(((least, unit),), ((amount, unit),)), after
            number = self.number(at)
            if number is None:
                return None
            at = number[1]
            if self.low[at] == ",":
                at += 1
            if self.low[at] == "or":
                at += 1
        return None

    def is_rate(self, at: int, begin: int) -> bool:
        """Whether "a year" is a rate ("$5 million a year") and not a length ("for a year")."""
        if at == 0 or begin > at:
            return False
        before = at - 1
        if self.has(before, "TIMES", "UNITS", "SCALE", "SCALES") or self.low[before] == "%":
            return True
        if self.kind[before] == "number":
            return True
        if self.kind[before] != "word" or self.senses[before]:
            return False
        if not self.low[before].endswith("s"):
            return False
        # "20,000 barrels a day", "two trains a day": a number stands before the noun.
        return any(
            self.kind[i] == "number" or self.has(i, "NUMBER", "SCALE", "QUANTITY", "SCALES", "COUPLE")
            for i in range(max(0, before - 4), before)
        )

    def recurrence(self, at: int) -> Parsed:
        """every year, each August, per week, twice a year, daily, on Sundays, weekends."""
        senses = self.senses[at]
        if not senses:
            return self.times(at)
        frequency = senses.get("FREQUENCY") or senses.get("WORKDAYS")
        if isinstance(frequency, str):
            # "Daily Mail" is a name.
            if self.capital(at) and at and not self.begins_sentence(at):
                return None
            if self.capital(at) and self.kind[at + 1] == "word" and self.capital(at + 1):
                return None
            return Repeated(frequency), at + 1
        if "EVERY" in senses:
            return self.every(at)
        if "TIMES" in senses:
            return self.times(at)
        weekdays = senses.get("WEEKDAYS")
        if isinstance(weekdays, int) and not (self.low[at + 1] == "'" and self.glued(at)):
            return Repeated("P1W"), at + 1
        begin = self.article(at)
        if self.low[begin] == "weekends":
            return Repeated("P1W"), begin + 1
        if self.has(begin, "PARTS") and (begin > at or (at and self.low[at - 1] == "in")):
            return Repeated("P1D"), begin + 1
        if self.low[at] == "at" and self.low[at + 1] == "night":
            return Repeated("P1D"), at + 2
        return self.times(at)

    def times(self, at: int) -> Parsed:
        """three times per day, twice a year, five days a week."""
        if self.has(at, "TIMES") and self.low[at] != "times":
            after, count = at + 1, int(self.senses[at]["TIMES"])
        else:
            number = self.number(at)
            if number is None or not (
                self.low[number[1]] == "times" or self.has(number[1], "UNITS")
            ):
                return None
            after, count = number[1] + 1, int(number[0])
            if self.low[number[1]] != "times":
                count = 1
        if not (self.low[after] in ("a", "an") or self.low[after] in ("per", "every", "each")):
            return None
        unit = self.value(after + 1, "UNIT")
        if not isinstance(unit, str):
            return None
        if count == 2 and unit == "year":
            return Repeated("P6M"), after + 2
        return Repeated(_period(unit)), after + 2

    def every(self, at: int) -> Parsed:
        kind = self.value(at, "EVERY")
        after = at + 1
        count: float = 2 if kind == 3 else 1
        if kind == 2:
            unit = self.value(after, "UNIT")
            return (Repeated(_period(str(unit))), after + 1) if unit else None
        if self.low[after] == "single":
            after += 1
        if self.low[after] in ("other",):
            count, after = 2, after + 1
        elif self.low[after] in ("few", "several", "couple"):
            quantity = self.plain_length(after)
            if quantity is None:
                return None
            return Repeated(_iso_length(((None, quantity[0][1]),))), quantity[1]
        else:
            ordinal = self.ordinal(after)
            if ordinal is not None and ordinal[0] < 13 and self.recurs(ordinal[1]):
                count, after = ordinal
            else:
                number = self.mixed_number(after)
                if number is not None:
                    unit = self.value(number[1], "UNITS")
                    if not isinstance(unit, str):
                        return None
                    return Repeated(_period(unit, number[0])), number[1] + 1
        unit = self.value(after, "UNIT") or (self.value(after, "UNITS") if kind == 3 else None)
        if isinstance(unit, str):
            return Repeated(_period(unit, count)), after + 1
        if self.weekday(after) is not None or self.has(after, "WEEKDAYS"):
            part = after + 2 if self.has(after + 1, "PART") else after + 1
            return Repeated(_period("week", count)), part
        if self.has(after, "PART"):
            return Repeated(_period("day", count)), after + 1
        month = self.month(after)
        if month is not None:
            day = self.day_of_month(month[1])
            return Repeated(_period("year", count)), day[1] if day else month[1]
        if self.season(after) is not None:
            return Repeated(_period("year", count)), after + 1
        named = self.name(after)
        if named is not None:
            return Repeated(_period("year", count)), named[1]
        return None

    def recurs(self, at: int) -> bool:
        return self.has(at, "UNIT", "WEEKDAY", "MONTH", "SEASON", "PART")

    def instead_of_vague(self, at: int, vague: tuple[Node, int]) -> tuple[int, tuple[Node, int]]:
        """A date that begins inside a vague phrase and goes beyond it: in **the past decade**."""
        for begin in range(at + 1, vague[1]):
            parsed = self.expression(begin)
            if parsed is not None and parsed[1] > vague[1]:
                return begin, parsed
        return at, vague

    def vague(self, at: int) -> Parsed:
        """A phrase for past, present or future and no more, from the lexicon."""
        phrase = self.atoms.phrases.get(at)
        if phrase is None or phrase.kind != "vague" or not isinstance(phrase.value, str):
            return None
        after = at + len(phrase.atoms)
        if phrase.value == "THEN":
            return Then(), after
        if self.low[after - 1] == "now" and self.is_discourse(at, after):
            return None
        return Vague(phrase.value), after

    def is_discourse(self, at: int, after: int) -> bool:
        """Whether "now" turns to something else rather than telling a time: "Now, ...", now that."""
        return self.low[after] == "that" or (
            self.capital(at) and self.low[after] == "," and after == at + 1
        )


_DIRECTIONS: dict[str, tuple[int, bool]] = {
    # direction → (periods away, counted from the time of the passage?)
    "last": (-1, False),
    "past": (-1, False),
    "previous": (-1, True),
    "next": (1, False),
    "following": (1, True),
    "coming": (1, False),
    "this": (0, False),
    "that": (0, True),
    "same": (0, True),
}
_ISO_UNITS: dict[str, tuple[float, str]] = {
    # unit → (how many of, ISO 8601 letter); "T" before the letter of a time
    "second": (1, "TS"),
    "minute": (1, "TM"),
    "hour": (1, "TH"),
    "day": (1, "D"),
    "night": (1, "D"),
    "weekend": (1, "W"),
    "week": (1, "W"),
    "fortnight": (2, "W"),
    "month": (1, "M"),
    "quarter": (3, "M"),
    "season": (3, "M"),
    "year": (1, "Y"),
    "decade": (10, "Y"),
    "century": (100, "Y"),
    "millennium": (1000, "Y"),
}
_ORDER = ("Y", "M", "W", "D", "TH", "TM", "TS")


def _rank(unit: str) -> int:
    return len(_ORDER) - _ORDER.index(_ISO_UNITS[unit][1])


def _period(unit: str, count: float = 1) -> str:
    return _iso_length(((count, unit),))


def _iso_length(parts: tuple[Quantity, ...]) -> str:
    """Quantities as an ISO 8601 duration; an unknown number is X ("PXM", "PX0Y" for decades)."""
    amounts: dict[str, float] = {}
    unknown: dict[str, str] = {}
    for amount, unit in parts:
        size, letter = _ISO_UNITS[unit]
        if amount is None:
            zeros = len(str(int(size))) - 1 if size >= 10 else 0
            unknown[letter] = "X" + "0" * zeros
            continue
        total = amount * size
        half = total - int(total)
        finer = {"Y": ("M", 12), "TH": ("TM", 60), "TM": ("TS", 60)}.get(letter)
        if half and finer is not None and (total - int(total)) * finer[1] % 1 == 0:
            amounts[finer[0]] = amounts.get(finer[0], 0) + half * finer[1]
            total = int(total)
        if total:
            amounts[letter] = amounts.get(letter, 0) + total
    date = "".join(
        f"{unknown.get(letter) or _plain(amounts[letter])}{letter}"
        for letter in _ORDER[:4]
        if letter in amounts or letter in unknown
    )
    time = "".join(
        f"{unknown.get(letter) or _plain(amounts[letter])}{letter[1]}"
        for letter in _ORDER[4:]
        if letter in amounts or letter in unknown
    )
    return f"P{date}" + (f"T{time}" if time else "") if date or time else "P0D"


def _plain(number: float) -> str:
    return str(int(number)) if number == int(number) else f"{number:g}"


def iso_length(parts: tuple[Quantity, ...]) -> str:
    """Quantities as an ISO 8601 duration.

    Example:
        >>> iso_length(((5, "year"), (4, "month")))
        'P5Y4M'
        >>> iso_length(((None, "decade"),))
        'PX0Y'
    """
    return _iso_length(parts)


def _with_year(fields: Calendar, year: Calendar) -> Calendar:
    return Calendar(
        year=year.year,
        short=year.short,
        month=fields.month,
        day=fields.day,
        weekday=fields.weekday,
        season=fields.season,
        other=fields.other,
    )
