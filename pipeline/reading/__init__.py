"""Reading: the bytes of a file become an `Article`, with an exact map back to the file."""

from .article import Article, Block, Notice
from .files import article_ids
from .mapping import ReadingMap
from .read import read_article, read_text

__all__ = [
    "Article",
    "Block",
    "Notice",
    "ReadingMap",
    "article_ids",
    "read_article",
    "read_text",
]
