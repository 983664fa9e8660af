"""Plain text: lines to paragraphs, and the remains of markup that pasted text carries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from html.entities import html5
from itertools import pairwise

from .drafts import Draft
from .mapping import PassageBuilder
from .tags import INLINE_TAGS, SPACING_TAGS

_BREAK = "\n\r\f\x85\u2028\u2029"
_LINE = re.compile(rf"\S[^{_BREAK}]*")
_LINE_END = re.compile(rf"\r\n|[{_BREAK}]")

# Lines longer than this were not broken to fit a page; 132 is the widest terminal there was.
_MAX_WIDTH = 132
_MIN_WIDTH = 45
# Fewer lines than this say nothing about a width.
_MIN_LINES = 5
_WRAPPED_SHARE = 0.6
_LONG_LINE_SHARE = 0.25

_BULLET = re.compile(r"(?:[*•‣▪◦●·] |[-–] |\(?\d{1,2}[.)] |[A-Za-z]\) )\s*\S")
_BULLET_MARK = re.compile(r"[*•‣▪◦●]\s+(?=\S)")
_HEADING_MARK = re.compile(r"#{1,6}\s+(?=\S)")
_ORNAMENT = re.compile(r"[-=_*~#+.·•—–\s]{3,}")
_UNFINISHED = re.compile(r"[^\W\d_][,;]?\Z")
# A paragraph that a page break cut in two is long; a title, a caption or a list item seldom is.
_MIN_CUT_LENGTH = 120

_HINT = re.compile(r"[<&*_\[]")
_INLINE = re.compile(
    r"(?P<tag><(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9]{0,14})(?:\s[^<>]{0,500})?/?>)"
    r"|(?P<entity>&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});)"
    r"|(?P<link>\[(?P<label>[^\[\]<>*_&]{1,300})\]\(https?://[^\s()]{1,2000}\))"
    r"|(?P<mark>\*+|_+)"
)
_OPENS_AFTER = re.compile(r"[\s(\[{\"'“‘«—–>]")
_CLOSES_BEFORE = re.compile(r"[\s)\]}\"'”’»—–<.,;:!?…]")


def read_plain(source: str) -> list[Draft]:
    """The paragraphs of a plain text.

    An empty line ends a paragraph. Whether a single line break does is decided by the whole text:
    where most lines are as full as some width allows, they were wrapped and belong together; else
    each line is a paragraph. A sentence that an empty line cuts in two (a page break) is joined.
    """
    builder = PassageBuilder(source)
    drafts = []
    for start, end in _joined(source, _paragraphs(source)):
        text = source[start:end]
        if _ORNAMENT.fullmatch(text):
            continue
        level = None
        heading = _HEADING_MARK.match(text)
        if heading is not None and not _LINE_END.search(text):
            start, level = start + heading.end(), heading[0].count("#")
        bullet = _BULLET_MARK.match(text)
        if bullet is not None:
            start += bullet.end()
        emphasised = add_inline(source, start, end, builder)
        passage = builder.finish()
        if passage is not None:
            drafts.append(Draft(passage, emphasised=emphasised, level=level))
    return drafts


def _paragraphs(source: str) -> Iterator[tuple[int, int]]:
    groups = list(_groups(source))
    width = _wrap_width(source, groups)
    for lines in groups:
        start = lines[0][0]
        for line, following in pairwise(lines):
            if not _continues(source, line, following, width):
                yield start, line[1]
                start = following[0]
        yield start, lines[-1][1]


def _groups(source: str) -> Iterator[list[tuple[int, int]]]:
    """Runs of lines without an empty line between them; lines without white space around them."""
    group: list[tuple[int, int]] = []
    position = 0
    for match in _LINE.finditer(source):
        start = match.start()
        end = start + len(match[0].rstrip())
        gap = source[position:start]
        broken = gap not in ("\n", "\r\n") and ("\u2029" in gap or len(_LINE_END.findall(gap)) > 1)
        if broken and group:
            yield group
            group = []
        group.append((start, end))
        position = end
    if group:
        yield group


def _wrap_width(source: str, groups: list[list[tuple[int, int]]]) -> int | None:
    """The width to which the text was wrapped, or None when it was not."""
    lengths = sorted(end - start for lines in groups if len(lines) > 1 for start, end in lines)
    if len(lengths) < _MIN_LINES:
        return None
    long = sum(length for length in lengths if length > _MAX_WIDTH)
    if long > _LONG_LINE_SHARE * sum(lengths):
        return None
    # The longest lines may be headers or links that could not be broken.
    width = lengths[int(0.95 * (len(lengths) - 1))]
    if not _MIN_WIDTH <= width <= _MAX_WIDTH:
        return None
    full = pairs = 0
    for lines in groups:
        for line, following in pairwise(lines):
            pairs += 1
            full += _is_full(source, line, following, width)
    return width if full >= _WRAPPED_SHARE * pairs else None


def _is_full(source: str, line: tuple[int, int], following: tuple[int, int], width: int) -> bool:
    """Whether the next line's first word no longer fitted on this one."""
    first_word = source[following[0] : min(following[1], following[0] + width)].split(maxsplit=1)[0]
    return line[1] - line[0] + 1 + len(first_word) > width


def _continues(
    source: str, line: tuple[int, int], following: tuple[int, int], width: int | None
) -> bool:
    """Whether the following line belongs to the same paragraph."""
    if _BULLET.match(source, *following):
        return False
    if width is not None:
        return _is_full(source, line, following, width)
    return line[1] - line[0] >= _MIN_WIDTH and _breaks_sentence(source, line[1], following[0])


def _breaks_sentence(source: str, end: int, start: int) -> bool:
    return source[start].islower() and _UNFINISHED.search(source, end - 2, end) is not None


def _joined(source: str, paragraphs: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The paragraphs, those mended that an empty line cuts inside a sentence."""
    held: tuple[int, int] | None = None
    for start, end in paragraphs:
        if held is not None:
            long = held[1] - held[0] >= _MIN_CUT_LENGTH
            if long and _breaks_sentence(source, held[1], start):
                held = (held[0], end)
                continue
            yield held
        held = (start, end)
    if held is not None:
        yield held


def add_inline(source: str, start: int, end: int, builder: PassageBuilder) -> bool:
    """Add a paragraph without its inline markup; say whether all of it was emphasised."""
    if not _HINT.search(source, start, end):
        builder.add(start, end)
        return False
    tokens = [match for match in _INLINE.finditer(source, start, end) if _is_markup(match)]
    marks = _emphasis(source, start, end, [match for match in tokens if match.lastgroup == "mark"])
    position = start
    for match in tokens:
        first, last = match.span()
        if match.lastgroup == "mark" and first not in marks:
            continue
        builder.add(position, first)
        position = last
        if match.lastgroup == "entity":
            builder.replace(unescape(match[0]), first, last)
        elif match.lastgroup == "link":
            builder.add(*match.span("label"))
        elif match.lastgroup == "tag" and match["name"].lower() in SPACING_TAGS:
            builder.replace(" ", first, last)
    builder.add(position, end)
    return marks.get(start) == end


def _is_markup(match: re.Match[str]) -> bool:
    if match.lastgroup == "tag":
        name = match["name"].lower()
        return name in INLINE_TAGS or name in SPACING_TAGS
    if match.lastgroup == "entity":
        return match[0][1] == "#" or match[0][1:] in html5
    return True


def _emphasis(source: str, start: int, end: int, marks: list[re.Match[str]]) -> dict[int, int]:
    """The emphasis marks that come in pairs: start of each → end of its pair.

    Conservative: a mark opens only at the edge of a word on its left and closes only at one on its
    right, both of one kind and length; so multiplication, footnote stars, censored words and
    names_with_underscores stay as they are.
    """
    open_marks: dict[str, re.Match[str]] = {}
    paired: dict[int, int] = {}
    for match in marks:
        kind, (first, last) = match[0], match.span()
        if len(kind) > 3:
            continue
        before = source[first - 1] if first > start else " "
        after = source[last] if last < end else " "
        opener = open_marks.get(kind)
        closes = not before.isspace() and _CLOSES_BEFORE.match(after)
        if opener is not None and closes and opener.end() < first:
            paired[opener.start()] = last
            paired[first] = last
            del open_marks[kind]
        elif _OPENS_AFTER.match(before) and not after.isspace():
            open_marks[kind] = match
    return paired
