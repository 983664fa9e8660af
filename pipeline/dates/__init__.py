"""Dates: recognised in text, normalised on the calendar, anchored in the passage.

`words` cuts a text into typed atoms, `grammar` recognises expressions and builds the `tree` of
what they say (its rules are in `lengths`, `years`, `days`, `names`, `told`, `parts`, `hours`),
`normalise` gives a tree its value on the `calendar`, `anchor` says what it is told from. None of
it needs a parse; `pipeline.stages.dates` runs it on a Doc.
"""

from __future__ import annotations

import datetime

from .anchor import Anchors
from .grammar import Expression, find_expressions
from .normalise import Value, evaluate
from .words import atoms_of

__all__ = ["Expression", "Value", "resolve"]


def resolve(text: str, *, published: datetime.date) -> Value | None:
    """The first date expression of a text, resolved against the publication date.

    Args:
        text: surface form, as it stands in the article; words around it help.
        published: publication date; local calendar date, no time zone.

    Returns:
        Value (EDTF, ISO 8601), type, first and last day, precision; None when there is no date.

    Example:
        >>> from datetime import date
        >>> resolve("next May", published=date(2024, 6, 2)).value
        '2025-05'
    """
    atoms = atoms_of(text)
    expressions = find_expressions(text, atoms)
    anchors = Anchors(atoms, expressions, published=published.isoformat(), dateline=None)
    for expression in expressions:
        return evaluate(expression.tree, anchors.scene(expression, lambda: None))
    return None
