"""Types of names, where a source does not tell them: small lists kept in `names.jsonl`.

Rows are `{"text", "list", "type"}`. Lists: `title` (words before a person's name that are no
part of it), `head` (words in a name that decide the type of a place, a title or a work), `name`
(whole names), `demonym` (plural peoples and followers).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path


@cache
def _rows(kind: str) -> dict[str, str]:
    """One list: lower-cased text -> type."""
    table = {}
    for line in Path(__file__).with_name("names.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["list"] == kind:
            table[row["text"].lower()] = row["type"]
    return table


def place_type(name: Sequence[str]) -> str:
    """GPE, LOC or FAC for the name of a place; most places that news names are GPE."""
    words = [w.lower() for w in name if w.lower() not in ("the",)]
    whole = _rows("name").get(" ".join(words))
    if whole:
        return whole
    heads = _rows("head")
    # "Lake Geneva", "Geneva Airport": the kind stands first or last, last wins
    for word in (*words[-1:], *words[:1]):
        if heads.get(word) in ("LOC", "FAC"):
            return heads[word]
    return "GPE"


def title_type(name: Sequence[str]) -> str | None:
    """LAW, WORK_OF_ART, EVENT, LANGUAGE or PRODUCT when a word of the name says so, else None."""
    heads = _rows("head")
    for word in reversed(name):
        kind = heads.get(word.lower())
        if kind in ("LAW", "WORK_OF_ART", "EVENT", "PRODUCT", "LANGUAGE"):
            return kind
    return _rows("name").get(" ".join(name).lower())


def is_plural_demonym(word: str) -> bool:
    """True for "Germans", "Republicans", "Sunnis"."""
    return word.lower() in _rows("demonym")


def strip_title(name: Sequence[str]) -> int:
    """How many words at the beginning of a person's name are titles; never all of them.

    Example:
        >>> strip_title(["Prime", "Minister", "Ito"])
        2
    """
    titles = _rows("title")
    at = 0
    while at < len(name) - 1:
        two = " ".join(name[at : at + 2]).lower()
        if two in titles and at + 2 < len(name):
            at += 2
        elif name[at].lower() in titles:
            at += 1
        else:
            break
    return at
