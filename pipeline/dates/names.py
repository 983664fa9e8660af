"""Holidays, wars and other names that stand for a time."""

from __future__ import annotations

from .cursor import Parsed
from .days import Days
from .tree import Named, Relative


class Names(Days):
    """The rules of names that stand for a time."""

    def name(self, at: int) -> tuple[int, int] | None:
        """A named day or period: its row and the position after it."""
        phrase = self.atoms.phrases.get(at)
        if phrase is None or phrase.kind != "named" or not isinstance(phrase.value, int):
            return None
        form = self.named_days[phrase.value].form
        if self.kind[at] == "word" and not self.capital(at) and form != "lower":
            return None
        if self.capital_before(at) and not self.senses[at - 1]:
            if self.low[at] == "new":
                return None  # the new year of another calendar
            if len(phrase.atoms) == 1 and not self.opens_sentence(at - 1):
                return None  # Johnnie Christmas
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
        if self.noun_after(at + len(self.atoms.phrases[at].atoms)):
            return True  # "since Cold War problems"
        if before > 0 and self.low[before] == "of" and self.has(before - 1, "EDGE"):
            if self.value(before - 1, "EDGE") == "rest":
                return False  # "for the rest of the Korean War"
            before -= 3 if before > 2 and self.low[before - 2] == "the" else 2
        if before < 0:
            return True
        counted = self.value(before, "OFFSET") in ("before", "after")
        return not (counted or self.has(before, "BOUND"))

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
