"""Whether the words of a record are the same in both versions, and only the reading is another.

A model that reads a sentence among other sentences may read it otherwise. Of two texts under one
pipeline, what was not edited was not changed by the editor, whatever the records say.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from ..records import ArticleRecord, DateRecord, PredictionRecord, QuoteRecord
from .items import Compared, Item, View
from .words import words_of


class Readings:
    """The words of two versions.

    Args:
        old: the old version.
        new: the new version.
    """

    def __init__(self, old: View, new: View) -> None:
        self._old = old
        self._new = new

    def same_words(self, old: Item | None, new: Item | None) -> bool:
        """Whether what the records stand on stands as often in both versions.

        What is resolved from elsewhere belongs to it: a speaker or holder whose name only one
        version has, a date in an article with another day of publication.
        """
        items = [item for item in (old, new) if item is not None]
        if any(item.days for item in items) and self._published:
            return False
        return all(
            0 < self._words[0].count(words) == self._words[1].count(words)
            for item in items
            for words in _grounds(item)
        ) and all(
            words in side for item in items for words in _names(item.record) for side in self._words
        )

    @cached_property
    def _words(self) -> tuple[str, str]:
        return _stream(self._old), _stream(self._new)

    @cached_property
    def _published(self) -> bool:
        """Whether the versions were published on different days."""
        days = [
            {r.published for r in view.version.records if isinstance(r, ArticleRecord)}
            for view in (self._old, self._new)
        ]
        return days[0] != days[1]


def _stream(view: View) -> str:
    """All words of a version as one string; without its text, those of its claims."""
    if view.version.text is not None:
        return _joined(view.version.text)
    texts = [
        item.record.text for kind in view.items if kind != "entity" for item in view.items[kind]
    ]
    return "|".join(map(_joined, dict.fromkeys(texts)))


def _joined(text: str) -> str:
    return f" {' '.join(word.key for word in words_of(text))} "


def _grounds(item: Item) -> Iterable[str]:
    record = item.record
    if isinstance(record, DateRecord):
        before, after = item.around
        keys = [*before, *(word.key for word in words_of(record.text)), *after]
        yield f" {' '.join(keys)} "
    else:
        yield _joined(record.text)


def _names(record: Compared) -> Iterable[str]:
    match record:
        case QuoteRecord(speaker=speaker) if speaker is not None:
            yield _joined(speaker.name)
        case PredictionRecord(holder=holder) if holder.name is not None:
            yield _joined(holder.name)
