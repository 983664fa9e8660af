"""Records as spaCy Docs, for training and for matching with spaCy's own tools."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from ..records import EntityRecord, PredictionRecord, QuoteRecord, Span
from .collect import places
from .texts import Text

if TYPE_CHECKING:
    import spacy.tokens
    from spacy.language import Language

GROUPS = ("entity", "date", "event", "prediction", "quote", "cue", "speaker")


def docbin_files(texts: Iterable[Text]) -> Iterator[tuple[str, bytes]]:
    """`claims.spacy`, a DocBin with one Doc an article.

    The Doc's text is the article's reading text. `doc.ents` are the named mentions, with the
    record's id as `ent_id`; where two overlap, the longer one. `doc.spans` has the groups
    `entity`, `date`, `event` (triggers), `prediction` (propositions), `quote` (contents), `cue`
    and `speaker`, whose spans may overlap; a span's `id_` is its record's, its label is the
    entity's or date's type, the likelihood's level, the type of quote, or the group. Tokens are
    those of a blank English pipeline, split further where a span begins or ends inside one, so
    every span is exact. `doc.user_data["article"]` is the article's id.
    """
    import spacy
    from spacy.tokens import DocBin

    nlp = spacy.blank("en")
    bin = DocBin(attrs=["ORTH", "SPACY", "ENT_IOB", "ENT_TYPE", "ENT_ID"], store_user_data=True)
    for text in texts:
        bin.add(_doc(text, nlp))
    yield "claims.spacy", bin.to_bytes()


def _doc(text: Text, nlp: Language) -> spacy.tokens.Doc:
    from spacy.tokens import SpanGroup
    from spacy.util import filter_spans

    marked = [(group, label, id, text.place(span)) for group, label, id, span in _labelled(text)]
    edges = sorted({edge for *_, place in marked for edge in place})
    doc = _split(nlp, text.article.text, edges)
    doc.user_data["article"] = text.records.id
    groups: dict[str, list[spacy.tokens.Span]] = {group: [] for group in GROUPS}
    for group, label, id, (start, end) in marked:
        groups[group].append(_span(doc, start, end, label=label, id=id))
    for group, spans in groups.items():
        doc.spans[group] = SpanGroup(doc, name=group, spans=spans)
    doc.set_ents(filter_spans(groups["entity"]))
    return doc


def _span(doc: spacy.tokens.Doc, start: int, end: int, *, label: str, id: str) -> spacy.tokens.Span:
    span = doc.char_span(start, end, label=label, span_id=id)
    assert span is not None  # its edges are edges of tokens
    return span


def _labelled(text: Text) -> Iterator[tuple[str, str, str, Span]]:
    """Group, label, record id and place of every span."""
    for record in text.records.others:
        kind = str(record.__struct_config__.tag)
        if kind not in GROUPS:
            continue
        if isinstance(record, PredictionRecord):
            label: str = record.likelihood.level
        elif isinstance(record, EntityRecord | QuoteRecord):
            label = record.type
        else:
            label = getattr(record, "type", kind)
        for span in places(record):
            yield kind, label, record.id, span
        if isinstance(record, PredictionRecord):
            for cue in record.cues:
                yield "cue", cue.role, record.id, cue
        if isinstance(record, QuoteRecord):
            if record.cue is not None:
                yield "cue", "reporting", record.id, record.cue
            if record.speaker is not None:
                yield "speaker", "speaker", record.id, record.speaker


def _split(nlp: Language, text: str, edges: list[int]) -> spacy.tokens.Doc:
    """A Doc of a text in which every edge is one of a token, too."""
    from spacy.tokens import Doc

    words: list[str] = []
    spaces: list[bool] = []
    for token in nlp.make_doc(text):
        start, end = token.idx, token.idx + len(token)
        inside = edges[bisect_right(edges, start) : bisect_left(edges, end)]
        cuts = [start, *inside, end]
        words += [text[low:high] for low, high in pairwise(cuts)]
        spaces += [*[False] * len(inside), bool(token.whitespace_)]
    return Doc(nlp.vocab, words=words, spaces=spaces)
