"""Record ids: digests of what a record says, never of where it stands."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable

# Only characters that articles vary freely between revisions: quotation marks and dashes.
_FOLD = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
    }
)


def fold(text: str) -> str:
    """Fold what an edit may change without changing what is said: case, quotes, dashes, space.

    Example:
        >>> fold("“We  will\u00a0not”—now")
        '"we will not"-now'
    """
    return " ".join(text.translate(_FOLD).casefold().split())


def record_id(kind: str, *fields: str) -> str:
    """The id of a record, before twins are told apart: kind, `-`, ten hexadecimal digits.

    Args:
        kind: the record's kind.
        fields: its identifying fields, in the order of the record contract.

    Example:
        >>> record_id("entity", "PERSON", "Ana Ruiz") == record_id("entity", "PERSON", "ANA  RUIZ")
        True
    """
    # U+001F cannot stand in folded text (it is white space there), so fields never run together.
    joined = "\x1f".join(fold(field) for field in fields)
    digest = hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{kind}-{digest[:10]}"


def number_twins(ids: Iterable[str]) -> list[str]:
    """Give equal ids, in the order they come, the suffixes `-2`, `-3` and so on.

    Example:
        >>> number_twins(["date-a", "date-b", "date-a"])
        ['date-a', 'date-b', 'date-a-2']
    """
    seen: Counter[str] = Counter()
    numbered = []
    for plain in ids:
        seen[plain] += 1
        numbered.append(plain if seen[plain] == 1 else f"{plain}-{seen[plain]}")
    return numbered
