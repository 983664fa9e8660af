"""Durations: how they are said, and how ISO 8601 writes them."""

from __future__ import annotations

from .calendar import Unit
from .cursor import Cursor, Parsed
from .tree import Length, Quantity, Repeated

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
CALENDAR_UNITS: dict[str, Unit] = {
    "day": "day",
    "week": "week",
    "weekend": "weekend",
    "month": "month",
    "quarter": "quarter",
    "year": "year",
    "decade": "decade",
    "century": "century",
}
"""Units of length that are boxes of the calendar."""

_WITHIN_UNITS = frozenset({"hour", "day", "week", "fortnight", "month", "year", "decade"})
_ORDER = ("Y", "M", "W", "D", "TH", "TM", "TS")


def iso_length(parts: tuple[Quantity, ...]) -> str:
    """Quantities as an ISO 8601 duration; an unknown number is X, that of decades X0.

    Example:
        >>> iso_length(((5, "year"), (4, "month")))
        'P5Y4M'
        >>> iso_length(((None, "decade"),))
        'PX0Y'
    """
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
        finer = {"Y": ("M", 12), "D": ("TH", 24), "TH": ("TM", 60), "TM": ("TS", 60)}.get(letter)
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
    return str(int(number)) if number == int(number) else f"{number:.3f}".rstrip("0").rstrip(".")


def period(unit: str, count: float = 1) -> str:
    """A recurring period: every so many units."""
    return iso_length(((count, unit),))


def _rank(unit: str) -> int:
    return len(_ORDER) - _ORDER.index(_ISO_UNITS[unit][1])


class Lengths(Cursor):
    """The rules of durations."""

    def plain_length(self, at: int) -> tuple[Quantity, int] | None:
        """One number and its unit: "two years", "a year", "several days", "half an hour"."""
        if self.kind[at] == "word" and not self.senses[at]:
            return None
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
            elif (part := self.fraction(at + 1)) is not None:
                amount, after = part
            elif self.low[at + 1] in ("matter", "number", "period") and self.low[at + 2] == "of":
                if self.has(at + 3, "UNITS"):
                    amount, after = None, at + 3
                else:
                    number = self.mixed_number(at + 3)
                    if number is None:
                        return None
                    amount, after = number
            elif self.has(at + 1, "UNITS") or (
                self.low[at + 2] == "-" and self.has(at + 3, "LONG", "OLD")
            ):
                return None  # "a decades-old feud", "a year-long one": the article is the noun's
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
                lasting = self.low[at + 1] == "-" and self.has(at + 2, "LONG", "OLD")
                if self.has(at, "UNITS") and (
                    self.low[at] not in ("days", "minutes", "seconds") or self.spans(at) or lasting
                ):
                    amount, after = None, at
                elif self.has(at, "UNIT") and lasting and self.low[at - 1] != "-":
                    amount, after = 1, at
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
        if self.low[after] in ("more", "]"):
            after += 1
        after = self.over_fillers(after)
        if self.is_adjective(after) and self.has(after + 1, "UNITS") and digits:
            after += 1  # "ten brutal months"
        unit = self.value(after, "UNITS")
        if isinstance(unit, str) and self.capital(after) and not self.titled(after):
            # "60 Minutes", "the Seven Years War"
            return None
        if not isinstance(unit, str):
            aged = self.has(after + 1, "OLD") or self.has(after + 2, "OLD")
            if amount is not None and self.is_year_number(at, amount) and not aged:
                return None
            unit = self.value(after, "UNIT")
            if not isinstance(unit, str) or unit in ("quarter", "weekend"):
                return None
            if unit == "night" and (dash or amount == 1):
                return None
            if unit == "second" and amount != 1 and not dash:
                return None
            if amount is None and digits and not dash:
                return None
        elif (
            unit in ("weekend", "quarter") and (amount is None or self.low[after + 1] == "of")
        ) or (unit == "night" and amount is None):
            return None
        after += 1
        half = self.and_a_half(after)
        if half is not None and amount is not None:
            return (amount + 0.5, unit), half
        return (amount, unit), after

    def fraction(self, at: int) -> tuple[float, int] | None:
        """Half or a quarter of the unit that follows: half-century, quarter of a century."""
        share = 0.5 if self.has(at, "HALF") else 0.25 if self.low[at] == "quarter" else None
        if share is None:
            return None
        if self.low[at + 1] == "-" and self.has(at + 2, "UNIT"):
            return share, at + 2
        if self.low[at + 1 : at + 3] in (["of", "a"], ["of", "an"]) and self.has(at + 3, "UNIT"):
            return share, at + 3
        return None

    def over_fillers(self, at: int) -> int:
        """Past words that may stand between number and unit: "seven short days"."""
        for _ in range(2):
            if self.has(at, "FILLER") or self.value(at, "DIRECTION") == "row":
                at += 1
            elif self.low[at] == "-" and self.has(at + 1, "FILLER"):
                at += 2
        return at

    def is_adjective(self, at: int) -> bool:
        """Whether the word is none of ours and no plural that the number counts."""
        told = self.value(at, "DIRECTION") in ("previous", "following")
        unknown = self.unknown(at) and not self.capital(at)
        return told or (unknown and not self.low[at].endswith("s"))

    def spans(self, at: int) -> bool:
        """Whether the word before makes a bare plural a length: "for days"."""
        return at > 0 and self.has(at - 1, "IN", "OFFSET", "SLACK")

    def length(self, at: int) -> Parsed:
        """A duration, with what goes before and after it."""
        lasting = self.value(at, "LASTING")
        if isinstance(lasting, str):
            return Length(((1, lasting),)), at + 1
        begin = at
        while begin - at < 4 and (
            self.has(begin, "APPROXIMATE", "SLACK")
            or (self.low[begin] in ("another", "first", "the") and self.has(begin + 1, "NUMBER"))
        ):
            begin += 1
        between = self.low[begin] == "between"
        if between:
            begin += 1
        within = self.length_within(at) or self.within_unit(at)
        if within is not None:
            return within
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
            if unit == "second" or (
                unit == "minute"
                and (self.has(after, "DIRECTION", "OF") or (begin == at and self.noun_after(after)))
            ):
                return None  # "a minute amount"
            if self.low[after] == "of" and begin == at:
                return None  # "a year of hard decisions"; "over a decade of war" is a length
            if self.is_rate(at, begin):
                return Repeated(period(unit)), after
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
            if following is None or following[0][0] is None or (middle == after and len(parts) > 3):
                break
            if _rank(following[0][1]) >= _rank(parts[-1][1]):
                break
            parts.append(following[0])
            after = following[1]
        return Length(tuple(parts)), self.over_old(after)

    def length_within(self, at: int) -> Parsed:
        """The first year of the war: one unit of what is no date and has no dates here."""
        begin = at + 1 if self.has(at, "DETERMINER") else at
        if begin == at or not (self.has(begin, "ORDINAL", "FINAL") or self.low[begin] == "last"):
            return None
        unit = self.value(begin + 1, "UNIT")
        if unit not in ("minute", "hour", "week", "month", "year", "decade"):
            return None
        whole = begin + 3 if self.low[begin + 2] == "of" else begin + 2
        if (
            whole == begin + 2
            or not self.has(whole, "DETERMINER")
            or not self.noun_after(whole + 1)
        ):
            return None
        return Length(((1, str(unit)),)), begin + 2

    def within_unit(self, at: int) -> Parsed:
        """Within the week: one unit, but not "within the week of mourning"."""
        unit = self.value(at + 2, "UNIT")
        if self.low[at] != "within" or self.low[at + 1] != "the" or unit not in _WITHIN_UNITS:
            return None
        if self.low[at + 3] == "of":
            return None
        return Length(((1, str(unit)),)), at + 3

    def over_old(self, at: int) -> int:
        """Past "-old", "old", "-long", "of age"."""
        if self.low[at] == "of" and self.low[at + 1] == "age":
            return at + 2
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
        """The rest of "five, six, seven years"."""
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
        if self.kind[before] == "number" or self.has(before, "NUMBER"):
            return True
        if self.kind[before] != "word" or (self.senses[before] and not self.counts(before)):
            return False
        # "20,000 barrels a day", "$300 million in fuel a year": a number stands before the noun.
        return any(
            self.kind[i] == "number"
            or self.has(i, "NUMBER", "SCALE", "QUANTITY", "SCALES", "COUPLE")
            for i in range(max(0, before - 4), before)
        )
