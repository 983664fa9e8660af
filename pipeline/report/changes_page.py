"""Changes as one web page that needs nothing else: both texts side by side, the claims linked.

Articles are untrusted; what keeps them from acting is in `templating`.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from ..records import EventRecord, PredictionRecord, QuoteRecord
from .changes_entries import SYMBOLS, Entry, Told, counted, summary, tell
from .changes_map import Map, draw_map
from .changes_segments import ClaimSpan, Segment, cut
from .changes_texts import Reading, Row, set_side_by_side
from .changes_words import Piece, marked, shortened
from .paragraphs import Stretch
from .templating import render

if TYPE_CHECKING:
    from ..revisions import Change, Place, Version
    from ..revisions.changes import Severity

# So many unchanged paragraphs on end are folded.
_LEAST_FOLDED = 2

# Of what did not change these are linked; names and dates would be a link every few words.
_Claim = EventRecord | PredictionRecord | QuoteRecord
_Name = TypeVar("_Name", bound=Hashable)


class Cell(NamedTuple):
    """A paragraph of one side."""

    section: str
    segments: Sequence[Segment]


class SideBySide(NamedTuple):
    """A row of the page.

    Attributes:
        row: which paragraphs stand in it.
        old: the old one, None where nothing stands.
        new: the new one.
        plain: whether nothing in it is to be seen: the same words, and no change.
    """

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
    articles = [
        _article(number, told, old.get(told.article), new.get(told.article))
        for number, told in enumerate(tell(changes, old, new), start=1)
    ]
    changed = {article.told.article for article in articles}
    return render(
        "changes",
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
        shortened=shortened,
    )


def _tally(names: Iterable[_Name]) -> dict[_Name, int]:
    """How often each name occurs, the most frequent first."""
    return dict(sorted(Counter(names).items(), key=lambda item: (-item[1], str(item[0]))))


class _Side:
    """Where the claims of an article stand in one of its texts.

    Attributes:
        reading: the text.
        spans: the claims by paragraph.
        numbers: the changes of which something stands in the text.
        changed: the paragraphs in which they stand.
    """

    def __init__(self, reading: Reading, places: Iterable[tuple[Entry, Place | None]]) -> None:
        self.reading = reading
        self.spans: defaultdict[int, list[ClaimSpan]] = defaultdict(list)
        self.numbers: set[int] = set()
        self.changed: set[int] = set()
        for entry, place in places:
            for nth, stretch in enumerate(reading.find(place) if place else ()):
                self.spans[stretch.paragraph].append(
                    ClaimSpan(stretch, entry.number, entry, nth == 0)
                )
                self.numbers.add(entry.number)
                self.changed.add(stretch.paragraph)

    def add_unchanged(self, number: int, stretches: Sequence[Stretch]) -> None:
        """Note a claim that both versions have; `number` is its own among them."""
        for nth, stretch in enumerate(stretches):
            self.spans[stretch.paragraph].append(ClaimSpan(stretch, number, None, nth == 0))

    @property
    def texts(self) -> list[str]:
        return [paragraph.text for paragraph in self.reading.paragraphs]


def _article(number: int, told: Told, before: Version | None, after: Version | None) -> Article:
    old = _Side(told.old, [(entry, entry.change.before) for entry in told.entries])
    new = _Side(told.new, [(entry, entry.change.after) for entry in told.entries])
    for nth, (one, other) in enumerate(_unchanged(told, before, after), start=1):
        here, there = told.old.find(one), told.new.find(other)
        if here and there:
            old.add_unchanged(nth, here)
            new.add_unchanged(nth, there)
    made = set_side_by_side(old.texts, new.texts)
    shown = [_side_by_side(row, old, new) for row in made]
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


def _unchanged(
    told: Told, before: Version | None, after: Version | None
) -> Iterator[tuple[_Claim, _Claim]]:
    """The claims of both versions that no change is told of: they say the same, in one order."""
    changes = [entry.change for entry in told.entries]
    known = [
        {place.id for place in places if place}
        for places in ((c.before for c in changes), (c.after for c in changes))
    ]
    old, new = (
        [r for r in version.records if isinstance(r, _Claim) and r.id not in ids] if version else []
        for version, ids in zip((before, after), known, strict=True)
    )
    waiting: defaultdict[tuple[type, str], deque[_Claim]] = defaultdict(deque)
    for record in sorted(new, key=lambda record: (record.start, record.end)):
        waiting[type(record), record.text].append(record)
    for record in sorted(old, key=lambda record: (record.start, record.end)):
        answers = waiting[type(record), record.text]
        if answers:
            yield record, answers.popleft()


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


def _side_by_side(row: Row, old: _Side, new: _Side) -> SideBySide:
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
        row=row,
        old=_cell(row.old, old, new, old_pieces) if row.side != "new" else None,
        new=_cell(row.new, new, old, new_pieces) if row.side != "old" else None,
        plain=same
        and not row.moved
        and not (row.old is not None and row.old in old.changed)
        and not (row.new is not None and row.new in new.changed),
    )


def _cell(index: int | None, side: _Side, other: _Side, pieces: Sequence[Piece]) -> Cell | None:
    if index is None:
        return None
    paragraph = side.reading.paragraphs[index]
    segments = cut(len(paragraph.text), side.spans.get(index, ()), pieces, other.numbers)
    return Cell(paragraph.section, segments)
