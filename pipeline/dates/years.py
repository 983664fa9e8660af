"""Years, decades and centuries, and the numbers that are none."""

from __future__ import annotations

from .cursor import COMMON_YEARS, LAST_YEAR, Parsed
from .lengths import Lengths
from .tree import Calendar, Interval, Years

_LAST_DAY = 31
"""Up to here "the year 12" may count the years of something."""


class CalendarYears(Lengths):
    """The rules of years, decades and centuries."""

    def bare_year(self, at: int) -> Parsed:
        """A year by itself, if it is one and not a count or a code."""
        if self.has(self.article(at), "FISCAL"):
            return self.fiscal_year(self.article(at))
        if self.low[at] == "year" and self.year(at + 1):
            return self.year(at + 1)
        if self.low[at - 1 : at + 1] == ["the", "year"] and not self.counted(at + 1):
            value = self.integer(at + 1)
            if value is not None and value > _LAST_DAY:
                return Calendar(year=value), at + 2
        year = self.year(at)
        if year is None:
            return None
        node, after = year
        if len(self.low[at]) == 3 and after == at + 1:
            return None if self.is_identified(at) else (node, after)
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
        if self.is_identified(at):
            return True
        if previous == "-" and self.kind[before - 1] == "number" and self.is_identified(at - 2):
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
        if value in COMMON_YEARS and self.has(behind, "DATABLE") and not self.has(before, "SLACK"):
            return False  # "below 1990 levels"
        if value in COMMON_YEARS and strong and previous not in ("about", "around", "near"):
            return self.is_plural(behind) and value % 100 == 0 and previous != "the"
        if self.is_plural(behind):
            return True
        if value in COMMON_YEARS:
            return False
        return not strong or value % 500 == 0

    def is_identified(self, at: int) -> bool:
        """Whether a number is that of a rule, a page or a volume: Rule 2016, 92 (6): 1087."""
        before = at - 1
        if before < 1:
            return at > 0 and self.has(before, "IDENTIFIER")
        if self.low[before] == ":" and self.low[at + 1] == "-":
            return self.low[before - 1] == ")" or self.kind[before - 1] == "number"
        if self.low[before] == ".":
            before -= 1
        return self.has(before, "IDENTIFIER") and not self.has(before, "MONTH")

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
                    owner = after > begin + 1 and begin == at and not self.dated(at)
                    if owner and self.noun_after(after + 1):
                        return None  # "Vision 2030's goals" are those of the year
                    return Years("decade", int(word) // 10), after + 1
                if len(word) in (2, 3) and (era := self.era(after + 1)) and era[0] < 0:
                    # The 470s BC are 479 to 470 BC.
                    first = int(word) + 9
                    return Interval(Calendar(year=1 - first), Calendar(year=1 - int(word))), era[1]
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
