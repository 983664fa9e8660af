"""The two sides of a comparison: where the records of each article come from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from ..records import Record


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
    spec: str | Path, *, paths: Sequence[str] = (), cache: Path | None = None
) -> dict[str, Version]:
    """The articles of one side, by article id, in the order of the ids.

    Args:
        spec: an article file, a JSONL file of records, a folder of either, or a git revision
            ("HEAD~3", "v1.2", a commit). What exists as a path is a path; "REVISION:PATH" is always
            a file or folder of that revision.
        paths: with a git revision, the files and folders to read there; with a folder, those
            inside it. All when empty.
        cache: folder in which extractions are kept by content, pipeline and options; None keeps
            none.

    Raises:
        PipelineError: there is nothing of that name, no git, no such revision, or an article or
            JSONL file cannot be read.

    Example:
        >>> load_versions(Path("outputs/report.jsonl"))["report"].text is None  # doctest: +SKIP
        True
    """
    raise NotImplementedError
