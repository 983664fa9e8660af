"""Who is meant by a name: the entities and authors of articles, arranged for questions."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable

from ..records import (
    ArticleRecord,
    EntityRecord,
    EventRecord,
    PredictionRecord,
    QuoteRecord,
    Record,
    Span,
)
from .select import folded


class Names:
    """Every folded name of those who act, speak or are spoken of in records.

    An entity has any name that its article has for it, a person the family name, too.

    Args:
        articles: for the names of authors.
        entities: of these articles.
    """

    def __init__(self, articles: Iterable[ArticleRecord], entities: Iterable[EntityRecord]) -> None:
        self.authors = {record.article: record.authors for record in articles}
        self._entities = {(record.article, record.id): record for record in entities}
        self._names: dict[str, list[frozenset[str]]] = defaultdict(list)
        mentions: dict[str, list[tuple[int, frozenset[str]]]] = defaultdict(list)
        for record in self._entities.values():
            names = of_entity(record)
            self._names[record.article].append(names)
            mentions[record.article] += [(m.start, names) for m in record.mentions]
        self._mentions = {
            article: sorted(found, key=lambda pair: pair[0]) for article, found in mentions.items()
        }

    def entity(self, record: Record, id: str | None) -> EntityRecord | None:
        """The entity of a record's article with this id, if it is there."""
        return None if id is None else self._entities.get((record.article, id))

    def of_holder(self, record: PredictionRecord) -> set[str]:
        """Of whoever holds a prediction; the article's authors where it is its own word."""
        if record.holder.kind == "author":
            authors = self.authors.get(record.article, ())
            names = set(map(folded, authors))
            known = [n for n in self._names.get(record.article, ()) if not names.isdisjoint(n)]
            return names.union(*map(_family_names, authors), *known)
        return self._of(record, record.holder.entity, record.holder.name, record.holder.text)

    def of_topic(self, record: PredictionRecord) -> set[str]:
        """Of the entities in a prediction's proposition and subject."""
        return self._of_mentioned(record, record.proposition, record.subject)

    def of_speaker(self, record: QuoteRecord) -> set[str]:
        """Of whoever is quoted."""
        if record.speaker is None:
            return set()
        return self._of(record, record.speaker.entity, record.speaker.name, record.speaker.text)

    def of_quoted(self, record: QuoteRecord) -> set[str]:
        """Of the entities that a quote's content mentions or that it is said to."""
        return self._of_mentioned(record, record.addressee, *record.content)

    def of_participants(self, record: EventRecord) -> set[str]:
        """Of all who take part in an event."""
        found: set[str] = set()
        return found.union(*(self._of(record, p.entity, p.text) for p in record.participants))

    def _of(self, record: Record, id: str | None, *words: str | None) -> set[str]:
        entity = self.entity(record, id)
        said = {folded(name) for name in words if name}
        return said | of_entity(entity) if entity else said

    def _of_mentioned(self, record: Record, *spans: Span | None) -> set[str]:
        found = self._mentions.get(record.article, [])
        names: set[str] = set()
        for span in spans:
            if span is None:
                continue
            at = bisect_left(found, span.start, key=lambda pair: pair[0])
            while at < len(found) and found[at][0] < span.end:
                names |= found[at][1]
                at += 1
        return names


def of_entity(entity: EntityRecord) -> frozenset[str]:
    """Every folded name of an entity; a person's family name, too."""
    names = map(folded, (entity.name, *entity.aliases))
    family = _family_names(entity.name) if entity.type == "PERSON" else ()
    return frozenset((*names, *family))


def _family_names(name: str) -> set[str]:
    """The last word, and of one with hyphens its last part, too."""
    words = name.split()
    return {folded(words[-1]), folded(name).rpartition(" ")[2]} if words else set()
