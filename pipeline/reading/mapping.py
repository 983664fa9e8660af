"""The exact map between the reading text and the file, and how reading text is made.

Reading text is what the language model sees: markup gone, white space folded. It is never searched
for in the file afterwards; every stretch of it is written down together with the stretch of the
file it came from while it is made. All offsets are code points, half-open.

Three kinds of character are not copied as they stand:

- a run of white space becomes one space;
- controls and invisible format characters (soft hyphen, zero-width space, byte order mark,
  direction marks) are left out, since they hide inside words and can make text show as something
  else than it is. Joiners and variation selectors stay: they are part of how emoji and scripts are
  spelled;
- a lone surrogate becomes U+FFFD, because no encoder takes it, and a C1 control becomes the
  Windows-1252 character that it is in practice (HTML standard, numeric character references).
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

#: Between two blocks of the reading text.
SEPARATOR = "\n\n"

# C0 without the white space among them, DEL, soft hyphen, zero-width space, direction marks,
# embeddings, overrides, isolates, invisible operators, byte order mark, annotation anchors.
_DROPPED = (
    "\x00-\x08\x0e-\x1b\x7f\u00ad\u061c\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_C1 = re.compile("[\x80-\x84\x86-\x9f]")  # U+0085 is white space
_SWAPPED = "\ud800-\udfff\x80-\x84\x86-\x9f"
_DROP, _SWAP = re.compile(f"[{_DROPPED}]+"), re.compile(f"[{_SWAPPED}]")
_CHANGED = re.compile(
    rf"(?P<space>\s{{2,}}|[^\S ])|(?P<drop>[{_DROPPED}]+)|(?P<swap>[{_SWAPPED}]+)"
)


def _swapped(character: str) -> str:
    if "\ud800" <= character <= "\udfff":
        return "\ufffd"
    return bytes([ord(character)]).decode("cp1252", "ignore") or "\ufffd"


def odd_characters(source: str) -> Iterator[tuple[int, str]]:
    """The first character of each kind that is read as another one, and what was done about it."""
    for pattern, message in (
        (_SURROGATE, "lone surrogates, which are no characters, are read as U+FFFD"),
        (_C1, "control characters U+0080 to U+009F are read as Windows-1252"),
    ):
        match = pattern.search(source)
        if match is not None:
            yield match.start(), message


class Chunk(NamedTuple):
    """Reading text `[read, read_end)` that came from `[start, end)` of the file.

    Equal lengths mean character for character; otherwise one character stands for all of it.
    """

    read: int
    read_end: int
    start: int
    end: int


class Passage(NamedTuple):
    """One paragraph of reading text with its chunks; `read` offsets count from its own start."""

    text: str
    chunks: tuple[Chunk, ...]

    @property
    def start(self) -> int:
        """Source offset of the first character."""
        return self.chunks[0].start

    @property
    def end(self) -> int:
        """Source offset behind the last character."""
        return self.chunks[-1].end

    def cut(self, start: int, end: int) -> Passage:
        """The passage `text[start:end]` without white space at its edges."""
        while start < end and self.text[start].isspace():
            start += 1
        while start < end and self.text[end - 1].isspace():
            end -= 1
        kept = []
        for chunk in self.chunks:
            read, read_end, first, last = chunk
            if read_end <= start or read >= end:
                continue
            if read_end - read == last - first:
                low, high = max(read, start), min(read_end, end)
                shift = first - read
                kept.append(Chunk(low - start, high - start, low + shift, high + shift))
            else:
                kept.append(Chunk(read - start, read_end - start, first, last))
        return Passage(self.text[start:end], tuple(kept))


class PassageBuilder:
    r"""Makes one `Passage` from pieces of the file, given in the order of the file.

    Example:
        >>> builder = PassageBuilder("<b>Fish</b> &amp;\n chips")
        >>> builder.add(3, 7); builder.add(11, 12); builder.replace("&", 12, 17)
        >>> builder.add(17, 24)
        >>> passage = builder.finish()
        >>> passage.text
        'Fish & chips'
        >>> passage.chunks[2]
        Chunk(read=5, read_end=6, start=12, end=17)
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._reset()

    def _reset(self) -> None:
        self._parts: list[str] = []
        self._chunks: list[Chunk] = []
        self._length = 0
        self._space: tuple[int, int] | None = None

    def add(self, start: int, end: int) -> None:
        """Copy `source[start:end]`."""
        source = self._source
        for match in _CHANGED.finditer(source, start, end):
            first, last = match.span()
            if start < first:
                self._verbatim(start, first)
            if match.lastgroup == "space":
                self._white(first, last)
            elif match.lastgroup == "swap":
                self._append("".join(map(_swapped, match[0])), first, last)
            start = last
        if start < end:
            self._verbatim(start, end)

    def replace(self, text: str, start: int, end: int) -> None:
        """Let `source[start:end]`, an entity or a line-break tag, read as `text`.

        The few entities that mean several code points stay as they stand: a span of the reading
        text could begin inside them, but no span of the file can.
        """
        text = _DROP.sub("", _SWAP.sub(lambda match: _swapped(match[0]), text))
        if text.isspace():
            self._white(start, end)
        elif len(text) > 1:
            self.add(start, end)
        elif text:
            self._append(text, start, end)

    def finish(self) -> Passage | None:
        """The passage, or None when nothing of it can be read; the builder is empty again."""
        passage = Passage("".join(self._parts), tuple(self._chunks)) if self._chunks else None
        self._reset()
        return passage

    def _verbatim(self, start: int, end: int) -> None:
        # Only single spaces can still stand here, at most one at each edge of the stretch.
        source = self._source
        if source[start] == " ":
            self._white(start, start + 1)
            start += 1
            if start == end:
                return
        trailing = source[end - 1] == " "
        if trailing:
            end -= 1
        self._append(source[start:end], start, end)
        if trailing:
            self._white(end, end + 1)

    def _white(self, start: int, end: int) -> None:
        self._space = (self._space[0] if self._space else start, end)

    def _append(self, text: str, start: int, end: int) -> None:
        if self._space is not None:
            space, self._space = self._space, None
            if self._length:
                self._chunk(" ", *space)
        self._chunk(text, start, end)

    def _chunk(self, text: str, start: int, end: int) -> None:
        read, self._length = self._length, self._length + len(text)
        self._parts.append(text)
        if self._chunks and len(text) == end - start:
            last = self._chunks[-1]
            if last.end == start and last.read_end - last.read == last.end - last.start:
                self._chunks[-1] = Chunk(last.read, self._length, last.start, end)
                return
        self._chunks.append(Chunk(read, self._length, start, end))


class ReadingMap:
    """Takes spans of the reading text to the file, and slices of the file to reading text."""

    __slots__ = ("_breaks", "_ends", "_read", "_read_ends", "_starts", "_text")

    def __init__(self, text: str, chunks: Iterable[Chunk], breaks: Sequence[int]) -> None:
        """Make the map.

        Args:
            text: the reading text.
            chunks: in order, covering everything of `text` but the block separators.
            breaks: offsets of `text` where a block begins before which a block was left out.
        """
        self._text = text
        self._read, self._read_ends = array("q"), array("q")
        self._starts, self._ends = array("q"), array("q")
        for read, read_end, start, end in chunks:
            self._read.append(read)
            self._read_ends.append(read_end)
            self._starts.append(start)
            self._ends.append(end)
        self._breaks = array("q", breaks)

    def to_source(self, start: int, end: int) -> list[tuple[int, int]]:
        """The source spans of `text[start:end]`, each as tight as it can be.

        One span, unless a left-out block (navigation, an advertisement, code) lies in between.
        Inline markup between the first and the last character is inside the span. A span that
        holds nothing, or nothing but block separators, has no source: the answer is empty.

        Raises:
            ValueError: the span does not lie in the reading text.
        """
        if not 0 <= start <= end <= len(self._text):
            raise ValueError(f"span {start}..{end} outside the reading text of {len(self._text)}")
        inner = self._breaks[bisect_right(self._breaks, start) : bisect_left(self._breaks, end)]
        edges = [start, *inner, end]
        spans = []
        for low, high in pairwise(edges):
            first = bisect_right(self._read_ends, low)
            last = bisect_left(self._read, high) - 1
            if low < high and first <= last:
                spans.append((self._source_start(first, low), self._source_end(last, high)))
        return spans

    def clean(self, start: int, end: int) -> str:
        """The reading text of `source[start:end]`: no markup, single spaces, stripped."""
        low, high = self.to_reading(start, end)
        return " ".join(self._text[low:high].split())

    def to_reading(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the reading text from `source[start:end]`, no white space at its edges.

        A character of the reading text belongs to it when any of the characters that it stands
        for does. Of a slice that nothing was read from it is empty.
        """
        first = bisect_right(self._ends, start)
        last = bisect_left(self._starts, end) - 1
        if start >= end or first > last:
            return 0, 0
        low, high = self._read[first], self._read_ends[last]
        if self._one_to_one(first):
            low += max(0, start - self._starts[first])
        if self._one_to_one(last):
            high -= max(0, self._ends[last] - end)
        while low < high and self._text[low].isspace():
            low += 1
        while low < high and self._text[high - 1].isspace():
            high -= 1
        return low, high

    def _one_to_one(self, index: int) -> bool:
        read_length = self._read_ends[index] - self._read[index]
        return read_length == self._ends[index] - self._starts[index]

    def _source_start(self, index: int, offset: int) -> int:
        if self._one_to_one(index):
            return self._starts[index] + max(0, offset - self._read[index])
        return self._starts[index]

    def _source_end(self, index: int, offset: int) -> int:
        if self._one_to_one(index):
            return self._ends[index] - max(0, self._read_ends[index] - offset)
        return self._ends[index]
