"""The record types: what the pipeline writes, one JSON object a line.

Every offset is a half-open ``[start, end)`` pair of Unicode code points of the article file *as
decoded* (a byte order mark counts as one, CRLF as two). ``text`` is the reading text of that slice:
markup removed, white space folded. Fields may be added within a schema version, never renamed.

The structs are frozen and keyword-only. Their constructors check only the invariants in
``__post_init__``; types are checked when a record is decoded (see `pipeline.jsonl`).
"""

from __future__ import annotations

from typing import Literal

import msgspec

SCHEMA_VERSION = "1"

Section = Literal[
    "title", "dek", "byline", "dateline", "caption", "credit", "heading", "body", "note"
]
EntityType = Literal[
    "PERSON",
    "NORP",
    "ORG",
    "GPE",
    "LOC",
    "FAC",
    "EVENT",
    "WORK_OF_ART",
    "LAW",
    "PRODUCT",
    "LANGUAGE",
]
MentionForm = Literal["name", "nominal", "pronoun"]
DateType = Literal["DATE", "TIME", "DURATION", "SET"]
Precision = Literal[
    "minute",
    "hour",
    "day",
    "week",
    "month",
    "quarter",
    "season",
    "half",
    "year",
    "decade",
    "century",
    "vague",
]
Anchor = Literal["absolute", "publication", "dateline", "quote", "narrative", "event", "named"]
Modifier = Literal["start", "mid", "end", "approx", "before", "after"]
Link = Literal["own", "inherited", "coreference", "narrative"]
ParticipantRole = Literal["agent", "patient", "place", "recipient", "instrument", "topic"]
Polarity = Literal["positive", "negative"]
Relation = Literal["before", "after"]
EventStatus = Literal["occurred", "ongoing", "scheduled", "hypothetical"]
CueForm = Literal[
    "modal",
    "semi-modal",
    "adverb",
    "adjective",
    "verb",
    "noun",
    "conditional",
    "evidential",
    "quotative",
    "numeric",
    "idiom",
]
CueRole = Literal["hedge", "prospective", "evidential", "booster", "negator"]
Orientation = Literal["future", "present", "past"]
Level = Literal[
    "almost-no-chance",
    "very-unlikely",
    "unlikely",
    "even",
    "likely",
    "very-likely",
    "almost-certain",
    "possible",
    "unspecified",
]
Yardstick = Literal["survey", "icd-203", "kent", "uk-phia", "nato", "ipcc"]
Basis = Literal[Yardstick, "stated", "analogy"]
HolderKind = Literal["author", "source"]
SpeechAct = Literal["assertion", "question", "headline", "imperative"]
QuoteType = Literal["direct", "indirect", "mixed"]
Stance = Literal["neutral", "supports", "doubts"]
ResolvedBy = Literal["name", "alias", "pronoun", "nominal", "continuation"]
Severity = Literal["warning", "error"]


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """A place in the article file and what a reader sees there."""

    start: int
    end: int
    text: str

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"span {self.start}..{self.end}: 0 <= start < end does not hold")


class Mention(Span, frozen=True, kw_only=True):
    """One mention of an entity."""

    sentence: int
    form: MentionForm


class Trigger(Span, frozen=True, kw_only=True):
    """The word that names an event."""

    lemma: str


class DateRef(msgspec.Struct, frozen=True, kw_only=True):
    """A date as another record uses it; `id` is that of the `date` record.

    An event of several dates on end ("in 1977 and 1978") has the interval and the words of all of
    them, and the id of the first.
    """

    value: str
    earliest: str | None
    latest: str | None
    text: str
    id: str | None


class Participant(Span, frozen=True, kw_only=True):
    """Someone or something that takes part in an event."""

    role: ParticipantRole
    entity: str | None


class PredictionCue(Span, frozen=True, kw_only=True):
    """A word or phrase that marks its proposition as not settled."""

    lemma: str
    form: CueForm
    role: CueRole


class Likelihood(msgspec.Struct, frozen=True, kw_only=True):
    """How probable the phrase makes the event.

    `level` is the phrase's own; `low` and `high` are percent (0 to 100) that the event itself comes
    about, after any negation.
    """

    level: Level
    low: float | None
    high: float | None
    basis: Basis | None
    source: str | None

    def __post_init__(self) -> None:
        if (self.low is None) != (self.high is None):
            raise ValueError("likelihood: low and high come together")
        if self.low is not None and self.high is not None and not 0 <= self.low <= self.high <= 100:
            raise ValueError(f"likelihood {self.low}..{self.high}: 0 <= low <= high <= 100 fails")


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """Whose prediction it is."""

    kind: HolderKind
    text: str | None
    name: str | None
    entity: str | None
    quote: str | None


class Speaker(Span, frozen=True, kw_only=True):
    """Who is quoted; `name` is the resolved name, or the phrase itself when unresolved."""

    name: str
    entity: str | None
    role: str | None
    anonymous: bool
    resolved_by: ResolvedBy | None


class QuoteCue(Span, frozen=True, kw_only=True):
    """The word or phrase that attributes, with the reporter's stance."""

    lemma: str
    stance: Stance | None


class Alternative(msgspec.Struct, frozen=True, kw_only=True):
    """A reading of a date that was considered and lost."""

    value: str
    reason: str


class Pipeline(msgspec.Struct, frozen=True, kw_only=True):
    """What made the records; `fingerprint` digests code, model, configuration and lexicons."""

    name: str
    version: str
    model: str
    fingerprint: str


class ArticleRecord(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="article"):
    """The first line of every output: what was read."""

    id: str
    article: str
    start: int
    end: int
    sentence: int | None
    section: Section | None
    schema: str
    path: str
    sha256: str
    encoding: str
    media_type: str
    title: str | None
    subtitle: str | None
    authors: tuple[str, ...]
    publisher: str | None
    published: str | None
    language: str
    characters: int
    sentences: int
    counts: dict[str, int]
    pipeline: Pipeline


class _Located(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """The common fields of every record that has a place in the text."""

    id: str
    article: str
    start: int
    end: int
    text: str
    sentence: int
    section: Section

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"{self.id}: 0 <= start < end fails for {self.start}..{self.end}")


class EntityRecord(_Located, frozen=True, kw_only=True, tag="entity"):
    """One real, named thing of the article with all its mentions."""

    name: str
    type: EntityType
    aliases: tuple[str, ...]
    roles: tuple[str, ...]
    mentions: tuple[Mention, ...]
    confidence: float


class DateRecord(_Located, frozen=True, kw_only=True, tag="date"):
    """A calendar time, a duration or a recurring time."""

    value: str
    type: DateType
    duration: str | None
    earliest: str | None
    latest: str | None
    precision: Precision
    anchor: Anchor
    modifier: Modifier | None
    alternatives: tuple[Alternative, ...]
    confidence: float


class StatedOrder(msgspec.Struct, frozen=True, kw_only=True):
    """That the event happened before or after another, as the text says by its words.

    `event` is the id of the other event, `evidence` the words: a connective ("after", "ahead of")
    or a pluperfect ("had fled").
    """

    relation: Relation
    event: str
    evidence: Span
    confidence: float


class EventRecord(_Located, frozen=True, kw_only=True, tag="event"):
    """Something that the text ties to a date; `start..end` is the clause of the trigger."""

    trigger: Trigger
    date: DateRef
    link: Link
    mentions: tuple[Span, ...]
    participants: tuple[Participant, ...]
    polarity: Polarity
    status: EventStatus
    source: str | None
    order: tuple[StatedOrder, ...] = ()
    confidence: float


class PredictionRecord(_Located, frozen=True, kw_only=True, tag="prediction"):
    """A proposition put forward as not settled; `start..end` is its sentence."""

    cues: tuple[PredictionCue, ...]
    proposition: Span
    hedged: bool
    orientation: Orientation
    polarity: Polarity
    likelihood: Likelihood
    holder: Holder
    subject: Span | None
    horizon: DateRef | None
    condition: Span | None
    speech_act: SpeechAct
    confidence: float


class QuoteRecord(_Located, frozen=True, kw_only=True, tag="quote"):
    """Content attributed to someone other than the author.

    `start..end` runs from the first to the last of source, cue and content.
    """

    type: QuoteType
    content: tuple[Span, ...]
    speaker: Speaker | None
    cue: QuoteCue | None
    addressee: Span | None
    venue: Span | None
    date: DateRef | None
    reported: Span | None
    parent: str | None
    confidence: float


class ProblemRecord(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="problem"):
    """What could not be read or was left out, so that nothing disappears silently."""

    id: str
    article: str
    start: int | None
    end: int | None
    text: str | None
    sentence: int | None
    section: Section | None
    stage: str
    severity: Severity
    message: str


Record = (
    ArticleRecord
    | EntityRecord
    | DateRecord
    | EventRecord
    | PredictionRecord
    | QuoteRecord
    | ProblemRecord
)

KINDS: dict[str, type[Record]] = {
    "article": ArticleRecord,
    "entity": EntityRecord,
    "date": DateRecord,
    "event": EventRecord,
    "prediction": PredictionRecord,
    "quote": QuoteRecord,
    "problem": ProblemRecord,
}


def json_schema() -> dict[str, object]:
    """The JSON Schema (draft 2020-12) of one line of output.

    Example:
        >>> json_schema()["title"]
        'Claimline record, schema version 1'
    """
    schema = msgspec.json.schema(Record)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Claimline record, schema version {SCHEMA_VERSION}",
        **schema,
    }
