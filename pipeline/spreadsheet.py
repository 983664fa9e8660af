"""CSV that a spreadsheet shows and does not run.

A cell that begins with `=`, `+`, `-` or `@` is a formula to a spreadsheet, even in quotes, and may
send the reader's data away. Such texts get an apostrophe before them; `unguarded` takes it off.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

# The full-width forms are read like the others where Chinese and Japanese are written.
_FORMULA = frozenset("=+-@＝＋－＠")


def encode(header: Sequence[str], rows: Iterable[Sequence[str | float | bool | None]]) -> bytes:
    r"""Rows as UTF-8 CSV with a header; numbers stay numbers, None is an empty cell.

    Lone surrogates, which UTF-8 cannot hold, become question marks.

    Example:
        >>> encode(["id", "low"], [["=1+1", -5.0], ["a", None]])
        b"id,low\r\n'=1+1,-5\r\na,\r\n"
    """
    file = io.StringIO()
    # Lines end as RFC 4180 has it; the writer quotes carriage returns in texts only then.
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return file.getvalue().encode("utf-8", "replace")


def _cell(value: str | float | bool | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return guarded(value) if isinstance(value, str) else str(value).removesuffix(".0")


def guarded(text: str) -> str:
    """A text as a cell that is no formula."""
    return f"'{text}" if _begins_formula(text) else text


def unguarded(cell: str) -> str:
    """The text of a cell that `guarded` has made.

    Example:
        >>> unguarded(guarded("-north")), unguarded("'tis so")
        ('-north', "'tis so")
    """
    return cell[1:] if cell.startswith("'") and _begins_formula(cell[1:]) else cell


def _begins_formula(text: str) -> bool:
    """Whether it is one or would be after marks that a spreadsheet drops: blanks, an apostrophe."""
    for char in text:
        if char in _FORMULA:
            return True
        if char != "'" and not char.isspace() and char.isprintable():
            return False
    return False
