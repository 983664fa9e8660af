"""Where sentences are known to begin, and where they are known not to, before the text is parsed.

Sentence splitters break quotations ("Where to?" | he asked) and everything after them suffers:
the cue loses its content, the content its speaker. So what the layout and the quotation marks
say for certain is given to the parser as fact, and its trees stay inside the final sentences. What
they leave open is left to the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc, Token

KNOWN, INSIDE, OPEN = 1, 0, -1
"""A sentence begins with the word; does not; the model decides."""

_SINGLE = frozenset("'‘’‚‛‹›`")
_MARKS = frozenset('"“”„‟«»') | {"``", "''"} | _SINGLE
_OPENING = frozenset("“„‟«‘‚‛‹`") | {"``"}
_CLOSING = frozenset("”»›") | {"''"}
_LOW_HIGH = {("„", "“"), ("‚", "‘"), ("»", "«"), ("›", "‹")}  # as German has them
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
    starts[:1] = KNOWN
    begin = 0
    lines = [0]  # the first words of the paragraph's lines
    for index, (before, word) in enumerate(pairwise(words), start=1):
        if before.text in _STOPS and _is_plain_end(words, index - 1) and _is_capital(words, index):
            starts[index] = KNOWN
        if before.i + 1 == word.i:
            continue
        breaks = _line_breaks(word.doc, before.i + 1, word.i)
        if breaks > 1:
            starts[index] = KNOWN
            _shield_paragraph(words, begin, index, lines, starts)
            begin, lines = index, [index]
        elif breaks:
            lines.append(index)
    _shield_paragraph(words, begin, len(words), lines, starts)
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


def _shield_paragraph(
    words: Sequence[Token], begin: int, end: int, lines: list[int], starts: NDArray[np.int64]
) -> None:
    _shield_quotations(words, begin, end, starts)
    # Lines come last: a quotation never reaches over the end of a line that stands for itself.
    if len(lines) > 1:
        ends = [*lines[1:], end]
        lengths = [
            words[stop - 1].idx + len(words[stop - 1]) - words[line].idx
            for line, stop in zip(lines, ends, strict=True)
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


def _shield_quotations(
    words: Sequence[Token], begin: int, end: int, starts: NDArray[np.int64]
) -> None:
    """Marks of one paragraph, one pass: the last opening mark waits for the next closing one."""
    opened: Token | None = None
    first_inside = 0
    whole = True  # no sentence has ended inside the marks so far
    for index in range(begin, end):
        word = words[index]
        if word.text not in _MARKS:
            # A sentence that ends right before the closing mark is the only one inside.
            ended = index > first_inside and words[index - 1].text[-1] in _ENDS_SENTENCE
            whole = whole and not ended
            continue
        before = words[index - 1] if index > begin else None
        opens, closes = _direction(word, before, opened)
        if opens:
            opened, first_inside, whole = word, index + 1, True
            if index + 1 < end:
                starts[index + 1] = INSIDE
        elif closes:
            if index > begin:
                starts[index] = INSIDE
            if opened is not None and whole:
                starts[first_inside:index] = INSIDE
            if index + 1 < end and _goes_on(words, index, begin):
                starts[index + 1] = INSIDE
            opened = None


def _direction(mark: Token, before: Token | None, opened: Token | None) -> tuple[bool, bool]:
    """Whether a mark opens and whether it closes; neither when it is an apostrophe."""
    text = mark.text
    free_before = before is None or bool(before.whitespace_) or before.i + 1 < mark.i
    free_after = bool(mark.whitespace_)
    if opened is not None and (opened.text, text) in _LOW_HIGH:
        return False, True
    if text in _SINGLE and text not in _OPENING:
        # An apostrophe at the edge of a word: elided ("’em") or possessive ("the workers’ pay").
        if opened is None or opened.text not in _SINGLE:
            opens = free_before and not free_after and text != "’"
            return opens, False
        return False, True
    if text in _OPENING:
        return True, False
    if text in _CLOSING:
        return False, True
    if opened is None and not (free_after and not free_before):
        return True, False
    if free_before and not free_after:
        return True, False
    return False, True


def _goes_on(words: Sequence[Token], index: int, begin: int) -> bool:
    """Whether the sentence goes on after the closing mark at `index`."""
    inside = words[index - 1].text if index > begin else ""
    follows = words[index + 1]
    lower = follows.text[0].islower() and not follows.like_url
    return inside == "," or lower or follows.text[0] in ",;:"
