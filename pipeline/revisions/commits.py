"""Which commits touched a file."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from .sources import git


class Commit(NamedTuple):
    """A commit that touched a file.

    Attributes:
        name: what to call it: its day and the beginning of its hash.
        spec: the file in it, "REVISION:PATH".
    """

    name: str
    spec: str


# None of these stands in what git prints between them.
_COMMIT, _FIELD = "\x1e", "\x1f"


def commits(path: Path) -> list[Commit]:
    """The commits that made or changed a file, the oldest first, under its earlier names too.

    Raises:
        PipelineError: there is no git, or no repository that holds the file.

    Example:
        ``commits(Path("report.txt"))[0].name == "2026-11-03 1f0a2b3"``
    """
    shown = git(
        "log",
        "--follow",
        "--diff-filter=d",
        "--name-only",
        "-z",
        f"--format={_COMMIT}%H{_FIELD}%h{_FIELD}%cs{_FIELD}",
        "--",
        str(path),
    )
    found = []
    for entry in shown.decode("utf-8", "surrogateescape").split(_COMMIT)[1:]:
        full, short, day, rest = entry.split(_FIELD, 3)
        name = rest.strip("\0\n").split("\0")[-1]
        if name:  # a merge that took one side as it was touched nothing
            found.append(Commit(f"{day} {short}", f"{full}:{name}"))
    return found[::-1]
