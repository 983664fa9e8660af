"""Records in a terminal: which, how they look, and that no text of theirs acts."""

from __future__ import annotations

import hashlib
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from pipeline import jsonl
from pipeline.cli import app
from pipeline.errors import PipelineError
from pipeline.reading import find_sources, read_text
from pipeline.records import ArticleRecord, Participant, Record
from pipeline.report import Selection, choose
from pipeline.report.excerpt import MOST_LINES, Layout

from . import by_hand
from .by_hand import article, entity, event, prediction, source, span
from .test_forecasts import HOSTILE
from .test_records import any_records

HARBOUR: list[Record] = [
    msgspec.structs.replace(
        article("harbour", "Lena Brandt"), title="A strike ends", published="1962-05-10"
    ),
    entity("Ana Ruiz", "the minister", id="ruiz", at=300, article="harbour"),
    entity("Callao Docks", id="docks", type="ORG", at=205, article="harbour"),
    by_hand.date(
        "d1", "1962-05-01", "1962-05-31", text="in May", value="1962-05", article="harbour"
    ),
    by_hand.date("d2", None, None, text="recently", value="PAST_REF", article="harbour"),
    event(
        "struck",
        "1961-05-01",
        "1961-05-31",
        article="harbour",
        source="q1",
        participants=(Participant(start=0, end=1, text="they", role="agent", entity="docks"),),
    ),
    prediction("p1", 67, 80, due=(None, "1963-12-31"), article="harbour"),
    prediction(
        "p2",
        20,
        35,
        who=source("she", "Ana Ruiz", "ruiz"),
        proposition="the dockers will “probably”\u00a0not accept",
        article="harbour",
        start=200,
    ),
    prediction("p3", None, None, who=source("some brokers"), article="harbour"),
    by_hand.quote(
        "q1", "It ended", name="Ana Ruiz", entity="ruiz", article="harbour",
        when=by_hand.ref("1962-04-01", "1962-04-30"),
    ),
    by_hand.quote(
        "q2", "Nothing is settled yet", name="officials", anonymous=True, article="harbour",
        start=195,
    ),
    by_hand.problem("a table was left out", article="harbour"),
    article("market"),
    prediction("m1", 55, 60, article="market"),
]  # fmt: skip


def run(*arguments: str | Path, data: bytes | None = None) -> Result:
    return CliRunner().invoke(app, ["show", *map(str, arguments)], input=data)


@pytest.fixture
def harbour(tmp_path: Path) -> Path:
    path = tmp_path / "harbour.jsonl"
    jsonl.write(path, HARBOUR)
    return path


def chosen(records: Sequence[Record] = HARBOUR, **wanted: Any) -> list[str]:
    return [record.id for record in choose(records, Selection(**wanted)).records]


ACTING = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


# -- choosing -------------------------------------------------------------------------------------


def test_nothing_asked_is_everything() -> None:
    assert choose(HARBOUR, Selection()).records == tuple(HARBOUR)


def test_kinds() -> None:
    assert chosen(kinds=("quote", "problem")) == ["q1", "q2", "problem-1"]


def test_a_speaker_quotes_holds_and_vouches() -> None:
    for name in ("ana ruiz", "Ruiz", "The Minister"):
        assert chosen(speakers=(name,)) == ["event-struck", "p2", "q1"], name
    assert chosen(speakers=("author",)) == ["p1", "m1"]
    assert chosen(speakers=("Brandt",)) == ["p1"]
    assert chosen(speakers=("officials", "some brokers")) == ["p3", "q2"]
    assert chosen(speakers=("brokers",)) == []


def test_a_hyphen_does_not_cut_a_family_name() -> None:
    records = [entity("Rosa Vega-Lund", id="r"), prediction("x", who=source("she", None, "r"))]
    for name in ("Vega-Lund", "vega lund", "Lund"):
        assert chosen(records, speakers=(name,)) == ["x"], name
    assert chosen(records, speakers=("Vega",)) == []


def test_an_entity_acts_speaks_and_is_spoken_of() -> None:
    assert chosen(entities=("Callao Docks",)) == ["docks", "event-struck", "p2", "q2"]
    assert chosen(entities=("ruiz",)) == ["ruiz", "p2", "q1"]


@pytest.mark.parametrize(
    ("when", "found"),
    [
        ({"after": "1962-05"}, ["article-harbour", "d1", "p1"]),
        ({"before": "1962-04"}, ["event-struck", "p1", "q1"]),
        ({"after": "1962-04", "before": "1962-05-31"}, ["article-harbour", "d1", "p1", "q1"]),
        ({"after": "1964"}, []),
    ],
)
def test_times_are_those_of_dates_events_horizons_and_quotes(
    when: dict[str, str], found: list[str]
) -> None:
    assert chosen(**when) == found


def test_numbers_choose_predictions_alone_and_count_those_without() -> None:
    assert chosen(least=55) == ["p1", "m1"]
    assert chosen(most=60, least=10) == ["p2", "m1"]
    assert choose(HARBOUR, Selection(least=55)).unnumbered == 1
    assert choose(HARBOUR, Selection(least=55, kinds=("quote",))).unnumbered == 0


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ('will "probably" NOT', ["p2"]),
        ("the * accept", ["p2"]),
        ("accept * the", []),
        ("officials", ["q2"]),
        ("(67-80%)", ["p1"]),
        ("[a-z]+", []),
        ("table was", ["problem-1"]),
        ("1962-05", ["article-harbour", "d1"]),
    ],
)
def test_words_are_plain_and_stars_are_anything(words: str, found: list[str]) -> None:
    assert chosen(words=(words,)) == found


def test_several_words_are_alternatives_and_conditions_add_up() -> None:
    assert chosen(words=("officials", "table was")) == ["q2", "problem-1"]
    assert chosen(words=("officials", "table was"), kinds=("quote",)) == ["q2"]


def test_a_pattern_of_stars_is_quick() -> None:
    text = "ab" * 50_000
    records = [prediction("x", proposition=text)]
    assert chosen(records, words=("*".join(["a"] * 5_000) + "*c",)) == []


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"kinds": ("rumour",)}, "the kinds are"),
        ({"after": "soon"}, "2021-09-21"),
        ({"before": "1962-13"}, "1962-13"),
        ({"least": 101.0}, "percentage"),
        ({"least": 60.0, "most": 50.0}, "at least 60"),
    ],
)
def test_wrong_questions_say_what_is_possible(wanted: dict[str, Any], message: str) -> None:
    with pytest.raises(PipelineError, match=message):
        Selection(**wanted)


@given(any_records(), st.text(max_size=5))
def test_any_records_can_be_asked_anything(records: list[Record], text: str) -> None:
    for wanted in (
        {"speakers": (text,)},
        {"entities": (text,)},
        {"after": "1962"},
        {"least": 5.0},
        {"words": (text,)},
    ):
        found = choose(records, Selection(**wanted)).records  # type: ignore[arg-type]
        assert all(record in records for record in found)


# -- the command ----------------------------------------------------------------------------------


def test_options_ask(harbour: Path) -> None:
    def asked(*options: str) -> list[str]:
        result = run(harbour, "--json", *options)
        assert result.exit_code == 0, result.output
        return [json.loads(line)["id"] for line in result.stdout.splitlines()]

    assert asked("-k", "quote", "--speaker", "Ruiz") == ["q1"]
    assert asked("--entity", "Callao Docks", "--kind", "event") == ["event-struck"]
    assert asked("--after", "1962-05", "--before", "1962-05", "-k", "date") == ["d1"]
    assert asked("--min", "60", "--max", "90") == ["p1"]
    assert asked("--grep", "nothing * yet") == ["q2"]


def test_json_is_what_was_read(harbour: Path) -> None:
    assert run(harbour, "--json").stdout_bytes == jsonl.encode(jsonl.read(harbour))
    piped = run("-", "--json", data=run(harbour, "--json", "-k", "date").stdout_bytes)
    assert jsonl.decode(piped.stdout_bytes) == [r for r in HARBOUR if r.id in ("d1", "d2")]


def test_folders_and_titles(harbour: Path) -> None:
    shown = run(harbour.parent, "--kind", "prediction").stdout
    assert shown.index("A strike ends") < shown.index("id: p1")
    assert shown.index("id: p3") < shown.index("\nmarket\n") < shown.index("id: m1")


def test_what_is_not_found_and_what_has_no_number_is_told(harbour: Path) -> None:
    result = run(harbour, "--min", "99")
    assert (result.exit_code, result.stdout) == (0, "")
    assert f"none of {len(HARBOUR)} records is like that" in result.stderr
    assert "left out: 1 without a number" in result.stderr


@pytest.mark.parametrize("options", [("--kind", "rumour"), ("--after", "x"), ("--min", "-1")])
def test_wrong_questions_are_wrong_usage(options: tuple[str, str], harbour: Path) -> None:
    result = run(harbour, *options)
    assert result.exit_code == 2 and "Traceback" not in result.output


def test_without_a_terminal_every_field_has_one_line(tmp_path: Path) -> None:
    text = "word " * 500
    jsonl.write(tmp_path / "a.jsonl", [prediction("x", proposition=text)])
    lines = run(tmp_path / "a.jsonl").stdout.splitlines()
    assert text.strip() in lines[0] and lines[-1].strip() == "id: x"


# -- the lines in the article ---------------------------------------------------------------------

STORY = (
    "The strike at the docks began in spring. Nobody had expected that it would last.\n\n"
    "“It may end soon,” Ana Ruiz told reporters. "
    + "Ships waited outside the harbour for weeks and weeks. " * 6
    + "\n"
)


def excerpt(text: str, record: Record, *, width: int = 40, context: int = 0) -> list[str]:
    lines = Layout(read_text(text), width).around(record, context)
    return ["".join("<[{"[r.weight] + r.text + ">]}"[r.weight] for r in runs) for runs in lines]


def placed(text: str, words: str, cue: str) -> Record:
    at = text.index(words)
    may = span(text.index(cue), cue)
    made = prediction("p")
    cues = (msgspec.structs.replace(made.cues[0], start=may.start, end=may.end, text=cue),)
    return msgspec.structs.replace(
        made, start=at, end=at + len(words), proposition=span(at, words), cues=cues
    )


def test_the_words_are_lit_in_their_lines() -> None:
    record = placed(STORY, "It may end soon", "may")
    assert excerpt(STORY, record) == ["<“>[It ]{may}[ end soon]<,” Ana Ruiz told>"]


def test_context_reaches_into_other_paragraphs() -> None:
    lines = excerpt(STORY, placed(STORY, "It may end soon", "may"), context=1)
    assert lines[0] == "<Nobody had expected that it would last.>"
    assert len(lines) == 3 and lines[2].startswith("<reporters. Ships waited")
    assert len(excerpt(STORY, placed(STORY, "It may end soon", "may"), context=99)) > 5


def test_what_has_no_place_has_no_lines() -> None:
    assert excerpt(STORY, by_hand.problem("x")) == []
    assert excerpt(STORY, article()) == []
    assert excerpt(STORY, prediction("far", start=10**6)) == []


def test_a_long_record_is_cut_short() -> None:
    text = "word " * 2_000
    record = msgspec.structs.replace(prediction("p"), start=0, end=len(text))
    lines = excerpt(text, record)
    assert len(lines) == MOST_LINES + 1 and lines[-1] == "<…>"


@given(st.text(max_size=200), any_records(), st.integers(1, 60), st.integers(0, 3))
def test_any_record_in_any_text(text: str, records: list[Record], width: int, context: int) -> None:
    try:
        read = read_text(text)
    except PipelineError:
        return
    layout = Layout(read, width)
    for record in records:
        for line in layout.around(record, context):
            assert not ACTING.search("".join(run.text for run in line))


@given(st.text(st.sampled_from("ab \n\t漢é"), max_size=80), st.integers(1, 12))
def test_lines_hold_every_word_and_fit(text: str, width: int) -> None:
    try:
        read = read_text(text)
    except PipelineError:
        return
    whole = msgspec.structs.replace(prediction("p"), start=0, end=len(read.source) or 1)
    lines = ["".join(r.text for r in runs) for runs in Layout(read, width).around(whole, 0)]
    if len(lines) <= MOST_LINES:
        assert "".join("".join(lines).split()) == "".join(read.text.split())
        assert all(len(line) <= width for line in lines)


def test_source_shows_the_lines_of_the_file_that_was_read(tmp_path: Path) -> None:
    folder = tmp_path / "articles" / "inner"
    folder.mkdir(parents=True)
    (folder / "story.txt").write_text(STORY, encoding="utf-8")
    (tmp_path / "articles" / "other.txt").write_text("Another.", encoding="utf-8")
    digest = digest_of(folder / "story.txt")
    head = msgspec.structs.replace(article("story"), sha256=digest, path="/etc/passwd")
    record = msgspec.structs.replace(placed(STORY, "It may end soon", "may"), article="story")
    jsonl.write(tmp_path / "story.jsonl", [head, record])
    result = run(tmp_path / "story.jsonl", "--source", tmp_path / "articles", "-C", "0")
    assert result.exit_code == 0 and result.stderr == ""
    assert "│ “It may end soon,” Ana Ruiz told reporters. Ships" in result.stdout
    (folder / "story.txt").write_text(STORY + "More.", encoding="utf-8")
    changed = run(tmp_path / "story.jsonl", "--source", tmp_path / "articles")
    assert "│" not in changed.stdout
    assert "story: no file there is what was read" in changed.stderr
    assert run(tmp_path / "story.jsonl", "--source", tmp_path / "none").exit_code == 2


def digest_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_links_and_pipes_among_sources_are_passed_over(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "link.txt").symlink_to(secret)
    os.mkfifo(folder / "pipe.txt")
    head = msgspec.structs.replace(article("a"), sha256=digest_of(secret))
    assert find_sources([head], [folder]) == {}
    assert list(find_sources([head], [tmp_path])) == ["a"]


# -- a real terminal ------------------------------------------------------------------------------


def in_terminal(*arguments: str | Path, **environment: str) -> str:
    """What the command sends to a terminal that a person sits at."""
    ours, theirs = pty.openpty()
    command = Path(sys.executable).parent / "claimline"
    hidden = ("NO_COLOR", "FORCE_COLOR", "LESS", "PAGER", "COLUMNS")
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    process = subprocess.Popen(
        [command, "show", *map(str, arguments)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**kept, "TERM": "xterm-256color", "COLUMNS": "60", **environment},
    )
    os.close(theirs)
    parts = []
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # how Linux says that nobody writes any more
            break
        if not part:
            break
        parts.append(part)
    os.close(ours)
    assert process.wait() == 0
    return b"".join(parts).decode()


SGR = re.compile(r"\x1b\[[\d;]*m")


def test_colours_tell_kinds_and_lines_hang_below_one_another(harbour: Path) -> None:
    shown = in_terminal(harbour, "--no-pager")
    assert "\x1b[33mprediction" in shown and "\x1b[32mquote" in shown
    plain = SGR.sub("", shown).split("\r\n")
    assert all(len(line) <= 60 for line in plain)
    heads = ("article", "entity", "date", "event", "prediction", "quote", "problem", "A ", "market")
    assert all(line.startswith((*heads, " " * 25)) for line in plain if line)


def test_a_person_gets_pages(harbour: Path, tmp_path: Path) -> None:
    paged = tmp_path / "paged"
    shown = in_terminal(harbour, PAGER=f"tee {paged} >/dev/null")
    assert shown == ""
    assert "\x1b[33mprediction" in paged.read_text(encoding="utf-8")
    paged.unlink()
    assert "prediction" in in_terminal(harbour, "--no-pager", PAGER=f"tee {paged}")
    assert not paged.exists()


def test_no_colour_where_none_is_wanted(harbour: Path) -> None:
    assert "\x1b[33m" not in in_terminal(harbour, "--no-pager", NO_COLOR="1")


def test_hostile_texts_reach_no_terminal(tmp_path: Path) -> None:
    head = msgspec.structs.replace(article(HOSTILE, HOSTILE), title=HOSTILE)
    assert isinstance(head, ArticleRecord)
    bad = [
        head,
        entity(HOSTILE, HOSTILE, article=HOSTILE, id=HOSTILE),
        prediction(HOSTILE, article=HOSTILE, proposition=HOSTILE, who=source(HOSTILE)),
        by_hand.quote(HOSTILE, HOSTILE, name=HOSTILE, article=HOSTILE),
        by_hand.date(HOSTILE, None, None, text=HOSTILE, value=HOSTILE, article=HOSTILE),
        event(HOSTILE, "2000-01-01", None, article=HOSTILE),
        by_hand.problem(HOSTILE, article=HOSTILE),
        article("b"),
    ]
    jsonl.write(tmp_path / "bad.jsonl", bad)
    shown = SGR.sub("", in_terminal(tmp_path / "bad.jsonl", "--no-pager"))
    assert shown and not ACTING.search(shown.replace("\r\n", ""))
    assert "\\x1b" in shown
