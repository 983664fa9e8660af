"""Parts of a date - early 2016, the first Monday of May, Q2 - and any date at all."""

from __future__ import annotations

from functools import cached_property

from .calendar import Unit
from .cursor import Parsed
from .lengths import CALENDAR_UNITS
from .told import Told
from .tree import (
    About,
    Calendar,
    DayPart,
    Directed,
    Interval,
    Named,
    Node,
    Nth,
    Piece,
    Relative,
    Shifted,
    Third,
    Turn,
    Vague,
    Years,
)

_DEEPEST = 8
"""How deep dates may lie in one another ("the end of the first week of next month")."""


class Dates(Told):
    """The rules of parts of a date, and any date without a time of day."""

    def date(self, at: int) -> Parsed:
        """A date without a time of day: the longest of all kinds."""
        if at not in self.dates:
            if self.depth >= _DEEPEST:
                return None
            self.depth += 1
            self.dates[at] = self.new_date(at)
            self.depth -= 1
        return self.dates[at]

    def new_date(self, at: int) -> Parsed:
        """The longest of all kinds of date."""
        best: Parsed = None
        for rule in (
            self.calendar,
            self.years,
            self.relative,
            self.named,
            self.piece,
            self.nth,
            self.shifted,
            self.ending,
        ):
            parsed = rule(at)
            if parsed is not None and (best is None or parsed[1] > best[1]):
                best = parsed
        return best

    def is_day(self, node: Node) -> bool:
        """Whether the node names a day."""
        if isinstance(node, Calendar):
            return node.day is not None or node.weekday is not None
        if isinstance(node, Relative):
            return node.unit == "day"
        if isinstance(node, Directed):
            return self.is_day(node.target)
        return isinstance(node, Named)

    def piece(self, at: int) -> Parsed:
        """Early 2016, mid-May, late in 1943, the end of last year, year's end, the late 1980s."""
        begin = self.article(at)
        third = self.value(begin, "MODIFIER")
        if isinstance(third, str):
            after = begin + 2 if self.low[begin + 1] == "-" else begin + 1
            until: int | str | None = None
            if self.low[after] == "to":
                # "mid- to late 1980s"
                other = after + 2 if self.low[after + 1] == "-" else after + 1
                until = self.value(other, "MODIFIER")
                if until is None:
                    return None
                after = other + 2 if self.low[other + 1] == "-" else other + 1
            if self.low[after] in ("in", "on"):
                after += 1
            if third == "mid" and self.low[after] == "decade":
                return Piece("mid", Relative("decade", 0, True)), after + 1
            if third == "mid" and self.low[after] in ("century", "year", "month"):
                # "by mid-century", not "mid-century chairs"
                called = begin > 0 and self.has(begin - 1, "IN", "BOUND")
                if not called or self.noun_after(after + 1):
                    return None
                return Piece("mid", Relative(CALENDAR_UNITS[self.low[after]], 0, None)), after + 1
            inner = self.years(after) or self.calendar_piece(after)
            if inner is not None:
                which: Third = third  # type: ignore[assignment]
                node, end = inner
                part = self.value(end, "PART")
                if self.is_day(node) and isinstance(part, str):
                    return DayPart(part, node), end + 1
                if isinstance(until, str):
                    last: Third = until  # type: ignore[assignment]
                    return Interval(Piece(which, node), Piece(last, node)), end
                return Piece(which, node), end
        portion = self.portion(begin)
        if portion is not None:
            return portion
        edge = self.value(begin, "EDGE")
        if isinstance(edge, str) and self.low[begin + 1] == "of":
            inner = self.container(begin + 2)
            if inner is None:
                return None
            if edge == "rest":
                return inner
            told = inner[0]
            if edge == "turn":
                if told == Relative("year", 0, None) or told == Relative("century", 0, None):
                    return Turn("year" if told.unit == "year" else "century"), inner[1]
                return About(Piece("start", inner[0], True)), inner[1]
            which = edge  # type: ignore[assignment]
            return Piece(which, inner[0], True), inner[1]
        # "year end", "year's end", "month-end", "the week's end"
        unit = self.value(begin, "UNIT")
        if isinstance(unit, str) and unit in CALENDAR_UNITS:
            after = begin + 1
            if self.low[after] == "'" and self.low[after + 1] == "s":
                after += 2
            elif self.low[after] == "-":
                after += 1
            if self.low[after] == "end" and after > begin:
                return Piece("end", Relative(CALENDAR_UNITS[unit], 0, None), True), after + 1
        if self.has(begin, "EVE") and self.low[begin + 1] == "of":
            inner = self.date(begin + 2)
            if inner is not None and self.is_day(inner[0]):
                return Shifted(1, "day", -1, True, inner[0]), inner[1]
        return None

    def portion(self, at: int) -> Parsed:
        """The early part of 1943, the latter part of the year."""
        third = self.value(at, "PORTION") or self.value(at, "MODIFIER")
        if not isinstance(third, str) or self.low[at + 1 : at + 3] != ["part", "of"]:
            return None
        which: Third = third  # type: ignore[assignment]
        inner = self.container(at + 3)
        return None if inner is None else (Piece(which, inner[0]), inner[1])

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
        own = self.year(at)
        if own is not None and not self.counts(own[1]):
            return own
        return self.named(at)

    def container(self, at: int) -> Parsed:
        """What has a beginning and an end: a date, or "the month" that is meant."""
        parsed = self.date(at)
        if parsed is not None and not isinstance(parsed[0], Vague | Shifted):
            # "the start of the 2014 Games" is an edge of the games, not of the year.
            node, after = parsed
            bare = isinstance(node, Calendar) and node.season is None
            owned = isinstance(node, Named) and self.noun_after(after)
            return None if self.low[at] == "the" and (bare or owned) else parsed
        if self.low[at] == "the" or self.has(at, "DETERMINER"):
            unit = self.value(at + 1, "UNIT")
            if isinstance(unit, str) and unit in CALENDAR_UNITS:
                return Relative(CALENDAR_UNITS[unit], 0, None), at + 2
        return None

    def nth(self, at: int) -> Parsed:
        """The first quarter of 2009, Q2 2021, the last week of March, the first 6 months."""
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
        weekday = self.weekday(after)
        if weekday is not None and self.has(weekday[1], "OF"):
            whole = self.container(weekday[1] + 1)
            return (
                None if whole is None else (Nth(ordinal, "day", whole[0], 1, weekday[0]), whole[1])
            )
        if self.has(after, "UNITS") and self.low[after + 1] == "of" and ordinal in (1, -1):
            # "the closing weeks of 2012": nobody knows how many
            whole = self.container(after + 2)
            edge: Third = "start" if ordinal == 1 else "end"
            return None if whole is None else (Piece(edge, whole[0]), whole[1])
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
            if told not in CALENDAR_UNITS or told in ("decade", "century"):
                return None
            unit = CALENDAR_UNITS[str(told)]
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

    def is_statistic(self, at: int) -> bool:
        """Whether Q1 to Q4 without a year is rather a quartile or a question: nothing calls it."""
        if self.quartiles:
            return True
        called = at > 0 and (
            self.has(at - 1, "IN", "OF", "BOUND", "DIRECTION", "MODIFIER", "SLACK")
            or self.low[at - 1] in ("the", "than")
            or self.owned(at - 1)
            or (at > 2 and self.low[at - 3] == "q" and self.joins(at - 1))
        )
        return not (called or self.noun_after(at + 2))

    @cached_property
    def quartiles(self) -> bool:
        """Whether the text is about statistics."""
        return any("QUARTILE" in senses for senses in self.senses)

    def quarter_code(self, at: int) -> Parsed:
        """Q2 2021, 2Q21, H1 2020, 1H of 2020, 2021 Q2."""
        before = self.year(at) if self.kind[at] == "number" else None
        if before is not None:
            at = before[1] + 1 if self.low[before[1]] == "-" else before[1]
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
        if before is not None:
            year, after = before[0], at + 2
        elif self.glued(at + 1) and len(self.low[at + 2]) == 2 and self.integer(at + 2) is not None:
            year, after = Calendar(year=self.integer(at + 2), short=True), at + 3  # 2Q21
        if year is None and (unit == "half" or self.is_statistic(at)):
            return None
        return Nth(int(digit), unit, year), after
