"""Records in a terminal, with colours, the lines where they stand, and page by page."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from itertools import groupby
from typing import TYPE_CHECKING

from ..reading import Article
from ..records import ArticleRecord, Record
from .excerpt import Layout
from .terminal import told, visible

if TYPE_CHECKING:
    from rich.text import Text

# Colours that people with the common colour blindnesses tell apart on dark and light grounds.
STYLES = {
    "article": "bold",
    "entity": "cyan",
    "date": "magenta",
    "event": "blue",
    "prediction": "yellow",
    "quote": "green",
    "problem": "red",
}

INDENT = 25
# Of lines that go to no terminal, in characters.
PAGE_WIDTH = 150
# Narrower lines would be harder to read than ones that the terminal breaks.
_NARROWEST = 30


def show(
    records: Sequence[Record],
    *,
    titles: Mapping[str, str],
    texts: Mapping[str, Article],
    context: int = 1,
    pager: bool = True,
) -> None:
    """Print records on standard output, one block a record; of several articles, with their titles.

    Where no terminal is, every field stands in one line, so that other tools find it whole.

    Args:
        records: in the order of the file.
        titles: of articles, by id; the others go by their id.
        texts: by id, articles of which the lines are shown where a record stands.
        context: how many lines before and after those.
        pager: whether to show more than a screen page by page, with `$PAGER` or `less`, if a
            person reads it.
    """
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    width = max(_NARROWEST, (console.width if console.is_terminal else PAGE_WIDTH) - INDENT)
    layouts = {id: Layout(article, width) for id, article in texts.items()}
    several = len({*titles, *(record.article for record in records)}) > 1
    paged = pager and console.is_terminal and sys.stdin.isatty()
    if paged:
        # What git asks of less: colours, nothing to press where one screen has it all.
        os.environ.setdefault("LESS", "FRX")
    with console.pager(styles=True) if paged else nullcontext():
        for record, first in _with_first(records):
            if first and several and not isinstance(record, ArticleRecord):
                title = visible(titles.get(record.article, record.article))
                console.print(Text(title, STYLES["article"]), soft_wrap=True)
            for line in _told(record, width if console.is_terminal else None):
                console.print(line, soft_wrap=True)
            if record.article in layouts:
                for line in _excerpt(record, layouts[record.article], context):
                    console.print(line, soft_wrap=True)


def _with_first(records: Iterable[Record]) -> Iterator[tuple[Record, bool]]:
    """The records, and whether each is the first of its article in a row."""
    for _, part in groupby(records, lambda record: record.article):
        for number, record in enumerate(part):
            yield record, number == 0


def _told(record: Record, width: int | None) -> Iterator[Text]:
    """Kind, place and gist of a record, then its fields below one another."""
    from rich.console import Console
    from rich.text import Text

    kind = _kind(record)
    place = f"{record.start}-{record.end}" if record.start is not None else "-"
    margin = Text.assemble((f"{kind:<10}", STYLES[kind]), (f" {place:<13} ", "dim"))
    for label, value in told(record):
        line = Text.assemble((f"{label}: ", "dim") if label else "", visible(value))
        for part in line.wrap(Console(), width) if width else [line]:
            part.rstrip()
            yield margin + part
            margin = Text(" " * INDENT)


def _excerpt(record: Record, layout: Layout, context: int) -> Iterator[Text]:
    """The lines where a record stands; nothing but colour tells its words from the others."""
    from rich.text import Text

    style = STYLES[_kind(record)]
    styles = ("dim", style, f"{style} bold underline")
    for runs in layout.around(record, context):
        margin = ("│ ".rjust(INDENT), "dim")
        yield Text.assemble(margin, *((run.text, styles[run.weight]) for run in runs))


def _kind(record: Record) -> str:
    return str(type(record).__struct_config__.tag)
