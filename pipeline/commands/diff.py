"""`claimline diff`: which claims changed between two versions of articles."""

from __future__ import annotations

import io
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .loading import load_extractor
from .messages import exit_on_errors
from .options import ConfigOption, FailOnOption, ModelOption, NoCacheOption, SetOption
from .output import is_standard, write

if TYPE_CHECKING:
    from rich.console import Console

    from ..revisions.command import Compared


class DiffFormat(StrEnum):
    """How changes are shown."""

    table = "table"
    jsonl = "jsonl"
    markdown = "markdown"
    html = "html"


def diff(
    old: Annotated[
        str,
        typer.Argument(help="Article file, JSONL file, folder of either, or a git revision."),
    ],
    new: Annotated[str, typer.Argument(help="The same, to compare it with.")],
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="After --: the files and folders to read in a git revision."),
    ] = None,
    format: Annotated[
        DiffFormat,
        typer.Option(
            "--format",
            "-f",
            help="Table, one change a line as JSON, a comment for a review, or a web page.",
        ),
    ] = DiffFormat.table,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file in place of standard output.")
    ] = None,
    fail: FailOnOption = None,
    kind: Annotated[
        list[str] | None, typer.Option("--kind", "-k", help="Only this kind; repeatable.")
    ] = None,
    type: Annotated[
        list[str] | None, typer.Option("--type", "-t", help="Only this change; repeatable.")
    ] = None,
    no_cache: NoCacheOption = False,
    model: ModelOption = None,
    config: ConfigOption = None,
    settings: SetOption = None,
) -> None:
    """Show which claims changed from one version of articles to another.

    Exit code 0: nothing that fails; 1: a change as severe as --fail-on, or of its types; 2: an
    error.

    Example: claimline diff HEAD~3 HEAD -- corpus/
    """
    from ..revisions.command import difference
    from ..revisions.select import fail_on

    with exit_on_errors(2):
        failing = fail_on(fail or [])
        found = difference(
            old,
            new,
            paths=paths or [],
            kinds=kind or [],
            types=type or [],
            use_cache=not no_cache,
            load=lambda: load_extractor(model, config, settings, lazy=True),
        )
        if format is DiffFormat.table and is_standard(output):
            from rich.console import Console

            _print_changes(found, Console(highlight=False))
        else:
            write(_encoded_changes(found, format), output)
    raise typer.Exit(1 if any(map(failing.fails, found.changes)) else 0)


def _print_changes(found: Compared, console: Console) -> None:
    from ..report.changes_table import print_changes

    print_changes(found.changes, old=found.old, new=found.new, console=console)


def _encoded_changes(found: Compared, format: DiffFormat) -> bytes:
    from .. import jsonl

    if format is DiffFormat.jsonl:
        return jsonl.encode(found.changes)
    if format is DiffFormat.markdown:
        from ..report.changes_markdown import changes_markdown

        text = changes_markdown(found.changes, old=found.old, new=found.new)
    elif format is DiffFormat.html:
        from ..report.changes_page import changes_page

        text = changes_page(found.changes, old=found.old, new=found.new)
    else:
        from rich.console import Console

        page = io.StringIO()
        _print_changes(found, Console(file=page, highlight=False))
        text = page.getvalue()
    return text.encode("utf-8")
