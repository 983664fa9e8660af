"""Facts about names, loaded from the lexicons: places, peoples, organisations, titles, words.

Forms are looked up as written, with the typographic apostrophe folded to the straight one (one
code point for one). A form written in capitals is found too where it has enough letters to be more
than an abbreviation.
"""

from __future__ import annotations

from functools import cache
from typing import Literal, NamedTuple

import msgspec

from ..lexicons import rows
from ..records import EntityType

Gender = Literal["masculine", "feminine"]
NominalKind = Literal[
    "person",
    "people",
    "organisation",
    "place",
    "landform",
    "facility",
    "product",
    "event",
    "law",
    "work",
    "document",
]
NOMINAL_TYPES: dict[str, EntityType] = {
    "person": "PERSON",
    "organisation": "ORG",
    "place": "GPE",
    "landform": "LOC",
    "facility": "FAC",
    "product": "PRODUCT",
    "event": "EVENT",
    "law": "LAW",
    "work": "WORK_OF_ART",
}
"""What a thing called so is ("the tanker Bergen Lys"), by the kind of noun."""

MIN_CAPITALS = 4
"""Shorter forms ("US", "IS") mean something else than their lower-case twins when capitalised."""

APOSTROPHES = str.maketrans("’‘ʼ`", "''''")


class _CountryRow(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    name: str
    type: EntityType
    aliases: tuple[str, ...] = ()
    demonyms: tuple[str, ...] = ()
    capital: tuple[str, ...] = ()


class _NameRow(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    name: str
    type: EntityType
    aliases: tuple[str, ...] = ()
    common: bool = False


class _LanguageRow(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    name: str


class _GivenNameRow(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    name: str
    gender: Gender | None = None


class _TitleRow(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    title: str
    gender: Gender | None = None
    full: str | None = None


class _HonorificRow(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    form: str
    gender: Gender | None = None


class _HeadRow(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    word: str
    types: tuple[EntityType, ...] = ()
    of: bool = False
    first: tuple[EntityType, ...] = ()
    numbered: bool = False
    company: bool = False


class NominalRow(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A noun that stands for a named thing: "the minister", "the company"."""

    noun: str
    kind: NominalKind
    gender: Gender | None = None
    company: bool = False


class _WordRow(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    word: str
    kind: Literal[
        "particle",
        "suffix",
        "calendar",
        "not_name",
        "compass",
        "possessive",
        "department",
        "company",
        "compound",
        "language",
        "state_noun",
        "state_verb",
        "body_noun",
    ]


class Fact(NamedTuple):
    """What a form stands for.

    Attributes:
        identity: the same for all forms of one thing ("GPE United States").
        type: entity type.
        common: the form is an everyday word too ("Reading", "Target").
    """

    identity: str
    type: EntityType
    common: bool


class Gazetteer:
    """All the facts, ready for look-up.

    Example:
        >>> gazetteer().fact("U.S.")
        Fact(identity='GPE United States', type='GPE', common=False)
        >>> gazetteer().fact("Iraqis").type
        'NORP'
    """

    def __init__(self) -> None:
        self._facts: dict[str, Fact] = {}
        for country in rows("countries", _CountryRow):
            self._add(country.type, country.name, country.aliases)
            if country.capital:
                self._add("GPE", country.capital[0], country.capital[1:])
            if country.demonyms:
                self._add("NORP", country.demonyms[0], country.demonyms[1:])
        for table in ("places", "known_names", "groups"):
            for row in rows(table, _NameRow):
                self._add(row.type, row.name, row.aliases, common=row.common)
        self._capitals: dict[str, Fact] = {}
        for form, fact in self._facts.items():
            if len(form) >= MIN_CAPITALS:
                self._capitals.setdefault(form.upper(), fact)
        self.longest_words = max(form.count(" ") for form in self._facts) + 1
        self.languages = frozenset(row.name for row in rows("languages", _LanguageRow))
        self.given_names: dict[str, Gender | None] = {
            row.name: row.gender for row in rows("given_names", _GivenNameRow)
        }
        self.honorifics: dict[str, Gender | None] = {
            row.form: row.gender for row in rows("honorifics", _HonorificRow)
        }
        self.titles: dict[str, Gender | None] = {
            row.title.replace("-", " "): row.gender for row in rows("titles", _TitleRow)
        }
        self.full_titles = {
            row.title: row.full for row in rows("titles", _TitleRow) if row.full is not None
        }
        # In tokens: each space may be a hyphen, which is one.
        self.longest_title = max(2 * title.count(" ") + 1 for title in self.titles)
        self.title_ends = {title.split(" ")[-1] for title in self.titles}
        # The nouns by which longer titles are known: "minister", the "secretary" of state.
        self.title_words = {title.partition(" of ")[0].split(" ")[-1] for title in self.titles}
        self.title_modifiers = {
            word for title in self.titles for word in title.split(" ")[:-1] if word.isalpha()
        }
        self.nominals = {row.noun: row for row in rows("nominals", NominalRow)}
        self.company_nouns = frozenset(n for n, row in self.nominals.items() if row.company)
        heads = rows("name_heads", _HeadRow)
        self.heads: dict[str, tuple[EntityType, ...]] = {
            row.word: row.types for row in heads if row.types
        }
        self.heads_with_of = frozenset(row.word for row in heads if row.of)
        self.first_words: dict[str, tuple[EntityType, ...]] = {
            row.word: row.first for row in heads if row.first
        }
        self.numbered = frozenset(row.word for row in heads if row.numbered)
        words: dict[str, set[str]] = {}
        for word in rows("name_words", _WordRow):
            words.setdefault(word.kind, set()).add(word.word)
        self.particles = frozenset(words["particle"])
        self.suffixes = frozenset(words["suffix"])
        self.not_names = frozenset(words["calendar"] | words["not_name"])
        self.calendar = frozenset(words["calendar"])
        self.compass = frozenset(words["compass"])
        self.possessives = frozenset(words["possessive"])
        self.departments = frozenset(words["department"])
        self.companies = frozenset(words["company"])
        self.company_heads = frozenset(row.word for row in heads if row.company)
        self.compounds = frozenset(words["compound"])
        self.language_words = frozenset(words["language"])
        # What only countries and towns have, what is done to them only, and what only bodies are.
        self.state_nouns = frozenset(words["state_noun"])
        self.state_verbs = frozenset(words["state_verb"])
        self.body_nouns = frozenset(words["body_noun"])

    def _add(
        self, kind: EntityType, name: str, others: tuple[str, ...], *, common: bool = False
    ) -> None:
        fact = Fact(f"{kind} {name}", kind, common)
        for form in (name, *others):
            # The first table that knows a form decides: countries before towns before the rest.
            self._facts.setdefault(form.translate(APOSTROPHES), fact)

    def fact(self, form: str) -> Fact | None:
        """What the form stands for, or None; `form` has straight apostrophes and single spaces."""
        found = self._facts.get(form)
        if found is None and len(form) >= MIN_CAPITALS and form.isupper():
            found = self._capitals.get(form)
        return found


@cache
def gazetteer() -> Gazetteer:
    """The facts, loaded on first use."""
    return Gazetteer()
