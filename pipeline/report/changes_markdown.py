"""Changes as Markdown, for a comment on a review.

Everything that comes from an article stands in fenced code or code spans, where Markdown, HTML,
links and mentions are only characters, on every forge alike. The fences are of the language
`diff`, which most of them colour.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from .changes_entries import SYMBOLS, Entry, Told, counted, summary, tell
from .changes_words import Piece, shortened
from .terminal import visible

if TYPE_CHECKING:
    from ..revisions import Change, Version

# GitHub takes comments of 65,536 characters, others take more.
LONGEST = 60_000
# Kept for the note of what is left out, of which article ids are cut to this length.
_LEFT_OUT_NOTE, _LONGEST_NAME = 200, 120
# Code does not wrap in a browser.
_LINE = 96
_LONGEST_TEXT = 2_000
_FOLDED = ("minor", "info")


def changes_markdown(
    changes: Sequence[Change],
    *,
    old: Mapping[str, Version],
    new: Mapping[str, Version],
    longest: int = LONGEST,
) -> str:
    """The changes by article; minor ones are folded away.

    Where all would be too long, the gravest are kept, and what is left out is counted.

    Args:
        changes: as `pipeline.revisions.compare_all` gives them.
        old: the versions before, by article.
        new: those after.
        longest: characters that the result has at most; 1,000 or more.

    Returns:
        GitHub-flavoured Markdown that ends in a line feed.
    """
    told = tell(changes, old, new)
    head = f"### What changed in the claims\n\n{_sentence(summary(changes))}\n"
    blocks = {e.number: _block(e) for article in told for e in article.entries}
    kept = _kept(told, blocks, longest - len(head) - _LEFT_OUT_NOTE)
    body = "".join(_article(article, blocks, kept) for article in told)
    left_out = [e.change for article in told for e in article.entries if e.number not in kept]
    note = f"\nLeft out for length: {summary(left_out)}.\n" if left_out else ""
    return head + body + note


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _kept(told: Sequence[Told], blocks: Mapping[int, str], room: int) -> set[int]:
    """The numbers of the changes for which there is room, the gravest first."""
    severities = list(SYMBOLS)
    entries = [(severities.index(e.change.severity), e.number, a) for a in told for e in a.entries]
    kept: set[int] = set()
    opened: set[str] = set()
    for _, number, article in sorted(entries, key=lambda entry: entry[:2]):
        needed = len(blocks[number])
        if article.article not in opened:
            needed += len(_around(article, folded=True))
        if needed > room:
            break
        room -= needed
        kept.add(number)
        opened.add(article.article)
    return kept


def _article(article: Told, blocks: Mapping[int, str], kept: set[int]) -> str:
    entries = [entry for entry in article.entries if entry.number in kept]
    if not entries:
        return ""
    grave = [blocks[e.number] for e in entries if e.change.severity not in _FOLDED]
    slight = [entry for entry in entries if entry.change.severity in _FOLDED]
    parts = [_around(article, folded=False), *grave]
    if slight:
        parts += [
            _fold_opening([entry.change for entry in slight]),
            *(blocks[entry.number] for entry in slight),
            "\n</details>\n",
        ]
    return "".join(parts)


def _around(article: Told, *, folded: bool) -> str:
    """The heading, and what opens and closes the fold, which counts for the length."""
    heading = f"\n#### {_code(article.article)}\n"
    if not folded:
        return heading
    changes = [entry.change for entry in article.entries]
    return f"{heading}{_fold_opening(changes)}\n</details>\n"


def _fold_opening(changes: Sequence[Change]) -> str:
    counts = ", ".join(f"{count} {severity}" for severity, count in counted(changes).items())
    return f"\n<details>\n<summary>{counts}</summary>\n"


def _block(entry: Entry) -> str:
    change = entry.change
    at = " → ".join(dict.fromkeys(a for a in (entry.old_at, entry.new_at) if a))
    cause = "" if change.cause == "editorial" else f", cause: {change.cause}"
    told = f"{entry.names} ({change.kind}, {at}{cause})"
    first = f"\n{SYMBOLS[change.severity]} **{change.severity}**: {told}\n"
    lines = [
        *(line for sign, pieces in entry.lines for line in _lines(sign, _bracketed(pieces, sign))),
        *(
            line
            for field in entry.fields
            for line in _lines(
                " ",
                f"{visible(field.name)}: {_bracketed(field.before, '-') or 'none'}"
                f" → {_bracketed(field.after, '+') or 'none'}",
            )
        ),
    ]
    fence = "`" * max(3, 1 + _longest_run_of_ticks(lines))
    return "\n".join([first, f"{fence}diff", *lines, fence, ""])


def _bracketed(pieces: Sequence[Piece], sign: str) -> str:
    opening, closing = {"-": ("[-", "-]"), "+": ("{+", "+}")}.get(sign, ("", ""))
    return "".join(
        f"{opening}{visible(piece.text)}{closing}" if piece.changed else visible(piece.text)
        for piece in shortened(pieces)
    )


def _lines(sign: str, text: str) -> list[str]:
    """A text as lines of a diff, each with its sign, so that none begins with the text's own."""
    if len(text) > _LONGEST_TEXT:
        text = f"{text[:_LONGEST_TEXT]} …"
    mark = " " if sign == "=" else sign
    return [f"{mark} {line}".rstrip() for line in textwrap.wrap(text, _LINE) or [""]]


def _longest_run_of_ticks(texts: Iterable[str]) -> int:
    return max((len(run) for text in texts for run in re.findall("`+", text)), default=0)


def _code(text: str) -> str:
    """A code span of one line."""
    shown = visible(text) if len(text) <= _LONGEST_NAME else f"{visible(text[:_LONGEST_NAME])}…"
    ticks = "`" * (1 + _longest_run_of_ticks([shown]))
    return f"{ticks} {shown} {ticks}"
