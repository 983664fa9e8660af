"""Marked sentences: expectations written into the text that they are about.

>>> marked("He left <date value='2016'>in 2016</date>.")
('He left in 2016.', [Mark(tag='date', start=8, end=15, attributes={'value': '2016'})])
"""

from __future__ import annotations

import re
from typing import NamedTuple

_TAG = re.compile(r"<(?P<close>/?)(?P<tag>[a-z]+)(?P<attributes>(?:\s+[a-z_]+='[^']*')*)>")
_ATTRIBUTE = re.compile(r"([a-z_]+)='([^']*)'")


class Mark(NamedTuple):
    """A marked stretch: offsets in the text without marks."""

    tag: str
    start: int
    end: int
    attributes: dict[str, str]


def marked(sentence: str) -> tuple[str, list[Mark]]:
    """The text without its marks, and the marks in the order in which they close; they may nest.

    Raises:
        ValueError: a mark is not closed, or closes another than the last.
    """
    text: list[str] = []
    size = end = 0
    stack: list[tuple[str, int, dict[str, str]]] = []
    found: list[Mark] = []
    for match in _TAG.finditer(sentence):
        text.append(sentence[end : match.start()])
        size += match.start() - end
        end = match.end()
        if not match["close"]:
            stack.append((match["tag"], size, dict(_ATTRIBUTE.findall(match["attributes"]))))
            continue
        if not stack or stack[-1][0] != match["tag"]:
            raise ValueError(f"{sentence!r}: </{match['tag']}> closes nothing")
        tag, start, attributes = stack.pop()
        found.append(Mark(tag, start, size, attributes))
    if stack:
        raise ValueError(f"{sentence!r}: <{stack[-1][0]}> is not closed")
    text.append(sentence[end:])
    return "".join(text), found
