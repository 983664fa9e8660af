"""The vocabulary of dates, compiled once from the lexicons, and texts cut into typed atoms."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

import msgspec

from ..errors import LexiconError
from ..lexicons import rows


class Word(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A row of `dates.jsonl`: one sense of one word.

    `form` limits a sense to spellings: "capital" (first letter a capital), "name" (the same, and a
    person may be called so, which calls for context), "abbreviation" (capital; ambiguous without a
    full stop or a number beside it), "upper" (all capitals), "ambiguous" (calls for context).
    """

    word: str
    type: str
    value: int | str | None = None
    form: Literal["capital", "name", "abbreviation", "upper", "ambiguous"] | None = None


class NamedDay(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A row of `dates_named.jsonl`.

    Either `date` ("12-25" every year; a full date or an interval once), or days after `easter`
    (`orthodox`: the Eastern one), or the `nth` (-1 last) `weekday` of a `month`, `after` days
    later, or a `feast` of `dates_feasts.jsonl`. `bound` makes the name stand for the time before or
    after it ("pre-war"), `opens` for the beginning of the year that it opens ("in the new year").
    `form` limits where it is a date: "bound" only where a preposition calls for a time ("since the
    Gulf War"), "lower" in small letters, too.
    """

    name: str
    date: str | None = None
    easter: int | None = None
    month: int | None = None
    weekday: int | None = None
    nth: int | None = None
    after: int = 0
    orthodox: bool = False
    feast: str | None = None
    bound: Literal["before", "after"] | None = None
    opens: Literal["year"] | None = None
    form: Literal["bound", "lower"] | None = None


class Feast(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A row of `dates_feasts.jsonl`: all days (or "first/last") of a feast that is known, in order.

    `approximate` ones differ by a day from place to place, as with the sight of the moon. The
    table is made by `pipeline.train.feasts`.
    """

    name: str
    approximate: bool
    dates: tuple[str, ...]


class VaguePhrase(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A row of `dates_vague.jsonl`.

    THEN is the time that the passage is talking about, WRITING that of publication; NONE is no
    date at all ("called it a day"); where it begins with a capital ("Sunday Times"), the text must
    spell it so. `near` marks what begins at once and ends before long ("anytime soon").
    """

    phrase: str
    value: Literal["PAST_REF", "PRESENT_REF", "FUTURE_REF", "THEN", "WRITING", "NONE"]
    near: bool = False


class BoundPhrase(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A row of `dates_bounds.jsonl`: a preposition of several words that opens one end."""

    phrase: str
    bound: Literal["from", "until", "by", "before"]


Senses = dict[str, int | str]
_NO_SENSES: Senses = {}


class Phrase(NamedTuple):
    """A phrase of several atoms in the vocabulary: its atoms, and what it is."""

    atoms: tuple[str, ...]
    kind: Literal["named", "vague", "bound", "none", "name"]
    value: int | str


class Vocabulary(NamedTuple):
    """The compiled lexicons.

    `words` maps a lower-cased atom to its senses (type → value), `forms` a word and type to the
    spelling it calls for, `phrases` a first atom to the second ("" when there is none) to the
    phrases that begin so, longest first.
    """

    words: dict[str, Senses]
    forms: dict[tuple[str, str], str]
    phrases: dict[str, dict[str, list[Phrase]]]
    named: tuple[NamedDay, ...]


SEEDS = frozenset(
    {
        "MONTH",
        "WEEKDAY",
        "WEEKDAYS",
        "UNIT",
        "UNITS",
        "DECADE",
        "SEASON",
        "SEASONS",
        "PART",
        "PARTS",
        "OVERNIGHT",
        "HOUR",
        "DEICTIC",
        "TONIGHT",
        "FREQUENCY",
        "WORKDAYS",
        "MERIDIEM",
        "ZONE",
        "EDGE",
        "ERA",
        "FISCAL",
        "EVERY",
        "HALFDAY",
        "OCLOCK",
        "LASTING",
        "HALF",
        "THEN",
        "LETTER",
        "SINCE",
        "PASTHOUR",
    }
)
"""The types of word that can make an expression of time; all others only extend one."""


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The lexicons of dates, compiled; the work is done once a process."""
    words: dict[str, Senses] = {}
    forms: dict[tuple[str, str], str] = {}
    for row in rows("dates", Word):
        words.setdefault(row.word, {})[row.type] = 1 if row.value is None else row.value
        if row.form:
            forms[row.word, row.type] = row.form
    named = rows("dates_named", NamedDay)
    phrases: dict[str, dict[str, list[Phrase]]] = {}
    for number, day in enumerate(named):
        if [day.date, day.easter, day.nth, day.feast].count(None) != 3:
            raise LexiconError(
                f"lexicon dates_named.jsonl: {day.name}: one of date, easter, nth, feast"
            )
        _add(phrases, Phrase(_atoms_of(day.name), "named", number))
    for vague in rows("dates_vague", VaguePhrase):
        kind: Literal["vague", "none", "name"] = "vague"
        if vague.value == "NONE":
            kind = "name" if vague.phrase[0].isupper() else "none"
        told = vague.phrase if kind == "name" else vague.value
        _add(phrases, Phrase(_atoms_of(vague.phrase), kind, told))
    for bound in rows("dates_bounds", BoundPhrase):
        _add(phrases, Phrase(_atoms_of(bound.phrase), "bound", bound.bound))
    for first, group in phrases.items():
        words.setdefault(first, {})["PHRASE"] = 1
        for same in group.values():
            same.sort(key=lambda phrase: -len(phrase.atoms))
    return Vocabulary(words, forms, phrases, named)


@lru_cache(maxsize=1)
def feasts() -> dict[str, Feast]:
    """The movable feasts by name; read when the first one is met."""
    return {row.name: row for row in rows("dates_feasts", Feast)}


def _add(phrases: dict[str, dict[str, list[Phrase]]], phrase: Phrase) -> None:
    first, second = (*phrase.atoms, "")[:2]
    phrases.setdefault(first, {}).setdefault(second, []).append(phrase)


def _atoms_of(phrase: str) -> tuple[str, ...]:
    atoms = (match.group().lower() for match in _ATOM.finditer(phrase))
    return tuple(_SAME.get(atom, atom) for atom in atoms)


# Every alternative takes at least one character and none can be read two ways, so the scan is
# linear; a number of years, months and days is one atom, everything else is cut fine, so that the
# grammar does not depend on anybody's tokenizer.
_ATOM = re.compile(
    r"(?P<iso>\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?(?![\w-]))"
    r"|(?P<slash>\d{1,4}/\d{1,2}/\d{1,4}(?![\w/])|\d{1,2}\.\d{1,2}\.[12]\d{3}(?![\w/]))"
    r"|(?P<named>9/11(?![\w/]))"
    r"|(?P<clock>\d{1,2}:\d\d(?::\d\d)?(?![\d:]))"
    r"|(?P<number>\d{1,3}(?:,\d{3})+(?!\d)|\d+)"
    r"|(?P<word>[^\W\d_]+)"
    r"|(?P<break>\n[^\S\n]*\n)"
    r"|(?P<mark>\S)"
)
_SAME = {"’": "'", "‘": "'", "`": "'", "–": "-", "−": "-", "‑": "-", "‐": "-", "‒": "-"}
_PADDING = 8


class Atoms(NamedTuple):
    """A text cut into atoms: parallel lists, padded at the end so that looking ahead is safe.

    Attributes:
        text: the whole text.
        low: atoms, lower-cased, apostrophes and hyphens made plain.
        start: offsets.
        end: offsets.
        kind: what the atom is: iso, slash, named, clock, number, word, break, mark, "" (padding).
        senses: what the atom may mean.
        seeds: positions of the atoms that can make an expression, in order.
        phrases: position → the longest phrase of the vocabulary that begins there.
    """

    text: str
    low: list[str]
    start: list[int]
    end: list[int]
    kind: list[str]
    senses: list[Senses]
    seeds: list[int]
    phrases: dict[int, Phrase]


def atoms_of(text: str) -> Atoms:
    """Cut a text into atoms and look each up; linear in the text."""
    vocab = vocabulary()
    words = vocab.words
    low: list[str] = []
    start: list[int] = []
    end: list[int] = []
    kind: list[str] = []
    senses: list[Senses] = []
    seeds: list[int] = []
    openers: list[int] = []
    for position, match in enumerate(_ATOM.finditer(text)):
        group = match.lastgroup or ""
        word = match.group()
        found = _NO_SENSES
        if group == "word":
            word = word.lower()
            found = words.get(word, _NO_SENSES)
            if found:
                if not SEEDS.isdisjoint(found):
                    seeds.append(position)
                if "PHRASE" in found:
                    openers.append(position)
        elif group == "mark":
            word = _SAME.get(word, word)
            if word == "—" and _between_digits(text, match):
                word = "-"
        elif group != "break" and (
            group != "number" or len(word) in (3, 4) or _is_short_date(text, match)
        ):
            seeds.append(position)
            if group == "named":
                openers.append(position)
        low.append(word)
        kind.append(group)
        senses.append(found)
        low_start, low_end = match.span()
        start.append(low_start)
        end.append(low_end)
    size = len(text)
    for _ in range(_PADDING):
        low.append("")
        start.append(size)
        end.append(size)
        kind.append("")
        senses.append(_NO_SENSES)
    phrases = {at: phrase for at in openers if (phrase := _phrase_at(low, at, vocab)) is not None}
    seeds = sorted({*seeds, *(at for at, phrase in phrases.items() if phrase.kind != "bound")})
    return Atoms(text, low, start, end, kind, senses, seeds, phrases)


def _between_digits(text: str, match: re.Match[str]) -> bool:
    """Whether a long dash joins two numbers: 1999—2007."""
    start, end = match.span()
    return text[start - 1 : start].isdigit() and text[end : end + 1].isdigit()


def _is_short_date(text: str, match: re.Match[str]) -> bool:
    """Whether digits are written as a year, a decade or a day: ’92, 70s, 70's, 18th."""
    start, end = match.span()
    if end - start > 2:
        return False
    if text[end : end + 2] in ("st", "nd", "rd", "th"):
        return True
    return end - start == 2 and (
        text[end : end + 1] == "s"
        or text[end : end + 2] in ("'s", "’s")
        or (start > 0 and text[start - 1] in "'’‘")
    )


def _phrase_at(low: list[str], at: int, vocab: Vocabulary) -> Phrase | None:
    table = vocab.phrases[low[at]]
    for second in (low[at + 1], ""):
        for phrase in table.get(second, ()):
            if tuple(low[at : at + len(phrase.atoms)]) == phrase.atoms:
                return phrase
    return None
