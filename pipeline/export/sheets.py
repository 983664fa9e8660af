"""Records as CSV files: one a table, and no text acts as a formula."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .. import spreadsheet
from .collect import Collected
from .tables import Cell, tables

# Everything that is no text: C0 without tab and line ends, DEL, C1, noncharacters.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")


def csv_files(articles: Iterable[Collected]) -> Iterator[tuple[str, bytes]]:
    """`TABLE.csv` for every table.

    UTF-8, RFC 4180. A text that would act as a formula has an apostrophe before it
    (`pipeline.spreadsheet.unguarded` takes it off); control characters become U+FFFD.
    """
    for table in tables(articles):
        header = [column.name for column in table.columns]
        rows = ([_plain(cell) for cell in row] for row in table.rows)
        yield f"{table.name}.csv", spreadsheet.encode(header, rows)


def _plain(cell: Cell) -> Cell:
    return _CONTROL.sub("\ufffd", cell) if isinstance(cell, str) else cell
