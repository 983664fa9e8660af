"""Changes as one web page that needs nothing else: both texts side by side, the claims linked.

Articles are untrusted. Their texts pass through `visible` and through the template, which escapes
everything; the page's policy lets no script and no style act but its own two, told by digest, and
lets nothing be fetched.
"""

from __future__ import annotations

import base64
import hashlib
from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template
from markupsafe import Markup

from .changes_entries import SYMBOLS, Entry, Told, counted, summary, tell
from .changes_map import Map, draw_map
from .changes_texts import Reading, Row, Stretch, set_side_by_side
from .changes_words import Piece, marked, shortened
from .terminal import visible

if TYPE_CHECKING:
    from ..revisions import Change, Place, Version
    from ..revisions.changes import Severity

# So many unchanged paragraphs on end are folded.
_LEAST_FOLDED = 2
# Of claims that lie in one another so many of the narrowest are told of one place.
_MOST_NESTED = 8

_Name = TypeVar("_Name", bound=Hashable)


class Segment(NamedTuple):
    """A stretch of a paragraph in which the same claims hold.

    Attributes:
        pieces: its text.
        claims: the numbers of the changes whose records it belongs to, the narrowest last.
        severity: of the gravest of them; None outside all claims.
        begins: the changes whose record begins here.
    """

    pieces: Sequence[Piece]
    claims: Sequence[int]
    severity: Severity | None
    begins: Sequence[Badge]


class Badge(NamedTuple):
    """The number in front of a claim, which leads to its counterpart.

    `counterpart` is whether there is one in the other text; it leads to the list otherwise.
    """

    entry: Entry
    counterpart: bool


class Cell(NamedTuple):
    """A paragraph of one side."""

    section: str
    segments: Sequence[Segment]


class SideBySide(NamedTuple):
    """A row of the page.

    Attributes:
        key: distinguishes the row in its article.
        row: which paragraphs stand in it.
        old: the old one, None where nothing stands.
        new: the new one.
        plain: whether nothing in it is to be seen: the same words, and no change.
    """

    key: int
    row: Row
    old: Cell | None
    new: Cell | None
    plain: bool


class Article(NamedTuple):
    """One article of the page."""

    number: int
    told: Told
    title: str
    counts: dict[Severity, int]
    groups: Sequence[tuple[bool, Sequence[SideBySide]]]
    map: Map
    in_old: Collection[int]
    in_new: Collection[int]


def changes_page(
    changes: Sequence[Change],
    *,
    old: Mapping[str, Version],
    new: Mapping[str, Version],
    title: str = "What changed",
) -> str:
    """The changes as an HTML document.

    Args:
        changes: as `pipeline.revisions.compare_all` gives them.
        old: the versions before, by article.
        new: those after. Where a version has no text, the texts of its records stand in for it.
        title: of the page.

    Returns:
        One HTML document; the same input gives the same bytes.
    """
    articles = [_article(n, told) for n, told in enumerate(tell(changes, old, new), start=1)]
    changed = {article.told.article for article in articles}
    style, script = _file("changes.css"), _file("changes.js")
    return _template().render(
        title=title,
        summary=summary(changes),
        articles=articles,
        unchanged=sorted((old.keys() | new.keys()) - changed),
        severities=_tally(c.severity for c in changes),
        kinds=_tally(c.kind for c in changes),
        types=_tally(name for c in changes for name in c.types),
        symbols=SYMBOLS,
        data=[
            {"types": change.types, "kind": change.kind, "severity": change.severity}
            for article in articles
            for change in (entry.change for entry in article.told.entries)
        ],
        style=Markup(style),  # ours, and without "</"
        script=Markup(script),
        style_digest=_digest(style),
        script_digest=_digest(script),
    )


def _tally(names: Iterable[_Name]) -> dict[_Name, int]:
    """How often each name occurs, the most frequent first."""
    return dict(sorted(Counter(names).items(), key=lambda item: (-item[1], str(item[0]))))


class _Side:
    """Where the changes of an article stand in one of its texts."""

    def __init__(self, reading: Reading, places: Iterable[tuple[Entry, Place | None]]) -> None:
        self.reading = reading
        self.spans: defaultdict[int, list[tuple[Stretch, Entry, bool]]] = defaultdict(list)
        self.numbers: set[int] = set()
        for entry, place in places:
            for nth, stretch in enumerate(reading.find(place) if place else ()):
                self.spans[stretch.paragraph].append((stretch, entry, nth == 0))
                self.numbers.add(entry.number)

    @property
    def texts(self) -> list[str]:
        return [paragraph.text for paragraph in self.reading.paragraphs]


def _article(number: int, told: Told) -> Article:
    old = _Side(told.old, [(entry, entry.change.before) for entry in told.entries])
    new = _Side(told.new, [(entry, entry.change.after) for entry in told.entries])
    made = set_side_by_side(old.texts, new.texts)
    shown = [_side_by_side(key, row, old, new) for key, row in enumerate(made)]
    return Article(
        number=number,
        told=told,
        title=told.new.title or told.old.title or told.article,
        counts=counted(entry.change for entry in told.entries),
        groups=_folded(shown),
        map=draw_map(told, made),
        in_old=old.numbers,
        in_new=new.numbers,
    )


def _folded(shown: Sequence[SideBySide]) -> list[tuple[bool, list[SideBySide]]]:
    """The rows in runs, with whether each is to be folded."""
    groups: list[tuple[bool, list[SideBySide]]] = []
    for plain, run in groupby(shown, key=lambda side_by_side: side_by_side.plain):
        rows = list(run)
        fold = plain and len(rows) >= _LEAST_FOLDED
        if fold or not groups or groups[-1][0]:
            groups.append((fold, rows))
        else:
            groups[-1][1].extend(rows)
    return groups


def _side_by_side(key: int, row: Row, old: _Side, new: _Side) -> SideBySide:
    before = None if row.old is None else old.reading.paragraphs[row.old]
    after = None if row.new is None else new.reading.paragraphs[row.new]
    if before and after:
        old_pieces, new_pieces = marked(before.text, after.text)
    else:
        old_pieces, new_pieces = (
            [Piece(p.text, changed=True)] if p else [] for p in (before, after)
        )
    same = not any(piece.changed for piece in (*old_pieces, *new_pieces))
    return SideBySide(
        key=key,
        row=row,
        old=_cell(row.old, old, new, old_pieces) if row.side != "new" else None,
        new=_cell(row.new, new, old, new_pieces) if row.side != "old" else None,
        plain=same
        and not row.moved
        and not (row.old is not None and row.old in old.spans)
        and not (row.new is not None and row.new in new.spans),
    )


def _cell(index: int | None, side: _Side, other: _Side, pieces: Sequence[Piece]) -> Cell | None:
    if index is None:
        return None
    paragraph = side.reading.paragraphs[index]
    segments = _segments(len(paragraph.text), side.spans.get(index, ()), pieces, other.numbers)
    return Cell(paragraph.section, segments)


def _segments(
    length: int,
    spans: Sequence[tuple[Stretch, Entry, bool]],
    pieces: Sequence[Piece],
    answered: Collection[int],
) -> list[Segment]:
    """Cut a paragraph wherever a claim begins or ends, so that claims may cross."""
    begins: defaultdict[int, list[tuple[Stretch, Entry, bool]]] = defaultdict(list)
    ends: defaultdict[int, list[tuple[Stretch, Entry, bool]]] = defaultdict(list)
    for span in sorted(spans, key=lambda span: (span[0].start - span[0].end, span[1].number)):
        begins[span[0].start].append(span)
        ends[span[0].end].append(span)
    edges = sorted({0, length} | begins.keys() | ends.keys())
    active: list[tuple[int, int, Entry]] = []
    segments = []
    cutter = _Cutter(pieces)
    for start, end in pairwise(edges):
        for stretch, entry, _ in ends[start]:
            active.remove((stretch.start - stretch.end, entry.number, entry))
        for stretch, entry, _ in begins[start]:
            insort(active, (stretch.start - stretch.end, entry.number, entry), key=lambda a: a[:2])
        claims = [entry for _, _, entry in active[-_MOST_NESTED:]]
        gravest = min((list(SYMBOLS).index(e.change.severity) for e in claims), default=None)
        segments.append(
            Segment(
                pieces=cutter.until(end),
                claims=[entry.number for entry in claims],
                severity=None if gravest is None else list(SYMBOLS)[gravest],
                begins=[
                    Badge(entry, entry.number in answered)
                    for _, entry, is_first in sorted(begins[start], key=lambda b: b[1].number)
                    if is_first
                ],
            )
        )
    return segments


class _Cutter:
    """Takes pieces of a text from its beginning to one edge after the other."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces
        self._index = self._within = self._at = 0

    def until(self, end: int) -> list[Piece]:
        taken = []
        while self._at < end:
            piece = self._pieces[self._index]
            text = piece.text[self._within : self._within + end - self._at]
            taken.append(Piece(text, piece.changed))
            self._at += len(text)
            self._within += len(text)
            if self._within == len(piece.text):
                self._index, self._within = self._index + 1, 0
        return taken


def _file(name: str) -> str:
    return files(__package__).joinpath("templates", name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _template() -> Template:
    environment = Environment(
        loader=FunctionLoader(_file),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["visible"] = visible
    environment.filters["shortened"] = shortened
    return environment.get_template("changes.html")
