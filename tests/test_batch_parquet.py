"""Runs that write Parquet: what they hold, and that a shard of many files is whole or absent."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pandas
import pyarrow.parquet
import pytest

from pipeline import jsonl
from pipeline.batch import Output
from pipeline.batch.formats import Format
from pipeline.batch.job import Done, Failed, Job
from pipeline.batch.output import Part
from pipeline.batch.plan import Shard
from pipeline.batch.work import do
from pipeline.export import frames
from pipeline.records import ArticleRecord, Pipeline

from . import by_hand
from .conftest import ROOT
from .running import PLAIN, SHARDS, Runner

PARQUET = ("--format", "parquet")
MADE_BY = Pipeline(name="claimline", version="1", model="none", fingerprint="f")
ARTICLE = by_hand.article(pipeline=MADE_BY)


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


class Answers:
    """Stands in for a guarded process: it has the answers already."""

    info = MADE_BY

    def __init__(self, *answers: ArticleRecord | Failed) -> None:
        self.answers = iter(answers)

    def extract(self, job: Job) -> Done | Failed:
        answer = next(self.answers)
        if isinstance(answer, Failed):
            return answer
        return Done(records=jsonl.encode([answer]), counts={}, words=1, resident=0)


def make(output: Output, *answers: ArticleRecord | Failed, number: int = 0) -> Any:
    jobs = tuple(Job(id=f"n{n}", name=f"rows#{n}") for n in range(len(answers)))
    guard: Any = Answers(*answers)
    return do(Shard(number, jobs, "d"), guard, output, form=Format.parquet, fingerprint="f")


def cells(table: pandas.DataFrame) -> list[list[str]]:
    """Without the types, of which Parquet has others: a date is no moment there."""
    plain = table.astype(object).where(table.notna(), None)
    return [[str(cell).removesuffix(" 00:00:00") for cell in row] for row in plain.to_numpy()]


@pytest.mark.model
def test_tables_are_those_of_the_records_whoever_makes_them(runner: Runner) -> None:
    runner.rows(
        *(
            (ROOT / "corpus" / name).read_text()[:2500]
            for name in ("glacial-lakes-brief.txt", "penang-plant-closure.txt")
        ),
        " ",
        "The bank \ud800 may wait, Ana Ruiz said.",
    )
    common = ("rows.jsonl", *SHARDS, "--max-quarantine", "1", "--output")
    runner.end(runner.start("run", *common, "lines", "--workers", "2"))
    runner.end(runner.start("run", *common, "out", *PARQUET, "--workers", "1"))
    found = runner.bytes()
    wanted = frames(
        record
        for file in sorted((runner.folder / "lines" / "shards").iterdir())
        for record in jsonl.read(file)
    )
    assert len(wanted["quote"]) > 2 and len(wanted["prediction"]) > 2
    for name, table in wanted.items():
        made = pandas.read_parquet(runner.output.tables / name, dtype_backend="numpy_nullable")
        columns = [column for column in table if column != "likelihood"]
        assert list(made) == columns and cells(made) == cells(table[columns])
    rows = duckdb.sql(
        f"select count(*) from '{runner.output.tables}/quote/*.parquet' where type = 'direct'"
    ).fetchall()
    assert rows == [((wanted["quote"]["type"] == "direct").sum(),)]
    shutil.rmtree(runner.output.folder)
    cluster = ("--cluster", "local", "--workers", "2")
    runner.end(runner.start("run", *common, "out", *PARQUET, *cluster))
    assert runner.bytes() == found


def test_what_is_done_is_kept_and_what_is_damaged_is_made_again(
    runner: Runner, tmp_path: Path
) -> None:
    mended = tmp_path / "mended"
    runner.rows(*PLAIN[:5], f"It may rain. FAULT quit UNLESS {mended}")
    runner.run(*PARQUET, *SHARDS, "--workers", "2", "--max-quarantine", "1")
    before = runner.bytes()
    assert len(runner.marks()) > 2 and len(runner.marks()[0].files) > 10
    gone, cut, kept = (runner.output.tables / "problem" / f"00000{n}.parquet" for n in range(3))
    inode = kept.stat().st_ino
    gone.unlink()
    cut.write_bytes(cut.read_bytes()[:-1])
    said = runner.end(runner.start("status", "out", "--verify"), 1)
    assert "0, 1" in said
    runner.run(*PARQUET, *SHARDS, "--max-quarantine", "1")
    assert runner.bytes() == before and kept.stat().st_ino == inode
    assert "complete" in runner.end(runner.start("status", "out", "--verify"))
    mended.touch()
    # It knows what the run writes.
    runner.end(runner.start("retry", "out", "--workers", "1"))
    articles = pandas.read_parquet(runner.output.tables / "article")["article"]
    assert list(articles) == [f"n{n}" for n in range(6)]


def test_forms_are_not_mixed(runner: Runner) -> None:
    runner.rows(*PLAIN[:2])
    runner.run(*SHARDS)
    before = runner.bytes()
    for stale in ("refuse", "redo"):
        said = runner.run(*PARQUET, *SHARDS, "--stale", stale, code=2)
        assert "its shards are jsonl, not parquet" in said and "Choose another folder" in said
    assert runner.bytes() == before
    assert "expected one of jsonl, parquet" in runner.run("--format", "csv", code=2)


def test_without_pyarrow_nothing_is_begun(runner: Runner, tmp_path: Path) -> None:
    runner.rows(*PLAIN[:1])
    (tmp_path / "plugin" / "sitecustomize.py").write_text(
        "import sys\nsys.modules['pyarrow'] = None\n"
    )
    said = runner.run(*PARQUET, code=2)
    assert "--format parquet needs pyarrow" in said and "claimline[tables]" in said
    assert not runner.output.folder.exists()


@pytest.mark.parametrize("files", [0, 1, 7])
def test_a_shard_with_half_of_its_files_is_not_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: int
) -> None:
    output = Output(tmp_path)
    become = Part.become
    left = files

    def fail(part: Part, path: Path) -> None:
        nonlocal left
        if left == 0:
            raise OSError(28, "No space left on device")
        left -= 1
        become(part, path)

    with output.locked():
        with monkeypatch.context() as patched:
            patched.setattr(Part, "become", fail)
            with pytest.raises(Exception, match="No space left"):
                make(output, ARTICLE)
        assert output.mark(0) is None and not list(output.tables.rglob(".*"))
        assert len(list(output.tables.rglob("*.parquet"))) == files
        mark = make(output, ARTICLE)
        assert output.mark(0) == mark and output.verified(mark)
        assert len(list(output.tables.rglob("*.parquet"))) == len(mark.files) > 7


def test_an_article_that_no_table_can_hold_costs_itself(tmp_path: Path) -> None:
    huge = msgspec.structs.replace(ARTICLE, article="huge", characters=1 << 63)
    other = msgspec.structs.replace(ARTICLE, article="b")
    output = Output(tmp_path)
    with output.locked():
        mark = make(output, ARTICLE, huge, Failed(stage="dates", reason="broken"), other)
    assert [(row.id, row.stage) for row in mark.quarantined] == [("n1", "writing"), ("n2", "dates")]
    assert "more than any table can hold" in mark.quarantined[0].reason
    assert (mark.articles, mark.written) == (4, 2)
    assert list(pandas.read_parquet(output.tables / "article")["article"]) == ["a", "b"]


def test_a_shard_is_removed_whole(tmp_path: Path) -> None:
    output = Output(tmp_path)
    with output.locked():
        mark = make(output, ARTICLE)
        make(output, ARTICLE, number=1)
        output.remove([1])
    assert output.numbers() == [0] and output.verified(mark)
    assert {path.name for path in output.tables.rglob("*.parquet")} == {"000000.parquet"}


def test_tables_without_rows_have_the_columns_of_those_with(tmp_path: Path) -> None:
    output = Output(tmp_path)
    with output.locked():
        make(output, Failed(stage="dates", reason="broken"))
    empty = pyarrow.parquet.read_schema(output.tables / "quote" / "000000.parquet")
    assert "speaker_name" in empty.names
    assert pandas.read_parquet(output.tables / "quote").empty
