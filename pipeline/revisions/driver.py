"""What git hands over to compare or to show: files of one name, at other places than the name says.

Of an article that git took out of its history, the sidecar file is not beside it. So both sides of
a comparison are read with the one that lies beside the name in the working tree, and what is only
shown is read without any: else the same words would be dated on one side and not on the other.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from ..errors import ArticleError, RecordError
from ..reading.decoding import decode
from ..reading.files import article_ids, read_bytes
from ..records import ArticleRecord, Record
from . import approved
from .cache import Extractions
from .sources import RECORD_SUFFIX, beside
from .versions import Version, load_versions


def side(
    file: Path, name: Path, extractions: Extractions, *, sidecar: bytes | None = None
) -> dict[str, Version]:
    """The articles of one file, by article id: none when it is empty or the null device.

    Args:
        file: where its content is.
        name: what it is called: tells articles, records and approved records apart.
        extractions: what extracts articles.
        sidecar: the bytes of the `.meta.json` file that belongs to it.

    Raises:
        PipelineError: it is none of these.
    """
    if str(file) == os.devnull:
        return {}
    data = read_bytes(file)
    if not data.strip():
        return {}
    if name.suffix.lower() == RECORD_SUFFIX:
        return _recorded(file, data)
    (id,) = article_ids([name])
    records = extractions.records(data, sidecar, id=id, suffix=name.suffix, origin=str(name))
    first = records[0]
    assert isinstance(first, ArticleRecord)  # of an extraction it is
    version = Version(
        article=id,
        records=records,
        text=decode(data, name=str(name)).text,
        sha256=first.sha256,
        fingerprint=first.pipeline.fingerprint,
        origin=str(name),
    )
    return {id: version}


def _recorded(file: Path, data: bytes) -> dict[str, Version]:
    try:
        return dict(load_versions(file))
    except RecordError as no_records:
        try:
            article, lines = approved.decode(data, source=str(file))
            version = approved.version_of(article, lines, source=str(file))
        except RecordError:
            raise no_records from None
        return {version.article: version}


def sidecar_of(*names: Path) -> bytes | None:
    """The sidecar file beside the first of these names that has one."""
    for name in names:
        try:
            found = beside(name)
        except (ArticleError, OSError, ValueError):
            continue
        if found is not None:
            return found
    return None


def records_of(versions: Mapping[str, Version]) -> list[Record]:
    """All records of some articles, in the order of these."""
    return [record for version in versions.values() for record in version.records]
