"""Dates without a time of day: on the calendar, told from an anchor, named, and parts of them."""

from __future__ import annotations

import re

from .calendar import Unit
from .cursor import COMMON_YEARS, LAST_YEAR, Parsed
from .lengths import Lengths
from .tree import (
    About,
    Ahead,
    Calendar,
    Clock,
    DayPart,
    Directed,
    Interval,
    Length,
    Named,
    Node,
    Nth,
    Piece,
    Relative,
    Shifted,
    Stretch,
    Third,
    Vague,
    Years,
)

_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?(Z|[+-]\d\d:?\d\d)?)?")
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
_DEEPEST = 8
"""How deep dates may lie in one another ("the end of the first week of next month")."""


class Days(Lengths):
    """The rules of dates."""

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
                closed = self.low[comma - 1] == "(" and self.low[parsed[1]] == ")"
                return parsed[0], parsed[1] + closed
            if self.low[weekday[1]] == "week":
                return Directed(2, Calendar(weekday=weekday[0])), weekday[1] + 1
            return Calendar(weekday=weekday[0]), weekday[1]
        if self.low[at] == "the":
            weekday = self.weekday(at + 1)
            if weekday is not None:
                return Directed(-1, Calendar(weekday=weekday[0]), True), weekday[1]
        return self.day_and_month(at) or self.season_date(at) or self.bare_year(at)

    def iso(self, at: int) -> Parsed:
        """An ISO 8601 date, with a time where one is glued to it."""
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
        """19/11/2004, 7/8/07, 2004/11/19, 19.11.2004; sizes tell which number is the month."""
        dotted = "." in self.low[at]
        first, second, third = self.low[at].split("." if dotted else "/")
        if dotted:
            year, month, day, other = int(third), int(second), int(first), False
        elif len(first) == 4:
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
            dated = self.low[after] == "the" and self.ordinal(after + 1) is not None
            day = self.day_of_month(after + 1 if dated else after)
            if day is not None and not self.counts(day[1]):
                # "June 2015" has no day; "May 15-year-olds" has none either.
                number, after = day
                year, after = self.year_after(after)
                return self.in_year(Calendar(month=name, day=number), year, after)
            year, after = self.year_after(after, of=True)
            return self.in_year(Calendar(month=name), year, after)
        begin = self.article(at)
        if self.low[begin] == "month" and self.low[begin + 1] == "of" and self.month(begin + 2):
            return self.day_and_month(begin + 2)
        day = self.day_of_month(begin)
        if day is not None:
            number, after = day
            if self.low[after] == "-" and self.low[after + 2] == "-":
                # 21-Sep-2015
                named, whole = self.value(after + 1, "MONTH"), self.year(after + 3)
                if isinstance(named, int) and whole is not None:
                    return with_year(Calendar(month=named, day=number), whole[0]), whole[1]
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
            before = self.low[at - 1] if at else ""
            called_for = before == "on" or (before != "from" and self.has(at - 1, "BOUND"))
            if (
                begin > at
                and called_for
                and self.has(begin + 1, "SUFFIX")
                and self.lonely(begin + 2)
            ):
                return Calendar(day=number), begin + 2
        return None

    def lonely(self, at: int) -> bool:
        """Whether no noun follows that "the 18th" could count."""
        return self.kind[at] != "word" or self.has(at, "IN", "AND", "RANGE", "BOUND", "TENSE")

    def in_year(self, fields: Calendar, year: Calendar | None, after: int) -> tuple[Node, int]:
        """The fields with their year, or with a year told from the anchor: "January next year"."""
        if year is not None:
            return with_year(fields, year), after
        begin = after + 1 if self.low[after] in ("of", "in", "-", ",") else after
        if self.has(begin, "DIRECTION"):
            told = self.relative(begin)
            if (
                told is not None
                and isinstance(told[0], Relative)
                and told[0].unit == "year"
                and not (begin > after and self.low[after] == ",")
            ):
                return self.in_told_year(fields, told[0]), told[1]
        return fields, after

    def in_told_year(self, fields: Node, year: Relative) -> Node:
        """Fields in a year counted from the anchor."""
        return Directed(year.shift, Nth(0, "year", fields), bool(year.narrative))

    def year_after(self, at: int, of: bool = False) -> tuple[Calendar | None, int]:
        """A year after a month or a day: ", 2004", "of 1977", " ’72"."""
        begin = at
        if self.low[begin] == "," or self.low[begin] == "of" or (self.low[begin] == "in" and of):
            begin += 1
        year = self.year(begin)
        if year is None or (self.low[at] == "in" and not of):
            return None, at
        if self.low[at] == "," and (self.counts(year[1]) or self.is_plural(year[1])):
            return None, at
        return year

    def season_date(self, at: int) -> Parsed:
        """Fall of 1999, summer 2012, the spring, autumn (after a preposition)."""
        begin = self.article(at)
        season = self.season(begin)
        if season is None:
            return None
        value, after = season
        year, end = self.year_after(after, of=True)
        if year is not None and self.low[after] != ",":
            if self.low[end] in ("-", "/") and self.year_of_two(end - 1, end + 1):
                end += 2  # the winter of 2013-14
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
        return bool(self.senses[at]) and not self.has(at, "UNIT", "UNITS")

    def bare_year(self, at: int) -> Parsed:
        """A year by itself, if it is one and not a count or a code."""
        if self.has(self.article(at), "FISCAL"):
            return self.fiscal_year(self.article(at))
        if self.low[at] == "year" and self.year(at + 1):
            return self.year(at + 1)
        year = self.year(at)
        if year is None:
            return None
        node, after = year
        if node.short or after > at + 1:
            if node.short and not (
                at > 0 and self.has(at - 1, "IN", "BOUND", "AND", "MONTH", "OF")
            ):
                return None
            return node, after
        return None if self.is_count(at, after) else (node, self.over_fiscal(after))

    def fiscal_year(self, at: int) -> Parsed:
        """Fiscal year 2005, fiscal 2026, FY04: the year of its name."""
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
        if previous == "." and self.glued(before) and self.kind[at - 2] == "number":
            return True
        if previous in ("$", "£", "€", "#", "¥", "+", "/"):
            return True
        if self.counts(behind) or self.low[behind] in ("°", "x", "*"):
            return True
        if self.noun_after(behind) and self.capital(behind) and self.has(behind + 1, "STREET"):
            return True
        joined = self.low[behind] == "-" or self.has(behind, "AND", "RANGE")
        if joined and self.kind[behind + 1] == "number" and self.counts(behind + 2):
            return True  # "between 1900 and 2100 dollars"
        if (
            previous == "of"
            and value % 100 == 0
            and before > 1
            and self.low[before - 2] in ("a", "an")
        ):
            return True  # "a crowd of 2000"
        if (
            self.low[behind] in (".", ",")
            and self.glued(at)
            and self.glued(behind)
            and self.kind[behind + 1] == "number"
        ):
            return True
        if self.low[behind] == "-" and self.has(behind + 1, "UNIT", "UNITS"):
            return True
        strong = at > 0 and (
            self.has(before, "IN", "BOUND", "MODIFIER", "FISCAL", "AND", "RANGE", "BETWEEN")
            or previous in ("the", "(", "of")
            or (previous == "-" and self.kind[before - 1] == "number")
            or (previous == "-" and self.has(before - 1, "BOUND", "MODIFIER"))
            or (
                self.has(before, "APPROXIMATE")
                and before > 0
                and self.has(before - 1, "IN", "BOUND")
            )
            or previous in ("circa", "ca", "c")
            or self.owned(before)
        )
        if value in COMMON_YEARS and strong and previous not in ("about", "around", "near"):
            return self.is_plural(behind) and value % 100 == 0 and previous != "the"
        if self.is_plural(behind):
            return True
        if value in COMMON_YEARS:
            return False
        return not strong or value % 500 == 0

    def owned(self, before: int) -> bool:
        """Whether a possessive ends here: "the party's **2016** gains"."""
        if self.low[before] == "s":
            return before > 1 and self.low[before - 1] == "'" and self.glued(before - 1)
        return before > 1 and self.low[before] == "'" and self.low[before - 1].endswith("s")

    def years(self, at: int) -> Parsed:
        """The 1990s, 1930's, the ’90s, the late sixties, the 19th century, this century's start."""
        begin = self.article(at)
        short = False
        if self.low[begin] == "'" and self.glued(begin):
            begin, short = begin + 1, True
        word = self.low[begin]
        if self.integer(begin) is not None:
            after = begin + 1
            if self.low[after] == "'" and self.glued(begin):
                after += 1
            if self.low[after] == "s" and self.glued(begin) and word.endswith("0"):
                if len(word) == 4 and not short and int(word) < LAST_YEAR:
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
            # Rules call themselves only through `date`, which bounds the depth.
            named = self.date(begin + 2)
            return named if named is not None and isinstance(named[0], Years) else None
        ordinal = self.ordinal(begin)
        if ordinal is not None and not short:
            value, after = ordinal
            if self.low[after] == "-":
                after += 1
            if "century" in (self.value(after, "UNIT"), self.value(after, "UNITS")) and (
                1 <= value <= 30
            ):
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
            if (
                self.low[begin] in ("day", "night", "year", "week", "month")
                and self.low[at] == "the"
            ) and self.low[begin + 1] in ("before", "after", "previous", "earlier"):
                return self.day_before_or_after(begin)
            if (
                self.low[at] == "the"
                and self.has(begin, "WHOLE")
                and self.low[begin + 1] in ("year", "decade", "century")
            ):
                return Relative(_CALENDAR_UNITS[self.low[begin + 1]], 0, None), begin + 2
            if self.low[begin] == "decade" and self.low[at] == "the" and not self.capital(begin):
                return Relative("decade", 0, True), begin + 1
        if self.low[at] == "all" and self.low[at + 1] == "year":
            return Relative("year", 0, None), at + 2
        if self.has(begin, "LATER") and self.low[at] != "the":
            return self.earlier_this(begin)
        if self.has(begin, "MODIFIER") and begin > at:
            return None
        direction = self.value(begin, "DIRECTION")
        if not isinstance(direction, str):
            return None
        after = begin + 1
        if (
            direction == "this"
            and self.has(after, "DIRECTION")
            and self.low[after]
            in (
                "past",
                "last",
                "coming",
                "next",
                "same",
            )
        ):
            direction, after = str(self.value(after, "DIRECTION")), after + 1
        return self.directed(direction, after, article=begin > at)

    def after_deictic(self, shift: int, after: int) -> Parsed:
        """What stands after today, yesterday or tomorrow."""
        part = self.value(after, "PART")
        if isinstance(part, str):
            return DayPart(part, Relative("day", shift)), after + 1
        return Relative("day", shift), after

    def day_before_or_after(self, at: int) -> Parsed:
        """The day before (Christmas), the year previous, the night before."""
        unit = self.low[at]
        sign = 1 if self.low[at + 1] == "after" else -1
        after = at + 2
        if unit != "night" and [self.low[at + 1], self.low[after]] == ["before", "last"]:
            return Relative(_CALENDAR_UNITS[unit], -2), after + 1
        if unit != "night" and [self.low[at + 1], self.low[after]] == ["after", "next"]:
            return Relative(_CALENDAR_UNITS[unit], 2), after + 1
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
        """Earlier this month, later in the week, later on Monday."""
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
        part_of = self.fraction(at)
        if part_of is not None and shift:
            # "the past half-century"
            share, after = part_of
            return Stretch(share, str(self.value(after, "UNIT")), -1 if shift < 0 else 1), after + 1
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
                if article and (
                    direction == "past"
                    or (direction == "last" and unit in ("year", "decade", "century"))
                ):
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
        if self.low[at] in ("period", "time", "quarter", "season") and direction in (
            "same",
            "this",
        ):
            told = self.date(at + 1)
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
        if named is not None and direction != "following" and not self.is_bound(named[0]):
            return Directed(shift, Named(named[0]), narrative), named[1]
        return None

    def stretch(self, shift: int, direction: str, at: int) -> Parsed:
        """The past 25 years, the next several months, these last two weeks, last few days."""
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
                most = self.number(after + 1) if self.low[after] in ("to", "or", "-") else None
                if most is not None and most[0] > amount:
                    amount, after = most  # "the next three to five years"
        after = self.over_fillers(after)
        unit = self.value(after, "UNITS") or self.value(after, "UNIT")
        if not isinstance(unit, str):
            return None
        after += 1
        half = self.and_a_half(after)
        if half is not None and amount is not None:
            amount, after = amount + 0.5, half
        return Stretch(amount, unit, -1 if shift < 0 else 1), after

    def ending(self, at: int) -> Parsed:
        """The year to June 2015, the three months ended March 31, the 12 months to August."""
        if self.low[at] != "the":
            return None
        number = self.number(at + 1)
        amount, after = (1.0, at + 1) if number is None else number
        unit = self.value(after, "UNIT" if number is None else "UNITS")
        if unit not in ("week", "month", "quarter", "year") or not self.has(after + 1, "ENDING"):
            return None
        end = self.day_and_month(after + 2)
        if end is None or not 0 < amount < 1000:
            return None
        return Stretch(amount, str(unit), -1, end[0]), end[1]

    def name(self, at: int) -> tuple[int, int] | None:
        """A named day or period: its row and the position after it."""
        phrase = self.atoms.phrases.get(at)
        if phrase is None or phrase.kind != "named" or not isinstance(phrase.value, int):
            return None
        form = self.named_days[phrase.value].form
        if self.kind[at] == "word" and not self.capital(at) and form != "lower":
            return None
        if self.low[at] == "new" and self.capital_before(at) and not self.senses[at - 1]:
            return None  # the new year of another calendar
        after = at + len(phrase.atoms)
        if self.noun_after(after) and self.capital(after) and not self.titled(after - 1):
            return None  # "the Ramadan Offensive"
        if self.is_event(at, phrase.value):
            return None
        return phrase.value, at + len(phrase.atoms)

    def is_bound(self, key: int) -> bool:
        """Whether a name stands for the time before or after something: "pre-war"."""
        return self.named_days[key].bound is not None

    def is_event(self, at: int, key: int) -> bool:
        """Whether a name is that of an event and nothing before it calls for a time.

        "since the Gulf War", "pre-Iraq war", "by the end of the Cold War" do.
        """
        if self.named_days[key].form != "bound":
            return False
        before = at - 1
        if before > 0 and self.low[before] == "-":
            return not self.has(before - 1, "BOUND")
        if before > 0 and self.low[before] == "the":
            before -= 1
        if before > 0 and self.low[before] == "of" and self.has(before - 1, "EDGE"):
            before -= 3 if before > 2 and self.low[before - 2] == "the" else 2
        if before < 0 or self.noun_after(at + len(self.atoms.phrases[at].atoms)):
            return True  # "since Cold War problems"
        return not self.has(before, "BOUND", "OFFSET")

    def named(self, at: int) -> Parsed:
        """Christmas, the 1968 Christmas holidays, Easter 2015, 9/11, World War II."""
        begin = self.article(at)
        year = self.year(begin)
        if year is not None:
            name = self.name(year[1])
            return None if name is None else (Named(name[0], year[0]), name[1])
        name = self.name(begin)
        if name is None or self.is_bound(name[0]):
            return None
        key, after = name
        weekend = self.low[after] == "weekend"
        after += weekend
        year_after, end = self.year_after(after)
        if year_after is not None and self.low[after] != "of":
            return Named(key, year_after, weekend), end
        begin = after + 1 if self.low[after] in ("of", "-", ",") else after
        told = self.relative(begin) if self.has(begin, "DIRECTION") else None
        if told is not None and isinstance(told[0], Relative) and told[0].unit == "year":
            return Named(key, told[0], weekend), told[1]
        return Named(key, None, weekend), after

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
        edge = self.value(begin, "EDGE")
        if isinstance(edge, str) and self.low[begin + 1] == "of":
            inner = self.container(begin + 2)
            if inner is None:
                return None
            if edge == "rest":
                return inner
            if edge == "turn":
                return About(Piece("start", inner[0], True)), inner[1]
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
            if isinstance(unit, str) and unit in _CALENDAR_UNITS:
                return Relative(_CALENDAR_UNITS[unit], 0, None), at + 2
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
            if told not in _CALENDAR_UNITS or told in ("decade", "century"):
                return None
            unit = _CALENDAR_UNITS[str(told)]
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
        if year is None and unit == "half":
            return None
        return Nth(int(digit), unit, year), after

    def shifted(self, at: int) -> Parsed:
        """Two years ago, three days later, a week before Christmas, in two years' time."""
        begin = at
        within = self.low[at] in ("in",)
        if within:
            begin += 1
        while self.has(begin, "SLACK", "APPROXIMATE") and begin - at < 3:
            begin += 1
        numbered = self.kind[begin] == "number" or self.has(
            begin, "NUMBER", "DETERMINER", "QUANTITY"
        )
        if not within and begin > at and not numbered:
            return None
        rough = any(self.has(i, "APPROXIMATE") for i in range(at, begin))
        length = self.plain_length(begin)
        if length is None:
            return self.ahead(at, begin) if within else self.weekdays_ago(begin)
        (amount, unit), after = length
        if unit in ("second",) or (amount is not None and amount > 20_000):
            return None
        if self.low[after] == "'":
            if within and self.low[after + 1] == "time":
                return Shifted(amount, unit, 1), after + 2
            if self.low[after + 1] == "s" and self.low[after + 2] == "time" and within:
                return Shifted(amount, unit, 1), after + 3
            return None
        if within and not (self.low[after] == "from" and self.low[after + 1] in ("now", "today")):
            return None if rough else self.ahead(at, begin)
        weekday = self.weekday(after + 1) if self.low[after] == "on" else None
        if weekday is not None and unit == "week" and amount is not None:
            return Directed(int(amount) + 1, Calendar(weekday=weekday[0])), weekday[1]
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
            elif self.low[after] == "this" and self.value(after + 1, "UNIT") in _CALENDAR_UNITS:
                # "ten years ago this month"
                now = Relative(_CALENDAR_UNITS[str(self.value(after + 1, "UNIT"))], 0)
                after += 2
                node = Shifted(amount, unit, -1, False, now)
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
            if not self.ends_clause(after):
                return None
            node = Shifted(amount, unit, -1)
        else:
            node = Shifted(amount, unit, -1 if told == "earlier" else 1, True)
        compared = told in ("earlier", "later") and self.low[after] == "than"
        if compared or (unit in ("minute", "hour") and told != "ago"):
            # A comparison, and within a day nothing finer is known than the length itself.
            return Length(((amount, unit),)), after
        return (About(node) if rough else node), after

    def ahead(self, at: int, begin: int) -> Parsed:
        """In three days, in two to three years, in a year or two: the length after "in"."""
        length, after = self.length(begin) or (None, at)
        if not isinstance(length, Length):
            return None
        if len(length.least) > 1 or length.least[0][1] in ("hour", "minute", "second"):
            return None
        sure = self.low[after] != "of" and not self.is_record(at)
        return (Ahead(length), after) if sure else None

    def is_record(self, at: int) -> bool:
        """Whether a superlative makes "in N years" the years behind: the worst drought in ten."""
        return any(
            self.has(i, "SUPERLATIVE") or (self.low[i].endswith("est") and not self.senses[i])
            for i in range(max(0, at - 4), at)
        )

    def weekdays_ago(self, at: int) -> Parsed:
        """Three Thursdays ago."""
        number = self.number(at)
        if number is None or not number[0].is_integer() or not 0 < number[0] < 60:
            return None
        weekday = self.value(number[1], "WEEKDAYS")
        if isinstance(weekday, int) and self.low[number[1] + 1] == "ago":
            return Directed(-int(number[0]), Calendar(weekday=weekday)), number[1] + 2
        return None


def with_year(fields: Calendar, year: Calendar) -> Calendar:
    """The fields with the year of another date."""
    return Calendar(
        year=year.year,
        short=year.short,
        month=fields.month,
        day=fields.day,
        weekday=fields.weekday,
        season=fields.season,
        other=fields.other,
    )
