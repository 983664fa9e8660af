"""Two versions of articles in, classified changes out."""

from __future__ import annotations

from collections.abc import Mapping

from .changes import Change
from .versions import Version


def compare(old: Version, new: Version) -> list[Change]:
    """What changed from one version of an article to another.

    Ids, and the order in which the records come, play no part. The same input gives the same
    changes; two versions that say the same give none.

    Args:
        old: the version before.
        new: the version after; its `article` names the changes.

    Returns:
        In reading order: by the place in the new version, a removed record at the place where it
        stood in relation to its old neighbours.

    Example:
        >>> compare(version, version)  # doctest: +SKIP
        []
    """
    raise NotImplementedError


def compare_all(old: Mapping[str, Version], new: Mapping[str, Version]) -> list[Change]:
    """What changed from one set of articles to another, by article id, then as `compare` does.

    An article of only one side gives all its records as removed or added.
    """
    raise NotImplementedError
