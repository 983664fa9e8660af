"""How fast, how large, how much: stages, start, length of articles, workers, other libraries.

    python -m benchmarks.speed [--quick] [--only PART,…] [--texts FILE.jsonl …] [--articles N]
                               [--check] [--write docs/speed.md]

Parts, each measured in processes of its own, the machine named:

- `start`: `claimline --help`, `--version`, and from the start to the first record.
- `stages`: words a second by stage, on articles as they are (`benchmarks.stages`).
- `length`: the same on pieces of 100 to 100,000 words.
- `workers`: `claimline run` with one worker, two workers, and two of a local Dask cluster, on the
  same articles: rate, memory over time, and whether the bytes are the same.
- `peers`: other libraries on the same texts (`benchmarks.speed_peers`).

What is measured is kept in a file (`--results`), part by part and in `workers` run by run, so that
parts measured at different times make one page; `--only none` measures nothing. `--check` exits 1
when something that is asked for was measured and does not hold. Without `--texts` the sample corpus
is cut, over and over. Nothing else should run on the machine meanwhile.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import cycle
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec

import pipeline

from . import pieces
from .speed_page import speed_page
from .speed_peers import DOES, MODEL, Rate
from .speed_picture import draw_speed
from .speed_results import (
    FIRST,
    HELP,
    Results,
    bars,
    keep_results,
    read_results,
    this_machine,
)
from .stages import Measured
from .workers import run_crew

PARTS = ("start", "stages", "length", "workers", "peers")
LENGTHS = (100, 1_000, 10_000, 100_000)
SHORT, LONG, EVERY = 100, 1_000, 20
CREWS = ((1, False), (2, False), (2, True))
RESULTS = Path(".benchmarks/speed.json")
_ROOT = Path(__file__).parent.parent
# One thread, as the workers of a run have.
_ONE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
_T = TypeVar("_T", bound=msgspec.Struct)


class Sizes(NamedTuple):
    """How much is measured.

    Attributes:
        articles: of a run with workers.
        words: of `stages`, of each length and of the texts for other libraries.
        repeats: starts of a process.
        seconds: for each other library.
    """

    articles: int
    words: int
    repeats: int
    seconds: float


FULL = Sizes(articles=2_000, words=100_000, repeats=5, seconds=10.0)
QUICK = Sizes(articles=100, words=10_000, repeats=2, seconds=2.0)


class Bench(NamedTuple):
    """What the parts need: the texts, where files may lie, sizes, and where results go."""

    texts: list[str]
    folder: Path
    sizes: Sizes
    model: str
    results: Results
    keep: Callable[[], None]

    def rows(self, name: str, texts: Sequence[str]) -> Path:
        """Texts as a file."""
        path = self.folder / f"{name}.jsonl"
        pieces.write_rows(path, texts)
        return path

    def cut(self, words: int) -> list[str]:
        """Pieces of about so many words, so many that they have the words of the sizes."""
        return list(pieces.take(pieces.pieces(cycle(self.texts), words), self.sizes.words))


def start(bench: Bench) -> None:
    """Cold processes on a warm disk."""
    article = bench.folder / "article.txt"
    article.write_text(next(pieces.pieces(cycle(bench.texts), SHORT)) + "\n", encoding="utf-8")
    claimline = str(Path(sys.executable).with_name("claimline"))
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        HELP: [claimline, "--help"],
        "claimline --version": [claimline, "--version"],
        FIRST: [claimline, "extract", str(article), "--output", "-"],
    }
    bench.results.start = {}
    for name, command in commands.items():
        timed = [_first_line(command) for _ in range(1 + bench.sizes.repeats)]
        bench.results.start[name] = timed[1:]


def _first_line(command: Sequence[str]) -> float:
    """Seconds until a process has written a line, or has ended when it writes none."""
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        process.stdout.readline()
        seconds = time.perf_counter() - began
        process.stdout.read()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return seconds


def stages(bench: Bench) -> None:
    """Articles as they are."""
    texts = list(pieces.take(cycle(bench.texts), bench.sizes.words))
    bench.results.stages = _stages(bench.rows("stages", texts))


def length(bench: Bench) -> None:
    """Pieces of one length at a time."""
    bench.results.length = {}
    for words in LENGTHS:
        if words <= bench.sizes.words:
            bench.results.length[words] = _stages(bench.rows(f"length-{words}", bench.cut(words)))
            bench.keep()


def _stages(rows: Path) -> Measured:
    return _child(Measured, "benchmarks.stages", str(rows), "--json")


def workers(bench: Bench) -> None:
    """The same articles with each crew."""
    mixed = pieces.mixed(bench.texts, bench.sizes.articles, short=SHORT, long=LONG, every=EVERY)
    rows = bench.rows("workers", list(mixed))
    bench.results.workers = []
    for count, cluster in CREWS:
        crew = run_crew(rows, count, cluster=cluster)
        bench.results.workers.append(crew)
        print(f"  {crew.name}: {crew.seconds:,.0f} s, {crew.rate:,.0f} words/s", flush=True)
        bench.keep()


def peers(bench: Bench) -> None:
    """Every library by itself."""
    rows = bench.rows("peers", bench.cut(LONG))
    bench.results.peers, bench.results.left_out = [], []
    bench.results.peer_seconds = bench.sizes.seconds
    for name in DOES:
        options = ("--seconds", str(bench.sizes.seconds), "--model", bench.model)
        try:
            rate = _child(Rate, "benchmarks.speed_peers", name, str(rows), *options)
        except RuntimeError as error:
            if "is left out" not in str(error):
                raise
            bench.results.left_out.append(str(error))
        else:
            bench.results.peers.append(rate)
        bench.keep()


def _child(of: type[_T], *command: str) -> _T:
    """What a module of ours prints when it runs in a process of its own.

    Raises:
        RuntimeError: it failed; with what it said.
    """
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=_ROOT,
        env=os.environ | _ONE,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    return msgspec.json.decode(done.stdout, type=of)


MEASURE = {part.__name__: part for part in (start, stages, length, workers, peers)}


def main(given: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--quick", action="store_true", help="small sizes, in a minute or two")
    parser.add_argument("--only", default=",".join(PARTS), help=f"of {','.join(PARTS)}; or none")
    parser.add_argument("--texts", type=Path, nargs="+", default=[], help="JSONL with `text`")
    parser.add_argument("--articles", type=int, help="of a run with workers")
    parser.add_argument("--words", type=int, help="of the stages, of each length and for peers")
    parser.add_argument("--repeats", type=int, help="starts of a process")
    parser.add_argument("--seconds", type=float, help="for each other library")
    parser.add_argument("--spacy-model", default=MODEL, help="that is set beside ours")
    parser.add_argument("--price", type=float, default=0.05, help="of a core for an hour")
    parser.add_argument("--cores", type=int, nargs="+", default=[64], help="for a million articles")
    parser.add_argument("--results", type=Path, default=RESULTS, help="what was measured")
    parser.add_argument("--write", type=Path, help="page to write, its picture in images beside it")
    parser.add_argument("--check", action="store_true", help="exit 1 when a bar is not met")
    arguments = parser.parse_args(given)
    only = [] if arguments.only == "none" else arguments.only.split(",")
    if unknown := set(only) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    sizes = QUICK if arguments.quick else FULL
    asked = {name: getattr(arguments, name) for name in Sizes._fields}
    sizes = sizes._replace(**{name: size for name, size in asked.items() if size is not None})
    try:
        texts = pieces.read_texts(arguments.texts)
        results = read_results(arguments.results, this_machine())
    except (OSError, ValueError) as error:
        sys.exit(str(error))

    fingerprint = pipeline.load(lazy=True).info.fingerprint
    with tempfile.TemporaryDirectory() as folder:

        def keep() -> None:
            keep_results(arguments.results, results)

        bench = Bench(texts, Path(folder), sizes, arguments.spacy_model, results, keep)
        for part in PARTS:
            if part not in only:
                continue
            began = time.monotonic()
            results.pipeline[part] = fingerprint
            results.texts[part] = len(texts) if arguments.texts else 0
            print(f"{part} …", flush=True)
            try:
                MEASURE[part](bench)
            except RuntimeError as error:
                sys.exit(f"{part}: {error}")
            keep()
            print(f"{part}: {time.monotonic() - began:.0f} s", flush=True)

    if arguments.write is not None:
        write(results, arguments.write, cores=arguments.cores, price=arguments.price)
    found = bars(results)
    for bar in found:
        print(f"{'met    ' if bar.met else 'NOT MET'}  {bar.what}: {bar.measured} ({bar.asked})")
    return 1 if arguments.check and not all(bar.met for bar in found) else 0


def write(results: Results, page: Path, *, cores: Sequence[int], price: float) -> None:
    """Write the page, and its picture into `images` beside it."""
    picture = Path("images", f"{page.stem}.svg")
    (page.parent / "images").mkdir(parents=True, exist_ok=True)
    (page.parent / picture).write_text(draw_speed(results), encoding="utf-8")
    text = speed_page(results, picture=picture.as_posix(), cores=cores, price=price)
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
