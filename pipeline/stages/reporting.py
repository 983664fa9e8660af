"""The words that attribute: the lexicon of reporting cues and venues, ready to look up."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import Literal

import msgspec
from spacy.strings import get_string_id
from spacy.tokens import Doc

from ..language import syntax
from ..lexicons import rows
from ..records import Stance

Form = Literal["verb", "noun", "adjective", "phrase", "owned", "support"]
CueClass = Literal["speech", "cognition", "finding", "hearsay", "document"]
VenueKind = Literal[
    "document", "speech", "meeting", "interview", "broadcast", "conversation", "platform", "body"
]

_VERBS = frozenset({"VERB", "AUX"})
_TAGS: dict[Form, frozenset[str]] = {
    "verb": _VERBS,
    "support": _VERBS,
    "phrase": frozenset(),  # whatever the tagger makes of "according"
    "noun": frozenset({"NOUN", "PROPN"}),
    "adjective": frozenset({"ADJ", "VERB"}),
    "owned": frozenset({"NOUN"}),
}
_PARTICLES = frozenset({"out", "up", "off", "on", "in", "back", "aside", "down", "forward"})


class Reporting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of `reporting.jsonl`.

    Attributes:
        lemma: the cue; further words after the first are fixed ("point out").
        forms: the other forms of its inflected word (of the first, for a noun of the last). Cues
            are looked up by form: lemmatisers err most on rare verbs, which these often are.
        form: "verb", "noun", "adjective"; "phrase" stands before its source ("according to");
            "owned" is a noun whose possessor is the source ("in her view"); "support" is a verb
            that lends its subject to a noun ("**made** the claim that").
        class_: what kind of attribution ("class" in the file).
        stance: what the reporter lets on about the truth of the content.
        takes: where the content stands. "clause"; "marks" (in quotation marks); "infinitive" (the
            source's own: "hopes to win"); "order" ("told him to go"); "gerund"; "as" (an object
            and "as" with its description); "predicative" ("called it a farce"); "noun"; "+of" and
            the like (after that preposition). Of an "owned" noun, the prepositions before it.
        example: a sentence with the cue.
    """

    lemma: str
    form: Form
    stance: Stance
    takes: tuple[str, ...]
    example: str
    class_: CueClass = msgspec.field(name="class")
    forms: tuple[str, ...] = ()


class Venue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of `venues.jsonl`: where something is said or written.

    `speaks` says that the thing itself can be the source ("the report says").
    """

    noun: str
    kind: VenueKind
    speaks: bool
    prepositions: tuple[str, ...]
    example: str


class Match(msgspec.Struct, frozen=True):
    """A cue word in a Doc: its row, its head token and the tokens of all its words."""

    row: Reporting
    head: int
    start: int
    end: int


class _Entry(msgspec.Struct, frozen=True):
    """A row as it is looked up: the parts of speech of its first word, the words after it."""

    row: Reporting
    tags: frozenset[int]
    rest: tuple[int, ...]
    particle: str | None


class Lexicon:
    """The cues by the forms of their first word. Make one per pipeline, look up many Docs."""

    def __init__(self, cues: tuple[Reporting, ...], venues: tuple[Venue, ...]) -> None:
        by_form: dict[int, list[_Entry]] = defaultdict(list)
        for row in cues:
            first, *rest = row.lemma.split()
            if row.form == "owned" and rest:
                # "own words": the noun is the head and stands last.
                first, rest = rest[-1], []
            entry = _Entry(
                row,
                frozenset(map(get_string_id, _TAGS[row.form])),
                tuple(map(get_string_id, rest)),
                rest[0] if len(rest) == 1 and rest[0] in _PARTICLES else None,
            )
            for form in (first, *row.forms):
                by_form[get_string_id(form)].append(entry)
        for entries in by_form.values():
            entries.sort(key=lambda entry: -len(entry.rest))
        self._by_form = dict(by_form)
        self.venues = {venue.noun: venue for venue in venues}

    def matches(self, doc: Doc) -> list[Match]:
        """Every cue word of the Doc in reading order; the longest reading of each word."""
        found: list[Match] = []
        if not len(doc):
            return found
        lowers = doc.to_array("LOWER").tolist()
        tags = doc.to_array("POS").tolist()
        phrase_end = 0
        for index, lower in enumerate(lowers):
            entries = self._by_form.get(lower)
            if entries is None or index < phrase_end:
                continue
            forms: set[Form] = set()
            for entry in entries:
                form = entry.row.form
                if form in forms or (entry.tags and tags[index] not in entry.tags):
                    continue
                end = index + 1 + len(entry.rest)
                if entry.rest and tuple(lowers[index + 1 : end]) != entry.rest:
                    if entry.particle is None or not _has_particle(doc, index, entry.particle):
                        continue
                    end = index + 1
                forms.add(form)
                found.append(Match(entry.row, index, index, end))
                if form == "phrase":
                    phrase_end = end
        return found


def _has_particle(doc: Doc, verb: int, particle: str) -> bool:
    """Whether a verb has a particle further on ("brushed it **aside**")."""
    return any(token.lower_ == particle for token in syntax.particles_of(doc[verb]))


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """The lexicon of the package.

    Example:
        >>> "interview" in load_lexicon().venues
        True
    """
    return Lexicon(rows("reporting", Reporting), rows("venues", Venue))
