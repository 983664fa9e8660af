"""By when a proposition comes true or false."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from msgspec import structs
from spacy.tokens import Span, Token

from ..dates.calendar import Extent, NoSuchDate, Period, civil, containing, iso, parse_edtf
from ..dates.words import VaguePhrase
from ..language import syntax
from ..lexicons import rows
from .drafts import Draft, Surroundings
from .findings import Date, Horizon, TokenSpan

_OWN, _CLAUSE, _ASIDE, _INSIDE = range(4)
"""How near a date is to a proposition: with its words, in their clause, told of its subject, or
deeper among its words."""


@dataclass(frozen=True)
class _Claim:
    """What is put forward.

    Attributes:
        draft: the draft.
        proposition: its proposition.
        own: indices of its own words, the target and its cues.
        clauses: indices of the predicates that these hang on.
        quote: index of the innermost quotation that holds it.
        told: ISO day from which it looks ahead, where it was told before the publication.
        around: what the other stages found.
    """

    draft: Draft
    proposition: TokenSpan
    own: set[int]
    clauses: set[int]
    quote: int | None
    told: str | None
    around: Surroundings

    def now(self, date: Date) -> str | None:
        """The day from which a date is ahead or past."""
        return self.told if self.told and self.holds(date) else self.around.published

    def holds(self, date: Date) -> bool:
        """Whether a date begins inside the proposition."""
        return self.proposition.start <= date.span.start < self.proposition.end


def _claim(draft: Draft, proposition: TokenSpan, around: Surroundings) -> _Claim:
    target = draft.target
    words: tuple[Token, ...] = (target, *(cued.anchor for cued in draft.cues))
    clauses: set[int] = set()
    if not syntax.is_predicate(target):
        heads = tuple(map(syntax.clause_head, words))
        clauses = {clause.i for clause in heads}
        if draft.leading.row.form == "noun":  # "we put the chance of a second wave **this autumn**"
            words += heads
    own = {word.i for word in words} - clauses
    quote, told = around.quote_at(target.i), told_on(draft, proposition, around)
    return _Claim(draft, proposition, own, clauses, quote, told, around)


def told_on(draft: Draft, proposition: TokenSpan, around: Surroundings) -> str | None:
    """The first day (ISO) of the past time at which a claim was made; None when that is not told.

    That of the quotation around it, else the date of a verb that puts it forward: "**in 2010**
    analysts expected a default in 2012".
    """
    quote = around.quote_at(draft.target.i)
    said = None if quote is None else around.quotes[quote].date
    told = [] if said is None else [around.dates[said]]
    doc, sentence = draft.target.doc, draft.target.sent
    cues = (cued for cued in draft.cues if cued.row.form == "verb")
    verbs = {cued.anchor.i for cued in cues if syntax.tense(cued.anchor) == "past"}
    for index in around.dates_in(sentence.start, sentence.end) if verbs else ():
        date = around.dates[index]
        inside = proposition.start <= date.span.start < proposition.end
        if not inside and _clause_of(doc[date.span.start : date.span.end]).i in verbs:
            told.append(date)
    return next((date.earliest for date in told if around.is_past(date)), None)


def horizon_of(
    draft: Draft,
    proposition: TokenSpan,
    condition: TokenSpan | None,
    around: Surroundings,
) -> Horizon | None:
    """By when the proposition comes true or false: of several dates the nearest, then a limit.

    Left out are dates before the publication (but for a limit: "would fall by 1993" may be told
    later; and of a claim made at a time told, what lay ahead then: "in 2010 he said it would fall
    in 2012"), those that belong to other clauses and nouns ("the 1998 forecast"), those of the
    condition, and vague times without a calendar value but the nearest ("anytime soon": from the
    publication, until nobody knows when). A length of time is a limit after
    "within", counted from the day on which that was told, and where it is what something takes
    ("it could take a month"). A date in the proposition that was read as past ("a chance that they
    meet on Monday") counts in its reading ahead, where it has one among its `alternatives`.
    """
    doc, sentence = draft.target.doc, draft.target.sent
    claim = _claim(draft, proposition, around)
    best: tuple[int, bool] | None = None
    horizon: Horizon | None = None
    for index in around.dates_in(sentence.start, sentence.end):
        date = around.dates[index]
        if condition is not None and condition.start <= date.span.start < condition.end:
            continue
        span = doc[date.span.start : date.span.end]
        if date.type == "SET" or _is_vague(date, span):
            continue
        if claim.holds(date):
            date = _meant(date, span, claim)
        limit = _opens_with(span, _LIMITS)
        if not limit and _is_over(date, claim):
            continue
        if _is_in_subject(span, claim):
            continue
        nearness = _placed(date, span, claim, limit=limit)
        if nearness is None or (best is not None and best <= (nearness, not limit)):
            continue
        if _is_apart(date, claim):
            continue
        value = _valued(index, date, span, claim)
        if value is not None:
            best, horizon = (nearness, not limit), value
    return horizon


def _placed(date: Date, span: Span, claim: _Claim, *, limit: bool) -> int | None:
    """How near a date is to what is put forward, from where both stand; None when elsewhere."""
    around, inside = claim.around, claim.holds(date)
    ahead = around.is_ahead(date, claim.now(date))
    nearness = _nearness(span, claim, inside=inside)
    misplaced = not inside and ahead and _is_misplaced(span, claim)
    if misplaced or _is_when(span, claim):
        nearness = _CLAUSE
    elif nearness is None and (
        _is_deeper(span)
        if inside
        # "the probability of an attack **within a month** at one in three"; limits seldom belong to
        # the telling, whatever they hang on
        else (limit or claim.draft.frame == "of") and date.span.start == claim.proposition.end
    ):
        nearness = _INSIDE
    if nearness is None or (nearness >= _ASIDE and not _ends_ahead(date, claim)):
        return None
    if inside:
        return nearness
    begun = nearness == _CLAUSE and not limit and not ahead
    if begun and syntax.tense(_clause_of(span)) == "past":
        return None  # "fears of a war **peaked** in 1962"
    if claim.quote is None or around.quote_at(date.span.start) == claim.quote:
        return nearness
    # "…, according to a memorandum read on Tuesday": the date of the telling
    if misplaced:
        return nearness
    return nearness if _is_of_event(span, claim, nearness, ahead=ahead) else None


def _is_of_event(date: Span, claim: _Claim, nearness: int, *, ahead: bool) -> bool:
    """Whether a date outside a quotation tells when the event comes that a noun names there.

    "**next year** the bank expects a recession" is told in the present.
    """
    if syntax.is_predicate(claim.draft.target):
        return False
    if nearness == _OWN:
        return ahead
    return nearness == _CLAUSE and syntax.tense(_clause_of(date)) == "present"


def _nearness(date: Span, claim: _Claim, *, inside: bool) -> int | None:
    """How near a date is to what is put forward, as the parse has it; None when elsewhere."""
    target, own, proposition = claim.draft.target, claim.own, claim.proposition
    subject = syntax.subject_of(target)
    # "a war **improbable** this spring"
    if any(cued.end == date.start for cued in claim.draft.cues):
        return _OWN
    noun = _noun_dated(date)
    if noun is not None:  # "the **1998** crop may fail", "may fall after the **December** vote"
        told = noun.i == target.i or (subject is not None and noun.i == subject.i)
        governor = syntax.phrase_governor(noun)
        if governor.lower_ in _SOON:  # "as soon **as** the June vote"
            governor = syntax.phrase_governor(governor)
        preposition = syntax.preposition_of(noun)
        if governor.i in own and preposition in _WHEN:
            return _OWN
        # "a war **before the 2018 elections** is hard to imagine"
        return _ASIDE if told or (inside and preposition in _LIMITS) else None
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
    if owner.i in claim.clauses or (
        inside
        and (
            not proposition.start <= owner.i < proposition.end
            or _is_open(owner)
            # "the count to **pass** 300 by May", "the worst it **does** this year"
            or (described is not None and _is_put_forward(described, target))
        )
    ):
        return _CLAUSE
    if described is not None and subject is not None and described.i == subject.i:
        return _ASIDE  # "the talks **planned** for May might fail"
    return None


def _is_put_forward(noun: Token, target: Token) -> bool:
    """Whether a noun is what is put forward, or what a verb of being says of its subject."""
    being = target.lemma_ in _BEING and noun.head.i == target.i and not syntax.is_subject(noun)
    return noun.i == target.i or being


def _is_in_subject(date: Span, claim: _Claim) -> bool:
    """Whether a date stands in a clause that is the subject: "**to leave in May** would be folly".

    Without another subject an infinitive ahead is that, whatever the parse makes of it.
    """
    target, owner = claim.draft.target, _clause_of(date)
    if owner.i >= target.i or owner.i in claim.own | claim.clauses:
        return False
    subject = syntax.own_subject_of(target)
    if subject is None:
        return syntax.has_infinitive_marker(owner)
    return owner.i == subject.i


def _noun_dated(date: Span) -> Token | None:
    """The noun that a date stands before: "the **June** vote", "next month's **vote**"."""
    root = date.root
    noun = root.head if syntax.is_possessor(root) else syntax.noun_modified_by(root)
    while noun is not None and not syntax.is_root(noun):
        whole = syntax.noun_modified_by(noun)
        if whole is None:
            break
        noun = whole  # "the October **loan reviews**"
    return noun


def _is_apart(date: Date, claim: _Claim) -> bool:
    """Whether a semicolon stands between a date and what is put forward."""
    target = claim.draft.target
    low, high = sorted((date.span.start, target.i))
    return any(token.text == ";" for token in target.doc[low:high])


def _is_deeper(date: Span) -> bool:
    """Whether a date among the words of a proposition tells of it and not of a noun in it.

    "may ask for more when it sits on **Monday**", not "may pass **next year's** budget", "will
    face a rival which comes out in **June**" or "is less likely than it was in the **spring**".
    """
    if _noun_dated(date) is not None:
        return False
    owner = _clause_of(date)
    described = syntax.noun_described_by(owner) is not None and syntax.is_finite(owner)
    return not described and syntax.tense(owner) != "past"


def _is_when(date: Span, claim: _Claim) -> bool:
    """Whether a clause tells what comes on a date: "on May 3, **when** voters will decide"."""
    noun = date.root.head
    end = noun.i + 1 if date.end <= noun.i <= date.end + 1 else date.end  # "the 2020 model year"
    opener = next((word for word in date.doc[end : date.sent.end] if not word.is_punct), None)
    if opener is None or opener.lower_ != "when":
        return False
    return syntax.clause_head(opener).i in claim.own | claim.clauses


def _meant(date: Date, span: Span, claim: _Claim) -> Date:
    """A date of a proposition in its reading ahead, where it was read as past and could be either.

    Not so with a noun ("the **attack** on Monday may be avenged") and beside words of the past:
    "those who **left** on Monday may return", "it **would** rain in June", "it **was** expected to
    open in June".
    """
    published, owner, cues = claim.around.published, _clause_of(span), claim.draft.cues
    if (
        not published
        or not claim.around.is_past(date, claim.told)
        or syntax.is_passive_participle(owner)
    ):
        return date
    if not syntax.is_predicate(syntax.phrase_governor(span.root)):
        return date
    clauses = (owner, *(syntax.clause_head(cued.anchor) for cued in cues))
    if any(cued.row.cue == "would" for cued in cues) or "past" in map(syntax.tense, clauses):
        return date
    for other in date.alternatives:
        period = parse_edtf(other.value)
        if period is not None and iso(period.first_day) > published:
            first, last = iso(period.first_day), iso(period.last_day)
            return structs.replace(date, value=other.value, earliest=first, latest=last)
    return date


def _ends_ahead(date: Date, claim: _Claim) -> bool:
    """Whether a date ends after the claim was made, as "this year" does; a length always may.

    So does "the next few years", which has begun and ends nobody knows when ("2024/").
    """
    now = claim.now(date)
    if date.value.startswith("P") or date.value.endswith("/"):
        return True
    return claim.around.is_ahead(date, now) or bool(now and date.latest and date.latest > now)


def _is_misplaced(date: Span, claim: _Claim) -> bool:
    """Whether the parse gives a date to the telling: "**estimated** by 2050, yields would fall".

    What was told in the past was not told at a time ahead. No date is misplaced before the marks
    of a direct quotation.
    """
    if claim.quote is not None and claim.around.quotes[claim.quote].type == "direct":
        return False
    owner, told = _clause_of(date), syntax.governor_of(claim.draft.target)
    return told is not None and owner.i == told.i and syntax.tense(owner) == "past"


def _is_vague(date: Date, span: Span) -> bool:
    """Whether a date is a length without a number ("it takes years") or at no time in particular.

    "In the coming months" and "anytime soon" begin at the publication.
    """
    if date.value.endswith("_REF"):
        return not span.text.lower().endswith(_near_phrases())
    return date.value.startswith("P") and "X" in date.value


@lru_cache(maxsize=1)
def _near_phrases() -> tuple[str, ...]:
    return tuple(row.phrase for row in rows("dates_vague", VaguePhrase) if row.near)


def _is_over(date: Date, claim: _Claim) -> bool:
    """Whether a date is no time ahead: past, begun ("since May") or up to now ("the past year")."""
    now = claim.now(date)
    if claim.around.is_past(date, now):
        return True
    first, _, last = date.value.partition("/")
    if not last or not now:
        return False
    begun = date.earliest is not None and date.earliest <= now
    return begun and (last == ".." or (first != last and now.startswith(last)))


def _valued(index: int, date: Date, span: Span, claim: _Claim) -> Horizon | None:
    """A date as a horizon; None for a length of time that limits nothing ("for three years").

    Of "until 2027, **when** it is expected" the year itself is meant, and not what comes before.
    """
    around = claim.around
    if date.value.endswith("_REF"):
        now = parse_edtf(around.published) if around.published else None
        if now is None:
            return None
        return Horizon(date=index, value=f"{around.published}/", earliest=iso(now.first_day))
    if date.value.startswith("P"):
        after = _opens_with(span, _AFTER)
        if not after and not _opens_with(span, _WITHIN):
            return Horizon(date=index, value=date.value) if _is_awaited(span) else None
        told = None if claim.quote is None else around.quotes[claim.quote].date
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
    if date.value.startswith("../") and _is_when(span, claim):
        value = date.value.removeprefix("../")
        period = parse_edtf(value)
        begin = None if period is None else iso(period.first_day)
        return Horizon(date=index, value=value, earliest=begin, latest=date.latest)
    noun, named = _noun_dated(span), parse_edtf(date.value)
    if noun is not None and named is not None:
        preposition = syntax.preposition_of(noun)
        if preposition in _AFTER:
            return Horizon(date=index, value=f"{date.value}/..", earliest=date.earliest)
        if preposition in _LIMITS:
            return Horizon(date=index, value=f"../{date.value}", latest=date.latest)
    return Horizon(date=index, value=date.value, earliest=date.earliest, latest=date.latest)


def _is_awaited(length: Span) -> bool:
    """Whether a length of time passes first: "could take **a month**", "be **weeks** before".

    Not so "may cost three months' pay", "will be three years instead of twelve".
    """
    after = length.doc[length.end : length.end + 1].text.lower()
    if _noun_dated(length) is not None or after in ("'", "’"):
        return False
    if syntax.is_object(length.root):
        return length.root.head.lemma_ in _TAKE
    return syntax.is_predicate(length.root) and after in _LIMITS


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
_WHEN = frozenset({"in", "at", "on", "during", "as", "by", "before", "until", "till", "after"})
_SOON = frozenset({"soon", "early", "late"})
_BEING = frozenset({"be", "become", "prove", "remain"})
_TAKE = frozenset({"take", "need", "require", "last"})
_TEMPORAL = frozenset({"when", "before", "after", "until", "till", "once", "as"})
