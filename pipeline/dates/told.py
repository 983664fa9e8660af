"""Dates told from an anchor: last week, two years ago, the year before the war."""

from __future__ import annotations

from .cursor import Parsed
from .lengths import CALENDAR_UNITS
from .names import Names
from .tree import (
    About,
    Ahead,
    Calendar,
    DayPart,
    Directed,
    Length,
    Named,
    Node,
    Piece,
    Relative,
    Shifted,
    Stretch,
    Third,
    Vague,
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


class Told(Names):
    """The rules of dates that are told from another: the writing, the passage, a date."""

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
            ) and self.low[begin + 1] in ("before", "after", "previous", "earlier", "following"):
                return self.day_before_or_after(begin)
            if (
                self.low[at] == "the"
                and self.has(begin, "WHOLE")
                and self.low[begin + 1] in ("year", "decade", "century")
            ):
                return Relative(CALENDAR_UNITS[self.low[begin + 1]], 0, None), begin + 2
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
        sign = 1 if self.low[at + 1] in ("after", "following") else -1
        after = at + 2
        if unit != "night" and [self.low[at + 1], self.low[after]] == ["before", "last"]:
            return Relative(CALENDAR_UNITS[unit], -2), after + 1
        if unit != "night" and [self.low[at + 1], self.low[after]] == ["after", "next"]:
            return Relative(CALENDAR_UNITS[unit], 2), after + 1
        base_unit = "day" if unit == "night" else unit
        if self.low[at + 1] in ("before", "after", "following"):
            base = self.date(after)
            if base is None and self.low[after] == "yesterday":
                base = Relative("day", -1), after + 1
            if base is not None and not isinstance(base[0], Vague):
                return Shifted(1, base_unit, sign, True, base[0]), base[1]  # type: ignore[arg-type]
        node: Node = Relative(CALENDAR_UNITS[base_unit], sign, True)
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
            unit = CALENDAR_UNITS.get(str(self.value(after + 1, "UNIT")))
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
        if self.low[at - 1] in ("this", "next") and self.low[at] == "years":
            unit = "year"  # an apostrophe left out
        if isinstance(unit, str):
            after = fiscal + 1
            half = self.and_a_half(after)
            if half is not None and shift:
                return Stretch(1.5, unit, -1 if shift < 0 else 1), half
            if unit in CALENDAR_UNITS:
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
                node: Node = Relative(CALENDAR_UNITS[unit], shift, narrative)
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
        if self.low[at - 1] == "last" and at > 1 and self.has(at - 2, "MODAL"):
            return None  # "may last ten years"
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
        if self.has(after, "OFFSET") and self.low[after] == "ago":
            return None  # "saw it coming two years ago"
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
        if self.has(begin, "DETERMINER") and begin == at and self.is_counted(at):
            return None  # "$50,000 a day before 2030"
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
            deictic = self.value(after, "DEICTIC")
            if isinstance(deictic, int):
                # "three years ago tomorrow night"
                after += 2 if self.has(after + 1, "PART") else 1
                node = Shifted(amount, unit, -1, False, Relative("day", deictic))
            elif self.low[after] == "this" and self.value(after + 1, "UNIT") in CALENDAR_UNITS:
                # "ten years ago this month"
                now = Relative(CALENDAR_UNITS[str(self.value(after + 1, "UNIT"))], 0)
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

    def is_counted(self, at: int) -> bool:
        """Whether a number that is no year stands right before."""
        number = self.number(at - 1) if at else None
        return number is not None and not self.is_year_number(at - 1, number[0])

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
