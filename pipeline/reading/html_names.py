"""What class names, ids and attributes say that an element is; the usual names are data."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Literal

import msgspec

from ..lexicons import rows

_MAX_LENGTH = 500
_PART = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)

Kind = Literal["furniture", "hidden", "content", "caption", "credit", "byline", "dek", "note"]


class _Name(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    kind: Kind
    example: str


def named_kinds(attributes: dict[str, str]) -> frozenset[Kind]:
    """What an element's classes and id say that it is.

    A name counts when its words are among a class name's, in a row: "related-links" is in
    "story__relatedLinks--wide".

    Example:
        >>> sorted(named_kinds({"class": "post-body wide", "id": "js-shareBar"}))
        ['content', 'furniture']
    """
    return _kinds(f"{attributes.get('class', '')} {attributes.get('id', '')}"[:_MAX_LENGTH])


def is_hidden(attributes: dict[str, str]) -> bool:
    """Whether an element is kept from the reader's eye."""
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden", "").lower() == "true"
        or _INVISIBLE.search(attributes.get("style", "")) is not None
        or "hidden" in named_kinds(attributes)
    )


@cache
def _names() -> tuple[re.Pattern[str], dict[str, Kind]]:
    kinds = {_spelled(row.name): row.kind for row in rows("reading_page_names", _Name)}
    either = "|".join(map(re.escape, sorted(kinds, key=len, reverse=True)))
    return re.compile(rf"(?<=-)(?:{either})(?=-)"), kinds


@lru_cache(maxsize=4096)
def _kinds(names: str) -> frozenset[Kind]:
    pattern, kinds = _names()
    found: set[Kind] = set()
    for name in names.split():
        found.update(kinds[match[0]] for match in pattern.finditer(f"-{_spelled(name)}-"))
    return frozenset(found)


def _spelled(name: str) -> str:
    """A name by its words: "relatedLinks" and "related__links" are "related-links"."""
    return "-".join(_PART.findall(name)).lower()
