"""Texts as a person reads them: where records stand in them, and which paragraphs answer."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.report.changes_texts import Reading, Row, set_side_by_side
from pipeline.revisions import Place, Version

from .changed import NEW, OLD, place, version

PAGE = "<html><body><article><p>Ines <b>Calloway</b> said\nit may rain.</p><p>It &amp; more.</p>"


def found(reading: Reading, at: Place) -> list[str]:
    return [reading.paragraphs[s.paragraph].text[s.start : s.end] for s in reading.find(at)]


def test_a_place_is_found_where_it_is_read() -> None:
    reading = Reading(OLD)
    at = place(OLD, "We may be back within a week")
    assert found(reading, at) == ["We may be back within a week"]
    assert reading.line(at) == 3


def test_markup_is_not_read() -> None:
    page = version(PAGE, media_type="text/html")
    reading = Reading(page)
    assert [p.text for p in reading.paragraphs] == ["Ines Calloway said it may rain.", "It & more."]
    assert found(reading, place(page, "Calloway said it may")) == ["Calloway said it may"]
    assert reading.line(place(page, "it may")) == 2


def test_a_place_in_two_paragraphs_is_two_stretches() -> None:
    text = "One man left.\n\nTwo men came."
    reading = Reading(version(text))
    at = Place(id="x", start=4, end=len(text) - 1, text="man left. Two men came")
    assert found(reading, at) == ["man left.", "Two men came"]


@pytest.mark.parametrize(("start", "end"), [(0, 5), (3, 4_000), (4_000, 5_000), (7, 7)])
def test_no_place_is_made_up(start: int, end: int) -> None:
    at = Place(id="x", start=start, end=end, text="words of another text")
    assert Reading(OLD).find(at) == []
    assert Reading(OLD).line(at) is None


def test_line_ends_of_all_systems_are_counted() -> None:
    for end in ("\n", "\r\n", "\r"):
        text = end.join(["One man left.", "", "Two men came.", "", "Three."])
        start = text.index("Three")
        at = Place(id="x", start=start, end=start + 5, text="Three")
        assert Reading(version(text)).line(at) == 5


def test_without_the_file_the_records_are_read(extractor) -> None:  # type: ignore[no-untyped-def]
    made = extractor.extract("Ana Ruiz said on May 3, 2021 that it may rain. The end was near.")
    records = tuple(made.records)
    reading = Reading(
        Version(
            article="text", records=records, text=None, sha256=None, fingerprint=None, origin="x"
        )
    )
    assert not reading.whole
    assert reading.paragraphs[0].text.startswith("Ana Ruiz said on May 3, 2021 that it may rain")
    for kind in ("entity", "date", "prediction", "quote"):
        for record in made.of(kind):
            at = Place(id=record.id, start=record.start, end=record.end, text=record.text)
            assert found(reading, at) == [record.text]
            assert reading.line(at) is None


def test_records_without_a_text_that_fits_are_not_found() -> None:
    reading = Reading(msgspec.structs.replace(OLD, text=None))
    assert reading.paragraphs == []
    assert reading.find(place(OLD, "We may be back")) == []


def test_nothing_is_an_empty_text() -> None:
    assert Reading(None).paragraphs == []
    assert Reading(None).whole


def test_paragraphs_that_answer_stand_side_by_side() -> None:
    old, new = ([p.text for p in Reading(v).paragraphs] for v in (OLD, NEW))
    assert set_side_by_side(old, new) == [
        Row(0, 0),
        Row(4, 1, moved=True, side="new"),
        Row(1, 2),
        Row(2, 3),
        Row(3, 4),
        Row(4, 1, moved=True, side="old"),
        Row(None, 5),
    ]


def test_texts_of_one_side() -> None:
    assert set_side_by_side([], ["One."]) == [Row(None, 0)]
    assert set_side_by_side(["One."], []) == [Row(0, None)]
    assert set_side_by_side([], []) == []


PARAGRAPHS = st.lists(
    st.sampled_from(["one fish", "one red fish", "two men left", "two men left home", "", "x"]),
    max_size=8,
)


@given(PARAGRAPHS, PARAGRAPHS)
def test_every_paragraph_is_shown_once(old: list[str], new: list[str]) -> None:
    rows = set_side_by_side(old, new)
    assert [r.old for r in rows if r.old is not None and r.side != "new"] == list(range(len(old)))
    assert [r.new for r in rows if r.new is not None and r.side != "old"] == list(range(len(new)))
    moved = [(row.old, row.new) for row in rows if row.moved]
    assert all(moved.count(pair) == 2 for pair in moved)


def test_a_long_run_of_edited_paragraphs_stays_side_by_side() -> None:
    old = [f"Paragraph {n} has words {n * 7} and {n * 13} of its own." for n in range(450)]
    new = ["Something else came first.", *(text.replace("words", "terms") for text in old)]
    rows = set_side_by_side(old, new)
    assert rows == [Row(None, 0), *(Row(n, n + 1) for n in range(450))]
