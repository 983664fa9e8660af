"""What the search for attributions looks at: a Doc with its marks, cues, sentences and votes."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise

from spacy.strings import get_string_id
from spacy.tokens import Doc

from ..language import syntax
from .findings import TokenSpan
from .marks import Marked, Unpaired, find_marked
from .reporting import Lexicon, Match
from .votes import read_votes

Pair = tuple[int, int]

_LONGEST = 1000  # tokens; longer stretches are no sentence, and nested ones would cost time squared
_STOPS = frozenset({".", "!", "?"})


@dataclass
class Attribution:
    """A candidate: who may be saying what, found by one way of looking.

    Attributes:
        way: how it was found, the name of the pattern.
        head: the token that stands for the cue in comparisons.
        cue: the tokens of the cue, or None.
        match: the row of the lexicon, or None for a cue that only its position gives away.
        source: the head of the source phrase, or None.
        label: the source's tokens where no phrase of the parse gives them (script labels).
        content: token spans, in order.
        marks: the quotations in marks that the content takes up whole.
        evidence: further names of features for the decision.
    """

    way: str
    head: int
    cue: Pair | None
    match: Match | None
    source: int | None
    content: list[Pair]
    label: Pair | None = None
    marks: tuple[int, ...] = ()
    evidence: tuple[str, ...] = ()

    def holds(self, token: int) -> bool:
        """Whether the token is in the content."""
        return any(start <= token < end for start, end in self.content)


class Scene:
    """A Doc with everything that candidates are made of, worked out once."""

    def __init__(self, doc: Doc, lexicon: Lexicon) -> None:
        self.doc = doc
        self.lexicon = lexicon
        self.marked: list[Marked]
        self.unpaired: list[Unpaired]
        self.marked, self.unpaired = find_marked(doc)
        self.inside = _innermost(len(doc), self.marked)
        self.sentence = _sentences(doc)
        self.matches = lexicon.matches(doc)
        self.by_head = {m.head: m for m in self.matches if m.row.form == "verb"}
        self.cue_nouns = {m.head for m in self.matches if m.row.form == "noun"}
        self.supports = {m.head for m in self.matches if m.row.form == "support"}
        self.spaces: list[bool] = (doc.to_array("IS_SPACE") > 0).tolist() if len(doc) else []
        self.breaks = [
            i for i, space in enumerate(self.spaces) if space and doc[i].text.count("\n") > 1
        ]
        self._breaks = frozenset(self.breaks)
        self.colons = _where(doc, ":")
        self._semicolons = [i for i in _where(doc, ";") if self.inside[i] < 0]
        self.votes = read_votes(doc)

    def enclosing(self, token: int) -> list[int]:
        """The quotations in marks around a token, from the inmost."""
        found = []
        mark: int | None = self.inside[token] if self.inside[token] >= 0 else None
        while mark is not None:
            found.append(mark)
            mark = self.marked[mark].parent
        return found

    def segments(self, mark: int) -> list[Pair]:
        """The spans inside a pair of marks."""
        return [(span.start, span.end) for span in self.marked[mark].segments]

    def next_word(self, token: int) -> int | None:
        """The first token from here on that is not white space."""
        while token < len(self.spaces) and self.spaces[token]:
            token += 1
        return token if token < len(self.spaces) else None

    def previous_word(self, token: int) -> int | None:
        """The last token up to here that is not white space."""
        while token >= 0 and self.spaces[token]:
            token -= 1
        return token if token >= 0 else None

    def is_break(self, token: int) -> bool:
        """Whether the token is the white space between two paragraphs."""
        return token in self._breaks

    def paragraphs(self) -> list[Pair]:
        """The tokens of each paragraph."""
        starts = [0, *(i + 1 for i in self.breaks)]
        ends = [*self.breaks, len(self.doc)]
        return [(start, end) for start, end in zip(starts, ends, strict=True) if start < end]

    def next_semicolon(self, start: int, end: int) -> int:
        """The first semicolon outside of marks in a stretch, or its end."""
        place = bisect_left(self._semicolons, start)
        found = self._semicolons[place] if place < len(self._semicolons) else end
        return min(found, max(start, end))

    def previous_semicolon(self, start: int, end: int) -> int:
        """The last semicolon outside of marks in a stretch, or the token before it."""
        place = bisect_left(self._semicolons, end) - 1
        return max(start - 1, self._semicolons[place]) if place >= 0 else start - 1

    def content(self, start: int, end: int, cue: int) -> tuple[list[Pair], tuple[int, ...]]:
        """A stretch made into content: trimmed, and never part of a quotation in marks.

        Args:
            start: first token.
            end: one past the last.
            cue: a token of the cue; marks around it do not count.

        Returns:
            The spans and the marks that they take up; nothing where nothing is left.
        """
        if start >= end or end - start > _LONGEST:
            return [], ()
        around = self.enclosing(cue)
        wall = len(self.doc)
        if around:
            segment = next(
                (s for s in self.segments(around[0]) if s[0] <= cue < s[1]), (start, end)
            )
            start, end = max(start, segment[0]), min(end, segment[1])
            if start >= end:
                return [], ()
            wall = segment[1]
        start, end = self._one_sentence(start, end, cue)
        start, end = syntax.trim(self.doc, start, end)
        if not any(token.is_alpha or token.like_num for token in self.doc[start:end]):
            return [], ()
        first = self._outermost(start, around)
        last = self._outermost(end - 1, around)
        if first is not None and first == last:
            return self.segments(first), (first,)
        if first is not None:
            start = self.marked[first].outer.start
        if last is not None:
            end = min(self.marked[last].outer.end, wall)  # two quotations may share a mark
        if start <= cue < end:
            return [], ()
        taken = sorted(
            {m for m in (self._outermost(i, around) for i in range(start, end)) if m is not None}
        )
        return [(start, end)], tuple(taken)

    def _one_sentence(self, start: int, end: int, cue: int) -> Pair:
        """The part next to the cue where a full stop has been missed by the parse."""
        stops = [
            i
            for i in range(start, end - 1)
            if self.doc[i].text in _STOPS and self.inside[i] == self.inside[cue]
        ]
        if stops and start > cue:
            end = stops[0]
        elif stops:
            start = stops[-1] + 1
        return start, end

    def _outermost(self, token: int, around: list[int]) -> int | None:
        """The outermost quotation around a token that is not around the cue."""
        found = [mark for mark in self.enclosing(token) if mark not in around]
        return found[-1] if found else None


def _sentences(doc: Doc) -> list[Pair]:
    """For each token the sentence around it."""
    sentences: list[Pair] = []
    if len(doc):
        # `Doc.sents` would make a Token of every word.
        (starts,) = (doc.to_array("SENT_START") == 1).nonzero()
        edges = sorted({0, *map(int, starts), len(doc)})
        for start, end in pairwise(edges):
            sentences += [(start, end)] * (end - start)
    return sentences


def _where(doc: Doc, word: str) -> list[int]:
    """The tokens of a form."""
    if not len(doc):
        return []
    (places,) = (doc.to_array("ORTH") == get_string_id(word)).nonzero()
    return list(map(int, places))


def _innermost(length: int, marked: list[Marked]) -> list[int]:
    """For each token the inmost quotation in marks that holds it, or -1."""
    inside = [-1] * length
    for index, mark in enumerate(marked):
        # Nesting is bounded in `marks`, so this stays linear.
        inside[mark.outer.start : mark.outer.end] = [index] * (mark.outer.end - mark.outer.start)
    return inside


def spans_of(pairs: list[Pair]) -> tuple[TokenSpan, ...]:
    """Pairs as the findings have them."""
    return tuple(TokenSpan(start, end) for start, end in pairs)
