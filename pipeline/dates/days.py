"""Days, months and seasons on the calendar, in all their orders."""

from __future__ import annotations

import re

import msgspec

from .cursor import Parsed
from .tree import Calendar, Clock, Directed, Interval, Node, Nth, Piece, Relative
from .years import CalendarYears

_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?(Z|[+-]\d\d:?\d\d)?)?")


class Days(CalendarYears):
    """The rules of days, months and seasons."""

    def calendar(self, at: int) -> Parsed:
        """Fields of the calendar: weekday, day, month, year, season, in all their orders."""
        if self.kind[at] == "iso":
            return self.iso(at)
        if self.kind[at] == "slash":
            return self.slashed(at)
        weekday = self.weekday(at)
        if weekday is not None:
            if at and self.low[at - 1] == "a" and not self.noun_after(weekday[1]):
                return None  # "on a Monday" is any
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

    def joins(self, at: int) -> bool:
        """Whether a word stands here that joins two ends."""
        return self.low[at] == "-" or self.has(at, "RANGE", "AND")

    def lonely(self, at: int) -> bool:
        """Whether no noun follows that "the 18th" could count."""
        return self.kind[at] != "word" or self.has(at, "IN", "AND", "RANGE", "BOUND", "TENSE")

    def in_year(self, fields: Calendar, year: Calendar | None, after: int) -> tuple[Node, int]:
        """The fields with their year, or with a year told from the anchor: "January next year"."""
        if year is not None:
            return with_year(fields, year), after
        begin = after + 1 if self.low[after] in ("of", "in", "-") else after
        if self.has(self.article(begin), "DIRECTION"):
            told = self.relative(begin)
            if told is not None and isinstance(told[0], Relative) and told[0].unit == "year":
                return self.in_told_year(fields, told[0]), told[1]
        return fields, after

    def in_told_year(self, fields: Node, year: Relative) -> Node:
        """Fields in a year counted from the anchor."""
        return Directed(year.shift, Nth(0, "year", fields), bool(year.narrative))

    def season_date(self, at: int) -> Parsed:
        """Fall of 1999, summer 2012, the spring, autumn (after a preposition)."""
        begin = self.article(at)
        season = self.season(begin)
        if season is None:
            return None
        value, after = season
        year, end = self.year_after(after, of=True)
        if year is not None and self.low[after] != ",":
            end = self.over_next_year(year, end)
            return Calendar(season=value, year=year.year, short=year.short), end
        if self.low[after] in ("of", "in"):
            told = self.relative(after + 1)
            if told is not None and isinstance(told[0], Relative) and told[0].unit == "year":
                fields = Calendar(season=value)
                return self.in_told_year(fields, told[0]), told[1]
        if self.has(after, "SEASONAL") and not self.capital(begin):
            return Calendar(season=value), after  # their summer offensive
        ambiguous = self.low[begin] in ("fall", "spring")
        if ambiguous and self.low[after] == "of":
            return None  # the fall of Saigon
        called_for = at > 0 and self.has(at - 1, "IN", "BOUND")
        if ambiguous and not (called_for and (begin > at or self.low[begin] == "spring")):
            return None
        if begin == at and not called_for:
            return None
        followed = self.follows_date(after) or self.low[after].endswith("ed")
        if self.kind[after] == "word" and not followed:
            return None
        return Calendar(season=value), after

    def over_next_year(self, year: Calendar, at: int) -> int:
        """Past a second year that a winter runs into: the winter of 2013**-14**."""
        if year.year is None or self.low[at] not in ("-", "/"):
            return at
        ends = self.year_of_two(at - 1, at + 1), self.integer(at + 1)
        return at + 2 if year.year + 1 in ends else at

    def season_interval(self, at: int) -> Parsed:
        """Summer and autumn 1918, the winter-spring of 1920, spent the spring and early summer."""
        begin = self.article(at)
        first = self.season(begin)
        if first is None or not (self.joins(first[1]) or self.low[first[1]] == "/"):
            return None
        piece = self.article(first[1] + 1)
        third = self.value(piece, "MODIFIER")
        last = self.season(piece + 1 if third else piece)
        if last is None or (last[0] - first[0]) % 4 != 1:
            return None
        year, after = self.year_after(last[1], of=True)
        if year is None:
            called_for = at > 0 and self.has(at - 1, "IN", "BOUND")
            if not (called_for or begin > at) or self.noun_after(after):
                return None
            year = Calendar()
        after = self.over_next_year(year, after)
        opening = with_year(Calendar(season=first[0]), year)
        if opening.year is not None and first[0] > last[0]:
            opening = msgspec.structs.replace(opening, year=opening.year - 1)
        closing: Node = with_year(Calendar(season=last[0]), year)
        if isinstance(third, str):
            closing = Piece(third, closing)  # type: ignore[arg-type]
        return Interval(opening, closing), after

    def follows_date(self, at: int) -> bool:
        """Whether the word may follow a season or a month that stands for itself."""
        known = bool(self.senses[at]) and not self.unknown(at)
        return known and not self.has(at, "UNIT", "UNITS", "DATABLE", "SEASONAL")


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
