"""Reading: the bytes of a file become an `Article`, with an exact map back to the file."""

from .article import Article, Block, Notice
from .datelines import checked_edtf
from .files import article_ids
from .mapping import ReadingMap
from .read import read_article, read_text
from .sources import find_sources

__all__ = [
    "Article",
    "Block",
    "Notice",
    "ReadingMap",
    "article_ids",
    "checked_edtf",
    "find_sources",
    "read_article",
    "read_text",
]
