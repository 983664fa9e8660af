"""Gold files: what an annotator found in an article, anchored by exact text or exact offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, get_args

import msgspec

from ..errors import PipelineError
from ..reading import Article

Offsets = tuple[int, int]


class _Item(msgspec.Struct, frozen=True, kw_only=True):
    """What every gold item but an entity may have.

    `optional` items are neither demanded nor counted against; `occurrence` says which of several
    equal sentences is meant, from 1; `spans` holds exact offsets by field, in code points of the
    article file, null for a field that is not in the text.
    """

    sentence: str
    occurrence: int = 1
    optional: bool = False
    spans: dict[str, tuple[Offsets, ...] | None] = {}


class GoldEntity(msgspec.Struct, frozen=True, kw_only=True):
    """A named thing; `types` are further accepted types."""

    name: str
    type: str
    aliases: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    mentions: int | None = None
    optional: bool = False


class GoldDate(_Item, frozen=True, kw_only=True):
    """A date expression and its value."""

    text: str
    value: str
    type: str


class GoldEvent(_Item, frozen=True, kw_only=True):
    """A trigger and the value of its date."""

    trigger: str
    date: str
    date_text: str | None = None
    who: str | None = None
    whom: str | None = None
    where: str | None = None
    polarity: str = "positive"
    status: str = "occurred"


class GoldPrediction(_Item, frozen=True, kw_only=True):
    """A hedged or forecast proposition."""

    cue: tuple[str, ...]
    proposition: str | None
    orientation: str
    likelihood: str
    polarity: str
    holder: str = "author"
    subject: str | None = None
    horizon: str | None = None
    condition: str | None = None


class GoldQuote(_Item, frozen=True, kw_only=True):
    """An attribution."""

    type: str
    content: str | tuple[str, ...]
    speaker: str | None = None
    speaker_name: str | None = None
    cue: str | tuple[str, ...] | None = None
    venue: str | None = None
    date: str | None = None
    addressee: str | None = None
    id: int | None = None
    parent: int | None = None


GoldKind = Literal["entities", "dates", "events", "predictions", "quotes"]


class GoldArticle(msgspec.Struct, frozen=True, kw_only=True):
    """All gold of one article.

    Attributes:
        doc: the article's id.
        annotated: the kinds of gold that were sought in it; the others are not scored.
    """

    doc: str
    annotated: tuple[GoldKind, ...] = get_args(GoldKind)
    document: dict[str, str | None] = {}
    entities: tuple[GoldEntity, ...] = ()
    dates: tuple[GoldDate, ...] = ()
    events: tuple[GoldEvent, ...] = ()
    predictions: tuple[GoldPrediction, ...] = ()
    quotes: tuple[GoldQuote, ...] = ()


_decoder = msgspec.json.Decoder(GoldArticle)


def load_gold(path: Path) -> GoldArticle:
    """Read a gold file.

    Raises:
        PipelineError: the file cannot be read or is not in the gold form; names file and field.
    """
    try:
        return _decoder.decode(path.read_bytes())
    except OSError as error:
        raise PipelineError(f"{path}: cannot be read: {error.strerror}") from error
    except msgspec.DecodeError as error:
        raise PipelineError(f"{path}: not a gold file: {error}") from error


class Anchors:
    """Finds the place of gold text in an article, whatever its case, quotation marks and dashes.

    Args:
        article: the article that the gold belongs to.
    """

    def __init__(self, article: Article) -> None:
        self._map = article.map
        self._text = fold(article.text)

    def offsets(self, item: _Item, field: str, texts: tuple[str, ...]) -> list[Offsets]:
        """Offsets in the file of an item's field: its exact spans, else found in its sentence."""
        return [places[0] for places in self.places(item, field, texts) if places]

    def places(self, item: _Item, field: str, texts: tuple[str, ...]) -> list[list[Offsets]]:
        """For each text of a field all its places in the item's sentence, in order.

        An exact span is its only place. What is not in the text has none.
        """
        exact = item.spans.get(field)
        if exact:
            return [[span] for span in exact]
        low, high = self._sentence(item)
        found = []
        for text in texts:
            # Annotators' sentences sometimes end early; look around before giving up.
            for before, after in ((low, high), (max(0, low - 400), high + 400)):
                spans = list(self._find_all(text, before, after))
                if spans:
                    break
            pieces = [self._map.to_source(*span) for span in spans]
            found.append([(places[0][0], places[-1][1]) for places in pieces])
        return found

    def _sentence(self, item: _Item) -> Offsets:
        at = (0, len(self._text))
        start = 0
        for _ in range(item.occurrence):
            found = self._find(item.sentence, start, len(self._text))
            if found is None:
                break
            at, start = found, found[1]
        return at

    def _find(self, text: str, low: int, high: int) -> Offsets | None:
        return next(self._find_all(text, low, high), None)

    def _find_all(self, text: str, low: int, high: int) -> Iterator[Offsets]:
        words = [re.escape(word) for word in fold(text).split()]
        if not words:
            return
        # A quotation may go on through paragraphs, and begins and ends with whole words.
        pattern = re.compile(r"\s+".join(words))
        at = low
        while match := pattern.search(self._text, at, high):
            start, end = match.span()
            at = start + 1
            inside_word = (
                self._text[start].isalnum() and self._text[start - 1 : start].isalnum()
            ) or (self._text[end - 1].isalnum() and self._text[end : end + 1].isalnum())
            if not inside_word:
                yield start, end


_FOLD = str.maketrans(
    {
        **dict.fromkeys("‘’", "'"),
        **dict.fromkeys("“”", '"'),
        **dict.fromkeys("–—", "-"),
        "\u00a0": " ",
    }
)


def fold(text: str) -> str:
    """Fold case, quotation marks and dashes, one character for one, so that offsets hold."""
    return "".join(
        lower if len(lower := char.lower()) == 1 else char for char in text.translate(_FOLD)
    )
