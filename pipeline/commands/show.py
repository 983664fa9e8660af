"""`claimline show`: records, readable in a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .inputs import read_records
from .messages import exit_on_errors, tell_of_unnumbered
from .options import AfterOption, BeforeOption, EntityOption, LeastOption, MostOption, RecordFiles
from .output import write

if TYPE_CHECKING:
    from ..reading import Article
    from ..records import Record


def show(
    files: RecordFiles,
    kind: Annotated[
        list[str] | None, typer.Option("--kind", "-k", help="Only this kind; repeat.")
    ] = None,
    speaker: Annotated[
        list[str] | None,
        typer.Option(
            "--speaker", help="Only the word of this one, by any name, or author; repeat."
        ),
    ] = None,
    entity: EntityOption = None,
    after: AfterOption = None,
    before: BeforeOption = None,
    least: LeastOption = None,
    most: MostOption = None,
    grep: Annotated[
        list[str] | None,
        typer.Option("--grep", "-g", help="Only with these words, * for anything; repeat."),
    ] = None,
    source: Annotated[
        list[Path] | None,
        typer.Option("--source", help="Article files or folders: show the lines there; repeat."),
    ] = None,
    context: Annotated[
        int, typer.Option("--context", "-C", min=0, help="Lines before and after, with --source.")
    ] = 1,
    as_json: Annotated[
        bool, typer.Option("--json", help="As JSON Lines, each as it was read.")
    ] = False,
    pager: Annotated[
        bool, typer.Option("--pager/--no-pager", help="Page by page, in a terminal.")
    ] = True,
) -> None:
    """Show the records of articles, readable in a terminal.

    Example: claimline show outputs/ --kind prediction --speaker author --min 55
    """
    from .. import jsonl, report
    from ..records import ArticleRecord

    with exit_on_errors(2):
        chosen = report.Selection(
            kinds=tuple(kind or ()),
            speakers=tuple(speaker or ()),
            entities=tuple(entity or ()),
            after=after,
            before=before,
            least=least,
            most=most,
            words=tuple(grep or ()),
        )
    read, complete = read_records(files)
    found = report.choose(read, chosen)
    if as_json:
        write(jsonl.encode(found.records), None)
    else:
        with exit_on_errors(2):
            texts = _texts(found.records, read, source or [])
        titles = {r.article: r.title or r.article for r in read if isinstance(r, ArticleRecord)}
        report.show(found.records, titles=titles, texts=texts, context=context, pager=pager)
    if read and not found.records:
        typer.echo(f"none of {len(read)} records is like that", err=True)
    tell_of_unnumbered(found.unnumbered)
    raise typer.Exit(0 if complete else 1)


def _texts(shown: Iterable[Record], read: list[Record], places: list[Path]) -> dict[str, Article]:
    """The texts of articles, as far as they are there; whose is not, goes to standard error."""
    from ..reading import find_sources
    from ..records import ArticleRecord
    from ..report import visible

    if not places:
        return {}
    wanted = {record.article for record in shown}
    heads = [r for r in read if isinstance(r, ArticleRecord) and r.article in wanted]
    texts = find_sources(heads, places)
    for article in sorted(wanted - set(texts)):
        typer.echo(visible(f"{article}: no file there is what was read"), err=True)
    return texts
