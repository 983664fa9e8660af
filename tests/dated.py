"""Docs with a publication date and nothing else: dates need neither tags nor a parse."""

from __future__ import annotations

from spacy.tokens import Doc

from pipeline.language import blank_nlp
from pipeline.stages import layers
from pipeline.stages.findings import Context

NLP = blank_nlp()
PUBLISHED = "2015-09-22"  # a Tuesday


def doc_of(text: str, published: str | None = PUBLISHED, dateline: str | None = None) -> Doc:
    doc = NLP.make_doc(text)
    layers.set_context(doc, Context(published=published, dateline=dateline))
    return doc
