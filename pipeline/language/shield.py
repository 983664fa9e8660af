"""Where sentences are known to begin, and where they are known not to, before the text is parsed.

Sentence splitters break quotations ("Where to?" | he asked) and everything after them suffers:
the cue loses its content, the content its speaker. So what the layout and the quotation marks
say for certain is given to the parser as fact, and its trees stay inside the final sentences. What
they leave open is left to the model.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc, Token

from .quotation import find_quotations

KNOWN, INSIDE, OPEN = 1, 0, -1
"""A sentence begins with the word; does not; the model decides."""

_MARKS = frozenset("\"“”„‟«»'‘’‚‛‹›`") | {"``", "''"}
_STOPS = frozenset(".?!")
_ENDS_SENTENCE = frozenset(".!?…")
_LIST_MARKS = frozenset("-–—*•·‣◦#>")
_SHORT_LINE = 0.6  # of the longest line of its paragraph: shorter ones end before the margin


def sentence_starts(words: Sequence[Token]) -> NDArray[np.int64]:
    """What is known of the sentence starts of a text.

    - A sentence begins after a blank line, and after a line that ends short of the margin or
      before a list item; a line that was merely wrapped proves nothing.
    - One begins with a capital letter after a word and its full stop, question or exclamation mark:
      right in 12,493 of 12,509 places of the UD English EWT and GUM training and development parts.
      None begins after a comma: right in 15,154 of 15,266 places there; most others are greetings.
    - One begins with a capital letter after a full stop and its closing quotation mark: right in
      158 of 161 places there; the others are titles in references. After “?” and “!” he who asked
      may follow (“Why?” Ruiz asked).
    - None begins right after an opening quotation mark, nor with a closing one, nor inside a
      quotation of one sentence; none begins after a quotation that ends in a comma or goes on in
      lower case ("“Where to?” he asked").

    Marks are paired within their paragraph only, and a stretch with the end of a sentence in it is
    never joined, so a missing mark spoils nothing beyond its own sentence.

    Args:
        words: the tokens of a text that are not white space.

    Returns:
        For each `KNOWN`, `INSIDE` or `OPEN`.

    Example:
        >>> import spacy
        >>> sentence_starts(list(spacy.blank("en")('"Why?" he asked.'))).tolist()
        [1, 0, 0, 0, 0, -1, -1]
    """
    starts = np.full(len(words), OPEN, dtype=np.int64)
    if not words:
        return starts
    for index, before in enumerate(words[:-1]):
        if before.text in _STOPS and _is_plain_end(words, index) and _is_capital(words, index + 1):
            starts[index + 1] = KNOWN
        elif before.text == ",":
            starts[index + 1] = INSIDE
    _shield_quotations(words, starts)
    # Layout comes last: a quotation never reaches over the end of a line that stands for itself.
    begin = 0
    lines = [0]  # the first words of the paragraph's lines
    for index, (before, word) in enumerate(pairwise(words), start=1):
        if before.i + 1 == word.i:
            continue
        breaks = _line_breaks(word.doc, before.i + 1, word.i)
        if breaks > 1:
            _shield_lines(words, lines, index, starts)
            begin, lines = index, [index]
            starts[begin] = KNOWN
        elif breaks:
            lines.append(index)
    _shield_lines(words, lines, len(words), starts)
    starts[0] = KNOWN
    return starts


def _is_capital(words: Sequence[Token], index: int) -> bool:
    """Whether a word, or the one after an opening mark, begins with a capital letter."""
    word = words[index]
    if word.text in _MARKS and not word.whitespace_ and index + 1 < len(words):
        word = words[index + 1]
    return word.text[0].isupper()


def _is_plain_end(words: Sequence[Token], index: int) -> bool:
    """Whether a mark ends a sentence for certain: after a whole word or number, before a space.

    After a capital or a very short word a full stop may belong to an abbreviation ("Vol. No.").
    """
    mark, word = words[index], words[index - 1].text
    if index == 0 or not (mark.whitespace_ or mark.i + 1 < words[index + 1].i):
        return False
    if mark.text != ".":
        return word[-1].isalnum()
    return len(word) > 2 and (word.islower() or word.isdigit())


def _line_breaks(doc: Doc, start: int, end: int) -> int:
    """Line breaks in the white space of tokens `start` to `end`."""
    return sum(len((doc[i].text + ".").splitlines()) - 1 for i in range(start, end))


def _shield_lines(
    words: Sequence[Token], lines: list[int], end: int, starts: NDArray[np.int64]
) -> None:
    """The lines of one paragraph, by their first words."""
    if len(lines) == 1:
        return
    lengths = [
        words[stop - 1].idx + len(words[stop - 1]) - words[line].idx
        for line, stop in pairwise([*lines, end])
    ]
    margin = _SHORT_LINE * max(lengths)
    for length, line in zip(lengths, lines[1:], strict=False):
        if length < margin or _is_list_item(words, line):
            starts[line] = KNOWN


def _is_list_item(words: Sequence[Token], line: int) -> bool:
    """Whether a line begins like "- …", "• …", "3. …" or "(b) …"."""
    text = words[line].text
    if text in _LIST_MARKS:
        return bool(words[line].whitespace_)
    follows = [token.text for token in words[line + 1 : line + 3]]
    if text == "(":
        return follows[1:] == [")"]
    return (text.isdigit() or len(text) == 1) and follows[:1] in (["."], [")"])


def _shield_quotations(words: Sequence[Token], starts: NDArray[np.int64]) -> None:
    quotations, strays = find_quotations(words[0].doc.text)
    if not quotations and not strays:
        return
    places = [word.idx for word in words]
    # How many sentences have ended before each word, by what the words themselves end in.
    ends = [0, *accumulate(w.text not in _MARKS and w.text[-1] in _ENDS_SENTENCE for w in words)]
    for quotation in quotations:
        opening = bisect_left(places, quotation.start) + 1
        for left, right in quotation.segments:
            first, last = bisect_left(places, left), bisect_left(places, right)
            if words[first - 1].text in _MARKS:
                starts[min(opening, first) : first + 1] = INSIDE
            opening = len(words)
        if not quotation.closed:
            continue
        end = bisect_left(places, quotation.end)
        starts[last:end] = INSIDE
        stop = last
        while stop > first and words[stop - 1].text in _MARKS:
            stop -= 1  # “far ‘from it.’”
        if end < len(words) and _goes_on(words, last, end):
            starts[end] = INSIDE
        elif end < len(words) and _stops_inside(words, stop, end):
            starts[end] = KNOWN
        # A sentence that ends right before the closing mark is the only one inside.
        if len(quotation.segments) == 1 and first < stop and ends[stop - 1] == ends[first]:
            starts[first:last] = INSIDE
    for stray in strays:
        index = bisect_left(places, stray.start) + stray.opens
        if index < len(words):
            starts[index] = INSIDE


def _stops_inside(words: Sequence[Token], closing: int, end: int) -> bool:
    """Whether a full stop before closing marks ends the sentence around them, too.

    Args:
        words: of the text.
        closing: the first of the marks.
        end: the word behind them.
    """
    if closing < 2 or words[closing - 1].text != ".":
        return False
    word = words[closing - 2].text
    apart = bool(words[end - 1].whitespace_) or words[end - 1].i + 1 < words[end].i
    return len(word) > 2 and word[-1].isalnum() and apart and _is_capital(words, end)


def _goes_on(words: Sequence[Token], closing: int, end: int) -> bool:
    """Whether the sentence goes on behind a closing mark, the words from `closing` to `end`."""
    follows = words[end]
    lower = follows.text[0].islower() and not follows.like_url
    return words[closing - 1].text == "," or lower or follows.text[0] in ",;:"
