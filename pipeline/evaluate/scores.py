"""Precision, recall and F1 of records against gold, micro-averaged over articles.

What counts as found:

- entities: the same name or alias; `entities_typed` also needs the type.
- dates: the expression overlaps; `dates_value` also needs the value.
- events: the trigger overlaps and the date's value is the same.
- predictions: a cue overlaps; `predictions_full` also needs orientation, polarity and holder;
  `predictions_future` is over forecasts of the future alone.
- quotes: F1 of the content's words at least 0.8; `quotes_speaker` also needs the resolved name.

Fields are scored on what was found: accuracy, or precision and recall where a field may be absent.
Optional gold is neither demanded nor counted against.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import TypeVar, get_args

import msgspec

from ..reading import Article
from ..records import (
    DateRecord,
    EntityRecord,
    EventRecord,
    Holder,
    PredictionRecord,
    QuoteRecord,
    Record,
    Span,
)
from .gold import (
    Anchors,
    GoldArticle,
    GoldEntity,
    GoldEvent,
    GoldKind,
    GoldPrediction,
    GoldQuote,
    Offsets,
    fold,
)

_Gold = TypeVar("_Gold")
_Got = TypeVar("_Got", DateRecord, EntityRecord, EventRecord, PredictionRecord, QuoteRecord)

_KINDS = get_args(GoldKind)
_CONTENT_F1 = 0.8
_PROPOSITION_F1 = 0.7
_CONDITION_F1 = 0.6
_PHRASE_F1 = 0.5
_VENUE_F1 = 0.4
# Words that do not make two names the same.
_LIGHT_WORDS = frozenset(
    ["the", "a", "an", "of", "and", "in", "to", "that", "'s", "s", "former", "then", "u", "one"]
)
_WORD = re.compile(r"[\w']+")


class Score(msgspec.Struct, frozen=True):
    """Counts behind a figure: `accuracy` when nothing can be missed or extra, else F1."""

    right: int
    missed: int
    extra: int

    @property
    def precision(self) -> float:
        """Right among found, 0 to 1."""
        return self.right / (self.right + self.extra or 1)

    @property
    def recall(self) -> float:
        """Right among gold, 0 to 1."""
        return self.right / (self.right + self.missed or 1)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, 0 to 1."""
        return 2 * self.right / (2 * self.right + self.missed + self.extra or 1)


class Bin(msgspec.Struct, frozen=True):
    """Records of about the same confidence: how many, how sure on average, how many right."""

    count: int
    confidence: float
    right: float


class Tally:
    """Adds up scores over articles.

    Attributes:
        misses: one line for each item that was missed, extra or wrong, in order.
    """

    def __init__(self) -> None:
        self._right: Counter[str] = Counter()
        self._missed: Counter[str] = Counter()
        self._extra: Counter[str] = Counter()
        self.misses: list[str] = []
        self._confidences: dict[str, list[tuple[float, bool]]] = defaultdict(list)

    def trust(self, figure: str, confidence: float, right: bool) -> None:
        """Note how sure a record was and whether it is right."""
        self._confidences[figure].append((confidence, right))

    def calibration(self, *, bins: int) -> dict[str, list[Bin]]:
        """How often records are right that say they are about as sure, by figure.

        Args:
            bins: into how many parts of equal size the records of a figure are cut, by confidence.

        Example:
            >>> tally = Tally()
            >>> tally.trust("quotes", 0.5, True)
            >>> tally.trust("quotes", 0.7, False)
            >>> tally.calibration(bins=1)["quotes"]
            [Bin(count=2, confidence=0.6, right=0.5)]
        """
        parts: dict[str, list[Bin]] = {}
        for figure, said in sorted(self._confidences.items()):
            said = sorted(said)
            edges = [len(said) * part // bins for part in range(bins + 1)]
            parts[figure] = [
                Bin(
                    end - start,
                    sum(sure for sure, _ in said[start:end]) / (end - start),
                    sum(right for _, right in said[start:end]) / (end - start),
                )
                for start, end in pairwise(edges)
                if start < end
            ]
        return parts

    def add(self, figure: str, *, right: int = 0, missed: int = 0, extra: int = 0) -> None:
        """Count towards a figure."""
        self._right[figure] += right
        self._missed[figure] += missed
        self._extra[figure] += extra

    def check(self, figure: str, right: bool) -> None:
        """Count one item of a field that every found item has: wrong is missed and extra."""
        self.add(figure, right=right, missed=not right, extra=not right)

    def scores(self) -> dict[str, Score]:
        """Every figure by name, in alphabetical order."""
        names = sorted(self._right | self._missed | self._extra | self._zero())
        return {
            name: Score(self._right[name], self._missed[name], self._extra[name]) for name in names
        }

    def _zero(self) -> Counter[str]:
        # Counter unions drop zeros; a figure whose gold is all absent still has a line.
        return Counter(dict.fromkeys([*self._right, *self._missed, *self._extra], 1))


def score_article(
    gold: GoldArticle, records: Iterable[Record], article: Article, tally: Tally
) -> None:
    """Score the records of one article.

    Args:
        gold: its gold.
        records: what was extracted from it.
        article: the article as read, to find gold that is anchored by its text.
        tally: where the counts are added.
    """
    by_kind: dict[type, list[Record]] = defaultdict(list)
    for record in records:
        by_kind[type(record)].append(record)
    anchors = Anchors(article)
    if "entities" in gold.annotated:
        _score_entities(gold, by_kind[EntityRecord], tally)  # type: ignore[arg-type]
    if "dates" in gold.annotated:
        _score_dates(gold, by_kind[DateRecord], anchors, tally)  # type: ignore[arg-type]
    if "events" in gold.annotated:
        _score_events(gold, by_kind[EventRecord], anchors, tally)  # type: ignore[arg-type]
    if "predictions" in gold.annotated:
        _score_predictions(gold, by_kind[PredictionRecord], anchors, tally)  # type: ignore[arg-type]
    if "quotes" in gold.annotated:
        _score_quotes(gold, by_kind[QuoteRecord], tally)  # type: ignore[arg-type]


def _is_optional(item: object) -> bool:
    return bool(getattr(item, "optional", False))


def _pair(
    gold: Sequence[_Gold], got: Sequence[_Got], same: Callable[[_Gold, _Got], bool]
) -> tuple[list[tuple[_Gold, _Got]], list[_Gold], list[_Got]]:
    """One-to-one pairs in order, demanded gold first; what is left of either side."""
    left = dict(enumerate(got))
    pairs, missed = [], []
    for item in sorted(gold, key=_is_optional):
        match = next((i for i, record in left.items() if same(item, record)), None)
        if match is None:
            missed.append(item)
        else:
            pairs.append((item, left.pop(match)))
    return pairs, missed, list(left.values())


def _count(
    tally: Tally,
    figure: str,
    outcome: tuple[list[tuple[_Gold, _Got]], list[_Gold], list[_Got]],
    good: Callable[[_Gold, _Got], bool] = lambda gold, got: True,
) -> None:
    pairs, missed, extra = outcome
    for item, record in pairs:
        if not _is_optional(item):
            tally.check(figure, good(item, record))
            if figure in _KINDS:
                tally.trust(figure, record.confidence, True)
    for record in extra if figure in _KINDS else ():
        tally.trust(figure, record.confidence, False)
    demanded = sum(not _is_optional(item) for item in missed)
    tally.add(figure, missed=demanded, extra=len(extra))


def _score_entities(gold: GoldArticle, got: list[EntityRecord], tally: Tally) -> None:
    def names(entity: GoldEntity | EntityRecord) -> set[str]:
        return {fold(name).removeprefix("the ") for name in (entity.name, *entity.aliases)}

    outcome = _pair(gold.entities, got, lambda g, p: bool(names(g) & names(p)))
    _count(tally, "entities", outcome)
    _count(tally, "entities_typed", outcome, lambda g, p: p.type in (g.type, *g.types))
    pairs, missed, extra = outcome
    tally.misses += [f"{gold.doc} entity missed: {g.name} {g.type}" for g in missed]
    tally.misses += [f"{gold.doc} entity extra: {p.name} {p.type}" for p in extra]
    tally.misses += [
        f"{gold.doc} entity type {g.name}: gold {g.type} got {p.type}"
        for g, p in pairs
        if p.type not in (g.type, *g.types)
    ]


def _overlap(a: Offsets, b: Span | DateRecord) -> bool:
    return a[0] < b.end and b.start < a[1]


def _score_dates(gold: GoldArticle, got: list[DateRecord], anchors: Anchors, tally: Tally) -> None:
    at = {id(item): anchors.offsets(item, "text", (item.text,))[:1] for item in gold.dates}
    located = [item for item in gold.dates if at[id(item)]]
    outcome = _pair(located, got, lambda g, p: _overlap(at[id(g)][0], p))
    _count(tally, "dates", outcome)
    _count(tally, "dates_value", outcome, lambda g, p: same_value(g.value, p.value))
    pairs, missed, extra = outcome
    tally.misses += [f"{gold.doc} date missed: {g.text} = {g.value}" for g in missed]
    tally.misses += [f"{gold.doc} date extra: {p.text} = {p.value}" for p in extra]
    tally.misses += [
        f"{gold.doc} date value {g.text}: gold {g.value} got {p.value}"
        for g, p in pairs
        if not same_value(g.value, p.value)
    ]


def _score_events(
    gold: GoldArticle, got: list[EventRecord], anchors: Anchors, tally: Tally
) -> None:
    at = {id(item): anchors.offsets(item, "trigger", (item.trigger,)) for item in gold.events}

    def same(g: GoldEvent, p: EventRecord) -> bool:
        overlap = any(_overlap(offsets, p.trigger) for offsets in at[id(g)])
        return overlap and same_value(g.date, p.date.value)

    outcome = _pair(gold.events, got, same)
    _count(tally, "events", outcome)
    pairs, missed, extra = outcome
    for g, p in pairs:
        if g.who and not g.optional:
            agents = [x.text for x in p.participants if x.role == "agent"]
            tally.check("event_who", any(same_name(g.who, agent) for agent in agents))
    tally.misses += [f"{gold.doc} event missed: {g.trigger} {g.date}: {g.sentence}" for g in missed]
    tally.misses += [
        f"{gold.doc} event extra: {p.trigger.text} {p.date.value}: {p.text}" for p in extra
    ]


def _score_predictions(
    gold: GoldArticle, got: list[PredictionRecord], anchors: Anchors, tally: Tally
) -> None:
    at = {id(item): anchors.offsets(item, "cue", item.cue) for item in gold.predictions}

    def same(g: GoldPrediction, p: PredictionRecord) -> bool:
        return any(_overlap(offsets, cue) for offsets in at[id(g)] for cue in p.cues)

    def full(g: GoldPrediction, p: PredictionRecord) -> bool:
        same = g.orientation == p.orientation and g.polarity == p.polarity
        return same and same_holder(g.holder, p.holder)

    outcome = _pair(gold.predictions, got, same)
    _count(tally, "predictions", outcome)
    _count(tally, "predictions_full", outcome, full)
    pairs, missed, extra = outcome
    for g, p in pairs:
        if g.optional:
            continue
        tally.check("prediction_orientation", g.orientation == p.orientation)
        tally.check("prediction_polarity", g.polarity == p.polarity)
        tally.check("prediction_likelihood", g.likelihood == p.likelihood.level)
        tally.check("prediction_holder", same_holder(g.holder, p.holder))
        if g.proposition:
            close = words_f1(g.proposition, p.proposition.text) >= _PROPOSITION_F1
            tally.check("prediction_proposition", close)
        _check_field(
            tally,
            "prediction_horizon",
            g.horizon,
            p.horizon.value if p.horizon else None,
            same_value,
        )
        _check_field(
            tally,
            "prediction_condition",
            g.condition,
            p.condition.text if p.condition else None,
            lambda a, b: words_f1(a, b) >= _CONDITION_F1,
        )
    tally.misses += [
        f"{gold.doc} prediction missed: {list(g.cue)}: {g.sentence}"
        for g in missed
        if not g.optional
    ]
    tally.misses += [
        f"{gold.doc} prediction extra: {[cue.text for cue in p.cues]}: {p.text}" for p in extra
    ]
    future = _pair(
        [g for g in gold.predictions if g.orientation == "future"],
        [p for p in got if p.orientation == "future"],
        same,
    )
    optional = [g for g in gold.predictions if g.optional]
    spared = [p for p in future[2] if not any(same(g, p) for g in optional)]
    _count(tally, "predictions_future", (future[0], future[1], spared))


def _check_field(
    tally: Tally,
    figure: str,
    want: str | None,
    got: str | None,
    same: Callable[[str, str], bool],
) -> None:
    """Count a field that may be absent on either side."""
    right = bool(want and got and same(want, got))
    tally.add(figure, right=right, missed=bool(want) and not right, extra=bool(got) and not right)


def _score_quotes(gold: GoldArticle, got: list[QuoteRecord], tally: Tally) -> None:
    wanted = [_joined(quote.content) for quote in gold.quotes]
    found = [" ".join(span.text for span in quote.content) for quote in got]
    close = []
    for i, want in enumerate(wanted):
        for j, text in enumerate(found):
            f1 = words_f1(want, text)
            if f1 >= _CONTENT_F1:
                close.append((f1, not gold.quotes[i].optional, i, j))
    # Best pairs first; ties go to demanded gold.
    pairs: dict[int, int] = {}
    for _, _, i, j in sorted(close, reverse=True):
        if i not in pairs and j not in pairs.values():
            pairs[i] = j
    outcome = (
        [(gold.quotes[i], got[j]) for i, j in pairs.items()],
        [quote for i, quote in enumerate(gold.quotes) if i not in pairs],
        [quote for j, quote in enumerate(got) if j not in set(pairs.values())],
    )

    def speaker(g: GoldQuote, p: QuoteRecord) -> bool:
        want = g.speaker_name or g.speaker
        if not want or p.speaker is None:
            return not want and p.speaker is None
        return same_name(want, p.speaker.name)

    _count(tally, "quotes", outcome)
    _count(tally, "quotes_speaker", outcome, speaker)
    paired, missed, extra = outcome
    for items, right in ((missed, False), ([g for g, _ in paired], True)):
        for g in items:
            if not g.optional:
                tally.add(f"quotes_recall_{g.type}", right=right, missed=not right)
    for g, p in paired:
        if g.optional:
            continue
        tally.check("quote_type", g.type == p.type)
        fields = (
            ("quote_source", g.speaker or "", p.speaker, _PHRASE_F1),
            ("quote_cue", _joined(g.cue or ""), p.cue, _PHRASE_F1),
            ("quote_venue", g.venue or "", p.venue, _VENUE_F1),
        )
        for figure, want, span, floor in fields:
            if want:
                tally.check(figure, words_f1(want, span.text if span else "") >= floor)
        if g.date:
            tally.check("quote_date", same_value(g.date, p.date.value if p.date else ""))
    tally.misses += [
        f"{gold.doc} quote missed: [{g.speaker}] {_joined(g.content)}"
        for g in missed
        if not g.optional
    ]
    for p in extra:
        name = p.speaker.name if p.speaker else None
        tally.misses.append(
            f"{gold.doc} quote extra: [{name}] {' '.join(span.text for span in p.content)}"
        )
    tally.misses += [
        f"{gold.doc} quote speaker: gold {g.speaker_name or g.speaker} "
        f"got {p.speaker.name if p.speaker else None}"
        for g, p in paired
        if not speaker(g, p)
    ]


def _joined(text: str | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else " ".join(text)


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))


def words_f1(a: str, b: str) -> float:
    """F1 of the words of two texts as multisets; 0 when either has none.

    Example:
        >>> words_f1("the talks failed", "talks failed")
        0.8
    """
    x, y = Counter(_words(a)), Counter(_words(b))
    if not x or not y:
        return 0.0
    return 2 * (x & y).total() / (x.total() + y.total())


def same_name(a: str, b: str) -> bool:
    """Whether two names may be one: one's words within the other's, or half of them shared.

    Example:
        >>> same_name("Madeleine Albright", "Albright")
        True
    """
    x, y = set(_words(a)), set(_words(b))
    x, y = x - _LIGHT_WORDS or x, y - _LIGHT_WORDS or y
    return bool(x and y) and (x <= y or y <= x or len(x & y) / len(x | y) >= 0.5)


def same_holder(gold: str, got: Holder) -> bool:
    """Whether a prediction is held by the author, or by the source of that name or phrase."""
    if gold == "author" or got.kind == "author":
        return (gold == "author") == (got.kind == "author")
    # Either the resolved name or the phrase of the text may match.
    return same_name(gold, f"{got.name or ''} | {got.text or ''}")


def same_value(gold: str, got: str) -> bool:
    """Whether two date values are equal; the gold's precision decides for interval bounds.

    Example:
        >>> same_value("199X", "1990/1999"), same_value("../2023", "2023")
        (True, True)
    """
    g, p = _plain_value(gold), _plain_value(got)
    if g == p:
        return True
    if "/" in g and "/" in p:
        bounds = zip(g.split("/"), p.split("/"), strict=False)
        return all(x == y or (x and y and y.startswith(f"{x}-")) for x, y in bounds)
    return g.startswith("../") and p == g.removeprefix("../")


def _plain_value(value: str) -> str:
    value = re.sub(r"[~?%]", "", value.strip())
    for digits, unit in (("0", "9"), ("00", "99")):
        if match := re.fullmatch(rf"(\d+){digits}/(\d+){unit}", value):
            width = 4 - len(digits)
            if match[1] == match[2] and len(match[1]) == width:
                value = match[1] + "X" * len(digits)
    return "" if value == ".." else value.upper()
