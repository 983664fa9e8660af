"""`claimline stats`: what records say, counted."""

from __future__ import annotations

from typing import Annotated

import typer

from .inputs import read_records
from .messages import exit_on_errors, refuse
from .options import OutputOption, RecordFiles
from .output import is_standard, plain, write


def stats(
    files: RecordFiles,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON Lines.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="As CSV.")] = False,
    output: OutputOption = None,
) -> None:
    """Count what records say: how much, how hedged, by section and speaker, of which time.

    The tables have sections and speakers of all articles together, JSON and CSV of each, too.

    Example: claimline stats outputs/ --csv --output stats.csv
    """
    from .. import jsonl, report

    if as_json and as_csv:
        refuse("choose one of --json and --csv")
    read, complete = read_records(files)
    profiles = report.profile(read)
    if as_json:
        data = jsonl.encode(profiles)
    elif as_csv:
        data = report.profiles_csv(profiles)
    else:
        tables = report.stats_tables(profiles)
        data = b"\n".join(plain(table, to_terminal=is_standard(output)) for table in tables)
    with exit_on_errors(1):
        write(data, output)
    raise typer.Exit(0 if complete else 1)
