"""What `claimline diff` does, but for arguments and printing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ..errors import PipelineError
from .cache import Extractions, default_folder
from .changes import Change
from .compare import compare_all
from .select import selected
from .versions import Version, extract_again, load_versions, same_article

if TYPE_CHECKING:
    from ..extraction import Extractor


class Compared(msgspec.Struct, frozen=True):
    """Two sides and what changed.

    Attributes:
        changes: those asked for.
        old: the versions before, by article.
        new: the versions after.
        extracted: how many articles had to be extracted, and were not in the cache.
    """

    changes: list[Change]
    old: dict[str, Version]
    new: dict[str, Version]
    extracted: int


def difference(
    old: str,
    new: str,
    *,
    paths: Sequence[str] = (),
    kinds: Sequence[str] = (),
    types: Sequence[str] = (),
    use_cache: bool = True,
    cache: Path | None = None,
    load: Callable[[], Extractor] | None = None,
) -> Compared:
    """Compare two sides, each an article, JSONL, a folder of either, or a git revision.

    Args:
        old: see `load_versions`.
        new: likewise.
        paths: only these files and folders of git revisions.
        kinds: only changes of these kinds of records.
        types: only changes of these types.
        use_cache: whether extractions are kept, and kept ones used.
        cache: the folder for them; the user's cache folder where None.
        load: loads the pipeline, when it is needed; the default one where None.

    Raises:
        PipelineError: a side cannot be read, or neither holds an article.
    """
    selected((), kinds=kinds, types=types)  # a wrong name is wrong before anything is read
    folder = (cache or default_folder()) if use_cache else None
    extractions = Extractions(load, folder)
    sides = [load_versions(spec, paths=paths, extractions=extractions) for spec in (old, new)]
    if not sides[0] and not sides[1]:
        where = f" under {', '.join(paths)}" if paths else ""
        raise PipelineError(
            f"neither {old} nor {new} holds an article or a file of records{where}. With a git "
            "revision, name the folders after --."
        )
    before, after = same_article(*sides)
    changes = compare_all(
        before, after, extract=lambda version: extract_again(version, extractions)
    )
    return Compared(selected(changes, kinds=kinds, types=types), before, after, extractions.made)
