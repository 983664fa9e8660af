"""`claimline timeline`: the events of articles in order."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .inputs import read_records
from .messages import exit_on_errors, refuse, tell_left_out
from .options import AfterOption, BeforeOption, EntityOption, OutputOption, RecordFiles
from .output import is_standard, plain, write

if TYPE_CHECKING:
    from ..timeline import Timeline


class TimelineFormat(StrEnum):
    """How `claimline timeline` shows a timeline."""

    table = "table"
    jsonl = "jsonl"
    svg = "svg"
    png = "png"


def timeline(
    files: RecordFiles,
    format: Annotated[
        TimelineFormat, typer.Option("--format", "-f", help="Table, JSON Lines or picture.")
    ] = TimelineFormat.table,
    output: OutputOption = None,
    after: AfterOption = None,
    before: BeforeOption = None,
    status: Annotated[
        list[str] | None,
        typer.Option("--status", help="Only occurred, ongoing, scheduled, hypothetical; repeat."),
    ] = None,
    entity: EntityOption = None,
) -> None:
    """Put the events of articles in order, by their dates and by what the text says.

    Stated order that contradicts dates or surer order is left out, and named.

    Example: claimline timeline outputs/ --format svg --output timeline.svg
    """
    from ..report import timeline_title
    from ..timeline import Selection, build

    with exit_on_errors(2):
        chosen = Selection(
            after=after, before=before, statuses=tuple(status or ()), names=tuple(entity or ())
        )
    if format is TimelineFormat.png and is_standard(output) and sys.stdout.isatty():
        refuse("a terminal shows no PNG: say --output timeline.png")
    read, complete = read_records(files)
    with exit_on_errors(1):
        made = build(read, selection=chosen)
        _show_timeline(made, format, output, title=timeline_title(read))
    raise typer.Exit(0 if complete else 1)


def _show_timeline(
    made: Timeline, format: TimelineFormat, output: Path | None, *, title: str
) -> None:
    """Write a timeline; what it left out goes to standard error unless it is in the format."""
    from .. import jsonl, report

    if format is TimelineFormat.jsonl:
        data = jsonl.encode([*made.entries, *made.problems])
    else:
        for problem in made.problems:
            relation = f" {problem.relation} {problem.other}" if problem.relation else ""
            tell_left_out(f"{problem.article}: {problem.event}{relation}: {problem.message}")
        if format is TimelineFormat.svg:
            data = report.draw_timeline(made, title=title).encode()
        elif format is TimelineFormat.png:
            data = report.rasterise(report.draw_timeline(made, title=title))
        else:
            data = plain(report.timeline_table(made), to_terminal=is_standard(output))
    write(data, output)
