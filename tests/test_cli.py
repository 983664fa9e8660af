from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline import __version__, jsonl
from pipeline.cli import app

from .conftest import CORPUS, ROOT, corpus_articles

TEXT = '"Prices may fall by 2023," Ana Ruiz, the finance minister, said on 4 May 2021.\n'


def run(*arguments: str | Path, data: bytes | None = None) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=data)


def article(folder: Path, name: str = "a.txt", text: str = TEXT) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_version() -> None:
    assert run("--version").stdout == f"claimline {__version__}\n"


COMMANDS = (
    "extract",
    "run",
    "retry",
    "status",
    "show",
    "stats",
    "timeline",
    "report",
    "predictions",
    "calibrate",
    "export",
    "import",
    "explain",
    "diff",
    "git-diff",
    "textconv",
    "history",
    "schema",
    "config",
    "evaluate",
    "train",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"Example: claimline {command}" in " ".join(result.stdout.split())


def test_help_lists_every_command() -> None:
    shown = run("--help").stdout
    assert all(command in shown for command in COMMANDS)
    assert {
        command.name or command.callback.__name__ for command in app.registered_commands
    } == set(  # type: ignore[union-attr]
        COMMANDS
    )


@pytest.mark.model
def test_extract_writes_one_file_an_article(tmp_path: Path) -> None:
    article(tmp_path, "a.txt")
    article(tmp_path, "b.md", "# Title\n\nIt **may** rain.\n")
    article(tmp_path, "README.md")
    (tmp_path / "c.meta.json").write_text("{}")
    result = run("extract", tmp_path, "--output", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.jsonl", "b.jsonl"]
    records = jsonl.read(tmp_path / "out" / "a.jsonl")
    assert records[0].id.startswith("article-")
    assert result.stdout == ""
    assert "a " in result.stderr and "words/s" in result.stderr


@pytest.mark.model
def test_dash_reads_standard_input_and_writes_standard_output() -> None:
    result = run("extract", "-", data=TEXT.encode())
    assert result.exit_code == 0
    first = json.loads(result.stdout.split("\n")[0])
    assert first["article"] == "stdin" and first["path"] == "-"


@pytest.mark.model
def test_published_overrides(tmp_path: Path) -> None:
    path = article(tmp_path, text="Talks failed yesterday.\n")
    result = run("extract", path, "--output", "-", "--published", "2021-09-21")
    records = [json.loads(line) for line in result.stdout.split("\n") if line]
    assert records[0]["published"] == "2021-09-21"
    assert [r["value"] for r in records if r["kind"] == "date"] == ["2021-09-20"]


@pytest.mark.model
def test_without_a_date_relative_dates_stay_unresolved_with_a_problem(tmp_path: Path) -> None:
    path = article(tmp_path, text="Talks failed yesterday.\n")
    result = run("extract", path, "--output", "-")
    assert result.exit_code == 0
    records = [json.loads(line) for line in result.stdout.split("\n") if line]
    dates = [r for r in records if r["kind"] == "date"]
    assert [r["earliest"] for r in dates] == [None]
    assert any(r["kind"] == "problem" and r["stage"] == "dates" for r in records)
    assert run("extract", path, "--output", "-", "--strict").exit_code == 1


@pytest.mark.parametrize("value", ["yesterday", "2021-13-01", "2021-02-30", "21.9.2021", ""])
def test_published_must_be_a_date(tmp_path: Path, value: str) -> None:
    result = run("extract", article(tmp_path), "--published", value)
    assert result.exit_code == 2
    assert "2021-09-21" in result.stderr and "Traceback" not in result.output


@pytest.mark.parametrize(
    ("setting", "hint"),
    [
        ("components.claimline_encoder.thread=2", "Did you mean components.claimline_encoder"),
        ("components.claimline_encoder.threads=many", "should be a int"),
        (
            "components.claimline_predictions.yardstick=icd203",
            "choose from survey, icd-203, kent, uk-phia, nato, ipcc",
        ),
        ("nonsense", "KEY=VALUE"),
    ],
)
def test_wrong_settings_are_usage_errors(tmp_path: Path, setting: str, hint: str) -> None:
    result = run("extract", article(tmp_path), "--set", setting)
    assert result.exit_code == 2
    assert hint in result.stderr


def test_config_prints_every_setting_resolved() -> None:
    shown = run("config", "--set", "components.claimline_encoder.threads=2").stdout
    assert "threads = 2" in shown
    assert "claimline_predictions" in shown


def test_predictions_are_chosen_by_the_yardstick_they_were_extracted_with(tmp_path: Path) -> None:
    path = article(tmp_path, text="The dam will probably hold. A strike may follow.\n")
    nato = tmp_path / "nato.cfg"
    nato.write_text('[components]\n\n[components.claimline_predictions]\nyardstick = "nato"\n')
    prints = set()
    for options, wanted in (((), 65), (("--config", nato), 60)):
        folder = tmp_path / f"from {wanted}"
        assert run("extract", path, "--output", folder, *options).exit_code == 0
        for least, count in ((wanted, 1), (wanted + 1, 0)):
            shown = run("predictions", folder, "--min", least, "--format", "jsonl").stdout
            found = [json.loads(line) for line in shown.splitlines()]
            assert [forecast["low"] for forecast in found] == [wanted] * count
        [output] = folder.iterdir()
        head = json.loads(output.read_text(encoding="utf-8").split("\n")[0])
        prints.add(head["pipeline"]["fingerprint"])
    assert len(prints) == 2


def test_config_file_overrides_single_values(tmp_path: Path) -> None:
    path = tmp_path / "my.cfg"
    path.write_text("[components]\n\n[components.claimline_encoder]\nthreads = 2\n")
    assert "threads = 2" in run("config", "--config", path).stdout
    path.write_text("[components]\n\n[components.claimline_encoder]\nthreds = 2\n")
    result = run("config", "--config", path)
    assert result.exit_code == 2 and "threads" in result.stderr


def test_schema_is_json() -> None:
    assert "$defs" in json.loads(run("schema").stdout)
    assert run("schema", "--markdown").stdout.startswith("# The records")


def test_unknown_model_is_a_usage_error(tmp_path: Path) -> None:
    result = run("extract", article(tmp_path), "--model", "en_no_such_model")
    assert result.exit_code == 2
    assert "en_no_such_model" in result.stderr and "Traceback" not in result.output


BAD_INPUTS = {
    "empty.txt": lambda path: path.write_bytes(b""),
    "spaces.txt": lambda path: path.write_bytes(b" \n\t\r\n"),
    "binary.txt": lambda path: path.write_bytes(bytes(range(256)) * 16),
    "folder.txt": lambda path: path.mkdir(),
    "missing.txt": lambda path: None,
    "loop.txt": lambda path: path.symlink_to(path),
    "pipe.txt": lambda path: os.mkfifo(path),
}


@pytest.mark.model
@pytest.mark.parametrize("name", BAD_INPUTS)
def test_bad_input_is_named_and_the_others_finish(tmp_path: Path, name: str) -> None:
    bad = tmp_path / name
    BAD_INPUTS[name](bad)
    result = run("extract", bad, article(tmp_path), "--output", tmp_path / "out")
    assert result.exit_code == 1
    assert name in result.stderr and "Traceback" not in result.output
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.jsonl"]


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        '"' * 20_000,
        "“ab” " * 4_000,
        "one\x00\x07\x1b[31m two \u202e three\u2028 may \ufeff four\n",
        "(" * 20_000,
        "may " * 5_000,
        "<b>" * 50_000 + "It may rain." + "</b>" * 50_000,
        "1990 " * 5_000,
        "Ana Ruiz said Bo Li said " * 1_000,
    ],
    ids=[
        "one-line",
        "marks",
        "quotes",
        "controls",
        "brackets",
        "hedges",
        "tags",
        "years",
        "speakers",
    ],
)
def test_odd_text_gives_records_or_one_clear_error(tmp_path: Path, text: str) -> None:
    path = article(tmp_path, text=text)
    result = run("extract", path, "--output", tmp_path / "out")
    assert "Traceback" not in result.output
    assert result.exit_code == (0 if (tmp_path / "out" / "a.jsonl").exists() else 1)
    if result.exit_code == 0:
        assert jsonl.read(tmp_path / "out" / "a.jsonl")


@pytest.mark.model
def test_ids_never_leave_the_output_folder(tmp_path: Path) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    paths = [article(inside, name) for name in ("...txt", "a b;rm.txt", "é.txt", "a.b.txt")]
    other = tmp_path / "other"
    other.mkdir()
    paths.append(article(other, "a.b.txt"))
    out = tmp_path / "x" / "out"
    result = run("extract", *paths, "--output", out)
    assert result.exit_code == 0, result.stderr
    names = sorted(path.name for path in out.iterdir())
    assert len(names) == len(paths)
    assert all(re.fullmatch(r"[\w.-]+\.jsonl", name) for name in names)
    assert [path.name for path in (tmp_path / "x").iterdir()] == ["out"]


@pytest.mark.model
def test_output_that_cannot_be_written_is_an_error_without_leftovers(tmp_path: Path) -> None:
    out = article(tmp_path, "out")  # a file where the folder should be
    result = run("extract", article(tmp_path), "--output", out)
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr and "Traceback" not in result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "out"]


@pytest.mark.model
def test_show_prints_the_records_of_a_kind(tmp_path: Path) -> None:
    run("extract", article(tmp_path), "--output", tmp_path)
    everything = run("show", tmp_path / "a.jsonl")
    assert everything.exit_code == 0
    assert "Ana Ruiz" in everything.stdout and "prediction" in everything.stdout
    dates = run("show", tmp_path / "a.jsonl", "--kind", "date").stdout
    assert "2021-05-04" in dates and "PERSON" not in dates
    assert run("show", tmp_path / "a.jsonl", "--kind", "rumour").exit_code == 2


def test_show_says_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    result = run("show", article(tmp_path), tmp_path / "none.jsonl")
    assert result.exit_code == 1
    assert "a.txt, line 1" in result.stderr and "none.jsonl" in result.stderr


@pytest.mark.model
def test_show_never_sends_control_characters(tmp_path: Path) -> None:
    path = article(tmp_path, text="Talks with \x1b[31mAna Ruiz\x1b[0m may fail in 2023\u202e.\n")
    run("extract", path, "--output", tmp_path)
    shown = run("show", tmp_path / "a.jsonl").stdout
    assert "\x1b" not in shown and "\u202e" not in shown


@pytest.mark.model
def test_the_command_as_a_process(tmp_path: Path) -> None:
    command = Path(sys.executable).parent / "claimline"
    done = subprocess.run(
        [command, "extract", "-", "--published", "2021-09-21"],
        input=TEXT,
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    kinds = {json.loads(line)["kind"] for line in done.stdout.split("\n") if line}
    assert {"article", "entity", "date", "prediction", "quote"} <= kinds
    assert list(tmp_path.iterdir()) == []


def test_readme_names_every_command_that_it_shows() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"^\$? ?claimline (\w+)", readme, re.MULTILINE))
    assert shown and shown <= set(COMMANDS)
    assert "make extract" in readme and "make test" in readme


def test_gold_is_there_for_every_article() -> None:
    stems = {path.stem for path in corpus_articles()}
    assert {path.stem for path in (CORPUS / "gold").glob("*.json")} == stems
