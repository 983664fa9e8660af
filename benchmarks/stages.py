"""Words a second, in all and by stage, and memory, over many texts.

    python -m benchmarks.stages                       the sample corpus
    python -m benchmarks.stages TEXTS.jsonl [--limit N] [--check] [--published DATE] [--json]

TEXTS.jsonl has one object a line with "id" and "text". `--check` also verifies every invariant of
every record and exits 1 when one is broken; `--json` prints what was measured as JSON. One process,
one thread, after one text to warm up. Words a second are by the clock on the wall; stages are in
time of the processor, which other work on the machine disturbs less.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import msgspec

import pipeline
from pipeline import jsonl
from pipeline.evaluate.invariants import violations
from pipeline.extraction import Extractor
from pipeline.reading import Article, read_article, read_text

CORPUS = Path(__file__).parent.parent / "corpus"
LANGUAGE_MODEL = ("tokenizer", "encoder")


class Measured(msgspec.Struct, kw_only=True):
    """What a number of articles cost.

    Attributes:
        articles: how many.
        words: of their reading text.
        seconds: for all, by the clock on the wall.
        stages: seconds of the processor by step, in the order of the steps.
        records: how many of each kind.
        first, last: the most memory held behind an article of the first and of the last tenth, MB.
        peak: of memory, MB.
        broken: invariants that did not hold.
    """

    articles: int = 0
    words: int = 0
    seconds: float = 0.0
    stages: dict[str, float] = {}
    records: dict[str, int] = {}
    first: float = 0.0
    last: float = 0.0
    peak: float = 0.0
    broken: list[str] = []

    @property
    def processor(self) -> float:
        """Seconds of the processor for all."""
        return sum(self.stages.values())

    @property
    def rate(self) -> float:
        """Words a second by the clock on the wall."""
        return self.words / self.seconds

    @property
    def model(self) -> float:
        """Seconds of the processor in the language model."""
        return sum(self.stages[name] for name in LANGUAGE_MODEL)

    @property
    def after(self) -> float:
        """Seconds of the processor behind the language model."""
        return self.processor - self.model - self.stages["reading"]


def articles(texts: Path | None, published: str | None) -> Iterator[Article]:
    if texts is None:
        for path in sample():
            yield read_article(path)
        return
    with texts.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield read_text(row["text"], id=str(row["id"]).replace("/", "-"), published=published)


def sample() -> list[Path]:
    """The articles of the sample corpus."""
    paths = sorted(CORPUS.iterdir())
    return [p for p in paths if p.suffix in (".txt", ".md", ".html") and p.stem != "README"]


def measure(extractor: Extractor, found: Iterable[Article], *, check: bool = False) -> Measured:
    """Extract articles with a clock between the steps."""
    measured = Measured()
    spent: defaultdict[str, float] = defaultdict(float)
    kinds: Counter[str] = Counter()
    memory: list[float] = []
    at, clock = "reading", time.process_time()

    def begin(step: str) -> None:
        nonlocal clock, at
        now = time.process_time()
        spent[at] += now - clock
        at, clock = step.removeprefix("claimline_"), now

    iterator = iter(found)
    while True:
        began = time.perf_counter()
        at, clock = "reading", time.process_time()
        article = next(iterator, None)
        if article is None:
            break
        begin("tokenizer")
        extraction = extractor.extract_article(article, at=begin)
        begin("jsonl")
        jsonl.encode(extraction.records)
        begin("")
        measured.seconds += time.perf_counter() - began
        measured.articles += 1
        measured.words += extraction.words
        memory.append(memory_mb())
        kinds.update(extraction.article.counts)
        if check:
            lines = violations(article, extraction.records)
            measured.broken += [f"{article.id}: {line}" for line in lines]
    if not memory:
        sys.exit("no articles: nothing to measure")
    tenth = max(1, len(memory) // 10)
    measured.stages = dict(spent)
    measured.records = dict(sorted(kinds.items()))
    measured.first, measured.last = max(memory[:tenth]), max(memory[-tenth:])
    measured.peak = peak_mb()
    return measured


def memory_mb() -> float:
    """Resident memory now, in MB (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def peak_mb() -> float:
    """The most resident memory so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("texts", type=Path, nargs="?")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--published")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()

    start = time.perf_counter()
    extractor = pipeline.load()
    extractor.extract("It may rain, the bank said on 3 May 2021.")
    loading = time.perf_counter() - start
    found = islice(articles(arguments.texts, arguments.published), arguments.limit)
    measured = measure(extractor, found, check=arguments.check)
    if arguments.json:
        print(msgspec.json.encode(measured).decode())
    else:
        write(measured, loading)
    for line in measured.broken:
        print(f"broken: {line}", file=sys.stderr)
    if arguments.check and not arguments.json:
        print(f"invariants broken: {len(measured.broken)}")
    return 1 if measured.broken else 0


def write(found: Measured, loading: float) -> None:
    words, total = found.words, found.processor
    print(
        f"{found.articles} articles, {words:,} words, {found.seconds:.1f} s "
        f"({total:.1f} s of the processor), loaded in {loading:.1f} s"
    )
    print(", ".join(f"{number:,} {kind}" for kind, number in found.records.items()))
    print(f"\n{'':14}{'µs/word':>9}{'share':>8}")
    for name, spent in found.stages.items():
        print(f"{name:14}{1e6 * spent / words:9.1f}{100 * spent / total:7.1f}%")
    print(f"{'all':14}{1e6 * total / words:9.1f}{100:7.1f}%")
    alone = words / found.model
    print(f"\nwords/s in all {found.rate:,.0f}, language model alone {alone:,.0f}")
    print(f"stages after the language model: {100 * found.after / total:.1f} % of the time")
    print(
        f"memory: first tenth {found.first:.0f} MB, last tenth {found.last:.0f} MB, "
        f"peak {found.peak:.0f} MB"
    )


if __name__ == "__main__":
    sys.exit(main())
