"""The approved state of a set of articles, under version control, and what is accepted into it.

A folder holds a file an article, `NAME.approved.jsonl` (see `approved`), and the log of
acceptances, `accepted.jsonl`: who approved which claims, when and why, one JSON object a line, to
which lines are only added.
"""

from __future__ import annotations

import bisect
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import msgspec

from .. import jsonl
from ..errors import RecordError
from ..reading.files import read_bytes
from ..records import ArticleRecord
from .approved import MENTION, Line, decode, encode, lines_of, version_of
from .changes import Change, ChangeType, Kind, severity_of
from .compare import compare
from .versions import Version

SUFFIX = ".approved.jsonl"
LOG = "accepted.jsonl"
DEFAULT_FOLDER = "approved"
"""Beside the articles, unless told otherwise."""

# What is safe as a file name on every system; ids of other programs' records may be anything.
_SAFE_NAME = re.compile(r"[\w-][\w.-]{0,159}", re.ASCII)
_SYSTEM_NAMES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
# The fields by which a record refers to others, or is referred to.
_REFERENCES = frozenset({"id", "entity", "quote", "source", "parent", "event"})

State = Literal["new", "stale", "changed", "same"]


class Approved(msgspec.Struct, frozen=True, kw_only=True):
    """The approved state of one article.

    Attributes:
        path: its file.
        article: what was read when it was approved.
        lines: its records and mentions, in the order of the file.
    """

    path: Path
    article: ArticleRecord
    lines: list[Line]

    def version(self) -> Version:
        """As one side of a comparison.

        Raises:
            RecordError: a line is damaged.
        """
        return version_of(self.article, self.lines, source=str(self.path))


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """How an article stands to its baseline.

    Attributes:
        article: its id.
        state: new, without a baseline; stale, a baseline without an article; changed; same.
        changes: from the baseline to the article, when it is `changed`.
        present: the article; None when stale.
        approved: its baseline; None when new.
    """

    article: str
    state: State
    changes: tuple[Change, ...]
    present: Version | None
    approved: Approved | None


class AcceptedPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A claim in the log."""

    id: str | None
    text: str


class AcceptedChange(msgspec.Struct, frozen=True, kw_only=True):
    """A change in the log."""

    types: tuple[ChangeType, ...]
    kind: Kind
    before: AcceptedPlace | None
    after: AcceptedPlace | None


class Acceptance(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the log: who accepted what of one article, when and why.

    Attributes:
        when: date and time with its zone, ISO 8601.
        by: who.
        reason: why, in their words; empty when they gave none.
        article: its id.
        sha256: of the article's file; None for an article that is gone.
        state: new, changed or stale, as it stood to its baseline before.
        types: how often each type of change was accepted.
        changes: the changes; of a new or a stale article none, as all of it is meant.
    """

    when: str
    by: str
    reason: str
    article: str
    sha256: str | None
    state: State
    types: dict[ChangeType, int]
    changes: tuple[AcceptedChange, ...]


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """Which changes to accept; what is empty chooses nothing out.

    Attributes:
        types: of a change, each type that is more than info must be one of these, so that nothing
            slips through beside what was looked at.
        ids: the id of its record before or after.
        kinds: its kind.
        new_only: nothing but articles without a baseline.
    """

    types: frozenset[ChangeType] = frozenset()
    ids: frozenset[str] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    new_only: bool = False

    @property
    def is_partial(self) -> bool:
        """Whether changes are chosen at all."""
        return bool(self.types or self.ids or self.kinds)

    def takes(self, change: Change) -> bool:
        """Whether it chooses a change."""
        said = {t for t in change.types if severity_of([t], change.kind) != "info"}
        places = {place.id for place in (change.before, change.after) if place is not None}
        return (
            (not self.types or (said or set(change.types)) <= self.types)
            and (not self.ids or bool(places & self.ids))
            and (not self.kinds or change.kind in self.kinds)
        )


class Baseline:
    """The approved articles of a folder.

    Args:
        folder: where they are; it need not exist yet.

    Raises:
        RecordError: a file of it is damaged, or two are of one article.
        ArticleError: one cannot be read.

    Example:
        ``Baseline(Path("corpus/approved")).check(load_versions("corpus"), complete=True)``
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._approved: dict[str, Approved] = {}
        for path in sorted(folder.glob(f"*{SUFFIX}")):
            article, lines = decode(read_bytes(path), source=str(path))
            if article.article in self._approved:
                other = self._approved[article.article].path
                raise RecordError(f"{path}: approves {article.article!r} as {other} does; keep one")
            self._approved[article.article] = Approved(path=path, article=article, lines=lines)

    def check(self, present: Mapping[str, Version], *, complete: bool) -> list[Checked]:
        """Compare articles with what was approved, in the order of their ids.

        Args:
            present: the articles as they are.
            complete: they are all there are, so that a baseline of another one is stale.

        Raises:
            RecordError: a baseline is damaged.
        """
        ids = {*present, *(self._approved if complete else ())}
        return [self._check(id, present.get(id), self._approved.get(id)) for id in sorted(ids)]

    def _check(self, id: str, present: Version | None, approved: Approved | None) -> Checked:
        changes: tuple[Change, ...] = ()
        state: State
        if approved is None:
            state = "new"
        elif present is None:
            state = "stale"
        else:
            changes = tuple(compare(approved.version(), present))
            state = "changed" if changes else "same"
        return Checked(article=id, state=state, changes=changes, present=present, approved=approved)

    def accept(
        self,
        checked: Iterable[Checked],
        selection: Selection,
        *,
        by: str,
        now: datetime,
        reason: str = "",
    ) -> list[Acceptance]:
        """Approve articles as they are, or only some of their changes.

        Without a choice of changes, an article's file becomes that of its present state, and that
        of a stale one goes. With one, the chosen claims and nothing else are exchanged.

        Args:
            checked: from `check`.
            selection: which changes.
            by: who approves.
            now: when, with a time zone.
            reason: why.

        Returns:
            What was accepted, as it was written to the log.

        Raises:
            ArticleError: the folder cannot be written.
        """
        accepted = []
        files: dict[Path, bytes | None] = {}
        for one in checked:
            chosen = _chosen(one, selection)
            if chosen is None:
                continue
            path, data = self._file(one, chosen)
            if data is not None and path.exists() and read_bytes(path) == data:
                continue
            files[path] = data
            if one.state != "same":
                accepted.append(_acceptance(one, chosen, by=by, now=now, reason=reason))
        if accepted:
            # First, so that no claim is approved that the log knows nothing of.
            self._log(accepted)
        for path, data in files.items():
            if data is None:
                path.unlink(missing_ok=True)
            else:
                jsonl.save(path, data)
        return accepted

    def _file(self, checked: Checked, chosen: Sequence[Change]) -> tuple[Path, bytes | None]:
        """The file of an article and what it is to hold; nothing when it is to go."""
        approved, present = checked.approved, checked.present
        path = approved.path if approved else self._path(checked.article)
        if present is None:
            return path, None
        lines = lines_of(present.records)
        if approved is not None and len(chosen) < len(checked.changes):
            lines = _exchanged(approved.lines, lines, chosen, checked.changes)
            return path, encode(approved.article, lines)
        article = _article_of(present)
        if (
            approved is not None
            and not checked.changes
            and approved.article.sha256 == article.sha256
            and approved.lines == lines
        ):
            article = approved.article  # that other code found the same is no news
        return path, encode(article, lines)

    def _path(self, article: str) -> Path:
        path = self.folder / file_name(article)
        if any(other.path == path for other in self._approved.values()):
            path = self.folder / file_name(f"{article}/")  # somebody renamed another's file so
        return path

    def _log(self, accepted: Sequence[Acceptance]) -> None:
        path = self.folder / LOG
        old = read_bytes(path) if path.exists() else b""
        if old and not old.endswith(b"\n"):
            old += b"\n"
        jsonl.save(path, old + jsonl.encode(accepted))


def file_name(article: str) -> str:
    """The name of an article's file, which stays in its folder whatever the id is.

    Example:
        >>> file_name("penang-plant-closure")
        'penang-plant-closure.approved.jsonl'
        >>> file_name("../../etc/passwd")
        'article-3754d6cb3a38e118.approved.jsonl'
    """
    if not _SAFE_NAME.fullmatch(article) or _SYSTEM_NAMES.match(article):
        digest = hashlib.sha256(article.encode("utf-8", "surrogatepass")).hexdigest()
        article = f"article-{digest[:16]}"
    return f"{article}{SUFFIX}"


def _article_of(version: Version) -> ArticleRecord:
    first = version.records[0] if version.records else None
    if not isinstance(first, ArticleRecord):
        raise RecordError(
            f"{version.origin}: no article record, which a baseline needs; extract it again"
        )
    return first


def _chosen(checked: Checked, selection: Selection) -> Sequence[Change] | None:
    """The changes of an article to accept; None when it is to be left alone."""
    if checked.state == "new":
        return None if selection.is_partial and not selection.new_only else ()
    if selection.new_only or (selection.is_partial and checked.state != "changed"):
        return None
    if not selection.is_partial:
        return checked.changes
    # What became of one record is accepted or not: no half of a split.
    ids = {
        id for change in checked.changes if selection.takes(change) for id in _records_of(change)
    }
    chosen = [change for change in checked.changes if ids & _records_of(change)]
    return chosen or None


def _records_of(change: Change) -> set[tuple[str, str]]:
    """The records that a change is about, those of the old and the new version apart."""
    places = (("before", change.before), ("after", change.after))
    return {(side, place.id) for side, place in places if place is not None and place.id}


def _acceptance(
    checked: Checked, chosen: Sequence[Change], *, by: str, now: datetime, reason: str
) -> Acceptance:
    def place(of: Any) -> AcceptedPlace | None:
        return None if of is None else AcceptedPlace(id=of.id, text=of.text)

    return Acceptance(
        when=now.isoformat(timespec="seconds"),
        by=by,
        reason=reason,
        article=checked.article,
        sha256=checked.present.sha256 if checked.present else None,
        state=checked.state,
        types=dict(Counter(name for change in chosen for name in change.types)),
        changes=tuple(
            AcceptedChange(
                types=change.types,
                kind=change.kind,
                before=place(change.before),
                after=place(change.after),
            )
            for change in chosen
        ),
    )


def _exchanged(
    approved: Sequence[Line],
    present: Sequence[Line],
    chosen: Sequence[Change],
    changes: Sequence[Change],
) -> list[Line]:
    """The approved lines with those of the chosen changes exchanged, all others as they are.

    What comes in is placed behind the unchanged record that it stands behind in the article, and
    refers to the approved records that answer those it refers to there.
    """
    was = {line.id for line in approved}
    now = {line.id for line in present}
    touched = {id for change in changes for _, id in _records_of(change)}
    gone = {c.before.id for c in chosen if c.before} & was
    # A plain statement that a forecast became is a record of its own or none.
    coming = {c.after.id for c in chosen if c.after} & now
    coming -= {id for id in was if id not in touched}
    kept = [line for line in approved if line.id not in gone]
    names = _names(chosen, changes, {line.id for line in kept}, coming)
    known = _stations(approved, present, touched)
    brought = [_moved(line, known, names) for line in present if line.id in coming]
    renamed = {
        c.before.id: names.get(c.after.id, c.after.id)
        for c in chosen
        if c.before and c.after and c.before.id and c.after.id
    }
    kept = [line._replace(packed=_referring(line.packed, renamed)) for line in kept]
    return sorted([*kept, *brought], key=lambda line: (line.start, line.packed["kind"] == MENTION))


def _names(
    chosen: Sequence[Change], changes: Sequence[Change], kept: set[str], coming: set[str | None]
) -> dict[str, str]:
    """What the baseline calls records of the present version, where that is another id."""
    names = {
        change.after.id: change.before.id
        for change in changes
        if change.before and change.after and change.after.id and change.before.id in kept
    }
    taken = set(kept)
    for id in sorted(id for id in coming if id):
        name, number = id, 2
        while name in taken:
            name, number = f"{id}-{number}", number + 1
        taken.add(name)
        names[id] = name
    return names


def _stations(
    approved: Sequence[Line], present: Sequence[Line], touched: set[str]
) -> list[tuple[int, int, int, int]]:
    """Where claims that stayed the same begin now, and where in the baseline, with sentences.

    Entities are none of them: their first mention may be in another passage now.
    """
    places = {
        line.id: line
        for line in approved
        if line.packed["kind"] not in (MENTION, "entity") and line.id not in touched
    }
    return sorted(
        (line.start, line.sentence, places[line.id].start, places[line.id].sentence)
        for line in present
        if line.id in places
    )


def _moved(
    line: Line, stations: Sequence[tuple[int, int, int, int]], names: Mapping[str, str]
) -> Line:
    """A line of the present version as one of the baseline."""
    start, sentence = line.start, line.sentence
    if stations:
        behind = bisect.bisect_right(stations, (start, sentence, 1 << 62, 0)) - 1
        now, now_sentence, then, then_sentence = stations[max(0, behind)]
        start = max(0, start - now + then)
        sentence = max(0, sentence - now_sentence + then_sentence)
    return Line(sentence, start, _referring(line.packed, names))


def _referring(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_referring(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: names.get(item, item)
        if name in _REFERENCES and isinstance(item, str)
        else _referring(item, names)
        for name, item in value.items()
    }
