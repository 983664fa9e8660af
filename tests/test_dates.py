"""Dates: fields of the record, what is done without a date to tell from, properties of any text.

The forms that are recognised and what they mean are in `test_dates_probe.py`.
"""

from __future__ import annotations

import sys
from datetime import date
from types import FrameType

import msgspec
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dates import calendar, resolve
from pipeline.dates.grammar import find_expressions
from pipeline.dates.lengths import iso_length
from pipeline.dates.words import atoms_of
from pipeline.stages import layers
from pipeline.stages.dates import DateFinder, find_dates
from pipeline.stages.findings import Date

from .dated import PUBLISHED, doc_of
from .valued import is_valid


def dates_of(text: str, published: str | None = PUBLISHED) -> list[Date]:
    return find_dates(doc_of(text, published))[0]


def read(text: str, published: str | None = PUBLISHED) -> list[tuple[str, str]]:
    """(expression, value) of every date of a text."""
    doc = doc_of(text, published)
    return [
        (doc[found.span.start : found.span.end].text, found.value) for found in find_dates(doc)[0]
    ]


# -- fields of the record -----------------------------------------------------------------------


def only(text: str, published: str | None = PUBLISHED) -> Date:
    (found,) = dates_of(text, published)
    return found


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (
            "He left on 21 September 2021.",
            {
                "type": "DATE",
                "earliest": "2021-09-21",
                "latest": "2021-09-21",
                "precision": "day",
                "anchor": "absolute",
                "modifier": None,
            },
        ),
        (
            "He left last week.",
            {
                "earliest": "2015-09-14",
                "latest": "2015-09-20",
                "precision": "week",
                "anchor": "publication",
            },
        ),
        (
            "It was built in the early 1990s.",
            {
                "earliest": "1990-01-01",
                "latest": "1993-05-01",
                "modifier": "start",
                "precision": "decade",
            },
        ),
        ("It was built around 1990.", {"value": "1990~", "modifier": "approx"}),
        (
            "It was there since 2001.",
            {"earliest": "2001-01-01", "latest": None, "precision": "year"},
        ),
        (
            "It was there before 2001.",
            {"earliest": None, "latest": "2000-12-31", "modifier": "before"},
        ),
        (
            "It was there after 2001.",
            {"earliest": "2002-01-01", "latest": None, "modifier": "after"},
        ),
        (
            "It has doubled in the last 20 years.",
            {
                "type": "DURATION",
                "duration": "P20Y",
                "earliest": "1995-01-01",
                "latest": "2015-12-31",
            },
        ),
        ("It took twelve years.", {"type": "DURATION", "duration": "P12Y", "earliest": None}),
        ("It happens every year.", {"type": "SET", "earliest": None, "latest": None}),
        (
            "It fell at 3pm.",
            {"type": "TIME", "precision": "minute", "earliest": "2015-09-22"},
        ),
        ("He left on Thursday night.", {"type": "TIME", "precision": "hour"}),
        ("He left in 9/11.", {"anchor": "named"}),
        ("In 1981 he came; he left two years later.", {}),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else "",
)
def test_fields(text: str, fields: dict[str, object]) -> None:
    found = dates_of(text)[-1]
    assert {name: getattr(found, name) for name in fields} == fields


def test_the_other_side_of_the_anchor_is_kept_as_an_alternative() -> None:
    found = only("He left on Monday.")
    assert found.value == "2015-09-21"
    assert [other.value for other in found.alternatives] == ["2015-09-28"]


def test_a_swapped_day_and_month_is_kept_as_an_alternative() -> None:
    assert [other.value for other in only("Posted 7/8/07.").alternatives] == ["2007-08-07"]


def test_dateline_beats_publication() -> None:
    doc = doc_of("He left yesterday.", published="1987-11-13", dateline="1987-11-12")
    (found,), _ = find_dates(doc)
    assert (found.value, found.anchor) == ("1987-11-11", "dateline")


def test_a_dateline_of_another_time_is_left_alone() -> None:
    doc = doc_of("He left yesterday.", published="2011-12-02", dateline="2015-05-07")
    (found,), _ = find_dates(doc)
    assert (found.value, found.anchor) == ("2011-12-01", "publication")


def test_publication_month_gives_no_finer_dates() -> None:
    assert read("Tonight we begin; last year we did not.", "2014-01") == [
        ("Tonight", "2014-01"),
        ("last year", "2013"),
    ]


# -- no publication date ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("He left yesterday.", "PAST_REF"),
        ("He left last week.", "PAST_REF"),
        ("He will leave next year.", "FUTURE_REF"),
        ("He left on June 5.", "XXXX-06-05"),
        ("He left in September.", "XXXX-09"),
        ("He left on Friday.", "XXXX-XX-XX"),
        ("He left two years ago.", "PAST_REF"),
        ("It grew in the last 20 years.", "P20Y"),
        ("He left at Christmas.", "XXXX-12-25"),
        ("He left in the summer.", "XXXX-22"),
    ],
)
def test_without_a_publication_date_nothing_is_guessed(text: str, value: str) -> None:
    (found,), problems = find_dates(doc_of(text, published=None))
    assert found.value == value
    assert found.earliest is None and found.latest is None
    assert [problem.stage for problem in problems] == ["dates"]


def test_one_problem_for_all_of_them_and_none_for_absolute_dates() -> None:
    _, problems = find_dates(doc_of("Yesterday. Last week. On Friday.", published=None))
    assert len(problems) == 1
    found, problems = find_dates(doc_of("In 2001 he left.", published=None))
    assert [date_.value for date_ in found] == ["2001"] and problems == []


def test_a_history_tells_its_own_time() -> None:
    text = "On September 5, 1774 they met. On October 20 they agreed. By May they had left."
    assert [value for _, value in read(text, published=None)] == [
        "1774-09-05",
        "1774-10-20",
        "../1775-05",
    ]


# -- the component ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("The ferry, built in 1987, capsized on Aug. 22.", "2015-08-22"),
        ("A 1956 inquiry was cited. On March 17 the panel met.", "2015-03-17"),
        ("The papers for 1952-1954 were noted in a letter of July 23.", "2015-07-23"),
        ("In 1956 the panel met. Weeks later it fell.\n\nOn March 17 it met.", "2015-03-17"),
        ("In 1956, on March 17, it met.", "1956-03-17"),
    ],
)
def test_background_years_do_not_capture_present_news(text: str, value: str) -> None:
    assert dates_of(text)[-1].value == value


def test_a_year_after_a_possessive_is_no_count() -> None:
    assert read("He condemned the party's 1998 attacks.") == [("1998", "1998")]


def test_component_stores_dates_and_problems() -> None:
    doc = DateFinder()(doc_of("He left yesterday.", published=None))
    assert [date_.value for date_ in layers.get_dates(doc)] == ["PAST_REF"]
    assert [problem.severity for problem in layers.get_problems(doc)] == ["warning"]


def test_component_runs_in_any_pipeline() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("claimline_dates")
    doc = nlp("The treaty was signed on August 9, 1842.")
    assert [date_.value for date_ in layers.get_dates(doc)] == ["1842-08-09"]


@pytest.mark.parametrize(
    ("text", "value"),
    [("next May", "2025-05"), ("the last decade", "2014/2024"), ("nothing at all", None)],
)
def test_resolve(text: str, value: str | None) -> None:
    found = resolve(text, published=date(2024, 6, 2))
    assert (None if found is None else found.value) == value


# -- calendar -----------------------------------------------------------------------------------


@given(st.integers(calendar.FIRST_YEAR, calendar.LAST_YEAR), st.integers(1, 12))
def test_days_and_numbers_agree(year: int, month: int) -> None:
    for day in (1, 28):
        assert calendar.civil(calendar.day_number(year, month, day)) == (year, month, day)


@given(st.dates())
def test_day_numbers_are_those_of_the_standard_library(day: date) -> None:
    number = calendar.day_number(day.year, day.month, day.day)
    assert number == day.toordinal()
    assert calendar.iso(number) == day.isoformat()


@given(st.sampled_from(calendar.UNITS), st.integers(-3_000_000, 3_000_000))
def test_periods_fit_together(unit: calendar.Unit, day: int) -> None:
    period = calendar.containing(unit, day)
    if unit != "weekend":
        assert period.first_day <= day <= period.last_day
        assert period.shifted(1).first_day == period.last_day + 1
    assert calendar.containing(unit, period.first_day) == period


def test_lengths() -> None:
    assert iso_length(((2.5, "year"),)) == "P2Y6M"
    assert iso_length(((1.5, "hour"),)) == "PT1H30M"
    assert iso_length(((None, "hour"),)) == "PTXH"
    assert iso_length(((None, "decade"),)) == "PX0Y"
    assert iso_length(((1, "day"), (2, "hour"))) == "P1DT2H"


# -- any text -----------------------------------------------------------------------------------

VOCABULARY = """
    the a in on by since until before after last next this past first two 3 10 17th 1999 2016 2,000
    May March Sept. Friday Sunday week weeks year years decade century day night morning half
    quarter ago later earlier and to - – ' ’90s 's 9/11 7/8/07 10:30 a.m. pm UTC of early mid late
    end summer fall Christmas BC every per daily now about nearly several few old . , ( ) 1/2 99 Q2
    hours second that same following today 43,951 1,90 12,05 2.5 : through within noon midnight
    Ramadan post-war prior as recently up multi-year half-century levels Gulf War latter once
    weekend 1990s o'clock o'clock thousands 0 00 05 24 60 between mid-2016 pre-war eve ½ 14 ² ٣
"""
WORDS = st.sampled_from([*VOCABULARY.split(), "\n\n"])


@given(st.lists(WORDS, max_size=25).map(" ".join), st.sampled_from([PUBLISHED, "1914", None]))
def test_values_are_edtf_whatever_the_words(text: str, published: str | None) -> None:
    doc = doc_of(text, published)
    found, _ = find_dates(doc)
    end = 0
    for date_ in found:
        assert is_valid(date_.value, date_.type), (text, date_.value)
        assert end <= date_.span.start < date_.span.end <= len(doc)
        end = date_.span.end
        if date_.earliest is not None and date_.latest is not None:
            assert calendar.parse_edtf(date_.earliest) is not None
            assert calendar.parse_edtf(date_.latest) is not None
        assert 0 <= date_.confidence <= 1
        assert msgspec.convert(msgspec.to_builtins(date_), Date) == date_


@given(st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    find_dates(doc_of(text))


@pytest.mark.parametrize(
    "piece",
    [
        "1999 ",
        "two and a half ",
        "May ",
        "the last ",
        "1,000,",
        "9/11 ",
        "\n \n",
        "'90s-",
        "a.m. ",
        "since since ",
        "the end of ",
        "the day before ",
        "a week after ",
        "the first week of ",
        "the decade of ",
        "every other ",
        "a number of ",
        "the month of ",
        "the same period ",
        "early in the late ",
        "(",
        "from 1 to 2 ",
        "1999-",
        "1,",
        "12:",
        "1 2 3 4 5 6 7 8 9 ",
        "late May or early June or ",
        "between 1 and ",
        "mid-to-",
        "half past ",
        "in three ",
        "the first Monday of the first Monday of ",
        "Ramadan ",
        "post-pre-",
        "up to no later than ",
        "Q1 ",
        "21-Sep-",
        "2015.09.",
        "Monday, ",
    ],
)
def test_work_is_linear_in_the_text(piece: str) -> None:
    def calls(size: int) -> int:
        count = 0

        def tell(frame: FrameType, event: str, told: object) -> None:
            nonlocal count
            count += event == "call"

        atoms = atoms_of(piece * size)
        sys.setprofile(tell)
        try:
            find_expressions(atoms.text, atoms)
        finally:
            sys.setprofile(None)
        return count

    calls(1)  # compiles the lexicons
    # Ten times the text takes ten times the calls; quadratic would be a hundred.
    assert calls(1_000) < 11 * calls(100) + 1_000
