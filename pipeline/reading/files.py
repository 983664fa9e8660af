"""Paths to bytes and to article ids."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ..errors import ArticleError

#: Larger files are refused: no article comes near it, and memory is a multiple of it.
MAX_BYTES = 64 * 1024 * 1024

#: What article files are called; a file that is named goes by any name.
ARTICLE_SUFFIXES = (".txt", ".md", ".markdown", ".html", ".htm")

_MAX_ID_BYTES = 160  # with digest and suffix still a valid file name everywhere (255 bytes)
_UNSAFE = re.compile(r"[^\w.-]+")
# Devices on Windows, whatever stands behind the dot.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|\Z)", re.IGNORECASE)


def read_bytes(path: Path) -> bytes:
    """The bytes of a regular file.

    Raises:
        ArticleError: nothing there, no regular file (directory, pipe, device), a symlink loop, no
            permission, or larger than `MAX_BYTES`.
    """
    with open_regular(path) as file:
        try:
            data = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise ArticleError(f"{path}: {_reason(error)}") from error
    check_size(str(path), len(data))
    return data


@contextmanager
def open_regular(path: Path) -> Iterator[BinaryIO]:
    """A regular file, open for reading bytes; it is closed at the end of the `with`.

    Raises:
        ArticleError: nothing there, no regular file (directory, pipe, device), a symlink loop or no
            permission.
    """
    try:
        # Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        file = os.fdopen(descriptor, "rb")
    except IsADirectoryError as error:
        raise ArticleError(f"{path}: a directory, not an article file") from error
    except (OSError, ValueError) as error:
        raise ArticleError(f"{path}: {_reason(error)}") from error
    with file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise ArticleError(f"{path}: {_kind(status.st_mode)}, not an article file")
        yield file


def check_inside(path: Path, folder: Path) -> None:
    """Refuse a link by which what was found in a folder leads out of it.

    Folders come from anywhere; what lies beside them on this machine was not given.

    Raises:
        ArticleError: it is a link to something that is not in `folder`.
    """
    if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(
        os.path.realpath(folder)
    ):
        raise ArticleError(
            f"{path}: a link to outside of {folder}; name the file itself, or copy it there"
        )


def check_size(name: str, size: int) -> None:
    """Refuse what is too large to be an article.

    Raises:
        ArticleError: `size` bytes are more than `MAX_BYTES`.
    """
    if size > MAX_BYTES:
        raise ArticleError(
            f"{name}: larger than {MAX_BYTES // 2**20} MB, the most that is read as one article; "
            "split it"
        )


def named_as_inputs(paths: Iterable[Path], suffixes: Sequence[str]) -> list[Path]:
    """Of the files of a folder those to read: by their suffix, no README and nothing hidden.

    Example:
        >>> named_as_inputs([Path("README.md"), Path("a.md"), Path("a.meta.json")], (".md",))
        [PosixPath('a.md')]
    """
    return [
        path
        for path in paths
        if path.suffix.lower() in suffixes
        and not path.name.startswith(".")
        and not path.stem.lower().startswith("readme")
    ]


def article_ids(paths: Sequence[Path]) -> list[str]:
    """An id for each path: the file's stem, safe as a file name anywhere.

    Whatever is not a letter or digit (of any script), `.`, `_` or `-` becomes `-`. Where two paths
    would get one id (letter case aside, for file systems that ignore it), each gets a short digest
    of its path. The same path twice gets the same id.

    Example:
        >>> article_ids([Path("news/Détente 1969.txt"), Path("..hidden.md")])
        ['Détente-1969', 'hidden']
        >>> article_ids([Path("a/one.txt"), Path("b/one.txt")])
        ['one-1be9606e', 'one-4e47ddf7']
    """
    names = [path.as_posix() for path in paths]
    ids = dict(zip(names, map(_safe_stem, paths), strict=True))
    for length in (8, 64):  # a file may be named like another's id with its digest
        taken = Counter(identifier.lower() for identifier in ids.values())
        ids = {
            name: identifier
            if taken[identifier.lower()] == 1
            else f"{identifier}-{_digest(name)[:length]}"
            for name, identifier in ids.items()
        }
    return [ids[name] for name in names]


def safe_id(name: str, origin: str) -> str:
    """A name as an article's id.

    Args:
        name: what may hold any characters.
        origin: what tells it from others of the same name when it has to be cut or holds nothing
            to keep.

    Example:
        >>> safe_id("../news/1969 10:40", "rows.jsonl#7")
        'news-1969-10-40'
    """
    # Composed, since a combining accent on its own is no letter.
    plain = unicodedata.normalize("NFC", name)
    safe = _UNSAFE.sub("-", plain).strip(".-")
    if not safe:
        return f"article-{short_digest(origin)}"
    if _DEVICE.match(safe):
        return f"article-{safe}"
    if len(safe.encode()) > _MAX_ID_BYTES:
        cut = safe.encode()[: _MAX_ID_BYTES - 9].decode(errors="ignore")
        return f"{cut}-{short_digest(origin)}"
    return safe


def short_digest(name: str) -> str:
    """Eight hexadecimal digits that tell a name from others."""
    return _digest(name)[:8]


def _safe_stem(path: Path) -> str:
    return safe_id(path.stem, path.as_posix())


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()


def _kind(mode: int) -> str:
    kinds = {stat.S_IFDIR: "a directory", stat.S_IFIFO: "a named pipe", stat.S_IFSOCK: "a socket"}
    return kinds.get(stat.S_IFMT(mode), "a device")


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file"
    if isinstance(error, PermissionError):
        return "no permission to read it"
    if isinstance(error, OSError) and error.errno == errno.ELOOP:
        return "a loop of symbolic links"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error)
