"""The value of a date expression: its tree, worked out on the calendar from an anchor.

`Scene` holds the anchors that the passage offers and says which way its verb looks; `evaluate`
works the tree out bottom-up to an `Extent` (or to a duration, a recurrence, a vague reference)
and puts the fields of a `Date` finding together. No text is looked at here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Literal

import msgspec
from dateutil.easter import easter

from ..records import Alternative, DateType, Modifier, Precision
from ..records import Anchor as AnchorKind
from .calendar import (
    UNITS,
    Extent,
    NoSuchDate,
    Period,
    Unit,
    at,
    civil,
    containing,
    day_number,
    iso,
    month,
    parse_edtf,
    part,
    season,
    year,
    year_text,
)
from .grammar import iso_length
from .tree import (
    About,
    Bounded,
    Calendar,
    Clock,
    DayPart,
    Directed,
    Interval,
    Length,
    Named,
    Node,
    Nth,
    Piece,
    Relative,
    Repeated,
    Shifted,
    Stretch,
    Then,
    Vague,
    Years,
)
from .words import NamedDay, vocabulary

Lean = Literal[-1, 0, 1]
"""Where the clause looks: to the past, nowhere in particular, to the future."""


class Scene(msgspec.Struct, kw_only=True):
    """What a date can be told from.

    Attributes:
        now: the day (month, year) of publication or of the dateline; None when unknown.
        now_kind: which of the two.
        then: the time the passage is talking about, as told by the dates before; None at first.
        day: the last day that the passage has named.
        narrative: whether bare months and weekdays belong to `then` rather than to `now`.
        lean: asked, where a bare month or weekday is met, which way its clause looks.
    """

    now: Period | None = None
    now_kind: AnchorKind = "publication"
    then: Extent | None = None
    day: Period | None = None
    narrative: bool = False
    lean: Callable[[], Lean] = lambda: 0


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """A worked-out date; the fields are those of the `date` record."""

    value: str
    type: DateType
    extent: Extent | None = None
    duration: str | None = None
    earliest: str | None = None
    latest: str | None = None
    precision: Precision
    anchor: AnchorKind = "absolute"
    modifier: Modifier | None = None
    alternatives: tuple[Alternative, ...] = ()
    confidence: float = 0.95
    unresolved: bool = False


class _Unanchored(Exception):
    """There is nothing to count from; `value` says what is known."""

    def __init__(self, value: str, precision: Precision) -> None:
        super().__init__(value)
        self.value = value
        self.precision = precision


class _Reading(msgspec.Struct, kw_only=True):
    """Where a point lies and how that was found; filled in while the tree is worked out."""

    extent: Extent
    anchor: AnchorKind = "absolute"
    modifier: Modifier | None = None
    thirds: tuple[int | None, int | None] | None = None
    approximate: bool = False
    confidence: float = 0.97
    alternatives: tuple[Alternative, ...] = ()


# How far (in days) a reading against the tense may be nearer and still win, by unit of the gap.
_AGAINST_TENSE = {"week": 6.5, "year": 300.0}
_SEASON_NAMES = 4


def evaluate(node: Node, scene: Scene) -> Value:
    """The value of an expression in its scene.

    Never fails: what has no anchor keeps what is known of it (``unresolved``), what lies outside
    four-digit years or names a day that does not exist becomes vague.
    """
    try:
        return _evaluate(node, scene)
    except _Unanchored as told:
        return Value(
            value=told.value,
            type="TIME" if isinstance(node, Clock | DayPart) else "DATE",
            precision=told.precision,
            confidence=0.4,
            unresolved=True,
        )
    except NoSuchDate:
        return _vague("PAST_REF", 0.2)


def _vague(reference: str, confidence: float = 0.7) -> Value:
    return Value(value=reference, type="DATE", precision="vague", confidence=confidence)


def _evaluate(node: Node, scene: Scene) -> Value:
    if isinstance(node, Length):
        return _length(node)
    if isinstance(node, Repeated):
        return Value(value=f"R/{node.period}", type="SET", precision="vague", confidence=0.9)
    if isinstance(node, Vague):
        return _vague(node.reference)
    if isinstance(node, Stretch):
        return _stretch(node, scene)
    if isinstance(node, About) and isinstance(node.inner, Length | Stretch | Repeated | Vague):
        return _evaluate(node.inner, scene)
    if isinstance(node, Clock):
        return _clock(node, scene)
    if isinstance(node, Interval) and isinstance(node.last, Clock):
        return _clock_interval(node, scene)
    if isinstance(node, Bounded) and isinstance(node.inner, Clock):
        return _bounded_clock(node, scene)
    if isinstance(node, About) and isinstance(node.inner, Clock):
        return _clock(node.inner, scene)
    if isinstance(node, DayPart) and node.day is None:
        return Value(
            value=f"T{node.part}", type="TIME", precision="hour", confidence=0.6, unresolved=True
        )
    reading = _read(node, scene)
    kind: DateType = "TIME" if _is_time(node) else "DATE"
    return _value(reading, kind)


def _is_time(node: Node) -> bool:
    if isinstance(node, About | Bounded):
        return _is_time(node.inner)
    if isinstance(node, Interval):
        return _is_time(node.first)
    return isinstance(node, DayPart | Clock)


def _value(reading: _Reading, kind: DateType) -> Value:
    extent = reading.extent
    earliest, latest = reading.thirds or (extent.earliest, extent.latest)
    return Value(
        value=extent.edtf(approximate=reading.approximate),
        type=kind,
        extent=extent,
        earliest=None if earliest is None else iso(earliest),
        latest=None if latest is None else iso(latest),
        precision="hour" if kind == "TIME" else _precision(extent),
        anchor=reading.anchor,
        modifier=reading.modifier,
        alternatives=reading.alternatives,
        confidence=reading.confidence,
    )


def _precision(extent: Extent) -> Precision:
    period = extent.last or extent.first
    if period is None:
        return "vague"
    return "day" if period.unit == "weekend" else period.unit


# -- points -------------------------------------------------------------------------------------


def _read(node: Node, scene: Scene) -> _Reading:
    """Where a point lies."""
    return _READERS[type(node)](node, scene)


def _read_calendar(node: Calendar, scene: Scene) -> _Reading:
    if node.year is not None:
        at_year = _full_year(node.year, scene) if node.short else node.year
        period = _in_year(node, at_year)
        if period is None:
            raise NoSuchDate(f"no such day: {node}")
        reading = _Reading(extent=at(period))
        if node.short:
            reading.confidence = 0.85
        if node.other and node.month is not None and node.day is not None:
            swapped = Calendar(year=at_year, month=node.day, day=node.month)
            return _day_or_month_first(reading, swapped, scene)
        return reading
    if node.weekday is not None and node.day is None:
        return _nearest_weekday(node.weekday, scene)
    if node.month is None and node.season is None and node.day is not None:
        base = _month_of(scene)
        at_year, at_month = divmod(base.number, 12)
        return _Reading(
            extent=at(Period("day", day_number(at_year, at_month + 1, node.day))),
            anchor=_base_kind(scene),
            confidence=0.7,
        )
    if (node.month, node.day) == (9, 11) and _means_attacks(scene):
        day = Period("day", day_number(2001, 9, 11))
        return _Reading(extent=at(day), anchor="named", confidence=0.7)
    return _nearest_year(node, scene)


# For about so long after 2001 "September 11" without a year named the attacks.
_ATTACKS_YEARS = range(2001, 2015)


def _means_attacks(scene: Scene) -> bool:
    """Whether September 11 without a year is that of 2001: no such day is near."""
    if scene.now is None or scene.now.of("year").number not in _ATTACKS_YEARS:
        return False
    now = scene.now
    own = day_number(now.of("year").number, 9, 11)
    return abs(own - now.first_day) > 21


def _day_or_month_first(reading: _Reading, swapped: Calendar, scene: Scene) -> _Reading:
    """7/8/07: month first, unless day first alone lies at the publication date."""
    period = _in_year(swapped, swapped.year or 0)
    if period is None:
        return reading
    first = reading.extent.first
    reading.confidence = 0.6
    if scene.now is not None and first is not None:
        now = scene.now.first_day
        if abs(period.first_day - now) < min(32, abs(first.first_day - now)):
            period, first = first, period
            reading.extent = at(first)
    reading.alternatives = (Alternative(value=period.edtf(), reason="day and month may be swapped"),)
    return reading


def _full_year(two_digits: int, scene: Scene) -> int:
    """’92 → 1992: the year with these last digits nearest to the anchor, ten years ahead at most."""
    now = scene.now.of("year").number if scene.now is not None else 2010
    candidate = now - now % 100 + two_digits
    return candidate - 100 if candidate > now + 10 else candidate


def _in_year(node: Calendar, at_year: int) -> Period | None:
    """The fields in a year; None when there is no such day."""
    if node.month is not None and node.day is not None:
        try:
            return Period("day", day_number(at_year, node.month, node.day))
        except NoSuchDate:
            return None
    if node.month is not None:
        return month(at_year, node.month)
    if node.season is not None:
        return season(at_year, node.season)
    return year(at_year)


def _pattern(node: Calendar) -> str:
    """What is known of a date without a year, as EDTF with X."""
    if node.season is not None:
        return f"XXXX-{21 + node.season}"
    if node.month is None:
        return "XXXX-XX-XX"
    return f"XXXX-{node.month:02d}" + (f"-{node.day:02d}" if node.day is not None else "")


def _base(scene: Scene, *, narrative: bool) -> Period:
    """The period to count from."""
    then = None if scene.then is None else scene.then.last or scene.then.first
    base = (then or scene.now) if narrative else (scene.now or then)
    if base is None:
        raise _Unanchored("XXXX", "vague")
    return base


def _base_kind(scene: Scene, *, narrative: bool = False) -> AnchorKind:
    if (narrative or scene.now is None) and scene.then is not None:
        return "narrative"
    return scene.now_kind


def _month_of(scene: Scene) -> Period:
    return _base(scene, narrative=scene.narrative).of("month")


def _nearest_weekday(weekday: int, scene: Scene) -> _Reading:
    """The day of that name nearest to the anchor that the tense allows."""
    if scene.now is None and not _is_day(scene.then):
        raise _Unanchored("XXXX-XX-XX", "day")
    narrative = (scene.narrative or scene.now is None) and _is_day(scene.then)
    base = _base(scene, narrative=narrative)
    if base.unit != "day":
        # Published in a month: the weekday lies in or about it.
        return _Reading(extent=at(base), anchor=scene.now_kind, confidence=0.3)
    today = base.number
    lean: Lean = 0 if narrative else scene.lean()
    ahead = (weekday - (today - 1)) % 7
    candidates = [today + ahead - 7, today + ahead]
    if ahead == 0:
        candidates = [today, today + 7] if lean > 0 else [today, today - 7]
    best, other = _by_tense(candidates, today, today, lean or -1, _AGAINST_TENSE["week"])
    return _Reading(
        extent=at(Period("day", best)),
        anchor="narrative" if narrative else scene.now_kind,
        confidence=0.9 if lean else 0.75,
        alternatives=(Alternative(value=iso(other), reason="the other side of the anchor"),),
    )


def _is_day(extent: Extent | None) -> bool:
    return extent is not None and any(
        end is not None and end.unit == "day" for end in (extent.last, extent.first)
    )


def _by_tense(
    candidates: list[int], first: int, last: int, lean: Lean, penalty: float
) -> tuple[int, int]:
    """The best and the second-best of day numbers, seen from an anchor of `first` to `last`."""

    def cost(candidate: int) -> float:
        distance = candidate - last if candidate > last else min(0, candidate - first)
        return abs(distance) + (penalty if distance * lean < 0 else 0)

    ranked = sorted(candidates, key=lambda candidate: (cost(candidate), candidate))
    return ranked[0], ranked[1]


def _nearest_year(node: Calendar, scene: Scene) -> _Reading:
    """A month, a day of a month or a season without a year."""
    narrative = (scene.narrative or scene.now is None) and scene.then is not None
    try:
        base = _base(scene, narrative=narrative)
    except _Unanchored:
        precision: Precision = "day" if node.day else "month" if node.month else "season"
        raise _Unanchored(_pattern(node), precision) from None
    at_year = base.of("year").number
    if narrative or base.unit not in ("day", "week", "month", "weekend"):
        if narrative and scene.then is not None and scene.then.first is not None:
            base = scene.then.first
            at_year = base.of("year").number
        period = _next_in_story(node, base, at_year)
        if period is None:
            raise _Unanchored(_pattern(node), "day")
        return _Reading(extent=at(period), anchor=_base_kind(scene, narrative=narrative), confidence=0.8)
    near = {
        period.first_day: period
        for candidate in range(at_year - 1, at_year + 2)
        if (period := _in_year(node, candidate)) is not None
    }
    if len(near) < 2:  # February 29
        period = next(iter(near.values()), None) or _leap_day(at_year)
        return _Reading(extent=at(period), anchor=scene.now_kind, confidence=0.8)
    lean = scene.lean()
    base_first, base_last = base.first_day, base.last_day
    if node.day is None:
        # The anchor's own month or season is neither past nor future.
        own = containing("month" if node.month else "season", base.first_day)
        if own.first_day in near:
            return _Reading(extent=at(own), anchor=scene.now_kind, confidence=0.88)
    best, other = _by_tense(list(near), base_first, base_last, lean, _AGAINST_TENSE["year"])
    return _Reading(
        extent=at(near[best]),
        anchor=scene.now_kind,
        confidence=0.88 if lean else 0.75,
        alternatives=(Alternative(value=near[other].edtf(), reason="the other side of the anchor"),),
    )


def _next_in_story(node: Calendar, base: Period, at_year: int) -> Period | None:
    """The fields in the year told of; a story that is past them goes on to the year after.

    A story that has reached November goes on to January of the next year rather than back to that
    of its own.
    """
    own = _in_year(node, at_year)
    if own is None or UNITS.index(base.unit) >= UNITS.index("half"):
        return own
    ahead = _in_year(node, at_year + 1)
    if ahead is None or own.last_day >= base.first_day:
        return own
    back = base.first_day - own.last_day
    return ahead if ahead.first_day - base.last_day < back else own


def _leap_day(at_year: int) -> Period:
    """The 29th of February nearest before."""
    for candidate in range(at_year, at_year - 9, -1):
        try:
            return Period("day", day_number(candidate, 2, 29))
        except NoSuchDate:
            continue
    raise NoSuchDate(f"no February 29 before {at_year}")


def _read_years(node: Years, scene: Scene) -> _Reading:
    number = node.number
    if node.short:
        now = scene.now.of("decade").number if scene.now is not None else 201
        number = now - now % 10 + node.number
        if number > now:
            number -= 10
    return _Reading(extent=at(Period(node.unit, number)), confidence=0.9 if node.short else 0.97)


def _read_relative(node: Relative, scene: Scene) -> _Reading:
    told = scene.narrative if node.narrative is None else node.narrative
    narrative = told and scene.then is not None
    try:
        base = _base(scene, narrative=narrative)
    except _Unanchored:
        if node.unit == "day" and not node.shift:
            raise _Unanchored("PRESENT_REF", "vague") from None
        reference = "PAST_REF" if node.shift < 0 else "FUTURE_REF" if node.shift else "PRESENT_REF"
        raise _Unanchored(reference, "vague") from None
    if narrative and node.unit == "day" and base.unit != "day" and scene.day is not None:
        base = scene.day
    if UNITS.index(base.unit) > UNITS.index(node.unit):
        if not narrative and node.unit == "day":
            # Published in a month or a year: "today" is no finer.
            return _Reading(extent=at(base), anchor=scene.now_kind, confidence=0.5)
        if narrative:
            # "the next day" after a month: a day that is not told.
            if scene.now is None or scene.now.unit != "day":
                raise _Unanchored("XXXX-XX-XX", "day")
            if node.shift == 0:
                return _Reading(extent=at(base), anchor="narrative", confidence=0.6)
            base = base if base.unit != "day" else scene.now
            day = base.first_day if node.shift < 0 else base.last_day
            return _Reading(
                extent=at(containing(node.unit, day).shifted(node.shift)),
                anchor="narrative",
                confidence=0.4,
            )
        day = base.first_day
        return _Reading(
            extent=at(containing(node.unit, day).shifted(node.shift)),
            anchor=scene.now_kind,
            confidence=0.5,
        )
    period = base.of(node.unit).shifted(node.shift)
    if node.unit == "weekend" and period.first_day > base.last_day and scene.lean() < 0:
        period = period.shifted(-1)  # "this weekend" that is over when the week begins
    return _Reading(
        extent=at(period),
        anchor=_base_kind(scene, narrative=narrative),
        confidence=0.8 if narrative else 0.95,
    )


def _read_then(node: Then, scene: Scene) -> _Reading:
    if scene.then is None:
        raise _Unanchored("PAST_REF", "vague")
    return _Reading(extent=scene.then, anchor="narrative", confidence=0.6)


def _read_directed(node: Directed, scene: Scene) -> _Reading:
    target = node.target
    if isinstance(target, Nth) and target.unit == "year":
        # "January next year": the fields of `whole` in the year that the anchor gives.
        base_year = _read_relative(Relative("year", node.shift, node.narrative), scene)
        first = base_year.extent.first
        if first is None:
            raise NoSuchDate("a year without a number")
        return _fields_in(target.whole, first, base_year, scene)
    if isinstance(target, Named) and _once(vocabulary().named[target.key]) is not None:
        return _read_named(target, scene)
    narrative = node.narrative and scene.then is not None
    base = _base_or_pattern(target, scene, narrative=narrative)
    anchor = _base_kind(scene, narrative=narrative)
    if isinstance(target, Calendar) and target.weekday is not None:
        if base.unit != "day" and scene.now is not None:
            base, anchor = scene.now, scene.now_kind
        if base.unit != "day":
            raise _Unanchored("XXXX-XX-XX", "day")
        return _Reading(
            extent=at(Period("day", _nth_weekday(base.number, target.weekday, node.shift))),
            anchor=anchor,
            confidence=0.9,
        )
    periods = _each_year(target, base.of("year").number)
    if not periods:
        raise NoSuchDate(f"no such day: {target}")
    if node.shift < 0:
        if narrative or base.unit == "year":
            fit = [period for period in periods if period.last_day <= base.last_day]
        else:
            fit = [period for period in periods if period.last_day < base.first_day]
        chosen = fit[-1] if fit else periods[0]
    elif node.shift > 0:
        fit = [period for period in periods if period.first_day > base.first_day]
        chosen = fit[0] if fit else periods[-1]
        if narrative and len(fit) > 1 and base.unit == "year":
            fit = [period for period in periods if period.first_day > base.last_day]
            chosen = fit[0] if fit else chosen
    elif narrative:
        same = [p for p in periods if p.of("year").number == base.of("year").number]
        chosen = same[0] if same else periods[0]
    else:
        # "this August": the one of the anchor's own year, or the winter the anchor lies in.
        inside = [p for p in periods if p.first_day <= base.first_day <= p.last_day]
        same = [p for p in periods if civil(p.first_day)[0] == base.of("year").number]
        chosen = (inside or same or periods)[0]
        ahead = chosen.first_day - base.last_day
        if chosen.unit == "season" and ahead > 90 and scene.lean() < 0:
            chosen = periods[periods.index(chosen) - 1]
    return _Reading(extent=at(chosen), anchor=anchor, confidence=0.9)


def _base_or_pattern(target: Node, scene: Scene, *, narrative: bool) -> Period:
    try:
        return _base(scene, narrative=narrative)
    except _Unanchored:
        if isinstance(target, Calendar):
            precision: Precision = "day" if target.day or target.weekday is not None else "month"
            raise _Unanchored(_pattern(target), precision) from None
        raise


def _each_year(target: Node, at_year: int) -> list[Period]:
    """The target in the years around one, in order."""
    found = []
    for candidate in range(at_year - 2, at_year + 3):
        if isinstance(target, Calendar):
            period = _in_year(target, candidate)
        elif isinstance(target, Named):
            extent = _named_in(vocabulary().named[target.key], candidate)
            period = extent.first if extent is not None else None
        else:
            period = None
        if period is not None:
            found.append(period)
    return found


def _nth_weekday(today: int, weekday: int, shift: int) -> int:
    """The n-th such weekday before or after a day; 0 is the one of the days ahead, today included.

    A shift of 2 is "Friday week": a week after the coming one.
    """
    ahead = (weekday - (today - 1)) % 7
    if shift > 0:
        return today + (ahead or 7) + 7 * (shift - 1)
    if shift < 0:
        return today + ahead - 7 + 7 * (shift + 1) if ahead else today + 7 * shift
    return today + ahead


def _fields_in(whole: Node | None, at_year: Period, base: _Reading, scene: Scene) -> _Reading:
    if isinstance(whole, Calendar):
        period = _in_year(whole, at_year.number)
        if period is None:
            raise NoSuchDate(f"no such day: {whole}")
    elif isinstance(whole, Relative):
        inner = _read(whole, scene).extent.first
        if inner is None:
            raise NoSuchDate("nothing to move")
        months = inner.of("month").number % 12
        period = month(at_year.number, months + 1)
    else:
        raise NoSuchDate(f"no fields: {whole}")
    return _Reading(extent=at(period), anchor=base.anchor, confidence=base.confidence)


_STEPS: dict[str, tuple[Unit, int]] = {
    "night": ("day", 1),
    "fortnight": ("week", 2),
    "millennium": ("century", 10),
    "season": ("month", 3),
    "hour": ("day", 0),
    "minute": ("day", 0),
    "second": ("day", 0),
}


def _read_shifted(node: Shifted, scene: Scene) -> _Reading:
    if node.amount is None:
        return _shifted_unknown(node, scene)
    if node.base is not None:
        inner = _read(node.base, scene)
        base = inner.extent.last if node.sign > 0 else inner.extent.first
        anchor = inner.anchor if inner.anchor != "absolute" else "event"
        if base is None:
            raise NoSuchDate("an open end to count from")
    else:
        try:
            base = _base(scene, narrative=node.narrative)
        except _Unanchored:
            raise _Unanchored("PAST_REF" if node.sign < 0 else "FUTURE_REF", "vague") from None
        anchor = _base_kind(scene, narrative=node.narrative)
    if node.unit in ("year", "decade", "century") and not node.narrative:
        base = base if node.base is not None or (node.amount or 0) % 1 else base.of("year")
    period = _moved(base, node.amount * node.sign, node.unit)
    reading = _Reading(extent=at(period), anchor=anchor, confidence=0.85)
    reading.approximate = node.unit in ("decade", "century", "millennium")
    return reading


def _shifted_unknown(node: Shifted, scene: Scene) -> _Reading:
    """ "several days before the election", "years later": a direction and no length."""
    if node.base is None:
        if node.narrative:
            raise _Unanchored("PAST_REF", "vague")
        raise _Unanchored("PAST_REF" if node.sign < 0 else "FUTURE_REF", "vague")
    inner = _read(node.base, scene)
    coarser: Unit = "month" if node.unit in ("day", "week", "hour") else "year"
    base = inner.extent.last if node.sign > 0 else inner.extent.first
    if base is None:
        raise NoSuchDate("an open end to count from")
    return _Reading(
        extent=at(base.of(coarser)), anchor="event", approximate=True, confidence=0.5
    )


def _moved(base: Period, amount: float, unit_name: str) -> Period:
    """A period some way off, no finer than the unit that was counted and than the base.

    "two weeks ago" is a day, "a month ago" a month, "five years later" a year (a month when the
    base is one).
    """
    unit, size = _STEPS.get(unit_name, (unit_name, 1))  # type: ignore[assignment]
    if unit_name in ("hour", "minute", "second"):
        days = amount / {"hour": 24, "minute": 1440, "second": 86400}[unit_name]
        day = base.first_day if amount < 0 else base.last_day
        return Period("day", day + int(days)) if base.unit == "day" else base
    steps = amount * size
    if unit in ("day", "week", "weekend"):
        days = round(steps * (1 if unit == "day" else 7))
        if base.unit in ("day", "week", "weekend"):
            return Period("day", base.first_day + days)
        middle = (base.first_day + base.last_day) // 2
        return containing(base.unit, middle + days)
    if unit in ("month", "quarter"):
        months = round(steps * (3 if unit == "quarter" else 1))
        if UNITS.index(base.unit) <= UNITS.index("month"):
            return base.of("month").shifted(months)
        return Period("month", base.of("year").number * 12 + 6 + months).of("year")
    years = {"year": 1, "decade": 10, "century": 100}[unit]
    if base.unit == "month" and not (steps * years) % 1:
        return base.shifted(round(steps * years * 12))
    if (steps * years) % 1 and base.unit in ("day", "month"):
        return base.of("month").shifted(round(steps * years * 12))
    return base.of("year").shifted(round(steps * years))


def _read_piece(node: Piece, scene: Scene) -> _Reading:
    inner = _read(node.whole, scene)
    inner.modifier = node.which
    first, last = inner.extent.first, inner.extent.last
    if first is None or first != last:
        return inner
    whole = first
    if node.edge:
        return _edge(inner, whole, node.which)
    if whole.unit in ("decade", "century"):
        if node.which == "mid":
            inner.thirds = part(inner.extent, "mid")
            years = 10 if whole.unit == "decade" else 100
            inner.extent = at(year(whole.number * years + years // 2))
            inner.approximate = True
            return inner
    inner.thirds = part(inner.extent, node.which)
    return inner


def _edge(inner: _Reading, whole: Period, which: str) -> _Reading:
    """The beginning, middle or end of a period: its first, middle or last part, one unit finer."""
    finer: dict[Unit, Unit] = {"year": "month", "decade": "year", "century": "year"}
    unit = finer.get(whole.unit)
    if unit is None:
        inner.thirds = part(inner.extent, which)  # type: ignore[arg-type]
        return inner
    day = {
        "start": whole.first_day,
        "mid": (whole.first_day + whole.last_day) // 2,
        "end": whole.last_day,
    }[which]
    if which == "end" and whole.unit == "century":
        day += 1
    inner.extent = at(containing(unit, day))
    inner.approximate = which == "mid"
    return inner


def _read_nth(node: Nth, scene: Scene) -> _Reading:
    if node.whole is not None:
        inner = _read(node.whole, scene)
    elif scene.now is not None or scene.then is not None:
        if node.unit == "quarter" and scene.now is not None and not scene.narrative:
            return _nearest_quarter(node, scene)
        base = _base(scene, narrative=scene.narrative).of("year")
        inner = _Reading(extent=at(base), anchor=_base_kind(scene, narrative=scene.narrative))
    else:
        raise _Unanchored("XXXX", "quarter")
    first, last = inner.extent.earliest, inner.extent.latest
    if first is None or last is None or node.ordinal == 0:
        raise NoSuchDate("nothing to count in")
    unit = node.unit
    size = last - first + 1
    if unit == "half" and size > 3000:
        years = containing("year", first).number
        half = round(size / 730.5)
        start = years + (0 if node.ordinal == 1 else half)
        inner.extent = Extent(year(start), year(start + half - 1))
        return inner
    if unit == "half" and size < 300:
        middle = first + (15 if size in range(28, 32) else (size + 1) // 2)
        begin, end = (first, middle - 1) if node.ordinal == 1 else (middle, last)
        inner.extent = Extent(Period("day", begin), Period("day", end))
        return inner
    if unit == "week":
        return _nth_week(node, inner, first, last)
    count = node.count
    if node.ordinal > 0:
        begin_period = containing(unit, first).shifted((node.ordinal - 1) * count)
        end_period = begin_period.shifted(count - 1)
    else:
        end_period = containing(unit, last)
        begin_period = end_period.shifted(1 - count)
    if end_period.first_day > last or begin_period.last_day < first:
        raise NoSuchDate("beyond the end of the whole")
    inner.extent = Extent(begin_period, end_period)
    return inner


def _nearest_quarter(node: Nth, scene: Scene) -> _Reading:
    """A quarter without a year: the nearest to the anchor that the tense allows."""
    now = scene.now
    if now is None or not 1 <= node.ordinal <= 4:
        raise NoSuchDate("no such quarter")
    at_year = now.of("year").number
    near = {
        period.first_day: period
        for candidate in range(at_year - 1, at_year + 2)
        for period in [Period("quarter", 4 * candidate + node.ordinal - 1)]
    }
    lean = scene.lean()
    best, other = _by_tense(
        list(near), now.first_day, now.last_day, lean, _AGAINST_TENSE["year"] if lean else 0
    )
    inside = [p for p in near.values() if p.first_day <= now.first_day <= p.last_day]
    chosen = inside[0] if inside else near[best]
    return _Reading(
        extent=at(chosen),
        anchor=scene.now_kind,
        confidence=0.75,
        alternatives=(Alternative(value=near[other].edtf(), reason="the quarter of another year"),),
    )


def _nth_week(node: Nth, inner: _Reading, first: int, last: int) -> _Reading:
    """Weeks of a month or year run from Monday to Sunday; the first holds the first day."""
    if node.ordinal < 0:
        week = containing("week", last)
        if week.last_day > last and (last - week.first_day) < 3:
            week = week.shifted(-1)
        inner.extent = Extent(week.shifted(1 - node.count), week)
        return inner
    week = containing("week", first)
    if first - week.first_day > 3:
        week = week.shifted(1)
    begin = week.shifted((node.ordinal - 1) * node.count)
    inner.extent = Extent(begin, begin.shifted(node.count - 1))
    return inner


def _read_named(node: Named, scene: Scene) -> _Reading:
    row = vocabulary().named[node.key]
    once = _once(row)
    if once is not None:
        return _Reading(extent=once, anchor="named", confidence=0.9)
    if node.year is not None:
        reading = _read(node.year, scene)
        first = reading.extent.first
        if first is None:
            raise NoSuchDate("a year without a number")
        extent = _named_in(row, first.of("year").number)
        if extent is None:
            raise NoSuchDate(f"no {row.name} in {first.edtf()}")
        return _Reading(extent=extent, anchor="named", confidence=0.95)
    narrative = (scene.narrative or scene.now is None) and scene.then is not None
    try:
        base = _base(scene, narrative=narrative)
    except _Unanchored:
        raise _Unanchored(_named_pattern(row), "day") from None
    at_year = base.of("year").number
    near: dict[int, Extent] = {}
    for candidate in range(at_year - 1, at_year + 2):
        extent = _named_in(row, candidate)
        if extent is not None and extent.earliest is not None:
            near[extent.earliest] = extent
    if narrative or base.unit == "year":
        extent = _named_in(row, at_year)
        if extent is None:
            raise NoSuchDate(f"no {row.name} in {at_year}")
        return _Reading(extent=extent, anchor="named", confidence=0.75)
    lean = scene.lean()
    best, other = _by_tense(list(near), base.first_day, base.last_day, lean, _AGAINST_TENSE["year"])
    return _Reading(
        extent=near[best],
        anchor="named",
        confidence=0.85 if lean else 0.75,
        alternatives=(Alternative(value=near[other].edtf(), reason="the one of another year"),),
    )


@lru_cache(maxsize=512)
def _once(row: NamedDay) -> Extent | None:
    """The extent of a name that stands for one time only ("9/11", "World War II")."""
    if row.date is None or len(row.date) < 9:
        return None
    first, _, last = row.date.partition("/")
    begin, end = parse_edtf(first), parse_edtf(last or first)
    return None if begin is None or end is None else Extent(begin, end)


def _named_pattern(row: NamedDay) -> str:
    return f"XXXX-{row.date}" if row.date else f"XXXX-{row.month:02d}-XX" if row.month else "XXXX-XX-XX"


@lru_cache(maxsize=4096)
def _named_in(row: NamedDay, at_year: int) -> Extent | None:
    """The day of that name in a year; None where the rule gives none."""
    if row.date is not None:
        month_text, _, day_text = row.date.partition("-")
        return at(Period("day", day_number(at_year, int(month_text), int(day_text))))
    if row.easter is not None:
        # The Gregorian rule; dateutil knows it from 1583 to 4099.
        if not 1583 <= at_year <= 4099:
            return None
        return at(Period("day", easter(at_year).toordinal() + row.easter))
    if row.month is None or row.weekday is None or row.nth is None:
        return None
    whole = month(at_year, row.month)
    if row.nth > 0:
        ahead = (row.weekday - (whole.first_day - 1)) % 7
        number = whole.first_day + ahead + 7 * (row.nth - 1)
        if row.after and ahead == 0:
            # "the Tuesday after the first Monday"
            number += 7
    else:
        back = (whole.last_day - 1 - row.weekday) % 7
        number = whole.last_day - back
    return at(Period("day", number))


def _read_daypart(node: DayPart, scene: Scene) -> _Reading:
    if node.day is None:
        raise _Unanchored(f"T{node.part}", "hour")
    reading = _read(node.day, scene)
    return reading


def _read_about(node: About, scene: Scene) -> _Reading:
    reading = _read(node.inner, scene)
    reading.approximate = True
    reading.modifier = reading.modifier or "approx"
    return reading


def _read_interval(node: Interval, scene: Scene) -> _Reading:
    first = _read(node.first, scene)
    begin = first.extent.first
    inner = scene
    if begin is not None and isinstance(node.last, Calendar) and node.last.year is None:
        # The second end is told from the first: "between November and January".
        inner = Scene(
            now=begin, now_kind=scene.now_kind, then=None, narrative=False, lean=lambda: 1
        )
    last = _read(node.last, inner)
    end = last.extent.last
    if begin is None or end is None:
        raise NoSuchDate("an interval without an end")
    if end.last_day < begin.first_day:
        if isinstance(node.first, Calendar) and node.first.year is None:
            begin = _earlier(node.first, begin, end)
        else:
            begin, end = end, begin
    first.extent = Extent(begin, end)
    first.approximate = first.approximate or last.approximate
    first.confidence = min(first.confidence, last.confidence)
    first.alternatives = ()
    return first


def _earlier(fields: Calendar, begin: Period, end: Period) -> Period:
    """The latest period with these fields that begins before the end."""
    if fields.weekday is not None and fields.day is None:
        return Period("day", _nth_weekday(end.last_day, fields.weekday, -1))
    period = _in_year(fields, civil(end.last_day)[0])
    if period is None or period.first_day > end.last_day:
        period = _in_year(fields, civil(end.last_day)[0] - 1)
    return period or begin


_OPEN_AHEAD = ("since", "after", "from")


def _read_bounded(node: Bounded, scene: Scene) -> _Reading:
    inner_scene = scene
    if node.bound == "since":
        inner_scene = msgspec.structs.replace(scene, lean=lambda: -1)
    elif node.bound in ("by", "until", "before", "through"):
        inner_scene = msgspec.structs.replace(scene, lean=lambda: scene.lean() or 1)
    reading = _read(node.inner, inner_scene)
    first, last = reading.extent.first, reading.extent.last
    if isinstance(node.inner, Piece):
        first, last = _bound_piece(node.inner, node.bound, reading)
    elif isinstance(node.inner, About) and isinstance(node.inner.inner, Piece):
        first, last = _bound_piece(node.inner.inner, node.bound, reading)
    if node.bound in _OPEN_AHEAD:
        reading.extent = Extent(first, None)
        reading.modifier = "after" if node.bound == "after" else None
        reading.thirds = None
        if node.bound == "since" and isinstance(node.inner, Named) and first != last:
            reading.extent = Extent(last, None)
            reading.thirds = (None if last is None else last.first_day, None)
        elif node.bound == "after" and first is not None:
            # After 1945 begins when 1945 is over, after May 7 on the next day; the value names 1945.
            reading.thirds = ((last or first).last_day + 1, None)
            reading.extent = Extent(last or first, None)
        elif node.bound == "since" and first is not None:
            reading.thirds = (first.first_day, None)
    else:
        end = last or first
        if end is not None and end.unit == "weekend":
            end = Period("day", end.first_day)  # it is over when the weekend begins
        reading.extent = Extent(None, end)
        reading.modifier = "before" if node.bound == "before" else None
        reading.thirds = None
        if node.bound == "before" and first is not None and not isinstance(node.inner, Piece):
            reading.thirds = (None, first.first_day - 1)
    reading.alternatives = ()
    return reading


def _bound_piece(
    piece: Piece, bound: str, reading: _Reading
) -> tuple[Period | None, Period | None]:
    """What "by the end of June" or "since mid-November" is bounded by: a day of that edge."""
    first, last = reading.extent.first, reading.extent.last
    if first is None or last is None:
        return first, last
    if piece.edge and piece.which == "end":
        if last.unit == "year":
            return first, last
        return Period("day", last.last_day), Period("day", last.last_day)
    if piece.which == "mid" and last.unit == "month":
        day = Period("day", last.first_day + 14)
        reading.approximate = True
        return day, day
    if piece.which == "mid" and last.unit == "year" and not reading.approximate:
        reading.approximate = True
        centre = Period("month", last.number * 12 + 5)
        return centre, centre
    return first, last


_READERS: dict[type[Node], Callable[..., _Reading]] = {
    Calendar: _read_calendar,
    Years: _read_years,
    Relative: _read_relative,
    Then: _read_then,
    Directed: _read_directed,
    Shifted: _read_shifted,
    Piece: _read_piece,
    Nth: _read_nth,
    Named: _read_named,
    DayPart: _read_daypart,
    About: _read_about,
    Interval: _read_interval,
    Bounded: _read_bounded,
}


# -- times, lengths, stretches --------------------------------------------------------------------


def _clock_text(node: Clock) -> str:
    seconds = "" if node.second is None else f":{node.second:02d}"
    return f"T{node.hour:02d}:{node.minute:02d}{seconds}"


def _clock(node: Clock, scene: Scene) -> Value:
    text = _clock_text(node)
    precision: Precision = "minute"
    if node.day is None:
        day = _clock_day(scene)
        if day is None:
            return Value(
                value=text + node.zone,
                type="TIME",
                precision=precision,
                confidence=0.6,
                unresolved=scene.now is None,
            )
        reading = _Reading(extent=at(day), anchor="narrative", confidence=0.6)
    else:
        reading = _read(node.day, scene)
    period = reading.extent.first
    if period is None or period.unit != "day":
        return Value(value=text + node.zone, type="TIME", precision=precision, confidence=0.5)
    day_text = iso(period.number)
    return Value(
        value=f"{day_text}{text}{node.zone}",
        type="TIME",
        extent=reading.extent,
        earliest=day_text,
        latest=day_text,
        precision=precision,
        anchor=reading.anchor,
        alternatives=(),
        confidence=reading.confidence,
    )


def _clock_day(scene: Scene) -> Period | None:
    """The day that a bare time of day is on: the one the passage is at."""
    if scene.day is not None:
        return scene.day
    return scene.now if scene.now is not None and scene.now.unit == "day" else None


def _clock_interval(node: Interval, scene: Scene) -> Value:
    first, last = node.first, node.last
    if not isinstance(first, Clock) or not isinstance(last, Clock) or last.day is None:
        begin = _clock_text(first) if isinstance(first, Clock) else ""
        end = _clock_text(last) if isinstance(last, Clock) else ""
        return Value(
            value=f"{begin}/{end}" if begin else end,
            type="TIME",
            precision="minute",
            confidence=0.7,
        )
    reading = _clock(first, scene)
    other = _clock(last, scene)
    return msgspec.structs.replace(other, value=f"{reading.value}/{other.value}")


def _bounded_clock(node: Bounded, scene: Scene) -> Value:
    if not isinstance(node.inner, Clock):
        raise NoSuchDate("no time of day")
    value = _clock(node.inner, scene)
    if value.value.startswith("T"):
        return value
    if node.bound in _OPEN_AHEAD:
        return msgspec.structs.replace(value, value=f"{value.value}/..", latest=None)
    return msgspec.structs.replace(value, value=f"../{value.value}", earliest=None)


def _length(node: Length) -> Value:
    text = iso_length(node.least)
    if node.most:
        text = f"{text}/{iso_length(node.most)}"
    return Value(
        value=text, type="DURATION", duration=text, precision=_length_precision(node), confidence=0.9
    )


_LENGTH_PRECISION: dict[str, Precision] = {
    "second": "minute",
    "minute": "minute",
    "hour": "hour",
    "night": "day",
    "weekend": "week",
    "fortnight": "week",
    "millennium": "century",
}


def _length_precision(node: Length) -> Precision:
    unit = node.least[-1][1]
    return _LENGTH_PRECISION.get(unit) or unit  # type: ignore[return-value]


def _stretch(node: Stretch, scene: Scene) -> Value:
    """The last 20 years: from the same day, month or year then to the anchor."""
    duration = iso_length(((node.amount, node.unit),))
    base: Period | None
    try:
        base = _base(scene, narrative=scene.narrative and node.sign > 0)
    except _Unanchored:
        base = None
    if base is None or node.unit in ("hour", "minute", "second"):
        return Value(
            value=duration,
            type="DURATION",
            duration=duration,
            precision="vague" if node.amount is None else _length_precision(
                Length(((node.amount, node.unit),))
            ),
            confidence=0.7,
            unresolved=base is None,
        )
    unit: Unit = "month" if node.unit == "year" and node.amount == 1 else "year"
    if node.unit in ("day", "night", "week", "fortnight", "weekend"):
        unit = "day"
    elif node.unit in ("month", "quarter", "season"):
        unit = "month"
    if UNITS.index(base.unit) > UNITS.index(unit):
        unit = base.unit
    near = base.of(unit)
    if node.amount is None:
        extent = (
            Extent(None, near, False) if node.sign < 0 else Extent(near, None, False)
        )
    else:
        far = _far(near, node.amount * node.sign, node.unit)
        extent = Extent(far, near) if node.sign < 0 else Extent(near, far)
    return Value(
        value=extent.edtf(),
        type="DURATION",
        extent=extent,
        duration=duration,
        earliest=None if extent.earliest is None else iso(extent.earliest),
        latest=None if extent.latest is None else iso(extent.latest),
        precision=unit,
        anchor=_base_kind(scene, narrative=scene.narrative and node.sign > 0),
        confidence=0.85,
    )


def _far(near: Period, amount: float, unit: str) -> Period:
    if near.unit == "day":
        return near.shifted(round(amount * {"week": 7, "fortnight": 14, "weekend": 7}.get(unit, 1)))
    if near.unit == "month":
        months = {"year": 12, "decade": 120, "century": 1200, "quarter": 3, "season": 3}
        return near.shifted(round(amount * months.get(unit, 1)))
    if unit in ("day", "week", "month", "night", "fortnight", "quarter", "season", "weekend"):
        return near
    return near.shifted(round(amount * {"decade": 10, "century": 100, "millennium": 1000}.get(unit, 1)))


__all__ = ["Lean", "Scene", "Value", "evaluate", "year_text"]
