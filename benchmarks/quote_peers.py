"""Other finders of quotes, asked about the same parse as ours: what `benchmarks.quotes` compares.

A peer gets the `Doc` of our language model (Universal Dependencies), so that what differs is the
finding alone. What it finds is given as token indices.

- textacy (`textacy.extract.direct_quotations`): quotations in marks with the nearest reporting verb
  that has a subject. It finds neither indirect nor mixed quotes by design. It raises ValueError
  at an article with an odd number of marks; "textacy, by paragraph" asks it about a paragraph at a
  time, so that an odd mark costs one paragraph. In Universal Dependencies it knows a name's first
  word only; sharing a word is all that the score asks of a source.
- dependency rule: what trackers of sources in the news use, as they are described: the clause that
  a verb of saying governs, with the verb's subject unless that is "I" or "we"; and the clause
  around "according to". Written
  here for Universal Dependencies, where "she said" inside or behind what is said hangs on it as a
  parataxis. Its verbs are `reporting_verbs.txt`: of our lexicon's verbs of saying that take a
  clause, the sixty that are most often a cue in our own training articles.
- both: the dependency rule, and of what textacy finds by paragraph all that shares no content
  with it.

textacy is in the extra `bench`, not among what the package needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from spacy.tokens import Doc, Token

HOW_TO_INSTALL = "pip install --editable '.[bench]'"

_VERBS = frozenset(
    Path(__file__).with_name("reporting_verbs.txt").read_text(encoding="utf-8").split()
)

Triples = Callable[[Doc], Iterable[Any]]


class Found(NamedTuple):
    """A quote that a peer found, as indices of tokens."""

    content: frozenset[int]
    cue: frozenset[int]
    source: frozenset[int]


@dataclass
class QuotePeer:
    """A peer, ready to be asked.

    Attributes:
        name: of its column.
        find: its quotes in a Doc.
        failures: texts at which it raised an exception; nothing is found in them.
        marks: quotation marks in these texts.
    """

    name: str
    find: Callable[[QuotePeer, Doc], Iterator[Found]]
    failures: int = 0
    marks: int = 0

    def quotes(self, doc: Doc) -> list[Found]:
        """The quotes of a Doc."""
        return list(self.find(self, doc))


def load_quote_peers() -> tuple[list[QuotePeer], dict[str, str], list[str]]:
    """The peers, the versions of those that are packages, and a line for each not installed."""
    rule = QuotePeer("dependency rule", lambda _, doc: dependency_rule(doc))
    try:
        from textacy.extract import direct_quotations
    except ImportError as error:
        return [rule], {}, [f"textacy is left out ({error}); to have it: {HOW_TO_INSTALL}"]
    return (
        [*textacy_peers(direct_quotations), rule, both(direct_quotations)],
        {"textacy": version("textacy")},
        [],
    )


def textacy_peers(direct_quotations: Triples) -> list[QuotePeer]:
    """The peers of textacy: asked about whole articles, and about their paragraphs."""
    return [
        QuotePeer("textacy", lambda peer, doc: _textacy(peer, direct_quotations, doc, 0)),
        QuotePeer(
            "textacy, by paragraph",
            lambda peer, doc: _by_paragraph(peer, direct_quotations, doc),
        ),
    ]


def both(direct_quotations: Triples) -> QuotePeer:
    """The dependency rule with textacy's direct quotes beside it."""

    def find(peer: QuotePeer, doc: Doc) -> Iterator[Found]:
        taken: set[int] = set()
        for found in dependency_rule(doc):
            taken |= found.content
            yield found
        for found in _by_paragraph(peer, direct_quotations, doc):
            if taken.isdisjoint(found.content):
                yield found

    return QuotePeer("both", find)


def _textacy(peer: QuotePeer, direct_quotations: Triples, doc: Doc, offset: int) -> Iterator[Found]:
    try:
        triples = list(direct_quotations(doc))
    except Exception:
        peer.failures += 1
        peer.marks += sum(token.is_quote for token in doc)
        return
    for triple in triples:
        yield Found(
            frozenset(token.i + offset for token in triple.content if not token.is_quote),
            frozenset(token.i + offset for token in triple.cue),
            frozenset(token.i + offset for token in triple.speaker),
        )


def _by_paragraph(peer: QuotePeer, direct_quotations: Triples, doc: Doc) -> Iterator[Found]:
    start = 0
    for end in [*(token.i for token in doc if token.is_space and "\n" in token.text), len(doc)]:
        if start < end:
            yield from _textacy(peer, direct_quotations, doc[start:end].as_doc(), start)
        start = end + 1


# -- the dependency rule ------------------------------------------------------------------------


def dependency_rule(doc: Doc) -> Iterator[Found]:
    """Clauses of reporting verbs with their subjects, and clauses with "according to"."""
    for token in doc:
        found = None
        if token.lemma_ in _VERBS and token.pos_ == "VERB":
            found = _clause(token)
        elif token.lower_ == "according" and token.dep_ == "case":
            found = _according(token)
        if found is not None and found.content:
            yield found


def _clause(verb: Token) -> Found | None:
    subject = _child(verb, "nsubj") or (None if verb.dep_ == "ROOT" else _child(verb.head, "nsubj"))
    if subject is None or subject.lower_ in ("i", "we"):
        return None
    clause = _child(verb, "ccomp")
    if clause is not None:
        content = _subtree(clause)
    elif verb.dep_ == "parataxis":
        content = _subtree(verb.head) - _subtree(verb)
    else:
        return None
    cue = {verb.i, *(child.i for child in verb.children if child.dep_ in ("aux", "aux:pass"))}
    return Found(frozenset(content), frozenset(cue), frozenset(_subtree(subject) - content))


def _according(case: Token) -> Found | None:
    source = case.head
    if source.dep_ == "ROOT" or not any(child.dep_ == "fixed" for child in case.children):
        return None
    cue = _subtree(case)
    phrase = _subtree(source)
    content = _subtree(source.head) - phrase
    return Found(frozenset(content), frozenset(cue), frozenset(phrase - cue))


def _child(token: Token, relation: str) -> Token | None:
    return next((child for child in token.children if child.dep_ == relation), None)


def _subtree(token: Token) -> set[int]:
    return {part.i for part in token.subtree}
