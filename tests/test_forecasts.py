"""Predictions asked for and scored: which, in which order, and what a score is made of."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import forecasts, spreadsheet
from pipeline.errors import PipelineError, RecordError
from pipeline.forecasts import Forecast, Outcomes, Selection, gather, read_outcomes
from pipeline.forecasts.calibrate import score, wilson
from pipeline.records import (
    Record,
)
from pipeline.report import predictions_csv
from pipeline.timeline.select import folded

from .by_hand import article, entity, prediction, source, span


def chosen(records: Sequence[Record], **wanted: Any) -> list[str]:
    found = gather(records, selection=Selection(**wanted)).forecasts
    return [forecast.id for forecast in found]


# -- choosing -------------------------------------------------------------------------------------


def test_the_whole_interval_lies_in_what_is_asked_for() -> None:
    records = [
        prediction("even", 40, 60),
        prediction("likely", 55, 80),
        prediction("slim", 5, 10),
        prediction("will", None, None),
    ]
    assert chosen(records, least=55) == ["likely"]
    assert chosen(records, most=60) == ["even", "slim"]
    assert chosen(records, least=5, most=60) == ["even", "slim"]
    assert gather(records, selection=Selection(least=55)).unnumbered == 1
    assert gather(records).unnumbered == 0


def test_holders_are_found_by_any_name() -> None:
    records = [
        article("a", "Barbara Elias"),
        entity("Barbara Elias", "Prof. Elias", id="author", at=5),
        entity("José Peña-Nieto", "the governor", id="e1", at=9),
        prediction("own"),
        prediction("said", who=source("he", "José Peña-Nieto", "e1"), start=50),
        prediction("nobody", who=source("some officials"), start=60),
        prediction("other", article="b"),
    ]
    for name in ("barbara elias", "Elias", "prof elias", "BARBARA  ELIAS"):
        assert chosen(records, holders=(name,)) == ["own"], name
    for name in ("Jose Pena Nieto", "The Governor", "Nieto", "he"):
        assert chosen(records, holders=(name,)) == ["said"], name
    assert chosen(records, holders=("Some Officials",)) == ["nobody"]
    assert chosen(records, holders=("officials",)) == []
    assert chosen(records, holders=("author",)) == ["own", "other"]
    assert chosen(records, holders=("author", "he")) == ["own", "said", "other"]


def test_about_asks_for_entities_by_alias_and_for_words() -> None:
    records = [
        entity("al-Qaeda", "the Base", id="q", type="ORG", at=12),
        entity("Ana Ruiz", id="r", at=200),
        prediction("inside", proposition="the group may grow", start=5),
        prediction("words", proposition="a bridge could fall", start=100),
        prediction("subject", subject=span(200, "she"), start=150),
    ]
    for name in ("Al Qaeda", "al-qaeda", "base"):
        assert chosen(records, about=(name,)) == ["inside"], name
    assert chosen(records, about=("ruiz",)) == ["subject"]
    assert chosen(records, about=("Bridge",)) == ["words"]
    assert chosen(records, about=("ridge",)) == []


def test_an_entity_of_another_article_names_nothing() -> None:
    records = [entity("Ana Ruiz", id="r", at=2, article="b"), prediction("x")]
    assert chosen(records, about=("Ana Ruiz",)) == []


DUE: list[Record] = [
    prediction("none", start=1),
    prediction("vague", due=(None, None), start=2),
    prediction("by-2023", due=(None, "2023-12-31"), start=3),
    prediction("in-june-2025", due=("2025-06-01", "2025-06-30"), start=4),
    prediction("from-2020", due=("2020-01-01", None), start=5),
]


def test_dates_ask_when_a_prediction_falls_due() -> None:
    assert chosen(DUE, by="2025") == ["by-2023", "in-june-2025"]
    assert chosen(DUE, by="2025-06-29") == ["by-2023"]
    assert chosen(DUE, by="2023-12-31") == ["by-2023"]
    assert chosen(DUE, after="2023") == ["by-2023", "in-june-2025", "from-2020"]
    assert chosen(DUE, after="2024") == ["in-june-2025", "from-2020"]
    assert chosen(DUE, after="2024", by="2025") == ["in-june-2025"]


def test_the_first_due_come_first_and_those_without_a_date_last() -> None:
    expected = ["by-2023", "in-june-2025", "from-2020", "none", "vague"]
    assert chosen(DUE) == expected
    assert chosen(DUE[::-1]) == expected


def test_open_and_expired_are_told_apart_only_when_asked() -> None:
    records = [*DUE, prediction("claim", orientation="past", start=6)]

    def states(as_of: str | None) -> dict[str, str | None]:
        found = gather(records, selection=Selection(as_of=as_of)).forecasts
        return {forecast.id: forecast.state for forecast in found}

    assert set(states(None).values()) == {None}
    assert states("2023-12-31")["by-2023"] == "open"
    later = states("2024-01-01")
    assert later == {
        "by-2023": "expired",
        "in-june-2025": "open",
        "from-2020": "undated",
        "none": "undated",
        "vague": "undated",
        "claim": None,
    }
    assert states("2025")["in-june-2025"] == "expired"
    assert chosen(records, as_of="2024", states=("expired",)) == ["by-2023"]


def test_other_conditions() -> None:
    records = [
        prediction("a", orientation="past", start=1),
        prediction("b", polarity="negative", hedged=False, start=2),
        prediction("c", level="likely", start=3),
    ]
    assert chosen(records, orientations=("past", "present")) == ["a"]
    assert chosen(records, polarities=("negative",)) == ["b"]
    assert chosen(records, hedged=False) == ["b"]
    assert chosen(records, hedged=True, levels=("likely",)) == ["c"]


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ({"least": 101}, "101 is no percentage"),
        ({"most": float("nan")}, "nan is no percentage"),
        ({"least": 60, "most": 50}, "at least 60"),
        ({"by": "May 2020"}, "is no date"),
        ({"as_of": "today"}, "is no date"),
        ({"levels": ("probable",)}, "very-likely"),
        ({"orientations": ("later",)}, "future, present, past"),
        ({"states": ("open",)}, "say as of when"),
        ({"states": ("closed",), "as_of": "2020"}, "open, expired, undated"),
    ],
)
def test_wrong_questions_say_what_is_possible(wanted: dict[str, Any], told: str) -> None:
    with pytest.raises(PipelineError, match=told):
        Selection(**wanted)


def test_twins_count_once_and_two_versions_are_a_problem() -> None:
    first = prediction("x")
    other = prediction("x", 10, 20)
    assert len(gather([first, first]).forecasts) == 1
    assert gather([first, first]).problems == ()
    both = gather([first, other])
    assert both == gather([other, first])
    assert len(both.forecasts) == 1
    (problem,) = both.problems
    assert problem.id == "x" and "two versions" in problem.message


def test_a_horizon_that_is_no_day_is_a_problem() -> None:
    found = gather([prediction("x", due=("2023-02-30", None))])
    assert "2023-02-30" in found.problems[0].message
    assert len(found.forecasts) == 1


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("al-Qaeda", ("Al Qaeda", "al-Qā’eda", "al-Qaeda's", "the al‑Qaeda")),
        ("U.S.", ("US", "the U.S.", "u.s.'s")),
        ("José Peña-Nieto", ("Jose Pena Nieto", "JOSÉ  PEÑA NIETO")),
        ("Straße", ("STRASSE",)),
        ("The", ("the",)),
    ],
)
def test_names_that_are_written_alike_are_alike(name: str, others: tuple[str, ...]) -> None:
    assert {folded(other) for other in others} == {folded(name)}
    assert folded(name) != folded(f"{name} II")


@given(st.text(st.sampled_from("aBé .'’-sthe\u0301İß") | st.characters(), max_size=20))
def test_folding_a_folded_name_changes_nothing(name: str) -> None:
    once = folded(name)
    if not once.startswith("the "):
        assert folded(once) == once


# -- CSV ------------------------------------------------------------------------------------------

NASTY = st.text(
    st.sampled_from("=+-@＝\t\r\n '\",;ab\x00\u200b\u202e\ud800|") | st.characters(), max_size=12
)


@given(st.lists(st.lists(NASTY, min_size=2, max_size=2), max_size=4))
def test_no_cell_is_a_formula_and_every_text_comes_back(rows: list[list[str]]) -> None:
    rows = [[cell.encode("utf-8", "replace").decode() for cell in row] for row in rows]
    data = spreadsheet.encode(["a", "b"], rows).decode("utf-8")
    read = list(csv.reader(io.StringIO(data, newline="")))[1:]
    assert len(read) == len(rows)
    for cells, row in zip(read, rows, strict=True):
        for cell, text in zip(cells, row, strict=True):
            shown = "".join(c for c in cell if c.isprintable()).strip()
            assert shown[:1] not in set("=+-@＝＋－＠")
            assert spreadsheet.unguarded(cell) == text or text.startswith("'")


@given(NASTY)
def test_a_guarded_text_comes_back(text: str) -> None:
    assert spreadsheet.unguarded(spreadsheet.guarded(text)) == text


def test_numbers_stay_numbers() -> None:
    row = [-5.0, 66.6667, 12345678, True, None]
    assert spreadsheet.encode(["a", "b", "c", "d", "e"], [row]).split(b"\r\n")[1] == (
        b"-5,66.6667,12345678,true,"
    )


HOSTILE = '=HYPERLINK("http://x","y")\x1b[31m\u202e\ud800\n'


def test_hostile_records_make_a_harmless_sheet() -> None:
    bad = prediction(HOSTILE, article=HOSTILE, proposition=HOSTILE, who=source(HOSTILE))
    data = predictions_csv(gather([bad]).forecasts).decode("utf-8")
    assert data.count("\n") == 2
    assert "\x1b" not in data and "\u202e" not in data
    _, cells = csv.reader(io.StringIO(data))
    assert cells[0].startswith("'=HYPERLINK")
    assert not any(cell.startswith("=") for cell in cells)


# -- outcomes -------------------------------------------------------------------------------------


def outcomes(folder: Path, name: str, data: str | bytes) -> Outcomes:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_outcomes(path)


CSV = "note,outcome,id,article\nx,TRUE,p1,a\n,false,p2,a\n,,p3,a\n\n"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("o.csv", CSV),
        ("o.csv", "\ufeff" + CSV.replace("\n", "\r\n")),
        ("o.CSV", CSV.replace(",", ";")),
        ("o.csv", CSV.replace(",", "\t")),
        (
            "o.jsonl",
            '{"article":"a","id":"p1","outcome":true,"kind":"prediction"}\n'
            '{"article":"a","id":"p2","outcome":false}\n\n'
            '{"article":"a","id":"p3","outcome":null}\n',
        ),
    ],
)
def test_outcomes_are_read(name: str, data: str, tmp_path: Path) -> None:
    found = outcomes(tmp_path, name, data)
    assert found.known == {("a", "p1"): True, ("a", "p2"): False}
    assert found.open == {("a", "p3")}
    assert found.problems == ()


def test_rows_of_no_use_are_named_and_the_others_count(tmp_path: Path) -> None:
    rows = "article,id,outcome\na,p1,maybe\na,p2\na,p3,true\na,p4,true\na,p4,false\na,p4,true\n"
    found = outcomes(tmp_path, "o.csv", rows)
    assert found.known == {("a", "p3"): True}
    told = [problem.message for problem in found.problems]
    assert "line 2" in told[0] and "'maybe'" in told[0]
    assert "line 3" in told[1] and "2 cells" in told[1]
    assert "line 6" in told[2] and found.problems[2].id == "p4"
    lines = '{"article":"a"}\n[]\n\x00\n{"article":"a","id":"p","outcome":"true"}\n' + "[" * 5000
    assert len(outcomes(tmp_path, "o.jsonl", lines).problems) == 5


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("o.csv", "article;id\n", "no column outcome"),
        ("o.csv", "", "no column article"),
        ("o.csv", b"article,id,outcome\n\xff\xfe", "not UTF-8"),
        ("o.xlsx", "", ".csv and .jsonl"),
    ],
)
def test_files_of_no_use_are_errors(
    name: str, data: str | bytes, told: str, tmp_path: Path
) -> None:
    with pytest.raises(RecordError, match=told):
        outcomes(tmp_path, name, data)
    with pytest.raises(RecordError, match="cannot be read"):
        read_outcomes(tmp_path / "none.csv")


@given(st.binary(max_size=200), st.sampled_from([".csv", ".jsonl"]))
def test_any_bytes_are_outcomes_or_one_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, suffix: str
) -> None:
    path = tmp_path_factory.mktemp("any") / f"o{suffix}"
    head = b"article,id,outcome\n" if suffix == ".csv" else b""
    path.write_bytes(head + data)
    try:
        read_outcomes(path)
    except RecordError as error:
        assert str(path) in str(error)


# -- scores ---------------------------------------------------------------------------------------

SCORED = st.lists(
    st.tuples(st.floats(0, 100) | st.sampled_from([7.5, 40.5, 72.5]), st.booleans()),
    min_size=1,
    max_size=60,
)


def parts(found: forecasts.Calibration) -> tuple[float, float, float, float, float]:
    figures = (
        found.brier,
        found.reliability,
        found.resolution,
        found.uncertainty,
        found.within,
    )
    assert all(figure is not None for figure in figures)
    return figures  # type: ignore[return-value]


@given(SCORED)
def test_with_exact_bins_the_parts_make_up_the_brier_score(pairs: list[tuple[float, bool]]) -> None:
    brier, reliability, resolution, uncertainty, within = parts(score(pairs, bins=0))
    assert brier == pytest.approx(reliability - resolution + uncertainty, abs=1e-9)
    assert within == pytest.approx(0, abs=1e-12)


@given(SCORED, st.integers(1, 100))
def test_with_any_bins_what_is_within_them_is_the_rest(
    pairs: list[tuple[float, bool]], bins: int
) -> None:
    found = score(pairs, bins=bins)
    brier, reliability, resolution, uncertainty, within = parts(found)
    assert brier == pytest.approx(reliability - resolution + uncertainty + within, abs=1e-9)
    assert 0 <= brier <= 1
    assert 0 <= resolution <= uncertainty + 1e-12 <= 0.25 + 1e-9
    assert sum(b.count for b in found.bins) == len(pairs)
    for b in found.bins:
        assert b.least / 100 - 1e-9 <= b.forecast <= b.most / 100 + 1e-9
        assert b.low <= b.observed <= b.high


@given(SCORED, st.randoms())
def test_the_order_of_forecasts_makes_no_difference(
    pairs: list[tuple[float, bool]], random: Any
) -> None:
    shuffled = list(pairs)
    random.shuffle(shuffled)
    assert score(shuffled) == score(pairs)


def test_a_score_by_hand() -> None:
    # Two at .8 (one came true), two at .2 (none did).
    found = score([(80, True), (80, False), (20, False), (20, False)])
    assert found.brier == pytest.approx((0.04 + 0.64 + 0.04 + 0.04) / 4)
    assert found.observed == 0.25 and found.forecast == pytest.approx(0.5)
    assert found.reliability == pytest.approx((2 * 0.3**2 + 2 * 0.2**2) / 4)
    assert found.resolution == pytest.approx((2 * 0.25**2 + 2 * 0.25**2) / 4)
    assert found.uncertainty == pytest.approx(0.1875)
    assert found.skill == pytest.approx(1 - 0.19 / 0.1875)
    assert [(b.least, b.most, b.count) for b in found.bins] == [(20, 30, 2), (80, 90, 2)]


@pytest.mark.parametrize(
    ("came", "count", "low", "high"),
    # Newcombe 1998, table I
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_as_published(came: int, count: int, low: float, high: float) -> None:
    assert wilson(came, count) == pytest.approx((low, high), abs=6e-5)


def answers(**known: bool) -> Outcomes:
    return Outcomes(
        known={("a", id): outcome for id, outcome in known.items()}, open=frozenset(), problems=()
    )


def test_holders_are_scored_apart_and_nothing_is_silent() -> None:
    records = [
        article("a", "Lena Brandt"),
        article("b"),
        entity("Ana Ruiz", id="r", at=900),
        entity("Ana Ruiz", id="r2", at=900, article="b"),
        prediction("p1", 60, 80, start=1),
        prediction("p2", None, None, start=2),
        prediction("p3", 60, 80, who=source("she", "Ana Ruiz", "r"), start=3),
        prediction("p4", 60, 80, who=source("officials"), start=4),
        prediction("p5", start=5),
        prediction("q1", 20, 40, who=source("Ruiz", "Ana Ruiz", "r2"), article="b"),
        prediction("q2", 20, 40, who=source("officials"), article="b", start=7),
        prediction("q3", 20, 40, article="b", start=8),
    ]
    found = answers(p1=True, p2=True, p3=True, p4=False, lost=True)
    known = {**found.known, ("b", "q1"): False, ("b", "q2"): False, ("b", "q3"): False}
    made = forecasts.calibrate(
        gather(records).forecasts, msgspec.structs.replace(found, known=known)
    )
    assert made.overall.count == 6 and made.overall.unnumbered == 1 == made.overall.unnumbered_true
    assert made.unanswered == 1
    counts = {c.holder: (c.count, c.unnumbered) for c in made.holders}
    assert counts == {
        "Ana Ruiz": (2, 0),
        "Lena Brandt": (1, 1),
        "author (b)": (1, 0),
        "officials (a)": (1, 0),
        "officials (b)": (1, 0),
    }
    assert made.holders[0].holder == "Ana Ruiz"
    assert made.holders[0].brier == pytest.approx(0.09)
    (problem,) = made.problems
    assert (problem.article, problem.id) == ("a", "lost")


def test_a_negated_forecast_is_right_where_the_event_does_not_come_about() -> None:
    # "will probably not": 20 to 35 percent that it does
    wont = prediction("p", 20, 35, polarity="negative", level="likely")
    right = forecasts.calibrate(gather([wont]).forecasts, answers(p=False)).overall
    assert right.brier == pytest.approx(0.275**2)


def test_nothing_to_score_has_no_score() -> None:
    empty = forecasts.calibrate([], answers()).overall
    assert empty.count == 0 and empty.brier is None and empty.bins == ()
    with pytest.raises(PipelineError, match="101 bins"):
        forecasts.calibrate([], answers(), bins=101)


def test_lines_fit_their_structs() -> None:
    made = gather([prediction("p", due=(None, "2023-12-31"))])
    line = msgspec.json.encode(made.forecasts[0])
    assert msgspec.json.decode(line, type=Forecast) == made.forecasts[0]
    assert json.loads(line)["kind"] == "prediction"
    scores = forecasts.calibrate(made.forecasts, answers(p=True)).overall
    line = msgspec.json.encode(scores)
    assert msgspec.json.decode(line, type=forecasts.Calibration) == scores
