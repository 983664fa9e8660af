"""Words a second, in all and by stage, and memory, over many texts.

    python -m benchmarks.stages                       the sample corpus
    python -m benchmarks.stages TEXTS.jsonl [--limit N] [--check] [--published DATE]

TEXTS.jsonl has one object a line with "id" and "text". `--check` also verifies every invariant of
every record and exits 1 when one is broken. One process, one thread, after one text to warm up.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pipeline
from pipeline import jsonl
from pipeline.claims import make_records
from pipeline.evaluate.invariants import violations
from pipeline.reading import Article, read_article, read_text
from pipeline.stages import findings, layers

CORPUS = Path(__file__).parent.parent / "corpus"


def articles(texts: Path | None, published: str | None) -> Iterator[Article]:
    if texts is None:
        for path in sorted(CORPUS.iterdir()):
            if path.suffix in (".txt", ".md", ".html") and path.stem != "README":
                yield read_article(path)
        return
    with texts.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield read_text(row["text"], id=str(row["id"]).replace("/", "-"), published=published)


def memory_mb() -> float:
    """Resident memory now, in MB (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("texts", type=Path, nargs="?")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--published")
    arguments = parser.parse_args()

    start = time.perf_counter()
    extractor = pipeline.load()
    extractor.extract("It may rain, the bank said on 3 May 2021.")
    loading = time.perf_counter() - start
    nlp = extractor.nlp
    seconds: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    memory: list[float] = []
    words = count = 0
    broken: list[str] = []
    iterator = articles(arguments.texts, arguments.published)
    while arguments.limit is None or count < arguments.limit:
        clock = time.perf_counter()
        article = next(iterator, None)
        if article is None:
            break
        seconds["reading"] += time.perf_counter() - clock
        # The same steps as Extractor.extract_article, with a clock between them.
        with nlp.memory_zone():
            clock = time.perf_counter()
            doc = nlp.make_doc(article.text)
            seconds["tokenizer"] += time.perf_counter() - clock
            blocks = tuple(findings.ContextBlock(b.start, b.end, b.section) for b in article.blocks)
            layers.set_context(
                doc,
                findings.Context(
                    published=article.published, dateline=article.dateline, blocks=blocks
                ),
            )
            for name, component in nlp.pipeline:
                clock = time.perf_counter()
                doc = component(doc)
                seconds[name.removeprefix("claimline_")] += time.perf_counter() - clock
            clock = time.perf_counter()
            records = make_records(article, doc, extractor.info)
            seconds["claims"] += time.perf_counter() - clock
        clock = time.perf_counter()
        jsonl.encode(records)
        seconds["jsonl"] += time.perf_counter() - clock
        if arguments.check:
            broken += [f"{article.id}: {line}" for line in violations(article, records)]
        kinds.update(records[0].counts)
        words += len(article.text.split())
        memory.append(memory_mb())
        count += 1

    model = seconds["tokenizer"] + seconds["encoder"]
    after = sum(s for name, s in seconds.items() if name not in ("reading", "tokenizer", "encoder"))
    total = sum(seconds.values())
    print(f"{count} articles, {words:,} words, {total:.1f} s, loaded in {loading:.1f} s")
    print(", ".join(f"{number:,} {kind}" for kind, number in sorted(kinds.items())))
    print(f"\n{'':14}{'µs/word':>9}{'share':>8}")
    for name, spent in seconds.items():
        print(f"{name:14}{1e6 * spent / words:9.1f}{100 * spent / total:7.1f}%")
    print(f"{'all':14}{1e6 * total / words:9.1f}{100:7.1f}%")
    print(f"\nwords/s in all {words / total:,.0f}, language model alone {words / model:,.0f}")
    print(f"stages after the language model: {100 * after / total:.1f} % of the time")
    tenth = max(1, count // 10)
    first, last = max(memory[:tenth]), max(memory[-tenth:])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(f"memory: first tenth {first:.0f} MB, last tenth {last:.0f} MB, peak {peak:.0f} MB")
    for line in broken:
        print(f"broken: {line}", file=sys.stderr)
    if arguments.check:
        print(f"invariants broken: {len(broken)}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
