"""The history of claims as a picture: a line a claim, a column a version."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING, Literal
from xml.etree import ElementTree

from .entries import happened, types_told
from .svg import CHARACTER, add, document, drawn_width, fitted, write, written
from .terminal import visible

if TYPE_CHECKING:
    from ..revisions.history import Step, Story

WIDTH = 1240
MARGIN = 16
KIND_WIDTH = 84
LABEL_WIDTH = 400
ROW = 38
AXIS_TOP = 62
ROWS_TOP = 78
LONGEST_NOTE = 400
# Of a version, at the axis.
WIDEST_NAME = 150.0
# Of the small text beside marks and at the axis, relative to text of 13 px.
_SMALL = 0.85

_FORMS = """
text: font: 13px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif
.title: font-size: 17px; font-weight: 600
.axis, .faint, .types: font-size: 11px
.life: stroke-width: 2; fill: none
.away: stroke-width: 1; stroke-dasharray: 2 4; fill: none
.grid: stroke-width: 1
.first, .back: stroke-width: 2
.gone: stroke-width: 2; fill: none
"""
_COLOURS = """
text: fill: {ink}
.axis, .faint: fill: {faint}
.types: fill: {ink}
.ground, .first, .back: fill: {ground}
.band: fill: {band}
.grid: stroke: {line}
.life, .first, .back: stroke: {bar}
.away: stroke: {faint}
.gone: stroke: {ink}
.info, .minor: fill: {bar}
.major, .critical: fill: {second}
.critical: stroke: {ink}
"""

_Mark = Literal["first", "back", "gone", "info", "minor", "major", "critical"]
_LEGEND: tuple[tuple[_Mark, str], ...] = (
    ("first", "first seen"),
    ("info", "changed: info"),
    ("minor", "minor"),
    ("major", "major"),
    ("critical", "critical"),
    ("gone", "gone"),
    ("back", "back again"),
)


def draw_history(
    stories: Sequence[Story], versions: Sequence[str], *, title: str = "History"
) -> str:
    """The stories as an SVG document.

    One row a claim, in the order given; one column a version, the oldest to the left. A line runs
    through the versions that have the claim, dotted where it was away. Marks of several shapes say
    what a version did to it; the types of a change stand above its mark where there is room, and
    are in the tooltip (`<title>`) with the words. Colours follow the reader's light or dark scheme.

    Args:
        stories: from `follow`.
        versions: the names of all versions.
        title: stands above it.

    Returns:
        SVG 1.1, one document, ending in a line feed.
    """
    bottom = ROWS_TOP + ROW * max(1, len(stories))
    height = bottom + 58
    claims = "1 claim" if len(stories) == 1 else f"{len(stories)} claims"
    count = "1 version" if len(versions) == 1 else f"{len(versions)} versions"
    svg = document(
        "claimline-history",
        WIDTH,
        height,
        title=title,
        description=f"The history of {claims} through {count}, one claim a row.",
        forms=_FORMS,
        colours=_COLOURS,
    )
    add(svg, "rect", class_="ground", width=WIDTH, height=height)
    write(svg, visible(fitted(title, WIDTH - 2 * MARGIN)), MARGIN, 30, class_="title")
    for row in range(1, len(stories), 2):
        add(svg, "rect", class_="band", y=ROWS_TOP + ROW * row, width=WIDTH, height=ROW)
    left, right = MARGIN + KIND_WIDTH + LABEL_WIDTH + 30, WIDTH - MARGIN - WIDEST_NAME / 2
    gap = (right - left) / max(1, len(versions) - 1)
    places = [left + gap * number for number in range(len(versions))]
    _draw_axis(svg, versions, places, gap, bottom)
    for row, story in enumerate(stories):
        _draw_story(svg, story, places, gap, ROWS_TOP + ROW * row + ROW / 2 + 5)
    if not stories:
        write(svg, "no claims", MARGIN, ROWS_TOP + 20, class_="faint")
    _draw_legend(svg, bottom + 32)
    return written(svg)


def _draw_axis(
    svg: ElementTree.Element,
    versions: Sequence[str],
    places: Sequence[float],
    gap: float,
    bottom: float,
) -> None:
    """A line a version, with its name where it does not run into the one before."""
    axis = add(svg, "g")
    names = [visible(name) for name in versions]
    widest = min(WIDEST_NAME, max((drawn_width(name) * _SMALL for name in names), default=0.0))
    every = max(1, ceil((widest + CHARACTER) / gap)) if len(places) > 1 else 1
    for number, (name, place) in enumerate(zip(names, places, strict=True)):
        line = add(axis, "path", class_="grid", d=f"M{place:.1f} {AXIS_TOP + 6}V{bottom}")
        add(line, "title").text = name
        if number % every == 0:
            short = fitted(name, widest / _SMALL)
            write(axis, short, place, AXIS_TOP, class_="axis", text_anchor="middle")


def _draw_story(
    svg: ElementTree.Element, story: Story, places: Sequence[float], gap: float, y: float
) -> None:
    group = add(svg, "g")
    note = add(group, "title")
    note.text = visible(f"{story.kind}: {_short(story.claim)}; last seen in {story.last}")
    write(group, story.kind, MARGIN, y, class_="faint")
    label = fitted(visible(story.claim), LABEL_WIDTH)
    write(group, label, MARGIN + KIND_WIDTH, y)
    line = y - 4
    for a, b in pairwise(story.versions):
        path = f"M{places[a]:.1f} {line:.1f}H{places[b]:.1f}"
        add(group, "path", class_="life" if b == a + 1 else "away", d=path)
    for step in story.steps:
        if step.happening == "gone":
            stop = f"M{places[step.version - 1]:.1f} {line:.1f}H{places[step.version]:.1f}"
            add(group, "path", class_="away", d=stop)
    for step in story.steps:
        mark = add(group, "g")
        add(mark, "title").text = _note(step)
        x = places[step.version]
        _draw_mark(mark, _mark_of(step), x, line)
        room = fitted(", ".join(types_told(step)), (gap - CHARACTER) / _SMALL)
        if room:
            write(mark, room, x, line - 10, class_="types", text_anchor="middle")


def _mark_of(step: Step) -> _Mark:
    if step.happening == "changed":
        return step.severity or "info"
    return step.happening


def _draw_mark(parent: ElementTree.Element, mark: _Mark, x: float, y: float) -> None:
    """Each has a shape of its own, so that nothing hangs on colour."""
    match mark:
        case "first":
            add(parent, "circle", class_=mark, cx=x, cy=y, r=5)
        case "back":
            add(parent, "circle", class_=mark, cx=x, cy=y, r=6)
            add(parent, "circle", class_="info", cx=x, cy=y, r=2)
        case "info":
            add(parent, "circle", class_=mark, cx=x, cy=y, r=3)
        case "minor":
            add(parent, "circle", class_=mark, cx=x, cy=y, r=5)
        case "major":
            add(parent, "path", class_=mark, d=f"M{x - 6:.1f} {y:.1f}l6 -6 6 6 -6 6z")
        case "critical":
            add(parent, "path", class_=mark, d=f"M{x - 7:.1f} {y + 6:.1f}l7 -13 7 13z")
        case "gone":
            cross = f"M{x - 5:.1f} {y - 5:.1f}l10 10M{x - 5:.1f} {y + 5:.1f}l10 -10"
            add(parent, "path", class_=mark, d=cross)


def _draw_legend(svg: ElementTree.Element, y: float) -> None:
    x = MARGIN + 8.0
    for mark, name in _LEGEND:
        _draw_mark(svg, mark, x, y)
        write(svg, name, x + 14, y + 4, class_="faint")
        x += 14 + drawn_width(name) * _SMALL + 26


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_NOTE else f"{text[:LONGEST_NOTE]}…"


def _note(step: Step) -> str:
    """The tooltip: what there is no room for in the picture."""
    fields = [
        f"{name}: {field.before.text if field.before else 'nothing'} → "
        f"{field.after.text if field.after else 'nothing'}"
        for name, field in step.fields.items()
    ]
    return "; ".join(visible(_short(part)) for part in (happened(step), step.claim, *fields))
