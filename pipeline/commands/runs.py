"""`claimline run`, `retry` and `status`: any number of articles."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import ConfigError, RunError
from .loading import overrides_of
from .messages import complain, exit_on_wrong_setup, message_console
from .options import ConfigOption, ModelOption, SetOption

if TYPE_CHECKING:
    from ..batch import Limits, Summary

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
    from ..batch import Columns, Format, Options, Stale
    from ..batch import run as run_all
    from ..config import as_overrides, load_config

    with exit_on_wrong_setup():
        if stale not in list(Stale):
            raise ConfigError(f"--stale {stale!r}: expected one of {', '.join(Stale)}")
        if form not in list(Format):
            raise ConfigError(f"--format {form!r}: expected one of {', '.join(Format)}")
        options = Options(
            model=model,
            settings=as_overrides(load_config(config, overrides_of(settings))),
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
    from ..batch import retry as retry_all

    with exit_on_wrong_setup():
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

    from ..batch import status as stands
    from ..batch.display import status_table

    with exit_on_wrong_setup():
        found = stands(folder, verify=verify)
    Console(highlight=False).print(status_table(found))
    raise typer.Exit(1 if found.damaged or found.state != "complete" else 0)


def _limits(seconds: float | None, memory: int | None) -> Limits:
    from ..batch import Limits

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
    from ..batch.display import progress, summary_table

    console = message_console()
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
