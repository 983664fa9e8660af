"""Word by word, what differs between two texts, for the eye.

Here every word counts as it is written: a curly quotation mark is another one than a straight one.
What a difference means is told by the types of a change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

# One character class at a time: linear on any input.
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|\w+(?:['’]\w+)*|\s+|[^\w\s]")
# The comparison takes time and memory as the product of both lengths; of longer sequences only what
# is equal at beginning and end is found.
_MOST_COMPARED = 6_000
# Two texts with less than this in common are two texts: a mosaic of marks could not be read.
_LEAST_COMMON = 0.25
_AROUND, _MOST_CHANGED = 8, 60


class Piece(NamedTuple):
    """A stretch of a text; `changed` where the other text does not have it."""

    text: str
    changed: bool


def marked(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces, which joined are the texts again; only whole words are marked.

    Example:
        >>> [piece.text for side in marked("It may rain.", "It will rain.") for piece in side
        ...     if piece.changed]
        ['may', 'will']
    """
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    found = _merged(runs(_shapes(before), _shapes(after)), before)
    left, right = _count(before), _count(after)
    common = left - sum(_count(before[run.old : run.old_end]) for run in found)
    if common < _LEAST_COMMON * min(left, right):
        found = [Run(0, len(before), 0, len(after))]
    return (
        _pieces(before, [(run.old, run.old_end) for run in found]),
        _pieces(after, [(run.new, run.new_end) for run in found]),
    )


def _count(tokens: Sequence[str]) -> int:
    """How many of the tokens are words."""
    return sum(token[0].isalnum() for token in tokens)


def _shapes(tokens: Sequence[str]) -> list[str]:
    """The tokens; any white space is white space."""
    return [" " if token.isspace() else token for token in tokens]


class Run(NamedTuple):
    """What differs between two sequences: `old[run.old : run.old_end]`, and so for `new`."""

    old: int
    old_end: int
    new: int
    new_end: int


def runs(old: Sequence[str], new: Sequence[str]) -> list[Run]:
    """The stretches in which two sequences differ, in order."""
    head, shorter = 0, min(len(old), len(new))
    while head < shorter and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < shorter - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    left, right = old[head : len(old) - tail], new[head : len(new) - tail]
    if not left and not right:
        return []
    if max(len(left), len(right)) > _MOST_COMPARED:
        return [Run(head, head + len(left), head, head + len(right))]
    found: list[Run] = []
    for code in LCSseq.opcodes(left, right):
        if code.tag == "equal":
            continue
        run = Run(
            *(head + at for at in (code.src_start, code.src_end, code.dest_start, code.dest_end))
        )
        if found and (found[-1].old_end, found[-1].new_end) == (run.old, run.new):
            run = run._replace(old=found[-1].old, new=found.pop().new)
        found.append(run)
    return found


def _merged(found: Iterable[Run], old: Sequence[str]) -> list[Run]:
    """Runs that only white space or punctuation parts are one: the eye takes them for one."""
    merged: list[Run] = []
    for run in found:
        if merged and not any(token[0].isalnum() for token in old[merged[-1].old_end : run.old]):
            first = merged.pop()
            run = Run(first.old, run.old_end, first.new, run.new_end)
        merged.append(run)
    return merged


def _pieces(tokens: Sequence[str], changed: Iterable[tuple[int, int]]) -> list[Piece]:
    pieces: list[Piece] = []
    at = 0
    for start, end in [*changed, (len(tokens), len(tokens))]:
        while start < end and tokens[start].isspace():
            start += 1
        while start < end and tokens[end - 1].isspace():
            end -= 1
        if start == end < len(tokens):  # nothing but white space
            continue
        for low, high, mark in ((at, start, False), (start, end, True)):
            if low < high:
                pieces.append(Piece("".join(tokens[low:high]), mark))
        at = end
    return pieces


def shortened(pieces: Sequence[Piece]) -> list[Piece]:
    """The changed pieces and a few words around each, of long ones beginning and end.

    Example:
        >>> shortened([Piece("one two three four five six seven eight nine ten ", False),
        ...     Piece("end", True)])[0].text
        '… three four five six seven eight nine ten '
    """
    if not any(piece.changed for piece in pieces):
        return [Piece(_cut(piece.text, _MOST_CHANGED, 0), False) for piece in pieces]
    last = len(pieces) - 1
    short = []
    for index, piece in enumerate(pieces):
        if piece.changed:
            text = _cut(piece.text, _MOST_CHANGED // 2, _MOST_CHANGED // 2)
        else:
            text = _cut(piece.text, _AROUND * (index > 0), _AROUND * (index < last))
        short.append(Piece(text, piece.changed))
    return short


def _cut(text: str, first: int, last: int) -> str:
    """So many words from the beginning and the end, an ellipsis for the rest."""
    words = [match.span() for match in re.finditer(r"\S+", text)]
    if len(words) <= first + last:
        return text
    head = f"{text[: words[first - 1][1]]} " if first else ""
    tail = f" {text[words[-last][0] :]}" if last else ""
    return f"{head}…{tail}"
