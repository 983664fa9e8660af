"""What `benchmarks.speed` measured, kept in a file, and what follows from it."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise
from math import log
from pathlib import Path
from typing import NamedTuple

import msgspec

from .speed_peers import Rate
from .stages import Measured
from .workers import Crew

LIBRARIES = ("spacy", "onnxruntime", "numpy", "msgspec", "distributed")

# What is asked for.
MOST_HELP = 0.3
MOST_FIRST = 2.0
MOST_AFTER = 30.0
MOST_EXPONENT = 1.05
MOST_GROWTH = 1.1
LEAST_SPEED_UP = 1.7

HELP, FIRST = "claimline --help", "start to first record"


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """Where it was measured."""

    cpu: str
    cores: int
    system: str
    python: str
    versions: dict[str, str]


class Results(msgspec.Struct, kw_only=True):
    """All that was measured; a part that was not is empty.

    Attributes:
        machine: where.
        pipeline: the fingerprint of the pipeline by part.
        texts: how many texts were given; 0 for the sample corpus.
        start: seconds by the clock on the wall, of every start, by what was started.
        stages: of articles as they are.
        length: of pieces, by their length in words.
        workers: runs.
        peers: other libraries.
        left_out: why a library was not asked.
        peer_seconds: that each library had.
    """

    machine: Machine
    pipeline: dict[str, str] = {}
    texts: dict[str, int] = {}
    start: dict[str, list[float]] = {}
    stages: Measured | None = None
    length: dict[int, Measured] = {}
    workers: list[Crew] = []
    peers: list[Rate] = []
    left_out: list[str] = []
    peer_seconds: float = 0.0


class Bar(NamedTuple):
    """What is asked for and whether it holds."""

    what: str
    measured: str
    asked: str
    met: bool


def this_machine() -> Machine:
    """This machine (Linux)."""
    cpu = "an unknown CPU"
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            cpu = value.strip()
            break
    return Machine(
        cpu=cpu,
        cores=len(os.sched_getaffinity(0)),
        system=platform.system(),
        python=platform.python_version(),
        versions={name: found for name in LIBRARIES if (found := _version(name))},
    )


def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None


def read_results(path: Path, machine: Machine) -> Results:
    """What is kept in a file; empty results when there is no file.

    Raises:
        ValueError: the file is damaged, or was measured on another machine or with other libraries.
    """
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Results)
    except FileNotFoundError:
        return Results(machine=machine)
    except msgspec.DecodeError as error:
        raise ValueError(f"{path}: not results of this benchmark ({error}): remove it") from error
    if found.machine != machine:
        raise ValueError(
            f"{path}: measured on another machine or with other libraries: give another --results "
            "or remove it"
        )
    return found


def keep_results(path: Path, results: Results) -> None:
    """Write results to a file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=1) + b"\n")
    part.replace(path)


def exponent(seconds: Mapping[float, float]) -> float:
    """The power with which time grows: 1 in proportion to the size, 2 with its square.

    It is the greatest between neighbouring sizes: what a start costs makes all but the longest
    cheap by comparison, and must not hide what grows behind it.

    Args:
        seconds: by size, at least two sizes; none of them 0.

    Example:
        >>> round(exponent({10: 5.0, 100: 10.0, 1000: 100.0}), 6)
        1.0
    """
    return max(
        log(seconds[long] / seconds[short]) / log(long / short)
        for short, long in pairwise(sorted(seconds))
    )


def growth_of(length: Mapping[int, Measured], step: str | None = None) -> float:
    """The exponent of the time of an article over its words, of one step or of all."""
    seconds = {}
    for found in length.values():
        spent = found.stages[step] if step else found.processor
        seconds[found.words / found.articles] = spent / found.articles
    return exponent(seconds)


def speed_up(workers: list[Crew]) -> float | None:
    """The rate of two workers as a multiple of one worker's, on the same articles."""
    one, two = (_crew(workers, count) for count in (1, 2))
    return two.rate / one.rate if one and two and one.input == two.input else None


def core_rate(workers: list[Crew]) -> float | None:
    """Words a second that a core does while all cores are busy."""
    two = _crew(workers, 2)
    return two.rate / two.workers if two else None


def _crew(workers: list[Crew], count: int) -> Crew | None:
    return next((c for c in workers if c.workers == count and not c.cluster), None)


def hours(articles: int, words: int, *, rate: float, cores: int) -> float:
    """Hours for so many articles of so many words.

    Args:
        articles: how many.
        words: of each.
        rate: words a second of one core.
        cores: all of them busy to the end.

    Example:
        >>> hours(1_000_000, 360, rate=1000.0, cores=2)
        50.0
    """
    return articles * words / (rate * cores) / 3600


def median(values: list[float]) -> float:
    """The middle one; of an even number the lower of the two."""
    return sorted(values)[(len(values) - 1) // 2]


def bars(results: Results) -> list[Bar]:
    """What is asked for, as far as it was measured."""
    found = []
    for name, most in ((HELP, MOST_HELP), (FIRST, MOST_FIRST)):
        if name in results.start:
            seconds = median(results.start[name])
            found.append(
                Bar(f"{name}, median", f"{seconds:.2f} s", f"≤ {most:.1f} s", seconds <= most)
            )
    if (stages := results.stages) is not None:
        share = 100 * stages.after / stages.processor
        found.append(
            Bar(
                "stages after the language model, share of the time",
                f"{share:.1f} %",
                f"≤ {MOST_AFTER:.0f} %",
                share <= MOST_AFTER,
            )
        )
    if len(results.length) > 1:
        power = growth_of(results.length)
        found.append(
            Bar(
                f"time of an article over its words, {_range(results.length)}: exponent",
                f"{power:.3f}",
                f"≤ {MOST_EXPONENT}",
                power <= MOST_EXPONENT,
            )
        )
    found += [
        Bar(
            f"memory of a worker, last tenth to first, {crew.name}",
            f"{crew.growth:.2f}",
            f"≤ {MOST_GROWTH}",
            crew.growth <= MOST_GROWTH,
        )
        for crew in results.workers
    ]
    if (times := speed_up(results.workers)) is not None:
        found.append(
            Bar(
                "rate of two workers to one",
                f"{times:.2f}",
                f"≥ {LEAST_SPEED_UP}",
                times >= LEAST_SPEED_UP,
            )
        )
    if len(results.workers) > 1:
        digests = {(crew.input, crew.digest) for crew in results.workers}
        names = "; ".join(crew.name for crew in results.workers)
        found.append(
            Bar(
                f"the same bytes: {names}",
                f"{len(digests)} output{'' if len(digests) == 1 else 's'}",
                "1",
                len(digests) == 1,
            )
        )
    return found


def _range(length: Mapping[int, Measured]) -> str:
    return f"{min(length):,} to {max(length):,} words"
