"""The article files that records were made from, found again and read again.

Some formats need the whole text, which records do not have. A file counts only when its digest is
the one in the article's record, so a path or a name in hostile records can show nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, get_args

import msgspec

from ..errors import ArticleError, RecordError
from ..reading import Article, read_article
from ..reading.files import read_bytes
from ..reading.read import MediaType
from ..reading.sources import files_in
from ..records import Span
from .collect import Collected


class Text(NamedTuple):
    """An article's records with its file.

    Attributes:
        records: the article's records.
        article: the file, read again.
    """

    records: Collected
    article: Article

    def place(self, span: Span) -> tuple[int, int]:
        """Where a span stands in the reading text, in code points.

        Raises:
            RecordError: it reads otherwise there than the record says.
        """
        low, high = self.article.map.to_reading(span.start, span.end)
        read = self.article.text[low:high]
        if not read or " ".join(read.split()) != span.text:
            raise RecordError(
                f"{self.records.id}: {span.start}..{span.end} reads {read!r}, not {span.text!r}: "
                "the records are damaged, or of another version. Extract the article again."
            )
        return low, high


def find_texts(
    articles: Iterable[Collected], folders: Sequence[Path], failures: list[str]
) -> Iterator[Text]:
    """Each article with its file; for which none is found goes to `failures`.

    Args:
        articles: the records.
        folders: where to look, subfolders included; without any, at the paths in the records.
        failures: gets a message an article that cannot be exported.
    """
    found = source_files(folders)
    for records in articles:
        record = records.article
        try:
            article = read_again(
                found.get(record.sha256) if folders else Path(record.path),
                id=record.article,
                sha256=record.sha256,
                media_type=record.media_type,
            )
            text = Text(records, article)
            for part in records.others:
                for span in spans(part):
                    text.place(span)
        except (ArticleError, RecordError) as error:
            failures.append(str(error))
        else:
            yield text


def read_again(path: Path | None, *, id: str, sha256: str, media_type: str) -> Article:
    """The article in a file, if the file is the one with this digest.

    Raises:
        ArticleError: it is not there, has changed or cannot be read.
    """
    known = next((known for known in get_args(MediaType) if known == media_type), None)
    if known is None:
        raise ArticleError(f"{id}: no media type {media_type!r} is known")
    try:
        data = read_bytes(path) if path is not None else None
    except ArticleError:
        data = None
    if data is None or _digest(data) != sha256:
        raise ArticleError(
            f"{id}: the article file is not there or has changed. Say where it is with "
            "--source FOLDER."
        )
    return read_article(path, data=data, id=id, media_type=known)


def spans(value: object) -> Iterator[Span]:
    """Every span in a record, its own place aside."""
    if isinstance(value, Span):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from spans(part)
    elif isinstance(value, msgspec.Struct):
        for field in value.__struct_fields__:
            yield from spans(getattr(value, field))


def source_files(folders: Iterable[Path]) -> dict[str, Path]:
    """All files of folders, subfolders included, by their digest.

    Raises:
        ArticleError: there is no such folder.
    """
    return {_digest_of(path): path for path in files_in(folders)}


def _digest_of(path: Path) -> str:
    """Empty for what cannot be read."""
    try:
        return _digest(read_bytes(path))
    except ArticleError:
        return ""


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def file_name(article: str, ending: str) -> str:
    """A file's name for an article: its id if that is safe anywhere, else the id's digest.

    Example:
        >>> file_name("report-1969", ".txt")
        'report-1969.txt'
        >>> file_name("../../etc/passwd", ".txt")
        'article-9c8a7d0d2b0f4c7c.txt'
    """
    plain = article.replace("-", "a").replace("_", "a").replace(".", "a")
    if plain.isalnum() and article[0] != "." and len(article.encode()) <= 200:
        return f"{article}{ending}"
    return f"article-{_digest(article.encode('utf-8', 'surrogatepass'))[:16]}{ending}"
