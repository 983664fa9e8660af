"""Which record of a revised text is which of the text before, from what was done to it.

A record outside of what was changed is itself, wherever it was moved. One whose words were changed
is what stands there now, when nothing else of its kind does.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import msgspec

from ..records import EntityRecord, EventRecord, PredictionRecord, QuoteRecord
from ..revisions.changes import Kind
from ..revisions.items import Compared
from .revised import Revised

Place = tuple[int, int]


class Counterparts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the records of one kind in two versions, by their ids.

    Attributes:
        pairs: an old and a new record that are one.
        gone: old records whose words were taken out.
        come: new records whose words were put in.
        pieces: an old and a new record that stand at one place, if not alone there.
    """

    pairs: set[tuple[str, str]]
    gone: set[str]
    come: set[str]
    pieces: set[tuple[str, str]]

    def forbids(self, old: str, new: str) -> bool:
        """Whether two records cannot be one."""
        if (old, new) in self.pairs or (old, new) in self.pieces:
            return False
        return (
            old in self.gone
            or new in self.come
            or any(old == one or new == other for one, other in self.pairs)
        )


def counterparts(
    revised: Revised, kind: Kind, before: Sequence[Compared], after: Sequence[Compared]
) -> Counterparts:
    """What is known of the records of a kind from what was done to the text."""
    if kind == "entity":
        return _known_entities(revised, before, after)
    stood = {record.id: _core(record) for record in before}
    stands = {record.id: _core(record) for record in after}
    now = {id: revised.now(*core) for id, core in stood.items()}
    pairs: set[tuple[str, str]] = set()
    same: defaultdict[tuple[object, ...], list[list[str]]] = defaultdict(lambda: [[], []])
    for record in before:
        place = now[record.id]
        if place is not None and revised.untouched(*stood[record.id]):
            cue = _cue(record)
            same[place, cue and revised.now(*cue)][0].append(record.id)
    for record in after:
        same[stands[record.id], _cue(record)][1].append(record.id)
    for olds, news in same.values():
        if len(olds) == len(news):
            pairs.update(
                zip(sorted(olds), sorted(news), strict=True)
                if len(olds) > 1
                else [(olds[0], news[0])]
            )
    left = set(stood) - {one for one, _ in pairs}
    come = set(stands) - {other for _, other in pairs}
    # Of what was changed: the only one that stands where the only other one stood.
    answers = {
        one: [other for other in come if now[one] is not None and _mostly(now[one], stands[other])]
        for one in left
    }
    asked = Counter(other for others in answers.values() for other in others)
    wants = {wanted.type for wanted in revised.wanted}
    sure = not wants & {"split", "merged", "added", "removed", "moved"}
    pairs |= {
        (one, others[0])
        for one, others in answers.items()
        if len(others) == 1
        and asked[others[0]] == 1
        and sure
        and not revised.untouched(*stood[one])
    }
    pieces = {(one, other) for one, others in answers.items() for other in others}
    return Counterparts(
        pairs=pairs,
        gone={one for one in left if now[one] is None and not revised.untouched(*stood[one])},
        come={other for other in come if _is_new(revised, stands[other])},
        pieces=pieces,
    )


def _known_entities(
    revised: Revised, before: Sequence[Compared], after: Sequence[Compared]
) -> Counterparts:
    """Entities by the mentions that they keep."""
    renamed = any(wanted.type == "entity_renamed" for wanted in revised.wanted)
    stands = {
        (mention.start, mention.end): record.id
        for record in after
        if isinstance(record, EntityRecord)
        for mention in record.mentions
        if mention.form == "name"
    }
    pairs: set[tuple[str, str]] = set()
    for record in before:
        assert isinstance(record, EntityRecord)
        places = [
            revised.now(m.start, m.end)
            for m in record.mentions
            if m.form == "name" and (renamed or revised.untouched(m.start, m.end))
        ]
        answers = {stands[place] for place in places if place in stands}
        if len(answers) == 1 and all(place in stands for place in places):
            pairs.add((record.id, answers.pop()))
    twice = Counter(other for _, other in pairs)
    return Counterparts(
        pairs={pair for pair in pairs if twice[pair[1]] == 1}, gone=set(), come=set(), pieces=set()
    )


def _core(record: Compared) -> Place:
    """What of a record is its own, not its neighbour's."""
    match record:
        case EventRecord():
            return record.trigger.start, record.trigger.end
        case PredictionRecord():
            return record.proposition.start, record.proposition.end
        case QuoteRecord():
            return record.content[0].start, record.content[-1].end
        case _:
            return record.start, record.end


def _cue(record: Compared) -> Place | None:
    match record:
        case PredictionRecord():
            return record.cues[0].start, record.cues[0].end
        case QuoteRecord(cue=cue) if cue is not None:
            return cue.start, cue.end
        case _:
            return None


def _mostly(one: Place | None, other: Place) -> bool:
    """Whether two stretches are the same for the greater part of both."""
    if one is None:
        return False
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return 2 * shared > max(one[1] - one[0], other[1] - other[0])


def _is_new(revised: Revised, place: Place) -> bool:
    """Whether all of a stretch of the new version was put in."""
    return any(start <= place[0] and place[1] <= end for start, end in revised.changed[1])
