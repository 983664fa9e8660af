"""The probe: what analysts write for a time, and what it means, one sentence a row.

`probe_dates.jsonl` has a row a sentence: its form, the text with every date marked (see
`marked.py`; what is not marked must not be found), the publication date where it is not the usual
one, and the reason where the row is a known miss. A mark gives the value and, where they matter,
other fields of the date; the type is that of the value's shape unless it says otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dates import calendar, tree
from pipeline.dates.choosing import probabilities
from pipeline.dates.normalise import evaluate
from pipeline.dates.scene import MarkKind, Scene
from pipeline.dates.words import vocabulary
from pipeline.reading import read_article
from pipeline.stages.dates import find_dates

from .conftest import corpus_articles
from .dated import PUBLISHED, doc_of
from .marked import marked
from .valued import is_valid


class Row(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    form: str
    text: str
    published: str = PUBLISHED
    xfail: str | None = None


PROBE = [
    msgspec.json.decode(line, type=Row)
    for line in (Path(__file__).parent / "probe_dates.jsonl").read_bytes().splitlines()
]


def type_of(value: str) -> str:
    """The type that a value shows by its shape."""
    if value.endswith("_REF"):
        return "DATE"
    return {"P": "DURATION", "R": "SET"}.get(value[0], "TIME" if "T" in value else "DATE")


def differences(row: Row) -> Iterator[str]:
    """What the dates found in a row's text are and should not be."""
    text, marks = marked(row.text)
    doc = doc_of(text, row.published)
    found = find_dates(doc)[0]
    spans = [doc[date.span.start : date.span.end] for date in found]
    got = [text[span.start_char : span.end_char] for span in spans]
    if got != (want := [text[mark.start : mark.end] for mark in marks]):
        yield f"found {got}, not {want}"
        return
    for date, mark in zip(found, marks, strict=True):
        fields = {"type": type_of(mark.attributes["value"])} | mark.attributes
        for name, value in fields.items():
            told = getattr(date, name)
            if told != (None if value == "null" else value):
                yield f"{text[mark.start : mark.end]}: {name} {told}, not {value}"


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(
            row,
            id=f"{row.form}-{number}",
            marks=[pytest.mark.xfail(reason=row.xfail)] if row.xfail else [],
        )
        for number, row in enumerate(PROBE)
    ],
)
def test_row(row: Row) -> None:
    assert list(differences(row)) == []


def test_the_probe_is_wide_and_nearly_all_right() -> None:
    dated = [row for row in PROBE if "<date" in row.text]
    others = [row for row in PROBE if "<date" not in row.text]
    assert len(dated) >= 450 and len(others) >= 100
    assert len({row.text for row in PROBE}) == len(PROBE)
    wrong = [row for row in PROBE if row.xfail]
    assert len(wrong) <= 0.05 * len(PROBE)
    assert not [row.text for row in others if row.xfail]


def test_every_value_of_the_probe_is_valid() -> None:
    for row in PROBE:
        for date in find_dates(doc_of(marked(row.text)[0], row.published))[0]:
            assert is_valid(date.value, date.type), (row.text, date.value)


def test_every_value_of_the_sample_corpus_is_valid() -> None:
    for path in corpus_articles():
        article = read_article(path)
        for date in find_dates(doc_of(article.text, article.published, article.dateline))[0]:
            assert is_valid(date.value, date.type), (path.stem, date.value)


# -- any tree -----------------------------------------------------------------------------------


def _thousandths(number: int) -> float:
    return number / 1000


UNITS = st.sampled_from(calendar.UNITS)
SHORT = st.sampled_from(["second", "minute", "hour", "day", "night", "week", "fortnight", "month"])
LONG = SHORT | st.sampled_from(["weekend", "quarter", "season", "year", "decade", "century"])
# A text gives three decimals at most.
AMOUNTS = st.none() | st.integers(0, 200).map(float) | st.integers(0, 10**12).map(_thousandths)
QUANTITIES = st.tuples(AMOUNTS, LONG)
LENGTHS = st.builds(
    tree.Length,
    st.lists(QUANTITIES, min_size=1, max_size=3).map(tuple),
    st.lists(QUANTITIES, max_size=1).map(tuple),
)
YEARS = st.integers(-12_000, 12_000)
SIGNS = st.sampled_from([-1, 1])
THIRDS = st.sampled_from(["start", "mid", "end"])
SHIFTS = st.integers(-12, 12)

LEAVES = st.one_of(
    st.builds(
        tree.Calendar,
        year=st.none() | YEARS,
        month=st.none() | st.integers(1, 12),
        day=st.none() | st.integers(1, 31),
        weekday=st.none() | st.integers(0, 6),
        season=st.none() | st.integers(0, 3),
    ),
    st.builds(tree.Calendar, year=st.integers(0, 99), short=st.just(True)),
    st.builds(tree.Years, st.sampled_from(["decade", "century"]), st.integers(-120, 1_200)),
    st.builds(tree.Relative, UNITS, SHIFTS, st.sampled_from([True, False, None])),
    st.just(tree.Then()),
    st.just(tree.Writing()),
    st.builds(tree.Turn, st.sampled_from(["year", "century"])),
    st.builds(tree.Stretch, AMOUNTS, LONG, SIGNS),
    st.builds(tree.Ahead, LENGTHS),
    LENGTHS,
    st.builds(tree.Named, st.integers(0, len(vocabulary().named) - 1)),
    st.builds(tree.Clock, hour=st.integers(0, 23), minute=st.integers(0, 59)),
    st.builds(tree.Shifted, AMOUNTS, LONG, SIGNS, st.booleans()),
)
BOUNDS = st.sampled_from(["since", "after", "from", "until", "by", "before", "through"])


def _larger(inner: st.SearchStrategy[tree.Node]) -> st.SearchStrategy[tree.Node]:
    return st.one_of(
        st.builds(tree.Directed, SHIFTS, inner, st.booleans()),
        st.builds(tree.Shifted, AMOUNTS, LONG, SIGNS, st.booleans(), inner),
        st.builds(tree.Stretch, AMOUNTS, LONG, SIGNS, inner),
        st.builds(tree.Piece, THIRDS, inner, st.booleans()),
        st.builds(tree.Nth, st.integers(-3, 60), UNITS, inner, st.integers(1, 9)),
        st.builds(
            tree.Nth, st.integers(-2, 6), st.just("day"), inner, st.just(1), st.integers(0, 6)
        ),
        st.builds(tree.Named, st.integers(0, len(vocabulary().named) - 1), inner, st.booleans()),
        st.builds(tree.DayPart, st.sampled_from(["MO", "MI", "AF", "EV", "NI"]), inner),
        st.builds(tree.Interval, inner, inner),
        st.builds(tree.Bounded, BOUNDS, inner),
        st.builds(tree.About, inner),
    )


PERIODS = st.one_of(
    st.builds(lambda day: calendar.Period("day", day), st.integers(-800_000, 1_500_000)),
    st.builds(lambda month: calendar.Period("month", month), st.integers(0, 30_000)),
    st.builds(calendar.year, YEARS),
)


@given(
    st.recursive(LEAVES, _larger, max_leaves=6),
    st.none() | PERIODS,
    st.none() | PERIODS,
    st.booleans(),
    st.sampled_from([-1, 0, 1]),
)
def test_any_tree_has_a_valid_value(
    node: tree.Node,
    now: calendar.Period | None,
    then: calendar.Period | None,
    told: bool,
    lean: int,
) -> None:
    marks: dict[MarkKind, calendar.Period] = {}
    if now is not None:
        marks["now"] = now
    if then is not None:
        marks["event"] = marks["previous"] = then
    scene = Scene(
        marks=marks,
        then=None if then is None else calendar.at(then),
        told=told,
        firm=told and lean == 0,
        lean=lambda: lean,  # type: ignore[arg-type,return-value]
        judge=probabilities,
    )
    value = evaluate(node, scene)
    assert is_valid(value.value, value.type), value
    for day in (value.earliest, value.latest):
        assert day is None or calendar.parse_edtf(day) is not None


def test_feasts_come_from_the_table() -> None:
    found = [
        json.loads(line)["name"]
        for line in (Path(calendar.__file__).parent.parent / "lexicons" / "dates_feasts.jsonl")
        .read_text(encoding="utf-8")
        .splitlines()
    ]
    named = {row.feast for row in vocabulary().named if row.feast}
    assert named == set(found)
