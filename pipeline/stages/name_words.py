"""What names are read from: the words of a text with their capitals, and what is known of them.

Whether a word may belong to a name, what its last word says of a name ("Ministry", "River"), where
titles end, which known name a stretch is.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from spacy.attrs import POS, SENT_START, SPACY  # type: ignore[import-not-found]  # Cython, no stub
from spacy.symbols import (  # type: ignore[import-not-found]  # Cython, no stub
    ADP,
    AUX,
    CCONJ,
    DET,
    PART,
    PRON,
    PROPN,
    SCONJ,
    VERB,
)
from spacy.tokens import Doc

from ..records import EntityType
from .gazetteer import APOSTROPHES, Fact, Gazetteer, Gender

CLOSED = frozenset({DET, ADP, AUX, CCONJ, SCONJ, PART, PRON})
"""Parts of speech of which no word begins a name."""

HYPHENS = frozenset("-‐‑–")
ARTICLES = frozenset({"the", "a", "an"})
POSSESSIVE = frozenset({"'s", "’s", "'", "’"})
CLOSE_QUOTES = {'"': '"', "“": "”", "«": "»", "„": "“", "‘": "’", "'": "'"}
"""The mark that closes what a mark opens."""

MAX_PERSON_TOKENS = 4

MAX_SYLLABLE = 5
"""Letters of the lower-case part of names such as "Kim Jong-un", "Leung Kwok-hung"."""

MAX_NAME_TOKENS = 14
"""Longer stretches of capitals are headings, lists or shouting."""

MIN_LOUD_WORDS = 4
"""Capitals in a sentence of nothing else before it counts as a heading."""

_SMALL = frozenset({DET, ADP, CCONJ, SCONJ, PART})
_FRESH = frozenset({".", "!", "?", ":", "•", "*", "...", "…"})


def key_of(form: str) -> str:
    """What forms of one name share: case, full stops, possessives and an article aside.

    Example:
        >>> key_of("The U.N.") == key_of("UN")
        True
    """
    key = form.casefold().replace(".", "").replace("'s", "").replace("'", "")
    return key.removeprefix("the ") or key or form


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


class Words:
    """The words of one Doc.

    Args:
        doc: with or without tags, parse, sentences and entities.
        facts: the gazetteer.

    Attributes:
        words: the text of each token.
        pos: the part of speech of each, 0 without one.
        tagged: whether there are any.
        spaced: whether white space follows.
        lower: the words that stand in lower case somewhere.
        starts: whether a capital is due to the place.
        loud: whether all about it is in capitals or title case.
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
            elif starts[i] or word in _FRESH or "\n" in word or self.opens(i):
                fresh = True
        return starts

    def opens(self, i: int) -> bool:
        """Whether a quotation mark opens: no word touches it from the left."""
        word = self.words[i]
        if word not in CLOSE_QUOTES:
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

    def has_capital(self, i: int) -> bool:
        """Whether a token is written like a word of a name: "Oslo", "iPhone", "al-Fadl"."""
        word = self.words[i]
        if word[0].isupper():
            return True
        prefix, hyphen, _ = word.partition("-")
        if hyphen and prefix not in self.facts.particles:
            return False  # "anti-Nixon" says something about a name
        return not word.islower() and word[0].isalnum() and any(c.isupper() for c in word)

    def is_name_word(self, i: int) -> bool:
        """Whether the token may be a word of a name, by its capital and part of speech."""
        if not self.has_capital(i):
            return False
        word = self.words[i]
        lower = word.lower()
        if "$" in word or (lower in self.facts.not_names and not self._is_calendar_name(i)):
            return False
        pos = self.pos[i]
        if pos == PROPN:
            return True
        if pos in CLOSED or word == "I":
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
        if i >= len(self.words) or self.starts[i] or not self.has_capital(i):
            return False
        word = self.words[i]
        if word.lower() in self.facts.not_names or word in self.facts.given_names:
            return False
        return self.fact(i, i + 1) is None and self.title_end(i) is None

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

    def fact(self, start: int, end: int) -> Fact | None:
        """What the gazetteer knows by the name of these tokens."""
        if end - start > 2 * self.facts.longest_words:
            return None
        return self.facts.fact(self.form(start, end))

    def head_types(self, start: int, end: int) -> tuple[EntityType, ...]:
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

    def title_end(self, i: int) -> int | None:
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

    def is_head(self, i: int) -> bool:
        """Whether the word after a title makes both part of a name: "Refugee **Council**"."""
        return i < len(self.words) and self.words[i].lower() in self.facts.heads

    def takes_of(self, i: int) -> bool:
        """Whether a name may go on with "of" after a word: "Ministry", "University"."""
        word = self.words[i].lower()
        heads = self.facts.heads_with_of
        return word in heads or word.removesuffix("s") in heads

    def person_after_office(self, start: int, end: int) -> int | None:
        """Where the person begins in what follows "Minister of", "CEO of the".

        "Education **Stefania Rossi**", "France **Emmanuel Macron**", "Refugee Council **Enver
        Solomon**": after a department, a place or a body.
        """
        if self._office_start(start) == start:
            return None
        for i in range(end - 2, start, -1):
            last = self.words[i - 1].lower()
            office = last in self.facts.departments or last in self.facts.heads
            if end - i <= MAX_PERSON_TOKENS and (office or self.fact(start, i) is not None):
                return i
        return None

    def _office_start(self, start: int) -> int:
        """Where "Minister of", "CEO of the" before a token begins; the token itself where none."""
        at = start - 2 if self.word(start - 1).lower() == "the" else start - 1
        if self.word(at).lower() not in ("of", "for", "to"):
            return start
        return at - 1 if self.word(at - 1).lower() in self.facts.title_words else start

    def whole_title(self, title: int, person: int) -> int:
        """Where a title with "of" begins that ends before the person: "**Secretary of State**"."""
        for at in range(max(0, person - self.facts.longest_title), title):
            if self.word(at + 1) == "of" and self.title_end(at) == person:
                return at
        return title

    def cut_titles(self, start: int, end: int) -> int:
        """Where a name begins after the titles and honorifics in front of it."""
        while start < end:
            lower = self.words[start].lower()
            if lower in self.facts.honorifics:
                start += 1
                continue
            title = self.title_end(start)
            if title is None or title > end or self.is_head(title):
                break
            start = title
        return start

    def hyphen_between_facts(self, start: int, end: int) -> int | None:
        """The hyphen between two known names that are no name together: "Hamas**-**Fatah"."""
        for i in range(start + 1, end - 1):
            if self.words[i] in HYPHENS and not self.spaced[i - 1] and not self.spaced[i]:
                known = self.fact(start, end)
                sides = (self.fact(start, i), self.fact(i + 1, end))
                return i if known is None and all(sides) else None
        return None

    def span(self, start: int, end: int, *, whole: bool = False) -> NameSpan:
        """A span over tokens, without evidence so far."""
        return NameSpan(start, end, self.form(start, end), title=start, whole=whole)
