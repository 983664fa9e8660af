"""Whether a cue carries a prediction here: ability or possibility, plan or forecast, duty or guess.

One decision with a confidence: the prior of the cue's row (how often it carries a prediction), the
evidence of the parse (`lexicons/senses.jsonl`, a weight for each feature in the log-odds, by group
of cues), and the votes of the encoder's tagger where it has left them.

`pipeline.train.evidence` fits the weights (logistic regression, L2) to the articles of gold/train
and gold/written, around expectations where these show a sense too rarely to learn it (permission,
wishes, habits, "must have left"). The encoder's readings of cues (`heads.py`) are fitted with them:
it has learned these from other sentences (corpus/readings). The weights of the tagger's votes
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
from .drafts import Draft, Surroundings
from .findings import Date
from .gazetteer import gazetteer
from .hedges import Cued
from .referents import kind_of_noun

VOTES = "claimline_hedges"
READINGS = "claimline_readings"
READ = "read"
"""The feature that the encoder's reading of a cue is: its log-odds of a prediction."""

_READINGS = head("readings").types
_PREDICTIVE = ("hedge", "forecast", "conditional")
_SUREST = 0.01  # nearer to certain than this a reading counts no more


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


class Emotive(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of `emotives.jsonl`: an adjective or noun that judges a fact told after it.

    "It is odd that she **would** write", "a shame that they **should** lose it": nothing is
    foretold (putative "should": Quirk et al. 1985, 14.25).
    """

    word: str


@lru_cache(maxsize=1)
def _emotives() -> frozenset[str]:
    return frozenset(row.word for row in rows("emotives", Emotive))


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


def features(cued: Cued, draft: Draft, around: Surroundings) -> list[str]:
    """What the parse and the other stages say about a cue, as names of weights.

    Args:
        cued: the cue.
        draft: the proposition that it is a cue of.
        around: what the other stages found.
    """
    target = cued.target
    found = [f"frame-{cued.frame}"]
    found += _of_subject(cued, around)
    found += _of_clause(cued, draft)
    if cued.row.governs == "complement":
        found += _of_cue(cued, around)
    found += sorted({_of_date(date, around) for date in _dates_of(draft.target, around)} - {""})
    quote = around.quote_at(cued.anchor.i)
    if quote is not None:
        found.append(f"quoted-{around.quotes[quote].type}")
    if draft.conditions:
        found.append("conditioned")
    others = [
        other
        for other in draft.cues
        if other is not cued and other.row.prior >= 0.5 and not _repeats(other, cued)
    ]
    if others:
        beliefs = all(other.row.form == "verb" and other.row.holder for other in others)
        found.append("believed" if beliefs else "concord")
    if any(other is not cued and group_of(other) in _DUTY for other in draft.cues):
        found.append("with-duty")  # "we think that they should leave"
    if target.pos_ == "PRON":
        found.append("target-pronoun")
    if cued.anchor.i == target.sent.start:
        found.append("first-word")
    return found


def _repeats(other: Cued, cued: Cued) -> bool:
    """Whether one modal says another again of a second verb ("will wait and **will** see")."""
    return other.row is cued.row and other.target.i != cued.target.i


def _of_subject(cued: Cued, around: Surroundings) -> Iterator[str]:
    """Who or what it is said of."""
    target = cued.target
    subject = syntax.subject_of(target)
    yield f"subject-{_kind(subject)}"
    if subject is None:
        return
    if subject.tag_ == "NNS" and syntax.determiner_of(subject) is None:
        yield "subject-bare-plural"
    if subject.pos_ in ("NOUN", "PROPN") and not syntax.is_passive(target):
        agent = _agent(subject, around)
        yield f"agent-{agent}"
        if agent == "person" and _is_anyone(subject):
            yield "agent-generic"  # "**a** tenant may", "**visitors** may"
    if cued.row.form == "modal" and cued.start < subject.i < target.i:
        yield "inverted"  # "May God help us", "Would you"
    governor = syntax.governor_of(target)
    if governor is not None and subject.lower_ in _SELVES and governor.i < target.i:
        yield "self-report"  # "the firm said it would": a plan rather than a forecast


def _of_clause(cued: Cued, draft: Draft) -> Iterator[str]:
    """Tense, voice, verb and place of the clause that the cue governs."""
    target = cued.target
    yield f"tense-{syntax.tense(syntax.clause_head(target)) or 'none'}"
    perfect = syntax.is_perfect(target)
    if perfect:
        yield "perfect"
    copular = syntax.copula_of(target) is not None or target.lemma_ == "be"
    state = cued.frame == "clause" and (copular or perfect)
    if syntax.is_negated(target):
        yield "negated"
        if state:
            yield "negated-state"  # "it cannot be a coincidence" guesses
    if syntax.is_passive(target):
        yield "passive"
    if copular:
        yield "copular"
        if state and target.pos_ in ("NOUN", "NUM", "PROPN"):
            yield "copular-noun"  # "she must be the new organist" guesses
    elif target.tag_ == "VBG":
        yield "progressive"
    adverbs = {word.lower_ for word in syntax.adverbs(target)}
    if adverbs & _FREQUENCY:
        yield "habitual"
    if adverbs & _OPEN:
        yield "open"  # "they could still walk away"
    if any(preposition == "under" for preposition, _ in syntax.obliques(target)):
        yield "under"  # "under the charter members may": a rule
    question = syntax.is_question(target.sent)
    if question:
        yield "question"
        if state:
            yield "question-of-state"  # "could it have been moved?" guesses
    before = _before_subject(target)
    # The parse may have "so" right before the subject as an adverb.
    marker = syntax.marker_of(target) or ("so" if before and before.lower_ == "so" else None)
    if marker in _OPENERS:
        yield f"marker-{_OPENERS[marker]}"
    for kind in _verb_classes().get(target.lemma_, ()):
        yield f"verb-{kind}"
    governor = syntax.governor_of(target)
    if governor is not None:
        yield f"governed-{syntax.tense(governor) or 'untensed'}"
        judging = (syntax.predicative_of(governor), *syntax.complements_of(governor))
        if any(word.lemma_ in _emotives() for word in judging):
            yield "putative"
    elif syntax.modified_clause(target) not in (None, cued.anchor):
        yield "adverbial"
    if not question and _is_asked(target, before):
        yield "embedded-question"
    if cued.frame == "clause" and syntax.noun_described_by(target) is not None:
        yield "relative"
    if syntax.tense(target.sent.root) == "past":
        yield "past-sentence"
    if any(map(_is_told, [*syntax.conjuncts(target), *_circumstances(target)])):
        yield "past-beside"  # "could see the smoke and **did** nothing"


def _before_subject(target: Token) -> Token | None:
    """The word before a clause's subject in the same sentence, where that comes before its head."""
    subject = syntax.subject_of(target)
    if subject is None:
        return None
    first = syntax.phrase_span(subject)[0]
    return target.doc[first - 1] if target.sent.start < first < target.i else None


def _is_asked(target: Token, before: Token | None) -> bool:
    """Whether a clause is an embedded question, by its words, for the parse has it as many things.

    "**What** the town will look like", "**how far** it may spread", "asked **who** would win", but
    not a clause that a copula identifies: "**what** the wall will do is teach".

    Args:
        target: head of the clause, in a sentence that is no question.
        before: the word before its subject.
    """
    subject = syntax.subject_of(target)
    if subject is not None and subject.tag_ == "WP" and syntax.noun_described_by(target) is None:
        asks = subject.lower_ in _ASKING and syntax.governor_of(target) is not None
    elif before is None:
        return False
    elif before.tag_ in ("WP", "WRB"):
        asks = before.lower_ in _ASKING or syntax.governor_of(target) is not None
    else:
        at = before.i - 1
        noun = before.pos_ in ("NOUN", "ADJ", "ADV") and at >= 0
        asks = noun and before.doc[at].lower_ in _ASKING
    identified = target.i < target.head.i and syntax.copula_of(target.head) is not None
    return asks and not identified


def _circumstances(target: Token) -> Iterator[Token]:
    """The adverbial clauses of a clause that set no condition."""
    for marker, clause in syntax.adverbial_clauses(target):
        if marker not in ("if", "unless"):
            yield clause


def _is_told(clause: Token) -> bool:
    """Whether a clause tells of the past, rather than of what has come about by now."""
    if syntax.tense(clause) != "past":
        return False
    return not syntax.is_perfect(clause) or syntax.pluperfect_auxiliary(clause) is not None


def _of_cue(cued: Cued, around: Surroundings) -> Iterator[str]:
    """The clause of a cue that governs another, and its noun phrase."""
    anchor = cued.anchor
    if cued.denied:
        yield "denied"
    if cued.row.form == "noun":
        determiner = syntax.determiner_of(anchor)
        if determiner is not None and determiner.tag_ == "DT" and determiner.lower_ in _POINTING:
            yield "pointed-at"  # "they discussed this possibility"
        if cued.frame == "of" and syntax.has_infinitive_marker(cued.target):
            yield "infinitive"
    if cued.row.form != "verb":
        return
    if cued.frame == "object" and cued.target.pos_ in ("NOUN", "PROPN"):
        yield f"object-{_agent(cued.target, around)}"
    if cued.frame not in ("content", "control", "clause"):
        return
    yield f"holder-{_kind(syntax.subject_of(anchor))}"
    yield f"held-{syntax.tense(anchor) or 'none'}"
    if any(auxiliary.tag_ == "MD" for auxiliary in syntax.auxiliaries(anchor)):
        yield "held-modal"  # "you would think", "they cannot believe"
    if syntax.marker_of(anchor) in ("if", "whether", "unless"):
        yield "held-if"


def _dates_of(target: Token, around: Surroundings) -> Iterator[Date]:
    """The dates that stand in a clause itself, not in one inside it."""
    head = syntax.clause_head(target).i
    for i in around.dates_in(target.left_edge.i, target.right_edge.i + 1):
        date = around.dates[i]
        if syntax.clause_head(target.doc[date.span.end - 1]).i in (target.i, head):
            yield date


def _of_date(date: Date, around: Surroundings) -> str:
    if date.type == "SET":
        return "recurring"
    if date.type not in ("DATE", "DURATION"):
        return ""
    if date.value == "PRESENT_REF":
        return "dated-now"
    if date.value == "PAST_REF" or around.is_past(date):
        return "dated-past"
    return "dated" if date.type == "DATE" else "lasting"


def _is_anyone(noun: Token) -> bool:
    """Whether a noun stands for whoever is such a one: "**a** member", "**tenants**"."""
    determiner = syntax.determiner_of(noun)
    if determiner is None:
        return noun.pos_ == "NOUN" and noun.left_edge.i == noun.i
    return determiner.lower_ in _ANY


_ANY = frozenset({"a", "an", "any", "each", "every", "no"})


def _agent(noun: Token, around: Surroundings) -> str:
    """What a noun stands for: who can act on purpose, alone or together, or a thing."""
    entity = around.mentions.get(noun.i)
    if entity is not None:
        return _AGENTS.get(around.entities[entity].type, "thing")
    kind = kind_of_noun(noun, gazetteer())
    return "thing" if kind is None else _AGENTS.get(kind, "thing")


_AGENTS = {
    "PERSON": "person",
    "person": "person",
    "people": "person",
    "NORP": "person",
    "ORG": "body",
    "GPE": "body",
    "organisation": "body",
    "place": "body",
}
_DUTY = frozenset({"should", "must"})
_POINTING = frozenset({"this", "that", "these", "those", "such"})
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
    "whenever": "habit",
    "than": "as",
    "because": "cause",
    "that": "that",
}
_ASKING = frozenset({"what", "which", "who", "whose", "how", "why"})
_FREQUENCY = frozenset(
    {"always", "often", "usually", "ordinarily", "sometimes", "frequently", "regularly", "daily"}
)
_OPEN = frozenset({"still", "yet", "easily", "well", "soon"})
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
    read = votes.read(cued)
    if read is not None:
        reading, odds = read
        weight = weights.get((group, READ), 0.0) + weights.get(("any", READ), 0.0)
        yield f"read as {reading}", weight * odds


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

    def read(self, cued: Cued) -> tuple[str, float] | None:
        """How the encoder reads a cue: the likeliest reading, the log-odds of a prediction.

        Of several words the one most surely read counts; of an idiom none, for its words say what
        they would alone ("as far as I **can** see"). The odds are those of the readings `hedge`,
        `forecast` and `conditional` against all others.
        """
        if cued.row.form == "idiom":
            return None
        words = range(cued.start, cued.end)
        found = [self._readings[at] for at in words if at in self._readings]
        best = max(found, key=sum, default=None)
        if best is None:
            return None
        likely = dict(zip(_READINGS, best, strict=True))
        share = min(max(sum(likely[name] for name in _PREDICTIVE), _SUREST), 1 - _SUREST)
        return max(likely, key=lambda name: likely[name]), math.log(share / (1 - share))


def probability(log_odds_: float) -> float:
    """The probability of log-odds, safe for large ones."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds_))))
