"""A paragraph cut wherever a claim begins or ends, so that claims may cross and lie in others."""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from .changes_entries import SYMBOLS, Entry
from .changes_words import Piece
from .paragraphs import Stretch

if TYPE_CHECKING:
    from ..revisions.changes import Severity

# Of claims that lie in one another so many of the narrowest are told of one place.
_MOST_NESTED = 8


class ClaimSpan(NamedTuple):
    """A claim in a paragraph.

    Attributes:
        stretch: where.
        number: of the change, or of the claim among the unchanged ones.
        entry: the change; None when the claim is in both versions unchanged.
        is_first: whether the claim begins here, and not in a paragraph before.
    """

    stretch: Stretch
    number: int
    entry: Entry | None
    is_first: bool


class Badge(NamedTuple):
    """The number in front of a claim, which leads to its counterpart.

    `counterpart` is whether there is one in the other text; it leads to the list otherwise.
    """

    entry: Entry
    counterpart: bool


class Segment(NamedTuple):
    """A stretch of a paragraph in which the same claims hold.

    Attributes:
        pieces: its text.
        claims: the numbers of the changes whose records it belongs to, the narrowest last.
        severity: of the gravest of them; None outside all of them.
        begins: the changes whose record begins here.
        unchanged: the narrowest unchanged claim, where no change is.
        is_link: whether it is the first of that claim's segments, of which one is enough for who
            goes from link to link.
        unchanged_begins: the unchanged claims that begin here.
    """

    pieces: Sequence[Piece]
    claims: Sequence[int]
    severity: Severity | None
    begins: Sequence[Badge]
    unchanged: int | None
    is_link: bool
    unchanged_begins: Sequence[int]


def cut(
    length: int,
    spans: Sequence[ClaimSpan],
    pieces: Sequence[Piece],
    answered: Collection[int],
) -> list[Segment]:
    """Cut a paragraph into segments.

    Args:
        length: of its text.
        spans: the claims in it.
        pieces: its text, with the words marked that differ.
        answered: the numbers of the changes that have a place in the other text too.
    """
    begins: defaultdict[int, list[ClaimSpan]] = defaultdict(list)
    ends: defaultdict[int, list[ClaimSpan]] = defaultdict(list)
    for span in sorted(spans, key=_narrowness):
        begins[span.stretch.start].append(span)
        ends[span.stretch.end].append(span)
    changed: list[ClaimSpan] = []
    unchanged: list[ClaimSpan] = []
    linked: set[int] = set()
    segments = []
    cutter = _Cutter(pieces)
    for start, end in pairwise(sorted({0, length} | begins.keys() | ends.keys())):
        for span in ends[start]:
            (changed if span.entry else unchanged).remove(span)
        for span in begins[start]:
            insort(changed if span.entry else unchanged, span, key=_narrowness)
        entries = [span.entry for span in changed[-_MOST_NESTED:] if span.entry]
        link = unchanged[-1].number if unchanged and not entries else None
        firsts = sorted((s for s in begins[start] if s.is_first), key=lambda span: span.number)
        segments.append(
            Segment(
                pieces=cutter.until(end),
                claims=[entry.number for entry in entries],
                severity=_gravest(entries),
                begins=[Badge(s.entry, s.number in answered) for s in firsts if s.entry],
                unchanged=link,
                is_link=link not in linked,
                unchanged_begins=[span.number for span in firsts if not span.entry],
            )
        )
        if link is not None:
            linked.add(link)
    return segments


def _narrowness(span: ClaimSpan) -> tuple[int, int]:
    return span.stretch.start - span.stretch.end, span.number


def _gravest(entries: Sequence[Entry]) -> Severity | None:
    severities = {entry.change.severity for entry in entries}
    return next((severity for severity in SYMBOLS if severity in severities), None)


class _Cutter:
    """Takes pieces of a text from its beginning to one edge after the other."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces
        self._index = self._within = self._at = 0

    def until(self, end: int) -> list[Piece]:
        taken = []
        while self._at < end:
            piece = self._pieces[self._index]
            text = piece.text[self._within : self._within + end - self._at]
            taken.append(Piece(text, piece.changed))
            self._at += len(text)
            self._within += len(text)
            if self._within == len(piece.text):
                self._index, self._within = self._index + 1, 0
        return taken
