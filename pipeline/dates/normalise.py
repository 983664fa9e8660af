"""The value of a date expression: its tree, worked out on the calendar from an anchor.

`Scene` holds the anchors that the passage offers and says which way its verb looks; `evaluate`
works the tree out (points by `placing`) and puts the fields of a `Date` finding together. No text
is looked at here.
"""

from __future__ import annotations

import msgspec

from ..records import Alternative, DateType, Modifier, Precision
from ..records import Anchor as AnchorKind
from .calendar import (
    UNITS,
    Extent,
    NoSuchDate,
    Period,
    Unit,
    at,
    iso,
)
from .lengths import iso_length
from .placing import OPEN_AHEAD, TODAY, day_told, read, read_today
from .scene import Reading, Scene, Unanchored, base_kind, base_of
from .tree import (
    About,
    Ahead,
    Bounded,
    Clock,
    DayPart,
    Interval,
    Length,
    Node,
    Repeated,
    Shifted,
    Stretch,
    Vague,
)


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


def evaluate(node: Node, scene: Scene) -> Value:
    """The value of an expression in its scene.

    Never fails: what has no anchor keeps what is known of it (``unresolved``), what lies outside
    four-digit years or names a day that does not exist becomes vague.
    """
    try:
        return _evaluate(node, scene)
    except Unanchored as told:
        return Value(
            value=told.value,
            type="TIME" if _is_time(node) else "DATE",
            precision=told.precision,
            anchor="publication",
            confidence=0.4,
            unresolved=told.wanting,
        )
    except NoSuchDate:
        return _vague("PAST_REF", 0.2)


def _vague(reference: str, confidence: float = 0.7) -> Value:
    return Value(
        value=reference,
        type="DATE",
        precision="vague",
        anchor="publication",
        confidence=confidence,
    )


def _evaluate(node: Node, scene: Scene) -> Value:
    if isinstance(node, Length):
        return _length(node)
    if isinstance(node, Ahead):
        return _ahead(node, scene) if scene.lean() > 0 else _length(node.length)
    if isinstance(node, Repeated):
        return Value(value=f"R/{node.period}", type="SET", precision="vague", confidence=0.9)
    if isinstance(node, Vague):
        return _vague(node.reference)
    if isinstance(node, Stretch):
        return _stretch(node, scene)
    if isinstance(node, About | Bounded) and isinstance(
        node.inner, Length | Stretch | Repeated | Vague | Ahead
    ):
        return _evaluate(node.inner, scene)  # "by the last two decades" bounds no point
    if isinstance(node, Clock):
        return _clock(node, scene)
    if isinstance(node, Interval) and isinstance(node.last, Clock):
        return _clock_interval(node, scene)
    if isinstance(node, Bounded) and isinstance(node.inner, Clock):
        return _bounded_clock(node, scene)
    if isinstance(node, About) and isinstance(node.inner, Clock):
        return _clock(node.inner, scene)
    reading = read_today(scene) if node == TODAY else read(node, scene)
    kind: DateType = "TIME" if _is_time(node) else "DATE"
    return _value(reading, kind)


def _is_time(node: Node) -> bool:
    if isinstance(node, About | Bounded):
        return _is_time(node.inner)
    if isinstance(node, Interval):
        return _is_time(node.first)
    return isinstance(node, DayPart | Clock)


def _value(reading: Reading, kind: DateType) -> Value:
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


def _clock_text(node: Clock) -> str:
    seconds = "" if node.second is None else f":{node.second:02d}"
    return f"T{node.hour:02d}:{node.minute:02d}{seconds}"


def _clock(node: Clock, scene: Scene) -> Value:
    text = _clock_text(node)
    precision: Precision = "minute"
    if node.day is None:
        day = day_told(scene)
        if day is None:
            return Value(
                value=text + node.zone,
                type="TIME",
                precision=precision,
                confidence=0.6,
                unresolved=scene.now is None,
            )
        reading = Reading(extent=at(day), anchor="narrative", confidence=0.6)
    else:
        reading = read(node.day, scene)
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
    if node.bound in OPEN_AHEAD:
        return msgspec.structs.replace(value, value=f"{value.value}/..", latest=None)
    return msgspec.structs.replace(value, value=f"../{value.value}", earliest=None)


def _length(node: Length) -> Value:
    text = iso_length(node.least)
    if node.most:
        text = f"{text}/{iso_length(node.most)}"
    return Value(
        value=text,
        type="DURATION",
        duration=text,
        precision=_length_precision(node),
        confidence=0.9,
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


def _ahead(node: Ahead, scene: Scene) -> Value:
    """In three days, in five to ten years: as far from the anchor."""
    ends = [
        None if amount is None else Shifted(amount, unit, 1)
        for amount, unit in (node.length.least[0], *node.length.most[:1])
    ]
    first, last = ends[0], ends[-1]
    if first is None or last is None:
        return _vague("FUTURE_REF")
    return _evaluate(first if first == last else Interval(first, last), scene)


def _ending(node: Stretch, end: Node, scene: Scene) -> Value:
    """The 12 months to August: months or days up to and with the end."""
    reading = read(end, scene)
    last = reading.extent.last
    if last is None or node.amount is None:
        raise NoSuchDate("a length without an end")
    near = last if node.unit in ("day", "week") else last.of("month")
    first = _far(near, -node.amount, node.unit).shifted(1)
    duration = iso_length(((node.amount, node.unit),))
    reading.extent, reading.thirds, reading.modifier = Extent(first, near), None, None
    return msgspec.structs.replace(_value(reading, "DURATION"), duration=duration)


def _stretch(node: Stretch, scene: Scene) -> Value:
    """The last 20 years: from the same day, month or year then to the anchor."""
    if node.end is not None:
        return _ending(node, node.end, scene)
    duration = iso_length(((node.amount, node.unit),))
    base: Period | None
    try:
        base = base_of(scene, narrative=scene.told and node.sign > 0)
    except Unanchored:
        base = None
    if base is None or node.unit in ("hour", "minute", "second"):
        return Value(
            value=duration,
            type="DURATION",
            duration=duration,
            precision="vague"
            if node.amount is None
            else _length_precision(Length(((node.amount, node.unit),))),
            confidence=0.7,
            unresolved=base is None,
        )
    # "the past year and a half" is told by the month, "the past three years" by the year.
    whole = node.amount is None or (node.amount != 1 and node.amount == int(node.amount))
    unit: Unit = "month" if node.unit == "year" and not whole else "year"
    if node.unit in ("day", "night", "week", "fortnight", "weekend"):
        unit = "day"
    elif node.unit in ("month", "quarter", "season"):
        unit = "month"
    if UNITS.index(base.unit) > UNITS.index(unit):
        unit = base.unit
    near = base.of(unit)
    if node.amount is None:
        extent = Extent(None, near, False) if node.sign < 0 else Extent(near, None, False)
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
        precision=_precision(extent),
        anchor=base_kind(scene, narrative=scene.told and node.sign > 0),
        confidence=0.85,
    )


def _far(near: Period, amount: float, unit: str) -> Period:
    if near.unit == "day":
        return near.shifted(round(amount * {"week": 7, "fortnight": 14, "weekend": 7}.get(unit, 1)))
    if near.unit == "month":
        months = {"year": 12, "decade": 120, "century": 1200, "quarter": 3, "season": 3}
        return near.shifted(round(amount * months.get(unit, 1)))
    years = {"year": 1, "decade": 10, "century": 100, "millennium": 1000}.get(unit, 0)
    return near.shifted(round(amount * years / {"decade": 10, "century": 100}.get(near.unit, 1)))
