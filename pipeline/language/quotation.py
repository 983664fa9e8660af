"""Quotation marks in a text, paired: the one place that says which marks open and which close.

A typed stack over “ ” „ ‟ ", ‘ ’ ‚ ', « » ‹ › and back-ticks. The family (double, single, angle) of
a mark is read off its glyph, its direction off its neighbours, and only where these say nothing off
the glyph or the state of the stack, so that straight and curly marks may be mixed and a mark turned
the wrong way does no harm. Apostrophes, elisions, plural possessives, inches and minutes are no
marks. A quotation may run over several paragraphs when every paragraph opens with a mark and only
the last one closes, or when none but the first opens and those between have no mark of the family;
otherwise nothing survives the end of its paragraph. A mark without a partner costs its own
quotation and no other.

All by characters, before there is a token or a parse: the sentence shield and the search for
attributions both build on it. One pass over the marks of a paragraph with constant work each:
linear.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Literal

import msgspec

from ..lexicons import rows

Family = Literal["double", "single", "angle"]

_MARKS = re.compile(r"``|''|‘‘|’’|‘’|’‘|[\"“”„‟«»‹›‘’‚‛'`]")
_FAMILY: dict[str, Family] = {
    # Two single marks stand for a double one; a careless keyboard turns either of them.
    **dict.fromkeys(('"', "“", "”", "„", "‟", "``", "''", "‘‘", "’’", "‘’", "’‘"), "double"),
    **dict.fromkeys(("'", "‘", "’", "‚", "‛", "`", "‹", "›"), "single"),
    **dict.fromkeys(("«", "»"), "angle"),
}
_OPENS = frozenset("“„‟«‹‘‚‛`") | {"``", "‘‘"}
_CLOSES = frozenset("”»›’") | {"''", "’’"}
# A blank line parts paragraphs; a single line break only wraps them.
_BREAK = re.compile(r"\n\s*\n")
_BEFORE_OPENING = frozenset("([{—–-/…*_")
_AFTER_CLOSING = frozenset(")]}.,;:!?—–-/…*_")
_ENDS_PARAGRAPH = frozenset(".!?…:;—–-)]”’\"'*_")
_WORD = re.compile(r"\w+")
_STOP = re.compile(r"[.!?]\s")
_LETTER = re.compile(r"[^\W_]")
_MOST_SILENT = 8  # paragraphs without a mark inside a quotation that opens once
_MAX_DEPTH = 6  # of quotations in quotations; deeper ones are noise, and cost time


class Elision(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of `elisions.jsonl`: what follows an apostrophe that opens no quotation."""

    word: str
    example: str


class Quotation(msgspec.Struct, frozen=True, kw_only=True):
    """A quotation in marks, by characters.

    Attributes:
        family: the kind of marks.
        start: where its opening mark begins.
        end: where its closing mark, or without one its last paragraph, ends.
        segments: what stands inside, one stretch a paragraph, marks left out.
        closed: false when the closing mark is missing and the paragraph's end stands in for it.
    """

    family: Family
    start: int
    end: int
    segments: tuple[tuple[int, int], ...]
    closed: bool = True


class Stray(msgspec.Struct, frozen=True):
    """A mark without a partner: where it begins, whether it opens, and what is the matter."""

    start: int
    opens: bool
    message: str


@dataclass
class _Mark:
    """A mark in the text, by characters."""

    start: int
    end: int
    glyph: str
    family: Family
    opens: bool
    closes: bool
    weak: bool = False  # a closing single mark that may as well be an apostrophe


@dataclass
class _Open:
    """A quotation that is not closed yet: its segments so far and where the current one begins.

    `clear` says that no further mark of its family follows in its last paragraph. `silent` are the
    paragraphs since then, without such a mark: inside if the next one closes. `shared` is the
    mark that closed the first quotation of its family inside it, where that may close both: of
    two closing marks side by side, writers leave one out. Empty where it cannot.
    """

    mark: _Mark
    begin: int
    segments: list[tuple[int, int]] = field(default_factory=list)
    clear: bool = True
    silent: list[tuple[int, int]] = field(default_factory=list)
    shared: tuple[int, ...] | None = None


def find_quotations(text: str, asides: Collection[int] = ()) -> tuple[list[Quotation], list[Stray]]:
    """The quotations of a text in order of their opening marks, and the marks left over.

    They nest and never cross; one without a letter or digit inside is none.

    Args:
        text: paragraphs between blank lines.
        asides: where paragraphs begin that interrupt a quotation without ending it, as captions.

    Example:
        >>> found, _ = find_quotations("He said, “It's 'fine', they say.”")
        >>> [(q.family, q.start, q.end) for q in found]
        [('double', 9, 33), ('single', 15, 21)]
    """
    if not _MARKS.search(text):
        return [], []
    elisions = {row.word for row in rows("elisions", Elision)}
    found: list[Quotation] = []
    strays: list[Stray] = []
    carried: _Open | None = None
    for begin, end in _paragraphs(text):
        marks = _marks(text, begin, end, elisions)
        aside = begin in asides
        left = _pair(text, begin, end, marks, None if aside else carried, found, strays)
        if not aside:
            carried = left
        elif left is not None:
            _salvage(left, found, strays)
    if carried is not None:
        _salvage(carried, found, strays)
    return _nested(text, found), sorted(strays, key=lambda stray: stray.start)


def _nested(text: str, found: list[Quotation]) -> list[Quotation]:
    """In order, without the empty ones and those too deep inside others."""
    letters = [match.start() for match in _LETTER.finditer(text)]
    kept: list[Quotation] = []
    enclosing: list[int] = []
    for quotation in sorted(found, key=lambda item: (item.start, -item.end)):
        if not any(
            bisect_left(letters, a) < bisect_left(letters, b) for a, b in quotation.segments
        ):
            continue
        while enclosing and enclosing[-1] <= quotation.start:
            enclosing.pop()
        if len(enclosing) < _MAX_DEPTH:
            enclosing.append(quotation.end)
            kept.append(quotation)
    return kept


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """The paragraphs with something in them, trimmed of white space."""
    begin = 0
    for gap in (*_BREAK.finditer(text), None):
        end = len(text) if gap is None else gap.start()
        paragraph = text[begin:end]
        stripped = paragraph.strip()
        if stripped:
            start = begin + len(paragraph) - len(paragraph.lstrip())
            yield start, start + len(stripped)
        if gap is not None:
            begin = gap.end()


def _marks(text: str, begin: int, end: int, elisions: set[str]) -> list[_Mark]:
    """The marks of a paragraph with the directions their neighbours allow."""
    marks: list[_Mark] = []
    level: dict[Family, int] = {"double": 0, "single": 0, "angle": 0}
    for match in _MARKS.finditer(text, begin, end):
        start, stop, glyph = match.start(), match.end(), match.group()
        left = text[start - 1] if start > begin else " "
        right = text[stop] if stop < end else " "
        family = _FAMILY[glyph]
        if family == "single" and left.isalnum() and right.isalnum():
            continue
        outside = level[family] <= 0
        if left.isdigit() and glyph in "'’\"" and (outside or _goes_on(text, glyph, stop, end)):
            continue  # feet and inches, minutes and seconds
        opens_here = left.isspace() or left in _BEFORE_OPENING or left in _FAMILY
        closes_here = right.isspace() or right in _AFTER_CLOSING or right in _FAMILY
        if (left in _FAMILY and right in _FAMILY) or opens_here == closes_here:
            opens_here = glyph not in _CLOSES
            closes_here = glyph not in _OPENS
            if family == "single" and glyph == "'" and left.isspace() and right.isspace():
                continue
        mark = _Mark(start, stop, glyph, family, opens_here, closes_here)
        if family == "single" and not _fits_single(text, mark, left, end, elisions):
            continue
        marks.append(mark)
        level[family] += 1 if opens_here and not (closes_here and level[family] > 0) else -1
    return marks


def _goes_on(text: str, glyph: str, start: int, end: int) -> bool:
    """Whether a phrase goes on behind an inch mark, up to the mark that closes its quotation."""
    if not text[start : start + 1].isspace() or not text[start + 1 : start + 2].islower():
        return False
    following = text.find(glyph, start, end)
    return following > start and not text[following - 1].isspace()


def _fits_single(text: str, mark: _Mark, left: str, end: int, elisions: set[str]) -> bool:
    """Whether a single mark can be a quotation mark at all; notes when it closes only weakly."""
    if mark.opens and not mark.closes:
        word = _WORD.match(text, mark.end, min(end, mark.end + 40))
        if word is None:
            return mark.end < end and not text[mark.end].isspace()
        following = word.group()
        decade = following[:2].isdigit() and len(following) <= 3
        return not decade and following.lower() not in elisions
    if not mark.opens:
        if left.isspace():
            return mark.glyph not in "'’"
        after = text[mark.end : mark.end + 2]
        # "the workers' union", "goin' home": a lower-case word follows a word in s or n.
        mark.weak = left in "snSN" and after[:1] == " " and after[1:].islower()
    return True


def _pair(
    text: str,
    begin: int,
    end: int,
    marks: list[_Mark],
    carried: _Open | None,
    found: list[Quotation],
    strays: list[Stray],
) -> _Open | None:
    """Pair the marks of one paragraph; the quotation that may go on in the next one, if any."""
    stack: list[_Open] = []
    depth: dict[Family, int] = {"double": 0, "single": 0, "angle": 0}

    def push(item: _Open) -> None:
        stack.append(item)
        depth[item.mark.family] += 1

    def pop() -> _Open:
        item = stack.pop()
        depth[item.mark.family] -= 1
        return item

    waiting: _Open | None = None
    if carried is not None:
        own = [mark for mark in marks if mark.family == carried.mark.family]
        if not own and len(carried.silent) < _MOST_SILENT:
            carried.silent.append((begin, end))
            waiting = carried
        elif own and own[0].start == begin and own[0].opens and not carried.silent:
            carried.begin = own[0].end
            push(carried)
            marks = marks[1:]
        elif own and own[0].closes and (not own[0].opens or len(own) % 2):
            # No mark at the paragraph's start, but one that closes what the last one opened.
            own[0].opens = False
            carried.segments += carried.silent
            carried.begin = begin
            push(carried)
        else:
            _salvage(carried, found, strays)
    closes_later = _strong_closer_ahead(marks)
    for index, mark in enumerate(marks):
        is_open = depth[mark.family] > 0
        opening = mark.opens and not (mark.closes and is_open)
        if opening:
            push(_Open(mark, mark.end))
        elif is_open:
            if mark.weak and closes_later[index]:
                continue
            while stack[-1].mark.family != mark.family:
                _stray(pop(), found, strays)
            item = pop()
            item.segments.append((item.begin, mark.start))
            found.append(_quotation(item, mark.end))
            if depth[mark.family] and stack[-1].shared is None:
                stack[-1].shared = _shared(text, stack[-1], item, mark)
        elif mark.family != "single" and mark.start > begin:
            message = f"closing mark {mark.glyph} without an opening one"
            strays.append(Stray(mark.start, False, message))
    left = _at_end(text, begin, end, marks, stack, found, strays)
    if waiting is None or left is None:
        return waiting or left
    _salvage(waiting, found, strays)  # it may never close, and costs no other quotation
    return left


def _strong_closer_ahead(marks: list[_Mark]) -> list[bool]:
    """For each mark, whether a single mark that surely closes follows before one that opens."""
    ahead = [False] * len(marks)
    closes = False
    for index in range(len(marks) - 1, -1, -1):
        mark = marks[index]
        ahead[index] = closes
        if mark.family == "single":
            if mark.opens and not mark.closes:
                closes = False
            elif not mark.weak:
                closes = True
    return ahead


def _at_end(
    text: str,
    begin: int,
    end: int,
    marks: list[_Mark],
    stack: list[_Open],
    found: list[Quotation],
    strays: list[Stray],
) -> _Open | None:
    """What becomes of the quotations that the paragraph leaves open: the last may go on."""
    if not stack:
        return None
    last = stack.pop()
    while last.mark.family == "single" and stack and stack[-1].mark.family != "single":
        # An apostrophe taken for an opening mark hides nothing around it.
        _stray(last, found, strays)
        last = stack.pop()
    for item in stack:
        _stray(item, found, strays)
    if last.begin >= end:
        _stray(last, found, strays)
        return None
    last.segments.append((last.begin, end))
    family = last.mark.family
    floats = last.mark.glyph == '"' and text[last.mark.end].isspace()  # opens nothing
    last.clear = not floats and not any(
        mark.start > last.begin and mark.family == family for mark in marks
    )
    if text[end - 1] in _ENDS_PARAGRAPH and _starts_speech(text, begin, last.mark.start):
        return last
    _salvage(last, found, strays)
    return None


def _starts_speech(text: str, begin: int, mark: int) -> bool:
    """Whether an opening mark stands where a long quotation begins: not in mid-clause."""
    before = text[max(begin, mark - 2) : mark].rstrip()
    word = _WORD.search(text, mark, mark + 4)
    return not before or not before[-1].isalnum() or (word is not None and word[0][0].isupper())


def _salvage(
    item: _Open,
    found: list[Quotation],
    strays: list[Stray],
) -> None:
    """Keep an unclosed quotation up to its paragraph's end, where its mark is to be trusted."""
    if (item.mark.family == "single" or item.shared) and len(item.segments) == 1:
        item.segments.clear()
        _stray(item, found, strays)
        return
    strays.append(Stray(item.mark.start, True, f"opening mark {item.mark.glyph} is never closed"))
    if item.clear:
        found.append(_quotation(item, None))


def _quotation(item: _Open, end: int | None) -> Quotation:
    return Quotation(
        family=item.mark.family,
        start=item.mark.start,
        end=item.segments[-1][1] if end is None else end,
        segments=tuple(item.segments),
        closed=end is not None,
    )


def _shared(text: str, outer: _Open, inner: _Open, closing: _Mark) -> tuple[int, ...]:
    """A mark that may close two quotations: both of one sentence, and it stands at their end."""
    ends = text[closing.start - 1] in ",.!?…" and not _STOP.search(
        text, outer.begin, inner.mark.start
    )
    return (closing.start, closing.end) if ends and outer.mark.family == "double" else ()


def _stray(item: _Open, found: list[Quotation], strays: list[Stray]) -> None:
    """A straight single mark may always be an apostrophe; the others are worth a word."""
    if item.shared and not item.segments:
        begin, end = item.shared
        item.segments.append((item.begin, begin))
        found.append(_quotation(item, end))
    if item.mark.glyph not in "'’`":
        strays.append(
            Stray(item.mark.start, True, f"opening mark {item.mark.glyph} is never closed")
        )
