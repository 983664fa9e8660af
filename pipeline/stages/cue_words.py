"""Attributions by other words: "the claim that …", "sure that …", "according to", "in her view"."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from ..language import syntax
from .cues import (
    SENTENCE_ENDS,
    SETS_OFF,
    WINDOW,
    after_preposition,
    and_that,
    is_question_word,
    make,
    marker_evidence,
    phrase_head,
    source_of,
    without_comment,
)
from .reporting import Match
from .scene import Attribution, Pair, Scene

_OWN = frozenset({"my", "our"})
_SOMEBODY = frozenset(
    {"all", "any", "conservative", "many", "most", "official", "one", "some", "several"}
)
_BY_SOURCE = frozenset({"by", "from", "among", "of"})


def of_noun(scene: Scene, noun: Token, match: Match) -> Iterator[Attribution]:
    """The clause that gives a noun's content, or what follows its preposition."""
    takes = match.row.takes
    source, evidence = _owner(scene, noun)
    clauses = [c for c in syntax.noun_complements(noun) if c.i > noun.i]
    identified = syntax.identified_clause(noun)
    if identified is not None:
        clauses.append(identified)
    for clause in clauses:
        infinitive = syntax.has_infinitive_marker(clause) and not is_question_word(clause)
        if ("infinitive" if infinitive else "clause") not in takes:
            continue
        start, end = syntax.clause_span(clause, coordinated=True)
        start = max(start, noun.i + 1)
        if clause is identified:
            # The copula of "the fear is that it ends" belongs to the author.
            before = noun.doc[noun.i + 1 : clause.i + 1]
            that = next((t.i for t in before if t.lower_ == "that"), None)
            if that is None:
                continue
            start = max(start, that + 1)
        end = and_that(scene, end)
        way = "noun infinitive" if infinitive else "noun clause"
        yield from _of_word(scene, way, noun, match, [(start, end)], source, evidence)
        return
    for prep, other in syntax.obliques(noun):
        if f"+{prep}" in takes and other.i > noun.i:
            start, end = syntax.subtree_span(other)
            stretch = (max(start, after_preposition(other)), end)
            yield from _of_word(scene, "noun preposition", noun, match, [stretch], source, evidence)
            return


def _of_word(
    scene: Scene,
    way: str,
    word: Token,
    match: Match,
    stretches: list[Pair],
    source: Token | None,
    evidence: tuple[str, ...],
) -> Iterator[Attribution]:
    for found in make(scene, way, word, match, stretches, source=source, evidence=evidence):
        found.cue = (match.start, match.end)
        yield found


def _owner(scene: Scene, noun: Token) -> tuple[Token | None, tuple[str, ...]]:
    """Whose claim, fear or warning it is."""
    owner = syntax.possessor_of(noun)
    if owner is not None:
        return owner, ("owned by possessor",)
    for prep, other in syntax.obliques(noun):
        if prep in _BY_SOURCE and other.i > noun.i:
            return other, ("owned by phrase",)
    verb = syntax.clause_head(noun)
    supported = verb.i in scene.supports
    if supported and syntax.is_object(noun) and noun.head.i == verb.i:
        return source_of(scene, verb), ("lent by verb",)
    return None, ("owned by nobody",)


def of_adjective(scene: Scene, adjective: Token, match: Match) -> Iterator[Attribution]:
    """The clause that an adjective of its subject's mind introduces."""
    if "clause" not in match.row.takes or syntax.noun_modified_by(adjective) is not None:
        return
    if adjective.pos_ == "VERB" and syntax.indirect_object_of(adjective) is not None:
        return  # the verb's: "assured depositors that …"
    source = syntax.subject_of(adjective)
    for clause in syntax.complements_of(adjective):
        if clause.i < adjective.i or not (syntax.is_finite(clause) or is_question_word(clause)):
            continue
        start, end = syntax.clause_span(clause, coordinated=True)
        start = max(start, adjective.i + 1)
        end = and_that(scene, without_comment(scene, adjective, clause, end))
        evidence = (marker_evidence(scene, clause),)
        yield from _of_word(scene, "adjective", adjective, match, [(start, end)], source, evidence)
        return


def of_phrase(scene: Scene, match: Match) -> Iterator[Attribution]:
    """Phrases like "according to": the source follows, the clause around is the content."""
    source = phrase_head(scene, match.end)
    if source is None or (match.row.lemma == "per" and not _is_apart(scene, match.start)):
        return
    left, right = match.start, syntax.subtree_span(source)[1]
    host = source
    seen = 0
    while left <= host.i < right and not syntax.is_root(host) and seen < WINDOW:
        host = host.head
        seen += 1
    found = list(_of_adjunct(scene, "phrase", match, source, (left, max(right, match.end)), host))
    known = [candidate.content for candidate in found]
    yield from found
    yield from (c for c in _beside_phrase(scene, match, source) if c.content not in known)


def _beside_phrase(scene: Scene, match: Match, source: Token) -> Iterator[Attribution]:
    """The words before a phrase that a comma sets off, or behind the comma after one that opens.

    By the order of the words: parsers hang such phrases on either neighbour.
    """
    left = match.start
    begin, stop = scene.sentence[left]
    begin = scene.previous_semicolon(begin, left) + 1
    stop = scene.next_semicolon(left, stop)
    opens = left - begin <= 1
    if not opens and scene.doc[left - 1].text not in SETS_OFF:
        return
    stretch = (begin, left - 1)
    if opens:
        clauses = syntax.relative_clauses(source)
        told = max((syntax.subtree_span(clause)[1] for clause in clauses), default=source.i)
        comma = next((i for i in range(told, stop) if scene.doc[i].text == ","), stop)
        stretch = (comma + 1, stop)
    if stretch[1] - stretch[0] > 1:
        word = scene.doc[match.head]
        yield from _of_word(scene, "beside phrase", word, match, [stretch], source, ())


def _is_apart(scene: Scene, token: int) -> bool:
    """Whether a word opens its sentence or stands behind a comma ("per cent" does not)."""
    return token == scene.sentence[token][0] or scene.doc[token - 1].text in SETS_OFF


def of_owned(scene: Scene, noun: Token, match: Match) -> Iterator[Attribution]:
    """Adjuncts with an owner: "in her view", "by the miller's own reckoning"."""
    owner = syntax.possessor_of(noun)
    preposition = syntax.preposition_of(noun)
    if preposition not in match.row.takes or (owner is not None and owner.lower_ in _OWN):
        return
    left, right = syntax.subtree_span(noun)
    words = syntax.prepositional_tokens(noun)
    left = min(left, words[0].i) if words else left
    if owner is None and scene.doc[min(left + 1, noun.i)].lower_ not in _SOMEBODY:
        return
    yield from _of_adjunct(
        scene, "owned", match, owner, (left, right), syntax.phrase_governor(noun)
    )


def _of_adjunct(
    scene: Scene, way: str, match: Match, source: Token | None, adjunct: Pair, host: Token
) -> Iterator[Attribution]:
    """The clause that an adjunct of attribution stands in, without the adjunct."""
    left, right = adjunct
    begin, stop = scene.sentence[match.head]
    begin = scene.previous_semicolon(begin, left) + 1
    stop = scene.next_semicolon(right, stop)
    clause = syntax.clause_head(host)
    start, end = syntax.subtree_span(clause)
    last = scene.previous_word(stop - 1)
    ends = last is None or right >= last or scene.doc[right].text in SENTENCE_ENDS
    if ends or left <= clause.i < right:
        # At the end of the sentence the adjunct covers all of it.
        start, end = begin, stop
    start, end = max(min(start, left), begin), min(max(end, right), stop)
    before, after = (start, left), (right, end)
    if ends:
        after = (end, end)
    elif left == begin or scene.doc[left - 1].pos_ in ("CCONJ", "SCONJ"):
        before = (left, left)
    stretches = [stretch for stretch in (before, after) if stretch[1] - stretch[0] > 1]
    yield from _of_word(scene, way, scene.doc[match.head], match, stretches, source, ())
