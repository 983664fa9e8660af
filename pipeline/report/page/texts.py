"""The text of an article as a person reads it, cut into runs that the same records cover."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from ...reading import Article
from ...records import EventRecord, PredictionRecord, QuoteRecord, Record
from ..paragraphs import (
    Paragraph,
    Passage,
    Stretch,
    find_in_article,
    outermost,
    paragraphs_of,
    passage_around,
)
from .marks import Mark

# Of marks that lie in one another so many of the narrowest are kept, lest hostile records make
# the page grow with their square.
_MOST_NESTED = 32


class Run(NamedTuple):
    """Words on end that the same marks cover, by their numbers, the widest mark first."""

    text: str
    marks: tuple[int, ...]


class Text:
    """An article's paragraphs, and where the marks of records stand in them.

    Attributes:
        paragraphs: in reading order; without the file, the sentences that the records have.
        whole: whether it is all of the article.
    """

    def __init__(self, article: Article | None, records: Iterable[Record]) -> None:
        self._article = article
        self.whole = article is not None
        self._passages: list[Passage] = []
        if article is not None:
            self.paragraphs = paragraphs_of(article)
        else:
            self._passages = _passages(records)
            self.paragraphs = [Paragraph(one.section, one.text) for one in self._passages]

    def find(self, mark: Mark) -> list[Stretch]:
        """Where a mark is read, one stretch a paragraph; none where other words stand."""
        if self._article is None:
            return self._find_in_passages(mark)
        return find_in_article(self._article, mark)

    def _find_in_passages(self, mark: Mark) -> list[Stretch]:
        index = passage_around(self._passages, mark)
        if index is None or not mark.text:
            return []
        passage = self._passages[index]
        text, at = passage.text, mark.start - passage.start
        # Markup and folded space set the two apart: the nearest of the places is meant.
        before, behind = text.rfind(mark.text, 0, at + len(mark.text)), text.find(mark.text, at)
        places = [place for place in (before, behind) if place >= 0]
        if not places:
            return []
        place = min(places, key=lambda place: abs(place - at))
        return [Stretch(index, place, place + len(mark.text))]

    def runs(self, marks: Sequence[Mark]) -> list[list[Run]]:
        """The paragraphs, each cut wherever a mark begins or ends, so that marks may cross.

        Args:
            marks: their numbers in the runs are their places here.

        Returns:
            One list a paragraph; joined, the texts of its runs are the paragraph's.
        """
        stretches: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for number, mark in enumerate(marks):
            for stretch in self.find(mark):
                stretches[stretch.paragraph].append((stretch.start, stretch.end, number))
        return [
            _cut(paragraph.text, stretches[index])
            for index, paragraph in enumerate(self.paragraphs)
        ]


def _cut(text: str, stretches: Sequence[tuple[int, int, int]]) -> list[Run]:
    begins: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    ends: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for start, end, number in stretches:
        begins[start].append((start - end, number))
        ends[end].append((start - end, number))
    runs = []
    covering: list[tuple[int, int]] = []  # by width, the widest first
    for start, end in pairwise(sorted({0, len(text)} | begins.keys() | ends.keys())):
        for item in ends[start]:
            del covering[bisect_left(covering, item)]
        for item in begins[start]:
            insort(covering, item)
        marks = tuple(number for _, number in covering[-_MOST_NESTED:])
        runs.append(Run(text[start:end], marks))
    return runs


def _passages(records: Iterable[Record]) -> list[Passage]:
    """The sentences, clauses and quotes of the records that lie in no other one."""
    return outermost(
        Passage(record.start, record.end, record.section, record.text)
        for record in records
        if isinstance(record, PredictionRecord | QuoteRecord | EventRecord)
    )
