"""Where versions lie: files, folders and git revisions, as names with bytes."""

from __future__ import annotations

import os
import posixpath
import subprocess
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path, PurePosixPath

import msgspec

from ..errors import PipelineError
from ..reading.files import ARTICLE_SUFFIXES, named_as_inputs, read_bytes
from ..reading.metadata import SIDECAR_SUFFIX

RECORD_SUFFIX = ".jsonl"


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a version.

    Attributes:
        path: within the folder or revision; the article's id is made from it.
        origin: what to call it.
        read: its bytes.
        sidecar: the bytes of `NAME.meta.json` beside it, None when there is none.
    """

    path: PurePosixPath
    origin: str
    read: Callable[[], bytes]
    sidecar: Callable[[], bytes | None]

    @property
    def holds_records(self) -> bool:
        """Whether it is a file of records, no article."""
        return self.path.suffix.lower() == RECORD_SUFFIX


def is_revision(spec: str | Path) -> bool:
    """Whether this names a git revision as a whole: nothing on disk, and no part of one."""
    return isinstance(spec, str) and ":" not in spec and not os.path.lexists(spec)


def sources(spec: str | Path, paths: Sequence[str]) -> list[Source]:
    """The files of one side, in the order of their paths.

    A folder gives its articles or, where it has none, its files of records; folders inside it are
    not opened, nor files read that are no articles by their names (README, sidecar files). Of a git
    revision the paths are read, each as a file or such a folder; without any, all articles that it
    has, in any folder. A folder, on disk or "REVISION:PATH", in which some of the paths lie gives
    what these do; any other is read as it is.

    Raises:
        PipelineError: see `versions.load_versions`.
    """
    name = str(spec)
    if os.path.lexists(name):
        return _of_disk(name, paths)
    if isinstance(spec, Path):
        raise PipelineError(f"{name}: no such file or folder")
    revision, colon, inner = name.partition(":")
    # As git has it, "REVISION:PATH" counts from the top of the repository.
    root = posixpath.normpath(f"/{inner.lstrip('/')}") if colon else None
    return _of_git(revision, root, paths)


def _inside(root: str, paths: Iterable[str]) -> list[str]:
    """Those of some absolute paths that lie in a folder; the folder itself where none does."""
    return [path for path in paths if path.startswith(f"{root.rstrip('/')}/")] or [root]


def _of_disk(name: str, paths: Sequence[str]) -> list[Source]:
    root = Path(name)
    if root.is_dir():
        # Links are not followed: the paths are compared as they are written.
        inside = _inside(os.path.abspath(name), map(os.path.abspath, paths))  # noqa: PTH100
        asked = [root / os.path.relpath(path, name) for path in inside]
    else:
        root, asked = root.parent, [root]
    found: dict[Path, None] = {}
    for path in asked:
        if path.is_dir():
            try:
                names = [entry for entry in sorted(path.iterdir()) if not entry.is_dir()]
            except OSError as error:
                raise PipelineError(f"{path}: cannot be read: {error.strerror}") from error
            found.update(dict.fromkeys(_chosen(names)))
        elif os.path.lexists(path):
            found[path] = None
    return [
        Source(
            path=PurePosixPath(path.relative_to(root).as_posix()),
            origin=str(path),
            read=lambda path=path: read_bytes(path),  # type: ignore[misc]
            sidecar=lambda path=path: beside(path),  # type: ignore[misc]
        )
        for path in found
    ]


def beside(path: Path) -> bytes | None:
    """The bytes of the sidecar file beside an article, None when there is none."""
    sidecar = path.with_name(path.stem + SIDECAR_SUFFIX)
    return read_bytes(sidecar) if sidecar.is_file() else None


def _chosen(paths: Sequence[Path]) -> list[Path]:
    """Of the files of one folder the articles or, where there are none, the files of records."""
    return named_as_inputs(paths, ARTICLE_SUFFIXES) or named_as_inputs(paths, (RECORD_SUFFIX,))


def _of_git(revision: str, root: str | None, paths: Sequence[str]) -> list[Source]:
    tree = _tree(revision)
    prefix = git("rev-parse", "--show-prefix").decode("utf-8", "surrogateescape").strip("\n")
    asked = [_from_the_top(prefix, path) for path in paths]
    blobs = _blobs(tree)
    if root is not None:
        asked = _inside(root, asked)
        if not any(f"/{name}/".startswith(f"{root.rstrip('/')}/") for name in blobs):
            raise PipelineError(f"{revision} has no file or folder {root[1:]!r}")
    if asked:
        # As with folders on disk: a file, or the files of a folder and none below it.
        chosen: dict[Path, None] = {}
        for place in asked:
            if place[1:] in blobs:
                chosen[Path(place[1:])] = None
            folder = [Path(name) for name in blobs if posixpath.dirname(f"/{name}") == place]
            chosen.update(dict.fromkeys(_chosen(folder)))
    else:
        chosen = dict.fromkeys(named_as_inputs(map(Path, blobs), ARTICLE_SUFFIXES))
    # Ids are made from places in the folder that was asked for, as on disk.
    top = "/" if root is None else posixpath.dirname(root) if root[1:] in blobs else root
    found = []
    for path in chosen:
        sidecar = blobs.get(path.with_name(path.stem + SIDECAR_SUFFIX).as_posix())
        blob = blobs[path.as_posix()]
        found.append(
            Source(
                path=PurePosixPath(posixpath.relpath(f"/{path.as_posix()}", top)),
                origin=f"{revision}:{path.as_posix()}",
                read=lambda blob=blob: git("cat-file", "blob", blob),  # type: ignore[misc]
                sidecar=lambda blob=sidecar: (  # type: ignore[misc]
                    None if blob is None else git("cat-file", "blob", blob)
                ),
            )
        )
    return found


def _from_the_top(prefix: str, path: str) -> str:
    """A path as seen from here, which is `prefix` in the repository, from the top of that."""
    place = posixpath.normpath(
        posixpath.join(prefix, os.path.relpath(path or ".").replace(os.sep, "/"))
    )
    if place == ".." or place.startswith("../"):
        raise PipelineError(f"{path}: outside the repository")
    return posixpath.normpath(f"/{place}")


def _tree(revision: str) -> str:
    """The full name of the tree of a revision.

    Raises:
        PipelineError: no such revision and no such path.
    """
    try:
        tree = git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{tree}}")
    except PipelineError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            raise  # there is no git to ask
        # Asked quietly, git says nothing of what it does not find, and why it cannot look.
        reason = getattr(error.__cause__, "stderr", b"").decode("utf-8", "replace").strip()
        raise PipelineError(
            f"{revision!r}: no such file, folder or git revision here. Check the spelling, and "
            f"that this is inside the repository.{f' ({reason})' if reason else ''}"
        ) from error
    return tree.decode("ascii").strip()


def _blobs(tree: str) -> dict[str, str]:
    """The regular files of a tree by path, each with the name of its content, in order."""
    blobs = {}
    for entry in git("ls-tree", "-r", "-z", "--full-tree", tree).split(b"\0"):
        about, tab, name = entry.partition(b"\t")
        if tab and about.startswith(b"100"):  # neither a symbolic link nor a submodule
            blobs[name.decode("utf-8", "surrogateescape")] = about.split()[2].decode("ascii")
    return blobs


def git(*arguments: str) -> bytes:
    """What git prints.

    Raises:
        PipelineError: it is not there, or it failed.
    """
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, check=True)
    except FileNotFoundError as error:
        raise PipelineError(
            "git is not installed, and what was given is neither file nor folder"
        ) from error
    except ValueError as error:  # a NUL in an argument
        raise PipelineError(f"git {arguments[0]}: {error}") from error
    except subprocess.CalledProcessError as error:
        reason = error.stderr.decode("utf-8", "replace").strip()
        raise PipelineError(f"git {arguments[0]} failed: {reason or 'no reason given'}") from error
    return done.stdout
