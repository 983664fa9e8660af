"""Hedged and forecast propositions: what is put forward as not settled, by whom, how probable.

`hedges` finds the cues and asks the parse what each governs; here the cues of one proposition come
together (a draft), `senses` decides whether they carry a prediction, `likelihood` says how probable
they make it, and the rest of the record is read off the parse and the layers of other stages.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, get_args

from spacy.language import Language
from spacy.tokens import Doc

from ..config import defaults
from ..errors import ConfigError
from ..language import syntax
from ..records import Likelihood, Polarity, SpeechAct, Yardstick
from . import layers
from .drafts import Draft, Surroundings, drafts_of, surroundings
from .findings import Cue, Prediction, TokenSpan
from .hedges import Cued, find_cues
from .holders import holder_of
from .horizons import has_limit, horizon_of, told_on
from .likelihood import Odds, compose, stated_odds
from .orientation import orientation_of
from .scope import condition_of, proposition_of
from .senses import Votes, evidence, features, log_odds, probability

_ODDS_WORDS = 14
"""Stated odds stand within this many words of their noun; the farthest in gold/written is 12."""


def candidates(doc: Doc, around: Surroundings) -> Iterator[list[tuple[Cued, list[str]]]]:
    """The cues that may carry a prediction with their features, one list a proposition.

    Args:
        doc: with tags, lemmas, a parse and sentences.
        around: what the other stages found.
    """
    for draft in drafts_of(find_cues(doc)):
        yield [(cued, features(cued, draft, around)) for cued in draft.cues]


class Reading(NamedTuple):
    """How the cues of one proposition were read.

    Attributes:
        evidence: its cues, each with the terms of its log-odds (see `senses.evidence`).
        conditions: the conditions on it.
        main: the cue that speaks for its likelihood.
        denied, negated: whether that cue and whether the event is negated.
        odds: the odds that the text states, as token indices.
        confidence: the highest probability among the cues.
        prediction: the finding, whatever the confidence.
    """

    evidence: list[tuple[Cued, list[tuple[str, float]]]]
    conditions: list[Cued]
    main: Cued
    denied: bool
    negated: bool
    odds: Odds | None
    confidence: float
    prediction: Prediction


def readings(doc: Doc, around: Surroundings, *, yardstick: Yardstick) -> Iterator[Reading]:
    """Every candidate of a Doc with what decided about it, for people who ask why.

    Args:
        doc: with tags, lemmas, a parse and sentences.
        around: what the other stages found.
        yardstick: whose percentages the words of probability stand for.
    """
    votes = Votes(doc)
    for draft in drafts_of(find_cues(doc)):
        confidence = _confidence(draft, around, votes)
        yield Reading(
            [(c, list(evidence(c, features(c, draft, around), votes))) for c in draft.cues],
            draft.conditions,
            *_reading(draft),
            _odds(draft),
            confidence,
            _prediction(draft, around, confidence, yardstick),
        )


def find_predictions(
    doc: Doc, around: Surroundings, *, threshold: float, yardstick: Yardstick
) -> list[Prediction]:
    """The predictions of a Doc, in reading order; linear in its length.

    Args:
        doc: with tags, lemmas, a parse and sentences; without a parse nothing is found.
        around: what the other stages found.
        threshold: the confidence from which a candidate counts.
        yardstick: whose percentages the words of probability stand for.
    """
    if not syntax.has_parse(doc):
        return []
    votes = Votes(doc)
    found = [
        _prediction(draft, around, confidence, yardstick)
        for draft in drafts_of(find_cues(doc))
        if (confidence := _confidence(draft, around, votes)) >= threshold
    ]
    found.sort(key=lambda p: (p.sentence.start, p.cues[0].span.start, p.proposition.start))
    return found


def _prediction(
    draft: Draft, around: Surroundings, confidence: float, yardstick: Yardstick
) -> Prediction:
    """The record of a draft."""
    target = draft.target
    sentence = target.sent
    condition = condition_of(draft)
    proposition = proposition_of(draft, condition, around)
    odds = _odds(draft)
    likelihood, polarity = _likelihood(draft, odds, yardstick)
    orientation = orientation_of(draft, dated=has_limit(draft, around))
    horizon = horizon_of(draft, proposition, condition, around)
    if orientation != "future":
        # Tense does not tell where a date does: "the money runs out in June", "was likely next
        # week", "may have gone by 2031"; what would have been was not to be.
        ahead = horizon is not None and around.is_ahead(
            around.dates[horizon.date], told_on(draft, proposition, around)
        )
        if ahead and not any(cued.row.cue == "would" for cued in draft.cues):
            orientation = "future"
        else:
            horizon = None
    subject = syntax.subject_of(target)
    if draft.frame in _NOMINAL:
        subject = target
    return Prediction(
        sentence=TokenSpan(sentence.start, sentence.end),
        cues=_cues(draft, odds, condition),
        proposition=proposition,
        hedged=bool(
            odds
            or condition
            or any(cued.row.role in ("hedge", "evidential") for cued in draft.cues)
        ),
        orientation=orientation,
        polarity=polarity,
        likelihood=likelihood,
        holder=holder_of(draft, around),
        subject=None if subject is None else TokenSpan(*syntax.phrase_span(subject)),
        horizon=horizon,
        condition=condition,
        speech_act=_speech_act(draft, around),
        confidence=round(confidence, 3),
    )


def _confidence(draft: Draft, around: Surroundings, votes: Votes) -> float:
    """The highest probability among the cues that the proposition is put forward as unsettled."""
    best = float("-inf")
    for cued in draft.cues:
        best = max(best, log_odds(cued, features(cued, draft, around), votes))
    return probability(best)


_RANK = {"numeric": 4, "adjective": 3, "adverb": 3, "noun": 3, "idiom": 3, "modal": 2}


def _rank(cued: Cued) -> int:
    """Which cue of a proposition speaks for its likelihood: "would likely" is likely."""
    row = cued.row
    if row.negative:
        return 4
    if row.level == "unspecified" or row.cue == "can":
        return 0
    return _RANK.get(row.form, 1)


def _likelihood(
    draft: Draft, odds: Odds | None, yardstick: Yardstick
) -> tuple[Likelihood, Polarity]:
    main, denied, negated = _reading(draft)
    return compose(
        main.row.base,
        degree=main.degree,
        denied=denied,
        negated=negated,
        odds=odds,
        yardstick=yardstick,
    )


def _reading(draft: Draft) -> tuple[Cued, bool, bool]:
    """The cue that speaks for the likelihood; whether it is denied, whether the event is."""
    main = max(draft.cues, key=_rank)
    negated = _is_inside_negated(draft)
    for other in draft.cues:
        if other is not main and (other.denied or other.row.negative):
            negated = not negated
    denied = main.denied
    if main.row.cue in _OUTSIDE and main.frame == "clause" and negated:
        # "cannot happen" denies the possibility, "may not happen" the event.
        denied, negated = True, False
    return main, denied, negated


_OUTSIDE = frozenset({"can"})


def _is_inside_negated(draft: Draft) -> bool:
    """Whether the proposition itself is negative ("probably **won't**")."""
    target = draft.target
    if any(c.anchor.i == target.i and c.row.governs == "complement" for c in draft.cues):
        return False  # its negation is that of the cue
    negators = [
        word
        for word in syntax.negations(target)
        if not any(c.start <= word.i < c.end for c in draft.cues)
        # "the levees might hold; the pumps **won't**", whatever that hangs on
        and not (
            word.head.tag_ == "MD"
            and word.head.i != target.i
            and syntax.own_subject_of(word.head) is not None
        )
    ]
    return len(negators) % 2 == 1


def _odds(draft: Draft) -> Odds | None:
    """The odds stated beside a noun of probability, as token indices."""
    for cued in draft.cues:
        if cued.row.form == "numeric":
            words = cued.anchor.doc[cued.start : cued.end]
            stated = stated_odds([token.text for token in words])
            return None if stated is None else _shifted(stated, cued.start)
        if cued.row.form != "noun" or cued.row.cue not in _ODDS_NOUNS:
            continue
        doc, sentence = cued.anchor.doc, cued.anchor.sent
        start = max(sentence.start, cued.start - _ODDS_WORDS)
        end = min(sentence.end, max(cued.end, draft.target.i) + _ODDS_WORDS)
        after = stated_odds([token.text for token in doc[cued.end : end]])
        before = stated_odds([token.text for token in doc[start : cued.start]])
        # "a 70% chance of 3 strikes": what stands in the noun's own phrase goes first.
        if before is not None and start + before.start >= cued.anchor.left_edge.i:
            return _shifted(before, start)
        if after is not None:
            return _shifted(after, cued.end)
        if before is not None:
            return _shifted(before, start)
    return None


_ODDS_NOUNS = frozenset({"chance", "probability", "likelihood", "odds", "possibility", "risk"})


def _shifted(odds: Odds, by: int) -> Odds:
    return Odds(
        low=odds.low, high=odds.high, point=odds.point, start=odds.start + by, end=odds.end + by
    )


def _cues(draft: Draft, odds: Odds | None, condition: TokenSpan | None) -> tuple[Cue, ...]:
    found: dict[tuple[int, int], Cue] = {}
    conditions = draft.conditions if condition is not None else []
    for cued in (*draft.cues, *conditions):
        start = cued.start if cued.degree is None or cued.degree_at > cued.start else cued.degree_at
        found[start, cued.end] = Cue(
            span=TokenSpan(start, cued.end),
            lemma=cued.row.cue,
            form=cued.row.form,
            role=cued.row.role,
        )
    if odds is not None:
        words = draft.target.doc[odds.start : odds.end]
        found[odds.start, odds.end] = Cue(
            span=TokenSpan(odds.start, odds.end),
            lemma=" ".join(token.lower_ for token in words),
            form="numeric",
            role="hedge",
        )
    return tuple(found[key] for key in sorted(found))


_NOMINAL = frozenset({"object", "attributive", "phrase"})


def _speech_act(draft: Draft, around: Surroundings) -> SpeechAct:
    if around.in_heading(draft.target.i):
        return "headline"
    if syntax.is_question(draft.target.sent):
        return "question"
    words = (draft.target, *(cued.anchor for cued in draft.cues))
    return "imperative" if any(map(syntax.is_imperative, words)) else "assertion"


class PredictionFinder:
    """Finds what an article puts forward as not settled.

    Reads tags, morphology, the parse and sentences; dates, entities, quotes and the context where
    they are there; `doc.spans["claimline_hedges"]` (attrs `scores`) where the encoder left its
    votes. Writes `doc._.claimline_predictions`; read it with `layers.get_predictions`.

    | found | not found |
    |---|---|
    | modals of possibility or forecast | modals of ability, permission, duty, habit, politeness |
    | likely, expected to, seems, reportedly, doubt that | "appeared on stage", "than expected" |
    | a 70% chance, one in four, odds of three to one | scores, shares, ages |
    | if, unless, should it, were it to, without, barring | "asked if", "if any", "as if" |

    Example:
        >>> nlp = pipeline.load().nlp  # doctest: +SKIP
        >>> doc = nlp("Analysts doubt that the merger will go ahead.")  # doctest: +SKIP
        >>> [prediction] = layers.get_predictions(doc)  # doctest: +SKIP
        >>> prediction.polarity, prediction.likelihood.high  # doctest: +SKIP
        ('negative', 33.0)

    Scores (2026-11-30, the whole pipeline on raw text, embedded model of that day): gold/dev F1
    .86 (P .84, R .88), .75 with orientation, polarity and holder; of those found, proposition
    .86, likelihood .88, orientation .95, polarity .99, holder .93. gold/train .85 and
    gold/written .91, which weights and tagger have seen. Conditions and horizons over gold/dev
    and every fifth article of gold/written (the first, the sixth, ...): F1 .86 and .75.

    Known misses: plans and forecasts with "will" look alike to the parse (most false finds), as do
    generic and epistemic "can" (most of those missed); numbers without a noun of probability ("he
    settled on one in five"); ellipsis ("India may."); a prediction spread over two sentences.
    """

    def __init__(self, *, threshold: float, yardstick: Yardstick) -> None:
        self.threshold = threshold
        self.yardstick = yardstick

    def __call__(self, doc: Doc) -> Doc:
        """Store the predictions of a Doc."""
        found = find_predictions(
            doc, surroundings(doc), threshold=self.threshold, yardstick=self.yardstick
        )
        layers.set_predictions(doc, found)
        return doc


@Language.factory(
    "claimline_predictions",
    requires=["doc.sents", "token.dep", "token.tag", "token.lemma"],
    assigns=["doc._.claimline_predictions"],
    default_config=defaults("claimline_predictions"),
)
def make_predictions(
    nlp: Language, name: str, *, threshold: float, yardstick: str
) -> PredictionFinder:
    """The component `claimline_predictions`.

    Args:
        nlp: the pipeline that it joins.
        name: its name there.
        threshold: the confidence, 0 to 1, from which a candidate counts as a prediction.
        yardstick: whose percentages the words of probability stand for: "survey" for what readers
            take them to mean, or an official scale.

    Raises:
        ConfigError: there is no such yardstick.
    """
    for known in get_args(Yardstick):
        if yardstick == known:
            return PredictionFinder(threshold=threshold, yardstick=known)
    raise ConfigError(
        f"components.{name}.yardstick = {yardstick!r}: there is no such yardstick; choose from "
        f"{', '.join(get_args(Yardstick))}"
    )
