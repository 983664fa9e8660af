"""The command line: parse arguments, call, print, exit code.

Exit codes: 0 all well, 1 some articles failed (each named on standard error, the others written),
2 wrong usage. Data goes to standard output, messages to standard error. Heavy imports stand inside
the commands, so that `--help` is quick.
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .errors import ConfigError, ModelError, PipelineError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from .evaluate.scores import Score
    from .extraction import Extraction, Extractor
    from .reading import Article
    from .records import Record
    from .timeline import Timeline

app = typer.Typer(
    name="claimline",
    help="Entities, dated events, hedged predictions and attributed quotes out of articles.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

STANDARD_INPUT = Path("-")
ARTICLE_SUFFIXES = (".txt", ".md", ".markdown", ".html", ".htm")
SUMMARY_KINDS = ("entity", "date", "event", "prediction", "quote", "problem")
# Of a table that goes to no terminal, in characters.
PAGE_WIDTH = 150
# Below this a bar would only flicker.
PROGRESS_FROM_ARTICLES = 3


def _print_version(wanted: bool) -> None:
    if wanted:
        from . import __version__

        typer.echo(f"claimline {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Entities, dated events, hedged predictions and attributed quotes out of articles.

    Example: claimline extract corpus/ --output outputs
    """


@contextmanager
def _usage_errors() -> Iterator[None]:
    """Turn wrong configuration and missing models into exit code 2 and one message."""
    try:
        yield
    except (ConfigError, ModelError) as error:
        typer.echo(f"claimline: {error}", err=True)
        raise typer.Exit(2) from error


ModelOption = Annotated[
    str | None,
    typer.Option("--model", help="A spaCy pipeline's name or path in place of the embedded model."),
]
ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="Configuration file over the defaults.")
]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="One setting over all files; repeatable."),
]


@app.command()
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
    from .reading import checked_edtf

    with _usage_errors():
        if published is not None:
            published = checked_edtf(published)
        to_stdout = output == STANDARD_INPUT or (output is None and paths == [STANDARD_INPUT])
        failures: list[str] = []
        inputs = _inputs(paths, failures)
        extractor = None
        if inputs:
            from .extraction import load

            extractor = load(model, config=config, overrides=_overrides(settings))
        else:
            # A wrong setting is a wrong setting, whatever became of the files.
            from .config import load_config

            load_config(config, _overrides(settings))
    rows: list[tuple[Extraction, float]] = []
    if extractor is not None:
        folder = None if to_stdout else (output or Path("outputs"))
        rows = _extract_all(extractor, inputs, folder, published, failures)
    _print_summary(rows, failures)
    troubled = strict and any(extraction.of("problem") for extraction, _ in rows)
    raise typer.Exit(1 if failures or troubled else 0)


def _overrides(settings: list[str] | None) -> dict[str, str]:
    overrides = {}
    for setting in settings or []:
        key, equals, value = setting.partition("=")
        if not equals:
            raise ConfigError(f"--set {setting!r}: write KEY=VALUE, such as --set {key}=0.5")
        overrides[key.strip()] = value.strip()
    return overrides


def _inputs(
    paths: list[Path], failures: list[str], suffixes: tuple[str, ...] = ARTICLE_SUFFIXES
) -> list[Path]:
    """The files to read, folders opened, each once, in the order given."""
    inputs: dict[Path, None] = {}
    for path in paths:
        try:
            if path != STANDARD_INPUT and path.is_dir():
                inside = [entry for entry in sorted(path.iterdir()) if _is_input(entry, suffixes)]
                if not inside:
                    failures.append(
                        f"{path}: a folder without files to read ({' '.join(suffixes)})"
                    )
                inputs.update(dict.fromkeys(inside))
            else:
                inputs[path] = None
        except OSError as error:
            failures.append(f"{path}: cannot be read: {error.strerror}")
    return list(inputs)


def _is_input(path: Path, suffixes: tuple[str, ...]) -> bool:
    return (
        path.suffix.lower() in suffixes
        and not path.name.startswith(".")
        and not path.stem.lower().startswith("readme")
        and not path.is_dir()
    )


def _extract_all(
    extractor: Extractor,
    inputs: list[Path],
    folder: Path | None,
    published: str | None,
    failures: list[str],
) -> list[tuple[Extraction, float]]:
    """Extract and write each article; a failure is noted and the next one begun."""
    from . import jsonl
    from .reading import article_ids

    files = [path for path in inputs if path != STANDARD_INPUT]
    ids = dict(zip(files, article_ids(files), strict=True)) | {STANDARD_INPUT: "stdin"}
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
    from .reading import read_article

    if path == STANDARD_INPUT:
        data = sys.stdin.buffer.read()
        return read_article(None, data=data, id=article_id, published=published)
    return read_article(path, id=article_id, published=published)


def _messages() -> Console:
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=True)


def _with_progress(paths: list[Path]) -> Iterator[Path]:
    """The paths, with a bar on standard error when a person watches and it takes long."""
    from rich.progress import track

    console = _messages()
    quiet = len(paths) < PROGRESS_FROM_ARTICLES or not console.is_terminal
    yield from track(
        paths, description="extracting", console=console, disable=quiet, transient=True
    )


def _print_summary(rows: list[tuple[Extraction, float]], failures: list[str]) -> None:
    from rich.table import Table
    from rich.text import Text

    from .report import visible

    console = _messages()
    if rows:
        table = Table(box=None, pad_edge=False)
        table.add_column("article")
        for kind in SUMMARY_KINDS:
            table.add_column(kind, justify="right")
        table.add_column("words/s", justify="right")
        for extraction, seconds in rows:
            counts = extraction.article.counts
            table.add_row(
                Text(visible(extraction.article.article)),
                *(str(counts.get(kind, 0)) for kind in SUMMARY_KINDS),
                f"{extraction.words / seconds:,.0f}",
            )
        if len(rows) > 1:
            totals = [sum(e.article.counts.get(kind, 0) for e, _ in rows) for kind in SUMMARY_KINDS]
            rate = sum(e.words for e, _ in rows) / sum(seconds for _, seconds in rows)
            table.add_row("all", *(str(total) for total in totals), f"{rate:,.0f}", style="bold")
        console.print(table)
    for failure in failures:
        console.print(Text(visible(f"failed: {failure}")))
    if failures:
        console.print(f"{len(failures)} failed, {len(rows)} written")


@app.command()
def show(
    files: Annotated[list[Path], typer.Argument(help="JSONL files, or - for standard input.")],
    kind: Annotated[
        list[str] | None, typer.Option("--kind", "-k", help="Only this kind; repeatable.")
    ] = None,
) -> None:
    """Show the records of articles, readable in a terminal.

    Example: claimline show outputs/report.jsonl --kind prediction
    """
    from rich.console import Console

    from .records import KINDS
    from .report import render

    wanted = kind or list(KINDS)
    for name in wanted:
        if name not in KINDS:
            typer.echo(f"claimline: no kind {name!r}; the kinds are {', '.join(KINDS)}", err=True)
            raise typer.Exit(2)
    console = Console(highlight=False)
    failed = False
    for file in files:
        records = _records(file)
        if records is None:
            failed = True
        else:
            render(records, kinds=wanted, console=console)
    raise typer.Exit(1 if failed else 0)


def _records(file: Path) -> list[Record] | None:
    """The records of a file or of standard input; None, and why on standard error, if not."""
    from . import jsonl

    try:
        if file == STANDARD_INPUT:
            return jsonl.decode(sys.stdin.buffer.read(), source="standard input")
        return jsonl.read(file)
    except PipelineError as error:
        typer.echo(f"claimline: {error}", err=True)
        return None


class TimelineFormat(StrEnum):
    """How `claimline timeline` shows a timeline."""

    table = "table"
    jsonl = "jsonl"
    svg = "svg"


@app.command()
def timeline(
    files: Annotated[
        list[Path], typer.Argument(help="JSONL files, folders of them, or - for standard input.")
    ],
    format: Annotated[
        TimelineFormat, typer.Option("--format", "-f", help="Table, JSON Lines or picture.")
    ] = TimelineFormat.table,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File to write. [default: standard output]"),
    ] = None,
    after: Annotated[
        str | None,
        typer.Option("--after", help="Only what may lie in or after 2014, 2014-05 or 2014-05-07."),
    ] = None,
    before: Annotated[
        str | None, typer.Option("--before", help="Only what may lie in or before this date.")
    ] = None,
    status: Annotated[
        list[str] | None,
        typer.Option("--status", help="Only occurred, ongoing, scheduled, hypothetical; repeat."),
    ] = None,
    entity: Annotated[
        list[str] | None,
        typer.Option("--entity", help="Only with this participant, by any of its names; repeat."),
    ] = None,
) -> None:
    """Put the events of articles in order, by their dates and by what the text says.

    Stated order that contradicts dates or surer order is left out, and named.

    Example: claimline timeline outputs/ --format svg --output timeline.svg
    """
    from .timeline import Selection, build

    try:
        chosen = Selection(
            after=after, before=before, statuses=tuple(status or ()), names=tuple(entity or ())
        )
    except PipelineError as error:
        typer.echo(f"claimline: {error}", err=True)
        raise typer.Exit(2) from error
    failures: list[str] = []
    inputs = _inputs(files, failures, suffixes=(".jsonl",))
    found = [_records(file) for file in inputs]
    for failure in failures:
        typer.echo(f"claimline: {failure}", err=True)
    read = [record for records in found for record in records or ()]
    try:
        _show_timeline(build(read, selection=chosen), format, output, title=_title(read))
    except PipelineError as error:
        typer.echo(f"claimline: {error}", err=True)
        raise typer.Exit(1) from error
    raise typer.Exit(1 if failures or None in found else 0)


def _title(records: list[Record]) -> str:
    """What the records are about: their article's title, if they are of one."""
    from .records import ArticleRecord

    titles = {
        record.article: record.title for record in records if isinstance(record, ArticleRecord)
    }
    if len(titles) == 1:
        ((article, title),) = titles.items()
        return title or article
    return f"Timeline of {len(titles)} articles" if titles else "Timeline"


def _show_timeline(
    made: Timeline, format: TimelineFormat, output: Path | None, *, title: str
) -> None:
    """Write a timeline; what it left out goes to standard error unless it is in the format."""
    from . import jsonl
    from .report import draw_timeline, timeline_table, visible

    to_stdout = output is None or output == STANDARD_INPUT
    if format is TimelineFormat.jsonl:
        data = jsonl.encode([*made.entries, *made.problems])
    else:
        for problem in made.problems:
            relation = f" {problem.relation} {problem.other}" if problem.relation else ""
            text = f"{problem.article}: {problem.event}{relation}: {problem.message}"
            typer.echo(visible(f"left out: {text}"), err=True)
        if format is TimelineFormat.svg:
            data = draw_timeline(made, title=title).encode()
        else:
            data = _plain(timeline_table(made), to_terminal=to_stdout)
    if output is None or output == STANDARD_INPUT:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        jsonl.save(output, data)


def _plain(table: Table, *, to_terminal: bool) -> bytes:
    """A table as text, as wide as the terminal that it goes to, if it goes to one."""
    from rich.console import Console

    terminal = Console()
    console = Console(
        file=io.StringIO(),
        width=terminal.width if to_terminal and terminal.is_terminal else PAGE_WIDTH,
    )
    with console.capture() as captured:
        console.print(table)
    # Cells are filled up with blanks to the column's width, the last one of a row, too.
    lines = (line.rstrip() for line in captured.get().splitlines())
    return "".join(f"{line}\n" for line in lines).encode()


@app.command()
def schema() -> None:
    """Print the JSON Schema of one line of output.

    Example: claimline schema > record.schema.json
    """
    import json

    from .records import json_schema

    typer.echo(json.dumps(json_schema(), indent=2))


@app.command("config")
def show_config(config: ConfigOption = None, settings: SetOption = None) -> None:
    """Print the resolved configuration: every setting with its value.

    Example: claimline config --set components.claimline_encoder.threads=2
    """
    from .config import load_config

    with _usage_errors():
        typer.echo(load_config(config, _overrides(settings)).to_str())


@app.command()
def evaluate(
    folder: Annotated[
        Path,
        typer.Argument(
            help="Folder of articles with gold beside them or in gold/; or a treebank with "
            "coreference, NAME.conllu."
        ),
    ],
    misses: Annotated[bool, typer.Option("--misses", help="List every miss and extra.")] = False,
    gate: Annotated[
        bool, typer.Option("--gate", help="Exit 1 when a figure is below FOLDER/floors.json.")
    ] = False,
    update_floors: Annotated[
        bool, typer.Option("--update-floors", help="Raise FOLDER/floors.json to these figures.")
    ] = False,
    model: ModelOption = None,
    config: ConfigOption = None,
    settings: SetOption = None,
) -> None:
    """Score extraction against gold: precision, recall and F1 in percent.

    Example: claimline evaluate corpus --misses
    """
    from . import evaluate as evaluation
    from .extraction import load

    with _usage_errors():
        extractor = load(model, config=config, overrides=_overrides(settings))
    if folder.suffix == ".conllu":
        if gate or update_floors:
            typer.echo("claimline: a gate needs a folder of articles, not a treebank", err=True)
            raise typer.Exit(2)
        _evaluate_chains(folder, extractor, misses=misses)
        return
    floors_file = folder / "floors.json"
    try:
        tally, articles = evaluation.evaluate(
            folder, lambda article: extractor.extract_article(article).records
        )
        scores = tally.scores()
        failures: list[str] = []
        if gate:
            floors = evaluation.load_floors(floors_file)
            failures = evaluation.check_floors(floors, scores, articles=articles)
        if update_floors:
            old = evaluation.load_floors(floors_file) if floors_file.exists() else None
            evaluation.save_floors(
                floors_file, evaluation.raise_floors(scores, articles=articles, old=old)
            )
    except PipelineError as error:
        typer.echo(f"claimline: {error}", err=True)
        raise typer.Exit(2) from error
    typer.echo(f"{articles} articles")
    _print_scores(scores, tally.misses if misses else ())
    for failure in failures:
        typer.echo(f"gate: {failure}", err=True)
    raise typer.Exit(1 if failures else 0)


def _evaluate_chains(treebank: Path, extractor: Extractor, *, misses: bool) -> None:
    from .evaluate.coref import read_chains, score_chains

    try:
        documents = read_chains(treebank)
        score = score_chains(documents, lambda article: extractor.extract_article(article).records)
    except PipelineError as error:
        typer.echo(f"claimline: {error}", err=True)
        raise typer.Exit(2) from error
    typer.echo(f"{len(documents)} documents")
    _print_scores(score.figures, score.misses if misses else ())


def _print_scores(scores: Mapping[str, Score], misses: Iterable[str]) -> None:
    typer.echo(f"{'':26}{'P':>6} {'R':>6} {'F1':>6} {'gold':>6}")
    for name, score in scores.items():
        figures = (score.precision, score.recall, score.f1)
        typer.echo(
            f"{name:26}"
            + " ".join(f"{100 * figure:6.1f}" for figure in figures)
            + f" {score.right + score.missed:6d}"
        )
    for line in misses:
        typer.echo(line)


@app.command()
def train(
    data: Annotated[Path, typer.Argument(help="Folder with the data that the manifest names.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Folder for the trained model.")
    ] = Path("model"),
    seed: Annotated[int, typer.Option("--seed", help="Same seed, same model.")] = 0,
    epochs: Annotated[int, typer.Option("--epochs", help="Passes over the data.")] = 8,
    minutes: Annotated[float, typer.Option("--minutes", help="Longest time to train.")] = 90,
) -> None:
    """Train the language model; needs the [train] extra.

    Example: claimline train data/ --output model
    """
    try:
        from .train import train as train_model
    except ImportError as error:
        typer.echo(f"claimline: {error.name} is missing: pip install 'claimline[train]'", err=True)
        raise typer.Exit(2) from error
    try:
        train_model(data, output, seed=seed, epochs=epochs, minutes=minutes)
    except PipelineError as error:
        typer.echo(f"claimline: {error}", err=True)
        raise typer.Exit(1) from error


if __name__ == "__main__":
    app()
