"""Who takes part in an event and where: the phrases around a trigger, by role.

Reads the parse through `language.syntax`, and what the stages before found: entities, dates, date
lines. No phrase that says when, and no line before the text, takes part in anything; a relative
pronoun stands for its antecedent.

Measured on 125 training articles, over the events found that have or get one: agents P .91 R .87,
patients P .91 R .80, places P .86 R .44.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

import msgspec
from spacy.tokens import Token

from ..language import syntax
from ..records import ParticipantRole
from .findings import Entity, Participant, TokenSpan

PLACE_TYPES = frozenset({"GPE", "LOC", "FAC"})
_PLACE_PREPOSITIONS = frozenset(
    {"in", "at", "near", "on", "to", "into", "from", "onto", "within", "inside", "outside"}
    | {"across", "throughout", "through", "aboard", "off", "over", "around", "along"}
    | {"toward", "towards", "beside"}
)
# Where something stands, as against where it moves: such phrases may hang on a noun as well.
_STANDING = frozenset({"in", "at", "near"})
# "**She** said in an interview": who does something at an event is part of it.
_TAKING_PART = frozenset({"in", "at", "during"})
_INDOORS = frozenset({"at", "inside", "outside", "near", "within"})
_ACTORS = frozenset({"NORP", "ORG", "PERSON", "GPE"})
_DASHES = frozenset({"—", "–", "--", "-"})
_DATE_LINE_REACH = 16
_DEEPEST = 24


class Scene(msgspec.Struct, frozen=True):
    """What is known of the words of a Doc.

    `mentions`: token → the entity that a mention with it names. `barred`: tokens of dates and of
    lines before the text. `place_nouns`: nouns that name a kind of place ("harbour").
    """

    mentions: Mapping[int, int]
    entities: Sequence[Entity]
    barred: AbstractSet[int]
    place_nouns: AbstractSet[str]

    def type_of(self, noun: Token) -> str | None:
        """The type of the entity that the head of a phrase names."""
        entity = self.mentions.get(noun.i)
        return None if entity is None else self.entities[entity].type


def participants_of(
    trigger: Token, predicate: Token, *, lent: bool, scene: Scene
) -> list[Participant]:
    """The participants of an event, in order of role.

    Args:
        trigger: the word that names the event.
        predicate: the head of its clause; the trigger itself where it is a verb.
        lent: whether a verb leaves its event to the trigger ("held a **meeting**"), which then
            has the verb's subject.
        scene: what is known of the words.
    """
    found: dict[int, tuple[Token, ParticipantRole]] = {}

    def add(noun: Token | None, role: ParticipantRole) -> None:
        noun = None if noun is None else _meant(noun)
        if (
            noun is not None
            and noun.i != trigger.i
            and not (noun.i in found or noun.i in scene.barred)
        ):
            found[noun.i] = (noun, role)

    if trigger.pos_ == "VERB":
        passive = syntax.is_passive(predicate) or syntax.is_passive_participle(predicate)
        if passive:
            add(_agent(predicate), "agent")
        add(_subject(predicate, scene), "patient" if passive else "agent")
        add(syntax.object_of(predicate), "patient")
        add(syntax.indirect_object_of(predicate), "recipient")
    else:
        if lent and syntax.is_passive(predicate):
            add(_agent(predicate), "agent")
        elif lent:
            add(_subject(predicate, scene), "agent")
        add(syntax.possessor_of(trigger), "agent")
        if not any(role == "agent" for _, role in found.values()):
            for word in syntax.modifiers_of(trigger):
                if scene.type_of(word) in _ACTORS:
                    add(word, "agent")
        if (
            not any(role == "agent" for _, role in found.values())
            and predicate.pos_ == "VERB"
            and syntax.preposition_of(trigger) in _TAKING_PART
        ):
            add(_subject(predicate, scene), "agent")
    hosts = [trigger] if predicate.i == trigger.i else [trigger, predicate]
    for host in hosts:
        for preposition, noun in syntax.obliques(host):
            place = _place(preposition, noun, scene)
            if place is not None:
                add(place, "place")
                continue
            role = _role(preposition, noun, trigger, scene)
            if role is not None:
                add(noun, role)
    for noun, role in list(found.values()):
        if role == "patient" and predicate.i == trigger.i:
            for preposition, place in syntax.obliques(noun):
                if preposition in _STANDING and scene.type_of(place) in PLACE_TYPES:
                    add(place, "place")
    return [
        Participant(span=_phrase(noun, trigger), role=role, entity=scene.mentions.get(noun.i))
        for noun, role in found.values()
    ]


def _meant(noun: Token) -> Token | None:
    """The noun that a relative pronoun stands for; other nouns themselves.

    A pronoun that asks or stands for nothing said ("**who** knows") means nobody.
    """
    if noun.tag_ in ("WP", "WDT"):
        return syntax.antecedent_of(noun)
    return noun


def _agent(predicate: Token) -> Token | None:
    """The by-phrase of a passive or of a past participle."""
    agent = syntax.agent_of(predicate)
    if agent is not None:
        return agent
    return next((noun for prep, noun in syntax.obliques(predicate) if prep == "by"), None)


def _subject(predicate: Token, scene: Scene) -> Token | None:
    """The subject of a clause; a date line that the parse took for one is none."""
    own = [
        noun
        for noun in syntax.own_subjects_of(predicate)
        if noun.i not in scene.barred and not _is_date_line(noun, predicate)
    ]
    if own:
        # A title or apposition before the name is often taken for a subject of its own.
        before = [noun for noun in own if noun.i < predicate.i]
        return before[-1] if before else own[0]
    if syntax.own_subject_of(predicate) is not None:
        return None
    noun = syntax.noun_described_by(predicate)
    if noun is not None and syntax.has_infinitive_marker(predicate):
        return syntax.possessor_of(noun)  # "**his** plan to leave"
    return syntax.subject_of(predicate)


def _is_date_line(noun: Token, predicate: Token) -> bool:
    """Whether a noun is the place in capitals, before a dash, that opens a report."""
    if not noun.text.isupper() or noun.i > predicate.i:
        return False
    doc = noun.doc
    first = noun.left_edge.i
    if first > 0 and not doc[first - 1].is_space:
        return False
    after = doc[noun.i + 1 : min(predicate.i, noun.i + _DATE_LINE_REACH)]
    return any(token.text in _DASHES for token in after)


def _place(preposition: str, noun: Token, scene: Scene) -> Token | None:
    """The place that a prepositional phrase names: its noun, or a place named within it."""
    if preposition not in _PLACE_PREPOSITIONS or noun.i in scene.barred:
        return None
    kind = scene.type_of(noun)
    if kind in PLACE_TYPES or (kind == "ORG" and preposition in _INDOORS):
        return noun
    if kind is not None:
        return None
    if preposition in _STANDING and noun.lower_ in scene.place_nouns:
        return noun
    for inner, place in syntax.obliques(noun):
        if scene.type_of(place) in PLACE_TYPES and inner in _STANDING:
            return place
    return None


def _role(preposition: str, noun: Token, trigger: Token, scene: Scene) -> ParticipantRole | None:
    """What another prepositional phrase says of an event."""
    kind = scene.type_of(noun)
    if trigger.pos_ != "VERB":
        if preposition in ("by", "between"):
            return "agent"
        if preposition in ("of", "against"):
            return "patient"
        if preposition in ("about", "over", "on"):
            return "topic"
    if preposition == "to" and kind is not None and kind not in PLACE_TYPES:
        return "recipient"
    if preposition == "about":
        return "topic"
    if preposition == "with" and kind is None:
        return "instrument"
    return None


def _phrase(noun: Token, trigger: Token) -> TokenSpan:
    """The noun phrase, cut before the clause or phrase in it that holds the trigger."""
    start, end = syntax.phrase_span(noun)
    if not start <= trigger.i < end:
        return TokenSpan(start, end)
    if trigger.i > noun.i:
        branch = trigger
        for _ in range(_DEEPEST):
            if branch.head.i == noun.i:
                start, end = syntax.trim(noun.doc, start, max(branch.left_edge.i, noun.i + 1))
                if start < end:
                    return TokenSpan(start, end)
                break
            branch = branch.head
    return TokenSpan(noun.i, noun.i + 1)


def mentions_of(entities: Sequence[Entity]) -> dict[int, int]:
    """Token → the entity that a mention with it names; shorter mentions win."""
    spans = [
        (mention.span.end - mention.span.start, mention.span, index)
        for index, entity in enumerate(entities)
        for mention in entity.mentions
    ]
    found: dict[int, int] = {}
    for _, span, index in sorted(spans, key=lambda item: (-item[0], item[1].start, item[2])):
        for i in range(span.start, span.end):
            found[i] = index
    return found


__all__ = ["PLACE_TYPES", "Scene", "mentions_of", "participants_of"]
