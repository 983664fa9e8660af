"""The stages find the same on a ClearNLP parse (`en_core_web_*`) as on Universal Dependencies."""

from __future__ import annotations

import pytest
import spacy

from pipeline.stages import layers

from .test_syntax import (
    LIKELY_CLEAR,
    LIKELY_UD,
    PASSIVE_CLEAR,
    PASSIVE_UD,
    SAID_CLEAR,
    SAID_UD,
    parsed,
)

ACCORDING_UD = """
According VERB VBG 4 case
to ADP IN 1 fixed
the DET DT 4 det
group NOUN NN 9 obl
, PUNCT , 9 punct
the DET DT 7 det
talks NOUN NNS 9 nsubj
have AUX VBP 9 aux
failed VERB VBN 0 ROOT
again ADV RB 9 advmod
. PUNCT . 9 punct
"""
ACCORDING_CLEAR = """
According VERB VBG 9 prep
to ADP IN 1 prep
the DET DT 4 det
group NOUN NN 2 pobj
, PUNCT , 9 punct
the DET DT 7 det
talks NOUN NNS 9 nsubj
have AUX VBP 9 aux
failed VERB VBN 0 ROOT
again ADV RB 9 advmod
. PUNCT . 9 punct
"""


@pytest.fixture(scope="module")
def stages() -> spacy.Language:
    nlp = spacy.blank("en")
    for stage in ("dates", "entities", "quotes", "speakers", "events", "predictions"):
        nlp.add_pipe(f"claimline_{stage}")
    return nlp


def found(table: str, stages: spacy.Language) -> dict[str, list[object]]:
    doc = parsed(table)
    # The tables' lemmas are the words themselves but for these.
    lemmas = {"said": "say", "signed": "sign", "left": "leave", "won": "win", "was": "be"}
    for token in doc:
        token.lemma_ = lemmas.get(token.text, token.text.lower())
    for _, component in stages.pipeline:
        doc = component(doc)
    return {
        "quotes": [
            (
                quote.type,
                [doc[part.start : part.end].text for part in quote.content],
                quote.speaker and doc[quote.speaker.span.start : quote.speaker.span.end].text,
                quote.cue and doc[quote.cue.span.start : quote.cue.span.end].text,
            )
            for quote in layers.get_quotes(doc)
        ],
        "predictions": [
            (
                [doc[cue.span.start : cue.span.end].text for cue in prediction.cues],
                doc[prediction.proposition.start : prediction.proposition.end].text,
                prediction.polarity,
                prediction.likelihood.level,
                prediction.holder.kind,
            )
            for prediction in layers.get_predictions(doc)
        ],
    }


@pytest.mark.parametrize(
    ("ud", "clear", "counts"),
    [
        (SAID_UD, SAID_CLEAR, (1, 1)),
        (LIKELY_UD, LIKELY_CLEAR, (0, 1)),
        (PASSIVE_UD, PASSIVE_CLEAR, (0, 0)),
        (ACCORDING_UD, ACCORDING_CLEAR, (1, 0)),
    ],
    ids=["said", "likely", "passive", "according-to"],
)
def test_both_schemes_agree(
    ud: str, clear: str, counts: tuple[int, int], stages: spacy.Language
) -> None:
    first, second = found(ud, stages), found(clear, stages)
    assert first == second
    assert (len(first["quotes"]), len(first["predictions"])) == counts
