"""Extractions kept from one comparison to the next.

An entry is what the pipeline makes of certain bytes: its name is a digest of the article's content,
its sidecar file, its id, its suffix and the pipeline's fingerprint, which stands for code, model,
configuration and lexicons. So nothing grows stale, and what is damaged is made anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import platformdirs

from .. import jsonl
from ..errors import ArticleError, RecordError
from ..reading import read_article
from ..reading.files import read_bytes
from ..reading.metadata import SIDECAR_SUFFIX
from ..records import ArticleRecord, Record

if TYPE_CHECKING:
    from ..extraction import Extractor

_FORMAT = "1"


def default_folder() -> Path:
    """Where extractions are kept unless told otherwise: the user's cache folder."""
    return platformdirs.user_cache_path("claimline", appauthor=False) / "extractions"


class Extractions:
    """Extraction through a cache.

    Args:
        load: gives the pipeline when it is first needed; by default the embedded one with the
            default configuration. To find an entry its fingerprint is needed, and no model.
        folder: of the entries; None keeps none.
    """

    def __init__(
        self, load: Callable[[], Extractor] | None = None, folder: Path | None = None
    ) -> None:
        self._load = load
        self._folder = folder
        self.made = 0
        """How many articles were extracted, and not found."""

    @cached_property
    def extractor(self) -> Extractor:
        """The pipeline."""
        if self._load is not None:
            return self._load()
        from ..extraction import load

        return load(lazy=True)

    def records(
        self, data: bytes, sidecar: bytes | None, *, id: str, suffix: str, origin: str
    ) -> tuple[Record, ...]:
        """The records of an article.

        Args:
            data: the bytes of its file.
            sidecar: those of the `.meta.json` beside it.
            id: the article's id.
            suffix: of the file's name, which says what it is written in.
            origin: what the `article` record has for its path.

        Raises:
            ArticleError: it cannot be read.
        """
        entry = self._entry(data, sidecar, id, suffix)
        records = None if entry is None else self._kept(entry, data)
        if records is None:
            records = self._extract(data, sidecar, id, suffix, origin)
            if entry is not None:
                # A folder that cannot be written costs time, not the result.
                with contextlib.suppress(ArticleError):
                    jsonl.save(entry, jsonl.encode(records))
        first, *rest = records
        assert isinstance(first, ArticleRecord)
        return (msgspec.structs.replace(first, path=origin), *rest)

    def _entry(self, data: bytes, sidecar: bytes | None, id: str, suffix: str) -> Path | None:
        if self._folder is None:
            return None
        parts = (
            _FORMAT.encode(),
            self.extractor.info.fingerprint.encode(),
            id.encode("utf-8", "surrogatepass"),
            suffix.encode("utf-8", "surrogatepass"),
            hashlib.sha256(data).digest(),
            b"" if sidecar is None else hashlib.sha256(sidecar).digest(),
        )
        digest = hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts))
        name = digest.hexdigest()
        return self._folder / name[:2] / f"{name[2:]}.jsonl"

    def _kept(self, entry: Path, data: bytes) -> tuple[Record, ...] | None:
        """The records of an entry, None when there is none or it is not whole."""
        try:
            records = jsonl.decode(read_bytes(entry), source=str(entry))
        except (ArticleError, RecordError):
            return None
        if not records or not isinstance(first := records[0], ArticleRecord):
            return None
        whole = (
            first.sha256 == hashlib.sha256(data).hexdigest()
            and first.pipeline.fingerprint == self.extractor.info.fingerprint
            and sum(first.counts.values()) == len(records) - 1
        )
        return tuple(records) if whole else None

    def _extract(
        self, data: bytes, sidecar: bytes | None, id: str, suffix: str, origin: str
    ) -> tuple[Record, ...]:
        self.made += 1
        # A sidecar file of another revision is not beside the article on disk.
        with tempfile.TemporaryDirectory(prefix="claimline-") as folder:
            path = Path(folder) / f"article{suffix}"
            if sidecar is not None:
                path.with_name(path.stem + SIDECAR_SUFFIX).write_bytes(sidecar)
            try:
                article = read_article(path, data=data, id=id)
                return self.extractor.extract_article(article).records
            except ArticleError as error:
                raise ArticleError(str(error).replace(str(path), origin)) from error
