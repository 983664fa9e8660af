"""Whether a cue carries a prediction here: ability or possibility, plan or forecast, duty or guess.

One decision with a confidence: the prior of the cue's row (how often it carries a prediction), the
evidence of the parse (`lexicons/senses.jsonl`, a weight for each feature in the log-odds, by group
of cues), and the votes of the encoder's tagger where it has left them.

`pipeline.train.evidence` fits the weights (logistic regression, L2) to the articles of gold/train
and gold/written, around expectations where these show a sense too rarely to learn it (permission,
wishes, habits, "must have left"). The encoder's readings of cues (`heads.py`) are fitted with them:
it has learned these from other sentences (corpus/readings.jsonl). The weights of the tagger's votes
were set on gold/dev, since it has learned from the other two.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Literal

import msgspec
from spacy.tokens import Doc, Token

from ..language import syntax
from ..language.heads import head
from ..lexicons import rows
from .hedges import Cued

VOTES = "claimline_hedges"
READINGS = "claimline_readings"
_READINGS = head("readings").types


class Weight(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of `senses.jsonl`: what a feature adds to the log-odds of the cues of a group."""

    group: str
    feature: str
    weight: float


class VerbClass(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of `verb_classes.jsonl`: what kind of thing a verb says.

    `outcome`: what comes about by itself (rise, collapse, prove), which one forecasts; `act`: what
    someone does on purpose, which one plans; `schedule`: what a timetable says; `perception`: what
    one is able to do (see, afford).
    """

    verb: str
    classes: tuple[Literal["outcome", "act", "schedule", "perception"], ...]


@lru_cache(maxsize=1)
def _verb_classes() -> dict[str, tuple[str, ...]]:
    return {row.verb: row.classes for row in rows("verb_classes", VerbClass)}


@lru_cache(maxsize=1)
def _weights() -> dict[tuple[str, str], float]:
    return {(row.group, row.feature): row.weight for row in rows("senses", Weight)}


_MODALS = frozenset({"will", "would", "could", "may", "might", "can", "should", "must", "shall"})
_OPINION = frozenset({"believe", "think", "guess", "suppose", "feel", "hope", "fear", "imagine"})


def group_of(cued: Cued) -> str:
    """The group of cues whose weights apply: the modal itself, opinion verbs, boosters, a form."""
    row = cued.row
    if row.cue in _MODALS:
        return row.cue
    if row.cue in _OPINION and row.form == "verb":
        return "opinion"
    return "booster" if row.role == "booster" else row.form


def features(
    cued: Cued, *, dated: bool, conditioned: bool, concord: bool, quoted: str
) -> list[str]:
    """What the parse says about a cue, as names of weights.

    Args:
        cued: the cue.
        dated: a date that lies ahead stands in its clause.
        conditioned: a condition limits it.
        concord: another cue of the same proposition would carry a prediction alone.
        quoted: "direct", "indirect" or "mixed" where it stands in a quotation, else "".
    """
    target = cued.target
    found = [f"frame-{cued.frame}"]
    subject = syntax.subject_of(target)
    found.append(f"subject-{_kind(subject)}")
    if subject is not None and subject.tag_ == "NNS" and syntax.determiner_of(subject) is None:
        found.append("subject-bare-plural")
    if subject is not None and cued.frame == "clause" and cued.start < subject.i < target.i:
        found.append("inverted")  # "May God help us", "Would you"
    if target.pos_ == "PRON":
        found.append("target-pronoun")
    if cued.frame == "of" and syntax.has_infinitive_marker(target):
        found.append("opportunity")  # "a chance to win"
    if any(word.lower_ in _FREQUENCY for word in syntax.adverbs(target)):
        found.append("habitual")
    time = syntax.tense(syntax.clause_head(target))
    found.append(f"tense-{time or 'none'}")
    if syntax.is_perfect(target):
        found.append("perfect")
    if syntax.is_negated(target) or cued.denied:
        found.append("negated")
    if syntax.is_passive(target):
        found.append("passive")
    if syntax.copula_of(target) is not None or target.lemma_ == "be":
        found.append("copular")
    elif target.tag_ == "VBG":
        found.append("progressive")
    if syntax.is_question(target.sent):
        found.append("question")
    if quoted:
        found.append(f"quoted-{quoted}")
    if dated:
        found.append("dated")
    if conditioned:
        found.append("conditioned")
    if concord:
        found.append("concord")
    if syntax.noun_described_by(target) is not None:
        found.append("relative")
    marker = syntax.marker_of(target)
    if marker in _OPENERS:
        found.append(f"marker-{_OPENERS[marker]}")
    found += [f"verb-{kind}" for kind in _verb_classes().get(target.lemma_, ())]
    governor = syntax.governor_of(target)
    if governor is not None:
        found.append(f"governed-{syntax.tense(governor) or 'untensed'}")
        if subject is not None and subject.lower_ in _SELVES and governor.i < target.i:
            found.append("self-report")  # "the firm said it would": a plan rather than a forecast
    elif syntax.modified_clause(target) is not None:
        found.append("adverbial")
    root = target.sent.root
    if syntax.tense(root) == "past":
        found.append("past-sentence")
    if cued.anchor.i == target.sent.start:
        found.append("first-word")
    return found


_OPENERS = {
    "so": "purpose",
    "so that": "purpose",
    "in order that": "purpose",
    "if": "if",
    "whether": "if",
    "unless": "if",
    "what": "question",
    "how": "question",
    "when": "time",
    "where": "question",
    "why": "question",
    "as": "as",
    "before": "time",
    "until": "time",
    "after": "time",
    "than": "as",
    "because": "cause",
    "that": "that",
}
_FREQUENCY = frozenset(
    {"always", "often", "usually", "ordinarily", "sometimes", "frequently", "regularly", "daily"}
)
_SELVES = frozenset({"i", "we", "he", "she", "it", "they"})
_PERSONS = {
    "i": "first",
    "we": "first",
    "you": "second",
    "he": "third",
    "she": "third",
    "they": "third",
    "it": "it",
    "this": "it",
    "that": "relative",
    "which": "relative",
    "who": "relative",
    "there": "it",
    "what": "question",
}


def _kind(subject: Token | None) -> str:
    if subject is None:
        return "none"
    known = _PERSONS.get(subject.lower_)
    if known is not None:
        return known
    if subject.pos_ == "PROPN":
        return "name"
    return "noun" if subject.pos_ == "NOUN" else "other"


def evidence(cued: Cued, names: Iterable[str], votes: Votes) -> Iterator[tuple[str, float]]:
    """What speaks for and against a prediction, by name, in log-odds: the terms of a sum."""
    weights = _weights()
    group = group_of(cued)
    prior = min(max(cued.row.prior, 0.01), 0.99)
    yield "prior", math.log(prior / (1 - prior))
    yield "bias", weights.get((group, "bias"), 0.0)
    for name in names:
        yield name, weights.get((group, name), 0.0) + weights.get(("any", name), 0.0)
    if votes.present:
        vote = votes.of(cued.start, cued.end)
        yield "tagger", weights[("vote", "bias")] + weights[("vote", "score")] * vote
    for reading, likely in votes.readings(cued.start, cued.end):
        yield f"read as {reading}", weights.get(("reading", reading), 0.0) * likely


def log_odds(cued: Cued, names: Iterable[str], votes: Votes) -> float:
    """The log-odds that the cue carries a prediction."""
    total = 0.0
    for _, weight in evidence(cued, names, votes):
        total += weight
    return total


class Votes:
    """The tagger's score of every token and its readings; absent where no tagger has run."""

    def __init__(self, doc: Doc) -> None:
        stored: Any = doc.user_data.get(READINGS, ())
        self._readings: dict[int, list[float]] = dict(stored)
        self.present = VOTES in doc.spans
        self.scores: dict[int, float] = {}
        if self.present:
            group = doc.spans[VOTES]
            scores = group.attrs.get("scores") or [1.0] * len(group)
            for span, score in zip(group, scores, strict=True):
                for at in range(span.start, span.end):
                    self.scores[at] = max(self.scores.get(at, 0.0), float(score))

    def of(self, start: int, end: int) -> float:
        """The highest score of the tokens, 0 where the tagger saw none."""
        return max((self.scores.get(at, 0.0) for at in range(start, end)), default=0.0)

    def readings(self, start: int, end: int) -> list[tuple[str, float]]:
        """How the tokens are read, with probabilities: of the one most surely read of them."""
        read = [self._readings[at] for at in range(start, end) if at in self._readings]
        best = max(read, key=sum, default=None)
        return [] if best is None else list(zip(_READINGS, best, strict=True))


def probability(log_odds_: float) -> float:
    """The probability of log-odds, safe for large ones."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds_))))
