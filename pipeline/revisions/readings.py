"""Whether the words of a record are the same in both versions, and only the reading is another.

A model that reads a sentence among other sentences may read it otherwise. Of two texts under one
pipeline, what was not edited was not changed by the editor, whatever the records say.
"""

from __future__ import annotations

import bisect
import html
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cached_property

from rapidfuzz.distance import Indel

from ..records import (
    ArticleRecord,
    DateRecord,
    EntityRecord,
    EventRecord,
    PredictionRecord,
    QuoteRecord,
    Span,
)
from .assertions import Sentence, sentences_of
from .changes import FieldChange
from .items import Compared, Item, View
from .words import differences, is_slip, words_of

# Tags and the targets of links, which no reader sees.
_MARKUP = re.compile(r"<[^<>]{0,1000}>|\]\([^()\s]{0,1000}\)")
# Quotation marks of all kinds, and no apostrophe within a word.
_MARK = re.compile(r"[\"“”„«»]|(?<!\w)['‘’]|['’](?!\w)")
# More words than that come and go together where more than a slip was changed.
_MOST_SPELLINGS = 10_000
_HALF_WORD = re.compile(r"^['’]\w+\s")
# What a sentence became shares this much with it. It is sought among so many that share the most
# words with it; a word that is in more sentences finds none.
_SAME_SENTENCE, _CANDIDATES, _MOST_SENTENCES_OF_A_WORD = 0.6, 8, 150
# What a field was read from stands in its record or so many characters beside it.
_BESIDE = 100
_MARK_WORD = " quotationmark "


class Readings:
    """The words of two versions.

    Args:
        old: the old version.
        new: the new version.
        slips: whether a word that only one version misspells is the same word.
    """

    def __init__(self, old: View, new: View, *, slips: bool = True) -> None:
        self._old = old
        self._new = new
        self._slips = slips

    def same_words(self, old: Item | None, new: Item | None) -> bool:
        """Whether what the records stand on stands as often in both versions.

        What is resolved from elsewhere belongs to it: a speaker or holder whose name only one
        version has, a date in an article with another day of publication.
        """
        items = [item for item in (old, new) if item is not None]
        if any(item.days for item in items) and self._published:
            return False
        return all(
            0 < side[0].count(self._spelt(words)) == side[1].count(self._spelt(words))
            for item in items
            for side, words in self._grounds(item)
        ) and all(
            self._spelt(words) in side
            for item in items
            for words in _names(item.record)
            for side in self._words
            if words.strip()
        )

    def same_field(self, name: str, field: FieldChange, old: Compared, new: Compared) -> bool:
        """Whether a field differs though its words stand as often in both versions.

        They are looked for where the record is, and must be in the same order there. What stands
        at neither place is resolved from elsewhere, and is looked for in all of the versions.
        """
        if name in ("date", "horizon") and self._published:
            return False
        near = (self._spelt(_beside(old, self._old)), self._spelt(_beside(new, self._new)))
        sides = [
            side.text
            for side in (field.before, field.after)
            if side is not None and not (name == "holder" and side.text == "author")
        ]
        values = [self._spelt(part) for side in sides for part in _parts(name, side)]
        counts = [[text.count(part) for text in near] for part in values]
        for part, (before, after) in zip(values, counts, strict=True):
            one, other = (side.count(part) for side in self._words)
            if before != after or (not before and not 0 < one == other):
                return False
        here = [part for part, (before, _) in zip(values, counts, strict=True) if before]
        orders = [sorted(here, key=text.find) for text in near]
        return bool(sides) and orders[0] == orders[1]

    def same_marks(self, old: Compared, new: Compared) -> bool:
        """Whether as many quotation marks stand where two records do."""
        one, other = (
            _MARK.findall(
                (view.version.text or record.text)[max(0, record.start - 1) : record.end + 1]
            )
            for view, record in ((self._old, old), (self._new, new))
        )
        return self._has_text and len(one) == len(other) > 0

    def was_there(self, old: Item | None, new: Item | None) -> bool:
        """Whether the words that make a record of one version one stand in the other one too.

        Where no record answers it there, they were read otherwise beside an edit: the word of an
        event, the cues of a forecast, the cue of a quote, and the greater part of its other words.
        """
        item = old or new
        sides = self._sentences if new is None else self._sentences[::-1]
        marks = _telling(item.record) if item is not None else []
        if item is None or not marks:
            return False
        here, there = sides
        sentence = here.at(marks[0].start)
        other = sentence and there.answer(sentence)
        if sentence is None or other is None or sentence.end < marks[-1].end:
            return False
        offset = sentence.offset
        new_words = {
            offset + word.start
            for run in differences(sentence.words, other.words)
            if run.weight != "slight"
            for word in run.old
        }
        if any(mark.start <= place < mark.end for mark in marks for place in new_words):
            return False
        own = [offset + w.start for w in sentence.words]
        own = [place for place in own if item.record.start <= place < item.record.end]
        return 2 * sum(place in new_words for place in own) < len(own)

    @cached_property
    def _sentences(self) -> tuple[_Sentences, _Sentences]:
        old, new = self._old.version.text, self._new.version.text
        return _Sentences(old, new), _Sentences(new, old)

    def _grounds(self, item: Item) -> Iterable[tuple[tuple[str, str], str]]:
        """What a record stands on, and in which streams to look for it."""
        record = item.record
        match record:
            case DateRecord():
                before, after = item.around
                keys = [*before, *(word.key for word in words_of(record.text)), *after]
                yield self._words, f" {' '.join(keys)} "
            case EntityRecord():
                for text in (record.name, *record.aliases, *record.roles):
                    yield self._words, _joined(text)
            case QuoteRecord() if self._has_text:
                # That quotation marks come or go is the editor's doing.
                yield self._marked, _joined(_MARK.sub(_MARK_WORD, _whole(record.text)))
            case _:
                yield self._words, _joined(_whole(record.text))

    @property
    def _has_text(self) -> bool:
        return None not in (self._old.version.text, self._new.version.text)

    def _spelt(self, words: str) -> str:
        """Words with those that only one version misspells as the other has them."""
        if not self._spelling:
            return words
        return "".join(f" {self._spelling.get(word, word)}" for word in words.split()) + " "

    @cached_property
    def _spelling(self) -> dict[str, str]:
        old, new = (set(_stream(view).split()) for view in (self._old, self._new))
        gone, come = sorted(old - new), sorted(new - old)
        if not self._slips or len(gone) * len(come) > _MOST_SPELLINGS:
            return {}
        pairs = [(one, other) for one in gone for other in come if is_slip(one, other)]
        return {
            other: one for one, other in pairs if sum(one in p or other in p for p in pairs) == 1
        }

    @cached_property
    def _words(self) -> tuple[str, str]:
        return self._spelt(_stream(self._old)), self._spelt(_stream(self._new))

    @cached_property
    def _marked(self) -> tuple[str, str]:
        old, new = (
            self._spelt(_joined(_MARK.sub(_MARK_WORD, _plain(view.version.text or ""))))
            for view in (self._old, self._new)
        )
        return old, new

    @cached_property
    def _published(self) -> bool:
        """Whether the versions were published on different days."""
        days = [
            {r.published for r in view.version.records if isinstance(r, ArticleRecord)}
            for view in (self._old, self._new)
        ]
        return days[0] != days[1]


class _Sentences:
    """The sentences of a version, to be found by place or as what another sentence became."""

    def __init__(self, text: str | None, other: str | None) -> None:
        self._sentences = sentences_of(text)
        # What the other version has too is itself there, and answers nothing else.
        known = {tuple(w.key for w in sentence.words) for sentence in sentences_of(other)}
        self._by_word: defaultdict[str, list[int]] = defaultdict(list)
        self._itself: dict[tuple[str, ...], Sentence] = {}
        for index, sentence in enumerate(self._sentences):
            keys = tuple(word.key for word in sentence.words)
            self._itself[keys] = sentence
            for key in set(keys) if keys not in known else ():
                self._by_word[key].append(index)

    def at(self, place: int) -> Sentence | None:
        """The sentence that holds a place."""
        behind = bisect.bisect_right(self._sentences, place, key=lambda sentence: sentence.start)
        return self._sentences[behind - 1] if behind else None

    def answer(self, other: Sentence) -> Sentence | None:
        """The sentence that is most like one of the other version, if it is much the same."""
        keys = tuple(word.key for word in other.words)
        if keys in self._itself:
            return self._itself[keys]
        shared = Counter(
            index
            for key in set(keys)
            if len(self._by_word.get(key, ())) <= _MOST_SENTENCES_OF_A_WORD
            for index in self._by_word.get(key, ())
        )
        near = sorted(shared, key=lambda index: (-shared[index], index))[:_CANDIDATES]
        alike = [
            (Indel.normalized_similarity(keys, [w.key for w in self._sentences[i].words]), -i)
            for i in near
        ]
        best, index = max(alike, default=(0.0, 0))
        return self._sentences[-index] if best >= _SAME_SENTENCE else None


def _telling(record: Compared) -> list[Span]:
    """The words without which a record would be none, in reading order."""
    spans: list[Span] = []
    match record:
        case EventRecord():
            spans = [record.trigger]
        case PredictionRecord():
            spans = list(record.cues)
        case QuoteRecord() if record.cue is not None:
            spans = [record.cue]
    return sorted(spans, key=lambda span: span.start)


def _whole(text: str) -> str:
    """A text without the half of a word that it begins with ("'s own model")."""
    return _HALF_WORD.sub("", text)


def _beside(record: Compared, view: View) -> str:
    """The words of a record and of what stands beside it."""
    text = view.version.text
    if text is None:
        return _joined(record.text)
    return _joined(_plain(text[max(0, record.start - _BESIDE) : record.end + _BESIDE]))


def _parts(name: str, value: str) -> list[str]:
    """The words of a field's value, and apart from them the name that they stand for."""
    written, _, resolved = value.removesuffix(")").partition(" (")
    written = _whole(f"{written} ")
    parts = [written] if name in ("date", "horizon") or not resolved else [written, resolved]
    return [joined for joined in map(_joined, parts) if joined.strip()]


def _stream(view: View) -> str:
    """All words of a version as one string; without its text, those of its claims."""
    if view.version.text is not None:
        return _joined(_plain(view.version.text))
    texts = [
        item.record.text for kind in view.items if kind != "entity" for item in view.items[kind]
    ]
    return "|".join(map(_joined, dict.fromkeys(texts)))


def _plain(text: str) -> str:
    """A text as its reader sees it, as far as words go."""
    return html.unescape(_MARKUP.sub(lambda match: "]" if match[0][0] == "]" else " ", text))


def _joined(text: str) -> str:
    return f" {' '.join(word.key for word in words_of(text))} "


def _names(record: Compared) -> Iterable[str]:
    match record:
        case QuoteRecord(speaker=speaker) if speaker is not None:
            yield _joined(_whole(f"{speaker.name} "))
        case PredictionRecord(holder=holder) if holder.name is not None:
            yield _joined(_whole(f"{holder.name} "))
