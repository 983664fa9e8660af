"""A run of `claimline run`, with the memory of its worker processes as seen from outside.

Twice a second the resident memory (`/proc/PID/statm`) of every process that the run started is
read, from when the first shard is done, so that loading is over, to when the workers are gone; and
the time that it has used. Nothing inside the run takes part.
"""

from __future__ import annotations

import hashlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from math import inf
from pathlib import Path

import msgspec

from pipeline.batch import Output
from pipeline.batch.formats import Format
from pipeline.batch.run import Run

COMMAND = (sys.executable, "-m", "pipeline")
_LEAST_SHARDS = 40
WORKER = b"pipeline.batch.worker"


class Crew(msgspec.Struct, kw_only=True):
    """What a run took.

    Attributes:
        workers: how many.
        cluster: whether they were those of a local Dask cluster.
        articles: that came in.
        written: that have records; the others were quarantined.
        words: of those written.
        seconds: by the clock on the wall, the start of the processes included.
        processor: seconds of the processors, of all processes of the run together.
        worker: the most memory that one worker process held, MB, by tenth of the run; none when
            it was over too soon to see.
        others: the most that all other processes of the run held together, MB, by tenth.
        input: digest of the articles.
        digest: of all that the run wrote that has to be the same every time.
    """

    workers: int
    cluster: bool
    articles: int
    written: int
    words: int
    seconds: float
    processor: float
    worker: list[float]
    others: list[float]
    input: str
    digest: str

    @property
    def rate(self) -> float:
        """Words a second."""
        return self.words / self.seconds

    @property
    def growth(self) -> float:
        """Memory of a worker in the last tenth, as a multiple of that in the first.

        Without bound when the run was over too soon to see.
        """
        return self.worker[-1] / self.worker[0] if self.worker else inf

    @property
    def name(self) -> str:
        """As in "2 workers, Dask"."""
        count = f"{self.workers} worker{'' if self.workers == 1 else 's'}"
        return f"{count}, Dask" if self.cluster else count


def run_crew(rows: Path, workers: int, *, cluster: bool, every: float = 0.5) -> Crew:
    """Extract rows with a number of workers.

    Args:
        rows: JSONL.
        workers: how many.
        cluster: those of a local Dask cluster in place of processes of our own.
        every: seconds from sample to sample.

    Raises:
        RuntimeError: the run did not end well; with what it said.
    """
    with tempfile.TemporaryDirectory() as made:
        output = Output(Path(made, "out"))
        command = [*COMMAND, "run", str(rows), "-o", str(output.folder), "--workers", str(workers)]
        command += ["--shard-kilobytes", str(shard_kilobytes(rows.stat().st_size))]
        if cluster:
            command += ["--cluster", "local"]
        with Path(made, "said").open("w+") as said:
            start = time.perf_counter()
            process = subprocess.Popen(command, stdout=said, stderr=said)
            try:
                seen = _watch(process, output, every)
            finally:
                process.kill()
            seconds = time.perf_counter() - start
            said.seek(0)
            message = said.read()
        run = output.read_run(Run)
        if process.returncode or run is None:
            raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{message}")
        return Crew(
            workers=workers,
            cluster=cluster,
            articles=run.summary.articles,
            written=run.summary.written,
            words=run.summary.words,
            seconds=seconds,
            processor=sum(seen.processor.values()),
            worker=tenths(seen.worker),
            others=tenths(seen.others),
            input=hashlib.sha256(rows.read_bytes()).hexdigest(),
            digest=digest(output),
        )


def shard_kilobytes(size: int) -> int:
    """Of a shard: as usual, or less where there would be too few for workers to share evenly.

    Example:
        >>> shard_kilobytes(4_096_000)
        100
    """
    return max(1, min(Format.jsonl.shard_bytes, size // _LEAST_SHARDS) // 1024)


def tenths(values: list[float]) -> list[float]:
    """The most in each tenth of a series; of fewer than ten values some stand in several.

    Nothing when there are no values.

    Example:
        >>> tenths([1, 5, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 4])
        [5, 2, 2, 2, 2, 2, 2, 2, 2, 4]
    """
    count = len(values)
    if not count:
        return []
    bounds = [(count * n // 10, count * (n + 1) // 10) for n in range(10)]
    return [max(values[start : max(end, start + 1)]) for start, end in bounds]


def digest(output: Output) -> str:
    """A digest of the names and bytes of shards, marks and the list of quarantined articles."""
    found = hashlib.sha256()
    files = [p for folder in (output.shards, output.marks) for p in folder.rglob("*")]
    for path in sorted([*filter(Path.is_file, files), output.quarantine]):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        found.update(f"{path.relative_to(output.folder)} {content}\n".encode())
    return found.hexdigest()


class _Seen:
    """What was seen of a run.

    Attributes:
        worker: memory of the largest worker, MB, by sample.
        others: of all other processes together.
        processor: seconds that each process has used, by its id.
    """

    def __init__(self) -> None:
        self.worker: list[float] = []
        self.others: list[float] = []
        self.processor: dict[int, float] = {}


def _watch(process: subprocess.Popen[bytes], output: Output, every: float) -> _Seen:
    """Look at a run until it ends."""
    seen = _Seen()
    while True:
        try:
            process.wait(every)
        except subprocess.TimeoutExpired:
            _look(process.pid, seen, at_memory=bool(output.numbers()))
        else:
            return seen


def _look(process: int, seen: _Seen, *, at_memory: bool) -> None:
    workers, others = [], 0.0
    for number in _tree(process):
        folder = Path(f"/proc/{number}")
        try:
            command = (folder / "cmdline").read_bytes()
            pages = int((folder / "statm").read_text().split()[1])
            # Behind the name, which may hold anything: user and system time are 14 and 15 of all.
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except (OSError, IndexError):  # ended meanwhile
            continue
        seen.processor[number] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        held = pages * resource.getpagesize() / 1e6
        if WORKER in command:
            workers.append(held)
        else:
            others += held
    if at_memory and workers:
        seen.worker.append(max(workers))
        seen.others.append(others)


def _tree(process: int) -> Iterator[int]:
    """A process and all that it started, and they."""
    yield process
    # Processes and threads that end meanwhile are no longer there to be read.
    with suppress(OSError):
        for thread in Path(f"/proc/{process}/task").iterdir():
            for child in (thread / "children").read_text().split():
                yield from _tree(int(child))
