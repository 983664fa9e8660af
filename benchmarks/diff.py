"""How long two versions of a long article take to compare.

Usage: ``python -m benchmarks.diff [RECORDS ...]`` (1000 and 4000 unless told otherwise), or
``python -m benchmarks.diff --folder TEXTS.jsonl`` (lines with a "text", as for `benchmarks.stages`)

The versions are made up of invented sentences: of each hundred claims five are reworded, three
change their hedge, three their date, three are removed, three are added, and one passage moves.
Loading and extraction are not counted. Prints seconds on one core and what was found.

With a folder: 500 articles of 150 words, compared when nothing is in the cache, when ten of them
have changed since, and once more. Prints how many were extracted each time, and seconds of the CPU.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from pipeline.records import (
    DateRecord,
    DateRef,
    Holder,
    Likelihood,
    PredictionCue,
    PredictionRecord,
    QuoteCue,
    QuoteRecord,
    Record,
    Span,
    Speaker,
)
from pipeline.revisions import Version, compare
from pipeline.revisions.command import difference

ARTICLES, ARTICLE_WORDS, CHANGED = 500, 150, 10
WORDS = 4_000
SENTENCE = 14
SYLLABLES = [a + b for a in "bdfgklmnprst" for b in "aeiou"]
HEDGES = (("may", "possible", 30.0, 51.0), ("likely to", "likely", 67.0, 80.0))


def _word(number: int) -> str:
    size = len(SYLLABLES)
    return "".join(SYLLABLES[number // size**place % size] for place in (2, 1, 0))


class _Claim:
    """A sentence to be, with what its records say."""

    def __init__(self, chance: random.Random) -> None:
        # A few words are everywhere, most are rare, as in any text.
        self.words = [_word(int(WORDS * chance.random() ** 3)) for _ in range(SENTENCE)]
        self.hedge = chance.choice(HEDGES)
        self.year = chance.randint(1990, 2030)
        self.speaker = f"Person{chance.randint(1, 60)}"


def main(sizes: list[int]) -> None:
    """Measure each size and print."""
    for size in sizes:
        chance = random.Random(size)
        claims = [_Claim(chance) for _ in range(size // 3)]
        old = _version(claims)
        new = _version(_revised(claims, chance))
        start = time.process_time()
        changes = compare(old, new)
        seconds = time.process_time() - start
        counts = Counter(name for change in changes for name in change.types)
        print(f"{len(old.records):6,} and {len(new.records):6,} records: {seconds:6.2f} s")
        print("       " + ", ".join(f"{name} {n}" for name, n in sorted(counts.items())))


def _revised(claims: list[_Claim], chance: random.Random) -> list[_Claim]:
    revised = []
    for claim in claims:
        made = _Claim(chance)
        made.__dict__ |= claim.__dict__ | {"words": list(claim.words)}
        draw = chance.random()
        if draw < 0.03:
            continue
        if draw < 0.06:
            revised.append(_Claim(chance))
        elif draw < 0.11:
            for _ in range(4):
                made.words[chance.randrange(SENTENCE)] = _word(WORDS + chance.randrange(WORDS))
        elif draw < 0.14:
            made.hedge = HEDGES[made.hedge == HEDGES[0]]
        elif draw < 0.17:
            made.year += 1
        revised.append(made)
    size = max(1, len(revised) // 100)
    return revised[size : len(revised) // 2] + revised[:size] + revised[len(revised) // 2 :]


def _version(claims: list[_Claim]) -> Version:
    records: list[Record] = []
    at = 0
    for number, claim in enumerate(claims):
        subject, *rest = claim.words
        hedge, level, low, high = claim.hedge
        text = f"{subject} {hedge} {' '.join(rest)} in {claim.year}"
        said = f"{text}, {claim.speaker} said"
        date = text.rindex("in ")
        common = {"article": "a", "sentence": number, "section": "body", "confidence": 0.9}
        day = {
            "value": str(claim.year),
            "earliest": f"{claim.year}-01-01",
            "latest": f"{claim.year}-12-31",
            "text": text[date:],
            "id": f"date-{number}",
        }
        proposition = Span(start=at, end=at + len(text), text=text)
        name = Span(start=at + len(text) + 2, end=at + len(said) - 5, text=claim.speaker)
        records += [
            PredictionRecord(
                **common,
                id=f"prediction-{number}",
                start=at,
                end=at + len(said),
                text=said,
                cues=(
                    PredictionCue(
                        start=at + len(subject) + 1,
                        end=at + len(subject) + 1 + len(hedge),
                        text=hedge,
                        lemma=hedge,
                        form="modal",
                        role="hedge",
                    ),
                ),
                proposition=proposition,
                hedged=True,
                orientation="future",
                polarity="positive",
                likelihood=Likelihood(level=level, low=low, high=high, basis="survey", source="x"),
                holder=Holder(
                    kind="source",
                    text=claim.speaker,
                    name=claim.speaker,
                    entity=None,
                    quote=f"quote-{number}",
                ),
                subject=Span(start=at, end=at + len(subject), text=subject),
                horizon=DateRef(**day),
                condition=None,
                speech_act="assertion",
            ),
            QuoteRecord(
                **common,
                id=f"quote-{number}",
                start=at,
                end=at + len(said),
                text=said,
                type="indirect",
                content=(proposition,),
                speaker=Speaker(
                    start=name.start,
                    end=name.end,
                    text=name.text,
                    name=name.text,
                    entity=None,
                    role=None,
                    anonymous=False,
                    resolved_by="name",
                ),
                cue=QuoteCue(
                    start=at + len(said) - 4,
                    end=at + len(said),
                    text="said",
                    lemma="say",
                    stance="neutral",
                ),
                addressee=None,
                venue=None,
                date=None,
                reported=None,
                parent=None,
            ),
            DateRecord(
                **common,
                id=f"date-{number}",
                start=at + date,
                end=at + len(text),
                text=text[date:],
                value=str(claim.year),
                type="DATE",
                duration=None,
                earliest=f"{claim.year}-01-01",
                latest=f"{claim.year}-12-31",
                precision="year",
                anchor="absolute",
                modifier=None,
                alternatives=(),
            ),
        ]
        at += len(said) + 2
    return Version(
        article="a", records=tuple(records), text=None, sha256=None, fingerprint=None, origin="made"
    )


def folder(texts: Path) -> None:
    """Measure a folder of articles before and after some of them changed."""
    with tempfile.TemporaryDirectory() as made:
        old, new, cache = (Path(made) / name for name in ("old", "new", "cache"))
        for side in (old, new):
            side.mkdir()
            for number, article in enumerate(islice(_articles(texts), ARTICLES)):
                (side / f"{number}.txt").write_text(article, encoding="utf-8")
        _compare_folders(old, new, cache, "nothing kept")
        for path in sorted(new.iterdir())[:: ARTICLES // CHANGED]:
            path.write_text(f"The old bridge may close by 2031. {path.read_text('utf-8')}", "utf-8")
        _compare_folders(old, new, cache, f"{CHANGED} changed")
        _compare_folders(old, new, cache, "the same again")


def _articles(texts: Path) -> Iterator[str]:
    with texts.open(encoding="utf-8") as lines:
        for line in lines:
            words = json.loads(line)["text"].split()
            for start in range(0, len(words) - ARTICLE_WORDS, ARTICLE_WORDS):
                yield " ".join(words[start : start + ARTICLE_WORDS]) + "\n"


def _compare_folders(old: Path, new: Path, cache: Path, what: str) -> None:
    start = time.process_time()
    found = difference(str(old), str(new), cache=cache)
    seconds = time.process_time() - start
    print(
        f"{len(found.new)} articles, {what}: {found.extracted} extracted, "
        f"{len(found.changes)} changes, {seconds:.2f} s"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--folder"]:
        folder(Path(sys.argv[2]))
    else:
        main([int(size) for size in sys.argv[1:]] or [1000, 4000])
