"""Reading: the bytes of a file become an `Article`, with an exact map back to the file."""

from .article import Article, Block, Notice
from .datelines import checked_edtf, stated_date
from .files import (
    MAX_BYTES,
    article_ids,
    check_inside,
    check_size,
    open_regular,
    safe_id,
    short_digest,
)
from .mapping import ReadingMap
from .metadata import Metadata, read_sidecar
from .read import read_article, read_text
from .sources import find_sources

__all__ = [
    "MAX_BYTES",
    "Article",
    "Block",
    "Metadata",
    "Notice",
    "ReadingMap",
    "article_ids",
    "check_inside",
    "check_size",
    "checked_edtf",
    "find_sources",
    "open_regular",
    "read_article",
    "read_sidecar",
    "read_text",
    "safe_id",
    "short_digest",
    "stated_date",
]
