"""YAML front matter: the block between two lines of "---" with which a Markdown file may begin."""

from __future__ import annotations

import datetime
import re
from functools import cache
from typing import Any, Literal, NamedTuple

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

Field = Literal["title", "subtitle", "authors", "publisher", "published", "language"]


class _Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: str
    field: Field
    example: str


# PyYAML's own, and what its constructors let out when a value is not of the type that a tag says.
_NO_YAML = (
    yaml.YAMLError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


class _Loader(yaml.SafeLoader):
    """YAML without aliases, of which a few lines can stand for more than any memory holds."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark
            raise yaml.MarkedYAMLError(problem="aliases are not read", problem_mark=mark)
        return super().compose_node(parent, index)


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
        values = yaml.load(text, Loader=_Loader)
        root = yaml.compose(text, Loader=_Loader)
    except _NO_YAML as error:
        reason = str(error).split("\n", 1)[0]
        notice = Notice("warning", f"front matter is no YAML, left out: {reason}", 0, end)
        return FrontMatter(end, Metadata(), (), (notice,))
    if not isinstance(values, dict) or not isinstance(root, yaml.MappingNode):
        # A rule, a line of text and another rule: not front matter.
        return nothing if values is not None else FrontMatter(end, Metadata(), (), ())
    fields = {_fields()[key]: value for key, value in _stated(values) if key in _fields()}
    metadata = Metadata(
        title=_string(fields.get("title")),
        subtitle=_string(fields.get("subtitle")),
        authors=_authors(fields.get("authors")),
        publisher=_string(fields.get("publisher")),
        published=_date(fields.get("published")),
        language=language_code(_string(fields.get("language"))),
    )
    notices = []
    if fields.get("published") is not None and metadata.published is None:
        shown = _shown(fields["published"])
        notices.append(Notice("warning", f"front matter states no date: {shown}", 0, end))
    return FrontMatter(end, metadata, tuple(_drafts(root, source, start)), tuple(notices))


@cache
def _fields() -> dict[str, Field]:
    return {row.key: row.field for row in rows("reading_front_matter", _Row)}


def _stated(values: dict[Any, Any]) -> list[tuple[str, Any]]:
    # Backwards, so that of two keys for one field the first counts.
    return [
        (key.strip().lower(), value)
        for key, value in reversed(values.items())
        if isinstance(key, str)
    ]


def _drafts(root: yaml.MappingNode, source: str, offset: int) -> list[Draft]:
    drafts: list[Draft] = []
    builder = PassageBuilder(source)
    sections: dict[Field, Section] = {"title": "title", "subtitle": "dek"}
    for key, value in root.value:
        if not isinstance(key, yaml.ScalarNode) or not isinstance(value, yaml.ScalarNode):
            continue
        field = _fields().get(key.value.strip().lower())
        section = sections.get(field) if field else None
        if section is None:
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


def _string(value: Any) -> str | None:
    return folded(value) if isinstance(value, str) else None


def _authors(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    names: dict[str, None] = {}
    for item in values:
        name = _string(item.get("name") if isinstance(item, dict) else item)
        if name is not None:
            names.update(dict.fromkeys(split_names(name)))
    return tuple(names)


def _date(value: Any) -> str | None:
    if isinstance(value, datetime.date):  # a datetime is one too
        return value.isoformat()[:10]
    if isinstance(value, int):
        # Of thousands of digits Python makes no string, and a date has eight.
        value = str(value) if abs(value) < 10**8 else ""
    return stated_date(value) if isinstance(value, str) else None


def _shown(value: Any) -> str:
    """A value as a message has it; of what is no text its type."""
    return repr(value[:100]) if isinstance(value, str) else type(value).__name__
