"""Where versions come from: files, folders, JSONL, git, the cache; and the command."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline import jsonl
from pipeline.cli import app
from pipeline.errors import PipelineError
from pipeline.extraction import Extractor
from pipeline.revisions.cache import Extractions
from pipeline.revisions.versions import extract_again, load_versions

OLD = "The northern mine may close by 2031. The council met on 4 May 2021.\n"
NEW = OLD.replace("may close", "is likely to close")


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    for folder, text in (("old", OLD), ("new", NEW)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "mine.txt").write_text(text)
        (tmp_path / folder / "rain.txt").write_text("Rain could fall tomorrow, Ana Ruiz said.\n")
        (tmp_path / folder / "README.md").write_text("No article.")
        (tmp_path / folder / "rain.meta.json").write_text('{"published": "2024-03-01"}')
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Ana", "-c", "user.email=ana@example.org")
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["diff", *map(str, arguments)])


@pytest.mark.model
def test_a_folder_is_extracted_once(articles: Path, extractor: Extractor) -> None:
    extractions = Extractions(lambda: extractor, articles / "kept")
    first = load_versions(articles / "old", extractions=extractions)
    assert list(first) == ["mine", "rain"] and extractions.made == 2
    again = load_versions(articles / "old", extractions=extractions)
    assert again == first and extractions.made == 2
    changed = load_versions(articles / "new", extractions=extractions)
    assert extractions.made == 3  # the other article is the same, and so is its sidecar file
    assert changed["rain"].records[1:] == first["rain"].records[1:]


@pytest.mark.model
@pytest.mark.parametrize("damage", [b"", b"{", b"\x00\xff", None])
def test_a_damaged_entry_is_made_anew(
    articles: Path, extractor: Extractor, damage: bytes | None
) -> None:
    folder = articles / "kept"
    extractions = Extractions(lambda: extractor, folder)
    whole = load_versions(articles / "old", extractions=extractions)
    for entry in folder.rglob("*.jsonl"):
        lines = entry.read_bytes().splitlines(keepends=True)
        entry.write_bytes(b"".join(lines[:-1]) if damage is None else damage)
    assert load_versions(articles / "old", extractions=extractions) == whole
    assert extractions.made == 4


@pytest.mark.model
def test_a_sidecar_that_changes_makes_another_entry(articles: Path, extractor: Extractor) -> None:
    extractions = Extractions(lambda: extractor, articles / "kept")
    load_versions(articles / "old", extractions=extractions)
    (articles / "old" / "rain.meta.json").write_text('{"published": "2025-03-01"}')
    load_versions(articles / "old", extractions=extractions)
    assert extractions.made == 3


@pytest.mark.model
def test_records_know_the_text_they_were_made_from(articles: Path, extractor: Extractor) -> None:
    source = articles / "old" / "mine.txt"
    found = extractor.extract(source)
    path = articles / "mine.jsonl"
    jsonl.write(path, found.records)
    (version,) = load_versions(path).values()
    assert version.text == OLD
    again = extract_again(version, Extractions(lambda: extractor))
    assert again is not None and again.records == version.records
    source.write_text(NEW)
    (version,) = load_versions(path).values()
    assert version.text is None
    assert extract_again(version, Extractions(lambda: extractor)) is None


@pytest.mark.model
def test_diff_of_folders_files_and_jsonl(articles: Path) -> None:
    result = run(articles / "old", articles / "new", "--format", "jsonl")
    assert result.exit_code == 1
    changes = [json.loads(line) for line in result.stdout.splitlines()]
    assert ["hedge_strengthened"] in [change["types"] for change in changes]
    assert {change["article"] for change in changes} == {"mine"}
    assert run(articles / "old", articles / "old").exit_code == 0
    assert run(articles / "old", articles / "new", "--fail-on", "critical").exit_code == 0
    assert run(articles / "old", articles / "new", "--kind", "date").exit_code == 0
    out = articles / "out.jsonl"
    run(articles / "old", articles / "new", "--format", "jsonl", "-o", out)
    assert out.read_text() == result.stdout
    # Two files are two versions of one article, whatever they are called.
    renamed = articles / "later.txt"
    renamed.write_text(NEW)
    table = run(articles / "old" / "mine.txt", renamed)
    assert table.exit_code == 1 and "hedge_strengthened" in table.stdout


@pytest.mark.model
def test_diff_of_git_revisions(articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = articles / "repository"
    (repository / "texts").mkdir(parents=True)
    git(articles, "init", "-q", str(repository))
    for text in (OLD, NEW):
        (repository / "texts" / "mine.txt").write_text(text)
        git(repository, "add", "-A")
        git(repository, "commit", "-q", "-m", "a version")
    monkeypatch.chdir(repository)
    for arguments in (
        ["HEAD~1", "HEAD", "--", "texts"],
        ["HEAD~1", "HEAD"],
        ["HEAD~1:texts", "texts"],
        ["HEAD~1:texts/mine.txt", "HEAD:texts/mine.txt"],
    ):
        result = run("--type", "hedge", "--format", "jsonl", *arguments)
        assert result.exit_code == 1, arguments
        assert len(result.stdout.splitlines()) == 1
    monkeypatch.chdir(repository / "texts")
    assert run("HEAD~1", "HEAD", "--", ".").exit_code == 1
    assert run("HEAD", "HEAD", "--", "mine.txt").exit_code == 0


def test_what_cannot_be_read_is_an_error(articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(articles)
    git(articles, "init", "-q")
    missing = run("nowhere", "old")
    assert missing.exit_code == 2 and "no such file, folder or git revision" in missing.stderr
    assert run("--output=x", "old", "--upload-pack=x").exit_code == 2
    assert run("old", "new", "--fail-on", "frobnicated").exit_code == 2
    assert run("old", "new", "--kind", "verb").exit_code == 2
    (articles / "empty").mkdir()
    assert run("empty", "empty").exit_code == 2
    (articles / "bad.jsonl").write_text("{}\n")
    assert run("bad.jsonl", "bad.jsonl").exit_code == 2
    monkeypatch.setenv("PATH", "")
    assert "git is not installed" in run("HEAD~1", "HEAD").stderr


def test_a_path_is_never_taken_for_a_revision(tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="no such file or folder"):
        load_versions(tmp_path / "HEAD")


def test_one_article_twice_on_one_side_is_refused(tmp_path: Path) -> None:
    line = jsonl.encode([_record()])
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_bytes(line)
    with pytest.raises(PipelineError, match="both of the article"):
        load_versions(tmp_path)


def _record() -> jsonl.Record:
    from .test_revisions import quote

    return quote(0, "a river took the bridge", "Ana Ruiz")
