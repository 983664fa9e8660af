"""The record types: what the pipeline writes, one JSON object a line.

Every offset is a half-open ``[start, end)`` pair of Unicode code points of the article file *as
decoded* (a byte order mark counts as one, CRLF as two). ``text`` is the reading text of that slice:
markup removed, white space folded. Fields may be added within a schema version, never renamed.

The structs are frozen and keyword-only. Their constructors check only the invariants in
``__post_init__``; types are checked when a record is decoded (see `pipeline.jsonl`).
"""

from __future__ import annotations

import inspect
import re
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
    """A place in the article file and what a reader sees there.

    Attributes:
        start: its first code point in the file as decoded.
        end: behind its last one.
        text: the reading text there: without markup, white space folded.
    """

    start: int
    end: int
    text: str

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"span {self.start}..{self.end}: 0 <= start < end does not hold")


class Mention(Span, frozen=True, kw_only=True):
    """One mention of an entity.

    Attributes:
        sentence: index of its sentence, from 0.
        form: whether it is a name, a description ("the ministry") or a pronoun.
    """

    sentence: int
    form: MentionForm


class Trigger(Span, frozen=True, kw_only=True):
    """The word that names an event.

    Attributes:
        lemma: its dictionary form.
    """

    lemma: str


class DateRef(msgspec.Struct, frozen=True, kw_only=True):
    """A date as another record uses it.

    An event of several dates on end ("in 1977 and 1978") has the interval and the words of all of
    them, and the id of the first.

    Attributes:
        value: as in the `date` record.
        earliest: ISO day of its first day; null when open.
        latest: ISO day of its last day; null when open.
        text: its words.
        id: of the `date` record; null where there is none.
    """

    value: str
    earliest: str | None
    latest: str | None
    text: str
    id: str | None


class Participant(Span, frozen=True, kw_only=True):
    """Someone or something that takes part in an event.

    Attributes:
        role: what part it takes.
        entity: id of the `entity` record; null when it is none.
    """

    role: ParticipantRole
    entity: str | None


class PredictionCue(Span, frozen=True, kw_only=True):
    """A word or phrase that marks its proposition as not settled.

    Attributes:
        lemma: its dictionary form.
        form: what kind of expression it is.
        role: what it does to the claim.
    """

    lemma: str
    form: CueForm
    role: CueRole


class Likelihood(msgspec.Struct, frozen=True, kw_only=True):
    """How probable the phrase makes the event.

    Attributes:
        level: the phrase's own, by the names of ICD-203: "probably won't" is `likely`. `possible`
            is may, might and could, `unspecified` says nothing of odds.
        low: the least percent (0 to 100) that the event itself comes about, after any negation:
            "probably won't" is 20 to 35. Null without a number.
        high: likewise, the most.
        basis: where the number comes from: what readers take the phrase to mean, what the text
            states, an official yardstick, or likeness to another phrase.
        source: the row of the table that has the number.
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
    """Whose prediction it is.

    Attributes:
        kind: the article's own voice, or somebody whom it gives as the source.
        text: the words for the source; null for the author.
        name: the source's resolved name.
        entity: id of the source's `entity` record.
        quote: id of the `quote` record that it stands in.
    """

    kind: HolderKind
    text: str | None
    name: str | None
    entity: str | None
    quote: str | None


class Speaker(Span, frozen=True, kw_only=True):
    """Who is quoted.

    Attributes:
        name: the resolved name, or the phrase itself when unresolved.
        entity: id of the `entity` record; null when unresolved.
        role: the description that the text gives.
        anonymous: whether the text leaves such a one without a name ("officials").
        resolved_by: what the name was found by.
    """

    name: str
    entity: str | None
    role: str | None
    anonymous: bool
    resolved_by: ResolvedBy | None


class QuoteCue(Span, frozen=True, kw_only=True):
    """The word or phrase that attributes.

    Attributes:
        lemma: its dictionary form.
        stance: what it tells of the reporter's own view: "claimed" doubts, "pointed out" supports.
    """

    lemma: str
    stance: Stance | None


class Alternative(msgspec.Struct, frozen=True, kw_only=True):
    """A reading of a date that was considered and lost.

    Attributes:
        value: what it would have been.
        reason: why it lost.
    """

    value: str
    reason: str


class Pipeline(msgspec.Struct, frozen=True, kw_only=True):
    """What made the records.

    Attributes:
        name: of the program.
        version: of the program.
        model: name and version of the language model.
        fingerprint: digest of code, model, configuration and lexicons.
    """

    name: str
    version: str
    model: str
    fingerprint: str


class ArticleRecord(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="article"):
    """The first line of every output: what was read.

    Attributes:
        id: `article-` and a digest.
        article: the article's id: its file's name made safe.
        start: 0.
        end: the length of the file in code points.
        sentence: null.
        section: null.
        schema: version of this description.
        path: the file's path as given; `-` for standard input.
        sha256: digest of the file's bytes.
        encoding: what decoded it.
        media_type: what it was read as.
        title: of the article.
        subtitle: its dek.
        authors: names, in order.
        publisher: newspaper, agency or site.
        published: date of publication, an EDTF day, month or year; null when nothing states it.
        language: as declared, `en` otherwise.
        characters: how many code points the reading text has.
        sentences: how many sentences it has.
        counts: how many records of each kind follow.
        pipeline: what made them.
    """

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
    """The common fields of every record that has a place in the text.

    Attributes:
        id: `kind-` and ten hexadecimal digits of what identifies the record in its article; equal
            ones get `-2`, `-3`. Never made of offsets.
        article: id of the article. With `id` the key over all articles.
        start: first code point of its place in the file as decoded.
        end: behind the last one.
        text: the reading text there: without markup, white space folded.
        sentence: index of the sentence that holds `start`, from 0.
        section: what part of the article it stands in.
    """

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
    """One real, named thing of the article with all its mentions.

    Its place is its first named mention.

    Attributes:
        name: the fullest name that the article has.
        type: what it is, as in OntoNotes.
        aliases: its other names.
        roles: titles and descriptions that the text gives.
        mentions: every place where it is spoken of.
        confidence: that it is one and of this type, 0 to 1.
    """

    name: str
    type: EntityType
    aliases: tuple[str, ...]
    roles: tuple[str, ...]
    mentions: tuple[Mention, ...]
    confidence: float


class DateRecord(_Located, frozen=True, kw_only=True, tag="date"):
    """A calendar time, a duration or a recurring time.

    Its place is the expression.

    Attributes:
        value: of a date EDTF (`2021-09`, `../2023`, `199X`); of a length or what recurs ISO 8601
            (`P20Y`, `R/P1W`); of a time of day `2021-09-21T14:30` or a part (`2021-09-21TMO`);
            `PAST_REF`, `PRESENT_REF` or `FUTURE_REF` when no calendar has it.
        type: what it is.
        duration: the ISO 8601 length of a duration that has its place in the calendar.
        earliest: ISO day of the first day; null when open. "Early", "mid" and "late" narrow these
            to thirds, `value` stays the whole unit.
        latest: likewise, the last day, inclusive.
        precision: the finest unit that the expression names.
        anchor: what it was resolved against: nothing (`absolute`), the date of publication, the
            dateline, the date of the quote around it, a date told before (`narrative`), an event
            told before, or the calendar of named days and events.
        modifier: what narrows or blurs it.
        alternatives: readings that lost.
        confidence: that the value is right, 0 to 1.
    """

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

    Attributes:
        relation: whether this event is before or after the other.
        event: id of the other.
        evidence: the words: a connective ("after", "ahead of") or a pluperfect ("had fled").
        confidence: share of such words that were right when read by hand, 0 to 1.
    """

    relation: Relation
    event: str
    evidence: Span
    confidence: float


class EventRecord(_Located, frozen=True, kw_only=True, tag="event"):
    """Something that the text ties to a date.

    Its place is the clause of the trigger.

    Attributes:
        trigger: the one word that names it.
        date: when.
        link: how the text ties the date to it: directly, by another event of the sentence, by
            another place that tells of the same event, or as the day that the report tells of.
        mentions: further places that tell of the same event.
        participants: who takes part.
        polarity: `negative` when it did not happen.
        status: whether it has happened, is happening, is planned or only thought of.
        source: id of the `quote` record when it is only someone's word.
        order: what the text says of before and after.
        confidence: that it is one and that the date is its, 0 to 1.
    """

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
    """A proposition put forward as not settled.

    Its place is its sentence.

    Attributes:
        cues: the words that make it so.
        proposition: what is put forward.
        hedged: whether a cue of role hedge or evidential, a number or a condition limits it; a
            plain "will" does not.
        orientation: `future` for a true prediction, else a hedged claim of what is or was.
        polarity: `negative` for "won't", "unlikely to", "doubt that".
        likelihood: how probable the phrase makes the event.
        holder: whose it is.
        subject: whom or what it is about.
        horizon: when it is to come true.
        condition: what it depends on.
        speech_act: how it is put.
        confidence: that it is one, 0 to 1.
    """

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

    Its place runs from the first to the last of source, cue and content.

    Attributes:
        type: in quotation marks, in the author's words, or both.
        content: what is quoted, without the marks; several spans when it is split.
        speaker: who is quoted; null when the text names nobody.
        cue: the word that attributes it.
        addressee: to whom it was said.
        venue: where or in what it was said.
        date: when it was said.
        reported: words that give it at second hand ("reportedly", "was quoted as").
        parent: id of the `quote` record that it stands in.
        confidence: that it is one, 0 to 1.
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
    """What could not be read or was left out, so that nothing disappears silently.

    Attributes:
        id: as everywhere.
        article: id of the article.
        start: first code point of the place; null when it is about no place.
        end: behind the last one.
        text: the reading text there.
        sentence: index of its sentence, from 0.
        section: what part of the article it stands in.
        stage: what part of the pipeline tells of it.
        severity: `error` when something was lost, `warning` when something is in doubt.
        message: what, why, and what was done.
    """

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


def documented(struct: type) -> tuple[str, dict[str, str]]:
    """What a record type's docstring says: of the whole, and of each field, those inherited too.

    Example:
        >>> documented(Trigger)[1]["lemma"]
        'its dictionary form.'
    """
    fields: dict[str, str] = {}
    summary = ""
    for cls in reversed(struct.__mro__):
        if cls.__module__ != __name__:
            continue
        summary, _, attributes = inspect.cleandoc(cls.__doc__ or "").partition("\n\nAttributes:\n")
        # A field begins where the indent is that of the first one.
        for part in re.split(r"\n(?=    \w)", f"\n{attributes}"):
            name, _, text = part.strip().partition(":")
            fields[name] = " ".join(text.split())
    return summary, {name: text for name, text in fields.items() if name}


def json_schema() -> dict[str, object]:
    """The JSON Schema (draft 2020-12) of one line of output.

    Example:
        >>> json_schema()["title"]
        'Claimline record, schema version 1'
    """
    (schema,), definitions = msgspec.json.schema_components([Record], ref_template="#/$defs/{name}")
    for struct in structs():
        summary, fields = documented(struct)
        definition = definitions[struct.__name__]
        definition["description"] = summary
        for name, text in fields.items():
            if name in definition["properties"]:
                definition["properties"][name]["description"] = text
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Claimline record, schema version {SCHEMA_VERSION}",
        **schema,
        "$defs": definitions,
    }


def structs() -> list[type]:
    """The record types and all that they are made of, in the order of this file."""
    return [
        value
        for value in globals().values()
        if isinstance(value, type)
        and issubclass(value, msgspec.Struct)
        and not value.__name__.startswith("_")
    ]
