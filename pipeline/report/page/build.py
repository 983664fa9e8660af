"""Records in, web pages out."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, get_args
from urllib.parse import quote

from ...forecasts import gather
from ...reading import Article
from ...records import KINDS, ArticleRecord, Level, Orientation, Record
from ...timeline import build
from ..entries import due, odds
from ..templating import render, shown
from .data import article_data, kind_of, record_data, text_data, title_of
from .lanes import draw_lanes
from .marks import ROLES, STANDING
from .names import Names
from .network import HEIGHT, WIDTH, draw_network
from .texts import Text

INDEX = "index.html"
_KINDS = tuple(kind for kind in KINDS if kind != "article")


class _Told(NamedTuple):
    """One article: its id, its `article` record, the others in their order."""

    name: str
    head: ArticleRecord | None
    records: list[Record]


def report_page(
    records: Iterable[Record], *, sources: Mapping[str, Article], title: str | None = None
) -> str:
    """Records and the texts they are from, as one HTML document that needs nothing else.

    Args:
        records: of any number of articles; of several with one article and id the first counts.
        sources: the articles read, by id; without one, its records' sentences are shown.
        title: of the page; by default the article's, or how many there are.

    Returns:
        One HTML document; the same input gives the same bytes.
    """
    articles = _arranged(records)
    return _page(articles, sources, title=title or _title(articles))


def report_pages(
    records: Iterable[Record], *, sources: Mapping[str, Article], title: str | None = None
) -> dict[str, str]:
    """The same as a page an article, and one about all of them that leads there.

    Args:
        records: as for `report_page`.
        sources: as for `report_page`.
        title: of the page about all.

    Returns:
        Documents by file name. Names are digests of ids, which may hold anything.
    """
    articles = _arranged(records)
    pages = {INDEX: _page(articles, None, title=title or _title(articles))}
    for told in articles:
        pages[_file_name(told.name)] = _page(
            [told], sources, title=title_of(told.head, told.name), home=INDEX
        )
    return pages


def _file_name(article: str) -> str:
    digest = hashlib.sha256(article.encode("utf-8", "surrogatepass")).hexdigest()
    return f"article-{digest[:12]}.html"


def _arranged(records: Iterable[Record]) -> list[_Told]:
    heads: dict[str, ArticleRecord] = {}
    others: dict[str, dict[str, Record]] = {}
    for record in records:
        found = others.setdefault(record.article, {})
        if isinstance(record, ArticleRecord):
            heads.setdefault(record.article, record)
        else:
            found.setdefault(record.id, record)
    return [
        _Told(article, heads.get(article), list(found.values()))
        for article, found in others.items()
    ]


def _title(articles: Sequence[_Told]) -> str:
    if len(articles) == 1:
        return title_of(articles[0].head, articles[0].name)
    return f"{len(articles)} articles"


def _page(
    articles: Sequence[_Told],
    sources: Mapping[str, Article] | None,
    *,
    title: str,
    home: str | None = None,
) -> str:
    """A page about articles; without `sources` their texts stand on pages of their own."""
    numbered = [(a, record) for a, told in enumerate(articles) for record in told.records]
    heads = [(a, told.head) for a, told in enumerate(articles) if told.head]
    everything = [record for _, record in (*numbered, *heads)]
    place = {(record.article, record.id): n for n, (_, record) in enumerate(numbered)}
    links = _links(numbered, elsewhere=sources is None)
    names = Names([*numbered, *heads])
    timeline, gathered = build(everything), gather(everything)
    texts = (
        [Text(sources.get(told.name), told.records) for told in articles]
        if sources is not None
        else []
    )
    return render(
        "page",
        title=title,
        home=home,
        articles=[
            {
                "title": title_of(told.head, told.name),
                "head": told.head,
                "link": _file_name(told.name),
                "counts": Counter(map(kind_of, told.records)),
            }
            for told in articles
        ],
        partial=sum(not text.whole for text in texts),
        kinds=_kinds(numbered),
        levels=get_args(Level),
        orientations=get_args(Orientation),
        names=names,
        links=links,
        place=place,
        lanes=draw_lanes(timeline.entries, gathered.forecasts),
        forecasts=[
            {
                "number": place[forecast.article, forecast.id],
                "forecast": forecast,
                "due": due(forecast),
                "odds": odds(forecast),
            }
            for forecast in gathered.forecasts
        ],
        network=draw_network(names.entities),
        width=WIDTH,
        height=HEIGHT,
        left_out=[
            *(f"{left.article} {left.event}: {left.message}" for left in timeline.problems),
            *(f"{left.article} {left.id}: {left.message}" for left in gathered.problems),
        ],
        data={
            "roles": ROLES,
            "standing": STANDING,
            "articles": [article_data(told.head, told.name) for told in articles],
            "records": [
                record_data(a, record, links[n], names.linked[n])
                for n, (a, record) in enumerate(numbered)
            ],
        },
        texts=[
            text_data(text, [(place[record.article, record.id], record) for record in told.records])
            for told, text in zip(articles, texts, strict=False)
        ],
    )


def _links(numbered: Sequence[tuple[int, Record]], *, elsewhere: bool) -> list[str]:
    """Where the records stand: their id is the fragment, with the article's where ids are equal."""
    times = Counter(record.id for _, record in numbered)
    links = []
    for _, record in numbered:
        link = f"#{_encoded(record.id)}"
        if elsewhere:
            link = f"{_file_name(record.article)}{link}"
        elif times[record.id] > 1:
            link += f"/{_encoded(record.article)}"
        links.append(link)
    return links


def _encoded(text: str) -> str:
    return quote(shown(text), safe="")


def _kinds(numbered: Sequence[tuple[int, Record]]) -> dict[str, int]:
    counts = Counter(kind_of(record) for _, record in numbered)
    return {kind: counts[kind] for kind in _KINDS if counts[kind]}
