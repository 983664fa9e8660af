"""The way from a file to an `Article`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from ..errors import ArticleError
from .article import Article, Block, Notice
from .decoding import decode
from .drafts import Draft
from .files import article_ids, check_size, read_bytes
from .mapping import SEPARATOR, Chunk, ReadingMap
from .plain import read_plain

MediaType = Literal["text/plain", "text/markdown", "text/html"]


def read_article(
    path: Path | None,
    *,
    data: bytes | None = None,
    id: str | None = None,
    published: str | None = None,
    media_type: MediaType | None = None,
) -> Article:
    """Read an article file.

    Args:
        path: the file, or None for standard input, whose bytes `data` holds then.
        data: the bytes, when they have been read already.
        id: the article's id; by default the file's stem made safe, "stdin" without a path.
        published: publication date in EDTF (year, month or day); overrides what the file says.
        media_type: by default from the file's suffix, or the beginning of the text.

    Raises:
        ArticleError: the file cannot be read, decoded or holds no text.
    """
    name = "standard input" if path is None else str(path)
    if data is None:
        if path is None:
            raise ArticleError("standard input: no bytes were given")
        data = read_bytes(path)
    else:
        check_size(name, len(data))
    decoded = decode(data, name=name)
    return _assemble(
        decoded.text,
        name=name,
        id=id or ("stdin" if path is None else article_ids([path])[0]),
        path="-" if path is None else str(path),
        sha256=hashlib.sha256(data).hexdigest(),
        encoding=decoded.encoding,
        published=published,
        media_type=media_type or "text/plain",
    )


def read_text(
    text: str,
    *,
    id: str = "text",
    published: str | None = None,
    media_type: MediaType = "text/plain",
) -> Article:
    """Read an article that is in memory already.

    Raises:
        ArticleError: it holds no text.
    """
    return _assemble(
        text,
        name=id,
        id=id,
        path="",
        sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        encoding="utf-8",
        published=published,
        media_type=media_type,
    )


def _assemble(
    source: str,
    *,
    name: str,
    id: str,
    path: str,
    sha256: str,
    encoding: str,
    published: str | None,
    media_type: MediaType,
) -> Article:
    drafts = read_plain(source)
    text, reading_map, blocks = _lay_out(drafts)
    if not text:
        raise ArticleError(f"{name}: holds no text")
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
        title=None,
        subtitle=None,
        authors=(),
        publisher=None,
        published=published,
        dateline=None,
        language="en",
        notices=(),
    )


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
