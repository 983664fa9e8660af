"""What pronouns and descriptions stand for, in the article that they stand in.

One pass from the first to the last token keeps what has been mentioned, named or not, in the order
of the last mention. Each pronoun of the third person and each description ("the minister", "its
parent company") has candidates there that agree in number, gender and kind, and one more: none of
them. Every candidate has signs: how far back it was mentioned, in which place of the sentence and
in which form, how often it is named, who spoke last. A conditional logistic model (one softmax
over the candidates) weighs them; its weights are the lexicon `coreference.jsonl`, fitted by
`pipeline.train.coreference`. An entity is taken only where it is sure enough.

Grammar alone settles a description in apposition to a name or said of one ("Noor is the minister").
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Literal, NamedTuple

import msgspec
import numpy as np
from spacy.attrs import (  # type: ignore[import-not-found]  # Cython, no stub
    HEAD,
    IS_SPACE,
    LEMMA,
    LOWER,
    POS,
    SENT_START,
    TAG,
)
from spacy.symbols import ADJ, NOUN, PRON, PROPN  # type: ignore[import-not-found]
from spacy.tokens import Doc, Token

from ..language import syntax
from ..lexicons import rows
from .findings import Entity, Quote, TokenSpan
from .gazetteer import Gazetteer
from .referents import (
    Form,
    Kind,
    Referent,
    entity_referent,
    gender_of_noun,
    head_word,
    is_plural_tag,
    kind_of_word,
)
from .roles import head_of

THRESHOLDS = {"he": 0.65, "it": 0.8, "they": 0.6, "the": 0.85}
"""Probability from which an entity is taken, for the pronouns and for descriptions ("the").

Set on GUM's train part by cross-validation over documents, for precision rather than recall
(`pipeline.train.coreference` prints the curves).
"""

MEANT = 0.5
"""Probability from which a description is followed, if not recorded: who speaks may hang on it."""

SURE = 0.7
"""From here on a pronoun settles the gender of a person of whom nothing else tells it."""

NEAREST_NAMED = 7
NEAREST_UNNAMED = 7
"""How many of the last mentioned things that agree are candidates, with and without a name."""

MAX_DESCRIBED = 12
"""How many entities that may be meant by a description are candidates, the last ones."""

SPEAKERS: dict[str, frozenset[Kind | None]] = {
    "he": frozenset({"person"}),
    "it": frozenset({"organisation", "place", "document", "people"}),
    "they": frozenset({"people", "organisation", "place"}),
}
"""What a pronoun may mean that said something."""

NEAR_BODY = 2
"""How many sentences back a body may be that "the company" alone takes up."""

MAX_WORDS = 12
"""How many words of a description are held against those of roles and names."""

MAX_DEPTH = 20
"""How many heads above a pronoun are looked at."""

_TELLING = frozenset({ADJ, NOUN, PROPN})
DEFINITE = frozenset({"the", "this", "that", "these", "those"})

PronounKind = Literal["personal", "possessive", "reflexive", "relative"]


class PronounRow(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A row of `pronouns.jsonl`."""

    form: str
    person: int
    number: Literal["singular", "plural", "any"]
    kind: PronounKind
    gender: Literal["masculine", "feminine", "neuter"] | None = None


class Weight(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A row of `coreference.jsonl`: how much a sign speaks for a candidate, in log odds."""

    sign: str
    weight: float


@lru_cache(maxsize=1)
def weights() -> dict[str, float]:
    """The fitted weights by sign, loaded once a process."""
    return {row.sign: row.weight for row in rows("coreference", Weight)}


@lru_cache(maxsize=1)
def pronouns() -> dict[str, PronounRow]:
    """The pronouns by form."""
    return {row.form: row for row in rows("pronouns", PronounRow)}


class Candidate(NamedTuple):
    """What a mention may stand for (None: nothing that was mentioned), and its signs."""

    referent: Referent | None
    signs: tuple[str, ...]


Judge = Callable[[int, Sequence[Candidate]], list[float]]
"""Gives each of the candidates of the mention with that head token its probability."""


def judge_by(table: Mapping[str, float]) -> Judge:
    """The model with these weights by sign."""

    def judge(_: int, candidates: Sequence[Candidate]) -> list[float]:
        get = table.get
        scores = [sum([get(sign, 0.0) for sign in signs]) for _, signs in candidates]
        highest = max(scores)
        odds = [math.exp(score - highest) for score in scores]
        total = sum(odds)
        return [odd / total for odd in odds]

    return judge


class Link(NamedTuple):
    """What a mention stands for.

    Attributes:
        span: the mention.
        form: "pronoun" or "nominal".
        referent: the thing, which may have no name.
        sure: whether it is sure enough to be recorded.
    """

    span: TokenSpan
    form: Form
    referent: Referent
    sure: bool


class _Word(NamedTuple):
    """A noun, lower-cased, and what the lexicons know of it."""

    lower: str
    lemma: str
    kind: Kind | None
    plural: bool


class Coreference:
    """Reads one Doc; `links` has what was found, by the head token of the mention.

    Args:
        doc: with tags and a parse; without them nothing is found.
        entities: the entities, mentions by name in reading order.
        quotes: the quotes: who spoke last is remembered, and what is inside quotation marks.
        facts: the gazetteer.
        judge: the model; the fitted one where None.
    """

    def __init__(
        self,
        doc: Doc,
        entities: Sequence[Entity],
        quotes: Sequence[Quote],
        facts: Gazetteer,
        *,
        judge: Judge | None = None,
    ) -> None:
        self.doc = doc
        self.entities = entities
        self.facts = facts
        self.judge = judge or judge_by(weights())
        self.links: dict[int, Link] = {}
        self.referent_at: dict[int, Referent] = {}
        """By head token, every mention: names too."""
        self.mention_at: dict[int, int] = {}
        self.name_starts: dict[int, tuple[int, TokenSpan]] = {}
        for index, entity in enumerate(entities):
            for mention in entity.mentions:
                span = mention.span
                self.name_starts[span.start] = (index, span)
                for i in range(span.start, span.end):
                    self.mention_at[i] = index
        # Columns and not tokens: most tokens are only passed by.
        columns = doc.to_array([POS, TAG, LEMMA, LOWER, HEAD, SENT_START, IS_SPACE])
        pos, tags, lemmas, words, offsets, starts, spaces = columns.reshape(-1, 7).T
        self.pos: list[int] = pos.tolist()
        self._keys = list(zip(words.tolist(), lemmas.tolist(), tags.tolist(), strict=True))
        self.heads: list[int] = (np.arange(len(doc)) + offsets.astype("int64")).tolist()
        self.sentence_of: list[int] = np.cumsum(starts == 1).tolist()
        breaks = np.zeros(len(doc), dtype="int64")
        breaks[[i for i in np.flatnonzero(spaces).tolist() if "\n" in doc[i].text]] = 1
        self.paragraph_of: list[int] = np.cumsum(breaks).tolist()
        self.places = syntax.places(doc)
        self._determiners = self._first_dependents("determiner")
        self._owners = self._first_dependents("possessor")
        self._words: dict[tuple[int, int, int], _Word] = {}
        self._phrases: dict[int, tuple[int, int]] = {}
        self.quoted: dict[int, int] = {}
        self.spoken: dict[int, int] = {}
        self.speaker_heads: dict[int, tuple[int, int]] = {}
        """Head -> the phrase that a quote has for its speaker."""
        for number, quote in enumerate(quotes):
            if quote.type != "indirect":
                for span in quote.content:
                    self.quoted.update(dict.fromkeys(range(span.start, span.end), number))
            if quote.speaker is not None:
                span = quote.speaker.span
                self.spoken.update(dict.fromkeys(range(span.start, span.end), number))
                self.speaker_heads[head_of(doc, span.start, span.end).i] = (span.start, span.end)
        self.speaker_of: dict[int, Referent] = {}
        self.last_speaker: Referent | None = None
        self.last_pronoun: dict[str, Referent] = {}
        self._referents: dict[int, Referent] = {}
        self._nouns: dict[str, Referent] = {}
        self._recent: dict[str, tuple[dict[Referent, None], dict[Referent, None]]] = {
            "he": ({}, {}),
            "it": ({}, {}),
            "they": ({}, {}),
        }
        self._firsts: dict[str, dict[int, int]] = {"he": {}, "it": {}, "they": {}}
        self._by_word = self._word_index()
        counts = sorted((len(entity.mentions) for entity in entities), reverse=True)
        self._many = max(3, counts[0] * 2 // 3) if counts else 3

    def _first_dependents(self, place: syntax.Place) -> dict[int, int]:
        """Head -> its first dependent in that place."""
        last_first = range(len(self.places) - 1, -1, -1)
        return {self.heads[i]: i for i in last_first if self.places[i] == place}

    def _word(self, i: int) -> _Word:
        """What the lexicons know of a noun."""
        key = self._keys[i]
        word = self._words.get(key)
        if word is None:
            strings = self.doc.vocab.strings
            lower, lemma = strings[key[0]], strings[key[1]].casefold()
            plural = is_plural_tag(strings[key[2]])
            kind = kind_of_word(lower, lemma, self.facts, plural=plural)
            word = self._words[key] = _Word(lower, lemma, kind, plural)
        return word

    def _phrase(self, i: int) -> tuple[int, int]:
        """The phrase that a noun heads, without a preposition and what is joined to it."""
        span = self._phrases.get(i)
        if span is None:
            span = self._phrases[i] = syntax.phrase_span(self.doc[i], coordinated=False)
        return span

    # -- the pass ---------------------------------------------------------------------------

    def run(self) -> dict[int, Link]:
        """Read the Doc; returns `links`."""
        known = pronouns()
        strings = self.doc.vocab.strings
        for i, pos in enumerate(self.pos):
            if i in self.name_starts:
                self._read_name(*self.name_starts[i])
            elif pos in (NOUN, PROPN):
                # "the Prime Minister" is no name, whatever its capitals
                if self.places[i] != "part" and i not in self.mention_at:
                    self._read_noun(i, capital=pos == PROPN)
            elif pos == PRON and self.places[i] != "expletive":
                row = known.get(strings[self._keys[i][0]])
                if row is not None and row.person == 3 and row.kind != "relative":
                    self._read_pronoun(i, row)
        return self.links

    def _touch(self, referent: Referent, head: int, form: Form) -> None:
        place = self.places[head]
        at = head
        while place == "conjunct" and self.heads[at] < at:
            at = self.heads[at]
            place = self.places[at]
        referent.touch(head, self.sentence_of[head], place, form, quoted=head in self.quoted)
        self.referent_at[head] = referent
        unnamed = referent.entity is None
        for kind in _pronouns_for(referent):
            recent = self._recent[kind][unnamed]
            recent.pop(referent, None)
            recent[referent] = None
            self._firsts[kind].setdefault(referent.sentence, head)
        quote = self.spoken.get(head)
        if quote is not None and (head in self.speaker_heads or quote not in self.speaker_of):
            self.speaker_of[quote] = referent
            if head not in self.quoted:
                self.last_speaker = referent

    def of_entity(self, index: int) -> Referent:
        """The referent of an entity."""
        referent = self._referents.get(index)
        if referent is None:
            referent = entity_referent(index, self.entities[index], self.facts)
            self._referents[index] = referent
        return referent

    def _read_name(self, index: int, span: TokenSpan) -> None:
        head = span.end - 1 if span.end - span.start == 1 else self._head_of_name(span)
        if self.pos[head] == ADJ:
            return  # "Afghan" before a noun names nobody who acts
        referent = self.of_entity(index)
        self._touch(referent, head, "name")
        outer = self.heads[head]
        if self.places[head] == "apposition":
            link = self.links.get(outer)
            before = self.referent_at.get(outer)
            if link is None and before is not None and before.entity is None:
                self._name_described(before, referent, outer)
        elif self.places[head] == "conjunct" and outer < head:
            self._join(outer, head)

    def _head_of_name(self, span: TokenSpan) -> int:
        for i in range(span.start, span.end):
            if not span.start <= self.heads[i] < span.end and self.places[i] != "part":
                return i
        return int(head_of(self.doc, span.start, span.end).i)

    def _name_described(self, before: Referent, named: Referent, head: int) -> None:
        """The description before a name stands for it: "The chairwoman, **Ana Ruiz**"."""
        if self._word(head).kind != named.kind:
            return
        self._forget(before)
        self.referent_at[head] = named
        comma = next((i for i in range(head + 1, named.heads[-1]) if self.doc[i].is_punct), None)
        if comma is not None and self._is_definite(head):
            start, end = self._phrase(head)
            self._link(head, start, max(head + 1, min(end, comma)), "nominal", named)

    def _forget(self, referent: Referent) -> None:
        for named, unnamed in self._recent.values():
            named.pop(referent, None)
            unnamed.pop(referent, None)

    def _join(self, first: int, second: int) -> None:
        """Two that are named together are several: "Ana Ruiz and her brother"."""
        one, other = self.referent_at.get(first), self.referent_at.get(second)
        if one is None or other is None or one is other:
            return
        key = f"{id(one)} {id(other)}"
        both = self._nouns.get(key)
        if both is None:
            kind: Kind = "people" if one.kind == "person" else one.kind or "thing"
            both = Referent("", kind, number="plural", parts=(one, other))
            self._nouns[key] = both
        self._touch(both, first, "name")
        self.referent_at[first] = one

    # -- pronouns ---------------------------------------------------------------------------

    def _read_pronoun(self, i: int, row: PronounRow) -> None:
        kind = "they" if row.number == "plural" else "it" if row.gender == "neuter" else "he"
        candidates = list(self._candidates(i, kind, row))
        if len(candidates) == 1:
            return
        chances = self.judge(i, candidates)
        at = max(range(len(candidates)), key=chances.__getitem__)
        chosen = candidates[at].referent
        if chosen is None:
            self.last_pronoun.pop(kind, None)
            return
        if chosen.gender is None and kind == "he" and chances[at] >= SURE:
            chosen.gender = "feminine" if row.gender == "feminine" else "masculine"
        self._touch(chosen, i, "pronoun")
        self.last_pronoun[kind] = chosen
        # Grammar binds a reflexive to the subject of its clause: "Ana blamed **herself**".
        bound = f"{kind} {self.places[i]} of its clause reflexive" in candidates[at].signs
        sure = bound or chances[at] >= THRESHOLDS[kind]
        self._link(i, i, i + 1, "pronoun", chosen, sure=sure)

    def _link(
        self,
        head: int,
        start: int,
        end: int,
        form: Form,
        referent: Referent,
        *,
        sure: bool = True,
    ) -> None:
        self.links[head] = Link(TokenSpan(start, end), form, referent, sure)

    def _candidates(self, i: int, kind: str, row: PronounRow) -> Iterator[Candidate]:
        place = self.places[i]
        governor = self.heads[i]
        if place == "possessor":
            governor = self.heads[governor]
        speaker = self.speaker_of.get(self.quoted[i]) if i in self.quoted else None
        sentence = self.sentence_of[i]
        says = " says" if i in self.speaker_heads else ""
        named, unnamed = self._recent[kind]
        agreeing = [
            referent
            for group, most in ((named, NEAREST_NAMED), (unnamed, NEAREST_UNNAMED))
            for referent in islice(reversed(group), most)
            if kind != "he" or referent.gender is None or referent.gender == row.gender
            if not says or referent.kind in SPEAKERS[kind]
        ]
        agreeing.sort(key=lambda referent: -referent.heads[-1])
        own = f"{kind} {row.kind}"
        inside = "quoted" if i in self.quoted else "told"
        nearest = _distance(sentence - agreeing[0].sentence) if agreeing else "far"
        yield Candidate(
            None,
            (
                f"{kind} none",
                f"{own} none{says}",
                f"{kind} none {inside}",
                f"{kind} none {place}",
                f"{kind} none nearest {nearest}{says}",
                *(f"{kind} none {sign}" for sign in self._clause_signs(i, kind)),
            ),
        )
        nth: dict[bool, int] = {True: 0, False: 0}
        most = max([len(referent.heads) for referent in agreeing], default=0)
        above = self._clauses_above(governor)
        opens = " open" if self._opens(i) else ""
        paragraph = self.paragraph_of[i]
        for rank, referent in enumerate(agreeing):
            is_named = referent.entity is not None
            nth[is_named] += 1
            form = "" if is_named else " unnamed"
            back = _distance(sentence - referent.sentence)
            last = referent.heads[-1]
            signs = [
                f"{kind} {back} {referent.place}",
                f"{own} {back}",
                f"{kind} last {referent.form}{form}",
                f"{kind} nth {min(rank, 4)}",
                f"{kind} named nth {min(nth[True], 4)}" if is_named else f"{kind} unnamed",
                f"{kind} count {_bucket(len(referent.heads))}",
                f"{kind} is {referent.kind}{form}",
            ]
            if says:
                signs.append(f"{kind} says {referent.kind}{form}")
            if len(referent.heads) == most and len(agreeing) > 1:
                signs.append(f"{kind} most")
            if opens:
                signs.append(f"{kind} {back} {referent.place} open")
            if self.paragraph_of[last] != paragraph:
                signs.append(f"{kind} paragraph{opens}")
            if self.heads[last] in above:
                signs.append(f"{kind} commanded {referent.place}")
            if self._is_first(last, kind):
                signs.append(f"{kind} first {back}")
            if is_named:
                mentions = len(self.entities[referent.entity or 0].mentions)
                signs.append(f"{kind} names {_bucket(mentions)}")
                if mentions >= self._many:
                    signs.append(f"{kind} main")
            if rank == 0 and len(agreeing) == 1:
                signs.append(f"{kind} only")
            if kind == "he":
                signs.append("he gender" if referent.gender else "he no gender")
            if kind == "they" and referent.number == "singular":
                signs.append("they singular")
            if self.last_pronoun.get(kind) is referent:
                signs.append(f"{kind} again {back}")
            if referent.place == place:
                signs.append(f"{kind} parallel {place}")
            if referent is self.last_speaker:
                signs.append(f"{kind} spoke {inside}{says}")
            if speaker is referent:
                signs.append(f"{kind} own words")
            elif referent.quoted != (inside == "quoted"):
                signs.append(f"{kind} across {inside}")
            if self.heads[last] == governor and self.places[last] == "subject":
                reflexive = " reflexive" if row.kind == "reflexive" else ""
                signs.append(f"{kind} {place} of its clause{reflexive}")
            elif row.kind == "reflexive":
                signs.append(f"{kind} reflexive outside")
            yield Candidate(referent, tuple(signs))

    def _clauses_above(self, word: int) -> set[int]:
        """The heads of the phrases and clauses that hold the one which a word heads."""
        found: set[int] = set()
        while self.heads[word] != word and len(found) < MAX_DEPTH:
            word = self.heads[word]
            found.add(word)
        return found

    def _opens(self, i: int) -> bool:
        """Whether a pronoun is the first word of its sentence or its possessor."""
        return i == 0 or self.sentence_of[i - 1] != self.sentence_of[i]

    def _is_first(self, head: int, kind: str) -> bool:
        """Whether a mention is the first in its sentence of those that the pronoun may mean."""
        return self._firsts[kind].get(self.sentence_of[head]) == head

    def _clause_signs(self, i: int, kind: str) -> Iterator[str]:
        """What the clause of a pronoun says about whether it stands for a thing at all."""
        if self.places[i] != "subject":
            return
        governor = self.doc[self.heads[i]]
        yield f"{governor.lemma_}"
        if kind != "it":
            return
        if governor.pos == ADJ:
            yield "adjective"
        if syntax.complement_of(governor) is not None:
            yield "clause"

    # -- descriptions -----------------------------------------------------------------------

    def _word_index(self) -> dict[str, list[tuple[int, int, frozenset[str]]]]:
        """Noun -> what it may be said of: first mention, entity, words of the role or name."""
        facts = self.facts
        index: dict[str, list[tuple[int, int, frozenset[str]]]] = defaultdict(list)
        for number, entity in enumerate(self.entities):
            start = entity.mentions[0].span.start
            for role in entity.roles:
                words = role.casefold().replace("-", " ").split()
                words = [facts.full_titles.get(word, word) for word in words]
                head = head_word(words).split(" ")[-1]
                if head:
                    index[head].append((start, number, frozenset(words)))
            if entity.type != "PERSON":
                words = entity.name.casefold().split()
                for word in dict.fromkeys((words[0], words[-1], head_word(words))):
                    if word in facts.heads or word in facts.nominals:
                        index[word].append((start, number, frozenset(words)))
        return index

    def _read_noun(self, i: int, *, capital: bool) -> None:
        word = self._word(i)
        kind = word.kind
        if capital and kind is None:
            return
        place = self.places[i]
        outer = self.heads[i]
        definite = self._is_definite(i)
        if (capital and not definite) or (kind == "person" and self._is_title(i)):
            return
        if place == "apposition" and outer < i and kind is not None:
            before = self.referent_at.get(outer)
            if before is not None and before.kind == kind:
                if definite and before.entity is not None:
                    self._link(i, *self._phrase(i), "nominal", before)
                self.referent_at[i] = before
                return
        elif place == "else" and definite:
            subject = self._said_of(self.doc[i])
            if subject is not None and kind in (None, subject.kind):
                self._link(i, *self._phrase(i), "nominal", subject)
                return
        referent = None
        if definite and not word.plural and (kind is not None or word.lemma in self._by_word):
            referent = self._described(i, word)
        if referent is None:
            referent = self._noun_referent(word, definite=definite)
        self._touch(referent, i, "nominal")
        if place == "conjunct" and outer < i:
            self._join(outer, i)

    def _is_title(self, i: int) -> bool:
        """Whether a noun only introduces the name behind it: "spokeswoman Ana Ruiz"."""
        beside = self.mention_at.get(i + 1)
        return beside is not None and self.entities[beside].type == "PERSON"

    def _said_of(self, noun: Token) -> Referent | None:
        """Of whom a noun is said: the subject of "is the minister"; None where there is none."""
        copula = syntax.copula_of(noun)
        if copula is None or syntax.preposition_of(noun) or syntax.is_negated(noun):
            return None
        subject = syntax.own_subject_of(noun)
        referent = self.referent_at.get(subject.i) if subject is not None else None
        return referent if referent is not None and referent.entity is not None else None

    def _is_definite(self, i: int) -> bool:
        determiner = self._determiners.get(i)
        if determiner is None:
            return i in self._owners
        return self.doc[determiner].lower_ in DEFINITE

    def name_of(self, referent: Referent) -> str:
        """What a thing is called: its name, else the phrase that brought it up."""
        if referent.parts:
            return " and ".join(self.name_of(part) for part in referent.parts)
        if not referent.name:
            first = referent.heads[0]
            start, end = self.speaker_heads.get(first) or self._phrase(first)
            referent.name = " ".join(str(self.doc[start:end]).split())
        return referent.name

    def _noun_referent(self, word: _Word, *, definite: bool) -> Referent:
        """What an earlier use of the noun brought up, else something new."""
        key = f"{word.lemma} plural" if word.plural else word.lemma
        referent = self._nouns.get(key)
        if referent is None or not definite:
            referent = Referent(
                "",
                word.kind,
                gender=gender_of_noun(word.lemma, self.facts),
                number="plural" if word.plural or word.kind == "people" else "singular",
            )
            self._nouns[key] = referent
        return referent

    def _described(self, i: int, word: _Word) -> Referent | None:
        """The entity that a definite description stands for, or None."""
        lemma = word.lemma
        agreeing = self._possibly_described(i, word)
        if not agreeing:
            return None
        candidates = list(self._described_by(i, word, agreeing))
        chances = self.judge(i, candidates)
        at = max(range(len(candidates)), key=chances.__getitem__)
        chosen = candidates[at].referent
        sure = chances[at] >= THRESHOLDS["the"]
        if chosen is None or chances[at] < MEANT:
            chosen, sure = self._bare_body(i, lemma), True
        if chosen is None:
            return None
        self._nouns[lemma] = chosen
        self._link(i, *self._phrase(i), "nominal", chosen, sure=sure)
        return chosen

    def _bare_body(self, i: int, lemma: str) -> Referent | None:
        """What "the company", "the group" alone takes up: the last such body, a subject nearby."""
        company = lemma in self.facts.company_nouns
        alone = self._phrase(i) == (i - 1, i + 1)
        if not alone or not (company or lemma in self.facts.body_nouns) or lemma in self._nouns:
            return None
        for referent in islice(reversed(self._recent["it"][0]), MAX_DESCRIBED):
            if referent.kind in ("organisation", "people") and referent.entity is not None:
                near = self.sentence_of[i] - referent.sentence <= NEAR_BODY
                if self._is_company(referent.entity) is company:
                    return referent if near and referent.place == "subject" else None
        return None

    def _possibly_described(self, i: int, word: _Word) -> list[Referent]:
        """What agrees with a description, the last mentioned first."""
        possible: dict[Referent, None] = {}
        for _, index, _ in self._by_word.get(word.lemma, ()):
            if index in self._referents:
                possible[self._referents[index]] = None
        for name in ("he", "it", "they"):
            for referent in islice(reversed(self._recent[name][0]), MAX_DESCRIBED):
                # "the group" may be a people: the Taliban
                kinds = (word.kind, referent.kind)
                if referent.kind == word.kind or kinds == ("organisation", "people"):
                    possible[referent] = None
        gender = gender_of_noun(word.lemma, self.facts)
        owner = self._owners.get(i)
        owning = self.referent_at.get(owner) if owner is not None else None
        agreeing = [
            referent
            for referent in possible
            if (gender is None or referent.gender is None or gender == referent.gender)
            and referent is not owning
        ]
        agreeing.sort(key=lambda referent: -referent.heads[-1])
        return agreeing[:MAX_DESCRIBED]

    def _described_by(
        self, i: int, word: _Word, agreeing: Sequence[Referent]
    ) -> Iterator[Candidate]:
        lemma, kind = word.lemma, word.kind
        sentence = self.sentence_of[i]
        start, end = self._phrase(i)
        words = {
            token.lower_
            for token in self.doc[start : min(end, start + MAX_WORDS)]
            if token.pos in _TELLING and token.lower_ not in pronouns()
        } - {word.lower, lemma}
        first = self.doc[start].lower_
        body = (
            "company"
            if lemma in self.facts.company_nouns
            else "body"
            if lemma in self.facts.body_nouns
            else ""
        )
        says = " says" if i in self.speaker_heads else ""
        opening = "the" if first == "the" else "this" if first in DEFINITE else "owned"
        tail = end - i > 1
        shape = f"{min(len(words), 2)}{' tail' if tail else ''}"
        described: dict[int, frozenset[str]] = {}
        for _, index, role in self._by_word.get(lemma, ()):
            described[index] = described.get(index, frozenset()) | role
        gender = gender_of_noun(lemma, self.facts)
        before = self._nouns.get(lemma)
        known = "unknown" if before is None else "unnamed" if before.entity is None else "named"
        yield Candidate(
            None,
            (
                "the none",
                f"the none {kind}",
                f"the none {opening}",
                f"the none shape {shape}",
                f"the none before {known}",
                f"the none noun {lemma}",
                f"the none {'told of some' if described else 'told of none'}",
                f"the none{says}",
            ),
        )
        for rank, referent in enumerate(agreeing):
            told = described.get(referent.entity if referent.entity is not None else -1)
            back = _distance(sentence - referent.sentence)
            signs = [
                f"the {back} {referent.place}",
                f"the {opening} {back}",
                f"the nth {min(rank, 4)}",
                f"the names {_bucket(len(self.entities[referent.entity or 0].mentions))}",
                f"the last {referent.form}",
                f"the is {referent.kind}",
            ]
            if told is None:
                signs.append(f"the kind {kind}")
                signs.append(f"the kind shape {shape}")
            else:
                strange = len(words - told)
                signs.append(f"the told {opening}")
                signs.append(f"the told {kind}")
                signs.append(f"the strange {min(strange, 2)}{' tail' if tail else ''}")
                signs.append(f"the shared {min(len(words & told), 2)}")
            if before is referent:
                signs.append("the same noun")
            if body and referent.entity is not None:
                signs.append(f"the {body} {self._is_company(referent.entity)}")
            if says:
                signs.append(f"the says {referent.kind}")
            if referent is self.last_speaker:
                signs.append("the spoke")
            if gender is not None and referent.gender == gender:
                signs.append("the gender")
            yield Candidate(referent, tuple(signs))

    def _is_company(self, index: int) -> bool | None:
        """Whether a body may be a company: "the Taliban" is none; None for "the Home Office"."""
        entity = self.entities[index]
        last = entity.name.casefold().split()[-1]
        if last in self.facts.heads and last not in self.facts.company_heads:
            return False if last in self.facts.body_nouns else None
        return not any(
            span.start
            and self.doc[span.start - 1].lower_ == "the"
            and (span.end == len(self.doc) or self.doc[span.end].pos != NOUN)
            for span in (mention.span for mention in islice(entity.mentions, MAX_DESCRIBED))
        )


def _pronouns_for(referent: Referent) -> Iterable[str]:
    """By which pronouns a thing may be taken up."""
    if referent.number == "plural":
        return ("they",)
    if referent.kind == "person":
        return ("he",)
    if referent.kind in ("organisation", "people"):
        return ("it", "they")
    return ("it",)


def _distance(sentences: int) -> str:
    return str(sentences) if sentences < 3 else "3" if sentences < 5 else "5"


def _bucket(count: int) -> str:
    return str(count) if count < 3 else "3" if count < 6 else "6"


__all__ = ["Candidate", "Coreference", "Judge", "Link", "judge_by", "weights"]
