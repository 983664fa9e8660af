"""Where versions lie: files, folders and git revisions, as names with bytes."""

from __future__ import annotations

import posixpath
import subprocess
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path, PurePosixPath

import msgspec

from ..errors import PipelineError
from ..reading.files import read_bytes
from ..reading.metadata import SIDECAR_SUFFIX

ARTICLE_SUFFIXES = (".txt", ".md", ".markdown", ".html", ".htm")
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


def sources(spec: str | Path, paths: Sequence[str]) -> list[Source]:
    """The files of one side, in the order of their paths.

    A folder gives its articles or, where it has none, its files of records; folders inside it are
    not opened, nor files read that are no articles by their names (README, sidecar files). Of a git
    revision the paths are read, each as a file or such a folder; without any, all articles that it
    has, in any folder.

    Raises:
        PipelineError: see `versions.load_versions`.
    """
    name = str(spec)
    path = Path(name)
    if path.is_dir():
        return _of_files(path, [path])
    if path.exists():
        return _of_files(path.parent, [path])
    if isinstance(spec, Path):
        raise PipelineError(f"{name}: no such file or folder")
    revision, colon, inner = name.partition(":")
    # As git has it, "REVISION:PATH" counts from the top of the repository.
    return _of_git(revision, [f"/{inner}"] if colon else list(paths))


def _of_files(root: Path, paths: Iterable[Path]) -> list[Source]:
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            try:
                names = [entry for entry in sorted(path.iterdir()) if not entry.is_dir()]
            except OSError as error:
                raise PipelineError(f"{path}: cannot be read: {error.strerror}") from error
            found.update(dict.fromkeys(_chosen(names)))
        else:
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
    plain = [
        path
        for path in paths
        if not path.name.startswith(".") and not path.stem.lower().startswith("readme")
    ]
    articles = [path for path in plain if path.suffix.lower() in ARTICLE_SUFFIXES]
    return articles or [path for path in plain if path.suffix.lower() == RECORD_SUFFIX]


def _of_git(revision: str, paths: Sequence[str]) -> list[Source]:
    commit = _commit(revision)
    prefix = _git("rev-parse", "--show-prefix").decode("utf-8", "surrogateescape").strip("\n")
    blobs = _blobs(commit)
    if paths:
        # As with folders on disk: a file, or the files of a folder and none below it.
        asked = [posixpath.normpath(posixpath.join("/", prefix, path)) for path in paths]
        chosen: dict[Path, None] = {}
        for place in asked:
            if place[1:] in blobs:
                chosen[Path(place[1:])] = None
            folder = [Path(name) for name in blobs if posixpath.dirname(f"/{name}") == place]
            chosen.update(dict.fromkeys(_chosen(folder)))
    else:
        chosen = dict.fromkeys(
            path for path in _chosen([Path(n) for n in blobs]) if path.suffix != RECORD_SUFFIX
        )
    found = []
    for path in chosen:
        sidecar = blobs.get(path.with_name(path.stem + SIDECAR_SUFFIX).as_posix())
        blob = blobs[path.as_posix()]
        found.append(
            Source(
                path=PurePosixPath(path.name),
                origin=f"{revision}:{path.as_posix()}",
                read=lambda blob=blob: _git("cat-file", "blob", blob),  # type: ignore[misc]
                sidecar=lambda blob=sidecar: (  # type: ignore[misc]
                    None if blob is None else _git("cat-file", "blob", blob)
                ),
            )
        )
    return found


def _commit(revision: str) -> str:
    """The full name of the tree of a revision.

    Raises:
        PipelineError: no such revision and no such path.
    """
    try:
        tree = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{tree}}")
    except PipelineError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            raise  # there is no git to ask
        raise PipelineError(
            f"{revision}: no such file, folder or git revision here. Check the spelling, and that "
            "this is inside the repository."
        ) from error
    return tree.decode("ascii").strip()


def _blobs(tree: str) -> dict[str, str]:
    """The regular files of a tree by path, each with the name of its content, in order."""
    blobs = {}
    for entry in _git("ls-tree", "-r", "-z", "--full-tree", tree).split(b"\0"):
        about, tab, name = entry.partition(b"\t")
        if tab and about.startswith(b"100"):  # neither a symbolic link nor a submodule
            blobs[name.decode("utf-8", "surrogateescape")] = about.split()[2].decode("ascii")
    return blobs


def _git(*arguments: str) -> bytes:
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
