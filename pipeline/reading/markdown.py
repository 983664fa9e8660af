"""Markdown: blocks by markdown-it-py (CommonMark, tables, strikethrough), positions by a walk.

The parser says on which lines a block stands and which tokens are inside it, but not where these
are. Each block's text is found again on its lines, then the tokens are walked along it: every
delimiter, escape, reference and link must stand exactly where the walk is, so that the positions
are exact or the walk fails. A block where it fails is read as plain text, with a notice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.helpers import parseLinkDestination, parseLinkTitle
from markdown_it.token import Token

from ..records import Section
from .article import Notice
from .drafts import Draft
from .front_matter import read_front_matter
from .html_content import find_content
from .html_tree import read_page
from .mapping import Passage, PassageBuilder
from .metadata import Metadata
from .plain import add_inline
from .tags import SPACING_TAGS

# The parser's inline rules are quadratic on some input ("![![![…"); no paragraph is this long.
_MAX_INLINE_LENGTH = 20_000

_LINE_END = re.compile(r"\r\n?|\n")
_FOOTNOTE = re.compile(r"\[\^[^\[\]\s]{1,50}\]")
_FOOTNOTE_START = re.compile(r"\[\^[^\[\]\s]{1,50}\]:\s*")
_REFERENCE_LABEL = re.compile(r"\[[^\[\]]{0,999}\]")
_BREAK = re.compile(r"[ \t]*\\?\n[ \t]*")
_MARKERS = re.compile(r"[\s>*+-]*")
_CONTAINERS = ("blockquote_open", "list_item_open")
_TAG_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)")


class _Misaligned(Exception):
    """A token is not where it should be."""


def read_markdown(source: str) -> tuple[list[Draft], Metadata, list[Notice]]:
    """The paragraphs of a Markdown text, what its front matter states, and what was left out."""
    front = read_front_matter(source)
    reader = _Reader(source, front.end)
    drafts = list(reader.drafts())
    if any(draft.level == 1 for draft in drafts):
        return drafts, front.metadata, [*front.notices, *reader.notices]
    shown = list(front.drafts)
    if shown and drafts:
        drafts[0] = drafts[0]._replace(follows_removed=True)
    return shown + drafts, front.metadata, [*front.notices, *reader.notices]


class _Line(NamedTuple):
    start: int
    end: int


class _TextLine(NamedTuple):
    """A line of a block's text, stripped: start and end in the text, place in the source."""

    start: int
    end: int
    place: int


class _Reader:
    def __init__(self, source: str, offset: int) -> None:
        self.notices: list[Notice] = []
        self._source = source
        self._builder = PassageBuilder(source)
        self._parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
        # Without "inline" the blocks come first; "text_join" would hide escapes and references.
        self._parser.disable(["inline", "text_join"])
        self._offset = offset
        ends = list(_LINE_END.finditer(source, offset))
        starts = [offset, *(match.end() for match in ends)]
        stops = [*(match.start() for match in ends), len(source)]
        self._lines = [_Line(*edges) for edges in zip(starts, stops, strict=True)]
        self._removed = False
        self._table_cells = 0

    def drafts(self) -> Iterator[Draft]:
        """The blocks that hold text."""
        environment: dict[str, object] = {}
        level: int | None = None
        in_table = False
        for token in self._parser.parse(self._source[self._offset :], environment):
            if token.type == "heading_open":
                level = int(token.tag[1:])
            elif token.type == "heading_close":
                level = None
            elif token.type in ("table_open", "table_close"):
                in_table = token.type == "table_open"
            elif token.type in ("fence", "code_block"):
                self._leave_out(token, "code was left out")
            elif token.type == "html_block":
                yield from self._html(token)
            elif token.type in _CONTAINERS and token.level + 1 >= self._parser.options.maxNesting:
                yield from self._too_deep(token)
            elif token.type == "inline" and in_table:
                self._table_cells += 1
                self._removed = True
            elif token.type == "inline":
                yield from self._text(token, level, environment)
        if self._table_cells:
            self.notices.append(
                Notice("warning", f"tables were left out: {self._table_cells} cells")
            )

    def _take(self, draft: Draft) -> Draft:
        draft = draft._replace(follows_removed=self._removed)
        self._removed = False
        return draft

    def _span(self, token: Token) -> tuple[int, int]:
        first, last = token.map or [0, len(self._lines)]
        return self._lines[first].start, self._lines[
            max(first, min(last, len(self._lines)) - 1)
        ].end

    def _leave_out(self, token: Token, message: str) -> None:
        self.notices.append(Notice("warning", message, *self._span(token)))
        self._removed = True

    def _html(self, token: Token) -> Iterator[Draft]:
        start, end = self._span(token)
        page = read_page(self._source[start:end])
        for draft in find_content(page, None).drafts:
            chunks = tuple(
                chunk._replace(start=chunk.start + start, end=chunk.end + start)
                for chunk in draft.passage.chunks
            )
            passage = Passage(draft.passage.text, chunks)
            yield self._take(draft._replace(passage=passage))

    def _too_deep(self, token: Token) -> Iterator[Draft]:
        """The lines of a container so deep that the parser passes over what is in it."""
        message = "Markdown that is nested too deeply: read as text"
        self.notices.append(Notice("warning", message, *self._span(token)))
        first, last = token.map or (0, 0)
        for start, end in self._lines[first:last]:
            markers = _MARKERS.match(self._source, start, end)
            add_inline(self._source, markers.end() if markers else start, end, self._builder)
            passage = self._builder.finish()
            if passage is not None:
                yield self._take(Draft(passage))

    def _text(
        self, token: Token, level: int | None, environment: dict[str, object]
    ) -> Iterator[Draft]:
        start, end = self._span(token)
        try:
            children = self._children(token.content, environment)
            walk = _Walk(token.content, self._lines_of(token), self._builder)
            walk.along(children)
            emphasised = _all_strong(children)
        except _Misaligned:
            self._builder.finish()
            self.notices.append(
                Notice("warning", "Markdown that could not be followed: read as text", start, end)
            )
            emphasised = add_inline(self._source, start, end, self._builder)
        section: Section | None = "note" if _FOOTNOTE_START.match(token.content) else None
        passage = self._builder.finish()
        if passage is not None:
            draft = Draft(passage, section=section, level=level, emphasised=emphasised)
            yield self._take(draft)

    def _children(self, content: str, environment: dict[str, object]) -> list[Token]:
        if len(content) > _MAX_INLINE_LENGTH:
            raise _Misaligned
        children: list[Token] = []
        self._parser.inline.parse(content, self._parser, environment, children)
        return children

    def _lines_of(self, token: Token) -> list[_TextLine]:
        """Where each line of a block's text stands in the source."""
        first = (token.map or [0, 0])[0]
        lines = []
        offset = 0
        for number, line in enumerate(token.content.split("\n"), start=first):
            text = line.strip()
            start, end = self._lines[number] if number < len(self._lines) else (0, 0)
            # A block's text ends its line, but for the closing marks of a heading.
            place = start + len(self._source[start:end].rstrip()) - len(text)
            if place < start or not self._source.startswith(text, place):
                place = self._source.find(text, start, end)
            if place < 0:
                raise _Misaligned
            text_start = offset + len(line) - len(line.lstrip())
            lines.append(_TextLine(text_start, text_start + len(text), place))
            offset += len(line) + 1
        return lines


class _Walk:
    """Goes along a block's text, token by token, and adds what is to be read to the builder."""

    def __init__(self, content: str, lines: list[_TextLine], builder: PassageBuilder) -> None:
        self._content = content
        self._lines = lines
        self._builder = builder
        self._at = 0
        self._line = 0

    def along(self, tokens: Sequence[Token]) -> None:
        """Add the tokens.

        Raises:
            _Misaligned: one of them is not where it should be.
        """
        in_autolink = False
        for index, token in enumerate(tokens):
            kind = token.type
            if kind == "text":
                if _is_note_link(tokens, index):
                    self._expect(token.content)
                else:
                    self._text(token.content)
            elif kind == "text_special":
                start = self._at
                self._expect(token.markup)
                self._replace(token.content, start)
            elif kind in ("softbreak", "hardbreak"):
                self._break()
            elif kind == "code_inline":
                self._code(token)
            elif kind == "html_inline":
                self._html(token.content)
            elif kind == "link_open":
                in_autolink = token.markup == "autolink"
                self._expect("<" if in_autolink else "[")
            elif kind == "link_close":
                self._expect(">" if in_autolink else "]")
                if not in_autolink:
                    self._link_tail()
                in_autolink = False
            elif kind == "image":
                self._expect("![")
                self._expect(token.content)
                self._expect("]")
                self._link_tail()
            elif token.markup:
                self._expect(token.markup)
            else:
                raise _Misaligned
        if self._content[self._at :].strip():
            raise _Misaligned

    def _expect(self, text: str) -> None:
        if not self._content.startswith(text, self._at):
            raise _Misaligned
        self._at += len(text)

    def _text(self, text: str) -> None:
        start = self._at
        self._expect(text)
        note = _FOOTNOTE_START.match(self._content) if not start else None
        if note is not None:
            start = note.end()
        for mark in _FOOTNOTE.finditer(self._content, start, self._at):
            self._add(start, mark.start())
            start = mark.end()
        self._add(start, self._at)

    def _add(self, start: int, end: int) -> None:
        """Add text that may run over several lines."""
        self._catch_up(start)
        while True:
            line = self._lines[self._line]
            first, last = max(start, line.start), min(end, line.end)
            if first < last:
                self._builder.add(line.place + first - line.start, line.place + last - line.start)
            if self._line + 1 == len(self._lines) or end < self._lines[self._line + 1].start:
                return
            self._next_line()

    def _catch_up(self, start: int) -> None:
        """Go to the line of an offset; what lies between was not to be read."""
        while self._line + 1 < len(self._lines) and self._lines[self._line + 1].start <= start:
            self._line += 1

    def _next_line(self) -> None:
        line, following = self._lines[self._line : self._line + 2]
        self._builder.replace(" ", line.place + line.end - line.start, following.place)
        self._line += 1

    def _replace(self, text: str, start: int) -> None:
        self._catch_up(start)
        line = self._lines[self._line]
        if not line.start <= start <= self._at <= line.end:
            raise _Misaligned
        place = line.place - line.start
        self._builder.replace(text, place + start, place + self._at)

    def _break(self) -> None:
        self._catch_up(self._at)
        match = _BREAK.match(self._content, self._at)
        if match is None or self._line + 1 >= len(self._lines):
            raise _Misaligned
        self._at = match.end()
        self._next_line()

    def _code(self, token: Token) -> None:
        self._expect(token.markup)
        closing = re.compile(rf"(?<!`){token.markup}(?!`)").search(self._content, self._at)
        if closing is None:
            raise _Misaligned
        start, end = self._at, closing.start()
        inner = self._content[start:end].replace("\n", " ")
        if inner != token.content:  # one space on each side belongs to the marks
            start, end, inner = start + 1, end - 1, inner[1:-1]
        if inner != token.content:
            raise _Misaligned
        self._add(start, end)
        self._at = closing.end()

    def _html(self, tag: str) -> None:
        start = self._at
        self._expect(tag)
        name = _TAG_NAME.match(tag)
        if name is not None and name[1].lower() in SPACING_TAGS and "\n" not in tag:
            self._replace(" ", start)

    def _link_tail(self) -> None:
        """Go past the "(destination "title")" or "[label]" of a link, if there is one."""
        content, length = self._content, len(self._content)
        if content.startswith("(", self._at):
            at = self._past_space(self._at + 1)
            destination = parseLinkDestination(content, at, length)
            if destination.ok:
                before = destination.pos
                at = self._past_space(before)
                title = parseLinkTitle(content, at, length)
                if title.ok and at > before:
                    at = self._past_space(title.pos)
            if content.startswith(")", at):
                self._at = at + 1
                return
        label = _REFERENCE_LABEL.match(content, self._at)
        if label is not None:
            self._at = label.end()

    def _past_space(self, at: int) -> int:
        while at < len(self._content) and self._content[at] in " \t\n":
            at += 1
        return at


def _is_note_link(tokens: Sequence[Token], index: int) -> bool:
    """Whether a text is the label of a link to a footnote, which is a definition in CommonMark."""
    return (
        index > 0
        and tokens[index - 1].type == "link_open"
        and tokens[index].content.startswith("^")
        and tokens[index + 1].type == "link_close"
    )


def _all_strong(tokens: Sequence[Token]) -> bool:
    """Whether the whole of a paragraph is bold or emphasised."""
    depth = 0
    for token in tokens:
        if token.type in ("strong_open", "em_open"):
            depth += 1
        elif token.type in ("strong_close", "em_close"):
            depth -= 1
        elif not depth and token.type != "softbreak" and token.content.strip():
            return False
    return True
