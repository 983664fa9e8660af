"""Quotations in marks on a Doc: which tokens stand inside marks, and how they nest."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

import msgspec
from spacy.tokens import Doc

from ..language.quotation import Family, find_quotations
from . import layers
from .findings import TokenSpan

_ASIDES = frozenset({"caption", "credit"})


class Marked(msgspec.Struct, frozen=True, kw_only=True):
    """One quotation in marks.

    Attributes:
        family: the kind of marks.
        segments: the tokens inside, one span a paragraph, marks left out.
        outer: from the opening to the closing mark, both included.
        closed: false when the closing mark is missing and the paragraph's end stands in for it.
        parent: index of the quotation around it, or None.
    """

    family: Family
    segments: tuple[TokenSpan, ...]
    outer: TokenSpan
    closed: bool = True
    parent: int | None = None


class Unpaired(msgspec.Struct, frozen=True):
    """A mark without a partner: its token and what is the matter."""

    token: int
    message: str


def find_marked(doc: Doc) -> tuple[list[Marked], list[Unpaired]]:
    """The quotations in marks, in order of their opening marks, and the marks left over.

    `He said, “It's 'fine', they say.”` has a double quotation and a single one inside it.
    """
    blocks = layers.get_context(doc).blocks
    asides = {block.start for block in blocks if block.section in _ASIDES}
    quotations, strays = find_quotations(doc.text, asides)
    starts: list[int] = doc.to_array("IDX").tolist() if quotations or strays else []
    marked: list[Marked] = []
    enclosing: list[int] = []
    for quotation in quotations:
        spans = []
        for left, right in quotation.segments:
            first = bisect_left(starts, left)
            last = bisect_left(starts, right)
            while last > first and starts[last - 1] + len(doc[last - 1]) > right:
                last -= 1
            while first < last and doc[first].is_space:
                first += 1
            while last > first and doc[last - 1].is_space:
                last -= 1
            if first < last:
                spans.append(TokenSpan(first, last))
        if not spans:
            continue  # the tokenizer has left a mark inside a word
        outer = TokenSpan(
            bisect_right(starts, quotation.start) - 1, bisect_left(starts, quotation.end)
        )
        while enclosing and marked[enclosing[-1]].outer.end < outer.end:
            enclosing.pop()
        parent = enclosing[-1] if enclosing else None
        enclosing.append(len(marked))
        marked.append(
            Marked(
                family=quotation.family,
                segments=tuple(spans),
                outer=outer,
                closed=quotation.closed,
                parent=parent,
            )
        )
    return marked, [Unpaired(bisect_right(starts, s.start) - 1, s.message) for s in strays]
