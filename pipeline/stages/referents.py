"""What an article has talked about: things that a pronoun or a description may stand for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from spacy.tokens import Token

from ..language.syntax import Place
from .findings import Entity
from .gazetteer import Gazetteer, Gender

Number = Literal["singular", "plural"]
Kind = Literal["person", "people", "organisation", "place", "document", "thing"]
Form = Literal["name", "pronoun", "nominal"]

ENTITY_KINDS: dict[str, Kind] = {
    "PERSON": "person",
    "NORP": "people",
    "ORG": "organisation",
    "GPE": "place",
    "LOC": "place",
    "LAW": "document",
    "WORK_OF_ART": "document",
}
_NOUN_KINDS: dict[str, Kind] = {
    "person": "person",
    "people": "people",
    "organisation": "organisation",
    "place": "place",
    "landform": "place",
    "facility": "thing",
    "product": "thing",
    "event": "thing",
    "law": "document",
    "work": "document",
    "document": "document",
}
_PLURAL_TAGS = frozenset({"NNS", "NNPS"})
_PREPOSITIONS = frozenset({"of", "for", "in", "at", "on", "to", "with", "from", "who", ","})


class Referent:
    """A thing that has been mentioned, named or not.

    Attributes:
        name: of the entity; "" for what has none, see `Coreference.name_of`.
        kind: what it is; None for a noun that no lexicon knows.
        entity: index into the entities, or None.
        gender: as far as it is known; a pronoun settles it.
        number: "plural" for peoples, several things, and two that were named together.
        parts: the two that were named together.
        heads: the head token of each mention so far.
        sentence: of the last mention.
        place: where the last mention stands; the best of several in one sentence.
        form: of the last mention.
        named: how often it was mentioned by name so far.
        quoted: whether the last mention stands inside quotation marks.
    """

    __slots__ = (
        "entity",
        "form",
        "gender",
        "heads",
        "kind",
        "name",
        "named",
        "number",
        "parts",
        "place",
        "quoted",
        "sentence",
    )

    def __init__(
        self,
        name: str,
        kind: Kind | None,
        *,
        entity: int | None = None,
        gender: Gender | None = None,
        number: Number = "singular",
        parts: tuple[Referent, ...] = (),
    ) -> None:
        self.name = name
        self.kind = kind
        self.entity = entity
        self.gender = gender
        self.number = number
        self.parts = parts
        self.heads: list[int] = []
        self.sentence = -1
        self.place: Place = "else"
        self.form: Form = "nominal"
        self.named = 0
        self.quoted = False

    def touch(self, head: int, sentence: int, place: Place, form: Form, *, quoted: bool) -> None:
        """Note a mention."""
        if sentence != self.sentence or self.place != "subject":
            self.place = place
        self.heads.append(head)
        self.sentence = sentence
        self.form = form
        self.named += form == "name"
        self.quoted = quoted


def entity_referent(index: int, entity: Entity, facts: Gazetteer) -> Referent:
    """The referent of an entity that has not been mentioned yet."""
    kind = ENTITY_KINDS.get(entity.type, "thing")
    return Referent(
        entity.name,
        kind,
        entity=index,
        gender=gender_of(entity, facts),
        number="plural" if kind == "people" and entity.name.endswith("s") else "singular",
    )


def gender_of(entity: Entity, facts: Gazetteer) -> Gender | None:
    """What honorifics, roles and the first name say of a person; None for all else."""
    if entity.type != "PERSON":
        return None
    for form in (entity.name, *entity.aliases):
        gender = facts.honorifics.get(form.split(" ", 1)[0].casefold())
        if gender:
            return gender
    for role in entity.roles:
        head = head_word(role.casefold().split())
        row = facts.nominals.get(head)
        gender = facts.titles.get(head) or (row.gender if row is not None else None)
        if gender:
            return gender
    return facts.given_names.get(entity.name.split(" ", 1)[0])


def is_plural_tag(tag: str) -> bool:
    """Whether a noun with that tag is in the plural."""
    return tag in _PLURAL_TAGS


def kind_of_noun(noun: Token, facts: Gazetteer) -> Kind | None:
    """What a thing called so is, or None: "minister" a person, "ministers" people."""
    plural = is_plural_tag(noun.tag_)
    return kind_of_word(noun.lower_, noun.lemma_.casefold(), facts, plural=plural)


def kind_of_word(lower: str, lemma: str, facts: Gazetteer, *, plural: bool) -> Kind | None:
    """The same for a noun by its form and lemma, both lower-cased."""
    row = facts.nominals.get(lower) or facts.nominals.get(lemma)
    if row is None and lemma not in facts.title_words:
        return None
    kind = "person" if row is None else _NOUN_KINDS[row.kind]
    return "people" if kind == "person" and plural else kind


def gender_of_noun(lemma: str, facts: Gazetteer) -> Gender | None:
    """Whether a noun is of one sex only: "chairwoman"."""
    row = facts.nominals.get(lemma)
    return (row.gender if row is not None else None) or facts.titles.get(lemma)


def head_word(words: Iterable[str]) -> str:
    """The head noun of a short description: the last word before a preposition.

    Example:
        >>> head_word("associate professor of government".split())
        'professor'
    """
    last = ""
    for word in words:
        if word in _PREPOSITIONS and last:
            break
        last = word
    return last.strip(",.")
