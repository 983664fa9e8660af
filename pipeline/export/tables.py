"""Records as flat tables, made from the record types: one table a kind, one a list inside a kind.

A field that is a struct becomes columns (`likelihood.low` is `likelihood_low`). A field that is a
list becomes a table of its own, `prediction_cues`: each row has the `article` and `id` of the
record, and its `position` in the list from 0.
"""

from __future__ import annotations

import re
import types
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

import msgspec

from ..errors import RecordError
from ..records import KINDS, Record
from .collect import Collected

Kind = Literal["text", "category", "integer", "number", "boolean", "date"]
Cell = str | int | float | bool | None
Row = tuple[Cell, ...]

LINKS = {
    ("event", "date_id"): "date",
    ("event", "source"): "quote",
    ("event_participants", "entity"): "entity",
    ("event_order", "event"): "event",
    ("prediction", "holder_entity"): "entity",
    ("prediction", "holder_quote"): "quote",
    ("prediction", "horizon_id"): "date",
    ("quote", "speaker_entity"): "entity",
    ("quote", "date_id"): "date",
    ("quote", "parent"): "quote",
}
"""The columns that hold the id of another record of the same article, and of what kind it is."""

_KEY = ("article", "id")
_DATES = ("earliest", "latest")
_DAY = re.compile(r"(-?\d{4,6})-(\d\d)-(\d\d)", re.ASCII)


class Column(NamedTuple):
    """A column.

    Attributes:
        name: the fields on the way to it, joined by `_`.
        kind: what its cells are; a `date` is an ISO day as text, maybe before year 0.
        optional: whether cells may be None.
        choices: what a `category` may be, in the order in which the record type names them.
        path: the fields on the way to it.
    """

    name: str
    kind: Kind
    optional: bool
    choices: tuple[str, ...]
    path: tuple[str, ...]


class Table(NamedTuple):
    """A table with its rows.

    Attributes:
        name: a kind, or a kind and the name of a list in it.
        parent: the kind whose list it is; None for the table of a kind.
        columns: in order.
        rows: a cell a column.
    """

    name: str
    parent: str | None
    columns: tuple[Column, ...]
    rows: list[Row]


def tables(articles: Iterable[Collected]) -> list[Table]:
    """All tables, those of kinds each followed by those of their lists, empty ones too.

    Raises:
        RecordError: a number or a date that no table can hold.
    """
    made: dict[str, Table] = {}
    for kind, record_type in KINDS.items():
        columns, lists = _shape(record_type)
        made[kind] = Table(kind, None, columns, [])
        for name, columns in lists.items():
            made[f"{kind}_{name}"] = Table(f"{kind}_{name}", kind, columns, [])
    for article in articles:
        for record in (article.article, *article.others):
            _add(record, made)
    return list(made.values())


def _add(record: Record, made: dict[str, Table]) -> None:
    kind = record.__struct_config__.tag
    table = made[str(kind)]
    table.rows.append(tuple(_cell(record, column, record.id) for column in table.columns))
    for name in _shape(type(record))[1]:
        child = made[f"{kind}_{name}"]
        values = getattr(record, name)
        for position, value in enumerate(values.items() if isinstance(values, dict) else values):
            key = (record.article, record.id, position)
            rest = (_cell(value, column, record.id) for column in child.columns[len(key) :])
            child.rows.append((*key, *rest))


def _cell(value: Any, column: Column, id: str) -> Cell:
    for field in column.path:
        if value is None:
            return None
        value = value[int(field)] if isinstance(value, tuple) else getattr(value, field)
    if isinstance(value, str):
        if column.kind == "date" and not _is_day(value):
            raise RecordError(f"{id}: {column.name} is {value!r}, which is no ISO day")
        return value
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise RecordError(f"{id}: {column.name} is {value}, more than any table can hold")
    assert value is None or isinstance(value, int | float)
    return value


def _is_day(text: str) -> bool:
    """Whether a text is an ISO day that exists."""
    match = _DAY.fullmatch(text)
    if match is None:
        return False
    year, month, day = map(int, match.groups())
    # The calendar comes again after 400 years, and the standard library's begins with year 1.
    return 1 <= month <= 12 and 1 <= day <= monthrange(2000 + year % 400, month)[1]


@cache
def _shape(record_type: type[Record]) -> tuple[tuple[Column, ...], dict[str, tuple[Column, ...]]]:
    """The columns of a kind's table, and those of the tables of its lists by field."""
    columns: list[Column] = []
    lists = {}
    for name, annotation, optional in _fields(record_type):
        if get_origin(annotation) is tuple:
            lists[name] = (*_list_key(), *_columns(get_args(annotation)[0], (), "value"))
        elif get_origin(annotation) is dict:
            name_type, value_type = get_args(annotation)
            key = Column("name", _kind("name", name_type), False, (), ("0",))
            value = Column("value", _kind("value", value_type), False, (), ("1",))
            lists[name] = (*_list_key(), key, value)
        else:
            columns += _columns(annotation, (name,), name, optional=optional)
    # What says which record it is comes first.
    columns.sort(key=lambda column: _KEY.index(column.name) if column.name in _KEY else len(_KEY))
    return tuple(columns), lists


def _list_key() -> list[Column]:
    keys: list[tuple[str, Kind]] = [("article", "text"), ("id", "text"), ("position", "integer")]
    return [Column(name, kind, False, (), ()) for name, kind in keys]


def _columns(
    annotation: Any, path: tuple[str, ...], name: str, *, optional: bool = False
) -> Iterator[Column]:
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        for field, inner, may_lack in _fields(annotation):
            joined = (*path, field)
            yield from _columns(inner, joined, "_".join(joined), optional=optional or may_lack)
    else:
        choices = get_args(annotation) if get_origin(annotation) is Literal else ()
        leaf = path[-1] if path else name
        yield Column(name, _kind(leaf, annotation), optional, choices, path)


def _fields(struct: type[msgspec.Struct]) -> Iterator[tuple[str, Any, bool]]:
    """Name, type without None, and whether it may be None, of each field."""
    for field in msgspec.structs.fields(struct):
        annotation: Any = field.type
        optional = False
        if get_origin(annotation) in (Union, types.UnionType):
            inner = [part for part in get_args(annotation) if part is not type(None)]
            optional = len(inner) < len(get_args(annotation))
            (annotation,) = inner
        yield field.name, annotation, optional


_SCALARS: Sequence[tuple[type, Kind]] = [
    (bool, "boolean"),
    (int, "integer"),
    (float, "number"),
    (str, "text"),
]


def _kind(name: str, annotation: Any) -> Kind:
    if get_origin(annotation) is Literal:
        return "category"
    if name in _DATES:
        return "date"
    return next(kind for scalar, kind in _SCALARS if annotation is scalar)
