"""What records say in numbers: how much, how hedged, whose word, of which time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import inf
from typing import Literal, get_args

import msgspec

from .. import spreadsheet
from ..dates.calendar import iso
from ..records import (
    KINDS,
    ArticleRecord,
    DateRecord,
    DateRef,
    EntityRecord,
    EventRecord,
    Level,
    Orientation,
    PredictionRecord,
    QuoteRecord,
    QuoteType,
    Record,
    Section,
)
from ..timeline.intervals import ALWAYS, Interval, interval_of
from ..timeline.names import Names
from ..timeline.select import folded
from .terminal import visible

COUNTED = tuple(kind for kind in KINDS if kind != "article")
_LEVELS: tuple[Level, ...] = get_args(Level)
_ORIENTATIONS: tuple[Orientation, ...] = get_args(Orientation)
_QUOTE_TYPES: tuple[QuoteType, ...] = get_args(QuoteType)

Group = Literal["all", "section", "speaker"]


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """The time that some dates lie in.

    Attributes:
        count: how many dates.
        dated: of these, how many have a first or a last day.
        first, last: the first and the last of these days, ISO; null without any.
    """

    count: int
    dated: int
    first: str | None
    last: str | None


class Profile(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="profile"):
    """The numbers of one article or of all, as a whole or of one section or speaker.

    A claim is a `prediction` record, hedged or plain. It belongs to its holder; where that is the
    article's own voice, to its authors. A quote belongs to its speaker. To a speaker belongs
    nothing else.

    Attributes:
        article: the article's id; null for all articles.
        group: what part of it: "all", one "section", or what one "speaker" says.
        name: of the section or the speaker; null for all. A named speaker counts as one over all
            articles, "officials" of two articles as two.
        articles: how many articles it stands in.
        sentences: of the articles; null for a section or a speaker.
        records: how many of each kind.
        hedged: how many claims are hedged.
        levels: how many claims have each level of likelihood; those without any are left out.
        orientations: likewise, how many tell of the future, the present, the past.
        negative: how many claims are that something will not be.
        numbered: how many have percentages.
        conditional: how many hang on a condition.
        quotes: how many quotes are of each type, `direct`, `indirect`, `mixed`.
        speakers: how many different ones the quotes have.
        anonymous: how many quotes have a speaker whom the text leaves without a name.
        unattributed: how many quotes have no speaker.
        dates: of the `date` records.
        events: of the dates of `event` records.
        horizons: of the horizons of claims.
    """

    article: str | None
    group: Group
    name: str | None
    articles: int
    sentences: int | None
    records: dict[str, int]
    hedged: int
    levels: dict[str, int]
    orientations: dict[str, int]
    negative: int
    numbered: int
    conditional: int
    quotes: dict[str, int]
    speakers: int
    anonymous: int
    unattributed: int
    dates: Coverage
    events: Coverage
    horizons: Coverage

    @property
    def claims(self) -> int:
        """How many claims there are."""
        return self.records["prediction"]

    @property
    def hedging(self) -> float | None:
        """The share of claims that are hedged, 0 to 1; null without claims."""
        return self.hedged / self.claims if self.claims else None


_Label = Callable[[Record], tuple[tuple[str, str], str] | None]


def profile(records: Iterable[Record]) -> list[Profile]:
    """The numbers of each article, by id, and of all of them if there are several.

    Args:
        records: of any number of articles; what is there twice counts once.

    Returns:
        For all and for each article: the whole, then its sections in the order of `Section`, then
        its speakers, who says most first.

    Example:
        >>> profile([])
        []
    """
    unique = list({(r.article, r.id, type(r)): r for r in records}.values())
    by_article: dict[str, list[Record]] = defaultdict(list)
    for record in unique:
        by_article[record.article].append(record)
    names = Names(
        (record for record in unique if isinstance(record, ArticleRecord)),
        (record for record in unique if isinstance(record, EntityRecord)),
    )
    scopes: list[tuple[str | None, list[Record]]] = sorted(by_article.items())
    if len(scopes) > 1:
        scopes.insert(0, (None, unique))
    return [made for article, part in scopes for made in _profiles(article, part, names)]


def _profiles(article: str | None, records: Sequence[Record], names: Names) -> list[Profile]:
    whole = _profile(article, "all", None, records, names)
    by_section: dict[str, list[Record]] = defaultdict(list)
    by_speaker: dict[tuple[str, str], list[Record]] = defaultdict(list)
    labels: dict[tuple[str, str], str] = {}
    for record in records:
        if not isinstance(record, ArticleRecord) and record.section is not None:
            by_section[record.section].append(record)
        said = _speaker(record, names)
        if said is not None:
            key, label = said
            if article is None and key[0]:
                label = f"{label} ({key[0]})"
            by_speaker[key].append(record)
            labels[key] = min(label, labels.get(key, label))
    sections = [
        _profile(article, "section", section, by_section[section], names)
        for section in get_args(Section)
        if section in by_section
    ]
    speakers = [
        _profile(article, "speaker", labels[key], by_speaker[key], names)
        for key in sorted(by_speaker, key=lambda key: (-len(by_speaker[key]), key))
    ]
    return [whole, *sections, *speakers]


def _speaker(record: Record, names: Names) -> tuple[tuple[str, str], str] | None:
    """Whose word a record is: what tells such a one from others, and a name; None for no one's."""
    match record:
        case PredictionRecord():
            holder = record.holder
            entity = names.entity(record, holder.entity)
            if holder.kind == "author":
                authors = ", ".join(names.authors.get(record.article, ()))
                return _identified(record, authors or "author", named=bool(authors))
            name = entity.name if entity else holder.name or holder.text
            return None if not name else _identified(record, name, named=entity is not None)
        case QuoteRecord():
            if record.speaker is None:
                return None
            entity = names.entity(record, record.speaker.entity)
            name = entity.name if entity else record.speaker.name
            return _identified(record, name, named=entity is not None)
        case _:
            return None


def _identified(record: Record, name: str, *, named: bool) -> tuple[tuple[str, str], str]:
    return ("" if named else record.article, folded(name)), name


def _profile(
    article: str | None, group: Group, name: str | None, records: Sequence[Record], names: Names
) -> Profile:
    claims = [record for record in records if isinstance(record, PredictionRecord)]
    quotes = [record for record in records if isinstance(record, QuoteRecord)]
    heads = [record for record in records if isinstance(record, ArticleRecord)]
    kinds = Counter(str(type(record).__struct_config__.tag) for record in records)
    said = [(quote, _speaker(quote, names)) for quote in quotes]
    return Profile(
        article=article,
        group=group,
        name=name,
        articles=len({record.article for record in records}),
        sentences=sum(head.sentences for head in heads) if heads else None,
        records={kind: kinds[kind] for kind in COUNTED},
        hedged=sum(claim.hedged for claim in claims),
        levels=_counts(_LEVELS, (claim.likelihood.level for claim in claims)),
        orientations=_counts(_ORIENTATIONS, (claim.orientation for claim in claims)),
        negative=sum(claim.polarity == "negative" for claim in claims),
        numbered=sum(claim.likelihood.low is not None for claim in claims),
        conditional=sum(claim.condition is not None for claim in claims),
        quotes=_counts(_QUOTE_TYPES, (quote.type for quote in quotes)),
        speakers=len({who[0] for _, who in said if who is not None}),
        anonymous=sum(quote.speaker is not None and quote.speaker.anonymous for quote in quotes),
        unattributed=sum(quote.speaker is None for quote in quotes),
        dates=_coverage(record for record in records if isinstance(record, DateRecord)),
        events=_coverage(record.date for record in records if isinstance(record, EventRecord)),
        horizons=_coverage(claim.horizon for claim in claims if claim.horizon is not None),
    )


def _counts(names: Sequence[str], found: Iterable[str]) -> dict[str, int]:
    counted = Counter(found)
    return {name: counted[name] for name in names if counted[name]}


def _coverage(dates: Iterable[DateRecord | DateRef]) -> Coverage:
    bounds = [[day for day in _interval(date) if abs(day) < inf] for date in dates]
    days = [int(day) for known in bounds for day in known]
    return Coverage(
        count=len(bounds),
        dated=sum(map(bool, bounds)),
        first=iso(min(days)) if days else None,
        last=iso(max(days)) if days else None,
    )


def _interval(date: DateRecord | DateRef) -> Interval:
    try:
        return interval_of(date.earliest, date.latest)
    except ValueError:
        return ALWAYS


def profiles_csv(profiles: Sequence[Profile]) -> bytes:
    """The profiles as CSV, a row each; of what is counted by name, a column a name.

    Beside the fields of `Profile` there is `hedging`, the share of claims that are hedged.
    """
    rows = [_flat(profile) for profile in profiles]
    header = list(_flat(_profile(None, "all", None, (), Names((), ()))))
    return spreadsheet.encode(header, ([row[name] for name in header] for row in rows))


def _flat(profile: Profile) -> dict[str, str | float | None]:
    named: Mapping[str, Sequence[str]] = {
        "levels": _LEVELS,
        "orientations": _ORIENTATIONS,
        "quotes": _QUOTE_TYPES,
        "records": COUNTED,
    }
    flat: dict[str, str | float | None] = {}
    for field in profile.__struct_fields__:
        value = getattr(profile, field)
        if field in named:
            flat |= {f"{field}.{name}": value.get(name, 0) for name in named[field]}
        elif isinstance(value, Coverage):
            flat |= {f"{field}.{name}": getattr(value, name) for name in value.__struct_fields__}
        else:
            flat[field] = visible(value) if isinstance(value, str) else value
        if field == "hedged":
            share = profile.hedging
            flat["hedging"] = None if share is None else round(share, 4)
    return flat
