"""The way from a file to an `Article`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from ..errors import ArticleError
from .article import Article, Block, Notice
from .datelines import checked_edtf
from .decoding import decode
from .drafts import Draft
from .files import article_ids, check_size, read_bytes
from .html import read_html
from .mapping import SEPARATOR, Chunk, ReadingMap, odd_characters
from .markdown import read_markdown
from .metadata import Metadata, folded, read_sidecar
from .plain import read_plain
from .structure import Known, find_structure

MediaType = Literal["text/plain", "text/markdown", "text/html"]

_SUFFIXES: dict[str, MediaType] = {
    ".htm": "text/html",
    ".html": "text/html",
    ".markdown": "text/markdown",
    ".md": "text/markdown",
    ".xht": "text/html",
    ".xhtml": "text/html",
}
_PAGE = re.compile(
    r"\ufeff?\s*(?:<\?xml[^<>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.ASCII | re.DOTALL,
)


def read_article(
    path: Path | None,
    *,
    data: bytes | None = None,
    id: str | None = None,
    published: str | None = None,
    media_type: MediaType | None = None,
    name: str | None = None,
    sidecar: Metadata | None = None,
) -> Article:
    """Read an article file.

    Args:
        path: the file, or None for standard input, whose bytes `data` holds then.
        data: the bytes, when they have been read already.
        id: the article's id; by default the file's stem made safe, "stdin" without a path.
        published: publication date in EDTF (year, month or day); overrides what the file says.
        media_type: by default from the file's suffix, or the beginning of the text.
        name: what the record's `path` and messages call it; by default the path.
        sidecar: what its sidecar states; by default the one beside the file is read.

    Raises:
        ArticleError: the file or its sidecar cannot be read or decoded, or holds no text.
        ConfigError: `published` is no date.
    """
    shown = name or ("-" if path is None else str(path))
    name = name or ("standard input" if path is None else str(path))
    stated = Metadata(published=checked_edtf(published)) if published else Metadata()
    if data is None:
        if path is None:
            raise ArticleError("standard input: no bytes were given")
        data = read_bytes(path)
    else:
        check_size(name, len(data))
    decoded = decode(data, name=name)
    if sidecar is None and path is not None:
        sidecar = read_sidecar(path)
    if sidecar is not None:
        stated = stated.over(sidecar)
    notices = []
    if decoded.guessed:
        notices.append(
            Notice("warning", f"no encoding stated and no UTF-8: read as {decoded.encoding}")
        )
    return _assemble(
        decoded.text,
        name=name,
        id=id or ("stdin" if path is None else article_ids([path])[0]),
        path=shown,
        sha256=hashlib.sha256(data).hexdigest(),
        encoding=decoded.encoding,
        media_type=media_type or _media_type(path, decoded.text),
        stated=stated,
        notices=notices,
    )


def read_text(
    text: str,
    *,
    id: str = "text",
    path: str = "",
    title: str | None = None,
    published: str | None = None,
    media_type: MediaType = "text/plain",
) -> Article:
    """Read an article that is in memory already.

    Args:
        text: the article; offsets count its code points, lone surrogates too.
        id: the article's id.
        path: where it came from, for the record and for messages.
        title: the article's title; by default it is looked for in the text.
        published: publication date in EDTF (year, month or day).
        media_type: what the text is written in.

    Raises:
        ArticleError: it holds no text.
        ConfigError: `published` is no date.
    """
    return _assemble(
        text,
        name=path or id,
        id=id,
        path=path,
        sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        encoding="utf-8",
        media_type=media_type,
        stated=Metadata(
            title=folded(title), published=checked_edtf(published) if published else None
        ),
        notices=[],
    )


def _media_type(path: Path | None, text: str) -> MediaType:
    """By the file's suffix; a page that goes by another name is told by how it begins."""
    if _PAGE.match(text):
        return "text/html"
    return _SUFFIXES.get(path.suffix.lower() if path else "", "text/plain")


def _assemble(
    source: str,
    *,
    name: str,
    id: str,
    path: str,
    sha256: str,
    encoding: str,
    media_type: MediaType,
    stated: Metadata,
    notices: list[Notice],
) -> Article:
    drafts, described, found = _READERS[media_type](source)
    stated = stated.over(described)
    known = Known(stated.title, stated.authors, stated.published)
    structure = find_structure(drafts, known)
    text, reading_map, blocks = _lay_out(structure.drafts)
    if not text:
        raise ArticleError(f"{name}: empty: it holds no text to read")
    for place, message in odd_characters(source):
        notices.append(Notice("warning", message, place, place + 1))
    if stated.language not in (None, "en"):
        notices.append(
            Notice("warning", f"declared language {stated.language!r}: only English is understood")
        )
    published = stated.published or structure.date
    dateline = structure.dateline or structure.date
    return Article(
        id=id,
        path=path,
        sha256=sha256,
        encoding=encoding,
        media_type=media_type,
        source=source,
        text=text,
        map=reading_map,
        blocks=blocks,
        title=stated.title or structure.title,
        subtitle=stated.subtitle or structure.subtitle,
        authors=stated.authors or structure.authors,
        publisher=stated.publisher,
        published=published,
        dateline=dateline if dateline != published else None,
        language=stated.language or "en",
        notices=(*notices, *found),
    )


def _read_plain(source: str) -> tuple[list[Draft], Metadata, list[Notice]]:
    return read_plain(source), Metadata(), []


_READERS = {"text/plain": _read_plain, "text/markdown": read_markdown, "text/html": read_html}


def _lay_out(drafts: Sequence[Draft]) -> tuple[str, ReadingMap, tuple[Block, ...]]:
    """Put the blocks one after the other, the map and the text alike."""
    parts: list[str] = []
    chunks: list[Chunk] = []
    breaks: list[int] = []
    blocks: list[Block] = []
    position = 0
    for draft in drafts:
        if parts:
            position += len(SEPARATOR)
            if draft.follows_removed:
                breaks.append(position)
        parts.append(draft.text)
        end = position + len(draft.text)
        blocks.append(Block(draft.section or "body", position, end))
        for read, read_end, start, stop in draft.passage.chunks:
            chunks.append(Chunk(position + read, position + read_end, start, stop))
        position = end
    text = SEPARATOR.join(parts)
    return text, ReadingMap(text, chunks, breaks), tuple(blocks)
