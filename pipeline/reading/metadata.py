"""What is stated about an article outside its text, and which statement counts."""

from __future__ import annotations

from pathlib import Path

import msgspec

from ..errors import ArticleError
from .datelines import stated_date
from .files import read_bytes

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
        ArticleError: it is no JSON object, a field has another type, or the date is none.
    """
    sidecar = path.with_name(path.stem + SIDECAR_SUFFIX)
    try:
        if not sidecar.is_file():
            return Metadata()
    except ValueError:  # a NUL in the name: reading the article itself says so
        return Metadata()
    try:
        fields = msgspec.json.decode(read_bytes(sidecar), type=_Sidecar)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ArticleError(f"{sidecar}: {error}; correct or remove it") from error
    published = None
    if fields.published:
        published = stated_date(fields.published)
        if published is None:
            raise ArticleError(
                f"{sidecar}: published {fields.published!r} is no date; expected one such as "
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
