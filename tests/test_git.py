"""Git shows claims: textconv, the external diff driver, and the history of a file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline.cli import app

COMMAND = Path(sys.executable).parent / "claimline"
ARTICLE = """\
Harbour fees may rise by 2031, the port authority of Kalmar said on 4 May 2028.

"We will not close the northern quay," Greta Lind, the harbour master, told reporters yesterday.

The shipping company Nordvik could move 200 jobs to Gdansk if the fees double.
"""
HOSTILE = "Talks in \x1b[31mKalmar\x1b[0m may fail by 2031\u202e, Ana Ruiz said.\n"

Git = Callable[..., str]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    """A repository of one article with its sidecar file, committed; gives `git`."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    monkeypatch.setenv("GIT_PAGER", "cat")
    monkeypatch.chdir(tmp_path)

    def git(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], capture_output=True, check=True)
        return done.stdout.decode()

    git("init", "-b", "main")
    git("config", "user.name", "Ana")
    git("config", "user.email", "ana@example.org")
    Path("news").mkdir()
    Path("news/port.txt").write_text(ARTICLE)
    Path("news/port.meta.json").write_text('{"title":"Fees","published":"2028-05-05"}')
    git("add", "-A")
    git("commit", "-m", "first")
    return git


def edit(old: str, new: str, path: str = "news/port.txt") -> None:
    text = Path(path).read_text()
    assert old in text
    Path(path).write_text(text.replace(old, new))


def removed_and_added(shown: str) -> tuple[list[str], list[str]]:
    lines = shown.split("\n")
    return (
        [line[1:] for line in lines if line.startswith("-") and not line.startswith("---")],
        [line[1:] for line in lines if line.startswith("+") and not line.startswith("+++")],
    )


# -- textconv -----------------------------------------------------------------------------------


@pytest.mark.model
def test_git_diff_and_log_show_claims(repository: Git) -> None:
    Path(".gitattributes").write_text("*.txt diff=claimline\n")
    repository("config", "diff.claimline.textconv", f"'{COMMAND}' textconv")
    edit("may rise", "will rise")
    gone, come = removed_and_added(repository("diff"))
    forecast = 'prediction the port authority of Kalmar: "Harbour fees {} rise by 2031"'
    assert any(line.startswith(forecast.format("may")) and "possible" in line for line in gone)
    assert any(line.startswith(forecast.format("will")) for line in come)
    # What is dated from the sidecar file is dated on neither side, so nothing else differs.
    assert not any("Greta Lind" in line for line in gone + come)
    repository("commit", "-a", "-m", "second")
    log = repository("log", "-p", "--", "news/port.txt")
    assert log.count(forecast.format("may")) == 2 and log.count(forecast.format("will")) == 1


@pytest.mark.model
def test_textconv_has_one_line_a_claim_without_ids_and_places(tmp_path: Path) -> None:
    path = tmp_path / "port.txt"
    path.write_text(ARTICLE)
    first = run("textconv", path)
    assert first.exit_code == 0
    kinds = [line.split()[0] for line in first.stdout.strip().split("\n")]
    assert {"entity", "date", "event", "prediction", "quote"} <= set(kinds)
    assert "entity-" not in first.stdout and "quote-" not in first.stdout
    path.write_text(f"Good morning to all.\n\n{ARTICLE}")
    assert run("textconv", path).stdout == first.stdout


@pytest.mark.model
def test_textconv_of_records_and_of_baselines(tmp_path: Path) -> None:
    path = tmp_path / "port.txt"
    path.write_text(ARTICLE)
    shown = run("textconv", path).stdout
    run("extract", path, "--output", tmp_path)
    assert run("textconv", tmp_path / "port.jsonl").stdout == shown
    lines = (tmp_path / "port.jsonl").read_bytes().split(b"\n")
    (tmp_path / "port.jsonl").write_bytes(b"\n".join([lines[0], *lines[:0:-1]]))
    assert run("textconv", tmp_path / "port.jsonl").stdout == shown
    run("baseline", "accept", path)
    approved = tmp_path / "approved" / "port.approved.jsonl"
    assert run("textconv", approved).stdout == shown


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("words.jsonl", b'{"word":"may"}\n'),
        ("broken.jsonl", b"\xff\xfe\x00"),
        ("picture.txt", bytes(range(256)) * 16),
    ],
)
def test_textconv_shows_what_it_cannot_read_as_it_is(
    tmp_path: Path, name: str, data: bytes
) -> None:
    (tmp_path / name).write_bytes(data)
    result = run("textconv", tmp_path / name)
    assert result.exit_code == 0 and result.stdout_bytes == data
    assert "as it is" in result.stderr


def test_textconv_of_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    result = run("textconv", tmp_path / "empty.txt")
    assert (result.exit_code, result.stdout) == (0, "")
    assert run("textconv", "/dev/null").stdout == ""
    missing = run("textconv", tmp_path / "none.txt")
    assert missing.exit_code == 2 and "none.txt" in missing.stderr


@pytest.mark.model
def test_no_control_character_reaches_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(HOSTILE)
    other = tmp_path / "b.txt"
    other.write_text(HOSTILE.replace("may", "will"))
    for result in (
        run("textconv", path),
        run("git-diff", "a\x1b[31m.txt", path, "1", "100644", other, "2", "100644"),
        run("history", path, other),
    ):
        assert "2031" in result.stdout
        assert "\x1b" not in result.stdout and "\u202e" not in result.stdout


# -- the external diff driver -------------------------------------------------------------------


@pytest.fixture
def driven(repository: Git) -> Git:
    Path(".gitattributes").write_text("*.txt diff=claimline\n*.jsonl diff=claimline\n")
    repository("config", "diff.claimline.command", f"'{COMMAND}' git-diff")
    repository("add", "-A")
    repository("commit", "-m", "attributes")
    return repository


@pytest.mark.model
def test_the_driver_shows_changes(driven: Git) -> None:
    edit("may rise", "will rise")
    edit("200 jobs", "300 jobs")
    shown = driven("diff")
    assert shown.startswith("diff --claimline a/news/port.txt b/news/port.txt\n")
    assert "hedge_strengthened" in shown and "quantity_changed" in shown
    assert "+ Harbour fees will rise by 2031" in shown
    driven("commit", "-a", "-m", "second")
    log = driven("log", "-p", "--ext-diff", "-1", "--", "news/port.txt")
    assert "hedge_strengthened" in log


@pytest.mark.model
def test_the_driver_on_added_renamed_and_deleted_files(driven: Git) -> None:
    driven("mv", "news/port.txt", "news/pier.txt")
    driven("mv", "news/port.meta.json", "news/pier.meta.json")
    edit("may rise", "will rise", "news/pier.txt")
    driven("add", "-A")
    shown = driven("diff", "--cached", "-M")
    assert "diff --claimline a/news/port.txt b/news/pier.txt\nsimilarity index" in shown
    assert "hedge_strengthened" in shown and "removed" not in shown
    driven("commit", "-m", "renamed")
    driven("rm", "news/pier.txt")
    gone = driven("diff", "--cached", "--", "news/pier.txt")
    assert '- prediction the port authority of Kalmar: "Harbour fees will rise by 2031"' in gone
    assert "\n+" not in gone
    driven("reset", "--hard")
    Path("news/new.txt").write_text(ARTICLE)
    driven("add", "-A")
    added = driven("diff", "--cached", "--", "news/new.txt")
    assert '+ prediction the port authority of Kalmar: "Harbour fees may rise by 2031"' in added
    assert "\n- " not in added


@pytest.mark.model
def test_the_driver_never_stops_git(driven: Git) -> None:
    Path("news/-x.txt").write_text(ARTICLE)
    Path("words.jsonl").write_text('{"word":"may"}\n')
    Path("news/bytes.txt").write_bytes(bytes(range(256)))
    driven("add", "-A")
    driven("commit", "-m", "more")
    edit("may rise", "will rise", "news/-x.txt")
    edit("may", "will", "words.jsonl")
    Path("news/bytes.txt").write_bytes(bytes(range(255, -1, -1)))
    shown = driven("diff")
    assert "hedge_strengthened" in shown
    assert shown.count("claims cannot be compared: ") == 2


def test_the_driver_on_unmerged_paths() -> None:
    assert run("git-diff", "news/port.txt").stdout == "* Unmerged path news/port.txt\n"
    wrong = run("git-diff", "a", "b")
    assert wrong.exit_code == 2 and "7 or 9" in wrong.stderr


# -- history ------------------------------------------------------------------------------------


@pytest.mark.model
def test_history_of_a_file_in_git(repository: Git) -> None:
    edit("may rise", "will rise")
    repository("commit", "-a", "-m", "second")
    jobs = "The shipping company Nordvik could move 200 jobs to Gdansk if the fees double.\n"
    edit(jobs, "")
    repository("commit", "-a", "-m", "third")
    repository("mv", "news/port.txt", "news/pier.txt")
    repository("mv", "news/port.meta.json", "news/pier.meta.json")
    repository("commit", "-m", "fourth")
    path = Path("news/pier.txt")
    path.write_text(path.read_text() + jobs)
    result = run("history", "--git", path, "--format", "jsonl", "--kind", "prediction")
    assert result.exit_code == 0, result.stderr
    stories = [json.loads(line) for line in result.stdout.split("\n") if line]
    steps = {
        story["claim"]: [(step["version"], step["happening"]) for step in story["steps"]]
        for story in stories
    }
    assert steps["Harbour fees will rise by 2031"] == [(0, "first"), (1, "changed")]
    (nordvik,) = [name for name in steps if "Nordvik" in name]
    assert steps[nordvik] == [(0, "first"), (2, "gone"), (4, "back")]
    last = {story["last"] for story in stories}
    assert last == {"working tree"}
    table = run("history", "--git", path, "--grep", "NORDVIK").stdout
    assert "back again" in table and "Harbour fees" not in table


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        ([], "--git"),
        (["a.txt", "--git", "b.txt"], "--git"),
        (["none.txt"], "none.txt"),
        (["--git", "none.txt"], "none.txt"),
        (["none.txt", "--kind", "rumour"], "rumour"),
    ],
)
def test_wrong_usage_of_history(repository: Git, arguments: list[str], hint: str) -> None:
    result = run("history", *arguments)
    assert result.exit_code == 2
    assert hint in result.stderr and "Traceback" not in result.output


def test_history_outside_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(ARTICLE)
    result = run("history", "--git", "a.txt")
    assert result.exit_code == 2 and "git log failed" in result.stderr
