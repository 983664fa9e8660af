"""YAML front matter: the block between two lines of "---" with which a Markdown file may begin."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, NamedTuple

import msgspec
import yaml

from ..lexicons import rows
from ..records import Section
from .article import Notice
from .datelines import stated_date
from .drafts import Draft
from .mapping import PassageBuilder
from .metadata import Metadata, folded, language_code
from .structure import split_names

# Front matter is a few lines; a rule that opens a text has no partner this near, or no YAML inside.
_MAX_LENGTH = 65_536
_OPENING = re.compile(r"\ufeff?---[ \t]*(?:\r\n?|\n)")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\r\n?|\n|\Z)", re.MULTILINE)

_TAG = "tag:yaml.org,2002:"
_DATES = ("int", "str", "timestamp")
_MAX_SHOWN = 100

Field = Literal["title", "subtitle", "authors", "publisher", "published", "language"]


class _Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: str
    field: Field
    example: str


class FrontMatter(NamedTuple):
    """What the front matter states.

    Attributes:
        end: offset behind it, 0 when there is none.
        metadata: its statements.
        drafts: the title and the dek, as they stand in it, where they stand as they read.
        notices: what is wrong with it.
    """

    end: int
    metadata: Metadata
    drafts: tuple[Draft, ...]
    notices: tuple[Notice, ...]


def read_front_matter(source: str) -> FrontMatter:
    r"""Read the front matter of a text.

    Example:
        >>> front = read_front_matter("---\ntitle: Rain\ndate: 2004-05-05\n---\n\nIt rained.")
        >>> front.metadata.title, front.metadata.published, front.end
        ('Rain', '2004-05-05', 37)
    """
    nothing = FrontMatter(0, Metadata(), (), ())
    opening = _OPENING.match(source)
    if opening is None:
        return nothing
    start = opening.end()
    closing = _CLOSING.search(source, start, start + _MAX_LENGTH)
    if closing is None:
        return nothing
    text, end = source[start : closing.start()], closing.end()
    try:
        # Values are read as they stand and never built: aliases can stand for more than memory
        # holds, and tags and numbers for what Python refuses.
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError, ValueError, OverflowError) as error:
        reason = str(error).split("\n", 1)[0]
        notice = Notice("warning", f"front matter is no YAML, left out: {reason}", 0, end)
        return FrontMatter(end, Metadata(), (), (notice,))
    if not isinstance(root, yaml.MappingNode):
        # A rule, a line of text and another rule: not front matter.
        return FrontMatter(end, Metadata(), (), ()) if _is_nothing(root) else nothing
    # Backwards, so that of two keys for one field the first counts.
    fields = {_fields()[key]: value for key, value in reversed(_items(root)) if key in _fields()}
    date = fields.get("published")
    metadata = Metadata(
        title=_string(fields.get("title")),
        subtitle=_string(fields.get("subtitle")),
        authors=_authors(fields.get("authors")),
        publisher=_string(fields.get("publisher")),
        published=_date(date),
        language=language_code(_string(fields.get("language"))),
    )
    notices = []
    if metadata.published is None and not _is_nothing(date):
        given = repr(date.value[:_MAX_SHOWN]) if isinstance(date, yaml.ScalarNode) else "a list"
        notices.append(Notice("warning", f"front matter states no date: {given}", 0, end))
    return FrontMatter(end, metadata, tuple(_drafts(root, source, start)), tuple(notices))


@cache
def _fields() -> dict[str, Field]:
    return {row.key: row.field for row in rows("reading_front_matter", _Row)}


def _items(node: yaml.MappingNode) -> list[tuple[str, yaml.Node]]:
    return [
        (key.value.strip().lower(), value)
        for key, value in node.value
        if isinstance(key, yaml.ScalarNode)
    ]


def _is_nothing(node: yaml.Node | None) -> bool:
    return node is None or node.tag == f"{_TAG}null"


def _drafts(root: yaml.MappingNode, source: str, offset: int) -> list[Draft]:
    drafts: list[Draft] = []
    builder = PassageBuilder(source)
    sections: dict[Field, Section] = {"title": "title", "subtitle": "dek"}
    for key, value in _items(root):
        field = _fields().get(key)
        section = sections.get(field) if field else None
        if section is None or not isinstance(value, yaml.ScalarNode) or _is_nothing(value):
            continue
        quoted = len(value.style or "") if value.style in ("'", '"') else 0
        start = offset + value.start_mark.index + quoted
        end = offset + value.end_mark.index - quoted
        if source[start:end].split() != value.value.split():
            continue  # escapes or a block scalar: what it reads is not what stands there
        builder.add(start, end)
        passage = builder.finish()
        if passage is not None:
            drafts.append(Draft(passage, section=section, follows_removed=bool(drafts)))
    return drafts


def _string(node: yaml.Node | None) -> str | None:
    if not isinstance(node, yaml.ScalarNode) or node.tag != f"{_TAG}str":
        return None
    return folded(node.value)


def _authors(node: yaml.Node | None) -> tuple[str, ...]:
    values = node.value if isinstance(node, yaml.SequenceNode) else [node]
    names: dict[str, None] = {}
    # An alias is the very node that it stands for.
    for item in {id(value): value for value in values}.values():
        named = dict(_items(item)).get("name") if isinstance(item, yaml.MappingNode) else item
        name = _string(named)
        if name is not None:
            names.update(dict.fromkeys(split_names(name)))
    return tuple(names)


def _date(node: yaml.Node | None) -> str | None:
    if not isinstance(node, yaml.ScalarNode) or node.tag.removeprefix(_TAG) not in _DATES:
        return None
    return stated_date(node.value)
