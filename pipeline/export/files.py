"""From records to the files of a format, written to a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from .. import jsonl
from ..errors import PipelineError
from ..records import Record
from .brat import brat_files
from .collect import Collected, collect
from .docbin import docbin_files
from .ftm import ftm_files
from .gold import gold_files
from .label_studio import label_studio_files
from .parquet import parquet_files
from .sheets import csv_files
from .sqlite import sqlite_files
from .texts import Text, find_texts
from .w3c import w3c_files

Files = Iterator[tuple[str, bytes]]

_OF_RECORDS: dict[str, Callable[[Iterable[Collected]], Files]] = {
    "csv": csv_files,
    "parquet": parquet_files,
    "sqlite": sqlite_files,
    "ftm": ftm_files,
}
_OF_TEXTS: dict[str, Callable[[Iterable[Text]], Files]] = {
    "w3c": w3c_files,
    "label-studio": label_studio_files,
    "brat": brat_files,
    "docbin": docbin_files,
}
FORMATS = (*_OF_RECORDS, *_OF_TEXTS)


def export(
    format: str, records: Iterable[Record], folder: Path, *, sources: Sequence[Path] = ()
) -> list[str]:
    """Write records to a folder in a format; files of the same names are replaced.

    Args:
        format: one of `FORMATS`.
        records: of any number of articles, each with its `article` record.
        folder: made if it is not there.
        sources: folders with the article files, for the formats that need the text; without any,
            the files are looked for at the paths in the records.

    Returns:
        A message for each article that is left out since its file is not there or has changed.

    Raises:
        PipelineError: no such format, records that do not belong together, a library that is
            missing, or a folder that cannot be written.

    Example:
        >>> export("sqlite", jsonl.read(Path("outputs/a.jsonl")), Path("db"))  # doctest: +SKIP
        []
    """
    failures: list[str] = []
    articles = collect(records)
    if format in _OF_RECORDS:
        files = _OF_RECORDS[format](articles)
    elif format in _OF_TEXTS:
        files = _OF_TEXTS[format](find_texts(articles, sources, failures))
    else:
        raise PipelineError(f"no format {format!r}; the formats are {', '.join(FORMATS)}")
    for name, data in files:
        jsonl.save(folder / name, data)
    return failures


def import_gold(tasks: Path, folder: Path, *, sources: Sequence[Path] = ()) -> list[str]:
    """Write corrected Label Studio tasks to a folder as gold files, one an article.

    Args:
        tasks: the JSON that Label Studio exports.
        folder: made if it is not there.
        sources: folders with the article files; without any, the paths in the tasks.

    Returns:
        A message for each task that is left out.

    Raises:
        PipelineError: no such tasks, or a folder that cannot be written.
    """
    failures: list[str] = []
    for name, data in gold_files(tasks, sources, failures):
        jsonl.save(folder / name, data)
    return failures
