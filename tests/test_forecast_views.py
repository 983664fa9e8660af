"""Predictions and their calibration as commands; hostile texts stay text."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_regressions.file_regression import FileRegressionFixture
from typer.testing import CliRunner, Result

from pipeline import forecasts, jsonl
from pipeline.cli import app
from pipeline.forecasts.calibrate import score
from pipeline.records import Record
from pipeline.report import draw_calibration

from .by_hand import article, entity, prediction, source, span
from .conftest import ROOT
from .test_forecasts import HOSTILE

SVG = "{http://www.w3.org/2000/svg}"

# What small articles may tell, by hand, so that the goldens change with the commands alone.
HARBOUR: list[Record] = [
    article("harbour", "Lena Brandt"),
    entity("Ana Ruiz", "the minister", id="ruiz", at=300, article="harbour"),
    prediction(
        "p1",
        67,
        80,
        level="likely",
        proposition="the harbour is likely to reopen by 1963",
        due=(None, "1963-12-31"),
        article="harbour",
    ),
    prediction(
        "p2",
        20,
        35,
        level="likely",
        polarity="negative",
        proposition="the dockers will probably not accept the offer",
        who=source("she", "Ana Ruiz", "ruiz"),
        subject=span(300, "the dockers"),
        start=50,
        article="harbour",
    ),
    prediction(
        "p3",
        66.66666,
        66.66666,
        level="likely",
        proposition="two chances in three that the strike ends in May",
        due=("1962-05-01", "1962-05-31"),
        condition=span(90, "if the owners pay"),
        start=80,
        article="harbour",
    ),
    prediction(
        "p4",
        None,
        None,
        level="unspecified",
        hedged=False,
        proposition="prices will rise",
        who=source("some brokers"),
        article="market",
    ),
]

OUTCOMES = """article,id,outcome
harbour,p1,true
harbour,p2,FALSE
harbour,p3,false
market,p4,true
market,p9,true
harbour,p1,perhaps
"""


def run(*arguments: str | Path, data: bytes | None = None) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments)], input=data)


@pytest.fixture
def harbour(tmp_path: Path) -> Path:
    path = tmp_path / "harbour.jsonl"
    jsonl.write(path, HARBOUR)
    return path


@pytest.fixture
def outcomes(tmp_path: Path) -> Path:
    path = tmp_path / "outcomes.csv"
    path.write_text(OUTCOMES)
    return path


@pytest.mark.parametrize(
    ("format", "extension"), [("table", ".txt"), ("csv", ".csv"), ("jsonl", ".jsonl")]
)
def test_golden_predictions(
    format: str, extension: str, harbour: Path, file_regression: FileRegressionFixture
) -> None:
    result = run("predictions", harbour, "--format", format, "--as-of", "1962-08-01")
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    text = result.stdout_bytes.decode().replace("\r\n", "\n")
    file_regression.check(text, extension=extension, encoding="utf-8", newline="\n")


@pytest.mark.parametrize(("format", "extension"), [("table", ".txt"), ("jsonl", ".jsonl")])
def test_golden_calibration(
    format: str,
    extension: str,
    harbour: Path,
    outcomes: Path,
    file_regression: FileRegressionFixture,
) -> None:
    result = run("calibrate", harbour, outcomes, "--format", format)
    assert result.exit_code == 1, result.output  # two outcomes are of no use
    stdout = result.stdout.replace(str(outcomes), "outcomes.csv")
    file_regression.check(stdout, extension=extension, encoding="utf-8", newline="\n")


def test_golden_curve(
    harbour: Path, outcomes: Path, tmp_path: Path, file_regression: FileRegressionFixture
) -> None:
    curve = tmp_path / "curve.svg"
    run("calibrate", harbour, outcomes, "--svg", curve)
    file_regression.check(
        curve.read_text(encoding="utf-8"), extension=".svg", encoding="utf-8", newline="\n"
    )


def test_options_ask(harbour: Path) -> None:
    def asked(*options: str) -> list[str]:
        stdout = run("predictions", harbour, "--format", "jsonl", *options).stdout
        return [json.loads(line)["id"] for line in stdout.splitlines()]

    assert asked() == ["p3", "p1", "p2", "p4"]
    assert asked("--min", "55") == ["p3", "p1"]
    assert asked("--max", "40") == ["p2"]
    assert asked("--holder", "The Minister") == ["p2"]
    assert asked("--holder", "brandt") == ["p3", "p1"]
    assert asked("--holder", "author", "--holder", "some brokers") == ["p3", "p1", "p4"]
    assert asked("--about", "harbour") == ["p1"]
    assert asked("--by", "1962") == ["p3"]
    assert asked("--after", "1962-06") == ["p1"]
    assert asked("--level", "unspecified") == ["p4"]
    assert asked("--polarity", "negative") == ["p2"]
    assert asked("--unhedged") == ["p4"]
    assert asked("--orientation", "past") == []
    assert asked("--as-of", "1962-06-01", "--state", "expired") == ["p3"]


def test_what_has_no_number_is_counted(harbour: Path) -> None:
    assert "left out: 1 without a number" in run("predictions", harbour, "--min", "1").stderr


def test_nothing_found_is_told(harbour: Path) -> None:
    result = run("predictions", harbour, "--min", "99")
    assert result.exit_code == 0
    assert "none of 4 predictions is like that" in result.stderr
    assert run("predictions", "-", data=b"").exit_code == 0


@pytest.mark.parametrize(
    "options",
    [
        ("--min", "200"),
        ("--by", "soon"),
        ("--as-of", "soon"),
        ("--state", "open"),
        ("--level", "maybe"),
        ("--format", "xlsx"),
    ],
    ids="-".join,
)
def test_wrong_questions_are_wrong_usage(options: tuple[str, str], harbour: Path) -> None:
    result = run("predictions", harbour, *options)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_bad_files_are_named_and_the_others_are_asked(harbour: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"kind": "rumour"}\n')
    result = run("predictions", tmp_path, tmp_path / "none.jsonl")
    assert result.exit_code == 1
    assert "bad.jsonl, line 1" in result.stderr and "none.jsonl" in result.stderr
    assert "prices will rise" in result.stdout


def test_two_versions_of_an_article_are_told_of(harbour: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.jsonl"
    jsonl.write(other, [prediction("p4", 1, 2, article="market")])
    assert "left out: market p4: two" in run("predictions", tmp_path).stderr
    lines = run("predictions", tmp_path, "--format", "jsonl").stdout.splitlines()
    assert json.loads(lines[-1])["kind"] == "problem"


def test_standard_input_and_an_output_file(harbour: Path, tmp_path: Path) -> None:
    file = tmp_path / "out" / "found.csv"
    result = run("predictions", "-", "-f", "csv", "-o", file, data=harbour.read_bytes())
    assert result.exit_code == 0 and result.stdout == ""
    assert file.read_bytes() == run("predictions", harbour, "-f", "csv").stdout_bytes
    assert run("predictions", harbour, "-o", harbour / "x").exit_code == 1


@pytest.mark.parametrize("format", ["csv", "jsonl"])
def test_what_was_written_becomes_outcomes(format: str, harbour: Path, tmp_path: Path) -> None:
    records = [*HARBOUR, prediction("p7", 60, 80, article="-north")]
    jsonl.write(harbour, records)
    sheet = tmp_path / f"sheet.{format}"
    stdout = run("predictions", harbour, "--format", format).stdout_bytes
    if format == "csv":
        rows = list(csv.reader(io.StringIO(stdout.decode(), newline="")))
        file = io.StringIO()
        csv.writer(file).writerows([[*row, i and "true"] for i, row in enumerate(rows)])
        sheet.write_text(file.getvalue().replace(",0\r\n", ",outcome\r\n", 1))
    else:
        lines = [json.loads(line) | {"outcome": True} for line in stdout.splitlines()]
        sheet.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    result = run("calibrate", harbour, sheet, "--format", "jsonl")
    assert result.exit_code == 0, result.stderr
    overall = json.loads(result.stdout.splitlines()[0])
    assert (overall["count"], overall["unnumbered"]) == (4, 1)


def test_calibration_names_what_it_cannot_use(harbour: Path, outcomes: Path) -> None:
    result = run("calibrate", harbour, outcomes)
    assert result.exit_code == 1
    assert "line 7: the outcome 'perhaps'" in result.stderr
    assert "market p9: the outcomes name a prediction that is not there" in result.stderr
    assert "3 predictions scored, 1 with an outcome but no number" in result.stderr
    assert run("calibrate", harbour, outcomes, "--bins", "-1").exit_code == 2
    missing = run("calibrate", harbour, outcomes.with_name("none.csv"))
    assert missing.exit_code == 1 and "none.csv: cannot be read" in missing.stderr
    assert "Traceback" not in missing.output


def test_calibration_lines_fit_their_structs(harbour: Path, outcomes: Path) -> None:
    decoder = msgspec.json.Decoder(forecasts.Calibration | forecasts.Trouble)
    lines = run("calibrate", harbour, outcomes, "--format", "jsonl").stdout.splitlines()
    found = [decoder.decode(line) for line in lines]
    assert [type(line).__name__ for line in found][-2:] == ["Trouble", "Trouble"]
    # (.735 - 1)² + (.275 - 0)² + (.6667 - 0)², over three
    first = found[0]
    assert isinstance(first, forecasts.Calibration)
    assert first.brier == pytest.approx((0.265**2 + 0.275**2 + 0.6666666**2) / 3)


def test_hostile_texts_reach_no_terminal(tmp_path: Path) -> None:
    bad = prediction(HOSTILE, article=HOSTILE, proposition=HOSTILE, who=source(HOSTILE))
    file = tmp_path / "bad.jsonl"
    jsonl.write(file, [bad, msgspec.structs.replace(bad, confidence=0.1)])
    known = tmp_path / "o.jsonl"
    known.write_text(json.dumps({"article": "\x1b[31m", "id": "x", "outcome": True}))
    for result in (run("predictions", file), run("calibrate", file, known)):
        assert "\x1b" not in result.output and "\u202e" not in result.output


def test_the_guide_names_options_and_fields_that_there_are() -> None:
    guide = (ROOT / "docs" / "predictions.md").read_text(encoding="utf-8")
    helps = "".join(
        run(command, "--help").stdout
        for command in ("extract", "predictions", "calibrate", "explain")
    )
    assert set(re.findall(r"--[a-z][a-z-]+", guide)) <= set(re.findall(r"--[a-z][a-z-]+", helps))
    options = re.findall(r"--[a-z][a-z-]+", run("predictions", "--help").stdout)
    assert set(options) - {"--help", "--output"} <= set(re.findall(r"--[a-z][a-z-]+", guide))


# -- the curve ------------------------------------------------------------------------------------


@given(
    st.lists(st.tuples(st.floats(0, 100), st.booleans()), max_size=40),
    st.integers(0, 100),
    st.text(max_size=30),
)
def test_any_calibration_is_drawn(pairs: list[tuple[float, bool]], bins: int, title: str) -> None:
    svg = draw_calibration(score(pairs, bins=bins), title=title)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffe\uffff]", svg)
    root = ElementTree.fromstring(svg)
    dots = list(root.iter(f"{SVG}circle"))
    assert len(dots) == len(score(pairs, bins=bins).bins)
    frame = next(r for r in root.iter(f"{SVG}rect") if r.get("class") == "frame")
    left, top, side = (float(frame.attrib[name]) for name in ("x", "y", "width"))
    for dot in dots:
        assert left - 0.1 <= float(dot.attrib["cx"]) <= left + side + 0.1
        assert top - 0.1 <= float(dot.attrib["cy"]) <= top + side + 0.1


def test_the_curve_needs_nothing_else_and_names_itself() -> None:
    svg = draw_calibration(score([(70, True)]), title="<script>alert(1)</script>")
    assert "<script" not in svg and "href" not in svg and svg.count("http") == 1
    assert "A calibration curve of 1 prediction with a number and an outcome." in svg
    assert "prefers-color-scheme: dark" in svg
