"""`claimline history`: claims followed through many versions of an article."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import ConfigError, PipelineError
from .messages import exit_on_errors
from .options import NoCacheOption
from .output import is_standard, plain, write

if TYPE_CHECKING:
    from ..revisions.changes import Kind
    from ..revisions.versions import Version


class HistoryFormat(StrEnum):
    """How `claimline history` shows claims."""

    table = "table"
    jsonl = "jsonl"
    svg = "svg"


# Entities and dates are many, and change with every claim they are in.
_DEFAULT_KINDS: tuple[Kind, ...] = ("event", "prediction", "quote")


def history(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Versions of one article, as articles or JSONL, the oldest first."),
    ] = None,
    git: Annotated[
        Path | None,
        typer.Option("--git", metavar="PATH", help="In place of files: all that git knows of one."),
    ] = None,
    format: Annotated[
        HistoryFormat, typer.Option("--format", "-f", help="Table, JSON Lines or picture.")
    ] = HistoryFormat.table,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file in place of standard output.")
    ] = None,
    words: Annotated[
        str | None,
        typer.Option("--grep", metavar="WORDS", help="Only claims that held these words once."),
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            "--kind", "-k", help="Only this kind; repeatable. [default: event, prediction, quote]"
        ),
    ] = None,
    changed: Annotated[
        bool, typer.Option("--changed", help="Only claims to which something happened.")
    ] = False,
    no_cache: NoCacheOption = False,
) -> None:
    """Follow claims through the versions of an article: first seen, each change, last seen.

    A claim that is gone and comes back is one claim. With --git, a version is a commit that touched
    the file, under whatever name, and the file as it is now.

    Example: claimline history monday.txt tuesday.txt friday.txt --grep "interest rate"
    """
    from .. import jsonl
    from ..report import draw_history, history_table
    from ..revisions.changes import KINDS
    from ..revisions.history import chosen, follow

    with exit_on_errors(2):
        if (git is None) == (not files):
            raise ConfigError("history: name the versions of an article, or one file with --git")
        for name in kind or []:
            if name not in KINDS:
                raise ConfigError(f"there is no kind {name!r}; the kinds are {', '.join(KINDS)}")
        versions, names = _versions(files or [], git, no_cache=no_cache)
        kinds = [name for name in KINDS if name in (kind or _DEFAULT_KINDS)]
        stories = chosen(follow(versions, names), kinds=kinds, words=words)
        if changed:
            stories = [story for story in stories if story.is_changed]
        if format is HistoryFormat.jsonl:
            data = jsonl.encode(stories)
        elif format is HistoryFormat.svg:
            title = f"History of {versions[-1].article}"
            data = draw_history(stories, names, title=title).encode()
        else:
            data = plain(history_table(stories), to_terminal=is_standard(output))
        if not stories:
            typer.echo(f"no claim is like that in {len(versions)} versions", err=True)
        write(data, output)


def _versions(
    files: list[Path], git: Path | None, *, no_cache: bool
) -> tuple[list[Version], list[str]]:
    """The versions of an article, the oldest first, and what to call them."""
    from ..revisions.cache import Extractions, default_folder
    from ..revisions.commits import commits
    from ..revisions.versions import load_versions

    extractions = Extractions(folder=None if no_cache else default_folder())
    if git is None:
        short = len({file.name for file in files}) == len(files)
        specs: list[tuple[str, str | Path]] = [
            (file.name if short else str(file), file) for file in files
        ]
    else:
        specs = [(commit.name, commit.spec) for commit in commits(git)]
    versions: list[Version] = []
    names: list[str] = []
    for name, spec in specs:
        found = load_versions(spec, extractions=extractions)
        if len(found) != 1:
            raise PipelineError(f"{spec}: {len(found)} articles, and a history is of one")
        versions += found.values()
        names.append(name)
    if git is not None and git.is_file():
        (now,) = load_versions(git, extractions=extractions).values()
        if not versions or now.sha256 != versions[-1].sha256:
            versions.append(now)
            names.append("working tree")
    if not versions:
        raise PipelineError(f"{git}: git knows no version of it; is it committed?")
    return versions, names
