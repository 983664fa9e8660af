"""Whose prediction it is."""

from __future__ import annotations

from functools import lru_cache

from spacy.tokens import Token

from ..language import syntax
from ..lexicons import rows
from .drafts import NO_SOURCE, Draft, Surroundings, believer_of
from .findings import Holder, TokenSpan
from .reporting import Reporting


def holder_of(draft: Draft, around: Surroundings) -> Holder:
    """Who puts it forward: the nearest of cue's subject and source of a quotation, or the author.

    A quotation that the cue opens ("they fear that **it will fall**") knows its source better.
    """
    inside = around.quote_at(draft.target.i)
    for cued in draft.cues:
        subject = believer_of(cued)
        if subject is None:
            continue
        if inside is not None and around.quote_at(cued.anchor.i) != inside:
            source = _source(inside, around)
            if source is not None:
                return source
        return _named(subject, around)
    source = None if inside is None else _source(inside, around)
    teller = _inserted_teller(draft.target, source)
    if teller is not None:
        return _named(teller, around)
    if source is not None:
        return source
    giver = _giver_of_odds(draft) or _teller(draft.target)
    return Holder(kind="author") if giver is None else _named(giver, around)


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


def _inserted_teller(target: Token, source: Holder | None) -> Token | None:
    """Who tells, where the telling stands after the subject ("the tariff, wrote **the chamber**,").

    The parse gives the verb of telling both subjects and the claim none, so that the quotation
    may have its own subject for a source.
    """
    governor = syntax.governor_of(target)
    if governor is None or governor.lower_ not in _telling_verbs():
        return None
    subjects = syntax.own_subjects_of(governor)
    if len(subjects) < 2 or syntax.own_subject_of(target) is not None:
        return None
    own, teller = subjects[0].i, subjects[-1]
    inserted = target.doc[governor.i - 1].text == ","
    told = source is None or source.span is None or source.span.start <= own < source.span.end
    return teller if inserted and told and own < governor.i < teller.i < target.i else None


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
    if any(token.text in _ENDS for token in doc[target.i : start]):
        return None
    told = syntax.complements_of(governor)
    if doc[start - 1].text != "," or syntax.marker_of(target) or (told and told[-1].i != target.i):
        return None
    return subject


_ENDS = frozenset({".", "!", "?", ";"})
_SHORT = 12
"""Tokens of a sentence that only says who told the one before it."""


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
        if sees or any(word.like_num for word in noun.doc[verb.i : noun.sent.end]):
            return syntax.antecedent_of(subject) or subject
    return None


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
