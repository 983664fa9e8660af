"""Targets: what changed between two texts, and what was approved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path

import msgspec

from pipeline import jsonl
from pipeline.errors import PipelineError
from pipeline.records import ArticleRecord, Record
from pipeline.report.changes_markdown import changes_markdown
from pipeline.report.changes_page import changes_page
from pipeline.report.changes_texts import set_side_by_side
from pipeline.report.changes_words import marked, runs
from pipeline.report.claims import change_lines, claim_lines
from pipeline.revisions import Version, compare
from pipeline.revisions.approved import decode, encode, lines_of, version_of
from pipeline.revisions.baseline import Baseline, Selection, file_name
from pipeline.revisions.changes import Change
from pipeline.revisions.history import follow
from pipeline.revisions.words import differences, words_of

from ..conftest import ROOT
from ..paged import harbour
from .language import SENTENCES, real_parses, records_of
from .mutation import mutate_lines
from .reading import scratch
from .target import NEXT, Target, parts, raw

_NOW = datetime(2021, 9, 21, tzinfo=UTC)


def words(data: bytes) -> None:
    """Compares two texts word by word and paragraph by paragraph."""
    old, new = (raw(part) for part in parts(data, NEXT))
    for text, pieces in zip((old, new), marked(old, new), strict=True):
        assert "".join(piece.text for piece in pieces) == text
    left, right = words_of(old), words_of(new)
    there, back = differences(left, right), differences(right, left)
    assert [(d.old, d.new, d.weight) for d in there] == [(d.new, d.old, d.weight) for d in back]
    assert differences(left, left) == []
    for word in left:
        assert old[word.start : word.end] == word.text
    # No paragraph is empty.
    before, after = ([line for line in text.split("\n") if line] for text in (old, new))
    rebuilt: list[str] = []
    at = 0
    for run in runs(before, after):
        rebuilt += [*before[at : run.old], *after[run.new : run.new_end]]
        at = run.old_end
    assert [*rebuilt, *before[at:]] == after
    rows = set_side_by_side(before, after)
    shown = [row.old for row in rows if row.old is not None and row.side in ("old", "both")]
    assert sorted(shown) == list(range(len(before)))
    shown = [row.new for row in rows if row.new is not None and row.side in ("new", "both")]
    assert sorted(shown) == list(range(len(after)))


def version(data: bytes, *, code: str = "f") -> Version | None:
    """A version of an article: a text with any parse."""
    made = records_of(data)
    if made is None:
        return None
    article, records = made
    return Version(
        article=article.id,
        records=tuple(records),
        text=article.source,
        sha256=article.sha256,
        fingerprint=code,
        origin="now",
    )


def changes(data: bytes) -> None:
    """Compares the records of two texts with any parses, and shows what changed."""
    old, new = (version(part) for part in parts(data, NEXT))
    if old is None or new is None:
        return
    found = compare(old, new)
    assert compare(old, old) == []
    back = compare(new, old)
    assert len(found) == len(back), f"{len(found)} changes there, {len(back)} back"
    show(found, old, new)
    for one in (old, new):
        approved(one)
    for story in follow([old, new, old]):
        assert story.steps


def show(found: list[Change], old: Version, new: Version) -> None:
    """Every view of changes; none may fail whatever the texts are."""
    lines = jsonl.encode(found)
    for line, change in zip(lines.splitlines(), found, strict=True):
        assert msgspec.json.decode(line, type=Change) == change
        assert all("\n" not in told for told in change_lines(change))
    olds, news = {old.article: old}, {new.article: new}
    assert changes_page(found, old=olds, new=news).encode("utf-8", "replace")
    assert len(changes_markdown(found, old=olds, new=news, longest=2000)) <= 2000
    assert all("\n" not in line for line in claim_lines(new.records))


def approved(one: Version) -> None:
    """What is approved is read back as the same claims."""
    lines = lines_of(one.records)
    first = next(record for record in one.records if isinstance(record, ArticleRecord))
    article, again = decode(encode(first, lines), source="a")
    assert again == lines
    read = version_of(article, again, source="a")
    assert compare(read, one) == [], "what was approved is not what is there"


def approved_file(data: bytes) -> None:
    """Reads an approved file, compares it and accepts what is there."""
    folder = Path(scratch().name) / "approved"
    folder.mkdir(exist_ok=True)
    path = folder / file_name("harbour")
    path.write_bytes(data)
    (folder / "accepted.jsonl").unlink(missing_ok=True)
    try:
        baseline = Baseline(folder)
        checked = baseline.check({"harbour": harbour_version()}, complete=True)
        baseline.accept(checked, Selection(), by="x", now=_NOW)
    except PipelineError as error:
        assert str(error)
    for left in folder.iterdir():
        left.unlink()


@cache
def harbour_version() -> Version:
    """Records of every kind."""
    records: tuple[Record, ...] = tuple(harbour())
    return Version(
        article="harbour",
        records=records,
        text=None,
        sha256=records[0].sha256 if isinstance(records[0], ArticleRecord) else None,
        fingerprint="f",
        origin="now",
    )


def _approved_seeds() -> Iterator[bytes]:
    first = harbour()[0]
    assert isinstance(first, ArticleRecord)
    yield encode(first, lines_of(harbour()))
    for path in sorted((ROOT / "corpus" / "approved").glob("*.approved.jsonl"))[:3]:
        yield b"\n".join(path.read_bytes().split(b"\n")[:6])


def _revised() -> Iterator[bytes]:
    revised = [
        SENTENCES[0].replace("may", "will").replace("Monday", "Friday"),
        SENTENCES[1].replace("could well", "is unlikely to"),
        *SENTENCES[:3],
        SENTENCES[3].replace("unlikely", "likely") + " " + SENTENCES[2],
    ]
    before = list(real_parses(*SENTENCES))
    for old, new in zip(before, real_parses(*revised), strict=False):
        yield old + NEXT + new


TARGETS = {
    "words": Target(
        run=words,
        seeds=lambda: [
            f"{a}\n{b}".encode() + NEXT + f"{b.replace('may', 'will')}\n{a}".encode()
            for a, b in pairwise(SENTENCES)
        ],
        lexicons=("revision_words",),
        words=(
            "6,200",
            "six thousand",
            "per cent",
            "co-operate",
            "won’t",
            "٣",
            "½",
            "\n\n",
            "\u2028",
        ),
        longest=1024,
    ),
    "changes": Target(
        run=changes,
        seeds=_revised,
        lexicons=("hedges", "reporting", "dates"),
        longest=4096,
        seconds=20.0,
        share=4,
    ),
    "approved": Target(
        mutate=mutate_lines,
        run=approved_file,
        seeds=_approved_seeds,
        words=('"step":', "1e999", "[0,0]", '"kind":"', "mention", '"length":', "-1", "null", "{}"),
        longest=8192,
    ),
}
