"""By when a proposition comes true or false."""

from __future__ import annotations

from spacy.tokens import Span, Token

from ..language import syntax
from .drafts import Draft, Surroundings
from .findings import TokenSpan


def horizon_of(
    draft: Draft,
    proposition: TokenSpan,
    condition: TokenSpan | None,
    around: Surroundings,
) -> int | None:
    """The date of the proposition by which it comes true or false; of several, one with a limit.

    Left out are dates before the publication (but for a limit: "would fall by 1993" may be told
    later), those that belong to other clauses and nouns ("the 1998 forecast"), lengths of time and
    vague times without a calendar value.
    """
    doc, target = draft.target.doc, draft.target
    words: tuple[Token, ...] = (target, *(cued.anchor for cued in draft.cues))
    heads = {word.i for word in words}
    if not syntax.is_predicate(target):
        clauses = tuple(map(syntax.clause_head, words))
        heads |= {clause.i for clause in clauses}
        if draft.leading.row.form == "noun":  # "we put the chance of a second wave **this autumn**"
            words += clauses
    start = min(proposition.start, *(int(word.left_edge.i) for word in words))
    end = max(proposition.end, *(int(word.right_edge.i) + 1 for word in words))
    quote = around.quote_at(target.i)
    found: int | None = None
    for index in around.dates_in(start, end):
        date = around.dates[index]
        if condition is not None and condition.start <= date.span.start < condition.end:
            continue
        span = doc[date.span.start : date.span.end]
        if date.type == "SET" or date.value.startswith("P") or date.value.endswith("_REF"):
            continue
        if syntax.is_possessor(span.root) or syntax.noun_modified_by(span.root) is not None:
            continue
        owner = _clause_of(span)
        if syntax.marker_of(owner) in _TEMPORAL:
            owner = syntax.modified_clause(owner) or owner  # "before the rains end in October"
        inside = proposition.start <= date.span.start < proposition.end
        if not inside and quote is not None and around.quote_at(date.span.start) != quote:
            continue  # "…, according to a memorandum read on Tuesday": the date of the telling
        if owner.i not in heads and not (
            inside and (not start <= owner.i < end or _is_open(owner))
        ):
            continue
        if _opens_with(span, _LIMITS):
            return index
        if found is None and not around.is_past(date):
            found = index
    return found


def _opens_with(date: Span, words: frozenset[str]) -> bool:
    """Whether the first word of a date, or the one before it, is one of these."""
    return any(word.lower_ in words for word in date.doc[max(date.start - 1, 0) : date.start + 1])


def _clause_of(date: Span) -> Token:
    """The predicate of the clause that a date stands in."""
    root = date.root
    return syntax.clause_head(root if syntax.is_predicate(root) else syntax.phrase_governor(root))


def _is_open(predicate: Token) -> bool:
    """Whether a clause leaves its subject open ("will have **to go**"), not in a relative one."""
    if not syntax.is_open_complement(predicate):
        return False
    governor = syntax.clause_head(predicate.head)
    return syntax.noun_described_by(governor) is None or not syntax.is_finite(governor)


def has_limit(draft: Draft, around: Surroundings) -> bool:
    """Whether a date or length of time limits the clause ("by 2015", "in three hours")."""
    doc, target = draft.target.doc, draft.target
    for index in around.dates_in(target.left_edge.i, target.right_edge.i + 1):
        date = around.dates[index]
        span = doc[date.span.start : date.span.end]
        limits = _LIMITS | {"in", "for"} if date.type == "DURATION" else _LIMITS
        if _clause_of(span).i == target.i and _opens_with(span, limits):
            return not date.value.endswith("_REF")
    return False


_LIMITS = frozenset({"by", "before", "until", "till", "within", "through"})
_TEMPORAL = frozenset({"when", "before", "after", "until", "till", "once", "as"})
