"""How probable a phrase makes an event: tables, composition, and odds that the text states.

A phrase has a *level* of its own ("probably won't" is `likely`); the interval is the odds that the
*event* comes about, after any negation ("probably won't": 65-80 becomes 20-35). Intervals are what
readers take the phrase to mean (`lexicons/likelihood.jsonl`: quartiles of a survey, each row with
its source); a phrase by likeness to a surveyed one has `basis` "analogy", a number in the text
"stated". A plain "will" has no number, nor has a phrase whose odds no source gives ("far from
certain").

An official yardstick (`lexicons/yardsticks.jsonl`) takes the place of the survey where one is asked
for. Composition finds the surveyed phrase as ever; then the band of the words themselves counts
("very likely", "probably not": `basis` is the yardstick), else that of the surveyed phrase
("analogy" when it only resembles the term). What the yardstick says nothing of ("may") keeps what
readers take it to mean, and `basis` and `source` say so. Levels and stated numbers stay.

Levels of numbers are the bands of ICD 203, taken symmetric about 50, so that the level of p is the
mirror of the level of 100 - p.

Known misses: ratios without a word of odds beside them, fractions ("two thirds"), and numbers that
a later sentence corrects.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

import msgspec

from ..lexicons import rows
from ..records import Basis, Level, Likelihood, Polarity, Yardstick

Effect = Literal["raise", "most", "more", "less", "near", "deny", "set"]


class Phrase(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of `likelihood.jsonl`: a phrase and the percentages it stands for."""

    phrase: str
    level: Level
    low: float
    median: float
    high: float
    source: str


class Band(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of `yardsticks.jsonl`: percentages that an official yardstick gives to its terms.

    `phrases` are the terms, a final "not" being a negation of the event ("probably not"); `like`
    names rows of `likelihood.jsonl` that the yardstick has no term for and that resemble these.
    """

    yardstick: Yardstick
    phrases: tuple[str, ...]
    like: tuple[str, ...] = ()
    low: float
    high: float
    source: str


class Degree(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of `degrees.jsonl`: a word before a cue and what it does to the likelihood.

    `raise` intensifies ("very likely"), `near` approaches an extreme ("almost certain"), `most`,
    `more` and `less` compare, `deny` negates, `set` gives a noun of probability its level ("a slim
    chance"); `survey` or `like` then name the row of `likelihood.jsonl`.
    """

    word: str
    effect: Effect
    level: Level = "unspecified"
    survey: str = ""
    like: str = ""
    negative: bool = False


class NumberWord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of `odds.jsonl`: a word of a stated probability."""

    word: str
    value: float
    role: Literal["unit", "multiplier", "percent", "ceiling", "floor"]


class Base(msgspec.Struct, frozen=True, kw_only=True):
    """What a cue says before anything modifies it.

    Attributes:
        level: the phrase's own level.
        phrase: its words.
        survey: the row of `likelihood.jsonl` that covers the phrase, or "".
        like: the row of the surveyed phrase that it resembles, or "".
        negative: whether the phrase itself forecasts that the event does not come about.
        denied: the row that its negation resembles ("not expected": "probably not"), or "".
    """

    level: Level
    phrase: str = ""
    survey: str = ""
    like: str = ""
    negative: bool = False
    denied: str = ""


class Odds(msgspec.Struct, frozen=True, kw_only=True):
    """A probability stated in numbers, percent; `point` is the number that the text gives.

    `start` to `end` are the words that state it, as indices of what `stated_odds` was given.
    """

    low: float
    high: float
    point: float
    start: int = 0
    end: int = 0


# Upper bounds of the bands below even, ICD 203; those above are their mirror.
_BOUNDS = (5.0, 20.0, 45.0)
_BELOW: tuple[Level, ...] = ("almost-no-chance", "very-unlikely", "unlikely", "even")
_ABOVE: tuple[Level, ...] = ("almost-certain", "very-likely", "likely", "even")
_RAISED: dict[Level, str] = {"likely": "highly likely", "unlikely": "highly unlikely"}
_NEAR: dict[Level, str] = {
    "almost-certain": "almost certain",
    "almost-no-chance": "almost no chance",
}
_DENIED: dict[Level, str] = {
    "likely": "unlikely",
    "very-likely": "unlikely",
    "possible": "almost no chance",
}
_LESS: dict[Level, Level] = {"likely": "unlikely", "very-likely": "unlikely"}


@lru_cache(maxsize=1)
def phrases() -> dict[str, Phrase]:
    """The rows of `likelihood.jsonl` by phrase."""
    return {row.phrase: row for row in rows("likelihood", Phrase)}


class Scale(NamedTuple):
    """The bands of a yardstick by its terms, and by phrases that are a term or like one."""

    terms: dict[str, Band]
    like: dict[str, Band]


@lru_cache
def scale_of(yardstick: Yardstick) -> Scale:
    """The rows of `yardsticks.jsonl` of one yardstick; none for "survey"."""
    chosen = [row for row in rows("yardsticks", Band) if row.yardstick == yardstick]
    terms = {phrase: row for row in chosen for phrase in row.phrases}
    return Scale(terms, {phrase: row for row in chosen for phrase in row.like} | terms)


@lru_cache(maxsize=1)
def degrees() -> dict[str, Degree]:
    """The rows of `degrees.jsonl` by word."""
    return {row.word: row for row in rows("degrees", Degree)}


def level_of(percent: float) -> Level:
    """The level of a stated probability.

    Example:
        >>> level_of(40.0), level_of(60.0), level_of(50.0), level_of(1.0)
        ('unlikely', 'likely', 'even', 'almost-no-chance')
    """
    if percent <= 50:
        return _BELOW[bisect_right(_BOUNDS, percent)]
    return _ABOVE[bisect_right(_BOUNDS, 100 - percent)]


def mirrored(low: float, high: float) -> tuple[float, float]:
    """The odds that the event does not come about."""
    return 100 - high, 100 - low


def compose(
    base: Base,
    *,
    degree: Degree | None = None,
    denied: bool = False,
    negated: bool = False,
    odds: Odds | None = None,
    yardstick: Yardstick = "survey",
) -> tuple[Likelihood, Polarity]:
    """Likelihood and polarity of a cue with what modifies it.

    Args:
        base: the cue.
        degree: the word of degree that modifies the cue ("**very** likely").
        denied: the cue itself is negated ("**not** likely", "**don't** expect").
        negated: the proposition is negated ("probably **won't**").
        odds: the number that the text gives; it goes before the words.
        yardstick: whose percentages count.

    Example:
        >>> probably = Base(level="likely", phrase="probably", survey="probably")
        >>> compose(probably, negated=True)[0].high
        35.0
        >>> compose(probably, negated=True, yardstick="icd-203")[0].high
        45.0
    """
    if odds is not None:
        low, high = mirrored(odds.low, odds.high) if negated else (odds.low, odds.high)
        stated = Likelihood(
            level=level_of(odds.point), low=low, high=high, basis="stated", source=None
        )
        return stated, "negative" if negated else "positive"

    level, negative = base.level, base.negative
    row = phrases().get(base.survey or base.like)
    basis: Basis = "survey" if base.survey else "analogy"
    spoken = base.phrase if degree is None else f"{degree.word} {base.phrase}"
    if degree is not None:
        if degree.effect == "set" and degree.negative and base.denied:
            denied = not denied  # "**no** surprise if"
        elif degree.effect == "set":
            level, negative = degree.level, degree.negative
            row = phrases().get(degree.survey or degree.like)
            basis = "survey" if degree.survey else "analogy"
        elif degree.effect in ("raise", "near"):
            table = _NEAR if degree.effect == "near" else _RAISED
            # "almost certainly" has a row of its own.
            named = phrases().get(spoken) or phrases().get(table.get(level, ""))
            if named is not None:
                level, row = named.level, named
                basis = "survey" if spoken == named.phrase else "analogy"
        elif degree.effect == "less":
            row = None
            if level in _LESS:
                level, negative = _LESS[level], not negative
        elif degree.effect in ("more", "most"):
            # "more likely" ranks; it says nothing of the odds.
            row = None
        elif degree.effect == "deny":
            denied = not denied
    if denied:
        named = phrases().get(base.denied or _DENIED.get(level, ""))
        row, spoken = None, ""
        if named is not None:
            level, row, basis, negative = named.level, named, "analogy", not negative
        elif level == "unspecified":
            negative = not negative
        elif level == "even":
            level = "unspecified"
        else:
            # "not certain", "not impossible": possible, at odds that nobody gives.
            level, negative = "possible", False
    if negated:
        negative = not negative
    polarity: Polarity = "negative" if negative else "positive"
    if row is None:
        return Likelihood(level=level, low=None, high=None, basis=None, source=None), polarity
    scale = scale_of(yardstick)
    own = scale.terms.get(spoken) or (scale.terms.get(row.phrase) if basis == "survey" else None)
    measured: Phrase | Band = row
    if negated and (turned := scale.terms.get(f"{spoken} not")) is not None:
        measured, basis, negated = turned, yardstick, False
    elif own is not None:
        measured, basis = own, yardstick
    elif (near := scale.like.get(row.phrase)) is not None:
        measured, basis = near, "analogy"
    low, high = measured.low, measured.high
    if negated:
        low, high = mirrored(low, high)
    likelihood = Likelihood(level=level, low=low, high=high, basis=basis, source=measured.source)
    return likelihood, polarity


class _Reader:
    """Reads numbers from lower-cased words, hyphens between them skipped."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        self.table = _numbers()

    def number(self, at: int) -> tuple[float, int] | None:
        """The number that starts at a word, and the index after it."""
        value: float | None = None
        total = 0.0
        at_most = min(len(self.words), at + 8)
        i = at
        while i < at_most:
            word = self.words[i]
            row = self.table.get(word)
            if row is not None and row.role == "unit":
                if value is not None and not (value % 10 == 0 and row.value < 10 <= value < 100):
                    break
                value = (value or 0.0) + row.value
            elif row is not None and row.role == "multiplier":
                value = row.value * (1.0 if value is None else value)
                if row.value >= 1000:
                    total, value = total + value, 0.0
            elif value is None and (digits := _digits(word)) is not None:
                value = digits
            elif not (word in _HYPHENS and value is not None and self._unit(i + 1) and value >= 20):
                break
            i += 1
        if value is None:
            return None
        return total + value, i

    def _unit(self, at: int) -> bool:
        row = self.table.get(self.words[at]) if at < len(self.words) else None
        return row is not None and row.role == "unit" and 0 < row.value < 10

    def skip(self, at: int, *wanted: str) -> int | None:
        """The index after one of the words, hyphens around it skipped, or None."""
        while at < len(self.words) and self.words[at] in _HYPHENS:
            at += 1
        if at >= len(self.words) or self.words[at] not in wanted:
            return None
        at += 1
        while at < len(self.words) and self.words[at] in _HYPHENS:
            at += 1
        return at

    def percent(self, at: int) -> int | None:
        """The index after a sign or word of percent."""
        at = self.skip(at - 1, self.words[at - 1]) or at  # "60-percent"
        row = self.table.get(self.words[at]) if at < len(self.words) else None
        if row is not None and row.role == "percent":
            return at + 1
        if self.words[at : at + 2] == ["per", "cent"]:
            return at + 2
        return None


_HYPHENS = frozenset({"-", "‑", "–", "—", "/"})
_HALVES = frozenset({"fifty-fifty", "50-50", "50/50"})


@lru_cache(maxsize=1)
def _numbers() -> dict[str, NumberWord]:
    return {row.word: row for row in rows("odds", NumberWord)}


def _digits(word: str) -> float | None:
    """The value of a number in digits, or None."""
    plain = word.replace(",", "")
    if not plain or len(plain) > 15 or not plain[0].isdigit():
        return None
    if not all("0" <= c <= "9" or c == "." for c in plain) or plain.count(".") > 1:
        return None
    return float(plain)


def _spread(word: str) -> list[str]:
    """The parts of a hyphenated word of odds ("one-in-four", "70%"), hyphens kept."""
    if word in _HYPHENS or word in _HALVES:
        return [word]
    parts: list[str] = []
    for i, part in enumerate(word.split("-")):
        if i:
            parts.append("-")
        if len(part) > 1 and part.endswith("%"):
            parts += [part[:-1], "%"]
        elif part:
            parts.append(part)
    return parts


def stated_odds(words: Sequence[str]) -> Odds | None:
    """The first probability stated in a run of words, or None.

    Read are percentages and ranges of them, "one in four", "one chance in four", "two out of
    three", "three to one" (against, unless "on" follows), "sixty-forty", "fifty-fifty", each with
    "less than", "at least" and the like before it. The caller has seen a word of probability
    nearby: "three to one" is the score of a match elsewhere. Linear in the number of words.

    Args:
        words: the words as they stand, in any case; hyphens may be words of their own or not.

    Example:
        >>> stated_odds(["a", "one-in-four", "chance"])
        Odds(low=25.0, high=25.0, point=25.0, start=1, end=2)
        >>> stated_odds("less than 5 per cent".split()).high
        5.0
    """
    spread: list[str] = []
    origin: list[int] = []
    for index, word in enumerate(words):
        parts = _spread(word.lower())
        spread += parts
        origin += [index] * len(parts)
    reader = _Reader(spread)
    for at, word in enumerate(spread):
        if word in _HALVES:
            percents: tuple[float, float, float] | None = (50.0, 50.0, 50.0)
            end = at + 1
        else:
            first = reader.number(at)
            if first is None:
                continue
            percents, end = _pair(reader, *first)
        if percents is not None:
            low, high, point = percents
            before, bound = _bound(spread, at)
            return Odds(
                low=0.0 if bound == "ceiling" else low,
                high=100.0 if bound == "floor" else high,
                point=point,
                start=origin[before],
                end=origin[end - 1] + 1,
            )
    return None


_Percents = tuple[float, float, float]


def _pair(reader: _Reader, number: float, at: int) -> tuple[_Percents | None, int]:
    """Low, high and point of the odds that start with a number, and the index after them."""
    end = reader.percent(at)
    if end is not None and number <= 100:
        return _exactly(number), end
    after = at
    if after < len(reader.words) and reader.words[after] in ("chance", "chances", "times"):
        after += 1
    of = reader.skip(after, "in")
    if of is None:
        # "two out of three", "two scenarios out of three"
        out = reader.skip(after, "out") or reader.skip(after + 1, "out")
        of = None if out is None else reader.skip(out, "of")
    if of is not None:
        whole = reader.number(of)
        if whole is not None and whole[0] > 0 and number <= whole[0]:
            return _exactly(100 * number / whole[0]), whole[1]
        return None, at
    to = reader.skip(at, "to", "and") or _after_hyphen(reader.words, at)
    second = reader.number(to) if to is not None else None
    if second is None or number > 1e6 or second[0] > 1e6:
        return None, at
    end = reader.percent(second[1])
    if end is not None and number <= second[0] <= 100:
        return (number, second[0], (number + second[0]) / 2), end
    if number + second[0] == 100:
        return _exactly(number), second[1]
    if reader.skip(at, "to") is not None and number + second[0] > 0:
        on = second[1] < len(reader.words) and reader.words[second[1]] == "on"
        against, of_it = (second[0], number) if on else (number, second[0])
        return _exactly(100 * of_it / (against + of_it)), second[1]
    return None, at


def _exactly(percent: float) -> _Percents:
    """One number; four decimals keep "one in 3,100" and hide the arithmetic's dust."""
    percent = round(percent, 4)
    return percent, percent, percent


def _bound(words: Sequence[str], at: int) -> tuple[int, str]:
    """A ceiling or a floor before the number at a word: its first word and role, or at and ""."""
    for end in (at, at - 1):
        for length in (3, 2, 1):
            if end - length < 0:
                continue
            row = _numbers().get(" ".join(words[end - length : end]))
            if row is not None and row.role in ("ceiling", "floor"):
                return end - length, row.role
    return at, ""


def _after_hyphen(words: Sequence[str], at: int) -> int | None:
    return at + 1 if at < len(words) and words[at] in _HYPHENS else None
