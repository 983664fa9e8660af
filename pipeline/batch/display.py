"""What a person sees of a run: a bar while it goes on, a table in the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from .run import Summary
from .status import Status

_KINDS = ("entity", "date", "event", "prediction", "quote", "problem")


@contextmanager
def progress(console: Console) -> Iterator[Callable[[Summary], None]]:
    """A bar with rate and time to go, where a person watches; silence elsewhere."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with bar:
        task = bar.add_task("starting", total=None)

        def watch(found: Summary) -> None:
            lost = f", {found.quarantined:,} quarantined" if found.quarantined else ""
            bar.update(
                task,
                total=found.total,
                completed=found.cost,
                description=f"{found.articles:,} articles{lost}, {found.rate:,.0f} words/s",
            )

        yield watch


def summary_table(found: Summary) -> Table:
    """The counts of a run."""
    table = _table()
    table.add_row("articles in", f"{found.articles:,}")
    table.add_row("  written", f"{found.written:,}")
    table.add_row("  quarantined", f"{found.quarantined:,}")
    table.add_row("shards", f"{found.shards:,}")
    if found.skipped:
        table.add_row("  done before", f"{found.skipped:,}")
    if found.damaged:
        table.add_row("  damaged, made again", f"{found.damaged:,}")
    table.add_row("words", f"{found.words:,}")
    for kind in _KINDS:
        table.add_row(f"  {kind}", f"{found.records.get(kind, 0):,}")
    if found.seconds:
        table.add_row("seconds", f"{found.seconds:,.1f}")
        table.add_row("words/s", f"{found.rate:,.0f}")
    return table


def status_table(found: Status) -> Table:
    """How a run stands."""
    table = _table()
    table.add_row("state", found.state)
    table.add_row("started", found.run.started)
    table.add_row("pipeline", found.run.pipeline.fingerprint)
    table.add_row("shards done", f"{found.found.shards:,}")
    table.add_row("articles in them", f"{found.found.articles:,}")
    table.add_row("  written", f"{found.found.written:,}")
    table.add_row("  quarantined", f"{found.found.quarantined:,}")
    for stage, count in found.stages.items():
        table.add_row(f"    in {stage}", f"{count:,}")
    table.add_row("words", f"{found.found.words:,}")
    if found.damaged:
        table.add_row("damaged shards", ", ".join(map(str, found.damaged[:20])))
    return table


def _table() -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    return table
