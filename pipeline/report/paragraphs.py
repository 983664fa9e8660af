"""An article as a person reads it, paragraph by paragraph, and where in it records stand."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import NamedTuple, Protocol

from ..reading import Article


class Placed(Protocol):
    """What stands somewhere in a file: a record, words of one, its place in a change."""

    @property
    def start(self) -> int:
        """Its first character in the file."""

    @property
    def end(self) -> int:
        """Behind its last one."""

    @property
    def text(self) -> str:
        """What is read there."""


class Paragraph(NamedTuple):
    """One paragraph; `section` as in the records ("title", "heading", "body")."""

    section: str
    text: str


class Stretch(NamedTuple):
    """A part of a paragraph: `paragraphs[paragraph].text[start:end]`."""

    paragraph: int
    start: int
    end: int


class Passage(NamedTuple):
    """What a record has of an article's text, which is all there is of it without the file."""

    start: int
    end: int
    section: str
    text: str


def paragraphs_of(article: Article) -> list[Paragraph]:
    """All paragraphs of an article, in reading order."""
    return [
        Paragraph(block.section, article.text[block.start : block.end]) for block in article.blocks
    ]


def find_in_article(article: Article, place: Placed) -> list[Stretch]:
    """Where a place is read, one stretch a paragraph; none when other words stand there."""
    low, high = article.map.to_reading(place.start, place.end)
    if " ".join(article.text[low:high].split()) != place.text:
        return []
    stretches = []
    first = bisect_right(article.blocks, low, key=attrgetter("start")) - 1
    for index in range(max(0, first), len(article.blocks)):
        block = article.blocks[index]
        if block.start >= high:
            break
        start, end = max(low, block.start), min(high, block.end)
        if start < end:
            stretches.append(Stretch(index, start - block.start, end - block.start))
    return stretches


def outermost(passages: Iterable[Passage]) -> list[Passage]:
    """The passages that lie in no other one, in the order of the file."""
    found: list[Passage] = []
    for passage in sorted(passages, key=lambda one: (one.start, -one.end, one.text, one.section)):
        if not found or passage.end > found[-1].end:
            found.append(passage)
    return found


def passage_around(passages: Sequence[Passage], place: Placed) -> int | None:
    """The index of the one of the `outermost` passages that a place lies in."""
    index = bisect_right(passages, place.start, key=attrgetter("start")) - 1
    return index if index >= 0 and place.end <= passages[index].end else None
