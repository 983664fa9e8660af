"""The bottom of the grammar: what an atom is, numbers, years, names of months and days."""

from __future__ import annotations

from functools import cached_property

from .tree import Calendar, Node
from .words import Atoms, Senses, vocabulary

Parsed = tuple[Node, int] | None
"""A tree and the position after it."""

_FIRST_YEAR, LAST_YEAR = 1000, 2199
_LIFE = range(20, 110)
"""Years between the two ends of a life in brackets; pages of a source are fewer."""
_OPENERS = frozenset(["in", "by", "until", "till", "since", "from", "before", "after", "between"])
"""What may stand before a year of three digits where a text has others."""
COMMON_YEARS = range(1800, 2060)
"""Years that stand for themselves; others need a word before them that calls for a year."""


class Cursor:
    """A text's atoms and the questions that rules ask of them.

    Every method takes the position of an atom and looks from there, a fixed number of atoms at
    most; positions returned are those after what was read.
    """

    def __init__(self, atoms: Atoms) -> None:
        self.atoms = atoms
        self.text = atoms.text
        self.low = atoms.low
        self.start = atoms.start
        self.end = atoms.end
        self.kind = atoms.kind
        self.senses: list[Senses] = atoms.senses
        self.forms = vocabulary().forms
        self.named_days = vocabulary().named
        # What `point` and `date` found at a position: several rules ask for the same.
        self.points: dict[int, Parsed] = {}
        self.dates: dict[int, Parsed] = {}
        self.depth = 0

    def date(self, at: int) -> Parsed:
        """A date without a time of day: the longest of all kinds; `parts` has the rule."""
        raise NotImplementedError

    def relative(self, at: int) -> Parsed:
        """today, last week, this August, that year; `told` has the rule."""
        raise NotImplementedError

    def has(self, at: int, *types: str) -> bool:
        """Whether the atom has a sense of one of these types."""
        senses = self.senses[at]
        if senses:
            for kind in types:
                if kind in senses:
                    return True
        return False

    def value(self, at: int, kind: str) -> int | str | None:
        """The value of a sense, None when the atom does not have it."""
        return self.senses[at].get(kind)

    def text_of(self, at: int) -> str:
        """The atom as it stands in the text."""
        return self.text[self.start[at] : self.end[at]]

    def glued(self, at: int) -> bool:
        """Whether the atom touches the next one."""
        return self.end[at] == self.start[at + 1]

    def capital(self, at: int) -> bool:
        """Whether the atom begins with a capital."""
        first = self.text[self.start[at] : self.start[at] + 1]
        return first.isupper()

    def capital_before(self, at: int) -> bool:
        """Whether a capitalised word stands before."""
        return at > 0 and self.kind[at - 1] == "word" and self.capital(at - 1)

    def begins_sentence(self, at: int) -> bool:
        """Whether a capital here may be that of a sentence."""
        return at == 0 or self.kind[at - 1] in ("break", "mark")

    def opens_sentence(self, at: int) -> bool:
        """Whether the atom is the first of its sentence, as far as the full stop tells."""
        return at == 0 or self.kind[at - 1] == "break" or self.low[at - 1] in (".", "!", "?")

    def titled(self, at: int) -> bool:
        """Whether capitals mean nothing here: the words around are capitals, or a line begins."""
        if at == 0 or self.kind[at - 1] == "break" or self.text_of(at).isupper():
            return True
        return self.kind[at - 1] == "word" and self.capital(at - 1) and not self.senses[at - 1]

    def ends_clause(self, at: int) -> bool:
        """Whether no word follows that could belong to the expression."""
        return self.kind[at] in ("mark", "break", "") and self.low[at] != "-"

    def noun_after(self, at: int) -> bool:
        """Whether the word is none of ours and looks like a noun, or one that dates go before."""
        senses = self.senses[at]
        if "DATABLE" in senses or "SEASONAL" in senses:
            return True
        return self.unknown(at) and not self.low[at].endswith("ed")

    def unknown(self, at: int) -> bool:
        """Whether the atom is a word that means nothing here, unless with others after it."""
        senses = self.senses[at]
        return self.kind[at] == "word" and (not senses or (len(senses) == 1 and "PHRASE" in senses))

    def article(self, at: int) -> int:
        """The position after "the", if it is here."""
        return at + 1 if self.low[at] == "the" else at

    def integer(self, at: int) -> int | None:
        """Plain digits, no thousands separator."""
        word = self.low[at]
        if self.kind[at] == "number" and len(word) <= 4 and word.isascii() and word.isdecimal():
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
            tens = self.senses[at].get("NUMBER")
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
        """The position after "and a half", None when it is not here."""
        if self.low[at : at + 2] == ["and", "half"]:
            return at + 2  # "two and half years"
        words = [word for word in self.low[at : at + 6] if word != "-"]
        if words[:3] == ["and", "a", "half"]:
            return (
                at + 3 + self.low[at : at + 6].count("-")
                if "-" in self.low[at : at + 4]
                else at + 3
            )
        return None

    def ordinal(self, at: int) -> tuple[int, int] | None:
        """An ordinal: 17th, first, twenty-first."""
        if self.kind[at] == "word" and not self.senses[at]:
            return None
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
            if (
                self.low[at + 1] in (".", ",")
                and self.glued(at)
                and self.glued(at + 1)
                and self.kind[at + 2] == "number"
                and len(self.low[at + 2]) != 4
            ):
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
            if len(self.low[at]) == 4 and _FIRST_YEAR <= value <= LAST_YEAR:
                return Calendar(year=value), at + 1
            if len(self.low[at]) == 3 and self.is_early_year(at):
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

    def is_early_year(self, at: int) -> bool:
        """Whether three digits are a year: 30 September 420, c. 347, a life (837-908).

        "in 368" and "around 328" are where the text has other years so early.
        """
        if self.counted(at):
            return False
        first = at
        if self.has(at - 1, "RANGE", "AND") or self.low[at - 1] == "-":
            begin = self.integer(at - 2) if at > 1 else None
            if begin is not None and len(self.low[at - 2]) == 3:
                first = at - 2
        if self.is_surely_early(first):
            return True
        before = first - 1 if first and self.has(first - 1, "APPROXIMATE") else first
        opened = before > 0 and self.low[before - 1] in _OPENERS
        exact = self.low[at][-1] != "0"
        return (opened or (before < first and exact)) and self.ancient

    def counted(self, at: int) -> bool:
        """Whether a number of three digits, or the one it is joined to, counts what follows."""
        after = at + 1
        decimal = self.low[after] == "." and self.glued(at) and self.glued(after)
        if decimal and self.kind[after + 1] == "number":
            return True
        if self.has(after, "RANGE", "AND") or self.low[after] == "-":
            if self.has(after + 1, "SLACK"):
                return True  # "from a low in January of 114 to over 250"
            if self.kind[after + 1] == "number" and self.glued(after - 1) != self.glued(after):
                return True  # "316- 321" is no range
            if self.kind[after + 1] == "number" and not self.has(after + 2, "MONTH"):
                if self.integer(after + 1) is None:
                    return True  # "500-1,000"
                after += 2
        if self.counts(after) or self.is_plural(after) or self.low[after] in ("°", "x", "*", "/"):
            return True
        return self.noun_after(after) and not self.capital(after)

    def is_surely_early(self, at: int) -> bool:
        """Whether what stands before three digits makes them a year in any text."""
        before = at - 1
        if before < 1:
            return False
        numbered = len(self.low[before - 1]) <= 2 and self.kind[before - 1] == "number"
        if self.has(before, "MONTH") and (numbered or self.has(before - 1, "ORDINAL", "SUFFIX")):
            return True
        if self.low[before] == "of" and self.has(before - 1, "MONTH", "SEASON"):
            return True
        circa = before - 1 if self.low[before] == "." else before
        if self.low[circa] in ("c", "ca", "circa"):
            return True
        last = self.integer(at + 2) if self.low[at + 1] == "-" else None
        return (
            self.low[before] == "("
            and self.low[at + 3] == ")"
            and last is not None
            and last - int(self.low[at]) in _LIFE
            and self.kind[before - 1] == "word"
            and (self.capital(before - 1) or not self.low[before - 1].isascii())
            and not self.has(before - 1, "IDENTIFIER")
        )

    @cached_property
    def ancient(self) -> bool:
        """Whether the text tells of the first millennium: it has a year before 1000 for sure."""
        for at, senses in enumerate(self.senses):
            if "ERA" in senses and self.text_of(at).isupper():
                near = {len(self.low[i]) for i in (at - 1, at + 1) if self.kind[i] == "number"}
                if near and (senses["ERA"] == -1 or min(near) <= 3):
                    return True
            elif len(self.low[at]) != 3 or self.kind[at] != "number":
                continue
            elif self.is_surely_early(at) and not self.counted(at):
                return True
        return False

    def year_of_two(self, first: int, at: int) -> int | None:
        """The year that one or two digits glued to another year mean: 2008-**09**, 1968/**9**."""
        begin, value = self.integer(first), self.integer(at)
        digits = len(self.low[at])
        if begin is None or value is None or digits > 2 or len(self.low[first]) != 4:
            return None
        spaced = self.low[first - 1] == "(" and self.low[at + 1] == ")"  # (1892 - 94)
        if not spaced and not (self.glued(first) and self.glued(at - 1)):
            return None
        year = begin - begin % 10**digits + value
        return year if year > begin else None

    def over_fiscal(self, at: int) -> int:
        """Past "financial year" after its number: the 2014/15 **financial year**."""
        return at + 2 if self.has(at, "FISCAL") and self.low[at + 1] == "year" else at

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

    def month(self, at: int) -> tuple[int, int] | None:
        """A month by name with its full stop; guards against may, march and first names."""
        value = self.value(at, "MONTH")
        if not isinstance(value, int):
            return None
        after = at + 1
        form = self.forms.get((self.low[at], "MONTH"))
        if form is None:
            return value, after
        follows = at > 1 and self.low[at - 1] == "-" and self.has(at - 2, "MONTH")
        if not (self.capital(at) or follows) or self.is_titled(at):
            return None
        if form == "abbreviation":
            if self.low[after] == "." and self.glued(at):
                if self.day_of_month(after + 1) or self.year(after + 1):
                    return value, after + 1
                return (value, after + 1) if self.month_in_context(at, form) else None
            beside = self.day_of_month(after) or self.year(after) or self.day_before(at)
            return (value, after) if beside else None
        if self.month_in_context(at, form):
            return value, after
        return None

    def is_titled(self, at: int) -> bool:
        """Whether a title makes a name of what follows: Mr. March, Mrs May."""
        before = at - 2 if at > 1 and self.low[at - 1] == "." else at - 1
        return before >= 0 and self.has(before, "TITLE")

    def day_before(self, at: int) -> bool:
        """Whether what stands before may be the number of a day ("21 May")."""
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
        if self.has(at - 1, "MODIFIER") and at > 1 and self.has(at - 2, "IN", "BOUND"):
            return True  # "in late April Soviet forces"
        if self.has(at - 1, "IN", "OF", "BOUND", "DIRECTION", "MODIFIER", "EVERY", "LATER"):
            return not (named and not self.has(at + 1, "WEEKDAY"))
        if self.low[at - 1] == "-" and self.has(at - 2, "MODIFIER", "MONTH"):
            return True
        if self.low[at - 1] in ("as", "than") and at > 1:
            # "as early as June", "no later than April", "as soon as June"
            return self.has(at - 2, "MODIFIER", "LATER") or self.low[at - 2] in ("soon", "sooner")
        if self.has(at - 1, "DETERMINER"):
            return not named
        return form == "capital" and not named and not self.capital_before(at)

    def weekday(self, at: int) -> tuple[int, int] | None:
        """A day of the week by name; short forms need a full stop or a date beside them."""
        value = self.value(at, "WEEKDAY")
        if not isinstance(value, int):
            return None
        if self.forms.get((self.low[at], "WEEKDAY")) is None:
            if self.opens_sentence(at) and self.noun_after(at + 1) and self.capital(at + 1):
                return None  # Wednesday Addams
            part = self.has(at + 1, "PART") and self.capital(at + 1) and not self.titled(at)
            if part and self.noun_after(at + 2) and self.capital(at + 2):
                return None  # Saturday Night Fever
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
        """A season by name."""
        value = self.value(at, "SEASON")
        return (value, at + 1) if isinstance(value, int) else None

    def counts(self, at: int) -> bool:
        """Whether what follows a number makes it a count of something."""
        return self.has(at, "UNITS", "SCALE", "COUNTED") or self.low[at] == "%"

    def is_plural(self, at: int) -> bool:
        """Whether the word looks like a plural noun that a number could count."""
        word = self.low[at]
        if self.kind[at] != "word" or len(word) < 4 or self.capital(at):
            return word in ("men", "women", "people", "children", "troops") and not self.capital(at)
        return (
            word.endswith("s") and not word.endswith(("ss", "us", "is")) and not self.senses[at]
        ) or word in ("men", "women", "people", "children")

    def is_year_number(self, at: int, amount: float) -> bool:
        """Whether the number before a unit is rather a year ("the 2018 day of ...")."""
        return (
            self.kind[at] == "number"
            and len(self.low[at]) == 4
            and COMMON_YEARS.start <= amount < COMMON_YEARS.stop
        )
