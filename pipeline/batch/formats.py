"""In what form a shard's records are written: JSON Lines, or the tables of `pipeline.export`."""

from __future__ import annotations

from enum import StrEnum
from importlib.util import find_spec

from .. import jsonl
from ..errors import ConfigError
from ..export import collect
from ..export.parquet import parquet
from ..export.tables import Table, tables
from .output import Draft, lines_name, table_name


class Format(StrEnum):
    """The form of the shards.

    `jsonl` is what `claimline extract` writes and the other commands read; `parquet` is one folder
    a table, for other tools.
    """

    jsonl = "jsonl"
    parquet = "parquet"

    @property
    def shard_bytes(self) -> int:
        """Input of a shard, by default.

        As JSON Lines some fifteen seconds' work, about 45,000 words. Of Parquet a shard is many
        files, which are read the faster the fewer there are: four times as much.
        """
        return 256 * 1024 if self is Format.jsonl else 1024 * 1024

    def check(self) -> None:
        """See that what writes it is there.

        Raises:
            ConfigError: it is not installed.
        """
        if self is Format.parquet and find_spec("pyarrow") is None:
            raise ConfigError(
                "--format parquet needs pyarrow: pip install 'claimline[tables]', here and on all "
                "workers"
            )

    def writer(self, draft: Draft, number: int) -> Lines | Tables:
        """What writes a shard of this form."""
        return Lines(draft, number) if self is Format.jsonl else Tables(draft, number)


class Lines:
    """Writes a shard as one file of JSON Lines, article by article."""

    def __init__(self, draft: Draft, number: int) -> None:
        self._part = draft.part(lines_name(number))

    def add(self, records: bytes) -> None:
        """Write the records of an article, given as JSON Lines.

        Raises:
            RecordError: they cannot be written in this form; nothing was.
        """
        self._part.write(records)

    def finish(self) -> None:
        """Write what is left: nothing."""


class Tables:
    """Writes a shard as Parquet, a file a table, when all its records are there."""

    def __init__(self, draft: Draft, number: int) -> None:
        self._draft = draft
        self._number = number
        # As of no article: empty tables are written, too, so that all shards have the same files.
        self._tables: list[Table] = tables([])

    def add(self, records: bytes) -> None:
        """Keep the rows of an article, whose records are given as JSON Lines; see `Lines.add`."""
        # Article by article, which leaves them in the order of the input.
        found = tables(collect(jsonl.decode(records)))
        for table, more in zip(self._tables, found, strict=True):
            table.rows.extend(more.rows)

    def finish(self) -> None:
        """Write all tables."""
        for table in self._tables:
            self._draft.part(table_name(table.name, self._number)).write(parquet(table))
