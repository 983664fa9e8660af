"""The two sides of a comparison: where the records of each article come from."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from .. import jsonl
from ..errors import ArticleError, PipelineError
from ..reading import article_ids
from ..reading.decoding import decode
from ..reading.files import read_bytes
from ..records import ArticleRecord, Record
from .cache import Extractions
from .sources import Source, beside, sources


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """One article at one time.

    Attributes:
        article: the article's id, the same in all versions that are to be compared.
        records: as `claimline extract` gives them; the first is the `article` record.
        text: the article file as decoded, or None when only the records are at hand.
        sha256: of the article file's bytes, as the `article` record has it; None without one.
        fingerprint: of the pipeline that made the records; None without an `article` record.
        origin: what to call it: a path, or `REVISION:PATH`.
    """

    article: str
    records: tuple[Record, ...]
    text: str | None
    sha256: str | None
    fingerprint: str | None
    origin: str


def load_versions(
    spec: str | Path,
    *,
    paths: Sequence[str] = (),
    cache: Path | None = None,
    extractions: Extractions | None = None,
) -> dict[str, Version]:
    """The articles of one side, by article id, in the order of the ids.

    Args:
        spec: an article file, a JSONL file of records, a folder of either, or a git revision
            ("HEAD~3", "v1.2", a commit). What exists as a path is a path; "REVISION:PATH" is always
            a file or folder of that revision.
        paths: the files and folders to read in a git revision, as seen from here; all when empty.
            A folder in which some of them lie gives these, too; any other is read as it is.
        cache: folder in which extractions are kept by content and pipeline; None keeps none.
        extractions: what extracts, over `cache`: give both sides the same, and the pipeline is
            loaded once, and only when an article has to be extracted.

    Raises:
        PipelineError: there is nothing of that name, no git, no such revision, or an article or
            JSONL file cannot be read.

    Example:
        >>> load_versions(Path("outputs/report.jsonl"))["report"].text is None  # doctest: +SKIP
        True
    """
    extractions = extractions or Extractions(folder=cache)
    found = sources(spec, paths)
    articles = [source for source in found if not source.holds_records]
    ids = article_ids([Path(source.path) for source in articles])
    versions = [
        _extracted(source, id, extractions) for source, id in zip(articles, ids, strict=True)
    ]
    for source in found:
        if source.holds_records:
            versions += _recorded(source)
    by_id: dict[str, Version] = {}
    for version in sorted(versions, key=lambda version: version.article):
        other = by_id.setdefault(version.article, version)
        if other is not version:
            raise PipelineError(
                f"{other.origin} and {version.origin} are both of the article {version.article!r}; "
                "compare one of them at a time"
            )
    return by_id


def same_article(
    old: Mapping[str, Version], new: Mapping[str, Version]
) -> tuple[dict[str, Version], dict[str, Version]]:
    """Two sides of one article each are two versions of it, whatever the files are called.

    Sides of several articles come back as they are.
    """
    if len(old) == len(new) == 1:
        (after,) = new.values()
        (before,) = old.values()
        old = {after.article: msgspec.structs.replace(before, article=after.article)}
    return dict(old), dict(new)


def extract_again(version: Version, extractions: Extractions) -> Version | None:
    """A version extracted anew from its text by the present pipeline; None without its file.

    The file is that of the `article` record, and it must still hold the same bytes.
    """
    record = _article(version.records)
    file = None if record is None else _file_of(record)
    if record is None or file is None:
        return None
    data, sidecar, text = file
    path = Path(record.path)
    try:
        records = extractions.records(
            data, sidecar, id=version.article, suffix=path.suffix, origin=record.path
        )
    except ArticleError:
        return None
    return _version(version.article, records, text, version.origin)


def _extracted(source: Source, id: str, extractions: Extractions) -> Version:
    data = source.read()
    records = extractions.records(
        data, source.sidecar(), id=id, suffix=source.path.suffix, origin=source.origin
    )
    text = decode(data, name=source.origin).text
    return _version(id, records, text, source.origin)


def _recorded(source: Source) -> list[Version]:
    """The versions of a JSONL file, which may hold the records of several articles."""
    by_article: defaultdict[str, list[Record]] = defaultdict(list)
    for record in jsonl.decode(source.read(), source=source.origin):
        by_article[record.article].append(record)
    versions = []
    for article, records in by_article.items():
        first = _article(records)
        file = None if first is None else _file_of(first)
        text = None if file is None else file[2]
        versions.append(_version(article, tuple(records), text, source.origin))
    return versions


def _version(article: str, records: tuple[Record, ...], text: str | None, origin: str) -> Version:
    first = _article(records)
    return Version(
        article=article,
        records=records,
        text=text,
        sha256=first.sha256 if first else None,
        fingerprint=first.pipeline.fingerprint if first else None,
        origin=origin,
    )


def _article(records: Sequence[Record]) -> ArticleRecord | None:
    return next((record for record in records if isinstance(record, ArticleRecord)), None)


def _file_of(record: ArticleRecord) -> tuple[bytes, bytes | None, str] | None:
    """The article file that records were made from, its sidecar and text, if it still is that."""
    path = Path(record.path)
    try:
        data = read_bytes(path)
        if hashlib.sha256(data).hexdigest() != record.sha256:
            return None
        return data, beside(path), decode(data, name=record.path).text
    except (ArticleError, ValueError):
        return None
