"""Records as an SQLite database that Datasette, DuckDB and every SQL client open."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..errors import RecordError
from .collect import Collected
from .tables import LINKS, Cell, Column, Row, Table, tables

DATABASE = "claims"
TITLES = {
    "article": "Articles",
    "entity": "Entities: named things",
    "date": "Dates, durations and recurring times",
    "event": "Dated events",
    "prediction": "Predictions and hedged claims",
    "quote": "Attributed quotes",
    "problem": "Problems: what could not be read or was left out",
}
FACETS = {
    "article": ("publisher", "media_type"),
    "entity": ("type", "article"),
    "date": ("type", "precision", "anchor"),
    "event": ("status", "polarity", "article"),
    "prediction": ("likelihood_level", "orientation", "polarity", "holder_name"),
    "quote": ("type", "speaker_name", "cue_stance"),
    "problem": ("severity", "stage"),
}
# What a row is called where another links to it.
_LABELS = {"article": "title", "entity": "name", "date": "value", "quote": "text", "event": "text"}
# What full-text search looks through; of quotes, `text` has the content and who said it.
_SEARCHED = {
    "entity": ("name", "text"),
    "event": ("text",),
    "prediction": ("text", "holder_name"),
    "quote": ("text", "speaker_name"),
}
_TYPES = {"integer": "INTEGER", "number": "REAL", "boolean": "INTEGER"}

_VIEWS = {
    "forecast": """
        SELECT p.article, a.published, p.id, p.proposition_text AS proposition,
            coalesce(e.name, p.holder_name, p.holder_text, 'author') AS holder,
            p.likelihood_level AS level, p.likelihood_low AS low, p.likelihood_high AS high,
            p.polarity, p.horizon_earliest, p.horizon_latest, p.condition_text AS condition
        FROM prediction p JOIN article a ON a.article = p.article
        LEFT JOIN entity e ON e.key = p.holder_entity
        WHERE p.orientation = 'future'""",
    "said": """
        SELECT q.article, a.published, q.id, coalesce(e.name, q.speaker_name) AS speaker, q.type,
            (SELECT group_concat(text, ' … ') FROM
                (SELECT text FROM quote_content c WHERE c.record = q.key ORDER BY position)
            ) AS content,
            q.cue_lemma AS cue, q.date_value AS date, q.venue_text AS venue
        FROM quote q JOIN article a ON a.article = q.article
        LEFT JOIN entity e ON e.key = q.speaker_entity""",
}
VIEW_TITLES = {"forecast": "Forecasts with holder and horizon", "said": "Who said what"}


def sqlite_files(articles: Iterable[Collected]) -> Iterator[tuple[str, bytes]]:
    """`claims.db` and the `metadata.json` with which Datasette shows titles, search and facets.

    A table a kind with an integer primary key `key` and a unique (`article`, `id`), so links
    between records are foreign keys of one column; a list is a table with `record`, its key.
    `KIND_fts` are FTS5 indexes of the texts; `forecast` and `said` are views of what is asked most.
    The same records give the same bytes with one version of SQLite.

    Raises:
        RecordError: a link leads to a record that is not there.
    """
    made = tables(articles)
    # A connection's own context manager commits but does not close.
    connection = sqlite3.connect(":memory:")
    try:
        _fill(connection, made)
        data = connection.serialize()
    finally:
        connection.close()
    yield f"{DATABASE}.db", data
    yield "metadata.json", json.dumps(_metadata(made), indent=1).encode()


def _fill(connection: sqlite3.Connection, made: Sequence[Table]) -> None:
    keys = {
        (table.name, row[0], row[1]): key
        for table in made
        if table.parent is None
        for key, row in enumerate(table.rows, start=1)
    }
    with connection:
        for table in made:
            connection.execute(_create(table))
            rows = (_row(table, key, row, keys) for key, row in enumerate(table.rows, start=1))
            marks = ", ".join("?" * (len(_definitions(table))))
            connection.executemany(f"INSERT INTO {_quoted(table.name)} VALUES ({marks})", rows)
            for name in _indexed(table):
                connection.execute(
                    f"CREATE INDEX {_quoted(f'{table.name}_by_{name}')} "
                    f"ON {_quoted(table.name)} ({_quoted(name)})"
                )
        for kind, columns in _SEARCHED.items():
            names = ", ".join(_quoted(name) for name in columns)
            connection.execute(
                f"CREATE VIRTUAL TABLE {_quoted(f'{kind}_fts')} USING fts5({names}, "
                f'content="{kind}", content_rowid="key", tokenize="porter unicode61")'
            )
            connection.execute(f"INSERT INTO {kind}_fts({kind}_fts) VALUES ('rebuild')")
        for view, query in _VIEWS.items():
            connection.execute(f"CREATE VIEW {_quoted(view)} AS {query}")


def _row(
    table: Table,
    key: int,
    row: Row,
    keys: Mapping[tuple[str, Cell, Cell], int],
) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    for column, cell in zip(table.columns, row, strict=True):
        linked = LINKS.get((table.name, column.name))
        if linked and cell is not None:
            if (linked, row[0], cell) not in keys:
                raise RecordError(
                    f"{row[0]}: {column.name} of {row[1]} names {cell}, which is not there. Give "
                    "the file as `claimline extract` wrote it."
                )
            cell = keys[linked, row[0], cell]
        cells.append(cell)
    if table.parent is None:
        return (key, *cells)
    return (keys[table.parent, row[0], row[1]], *cells[2:])


def _create(table: Table) -> str:
    lines = [" ".join((_quoted(name), *rest)) for name, *rest in _definitions(table)]
    if table.parent is None:
        lines.append("UNIQUE (article, id)")
    else:
        lines.append("PRIMARY KEY (record, position)")
    return f"CREATE TABLE {_quoted(table.name)} ({', '.join(lines)})"


def _definitions(table: Table) -> list[tuple[str, ...]]:
    """Name, type and constraints of each column of the database."""
    first: list[tuple[str, ...]]
    columns: Sequence[Column] = table.columns
    if table.parent is None:
        first = [("key", "INTEGER", "PRIMARY KEY")]
    else:
        first = [("record", "INTEGER", "NOT NULL", f"REFERENCES {_quoted(table.parent)} (key)")]
        columns = table.columns[2:]
    return [*first, *(_definition(table, column) for column in columns)]


def _definition(table: Table, column: Column) -> tuple[str, ...]:
    null = () if column.optional else ("NOT NULL",)
    linked = LINKS.get((table.name, column.name))
    if linked:
        return (column.name, "INTEGER", *null, f"REFERENCES {_quoted(linked)} (key)")
    if column.name == "article":
        unique = ("UNIQUE",) if table.name == "article" else ("REFERENCES article (article)",)
        return (column.name, "TEXT", *null, *unique)
    return (column.name, _TYPES.get(column.kind, "TEXT"), *null)


def _indexed(table: Table) -> list[str]:
    """What is not a key but is joined by or counted as a facet."""
    names = [column.name for column in table.columns]
    links = [name for name in names if (table.name, name) in LINKS]
    facets = [name for name in FACETS.get(table.name, ()) if name != "article"]
    return [*links, *facets]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _metadata(made: Sequence[Table]) -> dict[str, object]:
    described: dict[str, dict[str, object]] = {}
    for table in made:
        if table.parent is None:
            described[table.name] = {
                "title": TITLES[table.name],
                "facets": list(FACETS[table.name]),
                **({"label_column": _LABELS[table.name]} if table.name in _LABELS else {}),
            }
            if table.name in _SEARCHED:
                described[table.name] |= {"fts_table": f"{table.name}_fts", "fts_pk": "key"}
        else:
            described[table.name] = {"title": f"{TITLES[table.parent]}: {table.name}"}
    for name, title in VIEW_TITLES.items():
        described[name] = {"title": title}
    for kind in _SEARCHED:
        described[f"{kind}_fts"] = {"hidden": True}
    return {
        "title": "Claims",
        "description": "Records of Claimline. start and end are Unicode code points of the file.",
        "databases": {DATABASE: {"tables": described}},
    }
