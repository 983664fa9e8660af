"""What came of predictions, as a person has written it down: a CSV or JSON Lines file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from ..errors import RecordError
from ..spreadsheet import unguarded
from .entries import Trouble

COLUMNS = ("article", "id", "outcome")
_DELIMITERS = ",;\t"


class Outcomes(msgspec.Struct, frozen=True, kw_only=True):
    """What came of predictions.

    Attributes:
        known: by article and id of the prediction, whether its event came about.
        open: those listed without an outcome.
        problems: rows that are of no use, with file and line.
    """

    known: dict[tuple[str, str], bool]
    open: frozenset[tuple[str, str]]
    problems: tuple[Trouble, ...]


class _Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a JSON Lines file; further fields do not matter."""

    article: str
    id: str
    outcome: bool | None


class _Row(NamedTuple):
    """A row, or what is wrong with it."""

    number: int
    line: _Line | str


def read_outcomes(path: Path) -> Outcomes:
    """The outcomes of a `.csv` or `.jsonl` file.

    CSV has a header with the columns article, id and outcome, in any order, among others or not,
    between commas, semicolons or tabs; an outcome is true or false in any case, or empty where it
    is not known yet. A line of JSON has these as fields, the outcome true, false or null.

    Args:
        path: the file, UTF-8.

    Returns:
        What the file says; a prediction whose rows contradict each other is left out of `known`
        with a problem.

    Raises:
        RecordError: the file cannot be read, is of another kind, or lacks a column.
    """
    readers = {".csv": _csv_rows, ".jsonl": _json_rows}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise RecordError(f"{path}: outcomes are read from .csv and .jsonl files")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RecordError(f"{path}: cannot be read: {error.strerror}. Check the path.") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RecordError(f"{path}: not UTF-8 at byte {error.start}: save it as UTF-8") from error
    known: dict[tuple[str, str], bool] = {}
    open_: set[tuple[str, str]] = set()
    contradicted: set[tuple[str, str]] = set()
    problems: list[Trouble] = []
    for number, line in reader(text, path):
        where = f"{path}, line {number}"
        if isinstance(line, str):
            problems.append(Trouble(message=f"{where}: {line}"))
            continue
        key = (line.article, line.id)
        if line.outcome is None:
            open_.add(key)
        elif known.setdefault(key, line.outcome) != line.outcome:
            message = f"{where}: contradicts an earlier line; it is used as if not known"
            problems.append(Trouble(article=line.article, id=line.id, message=message))
            contradicted.add(key)
    for key in contradicted:
        del known[key]
    return Outcomes(
        known=known, open=frozenset(open_ - set(known) - contradicted), problems=tuple(problems)
    )


def _json_rows(text: str, path: Path) -> Iterator[_Row]:
    decoder = msgspec.json.Decoder(_Line)
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield _Row(number, decoder.decode(line))
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            yield _Row(number, f"not an outcome: {error}")


def _csv_rows(text: str, path: Path) -> Iterator[_Row]:
    header, _, _ = text.partition("\n")
    delimiter = max(_DELIMITERS, key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    names = [name.strip().lower() for name in _next(reader, path)]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise RecordError(
            f"{path}, line 1: no column {' and no column '.join(missing)}; the header names "
            f"{', '.join(COLUMNS)}, as in what `claimline predictions --format csv` writes"
        )
    article, id_, outcome = (names.index(name) for name in COLUMNS)
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield _Row(reader.line_num, f"not CSV: {error}")
            continue
        if cells is None:
            return
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(names):
            message = f"{len(cells)} cells under a header of {len(names)}"
            yield _Row(reader.line_num, message)
            continue
        said = cells[outcome].strip().lower()
        if said not in _OUTCOMES:
            message = f"the outcome {cells[outcome][:40]!r} is not true, false or empty"
            yield _Row(reader.line_num, message)
            continue
        line = _Line(
            article=unguarded(cells[article].strip()),
            id=unguarded(cells[id_].strip()),
            outcome=_OUTCOMES[said],
        )
        yield _Row(reader.line_num, line)


_OUTCOMES = {"true": True, "false": False, "": None}


def _next(reader: Iterator[list[str]], path: Path) -> list[str]:
    try:
        return next(reader, [])
    except csv.Error as error:
        raise RecordError(f"{path}, line 1: not CSV: {error}") from error
