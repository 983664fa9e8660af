"""What `stats.profile` counts, as tables in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from .stats import COUNTED, Coverage, Profile
from .table import table

if TYPE_CHECKING:
    from rich.table import Table

MOST_SPEAKERS = 20
"""How many speakers are shown; the other formats have all."""

# Of the levels of likelihood those on one side of even are told together, so that a row fits.
_LEVELS = {
    "unlikely": ("almost-no-chance", "very-unlikely", "unlikely"),
    "even": ("even",),
    "likely": ("likely", "very-likely", "almost-certain"),
    "possible": ("possible",),
    "no level": ("unspecified",),
}


def stats_tables(profiles: Sequence[Profile]) -> list[Table]:
    """The articles; how hedged they are, whole and by section; their speakers; their dates.

    Sections and speakers are those of all articles together. What would be empty is left out.
    """
    if not profiles:
        return []
    scope = profiles[0].article
    wholes = sorted((p for p in profiles if p.group == "all"), key=lambda p: p.article is None)
    sections = [p for p in profiles if p.article == scope and p.group == "section" and p.claims]
    speakers = [p for p in profiles if p.article == scope and p.group == "speaker"]
    articles = ["all" if p.article is None else p.article for p in wholes]
    shown = speakers[:MOST_SPEAKERS]
    names = [p.name or "" for p in shown]
    if len(speakers) > len(shown):
        names.append(f"… and {len(speakers) - len(shown)} more")
    tables = [
        {
            "article": articles,
            "sentences": [_number(p.sentences) for p in wholes],
            **{kind: [_number(p.records[kind]) for p in wholes] for kind in COUNTED},
        },
        {"how hedged": articles, **_hedging(wholes), **_more(wholes)},
        {"section": [p.name or "" for p in sections], **_hedging(sections), **_more(sections)},
        {
            "speaker": names,
            "articles": [_number(p.articles) for p in shown] if scope is None else [],
            "quotes": [_number(p.records["quote"]) for p in shown],
            **_hedging(shown),
        },
        {
            "time": articles,
            **_covered("dates", [p.dates for p in wholes]),
            **_covered("events", [p.events for p in wholes]),
            **_covered("horizons", [p.horizons for p in wholes]),
        },
    ]
    return [_figures(columns) for columns in tables if any(map(any, columns.values()))]


def _hedging(profiles: Sequence[Profile]) -> dict[str, list[str]]:
    shares = [p.hedging for p in profiles]
    return {
        "claims": [_number(p.claims) for p in profiles],
        "hedged": ["" if share is None else f"{100 * share:.0f} %" for share in shares],
        **{
            name: [_number(sum(p.levels.get(level, 0) for level in levels)) for p in profiles]
            for name, levels in _LEVELS.items()
        },
    }


def _more(profiles: Sequence[Profile]) -> dict[str, list[str]]:
    return {
        "future": [_number(p.orientations.get("future")) for p in profiles],
        "negative": [_number(p.negative) for p in profiles],
        "with if": [_number(p.conditional) for p in profiles],
    }


def _covered(name: str, coverages: Sequence[Coverage]) -> dict[str, list[str]]:
    """How many have a day, and from when until when they reach."""
    return {
        name: [f"{c.dated} of {c.count}" if c.count else "" for c in coverages],
        f"{name} from – to": [f"{c.first} – {c.last}" if c.first else "" for c in coverages],
    }


def _number(count: int | None) -> str:
    return str(count) if count else ""


def _figures(columns: Mapping[str, Sequence[str]]) -> Table:
    """Names and their figures; a column that is too short is blank from there on."""
    first = next(iter(columns))
    rows = max(map(len, columns.values()))
    shown = {
        name: [*cells, *[""] * (rows - len(cells))]
        for name, cells in columns.items()
        if any(cells) or name == first
    }
    figures = [name for name in shown if name != first]
    return table(shown, right=figures, whole=figures)
