r"""Articles of a wanted length out of long texts, cut where a reader would stop.

Example:
    >>> list(pieces(["One two. Three four five.\n\nSix seven. Eight."], 5))
    ['One two. Three four five.', 'Six seven. Eight.']
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import cycle
from pathlib import Path

from .peers import sentences
from .stages import sample

# A paragraph that ends so many words, or such a part, before the wanted length ends the piece.
_NEAR_WORDS = 50
_NEAR = 0.2
# What is left of a text is a piece of its own from this part of the wanted length.
_LEAST = 0.8


def read_texts(files: Iterable[Path]) -> list[str]:
    """The texts of JSONL files ("text" in each line), or of the sample corpus when none is given.

    Raises:
        ValueError: there is no text in them.
    """
    found = []
    for file in files:
        with file.open(encoding="utf-8") as lines:
            found += [json.loads(line)["text"] for line in lines]
    found = found or [path.read_text(encoding="utf-8") for path in sample()]
    found = [text for text in found if text.strip()]
    if not found:
        raise ValueError("no text to cut")
    return found


def pieces(texts: Iterable[str], words: int) -> Iterator[str]:
    """Pieces of about so many words, each cut at the end of a paragraph or sentence.

    The end of a text is the end of a piece, unless much is missing: then the next text goes on
    behind a blank line, and the last one's rest is dropped. So texts are joined where they are
    shorter than the pieces.
    """
    near = words - min(_NEAR_WORDS, words * _NEAR)
    held: list[str] = []
    count = 0
    for text in texts:
        start = 0
        for at, sentence in sentences(text):
            end = at + len(sentence)
            count += len(sentence.split())
            if count >= (near if text[end : end + 1] == "\n" else words):
                yield "\n\n".join([*held, text[start:end].strip()])
                held, count, start = [], 0, end
        if rest := text[start:].strip():
            held.append(rest)
        if count >= words * _LEAST:
            yield "\n\n".join(held)
            held, count = [], 0


def take(found: Iterable[str], words: int) -> Iterator[str]:
    """As many of them, in order, as it takes to have so many words."""
    for text in found:
        if words <= 0:
            return
        yield text
        words -= len(text.split())


def mixed(texts: list[str], articles: int, *, short: int, long: int, every: int) -> Iterator[str]:
    """So many articles, short ones and after each `every - 1` of them a long one.

    Evenly mixed, so that a tenth of a run is as heavy as any other. Texts are cut anew from the
    first when they do not suffice.
    """
    kinds = pieces(cycle(texts), short), pieces(cycle(texts), long)
    for number in range(articles):
        yield next(kinds[number % every == every - 1])


def write_rows(path: Path, texts: Iterable[str]) -> None:
    """Texts as JSONL, with ids that count them."""
    with path.open("w", encoding="utf-8") as file:
        for number, text in enumerate(texts):
            file.write(json.dumps({"id": f"piece-{number:06}", "text": text}) + "\n")
