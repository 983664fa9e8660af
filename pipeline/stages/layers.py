"""The layers that stages leave on a Doc: typed values in and out, plain builtins in between.

spaCy carries extension values across process borders through `Doc.to_bytes`, which knows lists and
dicts but no Structs, dates or Spans (spaCy 3.8). So a layer is stored once, as builtins, and
converted back on reading. This module alone owns the extensions.
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from spacy.tokens import Doc

from .findings import Context, Date, Entity, Event, Order, Prediction, Problem, Quote

_Finding = TypeVar("_Finding", Date, Entity, Event, Order, Prediction, Problem, Quote)

LAYERS = ("dates", "entities", "quotes", "events", "order", "predictions", "problems", "context")
for _layer in LAYERS:
    if not Doc.has_extension(f"claimline_{_layer}"):
        Doc.set_extension(f"claimline_{_layer}", default=None)


def _get(doc: Doc, layer: str, kind: type[_Finding]) -> list[_Finding]:
    stored: Any = doc._.get(f"claimline_{layer}")
    # Tuples come back from to_bytes as lists; convert accepts both.
    return [] if stored is None else msgspec.convert(stored, list[kind])  # type: ignore[valid-type]


def _set(doc: Doc, layer: str, findings: list[_Finding]) -> None:
    doc._.set(f"claimline_{layer}", msgspec.to_builtins(findings))


def get_dates(doc: Doc) -> list[Date]:
    """The dates found so far, in reading order; empty when the stage has not run."""
    return _get(doc, "dates", Date)


def set_dates(doc: Doc, dates: list[Date]) -> None:
    """Store the dates, in reading order."""
    _set(doc, "dates", dates)


def get_entities(doc: Doc) -> list[Entity]:
    """The entities found so far, in order of their first named mention."""
    return _get(doc, "entities", Entity)


def set_entities(doc: Doc, entities: list[Entity]) -> None:
    """Store the entities."""
    _set(doc, "entities", entities)


def get_quotes(doc: Doc) -> list[Quote]:
    """The quotes found so far, in reading order."""
    return _get(doc, "quotes", Quote)


def set_quotes(doc: Doc, quotes: list[Quote]) -> None:
    """Store the quotes."""
    _set(doc, "quotes", quotes)


def get_events(doc: Doc) -> list[Event]:
    """The dated events found so far, in reading order."""
    return _get(doc, "events", Event)


def set_events(doc: Doc, events: list[Event]) -> None:
    """Store the events."""
    _set(doc, "events", events)


def get_order(doc: Doc) -> list[Order]:
    """The stated order of the events found so far, in reading order of the later-told event."""
    return _get(doc, "order", Order)


def set_order(doc: Doc, order: list[Order]) -> None:
    """Store the stated order of events."""
    _set(doc, "order", order)


def get_predictions(doc: Doc) -> list[Prediction]:
    """The predictions found so far, in reading order."""
    return _get(doc, "predictions", Prediction)


def set_predictions(doc: Doc, predictions: list[Prediction]) -> None:
    """Store the predictions."""
    _set(doc, "predictions", predictions)


def get_problems(doc: Doc) -> list[Problem]:
    """What stages reported so far."""
    return _get(doc, "problems", Problem)


def add_problem(doc: Doc, problem: Problem) -> None:
    """Report what a stage could not do."""
    _set(doc, "problems", [*get_problems(doc), problem])


def get_context(doc: Doc) -> Context:
    """What is known of the article; an empty Context for a Doc made from bare text."""
    stored: Any = doc._.claimline_context
    return Context() if stored is None else msgspec.convert(stored, Context)


def set_context(doc: Doc, context: Context) -> None:
    """Store what is known of the article, before any stage runs."""
    doc._.claimline_context = msgspec.to_builtins(context)
