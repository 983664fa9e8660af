"""Changes in a terminal, a block each; articles are untrusted, and none of their characters act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from .changes_entries import SYMBOLS, Entry, Told, summary, tell
from .changes_words import Piece, shortened
from .terminal import visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from ..revisions import Change, Version

# Apart for people with the common colour blindnesses too, and never the only sign.
_SEVERITY_STYLES = {"critical": "bold red", "major": "bold yellow", "minor": "cyan", "info": "dim"}
_SIGN_STYLES = {"-": "yellow", "+": "blue", "=": ""}
_CHANGED_STYLES = {"-": "bold yellow strike", "+": "bold blue underline", "=": ""}
# What wdiff writes, for where there is no colour.
_BRACKETS = {"-": ("[-", "-]"), "+": ("{+", "+}"), "=": ("", "")}
_INDENT = 4


def print_changes(
    changes: Sequence[Change],
    *,
    old: Mapping[str, Version],
    new: Mapping[str, Version],
    console: Console,
) -> None:
    """Print the changes by article, and their number by severity as the last line.

    Words that differ stand out by colour and stroke; without colour, in `[-…-]` and `{+…+}`.
    Long texts are shortened to what is around the difference. Lines that go to no terminal are
    as long as they are.

    Args:
        changes: as `pipeline.revisions.compare_all` gives them.
        old: the versions before, by article.
        new: those after.
        console: where.
    """
    for told in tell(changes, old, new):
        _print(console, [_heading(told)], 0)
        for entry in told.entries:
            _print(console, [_first_line(entry)], 0)
            _print(console, _texts(entry, colour=_has_colour(console)), _INDENT)
            _print(console, _fields(entry, colour=_has_colour(console)), _INDENT)
        console.print()
    _print(console, [_text(summary(changes), style="bold")], 0)


def _has_colour(console: Console) -> bool:
    return console.is_terminal and console.color_system is not None and not console.no_color


def _print(console: Console, texts: Iterable[Text], indent: int) -> None:
    """Each text on lines of its own; in a terminal wrapped, further lines set in by two."""
    from rich.padding import Padding

    for text in texts:
        if not console.is_terminal:
            console.print(_text(" " * indent), text, sep="", soft_wrap=True)
            continue
        width = max(20, console.width - indent - 2)
        for number, line in enumerate(text.wrap(console, width)):
            line.rstrip()
            left = indent if number == 0 else indent + 2
            console.print(Padding(line, (0, 0, 0, left), expand=False))


def _text(text: str, style: str = "") -> Text:
    from rich.text import Text

    return Text(text, style=style)


def _heading(told: Told) -> Text:
    heading = _text(visible(told.article), style="bold")
    origins = f"{told.old_origin or 'nothing'} → {told.new_origin or 'nothing'}"
    heading.append(f"  {visible(origins)}", style="not bold dim")
    return heading


def _first_line(entry: Entry) -> Text:
    change = entry.change
    line = _text("")
    line.append(f"{SYMBOLS[change.severity]} {change.severity}", _SEVERITY_STYLES[change.severity])
    line.append(f"  {entry.names}", style="bold")
    line.append(f"  {change.kind}")
    at = entry.old_at, entry.new_at
    if at[0] == at[1] or None in at:
        line.append(f"  {at[1] or at[0]}", style="dim")
    else:
        line.append(f"  {at[0]} → {at[1]}", style="dim")
    if change.cause != "editorial":
        line.append(f"  cause: {change.cause}", style="dim")
    return line


def _texts(entry: Entry, *, colour: bool) -> Iterable[Text]:
    for sign, pieces in entry.lines:
        line = _text("")
        line.append(f"{sign} ", style=_SIGN_STYLES[sign])
        _append(line, pieces, sign, colour=colour)
        yield line


def _fields(entry: Entry, *, colour: bool) -> Iterable[Text]:
    for field in entry.fields:
        line = _text("")
        line.append(f"{visible(field.name)}: ", style="dim")
        _append(line, field.before or [Piece("none", changed=False)], "-", colour=colour)
        line.append(" → ")
        _append(line, field.after or [Piece("none", changed=False)], "+", colour=colour)
        yield line


def _append(line: Text, pieces: Sequence[Piece], sign: str, *, colour: bool) -> None:
    opening, closing = ("", "") if colour else _BRACKETS[sign]
    for piece in shortened(pieces):
        if piece.changed:
            line.append(f"{opening}{visible(piece.text)}{closing}", style=_CHANGED_STYLES[sign])
        else:
            line.append(visible(piece.text))
