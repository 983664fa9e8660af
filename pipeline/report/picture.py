"""A timeline as a picture: one SVG file that needs nothing else."""

from __future__ import annotations

from math import inf
from typing import NamedTuple
from xml.etree import ElementTree

from ..records import EventStatus
from ..timeline import Entry, Timeline
from ..timeline.intervals import Interval, interval_of
from .entries import speaker, what, when
from .scale import Scale
from .svg import CHARACTER, add, document, drawn_width, fitted, write, written
from .terminal import visible

WIDTH = 1240
MARGIN = 16
DATE_WIDTH = 176
LABEL_WIDTH = 316
# The closed end of a bar that is open at the other.
STUB = 14
ROW = 24
AXIS_TOP = 62
ROWS_TOP = 92
BAR = 10
# An open end is an arrow of this length: its direction is known, how far it goes is not.
ARROW = 40
NARROWEST_BAR = 7.0
LONGEST_NOTE = 400

_FORMS = """
text: font: 13px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif
.title: font-size: 17px; font-weight: 600
.date: font-size: 12px
.axis, .faint: font-size: 11px
.what: font-weight: 600
.rule, .cut, .order: fill: none
.ongoing: fill-opacity: 0.35
.hypothetical: stroke-dasharray: 3 2
.open: stroke-width: 2; stroke-dasharray: 5 3
.not, .order: stroke-width: 1.5
"""
_COLOURS = """
text: fill: {ink}
.date, .axis, .faint: fill: {faint}
.ground, .hypothetical: fill: {ground}
.band: fill: {band}
.grid: stroke: {line}
.rule, .cut: stroke: {faint}
.occurred, .ongoing, .hatch, .tip: fill: {bar}
.occurred, .ongoing, .scheduled, .hypothetical, .open: stroke: {bar}
.not: stroke: {ink}
.order: stroke: {second}
.order-tip: fill: {second}
"""
_STATUSES: tuple[EventStatus, ...] = ("occurred", "ongoing", "scheduled", "hypothetical")


class _Bar(NamedTuple):
    """Where the bar of an entry is drawn."""

    left: float
    right: float
    y: float


def draw_timeline(timeline: Timeline, *, title: str = "Timeline") -> str:
    """The timeline as an SVG document.

    One row an event, in the timeline's order: its date, what happened, who took part, and a bar
    from the first to the last day on which it may lie. An arrow leads on where that is open. The
    status shows in the bar's filling, order that the text states in arrows from bar to bar. Where
    nothing begins or ends for long, the axis is cut, with how long the cut is. Whole sentences and
    sources are in tooltips (`<title>`). Colours follow the reader's light or dark scheme.

    Args:
        timeline: what to draw.
        title: stands above it.

    Returns:
        SVG 1.1, one document, ending in a line feed.
    """
    entries = timeline.entries
    intervals = [_interval(entry) for entry in entries]
    bottom = ROWS_TOP + ROW * max(1, len(entries))
    height = bottom + 64
    count = "1 event" if len(entries) == 1 else f"{len(entries)} events"
    svg = document(
        "claimline-timeline",
        WIDTH,
        height,
        title=title,
        description=f"A timeline of {count}, one a row, the earliest first.",
        forms=_FORMS,
        colours=_COLOURS,
    )
    _define_shapes(svg)
    add(svg, "rect", class_="ground", width=WIDTH, height=height)
    write(svg, visible(fitted(title, WIDTH - 2 * MARGIN)), MARGIN, 30, class_="title")
    left, right = MARGIN + DATE_WIDTH + LABEL_WIDTH + ARROW + STUB, WIDTH - MARGIN - ARROW - STUB
    days = {int(day) for interval in intervals for day in _ends(interval)}
    scale = Scale(days, left=left, right=right) if days else None
    for row in range(1, len(entries), 2):
        add(svg, "rect", class_="band", y=ROWS_TOP + ROW * row, width=WIDTH, height=ROW)
    if scale is not None:
        _draw_axis(svg, scale, bottom)
    bars = {
        (entry.article, entry.event): _bar(interval, scale, row, left, right)
        for row, (entry, interval) in enumerate(zip(entries, intervals, strict=True))
    }
    several = len({entry.article for entry in entries}) > 1
    for entry, interval in zip(entries, intervals, strict=True):
        _draw_entry(svg, entry, interval, bars[entry.article, entry.event], several=several)
    for entry in entries:
        for later in entry.before:
            if later.kind == "stated":
                start, end = bars[entry.article, entry.event], bars[later.article, later.event]
                _draw_order(svg, start, end)
    if not entries:
        write(svg, "no events", MARGIN, ROWS_TOP + 16, class_="faint")
    _draw_legend(svg, bottom + 34)
    return written(svg)


def _interval(entry: Entry) -> Interval:
    try:
        return interval_of(entry.earliest, entry.latest)
    except ValueError:  # one of the timeline's problems
        return Interval(-inf, inf)


def _ends(interval: Interval) -> list[float]:
    """The days where its bar begins and ends: a day has ended when the next one begins."""
    return [day for day in (interval.first, interval.last + 1) if abs(day) != inf]


def _bar(interval: Interval, scale: Scale | None, row: int, left: float, right: float) -> _Bar:
    y = ROWS_TOP + ROW * row + ROW / 2
    if scale is None or interval == (-inf, inf):
        return _Bar(left, right, y)
    begin = end = 0.0
    if interval.first != -inf:
        begin = scale.place(int(interval.first))
    if interval.last != inf:
        end = scale.place(int(interval.last) + 1)
    if interval.first == -inf:
        return _Bar(end, end, y)
    if interval.last == inf:
        return _Bar(begin, begin, y)
    widen = max(0.0, NARROWEST_BAR - (end - begin)) / 2
    return _Bar(begin - widen, end + widen, y)


def _define_shapes(svg: ElementTree.Element) -> None:
    shapes = add(svg, "defs")
    hatch = add(
        shapes,
        "pattern",
        id="claimline-hatch",
        width="5",
        height="5",
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )
    add(hatch, "rect", class_="hatch", width=1.5, height=5, stroke="none")
    for name, class_ in (("claimline-tip", "tip"), ("claimline-order-tip", "order-tip")):
        tip = add(
            shapes,
            "marker",
            id=name,
            viewBox="0 0 10 10",
            refX="9",
            refY="5",
            markerWidth="8",
            markerHeight="8",
            markerUnits="userSpaceOnUse",
            orient="auto",
        )
        add(tip, "path", class_=class_, d="M0 0 10 5 0 10z", stroke="none")


def _draw_axis(svg: ElementTree.Element, scale: Scale, bottom: float) -> None:
    axis = add(svg, "g")
    for tick in scale.ticks():
        add(axis, "path", class_="grid", d=f"M{tick.place:.1f} {AXIS_TOP + 8}V{bottom}")
        if tick.label:
            write(axis, tick.label, tick.place, AXIS_TOP, class_="axis", text_anchor="middle")
    for stretch in scale.stretches:
        line = f"M{stretch.left:.1f} {AXIS_TOP + 8}H{stretch.right:.1f}"
        add(axis, "path", class_="rule", d=line)
    for left, right, days in scale.cuts():
        middle = (left + right) / 2
        # Two slanted strokes, the usual sign of an axis that is not drawn through.
        y = AXIS_TOP + 8
        for x in (middle - 3, middle + 3):
            add(axis, "path", class_="cut", d=f"M{x - 3:.1f} {y + 6}L{x + 3:.1f} {y - 6}")
        for x in (left, right):
            cut = f"M{x:.1f} {y}V{bottom}"
            add(axis, "path", class_="cut", d=cut, stroke_dasharray="1 4")
        write(axis, _length(days), middle, y + 17, class_="axis", text_anchor="middle")


def _length(days: int) -> str:
    """A length of time in its largest unit, for a place without room for more."""
    for unit, size in (("y", 365.2425), ("mo", 30.436875)):
        if days >= size:
            return f"{round(days / size)} {unit}"
    return f"{days} d"


def _draw_entry(
    svg: ElementTree.Element, entry: Entry, interval: Interval, bar: _Bar, *, several: bool
) -> None:
    group = add(svg, "g")
    add(group, "title").text = _note(entry)
    base = bar.y + 4.5
    write(group, visible(when(entry)), MARGIN, base, class_="date")
    label = add(group, "text", x=MARGIN + DATE_WIDTH, y=base)
    room = LABEL_WIDTH - 16
    told = fitted(visible(what(entry)), room)
    add(label, "tspan", class_="what").text = told
    names = [participant.name for participant in entry.participants]
    more = visible(" · ".join([*names, entry.article] if several else names))
    rest = fitted(more, room - drawn_width(told) * 1.08 - CHARACTER)
    if rest:
        add(label, "tspan", class_="faint", dx=CHARACTER).text = rest
    if interval == (-inf, inf):
        add(group, "path", class_="open", d=f"M{bar.left:.1f} {bar.y:.1f}H{bar.right:.1f}")
        return
    shown = bar
    if interval.first == -inf:
        shown = bar._replace(left=bar.left - STUB)
        _draw_arrow(group, shown.left, bar.y, -ARROW)
    elif interval.last == inf:
        shown = bar._replace(right=bar.right + STUB)
        _draw_arrow(group, shown.right, bar.y, ARROW)
    _draw_bar(group, entry.status, shown)
    if entry.polarity == "negative":
        x = (shown.left + shown.right) / 2
        for slant in (6, -6):
            cross = f"M{x - 6:.1f} {bar.y - slant:.1f}L{x + 6:.1f} {bar.y + slant:.1f}"
            add(group, "path", class_="not", d=cross)


def _draw_arrow(parent: ElementTree.Element, x: float, y: float, reach: float) -> None:
    """An open end: how far it reaches is not known."""
    path = f"M{x:.1f} {y:.1f}h{reach}"
    add(parent, "path", class_="open", d=path, marker_end="url(#claimline-tip)")


def _draw_bar(parent: ElementTree.Element, status: EventStatus, bar: _Bar) -> None:
    fill = {"fill": "url(#claimline-hatch)"} if status == "scheduled" else {}
    add(
        parent,
        "rect",
        class_=status,
        x=bar.left,
        y=bar.y - BAR / 2,
        width=bar.right - bar.left,
        height=BAR,
        rx="3",
        **fill,
    )


def _draw_order(svg: ElementTree.Element, start: _Bar, end: _Bar) -> None:
    """An arrow from the end of a bar to the beginning of one further down."""
    x, y, to_x, to_y = start.right, start.y + BAR / 2, end.left, end.y - BAR / 2 - 1
    bend = (to_y - y) / 2
    path = f"M{x:.1f} {y:.1f}C{x:.1f} {y + bend:.1f} {to_x:.1f} {to_y - bend:.1f} {to_x:.1f} {to_y}"
    add(svg, "path", class_="order", d=path, marker_end="url(#claimline-order-tip)")


def _draw_legend(svg: ElementTree.Element, y: float) -> None:
    x = float(MARGIN)
    for status in _STATUSES:
        _draw_bar(svg, status, _Bar(x, x + 26, y))
        x = _named(svg, status, x + 34, y)
    _draw_arrow(svg, x, y, ARROW)
    x = _named(svg, "no end known", x + ARROW + 8, y)
    arrow = f"M{x} {y}h26"
    add(svg, "path", class_="order", d=arrow, marker_end="url(#claimline-order-tip)")
    x = _named(svg, "before, as the text says", x + 34, y)
    for slant in (6, -6):
        add(svg, "path", class_="not", d=f"M{x} {y - slant}L{x + 12} {y + slant}")
    x = _named(svg, "did not happen", x + 20, y)
    for place in (x + 3, x + 9):
        add(svg, "path", class_="cut", d=f"M{place - 3} {y + 6}L{place + 3} {y - 6}")
    _named(svg, "axis cut", x + 20, y)


def _named(svg: ElementTree.Element, name: str, x: float, y: float) -> float:
    write(svg, name, x, y + 4, class_="faint")
    return x + len(name) * 6.0 + 24


def _note(entry: Entry) -> str:
    """The tooltip: what there is no room for in the picture."""
    text = entry.text if len(entry.text) <= LONGEST_NOTE else f"{entry.text[:LONGEST_NOTE]}…"
    told = [f"{when(entry)} ({entry.expression}): {text}", f"{entry.status}, {entry.polarity}"]
    if entry.source is not None:
        told.append(f"according to {speaker(entry)}")
    return "; ".join(visible(part) for part in (*told, f"article {entry.article}"))
