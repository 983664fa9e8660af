"""What names an event in a text: the lexicon of event words, and how a clause names its event.

Reads the parse through `language.syntax`. The word that names the event of a clause is its verb, or
the noun that the verb leaves it to ("held a **vote**", "the **vote** is due", "there was a
**march**"); a verb of being or relation names none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

import msgspec
from spacy.tokens import Token

from ..language import syntax
from ..lexicons import rows


class EventWord(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A row of `events.jsonl`.

    `kind`: "noun" (names an event), "act" (names one where a light verb leaves it to it: "made
    plans"), "measure" (leaves the event to its of-phrase: "a series of attacks"), "thing" (ends
    like one and names none), "state" (a verb of being or relation), "aspectual" (one that leaves
    the event to its complement: "began to fall"), "implicative" (one that happens together with
    it: "managed to leave"), "light" (one that leaves the event to its object: "made a visit"),
    "occur" (one that leaves it to its subject: "the vote was held"), "ahead" (what its complement
    tells is yet to come), "wish" (what its complement tells is left open: "sought to leave").
    `forms` are its other forms; words are looked up by form, since lemmatisers err.
    """

    word: str
    forms: tuple[str, ...] = ()
    kind: Literal[
        "noun",
        "act",
        "measure",
        "thing",
        "state",
        "light",
        "occur",
        "ahead",
        "wish",
        "aspectual",
        "implicative",
    ]


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
    wishes: frozenset[str]
    aspectual: frozenset[str]
    implicative: frozenset[str]


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
        wishes=frozenset(kinds["wish"]),
        aspectual=frozenset(kinds["aspectual"]),
        implicative=frozenset(kinds["implicative"]),
    )


class Derivation(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A row of `derivations.jsonl`: a noun and the verb of the same event, where no rule tells.

    A noun that only looks derived stands for itself ("mission": not of "miss").
    """

    noun: str
    verb: str


@lru_cache(maxsize=1)
def derivations() -> dict[str, str]:
    """Noun → verb of the same event, loaded once a process."""
    return {row.noun: row.verb for row in rows("derivations", Derivation)}


# What makes a noun of a verb, longest first, and what the verbs then end in.
_NOUN_MAKING = ("ation", "ment", "ance", "ence", "ery", "ing", "ion", "al", "y")
_VERB_ENDINGS = ("ate", "e", "y")
_SHORTEST_STEM = 3


@lru_cache(maxsize=4096)
def root_of(lemma: str, *, noun: bool) -> str:
    """A key that a verb and the noun of the same event share; no word of the language.

    Args:
        lemma: lower-cased.
        noun: whether it is a noun.

    Example:
        >>> root_of("announcement", noun=True) == root_of("announce", noun=False)
        True
    """
    verb = derivations().get(lemma) if noun else None
    if verb is None and noun:
        for ending in _NOUN_MAKING:
            if lemma.endswith(ending) and len(lemma) - len(ending) >= _SHORTEST_STEM:
                return _plain(lemma.removesuffix(ending))
    return _plain(verb or lemma)


def _plain(stem: str) -> str:
    for ending in _VERB_ENDINGS:
        if stem.endswith(ending) and len(stem) - len(ending) >= _SHORTEST_STEM:
            stem = stem.removesuffix(ending)
            break
    # "Cancellation" has two l, "cancel" one.
    return stem[:-1] if len(stem) > _SHORTEST_STEM and stem[-1] == stem[-2] else stem


# Deverbal endings; what they make mostly names an event where a date modifies it.
_EVENT_ENDINGS = ("ation", "ition", "ution", "ction", "ption", "ssion", "sion", "ment", "ing")
_SHORTEST_DERIVED = 7

_TAKE = frozenset({"take", "takes", "took", "taken", "taking"})
WIDEST = 12
"""How many words of a coordination, or steps up a tree, are looked at."""


class Words(msgspec.Struct, frozen=True):
    """What names an event in a Doc: the lexicon, and the tokens of names.

    `named` are those of names of events, `actors` those of people, groups and places.
    """

    lexicon: EventLexicon
    named: frozenset[int]
    actors: frozenset[int]
    groups: dict[int, list[Token]] = {}
    clauses: dict[int, list[Token]] = {}

    def triggers_of(self, predicate: Token) -> list[Token]:
        """`_triggers_of`, each clause being looked at once however many dates it has."""
        if predicate.i not in self.clauses:
            self.clauses[predicate.i] = list(_triggers_of(predicate, self))
        return self.clauses[predicate.i]

    def coordinated(self, token: Token) -> list[Token]:
        """The words coordinated with this one; none in an enumeration beyond `WIDEST`.

        Each coordination is looked at once, so that a long one costs no more than its length.
        """
        first = token
        for _ in range(WIDEST):
            if not syntax.is_conjunct(first):
                break
            first = first.head
        else:
            return []
        if first.i not in self.groups:
            group = [first, *syntax.conjuncts(first)]
            self.groups[first.i] = group if len(group) <= WIDEST else []
        return [other for other in self.groups[first.i] if other.i != token.i]

    def is_event_noun(self, token: Token) -> bool:
        """Whether a noun names an event."""
        if token.pos_ not in ("NOUN", "PROPN"):
            return False
        if token.i in self.named:
            return True
        low = token.lower_
        if low in self.lexicon.things or (token.pos_ == "PROPN" and token.i in self.actors):
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

    def teller_of(self, trigger: Token) -> Token:
        """The predicate that says when and whether the event of a trigger comes about.

        That is the verb that leaves its event to the trigger ("**began** to fall", "**made** a
        visit"); else the trigger itself.
        """
        told = trigger
        for _ in range(WIDEST):
            if told.pos_ != "VERB":
                verb = syntax.phrase_governor(told)
                return verb if verb.pos_ == "VERB" and self.is_lent(told, verb) else told
            governor = syntax.governor_of(told) if syntax.is_open_complement(told) else None
            if governor is None or governor.lower_ not in self.lexicon.aspectual:
                break
            told = governor
        return told

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
        if verb.pos_ not in ("VERB", "AUX") or verb.lower_ in self.lexicon.occur:
            return True
        return _takes_place(verb)


def _takes_place(verb: Token) -> bool:
    thing = syntax.object_of(verb) if verb.lower_ in _TAKE else None
    return thing is not None and thing.lower_ == "place"


def _triggers_of(predicate: Token, words: Words) -> Iterator[Token]:
    """The word of a clause that names its event: the verb, or the one that it leaves it to."""
    for _ in range(WIDEST):
        complement = syntax.complement_of(predicate)
        if predicate.lower_ not in words.lexicon.aspectual or complement is None:
            break
        if not syntax.is_open_complement(complement):
            break
        predicate = complement  # "began to **fall**"
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
    takes_place = _takes_place(predicate)
    # "The vote was set aside" is no vote set for a day.
    occurs = verb in words.lexicon.occur and thing is None and not syntax.particles_of(predicate)
    left_to_subject = occurs or takes_place
    # What takes place is an event, whatever its word.
    named = takes_place and subject is not None and subject.pos_ in ("NOUN", "PROPN")
    if left_to_subject and subject is not None and (named or words.is_event_noun(subject)):
        yield subject
        return
    if verb in words.lexicon.states:
        return
    if predicate.pos_ == "VERB":
        yield predicate


__all__ = ["WIDEST", "EventLexicon", "EventWord", "Words", "event_lexicon", "root_of"]
