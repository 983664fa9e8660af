"""Drafts: the cues of one proposition together, and what other stages found around them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Sequence
from dataclasses import dataclass, field

from spacy.tokens import Doc, Token

from ..language import syntax
from . import layers
from .findings import Date, Entity, Quote, TokenSpan
from .hedges import Cued, Frame
from .interviews import Interview, find_interview

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


@dataclass
class Draft:
    """The cues of one proposition, and the conditions on it, in reading order.

    `shared` are those that stand before the first of several coordinated clauses, for a later one.
    """

    target: Token
    cues: list[Cued] = field(default_factory=list)
    conditions: list[Cued] = field(default_factory=list)
    shared: list[Cued] = field(default_factory=list)

    @property
    def leading(self) -> Cued:
        """The cue that shapes the proposition: the one that governs its head most plainly."""
        return min(
            self.cues,
            key=lambda cued: (cued.target.i != self.target.i, _PRIORITY.index(cued.frame)),
        )

    @property
    def frame(self) -> Frame:
        """How the leading cue governs the proposition."""
        return self.leading.frame


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
        interview: Interview | None = None,
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
        self.interview = interview
        self.edges, self.inner = _innermost(quotes)

    def quote_at(self, token: int) -> int | None:
        """The innermost quotation whose content holds the token."""
        at = bisect_left(self.edges, token + 1) - 1
        return self.inner[at] if at >= 0 else None

    def is_past(self, date: Date, now: str | None = None) -> bool:
        """Whether a date ends before an ISO day, the publication where not given."""
        now = now or self.published
        return bool(now and date.latest is not None and date.latest < now)

    def is_ahead(self, date: Date, now: str | None = None) -> bool:
        """Whether a date lies after an ISO day, the publication where not given."""
        if date.value == "FUTURE_REF":
            return True
        now, known = now or self.published, date.earliest or date.latest
        return bool(now and known is not None and known > now)

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
    entities = layers.get_entities(doc)
    return Surroundings(
        dates=layers.get_dates(doc),
        entities=entities,
        quotes=layers.get_quotes(doc),
        headings=sorted(headings),
        published=context.published,
        interview=find_interview(doc, context, entities),
    )


_HEADINGS = frozenset({"title", "dek", "heading"})


def drafts_of(cues: list[Cued]) -> list[Draft]:
    """Cues grouped by what they govern in the end ("would", "likely" and their clause)."""
    passes_on = {cued.anchor.i: cued for cued in cues if cued.row.governs == "complement"}
    drafts: dict[int, Draft] = {}
    conditions: list[tuple[Cued, int]] = []
    for cued in cues:
        target, seen = cued.target, {cued.anchor.i}
        while target.i in passes_on and target.i not in seen:
            if _hedges_belief(cued, passes_on[target.i]):
                break
            seen.add(target.i)
            target = passes_on[target.i].target
        if cued.frame == "condition":
            conditions.append((cued, target.i))
        else:
            drafts.setdefault(target.i, Draft(target)).cues.append(cued)
    order = sorted(drafts)
    for cued, host in conditions:
        draft = drafts.get(host) or _beside(cued, drafts, order)
        if draft is not None:
            draft.conditions.append(cued)
    for at in reversed(order):
        first = _same_claim(drafts[at], drafts)
        if first is not None:
            second = drafts.pop(at)
            first.cues += second.cues
            first.conditions += second.conditions
    for draft in drafts.values():
        if not draft.conditions and (first := _coordinated(draft, drafts)) is not None:
            draft.shared = [c for c in first.conditions if c.span[1] <= first.target.i]
    return list(drafts.values())


def _same_claim(draft: Draft, drafts: dict[int, Draft]) -> Draft | None:
    """The draft before this one that makes one claim with it: the same forecast, said twice.

    Either of one subject ("they **will** wait **and will** see"), or of two clauses of which one is
    to come true ("she **will** win **or** she **will** resign": neither is foretold alone). What
    **may** be and **may** be otherwise is each possible by itself.
    """
    target = draft.target
    if not syntax.is_conjunct(target) or target.head.i not in drafts:
        return None
    first = drafts[target.head.i]
    rows = [cued.row for cued in (*first.cues, *draft.cues)]
    alone = all(row.form == "modal" and row.role == "prospective" for row in rows)
    alone = alone and len({row.cue for row in rows}) == 1
    if not alone or syntax.is_negated(first.target) != syntax.is_negated(target):
        return None
    joint = syntax.coordinator_of(target)
    if joint is None or (joint.lower_ != "or" and syntax.own_subject_of(target) is not None):
        return None
    # A noun between has been denied to be the subject by the parse only.
    between = target.doc[joint.i + 1 : draft.cues[0].start]
    plain = all(word.pos_ in ("ADV", "PUNCT") for word in between)
    return first if joint.lower_ == "or" or (joint.lower_ == "and" and plain) else None


def _coordinated(draft: Draft, drafts: dict[int, Draft]) -> Draft | None:
    """The draft before this one in a row of clauses ("if it rains, A stays **and B goes**")."""
    if not syntax.is_conjunct(draft.target):
        return None
    before = [drafts[t.i] for t in syntax.conjuncts(draft.target) if t.i in drafts]
    return next((other for other in before if other.target.i < draft.target.i), None)


def _hedges_belief(cued: Cued, belief: Cued) -> bool:
    """Whether a cue says that someone perhaps believes something: two predictions, two holders.

    "The emirs **may** be concerned that …" is the author's; what they are concerned about, theirs.
    """
    hedge = cued.row.form != "modal" or cued.row.cue in _EPISTEMIC
    return (
        hedge
        and cued.row.role in ("hedge", "evidential")
        and cued.frame in ("clause", "raising")
        and belief.anchor.i == cued.target.i
        and belief.frame in ("content", "control")
        and believer_of(belief) is not None
    )


_EPISTEMIC = frozenset({"may", "might"})
"""Modals that can only weigh whether someone believes; "they could think" is often ability."""


def believer_of(cued: Cued, named: Container[int] = ()) -> Token | None:
    """The subject of a cue that says what its subject believes, where the text asserts it.

    That it perhaps does ("they **may** fear that …") is another's prediction of the belief.

    Args:
        cued: the cue.
        named: tokens known to stand for something with a name, as "it" for a party.
    """
    anchor = cued.anchor
    if cued.row.holder != "subject" or cued.frame == "raising" or syntax.is_passive(anchor):
        return None
    if anchor.tag_ == "VBN" and not syntax.is_perfect(anchor):
        return None
    for auxiliary in syntax.auxiliaries(anchor):
        if auxiliary.tag_ == "MD" and auxiliary.lower_ not in _WEIGHING:
            return None  # "they can hope"
    if syntax.has_infinitive_marker(anchor) and syntax.own_subject_of(anchor) is not None:
        return None  # "little reason for them to fear"
    subject = syntax.subject_of(anchor)
    if subject is None or syntax.is_predicate(subject):
        return None
    if subject.lower_ in NO_SOURCE and not (subject.lower_ == "it" and subject.i in named):
        return None
    return syntax.antecedent_of(subject) or subject


_WEIGHING = _EPISTEMIC | {"do", "does", "did"}  # taggers take these for modals
NO_SOURCE = frozenset(
    {"i", "me", "we", "us", "you", "it", "there", "anyone", "anybody", "one", "that", "this"}
)
"""Subjects that name nobody whose prediction it could be, other than the author."""


def _beside(condition: Cued, drafts: dict[int, Draft], order: list[int]) -> Draft | None:
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
