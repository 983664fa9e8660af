"""Knowledge of language as data: one JSON object a line in `NAME.jsonl`, one row a cue or word."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import TypeVar

import msgspec

from ..errors import LexiconError

_Row = TypeVar("_Row", bound=msgspec.Struct)


@cache
def rows(name: str, kind: type[_Row]) -> tuple[_Row, ...]:
    """The rows of a lexicon, in file order.

    Args:
        name: the file's stem, "reporting" for `reporting.jsonl`.
        kind: the Struct of one row; give it ``forbid_unknown_fields=True``.

    Raises:
        LexiconError: the file is missing or a line is not such a row; names file and line.

    Example:
        >>> class Word(msgspec.Struct, forbid_unknown_fields=True):
        ...     word: str
        >>> rows("no-such-lexicon", Word)
        Traceback (most recent call last):
        ...
        pipeline.errors.LexiconError: lexicon no-such-lexicon.jsonl: no such file
    """
    resource = files(__package__).joinpath(f"{name}.jsonl")
    try:
        lines = resource.read_bytes().split(b"\n")
    except FileNotFoundError as error:
        raise LexiconError(f"lexicon {name}.jsonl: no such file") from error
    return tuple(_decode(name, lines, kind))


@cache
def line_of(name: str, row: msgspec.Struct) -> int | None:
    """The line of a row in `NAME.jsonl`, counted from 1; None where the file has no such row."""
    lines = files(__package__).joinpath(f"{name}.jsonl").read_bytes().split(b"\n")
    numbers = [number for number, line in enumerate(lines, start=1) if line.strip()]
    known = rows(name, type(row))
    return numbers[known.index(row)] if row in known else None


def _decode(name: str, lines: list[bytes], kind: type[_Row]) -> Iterator[_Row]:
    decoder = msgspec.json.Decoder(kind)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise LexiconError(f"lexicon {name}.jsonl, line {number}: {error}") from error
