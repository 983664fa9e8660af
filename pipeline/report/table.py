"""A timeline as a table in a terminal."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ..timeline import Timeline
from .entries import speaker, what, when, who
from .terminal import visible

if TYPE_CHECKING:
    from rich.table import Table


def timeline_table(timeline: Timeline) -> Table:
    """The entries in their order, one row each.

    The last column numbers the rows that an event comes directly before or after because the text
    says so; what follows from dates stands in the dates. Columns that would be empty are left out,
    so is the article's where all events are of one.
    """
    from rich.table import Table
    from rich.text import Text

    numbers = {
        (entry.article, entry.event): str(number)
        for number, entry in enumerate(timeline.entries, start=1)
    }
    notes: dict[str, dict[str, list[str]]] = defaultdict(lambda: {"after": [], "before": []})
    for entry in timeline.entries:
        number = numbers[entry.article, entry.event]
        for later in entry.before:
            if later.kind == "stated":
                other = numbers[later.article, later.event]
                notes[number]["before"].append(other)
                notes[other]["after"].append(number)
    columns: dict[str, list[str]] = {
        "": list(numbers.values()),
        "date": [when(entry) for entry in timeline.entries],
        "event": [what(entry) for entry in timeline.entries],
        "who": [who(entry) for entry in timeline.entries],
        "status": [entry.status for entry in timeline.entries],
        "source": [speaker(entry) for entry in timeline.entries],
        "article": [entry.article for entry in timeline.entries],
        "the text says": [
            "; ".join(
                f"{relation} {', '.join(others)}"
                for relation, others in notes.get(number, {}).items()
                if others
            )
            for number in numbers.values()
        ],
    }
    if len(set(columns["article"])) < 2:
        del columns["article"]
    table = Table(box=None, pad_edge=False)
    shown = {name: cells for name, cells in columns.items() if any(cells) or name == "event"}
    for name in shown:
        table.add_column(
            name,
            justify="right" if name == "" else "left",
            no_wrap=name in ("", "date", "status"),
            overflow="fold",
        )
    for cells in zip(*shown.values(), strict=True):
        table.add_row(*(Text(visible(cell)) for cell in cells))
    return table
