"""Records as pandas tables."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import jsonl
from ..errors import RecordError
from ..records import Record
from .collect import collect
from .tables import Cell, Column, tables

if TYPE_CHECKING:
    import pandas

LIKELIHOOD = ("likelihood_low", "likelihood_high")


def frames(
    source: str | os.PathLike[str] | Iterable[Record],
) -> dict[str, pandas.DataFrame]:
    """The records of a file, of a folder of files, or at hand, as pandas tables.

    One table a kind (`article`, `entity`, `date`, `event`, `prediction`, `quote`, `problem`), and
    one a list in it (`entity_mentions`, `prediction_cues`, `quote_content`, …) whose rows name
    their record by `article` and `id`; `position` counts from 0. All are there, also empty. Rows
    stand in the order of articles' ids, then of the file. `docs/exports.md` names all columns.

    Dtypes: text is `string`; what has a fixed choice is `category`, with all choices; offsets and
    counts are `Int64`; percents and confidence are `float64`; yes and no is `boolean`; the days
    `earliest` and `latest` are `datetime64[s]`, which reaches from before the first to beyond the
    last year that a text may name. `prediction` also has `likelihood`, the closed interval of
    `likelihood_low` to `likelihood_high` in percent.

    Args:
        source: a JSONL file, a folder of them, or records.

    Raises:
        RecordError: a file cannot be read, holds no records, or two versions of one article.

    Example:
        >>> tables = frames("outputs/")  # doctest: +SKIP
        >>> tables["prediction"].groupby("likelihood_level").size()  # doctest: +SKIP
    """
    import pandas

    records = _read(Path(source)) if isinstance(source, str | os.PathLike) else source
    made = {}
    for table in tables(collect(records)):
        cells = zip(*table.rows, strict=True) if table.rows else ((),) * len(table.columns)
        frame = pandas.DataFrame(
            {
                column.name: _series(column, values)
                for column, values in zip(table.columns, cells, strict=True)
            }
        )
        if table.name == "prediction":
            low, high = (frame[name] for name in LIKELIHOOD)
            intervals = pandas.arrays.IntervalArray.from_arrays(low, high, closed="both")
            frame.insert(list(frame).index(LIKELIHOOD[0]), "likelihood", pandas.Series(intervals))
        made[table.name] = frame
    return made


def _read(path: Path) -> list[Record]:
    if not path.is_dir():
        return jsonl.read(path)
    files = sorted(path.glob("*.jsonl"))
    if not files:
        raise RecordError(f"{path}: a folder without .jsonl files. Run `claimline extract` first.")
    return [record for file in files for record in jsonl.read(file)]


def _series(column: Column, values: Sequence[Cell]) -> pandas.Series:
    import numpy
    import pandas

    if column.kind == "date":
        # pandas' own parser knows no years before 1; numpy's does.
        days = ["NaT" if value is None else str(value) for value in values]
        return pandas.Series(numpy.array(days, dtype="datetime64[s]"))
    dtypes: dict[str, Any] = {
        "text": "string",
        "category": pandas.CategoricalDtype(list(column.choices)),
        "integer": "Int64",
        "number": "float64",
        "boolean": "boolean",
    }
    return pandas.Series(list(values), dtype=dtypes[column.kind])
