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

_TAGS: dict[Form, frozenset[str]] = {
    "verb": frozenset({"VERB", "AUX"}),
    "noun": frozenset({"NOUN", "PROPN"}),
    "adjective": frozenset({"ADJ", "VERB"}),
    "owned": frozenset({"NOUN"}),
}


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
    kind: Literal["document", "speech", "meeting", "interview", "broadcast", "conversation"]
    speaks: bool
    prepositions: tuple[str, ...]
    example: str


class Match(msgspec.Struct, frozen=True):
    """A cue word in a Doc: its row, its head token and the tokens of all its words."""

    row: Reporting
    head: int
    start: int
    end: int


class Lexicon:
    """The cues by the forms of their first word. Make one per pipeline, look up many Docs."""

    def __init__(self, cues: tuple[Reporting, ...], venues: tuple[Venue, ...]) -> None:
        by_form: dict[int, list[tuple[tuple[str, ...], Reporting]]] = defaultdict(list)
        phrases: dict[int, list[tuple[tuple[int, ...], Reporting]]] = defaultdict(list)
        for row in cues:
            first, *rest = row.lemma.split()
            if row.form == "phrase":
                words = tuple(get_string_id(word) for word in rest)
                phrases[get_string_id(first)].append((words, row))
                continue
            if row.form == "owned" and rest:
                # "own words": the noun is the head and stands last.
                first, rest = rest[-1], []
            for form in (first, *row.forms):
                by_form[get_string_id(form)].append((tuple(rest), row))
        for entries in by_form.values():
            entries.sort(key=lambda entry: -len(entry[0]))
        for longer in phrases.values():
            longer.sort(key=lambda entry: -len(entry[0]))
        self._by_form = dict(by_form)
        self._phrases = dict(phrases)
        self.venues = {venue.noun: venue for venue in venues}

    def matches(self, doc: Doc) -> list[Match]:
        """Every cue word of the Doc in reading order; the longest reading of each word."""
        found: list[Match] = []
        lowers = doc.to_array("LOWER").tolist() if len(doc) else []
        for index, lower in enumerate(lowers):
            if (phrases := self._phrases.get(lower)) is not None:
                for words, row in phrases:
                    end = index + 1 + len(words)
                    if tuple(lowers[index + 1 : end]) == words:
                        if not found or found[-1].end <= index:
                            found.append(Match(row, index, index, end))
                        break
            if (entries := self._by_form.get(lower)) is not None:
                found += self._word(doc, index, entries)
        return found

    def _word(
        self, doc: Doc, index: int, entries: list[tuple[tuple[str, ...], Reporting]]
    ) -> list[Match]:
        token = doc[index]
        found: dict[Form, Match] = {}
        for rest, row in entries:
            if row.form in found or token.pos_ not in _tags_of(row):
                continue
            end = index + 1
            if rest:
                after = doc[end : end + len(rest)]
                if all(w in (t.lower_, t.lemma_) for w, t in zip(rest, after, strict=False)):
                    end += len(after)
                    if len(after) < len(rest):
                        continue
                elif [t.lower_ for t in syntax.particles_of(token)] != list(rest):
                    continue
            found[row.form] = Match(row, index, index, end)
        return list(found.values())


def _tags_of(row: Reporting) -> frozenset[str]:
    return _TAGS["verb" if row.form == "support" else row.form]


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """The lexicon of the package.

    Example:
        >>> "interview" in load_lexicon().venues
        True
    """
    return Lexicon(rows("reporting", Reporting), rows("venues", Venue))
