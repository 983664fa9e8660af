"""`claimline baseline`: what was approved of articles, and what has changed since."""

from __future__ import annotations

import getpass
import os
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import ConfigError, PipelineError
from .messages import exit_on_errors
from .options import FailOnOption, NoCacheOption
from .output import write, write_lines

if TYPE_CHECKING:
    from ..revisions.baseline import Acceptance, Baseline, Checked
    from ..revisions.changes import Kind
    from ..revisions.versions import Version

app = typer.Typer(
    name="baseline",
    help="Approve the claims of articles, and see what has changed since.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Articles = Annotated[
    list[Path], typer.Argument(help="Folders of articles or JSONL files, or single files.")
]
Folder = Annotated[
    Path | None,
    typer.Option(
        "--baseline", help="Folder of the approved claims. [default: approved/ beside the articles]"
    ),
]


class CheckFormat(StrEnum):
    """How changes are shown."""

    text = "text"
    jsonl = "jsonl"


@app.command()
def check(
    articles: Articles,
    folder: Folder = None,
    fail: FailOnOption = None,
    format: Annotated[
        CheckFormat, typer.Option("--format", "-f", help="Text, or one change a JSON line.")
    ] = CheckFormat.text,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file in place of standard output.")
    ] = None,
    no_cache: NoCacheOption = False,
) -> None:
    """Compare articles with what was approved of them.

    An article without a baseline is reported; a baseline without its article fails. Exit code 0:
    nothing that fails; 1: a change as severe as --fail-on or of its types, or a stale baseline; 2:
    an error.

    Example: claimline baseline check corpus --fail-on minor
    """
    from .. import jsonl
    from ..revisions.select import fail_on

    with exit_on_errors(2):
        failing = fail_on(fail or [])
        checked = [
            one
            for baseline, present, complete in _sides(articles, folder, no_cache=no_cache)
            for one in baseline.check(present, complete=complete)
        ]
        changes = [change for one in checked for change in one.changes]
        if format is CheckFormat.jsonl:
            write(jsonl.encode(changes), output)
        else:
            write_lines([line for one in checked for line in _told(one)], output)
    _summarise(checked)
    stale = any(one.state == "stale" for one in checked)
    raise typer.Exit(1 if stale or any(map(failing.fails, changes)) else 0)


@app.command()
def accept(
    articles: Articles,
    folder: Folder = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="TYPE", help="Only changes of this type; repeatable."),
    ] = None,
    id: Annotated[
        list[str] | None,
        typer.Option("--id", help="Only what became of the record with this id; repeatable."),
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option("--kind", "-k", help="Only this kind; repeatable.")
    ] = None,
    new_only: Annotated[
        bool, typer.Option("--new-only", help="Only articles that have no baseline yet.")
    ] = False,
    reason: Annotated[str, typer.Option("--reason", help="Why, for the log.")] = "",
    by: Annotated[
        str | None,
        typer.Option("--by", help="Who. [default: git's user.name, or the name of the user]"),
    ] = None,
    no_cache: NoCacheOption = False,
) -> None:
    """Approve articles as they are, or only the chosen ones of their changes.

    The log beside the baselines, accepted.jsonl, says who approved what, when and why.

    Example: claimline baseline accept corpus --only hedge_weakened --reason "as the desk asked"
    """
    from ..revisions.baseline import Selection
    from ..revisions.select import change_types

    with exit_on_errors(2):
        selection = Selection(
            types=frozenset().union(*map(change_types, only or [])),
            ids=frozenset(id or []),
            kinds=frozenset(_kinds(kind or [])),
            new_only=new_only,
        )
        if new_only and selection.is_partial:
            raise ConfigError("--new-only takes whole articles, so no --only, --id or --kind")
        accepted = [
            acceptance
            for baseline, present, complete in _sides(articles, folder, no_cache=no_cache)
            for acceptance in baseline.accept(
                baseline.check(present, complete=complete),
                selection,
                by=by or _who(),
                now=_now(),
                reason=reason,
            )
        ]
    write_lines([_accepted(acceptance) for acceptance in accepted])
    if not accepted:
        typer.echo("nothing to accept", err=True)
    # Who asked for certain changes and got none has misspelt something.
    raise typer.Exit(1 if selection.is_partial and not accepted else 0)


def _sides(
    articles: Iterable[Path], folder: Path | None, *, no_cache: bool
) -> list[tuple[Baseline, dict[str, Version], bool]]:
    """Each baseline with the articles that it is of, and whether these are all there are."""
    from ..revisions.baseline import DEFAULT_FOLDER, Baseline
    from ..revisions.cache import Extractions, default_folder
    from ..revisions.versions import load_versions

    extractions = Extractions(folder=None if no_cache else default_folder())
    present: defaultdict[Path, dict[str, Version]] = defaultdict(dict)
    complete: set[Path] = set()
    for path in articles:
        place = folder or (path if path.is_dir() else path.parent) / DEFAULT_FOLDER
        if path.is_dir():
            complete.add(place)
        for id, version in load_versions(path, extractions=extractions).items():
            other = present[place].setdefault(id, version)
            if other.origin != version.origin:
                raise PipelineError(
                    f"{other.origin} and {version.origin} are both of the article {id!r}; give "
                    "each its own --baseline"
                )
    return [
        (Baseline(place), present[place], place in complete)
        for place in dict.fromkeys([*present, *complete])
    ]


def _kinds(words: Iterable[str]) -> Iterator[Kind]:
    from ..revisions.changes import KINDS

    for word in words:
        if word not in KINDS:
            raise ConfigError(f"there is no kind {word!r} here; the kinds are {', '.join(KINDS)}")
        yield from (kind for kind in KINDS if kind == word)


def _who() -> str:
    """Who works here, as git knows them, or the system."""
    try:
        asked = subprocess.run(
            ["git", "config", "user.name"], capture_output=True, text=True, check=False
        )
        name = asked.stdout.strip()
    except (OSError, UnicodeDecodeError):
        name = ""
    if name:
        return name
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def _now() -> datetime:
    """The present time, or what SOURCE_DATE_EPOCH says it is, as in reproducible builds."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return datetime.now(UTC)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise ConfigError(f"SOURCE_DATE_EPOCH {epoch!r}: no seconds since 1970") from error


def _told(checked: Checked) -> list[str]:
    """An article as text: nothing when it is as it was approved."""
    from ..report import visible
    from ..report.claims import change_lines, count_line

    name = visible(checked.article)
    if checked.state == "same":
        return []
    if checked.state == "new":
        return [f"{name}: new, without a baseline", ""]
    if checked.state == "stale":
        assert checked.approved is not None  # that is what stale means
        return [f"{name}: stale, {visible(str(checked.approved.path))} has no article", ""]
    blocks = [line for change in checked.changes for line in [*change_lines(change), ""]]
    return [f"{name}: {count_line(checked.changes)}", "", *blocks]


def _summarise(checked: Iterable[Checked]) -> None:
    states = [one.state for one in checked]
    counts = [f"{states.count(state)} {state}" for state in dict.fromkeys(sorted(states))]
    typer.echo(f"{len(states)} articles: {', '.join(counts) or 'none'}", err=True)


def _accepted(acceptance: Acceptance) -> str:
    from ..report import visible

    if acceptance.state == "changed":
        counts = ", ".join(f"{count} {name}" for name, count in acceptance.types.items())
        told = f"accepted {counts}"
    else:
        told = "approved" if acceptance.state == "new" else "removed, there is no such article"
    return visible(f"{acceptance.article}: {told}")
