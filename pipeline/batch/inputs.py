"""Paths to jobs: files, folders and patterns; rows of JSON Lines and Parquet; pages of WARC.

Whatever an input holds becomes one job or more; what cannot be read becomes a job that says so, so
that every article that came in is counted. Memory is bounded: by one article for files and JSON
Lines, by a few rows for Parquet.
"""

from __future__ import annotations

import glob
import gzip
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from ..errors import ArticleError, ConfigError
from ..reading import (
    MAX_BYTES,
    article_ids,
    check_inside,
    check_size,
    open_regular,
    read_sidecar,
    safe_id,
)
from .job import Job

ARTICLES = (".txt", ".md", ".markdown", ".html", ".htm", ".xhtml")
ROWS = (".jsonl", ".ndjson")
PARQUET = ".parquet"
WARC = ".warc"
PACKED = (".gz", ".zst")

# In JSON a character may take six bytes.
_MAX_LINE = 6 * MAX_BYTES
# Text packs 3 to 10 times, rows much alike 50 times; what grows on is made to fill a disk.
_MAX_RATIO = 200
_RATIO_FROM = 64 * 1024 * 1024
_PARQUET_ROWS = 64
_PARQUET_BYTES = 64 * 1024 * 1024
# A block of a frame takes three bytes or more and gives 128 KB at most: so much is 22 MB at most.
_ZST_BYTES = 512
_MAX_HEAD = 1024 * 1024
_MAX_REASON = 500
_WEB = ("http:", "https:")
_PAGE_TYPES = ("text/html", "application/xhtml+xml", "text/plain")


class _NoColumn(ArticleError):
    """A row lacks a column that is needed."""


class Columns(msgspec.Struct, frozen=True, kw_only=True):
    """The columns of rows; a name that is None is looked for and need not be there.

    Attributes:
        text: of the article's text, "text" by default.
        id: of its id, "id" by default; else the file's stem and the row's number.
        date: of its publication date, "date" by default.
        title: of its title, "title" by default.
    """

    text: str | None = None
    id: str | None = None
    date: str | None = None
    title: str | None = None

    def of(self, row: Mapping[str, object], part: str) -> object:
        """A part of a row.

        Raises:
            _NoColumn: the row lacks a column that was named, or the text.
        """
        named: str | None = getattr(self, part)
        column = named or part
        if column not in row and (named or part == "text"):
            raise _NoColumn(f"there is no column {column!r} among {', '.join(map(str, row))}")
        return row.get(column)


def find(inputs: Sequence[str], *, leave_out: Path) -> dict[Path, Path | None]:
    """The files of paths, folders (with all below them) and patterns: sorted, each once.

    Each comes with the folder that it was found in and must not lead out of; None stands for
    those that were named, also by a pattern.

    Args:
        inputs: as given on the command line; a pattern is one of `glob`, "**" for all folders.
        leave_out: the folder that the run writes to, which may lie in one of them.

    Raises:
        ConfigError: there is nothing of that name, nothing to read in it, or no permission.
    """
    found: dict[Path, Path | None] = {}
    for given in inputs:
        path = Path(given)
        folder = path if path.is_dir() else None
        if folder is not None:
            files = _inside(path, leave_out.resolve())
        elif os.path.lexists(path):
            files = [path]
        else:
            # An absolute pattern, too, which Path.glob does not take.
            files = sorted(map(Path, glob.iglob(given, recursive=True)))  # noqa: PTH207
            files = [file for file in files if not file.is_dir()]
        if not files:
            what = "a folder without files to read" if folder else "no such file"
            raise ConfigError(
                f"{given}: {what}. Read are {' '.join((*ARTICLES, *ROWS, PARQUET, WARC))}, "
                f"also with {' or '.join(PACKED)} behind"
            )
        # One that is named, too, is named.
        found.update((file, folder) for file in files if folder is None or file not in found)
    return found


def _inside(folder: Path, leave_out: Path) -> list[Path]:
    def refuse(error: OSError) -> None:
        raise ConfigError(f"{error.filename}: cannot be read: {error.strerror}") from error

    found = []
    for root, folders, names in os.walk(folder, onerror=refuse):
        here = Path(root)
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and (here / name).resolve() != leave_out
        )
        for name in sorted(names):
            suffix = _plain(here / name).suffix.lower()
            hidden = name.startswith(".") or name.lower().startswith("readme")
            if suffix in (*ARTICLES, *ROWS, PARQUET, WARC) and not hidden:
                found.append(here / name)
    return found


def _plain(path: Path) -> Path:
    """What a packed file would be called unpacked."""
    return path.with_suffix("") if path.suffix.lower() in PACKED else path


def size(path: Path) -> int:
    """Bytes of a file; none where there is nothing to read."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def jobs(paths: Mapping[Path, Path | None], columns: Columns) -> Iterator[Job]:
    """The articles of files, in order.

    Args:
        paths: as `find` gives them.
        columns: of rows.

    Raises:
        ConfigError: a library for an input is missing.
    """
    for job in _jobs(paths, columns):
        # Names of files and of columns may hold what no encoder takes, and be of any length.
        yield msgspec.structs.replace(
            job,
            name=_sayable(job.name),
            path=job.path and _sayable(job.path),
            refused=job.refused and _sayable(job.refused)[:_MAX_REASON],
        )


def _jobs(paths: Mapping[Path, Path | None], columns: Columns) -> Iterator[Job]:
    files = [path for path in paths if _plain(path).suffix.lower() not in _READERS]
    ids = dict(zip(files, article_ids([_plain(path) for path in files]), strict=True))
    for path, folder in paths.items():
        read = _READERS.get(_plain(path).suffix.lower())
        # Whatever a broken container makes its library raise costs its rest, not the run.
        try:
            if folder is not None:
                check_inside(path, folder)
            if read is not None:
                yield from read(path, columns)
            else:
                yield _article(path, ids[path])
        except ConfigError:
            raise
        except Exception as error:
            reason = _where(path, error)
            if read is not None:
                yield _refused(path, "rest", f"{reason}; from here on nothing was read")
            else:
                yield Job(id=ids[path], name=str(path), refused=reason)


def _where(path: Path, error: Exception) -> str:
    if str(error).startswith(str(path)):
        return str(error)
    kind = "" if isinstance(error, ArticleError) else f"{type(error).__name__}: "
    return f"{path}: {kind}{error}"


def _refused(path: Path, place: object, reason: str) -> Job:
    name = f"{path}#{place}"
    return Job(id=safe_id(f"{_plain(path).stem}-{place}", name), name=name, refused=reason)


def _article(path: Path, article_id: str) -> Job:
    with _unpacked(path) as (stream, _):
        data = stream.read(MAX_BYTES + 1)
    check_size(str(path), len(data))
    return Job(
        id=article_id,
        name=str(path),
        data=data,
        path=str(_plain(path)),
        sidecar=read_sidecar(_plain(path)),
        cost=size(path),
    )


@contextmanager
def _unpacked(path: Path) -> Iterator[tuple[BinaryIO, Callable[[], int]]]:
    """A file's bytes, unpacked, and how many of it have been read."""
    with open_regular(path) as file:
        suffix = path.suffix.lower()
        if suffix == ".gz":
            stream: Any = gzip.GzipFile(fileobj=file)
        elif suffix == ".zst":
            zstandard = _library("zstandard")
            stream = _Frames(file, zstandard.ZstdDecompressor().decompressobj)
        else:
            yield file, file.tell
            return
        yield io.BufferedReader(_Bounded(path, stream, file), 1 << 16), file.tell


class _Frames:
    """Zstandard frames one behind the other; the library's reader says nothing of a cut one."""

    def __init__(self, packed: BinaryIO, begin: Callable[[], Any]) -> None:
        self._packed, self._begin = packed, begin
        self._frame: Any = None
        self._rest = b""
        self._ready = memoryview(b"")

    def read(self, length: int) -> memoryview:
        """Some bytes, at most so many; none at the end."""
        while not self._ready:
            data = self._rest or self._packed.read(_ZST_BYTES)
            if not data:
                if self._frame is not None:
                    raise EOFError("Compressed file ended before the end of its last frame")
                break
            frame = self._frame or self._begin()
            self._ready = memoryview(frame.decompress(data))
            self._frame, self._rest = (None, frame.unused_data) if frame.eof else (frame, b"")
        given, self._ready = self._ready[:length], self._ready[length:]
        return given


class _Headed:
    """A stream for a reader that looks for the end of a record's head however far it is."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.left: float = _MAX_HEAD

    def read(self, length: int) -> bytes:
        """Some bytes, unless the head that they belong to is too long."""
        data = self._stream.read(length)
        self.left -= len(data)
        if self.left < 0:
            raise ArticleError(f"the head of a record is longer than {_MAX_HEAD >> 20} MB")
        return data


class _Bounded(io.RawIOBase):
    """What a decompressor gives, until it is more than any text packs."""

    def __init__(self, path: Path, stream: Any, packed: BinaryIO) -> None:
        self._path, self._stream, self._packed = path, stream, packed
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        self._given += len(data)
        if self._given > _RATIO_FROM and self._given > _MAX_RATIO * self._packed.tell():
            raise _unpacks_too_far(self._path)
        buffer[: len(data)] = data
        return len(data)


def _unpacks_too_far(path: Path) -> ArticleError:
    return ArticleError(
        f"{path}: unpacks to more than {_MAX_RATIO} times its size, as no text does"
    )


def _rows(path: Path, columns: Columns) -> Iterator[Job]:
    with _unpacked(path) as (stream, tell):
        number = before = 0
        while line := stream.readline(_MAX_LINE + 1):
            number += 1
            too_long = len(line) > _MAX_LINE
            while len(line) > _MAX_LINE and not line.endswith(b"\n"):
                line = stream.readline(_MAX_LINE + 1)
            if not too_long and not line.strip():
                continue
            try:
                if too_long:
                    raise ArticleError(f"longer than {_MAX_LINE >> 20} MB")
                job = _row(path, number, _decoded(line), columns)
            except ArticleError as error:
                if isinstance(error, _NoColumn) and number == 1:
                    raise  # most likely in all rows: to be said once
                job = _refused(path, number, f"{path}, line {number}: {error}")
            now = tell()
            yield msgspec.structs.replace(job, cost=now - before)
            before = now


def _decoded(line: bytes) -> Mapping[str, object]:
    try:
        try:
            row = msgspec.json.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError):
            row = json.loads(line)  # escaped lone surrogates, which msgspec refuses
    except (ValueError, RecursionError) as error:
        raise ArticleError(f"no JSON: {error}") from error
    if not isinstance(row, dict):
        raise ArticleError("no JSON object")
    return row


def _row(path: Path, number: int, row: Mapping[str, object], columns: Columns) -> Job:
    text = columns.of(row, "text")
    if not isinstance(text, str):
        raise ArticleError(f"its text is no string but {type(text).__name__}")
    data = text.encode("utf-8", "surrogatepass")
    check_size("its text", len(data))
    name = f"{path}#{number}"
    given = _said(columns.of(row, "id"))
    return Job(
        id=safe_id(given or f"{_plain(path).stem}-{number}", name),
        name=name,
        data=data,
        is_text=True,
        title=_said(columns.of(row, "title")),
        published=_said(columns.of(row, "date")),
    )


def _said(value: object) -> str | None:
    """A value of a row in words, if it says anything."""
    if value is None or (isinstance(value, float) and value != value):
        return None
    return _sayable(str(value)) or None


def _sayable(text: str) -> str:
    """A text as it passes through UTF-8."""
    return text.encode("utf-8", "backslashreplace").decode()


def _parquet(path: Path, columns: Columns) -> Iterator[Job]:
    parquet = _library("pyarrow.parquet", package="pyarrow")
    with open_regular(path) as file:
        table = parquet.ParquetFile(file)
        named = {getattr(columns, part) or part for part in ("text", "id", "date", "title")}
        fields = [field for field in table.schema_arrow if field.name in named]
        wanted = [field.name for field in fields]
        # One long text, written once, may stand for every row: it is held once, too.
        texts = [field.name for field in fields if str(field.type) in ("string", "large_string")]
        table = parquet.ParquetFile(file, metadata=table.metadata, read_dictionary=texts)
        whole, rows = size(path), max(1, table.metadata.num_rows)
        number = 0
        at_a_time = _rows_at_a_time(path, table.metadata)
        for batch in table.iter_batches(at_a_time, columns=wanted, use_threads=False):
            for place in range(batch.num_rows):
                (row,) = batch.slice(place, 1).to_pylist()
                number += 1
                try:
                    job = _row(path, number, row, columns)
                except _NoColumn:
                    raise
                except ArticleError as error:
                    job = _refused(path, number, f"{path}, row {number}: {error}")
                cost = whole * number // rows - whole * (number - 1) // rows
                yield msgspec.structs.replace(job, cost=cost)


def _rows_at_a_time(path: Path, table: Any) -> int:
    """So few rows that they are hardly more than one article may be."""
    most = 1
    for group in map(table.row_group, range(table.num_row_groups)):
        if group.total_byte_size > max(_RATIO_FROM, _MAX_RATIO * size(path)):
            raise _unpacks_too_far(path)
        most = max(most, group.total_byte_size // max(1, group.num_rows))
    return max(1, min(_PARQUET_ROWS, _PARQUET_BYTES // most))


def _pages(path: Path, columns: Columns) -> Iterator[Job]:
    archive = _library("warcio.archiveiterator", package="warcio")
    with _unpacked(path) as (stream, tell):
        before = 0
        headed = _Headed(stream)
        for number, record in enumerate(_records(archive.ArchiveIterator(headed), headed), start=1):
            if record.format != "warc":
                raise ArticleError("holds no records of WARC")
            if not (record.rec_headers.get_header("Content-Length") or "").strip().isdecimal():
                raise ArticleError("a record does not say how long it is")
            address = record.rec_headers.get_header("WARC-Target-URI") or ""
            # Answers of other protocols (dns:) have no such head.
            if record.rec_type != "response" or not address.lower().startswith(_WEB):
                continue
            name = f"{path}#{number} {address}"
            try:
                data = _page(record)
                if data is None:
                    continue
                job = Job(id=safe_id(address, name), name=name, data=data)
            except ArticleError as error:
                job = _refused(path, number, f"{name}: {error}")
            now = tell()
            yield msgspec.structs.replace(job, cost=max(0, now - before))
            before = now


def _page(record: Any) -> bytes | None:
    """The page in a record; none when it came with another status or is of another type.

    Raises:
        ArticleError: the record is damaged or the page too large.
    """
    head = record.http_headers
    status = head.get_statuscode().strip() if head is not None else ""
    if not status.isdecimal():
        raise ArticleError("the head of its answer cannot be read")
    kind = (head.get_header("Content-Type") or "").split(";")[0].strip().lower()
    if status != "200" or kind not in _PAGE_TYPES:
        return None
    data: bytes = record.content_stream().read(MAX_BYTES + 1)
    check_size("the page", len(data))
    while record.raw_stream.read(1 << 16):
        pass
    if record.raw_stream.limit > 0:
        raise ArticleError("the file ends inside it")
    return data


def _records(archive: Iterable[Any], headed: _Headed) -> Iterator[Any]:
    """The records of an archive; what is between them may be long, what leads to one may not."""
    for record in archive:
        headed.left = float("inf")
        yield record
        while record.raw_stream.read(1 << 16):
            pass
        headed.left = _MAX_HEAD


def _library(module: str, package: str | None = None) -> Any:
    import importlib

    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ConfigError(
            f"{package or module} is needed to read this: pip install 'claimline[corpora]'"
        ) from error


_READERS: dict[str, Callable[[Path, Columns], Iterable[Job]]] = {
    **dict.fromkeys(ROWS, _rows),
    PARQUET: _parquet,
    WARC: _pages,
}
