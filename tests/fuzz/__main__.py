"""Fuzz all targets for a while: `python -m tests.fuzz --seconds 600`; see docs/fuzzing.md.

Exit code 1 when an input broke something; it is kept under `--crashers`.
"""

from __future__ import annotations

import argparse
import io
import logging
import multiprocessing
import os
import re
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr
from multiprocessing.connection import wait
from pathlib import Path
from typing import NamedTuple

import atheris

from . import crashers

with redirect_stderr(io.StringIO()), atheris.instrument_imports(include=["pipeline"]):
    from .language import stages
    from .targets import TARGETS

    stages()  # spaCy imports their modules by itself, when they are first asked for
from .worker import fuzz

_STATUS = re.compile(r"#(\d+)\s+\w+\s+cov: (\d+) ft: \d+")
_DONE = re.compile(r"Done (\d+) runs in (\d+) second")
_FINAL = re.compile(r"stat::(\w+):\s+(\d+)")
_LEAST_SECONDS = 2

# The instrumented code is loaded once; a process is forked from this one for each target.
_FORKED = multiprocessing.get_context("fork")


class Result(NamedTuple):
    """What came of fuzzing one target."""

    name: str
    executions: int
    seconds: int
    edges: int
    finds: int
    memory: int
    crashers: Sequence[Path]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600, help="wall time, of all together")
    parser.add_argument(
        "--target",
        action="append",
        choices=[*TARGETS],
        metavar="NAME",
        help=f"one of {', '.join(TARGETS)}; may be given several times; all by default",
    )
    parser.add_argument("--jobs", type=int, default=1, help="targets at a time")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--corpus", type=Path, help="take up finds here and keep new ones; else begin anew"
    )
    parser.add_argument("--crashers", type=Path, default=crashers.KEPT)
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    names = given.target or [*TARGETS]
    shares = sum(TARGETS[name].share for name in names)
    results = []
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        tasks = [
            _Task(
                name,
                max(
                    _LEAST_SECONDS, round(given.seconds * given.jobs * TARGETS[name].share / shares)
                ),
                given.seed,
                (given.corpus or Path(folder, "corpus")) / name,
                given.crashers,
                Path(folder),
            )
            for name in names
        ]
        print(
            f"{'target':16}{'executions':>12}{'a second':>10}{'seconds':>9}{'edges':>8}{'finds':>7}"
            f"{'MB':>6}{'crashers':>10}",
            flush=True,
        )
        for task in _each_done(tasks, given.jobs):
            results.append(task.result())
            print(_line(results[-1]), flush=True)
    found = [path for result in results for path in result.crashers]
    sums = (sum(result[column] for result in results) for column in range(1, 5))
    print(_line(Result("all", *sums, max(result.memory for result in results), found)))
    for path in found:
        print(f"crasher: {path}")
    sys.exit(1 if found else 0)


def _line(result: Result) -> str:
    rate = result.executions / max(1, result.seconds)
    return (
        f"{result.name:16}{result.executions:12,}{rate:10,.0f}{result.seconds:9,}{result.edges:8,}"
        f"{result.finds:7,}{result.memory:6,}{len(result.crashers):10}"
    )


class _Task:
    """One target in a process of its own."""

    def __init__(
        self, name: str, seconds: int, seed: int, corpus: Path, kept: Path, folder: Path
    ) -> None:
        self.name = name
        self._log = folder / f"{name}.log"
        self._artifacts = folder / name
        self._artifacts.mkdir()
        self._kept = kept
        self._options = {
            "seconds": seconds,
            "seed": seed,
            "corpus": corpus,
            "kept": kept,
            "artifacts": f"{self._artifacts}/",
        }
        self.process = _FORKED.Process(target=self._run)

    def _run(self) -> None:
        file = os.open(self._log, os.O_WRONLY | os.O_CREAT)
        os.dup2(file, 1)
        os.dup2(file, 2)
        fuzz(self.name, TARGETS[self.name], **self._options)

    def result(self) -> Result:
        """What the process has left behind.

        Raises:
            SystemExit: the fuzzer itself failed.
        """
        told = self._log.read_text(encoding="utf-8", errors="replace")
        found = [Path(line) for line in re.findall(r"^CRASHER (.+)$", told, re.MULTILINE)]
        for artifact in self._artifacts.iterdir():
            # The process is gone; libFuzzer calls the input by what ended it.
            fault = crashers.Fault(f"{artifact.name.split('-')[0]}-of-the-process", "")
            found.append(crashers.keep(self._kept, self.name, fault, artifact.read_bytes()))
        for block in told.split("\nCRASHER ")[1:]:
            print(block.split("\n#", 1)[0], flush=True)
        if (self.process.exitcode and not found) or not _STATUS.search(told):
            sys.exit(f"{self.name}: the fuzzer ended with {self.process.exitcode}:\n{told[-4000:]}")
        done, last = _DONE.search(told), _STATUS.findall(told)[-1]
        final = {key: int(value) for key, value in _FINAL.findall(told)}
        return Result(
            self.name,
            int(done[1] if done else last[0]),
            int(done[2]) if done else 0,
            int(last[1]),
            final.get("new_units_added", 0),
            final.get("peak_rss_mb", 0),
            found,
        )


def _each_done(tasks: Sequence[_Task], jobs: int) -> Iterator[_Task]:
    """The tasks, as they are done; `jobs` at a time."""
    waiting = list(reversed(tasks))
    running: list[_Task] = []
    while waiting or running:
        while waiting and len(running) < jobs:
            running.append(waiting.pop())
            running[-1].process.start()
        ready = wait([task.process.sentinel for task in running])
        for task in [task for task in running if task.process.sentinel in ready]:
            task.process.join()
            running.remove(task)
            yield task


if __name__ == "__main__":
    main()
