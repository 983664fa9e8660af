"""Records as Parquet files, one a table."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ..errors import PipelineError
from .collect import Collected
from .tables import Column, Table, tables

if TYPE_CHECKING:
    import pyarrow


def parquet_files(articles: Iterable[Collected]) -> Iterator[tuple[str, bytes]]:
    """`TABLE.parquet` for every table; days are DATE, choices are dictionaries of strings.

    Raises:
        PipelineError: pyarrow is not installed.
    """
    return ((f"{table.name}.parquet", parquet(table)) for table in tables(articles))


def parquet(table: Table) -> bytes:
    """A table as a Parquet file, as `parquet_files` gives it.

    Raises:
        PipelineError: pyarrow is not installed.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise PipelineError(
            "Parquet needs pyarrow, which is not installed: pip install 'claimline[tables]'"
        ) from error
    import numpy

    arrays = []
    for index, column in enumerate(table.columns):
        cells = [row[index] for row in table.rows]
        if column.kind == "date":
            days = ["NaT" if cell is None else str(cell) for cell in cells]
            arrays.append(pyarrow.array(numpy.array(days, dtype="datetime64[D]")))
        elif column.kind == "category":
            text = pyarrow.array(cells, type=pyarrow.string())
            arrays.append(text.dictionary_encode())
        else:
            arrays.append(pyarrow.array(cells, type=_type(column)))
    fields = [
        pyarrow.field(column.name, array.type, nullable=column.optional)
        for column, array in zip(table.columns, arrays, strict=True)
    ]
    file = io.BytesIO()
    pyarrow.parquet.write_table(
        pyarrow.Table.from_arrays(arrays, schema=pyarrow.schema(fields)), file
    )
    return file.getvalue()


def _type(column: Column) -> pyarrow.DataType:
    import pyarrow

    types = {
        "text": pyarrow.string(),
        "integer": pyarrow.int64(),
        "number": pyarrow.float64(),
        "boolean": pyarrow.bool_(),
    }
    return types[column.kind]
