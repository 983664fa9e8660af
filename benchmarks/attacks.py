"""Strings that a regular expression might take long on, made from its own parse tree.

Time is lost where the same characters can be taken by a repeat from many starts or in many ways.
So for every repeat there are strings of what leads up to it, many times what it repeats, and an end
on which the match fails; and of what leads up to it many times over, since each may begin a match.

Example:
    >>> texts = {attack.text(6) for attack in attacks(re.compile(r"<[a-z]+>"))}
    >>> "<aaaaaa" in texts, "<a<a<a" in texts
    (True, True)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice

# The standard library's own parser; there is no public one.
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

_POOL = (
    "abkAKZ019 _\t\n\r\x0b.,;:!?'\"`’‘“”«–—…-/\\()[]{}"
    "<>&#*+=|@$%^~éßİ日٣\u0301\u200b\u2028\xa0\x00\x85"
)
_ENDS = ("", "\x00", "\n", "a")
_WIDTH = 12  # as many samples of what a class takes
_VARIANTS = 4
_REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)
_CATEGORIES = {
    codes.CATEGORY_DIGIT: r"\d",
    codes.CATEGORY_NOT_DIGIT: r"\D",
    codes.CATEGORY_SPACE: r"\s",
    codes.CATEGORY_NOT_SPACE: r"\S",
    codes.CATEGORY_WORD: r"\w",
    codes.CATEGORY_NOT_WORD: r"\W",
}

_Item = tuple[Any, Any]


class Attack(NamedTuple):
    """A string of any length: what it begins with, what it repeats, and its end."""

    lead: str
    unit: str
    end: str
    runs: bool = False

    def text(self, size: int) -> str:
        """The attack in about so many characters."""
        if self.runs:  # many long runs, each with its lead
            run = self.lead + self.unit * max(1, int(size**0.5) // len(self.unit))
            return run * max(1, size // len(run)) + self.end
        return self.lead + self.unit * max(1, size // len(self.unit)) + self.end

    def __str__(self) -> str:
        runs = " in runs" if self.runs else ""
        return f"{_short(self.lead)}{_short(self.unit)}*{runs} {_short(self.end)}"


def attacks(pattern: re.Pattern[Any]) -> list[Attack]:
    """The strings on which a pattern is tried."""
    samples = _Samples(pattern)
    wholes = sorted({samples.of(samples.tree, k) for k in range(_VARIANTS)})
    units = [unit for whole in wholes for unit in (whole, whole[:-1], whole[1:])]
    made = [("", unit) for unit in (*units, *samples.characters)]
    runs = []
    for lead, body in samples.repeats(samples.tree, ""):
        pumps = samples.pumps(body)
        made += [("", lead), *((lead, pump) for pump in pumps)]
        made += [("", lead + pump) for pump in pumps]
        runs += [Attack(lead, pump, "", runs=True) for pump in pumps if pump]
    whole = [Attack(lead, unit, end) for lead, unit in made if unit for end in _ENDS]
    return list(dict.fromkeys([*whole, *runs]))


def _short(text: str) -> str:
    shown = repr(text)[1:-1] if text else ""
    return shown if len(shown) <= 24 else f"{shown[:16]}…{shown[-7:]}"


class _Samples:
    """What the parts of a pattern take, by example."""

    def __init__(self, pattern: re.Pattern[Any]) -> None:
        self.tree: Sequence[_Item] = parser.parse(pattern.pattern, pattern.flags)
        self._flags = pattern.flags & (re.ASCII | re.IGNORECASE)
        self._binary = isinstance(pattern.pattern, bytes)
        atoms = list(dict.fromkeys(repr(atom) for atom in self._atoms(self.tree)))
        known = {repr(atom): atom for atom in self._atoms(self.tree)}
        pool = [c for c in _POOL if not self._binary or ord(c) < 256]
        literals = {
            chr(value) for op, value in known.values() if op is codes.LITERAL and value != 0
        }
        signatures: dict[tuple[bool, ...], str] = {}
        for char in (*pool, *sorted(literals)):
            signature = tuple(self._takes(known[atom], char) for atom in atoms)
            signatures.setdefault(signature, char)
        #: One for each set of atoms that take it.
        self.characters = list(islice(signatures.values(), 40))
        self._chosen = {
            atom: [c for c in signatures.values() if self._takes(known[atom], c)][:_WIDTH]
            or [chr(known[atom][1]) if known[atom][0] is codes.LITERAL else self._any(known[atom])]
            for atom in atoms
        }

    def of(self, items: Sequence[_Item], k: int, groups: dict[int, str] | None = None) -> str:
        """A string that the items take; another one for another `k`, where there are several."""
        groups = {} if groups is None else groups
        return "".join(self._one(op, value, k, groups) for op, value in items)

    def _one(self, op: Any, value: Any, k: int, groups: dict[int, str]) -> str:
        if op is codes.SUBPATTERN:
            text = self.of(value[3], k, groups)
            if value[0] is not None:
                groups[value[0]] = text
            return text
        if op is codes.ATOMIC_GROUP:
            return self.of(value, k, groups)
        if op is codes.BRANCH:
            return self.of(value[1][k % len(value[1])], k // len(value[1]), groups)
        if op in _REPEATS:
            low, high, body = value
            return self.of(body, k, groups) * (max(low, 1) if high and k % 2 == 0 else low)
        if op is codes.GROUPREF:
            return groups.get(value, "")
        if op is codes.ASSERT and value[0] < 0:
            return self.of(value[1], k, groups)
        if _is_atom(op):
            chosen = self._chosen[repr((op, value))]
            return chosen[k % len(chosen)]
        return ""

    def repeats(self, items: Sequence[_Item], lead: str) -> Iterator[tuple[str, Sequence[_Item]]]:
        """Every repeat: what leads up to it, and what is repeated."""
        for index, (op, value) in enumerate(items):
            before = lead + self.of(items[:index], 0)
            if op in _REPEATS:
                if value[1] > 1:
                    yield before, value[2]
                yield from self.repeats(value[2], before)
            for inner in _inner(op, value):
                if op not in _REPEATS:
                    yield from self.repeats(inner, before)

    def pumps(self, body: Sequence[_Item]) -> list[str]:
        """What a repeat takes, in several ways."""
        width = _WIDTH if len(body) == 1 and _is_atom(body[0][0]) else _VARIANTS
        return list(dict.fromkeys(self.of(body, k) for k in range(width)))

    def _atoms(self, items: Sequence[_Item]) -> Iterator[_Item]:
        for op, value in items:
            if _is_atom(op):
                yield op, value
            for inner in _inner(op, value):
                yield from self._atoms(inner)

    def _takes(self, atom: _Item, char: str) -> bool:
        op, value = atom
        if op is codes.ANY:
            return char != "\n"
        if op is codes.LITERAL:
            return char == chr(value)
        if op is codes.NOT_LITERAL:
            return char != chr(value)
        negated = value[0][0] is codes.NEGATE
        return negated != any(self._holds(part, char) for part in value[negated:])

    def _holds(self, part: _Item, char: str) -> bool:
        op, value = part
        if op is codes.LITERAL:
            return char == chr(value)
        if op is codes.RANGE:
            return bool(value[0] <= ord(char) <= value[1])
        return _category(_CATEGORIES[value], self._flags, char)

    def _any(self, atom: _Item) -> str:
        for op, value in atom[1]:
            if op in (codes.LITERAL, codes.RANGE):
                return chr(value if op is codes.LITERAL else value[0])
        raise AssertionError(f"{atom}: add a character that it takes to the pool")


@cache
def _category(escape: str, flags: int, char: str) -> bool:
    return re.fullmatch(escape, char, flags) is not None


def _is_atom(op: Any) -> bool:
    return op in (codes.LITERAL, codes.NOT_LITERAL, codes.ANY, codes.IN)


def _inner(op: Any, value: Any) -> list[Sequence[_Item]]:
    if op is codes.SUBPATTERN:
        return [value[3]]
    if op is codes.ATOMIC_GROUP:
        return [value]
    if op is codes.BRANCH:
        return list(value[1])
    if op in _REPEATS:
        return [value[2]]
    if op in (codes.ASSERT, codes.ASSERT_NOT):
        return [value[1]]
    if op is codes.GROUPREF_EXISTS:
        return [inner for inner in value[1:] if inner]
    return []
