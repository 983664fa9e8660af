"""`claimline report`: articles and their records as a web page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .inputs import read_records
from .messages import exit_on_errors
from .options import RecordFiles
from .output import write


def report(
    files: RecordFiles,
    source: Annotated[
        list[Path] | None,
        typer.Option(
            "--source",
            "-s",
            help="Article files, or folders with them, to show the texts from; repeat.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="File to write, - for standard output; with --split a folder."
            " [default: report.html; with --split report]",
        ),
    ] = None,
    split: Annotated[
        bool, typer.Option("--split", help="A page an article and one that leads to them.")
    ] = False,
    title: Annotated[str | None, typer.Option("--title", help="Title of the page.")] = None,
) -> None:
    """Show articles and their records as a web page that needs nothing else.

    An article's file is known by its digest. Without it, the sentences that records have are shown.

    Example: claimline report outputs/ --source corpus/ --output report.html
    """
    from ..records import ArticleRecord
    from ..report.page import find_sources, report_page, report_pages

    read, complete = read_records(files)
    with exit_on_errors(1):
        heads = [record for record in read if isinstance(record, ArticleRecord)]
        sources = find_sources(heads, source or [])
        if split:
            folder = output or Path("report")
            for name, page in report_pages(read, sources=sources, title=title).items():
                write(page.encode(), folder / name)
        else:
            page = report_page(read, sources=sources, title=title)
            write(page.encode(), output or Path("report.html"))
    missing = len(heads) - len(sources)
    if source and missing:
        typer.echo(
            f"claimline: of {missing} of {len(heads)} articles no file has the digest; their "
            "records' sentences are shown",
            err=True,
        )
    raise typer.Exit(0 if complete else 1)
