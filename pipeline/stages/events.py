"""The events stage: what happened, is happening or is scheduled, tied to a date by the text.

Reads: the parse (through `language.syntax`), the dates, entities and quotes of `layers`. Writes:
`doc._.claimline_events`.

A trigger is the verb or event noun that the date modifies; the date is then handed on through open
complements, coordination and some adverbial clauses to verbs without a date of their own, never out
of or into what a reporting verb introduces. Only dates with a place on the calendar tie an event:
bare durations, recurrences and vague references do not.

Measured, an event being right when the trigger and the value of its date are: F1 .68 on the 14
development articles (126 events), .64 on 125 training articles (919), with the embedded model's
parse; of those found the agent is right in .85 and .86, the status in .96 and .94.

Known misses: events in a sentence after the one with the date, event nouns that are subject or
object of a dated verb (taken up, they cost more than they bring), dated adjectives ("ready in
2012"), light verbs that annotators took for the trigger.

Example:
    >>> import pipeline
    >>> extraction = pipeline.extract("Rebels seized Bria on 5 May 2014.")  # doctest: +SKIP
    >>> [(e.trigger.text, e.date.value) for e in extraction.of("event")]  # doctest: +SKIP
    [('seized', '2014-05-05')]
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Literal

import msgspec
from spacy.language import Language
from spacy.tokens import Doc, Token

from ..dates.anchor import choose_now
from ..dates.calendar import iso
from ..language import syntax
from ..lexicons import rows
from ..records import EventStatus, Link
from . import layers
from .findings import Date, Entity, Event, Quote, TokenSpan
from .participants import PLACE_TYPES, Scene, mentions_of, participants_of
from .reporting import Venue


class EventWord(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A row of `events.jsonl`.

    `kind`: "noun" (names an event), "thing" (ends like one and names none), "state" (a verb of
    being), "phase" (a verb that happens together with its complement: "began to"), "light" (one
    that leaves the event to its object: "made a visit"), "occur" (one that leaves it to its
    subject: "the vote was held"), "ahead" (what its complement tells is yet to come). `forms` are
    its other forms; words are looked up by form, since lemmatisers err.
    """

    word: str
    forms: tuple[str, ...] = ()
    kind: Literal["noun", "act", "measure", "thing", "state", "light", "occur", "ahead", "phase"]


class EventLexicon(msgspec.Struct, frozen=True):
    """The rows of `events.jsonl` by kind."""

    nouns: frozenset[str]
    acts: frozenset[str]
    measures: frozenset[str]
    things: frozenset[str]
    states: frozenset[str]
    light: frozenset[str]
    occur: frozenset[str]
    ahead: frozenset[str]
    phase: frozenset[str]


@lru_cache(maxsize=1)
def event_lexicon() -> EventLexicon:
    """The lexicon, loaded once a process."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for row in rows("events", EventWord):
        kinds[row.kind].update((row.word, *row.forms))
    return EventLexicon(
        nouns=frozenset(kinds["noun"]),
        acts=frozenset(kinds["act"]),
        measures=frozenset(kinds["measure"]),
        things=frozenset(kinds["thing"]),
        states=frozenset(kinds["state"]),
        light=frozenset(kinds["light"]),
        occur=frozenset(kinds["occur"]),
        ahead=frozenset(kinds["ahead"]),
        phase=frozenset(kinds["phase"]),
    )


class _HeadRow(msgspec.Struct, frozen=True):
    """What is read here of a row of `name_heads.jsonl`."""

    word: str
    types: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def place_nouns() -> frozenset[str]:
    """The nouns that name a kind of place ("harbour"), loaded once a process."""
    return frozenset(
        row.word
        for row in rows("name_heads", _HeadRow)
        if row.types and PLACE_TYPES.issuperset(row.types)
    )


@lru_cache(maxsize=1)
def documents() -> frozenset[str]:
    """What things are said and written in ("memo", "interview"), loaded once a process."""
    return frozenset(row.noun for row in rows("venues", Venue))


# Deverbal endings; what they make mostly names an event where a date modifies it.
_EVENT_ENDINGS = ("ation", "ition", "ution", "ction", "ption", "ssion", "sion", "ment", "ing")
_SHORTEST_DERIVED = 7

# Adverbial clauses that happen together with their main clause.
_SIMULTANEOUS = frozenset({"", "when", "as", "while", "where"})
# Phrases whose event happens together with what their verb tells.
_AT_EVENT = frozenset({"in", "at", "during", "on"})
_IN_DOCUMENT = frozenset({"in", "at", "during", "to"})
# A date after these is compared with or spoken about: it times nothing.
_TIMELESS = frozenset({"to", "about", "despite", "than", "like", "unlike", "versus"})
_CONDITIONS = frozenset({"if", "unless", "provided", "whether", "in case"})
_HYPOTHETICAL = frozenset({"may", "might", "could", "would", "can", "should", "must", "'d", "’d"})
_WIDEST = 12
_TAKE = frozenset({"take", "takes", "took", "taken", "taking"})

# Confidence of each way to tie a date: the share of such ties that is right on gold/train with the
# embedded model's parse (919 events in gold, 783 found). Tried and left out, being right less often
# than 0.2: event nouns that are subject or object of a dated verb, the first of two coordinated
# verbs before a date, clauses side by side.
_OWN_VERB = 0.76
_OWN_NOUN = 0.73
_REPAIRED = 0.42
_COMPLEMENT = 0.38
_FRONTED = 0.53
_COORDINATED = 0.3
_MARKED_CLAUSE = 0.67
_PARTICIPLE = 0.41
_MAIN_OF_CLAUSE = 0.36
_WHEN_CLAUSE = 0.6
_NOUN_BEFORE = 0.45
_VERB_OF_SUBJECT = 0.66
_VERB_OF_PHRASE = 0.69
_EVENT_PHRASE = 0.5


class Tie(msgspec.Struct, frozen=True):
    """A trigger with the date it is tied to."""

    trigger: Token
    date: int
    link: Link
    confidence: float


def find_events(
    doc: Doc, dates: Sequence[Date], entities: Sequence[Entity], quotes: Sequence[Quote]
) -> list[Event]:
    """The dated events of a parsed Doc, in reading order; none without a parse."""
    if not dates or not syntax.has_parse(doc):
        return []
    mentions = mentions_of(entities)
    words = _Words(
        event_lexicon(),
        frozenset(i for i, entity in mentions.items() if entities[entity].type == "EVENT"),
    )
    held = {i for date in dates for i in range(date.span.start, date.span.end)}
    ties: dict[int, Tie] = {}
    apart = _apart(doc)
    dated = [
        (index, date)
        for index, date in enumerate(dates)
        if _is_placed(date) and date.span.start not in apart
    ]
    now = _last_day_of_writing(doc)
    for index, date in dated:
        for tie in _own_ties(doc, index, date, words, now):
            _keep(ties, tie, held)
        for tie in _explained_by(doc, index, date, words):
            _keep(ties, tie, held)
    busy = {_timed_by(doc, date).i for date in dates if date.type != "DURATION" or _is_placed(date)}
    for tie in sorted(ties.values(), key=lambda tie: tie.trigger.i):
        for inherited in _inherited_ties(tie, dates[tie.date], words, busy):
            _keep(ties, inherited, held)
    scene = Scene(
        mentions=mentions, entities=entities, barred=held | apart, place_nouns=place_nouns()
    )
    holders = _holders(quotes)
    events = [_event(ties[i], dates, scene, holders, words, now) for i in sorted(ties)]
    return _merged(events, dates)


def _is_placed(date: Date) -> bool:
    """Whether a date has a place on the calendar."""
    return date.type != "SET" and (date.earliest is not None or date.latest is not None)


def _apart(doc: Doc) -> set[int]:
    """Tokens of blocks that say who wrote, where and when, and tell of no event."""
    blocks = [
        (block.start, block.end)
        for block in layers.get_context(doc).blocks
        if block.section in ("dateline", "byline", "credit")
    ]
    starts: list[int] = doc.to_array("IDX").tolist() if blocks else []
    return {i for a, b in blocks for i in range(bisect_left(starts, a), bisect_left(starts, b))}


def _keep(ties: dict[int, Tie], tie: Tie, held: set[int]) -> None:
    """Take a tie up unless its trigger is part of a date or has a better one."""
    if tie.trigger.i in held:
        return
    known = ties.get(tie.trigger.i)
    if known is None or known.confidence < tie.confidence:
        ties[tie.trigger.i] = tie


# -- triggers -----------------------------------------------------------------------------------


class _Words(msgspec.Struct, frozen=True):
    """What names an event in a Doc: the lexicon, and the tokens of names of events."""

    lexicon: EventLexicon
    named: frozenset[int]
    groups: dict[int, list[Token]] = {}
    clauses: dict[int, list[Token]] = {}

    def triggers_of(self, predicate: Token) -> list[Token]:
        """`_triggers_of`, each clause being looked at once however many dates it has."""
        if predicate.i not in self.clauses:
            self.clauses[predicate.i] = list(_triggers_of(predicate, self))
        return self.clauses[predicate.i]

    def coordinated(self, token: Token) -> list[Token]:
        """The words coordinated with this one; none in an enumeration beyond `_WIDEST`.

        Each coordination is looked at once, so that a long one costs no more than its length.
        """
        first = token
        for _ in range(_WIDEST):
            if not syntax.is_conjunct(first):
                break
            first = first.head
        else:
            return []
        if first.i not in self.groups:
            group = [first, *syntax.conjuncts(first)]
            self.groups[first.i] = group if len(group) <= _WIDEST else []
        return [other for other in self.groups[first.i] if other.i != token.i]

    def is_event_noun(self, token: Token) -> bool:
        """Whether a noun names an event."""
        if token.pos_ not in ("NOUN", "PROPN"):
            return False
        if token.i in self.named:
            return True
        low = token.lower_
        if low in self.lexicon.things:
            return False
        if low in self.lexicon.nouns:
            return True
        return (
            token.pos_ == "NOUN"
            and len(low) >= _SHORTEST_DERIVED
            and low.removesuffix("s").endswith(_EVENT_ENDINGS)
        )

    def act_of(self, noun: Token) -> Token | None:
        """The event that the object of a light verb names, itself or in its of-phrase.

        "Made **plans**" names one, though plans elsewhere are things; "six rounds of **talks**".
        """
        if noun.lower_ in self.lexicon.measures:
            inner = next((n for prep, n in syntax.obliques(noun) if prep == "of"), None)
            if inner is not None:
                noun = inner
        return noun if noun.lower_ in self.lexicon.acts or self.is_event_noun(noun) else None

    def is_lent(self, noun: Token, verb: Token) -> bool:
        """Whether a verb leaves its event to this noun: "made a **visit**", "a **vote** is due"."""
        if noun.i == verb.i:
            return False
        thing = syntax.object_of(verb)
        act = None if thing is None else self.act_of(thing)
        if act is not None and act.i == noun.i:
            return verb.lower_ in self.lexicon.light
        if not syntax.is_subject(noun) or noun.head.i != verb.i:
            return False
        return verb.pos_ not in ("VERB", "AUX") or verb.lower_ in self.lexicon.occur


def _own_ties(doc: Doc, index: int, date: Date, words: _Words, now: str | None) -> Iterator[Tie]:
    """What a date modifies itself."""
    head = _head(doc, date.span)
    if syntax.copula_of(head) is not None or syntax.is_root(head):
        # "The vote is on Friday."
        subject = syntax.own_subject_of(head)
        if subject is not None and words.is_event_noun(subject):
            yield Tie(subject, index, "own", _OWN_VERB)
        return
    governor = syntax.phrase_governor(head)
    if governor.pos_ in ("NOUN", "PROPN", "PRON", "NUM", "SYM") and not syntax.is_predicate(
        governor
    ):
        if words.is_event_noun(governor):
            yield Tie(governor, index, "own", _OWN_NOUN)
            return
        if date.span.start < governor.i:
            # "wrote in a May 1999 memo": the document dates what it says.
            verb = syntax.phrase_governor(governor)
            if (
                verb.pos_ == "VERB"
                and syntax.preposition_of(governor) in _IN_DOCUMENT
                and governor.lemma_.lower() in documents()
            ):
                yield Tie(verb, index, "own", _VERB_OF_PHRASE)
            return
        # A phrase at the end of a clause is often hung on the last noun before it.
        predicate = syntax.clause_head(governor)
        if predicate.i != governor.i:
            for trigger in words.triggers_of(predicate):
                yield Tie(trigger, index, "own", _REPAIRED)
        return
    if syntax.is_object(head) or syntax.preposition_of(head) in _TIMELESS:
        return  # "remember **1968**", "compared to **2008**"
    predicate = syntax.predicate_of(governor)
    if syntax.is_subject(head):
        # "The **1990s** saw a thaw": the event is what the time brought.
        brought = syntax.object_of(predicate)
        if brought is not None and words.is_event_noun(brought):
            yield Tie(brought, index, "own", _OWN_NOUN)
            return
    named = _named_before(date, predicate, words)
    if named is not None:
        yield Tie(named, index, "own", _OWN_NOUN)
        return
    if predicate.lower_ in words.lexicon.ahead and (
        now is None or date.latest is None or date.latest >= now
    ):
        # "is due to **resume** on Monday", "tomorrow they plan to **meet**"
        complement = syntax.complement_of(predicate)
        if complement is not None and syntax.is_open_complement(complement):
            predicate = complement
    for trigger in words.triggers_of(predicate):
        yield Tie(trigger, index, "own", _OWN_VERB)
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


def _explained_by(doc: Doc, index: int, date: Date, words: _Words) -> Iterator[Tie]:
    """The clause that says what happened then: "in May, **when** a blast killed ten".

    After "since May" it speaks of May, which has no record of its own.
    """
    if date.earliest is None or date.latest is None:
        return
    for token in doc[date.span.end : date.span.end + 2]:
        if token.lower_ == "when":
            for trigger in words.triggers_of(syntax.clause_head(token)):
                yield Tie(trigger, index, "own", _WHEN_CLAUSE)
        if not token.is_punct:
            return


def _named_before(date: Date, predicate: Token, words: _Words) -> Token | None:
    """The event noun that a date follows between subject and verb: "a **storm** yesterday sank".

    Reporters put the day of the verb there as well, but after a name: "Boeing on Tuesday said".
    """
    subject = syntax.own_subject_of(predicate)
    if subject is None or not subject.i < date.span.start < predicate.i:
        return None
    for token in reversed(predicate.doc[subject.i : date.span.start]):
        if token.is_punct:
            return None
        if words.is_event_noun(token):
            return token
    return None


def _last_noun_before(date: Date, predicate: Token) -> Token | None:
    """The noun of the predicate's prepositional phrase that a date follows directly."""
    doc, i = predicate.doc, date.span.start - 1
    while i > predicate.i and (doc[i].is_punct or doc[i].pos_ == "ADP"):
        i -= 1
    token = doc[max(i, 0)]
    for _ in range(_WIDEST):
        if token.i <= predicate.i:
            break
        if syntax.preposition_of(token) and syntax.phrase_governor(token).i == predicate.i:
            return token
        token = token.head
    return None


def _triggers_of(predicate: Token, words: _Words) -> Iterator[Token]:
    """The word of a clause that names its event: the verb, or the noun that it leaves it to."""
    verb = predicate.lower_
    subject = syntax.subject_of(predicate)
    # "They are to **meet**" has the form of a copular clause; its predicate is a verb all the same.
    if predicate.pos_ != "VERB" and (
        syntax.copula_of(predicate) is not None or predicate.pos_ != "AUX"
    ):
        if words.is_event_noun(predicate):
            yield predicate
        elif subject is not None and words.is_event_noun(subject):
            yield subject
        return
    there = syntax.expletive_of(predicate)
    if there is not None and there.lower_ == "there" and subject is not None:
        # "There was a **march**."
        if words.is_event_noun(subject):
            yield subject
        return
    thing = syntax.object_of(predicate)
    if verb in words.lexicon.light and thing is not None:
        act = words.act_of(thing)
        if act is not None:
            yield act
            return
    takes_place = thing is not None and thing.lower_ == "place" and verb in _TAKE
    left_to_subject = (verb in words.lexicon.occur and thing is None) or takes_place
    if left_to_subject and subject is not None and words.is_event_noun(subject):
        yield subject
        return
    if verb in words.lexicon.states:
        return
    if predicate.pos_ == "VERB":
        yield predicate


def _timed_by(doc: Doc, date: Date) -> Token:
    """The word that a date says the time of, whether the date has a place or not."""
    return syntax.predicate_of(syntax.phrase_governor(_head(doc, date.span)))


def _inherited_ties(tie: Tie, date: Date, words: _Words, busy: AbstractSet[int]) -> Iterator[Tie]:
    """What shares the date of a trigger and has no time of its own."""
    for other, confidence in _sharing(tie.trigger, date, words):
        if other.i in busy and other.pos_ == "VERB":
            continue
        triggers = [other] if words.is_event_noun(other) else _triggers_of(other, words)
        for trigger in triggers:
            yield Tie(trigger, tie.date, "inherited", confidence)


def _sharing(trigger: Token, date: Date, words: _Words) -> Iterator[tuple[Token, float]]:
    """Predicates and event nouns whose time is that of a dated trigger."""
    if trigger.pos_ != "VERB":
        verb = syntax.phrase_governor(trigger)
        if verb.pos_ == "VERB" and words.is_event_noun(trigger):
            if syntax.is_subject(trigger):
                if not words.is_lent(trigger, verb):
                    yield verb, _VERB_OF_SUBJECT
            elif syntax.preposition_of(trigger) in _AT_EVENT:
                yield verb, _VERB_OF_PHRASE
        return
    if trigger.lower_ in words.lexicon.phase:
        complement = syntax.complement_of(trigger)
        if complement is not None and syntax.is_open_complement(complement):
            yield complement, _COMPLEMENT
    for other in words.coordinated(trigger):
        if not syntax.is_predicate(other):
            continue
        if date.span.start < min(trigger.i, other.i):
            yield other, _FRONTED
        elif other.i > trigger.i and syntax.own_subject_of(other) is None:
            yield other, _COORDINATED
    for marker, clause in syntax.adverbial_clauses(trigger):
        if marker in _SIMULTANEOUS:
            yield clause, _MARKED_CLAUSE if marker else _PARTICIPLE
    main = syntax.modified_clause(trigger)
    if main is not None and (
        not syntax.is_finite(trigger) or syntax.marker_of(trigger) in _SIMULTANEOUS
    ):
        yield main, _MAIN_OF_CLAUSE
    for preposition, noun in syntax.obliques(trigger):
        if preposition in _AT_EVENT and words.is_event_noun(noun):
            yield noun, _EVENT_PHRASE


# -- what is told of an event -------------------------------------------------------------------


def _head(doc: Doc, span: TokenSpan) -> Token:
    """The token of the span whose head is outside it; its preposition does not count."""
    found = doc[span.end - 1]
    for token in doc[span.start : span.end]:
        if not span.start <= token.head.i < span.end or syntax.is_root(token):
            found = token
            if token.pos_ != "ADP":
                break
    return found


def _holders(quotes: Sequence[Quote]) -> dict[int, int]:
    """Token → the innermost quote whose content holds it."""
    spans = [(span, index) for index, quote in enumerate(quotes) for span in quote.content]
    found: dict[int, int] = {}
    for span, index in sorted(spans, key=lambda item: (item[0].start - item[0].end, item[1])):
        found.update(dict.fromkeys(range(span.start, span.end), index))
    return found


def _event(
    tie: Tie,
    dates: Sequence[Date],
    scene: Scene,
    holders: Mapping[int, int],
    words: _Words,
    now: str | None,
) -> Event:
    trigger = tie.trigger
    predicate = _predicate_of(trigger)
    lent = words.is_lent(trigger, predicate)
    told = lent or predicate.i == trigger.i
    start, end = syntax.clause_span(predicate)
    if not start <= trigger.i < end:
        start, end = min(start, trigger.i), max(end, trigger.i + 1)
    return Event(
        trigger=TokenSpan(trigger.i, trigger.i + 1),
        lemma=trigger.lemma_.lower(),
        clause=TokenSpan(start, end),
        date=tie.date,
        link=tie.link,
        participants=tuple(participants_of(trigger, predicate, lent=lent, scene=scene)),
        polarity="negative" if told and syntax.is_negated(predicate) else "positive",
        status=_status(predicate if told else None, dates[tie.date], words, now),
        source=holders.get(trigger.i),
        confidence=tie.confidence,
    )


def _predicate_of(trigger: Token) -> Token:
    """The predicate of the clause that a trigger stands in; a verb's own."""
    if trigger.pos_ == "VERB" or syntax.is_predicate(trigger):
        return trigger
    return syntax.clause_head(trigger)


def _last_day_of_writing(doc: Doc) -> str | None:
    """The ISO date after which what the text tells lies in the future; None when not known."""
    context = layers.get_context(doc)
    written, _ = choose_now(context.published, context.dateline)
    return None if written is None else iso(written.last_day)


def _status(predicate: Token | None, date: Date, words: _Words, now: str | None) -> EventStatus:
    """Whether an event is told as done, going on, planned or merely possible.

    Args:
        predicate: the head of the clause that tells it; None for a noun in the clause of another
            event ("spoke before the **vote**"), of which only the date speaks.
        date: the date of the event.
        words: the lexicon.
        now: the last day of writing, ISO.
    """
    ahead = now is not None and (
        date.earliest > now
        if date.earliest is not None
        else date.latest is not None and date.latest > now
    )
    past = now is not None and date.latest is not None and date.latest < now
    status = "occurred" if predicate is None else _told_status(predicate, words, past=past)
    # What has not come yet has not occurred, whatever the verb's form ("expires in 2027").
    return "scheduled" if ahead and status in ("occurred", "ongoing") else status


def _told_status(predicate: Token, words: _Words, *, past: bool) -> EventStatus:
    """What the forms of a clause say of its event."""
    modals = {aux.lower_ for aux in syntax.auxiliaries(predicate)}
    if syntax.marker_of(predicate) in _CONDITIONS:
        return "hypothetical"
    if modals & _HYPOTHETICAL:
        return "occurred" if syntax.is_perfect(predicate) and "must" in modals else "hypothetical"
    tense = syntax.tense(predicate)
    if tense == "future":
        return "scheduled"
    if tense is None and syntax.has_infinitive_marker(predicate):
        governor = syntax.governor_of(predicate) or syntax.phrase_governor(predicate)
        if governor.lower_ in words.lexicon.ahead or syntax.tense(governor) != "past":
            return "scheduled"
    if not past and predicate.lower_ in words.lexicon.ahead and syntax.is_passive(predicate):
        return "scheduled"
    if tense == "present" and predicate.tag_ == "VBG":
        return "ongoing"
    return "occurred"


def _merged(events: list[Event], dates: Sequence[Date]) -> list[Event]:
    """One record for an event told twice: same lemma, date and a participant in common."""
    kept: list[Event] = []
    places: dict[tuple[str, str, int], int] = {}
    for event in events:
        value = dates[event.date].value
        keys = [
            (event.lemma, value, participant.entity)
            for participant in event.participants
            if participant.entity is not None
        ]
        position = next((places[key] for key in keys if key in places), len(kept))
        if position == len(kept):
            kept.append(event)
        else:
            known = kept[position]
            kept[position] = msgspec.structs.replace(
                known, mentions=(*known.mentions, event.trigger)
            )
        places.update(dict.fromkeys(keys, position))
    return kept


class EventFinder:
    """spaCy component: dated events on a Doc."""

    def __call__(self, doc: Doc) -> Doc:
        """Find the events of a Doc and store them."""
        layers.set_events(
            doc,
            find_events(
                doc, layers.get_dates(doc), layers.get_entities(doc), layers.get_quotes(doc)
            ),
        )
        return doc


@Language.factory(
    "claimline_events",
    requires=["doc._.claimline_dates", "token.dep", "token.pos"],
    assigns=["doc._.claimline_events"],
)
def make_events(nlp: Language, name: str) -> EventFinder:
    """The component; loads the lexicon."""
    event_lexicon()
    place_nouns()
    documents()
    return EventFinder()


__all__ = ["EventFinder", "find_events", "make_events"]
