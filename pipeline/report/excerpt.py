"""The lines of an article around a record, its words lit."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from rich.cells import cell_len

from ..reading import Article
from ..records import (
    ArticleRecord,
    DateRecord,
    EntityRecord,
    EventRecord,
    PredictionRecord,
    ProblemRecord,
    QuoteRecord,
    Record,
    Span,
)
from .terminal import visible

MOST_LINES = 40
"""Of one record: more are cut short, so that a thousand long ones stay readable."""


class Run(NamedTuple):
    """Some characters of a line.

    Attributes:
        text: without any control character.
        weight: 0 for the context, 1 for what the record says, 2 for the words that make it so.
    """

    text: str
    weight: int


class Layout:
    """An article's reading text in lines of a width.

    Args:
        article: as read.
        width: of a line, in cells of a terminal.
    """

    def __init__(self, article: Article, width: int) -> None:
        self._article = article
        self._lines = [
            line
            for block in article.blocks
            for line in _broken(article.text, block.start, block.end, width)
        ]
        self._starts = [start for start, _ in self._lines]
        self._ends = [end for _, end in self._lines]

    def around(self, record: Record, context: int) -> list[list[Run]]:
        """The lines that a record stands in, with some before and after.

        Args:
            record: of this article; one without a place, and the article itself, have no lines.
            context: how many more lines on either side.
        """
        if record.start is None or record.end is None or isinstance(record, ArticleRecord):
            return []
        low, high = self._article.map.to_reading(record.start, record.end)
        first, last = bisect_right(self._ends, low), bisect_left(self._starts, high)
        if low >= high or first >= last:
            return []
        lines = self._lines[max(0, first - context) : last + context]
        cut = len(lines) > MOST_LINES
        lines = lines[:MOST_LINES]
        begin, end = lines[0][0], lines[-1][1]
        weights = bytearray(end - begin)
        for weight, spans in enumerate(_lit(record), start=1):
            for span in spans:
                left, right = self._article.map.to_reading(span.start, span.end)
                left, right = max(left, begin), min(right, end)
                if left < right:  # else it lies outside, and the slice would grow or shrink
                    weights[left - begin : right - begin] = bytes([weight]) * (right - left)
        shown = [list(self._runs(weights, begin, *line)) for line in lines]
        return [*shown, [Run("…", 0)]] if cut else shown

    def _runs(self, weights: bytearray, begin: int, start: int, end: int) -> Iterator[Run]:
        for weight, places in groupby(range(start, end), lambda at: weights[at - begin]):
            stretch = list(places)
            text = self._article.text[stretch[0] : stretch[-1] + 1]
            yield Run(_seen(text), weight)


def _seen(text: str) -> str:
    """Each blank as one, and nothing that acts."""
    return visible("".join(" " if char.isspace() else char for char in text))


def _broken(text: str, start: int, end: int, width: int) -> Iterator[tuple[int, int]]:
    """The lines of a block: as many words as go into the width; a longer word is cut."""
    begin, until, used = start, start, 0
    for word in re.compile(rf"\S{{1,{width}}}").finditer(text, start, end):
        wide = max(1, cell_len(_seen(word.group())))
        gap = word.start() - until
        if used and used + gap + wide > width:
            yield begin, until
            used = 0
        if not used:
            begin, gap = word.start(), 0
        used += gap + wide
        until = word.end()
    if used:
        yield begin, until


def _lit(record: Record) -> tuple[Sequence[Span], Sequence[Span]]:
    """What a record says, and the words that make it so."""
    match record:
        case EventRecord():
            return record.participants, [record.trigger]
        case PredictionRecord():
            return [record.proposition], record.cues
        case QuoteRecord():
            told = [part for part in (record.speaker, record.cue) if part is not None]
            return record.content, told
        case EntityRecord() | DateRecord():
            return (), [Span(start=record.start, end=record.end, text=record.text)]
        case ProblemRecord():
            if record.start is not None and record.end is not None and record.start < record.end:
                return [Span(start=record.start, end=record.end, text=record.text or "")], ()
            return (), ()
        case ArticleRecord():
            return (), ()
