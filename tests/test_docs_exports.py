"""The pages on tables and exports do what they say: every block runs on the sample articles."""

from __future__ import annotations

import ast
import re
import sqlite3
from pathlib import Path
from typing import Any

import pandas
import pytest

from pipeline import jsonl
from pipeline.export import FORMATS, export
from pipeline.export.tables import LINKS, tables
from pipeline.extraction import Extraction
from pipeline.reading import Article

from .conftest import CORPUS, ROOT

pytestmark = pytest.mark.model

DOCS = ROOT / "docs"
EXPORTS = (DOCS / "exports.md").read_text(encoding="utf-8")
TUTORIAL = (DOCS / "tables-tutorial.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def workplace(
    extracted_corpus: dict[Path, tuple[Article, Extraction]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A folder with `corpus/` and `outputs/`, and the exports that the pages name."""
    folder = tmp_path_factory.mktemp("workplace")
    (folder / "corpus").symlink_to(CORPUS)
    for article, extraction in extracted_corpus.values():
        jsonl.write(folder / "outputs" / f"{article.id}.jsonl", extraction.records)
    records = [record for _, found in extracted_corpus.values() for record in found.records]
    for format in ("sqlite", "docbin"):
        assert export(format, records, folder / "claims", sources=[CORPUS]) == []
    return folder


def run(code: str, names: dict[str, Any]) -> object:
    """Run a block as a notebook does; the value of its last line, if that is one."""
    tree = ast.parse(code)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "block", "exec"), names)
    if last is None:
        return None
    assert isinstance(last, ast.Expr)
    return eval(compile(ast.Expression(last.value), "block", "eval"), names)


def test_the_tutorial_runs(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(workplace)
    code = blocks(TUTORIAL, "python")
    assert len(code) > 10
    names: dict[str, Any] = {}
    shown = [run(block, names) for block in code]
    # Each block ends in what a reader is to look at, and there is something to see.
    for value, block in zip(shown, code, strict=True):
        assert isinstance(value, pandas.DataFrame | pandas.Series | str), block
        assert len(value), block
    table = names["table"]
    assert len(table) == (names["tables"]["prediction"]["orientation"] == "future").sum()
    assert table["holder"].notna().all()
    proposition = table.iloc[0]["proposition_text"]
    assert proposition.split()[0] in names["sentence"]


def test_examples_in_sql_find_something(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
    monkeypatch.chdir(workplace)
    queries = blocks(EXPORTS, "sql")
    assert len(queries) >= 3
    for query in queries:
        assert duckdb.sql(query).fetchall(), query


def test_examples_on_the_database_find_something(workplace: Path) -> None:
    connection = sqlite3.connect(workplace / "claims" / "claims.db")
    queries = blocks(EXPORTS, "sqlite")
    assert len(queries) >= 2
    for query in queries:
        assert connection.execute(query).fetchall(), query
    connection.close()


def test_the_example_in_spacy_finds_something(
    workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workplace)
    (code,) = blocks(EXPORTS, "python")
    assert run(code, {})


def test_the_reference_names_every_format_table_and_link() -> None:
    named = set(re.findall(r"`(\w[\w-]*)`", EXPORTS))
    assert set(FORMATS) <= named
    assert {table.name for table in tables([])} <= named
    assert {column for _, column in LINKS} <= named
