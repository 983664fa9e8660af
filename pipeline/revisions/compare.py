"""Two versions of articles in, classified changes out."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from ..records import EventRecord, PredictionRecord, QuoteRecord
from .align import Alignment, Pair, align
from .assertions import Statement, Statements
from .changes import (
    KINDS,
    SEVERITIES,
    Cause,
    Change,
    ChangeType,
    FieldChange,
    Kind,
    Passage,
    Place,
    Severity,
    severity_of,
)
from .classify import (
    Verdict,
    classify,
    cues_of,
    likelihood_of,
    quoted,
    sureness,
    sureness_of,
)
from .items import Compared, Item, View, anchor_of, kind_of
from .moves import moved
from .readings import Readings
from .versions import Version

Extract = Callable[[Version], Version | None]
"""Extracts the text of a version anew with the present pipeline; None where it cannot."""

_HEDGES: frozenset[ChangeType] = frozenset(
    {"hedge_strengthened", "hedge_weakened", "hedge_added", "hedge_removed", "orientation_changed"}
)


def compare(old: Version, new: Version, *, extract: Extract | None = None) -> list[Change]:
    """What changed from one version of an article to another.

    Ids, and the order in which the records come, play no part. The same input gives the same
    changes; two versions that say the same give none.

    Args:
        old: the version before.
        new: the version after; its `article` names the changes.
        extract: where both the text and the pipeline are other ones, and the old text is at hand,
            the old text is extracted anew with it: what that changes is the extractor's doing, the
            rest the editor's, and each is reported for itself.

    Returns:
        In reading order: by the place in the new version, a removed record at the place where it
        stood in relation to its old neighbours; with two causes, the extractor's changes first.

    Example:
        >>> compare(version, version)  # doctest: +SKIP
        []
    """
    cause = _cause(old, new)
    if cause == "unknown" and extract is not None and _is_other(old, new) and old.text is not None:
        middle = extract(old)
        if middle is not None and middle.fingerprint == new.fingerprint:
            return [*_changes(old, middle, "extractor"), *_changes(middle, new, "editorial")]
    return _changes(old, new, cause)


def compare_all(
    old: Mapping[str, Version], new: Mapping[str, Version], *, extract: Extract | None = None
) -> list[Change]:
    """What changed from one set of articles to another, by article id, then as `compare` does.

    An article of only one side gives all its records as removed or added.
    """
    changes: list[Change] = []
    for article in sorted(old.keys() | new.keys()):
        before, after = old.get(article), new.get(article)
        if before is not None and after is not None:
            changes += compare(before, after, extract=extract)
        else:
            changes += _changes(
                before or _nothing(article), after or _nothing(article), "editorial"
            )
    return changes


def _nothing(article: str) -> Version:
    return Version(
        article=article, records=(), text=None, sha256=None, fingerprint=None, origin="nothing"
    )


def _is_other(old: Version, new: Version) -> bool:
    """Whether both the text and the pipeline are known to be other ones."""
    return (
        None not in (old.sha256, new.sha256, old.fingerprint, new.fingerprint)
        and old.sha256 != new.sha256
        and old.fingerprint != new.fingerprint
    )


def _cause(old: Version, new: Version) -> Cause:
    if None in (old.sha256, new.sha256, old.fingerprint, new.fingerprint):
        return "unknown"
    if old.sha256 == new.sha256:
        return "extractor" if old.fingerprint != new.fingerprint else "unknown"
    return "editorial" if old.fingerprint == new.fingerprint else "unknown"


def _changes(old: Version, new: Version, cause: Cause) -> list[Change]:
    return _Comparison(View(old), View(new), new.article or old.article, cause).run()


# Fields whose value is words of the text that another reading may find elsewhere in it.
_READ = frozenset(
    {
        "participants",
        "subject",
        "condition",
        "holder",
        "speaker",
        "cue",
        "venue",
        "date",
        "horizon",
        "content",
    }
)


class _Comparison:
    """One comparison of two versions of an article."""

    def __init__(self, old: View, new: View, article: str, cause: Cause) -> None:
        self._old = old
        self._new = new
        self._article = article
        self._cause: Cause = cause
        self._readings = Readings(old, new)
        self._written = Readings(old, new, slips=False)
        self._alignments: dict[str, Alignment] = {
            kind: align(kind, old.items[kind], new.items[kind]) for kind in KINDS
        }
        self._renamed = {
            pair.old.record.id: pair.new.record.id for pair in self._alignments["entity"].pairs
        }
        # An entity stands in many places, and its first mention is no claim.
        claims = [
            pair
            for kind, alignment in self._alignments.items()
            if kind != "entity"
            for pair in alignment.pairs
        ]
        self._moved = {id(pair.old) for pair in moved(claims)}
        self._stations = sorted(
            (anchor_of(pair.old.record), anchor_of(pair.new.record)) for pair in claims
        )

    def run(self) -> list[Change]:
        """All changes, in reading order."""
        changes: list[Change] = []
        for alignment in self._alignments.values():
            changes += self._of_pairs(alignment.pairs)
            changes += [self._piece("split", pair) for pair in alignment.splits]
            changes += [self._piece("merged", pair) for pair in alignment.merges]
            changes += [self._change(("ambiguous",), i, None) for i in alignment.ambiguous_old]
            changes += [self._change(("ambiguous",), None, i) for i in alignment.ambiguous_new]
        stated = self._stated()
        changes += stated
        told_old = {c.before.id for c in stated if c.before}
        told_new = {c.after.id for c in stated if c.after}
        for alignment in self._alignments.values():
            changes += [
                self._change(("removed",), i, None)
                for i in alignment.removed
                if i.kind != "prediction" or i.record.id not in told_old
            ]
            changes += [
                self._change(("added",), None, i)
                for i in alignment.added
                if i.kind != "prediction" or i.record.id not in told_new
            ]
        return sorted(_without_consequences(changes, self._old, self._new), key=self._place)

    def _of_pairs(self, pairs: Iterable[Pair]) -> Iterable[Change]:
        for pair in pairs:
            types: tuple[ChangeType, ...] = ("moved",) if id(pair.old) in self._moved else ()
            fields: dict[str, FieldChange] = {}
            if pair.old.content != pair.new.content:
                verdict = classify(
                    pair.old.record, pair.new.record, self._old, self._new, self._renamed
                )
                if self._cause == "editorial" and verdict.types != ("cosmetic",):
                    self._without_readings(verdict, pair)
                types, fields = (*types, *verdict.types), verdict.fields
            if types:
                yield self._change(types, pair.old, pair.new, fields)

    def _without_readings(self, verdict: Verdict, pair: Pair) -> None:
        """Leave out the fields that were read otherwise and not written otherwise."""
        for name, field in list(verdict.fields.items()):
            kind = name.split(".")[0]
            if (
                kind in _READ
                and self._readings.same_field(kind, field, pair.old.record, pair.new.record)
            ) or (name == "type" and self._readings.same_marks(pair.old.record, pair.new.record)):
                verdict.drop(name)

    def _piece(self, name: ChangeType, pair: Pair) -> Change:
        """One piece of a record; of the rest only whether it is still quoted can be told."""
        verdict = Verdict(self._old, self._new)
        if isinstance(pair.old.record, QuoteRecord) and isinstance(pair.new.record, QuoteRecord):
            quoted(verdict, pair.old.record, pair.new.record)
        return self._change((name, *verdict.types), pair.old, pair.new, verdict.fields)

    def _stated(self) -> list[Change]:
        """Predictions of one side that the other states without a hedge."""
        found: list[Change] = []
        predictions = self._alignments["prediction"]
        pairs = [
            (pair.old.record, pair.new.record)
            for pair in self._alignments["event"].pairs
            if isinstance(pair.old.record, EventRecord) and isinstance(pair.new.record, EventRecord)
        ]
        if predictions.removed:
            new = Statements(self._new, self._old)
            events = {before.trigger.start: after for before, after in pairs}
            for item, statement in _search(predictions.removed, new, self._old, events):
                name = _became(item.record, statement)
                found.append(self._restated(name, item, statement, forecast_is_old=True))
        if predictions.added:
            old = Statements(self._old, self._new)
            events = {after.trigger.start: before for before, after in pairs}
            for item, statement in _search(predictions.added, old, self._new, events):
                name = _TURNED[_became(item.record, statement)]
                found.append(self._restated(name, item, statement, forecast_is_old=False))
        return found

    def _restated(
        self, name: ChangeType, item: Item, statement: Statement, *, forecast_is_old: bool
    ) -> Change:
        record = item.record
        assert isinstance(record, PredictionRecord)  # `_search` goes through predictions only
        sides: dict[str, tuple[Passage | None, Passage | None]] = {
            "likelihood": (
                Passage(text=likelihood_of(record)),
                Passage(text=statement.hedge or "not hedged"),
            ),
            "cues": (cues_of(record.cues), Passage(text=statement.cue) if statement.cue else None),
        }
        fields = {
            field: FieldChange(before=both[0], after=both[1])
            if forecast_is_old
            else FieldChange(before=both[1], after=both[0])
            for field, both in sides.items()
        }
        here, there = _place_of(record), statement.place
        old, new = (item, None) if forecast_is_old else (None, item)
        cause, severity = self._judge((name,), "prediction", old, new)
        return Change(
            types=(name,),
            severity=severity,
            kind="prediction",
            article=self._article,
            before=here if forecast_is_old else there,
            after=there if forecast_is_old else here,
            fields=fields,
            cause=cause,
        )

    def _change(
        self,
        types: tuple[ChangeType, ...],
        old: Item | None,
        new: Item | None,
        fields: dict[str, FieldChange] | None = None,
    ) -> Change:
        record = (old or new).record  # type: ignore[union-attr]  # one of them is there
        kind = kind_of(record)
        cause, severity = self._judge(types, kind, old, new)
        return Change(
            types=types,
            severity=severity,
            kind=kind,
            article=self._article,
            before=None if old is None else _place_of(old.record),
            after=None if new is None else _place_of(new.record),
            fields=fields or {},
            cause=cause,
        )

    def _judge(
        self, types: tuple[ChangeType, ...], kind: Kind, old: Item | None, new: Item | None
    ) -> tuple[Cause, Severity]:
        """Where an editor changed the text, what stands unchanged in it is read otherwise."""
        judged = self._cause == "editorial" and types != ("moved",)
        # A slip that was corrected is the editor's, what it made of the reading is not.
        readings = self._written if types == ("cosmetic",) else self._readings
        if judged and readings.same_words(old, new):
            return "extractor", "info"
        unanswered = self._cause == "editorial" and types in (("added",), ("removed",))
        if unanswered and self._readings.was_there(old, new):
            return "extractor", "info"
        return self._cause, severity_of(types, kind)

    def _place(self, change: Change) -> tuple[int, int, int, int, int, tuple[ChangeType, ...]]:
        """Reading order; what is gone stands behind what it stood behind."""
        before = change.before.start if change.before else -1
        at = change.after.start if change.after else self._now(before)
        end = change.after.end if change.after else 0
        kind = KINDS.index(change.kind)
        return (at, change.after is None, end, kind, before, change.types)

    def _now(self, before: int) -> int:
        behind = bisect.bisect_right(self._stations, (before, 1 << 62))
        return self._stations[behind - 1][1] if behind else -1


def _search(
    items: Sequence[Item], statements: Statements, view: View, events: Mapping[int, EventRecord]
) -> Iterable[tuple[Item, Statement]]:
    for item in items:
        if isinstance(item.record, PredictionRecord):
            found = statements.find(item.record, view.own_words(item.record), events)
            if found is not None:
                yield item, found


def _became(forecast: Compared, statement: Statement) -> ChangeType:
    """What a forecast is called for which another version has a statement."""
    assert isinstance(forecast, PredictionRecord)  # `_search` goes through predictions only
    if statement.hedge is None:
        return "hedge_removed" if statement.plain else "hedge_strengthened"
    before, after = sureness(forecast), sureness_of(statement.hedge, forecast.polarity)
    if before == after:
        return "reworded"
    return "hedge_strengthened" if after > before else "hedge_weakened"


_TURNED: dict[ChangeType, ChangeType] = {
    "hedge_removed": "hedge_added",
    "hedge_strengthened": "hedge_weakened",
    "hedge_weakened": "hedge_strengthened",
    "reworded": "reworded",
}


def _place_of(record: Compared) -> Place:
    return Place(id=record.id, start=record.start, end=record.end, text=record.text)


def _without_consequences(changes: Sequence[Change], old: View, new: View) -> list[Change]:
    """Leave out that an event became (less) hypothetical where its prediction tells it."""
    hedged = [c for c in changes if c.kind == "prediction" and _HEDGES & set(c.types)]
    before = {c.before.id for c in hedged if c.before}
    after = {c.after.id for c in hedged if c.after}
    triggers = [_triggers_in(view, ids) for view, ids in ((old, before), (new, after))]
    kept = []
    for change in changes:
        told = (
            "status_changed" in change.types
            and change.before is not None
            and change.after is not None
            and (change.before.id in triggers[0] or change.after.id in triggers[1])
        )
        if not told:
            kept.append(change)
            continue
        types = tuple(name for name in change.types if name != "status_changed")
        if types:
            fields = {name: f for name, f in change.fields.items() if name != "status"}
            severity = severity_of(types, change.kind)
            if SEVERITIES.index(severity) > SEVERITIES.index(change.severity):
                severity = change.severity
            kept.append(
                msgspec.structs.replace(change, types=types, severity=severity, fields=fields)
            )
    return kept


def _triggers_in(view: View, predictions: set[str | None]) -> set[str]:
    """The ids of the events that the propositions of some predictions hold."""
    spans = sorted(
        (item.record.proposition.start, item.record.proposition.end)
        for item in view.items["prediction"]
        if isinstance(item.record, PredictionRecord) and item.record.id in predictions
    )
    return {
        item.record.id
        for item in view.items["event"]
        if isinstance(item.record, EventRecord)
        and any(start <= item.record.trigger.start < end for start, end in spans)
    }
