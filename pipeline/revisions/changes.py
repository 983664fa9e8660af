"""What a comparison yields: one `Change` for each record, or pair of records, that differs.

One JSON object a line; `json_schema` describes it. Offsets are code points of the file as decoded:
those of `before` belong to the old version, those of `after` to the new one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

import msgspec

ChangeType = Literal[
    "added",
    "removed",
    "moved",
    "reworded",
    "split",
    "merged",
    "hedge_strengthened",
    "hedge_weakened",
    "hedge_added",
    "hedge_removed",
    "polarity_flipped",
    "condition_added",
    "condition_removed",
    "condition_changed",
    "horizon_changed",
    "holder_changed",
    "date_shifted",
    "date_narrowed",
    "date_widened",
    "quantity_changed",
    "participant_changed",
    "quote_altered",
    "quote_to_paraphrase",
    "paraphrase_to_quote",
    "speaker_changed",
    "speaker_resolved",
    "speaker_unresolved",
    "cue_changed",
    "entity_renamed",
    "orientation_changed",
    "status_changed",
    "order_changed",
    "type_changed",
    "cosmetic",
    "ambiguous",
]
"""What became of a record.

added, removed: nothing answers it in the other version.
moved: it stands elsewhere in the order of the article.
reworded: other words, no field that says something else.
split, merged: one record became several, or several one; a `Change` for each pair.
hedge_strengthened: more certain ("may" -> "will"); hedge_weakened: less.
hedge_removed: a forecast became plain fact; hedge_added: the reverse.
polarity_flipped: "will" -> "will not".
condition_*: the "if" of a prediction.
horizon_changed: when a prediction is due. holder_changed: whose it is.
date_shifted: to another time; date_narrowed: inside the old one; date_widened: around it.
quantity_changed: another number in otherwise answering words.
participant_changed: someone else takes part in an event, or is the subject of a prediction.
quote_altered: other meaning-bearing words between the quotation marks.
quote_to_paraphrase: direct -> indirect; paraphrase_to_quote: the reverse.
speaker_resolved: the same source, now with a name; speaker_unresolved: its mirror;
speaker_changed: another source.
cue_changed: another stance of the word that attributes ("said" -> "claimed").
entity_renamed: the same entity under another name.
orientation_changed: a forecast became a claim about the present or past, or the reverse.
status_changed: of an event, scheduled -> occurred. order_changed: before -> after another event.
type_changed: PERSON -> ORG, DATE -> DURATION, assertion -> question.
cosmetic: case, punctuation, quotation marks, white space, misspelt words.
ambiguous: several records answer it about as well, so none was chosen.
"""

Severity = Literal["info", "minor", "major", "critical"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""In rising order."""
FAIL_ON: Severity = "major"
"""The least severity that `claimline diff` answers with exit code 1 unless told otherwise."""

Kind = Literal["entity", "date", "event", "prediction", "quote"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""The kinds of records that are compared, in the order in which they are."""

Cause = Literal["editorial", "extractor", "unknown"]
"""editorial: the text is another and the pipeline the same, or the old text was extracted anew.
extractor: the text is the same and the pipeline another; or the record's own words stand unchanged
in an edited text and are read otherwise (severity info). unknown: text and pipeline are both other
ones, or it is not recorded which they are.
"""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A record of one version: its id there and what the reader sees there.

    `id` is null where no record answers but the text itself: of a forecast that became plain fact,
    the sentence that states it.
    """

    id: str | None
    start: int
    end: int
    text: str


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """The value of a field in one version, as words or in the record's own notation.

    `start` and `end` are null where the value has no place of its own in the file (a likelihood, a
    resolved name).
    """

    text: str
    start: int | None = None
    end: int | None = None


class FieldChange(msgspec.Struct, frozen=True, kw_only=True):
    """One field before and after; null where it was empty or is."""

    before: Passage | None
    after: Passage | None


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one record.

    Attributes:
        types: at least one, in the order of `ChangeType`.
        severity: the highest of its types, see `severity_of`.
        kind: of the record.
        article: the article's id.
        before: the record of the old version; null when it is new.
        after: the record of the new version; null when it is gone. For an `ambiguous` one too: it
            is reported once on each side.
        fields: what differs, by the name the field has in the record ("speaker", "likelihood",
            "horizon"). Of a quote's content each run of words that differs is one entry,
            "content.1", "content.2", in the order of the text; the same for "quantity.1".
        cause: see `Cause`.
    """

    types: tuple[ChangeType, ...]
    severity: Severity
    kind: Kind
    article: str
    before: Place | None
    after: Place | None
    fields: dict[str, FieldChange]
    cause: Cause


# By kind of record, in the order of `KINDS`; None where the type cannot come up.
_SEVERITY: dict[ChangeType, tuple[Severity | None, ...]] = {
    #                      entity  date    event    prediction  quote
    "added": ("info", "info", "major", "major", "major"),
    "removed": ("info", "info", "major", "major", "major"),
    "moved": ("info", "info", "info", "info", "info"),
    "reworded": ("info", "info", "minor", "minor", "minor"),
    "split": ("minor", "info", "minor", "minor", "minor"),
    "merged": ("minor", "info", "minor", "minor", "minor"),
    "hedge_strengthened": (None, None, None, "major", None),
    "hedge_weakened": (None, None, None, "major", None),
    "hedge_added": (None, None, None, "critical", None),
    "hedge_removed": (None, None, None, "critical", None),
    "polarity_flipped": (None, None, "critical", "critical", None),
    "condition_added": (None, None, None, "major", None),
    "condition_removed": (None, None, None, "major", None),
    "condition_changed": (None, None, None, "major", None),
    "horizon_changed": (None, None, None, "major", None),
    "holder_changed": (None, None, None, "major", None),
    "date_shifted": (None, "minor", "major", None, "major"),
    "date_narrowed": (None, "info", "minor", None, "minor"),
    "date_widened": (None, "info", "minor", None, "minor"),
    "quantity_changed": (None, "minor", "major", "major", "major"),
    "participant_changed": (None, None, "major", "major", None),
    "quote_altered": (None, None, None, None, "critical"),
    "quote_to_paraphrase": (None, None, None, None, "major"),
    "paraphrase_to_quote": (None, None, None, None, "major"),
    "speaker_changed": (None, None, None, None, "critical"),
    "speaker_resolved": (None, None, None, None, "minor"),
    "speaker_unresolved": (None, None, None, None, "minor"),
    "cue_changed": (None, None, None, None, "major"),
    "entity_renamed": ("minor", None, None, None, None),
    "orientation_changed": (None, None, None, "major", None),
    "status_changed": (None, None, "major", None, None),
    "order_changed": (None, None, "minor", None, None),
    "type_changed": ("minor", "minor", None, "minor", None),
    "cosmetic": ("info", "info", "info", "info", "info"),
    "ambiguous": ("info", "info", "minor", "minor", "minor"),
}


def severity_of(types: Iterable[ChangeType], kind: Kind) -> Severity:
    """The highest severity of the types on a record of that kind.

    Example:
        >>> severity_of(["moved", "hedge_weakened"], "prediction")
        'major'
        >>> severity_of(["added"], "date")
        'info'
    """
    column = KINDS.index(kind)
    found = [_SEVERITY[name][column] or "info" for name in types]
    return max(found, key=SEVERITIES.index)


def at_least(severity: Severity, threshold: Severity) -> bool:
    """Whether a severity reaches a threshold.

    Example:
        >>> at_least("critical", "major"), at_least("info", "minor")
        (True, False)
    """
    return SEVERITIES.index(severity) >= SEVERITIES.index(threshold)


def json_schema() -> dict[str, object]:
    """The JSON Schema (draft 2020-12) of one change.

    Example:
        >>> json_schema()["title"]
        'Claimline change, schema version 1'
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Claimline change, schema version 1",
        **msgspec.json.schema(Change),
    }
