"""Who and what is spoken of, across articles: entities, and speakers with their hedging."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from ...records import (
    ArticleRecord,
    EntityRecord,
    EventRecord,
    PredictionRecord,
    QuoteRecord,
    Record,
)
from ...timeline.select import folded


class Entity:
    """What several articles call by one name, as far as name and type tell.

    Attributes:
        name, type: as its first record has them.
        mentions: how often it is mentioned.
        roles, aliases: of all records, in the order met.
        places: in which sentences it is mentioned, as article number and sentence.
        first: number of its first record.
        articles: numbers of its articles.
    """

    def __init__(self, name: str, type: str, first: int) -> None:
        self.name, self.type, self.first = name, type, first
        self.mentions = 0
        self.roles: dict[str, None] = {}
        self.aliases: dict[str, None] = {}
        self.places: set[tuple[int, int]] = set()
        self.articles: set[int] = set()

    def add(self, record: EntityRecord, article: int) -> None:
        """Count one article's record of it."""
        self.mentions += len(record.mentions)
        self.roles.update(dict.fromkeys(record.roles))
        self.aliases.update(dict.fromkeys(a for a in record.aliases if a != self.name))
        self.places.update((article, mention.sentence) for mention in record.mentions)
        self.articles.add(article)


class Speaker:
    """Who is quoted or holds predictions.

    Attributes:
        name: as it is shown.
        author: whether these are the articles' own words.
        articles: numbers of the articles.
        types: how many quotes of each type.
        levels: how many predictions of each level.
        hedged: how many of the predictions are hedged.
    """

    def __init__(self, name: str, *, author: bool) -> None:
        self.name, self.author = name, author
        self.articles: set[int] = set()
        self.types: Counter[str] = Counter()
        self.levels: Counter[str] = Counter()
        self.hedged = 0

    @property
    def quotes(self) -> int:
        """How many quotes there are of it."""
        return self.types.total()

    @property
    def predictions(self) -> int:
        """How many predictions it holds."""
        return self.levels.total()


class Linked(NamedTuple):
    """What a record has to do with whom: numbers of entities, and of the speaker."""

    entities: tuple[int, ...]
    speaker: int | None


class Names:
    """The entities and speakers of the records.

    Args:
        records: each with the number of its article.

    Attributes:
        entities: the most mentioned first.
        speakers: those with most quotes and predictions first.
        linked: what each record has to do with them, in the order given.
    """

    def __init__(self, records: Sequence[tuple[int, Record]]) -> None:
        self._heads = {n: r for n, r in records if isinstance(r, ArticleRecord)}
        self._of_id: dict[tuple[int, str], tuple[tuple[str, ...], EntityRecord]] = {}
        entities = self._entities(records)
        mentions = self._mentions(records)
        speakers: dict[tuple[str, ...], Speaker] = {}
        met: list[tuple[set[tuple[str, ...]], tuple[str, ...] | None]] = []
        for article, record in records:
            speaker = self._speak(speakers, article, record)
            about = set(_inside(mentions[article], record)) | set(self._named(article, record))
            met.append((about, speaker))
        by_mentions = sorted(entities, key=lambda key: (-entities[key].mentions, key))
        by_words = sorted(
            speakers, key=lambda key: (-speakers[key].quotes - speakers[key].predictions, key)
        )
        self.entities = [entities[key] for key in by_mentions]
        self.speakers = [speakers[key] for key in by_words]
        number = {key: n for n, key in enumerate(by_mentions)}
        place = {key: n for n, key in enumerate(by_words)}
        self.linked = [
            Linked(tuple(sorted(number[key] for key in about)), place[speaker] if speaker else None)
            for about, speaker in met
        ]

    @property
    def entities_by_name(self) -> list[tuple[int, Entity]]:
        """The entities with their numbers, by name."""
        return sorted(enumerate(self.entities), key=lambda pair: (pair[1].name.casefold(), pair[0]))

    @property
    def speakers_by_name(self) -> list[tuple[int, Speaker]]:
        """The speakers with their numbers, by name."""
        return sorted(enumerate(self.speakers), key=lambda pair: (pair[1].name.casefold(), pair[0]))

    def _entities(self, records: Iterable[tuple[int, Record]]) -> dict[tuple[str, ...], Entity]:
        found: dict[tuple[str, ...], Entity] = {}
        for n, (article, record) in enumerate(records):
            if isinstance(record, EntityRecord):
                key = (folded(record.name), record.type)
                self._of_id[article, record.id] = key, record
                found.setdefault(key, Entity(record.name, record.type, n)).add(record, article)
        return found

    def _mentions(
        self, records: Iterable[tuple[int, Record]]
    ) -> Mapping[int, list[tuple[int, tuple[str, ...]]]]:
        """Where in each article what is mentioned, in order."""
        found: defaultdict[int, list[tuple[int, tuple[str, ...]]]] = defaultdict(list)
        for article, record in records:
            if isinstance(record, EntityRecord):
                key, _ = self._of_id[article, record.id]
                found[article] += ((mention.start, key) for mention in record.mentions)
        for places in found.values():
            places.sort()
        return found

    def _named(self, article: int, record: Record) -> Iterator[tuple[str, ...]]:
        """The entities that a record names by id."""
        ids: list[str | None] = []
        match record:
            case EntityRecord():
                ids = [record.id]
            case EventRecord():
                ids = [participant.entity for participant in record.participants]
            case PredictionRecord():
                ids = [record.holder.entity]
            case QuoteRecord():
                ids = [record.speaker.entity if record.speaker else None]
            case _:
                pass
        for id in ids:
            if id is not None and (article, id) in self._of_id:
                yield self._of_id[article, id][0]

    def _speak(
        self, speakers: dict[tuple[str, ...], Speaker], article: int, record: Record
    ) -> tuple[str, ...] | None:
        """Count a quote or prediction with whoever speaks."""
        match record:
            case QuoteRecord(speaker=speaker) if speaker is not None:
                key, name = self._speaker(article, speaker.entity, speaker.name)
            case PredictionRecord(holder=holder) if holder.kind == "author":
                head = self._heads.get(article)
                authors = ", ".join(head.authors) if head else ""
                key = ("author", authors or str(article))
                name = authors or "the author"
            case PredictionRecord(holder=holder):
                key, name = self._speaker(article, holder.entity, holder.name or holder.text or "")
            case _:
                return None
        known = speakers.setdefault(key, Speaker(name, author=key[0] == "author"))
        known.articles.add(article)
        if isinstance(record, QuoteRecord):
            known.types[record.type] += 1
        else:
            known.levels[record.likelihood.level] += 1
            known.hedged += record.hedged
        return key

    def _speaker(self, article: int, entity: str | None, name: str) -> tuple[tuple[str, ...], str]:
        """A named one is the same in all articles, "officials" are those of their article."""
        if entity is not None and (article, entity) in self._of_id:
            key, record = self._of_id[article, entity]
            return ("named", *key), record.name
        return ("called", folded(name), str(article)), name or "someone"


def _inside(
    places: Sequence[tuple[int, tuple[str, ...]]], record: Record
) -> Iterator[tuple[str, ...]]:
    if record.start is None or record.end is None or isinstance(record, ArticleRecord):
        return
    at = bisect_left(places, (record.start, ()))
    while at < len(places) and places[at][0] < record.end:
        yield places[at][1]
        at += 1


class Tie(NamedTuple):
    """Two entities, by number, and in how many sentences both are mentioned."""

    one: int
    other: int
    sentences: int


def ties(entities: Sequence[Entity]) -> list[Tie]:
    """Which of the entities are mentioned in the same sentences."""
    found = (
        Tie(i, j, len(entities[i].places & entities[j].places))
        for i, j in combinations(range(len(entities)), 2)
    )
    return [tie for tie in found if tie.sentences]
