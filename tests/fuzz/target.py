"""What a fuzz target is, and how bytes become the texts that targets are about."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

CUT, NEXT = b"\xff", b"\xfe"
"""Bytes that no UTF-8 has: they part the inputs of a target that needs several."""


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """Something that takes any bytes.

    Attributes:
        run: raises when what must hold of the input does not; the project's own errors are its
            business.
        seeds: inputs to begin with.
        lexicons: whose words are tried.
        words: further words to try.
        longest: bytes of an input, at most.
        seconds: of CPU time that an input may take.
        share: of the time that each target gets.
        mutate: makes another input of one, with a seed for its choices, where changing bytes
            seldom gives anything but errors of syntax.
    """

    run: Callable[[bytes], None]
    seeds: Callable[[], Iterable[bytes]]
    lexicons: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    longest: int = 4096
    seconds: float = 10.0
    share: float = 1.0
    mutate: Callable[[bytes, int], bytes] | None = None


def raw(data: bytes) -> str:
    """A text with a lone surrogate for every byte that is no UTF-8, as rows of JSON may bring."""
    return data.decode("utf-8", "surrogateescape")


def plain(data: bytes) -> str:
    """A text without lone surrogates and controls, as reading gives it to what comes after."""
    text = data.decode("utf-8", "replace")
    return "".join(char for char in text if char.isprintable() or char in "\n\t\u00a0")


def parts(data: bytes, at: bytes = CUT) -> tuple[bytes, bytes]:
    """What stands before and after the first separator."""
    before, _, after = data.partition(at)
    return before, after


def split(text: str, between: str | None = None) -> tuple[str, ...]:
    """The words of a table that is written as one text."""
    return tuple(text.split(between))
