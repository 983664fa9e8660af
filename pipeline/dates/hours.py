"""Times of day and parts of the day, alone and with their dates."""

from __future__ import annotations

from typing import Literal

from .cursor import Parsed
from .parts import Dates
from .tree import Clock, DayPart, Interval, Node, Relative, Shifted

_AT = ("at", "around", "by", "before", "after", "until", "till")
"""Words that make a part of the day without its day one of the day told of: before **dawn**."""


class Hours(Dates):
    """The rules of times; `point` is any date or time."""

    def point(self, at: int) -> Parsed:
        """A date or a time of day, with what narrows it: part of the day, clock, year."""
        if at not in self.points:
            self.points[at] = self.new_point(at)
        return self.points[at]

    def new_point(self, at: int) -> Parsed:
        """What `point` finds, worked out."""
        clock = self.clock(at)
        if clock is not None:
            node, after = self.clock_with_day(*clock)
            # "a ratio of 1:12", "it ended 2:30" are no hours; "at 2:30" is.
            sure = after > at + 1 or self.kind[at] != "clock" or self.calls_for_hour(at)
            return (node, after) if sure else None
        part = self.part_of_day(at)
        if part is not None:
            return part
        date = self.date(at)
        if date is None:
            return None
        return self.narrowed(*date)

    def calls_for_hour(self, at: int) -> bool:
        """Whether a word before two numbers makes them an hour: at 2:30, until about 9:15."""
        if at == 0 or self.kind[at - 1] == "break":
            return True
        of_time = self.has(at - 1, "IN", "BOUND", "RANGE", "APPROXIMATE", "SLACK")
        return of_time and self.low[at - 1] not in ("of", "by")

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
        """The time of day on a day."""
        return Clock(
            hour=clock.hour,
            minute=clock.minute,
            second=clock.second,
            zone=clock.zone,
            day=day,
            part=clock.part,
            twelve=clock.twelve,
        )

    def clock(self, at: int) -> tuple[Clock, int] | None:
        """9:45 a.m. local time, 3pm, 22:30, 1500 GMT, noon, 12:30 EST (16:30 UTC)."""
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

    def bare_clock(self, at: int) -> tuple[Clock, int] | None:
        """A time of day without its day or a second time in brackets."""
        if self.kind[at] == "word" and not self.senses[at]:
            return None
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
        elif (spoken := self.spoken_clock(at)) is not None:
            return spoken
        else:
            number = self.number(at)
            if number is None:
                return None
            value, after = number
            digits = self.low[at]
            plain = self.integer(at)
            if plain is not None and len(digits) == 4 and after == at + 1:
                hour, minute = int(digits[:2]), int(digits[2:])
                zone, end = self.zone(after)
                if hour > 23 or minute > 59 or end == after or not self.has(after, "ZONE"):
                    return None
                return Clock(hour=hour, minute=minute, zone=zone), end
            minutes = self.integer(at + 2) if after == at + 3 else None
            if plain is not None and minutes is not None and len(self.low[at + 2]) == 2:
                hour, minute = plain, minutes
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
        elif (
            self.low[after] == "o" and self.low[after + 1] == "'" and self.low[after + 2] == "clock"
        ):
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
            if (part in ("AF", "EV") and hour < 12) or (part == "NI" and 5 <= hour < 12):
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

    def spoken_clock(self, at: int) -> tuple[Clock, int] | None:
        """Half past eight, a quarter to six, ten past midnight."""
        begin = at + 1 if self.low[at] == "a" and self.low[at + 1] == "quarter" else at
        minutes = self.value(begin, "NUMBER")
        if self.low[begin] in ("half", "quarter"):
            minutes, past = (30 if self.low[begin] == "half" else 15), begin + 1
        elif isinstance(minutes, int) and 0 < minutes < 30:
            minutes, past = minutes, begin + 1
        else:
            return None
        before = self.low[past] == "to" and minutes == 15
        if self.low[past] != "past" and not before:
            return None
        named = self.value(past + 1, "HOUR")
        if isinstance(named, int):
            hour, after = named, past + 2
        else:
            number = self.number(past + 1)
            if number is None or not 1 <= number[0] <= 12 or self.counts(number[1]):
                return None
            hour, after = int(number[0]), number[1]
        if before:
            hour, minutes = (hour - 1) % 24, 45
        return Clock(hour=hour, minute=minutes, twelve=named is None), after

    def meridiem(self, at: int) -> tuple[int, int] | None:
        """am, a.m., P.M., A.M: hours to add and the position after it."""
        shift = self.value(at, "MERIDIEM")
        if isinstance(shift, int):
            return (shift, at + 1)
        letters = self.low[at : at + 3]
        if letters in (["a", ".", "m"], ["p", ".", "m"]) and self.glued(at) and self.glued(at + 1):
            after = at + 3
            if self.low[after] == "." and self.glued(after - 1):
                after += 1
            return (12 if letters[0] == "p" else 0), after
        return None

    def zone(self, at: int) -> tuple[str, int]:
        """UTC, EST, local time, or nothing."""
        value = self.value(at, "ZONE")
        if isinstance(value, str) and self.text_of(at).isupper():
            return value, at + 1
        if self.low[at] == "local" and self.low[at + 1] == "time":
            return "", at + 2
        # "Eastern time", "Eastern Standard Time", "Moscow time"
        for after in (at + 1, at + 2):
            if self.low[after] == "time" and all(map(self.capital, range(at, after))):
                return "", after + 1
        return "", at

    def offset_zone(self, at: int) -> tuple[str, int] | None:
        """GMT +8."""
        if self.value(at, "ZONE") == "Z" and self.low[at + 1] in ("+", "-"):
            hours = self.integer(at + 2)
            if hours is not None and hours <= 14:
                return f"{self.low[at + 1]}{hours:02d}:00", at + 3
        return None

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
        if day is None:
            return clock, after
        node, end = day
        part = self.value(end, "PART")
        if isinstance(part, str) and self.is_day(node):
            node, end = DayPart(part, node), end + 1
        if isinstance(node, DayPart) and node.day is not None:
            late = clock.twelve and clock.hour < 12 and node.part in ("AF", "EV", "NI")
            clock = Clock(
                hour=clock.hour + 12 * late,
                minute=clock.minute,
                second=clock.second,
                zone=clock.zone,
            )
            node = node.day
        elif not self.is_day(node):
            return clock, after
        return self.set_day(clock, node), end

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
        late = self.has(begin, "MODIFIER") and self.low[begin + 1 : begin + 3] == ["in", "the"]
        if late:
            early = begin + 3  # "late in the evening"
        elif self.has(early, "MODIFIER", "SLACK") and self.low[early] in ("early", "late", "just"):
            early += 1
        early += self.has(early, "SMALLHOURS")
        if self.low[early] == "hours" and self.low[early + 1] == "of" and early > begin:
            day = self.date(early + 2)
            return (
                None if day is None or not self.is_day(day[0]) else (DayPart("MO", day[0]), day[1])
            )
        part = self.value(early, "PART") or (
            "NI" if self.low[early] == "night" and begin > at else None
        )
        if not isinstance(part, str):
            return None
        after = early + 1
        if self.low[after] == "hours":
            after += 1
        if self.low[after] in ("of", "on", ","):
            nights = self.day_interval(after + 1)
            if nights is not None and isinstance(nights[0], Interval):
                return DayPart(part, nights[0]), nights[1]
            day = self.date(after + 1)
            if day is not None and self.is_day(day[0]):
                return DayPart(part, day[0]), day[1]
        if self.low[after] in ("before", "after") and begin > at:
            day = self.date(after + 1)
            shift: Literal[-1, 1] = -1 if self.low[after] == "before" else 1
            if day is not None and self.is_day(day[0]):
                return DayPart(part, Shifted(1, "day", shift, True, day[0])), day[1]
            return DayPart(part, Relative("day", shift, True)), after + 1
        if late or (early == at and part != "NI" and self.low[at - 1] in _AT):
            return None if self.noun_after(after) else (DayPart(part, None), after)
        return None
