"""Spans of the text that may be names, each with the evidence for it and for its type.

Two sources are brought together: the language model's named entities (`doc.ents`) and runs of
capitalised words, cut and joined by general rules (titles, nationalities, head words, "of", "and",
possessives) and by facts of the `Gazetteer`. Neither is trusted alone: every span carries a score
and votes, and `entities` decides for all mentions of a name together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import get_args

from spacy.attrs import POS, SENT_START, SPACY  # type: ignore[import-not-found]  # Cython, no stub
from spacy.symbols import (  # type: ignore[import-not-found]  # Cython, no stub
    ADJ,
    ADP,
    AUX,
    CCONJ,
    DET,
    NOUN,
    PART,
    PRON,
    PROPN,
    SCONJ,
    VERB,
)
from spacy.tokens import Doc

from ..records import EntityType
from .gazetteer import APOSTROPHES, NOMINAL_TYPES, Fact, Gazetteer, Gender

TYPES: tuple[EntityType, ...] = get_args(EntityType)

# Evidence that a span is a name: log odds, set by hand and checked on gold/train and gold/written.
# A span without the model's label passes the threshold of `entities` with two kinds of evidence.
MODEL = 3.0
MODEL_IN_CAPITALS = 1.5
FACT = 3.0
COMMON_FACT = 1.0
HEAD = 1.5
TITLE = 3.0
GIVEN_NAME = 1.5
PROPER = 1.0
PROPERS = 1.5
CAPITALISED = 0.5
ACRONYM = 1.0
NOT_PROPER = -2.0
BARE_HEAD = -2.5
SENTENCE_START = -1.0

# Evidence for a type.
TYPE_MODEL = 2.0
TYPE_FACT = 3.0
TYPE_COMMON_FACT = 1.0
TYPE_HEAD = 2.2
TYPE_HEAD_OTHER = 0.8
TYPE_TITLE = 3.0
TYPE_GIVEN_NAME = 1.8
TYPE_CONTEXT = 1.5
TYPE_TELLING = 2.5
TYPE_ROLE = 2.0
TYPE_SHAPE = 0.6
TYPE_LANGUAGE = 6.0

_CLOSED = frozenset({DET, ADP, AUX, CCONJ, SCONJ, PART, PRON})
_SMALL = frozenset({DET, ADP, CCONJ, SCONJ, PART})
_FRESH = frozenset({".", "!", "?", ":", "•", "*", "...", "…"})
_CLOSE_QUOTES = {'"': '"', "“": "”", "«": "»", "„": "“", "‘": "’", "'": "'"}
_OF = frozenset({"of", "for", "on", "against"})
_TOPICAL = frozenset({"ORG", "EVENT", "LAW"})
_POSSESSIVE = frozenset({"'s", "’s", "'", "’"})
_EDGE_WORDS = frozenset({"and", "of", "for", "in", "at", "on", "to", "by", "with", "&", "or"})
_TYPE_OF: dict[str, EntityType] = {kind: kind for kind in TYPES}
_HYPHENS = frozenset("-‐‑–")
_LANGUAGE_CUES = frozenset({"in", "into", "from"})
_NOMINAL = frozenset({NOUN, PROPN, ADJ})
_ARTICLES = frozenset({"the", "a", "an"})
_TRAILING = frozenset({"'s", "’s", "'", "’", ",", ".", ";", ":", '"', "”", "“", ")", "(", "-"})
_ENDS = frozenset({".", ",", ";", "?", "!", ")", "and", "or"})
_PLACE_NOUNS = frozenset({"city", "town", "village", "state", "province", "port", "capital"})
PLACE_PREPOSITIONS = frozenset({"in", "at", "near", "from", "to"})

MIN_LOUD_WORDS = 4
"""Capitals in a sentence of nothing else before it counts as a heading."""

MAX_PERSON_TOKENS = 4

MAX_SYLLABLE = 5
"""Letters of the lower-case part of names such as "Kim Jong-un", "Leung Kwok-hung"."""

MAX_NAME_TOKENS = 14
"""Longer stretches of capitals are headings, lists or shouting."""


def key_of(form: str) -> str:
    """What forms of one name share: case, full stops, possessives and an article aside.

    Example:
        >>> key_of("The U.N.") == key_of("UN")
        True
    """
    key = form.casefold().replace(".", "").replace("'s", "").replace("'", "")
    return key.removeprefix("the ") or key or form


def _is_initial(word: str) -> bool:
    """Whether the word is an initial: "W.", "A", "O.J."."""
    return word.isupper() and (len(word) == 1 or word.endswith(".")) and len(word) <= 5


@dataclass(slots=True)
class NameSpan:
    """A stretch of tokens that may be a name.

    Attributes:
        start, end: tokens, half-open.
        form: the text with straight apostrophes and single spaces.
        score: evidence that it is a name (log odds).
        votes: evidence for each type.
        gender: what a title, an honorific or a given name says.
        title: where the capitalised title in front of it begins, else `start`.
        whole: internal evidence (a fact, a head word, a title) fixes its bounds.
        labelled: the language model marked it.
        base: the form without a common noun that was taken in ("Malindi" of "Malindi road").
    """

    start: int
    end: int
    form: str
    score: float = 0.0
    votes: dict[EntityType, float] = field(default_factory=dict)
    gender: Gender | None = None
    title: int = -1
    whole: bool = False
    labelled: bool = False
    base: str = ""

    def vote(self, kind: EntityType, weight: float) -> None:
        """Add evidence for a type."""
        self.votes[kind] = self.votes.get(kind, 0.0) + weight


class NameReader:
    """Finds the name spans of one Doc.

    Args:
        doc: with or without tags, parse, sentences and entities.
        facts: the gazetteer.
    """

    def __init__(self, doc: Doc, facts: Gazetteer) -> None:
        self.doc = doc
        self.facts = facts
        self.words: list[str] = [token.text for token in doc]
        self.pos = [int(code) for code in doc.to_array([POS]).reshape(-1)]
        self.tagged = any(self.pos)
        self.spaced = [bool(mark) for mark in doc.to_array([SPACY]).reshape(-1)]
        self.lower = {word for word in self.words if word.islower()}
        self.starts = self._sentence_starts()
        self.loud = self._loud_tokens()

    # -- the shape of words -----------------------------------------------------------------

    def _sentence_starts(self) -> list[bool]:
        """Whether a capital is due to the place and says nothing (sentence, quotation, bullet)."""
        words = self.words
        starts = [False] * len(words)
        if self.doc.has_annotation("SENT_START"):
            marks = self.doc.to_array([SENT_START]).reshape(-1).tolist()
            starts = [mark == 1 for mark in marks]
        fresh = True
        for i, word in enumerate(words):
            if word[0].isalnum():
                starts[i] = starts[i] or fresh
                fresh = False
            elif starts[i] or word in _FRESH or "\n" in word or self._opens(i):
                fresh = True
        return starts

    def _opens(self, i: int) -> bool:
        """Whether a quotation mark opens: no word touches it from the left."""
        word = self.words[i]
        if word not in _CLOSE_QUOTES:
            return False
        return word in "“«„‘" or i == 0 or self.spaced[i - 1] or not self.words[i - 1][0].isalnum()

    def _loud_tokens(self) -> list[bool]:
        """Tokens of sentences in capitals or title case, where a capital says nothing."""
        loud = [False] * len(self.words)
        begin = 0
        for end in range(1, len(self.words) + 1):
            if end < len(self.words) and not (self.starts[end] or "\n" in self.words[end]):
                continue
            if self._is_loud(begin, end):
                loud[begin:end] = [True] * (end - begin)
            begin = end
        return loud

    def _is_loud(self, begin: int, end: int) -> bool:
        """Whether all words but the small ones have a capital, and it is no list of names."""
        if end - begin < MIN_LOUD_WORDS or self.words[begin:end].count(",") * 5 > end - begin:
            return False
        capitals = 0
        for i in range(begin, end):
            word = self.words[i]
            if word[0].isupper():
                capitals += 1
            elif word[0].isalpha() and not self._is_small(i):
                return False
        return capitals >= MIN_LOUD_WORDS

    def _is_small(self, i: int) -> bool:
        """An article, preposition or conjunction: lower-case in headings too."""
        return self.pos[i] in _SMALL if self.tagged else len(self.words[i]) <= 3

    def _has_capital(self, i: int) -> bool:
        word = self.words[i]
        if word[0].isupper():
            return True
        prefix, hyphen, _ = word.partition("-")
        if hyphen and prefix not in self.facts.particles:
            return False  # "anti-Nixon" says something about a name
        return not word.islower() and word[0].isalnum() and any(c.isupper() for c in word)

    def _is_name_word(self, i: int) -> bool:
        """Whether the token may be a word of a name, by its capital and part of speech."""
        if not self._has_capital(i):
            return False
        word = self.words[i]
        lower = word.lower()
        if "$" in word or (lower in self.facts.not_names and not self._is_calendar_name(i)):
            return False
        pos = self.pos[i]
        if pos == PROPN:
            return True
        if pos in _CLOSED or word == "I":
            # "US" and "It" read alike to a tagger in capitals.
            fact = self.facts.fact(word) if len(word) > 1 and word.isupper() else None
            return fact is not None and not self.loud[i]
        if self.starts[i]:
            fact = self.facts.fact(word.translate(APOSTROPHES))
            if fact is not None and not fact.common:
                return True
            return pos != VERB and self.spaced[i] and self._goes_on_unknown(i + 1)
        return True

    def _goes_on_unknown(self, i: int) -> bool:
        """Whether a name that begins a sentence may go on here: "Black Panthers", not "Nearby"."""
        if i >= len(self.words) or self.starts[i] or not self._has_capital(i):
            return False
        word = self.words[i]
        if word.lower() in self.facts.not_names or word in self.facts.given_names:
            return False
        return self._fact(i, i + 1) is None and self._title_end(i) is None

    def _is_calendar_name(self, i: int) -> bool:
        """A month or day inside a name: "Theresa May", "October Revolution"."""
        if i > 0 and self.words[i - 1] in self.facts.given_names and self.spaced[i - 1]:
            return self.pos[i] == PROPN or not self.tagged
        return (
            i + 1 < len(self.words)
            and self.words[i + 1][0].isupper()
            and self.words[i + 1].lower() in self.facts.heads
        )

    def word(self, i: int) -> str:
        """The token at an index, or "" outside the text."""
        return self.words[i] if 0 <= i < len(self.words) else ""

    def form(self, start: int, end: int) -> str:
        """The text of tokens, with straight apostrophes and single spaces."""
        pieces = []
        for i in range(start, end):
            pieces.append(self.words[i])
            if self.spaced[i] and i + 1 < end:
                pieces.append(" ")
        return "".join(pieces).translate(APOSTROPHES)

    # -- runs of capitalised words ----------------------------------------------------------

    def _runs(self) -> Iterator[tuple[int, int]]:
        """Capitalised words that stand together, tied by hyphens, particles, "&" and numbers."""
        i, n = 0, len(self.words)
        while i < n:
            if self.loud[i] or not self._is_name_word(i):
                i += 1
                continue
            start = self._with_prefix(i)
            end = i + 1
            while end - start < MAX_NAME_TOKENS:
                following = self._next_name_word(end)
                if following is None:
                    break
                end = following + 1
            yield start, end
            i = end

    def _with_prefix(self, i: int) -> int:
        """Take in what stands before the first capital: "al-", "bin ", "de "."""
        words = self.words
        hyphen = i >= 2 and words[i - 1] in _HYPHENS and not self.spaced[i - 1]
        if hyphen and words[i - 2].lower() in self.facts.particles and not self.spaced[i - 2]:
            return i - 2
        if i >= 1 and self.spaced[i - 1] and words[i - 1] in self.facts.particles:
            proper = self.pos[i - 1] == PROPN
            if proper or self.facts.fact(self.form(i - 1, i + 1)) is not None:
                return i - 1
        return i

    def _next_name_word(self, end: int) -> int | None:
        """The index of the next word of the run that ends at `end`, or None where it stops."""
        words, n = self.words, len(self.words)
        if end >= n or self.starts[end]:
            return None
        word = words[end]
        tied = not self.spaced[end - 1]
        if word in _HYPHENS and tied and end + 1 < n and not self.spaced[end]:
            return self._after_hyphen(end)
        if tied and word not in ".'’":
            return None
        if self._is_name_word(end):
            return end
        if word == "&" and end + 1 < n and self._is_name_word(end + 1):
            return end + 1
        if word.isdigit() and self.spaced[end - 1]:
            if words[end - 1].lower() in self.facts.numbered:
                return end
            named = end + 1 < n and self.spaced[end] and self._has_capital(end + 1)
            return end if named and self._is_name_word(end + 1) else None
        if word in self.facts.particles and self.pos[end] not in (AUX, VERB):
            # "Leonardo da Vinci", "Coahuila y Texas", "Rio de la Plata", "Abu al-Fadl".
            for gap in (1, 2):
                at = end + gap
                if at < n and self._has_capital(at) and self._is_name_word(at):
                    return at
                if at >= n or not (words[at] in self.facts.particles or words[at] in _HYPHENS):
                    break
        return None

    def _after_hyphen(self, hyphen: int) -> int | None:
        """Where the run goes on after a hyphen: in "Kim Jong-un", not in "U.S.-led"."""
        at = hyphen + 1
        if self._has_capital(at):
            return at if self._is_name_word(at) or self.words[at].isupper() else None
        if self.words[at].isdigit():
            return at
        word = self.words[at]
        if word.isalpha() and word not in self.facts.compounds:
            # "Jong-un" after a surname, whatever the tagger says.
            name = hyphen >= 2 and self._has_capital(hyphen - 2) and self.spaced[hyphen - 2]
            if self.pos[at] == PROPN or (name and len(word) <= MAX_SYLLABLE):
                return at
        if word.lower() in self.facts.particles and at + 2 < len(self.words):
            goes_on = self.words[at + 1] in _HYPHENS and self._has_capital(at + 2)
            return at + 2 if goes_on else None
        return None

    # -- cutting runs into names ------------------------------------------------------------

    def spans(self) -> list[NameSpan]:
        """All spans with their evidence, in reading order, none overlapping another."""
        found = self._resolve(self._from_rules(), self._from_model())
        for span in found:
            self._take_in_rest(span)
            self._weigh(span)
        return found

    def _take_in_rest(self, span: NameSpan) -> None:
        """The "'s" of "Lloyd's", and the common noun of "the Iraq war"."""
        if self.word(span.end) in _POSSESSIVE and self._fact(span.start, span.end + 1):
            span.end += 1
            span.form = self.form(span.start, span.end)
            return
        fact = self._fact(span.start, span.end)
        if fact is None:
            self._take_in_landmark(span)
        if fact is None or fact.type not in ("GPE", "LOC") or "." in span.form:
            return
        if self.word(span.end) == "war" and self.spaced[span.end - 1]:
            span.end += 1
            span.form = self.form(span.start, span.end)
            span.votes = {"EVENT": TYPE_HEAD}
            span.whole = True

    def _take_in_landmark(self, span: NameSpan) -> None:
        """The common noun of "Malindi road", "Calub fields", "Jinnah hospital"."""
        types = self.facts.heads.get(self.word(span.end), ())
        if not types or types[0] not in ("FAC", "LOC") or not self.spaced[span.end - 1]:
            return
        if self.pos[span.end] != NOUN or "NORP" in span.votes or "PERSON" in span.votes:
            return
        span.base = span.form
        span.end += 1
        span.form = self.form(span.start, span.end)

    def _from_rules(self) -> list[NameSpan]:
        titles = self._quoted_titles()
        quoted = {i for span in titles for i in range(span.start, span.end)}
        runs = [run for run in self._runs() if run[0] not in quoted]
        found: list[NameSpan] = [*titles, *self._loud_facts()]
        at = 0
        while at < len(runs):
            start, end = runs[at]
            at += 1
            while at < len(runs):
                joined = self._joined(start, end, runs[at])
                if joined is None:
                    break
                end = joined
                if end < runs[at][1]:
                    # Only the beginning of the next run belongs here.
                    runs[at] = (end, runs[at][1])
                    break
                at += 1
            found += self._cut(start, end)
        return sorted(found, key=lambda span: (span.start, -span.end))

    def _joined(self, start: int, end: int, run: tuple[int, int]) -> int | None:
        """The end of a name that goes on over small words into the next run, or None."""
        between = [word.lower() for word in self.words[end : run[0]]]
        if not 1 <= len(between) <= 3 or not self.spaced[run[0] - 1]:
            return None
        if run[1] - start > 2 * MAX_NAME_TOKENS:
            return None
        if self._fact(start, run[1]) is not None:
            return run[1]
        if between[0] in _OF and (len(between) == 1 or between[1:] == ["the"]):
            last = self.words[end - 1].lower()
            person = self.words[start] in self.facts.given_names and end - start == 2
            if person or not self._takes_of(end - 1):
                return None
            if between[0] != "of" and self.facts.heads.get(last, ("ORG",))[0] not in _TOPICAL:
                return None
            if last in self.facts.title_words and self._title_end(end - 1) is not None:
                return None
            return self._topic_end(run)
        if between in (["and"], [",", "and"]):
            return run[1] if self._is_one_list(start, end, run) else None
        if len(between) == 1 and between[0] in _POSSESSIVE:
            return run[1] if self._is_owner_in_name(start, end, run) else None
        return None

    def _is_owner_in_name(self, start: int, end: int, run: tuple[int, int]) -> bool:
        """An owner inside a name: "People's Party", "Growers' Union"; not "Iran's Council"."""
        last = self.words[end - 1].lower()
        head = self.words[run[1] - 1].lower()
        if head not in self.facts.heads or run[1] - run[0] > 3:
            return False
        if last in self.facts.possessives or self.words[start] in ("St.", "St", "Saint"):
            return True
        if self._fact(start, end) is not None:
            return False
        plural = self.words[end] in ("'", "’") and last.endswith("s")
        return plural or self.facts.heads[head][0] in ("FAC", "LOC")

    def _topic_end(self, run: tuple[int, int]) -> int:
        """How much of a run after "of" belongs to the name before: up to a title or person."""
        start, end = run
        for i in range(start + 1, end):
            if self.words[i] in self.facts.given_names or self._title_end(i) is not None:
                before = self.words[i - 1].lower()
                if before in self.facts.departments or self._fact(start, i) is not None:
                    return i
        return end

    def _is_one_list(self, start: int, end: int, run: tuple[int, int]) -> bool:
        """Whether "and" stands inside a name: "Food and Drug Administration"."""
        left, right = self.words[end - 1].lower(), self.words[run[0]].lower()
        topics = self.facts.departments
        headed = bool(self._head_types(run[0], run[1]))
        if self._fact(run[0], run[1]) is not None or self._fact(start, end) is not None:
            return False
        if left in topics:
            return right in topics or headed
        # "the Dales and Airedale League", but "the army and Interior Ministry"
        article = start > 0 and self.words[start - 1].lower() == "the"
        plain = left not in self.facts.heads and self._title_end(start) is None
        named = self.words[start] in self.facts.given_names or right in topics
        return article and headed and plain and not named and end - start == 1

    def _fact(self, start: int, end: int) -> Fact | None:
        if end - start > 2 * self.facts.longest_words:
            return None
        return self.facts.fact(self.form(start, end))

    def _head_types(self, start: int, end: int) -> tuple[EntityType, ...]:
        """What the last word says, or the first ("Lake Chad"); nothing for a single word."""
        if end - start < 2:
            return ()
        first = self.facts.first_words.get(self.words[start].lower(), ())
        if first and first[0] == "EVENT":
            return first
        last = end - 1
        while last > start and self.words[last].isdigit():
            last -= 1
        for small in ("of", "for"):
            # The head of "Ministry of Health" is the ministry.
            if small in self.words[start + 1 : end - 1]:
                last = self.words.index(small, start + 1, end) - 1
                break
        word = self.words[last].lower()
        types = self.facts.heads.get(word) or self.facts.heads.get(word.removesuffix("s"))
        return types or first

    def _title_end(self, i: int) -> int | None:
        """The end of the title that begins at a token ("Secretary-General"), or None."""
        words = self.words
        for end in range(min(i + self.facts.longest_title, len(words)), i, -1):
            # "Sub-Inspector" may be one token.
            last = words[end - 1].lower().rpartition("-")[2]
            if end == i + 1:
                return end if last in self.facts.title_words else None
            if last in self.facts.title_ends:
                phrase = self.form(i, end).lower().replace("-", " ")
                if phrase in self.facts.titles:
                    return end
        return None

    def _cut(self, start: int, end: int) -> list[NameSpan]:
        """Names in a run: titles off, nationalities and places before titles apart."""
        while start < end and self.words[start].lower() in _ARTICLES:
            if self._fact(start, end) is not None:
                break
            start += 1
        if start >= end:
            return []
        fact = self._fact(start, end)
        if fact is not None:
            return [self._span(start, end, whole=True)]
        hyphen = self._hyphen_between_facts(start, end)
        if hyphen is not None:
            return [*self._cut(start, hyphen), *self._cut(hyphen + 1, end)]
        types = self._head_types(start, end)
        for i in range(start, end):
            lower = self.words[i].lower()
            if lower in self.facts.honorifics:
                after = i + 1
                if end - after == 1:
                    # "Mr. Marsh" is no marsh.
                    return [*self._cut_before_title(start, i), *self._person(after, end, title=i)]
            else:
                title = self._title_end(i)
                if title is None or (title < end and self._is_head(title)):
                    continue
                after = min(title, end)
            if after < end and types and types[0] != "PERSON":
                # "General Motors Corporation", "King's College": a title inside a name.
                break
            before = self._cut_before_title(start, i)
            if after >= end:
                return before
            return before + self._person(after, end, title=i)
        person = self._person_after_office(start, end)
        if person is not None:
            return [
                *self._cut_before_title(start, person),
                *self._person(person, end, title=self._whole_title(person, person)),
            ]
        return self._split_facts(start, end, types)

    def _person_after_office(self, start: int, end: int) -> int | None:
        """Where the person begins in what follows "Minister of", "CEO of the".

        "Education **Stefania Rossi**", "France **Emmanuel Macron**", "Refugee Council **Enver
        Solomon**": after a department, a place or a body.
        """
        if self._office_start(start) == start:
            return None
        for i in range(end - 2, start, -1):
            last = self.words[i - 1].lower()
            office = last in self.facts.departments or last in self.facts.heads
            if end - i <= MAX_PERSON_TOKENS and (office or self._fact(start, i) is not None):
                return i
        return None

    def _office_start(self, start: int) -> int:
        """Where "Minister of", "CEO of the" before a token begins; the token itself where none."""
        at = start - 2 if self.word(start - 1).lower() == "the" else start - 1
        if self.word(at).lower() not in ("of", "for", "to"):
            return start
        return at - 1 if self.word(at - 1).lower() in self.facts.title_words else start

    def _whole_title(self, title: int, person: int) -> int:
        """Where a title with "of" begins that ends before the person: "**Secretary of State**"."""
        for at in range(max(0, person - self.facts.longest_title), title):
            if self.word(at + 1) == "of" and self._title_end(at) == person:
                return at
        return title

    def _cut_before_title(self, start: int, end: int) -> list[NameSpan]:
        """What stands before a title: "Afghan", "U.S.", "Interior Ministry"; "Deputy" is none."""
        modifiers = self.facts.title_modifiers | self.facts.departments | self.facts.compass
        while end > start and self._fact(start, end) is None:
            if self.words[end - 1].lower() not in modifiers:
                break
            end -= 1
        return self._cut(start, end) if end > start else []

    def _person(self, start: int, end: int, *, title: int) -> list[NameSpan]:
        """A name after a title; further titles come off."""
        inner = self._cut_titles(start, end)
        if inner >= end:
            return []
        fact = self._fact(inner, end)
        if fact is not None and fact.type not in ("PERSON", "GPE", "LOC"):
            return [self._span(inner, end, whole=True)]
        span = self._span(inner, end, whole=True)
        span.title = title
        return [span]

    def _cut_titles(self, start: int, end: int) -> int:
        while start < end:
            lower = self.words[start].lower()
            if lower in self.facts.honorifics:
                start += 1
                continue
            title = self._title_end(start)
            if title is None or title > end or self._is_head(title):
                break
            start = title
        return start

    def _split_facts(self, start: int, end: int, types: tuple[EntityType, ...]) -> list[NameSpan]:
        """Facts in a run: "Sunni Arab" are two, "Iraqi Governing Council" is one."""
        if types:
            return [self._span(start, end, whole=True)]
        for middle in range(end - 1, start, -1):
            fact = self._fact(start, middle)
            if fact is None:
                continue
            rest = self._fact(middle, end)
            person = self.words[middle] in self.facts.given_names and end - middle > 1
            if rest is not None or (fact.type in ("NORP", "GPE", "ORG") and person):
                return [self._span(start, middle, whole=True), *self._cut(middle, end)]
            break
        return [self._span(start, end)]

    def _span(self, start: int, end: int, *, whole: bool = False) -> NameSpan:
        return NameSpan(start, end, self.form(start, end), title=start, whole=whole)

    # -- other sources ----------------------------------------------------------------------

    def _quoted_titles(self) -> list[NameSpan]:
        """Titles of works in quotation marks: every word but the small ones has a capital."""
        found: list[NameSpan] = []
        words, n = self.words, len(self.words)
        i = 0
        while i < n:
            if not self._opens(i):
                i += 1
                continue
            close = _CLOSE_QUOTES[words[i]]
            end = i + 1
            while end < n and end - i <= MAX_NAME_TOKENS and words[end] != close:
                if "\n" in words[end]:
                    break
                end += 1
            if end < n and words[end] == close and self._is_work_title(i + 1, end):
                inner_end = end - 1 if words[end - 1] in ",.;" else end
                span = self._span(i + 1, inner_end, whole=True)
                span.vote("WORK_OF_ART", TYPE_CONTEXT)
                span.score += HEAD
                found.append(span)
                i = end
            i += 1
        return found

    def _is_work_title(self, start: int, end: int) -> bool:
        if not 2 <= end - start <= MAX_NAME_TOKENS or not self._has_capital(start):
            return False
        capitals = 0
        for i in range(start, end):
            word = self.words[i]
            if self._has_capital(i):
                capitals += self.pos[i] not in (PRON, AUX)
                continue
            small = self.pos[i] in _CLOSED or len(word) <= 2
            ends = word in "?!" or (word == "." and i < end - 1)
            if ends or (word[0].isalpha() and not small):
                return False
        return capitals >= 2

    def _loud_facts(self) -> list[NameSpan]:
        """Known names in headings, where capitals cannot tell; see also `entities`."""
        found: list[NameSpan] = []
        i, n = 0, len(self.words)
        while i < n:
            if not (self.loud[i] and self._has_capital(i)):
                i += 1
                continue
            for end in range(min(n, i + self.facts.longest_words), i, -1):
                fact = self._fact(i, end) if self.loud[end - 1] else None
                if fact is not None and not (fact.common and end == i + 1):
                    found.append(self._span(i, end, whole=True))
                    i = end
                    break
            else:
                i += 1
        return found

    def _from_model(self) -> list[NameSpan]:
        """The model's entities without articles, titles, possessives and stray words."""
        found: list[NameSpan] = []
        for ent in self.doc.ents:
            kind = _TYPE_OF.get(ent.label_)
            if kind is None:
                continue
            for start, end in self._parts_of_label(*self._trimmed(ent.start, ent.end), kind):
                if start >= end:
                    continue  # nothing of the label can be a name: "mom and"
                title = start
                if kind == "PERSON":
                    start = self._name_start(start, end)
                    title = self._whole_title(title, start)
                named = any(
                    self._has_capital(i) or self.words[i][0].isdigit() for i in range(start, end)
                )
                alone = end - start == 1 and self.words[start].lower() in self.facts.not_names
                if not named or alone or self._title_end(start) == end:
                    continue
                goes_on = found and found[-1].end == start and kind in found[-1].votes
                if goes_on and kind != "NORP" and not self.starts[start]:
                    title = start = found.pop().start
                span = self._span(start, end)
                span.title = title
                span.labelled = True
                span.vote(kind, TYPE_MODEL)
                span.score += MODEL_IN_CAPITALS if self.loud[start] else MODEL
                found.append(span)
        return found

    def _trimmed(self, start: int, end: int) -> tuple[int, int]:
        """A labelled stretch without what cannot begin or end a name."""
        words = self.words
        for i in range(start, end):
            if "\n" in words[i]:
                end = i
                break
        while end > start and (
            words[end - 1] in _TRAILING
            or words[end - 1] in _EDGE_WORDS
            or (words[end - 1].endswith(".") and words[end - 1].lower() in self.facts.titles)
        ):
            end -= 1
        while start < end and (
            words[start].lower() in _ARTICLES
            or words[start] in _EDGE_WORDS
            or not words[start][0].isalnum()
        ):
            start += 1
        while end - start > 2 and words[start].islower() and words[start + 1] in _HYPHENS:
            # "post-Saddam Iraq", "anti-Bush"
            start += 3 if end - start > 3 else 2
        of = words.index("of", start, end) if "of" in words[start:end] else end
        if of < end - 1 and "of" in words[of + 1 : end]:
            # "University of Sheffield of the UK"
            last = max(i for i in range(start, end) if words[i] == "of")
            place = last + 2 if words[last + 1].lower() == "the" else last + 1
            fact = self._fact(place, end)
            if fact is not None and fact.type == "GPE":
                end = last
        return start, end

    def _parts_of_label(self, start: int, end: int, kind: EntityType) -> list[tuple[int, int]]:
        """Common nouns off, "Dhaka" of "Dhaka bank"; two peoples apart, "Afghan", "Pashtuns"."""
        start, end = self._trim_common(start, end, person=kind == "PERSON")
        while start < end - 1 and self.words[start] in _EDGE_WORDS:
            start += 1
        if kind == "EVENT" and self._is_told(start, end):
            return []
        if kind == "PERSON" and end - start > 2:
            start += self._is_people_before_person(start)
        cut = self._hyphen_between_facts(start, end)
        if cut is not None:
            return [(start, cut), (cut + 1, end)]
        if kind in ("PERSON", "ORG", "GPE"):
            cut = self._office_or_place(start, end)
            if cut is not None:
                return [(start, cut), (cut + 1, end)]
        if kind == "NORP" and end - start > 1 and self._fact(start, end) is None:
            for middle in range(end - 1, start, -1):
                if self._fact(start, middle) is not None:
                    return [(start, middle), (middle, end)]
        return [(start, end)]

    def _is_told(self, start: int, end: int) -> bool:
        """Whether an event is described, not named: "Soviet invasion of Czechoslovakia"."""
        of = self.words.index("of", start, end) if "of" in self.words[start:end] else start
        return of > start + 1 and self.pos[of - 1] == NOUN and self.words[of - 1].islower()

    def _is_people_before_person(self, i: int) -> bool:
        """Whether a nationality stands before a title or a name: "**Austrian** Archduke ..."."""
        fact = self._fact(i, i + 1)
        if fact is None or fact.type != "NORP" or self.words[i] in self.facts.given_names:
            return False
        return self._title_end(i + 1) is not None or self.words[i + 1] in self.facts.given_names

    def _hyphen_between_facts(self, start: int, end: int) -> int | None:
        """The hyphen between two known names that are no name together: "Hamas**-**Fatah"."""
        for i in range(start + 1, end - 1):
            if self.words[i] in _HYPHENS and not self.spaced[i - 1] and not self.spaced[i]:
                known = self._fact(start, end)
                sides = (self._fact(start, i), self._fact(i + 1, end))
                return i if known is None and all(sides) else None
        return None

    def _office_or_place(self, start: int, end: int) -> int | None:
        """The preposition between two names: "Ann Lee **of** Selat Securities", "**in** Oslo"."""
        for i in range(start + 2, end - 1):
            word = self.words[i]
            if word in ("in", "at", "from"):
                return i
            if word == "of" and not self._takes_of(i - 1):
                known = self._fact(i + 1, end) is not None
                return i if known or self._head_types(i + 1, end) else None
        return None

    def _takes_of(self, i: int) -> bool:
        word = self.words[i].lower()
        heads = self.facts.heads_with_of
        return word in heads or word.removesuffix("s") in heads

    def _name_start(self, start: int, end: int) -> int:
        """Where the name begins in a stretch labelled as a person: after the last title."""
        for i in range(end - 1, start - 1, -1):
            title = self._title_end(i)
            if title is not None and title <= end and not self._is_head(title):
                return title
        office = self._person_after_office(start, end)
        if office is not None:
            return office
        described = self.pos[start] in (ADJ, NOUN) and end - start > 2
        if described and self.words[start] not in self.facts.given_names:
            start += all(self.pos[i] == PROPN for i in range(start + 1, end))
        return self._cut_titles(start, end)

    def _is_head(self, i: int) -> bool:
        """Whether the word after a title makes both part of a name: "Refugee **Council**"."""
        return i < len(self.words) and self.words[i].lower() in self.facts.heads

    def echoes(
        self, known: Collection[str], spans: list[NameSpan]
    ) -> Iterator[tuple[str, NameSpan]]:
        """Further mentions of names that are known by now: in headings, after a full stop.

        Args:
            known: keys of names (`key_of`).
            spans: what was found before; no echo overlaps it.
        """
        taken = [False] * len(self.words)
        for span in spans:
            taken[span.start : span.end] = [True] * (span.end - span.start)
        openings = {key.split(" ")[0].split("-")[0] for key in known}
        i, n = 0, len(self.words)
        while i < n:
            word = self.words[i]
            if taken[i] or not word[0].isupper() or key_of(word) not in openings:
                i += 1
                continue
            for end in range(min(n, i + MAX_NAME_TOKENS), i, -1):
                key = key_of(self.form(i, end))
                if key in known and not any(taken[i:end]):
                    yield key, self._span(i, end)
                    i = end
                    break
            else:
                i += 1

    def _trim_common(self, start: int, end: int, *, person: bool) -> tuple[int, int]:
        """A labelled span without common nouns: "federation **AVN**", "**Dhaka** bank"."""
        common = [i for i in range(start, end) if self._is_common(i)]
        for i in common:
            if i == start or (person and i + 1 < end):
                start = i + 1
        tail = end
        while tail - 1 > start and self._is_common(tail - 1):
            tail -= 1
            if self.pos[tail] == ADJ:
                end = tail
        if tail < end and self._fact(start, tail) is not None and self.words[end - 1] != "war":
            end = tail
        return start, end

    def _is_common(self, i: int) -> bool:
        word = self.words[i]
        small = word in self.facts.particles or self.pos[i] in _CLOSED
        syllable = self.words[i - 1] in _HYPHENS and len(word) <= MAX_SYLLABLE
        return word.isalpha() and word.islower() and not small and not syllable

    def _resolve(self, rules: list[NameSpan], model: list[NameSpan]) -> list[NameSpan]:
        """One reading where spans of the two sources overlap."""
        found: list[NameSpan] = []
        pending = sorted([*rules, *model], key=lambda s: (s.start, -s.end, not s.whole))
        for span in pending:
            if found and span.start < found[-1].end:
                self._merge(found, span)
            else:
                found.append(span)
        return found

    def _merge(self, found: list[NameSpan], new: NameSpan) -> None:
        """Decide between the last span and one that overlaps it."""
        old = found[-1]
        if (old.start, old.end) == (new.start, new.end):
            self._absorb(old, new)
            return
        if old.labelled == new.labelled:
            return
        inside = new.start >= old.start and new.end <= old.end
        if inside and (old.whole or old.labelled):
            # The longer one has evidence of its own; the shorter one's label counts for the head.
            if new.end == old.end:
                self._absorb(old, new)
            elif old.labelled and new.whole and old.start == new.start and new.score >= HEAD:
                return
            return
        if inside:
            # A bare run: the model says where the name is, unless it cut a name short.
            if self._is_cut_short(old, new):
                self._absorb(old, new)
            else:
                found[-1] = new
            return
        if new.whole and not old.whole:
            found[-1] = new if new.end - new.start >= old.end - old.start else old
        if found[-1] is not new and new.start >= old.start and new.end > old.end and new.labelled:
            # The model goes on beyond the run: take both together.
            merged = self._span(min(old.start, new.start), new.end)
            merged.title = min(old.title, new.title)
            merged.whole = old.whole
            self._absorb(merged, old)
            self._absorb(merged, new)
            found[-1] = merged

    def _is_cut_short(self, run: NameSpan, label: NameSpan) -> bool:
        """Whether the words of a run outside the label belong to the same name."""
        outside = [*range(run.start, label.start), *range(label.end, run.end)]
        return all(
            self.pos[i] == PROPN
            or not self.words[i].isalpha()
            or self.words[i].isupper()
            or self.words[i - 1] in _HYPHENS
            for i in outside
        )

    @staticmethod
    def _absorb(into: NameSpan, other: NameSpan) -> None:
        into.score = max(into.score, other.score)
        into.labelled = into.labelled or other.labelled
        into.whole = into.whole or other.whole
        into.title = min(into.title, other.title)
        for kind, weight in other.votes.items():
            into.vote(kind, weight)

    # -- evidence ---------------------------------------------------------------------------

    def _weigh(self, span: NameSpan) -> None:
        """Add the evidence of facts, head words, titles, context and shape."""
        facts = self.facts
        start, end = span.start, span.end
        words = end - start
        fact = facts.fact(span.form)
        if fact is not None:
            common = fact.common and words == 1
            span.score += COMMON_FACT if common else FACT
            span.vote(fact.type, TYPE_COMMON_FACT if common else TYPE_FACT)
        elif words > 1:
            for rank, kind in enumerate(self._head_types(start, end)):
                span.vote(kind, TYPE_HEAD if rank == 0 else TYPE_HEAD_OTHER)
                span.score += HEAD if rank == 0 else 0.0
        elif self.words[start].lower() in facts.heads or self._title_end(start) is not None:
            span.score += BARE_HEAD
        if self._is_language(span):
            span.vote("LANGUAGE", TYPE_LANGUAGE)
        if span.title < start:
            span.score += TITLE
            span.vote("PERSON", TYPE_TITLE)
            self._take_gender(span)
        if fact is None or fact.type == "PERSON" or fact.common:
            self._weigh_person(span)
        self._weigh_context(span)
        proper = sum(self.pos[i] == PROPN for i in range(start, end))
        if self.tagged:
            span.score += (PROPER if words == 1 else PROPERS) if proper * 2 >= words else 0.0
            if not proper and fact is None:
                span.score += NOT_PROPER
        if span.form.isupper() and words == 1 and len(span.form) > 1 and not self.loud[start]:
            span.score += ACRONYM
        elif words == 1 and fact is None and (self.starts[start] or not proper):
            lower = span.form.lower()
            if lower in self.lower or lower.removesuffix("s") in self.lower:
                span.score += NOT_PROPER
        if not self.loud[start]:
            span.score += SENTENCE_START if self.starts[start] and words == 1 else CAPITALISED

    def _is_language(self, span: NameSpan) -> bool:
        """Whether a people's name means its language: "in English", "speaks Dari"."""
        if span.form not in self.facts.languages:
            return False
        before = self.words[span.start - 1].lower() if span.start else ""
        after = self.word(span.end).lower()
        if after in _HYPHENS:
            after = self.word(span.end + 1).lower()
        nouns = self.facts.language_words
        if after in nouns or before in nouns:
            return True
        listed = before == "and" and self.words[span.start - 2] in self.facts.languages
        if listed and span.start > 2:
            before = self.words[span.start - 3].lower()
        lone = self.pos[span.end] not in _NOMINAL if span.end < len(self.words) else True
        return lone and (before in _LANGUAGE_CUES or before in nouns)

    def _take_gender(self, span: NameSpan) -> None:
        for i in range(span.title, span.start):
            lower = self.words[i].lower()
            gender = self.facts.honorifics.get(lower) or self.facts.titles.get(lower)
            span.gender = gender or span.gender

    def _weigh_person(self, span: NameSpan) -> None:
        facts = self.facts
        first = self.words[span.start]
        if first not in facts.given_names:
            return
        span.gender = span.gender or facts.given_names[first]
        several = span.end - span.start > 1
        types = self._head_types(span.start, span.end)
        if several and (not types or (types[0] != "ORG" and span.end - span.start == 2)):
            # "Nathan Law", "Heather Park": surnames look like heads
            span.score += GIVEN_NAME
            span.vote("PERSON", TYPE_HEAD + TYPE_HEAD_OTHER if types else TYPE_GIVEN_NAME)
        elif not several:
            span.vote("PERSON", TYPE_SHAPE)

    def _weigh_unknown(self, span: NameSpan) -> None:
        """What tells that one unknown word is no person, whatever its label."""
        kind = self._told_type(span)
        trusted = span.labelled and "PERSON" not in span.votes
        if kind is not None and (kind in span.votes or not trusted):
            span.vote(kind, TYPE_TELLING)
            span.vote("PERSON", -TYPE_TELLING)

    def _told_type(self, span: NameSpan) -> EntityType | None:
        facts, at, end = self.facts, span.start, span.end
        before, after = self.word(at - 1).lower(), self.word(end).lower()
        owned = self.word(end + 1).lower() if after in ("'s", "’s") else ""
        if owned in facts.state_nouns or before in facts.state_verbs:
            return "GPE"  # "Velmora's parliament", "has governed Velmora"
        if before in ("of", "in") and self.word(at - 2).lower() in facts.state_nouns:
            return "GPE"  # "the mayor of Velmora"
        if owned and self.word(end + 1) in facts.given_names:
            return "ORG"  # "Demosisto's Nathan Law"
        if before in ("of", "for", "at") and self.word(at - 2).lower() in facts.title_words:
            return "ORG"  # "an analyst for Edmunds"
        if owned in facts.body_nouns or (after in facts.body_nouns and self.pos[end] in (NOUN, 0)):
            return "ORG"  # "Velmira's leader", "the Velmira movement"
        if before == "in" and after in _ENDS:
            return "GPE"
        return "GPE" if self._is_beside_place(span) else None

    def _is_beside_place(self, span: NameSpan) -> bool:
        """Whether a known place is tied to the name by "and" or "or"."""
        for way, step in ((span.start - 1, -1), (span.end, 1)):
            if self.word(way).lower() not in ("and", "or"):
                continue
            beside = way + step
            fact = self._fact(beside, beside + 1) if 0 <= beside < len(self.words) else None
            goes_on = self._has_capital(beside + 1) if beside + 1 < len(self.words) else False
            if fact is not None and fact.type == "GPE" and not fact.common:
                return step < 0 or not goes_on
        return False

    def _weigh_context(self, span: NameSpan) -> None:
        """What the words around the name say about its type."""
        facts = self.facts
        start, end, words = span.start, span.end, self.words
        before = words[span.title - 1].lower() if span.title > 0 else ""
        single = end - start == 1
        fact = facts.fact(span.form)
        if (fact is not None and not fact.common) or span.form.endswith(" war"):
            return
        if single and fact is None and span.title == start:
            self._weigh_unknown(span)
        if before == "of" and span.title > 1 and words[span.title - 2].lower() in _PLACE_NOUNS:
            span.vote("GPE", TYPE_CONTEXT)
            span.score += PROPER
        elif before in PLACE_PREPOSITIONS and (single or not span.votes):
            span.vote("GPE", TYPE_SHAPE)
        elif before and self._title_end(span.title - 1) is not None:
            span.vote("PERSON", TYPE_CONTEXT)
            span.score += PROPER
        elif before in facts.nominals:
            kind = NOMINAL_TYPES.get(facts.nominals[before].kind)
            if kind is not None:
                span.vote(kind, TYPE_CONTEXT)
        last = words[end - 1]
        year = last.isdigit() and len(last) == 4
        numbered = not single and words[end - 2].lower() in facts.numbered
        if any(c.isdigit() for c in last) and not year and not numbered:
            span.vote("PRODUCT", TYPE_CONTEXT)
        if _is_initial(words[start]) and 2 <= end - start <= 4:
            span.vote("PERSON", TYPE_CONTEXT)
        article = before == "the"
        followed = end < len(words) and self.pos[end] in _NOMINAL and self.spaced[end - 1]
        if article and not followed and not span.whole:
            # "the Drina", "the Hokuto Mainichi": people and towns have no article
            span.vote("PERSON", -TYPE_CONTEXT)
            span.vote("GPE", -TYPE_CONTEXT)
            span.vote("LOC" if single and "GPE" in span.votes else "ORG", TYPE_SHAPE)
        if words[span.title - 1] == "The" and not self.starts[span.title - 1] and span.title:
            span.score += CAPITALISED + PROPER
            span.vote("ORG", TYPE_SHAPE)
        if "&" in span.form:
            span.vote("ORG", TYPE_HEAD)
        if single and fact is None and span.form.isupper() and len(span.form) > 2:
            span.vote("PERSON", -TYPE_CONTEXT)
            span.vote("GPE", -TYPE_CONTEXT)
            span.vote("ORG", TYPE_SHAPE)
        after = words[end].lower() if end < len(words) else ""
        if after in _HYPHENS and end + 1 < len(words) and words[end + 1].lower() == "based":
            span.vote("GPE", TYPE_CONTEXT)
        if max(span.votes.values(), default=0.0) > 0:
            return
        form = span.form
        if article or (form.isupper() and single and len(form) > 1):
            span.vote("ORG", TYPE_SHAPE)
        elif single and self.pos[start] == ADJ:
            span.vote("NORP", TYPE_SHAPE)
        elif 2 <= end - start <= 4:
            span.vote("PERSON", TYPE_SHAPE)
        else:
            span.vote("ORG", TYPE_SHAPE / 2)
