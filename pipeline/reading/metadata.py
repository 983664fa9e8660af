"""What is stated about an article outside its text, and which statement counts."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from ..errors import ArticleError
from .datelines import stated_date
from .files import check_inside, read_bytes

SIDECAR_SUFFIX = ".meta.json"


class Metadata(msgspec.Struct, frozen=True, kw_only=True):
    """Statements of one origin; what it does not state is None or empty."""

    title: str | None = None
    subtitle: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    published: str | None = None
    language: str | None = None

    def over(self, other: Metadata) -> Metadata:
        """These statements, with those of `other` where there is none."""
        return Metadata(
            title=self.title or other.title,
            subtitle=self.subtitle or other.subtitle,
            authors=self.authors or other.authors,
            publisher=self.publisher or other.publisher,
            published=self.published or other.published,
            language=self.language or other.language,
        )


class _Sidecar(msgspec.Struct):
    """`NAME.meta.json`. Further fields (source, licence) are for people and are not read."""

    title: str | None = None
    subtitle: str | None = None
    authors: list[str] = []
    publisher: str | None = None
    published: str | None = None
    language: str | None = None


def read_sidecar(path: Path) -> Metadata:
    """What `NAME.meta.json` beside the article states; nothing when there is none.

    Raises:
        ArticleError: it is no JSON object, a field has another type, the date is none, or it is no
            regular file in the article's folder.
    """
    sidecar = path.with_name(path.stem + SIDECAR_SUFFIX)
    try:
        if not os.path.lexists(sidecar):
            return Metadata()
    except ValueError:  # a NUL in the name: reading the article itself says so
        return Metadata()
    check_inside(sidecar, path.parent)
    try:
        fields = msgspec.json.decode(read_bytes(sidecar), type=_Sidecar)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ArticleError(f"{sidecar}: {error}; correct or remove it") from error
    published = None
    if fields.published:
        published = stated_date(fields.published)
        if published is None:
            raise ArticleError(
                f"{sidecar}: published {fields.published[:100]!r} is no date; expected one such as "
                "2021-09-21"
            )
    return Metadata(
        title=folded(fields.title),
        subtitle=folded(fields.subtitle),
        authors=tuple(filter(None, map(folded, fields.authors))),
        publisher=folded(fields.publisher),
        published=published,
        language=language_code(fields.language),
    )


def language_code(value: str | None) -> str | None:
    """The language alone: "en" of "en-GB" or "en_US"."""
    code = (value or "").replace("_", "-").split("-")[0].strip().lower()
    return code if 2 <= len(code) <= 3 and code.isascii() and code.isalpha() else None


def folded(text: str | None) -> str | None:
    """The text with single spaces, None when nothing is left."""
    return " ".join(text.split()) or None if text else None
