"""By when a proposition comes true or false."""

from __future__ import annotations

import re

from spacy.tokens import Span, Token

from ..dates.calendar import Extent, NoSuchDate, Period, civil, containing, iso, parse_edtf
from ..language import syntax
from .drafts import Draft, Surroundings
from .findings import Date, Horizon, TokenSpan

_OWN, _CLAUSE, _ASIDE = range(3)
"""How near a date is to a proposition: with its words, in their clause, told of its subject."""


def horizon_of(
    draft: Draft,
    proposition: TokenSpan,
    condition: TokenSpan | None,
    around: Surroundings,
) -> Horizon | None:
    """By when the proposition comes true or false: of several dates the nearest, then a limit.

    Left out are dates before the publication (but for a limit: "would fall by 1993" may be told
    later), those that belong to other clauses and nouns ("the 1998 forecast") and vague times
    without a calendar value. A length of time is a limit after "within", counted from the day on
    which that was told, and where it is what something takes ("it could take a month").
    """
    doc, target = draft.target.doc, draft.target
    words: tuple[Token, ...] = (target, *(cued.anchor for cued in draft.cues))
    clauses: set[int] = set()
    if not syntax.is_predicate(target):
        heads = tuple(map(syntax.clause_head, words))
        clauses = {clause.i for clause in heads}
        if draft.leading.row.form == "noun":  # "we put the chance of a second wave **this autumn**"
            words += heads
    own = {word.i for word in words} - clauses
    sentence = target.sent
    quote = around.quote_at(target.i)
    best: tuple[int, bool] | None = None
    horizon: Horizon | None = None
    for index in around.dates_in(sentence.start, sentence.end):
        date = around.dates[index]
        if condition is not None and condition.start <= date.span.start < condition.end:
            continue
        if date.type == "SET" or date.value.endswith("_REF") or _is_vague_length(date):
            continue
        span = doc[date.span.start : date.span.end]
        inside = proposition.start <= date.span.start < proposition.end
        misplaced = not inside and around.is_ahead(date) and _is_misplaced(span, draft)
        elsewhere = not inside and quote is not None and around.quote_at(date.span.start) != quote
        limit = _opens_with(span, _LIMITS)
        if not limit and _is_over(date, around):
            continue
        nearness = _nearness(span, draft, own, clauses, proposition if inside else None)
        if misplaced:
            nearness = _CLAUSE
        if nearness is None or (nearness == _ASIDE and not around.is_ahead(date)):
            continue
        nominal = nearness == _OWN and not syntax.is_predicate(target) and around.is_ahead(date)
        if elsewhere and not misplaced and not nominal:
            continue  # "…, according to a memorandum read on Tuesday": the date of the telling
        if best is not None and best <= (nearness, not limit):
            continue
        value = _valued(index, span, own | clauses, quote, around)
        if value is not None:
            best, horizon = (nearness, not limit), value
    return horizon


def _nearness(
    date: Span, draft: Draft, own: set[int], clauses: set[int], proposition: TokenSpan | None
) -> int | None:
    """How near a date is to what is put forward; None when it belongs elsewhere.

    Args:
        date: the date.
        draft: the draft.
        own: indices of its own words, the target and its cues.
        clauses: indices of the predicates that these hang on.
        proposition: its proposition, where the date stands inside it.
    """
    if syntax.is_possessor(date.root) or syntax.noun_modified_by(date.root) is not None:
        return None
    at = date.root
    while not syntax.is_predicate(at) and not syntax.is_root(at):
        at = syntax.phrase_governor(at)  # "the odds of **a rupture between the two** within a year"
        if at.i in own:
            return _OWN
    owner = _clause_of(date)
    if syntax.marker_of(owner) in _TEMPORAL:  # "before the rains end in October"
        owner = syntax.modified_clause(owner) or syntax.governor_of(owner) or owner
    if owner.i in own:
        return _OWN
    described = syntax.noun_described_by(owner)
    if owner.i in clauses or (
        proposition is not None
        and (
            not proposition.start <= owner.i < proposition.end
            or _is_open(owner)
            # "the count to **pass** 300 by May"
            or (described is not None and described.i == draft.target.i)
        )
    ):
        return _CLAUSE
    subject = syntax.subject_of(draft.target)
    if described is not None and subject is not None and described.i == subject.i:
        return _ASIDE  # "the talks **planned** for May might fail"
    return None


def _is_misplaced(date: Span, draft: Draft) -> bool:
    """Whether the parse gives a date to the telling: "**estimated** by 2050, yields would fall".

    What was told in the past was not told at a time ahead.
    """
    owner, told = _clause_of(date), syntax.governor_of(draft.target)
    return told is not None and owner.i == told.i and syntax.tense(owner) == "past"


def _is_vague_length(date: Date) -> bool:
    """Whether a date is a length of time without a number ("within weeks", "it takes years")."""
    return date.value.startswith("P") and "X" in date.value


def _is_over(date: Date, around: Surroundings) -> bool:
    """Whether a date is no time ahead: past, begun ("since May") or up to now ("the past year")."""
    if around.is_past(date):
        return True
    first, _, last = date.value.partition("/")
    if not last or not around.published:
        return False
    begun = date.earliest is not None and date.earliest <= around.published
    return begun and (last == ".." or (first != last and around.published.startswith(last)))


def _valued(
    index: int, span: Span, heads: set[int], quote: int | None, around: Surroundings
) -> Horizon | None:
    """A date as a horizon; None for a length of time that limits nothing ("for three years")."""
    date = around.dates[index]
    if date.value.startswith("P"):
        after = _opens_with(span, _AFTER)
        if not after and not _opens_with(span, _WITHIN):
            takes = span.root.i in heads or (
                syntax.is_object(span.root) and span.root.head.lemma_ in _TAKE
            )
            return Horizon(date=index, value=date.value) if takes else None
        told = None if quote is None else around.quotes[quote].date
        start = None if told is None else _day_of(around.dates[told])
        since = start is not None
        if start is None and around.published:
            start = parse_edtf(around.published)
        extent = None if start is None else within(start, date.value)
        if extent is None:
            return Horizon(date=index, value=date.value)
        if after:
            extent = Extent(extent.last, None)
        elif not since:  # what was told at another time than the article's says when it began, too
            extent = Extent(None, extent.last)
        first, last = extent.earliest, extent.latest
        return Horizon(
            date=index,
            value=extent.edtf(),
            earliest=None if first is None else iso(first),
            latest=None if last is None else iso(last),
        )
    return Horizon(date=index, value=date.value, earliest=date.earliest, latest=date.latest)


def _day_of(date: Date) -> Period | None:
    """The day, month or year of a date, the last day of anything else."""
    return parse_edtf(date.value) or (parse_edtf(date.latest) if date.latest else None)


_LENGTH = re.compile(r"P(\d{1,4})([DWMY])")
_DAYS = {"D": 1, "W": 7}
_MONTHS = {"M": 1, "Y": 12}


def within(start: Period, length: str) -> Extent | None:
    """From a time to as long after it; None where it is no number of days, weeks, months or years.

    >>> within(Period("month", 12 * 2020), "P3M").edtf()
    '2020-01/2020-04'
    """
    match = _LENGTH.fullmatch(length)
    if match is None:
        return None
    count, unit = int(match[1]), match[2]
    try:
        end = start.first_day
        if unit in _DAYS:
            end += count * _DAYS[unit]
        else:
            month = containing("month", end).shifted(count * _MONTHS[unit])
            end = min(month.first_day + civil(end)[2] - 1, month.last_day)
        extent = Extent(start, containing(start.unit, end))
        extent.edtf()
    except NoSuchDate:
        return None
    return extent


def _opens_with(date: Span, words: frozenset[str]) -> bool:
    """Whether one of these opens a date: its first words or the one before it."""
    first, last = max(date.start - 1, 0), min(date.start + 2, date.end)
    return any(word.lower_ in words for word in date.doc[first:last])


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


_AFTER = frozenset({"after"})
_WITHIN = frozenset({"within", "inside"})
_LIMITS = _WITHIN | {"by", "before", "until", "till", "through"}
_TAKE = frozenset({"take", "need", "require"})
_TEMPORAL = frozenset({"when", "before", "after", "until", "till", "once", "as"})
