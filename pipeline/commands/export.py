"""`claimline export` and `claimline import`: records for other tools, and back."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from .inputs import read_records
from .messages import exit_on_errors, tell_left_out
from .options import RecordFiles


class ExportFormat(StrEnum):
    """What `claimline export` writes."""

    csv = "csv"
    parquet = "parquet"
    sqlite = "sqlite"
    w3c = "w3c"
    label_studio = "label-studio"
    brat = "brat"
    docbin = "docbin"
    ftm = "ftm"


class ImportFormat(StrEnum):
    """What `claimline import` reads."""

    label_studio = "label-studio"


SourceOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--source",
        help="Folder with the article files; repeat. [default: the paths in the records]",
    ),
]


def export(
    format: Annotated[ExportFormat, typer.Argument(help="What to write.")],
    files: RecordFiles,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the files.")],
    source: SourceOption = None,
) -> None:
    """Write records as tables, a database or annotations, for other tools.

    Label Studio, brat, spaCy (docbin) and W3C annotations need the article files, too.

    Example: claimline export sqlite outputs/ --output claims
    """
    from ..export import export as write

    read, complete = read_records(files)
    with exit_on_errors(1):
        failures = write(format.value, read, output, sources=source or ())
    for failure in failures:
        tell_left_out(failure)
    raise typer.Exit(0 if complete and not failures else 1)


def import_(
    format: Annotated[ImportFormat, typer.Argument(help="What to read.")],
    file: Annotated[Path, typer.Argument(help="Corrected tasks, exported as JSON.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the gold files.")],
    source: SourceOption = None,
) -> None:
    """Turn what people corrected into gold files, which `claimline evaluate` scores against.

    Example: claimline import label-studio project.json --source corpus --output corpus/gold
    """
    from ..export import import_gold

    with exit_on_errors(1):
        failures = import_gold(file, output, sources=source or ())
    for failure in failures:
        tell_left_out(failure)
    raise typer.Exit(1 if failures else 0)
