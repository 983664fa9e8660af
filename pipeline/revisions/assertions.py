"""Forecasts that became plain statements, and plain statements that became forecasts.

A prediction without a counterpart may not be gone: the other version can say the same thing
without a hedge, and then no prediction is there to align it with. It is looked for among the
events, then in the text itself.
"""

from __future__ import annotations

import bisect
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Literal, NamedTuple

import msgspec

from ..lexicons import rows
from ..records import EventRecord, Level, PredictionRecord
from .changes import Place
from .items import View
from .words import Word, words_of

# The statement has this share of the forecast's words, of which there are at least so many.
_SHARE, _LEAST_WORDS = 0.75, 2
# They stand within so many times as many words; what is further apart says something else.
_MOST_TIMES = 4
# Words alike in so many letters are forms of one word ("close", "closed").
_STEM = 5
# A cue governs what it stands among, or at most so many words before.
_REACH = 3
# Words that are a cue at least so often are taken for one wherever they stand.
_LEAST_PRIOR = 0.5
_BORDER = re.compile(r"[.!?][\"'”’)\]]{0,3}\s+|\n[ \t\r]*\n")


class _Cue(msgspec.Struct, frozen=True):
    """Of a row of `hedges.jsonl`, what tells a plain sentence from one that is not."""

    cue: str
    form: str
    role: Literal["hedge", "prospective", "evidential", "booster", "negator"]
    level: Level
    prior: float
    negative: bool = False
    forms: tuple[str, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Whether it leaves nothing open: a plain future, or what somebody said or hoped."""
        return self.level == "unspecified" and self.role != "hedge" and self.form != "adverb"

    @property
    def stands_alone(self) -> bool:
        """Whether the words are a cue by themselves; others only before "to", as in "sure to"."""
        if self.form in ("modal", "adverb"):
            return True
        return self.form != "verb" and self.prior >= _LEAST_PRIOR

    def spellings(self) -> Iterable[str]:
        """Its forms, of a verb the regular ones too."""
        yield from (self.cue, *self.forms)
        if self.form == "verb" and " " not in self.cue and not self.cue.endswith("ed"):
            yield f"{self.cue}s"
            yield f"{self.cue.removesuffix('e')}ed"


class Statement(NamedTuple):
    """What the other version says instead of the forecast.

    Attributes:
        place: the event or, without a record, the sentence.
        plain: it is stated as a fact; False for "will", which is sure and still to come.
        hedge: how likely it is by a hedge that stands there though no record tells of it.
        cue: that hedge.
    """

    place: Place
    plain: bool
    hedge: Level | None = None
    cue: str | None = None


class Sentence(NamedTuple):
    """A sentence of a version's text.

    Attributes:
        start: its first word's place in the file.
        end: behind its last word.
        words: with their places from `offset` on.
        stems: the beginnings of the words.
    """

    start: int
    end: int
    words: tuple[Word, ...]
    stems: frozenset[str]

    @property
    def offset(self) -> int:
        """What the place of a word in the file is counted from."""
        return self.start - self.words[0].start


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
        known = {tuple(w.key for w in s.words) for s in sentences_of(other.version.text)}
        self._all = sentences_of(view.version.text)
        self._sentences = [
            sentence
            for sentence in self._all
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
        telling = {
            _stem(word.key) for word in own_words if not word.is_slight and not word.is_negation
        }
        stated = self._among_events(forecast, telling, events)
        return stated or self._in_text(forecast, telling)

    def _among_events(
        self, forecast: PredictionRecord, telling: set[str], events: Mapping[int, EventRecord]
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
            sentence = self._sentence_at(event.trigger.start)
            hedge = sentence and self._hedge(
                forecast, sentence.words, *_closest(sentence.words, telling)
            )
            if hedge and hedge.negative:
                continue
            at = Place(id=event.id, start=event.start, end=event.end, text=event.text)
            if hedge:
                return Statement(at, False, hedge.level, hedge.cue)
            return Statement(at, event.status != "scheduled")
        return None

    def _sentence_at(self, place: int) -> Sentence | None:
        behind = bisect.bisect_right(self._all, place, key=lambda sentence: sentence.start)
        return self._all[behind - 1] if behind else None

    def _in_text(self, forecast: PredictionRecord, telling: set[str]) -> Statement | None:
        if len(telling) < _LEAST_WORDS:
            return None
        shared: defaultdict[int, int] = defaultdict(int)
        for stem in telling:
            for index in self._by_stem.get(stem, ()):
                shared[index] += 1
        for index in sorted(shared, key=lambda index: (-shared[index], index)):
            if shared[index] < _SHARE * len(telling):
                break
            stated = self._stated(self._sentences[index], telling, forecast)
            if stated is not None:
                return stated
        return None

    def _stated(
        self, sentence: Sentence, telling: set[str], forecast: PredictionRecord
    ) -> Statement | None:
        """What of a sentence says the same as the forecast, and how sure."""
        first, last = _closest(sentence.words, telling)
        words = sentence.words[first : last + 1]
        if len(words) > _MOST_TIMES * len(telling):
            return None
        negative = forecast.polarity == "negative"
        if any(word.is_negation for word in words) != negative:
            return None
        start, end = sentence.offset + words[0].start, sentence.offset + words[-1].end
        if self._forecast(start, end):
            return None
        hedge = self._hedge(forecast, sentence.words, first, last)
        if hedge is not None and (hedge.negative or self._forecast(start)):
            return None
        text = self._view.version.text or ""
        at = Place(id=None, start=start, end=end, text=" ".join(text[start:end].split()))
        if hedge is not None:
            return Statement(at, False, hedge.level, hedge.cue)
        return Statement(at, not {word.key for word in words} & _cues().ahead)

    @staticmethod
    def _hedge(
        forecast: PredictionRecord, words: Sequence[Word], first: int, last: int
    ) -> _Cue | None:
        """The first cue among or closely before some words that leaves it open if they are so.

        What stands beside the forecast, and is none of its cues, hedges something else.
        """
        cues = {word.key for cue in forecast.cues for word in words_of(cue.text)}
        beside = {word.key for word in words_of(forecast.text)} - cues
        known = _cues().unsure
        for at in range(max(0, first - _REACH), last + 1):
            if words[at].key in beside:
                continue
            for keys, cue in known.get(words[at].key, ()):
                behind = at + len(keys)
                if tuple(word.key for word in words[at:behind]) != keys:
                    continue
                if at and words[at].text[0].isupper():  # the month, or part of a name
                    continue
                if cue.stands_alone or (behind < len(words) and words[behind].key == "to"):
                    return cue
        return None

    def _forecast(self, start: int, end: int | None = None) -> bool:
        """Whether a place is inside a prediction, or one begins between two places."""
        if end is None:
            return any(first <= start < last for first, last in self._forecasts)
        return any(start <= first < end for first, last in self._forecasts)


def _closest(words: Sequence[Word], telling: set[str]) -> tuple[int, int]:
    """First and last of the fewest words with all of the telling ones that the sentence has."""
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
    return best


def sentences_of(text: str | None) -> list[Sentence]:
    """The sentences of a text, cut at marks and paragraphs alone; none without a text."""
    if text is None:
        return []
    found = []
    start = 0
    for border in [*(match.end() for match in _BORDER.finditer(text)), len(text)]:
        words = words_of(text[start:border])
        if words:
            first, last = start + words[0].start, start + words[-1].end
            stems = frozenset(_stem(word.key) for word in words)
            found.append(Sentence(first, last, words, stems))
        start = border
    return found


def _stem(key: str) -> str:
    return key[:_STEM]


class _Cues(NamedTuple):
    """Words that leave a sentence open, by the first one, and those that put it in the future."""

    unsure: dict[str, list[tuple[tuple[str, ...], _Cue]]]
    ahead: frozenset[str]


@cache
def _cues() -> _Cues:
    unsure: defaultdict[str, list[tuple[tuple[str, ...], _Cue]]] = defaultdict(list)
    ahead: set[str] = set()
    for row in rows("hedges", _Cue):
        if row.form == "modal" and row.role == "prospective":
            ahead.add(row.cue)
        elif row.form in ("modal", "adverb", "semi-modal", "adjective", "verb", "idiom"):
            for spelling in () if row.is_sure else row.spellings():
                keys = tuple(word.key for word in words_of(spelling))
                unsure[keys[0]].append((keys, row))
    for known in unsure.values():
        known.sort(key=lambda entry: -len(entry[0]))
    return _Cues(dict(unsure), frozenset(ahead))
