"""Records as tables: pandas, CSV, Parquet, SQLite with Datasette, DuckDB, FollowTheMoney."""

from __future__ import annotations

import csv
import io
import json
import re
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import pipeline
from pipeline import jsonl, spreadsheet
from pipeline.cli import app
from pipeline.dates.calendar import day_number
from pipeline.errors import PipelineError, RecordError
from pipeline.export import FORMATS, collect, export, frames
from pipeline.export.ftm import ftm_files
from pipeline.export.parquet import parquet_files
from pipeline.export.sheets import csv_files
from pipeline.export.sqlite import sqlite_files
from pipeline.export.tables import LINKS, Table, tables
from pipeline.extraction import Extraction
from pipeline.reading import Article
from pipeline.records import (
    ArticleRecord,
    DateRecord,
    DateRef,
    EntityRecord,
    EventRecord,
    Mention,
    Record,
)

from . import by_hand

HOSTILE = '=HYPERLINK("http://evil")\x00\x1b[31m\u2028\u202e\ud800</script>\'\r\n\t;--'


def article(id: str = "a", *, title: str | None = "A title") -> ArticleRecord:
    return by_hand.article(
        id,
        "Ana Ruiz",
        "Bo Lind",
        sentence=0,
        section="body",
        title=title,
        published="2021-09-21",
        counts={"entity": 1},
    )


def entity(id: str, name: str, *, article: str = "a") -> EntityRecord:
    mention = Mention(start=1, end=4, text=name or "x", sentence=0, form="name")
    return by_hand.entity(
        name, "Ruiz", id=id, article=article, at=1, end=4, text=name or "x", mentions=(mention,) * 2
    )


def dated(id: str, earliest: str | None, latest: str | None) -> DateRecord:
    return by_hand.date(id, earliest, latest, start=5)


def happened(id: str, *, source: str | None = None) -> EventRecord:
    return by_hand.event("left", None, None, id=id, source=source)


@pytest.fixture(scope="module")
def records(extracted_corpus: dict[Path, tuple[Article, Extraction]]) -> list[Record]:
    return [record for _, extraction in extracted_corpus.values() for record in extraction.records]


def of_name(made: list[Table], name: str) -> Table:
    return next(table for table in made if table.name == name)


def as_rows(table: Table) -> list[dict[str, object]]:
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows]


def flattened(value: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, object]]:
    for name, inner in value.items():
        if isinstance(inner, dict):
            yield from flattened(inner, f"{prefix}{name}_")
        else:
            yield prefix + name, inner


# -- tables -------------------------------------------------------------------------------------


@pytest.mark.model
def test_tables_hold_all_of_every_record(records: list[Record]) -> None:
    """Put together again from the tables alone, every record is what it was."""
    made = {table.name: as_rows(table) for table in tables(collect(records))}
    kinds = {str(type(record).__struct_config__.tag) for record in records}
    assert kinds >= {"article", "entity", "date", "event", "prediction", "quote"}
    lists: dict[tuple[str, object, object], list[dict[str, object]]] = {}
    for name, rows in made.items():
        for row in rows if "_" in name else ():
            lists.setdefault((name, row["article"], row["id"]), []).append(row)
    found = {(kind, row["article"], row["id"]): row for kind in kinds for row in made[kind]}
    assert len(found) == len(records)
    for record in records:
        plain = msgspec.to_builtins(record)
        kind = plain.pop("kind")
        row = dict(found[kind, record.article, record.id])
        for name, value in plain.items():
            if isinstance(value, list | tuple) or name == "counts":
                rows = lists.get((f"{kind}_{name}", record.article, record.id), [])
                assert [row["position"] for row in rows] == list(range(len(value)))
                got = [
                    {k: v for k, v in row.items() if k not in ("article", "id", "position")}
                    for row in rows
                ]
                if name == "counts":
                    assert {row["name"]: row["value"] for row in got} == value
                elif value and isinstance(value[0], dict):
                    assert got == [dict(flattened(inner)) for inner in value]
                else:
                    assert [row["value"] for row in got] == list(value)
            elif isinstance(value, dict):
                for column, cell in flattened(value, f"{name}_"):
                    assert row.pop(column) == cell
            elif value is None and name not in row:
                assert all(row.pop(c) is None for c in list(row) if c.startswith(f"{name}_"))
            else:
                assert row.pop(name) == value
        assert not row


def test_every_link_is_a_column() -> None:
    names = {(table.name, column.name) for table in tables([]) for column in table.columns}
    assert set(LINKS) <= names
    ids = {
        (table, name)
        for table, name in names
        if name.endswith(("_id", "_entity", "_quote")) or name in ("parent", "source", "entity")
    }
    assert ids == set(LINKS) - {("event_order", "event")}


def test_records_must_belong_together() -> None:
    with pytest.raises(RecordError, match="without the article record"):
        collect([entity("entity-1", "Ana")])
    with pytest.raises(RecordError, match="two different records"):
        collect([article(), entity("entity-1", "Ana"), entity("entity-1", "Bo")])
    with pytest.raises(RecordError, match="two different records"):
        collect([article(), article(title="Another")])
    twice = [article(), entity("entity-1", "Ana")] * 2
    (one,) = collect(twice)
    assert len(one.others) == 1


def test_what_no_table_can_hold_is_an_error() -> None:
    huge = msgspec.structs.replace(entity("entity-1", "Ana"), end=10**30)
    with pytest.raises(RecordError, match="more than any table"):
        tables(collect([article(), huge]))
    for day in ("today", "2021", "2021-09-21T00:00"):
        with pytest.raises(RecordError, match="no ISO day"):
            tables(collect([article(), dated("date-1", day, None)]))


# -- pandas -------------------------------------------------------------------------------------


@pytest.mark.model
def test_frames_have_their_dtypes(records: list[Record]) -> None:
    made = frames(records)
    prediction = made["prediction"]
    assert str(prediction["hedged"].dtype) == "boolean"
    assert str(prediction["start"].dtype) == "Int64"
    assert str(prediction["proposition_text"].dtype) == "string"
    assert str(prediction["horizon_latest"].dtype) == "datetime64[s]"
    assert str(prediction["likelihood"].dtype) == "interval[float64, both]"
    assert list(prediction["orientation"].dtype.categories) == ["future", "present", "past"]
    for name, frame in made.items():
        assert "object" not in set(frame.dtypes.astype(str)), name
    known = prediction.dropna(subset="likelihood_low")
    assert (known["likelihood"].array.left == known["likelihood_low"]).all()
    assert (known["likelihood"].array.right == known["likelihood_high"]).all()
    assert prediction["likelihood"].isna().equals(prediction["likelihood_low"].isna())


def test_frames_of_nothing_have_the_same_columns_and_dtypes() -> None:
    full = frames([article(), entity("entity-1", "Ana"), dated("date-1", "2021-01-01", None)])
    empty = frames([])
    assert set(full) == set(empty)
    for name, frame in full.items():
        assert list(empty[name].dtypes.items()) == list(frame.dtypes.items()), name
    assert not any(len(frame) for frame in empty.values())


def test_frames_hold_days_of_any_year() -> None:
    days = ["-0479-08-11", "0001-01-01", "1677-09-21", "2262-04-12", "12000-12-31"]
    records = [dated(f"date-{index}", day, None) for index, day in enumerate(days)]
    frame = frames([article(), *records])["date"]
    assert list(frame["earliest"].dt.year) == [-479, 1, 1677, 2262, 12000]
    assert list(frame["earliest"].dt.day) == [11, 1, 21, 12, 31]
    assert frame["latest"].isna().all()
    assert "-479-08-11" in repr(frame["earliest"])


def test_frames_of_a_file_a_folder_and_records_are_equal(tmp_path: Path) -> None:
    records: list[Record] = [article(), entity("entity-1", "Ana")]
    jsonl.write(tmp_path / "a.jsonl", records)
    expected = frames(records)["entity"]
    for source in (tmp_path, str(tmp_path), tmp_path / "a.jsonl"):
        pandas.testing.assert_frame_equal(pipeline.frames(source)["entity"], expected)
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(RecordError, match="without"):
        frames(empty)


# -- CSV ----------------------------------------------------------------------------------------


@pytest.mark.model
def test_csv_reads_back(records: list[Record]) -> None:
    articles = collect(records)
    made = {table.name: table for table in tables(articles)}
    files = dict(csv_files(articles))
    assert set(files) == {f"{name}.csv" for name in made}
    for name, table in made.items():
        rows = list(csv.reader(io.StringIO(files[f"{name}.csv"].decode(), newline="")))
        assert rows[0] == [column.name for column in table.columns]
        for got, row in zip(rows[1:], table.rows, strict=True):
            assert [spreadsheet.unguarded(cell) for cell in got] == [
                "" if cell is None
                else str(cell).lower() if isinstance(cell, bool)
                else cell if isinstance(cell, str)
                else str(cell).removesuffix(".0")
                for cell in row
            ]  # fmt: skip


@given(st.text(min_size=1))
def test_csv_cells_are_inert(text: str) -> None:
    (data,) = [
        data
        for name, data in csv_files(collect([article(), entity("entity-1", text)]))
        if name == "entity.csv"
    ]
    ((_, _, *cells),) = list(csv.reader(io.StringIO(data.decode(), newline="")))[1:]
    for cell in cells:
        assert not re.match(r"\s*[=+\-@＝＋－＠]", cell)
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]", cell)


# -- Parquet and DuckDB -------------------------------------------------------------------------


@pytest.mark.model
def test_parquet_reads_back(records: list[Record]) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    articles = collect(records)
    files = dict(parquet_files(articles))
    for table in tables(articles):
        read = parquet.read_table(io.BytesIO(files[f"{table.name}.parquet"]))
        expected = [
            {
                column.name: date.fromisoformat(cell)
                if column.kind == "date" and isinstance(cell, str)
                else cell
                for column, cell in zip(table.columns, row, strict=True)
            }
            for row in table.rows
        ]
        assert read.to_pylist() == expected
        for column in table.columns:
            assert read.schema.field(column.name).nullable == column.optional


def test_parquet_holds_days_before_christ() -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    files = dict(parquet_files(collect([article(), dated("date-1", "-0479-08-11", None)])))
    column = parquet.read_table(io.BytesIO(files["date.parquet"])).column("earliest")
    assert str(column.type) == "date32[day]"
    assert column.cast("int32").to_pylist() == [day_number(-479, 8, 11) - day_number(1970, 1, 1)]


def test_parquet_without_pyarrow_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(PipelineError, match=r"claimline\[tables\]"):
        dict(parquet_files([]))


# -- SQLite -------------------------------------------------------------------------------------


def database(records: list[Record], tmp_path: Path) -> sqlite3.Connection:
    for name, data in sqlite_files(collect(records)):
        (tmp_path / name).write_bytes(data)
    connection = sqlite3.connect(tmp_path / "claims.db")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


@pytest.mark.model
def test_sqlite_is_sound_and_holds_the_tables(records: list[Record], tmp_path: Path) -> None:
    connection = database(records, tmp_path)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    made = tables(collect(records))
    ids = {
        kind: dict(connection.execute(f'SELECT key, id FROM "{kind}"'))
        for kind in ("entity", "date", "event", "prediction", "quote")
    }
    for table in made:
        cursor = connection.execute(f'SELECT * FROM "{table.name}" ORDER BY rowid')
        names = [name for name, *_ in cursor.description]
        for row, cells in zip(as_rows(table), cursor, strict=True):
            got = dict(zip(names, cells, strict=True))
            for column, value in row.items():
                if column in got:
                    linked = LINKS.get((table.name, column))
                    assert (ids[linked].get(got[column]) if linked else got[column]) == value
                else:  # a list names its record by key
                    assert table.parent is not None and column in ("article", "id")
    links = {
        (table.name, row[3])
        for table in made
        for row in connection.execute(f'PRAGMA foreign_key_list("{table.name}")')
    }
    assert set(LINKS) <= links
    connection.close()


@pytest.mark.model
def test_sqlite_is_the_same_every_time(records: list[Record]) -> None:
    assert dict(sqlite_files(collect(records))) == dict(sqlite_files(collect(records)))


@pytest.mark.model
def test_full_text_search_finds_by_stem(records: list[Record], tmp_path: Path) -> None:
    connection = database(records, tmp_path)
    query = (
        "SELECT p.text FROM prediction_fts f JOIN prediction p ON p.key = f.rowid "
        "WHERE prediction_fts MATCH 'premium'"
    )
    found = [text for (text,) in connection.execute(query)]
    assert found and all("premium" in text.lower() for text in found)
    assert any("premiums" in text.lower() for text in found)
    connection.execute("INSERT INTO entity_fts(entity_fts) VALUES ('integrity-check')")
    connection.close()


@pytest.mark.model
def test_views_answer_what_is_asked_most(records: list[Record], tmp_path: Path) -> None:
    connection = database(records, tmp_path)
    future = [r for r in records if getattr(r, "orientation", None) == "future"]
    assert connection.execute("SELECT count(*) FROM forecast").fetchone() == (len(future),)
    said = dict(connection.execute("SELECT article || id, content FROM said"))
    quotes = [r for r in records if r.__struct_config__.tag == "quote"]
    assert said == {
        r.article + r.id: " … ".join(span.text for span in r.content)  # type: ignore[union-attr]
        for r in quotes
    }
    connection.close()


def test_a_link_that_leads_nowhere_is_an_error() -> None:
    with pytest.raises(RecordError, match="names quote-1, which is not there"):
        dict(sqlite_files(collect([article(), happened("event-1", source="quote-1")])))


def test_sqlite_takes_any_text(tmp_path: Path) -> None:
    bad = entity("entity-1", HOSTILE, article=HOSTILE)
    connection = database([article(HOSTILE), bad], tmp_path)
    name, owner = connection.execute("SELECT name, article FROM entity").fetchone()
    assert name == owner == HOSTILE.replace("\ud800", "\ufffd")
    connection.close()


@pytest.mark.model
def test_datasette_serves_it(records: list[Record], tmp_path: Path) -> None:
    pytest.importorskip("datasette", reason="datasette is not installed")
    database(records, tmp_path).close()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "datasette", str(tmp_path), "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        base = f"http://127.0.0.1:{port}"
        home = served(f"{base}/claims", server)
        assert "Predictions and hedged claims" in home or "prediction" in home
        table = json.loads(
            served(f"{base}/claims/prediction.json?_labels=on&_shape=objects", server)
        )
        facets = table["facet_results"]
        facets = facets.get("results", facets)
        assert {"likelihood_level", "orientation", "polarity", "holder_name"} <= set(facets)
        held = [row["holder_entity"] for row in table["rows"] if row["holder_entity"]]
        names = {r.name for r in records if isinstance(r, EntityRecord)}
        assert held and all(holder["label"] in names for holder in held)
        search = json.loads(
            served(f"{base}/claims/prediction.json?_search=premium&_shape=objects", server)
        )
        assert 0 < len(search["rows"]) < len(table["rows"])
        page = served(f"{base}/claims/prediction", server)
        assert "Predictions and hedged claims" in page and 'name="_search"' in page
        query = urllib.parse.quote(
            "select speaker, count(*) n from said group by 1 order by 2 desc"
        )
        assert (
            json.loads(served(f"{base}/claims.json?sql={query}&_shape=array", server))[0]["n"] > 1
        )
    finally:
        server.terminate()
        server.wait(timeout=30)
        assert server.stderr is not None
        server.stderr.close()


def served(url: str, server: subprocess.Popen[bytes]) -> str:
    """The answer of a server that may still be starting."""
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError:
            raise
        except urllib.error.URLError:
            if server.poll() is not None:
                break
            time.sleep(0.2)
    server.kill()
    assert server.stderr is not None
    raise AssertionError(f"Datasette did not serve {url}: {server.stderr.read().decode()}")


# -- FollowTheMoney -----------------------------------------------------------------------------

# Of the model's documentation (version 4): what the schemata in use have, and what they need.
_THING = {"name", "alias", "notes", "summary", "description", "proof", "publisher"}
FTM = {
    "Article": (
        _THING | {"fileName", "title", "author", "publishedAt", "language", "mimeType", "encoding"},
        {"fileName"},
    ),
    "Person": (_THING, {"name"}),
    "Organization": (_THING, {"name"}),
    "Territory": (_THING, {"name"}),
    "Event": (_THING | {"date", "startDate", "endDate", "location", "involved"}, {"name"}),
    "Note": (_THING | {"entity"}, set[str]()),
    "Documentation": ({"document", "entity", "role"}, {"document", "entity"}),
}
_RANGES = {
    "proof": {"Article"},
    "document": {"Article"},
    "involved": {"Person", "Organization"},
    "entity": {"Article", "Person", "Organization", "Territory", "Event"},
}


def check_ftm(records: list[Record]) -> list[dict[str, Any]]:
    ((_, data),) = ftm_files(collect(records))
    entities = [json.loads(line) for line in data.split(b"\n")[:-1]]
    schemas = {entity["id"]: entity["schema"] for entity in entities}
    assert len(schemas) == len(entities)
    for entity in entities:
        allowed, needed = FTM[entity["schema"]]
        properties = entity["properties"]
        assert needed <= set(properties) <= allowed, entity
        for name, values in properties.items():
            assert values and all(isinstance(value, str) and value for value in values)
            if name in _RANGES:
                assert {schemas[value] for value in values} <= _RANGES[name]
            if name in ("date", "startDate", "endDate", "publishedAt"):
                assert all(re.fullmatch(r"\d{4}(-\d\d){0,2}", value) for value in values)
    return entities


@pytest.mark.model
def test_ftm_keeps_to_the_model(records: list[Record]) -> None:
    entities = check_ftm(records)
    counts = {schema: [e["schema"] for e in entities].count(schema) for schema in FTM}
    of = [str(record.__struct_config__.tag) for record in records]
    assert counts["Note"] == of.count("prediction") + of.count("quote")
    assert counts["Article"] == of.count("article")
    assert counts["Event"] >= of.count("event")
    assert counts["Documentation"] == counts["Person"] + counts["Organization"] + counts[
        "Territory"
    ] + sum(isinstance(r, EntityRecord) and r.type == "EVENT" for r in records)


@pytest.mark.model
def test_ftm_is_valid_to_its_own_library(records: list[Record]) -> None:
    library = pytest.importorskip("followthemoney", reason="followthemoney needs ICU's headers")
    for entity in check_ftm(records):
        proxy = library.model.get_proxy(entity)
        library.model.get(entity["schema"]).validate(proxy.to_dict())
        assert proxy.to_dict()["properties"].keys() == entity["properties"].keys()


def test_ftm_takes_any_text_and_any_date() -> None:
    records: list[Record] = [
        article(HOSTILE, title=HOSTILE),
        entity("entity-1", HOSTILE, article=HOSTILE),
    ]
    check_ftm(records)
    seasonal = msgspec.structs.replace(article(), published="2021-24")
    ancient = msgspec.structs.replace(
        happened("event-1"),
        date=DateRef(value="x", earliest="-0479-08-11", latest=None, text="then", id=None),
    )
    made = check_ftm([seasonal, ancient])
    assert not any({"publishedAt", "startDate"} & set(entity["properties"]) for entity in made)


# -- the command --------------------------------------------------------------------------------


def test_the_command_writes_a_folder(tmp_path: Path) -> None:
    jsonl.write(tmp_path / "in" / "a.jsonl", [article(), entity("entity-1", "Ana")])
    for format, file in (
        ("csv", "entity.csv"),
        ("sqlite", "claims.db"),
        ("ftm", "entities.ftm.json"),
    ):
        result = CliRunner().invoke(
            app, ["export", format, str(tmp_path / "in"), "-o", str(tmp_path / format)]
        )
        assert result.exit_code == 0, result.output
        assert (tmp_path / format / file).stat().st_size > 0


def test_the_command_names_what_is_wrong(tmp_path: Path) -> None:
    jsonl.write(tmp_path / "a.jsonl", [article(), happened("event-1", source="quote-1")])
    run = CliRunner().invoke(app, ["export", "sqlite", str(tmp_path), "-o", str(tmp_path / "x")])
    assert run.exit_code == 1 and "quote-1, which is not there" in run.stderr
    assert "Traceback" not in run.output and not (tmp_path / "x").exists()
    run = CliRunner().invoke(app, ["export", "pdf", str(tmp_path), "-o", str(tmp_path / "x")])
    assert run.exit_code == 2
    bad = tmp_path / "bad.jsonl"
    bad.write_text("{}\n")
    run = CliRunner().invoke(app, ["export", "csv", str(tmp_path), "-o", str(tmp_path / "y")])
    assert run.exit_code == 1 and "bad.jsonl" in run.stderr
    assert (tmp_path / "y" / "event.csv").exists()


def test_an_unknown_format_names_the_known() -> None:
    with pytest.raises(PipelineError, match=", ".join(FORMATS)):
        export("pdf", [], Path("x"))
