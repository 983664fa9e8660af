"""The files that commands read, and the records in them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ArticleError, PipelineError
from .messages import complain
from .output import STANDARD

if TYPE_CHECKING:
    from ..records import Record


def files_of(
    paths: list[Path], failures: list[str], suffixes: tuple[str, ...] | None = None
) -> list[Path]:
    """The files to read, folders opened for their articles, each once, in the order given."""
    from ..reading.files import ARTICLE_SUFFIXES, check_inside, named_as_inputs

    suffixes = suffixes or ARTICLE_SUFFIXES
    inputs: dict[Path, None] = {}
    for path in paths:
        try:
            if path != STANDARD and path.is_dir():
                files = [entry for entry in sorted(path.iterdir()) if not entry.is_dir()]
                inside = named_as_inputs(files, suffixes)
                if not inside:
                    failures.append(
                        f"{path}: a folder without files to read ({' '.join(suffixes)})"
                    )
                for file in inside:
                    try:
                        check_inside(file, path)
                    except ArticleError as error:
                        failures.append(str(error))
                    else:
                        inputs[file] = None
            else:
                inputs[path] = None
        except OSError as error:
            failures.append(f"{path}: cannot be read: {error.strerror}")
    return list(inputs)


def read_records(files: list[Path]) -> tuple[list[Record], bool]:
    """The records of files and folders, and whether all could be read; why not goes to stderr."""
    failures: list[str] = []
    inputs = files_of(files, failures, suffixes=(".jsonl",))
    found = [_records(file) for file in inputs]
    for failure in failures:
        complain(failure)
    read = [record for records in found for record in records or ()]
    return read, not failures and None not in found


def _records(file: Path) -> list[Record] | None:
    """The records of a file or of standard input; None, and why on standard error, if not."""
    from .. import jsonl

    try:
        if file == STANDARD:
            return jsonl.decode(sys.stdin.buffer.read(), source="standard input")
        return jsonl.read(file)
    except PipelineError as error:
        complain(error)
        return None
