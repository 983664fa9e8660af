"""Dates of events against timelines, on small invented articles."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from msgspec.structs import asdict

from pipeline.errors import PipelineError
from pipeline.evaluate.timelines import (
    TimelineMention,
    TimelineRow,
    read_timelines,
    score_timelines,
)
from pipeline.reading import Article
from pipeline.records import EventRecord, Link, Record, Trigger

from . import by_hand
from .by_hand import ref, span_of

TEXT = "Rebels attack Bria\n\nRebels attacked Bria on Monday. It rained. Talks open in May."


def row(*mentions: tuple[str, str], published: str = "2014-05-06") -> TimelineRow:
    events = tuple(
        TimelineMention(start=TEXT.index(word), end=TEXT.index(word) + len(word), date=date)
        for word, date in mentions
    )
    return TimelineRow(id="a", published=published, text=TEXT, events=events)


def event(
    word: str,
    earliest: str | None,
    latest: str | None,
    *mentions: str,
    link: Link = "own",
    date: str | None = "date-1",
) -> EventRecord:
    where = asdict(span_of(word, TEXT))
    return by_hand.event(
        word,
        earliest,
        latest,
        **where,
        id="event-1",
        trigger=Trigger(**where, lemma=word),
        date=ref(earliest, latest, "", text="", id=date),
        link=link,
        mentions=tuple(span_of(text, TEXT) for text in mentions),
        confidence=0.5,
    )


def figures(rows: list[TimelineRow], *records: Record) -> tuple[int, ...]:
    """(dated, exact, found, found exact, undated, wrongly dated)."""

    def extract(article: Article) -> tuple[Record, ...]:
        return records

    score = score_timelines(rows, extract)
    return (
        score.dated,
        score.exact,
        score.found,
        score.found_exact,
        score.undated,
        score.wrongly_dated,
    )


@pytest.mark.parametrize(
    ("days", "exact"),
    [
        (("2014-05-05", "2014-05-05"), 1),
        (("2014-05-01", "2014-05-31"), 0),
        ((None, "2014-05-05"), 0),
        (("2014-05-05", None), 0),
    ],
)
def test_a_day_is_exact_when_both_its_ends_are(
    days: tuple[str | None, str | None], exact: int
) -> None:
    given = figures([row(("attacked", "2014-05-05"))], event("attacked", *days))
    assert given == (1, exact, 1, exact, 0, 0)


@pytest.mark.parametrize(
    ("gold", "days"),
    [
        ("2014-02-XX", ("2014-02-01", "2014-02-28")),
        ("2012-02-XX", ("2012-02-01", "2012-02-29")),
        ("2013-XX-XX", ("2013-01-01", "2013-12-31")),
        ("2013", ("2013-01-01", "2013-12-31")),
    ],
)
def test_unknown_parts_of_a_date_are_the_whole_month_or_year(
    gold: str, days: tuple[str, str]
) -> None:
    assert figures([row(("attacked", gold))], event("attacked", *days)) == (1, 1, 1, 1, 0, 0)


def test_without_a_record_the_day_of_publication_is_the_guess() -> None:
    rows = [row(("attacked", "2014-05-06"), ("rained", "2014-05-05"))]
    assert figures(rows) == (2, 1, 0, 0, 0, 0)


def test_the_guess_is_no_wrong_date_but_a_record_is() -> None:
    rows = [row(("attacked", "XXXX-XX-XX"), ("rained", "XXXX-XX-XX"))]
    assert figures(rows) == (0, 0, 0, 0, 2, 0)
    assert figures(rows, event("rained", "2014-05-05", "2014-05-05")) == (0, 0, 0, 0, 2, 1)


def test_further_mentions_of_a_record_have_its_date() -> None:
    record = event("attacked", "2014-05-05", "2014-05-05", "attack ")
    assert figures([row(("attack ", "2014-05-05"))], record) == (1, 1, 1, 1, 0, 0)


def test_a_bound_is_no_date() -> None:
    record = event("rained", None, "2014-05-06", date=None)
    assert figures([row(("rained", "2014-05-06"))], record) == (1, 1, 0, 0, 0, 0)


def test_a_mention_of_several_words_meets_the_record_of_one() -> None:
    record = event("open", "2014-05-01", "2014-05-31")
    assert figures([row(("Talks open", "2014-05-XX"))], record) == (1, 1, 1, 1, 0, 0)


def test_misses_say_what_was_given() -> None:
    rows = [row(("attacked", "2014-05-05"), ("rained", "2014-05-05"))]
    record = event("rained", "2014-05-01", "2014-05-31", link="narrative")
    misses = score_timelines(rows, lambda article: [record]).misses
    assert [miss.split(": ")[1] for miss in misses] == [
        "gold 2014-05-05 got the guess",
        "gold 2014-05-05 got 2014-05-01..2014-05-31 (narrative)",
    ]


def test_shares_of_nothing_are_none() -> None:
    score = score_timelines([], lambda article: [])
    assert (score.exact_share, score.wrongly_dated_share) == (0.0, 0.0)


def test_rows_are_read_and_bad_ones_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    good = msgspec.json.encode(row(("rained", "2014-05-05")))
    path.write_bytes(good + b"\n")
    assert list(read_timelines(path)) == [row(("rained", "2014-05-05"))]
    path.write_bytes(good + b"\n" + good.replace(b"2014-05-05", b"yesterday") + b"\n")
    with pytest.raises(PipelineError, match=r"rows\.jsonl:2: not a timeline row"):
        list(read_timelines(path))
    with pytest.raises(PipelineError, match="cannot be read"):
        list(read_timelines(tmp_path / "nothing"))


def test_the_rows_of_the_task_are_read(shared: Path) -> None:
    rows = list(read_timelines(shared / "data" / "dates" / "timelines.jsonl"))
    assert len(rows) == 60
    assert sum(len(row.events) for row in rows) == 694
    assert figures(rows)[0] == 477
