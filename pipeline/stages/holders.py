"""Whose prediction it is."""

from __future__ import annotations

from functools import lru_cache

from spacy.tokens import Span, Token

from ..language import syntax
from ..lexicons import rows
from .drafts import NO_SOURCE, Draft, Surroundings, believer_of
from .findings import Holder, TokenSpan
from .gazetteer import gazetteer
from .hedges import Cued
from .referents import kind_of_noun
from .reporting import Reporting


def holder_of(draft: Draft, around: Surroundings) -> Holder:
    """Who puts it forward: the nearest of cue's subject and source of a quotation, or the author.

    What seems so to somebody ("to the generals, a coup looks unlikely") is theirs. A quotation that
    the cue opens ("they fear that **it will fall**") knows its source better. In the answers of an
    interview the author is the one who answers.
    """
    inside = around.quote_at(draft.target.i)
    for cued in draft.cues:
        subject = believer_of(cued, around.mentions) or _judge(cued) or _beholder(cued, around)
        if subject is None:
            continue
        if inside is not None and around.quote_at(cued.anchor.i) != inside:
            source = _source(inside, around)
            if source is not None:
                return source
        return _named(subject, around)
    source = None if inside is None else _source(inside, around)
    inserted = _inserted_teller(draft)
    if inserted:
        entity = around.mentions.get(inserted[-1].i)
        return Holder(
            kind="source",
            span=TokenSpan(inserted.start, inserted.end),
            name=None if entity is None else around.entities[entity].name,
            entity=entity,
            quote=inside,
        )
    if source is not None:
        return source
    giver = _giver_of_odds(draft) or _teller(draft.target)
    if giver is not None:
        return _named(giver, around)
    interview = around.interview
    if interview is None or not interview.is_answer(draft.target.i):
        return Holder(kind="author")
    return Holder(
        kind="source",
        span=interview.introduced,
        name=around.entities[interview.person].name,
        entity=interview.person,
    )


def _named(source: Token, around: Surroundings) -> Holder:
    """The holder that a noun or pronoun stands for."""
    entity = around.mentions.get(source.i)
    return Holder(
        kind="source",
        span=TokenSpan(*syntax.phrase_span(source)),
        name=None if entity is None else around.entities[entity].name,
        entity=entity,
    )


@lru_cache(maxsize=1)
def _telling_verbs() -> frozenset[str]:
    """The forms of verbs that introduce a claim, of `reporting.jsonl`."""
    return frozenset(
        form
        for row in rows("reporting", Reporting)
        if row.form == "verb" and "clause" in row.takes and " " not in row.lemma
        for form in (row.lemma, *row.forms)
    )


def _inserted_teller(draft: Draft) -> Span | None:
    """Who tells, parting subject and modal ("the fair, wrote **the editor**, will draw crowds").

    Read off the words: the parse has many views of two subjects in a row.
    """
    doc, first = draft.target.doc, draft.target.sent.start
    comma = min(cued.start for cued in draft.cues) - 1
    if comma <= first or doc[comma].text != ",":
        return None
    before = next((i for i in range(comma - 1, first, -1) if doc[i].text == ","), first)
    verb = doc[before + 1]
    if comma - before > _SHORT or before == first or verb.tag_ not in ("VBD", "VBZ", "VBP"):
        return None
    return doc[verb.i + 1 : comma] if verb.lower_ in _telling_verbs() else None


def _teller(target: Token) -> Token | None:
    """Who tells, in a short clause after the claim and a comma ("…, **two of them** said").

    It heads the claim, or the parse has made it a sentence of its own.
    """
    doc, sentence, governor = target.doc, target.sent, syntax.governor_of(target)
    if governor is None and sentence[-1].text == "," and sentence.end < len(doc):
        following = doc[sentence.end].sent
        governor = following.root if len(following) <= _SHORT else None
    if governor is None or governor.i < target.i or governor.lower_ not in _telling_verbs():
        return None
    subject = syntax.own_subject_of(governor)
    if subject is None or subject.i < target.i or subject.lower_ in ("i", "we"):
        return None
    start = syntax.phrase_span(subject)[0]
    between = doc[target.i : start]
    if len(between) > _FAR or any(token.text in _ENDS for token in between):
        return None
    told = syntax.complements_of(governor)
    if doc[start - 1].text != "," or syntax.marker_of(target) or (told and told[-1].i != target.i):
        return None
    return subject


_FAR = 40
"""Tokens of a claim at most whose teller comes after it."""
_ENDS = frozenset({".", "!", "?", ";"})
_SHORT = 12
"""Tokens of a sentence or insertion that only says who tells."""


def _judge(cued: Cued) -> Token | None:
    """Who finds it so: "**diplomats** consider early elections improbable"."""
    if cued.row.form != "adjective":
        return None
    verb = syntax.governor_of(cued.anchor) or cued.anchor.head
    if syntax.is_object(verb) and verb.i < cued.start:
        verb = verb.head
    if verb.lemma_ not in _JUDGING or verb.pos_ != "VERB" or syntax.is_passive(verb):
        return None
    subject = syntax.own_subject_of(verb)
    if subject is None or subject.lower_ in NO_SOURCE or not subject.i < verb.i < cued.start:
        return None
    return subject


def _beholder(cued: Cued, around: Surroundings) -> Token | None:
    """To whom it looks so: "**to the generals**, a coup seems unlikely"."""
    verb = cued.anchor if cued.row.form == "verb" else syntax.governor_of(cued.anchor)
    if verb is None or verb.lemma_ not in _LOOKING:
        return None
    for preposition, noun in syntax.obliques(verb):
        known = noun.i in around.mentions or kind_of_noun(noun, gazetteer()) is not None
        if preposition == "to" and known and noun.lower_ not in NO_SOURCE:
            return noun
    return None


_LOOKING = frozenset({"seem", "appear", "look", "sound"})
_JUDGING = frozenset({"think", "consider", "deem", "judge", "find", "believe", "call", "hold"})


def _giver_of_odds(draft: Draft) -> Token | None:
    """Who sees a chance or gives it a number: "**the bureau** sees a 30 percent likelihood"."""
    for cued in draft.cues:
        noun = cued.anchor
        if cued.row.form != "noun" or not syntax.is_object(noun):
            continue
        verb = syntax.clause_head(noun.head)
        subject = syntax.own_subject_of(verb)
        if subject is None or subject.lower_ in NO_SOURCE or verb.lemma_ not in _WEIGHING_VERBS:
            continue
        sees = verb.lemma_ == "see"
        if sees or any(word.like_num for word in noun.doc[verb.i : noun.i + _ODDS_WORDS]):
            return syntax.antecedent_of(subject) or subject
    return None


_ODDS_WORDS = 14
"""As far behind their noun are stated odds looked for."""
_WEIGHING_VERBS = frozenset({"see", "give", "put", "set", "place", "assign", "estimate", "rate"})


def _source(index: int, around: Surroundings) -> Holder | None:
    """The speaker of a quotation, of the one it continues, or of the one it sits in."""
    while True:
        quote = around.quotes[index]
        if quote.speaker is not None:
            return Holder(
                kind="source",
                span=quote.speaker.span,
                name=quote.speaker.name,
                entity=quote.speaker.entity,
                quote=index,
            )
        further = [i for i in (quote.follows, quote.parent) if i is not None and i < index]
        if not further:
            return None
        index = further[0]
