"""Where findings stand: from tokens of the Doc to code points of the article file."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from spacy.tokens import Doc

from ..reading import Article
from ..records import Section, Span
from ..stages.findings import TokenSpan


class Place(NamedTuple):
    """A stretch of the article file, its reading text, sentence number and section."""

    start: int
    end: int
    text: str
    sentence: int
    section: Section

    @property
    def span(self) -> Span:
        """The place as a span of a record."""
        return Span(start=self.start, end=self.end, text=self.text)


class Places:
    """Answers where a finding of one Doc stands in its article.

    Args:
        article: what was read; its reading text is the text of the Doc.
        doc: the annotated Doc.
    """

    def __init__(self, article: Article, doc: Doc) -> None:
        self._article = article
        self._doc = doc
        # A Doc that no component has split is one sentence.
        split = doc.has_annotation("SENT_START") and len(doc)
        self._sentence_starts = [sent.start for sent in doc.sents] if split else [0]
        self._sentence_characters = [doc[i].idx for i in self._sentence_starts] if len(doc) else [0]
        self._block_starts = [block.start for block in article.blocks]

    @property
    def sentences(self) -> int:
        """How many sentences the Doc has."""
        return len(self._sentence_starts) if len(self._doc) else 0

    def of(self, tokens: TokenSpan) -> Place:
        """The place of a finding; where a removed block cuts it, its longest piece."""
        # max() keeps the first of equal pieces, so the choice is stable.
        return max(self.pieces(tokens), key=lambda place: place.end - place.start)

    def pieces(self, tokens: TokenSpan) -> list[Place]:
        """The places of a finding, in order: one, or more where removed blocks cut it."""
        first, last = self._doc[tokens.start], self._doc[tokens.end - 1]
        start, end = first.idx, last.idx + len(last)
        sentence = max(0, bisect_right(self._sentence_starts, tokens.start) - 1)
        section = self._section(start)
        return [
            Place(a, b, self._article.map.clean(a, b), sentence, section)
            for a, b in self._article.map.to_source(start, end)
        ]

    def spans(self, tokens: TokenSpan) -> list[Span]:
        """`pieces` as spans of a record."""
        return [place.span for place in self.pieces(tokens)]

    def at_source(self, start: int) -> tuple[int, Section]:
        """Sentence and section of a place in the file, for what was noticed while reading.

        The first sentence and section that begin at or after the place, or the last ones.
        """
        low, high = 0, len(self._article.blocks)
        while low < high:
            middle = (low + high) // 2
            block = self._article.blocks[middle]
            if self._article.map.to_source(block.start, block.end)[-1][1] <= start:
                low = middle + 1
            else:
                high = middle
        block = self._article.blocks[min(low, len(self._article.blocks) - 1)]
        sentence = bisect_right(self._sentence_characters, block.start) - 1
        return max(0, sentence), block.section

    def _section(self, at: int) -> Section:
        block = self._article.blocks[max(0, bisect_right(self._block_starts, at) - 1)]
        return block.section
