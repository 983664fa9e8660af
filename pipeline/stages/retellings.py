"""One event told more than once: which triggers of an article speak of the same event.

Two tellings are of one event when their words have one root (`attacked`, `the attack`), nothing
that is said of them clashes (days, places, who acted, whether it came about) and somebody or
something takes part in both. A headline, or a noun that points back ("the attack"), may also name
the event without anybody in it; that is weaker, and only hands on the date.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import get_args

import msgspec
from spacy.tokens import Doc, Token

from ..language import syntax
from ..lexicons import rows
from ..records import Precision
from .findings import Date, Event
from .reporting import Reporting
from .triggers import Words, root_of

NEAREST = 8
"""With how many tellings of the same root, on either side, a further one is compared."""

_PRECISIONS: tuple[str, ...] = get_args(Precision)
_POINTING = frozenset({"the", "this", "that", "these", "those", "its", "his", "her", "their"})
_NEW = frozenset({"a", "an", "another", "other", "further", "second", "third", "new", "next"})
_TOLD_AS_FACT = frozenset({"occurred", "ongoing"})


@lru_cache(maxsize=1)
def speech_verbs() -> frozenset[str]:
    """All forms of the verbs of saying, loaded once a process.

    Those that say something alone: the "left" of "left no doubt that" does not.
    """
    return frozenset(
        form
        for row in rows("reporting", Reporting)
        if row.form == "verb" and row.class_ == "speech" and " " not in row.lemma
        for form in (row.lemma, *row.forms)
    )


class Telling(msgspec.Struct, frozen=True):
    """What an event as told here says, for comparison.

    `acting`, `suffering`, `others`: who and what takes part in these roles, an entity by its index,
    anything else by its head word; `places`: where, entities only.
    """

    event: Event
    root: str
    acting: frozenset[int | str]
    suffering: frozenset[int | str]
    others: frozenset[int | str]
    places: frozenset[int | str]

    @property
    def taking_part(self) -> frozenset[int | str]:
        """Everybody and everything but the places."""
        return self.acting | self.suffering | self.others


def telling_of(doc: Doc, event: Event) -> Telling:
    """The comparable side of an event."""
    roles: dict[str, set[int | str]] = defaultdict(set)
    for participant in event.participants:
        if participant.entity is not None:
            roles[participant.role].add(participant.entity)
        elif participant.role != "place":
            word = doc[participant.span.start : participant.span.end].root
            if word.pos_ == "NOUN":
                roles[participant.role].add(word.lemma_.lower())
    return Telling(
        event=event,
        root=root_of_trigger(doc[event.trigger.start]),
        acting=frozenset(roles.pop("agent", ())),
        suffering=frozenset(roles.pop("patient", ())),
        places=frozenset(roles.pop("place", ())),
        others=frozenset().union(*roles.values()),
    )


def root_of_trigger(trigger: Token) -> str:
    """The key that a trigger shares with other words for its event."""
    return root_of(trigger.lemma_.lower(), noun=trigger.pos_ in ("NOUN", "PROPN"))


def clash(a: Telling, b: Telling) -> bool:
    """Whether what two tellings say cannot be true of one event."""
    if a.event.polarity != b.event.polarity:
        return True
    if (a.event.status in _TOLD_AS_FACT) != (b.event.status in _TOLD_AS_FACT):
        return True
    return (
        _differ(a.places, b.places)
        or _differ(_entities(a.acting), _entities(b.acting))
        or _differ(a.suffering, b.suffering)
    )


def _differ(a: frozenset[int | str], b: frozenset[int | str]) -> bool:
    """Whether both sides name something, and nothing in common."""
    return bool(a and b and not a & b)


def _entities(names: frozenset[int | str]) -> frozenset[int | str]:
    """Entities alone: one who acts is also called by what they are ("the company")."""
    return frozenset(name for name in names if isinstance(name, int))


def share(a: Telling, b: Telling) -> bool:
    """Whether somebody or something takes part in both, places aside."""
    return bool(a.taking_part & b.taking_part)


def share_surely(a: Telling, b: Telling, *, by_agent: bool) -> bool:
    """Whether the same thing is acted upon, or a named one takes part in both.

    Needed where no date speaks for it: farmers flee more than once, and in the body of a text even
    Congress meets more than once; so who acts counts for nouns and headlines only (`by_agent`).
    """
    if a.suffering & b.suffering:
        return True
    return by_agent and bool(_entities(a.taking_part & b.taking_part))


def compatible(a: Date, b: Date) -> bool:
    """Whether two dates may be of one event: equal, or the days of one within the other's."""
    if a.value == b.value:
        return True
    if a.earliest is None or a.latest is None or b.earliest is None or b.latest is None:
        return False
    return (a.earliest <= b.earliest and b.latest <= a.latest) or (
        b.earliest <= a.earliest and a.latest <= b.latest
    )


def merged(doc: Doc, events: Sequence[Event], dates: Sequence[Date]) -> list[Event]:
    """One record for an event told twice, the one with the closest date; others are mentions.

    Args:
        doc: the parsed Doc.
        events: dated events, in reading order.
        dates: the dates that they point to.
    """
    groups: dict[str, list[list[Telling]]] = defaultdict(list)
    for event in events:
        told = telling_of(doc, event)
        known = groups[told.root]
        # Who says something twice says two things.
        alone = doc[event.trigger.start].lower_ in speech_verbs()
        for group in () if alone else reversed(known[-NEAREST:]):
            first = group[0]
            if (
                compatible(dates[_date(first.event)], dates[_date(event)])
                and not clash(first, told)
                and share(first, told)
            ):
                group.append(told)
                break
        else:
            known.append([told])
    kept = [_as_one(group, dates) for known in groups.values() for group in known]
    return sorted(kept, key=lambda event: event.trigger.start)


def _date(event: Event) -> int:
    assert event.date is not None  # only dated events are compared
    return event.date


def _as_one(group: Sequence[Telling], dates: Sequence[Date]) -> Event:
    def width(event: Event) -> tuple[bool, int]:
        date = dates[_date(event)]
        open_ended = date.earliest is None or date.latest is None
        return open_ended, _PRECISIONS.index(date.precision)

    best = min((told.event for told in group), key=width)
    others = [told.event.trigger for told in group if told.event is not best]
    return msgspec.structs.replace(best, mentions=(*best.mentions, *others))


class Retellings:
    """Finds the dated event that an undated trigger tells again.

    Args:
        doc: the parsed Doc.
        events: the dated events, in reading order.
        dates: the dates that they point to.
        only_sure: whether only those are wanted that somebody takes part in both times.
    """

    def __init__(
        self, doc: Doc, events: Sequence[Event], dates: Sequence[Date], *, only_sure: bool
    ) -> None:
        self._doc = doc
        self._known: dict[str, list[Telling]] = defaultdict(list)
        for event in events:
            date = dates[_date(event)]
            # "Since May" says when it began, not when it was told to be going on.
            if date.earliest is not None and date.latest is not None:
                told = telling_of(doc, event)
                if told.taking_part or not only_sure:
                    self._known[told.root].append(told)

    def roots(self) -> frozenset[str]:
        """The roots of the dated events."""
        return frozenset(self._known)

    def same(self, event: Event, *, headline: bool) -> tuple[Telling, bool] | None:
        """The dated event that an undated one is, and whether that is sure; None for no such.

        Args:
            event: as told without a date.
            headline: whether it stands in a title.
        """
        trigger = self._doc[event.trigger.start]
        told = telling_of(self._doc, event)
        near = self._near(told)
        new = is_new(trigger)
        for known in near:
            by_agent = headline or trigger.pos_ != "VERB" or self._pos(known) != "VERB"
            if new and _is_before(known, trigger):
                continue
            if share_surely(known, told, by_agent=by_agent):
                return known, True
        if headline and near:
            return min(near, key=lambda known: known.event.trigger.start), False
        if points_back(trigger) and not told.taking_part:
            earlier = (known for known in near if _is_before(known, trigger))
            first = next(earlier, None)
            return None if first is None else (first, False)
        return None

    def _pos(self, known: Telling) -> str:
        return self._doc[known.event.trigger.start].pos_

    def _near(self, told: Telling) -> list[Telling]:
        """Dated events of the same name that do not clash with a telling, the nearest first."""
        known = self._known.get(told.root, [])
        place = told.event.trigger.start
        at = bisect_left(known, place, key=lambda other: other.event.trigger.start)
        around = known[max(0, at - NEAREST) : at + NEAREST]
        around.sort(key=lambda other: abs(other.event.trigger.start - place))
        return [other for other in around if not clash(other, told)]


def _is_before(known: Telling, trigger: Token) -> bool:
    return known.event.trigger.start < trigger.i


def is_new(trigger: Token) -> bool:
    """Whether a noun introduces an event not told of before ("**another** attack")."""
    return trigger.pos_ != "VERB" and any(
        word.lower_ in _NEW
        for word in (syntax.determiner_of(trigger), *syntax.modifiers_of(trigger))
        if word is not None
    )


def points_back(trigger: Token) -> bool:
    """Whether a noun names an event told of before ("**the** attack")."""
    if trigger.pos_ == "VERB":
        return False
    determiner = syntax.determiner_of(trigger) or syntax.possessor_of(trigger)
    return determiner is not None and determiner.lower_ in _POINTING


def candidates(doc: Doc, roots: frozenset[str], words: Words) -> Iterator[Token]:
    """Verbs and event nouns with one of these roots, in reading order."""
    if not roots:
        return
    silent = words.lexicon.states | words.lexicon.light | speech_verbs()
    strings = doc.vocab.strings
    verb = strings["VERB"]
    kinds = {verb, strings["NOUN"], strings["PROPN"]}
    known: dict[tuple[int, int], bool] = {}
    for i, (kind, lemma) in enumerate(doc.to_array(["POS", "LEMMA"]).tolist()):
        if kind not in kinds:
            continue
        key = kind, lemma
        if key not in known:
            known[key] = root_of(strings[lemma].lower(), noun=kind != verb) in roots
        if known[key]:
            token = doc[i]
            if words.is_event_noun(token) if kind != verb else token.lower_ not in silent:
                yield token


__all__ = ["Retellings", "Telling", "candidates", "merged", "speech_verbs", "telling_of"]
