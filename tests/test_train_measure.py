"""The measures, on annotations whose scores can be counted by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span

pytest.importorskip("torch")

from pipeline.language.encoder import ATTRIBUTION, HEDGES, LINKS, Annotation
from pipeline.train.corpus import Document, Sentence, bio, links
from pipeline.train.measure import (
    _together,
    link_scores,
    name_scores,
    parse_scores,
    raw_scores,
    span_scores,
)

WORDS = ["Ana", "Ito", "said", "rates", "may", "rise", "."]
HEADS = [3, 1, 0, 6, 6, 3, 3]
RELATIONS = ["nsubj", "flat", "root", "nsubj", "aux", "ccomp", "punct"]


def treebank() -> list[Document]:
    layers: dict[str, list[str | None]] = {
        "upos": ["PROPN", "PROPN", "VERB", "NOUN", "AUX", "VERB", "PUNCT"],
        "xpos": ["NNP", "NNP", "VBD", "NNS", "MD", "VB", "."],
        "feats": ["_"] * 7,
        "lemma": ["Ana", "Ito", "say", "rate", "may", "rise", "."],
        "rel": list(RELATIONS),
        "ner": list(bio(7, [(0, 2, "PERSON")])),
        "attribution": list(bio(7, [(0, 2, "SOURCE"), (2, 3, "CUE"), (3, 6, "CONTENT")])),
        "hedges": list(bio(7, [(4, 5, "CUE")])),
    }
    spaces = [True] * 5 + [False, True]
    return [Document("a", "ewt", [Sentence(list(WORDS), spaces, layers, list(HEADS))])]


def annotator(edit: Any) -> Language:
    """A pipeline that annotates as `edit` says."""
    nlp = spacy.blank("en")
    name = f"test_{edit.__name__}"
    Language.component(name, func=edit)
    nlp.add_pipe(name)
    return nlp


def parsed(doc: Doc) -> Doc:
    """The true tree, but "rates" is the object of "said"."""
    heads = [2, 0, 2, 2, 5, 2, 2]
    labels = ["nsubj", "flat", "ROOT", "obj", "aux", "ccomp", "punct"]
    upos = ["PROPN", "PROPN", "VERB", "NOUN", "AUX", "NOUN", "PUNCT"]
    return doc.from_array(
        ["HEAD", "DEP", "POS"],
        Doc(doc.vocab, words=[t.text for t in doc], heads=heads, deps=labels, pos=upos).to_array(
            ["HEAD", "DEP", "POS"]
        ),
    )


def tagged(doc: Doc) -> Doc:
    """One right span with the wrong type, one found too much, attributions half right."""
    doc.ents = (Span(doc, 0, 2, label="ORG"), Span(doc, 3, 4, label="GPE"))
    doc.spans[ATTRIBUTION] = [
        Span(doc, 0, 1, label="SOURCE"),
        Span(doc, 2, 3, label="CUE"),
        Span(doc, 5, 6, label="CUE"),
    ]
    doc.spans[HEDGES] = [Span(doc, 4, 5, label="CUE")]
    return doc


def test_raw_scores_match_words_and_heads_by_offset() -> None:
    scores = raw_scores(annotator(parsed), treebank())
    assert scores["words"] == 100
    assert scores["upos"] == pytest.approx(100 * 6 / 7)
    assert scores["uas"] == scores["las"] == pytest.approx(100 * 6 / 7)


def test_name_scores_tell_type_from_span() -> None:
    scores = name_scores(annotator(tagged), treebank())
    assert (scores["p"], scores["r"], scores["f"]) == (0, 0, 0)
    assert scores["untyped f"] == pytest.approx(100 * 2 / 3)


def test_unsaid_words_do_not_count_against_names() -> None:
    documents = treebank()
    documents[0].set_layer("ner", [None] * 7)
    assert name_scores(annotator(tagged), documents)["p"] == 0
    documents[0].set_layer("ner", ["B-ORG", "I-ORG", None, None, None, None, None])
    assert name_scores(annotator(tagged), documents)["f"] == 100


def test_span_scores_by_label() -> None:
    report = span_scores(annotator(tagged), treebank())
    assert report["attribution SOURCE"] == {"p": 100, "r": 100, "exact": 0}
    assert report["attribution CUE"] == {"p": 50, "r": 100, "exact": pytest.approx(200 / 3)}
    assert report["attribution CONTENT"] == {"p": 0, "r": 0, "exact": 0}
    assert report["hedges CUE"]["exact"] == 100


def test_link_scores_count_words_by_the_likeliest_word_of_each_cue() -> None:
    def linked(doc: Doc) -> Doc:
        doc.user_data[LINKS] = [
            [2, 0.9, [0, 1, 3, 5], [0.8, 0.2, 0.0, 0.1], [0.1, 0.1, 0.6, 0.9]],
            [5, 0.6, [0], [0.9], [0.0]],
        ]
        return doc

    documents = treebank()
    attribution = [(0, 2, "SOURCE"), (2, 3, "CUE"), (3, 6, "CONTENT")]
    documents[0].set_layer("links", links(7, [attribution]))
    report = link_scores(annotator(linked), documents)
    assert report["links cues"] == {"p": 50, "r": 100, "f": pytest.approx(200 / 3)}
    assert report["links SOURCE"] == {"p": 100, "r": 50, "f": pytest.approx(200 / 3)}
    assert report["links CONTENT"] == {"p": 100, "r": pytest.approx(200 / 3), "f": 80}


def test_parse_scores_count_words() -> None:
    labels = {
        "upos": ["PROPN", "VERB", "NOUN", "AUX", "PUNCT"],
        "xpos": ["NNP", "VBD"],
        "feats": ["_"],
        "lemma": ["k0:", "=say", "k1:"],
        "rel": ["root", "nsubj", "flat", "aux", "ccomp", "punct"],
    }

    def annotate(texts: list[str], starts: Any) -> Annotation:
        return Annotation(
            tokens={
                "upos": np.array([0, 0, 1, 2, 3, 1, 4]),
                "xpos": np.array([0, 0, 1, 0, 0, 0, 0]),
                "feats": np.zeros(7, np.int64),
                "lemma": np.array([0, 0, 1, 2, 0, 0, 0]),
            },
            spans={},
            heads=np.array([2, 0, 2, 5, 5, 2, 0]),
            relations=np.array([1, 2, 0, 1, 3, 5, 5]),
            starts=np.array([True, False, False, True, False, False, False]),
            links=[],
            forced=[],
        )

    encoder: Any = SimpleNamespace(
        meta=SimpleNamespace(labels=labels, inflections={}), annotate=annotate
    )
    scores = parse_scores(encoder, treebank())
    assert scores["upos"] == scores["lemma"] == scores["feats"] == 100
    assert scores["xpos"] == pytest.approx(100 * 3 / 7)
    assert scores["uas"] == pytest.approx(100 * 6 / 7)
    assert scores["las"] == pytest.approx(100 * 5 / 7)
    assert scores["sentences"] == pytest.approx(100 * 2 / 3)
    assert scores["words"] == 7


def test_scores_of_sets_together_are_weighted_by_words() -> None:
    assert _together([{"las": 90, "words": 30}, {"las": 80, "words": 10}]) == {"las": 87.5}
