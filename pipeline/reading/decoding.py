"""Bytes to text, strictly: what cannot be decoded for certain is refused, never replaced."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from charset_normalizer import from_bytes

from ..errors import ArticleError

# The longer marks first: UTF-32's little-endian mark begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(
    rb"""<meta[^<>]{0,200}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([A-Za-z0-9._:-]{1,40})"""
    rb"""|<\?xml[^<>]{0,200}?encoding\s{0,9}=\s{0,9}["']([A-Za-z0-9._:-]{1,40})""",
    re.IGNORECASE,
)
_DECLARATION_BYTES = 4096  # the HTML standard asks for it in the first 1,024
_SAMPLE_BYTES = 65_536
_WINDOW_BYTES = 256

# A rival reading within these distances of the best (charset-normalizer's mess ratio and language
# coherence, both 0 to 1) leaves the encoding in doubt. Over English, Polish and Russian newspaper
# sentences in nine code pages the wrong pages stay that near and the right one seldom does.
_CLEAR_CHAOS = 0.02
_CLEAR_COHERENCE = 0.05
_MAX_ACCENTED_SHARE = 0.12
_MIN_TELLING_BYTES = 24
_NON_ASCII = re.compile(rb"[\x80-\xff]")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")

_SMALL, _CAPITAL = "a-zß-öø-ÿœšž", "A-ZÀ-ÖØ-ÞŒŠŽŸ"
_ACCENTED = re.compile("[ß-öø-ÿœšžÀ-ÖØ-ÞŒŠŽŸ]")
_WRONG_PAGE = re.compile(
    f"[{_SMALL}{_CAPITAL}][^\\x00-\\x7f{_SMALL}{_CAPITAL}‘’“”–—…·\\xa0\\xad]{{1,4}}[{_SMALL}{_CAPITAL}]"
    f"|[{_SMALL}][À-ÖØ-ÞŒŠŽŸ]"
)

# What a declared encoding must read as it stands, since that is how its declaration was read:
# another one (UTF-16, EBCDIC) or an escape (UTF-7, "unicode_escape") is declared by mistake.
_ASCII = rb"<meta charset='x'>\n\u0041 +AGE-"

# On the web these names have always meant the Windows code page (WHATWG Encoding Standard).
_WEB_NAMES = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030"}


class Decoded(NamedTuple):
    """A decoded file, and whether the encoding was guessed rather than stated."""

    text: str
    encoding: str
    guessed: bool


def decode(data: bytes, *, name: str) -> Decoded:
    r"""Decode a file: byte order mark, UTF-8, the encoding it declares, then clear detection.

    The byte order mark stays in the text as one code point and line ends stay as they are.

    Args:
        data: the bytes of the file.
        name: the path, for the error's message.

    Raises:
        ArticleError: the bytes do not fit their mark, are no text, or the encoding is in doubt.

    Example:
        >>> decode("naïve".encode("utf-16"), name="a.txt")
        Decoded(text='\ufeffnaïve', encoding='utf-16-le', guessed=False)
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return Decoded(_decode_marked(data, encoding, name), encoding, False)
    if b"\x00" in data:
        raise ArticleError(f"{name}: {_binary_reason(data)}")
    text = _attempt(data, "utf-8")
    if text is not None:
        return Decoded(text, "utf-8", False)
    declared = _declared(data)
    if declared is not None:
        text = _attempt(data, declared)
        if text is not None:
            return Decoded(text, declared, False)
    detected = _detect(data)
    if detected is not None:
        text = _attempt(data, detected)
        if text is not None:
            return Decoded(text, detected, True)
    raise ArticleError(
        f"{name}: neither UTF-8 nor clearly any other encoding; save it as UTF-8, or say its "
        "encoding in a byte order mark or, in HTML, a meta charset"
    )


def _decode_marked(data: bytes, encoding: str, name: str) -> str:
    text = _attempt(data, encoding)
    if text is None:
        raise ArticleError(
            f"{name}: begins with the byte order mark of {encoding} but is not valid {encoding}; "
            "save it again as UTF-8"
        )
    if "\x00" in text:
        raise ArticleError(f"{name}: holds NUL characters, so it is no text; is it a binary file?")
    return text


def _attempt(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _binary_reason(data: bytes) -> str:
    sample = data[:4096]
    nul_share = sample.count(0) / len(sample)
    if 0.4 < nul_share < 0.6:
        return "looks like UTF-16 without a byte order mark; save it as UTF-8"
    return "holds NUL bytes, so it is no text; is it a binary file?"


def _declared(data: bytes) -> str | None:
    match = _DECLARED.search(data, 0, _DECLARATION_BYTES)
    if match is None:
        return None
    try:
        name = codecs.lookup((match[1] or match[2]).decode("ascii")).name
    except LookupError:
        return None
    name = _WEB_NAMES.get(name, name)
    return name if _attempt(_ASCII, name) == _ASCII.decode("ascii") else None


def _detect(data: bytes) -> str | None:
    """The encoding that is clearly the likeliest, judged on the parts that are not ASCII."""
    sample = _telling_parts(data)
    if _CONTROL.search(sample):
        return None
    western = _attempt(sample, "cp1252")
    if western is not None and _reads_as_western(western):
        return "cp1252"
    if len(_NON_ASCII.findall(sample)) < _MIN_TELLING_BYTES:
        return None
    matches = list(from_bytes(sample))
    if not matches:
        return None
    best = matches[0]
    for rival in matches[1:]:
        as_orderly = rival.chaos <= best.chaos + _CLEAR_CHAOS
        as_sensible = rival.coherence >= best.coherence - _CLEAR_COHERENCE
        if as_orderly and as_sensible and str(rival) != str(best):
            return None
    return best.encoding


def _reads_as_western(text: str) -> bool:
    """Whether text read as Windows-1252 looks like English with its quotes, dashes and names.

    A wrong code page shows at once: symbols inside words ("Wa³êsa"), capitals behind small letters
    ("isnÕt"), or accents everywhere.
    """
    if _WRONG_PAGE.search(text):
        return False
    letters = sum(character.isalpha() for character in text)
    return len(_ACCENTED.findall(text)) <= _MAX_ACCENTED_SHARE * letters


def _telling_parts(data: bytes) -> bytes:
    if len(data) <= _SAMPLE_BYTES:
        return data
    parts, size, position = [], 0, 0
    for match in re.finditer(rb"[\x80-\xff]+", data):
        if match.start() < position:
            continue
        start = max(position, match.start() - _WINDOW_BYTES)
        position = match.end() + _WINDOW_BYTES
        parts.append(data[start:position])
        size += position - start
        if size > _SAMPLE_BYTES:
            break
    return b"\n".join(parts)
