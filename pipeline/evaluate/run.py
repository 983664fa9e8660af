"""Extract a folder of articles and score it against the gold beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from ..errors import PipelineError
from ..reading import Article, read_article
from ..reading.files import ARTICLE_SUFFIXES
from ..records import Record
from .gold import load_gold
from .scores import Tally, score_article


def gold_files(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Pairs of article and gold file, by stem: gold in `folder/gold/` or beside the articles.

    Raises:
        PipelineError: there is no gold, or a gold file without its article.
    """
    inside = folder / "gold"
    golds = sorted(
        path
        for path in (inside if inside.is_dir() else folder).glob("*.json")
        if not path.name.endswith(".meta.json")
    )
    if not golds:
        raise PipelineError(f"{folder}: no gold files here or in its folder gold/")
    for gold in golds:
        places = (folder / f"{gold.stem}{ending}" for ending in ARTICLE_SUFFIXES)
        article = next((place for place in places if place.exists()), None)
        if article is None:
            raise PipelineError(f"{gold}: there is no article {gold.stem}.txt, .md or .html")
        yield article, gold


def evaluate(folder: Path, extract: Callable[[Article], tuple[Record, ...]]) -> tuple[Tally, int]:
    """Score every article of a folder that has gold.

    Args:
        folder: articles with their gold (see `gold_files`).
        extract: gives the records of an article.

    Returns:
        The tally and the number of articles.

    Raises:
        PipelineError: an article or a gold file cannot be read.
    """
    tally, articles = Tally(), 0
    for path, gold in gold_files(folder):
        article = read_article(path)
        score_article(load_gold(gold), extract(article), article, tally)
        articles += 1
    return tally, articles
