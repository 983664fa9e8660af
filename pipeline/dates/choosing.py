"""Which anchor a date is told from: candidates, what speaks for each, and the odds.

A date that leaves its year or its base unsaid has as many readings as the passage has anchors.
`Scene.marks` holds those anchors; here they become candidates, each with signs: how far it lies
from every mark, on which side of the writing, what the tense says. A conditional logistic model
(one softmax over the candidates) weighs the signs. Its weights are the lexicon
`date_anchors.jsonl`, fitted by `pipeline.train.anchors`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import msgspec

from ..lexicons import rows
from ..records import Alternative
from ..records import Anchor as AnchorKind
from .calendar import UNITS, Extent, Period, Unit, at
from .scene import MarkKind, Reading, Scene

WORTH_KEEPING = 0.04
"""Probability from which a reading that lost is kept as an alternative; the next best always is."""

_YEARS_AROUND: dict[MarkKind, tuple[int, ...]] = {
    "now": (-1, 0, 1),
    "event": (-1, 0, 1),
    "previous": (-1, 0, 1),
}
"""Years about a mark that a date without one may lie in; only its own year for the others."""

_MARK_NAMES: dict[MarkKind, str] = {
    "now": "the date of writing",
    "event": "the event told before",
    "previous": "the date before",
    "sentence": "a date in the sentence",
    "paragraph": "a date in the paragraph",
    "section": "the heading",
    "next": "the date after it",
    "first": "the first date of the text",
    "quote": "the date of the quotation",
}


class Weight(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A row of `date_anchors.jsonl`: how much a sign speaks for a candidate, in log odds."""

    sign: str
    weight: float


@lru_cache(maxsize=1)
def weights() -> dict[str, float]:
    """The fitted weights by sign, loaded once a process."""
    return {row.sign: row.weight for row in rows("date_anchors", Weight)}


class Candidate(NamedTuple):
    """A reading of a date: where it lies, the marks it is told from, and its signs."""

    extent: Extent
    marks: tuple[MarkKind, ...]
    signs: tuple[str, ...]


Judge = Callable[[Sequence[Candidate]], list[float]]
"""Gives each of the candidates, at least one, its probability."""


def probabilities(
    candidates: Sequence[Candidate], *, table: Mapping[str, float] | None = None
) -> list[float]:
    """How probable each candidate is; they add up to 1.

    Args:
        candidates: at least one.
        table: weights by sign; `weights()` where None.
    """
    table = weights() if table is None else table
    scores = [sum(table.get(sign, 0.0) for sign in c.signs) for c in candidates]
    highest = max(scores)
    odds = [math.exp(score - highest) for score in scores]
    total = sum(odds)
    return [odd / total for odd in odds]


def choose(candidates: Sequence[Candidate], scene: Scene) -> Reading:
    """The most probable candidate, the first of equals, with the others as its alternatives.

    Args:
        candidates: at least one.
        scene: where they stand.
    """
    chances = scene.judge(candidates) if len(candidates) > 1 else [1.0]
    ranked = sorted(range(len(candidates)), key=lambda i: -chances[i])
    best = candidates[ranked[0]]
    return Reading(
        extent=best.extent,
        anchor=_anchor(best, scene),
        confidence=round(0.95 * chances[ranked[0]], 2),
        alternatives=tuple(
            Alternative(value=_value(candidates[i].extent), reason=_reason(candidates[i]))
            for i in ranked[1:]
            if i == ranked[1] or chances[i] >= WORTH_KEEPING
        ),
    )


def _anchor(candidate: Candidate, scene: Scene) -> AnchorKind:
    if "now" in candidate.marks:
        return scene.now_kind
    return "quote" if "quote" in candidate.marks else "narrative"


def _value(extent: Extent) -> str:
    return "PRESENT_REF" if extent == NOWADAYS else extent.edtf()


def _reason(candidate: Candidate) -> str:
    if not candidate.marks:
        return "the present at large"
    return f"told from {_MARK_NAMES[candidate.marks[0]]}"


# -- fields without a year ----------------------------------------------------------------------


def in_years(
    fit: Callable[[int], Sequence[Extent]], scene: Scene, kind: str, *, weekday: int | None = None
) -> list[Candidate]:
    """The readings of a month, a day of a month, a season, quarter or feast without its year.

    Args:
        fit: its extents in a year; none, one, or two of a feast of the Islamic calendar.
        scene: where it stands.
        kind: what it is, for the signs.
        weekday: 0 (Monday) to 6 when the text gives that too; years in which the day falls on
            another are left out if any is right.

    Returns:
        Candidates in order of time; none without a mark.
    """
    told: dict[int, list[MarkKind]] = {}
    for mark, period in scene.marks.items():
        middle = period.of("year").number
        for step in _YEARS_AROUND.get(mark, (0,)):
            told.setdefault(middle + step, []).append(mark)
    found = [(extent, marks) for at_year, marks in sorted(told.items()) for extent in fit(at_year)]
    if weekday is not None:
        found = [
            (extent, marks)
            for extent, marks in found
            if extent.first is not None and (extent.first.number - 1) % 7 == weekday
        ] or found
    return _candidates(found, scene, kind)


def _candidates(
    found: Sequence[tuple[Extent, Sequence[MarkKind]]], scene: Scene, kind: str
) -> list[Candidate]:
    """Readings in order of time with their marks, as candidates with their signs."""
    places = {
        mark: _places([extent for extent, _ in found], scene.marks[mark])
        for mark in ("now", "event")
        if mark in scene.marks
    }
    return [
        Candidate(
            extent,
            _nearest_marks(extent, marks, scene),
            _signs(extent, scene, kind, {mark: place[i] for mark, place in places.items()}),
        )
        for i, (extent, marks) in enumerate(found)
    ]


def _places(extents: Sequence[Extent], mark: Period) -> list[str]:
    """For each reading, whether it is the last before a mark, the next after it or farther off."""
    sides = [_side(extent, mark) for extent in extents]
    last = max((i for i, side in enumerate(sides) if side == "behind"), default=-1)
    following = next((i for i, side in enumerate(sides) if side == "ahead"), -1)
    near = {last: "last", following: "next"}
    return [near.get(i, f"far {side}" if side != "at" else "at") for i, side in enumerate(sides)]


def _nearest_marks(extent: Extent, marks: Sequence[MarkKind], scene: Scene) -> tuple[MarkKind, ...]:
    """The marks that tell a reading, the writing only where it lies within a year of that."""
    near = [
        mark
        for mark in marks
        if mark != "now" or abs(_days_between(extent, scene.marks["now"])) <= 366
    ]
    return tuple(near or marks)


def on_weekday(weekday: int, scene: Scene) -> list[Candidate]:
    """The readings of a day of the week: the ones about each mark that is a day."""
    told: dict[int, list[MarkKind]] = {}
    for mark, period in scene.marks.items():
        if period.unit != "day":
            continue
        ahead = (weekday - (period.number - 1)) % 7
        steps = (ahead - 7, ahead) if ahead else (-7, 0, 7)
        if mark in ("now", "event", "previous", "quote"):
            for step in steps:
                told.setdefault(period.number + step, []).append(mark)
    found = [(at(Period("day", number)), marks) for number, marks in sorted(told.items())]
    return _candidates(found, scene, "weekday")


def _signs(extent: Extent, scene: Scene, kind: str, places: Mapping[str, str]) -> tuple[str, ...]:
    """What speaks for or against a reading: signs of its kind, and those that kinds share."""
    told = []
    step = _days_of_week if kind == "weekday" else _distance
    for mark, period in scene.marks.items():
        distances = step(extent, period)
        # How far a date is from its writing means another thing where the past is told.
        if mark != "now" or not scene.firm:
            told += [f"{mark} {distance}" for distance in distances]
        if scene.firm and mark in ("now", "event"):
            told += [f"history {mark} {distance}" for distance in distances]
    if "event" in places:
        told.append(f"{places['event']} of the event")
        if scene.limit:
            told.append(f"{places['event']} of the event, limit {scene.limit}")
    if "now" in places and not scene.firm:
        place = places["now"]
        told.append(f"{place}, tense {_tense(scene)}")
        if scene.told:
            told.append(f"{place}, story")
        if scene.limit:
            told.append(f"{place}, limit {scene.limit}")
        if scene.quoted:
            told.append(f"{place}, quoted")
    kinds = (kind,) if kind in _APART else (kind, "any")
    return tuple(f"{name}: {sign}" for name in kinds for sign in told)


_APART = frozenset({"weekday", "feast"})
"""Kinds whose signs tell nothing of the others: weekdays are near, feasts seldom of one tense."""


_LEANS: dict[int, str] = {-1: "past", 0: "open", 1: "ahead"}


def _tense(scene: Scene) -> str:
    """Which way the clause looks, and how sure that is."""
    return f"{scene.sure()} {_LEANS[scene.lean()]}"


def _side(extent: Extent, mark: Period) -> str:
    """On which side of a mark a reading lies."""
    if extent.earliest is not None and extent.earliest > mark.last_day:
        return "ahead"
    if extent.latest is not None and extent.latest < mark.first_day:
        return "behind"
    return "at"


def _days_between(extent: Extent, mark: Period) -> int:
    """Signed days from a mark to a reading, 0 where they overlap."""
    first, last = extent.earliest, extent.latest
    if first is not None and first > mark.last_day:
        return first - mark.last_day
    if last is not None and last < mark.first_day:
        return last - mark.first_day
    return 0


_STEPS_APART = ((31, "a month"), (92, "3 months"), (183, "6 months"), (366, "a year"))


def _distance(extent: Extent, mark: Period) -> list[str]:
    """How far a reading lies from a mark: the side, and every step of the way that it is beyond.

    Steps add up, so that what is learned of one distance holds for those beyond it too.
    """
    days = _days_between(extent, mark)
    if UNITS.index(mark.unit) > UNITS.index("year"):
        return ["in" if days == 0 else "off"]
    if mark.unit == "year":
        first = extent.first or extent.last
        apart = 0 if first is None else first.of("year").number - mark.number
        if apart == 0:
            return ["in its year"]
        side = "years on" if apart > 0 else "years back"
        return [side] if abs(apart) == 1 else [side, f"many {side}"]
    if days == 0:
        return ["same"]
    side = "on" if days > 0 else "back"
    return [side, *(f"{side} over {name}" for limit, name in _STEPS_APART if abs(days) > limit)]


def _days_of_week(extent: Extent, mark: Period) -> list[str]:
    """How many days a day of the week lies from a mark, where it is a day of the weeks about it."""
    days = _days_between(extent, mark)
    if mark.unit != "day":
        return ["in" if days == 0 else "off"]
    if abs(days) > 7:
        return ["far on" if days > 0 else "far back"]
    return [f"{days:+d}"]


NOWADAYS = Extent(None, None)
"""The reading of "today" that names no day: the present at large."""


def on_today(scene: Scene) -> list[Candidate]:
    """The readings of "today": the day of writing or of a quotation, or the present at large."""
    days: dict[Period, list[MarkKind]] = {}
    for mark in _BASES["deictic"]:
        if mark in scene.marks:
            days.setdefault(scene.marks[mark], []).append(mark)
    if not days:
        return []
    found = [
        Candidate(at(day), tuple(marks), tuple(f"today: from {mark}" for mark in marks))
        for day, marks in days.items()
    ]
    signs = [f"today: tense {_tense(scene)}"]
    signs += [name for name, holds in _TODAY_SIGNS.items() if holds(scene)]
    return [*found, Candidate(NOWADAYS, (), tuple(signs))]


_TODAY_SIGNS: dict[str, Callable[[Scene], bool]] = {
    "today: nowadays": lambda scene: True,
    "today: lasting": lambda scene: scene.lasting(),
    "today: quoted": lambda scene: scene.quoted,
    "today: in a history": lambda scene: scene.firm,
    "today: in a story": lambda scene: scene.told,
    "today: beside a date": lambda scene: "paragraph" in scene.marks,
}


# -- what is counted from a base ----------------------------------------------------------------

_BASES: dict[str, tuple[MarkKind, ...]] = {
    "deictic": ("now", "quote"),
    "anaphoric": ("event", "previous", "sentence", "paragraph", "section", "now"),
    "container": ("now", "event", "previous", "sentence", "paragraph", "section"),
}
"""From which marks each kind of relative date may be counted.

Deictic: "last year", "two weeks ago". Anaphoric: "the following year", "three days later".
Container: "the end of the year", which is either.
"""


class Base(NamedTuple):
    """A period to count from, how it was chosen, and what else it could be, with reasons."""

    period: Period
    reading: Reading
    others: tuple[tuple[Period, str], ...]


def choose_base(kind: str, unit: Unit, scene: Scene) -> Base | None:
    """The mark that a relative date is counted from; None when there is none to count from.

    Args:
        kind: "deictic", "anaphoric" or "container".
        unit: of what is counted. Marks coarser than that do for want of a finer one.
        scene: where it stands.
    """
    found: dict[Period, list[MarkKind]] = {}
    rank = UNITS.index(unit)
    usable = [(mark, scene.marks[mark]) for mark in _BASES[kind] if mark in scene.marks]
    fine = [(mark, period) for mark, period in usable if UNITS.index(period.unit) <= rank]
    for mark, period in fine or usable:
        found.setdefault(period.of(unit) if fine else period, []).append(mark)
    if not found:
        return None
    candidates = [
        Candidate(at(period), tuple(marks), _base_signs(kind, marks, unit, period, scene))
        for period, marks in found.items()
    ]
    reading = choose(candidates, scene)
    chosen = next(c for c in candidates if c.extent == reading.extent)
    # Count from the mark itself: a unit finer than the one counted is kept ("a day later").
    periods = {c.extent.edtf(): scene.marks[c.marks[0]] for c in candidates}
    others = tuple((periods[other.value], other.reason) for other in reading.alternatives)
    return Base(scene.marks[chosen.marks[0]], reading, others)


def _base_signs(
    kind: str, marks: Iterable[MarkKind], unit: Unit, period: Period, scene: Scene
) -> tuple[str, ...]:
    coarse = "day" if UNITS.index(unit) < UNITS.index("month") else "year"
    signs = [f"{kind}: from {mark}" for mark in marks]
    signs += [f"{kind}: {coarse} from {mark}" for mark in marks]
    if scene.firm:
        signs += [f"{kind}: history from {mark}" for mark in marks]
    if scene.told:
        signs += [f"{kind}: story from {mark}" for mark in marks]
    if "now" in marks:
        signs.append(f"{kind}: from now, tense {_tense(scene)}")
    if scene.quoted:
        signs += [f"{kind}: quoted from {mark}" for mark in marks]
    return tuple(signs)
