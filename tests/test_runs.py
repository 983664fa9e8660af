"""Runs of dates: which coordinated dates are neighbours, and what an event of them is given."""

from __future__ import annotations

import msgspec
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from pipeline.extraction import Extractor
from pipeline.records import DateRecord, EventRecord
from pipeline.stages.dates import find_dates
from pipeline.stages.findings import Date, Event, TokenSpan
from pipeline.stages.runs import joined, runs

BLANK = spacy.blank("en")


def runs_of(text: str) -> list[str]:
    doc = BLANK(text)
    dates = find_dates(doc)[0]
    return [joined(dates[a], dates[b]).value for a, b in runs(doc, dates).items()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rained in 1977 and 1978.", ["1977/1978"]),
        ("It rained in 1977, 1978 and 1979.", ["1977/1979"]),
        ("It rained in 1977, 1978, and 1979.", ["1977/1979"]),
        ("It rained in 1977 or 1978.", ["1977/1978"]),
        ("It rained in the late 1940s and early 1950s.", ["194X/195X"]),
        ("It rained in 2018 and 2020.", []),
        ("It rained in 1978 and 1977.", []),
        ("It rained in 1977 and in 1978.", []),
        ("It rained in 1977, 1978 was far off.", []),
        ("It rained in 1977 but 1978 was dry.", []),
        ("It rained in 1977 and May 1978.", []),
        ("It rained in 1976, 1977 and 1979.", []),
    ],
)
def test_neighbours(text: str, expected: list[str]) -> None:
    assert runs_of(text) == expected


def test_a_year_that_opens_another_clause_is_no_run() -> None:
    words = ["He", "left", "in", "1977", "and", "1978", "saw", "rain"]
    doc = Doc(
        BLANK.vocab,
        words=words,
        heads=[1, 1, 3, 1, 6, 6, 1, 6],
        deps=["nsubj", "ROOT", "case", "obl", "cc", "nsubj", "conj", "obj"],
    )
    assert runs(doc, find_dates(doc)[0]) == {}


def test_a_run_lasts_from_the_first_day_to_the_last() -> None:
    doc = BLANK("It rained in 1977 and 1978.")
    whole = joined(*find_dates(doc)[0])
    assert (whole.earliest, whole.latest) == ("1977-01-01", "1978-12-31")
    assert doc[whole.span.start : whole.span.end].text == "1977 and 1978"


@given(
    st.lists(
        st.sampled_from(["1977", "1978", "1979", "May", "and", ",", "or", "Monday", "in"]),
        max_size=16,
    )
)
def test_any_words_give_sound_runs(words: list[str]) -> None:
    doc = Doc(BLANK.vocab, words=words)
    dates = find_dates(doc)[0]
    end = -1
    for first, last in runs(doc, dates).items():
        assert end < first < last < len(dates)
        end = last
        whole = joined(dates[first], dates[last])
        assert whole.earliest is not None and whole.latest is not None
        assert whole.earliest < whole.latest


def test_an_event_of_a_run_has_the_joined_date(extractor: Extractor) -> None:
    text = "The navy shelled the harbour in 1977 and 1978."
    records = extractor.extract(text).records
    first, second = (r for r in records if isinstance(r, DateRecord))
    (event,) = (r for r in records if isinstance(r, EventRecord))
    assert (first.value, second.value) == ("1977", "1978")
    assert msgspec.to_builtins(event.date) == {
        "value": "1977/1978",
        "earliest": "1977-01-01",
        "latest": "1978-12-31",
        "text": "1977 and 1978",
        "id": first.id,
    }


def test_a_run_of_an_event_begins_before_it_ends() -> None:
    with pytest.raises(ValueError, match="first"):
        Event(
            trigger=TokenSpan(0, 1),
            lemma="rain",
            clause=TokenSpan(0, 1),
            date=1,
            until=1,
            link="own",
            polarity="positive",
            status="occurred",
            confidence=1.0,
        )


def test_weeks_that_are_intervals_join_at_their_ends() -> None:
    week = Date(
        span=TokenSpan(0, 1),
        value="2015-09-14/2015-09-20",
        type="DATE",
        earliest="2015-09-14",
        latest="2015-09-20",
        precision="week",
        anchor="publication",
        confidence=1.0,
    )
    after = msgspec.structs.replace(
        week,
        span=TokenSpan(2, 3),
        value="2015-09-21/2015-09-27",
        earliest="2015-09-21",
        latest="2015-09-27",
    )
    assert joined(week, after).value == "2015-09-14/2015-09-27"
