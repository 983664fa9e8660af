"""What records say in numbers: right, whole, and the same in every form."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_regressions.file_regression import FileRegressionFixture
from typer.testing import CliRunner, Result

from pipeline import jsonl
from pipeline.cli import app
from pipeline.records import Record
from pipeline.report import Profile, profile, profiles_csv, stats_tables
from pipeline.report.stats_table import MOST_SPEAKERS

from . import by_hand
from .by_hand import article, entity, event, prediction, source, span
from .conftest import ROOT
from .test_forecasts import HOSTILE
from .test_records import any_records

HARBOUR: list[Record] = [
    msgspec.structs.replace(article("harbour", "Lena Brandt"), sentences=12),
    entity("Ana Ruiz", "the minister", id="ruiz", at=300, article="harbour"),
    by_hand.date("d1", "1962-05-01", "1962-05-31", article="harbour"),
    by_hand.date("d2", None, "1962-04-30", article="harbour"),
    by_hand.date("d3", None, None, article="harbour"),
    event("struck", "1961-05-01", "1961-05-31", article="harbour"),
    prediction("p1", 67, 80, level="likely", due=(None, "1963-12-31"), article="harbour"),
    prediction(
        "p2",
        20,
        35,
        level="likely",
        polarity="negative",
        who=source("she", "Ana Ruiz", "ruiz"),
        condition=span(90, "if they pay"),
        article="harbour",
    ),
    prediction("p3", None, None, level="unspecified", hedged=False, article="harbour",
        section="heading"),
    by_hand.quote("q1", "It ended", name="the minister", entity="ruiz", article="harbour"),
    by_hand.quote("q2", "Nothing yet", name="officials", anonymous=True, article="harbour"),
    by_hand.quote("q3", "Nobody knows", type="mixed", article="harbour"),
    by_hand.problem("a table was left out", article="harbour"),
    msgspec.structs.replace(article("market"), sentences=5),
    entity("Ana Ruiz", id="r", article="market"),
    prediction("m1", 55, 60, level="possible", orientation="past",
        who=source("Ruiz", "Ana Ruiz", "r"), article="market"),
    by_hand.quote("m2", "Prices rose", name="officials", anonymous=True, type="indirect",
        article="market"),
]  # fmt: skip


def run(*arguments: str | Path, data: bytes | None = None) -> Result:
    return CliRunner().invoke(app, ["stats", *map(str, arguments)], input=data)


@pytest.fixture
def harbour(tmp_path: Path) -> Path:
    path = tmp_path / "harbour.jsonl"
    jsonl.write(path, HARBOUR)
    return path


def one(profiles: Sequence[Profile], article: str | None, name: str | None = None) -> Profile:
    (found,) = [p for p in profiles if p.article == article and p.name == name]
    return found


def test_the_whole_is_counted() -> None:
    whole = one(profile(HARBOUR), None)
    assert (whole.articles, whole.sentences) == (2, 17)
    assert whole.records == {
        "entity": 2, "date": 3, "event": 1, "prediction": 4, "quote": 4, "problem": 1,
    }  # fmt: skip
    assert (whole.claims, whole.hedged, whole.hedging) == (4, 3, 0.75)
    assert whole.levels == {"likely": 2, "possible": 1, "unspecified": 1}
    assert whole.orientations == {"future": 3, "past": 1}
    assert (whole.negative, whole.numbered, whole.conditional) == (1, 3, 1)
    assert whole.quotes == {"direct": 2, "indirect": 1, "mixed": 1}
    assert (whole.speakers, whole.anonymous, whole.unattributed) == (3, 2, 1)


def test_dates_reach_from_their_first_to_their_last_known_day() -> None:
    whole = one(profile(HARBOUR), "harbour")
    assert msgspec.structs.astuple(whole.dates) == (3, 2, "1962-04-30", "1962-05-31")
    assert msgspec.structs.astuple(whole.events) == (1, 1, "1961-05-01", "1961-05-31")
    assert msgspec.structs.astuple(whole.horizons) == (1, 1, "1963-12-31", "1963-12-31")
    assert msgspec.structs.astuple(one(profile(HARBOUR), "market").dates) == (0, 0, None, None)


def test_sections_and_speakers_have_their_share() -> None:
    profiles = profile(HARBOUR)
    assert one(profiles, "harbour", "heading").hedging == 0
    assert one(profiles, "harbour", "body").claims == 2
    speakers = {(p.article, p.name): p for p in profiles if p.group == "speaker"}
    ana = speakers[None, "Ana Ruiz"]
    assert (ana.articles, ana.claims, ana.records["quote"], ana.negative) == (2, 2, 1, 1)
    assert speakers["harbour", "Ana Ruiz"].claims == 1
    assert speakers["harbour", "Lena Brandt"].hedging == 0.5
    # "Officials" are not the same ones everywhere.
    assert {name for of, name in speakers if of is None} == {
        "Ana Ruiz", "Lena Brandt", "officials (harbour)", "officials (market)",
    }  # fmt: skip


def test_one_article_is_not_told_twice_and_copies_count_once() -> None:
    only = [record for record in HARBOUR if record.article == "harbour"]
    assert {p.article for p in profile(only)} == {"harbour"}
    assert profile([*HARBOUR, *HARBOUR]) == profile(HARBOUR)
    assert profile(reversed(HARBOUR)) == profile(HARBOUR)


@given(any_records())
def test_parts_add_up(records: list[Record]) -> None:
    profiles = profile(records)
    for whole in (p for p in profiles if p.group == "all"):
        parts = [p for p in profiles if p.article == whole.article]
        sections = [p for p in parts if p.group == "section"]
        assert sum(p.claims for p in sections) == whole.claims == sum(whole.levels.values())
        assert sum(p.hedged for p in sections) == whole.hedged
        assert sum(p.records["date"] for p in sections) == whole.dates.count
        speakers = [p for p in parts if p.group == "speaker"]
        said = sum(p.records["quote"] for p in speakers)
        assert said == whole.records["quote"] - whole.unattributed
    stats_tables(profiles)
    assert profiles_csv(profiles).count(b"\r\n") == len(profiles) + 1


def test_golden_tables(harbour: Path, file_regression: FileRegressionFixture) -> None:
    result = run(harbour)
    assert (result.exit_code, result.stderr) == (0, "")
    file_regression.check(result.stdout, extension=".txt", encoding="utf-8", newline="\n")


def test_json_and_csv_say_the_same(harbour: Path, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in run(harbour, "--json").stdout.splitlines()]
    assert [msgspec.convert(line, Profile) for line in lines] == profile(HARBOUR)
    sheet = tmp_path / "stats.csv"
    assert run(harbour, "--csv", "--output", sheet).stdout == ""
    rows = list(csv.DictReader(io.StringIO(sheet.read_text(encoding="utf-8"), newline="")))
    assert len(rows) == len(lines)
    for row, line in zip(rows, lines, strict=True):
        assert row["article"] == (line["article"] or "") and row["name"] == (line["name"] or "")
        assert row["records.prediction"] == str(line["records"]["prediction"])
        assert row["levels.likely"] == str(line["levels"].get("likely", 0))
        assert row["quotes.mixed"] == str(line["quotes"].get("mixed", 0))
        assert row["dates.first"] == (line["dates"]["first"] or "")
    assert rows[0]["hedging"] == "0.75"


def test_wrong_usage_bad_files_and_nothing(harbour: Path, tmp_path: Path) -> None:
    assert run(harbour, "--json", "--csv").exit_code == 2
    (tmp_path / "bad.jsonl").write_text('{"kind": "rumour"}\n')
    result = run(tmp_path)
    assert result.exit_code == 1
    assert "bad.jsonl, line 1" in result.stderr and "Lena Brandt" in result.stdout
    assert run("-", data=b"").stdout == ""
    assert run(harbour, "--output", harbour / "x").exit_code == 1


def test_many_speakers_are_cut_short_in_the_table_alone(tmp_path: Path) -> None:
    many = [by_hand.quote(f"q{n}", "Yes", name=f"speaker {n}") for n in range(MOST_SPEAKERS + 3)]
    jsonl.write(tmp_path / "a.jsonl", many)
    assert "… and 3 more" in run(tmp_path).stdout
    assert len(run(tmp_path, "--json").stdout.splitlines()) == len(many) + 2


def test_hostile_names_act_nowhere(tmp_path: Path) -> None:
    bad = prediction("p", article=HOSTILE, who=source(HOSTILE))
    jsonl.write(tmp_path / "a.jsonl", [bad, by_hand.quote("q", "x", name=HOSTILE, article=HOSTILE)])
    for form in ((), ("--csv",)):
        shown = run(tmp_path, *form).stdout
        assert "\x1b" not in shown and "\u202e" not in shown
    rows = list(csv.DictReader(io.StringIO(run(tmp_path, "--csv").stdout, newline="")))
    assert all(row["article"].startswith("'=") for row in rows)


@given(st.text(max_size=8), st.text(max_size=8))
def test_any_name_counts(name: str, other: str) -> None:
    quotes = [
        by_hand.quote("q1", "x", name=name or "n"),
        by_hand.quote("q2", "x", name=other or "n", start=50),
    ]
    speakers = [p for p in profile(quotes) if p.group == "speaker"]
    assert sum(p.records["quote"] for p in speakers) == 2


def test_the_guide_names_options_that_there_are() -> None:
    import re

    guide = (ROOT / "docs" / "inspecting.md").read_text(encoding="utf-8")
    helps = "".join(CliRunner().invoke(app, [c, "--help"]).stdout for c in ("show", "stats"))
    told_of = set(re.findall(r"--[a-z][a-z-]+", guide))
    there = set(re.findall(r"--[a-z][a-z-]+", helps))
    assert told_of <= there
    assert there - {"--help", "--pager", "--output"} <= told_of
