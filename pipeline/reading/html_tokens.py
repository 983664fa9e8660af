"""HTML source to tags and text with exact positions.

No parser at hand says where a piece of text stands: lxml and html5lib keep at most the line of a
tag, and the standard library's changes its rules with the patch level of Python and was quadratic
on broken input for years. This one follows the tokenisation of the HTML standard (section 13.2.5)
as far as it bears on text, and every character is looked at a bounded number of times.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from html.entities import html5
from typing import Literal, NamedTuple

_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]*)")
_ATTRIBUTE = re.compile(
    r"[\s/]*(?P<name>[^\s/>][^\s/>=]*)"
    r"(?:\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s>\"'][^\s>]*))?)?"
)
_TAG_END = re.compile(r"[\s/]*>")
_COMMENT_END = re.compile("--!?>")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,9};?|#[xX][0-9a-fA-F]{1,8};?|[A-Za-z][A-Za-z0-9]{1,31};?)")
_SHORTEST_NAME, _LONGEST_LEGACY_NAME = 2, 6

#: Their content is not markup; that of the last two may hold character references.
_RAW_TEXT = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE | re.ASCII)
    for name in ("script", "style", "xmp", "iframe", "noembed", "noframes", "textarea", "title")
}


class Token(NamedTuple):
    """A tag, or a stretch of text between two tags.

    Attributes:
        kind: "start", "end", "text", or "lost" for what follows a tag that never ends.
        start: offset in the source.
        end: behind it.
        name: of the tag in lower case; for the text in a raw-text element (script) that element.
        attributes: names in lower case, values with their references resolved; the first of equal
            names counts.
    """

    kind: Literal["start", "end", "text", "lost"]
    start: int
    end: int
    name: str
    attributes: dict[str, str]


def tokens(source: str) -> Iterator[Token]:
    """The tags and texts of a page; comments, doctypes and processing instructions go.

    Example:
        >>> [(t.kind, t.name, t.start, t.end) for t in tokens("<p id=x>1 < 2<!-- no --></P>")]
        [('start', 'p', 0, 8), ('text', '', 8, 13), ('end', 'p', 24, 28)]
    """
    position = text_start = 0
    while (opening := source.find("<", position)) >= 0:
        token, position = _at(source, opening)
        if token is None and position == opening + 1:
            continue  # a lone "<" is text
        if text_start < opening:
            yield Token("text", text_start, opening, "", {})
        text_start = position
        if token is None:
            continue
        yield token
        if token.kind == "start" and token.name in _RAW_TEXT:
            closing = _RAW_TEXT[token.name].search(source, position)
            end = closing.start() if closing else len(source)
            if position < end:
                yield Token("text", position, end, token.name, {})
            position = text_start = end
    if text_start < len(source):
        yield Token("text", text_start, len(source), "", {})


def _at(source: str, opening: int) -> tuple[Token | None, int]:
    """The token that begins with the "<" here, and where to go on."""
    tag = _TAG.match(source, opening)
    if tag is not None:
        return _tag(source, tag)
    if source.startswith("<!--", opening):
        if source.startswith((">", "->"), opening + 4):
            return None, source.index(">", opening) + 1
        end = _COMMENT_END.search(source, opening + 4)
        return None, end.end() if end else len(source)
    if source.startswith(("<!", "<?", "</"), opening):
        return None, source.find(">", opening) + 1 or len(source)
    return None, opening + 1


def _tag(source: str, tag: re.Match[str]) -> tuple[Token, int]:
    start, position = tag.span()
    attributes: dict[str, str] = {}
    while True:
        end = _TAG_END.match(source, position)
        if end is not None:
            kind: Literal["start", "end"] = "end" if tag[1] else "start"
            position = end.end()
            return Token(kind, start, position, tag[2].lower(), attributes), position
        attribute = _ATTRIBUTE.match(source, position)
        if attribute is None:
            return Token("lost", start, len(source), "", {}), len(source)
        value = attribute["double"] or attribute["single"] or attribute["bare"] or ""
        attributes.setdefault(attribute["name"].lower(), unescape(value))
        position = attribute.end()


def references(source: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """The character references in a stretch of text: where each stands and what it means."""
    for match in _REFERENCE.finditer(source, start, end):
        name = match[0][1:]
        if name[0] == "#":
            yield match.start(), match.end(), unescape(match[0])
        elif name in html5:
            yield match.start(), match.end(), html5[name]
        else:
            # "&ampere": some old names need no semicolon and may run into the next word.
            longest = min(len(name), _LONGEST_LEGACY_NAME)
            for length in range(longest, _SHORTEST_NAME - 1, -1):
                if name[:length] in html5:
                    yield match.start(), match.start() + 1 + length, html5[name[:length]]
                    break
