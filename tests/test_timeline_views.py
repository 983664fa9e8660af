"""The timeline as a command: table, JSON Lines and picture; hostile texts stay text."""

from __future__ import annotations

import json
import re
import sys
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_regressions.file_regression import FileRegressionFixture
from typer.testing import CliRunner, Result

from pipeline import jsonl, timeline
from pipeline.cli import app
from pipeline.dates.calendar import day_number
from pipeline.errors import PipelineError
from pipeline.records import DateRef, EventRecord, Participant, Record
from pipeline.report import draw_timeline, rasterise
from pipeline.report.entries import when
from pipeline.report.picture import LABEL_WIDTH, ROW
from pipeline.report.scale import CUT_WIDTH, LABEL_CHARACTER, PAD, Scale

from .by_hand import event
from .test_timeline import events, stated

SVG = "{http://www.w3.org/2000/svg}"


def dated(record: EventRecord, value: str) -> EventRecord:
    date = record.date
    ref = DateRef(value=value, earliest=date.earliest, latest=date.latest, text=value, id=None)
    return msgspec.structs.replace(record, date=ref)


def person(name: str, role: str = "agent") -> Participant:
    return Participant(start=0, end=1, text=name, role=role, entity=None)  # type: ignore[arg-type]


# What a small article may tell, by hand, so that the goldens change with the timeline alone.
HARBOUR: list[Record] = [
    dated(event("landed", "-0479-08-11", "-0479-08-11", start=1), "-0479-08-11"),
    dated(
        event("opened", "1962-03-01", "1962-03-31", start=5, participants=(person("the harbour"),)),
        "1962-03",
    ),
    dated(event("struck", "1962-05-01", "1962-05-31", stated("after", "vote"), start=9), "1962-05"),
    dated(
        event(
            "vote",
            "1962-05-07",
            "1962-05-07",
            start=20,
            participants=(person("the dockers"), person("Callao", "place")),
        ),
        "1962-05-07",
    ),
    dated(
        event("ruled", "1962-05-01", "1962-05-31", stated("after", "struck", 0.7), start=30),
        "1962-05",
    ),
    dated(
        event("refused", "1962-05-20", "1962-05-20", stated("before", "vote", 0.8), start=40)
        , "1962-05-20",
    ),
    dated(event("talks", "1962-06-01", None, start=50, status="ongoing"), "1962-06-01/.."),
    dated(event("paid", None, "1962-12-31", start=60, status="scheduled"), "../1962"),
    dated(event("closes", "1963-01-01", "1963-12-31", start=70, status="hypothetical"), "1963"),
    dated(
        event("sailed", "1962-06-01", "1962-06-10", start=80, polarity="negative"), "1962-06-01"
    ),
]  # fmt: skip


def run(*arguments: str | Path, data: bytes | None = None) -> Result:
    return CliRunner().invoke(app, ["timeline", *map(str, arguments)], input=data)


@pytest.fixture
def harbour(tmp_path: Path) -> Path:
    path = tmp_path / "harbour.jsonl"
    jsonl.write(path, HARBOUR)
    return path


@pytest.mark.parametrize(
    ("format", "extension"), [("table", ".txt"), ("jsonl", ".jsonl"), ("svg", ".svg")]
)
def test_golden(
    format: str, extension: str, harbour: Path, file_regression: FileRegressionFixture
) -> None:
    result = run(harbour, "--format", format)
    assert result.exit_code == 0, result.output
    file_regression.check(result.stdout, extension=extension, encoding="utf-8", newline="\n")


def test_what_is_left_out_is_named(harbour: Path) -> None:
    for format in ("table", "svg"):
        result = run(harbour, "--format", format)
        assert "left out: a: event-refused before event-vote" in result.stderr
    lines = [json.loads(line) for line in run(harbour, "-f", "jsonl").stdout.splitlines()]
    assert [line["event"] for line in lines if line["kind"] == "problem"] == ["event-refused"]


def test_lines_fit_their_struct(harbour: Path) -> None:
    decoder = msgspec.json.Decoder(timeline.Entry | timeline.Dropped)
    for line in run(harbour, "--format", "jsonl").stdout.splitlines():
        decoder.decode(line)


def test_folders_files_and_standard_input_are_one_timeline(harbour: Path) -> None:
    (harbour.parent / "notes.txt").write_text("not records")
    whole = run(harbour.parent)
    assert whole.exit_code == 0
    assert run("-", data=harbour.read_bytes()).stdout == whole.stdout
    assert run(harbour, harbour.parent, "-", data=harbour.read_bytes()).stdout == whole.stdout


@pytest.mark.parametrize("format", ["table", "jsonl", "svg"])
def test_output_goes_to_a_file(format: str, harbour: Path, tmp_path: Path) -> None:
    file = tmp_path / "out" / "timeline"
    result = run(harbour, "--format", format, "--output", file)
    assert result.exit_code == 0 and result.stdout == ""
    assert file.read_bytes() == run(harbour, "--format", format).stdout_bytes


def test_an_output_that_cannot_be_written_is_an_error(harbour: Path) -> None:
    result = run(harbour, "--output", harbour / "timeline.txt")
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr and "Traceback" not in result.output


def test_options_choose_events(harbour: Path) -> None:
    def told(*options: str) -> list[str]:
        stdout = run(harbour, "--format", "jsonl", *options).stdout
        lines = [json.loads(line) for line in stdout.splitlines()]
        return [line["trigger"] for line in lines if line["kind"] == "event"]

    assert told("--before", "-0479") == ["landed", "paid"]
    assert told("--after", "1963-06") == ["talks", "closes"]
    assert told("--status", "ongoing", "--status", "hypothetical") == ["talks", "closes"]
    assert told("--entity", "The Dockers") == ["vote"]


@pytest.mark.parametrize(
    "options", [("--after", "May"), ("--status", "maybe"), ("--format", "pdf")], ids="-".join
)
def test_wrong_options_are_wrong_usage(options: tuple[str, str], harbour: Path) -> None:
    result = run(harbour, *options)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_a_bad_file_is_named_and_the_others_are_shown(harbour: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"kind": "rumour"}\n')
    empty = tmp_path / "empty"
    empty.mkdir()
    result = run(harbour, bad, empty, tmp_path / "none.jsonl")
    assert result.exit_code == 1
    assert all(name in result.stderr for name in ("bad.jsonl, line 1", "empty", "none.jsonl"))
    assert "opened" in result.stdout


@pytest.mark.parametrize("format", ["table", "jsonl", "svg"])
def test_no_events_is_no_error(format: str) -> None:
    assert run("-", "--format", format, data=b"").exit_code == 0


@pytest.mark.parametrize(
    ("value", "earliest", "latest", "shown"),
    [
        ("2014-05", "2014-05-01", "2014-05-31", "2014-05"),
        ("2014-05~", "2014-05-01", "2014-05-31", "2014-05~"),
        ("2014-05", "2014-05-01", "2014-05-10", "2014-05-01 – 2014-05-10"),
        ("2014-21", "2014-03-01", "2014-05-31", "2014-03-01 – 2014-05-31"),
        ("2014", "2014-01-01", "2014-12-31", "2014"),
        ("2014-05-07", "2014-05-07", "2014-05-07", "2014-05-07"),
        ("2014-05-07T12:00", "2014-05-07", "2014-05-07", "2014-05-07T12:00"),
        ("../2014-05", None, "2014-05-31", "until 2014-05-31"),
        ("2014/..", "2014-01-01", None, "from 2014-01-01"),
        ("nonsense", None, None, "at no known time"),
    ],
)
def test_when(value: str, earliest: str | None, latest: str | None, shown: str) -> None:
    (entry,) = timeline.build([dated(event("x", earliest, latest), value)]).entries
    assert when(entry) == shown


# -- the picture --------------------------------------------------------------------------------

HOSTILE = "</svg><script>alert(1)</script>\x00\x1b[31m\u202e\ud800\uffff ]]> & \"'"


def drawn(records: list[Record], title: str = "Timeline") -> ElementTree.Element:
    svg = draw_timeline(timeline.build(records), title=title)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffe\uffff]", svg)
    svg.encode("utf-8")
    return ElementTree.fromstring(svg)


def test_hostile_text_stays_text() -> None:
    bad = event("x", "2014-01-01", "2014-01-01", participants=(person(HOSTILE),), article=HOSTILE)
    trigger = msgspec.structs.replace(bad.trigger, text=HOSTILE)
    bad = msgspec.structs.replace(bad, trigger=trigger, text=HOSTILE, source=HOSTILE)
    root = drawn([dated(bad, HOSTILE), event("y", None, None)], HOSTILE)
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert "script" not in tags
    assert any("<script>" in (element.text or "") for element in root.iter())


@given(events(), st.text(max_size=30))
def test_any_timeline_is_drawn(records: list[Record], text: str) -> None:
    with_text = [
        msgspec.structs.replace(record, text=text, participants=(person(text),))
        for record in records
        if isinstance(record, EventRecord)
    ]
    root = drawn([*with_text], text)
    assert root.tag == f"{SVG}svg"
    labels = [e for e in root.iter(f"{SVG}text") if e.find(f"{SVG}tspan") is not None]
    heights = [float(label.attrib["y"]) for label in labels]
    # One row an event, so that no label meets another.
    assert len(labels) == len({(r.article, r.id) for r in with_text})
    assert all(b - a >= ROW for a, b in pairwise(heights))


def test_long_labels_are_cut() -> None:
    long = event("x", "2014-01-01", "2014-01-01", participants=(person("Wiłkołak 漢字" * 40),))
    (label,) = [e for e in drawn([long]).iter(f"{SVG}text") if e.find(f"{SVG}tspan") is not None]
    shown = "".join(label.itertext())
    assert shown.endswith("…") and len(shown) < LABEL_WIDTH / 6


def test_the_picture_names_itself_to_screen_readers() -> None:
    root = drawn(HARBOUR, "The harbour")
    ids = {element.get("id"): element for element in root}
    title, description = (ids[name] for name in root.attrib["aria-labelledby"].split())
    assert title.text == "The harbour"
    assert description.text is not None and "10 events" in description.text
    assert root.attrib["role"] == "img"


def test_the_picture_needs_nothing_else() -> None:
    svg = draw_timeline(timeline.build(HARBOUR))
    assert "href" not in svg and "@import" not in svg
    assert svg.count("http") == 1  # the namespace
    assert "prefers-color-scheme: dark" in svg


# -- the axis -----------------------------------------------------------------------------------


def scale_of(*days: int) -> Scale:
    return Scale(days, left=100.0, right=900.0)


def test_an_outlier_does_not_squash_the_rest() -> None:
    battle = day_number(-479, 8, 11)
    spring = [day_number(2015, month, 1) for month in (1, 2, 3, 4, 5)]
    scale = scale_of(battle, battle + 1, *spring)
    ((_, _, left_out),) = scale.cuts()
    assert left_out == spring[0] - battle - 1
    assert scale.place(spring[-1]) - scale.place(spring[0]) > 500
    labels = [tick.label for tick in scale.ticks() if tick.label]
    assert labels == ["-0479-08-11", "2015-01", "2015-02", "2015-03", "2015-04", "2015-05"]


def test_like_gaps_are_not_cut() -> None:
    years = [day_number(year, 1, 1) for year in (2000, 2005, 2012, 2020)]
    scale = scale_of(*years)
    assert scale.cuts() == []
    assert [tick.label for tick in scale.ticks()] == [str(year) for year in range(2000, 2021, 2)]


def test_years_before_christ_are_written_so() -> None:
    scale = scale_of(day_number(-99, 1, 1), day_number(0, 1, 1), day_number(101, 1, 1))
    labels = [tick.label for tick in scale.ticks()]
    assert labels[0] == "100 BC" and labels[-1] == "100"
    assert "20 BC" in labels and "20" in labels and "1 BC" not in labels


@given(st.sets(st.integers(-3_000_000, 3_000_000), min_size=1, max_size=30))
def test_a_scale_is_monotonous_inside_its_bounds_and_its_labels_are_apart(days: set[int]) -> None:
    scale = scale_of(*days)
    places = [scale.place(day) for day in sorted(days)]
    assert all(a < b for a, b in pairwise(places)) or len(places) == 1
    assert all(100.0 <= place <= 900.0 + 1e-6 for place in places)
    assert all(b.left - a.right == pytest.approx(CUT_WIDTH) for a, b in pairwise(scale.stretches))
    assert all(stretch.right - stretch.left >= 2 * PAD - 1e-6 for stretch in scale.stretches)
    ticks = [tick for tick in scale.ticks() if tick.label]
    for a, b in pairwise(ticks):
        assert b.place - a.place >= (len(a.label) + len(b.label)) / 2 * LABEL_CHARACTER
    for stretch in scale.stretches:
        assert any(stretch.left <= tick.place <= stretch.right for tick in ticks)


# -- the picture as PNG ---------------------------------------------------------------------------


@pytest.fixture
def rasteriser() -> None:
    """Skips, saying why, where no PNG can be made."""
    pytest.importorskip("resvg_py", reason="the extra [png] is not installed")
    try:
        rasterise('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    except PipelineError as error:
        pytest.skip(str(error))


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


@pytest.mark.usefixtures("rasteriser")
def test_png_is_the_picture_twice_as_fine(harbour: Path, tmp_path: Path) -> None:
    file = tmp_path / "out" / "t.png"
    assert run(harbour, "--format", "png", "--output", file).exit_code == 0
    svg = ElementTree.fromstring(run(harbour, "--format", "svg").stdout)
    width, height = (int(svg.attrib[name]) for name in ("width", "height"))
    assert size(file.read_bytes()) == (2 * width, 2 * height)
    piped = run(harbour, "--format", "png")
    assert piped.stdout_bytes == file.read_bytes()


@pytest.mark.usefixtures("rasteriser")
def test_png_shows_text() -> None:
    svg = draw_timeline(timeline.build(HARBOUR), title="A title")
    assert rasterise(svg) != rasterise(svg.replace(">A title</text>", "></text>"))


@pytest.mark.usefixtures("rasteriser")
def test_a_large_png_is_coarser_and_a_huge_one_refused() -> None:
    empty = '<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="{}"/>'
    assert size(rasterise(empty.format(20_000))) == (1000, 20_000)
    with pytest.raises(PipelineError, match="choose fewer events"):
        rasterise(empty.format(70_000))


def test_png_says_what_it_needs(harbour: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    result = run(harbour, "--format", "png")
    assert result.exit_code == 1
    assert "pip install 'claimline[png]'" in result.stderr


def test_png_without_any_font_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    blank = SimpleNamespace(svg_to_bytes=lambda svg, zoom=1.0: b"no letter is drawn")
    monkeypatch.setitem(sys.modules, "resvg_py", blank)
    with pytest.raises(PipelineError, match="needs a font"):
        rasterise(draw_timeline(timeline.build(HARBOUR)))
