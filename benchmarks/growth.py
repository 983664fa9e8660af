"""How time grows on hostile input: every regular expression, and all that reads text.

    python -m benchmarks.growth              a table, the fastest growth first
    python -m benchmarks.growth --check      exit code 1 when anything grows faster than its input
    python -m benchmarks.growth --only TEXT  the cases with that in their names

Each case is measured on 1, 10 and 100 times as much of the same hostile unit. The exponent is that
of the last step: 1 is time in proportion to the input, 2 its square. A part that seems to grow
faster is tried on ten times as much again, for work that is bounded levels off (words are compared
one by one up to a number of them, a window of the encoder costs the same however little is in it);
its row is of 10, 100 and 1,000 times as much. A pattern is tried on all strings that
`benchmarks.attacks` makes of it, in each way in which it is used, and then measured on those that
took longest. Times are seconds of the CPU, the least of several tries, in a process of its own:
what does not come back is stopped and reported. What takes less than `FLOOR` seconds on the largest
input is not judged, since no square is that small.
"""

from __future__ import annotations

import argparse
import gc
import math
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.language.tokenizer import MAX_RUN_CHARS

from .attacks import Attack, attacks
from .patterns import Found, find_patterns
from .untrusted import Part, parts

LIMIT = 1.3
"""The largest exponent that passes; a sort or a cache that overflows is a little above 1."""
FLOOR = 0.02
HARD_LIMIT = 10.0
"""Seconds of the CPU after which a single try is stopped."""
TRIES = 4
WORST = 4
"""As many attacks on a pattern are measured in full."""
PATTERN_SIZES = (1_000, 10_000, 100_000)
BOUNDED = {"pipeline.language.tokenizer": MAX_RUN_CHARS}
"""Modules whose patterns see no longer stretch than that; spaCy's own suffixes take its square."""


class Row(NamedTuple):
    """What was measured.

    Attributes:
        case: name of the pattern or part, and how it is used.
        text: what it was tried on.
        seconds: on three sizes, each ten times the one before; empty when the case was stopped.
    """

    case: str
    text: str
    seconds: tuple[float, ...]

    @property
    def exponent(self) -> float:
        """How fast time grows at the end; 0 where it is too short to tell."""
        if not self.seconds:
            return math.inf
        _, middle, large = self.seconds
        return math.log10(large / max(middle, 1e-6)) if large >= FLOOR else 0.0


Tell = Callable[[str], None]


class Case(NamedTuple):
    """What is measured in one go: gives its rows, and tells what it is about to try."""

    name: str
    rows: Callable[[Tell], list[Row]]


def cases() -> list[Case]:
    """All cases; a pattern is one for each of its uses."""
    patterns = [
        Case(f"{found.place} {found.name}", partial(_pattern_rows, found, use))
        for found in find_patterns()
        for use in sorted(_OPERATIONS.keys() & {_LIKE.get(use, use) for use in found.uses})
    ]
    texts = [
        Case(f"{part.steps.__name__.strip('_')} {attack}", partial(_part_rows, part, attack))
        for part in parts()
        for attack in part.units
    ]
    return [*patterns, *texts]


_OPERATIONS: dict[str, Callable[[Any, Any], object]] = {
    "match": lambda pattern, text: pattern.match(text),
    "fullmatch": lambda pattern, text: pattern.fullmatch(text),
    "search": lambda pattern, text: pattern.search(text),
    "finditer": lambda pattern, text: sum(1 for _ in pattern.finditer(text)),
    "scanner": lambda pattern, text: sum(1 for _ in iter(pattern.scanner(text).match, None)),
}
# What walks through a text in the same way.
_LIKE = dict.fromkeys(("findall", "sub", "subn", "split"), "finditer")


def _pattern_rows(found: Found, use: str, tell: Tell) -> list[Row]:
    """The pattern on what took it longest of all attacks."""
    operate, pattern = _OPERATIONS[use], found.pattern
    longest = BOUNDED.get(found.place.split(":")[0], PATTERN_SIZES[-1] * 2)

    def seconds(attack: Attack, size: int) -> float:
        text: Any = attack.text(size)
        if isinstance(pattern.pattern, bytes):
            text = text.encode("latin-1", "replace")
        pieces = [text[at : at + longest] for at in range(0, len(text), longest)]
        tell(f"{attack} {size:,}")
        start = time.process_time()
        for piece in pieces:
            operate(pattern, piece)
        return time.process_time() - start

    tried = [(seconds(each, PATTERN_SIZES[1]), each) for each in attacks(pattern)]
    tried.sort(key=lambda pair: -pair[0])
    rows = []
    for _, attack in tried[:WORST]:
        times = [seconds(attack, size) for size in PATTERN_SIZES]
        row = Row(use, str(attack), tuple(times))
        for _ in range(TRIES):
            if row.exponent > LIMIT:
                again = [seconds(attack, size) for size in PATTERN_SIZES]
                times = list(map(min, times, again))
                row = Row(use, str(attack), tuple(times))
        rows.append(row)
    return [max(rows, key=lambda row: (row.exponent, row.seconds))]


def _part_rows(part: Part, attack: Attack, tell: Tell) -> list[Row]:
    """Each step of a part; tried again, and then on more, while one seems to grow too fast."""
    least: dict[str, list[float]] = {}
    rows: list[Row] = []
    for _ in range(TRIES):
        for index, size in enumerate(part.sizes):
            tell(f"{size:,}")
            for step, seconds in _laps(part, attack.text(size), tell).items():
                times = least.setdefault(step, [math.inf] * len(part.sizes))
                times[index] = min(times[index], seconds)
        rows = [Row(step, str(attack), tuple(times)) for step, times in least.items()]
        if all(row.exponent <= LIMIT for row in rows):
            return rows
    larger = part.sizes[-1] * (part.sizes[-1] // part.sizes[-2])
    tell(f"{larger:,}")
    beyond = _laps(part, attack.text(larger), tell)
    return [
        row._replace(seconds=(*row.seconds[1:], beyond[row.case])) if row.exponent > LIMIT else row
        for row in rows
    ]


def _laps(part: Part, text: str, tell: Tell) -> dict[str, float]:
    """Seconds by step; each step has the whole limit to itself."""
    spent: dict[str, float] = {}
    last = time.process_time()

    def lap(step: str) -> None:
        nonlocal last
        now = time.process_time()
        if step:
            spent[step] = spent.get(step, 0.0) + now - last
            tell(f"{len(text):,} after {step}")
        last = time.process_time()

    part.steps(text, lap)
    return spent


def measure(chosen: list[Case]) -> Iterator[Row]:
    """The rows of all cases; a process that does not come back is stopped and a new one goes on."""
    done = 0
    while done < len(chosen):
        ours, theirs = multiprocessing.Pipe()
        worker = multiprocessing.get_context("fork").Process(
            target=_work, args=(chosen[done:], theirs), daemon=True
        )
        worker.start()
        theirs.close()
        at, begun = "", 0.0
        while done < len(chosen):
            if not ours.poll(1.0):
                if _spent(worker.pid) - begun < HARD_LIMIT:
                    continue
                yield Row(chosen[done].name, at, ())
                done += 1
                break
            try:
                message = ours.recv()
            except EOFError:
                raise SystemExit(f"{chosen[done].name}: failed on {at}, see above") from None
            begun = _spent(worker.pid)
            if isinstance(message, str):
                at = message
                continue
            name = chosen[done].name
            done += 1
            yield from (row._replace(case=_named(name, row)) for row in message)
        worker.kill()
        worker.join()


def _spent(process: int | None) -> float:
    """Seconds of the CPU that a process has had (Linux); a busy machine stops nothing."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _named(case: str, row: Row) -> str:
    return f"{case} {row.case}" if ":" in case.split()[0] else row.case


def _work(chosen: list[Case], pipe: Connection) -> None:
    gc.disable()  # when it runs depends on what ran before
    for case in chosen:
        gc.collect()
        gc.freeze()
        pipe.send(case.rows(pipe.send))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--check", action="store_true", help="fail when something grows too fast")
    parser.add_argument("--only", default="", help="cases with this in their names")
    parser.add_argument("--show", type=int, default=40, help="as many rows")
    arguments = parser.parse_args()
    start = time.perf_counter()
    every = cases()
    rows = []
    for row in measure([case for case in every if arguments.only in case.name]):
        rows.append(row)
        if row.exponent > LIMIT:
            print(f"{row.exponent:.2f}  {row.case}: {row.text}", file=sys.stderr)
    rows.sort(key=lambda row: (-row.exponent, -sum(row.seconds)))
    print(f"{'exponent':>8} {'1x':>9} {'10x':>9} {'100x':>9}  case: text")
    for row in rows[: arguments.show]:
        times = " ".join(
            f"{each:9.5f}" for each in row.seconds
        ) or f"over {HARD_LIMIT:.0f} s".rjust(29)
        print(f"{row.exponent:8.2f} {times}  {row.case}: {row.text}")
    bad = [row for row in rows if row.exponent > LIMIT]
    patterns = {case.name for case in every if ":" in case.name.split()[0]}
    print(
        f"{len(patterns)} patterns, {len(rows)} rows, "
        f"{len(bad)} with an exponent above {LIMIT}, {time.perf_counter() - start:.0f} s"
    )
    return 1 if bad and arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
