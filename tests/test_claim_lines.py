"""Claims and changes as plain lines."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict

from pipeline.records import ArticleRecord, Participant, Record, Trigger
from pipeline.report.claims import change_lines, claim_line, claim_lines, count_line
from pipeline.revisions import Change, FieldChange, Passage, Place, compare

from . import by_hand
from .told import forecast, named, said, version

EVENT = by_hand.event(
    "closed",
    None,
    None,
    article="port",
    trigger=Trigger(**asdict(by_hand.span(3, "closed")), lemma="close"),
    date=by_hand.ref("2031-01-01", "2031-12-31", "2031", text="in 2031", id="date-1"),
    participants=(Participant(**asdict(by_hand.span(0, "it")), role="agent", entity=None),),
    polarity="negative",
    status="scheduled",
)


def record_of(claim: object) -> Record:
    return version(claim).records[1]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("record", "line"),
    [
        (version().records[0], "article    Fees at the port | 2028-05-05"),
        (record_of(named("Nordvik", "runs")), "entity     Nordvik | ORG"),
        (
            record_of(said("Greta Lind", "the quay stays open")),
            'quote      Greta Lind: "the quay stays open" | direct | said',
        ),
        (
            record_of(forecast("The fees", "may", "rise")),
            'prediction author: "The fees may rise" | possible 30–51 % | may | future',
        ),
        (EVENT, "event      not closed | on 2031 (in 2031) | agent it | scheduled"),
    ],
)
def test_a_claim_is_one_line(record: Record, line: str) -> None:
    assert claim_line(record) == line


def test_an_article_that_says_nothing_of_itself_has_no_line() -> None:
    head = version().records[0]
    assert isinstance(head, ArticleRecord)
    assert list(claim_lines([msgspec.structs.replace(head, title=None, published=None)])) == []


def test_lines_stand_in_reading_order_whatever_the_order_of_records() -> None:
    records = version(
        forecast("The fees", "may", "rise"), said("Greta Lind", "the quay stays open")
    ).records
    kinds = [line.split()[0] for line in claim_lines(records[::-1])]
    assert kinds == ["article", "prediction", "quote"]


def test_a_change_says_what_stood_there_and_what_stands_there() -> None:
    old = version(forecast("The fees of the port", "may", "rise before the summer"), code="aaaa")
    new = version(forecast("The fees of the port", "will probably", "rise before the summer"))
    (change,) = compare(old, new)
    assert change_lines(change)[:3] == [
        "major    prediction hedge_strengthened",
        "- The fees of the port may rise before the summer.",
        "+ The fees of the port will probably rise before the summer.",
    ]
    assert count_line([change]) == "1 change: 1 major"
    assert count_line([change, change]) == "2 changes: 2 major"
    assert count_line([]) == "no changes"


@given(st.text(st.characters(codec=None), max_size=40))
def test_no_text_of_an_article_acts(text: str) -> None:
    event = msgspec.structs.replace(EVENT, trigger=Trigger(start=3, end=9, text=text, lemma="x"))
    change = Change(
        types=("reworded",),
        severity="minor",
        kind="quote",
        article="port",
        before=Place(id=None, start=0, end=1, text=text),
        after=Place(id=None, start=0, end=1, text=f"{text}."),
        fields={"content.1": FieldChange(before=Passage(text=text), after=None)},
        cause="extractor",
    )
    for line in (claim_line(event), *change_lines(change)):
        assert "\n" not in line and line.encode()
        assert line.isprintable() or not any(ord(char) < 32 for char in line)
