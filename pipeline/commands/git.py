"""`claimline git-diff` and `claimline textconv`: git calls them to show claims, not lines."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..errors import PipelineError
from .messages import complain, refuse
from .output import write, write_lines

# What git calls an external diff driver with; two more where the file was renamed.
_PLAIN, _RENAMED = 7, 9


def git_diff(
    arguments: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH OLD-FILE OLD-HEX OLD-MODE NEW-FILE NEW-HEX NEW-MODE",
            help="As git gives them; for a renamed file also its new name and what git says of it.",
        ),
    ],
) -> None:
    """Show which claims of a file changed, as git's external diff driver.

    Set it up with: git config diff.claimline.command "claimline git-diff". Exit code 0, or 2 when
    the arguments are none of git's: for any other, git would stop in the midst of its output.

    Example: claimline git-diff report.txt /tmp/old.txt 1f0a 100644 report.txt 2b3c 100644
    """
    from ..report import visible

    if len(arguments) == 1:
        write_lines([visible(f"* Unmerged path {arguments[0]}")])
        return
    if len(arguments) not in (_PLAIN, _RENAMED):
        refuse("git-diff is called by git, with 7 or 9 arguments")
    name, old, _, _, new, _, _, *renamed = arguments
    path = Path(name)
    new_path = Path(renamed[0]) if renamed else path
    lines = [f"diff --claimline a/{path.as_posix()} b/{new_path.as_posix()}"]
    if renamed:
        lines += renamed[1].splitlines()
    try:
        lines += _difference(path, Path(old), new_path, Path(new))
    except PipelineError as error:
        lines.append(f"claims cannot be compared: {error}")
    write_lines([visible(line) for line in lines])


def _difference(path: Path, old: Path, new_path: Path, new: Path) -> list[str]:
    from ..report.claims import change_lines, claim_lines, count_line
    from ..revisions import compare_all
    from ..revisions.cache import Extractions, default_folder
    from ..revisions.driver import records_of, side, sidecar_of
    from ..revisions.versions import same_article

    extractions = Extractions(folder=default_folder())
    sidecar = sidecar_of(new_path, path)
    before = side(old, path, extractions, sidecar=sidecar)
    after = side(new, new_path, extractions, sidecar=sidecar)
    if not before or not after:
        sign, there = ("+", after) if after else ("-", before)
        return [f"{sign} {line}" for line in claim_lines(records_of(there))]
    changes = compare_all(*same_article(before, after))
    blocks = [line for change in changes for line in ["", *change_lines(change)]]
    return [count_line(changes), *blocks]


def textconv(
    file: Annotated[Path, typer.Argument(help="An article, or a JSONL file of records.")],
) -> None:
    """Show a file as claims, one a line, for `git diff` and `git log -p`.

    Set it up with: git config diff.claimline.textconv "claimline textconv". What is neither an
    article nor records comes out as it is.

    Example: claimline textconv outputs/report.jsonl
    """
    from ..report.claims import claim_lines
    from ..revisions.cache import Extractions, default_folder
    from ..revisions.driver import records_of, side

    try:
        found = side(file, file, Extractions(folder=default_folder()))
    except PipelineError as error:
        complain(f"{error}; shown as it is")
        try:
            data = file.read_bytes()
        except OSError as reason:
            complain(f"{file}: cannot be read: {reason.strerror}")
            raise typer.Exit(2) from reason
        write(data, None)
        return
    write_lines(list(claim_lines(records_of(found))))
