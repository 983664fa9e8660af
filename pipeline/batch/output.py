"""The folder that a run writes: shards, the marks of those that are done, one writer at a time.

A file of a shard is whole or absent: it is written under another name, synced, renamed; only when
all are there comes the shard's mark, in the same way. So a mark stands for a shard that was whole
when it was made, and its digests tell whether the shard still is.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import socket
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import msgspec

from .. import jsonl
from ..errors import ConfigError, RunError

SHARDS = "shards"
TABLES = "tables"
_T = TypeVar("_T", bound=msgspec.Struct)


class Quarantined(msgspec.Struct, frozen=True, kw_only=True):
    """An article of which no records could be made.

    Attributes:
        id: of the article.
        path: where it came from.
        sha256: of its bytes.
        stage: the step in which it failed.
        reason: what went wrong.
        attempts: how often it was tried.
        shard: the shard in which its records would stand.
    """

    id: str
    path: str
    sha256: str
    stage: str
    reason: str
    attempts: int
    shard: int


class Written(msgspec.Struct, frozen=True):
    """A file of a shard, as it was written."""

    sha256: str
    bytes: int


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """What a finished shard holds. The same for the same articles and pipeline, whoever made it.

    Attributes:
        shard: its number.
        digest: of the articles that it was made of.
        fingerprint: of the pipeline that made it.
        files: of the shard, by their path in the folder of the run.
        articles: how many came in: `written` and `quarantined` together.
        written: how many have records in it.
        words: of the reading text of these.
        records: how many of each kind.
        quarantined: those that have none.
    """

    shard: int
    digest: str
    fingerprint: str
    files: dict[str, Written]
    articles: int
    written: int
    words: int
    records: dict[str, int]
    quarantined: tuple[Quarantined, ...]


class Part:
    """A file that is being written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("xb")
        self._digest = hashlib.sha256()
        self.bytes = 0

    @property
    def written(self) -> Written:
        """What has been written."""
        return Written(self._digest.hexdigest(), self.bytes)

    def write(self, data: bytes) -> None:
        """Add bytes."""
        self._file.write(data)
        self._digest.update(data)
        self.bytes += len(data)

    def become(self, path: Path) -> None:
        """Take the place of a file, whole."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._path.replace(path)
        _sync_folder(path.parent)

    def discard(self) -> None:
        """Leave nothing behind; after `become` there is nothing to leave."""
        with suppress(OSError):  # what was buffered does not fit on the disk either
            self._file.close()
        self._path.unlink(missing_ok=True)


class Draft:
    """The files of a shard that is being written; see `Output.draft`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parts: dict[str, Part] = {}

    def part(self, name: str) -> Part:
        """A new file, by its path in the folder of the run."""
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        self._parts[name] = part = _part(path.parent)
        return part

    @property
    def files(self) -> dict[str, Written]:
        """What has been written, by path."""
        return {name: part.written for name, part in sorted(self._parts.items())}

    def become(self) -> None:
        """Put all files in their places."""
        for name, part in self._parts.items():
            part.become(self._folder / name)

    def discard(self) -> None:
        """Leave nothing behind that is not in its place."""
        for part in self._parts.values():
            part.discard()


class Output:
    """The folder of a run.

    Args:
        folder: made when first locked.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shards = folder / SHARDS
        self.tables = folder / TABLES
        self.marks = folder / "done"
        self.logs = folder / "logs"
        self.quarantine = folder / "quarantine.jsonl"
        self.run = folder / "run.json"
        self._lock = folder / ".lock"

    def shard_path(self, number: int) -> Path:
        """The file of a shard of JSON Lines."""
        return self.folder / lines_name(number)

    def shard_paths(self, number: int) -> list[Path]:
        """All files that there are of a shard."""
        tables = sorted(self.folder.glob(table_name("*", number)))
        return [path for path in (self.shard_path(number), *tables) if path.exists()]

    def mark_path(self, number: int) -> Path:
        """The file of a shard's mark."""
        return self.marks / f"{number:06}.json"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Be the only run that writes here, and remove what others left half done.

        The lock goes with the process that holds it, however it ends.

        Raises:
            ConfigError: another run writes here.
            RunError: the folder cannot be written.
        """
        with self.writing():
            for folder in (self.folder, self.marks, self.logs):
                folder.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                holder = os.read(descriptor, 200).decode("utf-8", "replace").strip()
                raise ConfigError(
                    f"{self.folder}: another run writes there ({holder or 'unknown'}). "
                    "Wait for it, or choose another folder."
                ) from error
            with self.writing():
                os.ftruncate(descriptor, 0)
                os.pwrite(
                    descriptor, f"process {os.getpid()} on {socket.gethostname()}".encode(), 0
                )
            self.sweep()
            yield
        finally:
            os.close(descriptor)

    def sweep(self) -> None:
        """Remove what was left half written; for who holds the lock, when nothing is in work."""
        with self.writing():
            for folder in (self.folder, self.shards, *self.tables.glob("*"), self.marks):
                for part in folder.glob(".*.part"):
                    part.unlink(missing_ok=True)

    @property
    def is_locked(self) -> bool:
        """Whether a run writes here now."""
        try:
            descriptor = os.open(self._lock, os.O_RDONLY)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        else:
            return False
        finally:
            os.close(descriptor)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Turn what a disk says into what to do about it."""
        try:
            yield
        except OSError as error:
            raise RunError(
                f"{error.filename or self.folder}: cannot be written: {error.strerror}. What is "
                "finished stays; the same command goes on from there."
            ) from error

    @contextmanager
    def draft(self) -> Iterator[Draft]:
        """A shard to write; its files are removed unless it was committed.

        Raises:
            RunError: it cannot be written.
        """
        draft = Draft(self.folder)
        with self.writing():
            try:
                yield draft
            finally:
                draft.discard()

    def commit(self, draft: Draft, mark: Mark) -> None:
        """Put a shard in its place, then its mark.

        Raises:
            RunError: they cannot be written.
        """
        with self.writing():
            draft.become()
        self._save(self.mark_path(mark.shard), mark)

    def mark(self, number: int) -> Mark | None:
        """The mark of a shard; none when it is not done or the mark cannot be read."""
        return _read(self.mark_path(number), Mark)

    def unmark(self, number: int) -> None:
        """Take a shard as not done; its files stay until it is made again."""
        with self.writing():
            self.mark_path(number).unlink()

    def verified(self, mark: Mark) -> bool:
        """Whether a shard is as it was when it was marked."""
        try:
            return all(
                _digest(self.folder / name) == file.sha256 for name, file in mark.files.items()
            )
        except OSError:
            return False

    def numbers(self) -> list[int]:
        """The shards that are done, in order."""
        if not self.marks.is_dir():
            return []
        return sorted(int(path.stem) for path in self.marks.glob("*.json") if path.stem.isdecimal())

    def remove(self, numbers: Iterable[int]) -> None:
        """Remove shards, marks first."""
        with self.writing():
            for number in numbers:
                self.mark_path(number).unlink()
                for path in self.shard_paths(number):
                    path.unlink(missing_ok=True)

    def write_quarantine(self) -> None:
        """Gather the quarantined articles of all shards in `quarantine.jsonl`, in their order."""
        with self.writing():
            part = _part(self.folder)
            try:
                for number in self.numbers():
                    mark = self.mark(number)
                    part.write(jsonl.encode(mark.quarantined if mark else ()))
                part.become(self.quarantine)
            finally:
                part.discard()

    def read_run(self, of: type[_T]) -> _T | None:
        """What `run.json` says; none when there is none that can be read."""
        return _read(self.run, of)

    def write_run(self, run: msgspec.Struct) -> None:
        """Replace `run.json`."""
        self._save(self.run, run)

    def _save(self, path: Path, struct: msgspec.Struct) -> None:
        with self.writing():
            part = _part(path.parent)
            try:
                part.write(msgspec.json.format(msgspec.json.encode(struct), indent=1) + b"\n")
                part.become(path)
            finally:
                part.discard()


def lines_name(number: int) -> str:
    """Where the JSON Lines of a shard stand in the folder of a run."""
    return f"{SHARDS}/{number:06}.jsonl"


def table_name(table: str, number: int) -> str:
    """Where a shard's rows of a table stand: a folder a table, which other tools read as one."""
    return f"{TABLES}/{table}/{number:06}.parquet"


def _part(folder: Path) -> Part:
    # Two machines may work at the same shard when one is wrongly thought dead.
    return Part(folder / f".{uuid.uuid4().hex}.part")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(path: Path, of: type[_T]) -> _T | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=of)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def _sync_folder(folder: Path) -> None:
    """Make a renaming last through a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
