"""Words to word-pieces: the encoder's input, one word at a time and remembered.

BERT's word-pieces never look across words, so a word's pieces depend on the word alone and the
frequent ones are looked up instead of computed. The algorithm is
that of the uncased BERT vocabulary (Devlin et al. 2019; greedy longest match first, Wu et al.
2016), written out here because it is forty lines and the run time needs nothing else from a
tokenizer library.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from ..errors import ModelError
from .heads import MAX_WORD_PIECES, case_class, piece_text

MAX_WORD_CHARS = 100
"""Only so much of a word is looked at; the original cuts words of 100 characters off as unknown."""

CACHE_SIZE = 1 << 16
"""Words remembered: about 15 MB when full."""


class Pieces:
    """Word-piece ids and case class of a word.

    Args:
        vocabulary: pieces in the order of their ids; ``##`` marks one inside a word.

    Raises:
        ModelError: a special piece is missing from the vocabulary.

    Example:
        >>> pieces = Pieces(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "un", "##likely"])
        >>> pieces("Unlikely")
        ((4, 5), 1)
    """

    def __init__(self, vocabulary: Iterable[str]) -> None:
        ids = {piece: index for index, piece in enumerate(vocabulary)}
        try:
            self.cls, self.sep, self.unknown = ids["[CLS]"], ids["[SEP]"], ids["[UNK]"]
        except KeyError as error:
            raise ModelError(f"the word-piece vocabulary has no {error.args[0]}") from error
        self._ids = ids
        self._longest = max(map(len, ids))
        self._look_up = lru_cache(maxsize=CACHE_SIZE)(self._compute)

    @classmethod
    def from_file(cls, path: Path) -> Pieces:
        """Read a ``vocab.txt``: one piece a line, the line number is the id.

        Raises:
            ModelError: the file is missing or no such vocabulary.
        """
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ModelError(f"{path}: cannot read the word-piece vocabulary: {error}") from error
        return cls(text.removesuffix("\n").split("\n"))

    def __call__(self, word: str) -> tuple[tuple[int, ...], int]:
        """The ids of the word's pieces (1 to `MAX_WORD_PIECES`) and its case class."""
        return self._look_up(word if len(word) <= MAX_WORD_CHARS else word[:MAX_WORD_CHARS])

    def _compute(self, word: str) -> tuple[tuple[int, ...], int]:
        ids: list[int] = []
        for part in _parts(piece_text(word)):
            ids += self._match(part)
        return tuple(ids[:MAX_WORD_PIECES]) or (self.unknown,), case_class(word)

    def _match(self, part: str) -> list[int]:
        """Greedy longest match; a stretch that no piece covers makes the whole part unknown."""
        ids: list[int] = []
        start = 0
        while start < len(part):
            prefix = "##" if start else ""
            for end in range(min(len(part), start + self._longest), start, -1):
                found = self._ids.get(prefix + part[start:end])
                if found is not None:
                    ids.append(found)
                    start = end
                    break
            else:
                return [self.unknown]
        return ids


def _parts(word: str) -> list[str]:
    """Lower case without accents, split at every punctuation mark, symbol and ideograph."""
    parts: list[str] = []
    letters = ""
    for char in unicodedata.normalize("NFD", word).lower():
        category = unicodedata.category(char)
        if category == "Mn" or (category[0] == "C" and not char.isspace()) or char == "\ufffd":
            continue
        if char.isspace() or _stands_alone(char, category):
            if letters:
                parts.append(letters)
            letters = ""
            if not char.isspace():
                parts.append(char)
        else:
            letters += char
    if letters:
        parts.append(letters)
    return parts


def _stands_alone(char: str, category: str) -> bool:
    if char < "\x7f":
        return not char.isalnum()
    if category[0] == "P":
        return True
    point = ord(char)
    return (
        0x4E00 <= point <= 0x9FFF
        or 0x3400 <= point <= 0x4DBF
        or 0xF900 <= point <= 0xFAFF
        or 0x20000 <= point <= 0x2CEAF
        or 0x2F800 <= point <= 0x2FA1F
    )
