"""A page as paragraphs under a light tree of its block elements.

The tree knows just what reading asks for: which block element a paragraph stands in, and how much
of it is a link. End tags may be missing or misplaced; what the HTML standard implies (a `p` ends
where a `div` begins) is kept where it decides about text.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .html_names import is_hidden
from .html_tokens import Token, references, tokens
from .mapping import Passage, PassageBuilder
from .tags import (
    BLOCK_TAGS,
    IMPLIED_ENDS,
    SCOPE_TAGS,
    SILENT_TAGS,
    STRONG_TAGS,
    TABLE_TAGS,
    VOID_TAGS,
)

ROOT = 0
_NOTE_MARK, _BRACKETED = re.compile(r"\W{0,3}\w{1,3}\W{0,3}"), re.compile(r"\[[^\[\]]{1,20}\]")
_MAX_NOTE_MARK_PIECES = 8
_BLANK_LINE = re.compile(r"\r?\n[ \t]*\r?\n")


class Node(NamedTuple):
    """A block element; `parent` is the place of its parent in `Page.nodes`."""

    name: str
    parent: int
    attributes: dict[str, str]


class Paragraph(NamedTuple):
    """A run of text that no block element interrupts.

    Attributes:
        passage: its text, with the map.
        node: place in `Page.nodes` of the element that it stands in.
        link_length: how many characters of it are links.
        strong: all of it is bold or emphasised.
    """

    passage: Passage
    node: int
    link_length: int
    strong: bool


class Page(NamedTuple):
    """A page.

    Attributes:
        nodes: the block elements, parents before their children; the first is the page itself.
        paragraphs: in the order of the file.
        title: source span of the title element's text.
        meta: attributes of the meta elements, in order.
        times: attributes of the time elements, in order.
        json_ld: the structured data scripts.
        language: of the html element.
        lost: offset from which the file could not be read since a tag never ends.
    """

    nodes: list[Node]
    paragraphs: list[Paragraph]
    title: tuple[int, int] | None
    meta: list[dict[str, str]]
    times: list[dict[str, str]]
    json_ld: list[str]
    language: str | None
    lost: int | None


def read_page(source: str) -> Page:
    """Take a page apart.

    Example:
        >>> page = read_page("<h1>Rain</h1><p>It <b>rained</b> &amp; <p>rained.")
        >>> [(page.nodes[p.node].name, p.passage.text) for p in page.paragraphs]
        [('h1', 'Rain'), ('p', 'It rained &'), ('p', 'rained.')]
    """
    builder = _PageBuilder(source)
    for token in tokens(source):
        if token.kind == "start":
            builder.start(token)
        elif token.kind == "end":
            builder.end(token)
        elif token.kind == "text":
            builder.text(token)
        else:
            builder.lost = token.start
    builder.flush()
    return Page(
        nodes=builder.nodes,
        paragraphs=builder.paragraphs,
        title=builder.title,
        meta=builder.meta,
        times=builder.times,
        json_ld=builder.json_ld,
        language=builder.language,
        lost=builder.lost,
    )


class _Piece(NamedTuple):
    start: int
    end: int
    replacement: str | None


class _PageBuilder:
    """The state while the tokens go by.

    The stack of open elements is indexed by name, by block and by scope, so that no tag, however
    deeply the page is nested or broken, needs a walk over it.
    """

    def __init__(self, source: str) -> None:
        self.nodes = [Node("html", ROOT, {})]
        self.paragraphs: list[Paragraph] = []
        self.title: tuple[int, int] | None = None
        self.meta: list[dict[str, str]] = []
        self.times: list[dict[str, str]] = []
        self.json_ld: list[str] = []
        self.language: str | None = None
        self.lost: int | None = None
        self._source = source
        self._passages = PassageBuilder(source)
        self._stack: list[str] = []
        self._places: dict[str, list[int]] = {}
        self._blocks: list[tuple[int, int]] = []  # place on the stack, place in nodes
        self._scopes: list[int] = []
        self._silent: list[int] = []
        self._script_type = ""
        self._pieces: list[_Piece] = []
        self._link_length = 0
        self._plain_length = 0
        self._after_break = False
        self._note_marks: list[tuple[int, int]] = []

    def start(self, token: Token) -> None:
        name, attributes = token.name, token.attributes
        if name == "meta":
            self.meta.append(attributes)
        elif name == "html":
            self.language = self.language or attributes.get("lang")
        elif name == "br":
            self._line_break(token)
        elif name == "hr":
            self.flush()
        elif name == "script":
            self._script_type = attributes.get("type", "").lower()
        if name in VOID_TAGS:
            return
        if name == "time":
            self.times.append(attributes)
        # A listing is a block of its own; elsewhere code is a word in a sentence.
        if name in BLOCK_TAGS or (name == "code" and self._places.get("pre")):
            self.flush()
            self._imply_ends(name)
            parent = self._blocks[-1][1] if self._blocks else ROOT
            self._blocks.append((len(self._stack), len(self.nodes)))
            self.nodes.append(Node(name, parent, attributes))
        elif name == "sup":
            self._note_marks.append((len(self._pieces), self._link_length))
        if name in SCOPE_TAGS:
            self._scopes.append(len(self._stack))
        if name in SILENT_TAGS or (name not in BLOCK_TAGS and is_hidden(attributes)):
            self._silent.append(len(self._stack))
        self._places.setdefault(name, []).append(len(self._stack))
        self._stack.append(name)
        if name == "q":
            self._quotation_mark(token, "‘“")

    def end(self, token: Token) -> None:
        name = token.name
        places = self._places.get(name)
        if not places:
            if name in ("p", "br"):
                self.flush()
            return
        place = places[-1]
        is_block = name in BLOCK_TAGS
        barrier = self._blocks[-1][0] if self._blocks and not is_block else -1
        if is_block and name not in TABLE_TAGS and self._scopes:
            barrier = self._scopes[-1]
        # A hidden element ends at its end tag, or the rest of the article would be hidden, too.
        if barrier > place and name not in SILENT_TAGS:
            return
        if name == "q":
            self._quotation_mark(token, "’”")
        self._pop_to(place)

    def text(self, token: Token) -> None:
        start, end = token.start, token.end
        if token.name == "title":
            if self.title is None and not self._silent:
                self.title = (start, end)
        elif token.name == "script":
            if self._script_type == "application/ld+json":
                self.json_ld.append(self._source[start:end])
        elif not token.name and not self._silent:
            if self._places.get("pre"):
                for blank in _BLANK_LINE.finditer(self._source, start, end):
                    self._add(start, blank.start())
                    self.flush()
                    start = blank.end()
            self._add(start, end)

    def flush(self) -> None:
        """End the paragraph."""
        for piece in self._pieces:
            if piece.replacement is None:
                self._passages.add(piece.start, piece.end)
            else:
                self._passages.replace(piece.replacement, piece.start, piece.end)
        passage = self._passages.finish()
        if passage is not None:
            node = self._blocks[-1][1] if self._blocks else ROOT
            strong = not self._plain_length
            self.paragraphs.append(Paragraph(passage, node, self._link_length, strong))
        self._pieces = []
        self._link_length = self._plain_length = 0
        self._after_break = False
        self._note_marks = []

    def _add(self, start: int, end: int) -> None:
        if start == end:
            return
        if self._source[start:end].isspace():
            self._pieces.append(_Piece(start, end, None))
            return
        self._after_break = False
        if self._places.get("a"):
            self._link_length += end - start
        if not any(self._places.get(name) for name in STRONG_TAGS):
            self._plain_length += end - start
        position = start
        for first, last, meaning in references(self._source, start, end):
            self._pieces.append(_Piece(position, first, None))
            self._pieces.append(_Piece(first, last, meaning))
            position = last
        self._pieces.append(_Piece(position, end, None))

    def _quotation_mark(self, token: Token, marks: str) -> None:
        """Read the tags of a quotation as the marks that browsers show for them."""
        if not self._silent:
            mark = marks[len(self._places["q"]) % 2]
            self._pieces.append(_Piece(token.start, token.end, mark))

    def _line_break(self, token: Token) -> None:
        if self._silent:
            return
        if self._after_break:
            self.flush()  # two in a row are the paragraphs of old pages
            return
        self._pieces.append(_Piece(token.start, token.end, " "))
        self._after_break = True

    def _imply_ends(self, name: str) -> None:
        closed, within = IMPLIED_ENDS.get(name, (("p",), ()))
        barrier = self._scopes[-1] if self._scopes and name not in TABLE_TAGS else -1
        for container in within:
            places = self._places.get(container)
            barrier = max(barrier, places[-1] if places else -1)
        for other in closed:
            places = self._places.get(other)
            if places and places[-1] > barrier:
                self._pop_to(places[-1])

    def _pop_to(self, place: int) -> None:
        if self._blocks and self._blocks[-1][0] >= place:
            self.flush()
        while len(self._stack) > place:
            name = self._stack.pop()
            self._places[name].pop()
            if name == "sup" and self._note_marks:
                self._drop_note_mark(*self._note_marks.pop())
        for index in (self._scopes, self._silent):
            while index and index[-1] >= place:
                index.pop()
        while self._blocks and self._blocks[-1][0] >= place:
            self._blocks.pop()

    def _drop_note_mark(self, first: int, link_length: int) -> None:
        """Leave out "[3]" or a linked "3" in a superscript: it points to a note and is not text."""
        pieces = self._pieces[first:]
        if len(pieces) > _MAX_NOTE_MARK_PIECES:
            return
        text = "".join(
            piece.replacement or self._source[piece.start : piece.end] for piece in pieces
        ).strip()
        linked = self._link_length > link_length
        if _BRACKETED.fullmatch(text) or (linked and _NOTE_MARK.fullmatch(text)):
            del self._pieces[first:]
            self._link_length = link_length
