"""A calibration curve as a picture: what was forecast against what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from xml.etree import ElementTree

from ..forecasts import Bin, Calibration
from .scale import LABEL_CHARACTER
from .svg import add, document, fitted, write, written
from .terminal import visible

WIDTH = 640
SIDE = 440
LEFT = 84
TOP = 108
HEIGHT = TOP + SIDE + 108
SMALLEST_DOT = 3.0
LARGEST_DOT = 13.0
_TICKS = (0, 20, 40, 60, 80, 100)

_FORMS = """
text: font: 13px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif
.title: font-size: 17px; font-weight: 600
.axis, .faint: font-size: 11px
.curve, .diagonal, .base, .whisker, .frame: fill: none
.curve: stroke-width: 1.5; stroke-opacity: 0.5
.diagonal: stroke-dasharray: 5 4
.base: stroke-dasharray: 1 4
.whisker: stroke-width: 1.5
.dot: fill-opacity: 0.85
"""
_COLOURS = """
text: fill: {ink}
.axis, .faint: fill: {faint}
.ground: fill: {ground}
.grid: stroke: {line}
.frame, .base: stroke: {faint}
.diagonal: stroke: {second}
.curve, .whisker: stroke: {bar}
.dot: fill: {bar}
"""


def draw_calibration(calibration: Calibration, *, title: str = "Calibration") -> str:
    """The bins of a calibration as an SVG document.

    A dot a bin, at its mean forecast and the share of events that came about, the larger the more
    predictions; its whisker is Wilson's interval (95 %). The broken line is where forecasts are as
    good as their word, the dotted one the share of all events that came about. Counts are in
    tooltips (`<title>`) and above the dots. Colours follow the reader's light or dark scheme.

    Args:
        calibration: what to draw.
        title: stands above it.

    Returns:
        SVG 1.1, one document, ending in a line feed.
    """
    count = calibration.count
    said = f"{count} prediction{'' if count == 1 else 's'} with a number and an outcome"
    svg = document(
        "claimline-calibration",
        WIDTH,
        HEIGHT,
        title=title,
        description=f"A calibration curve of {said}.",
        forms=_FORMS,
        colours=_COLOURS,
    )
    add(svg, "rect", class_="ground", width=WIDTH, height=HEIGHT)
    write(svg, visible(fitted(title, WIDTH - 2 * 16)), 16, 30, class_="title")
    if calibration.brier is not None:
        said += f" · Brier {calibration.brier:.3f} · resolution {calibration.resolution:.3f}"
    write(svg, said, 16, 52, class_="faint")
    _draw_axes(svg)
    add(svg, "path", class_="diagonal", d=f"M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}")
    if calibration.observed is not None:
        level = _y(calibration.observed)
        add(svg, "path", class_="base", d=f"M{_x(0)} {level:.1f}H{_x(1)}")
    bins = calibration.bins
    if bins:
        line = "L".join(f"{_x(b.forecast):.1f} {_y(b.observed):.1f}" for b in bins)
        add(svg, "path", class_="curve", d=f"M{line}")
    _write_counts(svg, bins)
    for bin_ in bins:
        _draw_bin(svg, bin_, largest=max(b.count for b in bins))
    if not bins:
        write(svg, "no predictions", _x(0.5), _y(0.5), class_="faint", text_anchor="middle")
    _draw_legend(svg)
    return written(svg)


def _x(share: float) -> float:
    return LEFT + SIDE * share


def _y(share: float) -> float:
    return TOP + SIDE * (1 - share)


def _draw_axes(svg: ElementTree.Element) -> None:
    axes = add(svg, "g")
    for percent in _TICKS:
        x, y = _x(percent / 100), _y(percent / 100)
        add(axes, "path", class_="grid", d=f"M{x} {TOP}V{TOP + SIDE}M{LEFT} {y}H{LEFT + SIDE}")
        write(axes, str(percent), x, TOP + SIDE + 18, class_="axis", text_anchor="middle")
        write(axes, str(percent), LEFT - 8, y + 4, class_="axis", text_anchor="end")
    add(axes, "rect", class_="frame", x=LEFT, y=TOP, width=SIDE, height=SIDE)
    middle = TOP + SIDE / 2
    write(axes, "forecast, percent", _x(0.5), TOP + SIDE + 40, text_anchor="middle")
    write(
        axes,
        "came true, percent",
        32,
        middle,
        text_anchor="middle",
        transform=f"rotate(-90 32 {middle:.0f})",
    )


def _draw_bin(svg: ElementTree.Element, bin_: Bin, *, largest: int) -> None:
    group = add(svg, "g")
    x, y = _x(bin_.forecast), _y(bin_.observed)
    add(group, "title").text = (
        f"{bin_.count} forecast at {100 * bin_.forecast:.0f} % on average, "
        f"{100 * bin_.observed:.0f} % came true "
        f"(95 % interval {100 * bin_.low:.0f}–{100 * bin_.high:.0f} %)"
    )
    low, high = _y(bin_.low), _y(bin_.high)
    whisker = f"M{x:.1f} {low:.1f}V{high:.1f}"
    for end in (low, high):
        whisker += f"M{x - 4:.1f} {end:.1f}h8"
    add(group, "path", class_="whisker", d=whisker)
    # Area, not radius, is what the eye takes for an amount; one prediction is a small dot anyway.
    scale = min(SMALLEST_DOT, LARGEST_DOT / sqrt(largest))
    radius = max(SMALLEST_DOT, scale * sqrt(bin_.count))
    add(group, "circle", class_="dot", cx=x, cy=y, r=radius)


def _write_counts(svg: ElementTree.Element, bins: Sequence[Bin]) -> None:
    """The counts above their dots, in two rows; one that would meet another is left out."""
    ends = [0.0, 0.0]
    for bin_ in bins:
        label, x = str(bin_.count), _x(bin_.forecast)
        half = (len(label) + 1) * LABEL_CHARACTER / 2
        row = next((row for row, end in enumerate(ends) if end <= x - half), None)
        if row is not None:
            ends[row] = x + half
            write(svg, label, x, TOP - 18 - 13 * row, class_="faint", text_anchor="middle")


def _draw_legend(svg: ElementTree.Element) -> None:
    y = TOP + SIDE + 76.0
    x = float(LEFT)
    for class_, name in (
        ("diagonal", "as good as its word"),
        ("base", "share of all events"),
        ("whisker", "95 % interval"),
    ):
        add(svg, "path", class_=class_, d=f"M{x:.0f} {y}h26")
        write(svg, name, x + 34, y + 4, class_="faint")
        x += len(name) * 6.0 + 54
    write(
        svg,
        "Above the frame: how many predictions the dots below stand for.",
        LEFT,
        y + 20,
        class_="faint",
    )
