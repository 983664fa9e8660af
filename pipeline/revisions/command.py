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
from .sources import is_revision
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
        paths: only these files and folders of git revisions (see `load_versions`).
        kinds: only changes of these kinds of records.
        types: only changes of these types.
        use_cache: whether extractions are kept, and kept ones used.
        cache: the folder for them; the user's cache folder where None.
        load: loads the pipeline, when it is needed; the default one where None.

    Raises:
        PipelineError: a side cannot be read or holds nothing to compare, or there are paths and no
            git revision to read them in.
    """
    selected((), kinds=kinds, types=types)  # a wrong name is wrong before anything is read
    folder = (cache or default_folder()) if use_cache else None
    extractions = Extractions(load, folder)
    if paths and not (is_revision(old) or is_revision(new)):
        raise PipelineError(
            f"what stands after the two sides ({', '.join(paths)}) is read in a git revision, and "
            f"neither {old} nor {new} is one as a whole; name the files or folders themselves"
        )
    sides = []
    for spec in (old, new):
        sides.append(load_versions(spec, paths=paths, extractions=extractions))
        # A revision may come before an article; an empty folder or file is a wrong one.
        if not sides[-1] and not paths and not is_revision(spec):
            raise PipelineError(f"{spec}: holds no article and no records to compare")
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
