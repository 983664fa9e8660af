"""What the text says a name is: the words before it, appositions, "X is a Y"."""

from __future__ import annotations

from typing import NamedTuple

from spacy.symbols import ADJ, NOUN, NUM, PRON, PROPN  # type: ignore[import-not-found]
from spacy.tokens import Doc, Token

from ..language import syntax
from ..records import EntityType
from .gazetteer import NOMINAL_TYPES, Gazetteer
from .name_words import NameSpan

MAX_ROLE_TOKENS = 16
"""Longer descriptions are mostly clauses that the parser hung on the name."""

_IN_ROLE = frozenset({ADJ, NOUN, PROPN, NUM})
_TIES = frozenset({"-", "‐", "'s", "’s", "'", "’", "&"})
_HYPHENS = frozenset("-‐‑–")
_APART = frozenset({":", ";", '"', "“", "”", "«", "»"})
_RELATIVE = frozenset({"who", "whom", "whose", "which"})
_PLACES = frozenset({"GPE", "LOC"})
_ARTICLES = frozenset({"the", "a", "an", "one", "this", "that", "its", "his", "her", "their"})


class Role(NamedTuple):
    """A description of a name.

    Attributes:
        start, end: its tokens, half-open.
        head: the noun, lower-cased ("minister").
        type: the entity type that the noun implies, or None.
    """

    start: int
    end: int
    head: str
    type: EntityType | None


def roles_of(doc: Doc, span: NameSpan, facts: Gazetteer, *, parsed: bool) -> list[Role]:
    """The descriptions of one mention, in reading order.

    Args:
        doc: the text.
        span: the mention.
        facts: the gazetteer.
        parsed: whether the Doc has a parse (to ask takes a walk over all of it).
    """
    found = []
    before = _before(doc, span, facts)
    if before is not None:
        found.append(before)
    if parsed:
        found += _from_parse(doc, span, facts)
    return found


def noun_type(noun: str, facts: Gazetteer) -> EntityType | None:
    """What a thing called so is: "minister" a PERSON, "agency" an ORG.

    Args:
        noun: lower-cased, singular.
        facts: the gazetteer.
    """
    if noun in facts.title_words:
        return "PERSON"
    row = facts.nominals.get(noun)
    return NOMINAL_TYPES.get(row.kind) if row is not None else None


def _before(doc: Doc, span: NameSpan, facts: Gazetteer) -> Role | None:
    """The words before: "team member **Rodaba Noori**", "the Commissioner, **Mr. Noor**"."""
    end = span.start
    while end > 0 and doc[end - 1].lower_ in facts.honorifics:
        end -= 1  # "Mr." is no description
    if end == span.title and end > 1 and doc[end - 1].text == ",":
        end -= 1
    if end < 1:
        return None
    # A title knows what it is ("Secretary of State"); a noun before the name tells it.
    titled = span.title < end
    head = doc[end - 1].lower_
    kind = "PERSON" if titled else noun_type(head, facts)
    if kind is None:
        return None
    start = min(end, span.title)
    while start > 0 and end - start < MAX_ROLE_TOKENS:
        token = doc[start - 1]
        # "then-U.S.": what a hyphen ties is one word
        tied = doc[start].text in _HYPHENS and not token.whitespace_ and token.is_alpha
        inside = tied or token.pos in _IN_ROLE or token.text in _TIES
        if not inside:
            break
        start -= 1
        if token.is_sent_start:
            break
    article = start > 0 and doc[start - 1].lower_ in _ARTICLES
    if end < span.title and not article:
        return None  # in a list, not beside the name
    while start < end - 1 and (doc[start].text in _TIES or doc[start].lower_ in _ARTICLES):
        start += 1
    return Role(start, end, head, kind) if start < end else None


def _from_parse(doc: Doc, span: NameSpan, facts: Gazetteer) -> list[Role]:
    head = head_of(doc, span.start, span.end)
    nouns: list[Token] = list(syntax.appositions(head))
    apposed = syntax.apposed_to(head)
    if apposed is not None:
        nouns.append(apposed)
    if syntax.is_subject(head):
        predicate = head.head
        noun = syntax.predicative_of(predicate)
        copula = syntax.copula_of(noun)
        known = noun_type(noun.lemma_.lower(), facts) is not None
        if copula is not None and known and noun.pos == NOUN and not syntax.is_negated(noun):
            nouns.append(noun)
    found = []
    for noun in nouns:
        if span.title <= noun.i < span.start or not _is_beside(doc, span, noun):
            continue
        if noun.pos != NOUN and noun.lower_ not in facts.title_words:
            continue
        start, end = syntax.phrase_span(noun)
        if start < span.end and span.start < end:
            # The phrase holds the name itself: what stands before it is the description.
            end = min(end, span.start) if start < span.start else end
            start = max(start, span.end) if end > span.start else start
        kind = noun_type(noun.lemma_.lower(), facts)
        if kind in _PLACES and doc[start].pos == PROPN:
            continue  # the next name of an address: "Dukana, Marsabit county"
        while start < end and doc[start].lower_ in _ARTICLES:
            start += 1
        end = next((i for i in range(noun.i + 1, end) if doc[i].lower_ in _RELATIVE), end)
        if start < end and end - start <= MAX_ROLE_TOKENS:
            start, end = syntax.trim(doc, start, end)
            found.append(Role(start, end, noun.lower_, kind))
    return sorted(found)


def _is_beside(doc: Doc, span: NameSpan, noun: Token) -> bool:
    """Whether nothing sets the noun apart: no colon, no quotation marks, no paragraph."""
    first, last = sorted((span.start, noun.i))
    return not any(token.text in _APART or "\n" in token.text for token in doc[first:last])


def head_of(doc: Doc, start: int, end: int) -> Token:
    """The token that heads a span: its head lies outside, and it is a noun where there is one.

    A parser that takes a name apart ("President" and "Kennedy" side by side) leaves several; the
    last of such neighbours is the name.
    """
    tops = [
        token
        for token in doc[start:end]
        if token.head.i == token.i or not start <= token.head.i < end
    ]
    nominal = [token for token in tops if token.pos in (NOUN, PROPN)]
    if not nominal:
        return next((token for token in tops if token.pos == PRON), tops[0])
    head = nominal[0]
    for token in nominal[1:]:
        if token.i == head.i + 1 and token.pos == PROPN:
            head = token
    return head
