"""Where versions come from: files, folders, JSONL, git, the cache; and the command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline import jsonl
from pipeline.cli import app
from pipeline.errors import PipelineError
from pipeline.extraction import Extractor
from pipeline.revisions.cache import Extractions
from pipeline.revisions.command import difference
from pipeline.revisions.versions import extract_again, load_versions

OLD = "The northern mine may close by 2031. The council met on 4 May 2021.\n"
NEW = OLD.replace("may close", "is likely to close")


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def loaded(extractor: Extractor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command's pipeline is the one that all tests share."""
    monkeypatch.setattr("pipeline.extraction.load", lambda *_, **__: extractor)


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
def test_of_a_folder_only_what_changed_is_extracted(tmp_path: Path, extractor: Extractor) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        folder.mkdir()
        for number in range(30):
            (folder / f"{number}.txt").write_text(
                f"The northern mine may close by {2031 + number}.\n"
            )

    def compared() -> tuple[int, list[tuple[str, tuple[str, ...]]]]:
        found = difference(
            str(old), str(new), cache=tmp_path / "kept", load=lambda: extractor, types=["hedge"]
        )
        return found.extracted, [(change.article, change.types) for change in found.changes]

    assert compared() == (30, [])
    for number in (3, 17):
        (new / f"{number}.txt").write_text(f"The northern mine will close by {2031 + number}.\n")
    changes = [("17", ("hedge_strengthened",)), ("3", ("hedge_strengthened",))]
    assert compared() == (2, changes)
    assert compared() == (0, changes)


@pytest.mark.model
def test_what_is_kept_needs_no_language_model(articles: Path, loaded: None) -> None:
    first = run(articles / "old", articles / "new", "--format", "jsonl")
    code = (
        "import sys; from pipeline.cli import app;"
        f"app(['diff', *{[str(articles / 'old'), str(articles / 'new')]}, '--format', 'jsonl'],"
        " standalone_mode=False);"
        "bad = {'spacy', 'onnxruntime'} & set(sys.modules); assert not bad, bad"
    )
    again = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert again.stdout == first.stdout != "" and again.stderr == ""
    assert again.returncode == 0


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
def test_diff_of_folders_files_and_jsonl(articles: Path, loaded: None) -> None:
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
    assert table.exit_code == 1 and "hedge strengthened" in table.stdout


@pytest.fixture
def repository(articles: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two commits of texts/mine.txt and an "other one".md beside it; the tests run in it."""
    repository = articles / "repository"
    (repository / "texts").mkdir(parents=True)
    git(articles, "init", "-q", str(repository))
    for text in (OLD, NEW):
        (repository / "texts" / "mine.txt").write_text(text)
        (repository / "texts" / 'an "other" one.md').write_text("It may rain in Lima.\n")
        git(repository, "add", "-A")
        git(repository, "commit", "-q", "-m", "a version")
    monkeypatch.chdir(repository)
    return repository


@pytest.mark.model
def test_diff_of_git_revisions(
    repository: Path, loaded: None, monkeypatch: pytest.MonkeyPatch
) -> None:
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


@pytest.mark.model
def test_paths_say_what_is_read_of_a_revision_and_of_a_folder_that_holds_them(
    repository: Path, articles: Path, extractor: Extractor, monkeypatch: pytest.MonkeyPatch
) -> None:
    extractions = Extractions(lambda: extractor, articles / "kept")

    def read(spec: str, *paths: str | Path) -> list[str]:
        return list(load_versions(spec, paths=[str(p) for p in paths], extractions=extractions))

    both = ["an-other-one", "mine"]
    for spec in ("HEAD", "HEAD:", "."):
        assert read(spec, "texts") == both
        assert read(spec, "texts/../texts/mine.txt") == ["mine"]
        assert read(spec, repository / "texts" / "mine.txt") == ["mine"]
    for spec in ("HEAD:texts", "texts", str(repository / "texts")):
        assert read(spec, "texts/mine.txt") == ["mine"]
        assert read(spec, "texts/mine.txt", 'texts/an "other" one.md') == both
        assert read(spec, "texts/gone.txt") == []
        # It lies in none of these, and so is what is meant.
        assert read(spec, "texts") == read(spec, "elsewhere") == both
    assert read("texts/mine.txt", "elsewhere") == read("HEAD:texts/mine.txt", "texts") == ["mine"]
    monkeypatch.chdir(repository / "texts")
    assert read("HEAD", "mine.txt") == read("HEAD", ".", "mine.txt")[1:] == ["mine"]
    with pytest.raises(PipelineError, match="outside the repository"):
        read("HEAD", "../../old")


@pytest.mark.model
def test_articles_of_one_name_in_two_folders_of_a_revision(
    repository: Path, extractor: Extractor
) -> None:
    (repository / "more").mkdir()
    (repository / "more" / "mine.txt").write_text(OLD)
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "one more")
    found = load_versions("HEAD", extractions=Extractions(lambda: extractor))
    assert len(found) == 3
    assert {version.origin for id, version in found.items() if id.startswith("mine-")} == {
        "HEAD:more/mine.txt",
        "HEAD:texts/mine.txt",
    }


def test_paths_without_a_revision_are_an_error(repository: Path) -> None:
    for old, new in (("texts", "texts"), ("HEAD:texts", "texts")):
        result = run(old, new, "--", "texts/mine.txt")
        assert result.exit_code == 2 and "read in a git revision" in result.stderr


@pytest.mark.model
@pytest.mark.parametrize(
    ("side", "message"),
    [
        ("nowhere.txt", "no such file, folder or git revision"),
        ("--output=told", "no such file, folder or git revision"),
        ("-x", "no such file, folder or git revision"),
        ("HEAD", "not a git repository"),
        ("HEAD:mine.txt", "not a git repository"),
        (":", "not a git repository"),
        ("", "no such file, folder or git revision"),
        ("a\0b", "no such file, folder or git revision"),
        ("long" * 2000, "no such file, folder or git revision"),
        ("empty", "empty: holds no article and no records"),
        ("zero.jsonl", "zero.jsonl: holds no article and no records"),
        ("zero.txt", "zero.txt: empty"),
        ("picture.txt", "picture.txt: holds NUL bytes"),
        ("broken.jsonl", "broken.jsonl, line 2: not a record"),
        ("loop.txt", "loop.txt: a loop of symbolic links"),
        ("loops", "loops/loop.txt: a loop of symbolic links"),
        ("dangling.txt", "dangling.txt: no such file"),
        ("pipe.txt", "pipe.txt: a named pipe"),
    ],
)
def test_a_side_that_cannot_be_read_is_an_error(
    tmp_path: Path, loaded: None, monkeypatch: pytest.MonkeyPatch, side: str, message: str
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.chdir(tmp_path)
    for folder in ("empty", "loops"):
        Path(folder).mkdir()
    for name in ("loop.txt", "loops/loop.txt"):
        Path(name).symlink_to("loop.txt")
    Path("dangling.txt").symlink_to("gone.txt")
    os.mkfifo("pipe.txt")
    Path("picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    Path("zero.txt").touch()
    Path("zero.jsonl").touch()
    Path("broken.jsonl").write_bytes(jsonl.encode([_record()]) + b'{"kind": "quote", \n')
    Path("whole.txt").write_text(OLD)
    for old, new in ((side, "whole.txt"), ("whole.txt", side)):
        result = run("--", old, new)
        assert result.exit_code == 2 and message in result.stderr, result.stderr
        assert "Traceback" not in result.stderr and result.stdout == ""
    assert not Path("told").exists()


@pytest.mark.model
def test_what_stays_the_same_is_no_change_whatever_it_is(
    tmp_path: Path, loaded: None, extractor: Extractor
) -> None:
    folder = tmp_path / 'it\'s a "folder"'
    folder.mkdir()
    plain = folder / "-- $HOME; 'rain'.txt"
    plain.write_text(OLD)
    bare = folder / "bare.txt"
    bare.write_text("Blue.\n")
    assert len(extractor.extract(bare).records) == 1  # nothing but the article
    for side in (plain, bare, folder):
        result = run(side, side, "--fail-on", "info")
        assert (result.exit_code, result.stdout, result.stderr) == (0, "no changes\n", "")
    gone = run(plain, bare, "--format", "jsonl")
    assert gone.exit_code == 1
    assert {tuple(json.loads(line)["types"]) for line in gone.stdout.splitlines()} == {("removed",)}


def test_what_cannot_be_read_is_an_error(articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(articles)
    git(articles, "init", "-q")
    assert run("--output=x", "old", "--upload-pack=x").exit_code == 2
    unborn = run("HEAD", "old")
    assert unborn.exit_code == 2 and "no such file, folder or git revision" in unborn.stderr
    assert run("old", "new", "--fail-on", "frobnicated").exit_code == 2
    assert run("old", "new", "--kind", "verb").exit_code == 2
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
