"""`claimline extract`: the records of articles."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import PipelineError
from .inputs import files_of
from .loading import load_extractor, overrides_of
from .messages import exit_on_wrong_setup, message_console
from .options import ConfigOption, ModelOption, SetOption
from .output import STANDARD

if TYPE_CHECKING:
    from ..extraction import Extraction, Extractor
    from ..reading import Article

_SUMMARY_KINDS = ("entity", "date", "event", "prediction", "quote", "problem")
# Below this a bar would only flicker.
_PROGRESS_FROM_ARTICLES = 3


def extract(
    paths: Annotated[
        list[Path],
        typer.Argument(help="Article files, folders of articles, or - for standard input."),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Folder for the JSONL files, or - for standard output."
            " [default: outputs; standard output when the input is -]",
        ),
    ] = None,
    model: ModelOption = None,
    published: Annotated[
        str | None,
        typer.Option("--published", help="Publication date (2021-09-21, 2021-09 or 2021) of all."),
    ] = None,
    config: ConfigOption = None,
    settings: SetOption = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit 1 when an article has a problem record, too.")
    ] = False,
) -> None:
    """Extract the records of articles, one JSONL file an article.

    Folders give their .txt, .md and .html files (README and sidecar files aside).

    Example: claimline extract report.txt corpus/ --published 2021-09-21
    """
    from ..reading import checked_edtf

    with exit_on_wrong_setup():
        if published is not None:
            published = checked_edtf(published)
        to_stdout = output == STANDARD or (output is None and paths == [STANDARD])
        failures: list[str] = []
        inputs = files_of(paths, failures)
        extractor = None
        if inputs:
            extractor = load_extractor(model, config, settings)
        else:
            # A wrong setting is a wrong setting, whatever became of the files.
            from ..config import load_config

            load_config(config, overrides_of(settings))
    rows: list[tuple[Extraction, float]] = []
    if extractor is not None:
        folder = None if to_stdout else (output or Path("outputs"))
        rows = _extract_all(extractor, inputs, folder, published, failures)
    _print_summary(rows, failures)
    troubled = strict and any(extraction.of("problem") for extraction, _ in rows)
    raise typer.Exit(1 if failures or troubled else 0)


def _extract_all(
    extractor: Extractor,
    inputs: list[Path],
    folder: Path | None,
    published: str | None,
    failures: list[str],
) -> list[tuple[Extraction, float]]:
    """Extract and write each article; a failure is noted and the next one begun."""
    from .. import jsonl
    from ..reading import article_ids

    files = [path for path in inputs if path != STANDARD]
    ids = dict(zip(files, article_ids(files), strict=True)) | {STANDARD: "stdin"}
    rows = []
    for path in _with_progress(inputs):
        article_id = ids[path]
        start = time.perf_counter()
        try:
            article = _read(path, article_id, published)
            extraction = extractor.extract_article(article)
            if folder is None:
                sys.stdout.buffer.write(jsonl.encode(extraction.records))
                sys.stdout.buffer.flush()
            else:
                jsonl.write(folder / f"{article_id}.jsonl", extraction.records)
        except PipelineError as error:
            failures.append(str(error))
        except (MemoryError, RecursionError) as error:
            failures.append(f"{path}: {type(error).__name__}: the article is too large or too deep")
        else:
            rows.append((extraction, time.perf_counter() - start))
    return rows


def _read(path: Path, article_id: str, published: str | None) -> Article:
    from ..reading import read_article

    if path == STANDARD:
        data = sys.stdin.buffer.read()
        return read_article(None, data=data, id=article_id, published=published)
    return read_article(path, id=article_id, published=published)


def _with_progress(paths: list[Path]) -> Iterator[Path]:
    """The paths, with a bar on standard error when a person watches and it takes long."""
    if len(paths) < _PROGRESS_FROM_ARTICLES:
        yield from paths
        return
    from rich.progress import track

    console = message_console()
    quiet = not console.is_terminal
    yield from track(
        paths, description="extracting", console=console, disable=quiet, transient=True
    )


def _print_summary(rows: list[tuple[Extraction, float]], failures: list[str]) -> None:
    from rich.table import Table
    from rich.text import Text

    from ..report import visible

    console = message_console()
    if rows:
        table = Table(box=None, pad_edge=False)
        table.add_column("article")
        for kind in _SUMMARY_KINDS:
            table.add_column(kind, justify="right")
        table.add_column("words/s", justify="right")
        for extraction, seconds in rows:
            counts = extraction.article.counts
            table.add_row(
                Text(visible(extraction.article.article)),
                *(str(counts.get(kind, 0)) for kind in _SUMMARY_KINDS),
                f"{extraction.words / seconds:,.0f}",
            )
        if len(rows) > 1:
            totals = [
                sum(e.article.counts.get(kind, 0) for e, _ in rows) for kind in _SUMMARY_KINDS
            ]
            rate = sum(e.words for e, _ in rows) / sum(seconds for _, seconds in rows)
            table.add_row("all", *(str(total) for total in totals), f"{rate:,.0f}", style="bold")
        console.print(table)
    for failure in failures:
        console.print(Text(visible(f"failed: {failure}")))
    if failures:
        console.print(f"{len(failures)} failed, {len(rows)} written")
