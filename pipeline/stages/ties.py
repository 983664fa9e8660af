"""Which date a clause gives its event: the ties between triggers and dates within a sentence.

*Own*: the date modifies the trigger, or the verb that leaves its event to it. *Inherited*: handed
on from a trigger or a state with a date through open complements, coordination, adverbial clauses
and arguments to one without a time of its own, never out of or into what a reporting verb
introduces. Reads the parse through `language.syntax`.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from functools import lru_cache

import msgspec
from spacy.tokens import Doc, Token

from ..language import syntax
from ..lexicons import rows
from ..records import Link
from .findings import Date, TokenSpan
from .reporting import Venue
from .triggers import WIDEST, Words


@lru_cache(maxsize=1)
def _documents() -> frozenset[str]:
    """What things are said and written in ("memo", "interview"), loaded once a process."""
    return frozenset(row.noun for row in rows("venues", Venue))


# Adverbial clauses that happen together with their main clause.
_SIMULTANEOUS = frozenset({"", "when", "as", "while", "whilst", "where", "by"})
# Phrases whose event happens together with what their verb tells.
_AT_EVENT = frozenset({"in", "at", "during", "on"})
_NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "SYM"})
_DAYS = frozenset({"day", "hour", "minute"})
_UNEQUALLED = frozenset({"first", "only", "last"})
_IN_DOCUMENT = frozenset({"in", "at", "during", "to"})
# A date after these is compared with or spoken about: it times nothing.
_TIMELESS = frozenset({"to", "from", "about", "despite", "than", "like", "unlike", "versus"})

# Confidence of each way to tie a date: the share of such ties that the annotators of 125 training
# and 14 development articles made too, with the embedded model's parse. Those of
# when-clauses and of verbs with a dated subject are from the articles written for the project as
# well (13 of 19, 6 of 9); implicative verbs are too few to measure (1 of 4). Tried and left out:
# the first of two coordinated verbs before a date, clauses side by side, coordinated event nouns,
# relative clauses, any noun after "there was".
_OWN_VERB = 0.82
_OWN_NOUN = 0.73
_REPAIRED = 0.58
_COMPLEMENT = 0.5
_FRONTED = 0.59
_COORDINATED = 0.22
_COORDINATED_BEFORE = 0.67
_MARKED_CLAUSE = 0.7
_PARTICIPLE = 0.53
_MAIN_OF_CLAUSE = 0.43
_WHEN_CLAUSE = 0.68
_NOUN_BEFORE = 0.79
_VERB_OF_SUBJECT = 0.67
_VERB_OF_PHRASE = 0.56
_EVENT_PHRASE = 0.3
_ARGUMENT = 0.2


class Tie(msgspec.Struct, frozen=True):
    """A trigger with the date it is tied to."""

    trigger: Token
    date: int
    link: Link
    confidence: float


def own_ties(
    doc: Doc, index: int, date: Date, words: Words, now: str | None, busy: AbstractSet[int]
) -> Iterator[Tie]:
    """What a date modifies itself, and what shares the time of a state that it modifies.

    Args:
        doc: the parsed Doc.
        index: the date's place among the dates.
        date: the date.
        words: what names an event.
        now: the last day of writing, ISO, None when not known.
        busy: words that some date or length says the time of.
    """
    head = head_of(doc, date.span)
    if _is_compared(doc, date):
        return
    if syntax.copula_of(head) is not None or syntax.is_root(head):
        # "The vote is on Friday."
        subject = syntax.own_subject_of(head)
        if subject is not None and words.is_event_noun(subject):
            yield Tie(subject, index, "own", _OWN_VERB)
        return
    governor = syntax.phrase_governor(head)
    copula = syntax.copula_of(governor)
    # "It was before the **2014** vote" dates the noun of the predicate.
    within = copula is not None and copula.i < date.span.start < governor.i
    if governor.pos_ in _NOMINAL and (within or not syntax.is_predicate(governor)):
        yield from _ties_by_noun(doc, index, date, words, governor)
    elif not syntax.is_object(head) and not _is_timeless(date, head):
        # Not "remember **1968**", "compared to **2008**".
        predicate = _timed_predicate(doc, date, governor)
        brought = syntax.object_of(predicate) if syntax.is_subject(head) else None
        if brought is not None and words.is_event_noun(brought):
            # "The **1990s** saw a thaw": the event is what the time brought.
            yield Tie(brought, index, "own", _OWN_NOUN)
        else:
            yield from _ties_by_predicate(index, date, words, now, busy, predicate)


def _is_timeless(date: Date, head: Token) -> bool:
    """Whether a date only measures, compares or is spoken about, by the preposition before it.

    That of "from May to July" is its own and part of it.
    """
    outside = [t.lower_ for t in syntax.prepositional_tokens(head) if t.i < date.span.start]
    return " ".join(outside) in _TIMELESS


def _ties_by_noun(doc: Doc, index: int, date: Date, words: Words, governor: Token) -> Iterator[Tie]:
    """What a date times that hangs on a noun."""
    if words.is_event_noun(governor):
        yield Tie(governor, index, "own", _OWN_NOUN)
        return
    if date.span.start < governor.i:
        # "wrote in a May 1999 memo": the document dates what it says.
        verb = syntax.phrase_governor(governor)
        if (
            verb.pos_ == "VERB"
            and syntax.preposition_of(governor) in _IN_DOCUMENT
            and governor.lemma_.lower() in _documents()
        ):
            yield Tie(verb, index, "own", _VERB_OF_PHRASE)
        if not _has_preposition(doc, date, governor):
            return  # "the **1967** border"
    # A phrase at the end of a clause is often hung on the last noun before it, one that opens a
    # clause on its subject ("by 1969 **engineers** had lowered the lake").
    predicate = syntax.clause_head(governor)
    if predicate.i != governor.i:
        named = _named_before(date, predicate, words)
        for trigger in words.triggers_of(predicate) if named is None else (named,):
            yield Tie(trigger, index, "own", _REPAIRED)


def _has_preposition(doc: Doc, date: Date, governor: Token) -> bool:
    """Whether a date before a noun has a preposition of its own: not "in 2014 **polls**"."""
    start = date.span.start
    if doc[start].pos_ == "ADP" or start == 0:
        return doc[start].pos_ == "ADP"
    others = {token.i for token in syntax.prepositional_tokens(governor)}
    return doc[start - 1].pos_ == "ADP" and start - 1 not in others


def _ties_by_predicate(
    index: int,
    date: Date,
    words: Words,
    now: str | None,
    busy: AbstractSet[int],
    predicate: Token,
) -> Iterator[Tie]:
    """What a date times that hangs on a predicate."""
    named = _named_before(date, predicate, words)
    if named is not None:
        yield Tie(named, index, "own", _OWN_NOUN)
        return
    past = now is not None and date.latest is not None and date.latest < now
    complement = syntax.complement_of(predicate)
    if complement is not None:
        # "Is due to **resume** on Monday", "tomorrow they plan to **meet**".
        shared = syntax.is_open_complement(complement)
        planned = shared and not past and predicate.lower_ in words.lexicon.ahead
        # "For last year Ford says it **lost** money": the present is not told of the past.
        present = syntax.tense(predicate) == "present" and not syntax.auxiliaries(predicate)
        if planned or (past and present and not shared):
            predicate = complement
    if _is_ahead_of(predicate, date, words, now):
        thing = syntax.object_of(predicate)
        if thing is not None and words.is_event_noun(thing):
            yield Tie(thing, index, "own", _OWN_NOUN)
        return
    triggers = words.triggers_of(predicate)
    for trigger in triggers:
        yield Tie(trigger, index, "own", _OWN_VERB)
    if not triggers:
        # "By 1990 they had no arms and had **left**": a state names no event, but has a time.
        yield from inherited_ties(Tie(predicate, index, "own", _OWN_VERB), date, words, busy)
    before = _last_noun_before(date, predicate)
    if before is not None and words.is_event_noun(before):
        # "Collapsed before the **invasion** in 2003": the date is hung on the verb, but may be the
        # noun's, or both happened then.
        yield Tie(before, index, "own", _NOUN_BEFORE)
    if predicate.pos_ == "ADJ":
        # "It was quiet in August as the rebels **took** the city."
        for marker, clause in syntax.adverbial_clauses(predicate):
            if marker in _SIMULTANEOUS and marker:
                for trigger in words.triggers_of(clause):
                    yield Tie(trigger, index, "inherited", _MARKED_CLAUSE)


def _is_ahead_of(predicate: Token, date: Date, words: Words, now: str | None) -> bool:
    """Whether a time that runs ahead of the writing cannot be that of a verb in the past.

    "Announced **cuts** over the next four years"; but "this year", of which a part is past, can.
    """
    if now is None or date.earliest is None or date.latest is None:
        return False
    behind, ahead = _year(now) - _year(date.earliest), _year(date.latest) - _year(now)
    if date.earliest <= now and ahead <= behind:
        return False
    return syntax.tense(predicate) == "past" and predicate.lower_ not in words.lexicon.ahead


def _year(day: str) -> int:
    """The year of an ISO day, which may have a sign and more than four digits."""
    return int(day[:-6])


def _is_compared(doc: Doc, date: Date) -> bool:
    """Whether a "since" only says how long nothing like it was: "its **first** loss since 1992"."""
    start = date.span.start
    if doc[start].lower_ != "since":
        return False
    for token in reversed(doc[max(0, start - WIDEST) : start]):
        if token.lower_ in _UNEQUALLED or token.tag_ in ("JJS", "RBS"):
            return True
        if token.pos_ in ("VERB", "AUX") or doc[token.i + 1].is_sent_start:
            return False
    return False


def explained_by(doc: Doc, index: int, date: Date, words: Words) -> Iterator[Tie]:
    """The clause that says what happened then: "in May, **when** a blast killed ten".

    After "since May" it speaks of May, which has no record of its own.
    """
    if date.earliest is None or date.latest is None:
        return
    for token in doc[date.span.end : date.span.end + 2]:
        if token.lower_ == "when":
            for trigger in words.triggers_of(syntax.clause_head(token)):
                yield Tie(trigger, index, "inherited", _WHEN_CLAUSE)
        if not token.is_punct:
            return


def _named_before(date: Date, predicate: Token, words: Words) -> Token | None:
    """The event noun that a date follows between subject and verb: "a **storm** yesterday sank".

    Reporters put the day of the verb there as well, but after a name: "Boeing on Tuesday said".
    """
    subject = syntax.own_subject_of(predicate)
    start = date.span.start
    if subject is None or not subject.i < start < predicate.i:
        return None
    for token in reversed(predicate.doc[max(subject.i, start - WIDEST) : start]):
        if token.is_punct:
            return None
        if words.is_event_noun(token) and (token.pos_ == "NOUN" or token.i in words.named):
            return token
    return None


def _last_noun_before(date: Date, predicate: Token) -> Token | None:
    """The noun of the predicate's prepositional phrase that a date follows directly."""
    doc, i = predicate.doc, date.span.start - 1
    while i > predicate.i and (doc[i].is_punct or doc[i].pos_ == "ADP"):
        i -= 1
    token = doc[max(i, 0)]
    for _ in range(WIDEST):
        if token.i <= predicate.i:
            break
        if syntax.preposition_of(token) and syntax.phrase_governor(token).i == predicate.i:
            # "Filed for **bankruptcy** on Monday": what is asked for comes about later, if ever.
            return None if syntax.preposition_of(token) == "for" else token
        token = token.head
    return None


def timed_by(doc: Doc, date: Date) -> Token | None:
    """The word that a date says the time of, whether the date has a place or not; None for none."""
    if _is_compared(doc, date):
        return None
    return _timed_predicate(doc, date, syntax.phrase_governor(head_of(doc, date.span)))


def _timed_predicate(doc: Doc, date: Date, governor: Token) -> Token:
    """The predicate that a date says the time of.

    A date between a verb and the clause that it introduces is the verb's, wherever the parse hangs
    it: "**said** on Tuesday that sales fell"; a day even without "that": "**said** Tuesday sales
    fell", but not "estimated by 2050 sales would fall".
    """
    predicate = syntax.predicate_of(governor)
    main = syntax.modified_clause(predicate)
    if main is not None and main.i < date.span.start and _closes(doc, date, predicate):
        # "Was denied entry until last week, **drawing** protest."
        return main
    verb = syntax.governor_of(predicate)
    if verb is None or verb.pos_ != "VERB" or not verb.i < date.span.start < predicate.i:
        return predicate
    closed = date.span.end < len(doc) and doc[date.span.end].lower_ == "that"
    before = doc[date.span.start - 1]
    follows = before.i == verb.i or (before.pos_ == "ADP" and before.i - 1 == verb.i)
    return verb if closed or (follows and date.precision in _DAYS) else predicate


def _closes(doc: Doc, date: Date, predicate: Token) -> bool:
    """Whether a comma parts a date from the participle after it."""
    end = date.span.end
    return end < predicate.i and doc[end].text == "," and not syntax.is_finite(predicate)


def inherited_ties(tie: Tie, date: Date, words: Words, busy: AbstractSet[int]) -> Iterator[Tie]:
    """What shares the date of a trigger and has no time of its own."""
    for other, confidence in _sharing(tie.trigger, date, words):
        if other.i in busy and other.pos_ == "VERB":
            continue
        triggers = [other] if words.is_event_noun(other) else words.triggers_of(other)
        for trigger in triggers:
            yield Tie(trigger, tie.date, "inherited", confidence)


def _sharing(trigger: Token, date: Date, words: Words) -> Iterator[tuple[Token, float]]:
    """Predicates and event nouns whose time is that of a dated trigger."""
    teller = words.teller_of(trigger)
    if teller.i != trigger.i:
        # "**Made** plans in May and left": the clause is the verb's.
        yield from _sharing_clause(teller, date, words)
    if trigger.pos_ == "VERB" or syntax.is_predicate(trigger):
        yield from _sharing_clause(trigger, date, words)
    elif teller.i == trigger.i and words.is_event_noun(trigger):
        verb = syntax.phrase_governor(trigger)
        if verb.pos_ == "VERB" and syntax.is_subject(trigger):
            if _tells_of_its_subject(verb, words):
                yield verb, _VERB_OF_SUBJECT
        elif verb.pos_ == "VERB" and syntax.preposition_of(trigger) in _AT_EVENT:
            yield verb, _VERB_OF_PHRASE


def _tells_of_its_subject(verb: Token, words: Words) -> bool:
    """Whether a verb happens when its subject does: "Friday's blast **killed** ten".

    But not: "the 1970 review **says**", "the May vote **is expected**", "has been put off".
    """
    if verb.lower_ in words.lexicon.ahead or syntax.complement_of(verb) is not None:
        return False
    return syntax.tense(verb) == "past" and not syntax.is_perfect(verb)


def _sharing_clause(trigger: Token, date: Date, words: Words) -> Iterator[tuple[Token, float]]:
    """What shares the time of a clause, given by its predicate."""
    if trigger.lower_ in words.lexicon.implicative:
        complement = syntax.complement_of(trigger)
        if complement is not None and syntax.is_open_complement(complement):
            yield complement, _COMPLEMENT
    for other in words.coordinated(trigger):
        if not syntax.is_predicate(other):
            continue
        if date.span.start < min(trigger.i, other.i):
            yield other, _FRONTED
        elif other.i > trigger.i and syntax.own_subject_of(other) is None:
            yield other, _COORDINATED_BEFORE if other.i < date.span.start else _COORDINATED
    for marker, clause in syntax.adverbial_clauses(trigger):
        # "**With** prices rising" but not "charged with murdering".
        absolute = marker == "with" and syntax.own_subject_of(clause) is not None
        if marker in _SIMULTANEOUS or absolute:
            yield clause, _MARKED_CLAUSE if marker else _PARTICIPLE
    main = syntax.modified_clause(trigger)
    inside = trigger.left_edge.i <= date.span.start <= trigger.right_edge.i
    if (
        inside
        and main is not None
        and (not syntax.is_finite(trigger) or syntax.marker_of(trigger) in _SIMULTANEOUS)
    ):
        yield main, _MAIN_OF_CLAUSE
    for preposition, noun in syntax.obliques(trigger):
        if words.is_event_noun(noun):
            yield noun, _EVENT_PHRASE if preposition in _AT_EVENT else _ARGUMENT
    for argument in (syntax.object_of(trigger), syntax.own_subject_of(trigger)):
        if argument is not None and words.is_event_noun(argument):
            yield argument, _ARGUMENT


def head_of(doc: Doc, span: TokenSpan) -> Token:
    """The token of the span whose head is outside it; its preposition does not count."""
    found = doc[span.end - 1]
    for token in doc[span.start : span.end]:
        if not span.start <= token.head.i < span.end or syntax.is_root(token):
            found = token
            if token.pos_ != "ADP":
                break
    return found


__all__ = ["Tie", "explained_by", "head_of", "inherited_ties", "own_ties", "timed_by"]
