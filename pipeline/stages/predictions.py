"""Hedged and forecast propositions: what is put forward as not settled, by whom, how probable.

`hedges` finds the cues and asks the parse what each governs; here the cues of one proposition come
together (a draft), `senses` decides whether they carry a prediction, `likelihood` says how probable
they make it, and the rest of the record is read off the parse and the layers of other stages.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc, Token

from ..config import defaults
from ..language import syntax
from ..records import Likelihood, Orientation, Polarity, SpeechAct
from . import layers
from .findings import Cue, Date, Entity, Holder, Prediction, Quote, TokenSpan
from .hedges import Cued, Frame, find_cues
from .likelihood import Odds, compose, stated_odds
from .senses import Votes, evidence, features, log_odds, probability

_ODDS_WORDS = 14
"""Stated odds stand within this many words of their noun; the farthest in gold/written is 12."""


@dataclass
class _Draft:
    """The cues of one proposition, and the conditions on it, in reading order."""

    target: Token
    cues: list[Cued] = field(default_factory=list)
    conditions: list[Cued] = field(default_factory=list)


class Surroundings:
    """What the other stages found, arranged for questions about a token; each is logarithmic."""

    def __init__(
        self,
        *,
        dates: Sequence[Date],
        entities: Sequence[Entity],
        quotes: Sequence[Quote],
        headings: Sequence[tuple[int, int]],
        published: str | None,
    ) -> None:
        self.dates = dates
        self.date_starts = [date.span.start for date in dates]
        self.quotes = quotes
        self.entities = entities
        self.mentions = {
            mention.span.end - 1: index
            for index, entity in enumerate(entities)
            for mention in entity.mentions
        }
        self.headings = headings
        self.heading_starts = [start for start, _ in headings]
        self.published = published
        self.edges, self.inner = _innermost(quotes)

    def quote_at(self, token: int) -> int | None:
        """The innermost quotation whose content holds the token."""
        at = bisect_left(self.edges, token + 1) - 1
        return self.inner[at] if at >= 0 else None

    def is_past(self, date: Date) -> bool:
        """Whether a date ends before the article was published."""
        return bool(self.published and date.latest is not None and date.latest < self.published)

    def is_ahead(self, date: Date) -> bool:
        """Whether a date lies after the publication."""
        known = date.earliest or date.latest
        return bool(self.published and known is not None and known > self.published)

    def content_at(self, token: int) -> TokenSpan | None:
        """The stretch of the innermost quotation's content that holds the token."""
        quote = self.quote_at(token)
        if quote is None:
            return None
        contents = self.quotes[quote].content
        return next((span for span in contents if span.start <= token < span.end), None)

    def in_heading(self, token: int) -> bool:
        """Whether the token stands in a title or heading."""
        at = bisect_left(self.heading_starts, token + 1) - 1
        return at >= 0 and token < self.headings[at][1]

    def dates_in(self, start: int, end: int) -> range:
        """Indices of the dates that begin in a stretch of tokens."""
        return range(bisect_left(self.date_starts, start), bisect_left(self.date_starts, end))


def _innermost(quotes: Sequence[Quote]) -> tuple[list[int], list[int | None]]:
    """Tokens where the innermost quotation changes, and which it is from there on (a sweep)."""
    spans = sorted(
        (span.start, -span.end, index)
        for index, quote in enumerate(quotes)
        for span in quote.content
    )
    edges: list[int] = []
    inner: list[int | None] = []
    open_: list[tuple[int, int]] = []

    def mark(at: int) -> None:
        edges.append(at)
        inner.append(open_[-1][1] if open_ else None)

    def close(until: int) -> None:
        while open_ and open_[-1][0] <= until:
            at = open_.pop()[0]
            mark(at)

    for start, minus_end, index in spans:
        close(start)
        end = -minus_end
        if open_:
            end = min(end, open_[-1][0])  # crossing contents: the outer one ends both
        if end > start:
            open_.append((end, index))
            mark(start)
    close(1 << 60)
    return edges, inner


def surroundings(doc: Doc) -> Surroundings:
    """What the stages before this one left on a Doc."""
    context = layers.get_context(doc)
    headings: list[tuple[int, int]] = []
    for block in context.blocks:
        if block.section in _HEADINGS:
            span = doc.char_span(block.start, block.end, alignment_mode="contract")
            if span is not None and len(span):
                headings.append((span.start, span.end))
    return Surroundings(
        dates=layers.get_dates(doc),
        entities=layers.get_entities(doc),
        quotes=layers.get_quotes(doc),
        headings=sorted(headings),
        published=context.published,
    )


_HEADINGS = frozenset({"title", "dek", "heading"})


def candidates(doc: Doc, around: Surroundings) -> Iterator[list[tuple[Cued, list[str]]]]:
    """The cues that may carry a prediction with their features, one list a proposition.

    Args:
        doc: with tags, lemmas, a parse and sentences.
        around: what the other stages found.
    """
    for draft in _drafts(find_cues(doc)):
        yield [(cued, _features(cued, draft, around)) for cued in draft.cues]


class Reading(NamedTuple):
    """How the cues of one proposition were read.

    Attributes:
        evidence: its cues, each with the terms of its log-odds (see `senses.evidence`).
        conditions: the conditions on it.
        main: the cue that speaks for its likelihood.
        denied, negated: whether that cue and whether the event is negated.
        odds: the odds that the text states, as token indices.
        confidence: the highest probability among the cues.
        prediction: the finding, whatever the confidence.
    """

    evidence: list[tuple[Cued, list[tuple[str, float]]]]
    conditions: list[Cued]
    main: Cued
    denied: bool
    negated: bool
    odds: Odds | None
    confidence: float
    prediction: Prediction


def readings(doc: Doc, around: Surroundings) -> Iterator[Reading]:
    """Every candidate of a Doc with what decided about it, for people who ask why.

    Args:
        doc: with tags, lemmas, a parse and sentences.
        around: what the other stages found.
    """
    votes = Votes(doc)
    for draft in _drafts(find_cues(doc)):
        confidence = _confidence(draft, around, votes)
        yield Reading(
            [(c, list(evidence(c, _features(c, draft, around), votes))) for c in draft.cues],
            draft.conditions,
            *_reading(draft),
            _odds(draft),
            confidence,
            _prediction(draft, around, confidence),
        )


def find_predictions(doc: Doc, around: Surroundings, *, threshold: float) -> list[Prediction]:
    """The predictions of a Doc, in reading order; linear in its length.

    Args:
        doc: with tags, lemmas, a parse and sentences; without a parse nothing is found.
        around: what the other stages found.
        threshold: the confidence from which a candidate counts.
    """
    if not syntax.has_parse(doc):
        return []
    votes = Votes(doc)
    found = [
        _prediction(draft, around, confidence)
        for draft in _drafts(find_cues(doc))
        if (confidence := _confidence(draft, around, votes)) >= threshold
    ]
    found.sort(key=lambda p: (p.sentence.start, p.cues[0].span.start, p.proposition.start))
    return found


def _drafts(cues: list[Cued]) -> list[_Draft]:
    """Cues grouped by what they govern in the end ("would", "likely" and their clause)."""
    passes_on = {cued.anchor.i: cued for cued in cues if cued.row.governs == "complement"}
    drafts: dict[int, _Draft] = {}
    conditions: list[tuple[Cued, int]] = []
    for cued in cues:
        target, seen = cued.target, {cued.anchor.i}
        while target.i in passes_on and target.i not in seen:
            seen.add(target.i)
            target = passes_on[target.i].target
        if cued.frame == "condition":
            conditions.append((cued, target.i))
        else:
            drafts.setdefault(target.i, _Draft(target)).cues.append(cued)
    order = sorted(drafts)
    for cued, host in conditions:
        draft = drafts.get(host) or _beside(cued, drafts, order)
        if draft is not None:
            draft.conditions.append(cued)
    return list(drafts.values())


def _beside(condition: Cued, drafts: dict[int, _Draft], order: list[int]) -> _Draft | None:
    """The proposition next to a condition that the parse hangs elsewhere.

    It follows a condition that opens the sentence and goes before any other.
    """
    sentence = condition.anchor.sent
    at = bisect_left(order, condition.span[1])
    opens = condition.start - sentence.start <= 2
    if opens and at < len(order) and order[at] < sentence.end:
        return drafts[order[at]]
    at = bisect_left(order, condition.start) - 1
    if not opens and at >= 0 and order[at] >= sentence.start:
        return drafts[order[at]]
    return None


def _prediction(draft: _Draft, around: Surroundings, confidence: float) -> Prediction:
    """The record of a draft."""
    target = draft.target
    sentence = target.sent
    condition = _condition(draft)
    proposition = _proposition(draft, condition, around)
    odds = _odds(draft)
    likelihood, polarity = _likelihood(draft, odds)
    orientation = _orientation(draft)
    horizon = None
    if orientation != "past":
        horizon = _horizon(draft, proposition, condition, around)
    if orientation == "present":
        # The present tense tells the future where a date does: "the money runs out in June".
        if horizon is not None and around.is_ahead(around.dates[horizon]):
            orientation = "future"
        else:
            horizon = None
    subject = syntax.subject_of(target)
    if _frame(draft) in _NOMINAL:
        subject = target
    return Prediction(
        sentence=TokenSpan(sentence.start, sentence.end),
        cues=_cues(draft, odds, condition),
        proposition=proposition,
        hedged=bool(
            odds
            or condition
            or any(cued.row.role in ("hedge", "evidential") for cued in draft.cues)
        ),
        orientation=orientation,
        polarity=polarity,
        likelihood=likelihood,
        holder=_holder(draft, around),
        subject=None if subject is None else TokenSpan(*syntax.phrase_span(subject)),
        horizon=horizon,
        condition=condition,
        speech_act=_speech_act(draft, around),
        confidence=round(confidence, 3),
    )


def _confidence(draft: _Draft, around: Surroundings, votes: Votes) -> float:
    """The highest probability among the cues that the proposition is put forward as unsettled."""
    best = float("-inf")
    for cued in draft.cues:
        best = max(best, log_odds(cued, _features(cued, draft, around), votes))
    return probability(best)


def _features(cued: Cued, draft: _Draft, around: Surroundings) -> list[str]:
    quote = around.quote_at(cued.anchor.i)
    target = draft.target
    clause = around.dates_in(target.left_edge.i, target.right_edge.i + 1)
    return features(
        cued,
        dated=any(around.dates[i].type in ("DATE", "DURATION") for i in clause),
        conditioned=bool(draft.conditions),
        concord=any(other is not cued and other.row.prior >= 0.5 for other in draft.cues),
        quoted="" if quote is None else around.quotes[quote].type,
    )


_RANK = {"numeric": 4, "adjective": 3, "adverb": 3, "noun": 3, "idiom": 3, "modal": 2}


def _rank(cued: Cued) -> int:
    """Which cue of a proposition speaks for its likelihood: "would likely" is likely."""
    row = cued.row
    if row.negative:
        return 4
    if row.level == "unspecified" or row.cue == "can":
        return 0
    return _RANK.get(row.form, 1)


def _likelihood(draft: _Draft, odds: Odds | None) -> tuple[Likelihood, Polarity]:
    main, denied, negated = _reading(draft)
    return compose(main.row.base, degree=main.degree, denied=denied, negated=negated, odds=odds)


def _reading(draft: _Draft) -> tuple[Cued, bool, bool]:
    """The cue that speaks for the likelihood; whether it is denied, whether the event is."""
    main = max(draft.cues, key=_rank)
    negated = _is_inside_negated(draft)
    for other in draft.cues:
        if other is not main and (other.denied or other.row.negative):
            negated = not negated
    denied = main.denied
    if main.row.cue in _OUTSIDE and main.frame == "clause" and negated:
        # "cannot happen" denies the possibility, "may not happen" the event.
        denied, negated = True, False
    return main, denied, negated


_OUTSIDE = frozenset({"can"})


def _is_inside_negated(draft: _Draft) -> bool:
    """Whether the proposition itself is negative ("probably **won't**")."""
    target = draft.target
    if any(cued.anchor.i == target.i for cued in draft.cues):
        return False  # its negation is that of the cue
    return syntax.is_negated(target)


def _odds(draft: _Draft) -> Odds | None:
    """The odds stated beside a noun of probability, as token indices."""
    for cued in draft.cues:
        if cued.row.form != "noun" or cued.row.cue not in _ODDS_NOUNS:
            continue
        doc, sentence = cued.anchor.doc, cued.anchor.sent
        start = max(sentence.start, cued.start - _ODDS_WORDS)
        end = min(sentence.end, max(cued.end, draft.target.i) + _ODDS_WORDS)
        after = stated_odds([token.text for token in doc[cued.end : end]])
        before = stated_odds([token.text for token in doc[start : cued.start]])
        # "a 70% chance of 3 strikes": what stands in the noun's own phrase goes first.
        if before is not None and start + before.start >= cued.anchor.left_edge.i:
            return _shifted(before, start)
        if after is not None:
            return _shifted(after, cued.end)
        if before is not None:
            return _shifted(before, start)
    return None


_ODDS_NOUNS = frozenset({"chance", "probability", "likelihood", "odds", "possibility", "risk"})


def _shifted(odds: Odds, by: int) -> Odds:
    return Odds(
        low=odds.low, high=odds.high, point=odds.point, start=odds.start + by, end=odds.end + by
    )


def _cues(draft: _Draft, odds: Odds | None, condition: TokenSpan | None) -> tuple[Cue, ...]:
    found: dict[tuple[int, int], Cue] = {}
    conditions = draft.conditions if condition is not None else []
    for cued in (*draft.cues, *conditions):
        start = cued.start if cued.degree is None or cued.degree_at > cued.start else cued.degree_at
        found[start, cued.end] = Cue(
            span=TokenSpan(start, cued.end),
            lemma=cued.row.cue,
            form=cued.row.form,
            role=cued.row.role,
        )
    if odds is not None:
        words = draft.target.doc[odds.start : odds.end]
        found[odds.start, odds.end] = Cue(
            span=TokenSpan(odds.start, odds.end),
            lemma=" ".join(token.lower_ for token in words),
            form="numeric",
            role="hedge",
        )
    return tuple(found[key] for key in sorted(found))


_NOMINAL = frozenset({"object", "attributive", "phrase"})
_PRIORITY: tuple[Frame, ...] = (
    "content",
    "raising",
    "control",
    "predicative",
    "participle",
    "clause",
    "of",
    "object",
    "attributive",
    "phrase",
    "bare",
)


def _leading(draft: _Draft) -> Cued:
    """The cue that shapes the proposition: the one that governs its head most plainly."""
    return min(
        draft.cues, key=lambda cued: (cued.target.i != draft.target.i, _PRIORITY.index(cued.frame))
    )


def _frame(draft: _Draft) -> Frame:
    return _leading(draft).frame


def _proposition(draft: _Draft, condition: TokenSpan | None, around: Surroundings) -> TokenSpan:
    """The clause with its subject, or the noun phrase, that is put forward."""
    leading, target = _leading(draft), draft.target
    frame = leading.frame
    if frame == "raising":
        outer = leading
        while True:
            further = next(
                (c for c in draft.cues if c.frame == "raising" and c.target.i == outer.anchor.i),
                None,
            )
            if further is None or further is outer:
                break
            outer = further
        start, end = _matrix(outer.anchor)
        if not start <= target.i < end:
            start, end = syntax.clause_span(target)
    elif frame == "participle":
        start, end = _matrix(leading.anchor)
    elif frame == "predicative":
        predicate = syntax.clause_head(leading.anchor)
        while syntax.own_subject_of(predicate) is None:
            governor = syntax.governor_of(predicate)  # "is thought **likely**"
            if governor is None or governor.i >= predicate.i:
                break
            predicate = governor
        start, end = syntax.clause_span(predicate)
    elif frame == "control":
        start, end = syntax.clause_span(target)
        receiver = syntax.object_of(leading.anchor)
        if receiver is not None and leading.end <= receiver.i < target.i:
            start = min(start, syntax.phrase_span(receiver)[0])
    elif frame == "of" and syntax.is_object(leading.anchor) and syntax.is_predicate(target):
        # "the winner has a strong chance of becoming minister"
        start, end = syntax.clause_span(syntax.clause_head(leading.anchor.head))
    elif frame == "attributive" and syntax.copula_of(target) is not None:
        start, end = syntax.clause_span(target)  # "a pardon is a far-fetched idea"
    elif frame in ("attributive", "object", "phrase", "bare") or not syntax.is_predicate(target):
        start, end = syntax.phrase_span(target, relative=True)
    else:
        start, end = syntax.clause_span(target)
    if condition is not None:
        start, end = _without(target, start, end, condition)
    start, end = _clipped(draft, start, end, around)
    if frame == "clause" and start == leading.start and target.doc[start - 1].text == ",":
        start = _lost_subject(target, start)
    while start < target.i and _is_marker(target.doc[start]):
        start += 1
    start, end = syntax.trim(target.doc, min(start, target.i), max(end, target.i + 1))
    return TokenSpan(start, end)


def _lost_subject(target: Token, start: int) -> int:
    """Where a clause begins whose subject the parse has given to a participle ("pumps ordered, …").

    A modal behind a comma needs a subject before it; without one of its own it is that of the verb
    which the parse makes its governor.
    """
    governor = syntax.governor_of(target)
    if governor is None or governor.i >= start or syntax.subject_of(target) is not None:
        return start
    subject = syntax.subject_of(governor)
    if subject is None or subject.i >= governor.i:
        return start
    first = syntax.phrase_span(subject)[0]
    between = target.doc[first:start]
    return start if any(token.text in _BREAKS or token.is_quote for token in between) else first


def _is_marker(token: Token) -> bool:
    """Whether a word only leads into a clause; in "**that** would be a mercy" it is the subject."""
    return token.lower_ in _LEADING_MARKS and token.tag_ != "DT"


_LEADING_MARKS = frozenset({"that", "of", "whether", "and", "but", "or"})
_CONCESSIVE = frozenset({"although", "though", "even though", "whereas"})
_BREAKS = frozenset({";", ":", ".", "?", "!"})
_DASHES = frozenset({"—", "–", "--"})


def _clipped(draft: _Draft, start: int, end: int, around: Surroundings) -> tuple[int, int]:
    """A span cut where the text itself breaks off, whatever the parse joins.

    Breaks are the edges of the quotation that holds the proposition with its cues, semicolons,
    colons, dashes and full stops, a quotation mark without its pair, a concession, and what
    stands before the subject and a comma.
    """
    target = draft.target
    doc = target.doc
    content = around.content_at(target.i)
    inside = [cued.anchor.i for cued in draft.cues if cued.frame in ("clause", "raising")]
    if content is not None and all(content.start <= at < content.end for at in inside):
        if not _interrupted(target, content):
            start = max(start, content.start)
        end = min(end, content.end)
    for marker, clause in syntax.adverbial_clauses(target):
        edge = int(clause.left_edge.i)
        if marker in _CONCESSIVE and target.i < edge < end:
            end = edge
    subject = syntax.own_subject_of(target)
    if subject is not None:
        edge = syntax.phrase_span(subject)[0]
        if start < edge < target.i and doc[edge - 1].text == ",":
            start = edge
    after = before = None
    dashes = [
        at
        for at in range(start + 1, end)
        if doc[at].text in _DASHES or (doc[at].text == "-" and doc[at - 1].whitespace_)
    ]
    for at in range(target.i + 1, end):
        if doc[at].text in _BREAKS:
            end = at
            break
        if doc[at].is_quote:
            after = at if after is None else None
    for at in range(target.i - 1, start - 1, -1):
        if doc[at].text in _BREAKS:
            start = at + 1
            break
        if doc[at].is_quote:
            before = at if before is None else None
    ahead = [at for at in dashes if target.i < at < end]
    behind = [at for at in dashes if start <= at < target.i]
    if len(ahead) % 2:  # two are brackets: "the group will - or can - contain it"
        end = ahead[-1]
    if len(behind) % 2:
        start = behind[0] + 1
    if before is None and after is not None:
        end = after
    elif after is None and before is not None:
        start = before + 1
    return start, end


def _interrupted(target: Token, content: TokenSpan) -> bool:
    """Whether the words before reported speech cut it from its subject ("rates, **he says**,").

    Only without quotation marks: inside them nothing of the reporter's is part of the claim.
    """
    subject = syntax.own_subject_of(target)
    if subject is None or not subject.i < content.start <= target.i:
        return False
    doc = target.doc
    gap = doc[syntax.phrase_span(subject)[1] : content.start]
    edges = (gap[0].text, gap[-1].text) if len(gap) else ()
    return edges == (",", ",") and len(gap) <= _PARENTHESIS and not doc[content.start].is_quote


_PARENTHESIS = 7
"""Words and commas of "…, officials at the ministry say, …"; longer ones tell of their own."""


def _matrix(anchor: Token) -> tuple[int, int]:
    """The clause of a raising predicate with its subject, which may be the noun it describes."""
    start, end = syntax.clause_span(anchor)
    noun = syntax.noun_described_by(anchor)
    if noun is not None and syntax.own_subject_of(anchor) is None and noun.i < start:
        start = syntax.phrase_span(noun)[0]
    return start, end


def _without(target: Token, start: int, end: int, condition: TokenSpan) -> tuple[int, int]:
    """A proposition with the condition at its edge cut off."""
    if condition.end <= target.i and condition.start <= start < condition.end:
        start = condition.end
    elif target.i < condition.start < end and end - condition.end <= 1:
        end = condition.start
    return min(start, int(target.i)), max(end, int(target.i) + 1)


def _condition(draft: _Draft) -> TokenSpan | None:
    if not draft.conditions:
        return None
    start, end = draft.conditions[0].span
    doc, target = draft.target.doc, draft.target.i
    subject = syntax.own_subject_of(draft.target)
    first = target if subject is None else min(target, int(subject.i))
    for at in range(start + 1, end):
        # The parse may put what depends on the condition into it, or run on past a break.
        if doc[at].text in _BREAKS or (at <= first < end and doc[at].text == ","):
            end = at
            break
    return TokenSpan(*syntax.trim(doc, start, end))


def _orientation(draft: _Draft) -> Orientation:
    """The time of the proposition seen from the text, by tense, aspect and the cues' own time.

    Modals as gold/train and gold/written have them: future but for the perfect ("may have left")
    and for states under may, can and must ("may be asleep"; "might be" is as often future).
    """
    target = draft.target
    cues = {cued.row.cue for cued in draft.cues}
    perfect = syntax.is_perfect(target)
    if cues & {"will", "shall"}:
        return "future"
    if perfect and cues & _MODALS:
        return "past"
    leading = _leading(draft)
    row = leading.row
    if leading.frame in ("clause", "content") and cues & _MODALS:
        state = syntax.copula_of(target) is not None or target.lemma_ in ("be", "have")
        state = state or (target.tag_ == "VBG" and bool(syntax.auxiliaries(target)))
        if "must" in cues or (state and cues & {"may", "can"} and target.lower_ != "able"):
            return "present"
        return "future"
    if cues & {"going to", "about to"}:
        return "future"
    if perfect:
        return "past"
    nearest = syntax.clause_head(target) if leading.frame == "phrase" else target
    tense = syntax.tense(nearest)
    if leading.frame in ("clause", "phrase") or (leading.frame == "content" and tense):
        if tense in ("past", "future"):
            return tense
        return "future" if row.role == "prospective" else "present"
    if row.time == "clause" and not any(c.frame == "predicative" for c in draft.cues):
        if leading.frame in ("raising", "predicative"):
            past = syntax.tense(leading.anchor) == "past"
            return "past" if past and not syntax.is_passive(leading.anchor) else "present"
        return "past" if row.role == "evidential" else "present"
    return "future"


_MODALS = frozenset({"may", "might", "could", "can", "must", "would", "should", "ought to"})


def _horizon(
    draft: _Draft,
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
    words = (target, *(cued.anchor for cued in draft.cues))
    heads = {word.i for word in words}
    if not syntax.is_predicate(target):
        heads |= {syntax.clause_head(word).i for word in words}
    start = min(proposition.start, *(int(word.left_edge.i) for word in words))
    end = max(proposition.end, *(int(word.right_edge.i) + 1 for word in words))
    quote = around.quote_at(target.i)
    found: int | None = None
    for index in around.dates_in(start, end):
        date = around.dates[index]
        if condition is not None and condition.start <= date.span.start < condition.end:
            continue
        if date.type == "SET" or date.value.startswith("P") or date.value.endswith("_REF"):
            continue
        span = doc[date.span.start : date.span.end]
        if syntax.is_possessor(span.root) or syntax.noun_modified_by(span.root) is not None:
            continue
        owner = syntax.clause_head(syntax.phrase_governor(span.root))
        if syntax.marker_of(owner) in _TEMPORAL:
            owner = syntax.modified_clause(owner) or owner  # "before the rains end in October"
        inside = proposition.start <= date.span.start < proposition.end
        if not inside and quote is not None and around.quote_at(date.span.start) != quote:
            continue  # "…, according to a memorandum read on Tuesday": the date of the telling
        if owner.i not in heads and not (
            inside and (not start <= owner.i < end or syntax.is_open_complement(owner))
        ):
            continue
        before = doc[date.span.start - 1].lower_ if date.span.start else ""
        if span[0].lower_ in _LIMITS or before in _LIMITS:
            return index
        if found is None and not around.is_past(date):
            found = index
    return found


_LIMITS = frozenset({"by", "before", "until", "till", "within", "through"})
_TEMPORAL = frozenset({"when", "before", "after", "until", "till", "once", "as"})


def _holder(draft: _Draft, around: Surroundings) -> Holder:
    """Who puts it forward: the nearest of cue's subject and source of a quotation, or the author.

    A quotation that the cue opens ("they fear that **it will fall**") knows its source better.
    """
    inside = around.quote_at(draft.target.i)
    for cued in draft.cues:
        subject = _believer(cued)
        if subject is None:
            continue
        if inside is not None and around.quote_at(cued.anchor.i) != inside:
            source = _source(inside, around)
            if source is not None:
                return source
        entity = around.mentions.get(subject.i)
        return Holder(
            kind="source",
            span=TokenSpan(*syntax.phrase_span(subject)),
            name=None if entity is None else around.entities[entity].name,
            entity=entity,
        )
    source = None if inside is None else _source(inside, around)
    return Holder(kind="author") if source is None else source


def _believer(cued: Cued) -> Token | None:
    """The subject of a cue that says what its subject believes, where the text asserts it."""
    anchor = cued.anchor
    if cued.row.holder != "subject" or cued.frame == "raising" or syntax.is_passive(anchor):
        return None
    if anchor.tag_ == "VBN" and not syntax.is_perfect(anchor):
        return None
    if any(auxiliary.tag_ == "MD" for auxiliary in syntax.auxiliaries(anchor)):
        return None  # "they can hope"
    if syntax.has_infinitive_marker(anchor) and syntax.own_subject_of(anchor) is not None:
        return None  # "little reason for them to fear"
    subject = syntax.subject_of(anchor)
    if subject is None or subject.lower_ in _NO_SOURCE or syntax.is_predicate(subject):
        return None
    return subject


_NO_SOURCE = frozenset(
    {"i", "we", "you", "it", "there", "anyone", "anybody", "one", "that", "this"}
)


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


def _speech_act(draft: _Draft, around: Surroundings) -> SpeechAct:
    if around.in_heading(draft.target.i):
        return "headline"
    if syntax.is_question(draft.target.sent):
        return "question"
    return "imperative" if syntax.is_imperative(draft.target) else "assertion"


class PredictionFinder:
    """Finds what an article puts forward as not settled.

    Reads tags, morphology, the parse and sentences; dates, entities, quotes and the context where
    they are there; `doc.spans["claimline_hedges"]` (attrs `scores`) where the encoder left its
    votes. Writes `doc._.claimline_predictions`; read it with `layers.get_predictions`.

    | found | not found |
    |---|---|
    | modals of possibility or forecast | modals of ability, permission, duty, habit, politeness |
    | likely, expected to, seems, reportedly, doubt that | "appeared on stage", "than expected" |
    | a 70% chance, one in four, odds of three to one | scores, shares, ages |
    | if, unless, should it, were it to, without, barring | "asked if", "if any", "as if" |

    Example:
        >>> nlp = pipeline.load().nlp  # doctest: +SKIP
        >>> doc = nlp("Analysts doubt that the merger will go ahead.")  # doctest: +SKIP
        >>> [prediction] = layers.get_predictions(doc)  # doctest: +SKIP
        >>> prediction.polarity, prediction.likelihood.high  # doctest: +SKIP
        ('negative', 33.0)

    Scores (2026-11-23, the whole pipeline on raw text, embedded model of that day): gold/dev F1
    .77 (P .73, R .82), .65 with orientation, polarity and holder; of those found, proposition
    .83, likelihood .88, orientation .96, polarity .99, holder .90; condition F1 .78. gold/train
    .79 and gold/written .91, which weights and tagger have seen; the weights alone, without the
    tagger and cross-validated by article over the candidates, .75 and .90. 4 µs a word.

    Known misses: plans and forecasts with "will" look alike to the parse (most false finds), as do
    generic and epistemic "can" (most of those missed); numbers without a noun of probability ("he
    settled on one in five"); ellipsis ("India may."); a prediction spread over two sentences.
    """

    def __init__(self, *, threshold: float) -> None:
        self.threshold = threshold

    def __call__(self, doc: Doc) -> Doc:
        """Store the predictions of a Doc."""
        found = find_predictions(doc, surroundings(doc), threshold=self.threshold)
        layers.set_predictions(doc, found)
        return doc


@Language.factory(
    "claimline_predictions",
    requires=["doc.sents", "token.dep", "token.tag", "token.lemma"],
    assigns=["doc._.claimline_predictions"],
    default_config=defaults("claimline_predictions"),
)
def make_predictions(nlp: Language, name: str, *, threshold: float) -> PredictionFinder:
    """The component `claimline_predictions`.

    Args:
        nlp: the pipeline that it joins.
        name: its name there.
        threshold: the confidence, 0 to 1, from which a candidate counts as a prediction.
    """
    return PredictionFinder(threshold=threshold)
