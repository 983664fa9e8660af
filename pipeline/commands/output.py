"""Where the output of commands goes, and how a table becomes text."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

# What standard input and standard output are called.
STANDARD = Path("-")
# Of a table that goes to no terminal, in characters.
PAGE_WIDTH = 150


def is_standard(output: Path | None) -> bool:
    """Whether output goes to standard output: for none and for -."""
    return output is None or output == STANDARD


def write(data: bytes, output: Path | None) -> None:
    """Write to a file, or to standard output for none and for -.

    Raises:
        ArticleError: the folder cannot be written.
    """
    from .. import jsonl

    if output is None or is_standard(output):
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        jsonl.save(output, data)


def write_lines(lines: list[str], output: Path | None = None) -> None:
    """Write lines of text, lone surrogates as escapes."""
    write("".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace"), output)


def plain(table: Table, *, to_terminal: bool) -> bytes:
    """A table as text, as wide as the terminal that it goes to, if it goes to one."""
    from rich.console import Console

    terminal = Console()
    console = Console(
        file=io.StringIO(),
        width=terminal.width if to_terminal and terminal.is_terminal else PAGE_WIDTH,
    )
    with console.capture() as captured:
        console.print(table)
    # Cells are filled up with blanks to the column's width, the last one of a row, too.
    lines = (line.rstrip() for line in captured.get().splitlines())
    return "".join(f"{line}\n" for line in lines).encode()
