"""Records as JSON Lines: the only place where records are encoded and decoded.

A line ends in a line feed and nothing else: `str.splitlines` would also split at U+2028, which
JSON text may hold, so lines are split as bytes.
"""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from .errors import ArticleError, RecordError
from .records import Record

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Record] = msgspec.json.Decoder(Record)


def encode(records: Iterable[msgspec.Struct | Mapping[str, object]]) -> bytes:
    """Records, or other structs and objects, as UTF-8 JSON, one a line, keys in declaration order.

    Lone surrogates, which UTF-8 cannot hold, are written as JSON escapes.

    Example:
        ``decode(encode(records)) == list(records)`` for any records
    """
    return b"".join(_encode_line(record) + b"\n" for record in records)


def _encode_line(record: msgspec.Struct | Mapping[str, object]) -> bytes:
    try:
        return _encoder.encode(record)
    except UnicodeEncodeError:
        # Only text with lone surrogates comes here; the standard library escapes them.
        plain = msgspec.to_builtins(record)
        return json.dumps(plain, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def decode(data: bytes, *, source: str = "JSONL") -> list[Record]:
    """Records from JSON Lines, every field checked; blank lines are passed over.

    Args:
        data: the bytes of a file of records.
        source: the file's name, for the error message.

    Raises:
        RecordError: a line is not a record; the message names source, line and field.
    """
    records = []
    for number, line in enumerate(data.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            records.append(_decode_line(line))
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            raise RecordError(
                f"{source}, line {number}: not a record: {error}. Was the file written by "
                "`claimline extract`, and by a version that this one can read?"
            ) from error
    return records


def _decode_line(line: bytes) -> Record:
    try:
        return _decoder.decode(line)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        # msgspec refuses escaped lone surrogates, which `encode` may have written. What else it
        # refuses, numbers that are none among it, stays refused.
        plain = json.loads(line, parse_constant=_finite, parse_float=_finite)
        record: Record = msgspec.convert(plain, Record)
        return record


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is no number of JSON")
    return number


def read(path: Path) -> list[Record]:
    """The records of a file.

    Raises:
        RecordError: the file cannot be read or a line is not a record.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RecordError(f"{path}: cannot be read: {error.strerror}. Check the path.") from error
    return decode(data, source=str(path))


def write(path: Path, records: Iterable[Record]) -> None:
    """Write the records of an article, as `save` does.

    Raises:
        ArticleError: the folder cannot be written.
    """
    save(path, encode(records))


def save(path: Path, data: bytes) -> None:
    """Write a file so that it is whole or absent: temporary file, fsync, rename.

    Raises:
        ArticleError: the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:64]}.", dir=path.parent)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            # mkstemp makes files that only the owner reads; results are ordinary files.
            temporary.chmod(0o666 & ~_umask())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ArticleError(
            f"{path}: cannot be written: {error.strerror}. Check the output folder."
        ) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
