"""The events stage: what happened, is happening or is scheduled, tied to a date by the text.

Reads: the parse (through `language.syntax`), the dates, entities and quotes of `layers`. Writes:
`doc._.claimline_events`.

A trigger is a verb or event noun (see `triggers`). Its date is, in this order: its *own*, or
*inherited* within the sentence (`ties`); that of an event told again, of which it becomes a mention
when somebody takes part in both, else by *coreference* of the name alone (`retellings`); the day
that the report tells of, the *narrative* one (`story`). Each tie has a confidence on one scale:
how often annotators who tie an event to a date in its own sentence make it, too. Links from further
away are low on it and left out at the default threshold, and so are events without any date. Only
dates with a place on the calendar tie an event: bare durations, recurrences and vague references
do not. Coordinated neighbours on the calendar ("in 1977 and 1978") tie it together (`runs`).

Measured with the embedded model's parse, an event being right when the trigger and the value of its
date are: F1 .76 on the 14 development articles (P .82, R .70, 126 events), .66 on 125 training
articles (P .75, R .59, 919 events); of those found the agent is right in .88 and .87, the status in
.95 and .94. SemEval-2015 task 4 (`evaluate.timelines`; 477 dated mentions of events in 60
articles): the days are exact in 67.7 % at threshold 0, with a date for 5.1 % of the 217 mentions
that have none, and in 57.9 % and 0.5 % at the default; the day of publication alone gives 48.6 %.
Most of what lies between is the day of the story, which annotators of events tie to none: at the
default threshold it would cost them 118 further events on the development articles.

Known misses: dates resolved to another year or day (a seventh of the misses), events in a sentence
after the one with the date, event nouns that are subject or object of a dated verb (at the default
threshold), dated adjectives ("ready in 2012"), lengths of time that annotators took for dates,
light verbs that they took for triggers. A headline with the agent of an event of the body is taken
for that event when it may tell another.

Example:
    >>> import pipeline
    >>> extraction = pipeline.extract("Rebels seized Bria on 5 May 2014.")  # doctest: +SKIP
    >>> [(e.trigger.text, e.date.value) for e in extraction.of("event")]  # doctest: +SKIP
    [('seized', '2014-05-05')]
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache

import msgspec
from spacy.language import Language
from spacy.tokens import Doc, Token

from ..config import defaults
from ..dates.anchor import choose_now
from ..dates.calendar import iso
from ..language import syntax
from ..lexicons import rows
from ..records import EventStatus, Link
from . import layers
from .findings import Date, Entity, Event, Quote, TokenSpan
from .participants import PLACE_TYPES, Scene, mentions_of, participants_of
from .retellings import Retellings, candidates, merged, speech_verbs
from .runs import joined, runs
from .story import CONFIDENCE, Sections, day_of_story, narrative_ties
from .ties import Tie, explained_by, inherited_ties, own_ties, timed_by
from .triggers import WIDEST, Words, event_lexicon

NAME = "claimline_events"


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


# Names of these name no event, whatever their words ("the General **Assembly**").
_ACTORS = PLACE_TYPES | {"PERSON", "ORG", "NORP"}
_CONDITIONS = frozenset({"if", "unless", "provided", "whether", "in case"})
_HYPOTHETICAL = frozenset({"may", "might", "could", "would", "can", "should", "must", "'d", "’d"})


# Confidence of a date handed on by an event of the same name, on the scale of `ties`, whose
# annotators make none. Where readers date events from the whole article 8 of 19 are right.
_RETOLD = 0.01
# Share of the bounds of undated events that hold, of 140 dated mentions of SemEval-2015 task 4.
_BOUNDED = 0.99


def find_events(
    doc: Doc,
    dates: Sequence[Date],
    entities: Sequence[Entity],
    quotes: Sequence[Quote],
    *,
    threshold: float,
    undated: bool = False,
) -> list[Event]:
    """The events of a parsed Doc, in reading order; none without a parse.

    Args:
        doc: the Doc.
        dates: its dates.
        entities: its entities.
        quotes: its quotes.
        threshold: confidence (0 to 1) from which a tie to a date counts.
        undated: whether events without a date are given too, with the bound of their tense.
    """
    if not syntax.has_parse(doc) or not (dates or undated):
        return []
    teller = _Teller(doc, dates, entities, quotes)
    events = [teller.told(tie) for tie in _ties_of_clauses(teller) if tie.confidence >= threshold]
    events = _retold(teller, merged(doc, events, teller.dates), threshold)
    events = _narrated(teller, events, threshold)
    if undated:
        events = _without_date(teller, events)
    return sorted(events, key=lambda event: event.trigger.start)


class _Teller:
    """A Doc with what the stages before found, and how to put an event of it into words."""

    def __init__(
        self,
        doc: Doc,
        dates: Sequence[Date],
        entities: Sequence[Entity],
        quotes: Sequence[Quote],
    ) -> None:
        mentions = mentions_of(entities)
        types = {i: entities[entity].type for i, entity in mentions.items()}
        self.doc = doc
        self.runs = runs(doc, dates)
        # The first date of a run stands for the whole; the others tie nothing more.
        self.dates = list(dates)
        self.later: set[int] = set()
        for first, last in self.runs.items():
            self.dates[first] = joined(dates[first], dates[last])
            self.later.update(range(first + 1, last + 1))
        self.words = Words(
            event_lexicon(),
            named=frozenset(i for i, kind in types.items() if kind == "EVENT"),
            actors=frozenset(i for i, kind in types.items() if kind in _ACTORS),
        )
        self.now = _last_day_of_writing(doc)
        self.sections = Sections(doc)
        self.held = {i for date in dates for i in range(date.span.start, date.span.end)}
        self.apart = _apart(doc)
        self.holders = _holders(quotes)
        timed = [
            timed_by(doc, date) for date in dates if date.type != "DURATION" or _is_placed(date)
        ]
        self.timed = {word.i for word in timed if word is not None}
        self._scene = Scene(
            mentions=mentions,
            entities=entities,
            barred=self.held | self.apart,
            place_nouns=place_nouns(),
        )

    def told(self, tie: Tie) -> Event:
        """The event of a trigger with a date."""
        return self._event(
            tie.trigger, date=tie.date, bound=None, link=tie.link, confidence=tie.confidence
        )

    def undated(self, trigger: Token) -> Event:
        """The event of a trigger without a date, before a bound is known."""
        return self._event(
            trigger, date=None, bound=(None, None), link="narrative", confidence=_BOUNDED
        )

    def _event(
        self,
        trigger: Token,
        *,
        date: int | None,
        bound: tuple[None, None] | None,
        link: Link,
        confidence: float,
    ) -> Event:
        predicate = _predicate_of(trigger)
        lent = self.words.is_lent(trigger, predicate)
        told = lent or predicate.i == trigger.i
        start, end = syntax.clause_span(predicate)
        if not start <= trigger.i < end:
            start, end = min(start, trigger.i), max(end, trigger.i + 1)
        # "Did not begin to **march**": the first verb says whether it came about.
        teller = self.words.teller_of(predicate)
        negated = told and (syntax.is_negated(predicate) or syntax.is_negated(teller))
        when = None if date is None else self.dates[date]
        return Event(
            trigger=TokenSpan(trigger.i, trigger.i + 1),
            lemma=trigger.lemma_.lower(),
            clause=TokenSpan(start, end),
            date=date,
            until=None if date is None else self.runs.get(date),
            bound=bound,
            link=link,
            participants=tuple(participants_of(trigger, predicate, lent=lent, scene=self._scene)),
            polarity="negative" if negated else "positive",
            status=_status(teller if told else None, when, self.words, self.now),
            source=self.holders.get(trigger.i),
            confidence=confidence,
        )


def _ties_of_clauses(teller: _Teller) -> list[Tie]:
    """The best tie of every trigger to a date of its own sentence, in reading order."""
    doc, words = teller.doc, teller.words
    ties: dict[int, Tie] = {}

    def keep(tie: Tie) -> None:
        known = ties.get(tie.trigger.i)
        if tie.trigger.i not in teller.held and (
            known is None or known.confidence < tie.confidence
        ):
            ties[tie.trigger.i] = tie

    for index, date in enumerate(teller.dates):
        if index in teller.later or not _is_placed(date) or date.span.start in teller.apart:
            continue
        for tie in own_ties(doc, index, date, words, teller.now, teller.timed):
            keep(tie)
        for tie in explained_by(doc, index, date, words):
            keep(tie)
    for tie in sorted(ties.values(), key=lambda tie: tie.trigger.i):
        for inherited in inherited_ties(tie, teller.dates[tie.date], words, teller.timed):
            keep(inherited)
    return [ties[i] for i in sorted(ties)]


def _retold(teller: _Teller, events: list[Event], threshold: float) -> list[Event]:
    """Undated triggers that tell a dated event again: its mentions, or heirs of its date."""
    only_sure = threshold > _RETOLD
    retellings = Retellings(teller.doc, events, teller.dates, only_sure=only_sure)
    taken = _triggers(events) | teller.held | teller.apart | teller.timed
    mentions: dict[int, list[TokenSpan]] = {}
    heirs: list[Event] = []
    for trigger in candidates(teller.doc, retellings.roots(), teller.words):
        if trigger.i in taken:
            continue
        event = teller.undated(trigger)
        headline = teller.sections.at(trigger)[0] in ("title", "dek")
        same = retellings.same(event, headline=headline)
        if same is None:
            continue
        known, sure = same
        if sure:
            mentions.setdefault(known.event.trigger.start, []).append(event.trigger)
        elif known.event.date is not None and not only_sure:
            heirs.append(teller.told(Tie(trigger, known.event.date, "coreference", _RETOLD)))
    return [
        _with_mentions(event, mentions.get(event.trigger.start, [])) for event in events
    ] + heirs


def _with_mentions(event: Event, mentions: list[TokenSpan]) -> Event:
    if not mentions:
        return event
    spans = sorted((*event.mentions, *mentions), key=lambda span: span.start)
    return msgspec.structs.replace(event, mentions=tuple(spans))


def _narrated(teller: _Teller, events: list[Event], threshold: float) -> list[Event]:
    """The events with those that only the day of the story dates."""
    if threshold > CONFIDENCE:
        return events
    own = [event for event in events if event.link in ("own", "inherited")]
    day = day_of_story(teller.doc, own, teller.dates, teller.sections, teller.now)
    if day is None:
        return events
    taken = {
        span.start: event.date
        for event in events
        if event.date is not None
        for span in (event.trigger, *event.mentions)
    }
    ties = narrative_ties(
        teller.doc,
        teller.dates,
        day,
        taken,
        teller.timed,
        teller.holders.keys(),
        teller.sections,
        teller.words,
    )
    return events + [
        teller.told(tie)
        for tie in ties
        if tie.confidence >= threshold and tie.trigger.i not in teller.held
    ]


def _without_date(teller: _Teller, events: list[Event]) -> list[Event]:
    """The events with all others that the text tells of, as far as their tense says when."""
    if teller.now is None:
        return events
    taken = _triggers(events) | teller.held | teller.apart
    found: list[Event] = []
    for token in teller.doc:
        if token.pos_ != "VERB" or not syntax.is_predicate(token):
            continue
        tense = syntax.tense(token)
        if tense not in ("past", "future"):
            continue
        bound = (None, teller.now) if tense == "past" else (teller.now, None)
        for trigger in teller.words.triggers_of(token):
            if trigger.i not in taken:
                taken.add(trigger.i)
                found.append(msgspec.structs.replace(teller.undated(trigger), bound=bound))
    return events + found


def _triggers(events: Sequence[Event]) -> set[int]:
    return {span.start for event in events for span in (event.trigger, *event.mentions)}


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


def _holders(quotes: Sequence[Quote]) -> dict[int, int]:
    """Token → the innermost quote whose content holds it."""
    spans = [(span, index) for index, quote in enumerate(quotes) for span in quote.content]
    found: dict[int, int] = {}
    for span, index in sorted(spans, key=lambda item: (item[0].start - item[0].end, item[1])):
        found.update(dict.fromkeys(range(span.start, span.end), index))
    return found


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


def _status(
    predicate: Token | None, date: Date | None, words: Words, now: str | None
) -> EventStatus:
    """Whether an event is told as done, going on, planned or merely possible.

    Args:
        predicate: the head of the clause that tells it; None for a noun in the clause of another
            event ("spoke before the **vote**"), of which only the date speaks.
        date: the date of the event, None when not known.
        words: the lexicon.
        now: the last day of writing, ISO.
    """
    earliest, latest = (None, None) if date is None else (date.earliest, date.latest)
    ahead = now is not None and (
        earliest > now if earliest is not None else latest is not None and latest > now
    )
    past = now is not None and latest is not None and latest < now
    status = "occurred" if predicate is None else _told_status(predicate, words, past=past)
    # What has not come yet has not occurred, whatever the verb's form ("expires in 2027").
    return "scheduled" if ahead and status in ("occurred", "ongoing") else status


def _told_status(predicate: Token, words: Words, *, past: bool) -> EventStatus:
    """What the forms of a clause say of its event.

    A clause without any says what its governor does: "will begin **issuing** them".
    """
    for _ in range(WIDEST):
        if (
            not syntax.is_open_complement(predicate)
            or syntax.has_infinitive_marker(predicate)
            or syntax.is_finite(predicate)
        ):
            break
        governor = syntax.governor_of(predicate)
        if governor is None or governor.pos_ != "VERB":
            break
        predicate = governor
    modals = {aux.lower_ for aux in syntax.auxiliaries(predicate)}
    had = syntax.pluperfect_auxiliary(predicate)
    if had is not None:
        modals.discard(had.lower_)  # "he**'d** left" has no modal
    if syntax.marker_of(predicate) in _CONDITIONS:
        return "hypothetical"
    if modals & _HYPOTHETICAL:
        return "occurred" if syntax.is_perfect(predicate) and "must" in modals else "hypothetical"
    tense = syntax.tense(predicate)
    if tense == "future":
        return "scheduled"
    if syntax.has_infinitive_marker(predicate) and not syntax.is_perfect(predicate):
        if tense is not None:  # "is to be put to the vote"
            return "occurred" if past else "scheduled"
        governor = syntax.governor_of(predicate) or syntax.phrase_governor(predicate)
        if {aux.lower_ for aux in syntax.auxiliaries(governor)} & _HYPOTHETICAL:
            return "hypothetical"  # "might be able to repay"
        if governor.lower_ in words.lexicon.wishes:
            return "hypothetical"
        if governor.lower_ in words.lexicon.ahead or syntax.tense(governor) != "past":
            return "scheduled"
    if not past and predicate.lower_ in words.lexicon.ahead and syntax.is_passive(predicate):
        return "scheduled"
    if tense == "present" and predicate.tag_ == "VBG":
        return "ongoing"
    return "occurred"


class EventFinder:
    """spaCy component: dated events on a Doc.

    Args:
        threshold: confidence (0 to 1) from which a tie to a date counts.
        undated: whether events without a date are given too, with the bound of their tense.
    """

    def __init__(self, *, threshold: float, undated: bool = False) -> None:
        self.threshold = threshold
        self.undated = undated

    def __call__(self, doc: Doc) -> Doc:
        """Find the events of a Doc and store them."""
        events = find_events(
            doc,
            layers.get_dates(doc),
            layers.get_entities(doc),
            layers.get_quotes(doc),
            threshold=self.threshold,
            undated=self.undated,
        )
        layers.set_events(doc, events)
        return doc


@Language.factory(
    NAME,
    requires=["doc._.claimline_dates", "token.dep", "token.pos"],
    assigns=["doc._.claimline_events"],
    default_config=defaults(NAME),
)
def make_events(nlp: Language, name: str, *, threshold: float, undated: bool) -> EventFinder:
    """The component; loads the lexicons."""
    event_lexicon()
    place_nouns()
    speech_verbs()
    return EventFinder(threshold=threshold, undated=undated)


__all__ = ["EventFinder", "find_events", "make_events"]
