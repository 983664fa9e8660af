"""What reading yields: an article, its blocks and what was noticed on the way."""

from __future__ import annotations

from typing import Literal

import msgspec

from ..records import Section
from .mapping import ReadingMap


class Block(msgspec.Struct, frozen=True):
    """One block of the reading text.

    Attributes:
        section: what the block is in the article.
        start: first code point in `Article.text`.
        end: behind its last code point.
    """

    section: Section
    start: int
    end: int


class Notice(msgspec.Struct, frozen=True):
    """Something that was left out, or read in another way than it stands; a `problem` record later.

    Attributes:
        severity: "warning" or "error".
        message: what, and what was done about it.
        start: where in the file, in code points of `Article.source`, or None.
        end: behind it, or None.
    """

    severity: Literal["warning", "error"]
    message: str
    start: int | None = None
    end: int | None = None


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """One article, read.

    Attributes:
        id: safe as a file name, see `article_ids`.
        path: the path as given, "-" for standard input, "" for text that came from no file.
        sha256: hexadecimal digest of the file's bytes.
        encoding: the codec that decoded the file.
        media_type: "text/plain", "text/markdown" or "text/html".
        source: the file as decoded; CRLF stays two code points, a byte order mark one.
        text: the reading text, its blocks joined by an empty line.
        map: takes spans of `text` to `source` and back.
        blocks: in reading order; they cover all of `text` but the empty lines between them.
        title: from the sidecar, the front matter, the page's metadata or the title block.
        subtitle: likewise, the dek.
        authors: names, in the order given.
        publisher: the newspaper, agency or site.
        published: publication date in EDTF, or None when nothing states it.
        dateline: ISO day that a date line or an agency dateline in the text gives, when it is
            another than `published`.
        language: as declared, "en" otherwise.
        notices: in the order found.
    """

    id: str
    path: str
    sha256: str
    encoding: str
    media_type: Literal["text/plain", "text/markdown", "text/html"]
    source: str
    text: str
    map: ReadingMap
    blocks: tuple[Block, ...]
    title: str | None
    subtitle: str | None
    authors: tuple[str, ...]
    publisher: str | None
    published: str | None
    dateline: str | None
    language: str
    notices: tuple[Notice, ...]
