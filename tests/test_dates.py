"""Dates: marked sentences by form and by guard, fields of the record, and properties of any text.

The sentences are resolved on a blank pipeline, without tags or a parse.
"""

from __future__ import annotations

import re
import time
from datetime import date

import msgspec
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from pipeline.dates import calendar, resolve
from pipeline.dates.lengths import iso_length
from pipeline.language import blank_nlp
from pipeline.stages import layers
from pipeline.stages.dates import DateFinder, find_dates
from pipeline.stages.findings import Context, Date

from .marked import marked

NLP = blank_nlp()
PUBLISHED = "2015-09-22"  # a Tuesday


def doc_of(text: str, published: str | None = PUBLISHED, dateline: str | None = None) -> Doc:
    doc = NLP.make_doc(text)
    layers.set_context(doc, Context(published=published, dateline=dateline))
    return doc


def dates_of(text: str, published: str | None = PUBLISHED) -> list[Date]:
    return find_dates(doc_of(text, published))[0]


def read(text: str, published: str | None = PUBLISHED) -> list[tuple[str, str]]:
    """(expression, value) of every date of a text."""
    doc = doc_of(text, published)
    return [
        (doc[found.span.start : found.span.end].text, found.value) for found in find_dates(doc)[0]
    ]


# Each sentence holds every date that is in it; what is not marked must not be found.
FORMS = {
    "absolute": [
        "The treaty was signed on <date value='1842-08-09'>August 9, 1842</date>, in Washington.",
        "It opened on <date value='2021-09-21'>21 September 2021</date>.",
        "It opened on <date value='2021-09-21'>21st September, 2021</date>.",
        "It opened on <date value='2005-12-15'>Thursday, December 15, 2005</date>.",
        "It opened on <date value='2004-12-25'>Saturday Dec. 25, 2004</date>.",
        "It opened on <date value='2003-07-24'>the 24th of July 2003</date>.",
        "The bill of <date value='1977-04'>April of 1977</date> passed.",
        "The bill of <date value='1977-04'>April, 1977</date> passed.",
        "The bill of <date value='1977-09'>Sept. 1977</date> passed.",
        "Posted <date value='2004-10-28'>2004-10-28</date> by the editor.",
        "Posted <date value='2004-11-19'>19/11/2004</date> by the editor.",
        "Posted <date value='2007-07-08'>7/8/07</date> by the editor.",
        "The <date value='2015-09-11'>Sept 11</date> vote was close.",
        "<date value='2015-07-11'>JULY 11</date> WAS THE DAY.",
        "<date value='2022-07-11'>JULY 11, 2022</date> IS THE DAY.",
        "The war broke out <date value='1939-09'>in the month of September 1939</date>.",
    ],
    "year": [
        "In <date value='1968'>1968</date> he left.",
        "The <date value='2014'>2014</date> protests were large.",
        "He won in <date value='1972'>’72</date>.",
        "The city fell in <date value='-0479'>480 BC</date>.",
        "The city fell in <date value='-0479'>480 B.C.</date>, it is said.",
        "The abbey was founded in <date value='0842'>AD 842</date>.",
        "Spending in <date value='2005'>fiscal year 2005</date> rose.",
        "Spending in <date value='2026'>fiscal 2026</date> may rise.",
        "Spending in <date value='2004'>FY04</date> rose.",
    ],
    "decade": [
        "It was built in <date value='199X'>the 1990s</date>.",
        "It was built in <date value='193X'>the 1930's</date>.",
        "It was built in <date value='193X'>the 1930’s</date>.",
        "It was built in <date value='199X'>the ’90s</date>.",
        "It was built in <date value='196X'>the sixties</date>.",
        "It was built in <date value='197X'>the late 1970s</date>.",
        "It was built in <date value='1985~'>the mid-1980s</date>.",
        "It was built in <date value='19XX'>the 20th century</date>.",
        "It was built in <date value='18XX'>the nineteenth century</date>.",
        "It was built in <date value='1850~'>the mid-19th century</date>.",
        "The <date value='17XX'>1700s</date> were hard.",
    ],
    "quarter": [
        "Sales rose in <date value='2005-10/2005-12'>the fourth quarter of 2005</date>.",
        "Sales rose in <date value='2021-04/2021-06'>Q2 2021</date>.",
        "Sales rose in <date value='2015-07/2015-12'>the second half of this year</date>.",
        "Sales rose in <date value='2014-01/2014-03'>the first quarter of last year</date>.",
        "Sales rose in <date value='2020-01/2020-06'>H1 2020</date>.",
        "Sales rose in <date value='1999-07-01/1999-07-15'>the first half of July 1999</date>.",
    ],
    "season": [
        "He came in <date value='1999-23'>the fall of 1999</date>.",
        "He came in <date value='2007-23'>fall 2007</date>.",
        "He came <date value='2015-21'>last spring</date>.",
        "He came <date value='2014-24'>last winter</date>.",
        "He comes <date value='2016-22'>next summer</date>.",
        "He came in <date value='2012-22'>the summer of 2012</date>.",
        "He came in <date value='2015-22'>the summer</date>.",
    ],
    "weekday": [
        "Police said on <date value='2015-09-21'>Monday</date> that he left.",
        "Police said on <date value='2015-09-22'>Tuesday</date> that he left.",
        "The court will rule on <date value='2015-09-25'>Friday</date>.",
        "The court is to rule on <date value='2015-09-25'>Friday</date>.",
        "He left <date value='2015-09-16'>last Wednesday</date>.",
        "He will leave <date value='2015-09-23'>next Wednesday</date>.",
        "He left <date value='2015-09-03'>three Thursdays ago</date>.",
        "It met on <date value='2015-09-20/2015-09-21'>Sunday and Monday</date>.",
    ],
    "relative": [
        "He left <date value='2015-09-21'>yesterday</date>.",
        "He will leave <date value='2015-09-23'>tomorrow</date>.",
        "<date value='2015-09-22'>Today</date> he left.",
        "He left <date value='2015-09-14/2015-09-20'>last week</date>.",
        "He left <date value='2015-09-07/2015-09-13'>the week before last</date>.",
        "He left <date value='2015-08'>last month</date>.",
        "He left <date value='2014'>last year</date>.",
        "He will leave <date value='2016'>next year</date>.",
        "He will leave in <date value='2016-01'>January next year</date>.",
        "He left in <date value='2014-04'>April of last year</date>.",
        "He left <date value='2015-09-19/2015-09-20'>last weekend</date>.",
        "He left <date value='2013'>two years ago</date>.",
        "He left <date value='2015-09-08'>two weeks ago</date>.",
        "He left <date value='2015-09-11'>eleven days ago</date>.",
        "He left <date value='2014-10'>eleven months ago</date>.",
        "He left <date value='1985~'>three decades ago</date>.",
        "He left <date value='2015-09-15'>a week ago today</date>.",
        "He will be back in <date value='2017'>two years' time</date>.",
        "He will be back <date value='2015-09-25'>three days from now</date>.",
        "He left <date value='2014-11'>last November</date>.",
        "He left <date value='2015-08-21'>last August 21</date>.",
        "He left <date value='2015-08'>this August</date>.",
        "He left <date value='2015-09'>earlier this month</date>.",
        "It will end <date value='2015'>later this year</date>.",
    ],
    "part of the year": [
        "He left at <date value='2014-12'>the end of last year</date>.",
        "He left in <date value='2016'>early 2016</date>.",
        "He left in <date value='2016'>mid-2016</date>.",
        "He left in <date value='2005-11'>late November 2005</date>.",
        "He left in <date value='2009-03-23/2009-03-29'>the last week of March 2009</date>.",
        "He left in <date value='2024-01-01/2024-01-11'>the first 11 days of January 2024</date>.",
        "It grew in <date value='1976-01/1976-06'>the first 6 months of 1976</date>.",
        "It was <date value='2015-12'>year's end</date>.",
    ],
    "part of the day": [
        "He left on <date value='2015-09-17'>Thursday night</date>.",
        "He left <date value='2015-09-21'>yesterday afternoon</date>.",
        "He left <date value='2015-09-22'>this morning</date>.",
        "He left <date value='2015-09-21'>last night</date>.",
        "He leaves <date value='2015-09-22'>tonight</date>.",
        "He left on <date value='2006-01-27'>the evening of Jan. 27, 2006</date>.",
        "He left <date value='2015-09-19'>late Saturday</date>.",
    ],
    "clock": [
        "It fell at <date value='2015-09-22T09:45'>9:45 a.m. local time</date>.",
        "It fell at <date value='2015-09-22T15:00'>3pm</date>.",
        "It fell at <date value='2015-09-22T12:00Z'>12:00 UTC</date>.",
        "It fell at <date value='2015-09-21T12:00'>noon yesterday</date>.",
        "It fell at <date value='2015-09-20T02:00'>2 a.m. Sunday</date>.",
        "It fell at <date value='1999-11-05T15:29-05:00'>3:29 p.m. EST on Nov. 5, 1999</date>.",
        "Posted <date value='2004-10-25T18:32-07:00'>25 Oct 2004 18:32 PDT</date>.",
        "It fell at <date value='2015-09-22T12:30-05:00'>12:30 EST (17:30 UTC)</date>.",
        "It fell at <date value='2015-09-21T07:00'>seven in the morning on Monday</date>.",
        "She worked <date value='T06:00/T24:00'>from 6:00am to midnight</date>.",
        "Stamped <date value='2004-12-26T22:46:08'>12/26/2004 10:46:08 PM</date>.",
    ],
    "range": [
        "It grew <date value='2004/2009'>from 2004 to 2009</date>.",
        "It grew <date value='1962-03/1969-12'>between March 1962 and December 1969</date>.",
        "The show runs <date value='2014-01-23/2014-03-09'>January 23 - March 9 2014</date>.",
        "The show ran <date value='2011-08-05/2011-08-26'>from 5 to 26 August 2011</date>.",
        "The show ran <date value='1969-03-14/1969-03-15'>March 14-15, 1969</date>.",
        "The <date value='2008/2009'>2008–09</date> season was bad.",
        "The <date value='1841/1843'>1841–1843</date> talks failed.",
        "Prices rose in <date value='1977/1978'>1977 and 1978</date>.",
        "Prices rose in <date value='1973-06/1973-07'>June and July of 1973</date>.",
        "It may come in <date value='2015-10/2015-11'>October or November of this year</date>.",
        "The revolt (<date value='-0498/-0492'>499-493 BC</date>) failed.",
        "The style lasted <date value='14XX/18XX'>from the 15th to the 19th century</date>.",
        "He has been coach, <date value='2010/2015-09-22'>2010 to present</date>.",
    ],
    "open": [
        "He has lived here <date value='1958/..'>since 1958</date>.",
        "He has lived here <date value='2015-08/..'>since August</date>.",
        "Output will double <date value='../2050'>by 2050</date>.",
        "It will open <date value='../2015-12-31'>by the end of this year</date>.",
        "It will open <date value='../2016-03'>by March</date>.",
        "It will open <date value='../2018-05-15~'>by mid-May 2018</date>.",
        "He stayed <date value='../2014'>until 2014</date>.",
        "He will stay <date value='../2020'>until at least 2020</date>.",
        "He left <date value='../1775-09-10'>before September 10, 1775</date>.",
        "It grew <date value='1945/..'>after 1945</date>.",
        "It grew <date value='2014/..'>post-2014</date>.",
        "The park is open <date value='../2015-10-11'>through October 11</date>.",
        "It will run <date value='2023-01/..'>from January 2023</date>.",
        "Losses grew <date value='1945/..'>since World War II</date>.",
        "It had <date value='2011-03-04'>as of March 4, 2011</date> many holes.",
    ],
    "duration": [
        "He served <date value='P12Y'>twelve years</date>.",
        "He served <date value='P5Y4M5D'>five years, four months and five days</date>.",
        "A <date value='P14Y'>14-year-old</date> boy won.",
        "She is <date value='P19Y'>nearly 19 years old</date>.",
        "The flight took <date value='PT30M'>half an hour</date>.",
        "It ran <date value='P2Y6M'>two and a half years</date> late.",
        "It ran <date value='P2Y6M'>2 1/2 years</date> late.",
        "A <date value='PT9H'>nine-hour</date> siege ended.",
        "It took <date value='P10D/P14D'>10 to 14 days</date>.",
        "It took <date value='P60D/P90D'>between 60 and 90 days</date>.",
        "It took <date value='P1W/P2W'>a week or two</date>.",
        "It took <date value='PXY'>several years</date>.",
        "It took <date value='PTXH'>hours</date>.",
        "It took <date value='PXW'>a matter of weeks</date>.",
        "It took <date value='P50Y'>half a century</date>.",
        "It took <date value='P2W'>a fortnight</date>.",
        "It took <date value='P20D'>twenty working days</date>.",
        "It took <date value='P5Y/P7Y'>five, six, seven years</date>.",
        "An extra <date value='PT48H'>48 hours</date> were given.",
    ],
    "anchored duration": [
        "It has doubled in <date value='1995/2015'>the last 20 years</date>.",
        "It has doubled in <date value='2005/2015'>the past decade</date>.",
        "It fell over <date value='2015-08-23/2015-09-22'>the past 30 days</date>.",
        "It fell over <date value='2014-09/2015-09'>the past year</date>.",
        "It will double over <date value='2015/2019'>the next four years</date>.",
        "It fell over <date value='/2015-09-22'>the past few days</date>.",
        "It fell in <date value='2015-09-08/2015-09-22'>these last two weeks</date>.",
    ],
    "set": [
        "It happens <date value='R/P1Y'>every year</date>.",
        "It happens <date value='R/P2W'>every other week</date>.",
        "It happens <date value='R/P10Y'>every ten years</date>.",
        "It costs $5 million <date value='R/P1Y'>a year</date>.",
        "It costs $5 <date value='R/P1D'>per day</date>.",
        "It happens on <date value='R/P1W'>Sundays</date>.",
        "It happens <date value='R/P6M'>twice a year</date>.",
        "The <date value='R/P1Y'>annual</date> fair opened.",
        "He eats <date value='R/P1D'>three times per day</date>.",
        "It happens <date value='R/P1Y'>each August</date>.",
        "He fished on <date value='R/P1W'>weekends</date>.",
    ],
    "named": [
        "The attacks of <date value='2001-09-11'>9/11</date> changed it.",
        "It will end <date value='../2015-12-25'>before Christmas</date>.",
        "It fell on <date value='2016-03-25'>Good Friday 2016</date>.",
        "It fell on <date value='2012-11-22'>Thanksgiving 2012</date>.",
        "It fell on <date value='2016-11-08'>Election Day 2016</date>.",
        "It fell on <date value='2014-05-26'>Memorial Day 2014</date>.",
        "It fell on <date value='2015-02-06'>Waitangi Day this year</date>.",
        "He fought in <date value='1939/1945'>World War II</date>.",
        "It came <date value='2012-12-23'>two days before Christmas 2012</date>.",
        "It was <date value='1968-12-25'>the 1968 Christmas</date> play.",
    ],
    "vague": [
        "He <date value='PAST_REF'>recently</date> left.",
        "He is <date value='PRESENT_REF'>currently</date> away.",
        "It will come <date value='FUTURE_REF'>in due course</date>.",
        "It came <date value='PAST_REF'>a few years ago</date>.",
    ],
    "story": [
        "He came in <date value='1981'>1981</date>. "
        "<date value='1983'>Two years later</date> he left.",
        "On <date value='1982-08-04'>4 August 1982</date> it sank. "
        "<date value='1982-08-05'>The next day</date> they searched.",
        "He was born in <date value='1921'>1921</date>. "
        "<date value='1922'>The following year</date> they moved.",
        "War began in <date value='1977-07'>July of 1977</date>. "
        "<date value='1977-11'>Four months later</date> it ended.",
        "On <date value='1982-08-04'>4 August 1982</date> it sank; in "
        "<date value='1982-10'>October</date> it was raised.",
        "It sank on <date value='1982-08-04'>4 August 1982</date>, and "
        "<date value='1982-08-04/..'>since then</date> nobody has sailed.",
        "The vote was in <date value='2002'>2002</date>; two wars began "
        "<date value='2002'>that year</date>.",
    ],
}

GUARDS = {
    "may": [
        "May I go? You may march on.",
        "Theresa May resigned and May said so.",
        "He may go in <date value='2016-05'>May</date>.",
        "The <date value='2015-05'>May</date> deadline passed.",
    ],
    "march": ["They march on the city.", "The march was long."],
    "second": [
        "A second term, the second man and second thoughts.",
        "The fall of Saigon and a fall in prices.",
    ],
    "counts": [
        "Some 1,500 people and 2000 soldiers died.",
        "Resolution 1973 and Flight 1989 and Boeing 1900.",
        "He paid $2000 and £1999 and 1990 euros.",
        "The 1:0 win, the 3-2 win, 58.5 percent, Room 2012.",
        "It weighs 1800 kg and holds 2000 passengers.",
    ],
    "names": [
        "August Wilson met April Jones and June Carter.",
        "He reads the Daily Mail and watches 60 Minutes.",
        "The Seven Years War was long.",
        "Mon ami Sat down in the Sun with Jan.",
    ],
    "addresses": [
        "See http://example.com/2004/09/21/page2004.html and a2004@example.com.",
        "The F-16, the A-2000 and covid-19.",
    ],
    "of an event": [
        "It was a year of hard decisions.",
        "It fell before the <date value='2014'>2014</date> protests.",
        "At the start of the <date value='2012'>2012</date> Games he left.",
        "It came <date value='P3D'>three days later</date> than planned.",
    ],
    "discourse": ["Now, that is that.", "Now that he is gone, we rest."],
}


def cases(groups: dict[str, list[str]]) -> list[object]:
    return [
        pytest.param(sentence, id=f"{group}-{number}")
        for group, sentences in groups.items()
        for number, sentence in enumerate(sentences)
    ]


@pytest.mark.parametrize("sentence", [*cases(FORMS), *cases(GUARDS)])
def test_marked_sentence(sentence: str) -> None:
    text, marks = marked(sentence)
    doc = doc_of(text)
    found = find_dates(doc)[0]
    values = [date.value for date in found]
    assert values == [mark.attributes["value"] for mark in marks], read(text)
    for date_, mark in zip(found, marks, strict=True):
        span = doc[date_.span.start : date_.span.end]
        # A preposition that changes nothing may be in the mark and not in the span.
        assert span.start_char < mark.end and mark.start < span.end_char
        assert mark.start <= span.start_char + len("between ") and span.end_char <= mark.end + 1


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

_EDTF = r"-?[0-9X]{4}(?:-[0-9X]{2}(?:-[0-9X]{2})?)?~?"
_CLOCK = r"T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?"
_LENGTH = r"P(?:[0-9X.]+[YMWD])*(?:T(?:[0-9X.]+[HMS])+)?"
_POINT = rf"{_EDTF}(?:{_CLOCK})?"
VALUE = re.compile(
    rf"{_POINT}|(?:{_POINT}|\.\.)?/(?:{_POINT}|\.\.)?|{_CLOCK}(?:/{_CLOCK})?|T(?:MO|MI|AF|EV|NI)"
    rf"|{_LENGTH}(?:/{_LENGTH})?|R/{_LENGTH}|(?:PAST|PRESENT|FUTURE)_REF"
)

VOCABULARY = """
    the a in on by since until before after last next this past first two 3 10 17th 1999 2016 2,000
    May March Sept. Friday Sunday week weeks year years decade century day night morning half
    quarter ago later earlier and to - – ' ’90s 's 9/11 7/8/07 10:30 a.m. pm UTC of early mid late
    end summer fall Christmas BC every per daily now about nearly several few old . , ( ) 1/2 99 Q2
    hours second that same following today 43,951 1,90 12,05 2.5 : through within noon midnight
    weekend 1990s o'clock o'clock thousands 0 00 05 24 60 between mid-2016 pre-war eve ½ 14 ² ٣
"""
WORDS = st.sampled_from([*VOCABULARY.split(), "\n\n"])


@given(st.lists(WORDS, max_size=25).map(" ".join), st.sampled_from([PUBLISHED, "1914", None]))
def test_values_are_edtf_whatever_the_words(text: str, published: str | None) -> None:
    doc = doc_of(text, published)
    found, _ = find_dates(doc)
    end = 0
    for date_ in found:
        assert VALUE.fullmatch(date_.value), (text, date_.value)
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
    ],
)
def test_time_is_linear_in_the_text(piece: str) -> None:
    def seconds(size: int) -> float:
        doc = doc_of(piece * size)
        start = time.process_time()
        find_dates(doc)
        return time.process_time() - start

    seconds(100)
    small, large = seconds(1_000), seconds(8_000)
    # Eight times the text takes about eight times as long; quadratic would be sixty-four.
    assert large < 30 * max(small, 0.004)
