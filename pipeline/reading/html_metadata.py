"""What a page states about its article: meta elements, structured data, the title element."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any, Literal

import msgspec

from ..lexicons import rows
from .datelines import stated_date
from .html_tokens import references
from .html_tree import Page
from .metadata import Metadata, folded, language_code
from .structure import split_names

_MAX_JSON_LENGTH = 1_000_000
_MAX_JSON_VALUES = 10_000

Field = Literal["title", "author", "publisher", "published", "language"]


class _Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    field: Field
    example: str


def page_metadata(page: Page, source: str) -> Metadata:
    """The page's statements: structured data first, then meta elements, then what the head shows.

    Args:
        page: the page taken apart.
        source: its text, for the title element.
    """
    stated = Metadata()
    for script in page.json_ld:
        stated = stated.over(_structured(script))
    fields = _meta_fields(page)
    meta = Metadata(
        title=_first(fields["title"]),
        authors=_people(fields["author"]),
        publisher=_first(fields["publisher"]),
        published=_first_date(fields["published"]),
        language=language_code(_first(fields["language"])),
    )
    shown = Metadata(
        title=_title_element(page, source),
        published=_first_date(
            [time.get("datetime", "") for time in page.times if _is_publication(time)]
        ),
        language=language_code(page.language),
    )
    return stated.over(meta).over(shown)


@cache
def _rows() -> tuple[_Row, ...]:
    return rows("reading_page_fields", _Row)


def _meta_fields(page: Page) -> dict[Field, list[str]]:
    """The contents of the meta elements, in the order of precedence of their names."""
    contents: dict[str, list[str]] = {}
    for attributes in page.meta:
        content = folded(attributes.get("content"))
        for key in ("property", "name", "itemprop", "http-equiv"):
            if content and key in attributes:
                contents.setdefault(attributes[key].strip().lower(), []).append(content)
    fields: dict[Field, list[str]] = {
        "title": [],
        "author": [],
        "publisher": [],
        "published": [],
        "language": [],
    }
    for row in _rows():
        # Several authors come as several elements of one name; a second name repeats them.
        if row.field != "author" or not fields["author"]:
            fields[row.field] += contents.get(row.name, [])
    return fields


def _structured(script: str) -> Metadata:
    """What a JSON-LD script states about an article (schema.org), or nothing."""
    if len(script) > _MAX_JSON_LENGTH:
        return Metadata()
    try:
        data = json.loads(script, strict=False)
    except (ValueError, RecursionError):
        return Metadata()
    for item in _items(data):
        kinds = item.get("@type")
        names = kinds if isinstance(kinds, list) else [kinds]
        if any(isinstance(name, str) and name.endswith(("Article", "Posting")) for name in names):
            return Metadata(
                title=_string(item.get("headline")),
                subtitle=_string(item.get("alternativeHeadline")),
                authors=_people(_named(item.get("author"))),
                publisher=_first(_named(item.get("publisher"))),
                published=_first_date([_string(item.get("datePublished")) or ""]),
                language=language_code(_string(item.get("inLanguage"))),
            )
    return Metadata()


def _items(data: Any) -> Iterator[dict[str, Any]]:
    """The objects of a JSON value, outermost first."""
    queue = [data]
    for value in queue:  # grows while it is read
        if isinstance(value, dict):
            yield value
            queue.extend(value.values())
        elif isinstance(value, list):
            queue.extend(value)
        if len(queue) > _MAX_JSON_VALUES:
            return


def _string(value: Any) -> str | None:
    # A lone surrogate, which JSON can spell, could not be written out again.
    if not isinstance(value, str):
        return None
    return folded(value.encode("utf-8", "replace").decode())


def _named(value: Any) -> list[str]:
    """The names in "Ida", {"name": "Ida"}, or a list of such."""
    values = value if isinstance(value, list) else [value]
    names = [item.get("name") if isinstance(item, dict) else item for item in values]
    return [name for name in map(_string, names) if name]


def _people(values: list[str]) -> tuple[str, ...]:
    people: dict[str, None] = {}
    for value in values:
        if "://" not in value and not value.startswith("@"):
            people.update(dict.fromkeys(split_names(value)))
    return tuple(people)


def _first(values: list[str]) -> str | None:
    return values[0] if values else None


def _first_date(values: list[str]) -> str | None:
    return next(filter(None, map(stated_date, values)), None)


def _is_publication(time: dict[str, str]) -> bool:
    return "pubdate" in time or "datepublished" in time.get("itemprop", "").lower()


def _title_element(page: Page, source: str) -> str | None:
    if page.title is None:
        return None
    position, end = page.title
    parts = []
    for first, last, meaning in references(source, position, end):
        parts += [source[position:first], meaning]
        position = last
    return folded("".join([*parts, source[position:end]]))
