"""What a reader is told of one change, in a terminal, a comment and a page alike."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from .changes_texts import Reading
from .changes_words import Piece, marked

if TYPE_CHECKING:
    from ..revisions import Change, FieldChange, Place, Version
    from ..revisions.changes import Severity

# Told by shape as well as by name: filled is more than hollow, corners are more than round.
SYMBOLS: dict[Severity, str] = {"critical": "▲", "major": "◆", "minor": "●", "info": "○"}
"""From the gravest to the slightest."""


class Line(NamedTuple):
    """One text on one side, its pieces marked where the other side differs.

    `sign` is "-" for what the old version says, "+" for the new one, "=" for both.
    """

    sign: str
    pieces: Sequence[Piece]


class Field(NamedTuple):
    """A field before and after; empty on the side where it has no value."""

    name: str
    before: Sequence[Piece]
    after: Sequence[Piece]


class Entry(NamedTuple):
    """One change for the reader.

    Attributes:
        number: from 1, through all articles.
        change: what is told.
        names: its types, in words.
        old_at: the line of the old file, or the characters where that is not at hand.
        new_at: the same of the new one; None on the side where nothing stands.
        lines: the record's text before and after, one line when both are the same.
        fields: those that tell more than the lines.
    """

    number: int
    change: Change
    names: str
    old_at: str | None
    new_at: str | None
    lines: Sequence[Line]
    fields: Sequence[Field]


class Told(NamedTuple):
    """All changes of an article with both its texts; an article may be in one version alone."""

    article: str
    old_origin: str | None
    new_origin: str | None
    old: Reading
    new: Reading
    entries: Sequence[Entry]


def tell(
    changes: Iterable[Change], old: Mapping[str, Version], new: Mapping[str, Version]
) -> list[Told]:
    """The changes by article, in the order in which they come.

    Args:
        changes: as `pipeline.revisions.compare_all` gives them.
        old: the versions before, by article.
        new: those after. An article that is missing from both is told from its changes alone.
    """
    by_article: defaultdict[str, list[Change]] = defaultdict(list)
    for change in changes:
        by_article[change.article].append(change)
    told = []
    number = 1
    for article, its in by_article.items():
        before, after = old.get(article), new.get(article)
        readings = Reading(before), Reading(after)
        entries = [_entry(n, change, *readings) for n, change in enumerate(its, start=number)]
        number += len(entries)
        old_origin, new_origin = (side.origin if side else None for side in (before, after))
        told.append(Told(article, old_origin, new_origin, *readings, entries))
    return told


def _entry(number: int, change: Change, old: Reading, new: Reading) -> Entry:
    return Entry(
        number=number,
        change=change,
        names=", ".join(name.replace("_", " ") for name in change.types),
        old_at=_at(change.before, old),
        new_at=_at(change.after, new),
        lines=_lines(change.before, change.after),
        fields=[
            _field(name, field)
            for name, field in change.fields.items()
            if not _repeats(field, change)
        ],
    )


def _at(place: Place | None, reading: Reading) -> str | None:
    if place is None:
        return None
    line = reading.line(place)
    return f"line {line}" if line else f"characters {place.start}–{place.end}"


def _lines(before: Place | None, after: Place | None) -> list[Line]:
    if before is None or after is None:
        return [
            Line(sign, [Piece(place.text, changed=False)])
            for sign, place in (("-", before), ("+", after))
            if place is not None
        ]
    if before.text == after.text:
        return [Line("=", [Piece(before.text, changed=False)])]
    old, new = marked(before.text, after.text)
    return [Line("-", old), Line("+", new)]


def _repeats(field: FieldChange, change: Change) -> bool:
    """Whether the field is the whole text, which stands above it."""
    if not (field.before and field.after and change.before and change.after):
        return False
    return (field.before.text, field.after.text) == (change.before.text, change.after.text)


def _field(name: str, field: FieldChange) -> Field:
    before = field.before.text if field.before else ""
    after = field.after.text if field.after else ""
    if before and after:
        return Field(name, *marked(before, after))
    return Field(name, *([Piece(text, changed=False)] if text else [] for text in (before, after)))


def counted(changes: Iterable[Change]) -> dict[Severity, int]:
    """How many changes there are of each severity that there is, the gravest first."""
    counts = Counter(change.severity for change in changes)
    return {severity: counts[severity] for severity in SYMBOLS if counts[severity]}


def summary(changes: Sequence[Change]) -> str:
    """The counts in one line.

    Example:
        >>> summary([])
        'no changes'
    """
    if not changes:
        return "no changes"
    articles = len({change.article for change in changes})
    counts = ", ".join(f"{count} {severity}" for severity, count in counted(changes).items())
    return f"{_number(len(changes), 'change')} in {_number(articles, 'article')}: {counts}"


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
