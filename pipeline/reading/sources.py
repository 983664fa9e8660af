"""The article files that records were made from, found by what is in them.

A record's path is as untrusted as its id, so neither is opened: the files under the given folders
are read, and one is an article's when its digest is the one that the `article` record states.
"""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ..errors import ArticleError
from ..records import ArticleRecord
from .article import Article
from .files import read_bytes
from .read import read_article

# Sidecars say something about an article and are none.
_SIDECAR = ".meta.json"


def find_sources(heads: Iterable[ArticleRecord], places: Sequence[Path]) -> dict[str, Article]:
    """The articles that stand in files, read.

    Args:
        heads: the `article` records.
        places: files, and folders with everything in them; links are not followed.

    Returns:
        By article id; without those of which no file has the digest, or that cannot be read.

    Raises:
        ArticleError: there is no such place.
    """
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for head in heads:
        wanted[head.sha256].add(head.article)
    found: dict[str, Article] = {}
    for path in files_in(places):
        if not wanted:
            break
        try:
            data = read_bytes(path)
            for article in sorted(wanted.pop(hashlib.sha256(data).hexdigest(), ())):
                found[article] = read_article(path, data=data, id=article)
        except ArticleError:
            continue  # nothing that records can have been made from
    return found


def files_in(places: Iterable[Path]) -> Iterator[Path]:
    """The files that may be articles, in order: folders with everything in them, links aside.

    Raises:
        ArticleError: there is no such place.
    """
    for place in places:
        if not place.exists():
            raise ArticleError(f"{place}: no such file or folder. Check --source.")
        if not place.is_dir():
            yield place
            continue
        for folder, inside, names in os.walk(place):
            inside[:] = sorted(name for name in inside if not name.startswith("."))
            for name in sorted(names):
                path = Path(folder, name)
                hidden = name.startswith(".") or name.endswith(_SIDECAR)
                if not hidden and not path.is_symlink():
                    yield path
