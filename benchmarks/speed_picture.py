"""The picture of `docs/speed.md`: cost by length of article, memory over a run, other libraries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, log10
from typing import Any
from xml.etree import ElementTree

from pipeline.report.svg import add, document, write, written

from .speed_peers import Rate
from .speed_results import Results
from .stages import Measured
from .workers import Crew

WIDTH = 720
LEFT = 176
RIGHT = 612
ROW = 26
BAR = 16
GAP = 46
PLOT = 150

_FORMS = """
text: font: 13px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif
.title: font-size: 15px; font-weight: 600
.axis: font-size: 11px
.line: fill: none; stroke-width: 2
.dashed: stroke-dasharray: 6 4
.dotted: stroke-dasharray: 2 3
"""
_COLOURS = """
text: fill: {ink}
.axis: fill: {faint}
.ground: fill: {ground}
.grid: stroke: {line}
.model, .bar: fill: {bar}
.after: fill: {second}
.rest: fill: {faint}
.line: stroke: {bar}
.dashed: stroke: {second}
.dotted: stroke: {faint}
"""
_LINES = ("line", "line dashed", "line dotted")


def draw_speed(results: Results) -> str:
    """What was measured as an SVG document, with a panel for each part that was."""
    panels: list[tuple[int, Any, Any]] = [
        (len(results.length) * ROW + 24, _draw_length, results.length),
        (PLOT + 52, _draw_memory, [crew for crew in results.workers if crew.worker]),
        (len(results.peers) * ROW + 24, _draw_peers, results.peers),
    ]
    panels = [panel for panel in panels if panel[2]]
    height = sum(size + GAP for size, *_ in panels) + 24
    svg = document(
        "claimline-speed",
        WIDTH,
        height,
        title="Speed of Claimline",
        description="Cost of a word by length of article, memory of a worker over a run, and words "
        "a second beside other libraries, as far as measured; the tables have the figures.",
        forms=_FORMS,
        colours=_COLOURS,
    )
    add(svg, "rect", class_="ground", width=WIDTH, height=height)
    top = 0
    for size, draw, found in panels:
        draw(svg, found, top + GAP)
        top += size + GAP
    return written(svg)


def _draw_length(svg: ElementTree.Element, length: Mapping[int, Measured], top: int) -> None:
    write(svg, "Cost of a word by length of article, µs of one core", 16, top - 18, class_="title")
    most = max(found.processor / found.words for found in length.values())
    for row, (words, found) in enumerate(sorted(length.items())):
        y = top + row * ROW
        write(svg, f"{words:,} words", LEFT - 10, y + 13, text_anchor="end")
        x = float(LEFT)
        rest = found.processor - found.model - found.after
        for class_, spent in (("model", found.model), ("after", found.after), ("rest", rest)):
            width = (RIGHT - LEFT) * spent / found.words / most
            add(svg, "rect", class_=class_, x=x, y=y, width=width, height=BAR)
            x += width
        write(svg, f"{1e6 * found.processor / found.words:.0f}", x + 8, y + 13)
    x, y = float(LEFT), top + len(length) * ROW
    for class_, name in (
        ("model", "language model"),
        ("after", "stages and records"),
        ("rest", "reading"),
    ):
        add(svg, "rect", class_=class_, x=x, y=y + 6, width=10, height=10)
        write(svg, name, x + 16, y + 15, class_="axis")
        x += 6.2 * len(name) + 44


def _draw_memory(svg: ElementTree.Element, crews: Sequence[Crew], top: int) -> None:
    write(svg, "Memory of a worker by tenth of the run, MB", 16, top - 18, class_="title")
    step = 100
    most = step * ceil(max(max(crew.worker) for crew in crews) / step)
    for value in range(0, most + 1, step * ceil(most / step / 5)):
        y = top + PLOT * (1 - value / most)
        add(svg, "path", class_="grid", d=f"M{LEFT} {y:.1f}H{RIGHT}")
        write(svg, f"{value:,}", LEFT - 10, y + 4, class_="axis", text_anchor="end")
    places = [LEFT + (RIGHT - LEFT) * (tenth + 0.5) / 10 for tenth in range(10)]
    for tenth, x in enumerate(places, 1):
        write(svg, str(tenth), x, top + PLOT + 16, class_="axis", text_anchor="middle")
    for row, (crew, class_) in enumerate(zip(crews, _LINES, strict=False)):
        points = zip(places, crew.worker, strict=True)
        line = "L".join(f"{x:.1f} {top + PLOT * (1 - mb / most):.1f}" for x, mb in points)
        add(svg, "path", class_=class_, d=f"M{line}")
        x, y = LEFT + 150 * row, top + PLOT + 36
        add(svg, "path", class_=class_, d=f"M{x} {y}h26")
        write(svg, crew.name, x + 34, y + 4, class_="axis")


def _draw_peers(svg: ElementTree.Element, peers: Sequence[Rate], top: int) -> None:
    title = "Words a second on one core, each line ten times the one before"
    write(svg, title, 16, top - 18, class_="title")
    rates = [peer.rate for peer in peers]
    low = int(log10(min(rates)))
    high = max(low + 1, ceil(log10(max(rates))))
    bottom = top + len(rates) * ROW
    for power in range(low, high + 1):
        x = LEFT + (RIGHT - LEFT) * (power - low) / (high - low)
        add(svg, "path", class_="grid", d=f"M{x:.1f} {top - 4}V{bottom - 4}")
        write(svg, f"{10**power:,}", x, bottom + 10, class_="axis", text_anchor="middle")
    for row, peer in enumerate(peers):
        y = top + row * ROW
        # A dot: the length of a bar would mean nothing on such an axis.
        x = LEFT + (RIGHT - LEFT) * (log10(peer.rate) - low) / (high - low)
        write(svg, peer.name, LEFT - 10, y + 13, text_anchor="end")
        add(svg, "circle", class_="bar", cx=x, cy=y + BAR / 2, r=BAR / 3)
        write(svg, f"{peer.rate:,.0f}", x + 12, y + 13)
