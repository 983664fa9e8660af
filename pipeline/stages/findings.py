"""What the stages find, before it becomes records.

Spans are pairs of token indices of the Doc, half-open. References between findings are positions
in the other stage's list (``date`` of an event is an index into the dates). Every finding is made
of plain builtins, so that it survives `Doc.to_bytes`.
"""

from __future__ import annotations

import msgspec

from ..records import (
    Alternative,
    Anchor,
    CueForm,
    CueRole,
    DateType,
    EntityType,
    EventStatus,
    HolderKind,
    Likelihood,
    Link,
    MentionForm,
    Modifier,
    Orientation,
    ParticipantRole,
    Polarity,
    Precision,
    QuoteType,
    Relation,
    ResolvedBy,
    Severity,
    SpeechAct,
    Stance,
)


class TokenSpan(msgspec.Struct, frozen=True):
    """Tokens `start` to `end` (half-open) of the Doc."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"tokens {self.start}..{self.end}: 0 <= start < end does not hold")


class Date(msgspec.Struct, frozen=True, kw_only=True):
    """A date expression with its value; fields as in the `date` record."""

    span: TokenSpan
    value: str
    type: DateType
    duration: str | None = None
    earliest: str | None = None
    latest: str | None = None
    precision: Precision
    anchor: Anchor
    modifier: Modifier | None = None
    alternatives: tuple[Alternative, ...] = ()
    confidence: float


class EntityMention(msgspec.Struct, frozen=True, kw_only=True):
    """One mention of an entity."""

    span: TokenSpan
    form: MentionForm


class Entity(msgspec.Struct, frozen=True, kw_only=True):
    """A named thing and its mentions, in reading order; the first named mention exists always."""

    name: str
    type: EntityType
    aliases: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    mentions: tuple[EntityMention, ...]
    confidence: float


class Participant(msgspec.Struct, frozen=True, kw_only=True):
    """A participant of an event; `entity` is an index into the entities."""

    span: TokenSpan
    role: ParticipantRole
    entity: int | None = None


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """An event; `date` is an index into the dates, `source` one into the quotes.

    `until` is the index of the last date where several dates on end are the event's ("in 1977 and
    1978"), of which `date` is the first.
    An event without a date has in `bound` the (earliest, latest) day, ISO, that its tense leaves,
    one of them None.
    """

    trigger: TokenSpan
    lemma: str
    clause: TokenSpan
    date: int | None
    until: int | None = None
    bound: tuple[str | None, str | None] | None = None
    link: Link
    mentions: tuple[TokenSpan, ...] = ()
    participants: tuple[Participant, ...] = ()
    polarity: Polarity
    status: EventStatus
    source: int | None = None
    confidence: float

    def __post_init__(self) -> None:
        if (self.date is None) == (self.bound is None):
            raise ValueError("an event has a date or the bound of its tense")
        if self.until is not None and (self.date is None or self.until <= self.date):
            raise ValueError(f"dates {self.date}..{self.until}: the first is not before the last")


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A stated order: `event` happened `relation` (before, after) `other`.

    Both are indices into the events. `evidence` is the connective, or the auxiliary and the verb of
    a pluperfect.
    """

    event: int
    relation: Relation
    other: int
    evidence: TokenSpan
    confidence: float


class Cue(msgspec.Struct, frozen=True, kw_only=True):
    """A cue of a prediction."""

    span: TokenSpan
    lemma: str
    form: CueForm
    role: CueRole


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """Whose prediction; `entity` and `quote` are indices into those findings."""

    kind: HolderKind
    span: TokenSpan | None = None
    name: str | None = None
    entity: int | None = None
    quote: int | None = None


class Horizon(msgspec.Struct, frozen=True, kw_only=True):
    """By when something comes true: `date` is an index into the dates.

    The value is that of the date, or what a length of time comes to from the day it was told.
    """

    date: int
    value: str
    earliest: str | None = None
    latest: str | None = None


class Prediction(msgspec.Struct, frozen=True, kw_only=True):
    """A hedged or forecast proposition."""

    sentence: TokenSpan
    cues: tuple[Cue, ...]
    proposition: TokenSpan
    hedged: bool
    orientation: Orientation
    polarity: Polarity
    likelihood: Likelihood
    holder: Holder
    subject: TokenSpan | None = None
    horizon: Horizon | None = None
    condition: TokenSpan | None = None
    speech_act: SpeechAct
    confidence: float


class Speaker(msgspec.Struct, frozen=True, kw_only=True):
    """Who is quoted. `quotes` sets the span; `speakers` resolves name, entity and role."""

    span: TokenSpan
    name: str
    entity: int | None = None
    role: str | None = None
    anonymous: bool = False
    resolved_by: ResolvedBy | None = None


class QuoteCue(msgspec.Struct, frozen=True, kw_only=True):
    """The attributing word or phrase."""

    span: TokenSpan
    lemma: str
    stance: Stance | None = None


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """An attribution; `content` without quotation marks, in order.

    `parent` is an index into the quotes, `date` one into the dates. `follows` is the index of the
    quote whose speaker this one continues (a floating quote with no cue of its own), else None.
    """

    type: QuoteType
    content: tuple[TokenSpan, ...]
    speaker: Speaker | None = None
    cue: QuoteCue | None = None
    addressee: TokenSpan | None = None
    venue: TokenSpan | None = None
    date: int | None = None
    reported: TokenSpan | None = None
    parent: int | None = None
    follows: int | None = None
    confidence: float


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Something a stage could not do; `span` is the place, when there is one."""

    stage: str
    severity: Severity
    message: str
    span: TokenSpan | None = None


class ContextBlock(msgspec.Struct, frozen=True):
    """A block of the article: characters `start` to `end` of the Doc's text and its section."""

    start: int
    end: int
    section: str


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What the article says about itself, for stages that need it; empty for a bare Doc.

    `published` and `dateline` are EDTF days, months or years ("2021-09-21"). `authors` are names.
    """

    published: str | None = None
    dateline: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    blocks: tuple[ContextBlock, ...] = ()
