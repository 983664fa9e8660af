"""The record reference as Markdown, made from the types and their docstrings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, get_args, get_origin, get_type_hints

from .records import KINDS, SCHEMA_VERSION, documented, structs

_PLAIN = {str: "text", int: "integer", float: "number", bool: "true or false", type(None): "null"}

_INTRODUCTION = f"""# The records

Schema version {SCHEMA_VERSION}. This page is made from the types in `pipeline/records.py`:
`claimline schema --markdown` writes it, and `claimline schema` the same as JSON Schema.

`claimline extract` writes a file an article, UTF-8, one JSON object a line: first the `article`,
then all others in reading order, those without a place last. Fields may be added within a schema
version, never renamed.

`start` and `end` are code points of the article's file as decoded (a byte order mark counts as
one, CRLF as two): `source[start:end]` is what stands there, markup and all; `text` is the same as a
reader sees it.
"""


def markdown() -> str:
    """The reference of the kinds and of what they are made of, ending in a line feed.

    Example:
        >>> markdown().startswith("# The records")
        True
    """
    located = KINDS["entity"].__base__
    assert located is not None
    common = set(get_type_hints(located))
    lines = [_INTRODUCTION, "| kind | |", "|---|---|"]
    for kind, struct in KINDS.items():
        summary = documented(struct)[0].partition("\n\n")[0]
        lines.append(f"| [`{kind}`](#{kind}) | {summary} |")
    lines += ["", "## Common fields", "", "What every kind but `article` and `problem` has:", ""]
    lines += _table(located, common)
    for kind, struct in KINDS.items():
        lines += ["", f"## {kind}", "", documented(struct)[0], ""]
        own = set(get_type_hints(struct))
        lines += _table(struct, own - common if issubclass(struct, located) else own)
    lines += ["", "## Parts"]
    for struct in structs():
        if struct not in KINDS.values():
            lines += ["", f"### {struct.__name__}", "", documented(struct)[0], ""]
            lines += _table(struct, set(get_type_hints(struct)))
    return "\n".join(lines) + "\n"


def _table(struct: type, names: Iterable[str]) -> Iterator[str]:
    hints = get_type_hints(struct)
    yield "| field | type | |"
    yield "|---|---|---|"
    for name, text in documented(struct)[1].items():
        if name in names:
            yield f"| `{name}` | {_type(hints[name])} | {text} |"


def _type(hint: object) -> str:
    """A type in words: text, [Span](#span), list of text, one of `a`, `b`, or null."""
    if isinstance(hint, type) and hint in structs():
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    if isinstance(hint, type) and hint in _PLAIN:
        return _PLAIN[hint]
    arguments = get_args(hint)
    origin = get_origin(hint)
    if origin is Literal:
        return ", ".join(f"`{value}`" for value in arguments)
    if origin is tuple:
        return f"list of {_type(arguments[0])}"
    if origin is dict:
        return f"object of {_type(arguments[1])}s"
    # A union; of literals it is one longer list.
    whole = ", ".join(_type(part) for part in arguments if part is not type(None))
    return f"{whole} or null" if type(None) in arguments else whole
