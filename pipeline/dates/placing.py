"""Where a point lies on the calendar: the tree of a date worked out from its anchors."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from ..records import Alternative, Precision
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
    month,
    nth_weekday,
    part,
    season,
    year,
)
from .choosing import NOWADAYS, Base, choose, choose_base, in_years, on_today, on_weekday
from .holidays import extent_once, is_approximate, named_in, named_pattern
from .scene import Limit, Reading, Scene, Unanchored
from .tree import (
    About,
    Bounded,
    Calendar,
    DayPart,
    Directed,
    Interval,
    Named,
    Node,
    Nth,
    Piece,
    Relative,
    Shifted,
    Then,
    Turn,
    Writing,
    Years,
)
from .words import NamedDay, vocabulary


def read(node: Node, scene: Scene) -> Reading:
    """Where a point lies.

    Raises:
        NoSuchDate: it is no point, as a length inside a range.
        Unanchored: nothing in the scene anchors it.
    """
    reader = _READERS.get(type(node))
    if reader is None:
        raise NoSuchDate
    return reader(node, scene)


def _read_calendar(node: Calendar, scene: Scene) -> Reading:
    if node.year is not None:
        at_year = _full_year(node.year, scene) if node.short else node.year
        period = _in_year(node, at_year)
        if period is None:
            raise NoSuchDate(f"no such day: {node}")
        reading = Reading(extent=at(period))
        if node.short:
            reading.confidence = 0.85
        if node.other and node.month is not None and node.day is not None:
            swapped = Calendar(year=at_year, month=node.day, day=node.month)
            return _day_or_month_first(reading, swapped, scene)
        return reading
    if node.weekday is not None and node.day is None:
        return _nearest_weekday(node.weekday, scene)
    if node.month is None and node.season is None and node.day is not None:
        base = _base("container", "month", scene, Unanchored("XXXX-XX-XX", "day"))
        at_year, at_month = divmod(base.period.of("month").number, 12)
        day = Period("day", day_number(at_year, at_month + 1, node.day))
        return _told_from(base, at(day))
    if (node.month, node.day) == (9, 11) and _means_attacks(scene):
        day = Period("day", day_number(2001, 9, 11))
        return Reading(extent=at(day), anchor="named", confidence=0.7)
    return _without_year(node, scene)


# For about so long after 2001 "September 11" without a year named the attacks.
_ATTACKS_YEARS = range(2001, 2015)


def _means_attacks(scene: Scene) -> bool:
    """Whether September 11 without a year is that of 2001: no such day is near."""
    if scene.now is None or scene.now.of("year").number not in _ATTACKS_YEARS:
        return False
    now = scene.now
    own = day_number(now.of("year").number, 9, 11)
    return abs(own - now.first_day) > 21


def _day_or_month_first(reading: Reading, swapped: Calendar, scene: Scene) -> Reading:
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
    reading.alternatives = (
        Alternative(value=period.edtf(), reason="day and month may be swapped"),
    )
    return reading


def _full_year(two_digits: int, scene: Scene) -> int:
    """The year with these last digits nearest to the anchor, ten years ahead at most."""
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


def _base(kind: str, unit: Unit, scene: Scene, otherwise: Unanchored) -> Base:
    """What a relative date is counted from.

    Raises:
        Unanchored: there is nothing; `otherwise` says what is known all the same.
    """
    base = choose_base(kind, unit, scene)
    if base is None:
        raise otherwise
    return base


def _told_from(base: Base, extent: Extent) -> Reading:
    """What was counted from a base: sure as far as the base is."""
    return Reading(extent=extent, anchor=base.reading.anchor, confidence=base.reading.confidence)


def _counted(base: Base, unit: Unit, count: Callable[[Period], Period]) -> Reading:
    """What a count gives from a base, and from those that were chosen against."""
    period = count(base.period)
    reading = _told_from(base, at(period))
    others: dict[str, str] = {}
    for other, reason in base.others:
        if UNITS.index(other.unit) <= max(UNITS.index(unit), UNITS.index(base.period.unit)):
            try:
                others.setdefault(at(count(other)).edtf(), reason)
            except NoSuchDate:
                continue
    others.pop(reading.extent.edtf(), None)
    reading.alternatives = tuple(
        Alternative(value=value, reason=reason) for value, reason in others.items()
    )
    return reading


def _nearest_weekday(weekday: int, scene: Scene) -> Reading:
    """A day of the week, about a day that the passage has named or about the writing."""
    candidates = on_weekday(weekday, scene)
    if candidates:
        return choose(candidates, scene)
    if scene.now is None:
        raise Unanchored("XXXX-XX-XX", "day")
    # Published in a month: the weekday lies in or about it.
    return Reading(extent=at(scene.now), anchor=scene.now_kind, confidence=0.3)


def _without_year(node: Calendar, scene: Scene) -> Reading:
    """A month, a day of a month or a season without a year."""
    kind: Precision = "day" if node.day else "month" if node.month else "season"

    def fit(at_year: int) -> tuple[Extent, ...]:
        period = _in_year(node, at_year)
        return () if period is None else (at(period),)

    candidates = in_years(fit, scene, kind, weekday=node.weekday if node.day else None)
    if candidates:
        return choose(candidates, scene)
    if not scene.marks:
        raise Unanchored(_pattern(node), kind)
    # February 29: no year about has one.
    middle = next(iter(scene.marks.values())).of("year").number
    return Reading(extent=at(_leap_day(middle)), anchor=scene.now_kind, confidence=0.6)


def _leap_day(at_year: int) -> Period:
    """The 29th of February nearest before."""
    for candidate in range(at_year, at_year - 9, -1):
        try:
            return Period("day", day_number(candidate, 2, 29))
        except NoSuchDate:
            continue
    raise NoSuchDate(f"no February 29 before {at_year}")


def _read_years(node: Years, scene: Scene) -> Reading:
    number = node.number
    if node.short:
        now = scene.now.of("decade").number if scene.now is not None else 201
        number = now - now % 10 + node.number
        if number > now:
            number -= 10
    if node.unit == "century" and number < 0:
        # The 5th century BC is 500 to 401 BC; the boxes of the calendar begin with a year 0.
        ancient = Extent(year(100 * number + 1), year(100 * number + 100))
        return Reading(extent=ancient)
    return Reading(extent=at(Period(node.unit, number)), confidence=0.9 if node.short else 0.97)


TODAY = Relative("day", 0)
_KINDS: dict[bool | None, str] = {True: "anaphoric", False: "deictic", None: "container"}


def read_today(scene: Scene) -> Reading:
    """Where "today" by itself lies, which may be no day but the present at large.

    Raises:
        Unanchored: it is the present at large, or nothing in the scene anchors it.
    """
    candidates = on_today(scene)
    if not candidates:
        raise Unanchored("PRESENT_REF", "vague")
    reading = choose(candidates, scene)
    if reading.extent == NOWADAYS:
        raise Unanchored("PRESENT_REF", "vague", False)
    return reading


def _read_relative(node: Relative, scene: Scene) -> Reading:
    if node.unit == "day" and not node.shift:
        reference = "PRESENT_REF"
    else:
        reference = "PAST_REF" if node.shift < 0 else "FUTURE_REF" if node.shift else "PRESENT_REF"
    base = _base(_KINDS[node.narrative], node.unit, scene, Unanchored(reference, "vague"))
    told = base.reading.anchor == "narrative"
    if UNITS.index(base.period.unit) > UNITS.index(node.unit):
        if not told and node.unit == "day":
            # Published in a month or a year: "today" is no finer.
            return Reading(extent=at(base.period), anchor=scene.now_kind, confidence=0.5)
        if told:
            # "the next day" in a story told by the month: a day that is not told.
            pattern = _finer_pattern(node.unit, base.period)
            raise Unanchored(pattern, _PRECISION_OF_UNIT[node.unit], False)
        period = containing(node.unit, base.period.first_day).shifted(node.shift)
        return Reading(extent=at(period), anchor=scene.now_kind, confidence=0.5)

    def count(period: Period) -> Period:
        told = period.of(node.unit).shifted(node.shift)
        if node.unit == "weekend" and told.first_day > period.last_day and scene.lean() < 0:
            return told.shifted(-1)  # "this weekend" that is over when the week begins
        return told

    return _counted(base, node.unit, count)


_PRECISION_OF_UNIT: dict[Unit, Precision] = {
    "day": "day",
    "weekend": "day",
    "week": "week",
    "month": "month",
    "season": "season",
    "quarter": "quarter",
    "half": "half",
    "year": "year",
    "decade": "decade",
    "century": "century",
}


def _finer_pattern(unit: Unit, base: Period) -> str:
    """What is known of a unit somewhere in or about a coarser period, as EDTF with X."""
    if unit in ("day", "week", "weekend"):
        return f"{base.edtf()}-XX" if base.unit == "month" else "XXXX-XX-XX"
    if unit == "month":
        return f"{base.edtf()}-XX" if base.unit == "year" else "XXXX-XX"
    return "XXXX"


def _read_then(node: Then, scene: Scene) -> Reading:
    if scene.then is None:
        raise Unanchored("PAST_REF", "vague")
    return Reading(extent=scene.then, anchor="narrative", confidence=0.6)


def _read_writing(node: Writing, scene: Scene) -> Reading:
    if scene.now is None:
        raise Unanchored("PRESENT_REF", "vague")
    return Reading(extent=at(scene.now), anchor=scene.now_kind, confidence=0.9)


def _read_directed(node: Directed, scene: Scene) -> Reading:
    target = node.target
    if isinstance(target, Nth) and target.unit == "year":
        # "January next year": the fields of `whole` in the year that the anchor gives.
        base_year = _read_relative(Relative("year", node.shift, node.narrative), scene)
        first = base_year.extent.first
        if first is None:
            raise NoSuchDate("a year without a number")
        return _fields_in(target.whole, first, base_year, scene)
    if isinstance(target, Named) and extent_once(vocabulary().named[target.key]) is not None:
        return _read_named(target, scene)
    counted: Unit = "year"
    otherwise = Unanchored("XXXX", "vague")
    if isinstance(target, Calendar):
        counted = "year" if target.weekday is None else "day"
        precision: Precision = "day" if target.day or target.weekday is not None else "month"
        otherwise = Unanchored(_pattern(target), precision)
    chosen_base = _base(_KINDS[node.narrative], counted, scene, otherwise)
    base, anchor = chosen_base.period, chosen_base.reading.anchor
    narrative = anchor == "narrative"
    if isinstance(target, Calendar) and target.weekday is not None:
        if base.unit != "day" and scene.now is not None:
            base, anchor = scene.now, scene.now_kind
        if base.unit != "day":
            raise Unanchored("XXXX-XX-XX", "day")
        return Reading(
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
    if isinstance(target, Named):
        row = vocabulary().named[target.key]
        days = named_in(row, chosen.of("year").number)
        extent = next(extent for extent in days if extent.first == chosen)
        return Reading(
            extent=extent, anchor=anchor, approximate=is_approximate(row), confidence=0.9
        )
    return Reading(extent=at(chosen), anchor=anchor, confidence=0.9)


def _each_year(target: Node, at_year: int) -> list[Period]:
    """The target in the years around one, in order."""
    found = []
    for candidate in range(at_year - 2, at_year + 3):
        if isinstance(target, Calendar):
            period = _in_year(target, candidate)
            if period is not None:
                found.append(period)
        elif isinstance(target, Named):
            days = named_in(vocabulary().named[target.key], candidate)
            found += [extent.first for extent in days if extent.first is not None]
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


def _fields_in(whole: Node | None, at_year: Period, base: Reading, scene: Scene) -> Reading:
    if isinstance(whole, Calendar):
        period = _in_year(whole, at_year.number)
        if period is None:
            raise NoSuchDate(f"no such day: {whole}")
    elif isinstance(whole, Relative):
        inner = read(whole, scene).extent.first
        if inner is None:
            raise NoSuchDate("nothing to move")
        months = inner.of("month").number % 12
        period = month(at_year.number, months + 1)
    else:
        raise NoSuchDate(f"no fields: {whole}")
    return Reading(extent=at(period), anchor=base.anchor, confidence=base.confidence)


_STEPS: dict[str, tuple[Unit, int]] = {
    # unit of a length → (unit of the calendar, how many of it)
    "day": ("day", 1),
    "week": ("week", 1),
    "weekend": ("week", 1),
    "month": ("month", 1),
    "quarter": ("quarter", 1),
    "year": ("year", 1),
    "decade": ("decade", 1),
    "century": ("century", 1),
    "night": ("day", 1),
    "fortnight": ("week", 2),
    "millennium": ("century", 10),
    "season": ("month", 3),
    "hour": ("day", 0),
    "minute": ("day", 0),
    "second": ("day", 0),
}


def _read_shifted(node: Shifted, scene: Scene) -> Reading:
    if node.amount is None:
        return _shifted_unknown(node, scene)
    if node.base is None:
        reference = "PAST_REF" if node.sign < 0 else "FUTURE_REF"
        counted = _base(
            _KINDS[node.narrative], _STEPS[node.unit][0], scene, Unanchored(reference, "vague")
        )
        return _shifted_from(counted, node.amount, node)
    inner = read(node.base, scene)
    base = inner.extent.last if node.sign > 0 else inner.extent.first
    anchor: AnchorKind = "event" if inner.anchor == "absolute" else inner.anchor
    if base is None:
        raise NoSuchDate("an open end to count from")
    years = node.amount * _STEPS[node.unit][1] if _STEPS[node.unit][0] == "year" else 0.5
    if isinstance(node.base, Relative) and base.unit == "day" and not years % 1:
        # "ten years ago today"
        at_year, at_month, at_day = civil(base.number)
        period = Period("day", day_number(at_year + int(years) * node.sign, at_month, at_day))
    else:
        period = _moved(base, node.amount * node.sign, node.unit)
    reading = Reading(extent=at(period), anchor=anchor, confidence=0.85)
    reading.approximate = node.unit in ("decade", "century", "millennium")
    return reading


def _shifted_from(base: Base, amount: float, node: Shifted) -> Reading:
    """A time away from an anchor: "two years ago", "three days later"."""
    whole_years = node.unit in ("year", "decade", "century") and not node.narrative

    def count(period: Period) -> Period:
        start = period.of("year") if whole_years and not amount % 1 else period
        return _moved(start, amount * node.sign, node.unit)

    reading = _counted(base, _STEPS[node.unit][0], count)
    reading.confidence = min(reading.confidence, 0.85)
    reading.approximate = node.unit in ("decade", "century", "millennium")
    return reading


def _shifted_unknown(node: Shifted, scene: Scene) -> Reading:
    """Several days before the election, years later: a direction and no length."""
    if node.base is None:
        if node.narrative:
            raise Unanchored("PAST_REF", "vague")
        raise Unanchored("PAST_REF" if node.sign < 0 else "FUTURE_REF", "vague")
    inner = read(node.base, scene)
    coarser: Unit = "month" if node.unit in ("day", "week", "hour") else "year"
    base = inner.extent.last if node.sign > 0 else inner.extent.first
    if base is None:
        raise NoSuchDate("an open end to count from")
    return Reading(extent=at(base.of(coarser)), anchor="event", approximate=True, confidence=0.5)


def _moved(base: Period, amount: float, unit_name: str) -> Period:
    """A period some way off, no finer than the unit that was counted and than the base.

    "two weeks ago" is a day, "a month ago" a month, "five years later" a year (a month when the
    base is one).
    """
    unit, size = _STEPS[unit_name]
    if unit_name in ("hour", "minute", "second"):
        days = amount / {"hour": 24, "minute": 1440, "second": 86400}[unit_name]
        day = base.first_day if amount < 0 else base.last_day
        return Period("day", day + int(days)) if base.unit == "day" else base
    steps = amount * size
    if unit in ("day", "week"):
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


def _read_piece(node: Piece, scene: Scene) -> Reading:
    inner = read(node.whole, scene)
    inner.modifier = node.which
    first, last = inner.extent.first, inner.extent.last
    if first is None or last is None:
        return inner
    if first != last:
        # "the end of World War II" is the last of its years.
        if node.edge and node.which != "mid":
            inner.extent = at(first if node.which == "start" else last)
        return inner
    if node.edge:
        return _edge(inner, first, node.which)
    inner.thirds = part(inner.extent, node.which)
    return inner


def _read_turn(node: Turn, scene: Scene) -> Reading:
    """December and January for a year, the year with two noughts for a century."""
    counted = _base("container", node.unit, scene, Unanchored("XXXX", "vague"))
    base = counted.period
    reading = _told_from(counted, at(base))
    if node.unit == "century":
        reading.extent = at(year((base.of("year").number + 50) // 100 * 100))
        reading.approximate = True
    else:
        january = (base.of("month").number + 6) // 12 * 12
        reading.extent = Extent(Period("month", january - 1), Period("month", january))
    return reading


def _edge(inner: Reading, whole: Period, which: str) -> Reading:
    """The beginning, middle or end of a period: its first, middle or last part, one unit finer."""
    finer: dict[Unit, Unit] = {"year": "month", "decade": "year", "century": "year"}
    unit = finer.get(whole.unit)
    if unit is None or (unit == "year" and which == "mid"):
        # The middle of a decade is no one year of it.
        inner.thirds = part(inner.extent, which)  # type: ignore[arg-type]
        return inner
    # The middle of a year is June, not the second of July.
    day = {
        "start": whole.first_day,
        "mid": (whole.first_day + whole.last_day) // 2 - 15,
        "end": whole.last_day,
    }[which]
    if which == "end" and whole.unit == "century":
        day += 1
    inner.extent = at(containing(unit, day))
    inner.approximate = which == "mid"
    return inner


def _read_nth(node: Nth, scene: Scene) -> Reading:
    if node.whole is not None:
        inner = read(node.whole, scene)
    elif node.unit == "quarter":
        return _quarter_without_year(node, scene)
    else:
        base = _base("container", "year", scene, Unanchored("XXXX", "vague"))
        inner = _told_from(base, at(base.period.of("year")))
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
    if node.weekday is not None:
        inner.extent = at(Period("day", nth_weekday(first, last, node.weekday, node.ordinal)))
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


def _quarter_without_year(node: Nth, scene: Scene) -> Reading:
    """A quarter without a year."""
    if not 1 <= node.ordinal <= 4:
        raise NoSuchDate("no such quarter")

    def fit(at_year: int) -> tuple[Extent, ...]:
        return (at(Period("quarter", 4 * at_year + node.ordinal - 1)),)

    candidates = in_years(fit, scene, "quarter")
    if not candidates:
        raise Unanchored("XXXX", "quarter")
    return choose(candidates, scene)


def _nth_week(node: Nth, inner: Reading, first: int, last: int) -> Reading:
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


def _read_named(node: Named, scene: Scene) -> Reading:
    reading = _read_name(node, scene)
    first = reading.extent.first
    if node.weekend and first is not None:
        # "Labor Day weekend" is before a Monday or Tuesday, "Thanksgiving weekend" after a Thursday
        reading.extent = at(containing("weekend", first.first_day - 3))
    opens = vocabulary().named[node.key].opens
    if opens is not None and first is not None:
        reading.extent, reading.modifier = at(first.of(opens)), "start"
        reading.thirds, reading.alternatives = part(reading.extent, "start"), ()
    return reading


def _read_name(node: Named, scene: Scene) -> Reading:
    row = vocabulary().named[node.key]
    once = extent_once(row)
    if once is not None and once.first is not None and once.last is not None:
        if scene.now is not None and once.last.first_day > scene.now.last_day:
            # The writer of 2004 did not know the end of the war in Iraq.
            if once.first.first_day > scene.now.last_day:
                raise NoSuchDate(f"{row.name} was yet to come")
            once = at(once.first)
        # Which war "post-war" means is taken for granted.
        return Reading(extent=once, anchor="named", confidence=0.5 if row.bound else 0.9)
    approximate = is_approximate(row)
    if node.year is not None:
        reading = read(node.year, scene)
        first = reading.extent.first
        if first is None:
            raise NoSuchDate("a year without a number")
        return Reading(
            extent=_first_named(row, first.of("year").number),
            anchor="named",
            approximate=approximate,
            confidence=0.95,
        )
    candidates = in_years(lambda at_year: named_in(row, at_year), scene, "feast")
    if not candidates:
        raise Unanchored(named_pattern(row), "day")
    reading = choose(candidates, scene)
    reading.anchor = "named"
    reading.approximate = approximate
    return reading


def _first_named(row: NamedDay, at_year: int) -> Extent:
    days = named_in(row, at_year)
    if not days:
        raise NoSuchDate(f"no {row.name} in {at_year}")
    return days[0]


def _read_daypart(node: DayPart, scene: Scene) -> Reading:
    if node.day is not None:
        return read(node.day, scene)
    day = day_told(scene)
    if day is None:
        raise Unanchored(f"T{node.part}", "hour", scene.now is None)
    return Reading(extent=at(day), anchor="narrative", confidence=0.6)


def day_told(scene: Scene) -> Period | None:
    """The day that a bare time of day is on: the one the passage is at."""
    if scene.day is not None:
        return scene.day
    return scene.now if scene.now is not None and scene.now.unit == "day" else None


def _read_about(node: About, scene: Scene) -> Reading:
    reading = read(node.inner, scene)
    reading.approximate = True
    reading.modifier = reading.modifier or "approx"
    return reading


def _read_interval(node: Interval, scene: Scene) -> Reading:
    first = read(node.first, scene)
    begin = first.extent.first
    if begin is not None and isinstance(node.last, Calendar) and node.last.year is None:
        # The second end is told from the first: "between November and January".
        last = Reading(extent=at(_following(node.last, begin)))
    elif isinstance(node.last, Writing) and begin is not None and not _is_over(begin, scene):
        # "2013 to present", whenever that is
        first.extent, first.modifier, first.alternatives = Extent(begin, None), None, ()
        first.thirds = first.thirds and (first.thirds[0], None)
        return first
    else:
        last = read(node.last, scene)
    end = last.extent.last
    if begin is None or end is None:
        raise NoSuchDate("an interval without an end")
    if end.last_day < begin.first_day:
        if isinstance(node.first, Calendar) and node.first.year is None:
            begin = _earlier(node.first, begin, end)
        else:
            begin, end = end, begin
    if first.thirds or last.thirds:
        # "from mid-2012 to late 2013" is narrower than its years.
        opening = (first.thirds or (begin.first_day, None))[0]
        closing = (last.thirds or (None, end.last_day))[1]
        # "Christmas to mid-2003" in that year's own Christmas: then only the year bounds it.
        ordered = opening is None or closing is None or opening <= closing
        first.thirds = (opening, closing) if end is last.extent.last and ordered else None
    first.modifier = None
    first.extent = Extent(begin, end)
    first.approximate = first.approximate or last.approximate
    first.confidence = min(first.confidence, last.confidence)
    first.alternatives = ()
    return first


def _is_over(period: Period, scene: Scene) -> bool:
    """Whether the writing is known to come after the first day of a period."""
    return scene.now is not None and period.first_day <= scene.now.last_day


def _following(fields: Calendar, begin: Period) -> Period:
    """The first period with these fields that does not end before another begins."""
    if fields.weekday is not None and fields.day is None:
        return Period("day", _nth_weekday(begin.last_day, fields.weekday, 1))
    at_year = civil(begin.first_day)[0]
    if fields.month is None and fields.season is None and fields.day is not None:
        at_month = begin.of("month").number % 12
        return Period("day", day_number(at_year, at_month + 1, fields.day))
    for candidate in (at_year, at_year + 1):
        period = _in_year(fields, candidate)
        if period is not None and period.last_day >= begin.first_day:
            return period
    raise NoSuchDate(f"no such day: {fields}")


def _earlier(fields: Calendar, begin: Period, end: Period) -> Period:
    """The latest period with these fields that begins before the end."""
    if fields.weekday is not None and fields.day is None:
        return Period("day", _nth_weekday(end.last_day, fields.weekday, -1))
    period = _in_year(fields, civil(end.last_day)[0])
    if period is None or period.first_day > end.last_day:
        period = _in_year(fields, civil(end.last_day)[0] - 1)
    return period or begin


OPEN_AHEAD = ("since", "after", "from")


_LIMITS: dict[str, Limit] = {
    "since": "back",
    "by": "ahead",
    "until": "ahead",
    "before": "ahead",
    "through": "ahead",
}


def _read_bounded(node: Bounded, scene: Scene) -> Reading:
    limited = msgspec.structs.replace(scene, limit=_LIMITS.get(node.bound, ""))
    return _bounded(read(node.inner, limited), node)


def _bounded(reading: Reading, node: Bounded) -> Reading:
    """A point as the bound of an open interval.

    The value names the whole period ("after 1945", "by mid-2016"); `earliest` and `latest` are
    exact: the day after it, the day before it, the last day of its middle third.
    """
    first = reading.extent.first or reading.extent.last
    last = reading.extent.last or first
    if first is None or last is None:
        raise NoSuchDate("nothing that bounds")
    inner = node.inner.inner if isinstance(node.inner, About) else node.inner
    ends = isinstance(inner, Piece) and inner.edge and inner.which == "end"
    if ends and last.unit != "year":
        # "by the end of June" is by its last day
        first = last = Period("day", last.last_day)
        reading.thirds = None
    elif last.unit == "weekend" and node.bound not in OPEN_AHEAD:
        first = last = Period("day", last.first_day)  # it is over when the weekend begins
    begin, end = reading.thirds or (None, None)
    begin = first.first_day if begin is None else begin
    end = last.last_day if end is None else end
    if node.bound == "after" or (node.bound == "since" and isinstance(inner, Named)):
        # What is so since a war is so since its end.
        begin = end + 1 if node.bound == "after" else last.first_day
        first = last
    elif node.bound == "before":
        # What is before the end of June may still be on its last day.
        end = end if ends else begin - 1
        last = first
    elif isinstance(inner, Named) and node.bound != "through":
        last, end = first, first.last_day  # "by Ramadan" is by its beginning
    if node.bound in OPEN_AHEAD:
        reading.extent, reading.thirds = Extent(first, None), (begin, None)
    else:
        reading.extent, reading.thirds = Extent(None, last), (None, end)
    if node.bound == "before" or node.bound == "after":
        reading.modifier = node.bound
    form = "{}/.." if node.bound in OPEN_AHEAD else "../{}"
    reading.alternatives = tuple(
        Alternative(value=form.format(other.value), reason=other.reason)
        for other in reading.alternatives
        if "/" not in other.value
    )
    return reading


_READERS: dict[type[Node], Callable[..., Reading]] = {
    Calendar: _read_calendar,
    Years: _read_years,
    Relative: _read_relative,
    Then: _read_then,
    Writing: _read_writing,
    Directed: _read_directed,
    Shifted: _read_shifted,
    Piece: _read_piece,
    Turn: _read_turn,
    Nth: _read_nth,
    Named: _read_named,
    DayPart: _read_daypart,
    About: _read_about,
    Interval: _read_interval,
    Bounded: _read_bounded,
}
