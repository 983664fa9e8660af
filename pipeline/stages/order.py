"""The order stage: which event the text says came before or after which.

Reads: the parse (through `language.syntax`), the dates and events of `layers`. Writes:
`doc._.claimline_order`.

Two things state an order. A connective joins two events ("resigned **after** the vote", "**before**
the talks collapsed, ...", "was arrested and **later** released", "the vote **preceded** the coup").
A pluperfect looks back from the simple past of its sentence ("said that rebels **had fled**").
Only events of the events stage, which have a date, can be ends of an order. What dates say of
the order of events is left to `pipeline.timeline`.

Measured on gold/train with the embedded model's parse: of 224 orders between any two verbs or event
nouns 202 are right. Of 182 connectives among those, 51 join dated events to anything and 3 to each
other: what limits the stage is how many events have dates.

Known misses: what "later" and "since then" look back to in the sentence before; "before" with those
before whom one speaks, taken for a time when their noun can name an event ("before the assembly").

Example:
    >>> import pipeline
    >>> text = "Ana Ruiz resigned in May 2014 after the vote on 5 May."
    >>> resigned, vote = pipeline.extract(text).of("event")  # doctest: +SKIP
    >>> [(o.relation, o.event == vote.id) for o in resigned.order]  # doctest: +SKIP
    [('after', True)]
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Literal

import msgspec
from spacy.language import Language
from spacy.tokens import Doc, Token

from ..language import syntax
from ..lexicons import rows
from ..records import Relation
from . import layers
from .findings import Date, Event, Order, TokenSpan


class OrderCue(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A row of `order.jsonl`.

    `kind`: "connective" (joins what it introduces to what that modifies: "after the vote"),
    "verb" (joins its subject to its object: "the vote followed the coup"), "adverb" (joins its
    clause to the one before: "and later left"), "scene" (opens a clause of the same time, from
    which a pluperfect looks back: "had left when"). `relation` is that of the modified clause, the
    subject, the adverb's clause or the pluperfect to the other. `forms` are a verb's other forms.
    `perfect`: the word opens a clause of time only beside a perfect, else a reason ("since").
    `until`: beside a negation the relation turns round ("did not leave until the vote").
    `example` marks two events, in brackets, of which the relation holds.
    """

    form: str
    forms: tuple[str, ...] = ()
    kind: Literal["connective", "verb", "adverb", "scene"]
    relation: Relation
    perfect: bool = False
    until: bool = False
    example: str


@lru_cache(maxsize=1)
def _cues() -> dict[str, list[tuple[tuple[str, ...], OrderCue]]]:
    """First word → the forms that begin with it, as words, with their rows; longest first."""
    found: dict[str, list[tuple[tuple[str, ...], OrderCue]]] = defaultdict(list)
    for row in rows("order", OrderCue):
        for form in (row.form, *row.forms):
            words = tuple(form.split())
            found[words[0]].append((words, row))
    for forms in found.values():
        forms.sort(key=lambda item: -len(item[0]))
    return dict(found)


@lru_cache(maxsize=1)
def _scenes() -> frozenset[str]:
    return frozenset(row.form for row in rows("order", OrderCue) if row.kind == "scene")


# The share of right ones among those that the stage finds between all verbs and event nouns of
# gold/train with the embedded model's parse, each read by hand: 141 of 156, 13 of 16, and 26 of 30
# pluperfects beside the 22 that look back from a verb of saying, which were all right. Tried and
# left out: for a connective hung on a noun that is no event, the verb above it (1 of 3).
_CONNECTIVE = 0.9
_ADVERB = 0.81
_PLUPERFECT = 0.87


def find_order(doc: Doc, events: Sequence[Event], dates: Sequence[Date]) -> list[Order]:
    """The order of events that a parsed Doc states; none without a parse.

    Args:
        doc: the parsed Doc.
        events: its events.
        dates: its dates; words of theirs ("two days" after the vote) join no events.

    Returns:
        At most one order for a pair of events, sorted by the place of its evidence. A connective
        goes before a pluperfect. Orders may contradict one another and the dates.
    """
    if len(events) < 2 or not syntax.has_parse(doc):
        return []
    reader = _Reader(doc, events, dates)
    found: dict[tuple[int, int], Order] = {}
    for order in reader.connected():
        # Of several words before one event, the last: "not until after the vote".
        found[_pair(order)] = order
    for order in reader.looking_back():
        found.setdefault(_pair(order), order)
    return sorted(found.values(), key=lambda o: (o.evidence.start, o.evidence.end, o.event))


def _pair(order: Order) -> tuple[int, int]:
    return min(order.event, order.other), max(order.event, order.other)


class _Reader:
    """Reads the order of the events of one Doc."""

    def __init__(self, doc: Doc, events: Sequence[Event], dates: Sequence[Date]) -> None:
        self.doc = doc
        self.events = events
        self.triggers: Mapping[int, int] = {
            span.start: index
            for index, event in reversed(list(enumerate(events)))
            for span in (event.trigger, *event.mentions)
        }
        self.dated = {i for date in dates for i in range(date.span.start, date.span.end)}

    def event_of(self, word: Token | None) -> int | None:
        """The event that a noun names or that a clause tells, the clause given by its predicate.

        A verb may leave its event to its subject ("the **vote** was held"), its object ("made a
        **visit**") or the clause that it opens ("began to **leave**").
        """
        if word is None:
            return None
        if word.i in self.triggers:
            return self.triggers[word.i]
        if not syntax.is_predicate(word):
            return None
        complement = syntax.complement_of(word)
        if complement is not None and not syntax.is_open_complement(complement):
            complement = None
        parts = (syntax.object_of(word), syntax.own_subject_of(word), complement)
        return next(
            (self.triggers[part.i] for part in parts if part and part.i in self.triggers), None
        )

    # -- connectives ----------------------------------------------------------------------------

    def connected(self) -> Iterator[Order]:
        """The orders that words of the lexicon state."""
        for start, end, cue in self._matches():
            if cue.kind == "connective":
                pairs = self._joined(start, end, cue)
            elif cue.kind == "verb":
                pairs = self._told_by_verb(self.doc[start])
            else:
                pairs = self._continued(self.doc[start])
            for event, other in pairs:
                yield from self._order(event, other, cue, TokenSpan(start, end))

    def _matches(self) -> Iterator[tuple[int, int, OrderCue]]:
        """Where the lexicon's forms stand, a longer one before a shorter one that it holds."""
        lows = [token.lower_ for token in self.doc]
        cues = _cues()
        for start, low in enumerate(lows):
            for words, cue in cues.get(low, ()):
                end = start + len(words)
                if cue.kind != "scene" and tuple(lows[start:end]) == words:
                    yield start, end, cue

    def _order(
        self, event: int | None, other: int | None, cue: OrderCue, evidence: TokenSpan
    ) -> Iterator[Order]:
        if event is None or other is None or event == other:
            return
        relation = cue.relation
        if self.events[other].polarity == "negative":
            return
        if self.events[event].polarity == "negative":
            if not cue.until:
                return  # "did not sign before the vote" leaves open whether they ever did
            relation = "after"
        confidence = _ADVERB if cue.kind == "adverb" else _CONNECTIVE
        yield Order(
            event=event, relation=relation, other=other, evidence=evidence, confidence=confidence
        )

    def _joined(
        self, start: int, end: int, cue: OrderCue
    ) -> Iterator[tuple[int | None, int | None]]:
        """What a connective introduces and what that modifies."""
        inner = self._introduced(start, end)
        other = self.event_of(inner)
        if inner is None or other is None:
            return
        outer = self._modified(inner, start, end)
        if outer is None:
            return
        if cue.perfect and syntax.is_predicate(inner) and not syntax.is_perfect(outer):
            return
        yield self.event_of(outer), other

    def _introduced(self, start: int, end: int) -> Token | None:
        """The noun or predicate that the connective at these tokens introduces."""
        for i in range(end - 1, start - 1, -1):
            found = syntax.introduced_by(self.doc[i])
            if found is not None and found.i >= end:
                return found
        last = self.doc[end - 1]
        clauses = syntax.relative_clauses(last)  # "by the time the army **arrived**"
        return clauses[0] if clauses else syntax.object_of(last)

    def _modified(self, inner: Token, start: int, end: int) -> Token | None:
        """What a noun or clause modifies, words of the connective and of dates passed over."""
        token = inner
        while not syntax.is_root(token):
            head = token.head
            # "after the vote and before the **strike**" modify the same clause.
            if start <= head.i < end or head.i in self.dated or syntax.is_conjunct(token):
                token = head
                continue
            return head
        return None

    def _told_by_verb(self, verb: Token) -> Iterator[tuple[int | None, int | None]]:
        """What a verb of order says of its subject and its object."""
        subject = self.event_of(syntax.subject_of(verb))
        if syntax.is_passive(verb) or syntax.is_passive_participle(verb):
            agent = syntax.agent_of(verb) or next(
                (noun for preposition, noun in syntax.obliques(verb) if preposition == "by"), None
            )
            yield self.event_of(agent), subject
        else:
            yield subject, self.event_of(syntax.object_of(verb))

    def _continued(self, adverb: Token) -> Iterator[tuple[int | None, int | None]]:
        """The clause of an adverb and the coordinated one before it."""
        if adverb.i in self.dated:
            return
        predicate = syntax.predicate_of(adverb)
        event = self.event_of(predicate)
        if event is None or predicate.i == adverb.i:
            return
        before = [other for other in syntax.conjuncts(predicate) if other.i < predicate.i]
        if before:
            yield event, self.event_of(before[-1])

    # -- pluperfect -----------------------------------------------------------------------------

    def looking_back(self) -> Iterator[Order]:
        """The orders that a pluperfect states: before the nearest simple past of its sentence."""
        for place, event in sorted(self.triggers.items()):
            predicate = self.doc[place]
            if not syntax.is_predicate(predicate):
                predicate = syntax.clause_head(predicate)
                if self.event_of(predicate) != event:
                    continue
            auxiliary = syntax.pluperfect_auxiliary(predicate)
            if auxiliary is None or not _is_told(self.events[event]):
                continue
            subject = syntax.own_subject_of(predicate)
            if subject is not None and auxiliary.i < subject.i:
                continue  # "had it rained": a condition
            for now in self._simple_pasts(predicate):
                other = self.event_of(now)
                if other is not None and other != event:
                    start, end = sorted((auxiliary.i, predicate.i))
                    yield Order(
                        event=event,
                        relation="before",
                        other=other,
                        evidence=TokenSpan(start, end + 1),
                        confidence=_PLUPERFECT,
                    )
                    break

    def _simple_pasts(self, predicate: Token) -> Iterator[Token]:
        """The clauses in the simple past that a pluperfect looks back from, nearest first."""
        for marker, clause in syntax.adverbial_clauses(predicate):
            if marker in _scenes() and _is_simple_past(clause):
                yield clause
        token = predicate
        while not syntax.is_root(token):
            token = syntax.clause_head(token.head)
            if _is_simple_past(token):
                yield token


def _is_told(event: Event) -> bool:
    """Whether an event is told as one that took place; "if it had rained" did not."""
    return event.polarity == "positive" and event.status != "hypothetical"


def _is_simple_past(predicate: Token) -> bool:
    return syntax.tense(predicate) == "past" and not syntax.is_perfect(predicate)


class OrderFinder:
    """spaCy component: the stated order of the events of a Doc."""

    def __call__(self, doc: Doc) -> Doc:
        """Find the stated order of a Doc's events and store it."""
        order = find_order(doc, layers.get_events(doc), layers.get_dates(doc))
        layers.set_order(doc, order)
        return doc


@Language.factory(
    "claimline_order",
    requires=["doc._.claimline_events", "doc._.claimline_dates", "token.dep"],
    assigns=["doc._.claimline_order"],
)
def make_order(nlp: Language, name: str) -> OrderFinder:
    """The component; loads the lexicon."""
    _cues()
    return OrderFinder()


__all__ = ["OrderCue", "OrderFinder", "find_order", "make_order"]
