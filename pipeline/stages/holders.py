"""Whose prediction it is."""

from __future__ import annotations

from ..language import syntax
from .drafts import Draft, Surroundings, believer_of
from .findings import Holder, TokenSpan


def holder_of(draft: Draft, around: Surroundings) -> Holder:
    """Who puts it forward: the nearest of cue's subject and source of a quotation, or the author.

    A quotation that the cue opens ("they fear that **it will fall**") knows its source better.
    """
    inside = around.quote_at(draft.target.i)
    for cued in draft.cues:
        subject = believer_of(cued)
        if subject is None:
            continue
        if inside is not None and around.quote_at(cued.anchor.i) != inside:
            source = _source(inside, around)
            if source is not None:
                return source
        entity = around.mentions.get(subject.i)
        return Holder(
            kind="source",
            span=TokenSpan(*syntax.phrase_span(subject)),
            name=None if entity is None else around.entities[entity].name,
            entity=entity,
        )
    source = None if inside is None else _source(inside, around)
    return Holder(kind="author") if source is None else source


def _source(index: int, around: Surroundings) -> Holder | None:
    """The speaker of a quotation, of the one it continues, or of the one it sits in."""
    while True:
        quote = around.quotes[index]
        if quote.speaker is not None:
            return Holder(
                kind="source",
                span=quote.speaker.span,
                name=quote.speaker.name,
                entity=quote.speaker.entity,
                quote=index,
            )
        further = [i for i in (quote.follows, quote.parent) if i is not None and i < index]
        if not further:
            return None
        index = further[0]
