"""Forecasts that became plain statements, and plain statements that became forecasts.

A prediction without a counterpart may not be gone: the other version can say the same thing
without a hedge, and then no prediction is there to align it with. It is looked for among the
events, then in the text itself.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Literal, NamedTuple

import msgspec

from ..lexicons import rows
from ..records import EventRecord, PredictionRecord
from .changes import Place
from .items import View
from .words import Word, words_of

# The statement has this share of the forecast's words, of which there are at least so many.
_SHARE, _LEAST_WORDS = 0.75, 2
# They stand within so many times as many words; what is further apart says something else.
_MOST_TIMES = 4
# Words alike in so many letters are forms of one word ("close", "closed").
_STEM = 5
_BORDER = re.compile(r"[.!?][\"'”’)\]]{0,3}\s+|\n[ \t\r]*\n")


class _Cue(msgspec.Struct, frozen=True):
    """Of a row of `hedges.jsonl`, what tells a plain sentence from one that is not."""

    cue: str
    form: str
    role: Literal["hedge", "prospective", "evidential", "booster", "negator"]
    forms: tuple[str, ...] = ()


class Statement(NamedTuple):
    """What the other version says instead of the forecast.

    Attributes:
        place: the event or, without a record, the sentence.
        plain: it is stated as a fact; False for "will", which is sure and still to come.
    """

    place: Place
    plain: bool


class _Sentence(NamedTuple):
    start: int
    end: int
    words: tuple[Word, ...]
    stems: frozenset[str]


class Statements:
    """The plain statements of one version, to be searched for forecasts of the other.

    Args:
        view: the version to search.
        other: the one with the forecasts; what it states already is no news.
    """

    def __init__(self, view: View, other: View) -> None:
        self._view = view
        self._forecasts = sorted(
            (item.record.proposition.start, item.record.proposition.end)
            for item in view.items["prediction"]
            if isinstance(item.record, PredictionRecord)
        )
        known = {tuple(w.key for w in s.words) for s in _sentences(other.version.text)}
        self._sentences = [
            sentence
            for sentence in _sentences(view.version.text)
            if tuple(word.key for word in sentence.words) not in known
        ]
        self._by_stem: defaultdict[str, list[int]] = defaultdict(list)
        for index, sentence in enumerate(self._sentences):
            for stem in sentence.stems:
                self._by_stem[stem].append(index)

    def find(
        self,
        forecast: PredictionRecord,
        own_words: Iterable[Word],
        events: Mapping[int, EventRecord],
    ) -> Statement | None:
        """The statement that stands in for a forecast of the other version, if there is one.

        Args:
            forecast: without a counterpart among the predictions.
            own_words: the words of its proposition, without cues and condition.
            events: the events of this version by the place of the trigger that the same event has
                in the forecast's version.
        """
        stated = self._among_events(forecast, events)
        return stated or self._in_text(forecast, tuple(own_words))

    def _among_events(
        self, forecast: PredictionRecord, events: Mapping[int, EventRecord]
    ) -> Statement | None:
        proposition = forecast.proposition
        for place in range(proposition.start, proposition.end) if events else ():
            event = events.get(place)
            if event is None or event.status == "hypothetical" or self._forecast(event.start):
                continue
            if (event.polarity == "negative") != (forecast.polarity == "negative"):
                continue
            if self._forecast(event.trigger.start):
                continue
            at = Place(id=event.id, start=event.start, end=event.end, text=event.text)
            return Statement(at, event.status != "scheduled")
        return None

    def _in_text(self, forecast: PredictionRecord, own: tuple[Word, ...]) -> Statement | None:
        telling = {_stem(word.key) for word in own if not word.is_slight and not word.is_negation}
        if len(telling) < _LEAST_WORDS:
            return None
        negative = forecast.polarity == "negative"
        shared: defaultdict[int, int] = defaultdict(int)
        for stem in telling:
            for index in self._by_stem.get(stem, ()):
                shared[index] += 1
        for index in sorted(shared, key=lambda index: (-shared[index], index)):
            if shared[index] < _SHARE * len(telling):
                break
            stated = self._stated(self._sentences[index], telling, negative)
            if stated is not None:
                return stated
        return None

    def _stated(self, sentence: _Sentence, telling: set[str], negative: bool) -> Statement | None:
        """What of a sentence says the same as the forecast, if it is said plainly."""
        words = _closest(sentence.words, telling)
        if len(words) > _MOST_TIMES * len(telling):
            return None
        if any(word.is_negation for word in words) != negative:
            return None
        keys = {word.key for word in words}
        start = sentence.start - sentence.words[0].start + words[0].start
        end = sentence.start - sentence.words[0].start + words[-1].end
        if keys & _cues()["unsure"] or self._forecast(start, end):
            return None
        text = self._view.version.text or ""
        at = Place(id=None, start=start, end=end, text=" ".join(text[start:end].split()))
        return Statement(at, not keys & _cues()["ahead"])

    def _forecast(self, start: int, end: int | None = None) -> bool:
        """Whether a place is inside a prediction, or one begins between two places."""
        if end is None:
            return any(first <= start < last for first, last in self._forecasts)
        return any(start <= first < end for first, last in self._forecasts)


def _closest(words: Sequence[Word], telling: set[str]) -> Sequence[Word]:
    """The shortest run of words that has all of the telling ones that the sentence has."""
    places = [(n, _stem(word.key)) for n, word in enumerate(words) if _stem(word.key) in telling]
    wanted = len({stem for _, stem in places})
    counts: Counter[str] = Counter()
    best = (0, len(words) - 1)
    first = 0
    for last, stem in places:
        counts[stem] += 1
        while len(counts) == wanted:
            start, of = places[first]
            if last - start < best[1] - best[0]:
                best = (start, last)
            counts[of] -= 1
            if not counts[of]:
                del counts[of]
            first += 1
    return words[best[0] : best[1] + 1]


def _sentences(text: str | None) -> list[_Sentence]:
    if text is None:
        return []
    found = []
    start = 0
    for border in [*(match.end() for match in _BORDER.finditer(text)), len(text)]:
        words = words_of(text[start:border])
        if words:
            first, last = start + words[0].start, start + words[-1].end
            stems = frozenset(_stem(word.key) for word in words)
            found.append(_Sentence(first, last, words, stems))
        start = border
    return found


def _stem(key: str) -> str:
    return key[:_STEM]


@cache
def _cues() -> dict[str, frozenset[str]]:
    """Words that leave a sentence open, and those that put it in the future."""
    unsure: set[str] = set()
    ahead: set[str] = set()
    for row in rows("hedges", _Cue):
        if row.form == "modal" and " " not in row.cue:
            (ahead if row.role == "prospective" else unsure).add(row.cue)
        elif row.form == "adverb" and row.role in ("hedge", "evidential") and " " not in row.cue:
            unsure.add(row.cue)
    return {"unsure": frozenset(unsure), "ahead": frozenset(ahead)}
