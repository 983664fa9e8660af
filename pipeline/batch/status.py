"""How a run stands, from its folder alone."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import msgspec

from ..errors import ConfigError
from .output import Output
from .run import Run, Summary


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """How a run stands.

    Attributes:
        state: "running", "complete", "stopped", or "killed" when it says "running" but no process
            holds the folder.
        run: what `run.json` says.
        found: the counts of the shards that are done.
        stages: quarantined articles by the stage in which they failed.
        damaged: shards whose file is not as marked; looked for on demand only.
    """

    state: str
    run: Run
    found: Summary
    stages: dict[str, int]
    damaged: tuple[int, ...]


def status(folder: Path, *, verify: bool = False) -> Status:
    """How the run of a folder stands.

    Args:
        folder: of the run.
        verify: whether to read all shards and compare them with their marks.

    Raises:
        ConfigError: there is no run.
    """
    output = Output(folder)
    run = output.read_run(Run)
    if run is None:
        raise ConfigError(f"{folder}: no run writes or wrote there: run.json is missing or damaged")
    found = Summary(total=run.summary.total)
    stages: Counter[str] = Counter()
    damaged = []
    for number in output.numbers():
        mark = output.mark(number)
        if mark is None:
            damaged.append(number)
            continue
        found.add(mark, cost=0, made=False)
        stages.update(row.stage for row in mark.quarantined)
        if verify and not output.verified(mark):
            damaged.append(number)
    state = run.state
    if state == "running" and not output.is_locked:
        state = "killed"
    elif output.is_locked:
        state = "running"
    return Status(
        state=state,
        run=run,
        found=found,
        stages=dict(sorted(stages.items())),
        damaged=tuple(damaged),
    )
