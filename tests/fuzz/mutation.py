"""Other JSON of JSON: values anywhere in it that are another or gone, names that are another."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

ODD: tuple[object, ...] = (
    None, True, False, 0, -1, 1, 2, 7, 300, 2**31, 2**63, 10**25, -0.0, 0.5, 100.0, 1e308,
    float("inf"), float("nan"), "", " ", "x", "\ud800", "\x00", "\u2028", "x" * 300, [], {}, [[]],
    "9999-12-31", "2014-02-30", "-0044", "10000-01-01", "2014-05", "../2016", "2014/2013",
    [None], "XXXX-22", "name", "quote", "entity", "mention", "even", "author",
)  # fmt: skip


def mutate_lines(data: bytes, choice: int) -> bytes:
    """Change one to three values of JSON Lines; what is none comes back as it is."""
    random = Random(choice)
    try:
        rows: list[Any] = [json.loads(line) for line in data.split(b"\n") if line.strip()]
        for _ in range(random.randint(1, 3)):
            _change(rows, random)
    except (ValueError, RecursionError):
        return data
    return b"".join(_encoded(row) + b"\n" for row in rows)


def _encoded(row: object) -> bytes:
    try:
        return json.dumps(row, separators=(",", ":")).encode()
    except (ValueError, RecursionError):
        return b"null"


def _change(rows: list[Any], random: Random) -> None:
    places = list(_places(rows))
    if not places:
        return
    holder, key = random.choice(places)
    _, value = random.choice([(k, h[k]) for h, k in places])  # one that stands elsewhere
    match random.randrange(6):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, list):
            holder.insert(key, value)
        case 1 | 2 if isinstance(holder[key], int | float) and not isinstance(holder[key], bool):
            holder[key] += random.choice((-1000, -2, -1, 1, 2, 30))
        case 3:
            holder[key] = json.loads(json.dumps(value))
        case 4 if isinstance(holder[key], str) and holder[key]:
            at = random.randrange(len(holder[key]))
            holder[key] = holder[key][:at] + str(random.choice(ODD))[:40] + holder[key][at + 1 :]
        case _:
            holder[key] = random.choice(ODD)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every list or dict with each key that it has."""
    if isinstance(value, dict | list):
        keys = list(value) if isinstance(value, dict) else range(len(value))
        for key in keys:
            yield value, key
            yield from _places(value[key])
