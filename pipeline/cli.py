"""The command line: parse arguments, call, print, exit code.

Exit codes: 0 all well, 1 some articles failed (each named on standard error, the others written),
2 wrong usage. Data goes to standard output, messages to standard error. Heavy imports stand inside
the commands, so that `--help` is quick.
"""

from __future__ import annotations

import gc
import io
import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .commands import baseline, git, history
from .commands.output import complain
from .commands.output import plain as _plain
from .commands.output import write as _write
from .errors import ArticleError, ConfigError, ModelError, PipelineError, RunError

if TYPE_CHECKING:
    from rich.console import Console

    from .batch import Limits, Summary
    from .evaluate.scores import Score
    from .extraction import Extraction, Extractor
    from .forecasts import Calibrated, Gathered, Trouble
    from .reading import Article
    from .records import Record
    from .revisions.command import Compared
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
SUMMARY_KINDS = ("entity", "date", "event", "prediction", "quote", "problem")
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
        complain(error)
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
            extractor = _loaded(model, config, settings)
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


def _loaded(
    model: str | None, config: Path | None, settings: list[str] | None, *, lazy: bool = False
) -> Extractor:
    # Nearly all that loading makes stays to the end of the process, and to look for garbage in it
    # again and again takes a tenth of the time until the first record.
    gc.disable()
    try:
        from .extraction import load

        return load(model, config=config, overrides=_overrides(settings), lazy=lazy)
    finally:
        gc.freeze()
        gc.enable()


def _overrides(settings: list[str] | None) -> dict[str, str]:
    overrides = {}
    for setting in settings or []:
        key, equals, value = setting.partition("=")
        if not equals:
            raise ConfigError(f"--set {setting!r}: write KEY=VALUE, such as --set {key}=0.5")
        overrides[key.strip()] = value.strip()
    return overrides


def _inputs(
    paths: list[Path], failures: list[str], suffixes: tuple[str, ...] | None = None
) -> list[Path]:
    """The files to read, folders opened for their articles, each once, in the order given."""
    from .reading.files import ARTICLE_SUFFIXES, check_inside, named_as_inputs

    suffixes = suffixes or ARTICLE_SUFFIXES
    inputs: dict[Path, None] = {}
    for path in paths:
        try:
            if path != STANDARD_INPUT and path.is_dir():
                files = [entry for entry in sorted(path.iterdir()) if not entry.is_dir()]
                inside = named_as_inputs(files, suffixes)
                if not inside:
                    failures.append(
                        f"{path}: a folder without files to read ({' '.join(suffixes)})"
                    )
                for file in inside:
                    try:
                        check_inside(file, path)
                    except ArticleError as error:
                        failures.append(str(error))
                    else:
                        inputs[file] = None
            else:
                inputs[path] = None
        except OSError as error:
            failures.append(f"{path}: cannot be read: {error.strerror}")
    return list(inputs)


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
    if len(paths) < PROGRESS_FROM_ARTICLES:
        yield from paths
        return
    from rich.progress import track

    console = _messages()
    quiet = not console.is_terminal
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


OutputFolder = Annotated[Path, typer.Argument(help="The folder that a run writes.")]
WorkersOption = Annotated[
    int | None,
    typer.Option(
        "--workers",
        min=1,
        help="Processes; with --cluster slurm or kubernetes jobs. [default: the cores at hand]",
    ),
]
ClusterOption = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        metavar="ADDRESS|local|slurm|kubernetes",
        help="Have the workers of a Dask cluster do it.",
    ),
]
SecondsOption = Annotated[
    float | None,
    typer.Option(
        "--article-seconds",
        min=0.1,
        help="Time for an article of up to 100,000 bytes, in proportion beyond. [default: 120]",
    ),
]
MemoryOption = Annotated[
    int | None,
    typer.Option("--article-memory", min=16, help="MB for one article. [default: 2048]"),
]
QuarantineOption = Annotated[
    str,
    typer.Option(
        "--max-quarantine",
        metavar="N|N%",
        help="Exit 1 when more articles than this are quarantined.",
    ),
]


@app.command()
def run(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT",
            help="Files, folders, patterns; articles, JSONL, Parquet, WARC, also .gz and .zst.",
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the shards.")],
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
    text_column: Annotated[
        str | None, typer.Option(help="Column of the text in rows. [default: text]")
    ] = None,
    id_column: Annotated[
        str | None, typer.Option(help="Column of the article's id. [default: id, if there]")
    ] = None,
    date_column: Annotated[
        str | None, typer.Option(help="Column of the publication date. [default: date, if there]")
    ] = None,
    title_column: Annotated[
        str | None, typer.Option(help="Column of the title. [default: title, if there]")
    ] = None,
    model: ModelOption = None,
    config: ConfigOption = None,
    settings: SetOption = None,
    seconds: SecondsOption = None,
    memory: MemoryOption = None,
    form: Annotated[
        str, typer.Option("--format", metavar="jsonl|parquet", help="What the shards are.")
    ] = "jsonl",
    shard: Annotated[
        int | None,
        typer.Option(
            "--shard-kilobytes", min=1, help="Input of a shard. [default: 256; of Parquet 1024]"
        ),
    ] = None,
    max_quarantine: QuarantineOption = "0",
    stale: Annotated[
        str,
        typer.Option(
            "--stale",
            metavar="refuse|redo|keep",
            help="What to do with finished shards of another version or of other articles.",
        ),
    ] = "refuse",
) -> None:
    """Extract any number of articles with several processes; the same command goes on after a stop.

    An article that crashes, hangs or eats memory costs itself alone: it is listed in
    quarantine.jsonl. Exit code 1 when more than --max-quarantine are, or the run had to stop.

    Example: claimline run news/ archive.jsonl.gz --output found --workers 2
    """
    from .batch import Columns, Format, Options, Stale
    from .batch import run as run_all
    from .config import as_overrides, load_config

    with _usage_errors():
        if stale not in list(Stale):
            raise ConfigError(f"--stale {stale!r}: expected one of {', '.join(Stale)}")
        if form not in list(Format):
            raise ConfigError(f"--format {form!r}: expected one of {', '.join(Format)}")
        options = Options(
            model=model,
            settings=as_overrides(load_config(config, _overrides(settings))),
            columns=Columns(text=text_column, id=id_column, date=date_column, title=title_column),
            limits=_limits(seconds, memory),
            form=Format(form),
            shard_bytes=shard * 1024 if shard else None,
        )
        most = _share(max_quarantine)
        _watched(
            lambda watch: run_all(
                inputs,
                output,
                options,
                workers=_workers(workers, cluster),
                cluster=cluster,
                stale=Stale(stale),
                watch=watch,
            ),
            most,
        )


@app.command()
def retry(
    folder: OutputFolder,
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
    seconds: SecondsOption = None,
    memory: MemoryOption = None,
    max_quarantine: QuarantineOption = "0",
) -> None:
    """Try the quarantined articles of a run again, with other limits or another machine.

    Example: claimline retry found --article-seconds 600
    """
    from .batch import retry as retry_all

    with _usage_errors():
        most = _share(max_quarantine)
        limits = _limits(seconds, memory) if seconds or memory else None
        _watched(
            lambda watch: retry_all(
                folder,
                workers=_workers(workers, cluster),
                cluster=cluster,
                limits=limits,
                watch=watch,
            ),
            most,
        )


@app.command()
def status(
    folder: OutputFolder,
    verify: Annotated[
        bool, typer.Option("--verify", help="Read all shards and compare them with their marks.")
    ] = False,
) -> None:
    """Show how a run stands: what is done, what is quarantined, whether it goes on.

    Exit code 1 when it is not complete or a shard is damaged.

    Example: claimline status found --verify
    """
    from rich.console import Console

    from .batch import status as stands
    from .batch.display import status_table

    with _usage_errors():
        found = stands(folder, verify=verify)
    Console(highlight=False).print(status_table(found))
    raise typer.Exit(1 if found.damaged or found.state != "complete" else 0)


def _limits(seconds: float | None, memory: int | None) -> Limits:
    from .batch import Limits

    default = Limits()
    return Limits(
        seconds=seconds or default.seconds,
        memory=memory << 20 if memory else default.memory,
    )


def _share(text: str) -> tuple[float, bool]:
    """A count, or a percentage of all."""
    number = text.removesuffix("%")
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,6})?", number):
        raise ConfigError(
            f"--max-quarantine {text!r}: expected a count or a percentage, such as 10 or 0.5%"
        )
    return float(number), number != text


def _workers(given: int | None, cluster: str | None) -> int:
    if given is None and cluster in ("slurm", "kubernetes"):
        raise ConfigError(f"--cluster {cluster} needs --workers: how many to start")
    return given or len(os.sched_getaffinity(0))


def _watched(
    work: Callable[[Callable[[Summary], object]], Summary], most: tuple[float, bool]
) -> None:
    """Do a run, show how it goes and what came of it, and end with its exit code."""
    from .batch.display import progress, summary_table

    console = _messages()
    try:
        with progress(console) as watch:
            found = work(watch)
    except (RunError, KeyboardInterrupt) as error:
        stopped = str(error) or "stopped; the same command goes on from there"
        complain(stopped)
        raise typer.Exit(130 if isinstance(error, KeyboardInterrupt) else 1) from error
    console.print(summary_table(found))
    number, percent = most
    bound = number * found.articles / 100 if percent else number
    raise typer.Exit(1 if found.quarantined > bound else 0)


RecordFiles = Annotated[
    list[Path], typer.Argument(help="JSONL files, folders of them, or - for standard input.")
]
OutputOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="File to write. [default: standard output]"),
]
AfterOption = Annotated[
    str | None,
    typer.Option("--after", help="Only what may lie in or after 2014, 2014-05 or 2014-05-07."),
]
BeforeOption = Annotated[
    str | None, typer.Option("--before", help="Only what may lie in or before this date.")
]
EntityOption = Annotated[
    list[str] | None,
    typer.Option("--entity", help="Only with this one, by any of its names; repeat."),
]
LeastOption = Annotated[
    float | None, typer.Option("--min", help="Only what is at least this likely, in percent.")
]
MostOption = Annotated[
    float | None, typer.Option("--max", help="Only what is at most this likely, in percent.")
]


@app.command()
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
    from . import jsonl, report
    from .records import ArticleRecord

    with _wrong_question():
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
    read, complete = _all_records(files)
    found = report.choose(read, chosen)
    if as_json:
        _write(jsonl.encode(found.records), None)
    else:
        with _wrong_question():
            texts = _texts(found.records, read, source or [])
        titles = {r.article: r.title or r.article for r in read if isinstance(r, ArticleRecord)}
        report.show(found.records, titles=titles, texts=texts, context=context, pager=pager)
    if read and not found.records:
        typer.echo(f"none of {len(read)} records is like that", err=True)
    _tell_of_unnumbered(found.unnumbered)
    raise typer.Exit(0 if complete else 1)


@contextmanager
def _wrong_question() -> Iterator[None]:
    """Turn a question that cannot be put into exit code 2 and one message."""
    try:
        yield
    except PipelineError as error:
        complain(error)
        raise typer.Exit(2) from error


def _texts(shown: Iterable[Record], read: list[Record], places: list[Path]) -> dict[str, Article]:
    """The texts of articles, as far as they are there; whose is not, goes to standard error."""
    from .reading import find_sources
    from .records import ArticleRecord
    from .report import visible

    if not places:
        return {}
    wanted = {record.article for record in shown}
    heads = [r for r in read if isinstance(r, ArticleRecord) and r.article in wanted]
    texts = find_sources(heads, places)
    for article in sorted(wanted - set(texts)):
        typer.echo(visible(f"{article}: no file there is what was read"), err=True)
    return texts


def _tell_of_unnumbered(count: int) -> None:
    if count:
        typer.echo(f"left out: {count} without a number, which --min and --max need", err=True)


@app.command()
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
    from . import jsonl, report

    if as_json and as_csv:
        typer.echo("claimline: choose one of --json and --csv", err=True)
        raise typer.Exit(2)
    read, complete = _all_records(files)
    profiles = report.profile(read)
    if as_json:
        data = jsonl.encode(profiles)
    elif as_csv:
        data = report.profiles_csv(profiles)
    else:
        tables = report.stats_tables(profiles)
        data = b"\n".join(_plain(table, to_terminal=_is_stdout(output)) for table in tables)
    try:
        _write(data, output)
    except PipelineError as error:
        complain(error)
        raise typer.Exit(1) from error
    raise typer.Exit(0 if complete else 1)


def _records(file: Path) -> list[Record] | None:
    """The records of a file or of standard input; None, and why on standard error, if not."""
    from . import jsonl

    try:
        if file == STANDARD_INPUT:
            return jsonl.decode(sys.stdin.buffer.read(), source="standard input")
        return jsonl.read(file)
    except PipelineError as error:
        complain(error)
        return None


class TimelineFormat(StrEnum):
    """How `claimline timeline` shows a timeline."""

    table = "table"
    jsonl = "jsonl"
    svg = "svg"
    png = "png"


@app.command()
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
    from .report import timeline_title
    from .timeline import Selection, build

    with _wrong_question():
        chosen = Selection(
            after=after, before=before, statuses=tuple(status or ()), names=tuple(entity or ())
        )
    if format is TimelineFormat.png and _is_stdout(output) and sys.stdout.isatty():
        typer.echo("claimline: a terminal shows no PNG: say --output timeline.png", err=True)
        raise typer.Exit(2)
    read, complete = _all_records(files)
    try:
        made = build(read, selection=chosen)
        _show_timeline(made, format, output, title=timeline_title(read))
    except PipelineError as error:
        complain(error)
        raise typer.Exit(1) from error
    raise typer.Exit(0 if complete else 1)


def _all_records(files: list[Path]) -> tuple[list[Record], bool]:
    """The records of files and folders, and whether all could be read; why not goes to stderr."""
    failures: list[str] = []
    inputs = _inputs(files, failures, suffixes=(".jsonl",))
    found = [_records(file) for file in inputs]
    for failure in failures:
        complain(failure)
    read = [record for records in found for record in records or ()]
    return read, not failures and None not in found


def _show_timeline(
    made: Timeline, format: TimelineFormat, output: Path | None, *, title: str
) -> None:
    """Write a timeline; what it left out goes to standard error unless it is in the format."""
    from . import jsonl, report

    if format is TimelineFormat.jsonl:
        data = jsonl.encode([*made.entries, *made.problems])
    else:
        for problem in made.problems:
            relation = f" {problem.relation} {problem.other}" if problem.relation else ""
            text = f"{problem.article}: {problem.event}{relation}: {problem.message}"
            typer.echo(report.visible(f"left out: {text}"), err=True)
        if format is TimelineFormat.svg:
            data = report.draw_timeline(made, title=title).encode()
        elif format is TimelineFormat.png:
            data = report.rasterise(report.draw_timeline(made, title=title))
        else:
            data = _plain(report.timeline_table(made), to_terminal=_is_stdout(output))
    _write(data, output)


def _is_stdout(output: Path | None) -> bool:
    return output is None or output == STANDARD_INPUT


@app.command()
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
    from .records import ArticleRecord
    from .report.page import find_sources, report_page, report_pages

    read, complete = _all_records(files)
    try:
        heads = [record for record in read if isinstance(record, ArticleRecord)]
        sources = find_sources(heads, source or [])
        if split:
            folder = output or Path("report")
            for name, page in report_pages(read, sources=sources, title=title).items():
                _write(page.encode(), folder / name)
        else:
            page = report_page(read, sources=sources, title=title)
            _write(page.encode(), output or Path("report.html"))
    except PipelineError as error:
        complain(error)
        raise typer.Exit(1) from error
    missing = len(heads) - len(sources)
    if source and missing:
        typer.echo(
            f"claimline: of {missing} of {len(heads)} articles no file has the digest; their "
            "records' sentences are shown",
            err=True,
        )
    raise typer.Exit(0 if complete else 1)


class PredictionsFormat(StrEnum):
    """How `claimline predictions` shows predictions."""

    table = "table"
    csv = "csv"
    jsonl = "jsonl"


@app.command()
def predictions(
    files: RecordFiles,
    format: Annotated[
        PredictionsFormat, typer.Option("--format", "-f", help="Table, CSV or JSON Lines.")
    ] = PredictionsFormat.table,
    output: OutputOption = None,
    least: LeastOption = None,
    most: MostOption = None,
    level: Annotated[
        list[str] | None,
        typer.Option("--level", help="Only with this level, such as very-likely; repeat."),
    ] = None,
    holder: Annotated[
        list[str] | None,
        typer.Option("--holder", help="Only of this holder, by any name, or author; repeat."),
    ] = None,
    about: Annotated[
        list[str] | None,
        typer.Option(
            "--about", help="Only about this entity, by any name, or these words; repeat."
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option("--by", help="Only what is due by the end of 2025, 2025-06 or 2025-06-30."),
    ] = None,
    after: Annotated[
        str | None, typer.Option("--after", help="Only what is due in or after this date.")
    ] = None,
    orientation: Annotated[
        list[str] | None,
        typer.Option("--orientation", help="Only future, present, past; repeat."),
    ] = None,
    polarity: Annotated[
        list[str] | None, typer.Option("--polarity", help="Only positive or negative.")
    ] = None,
    hedged: Annotated[
        bool | None,
        typer.Option("--hedged/--unhedged", help="Only hedged ones, or only plain ones."),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="Tell what has expired by this date from what is open."),
    ] = None,
    state: Annotated[
        list[str] | None,
        typer.Option("--state", help="Only open, expired, undated, with --as-of; repeat."),
    ] = None,
) -> None:
    """Ask for predictions: how likely, whose, about what, by when, still open or not.

    They are answered from records alone. The first due come first, those without a date last.

    Example: claimline predictions outputs/ --min 55 --holder "Barbara Elias" --by 2025
    """
    from .forecasts import Selection, gather

    with _wrong_question():
        chosen = Selection(
            least=least,
            most=most,
            levels=tuple(level or ()),
            holders=tuple(holder or ()),
            about=tuple(about or ()),
            by=by,
            after=after,
            orientations=tuple(orientation or ()),
            polarities=tuple(polarity or ()),
            hedged=hedged,
            as_of=as_of,
            states=tuple(state or ()),
        )
    read, complete = _all_records(files)
    try:
        _show_predictions(gather(read, selection=chosen), format, output)
    except PipelineError as error:
        complain(error)
        raise typer.Exit(1) from error
    raise typer.Exit(0 if complete else 1)


def _show_predictions(found: Gathered, format: PredictionsFormat, output: Path | None) -> None:
    """Write predictions; what is left out goes to standard error unless it is in the format."""
    from . import jsonl
    from .report import predictions_csv, predictions_table

    if format is PredictionsFormat.jsonl:
        data = jsonl.encode([*found.forecasts, *found.problems])
    else:
        _tell(found.problems)
        if format is PredictionsFormat.csv:
            data = predictions_csv(found.forecasts)
        else:
            data = _plain(predictions_table(found.forecasts), to_terminal=_is_stdout(output))
    if not found.forecasts:
        typer.echo(f"none of {found.others + found.unnumbered} predictions is like that", err=True)
    _tell_of_unnumbered(found.unnumbered)
    _write(data, output)


def _tell(problems: Iterable[Trouble]) -> None:
    from .report import visible

    for problem in problems:
        place = f"{problem.article} {problem.id}: " if problem.id else ""
        typer.echo(visible(f"left out: {place}{problem.message}"), err=True)


class CalibrationFormat(StrEnum):
    """How `claimline calibrate` shows scores."""

    table = "table"
    jsonl = "jsonl"


@app.command()
def calibrate(
    files: RecordFiles,
    outcomes: Annotated[
        Path,
        typer.Argument(
            help="CSV or JSONL with article, id and outcome (true, false, or empty: not known)."
        ),
    ],
    format: Annotated[
        CalibrationFormat, typer.Option("--format", "-f", help="Table or JSON Lines.")
    ] = CalibrationFormat.table,
    output: OutputOption = None,
    svg: Annotated[
        Path | None, typer.Option("--svg", help="File for the calibration curve, a picture.")
    ] = None,
    bins: Annotated[
        int, typer.Option("--bins", help="Bins of equal width; 0 for one a number.")
    ] = 10,
) -> None:
    """Set predictions beside what came of them: Brier score, its parts, calibration by holder.

    A prediction counts as the middle of its low and high; those without are counted apart. An
    outcome is whether the event came about, whatever the prediction said of it.

    Example: claimline calibrate outputs/ outcomes.csv --svg curve.svg
    """
    from .forecasts import calibrate as calibrated
    from .forecasts import gather, read_outcomes

    if not 0 <= bins <= 100:
        message = f"{bins} bins: write a number from 1 to 100, or 0 for a bin a number"
        complain(message)
        raise typer.Exit(2)
    read, complete = _all_records(files)
    try:
        known = read_outcomes(outcomes)
        gathered = gather(read)
        made = calibrated(gathered.forecasts, known, bins=bins)
        problems = [*gathered.problems, *made.problems]
        _show_calibration(made, problems, format, output)
        if svg is not None:
            from .report import draw_calibration

            _write(draw_calibration(made.overall, title="Calibration").encode(), svg)
    except PipelineError as error:
        complain(error)
        raise typer.Exit(1) from error
    raise typer.Exit(0 if complete and not problems else 1)


def _show_calibration(
    made: Calibrated, problems: list[Trouble], format: CalibrationFormat, output: Path | None
) -> None:
    """Write scores; what is left out goes to standard error unless it is in the format."""
    from . import jsonl
    from .report import bins_table, scores_table

    if format is CalibrationFormat.jsonl:
        data = jsonl.encode([made.overall, *made.holders, *problems])
    else:
        _tell(problems)
        tables = (scores_table([made.overall, *made.holders]), bins_table(made.overall.bins))
        data = b"\n".join(_plain(table, to_terminal=_is_stdout(output)) for table in tables)
    typer.echo(
        f"{made.overall.count} predictions scored, {made.overall.unnumbered} with an outcome but "
        f"no number, {made.unanswered} without an outcome; {len(problems)} problems",
        err=True,
    )
    _write(data, output)


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


@app.command()
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
    from .export import export as write

    read, complete = _all_records(files)
    try:
        failures = write(format.value, read, output, sources=source or ())
    except PipelineError as error:
        complain(error)
        raise typer.Exit(1) from error
    _report_left_out(failures)
    raise typer.Exit(0 if complete and not failures else 1)


@app.command("import")
def import_(
    format: Annotated[ImportFormat, typer.Argument(help="What to read.")],
    file: Annotated[Path, typer.Argument(help="Corrected tasks, exported as JSON.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the gold files.")],
    source: SourceOption = None,
) -> None:
    """Turn what people corrected into gold files, which `claimline evaluate` scores against.

    Example: claimline import label-studio project.json --source corpus --output corpus/gold
    """
    from .export import import_gold

    try:
        failures = import_gold(file, output, sources=source or ())
    except PipelineError as error:
        complain(error)
        raise typer.Exit(1) from error
    _report_left_out(failures)
    raise typer.Exit(1 if failures else 0)


def _report_left_out(failures: Iterable[str]) -> None:
    from .report import visible

    for failure in failures:
        typer.echo(visible(f"left out: {failure}"), err=True)


@app.command()
def explain(
    text: Annotated[str, typer.Argument(help="A sentence or several, or - for standard input.")],
    published: Annotated[
        str | None,
        typer.Option("--published", help='The date that "next month" is reckoned from.'),
    ] = None,
    model: ModelOption = None,
    config: ConfigOption = None,
    settings: SetOption = None,
) -> None:
    """Show why a sentence is a prediction or is none: cues, reading, rule, the number's source.

    Example: claimline explain "The bridge could well collapse by 2030."
    """
    with _usage_errors():
        extractor = _loaded(model, config, settings)
        from .explain import explain as explained

        try:
            if text == "-":
                text = sys.stdin.buffer.read().decode("utf-8", "backslashreplace")
            lines = explained(extractor, text, published=published)
        except ArticleError as error:
            complain(error)
            raise typer.Exit(1) from error
    for line in lines:
        typer.echo(line)


class SchemaOf(StrEnum):
    """What one line holds."""

    records = "records"
    changes = "changes"


@app.command()
def schema(
    of: Annotated[
        SchemaOf, typer.Argument(help="Lines of `extract`, or of `diff --format jsonl`.")
    ] = SchemaOf.records,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Every field in words, in place of the schema.")
    ] = False,
) -> None:
    """Print the JSON Schema of one line of output.

    Example: claimline schema > record.schema.json
    """
    import json

    if of is SchemaOf.changes:
        from .revisions import json_schema

        if markdown:
            typer.echo("claimline: --markdown has the records only", err=True)
            raise typer.Exit(2)
        made = json_schema()
    elif markdown:
        from . import reference

        typer.echo(reference.markdown(), nl=False)
        return
    else:
        from . import records

        made = records.json_schema()
    typer.echo(json.dumps(made, indent=2))


class DiffFormat(StrEnum):
    """How changes are shown."""

    table = "table"
    jsonl = "jsonl"
    markdown = "markdown"
    html = "html"


@app.command()
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
    fail: Annotated[
        list[str] | None,
        typer.Option(
            "--fail-on",
            metavar="TYPES|SEVERITY",
            help="What exit code 1 stands for: a severity (info, minor, major, critical), change "
            'types ("moved,hedge"), or never. [default: major]',
        ),
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option("--kind", "-k", help="Only this kind; repeatable.")
    ] = None,
    type: Annotated[
        list[str] | None, typer.Option("--type", "-t", help="Only this change; repeatable.")
    ] = None,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Extract anew what was extracted before.")
    ] = False,
    model: ModelOption = None,
    config: ConfigOption = None,
    settings: SetOption = None,
) -> None:
    """Show which claims changed from one version of articles to another.

    Exit code 0: nothing that fails; 1: a change as severe as --fail-on, or of its types; 2: an
    error.

    Example: claimline diff HEAD~3 HEAD -- corpus/
    """
    from . import jsonl
    from .revisions.command import difference
    from .revisions.select import fail_on

    try:
        failing = fail_on(fail or [])
        found = difference(
            old,
            new,
            paths=paths or [],
            kinds=kind or [],
            types=type or [],
            use_cache=not no_cache,
            load=lambda: _loaded(model, config, settings, lazy=True),
        )
        if format is DiffFormat.table and output is None:
            from rich.console import Console

            _print_changes(found, Console(highlight=False))
        elif output is None:
            sys.stdout.buffer.write(_encoded_changes(found, format))
            sys.stdout.buffer.flush()
        else:
            jsonl.save(output, _encoded_changes(found, format))
    except PipelineError as error:
        complain(error)
        raise typer.Exit(2) from error
    raise typer.Exit(1 if any(map(failing.fails, found.changes)) else 0)


def _print_changes(found: Compared, console: Console) -> None:
    from .report.changes_table import print_changes

    print_changes(found.changes, old=found.old, new=found.new, console=console)


def _encoded_changes(found: Compared, format: DiffFormat) -> bytes:
    from . import jsonl

    if format is DiffFormat.jsonl:
        return jsonl.encode(found.changes)
    if format is DiffFormat.markdown:
        from .report.changes_markdown import changes_markdown

        text = changes_markdown(found.changes, old=found.old, new=found.new)
    elif format is DiffFormat.html:
        from .report.changes_page import changes_page

        text = changes_page(found.changes, old=found.old, new=found.new)
    else:
        from rich.console import Console

        page = io.StringIO()
        _print_changes(found, Console(file=page, highlight=False))
        text = page.getvalue()
    return text.encode("utf-8")


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
            help="Folder of articles with gold beside them or in gold/; a file of passages; a "
            "folder of revisions, revisions/; or a treebank with coreference, NAME.conllu."
        ),
    ],
    misses: Annotated[bool, typer.Option("--misses", help="List every miss and extra.")] = False,
    calibration: Annotated[
        bool, typer.Option("--calibration", help="Print how often records as sure are right.")
    ] = False,
    gate: Annotated[
        bool,
        typer.Option(
            "--gate",
            help="Exit 1 when a figure is below FOLDER/floors.json, or a passage does not do as "
            "its file says.",
        ),
    ] = False,
    update_floors: Annotated[
        bool, typer.Option("--update-floors", help="Raise FOLDER/floors.json to these figures.")
    ] = False,
    model: ModelOption = None,
    config: ConfigOption = None,
    settings: SetOption = None,
) -> None:
    """Score extraction against gold: precision, recall and F1 in percent.

    Of a file of marked passages: how many are without fault, by kind.

    Example: claimline evaluate corpus --misses
    """
    from . import evaluate as evaluation

    with _usage_errors():
        extractor = _loaded(model, config, settings)
    if folder.suffix == ".conllu":
        if gate or update_floors:
            typer.echo("claimline: a gate needs a folder of articles, not a treebank", err=True)
            raise typer.Exit(2)
        _evaluate_chains(folder, extractor, misses=misses)
        return
    if folder.is_file():
        _evaluate_passages(folder, extractor, misses=misses, gate=gate)
        return
    floors_file = folder / "floors.json"
    revised = evaluation.is_folder_of_revisions(folder)
    try:
        tally, articles = (evaluation.evaluate_revisions if revised else evaluation.evaluate)(
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
        complain(error)
        raise typer.Exit(2) from error
    typer.echo(f"{articles} {'revisions' if revised else 'articles'}")
    _print_scores(scores, tally.misses if misses else ())
    for kind, bins in tally.calibration(bins=5).items() if calibration else ():
        typer.echo(f"{kind}: confidence → right, a fifth of the records each")
        parts = (f"{part.confidence:.2f} → {part.right:.2f} ({part.count})" for part in bins)
        typer.echo("  " + "   ".join(parts))
    for failure in failures:
        typer.echo(f"gate: {failure}", err=True)
    raise typer.Exit(1 if failures else 0)


def _evaluate_chains(treebank: Path, extractor: Extractor, *, misses: bool) -> None:
    from .evaluate.coref import read_chains, score_chains

    try:
        documents = read_chains(treebank)
        score = score_chains(documents, lambda article: extractor.extract_article(article).records)
    except PipelineError as error:
        complain(error)
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


def _evaluate_passages(path: Path, extractor: Extractor, *, misses: bool, gate: bool) -> None:
    """Print how many passages of a file pass, by kind; see `evaluate.passages`."""
    from . import evaluate as evaluation

    try:
        passages = evaluation.load_passages(path)
    except PipelineError as error:
        complain(error)
        raise typer.Exit(2) from error
    outcomes = evaluation.run_passages(
        passages, lambda article: extractor.extract_article(article).records
    )
    for kind, (passed, of) in evaluation.pass_rates(outcomes).items():
        typer.echo(f"{kind:44}{100 * passed / of:6.1f} {passed:4d} of {of}")
    for outcome in outcomes if misses else []:
        for difference in outcome.differences:
            typer.echo(f"{outcome.passage.id} {difference} | {outcome.passage.text!r}")
    surprises = [outcome for outcome in outcomes if outcome.surprises] if gate else []
    for outcome in surprises:
        result = "fails" if outcome.differences else "passes"
        typer.echo(f"gate: {outcome.passage.id} {result}, against what {path} says", err=True)
    raise typer.Exit(1 if surprises else 0)


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
        complain(error)
        raise typer.Exit(1) from error


app.add_typer(baseline.app)
# A file may be called "-x.txt".
app.command("git-diff", context_settings={"ignore_unknown_options": True})(git.git_diff)
app.command()(git.textconv)
app.command()(history.history)


if __name__ == "__main__":
    app()
