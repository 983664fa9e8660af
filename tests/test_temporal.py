"""The scorer of temporal corpora: values of both sides on one calendar, and what counts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import PipelineError
from pipeline.evaluate.temporal import (
    TemporalTally,
    load_documents,
    tei_interval,
    timex_interval,
    timex_value,
    value_interval,
)
from pipeline.records import DateRecord

from . import by_hand


@pytest.mark.parametrize(
    ("attrs", "value"),
    [
        ({"when": "2013"}, "2013"),
        ({"when": "0347"}, "0347"),
        ({"when": "900"}, "0900"),
        ({"when": "-400"}, "-0399"),
        ({"from": "1960-01-01", "to": "1969-12-31"}, "196X"),
        ({"notBefore": "2001", "notAfter": "2002-06"}, "2001/2002-06"),
        ({"when": "2013-05-01T10:00:00"}, "2013-05-01"),
    ],
)
def test_tei_and_edtf_name_the_same_days(attrs: dict[str, str], value: str) -> None:
    assert tei_interval(attrs) == value_interval(value)


@pytest.mark.parametrize("attrs", [{"when": "14:00:00"}, {"notBefore": "2013"}, {"when": "--05"}])
def test_open_ends_times_and_days_without_a_year_are_no_interval(attrs: dict[str, str]) -> None:
    assert tei_interval(attrs) is None


@pytest.mark.parametrize(
    ("timex", "edtf"),
    [
        ("1939-09-01", "1939-09-01"),
        ("1939-SU", "1939-22"),
        ("199", "199X"),
        ("19", "19XX"),
        ("BC0480", "-0479"),
        ("2015-W38", "2015-09-14/2015-09-20"),
        ("2005-Q4", "2005-10/2005-12"),
        ("2020-H1", "2020-01/2020-06"),
        ("BC047", "-0478/-0469"),
        ("2001", "2001/.."),
        ("P20Y", "P20Y"),
        ("P1W", "R/P1W"),
    ],
)
def test_timex_value(timex: str, edtf: str) -> None:
    assert timex_value(edtf) == timex
    if timex[0] != "P" and timex != "BC047":
        assert timex_interval(timex) == value_interval(edtf)


def record(start: int, text: str, value: str, **fields: Any) -> DateRecord:
    days = {"earliest": None, "latest": None, **fields}
    return by_hand.date("date-0", start=start, text=text, value=value, **days)


def corpus(tmp_path: Path, text: str, *dates: dict[str, object]) -> Path:
    rows = [
        {**date, "start": (at := text.index(str(date["text"]))), "end": at + len(str(date["text"]))}
        for date in dates
    ]
    path = tmp_path / "corpus.jsonl"
    path.write_text(
        json.dumps({"id": "a", "text": text, "published": "2015-09-22", "dates": rows}) + "\n"
    )
    return path


def test_counts(tmp_path: Path) -> None:
    text = (
        "It ran from 1999 to 2004 and ended in May; some say in the spring, or at the end of 1958."
    )
    path = corpus(
        tmp_path,
        text,
        {"text": "1999", "value": "1999"},
        {"text": "2004", "value": "2004"},
        {"text": "May", "value": "2004-05"},
        {"text": "the end of 1958", "value": "1958"},
    )
    (document,) = load_documents(path)
    tally = TemporalTally()
    tally.add(
        document,
        [
            record(text.index("from"), "from 1999 to 2004", "1999/2004"),
            record(text.index("May"), "May", "2015-05"),
            record(text.index("the spring"), "the spring", "2015-21"),
            record(text.index("the end"), "the end of 1958", "1958-12", modifier="end"),
        ],
    )
    scores = tally.scores()
    found = scores["relaxed"]
    assert (found.right, found.missed, found.extra) == (4, 0, 1)
    # A range stands for its two ends, an edge for its whole; the year of May is wrong.
    value = scores["value"]
    assert (value.right, value.missed, value.extra) == (3, 1, 2)
    yearless = scores["yearless"]
    assert (yearless.right, yearless.missed, yearless.extra) == (0, 1, 0)
    assert any("extra the spring" in line for line in tally.misses)


def test_a_broken_corpus_is_named(tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl"
    path.write_text('{"id": 1}\n')
    with pytest.raises(PipelineError, match=r"corpus\.jsonl: not a corpus of dates"):
        load_documents(path)
    with pytest.raises(PipelineError, match="cannot be read"):
        load_documents(tmp_path / "none.jsonl")
