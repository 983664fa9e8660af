"""The embedded model: what it says of plain sentences, and that it says so whatever comes."""

from __future__ import annotations

import pytest
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.language import blank_nlp
from pipeline.language.encoder import ATTRIBUTION

pytestmark = pytest.mark.model

ARTICLE = """Dam talks resume

OSLO, May 5 — Norway and Chile will resume talks on the Andean dam in June, Foreign Minister
Ana Ruiz said on Tuesday.

"Where would the money come from?" she asked reporters. "We may know more by Friday."

The project could cost $4 billion, according to the World Bank. Critics weren't convinced.
"""


@pytest.fixture(scope="module")
def nlp() -> Language:
    nlp = blank_nlp()
    nlp.add_pipe("claimline_encoder")
    return nlp


@pytest.fixture(scope="module")
def article(nlp: Language) -> Doc:
    return nlp(ARTICLE)


def token(doc: Doc, text: str) -> int:
    return next(token.i for token in doc if token.text == text)


def test_sentences(article: Doc) -> None:
    assert [sentence.text.strip().replace("\n", " ") for sentence in article.sents] == [
        "Dam talks resume",
        "OSLO, May 5 — Norway and Chile will resume talks on the Andean dam in June, "
        "Foreign Minister Ana Ruiz said on Tuesday.",
        '"Where would the money come from?" she asked reporters.',
        '"We may know more by Friday."',
        "The project could cost $4 billion, according to the World Bank.",
        "Critics weren't convinced.",
    ]


@pytest.mark.parametrize(
    ("word", "pos", "tag", "lemma", "relation", "head"),
    [
        ("said", "VERB", "VBD", "say", "ROOT", "said"),
        ("Ruiz", "PROPN", "NNP", "Ruiz", "flat", "Ana"),
        ("could", "AUX", "MD", "could", "aux", "cost"),
        ("asked", "VERB", "VBD", "ask", "ROOT", "asked"),
        ("money", "NOUN", "NN", "money", "nsubj", "come"),
        ("n't", "PART", "RB", "not", "advmod", "convinced"),
        ("project", "NOUN", "NN", "project", "nsubj", "cost"),
    ],
)
def test_words(
    article: Doc, word: str, pos: str, tag: str, lemma: str, relation: str, head: str
) -> None:
    found = article[token(article, word)]
    assert (found.pos_, found.tag_, found.lemma_) == (pos, tag, lemma)
    assert (found.dep_, found.head.text) == (relation, head)


def test_morphology(article: Doc) -> None:
    assert article[token(article, "said")].morph.get("Tense") == ["Past"]
    assert article[token(article, "Critics")].morph.get("Number") == ["Plur"]


def test_entities(article: Doc) -> None:
    found = {(entity.text, entity.label_) for entity in article.ents}
    assert {("Norway", "GPE"), ("Chile", "GPE"), ("Ana Ruiz", "PERSON")} <= found


def test_attributions(article: Doc) -> None:
    found = {(span.label_, span.text) for span in article.spans[ATTRIBUTION]}
    assert ("CUE", "said") in found
    assert ("SOURCE", "she") in found


def test_neighbours_change_nothing(nlp: Language) -> None:
    others = ["Short.", ARTICLE * 3, "No end in sight " * 300, ""]
    alone = nlp(ARTICLE).to_json()
    for batch in ([ARTICLE, *others], [*others, ARTICLE], [others[1], ARTICLE, others[0]]):
        docs = {doc.text: doc.to_json() for doc in nlp.pipe(batch, batch_size=2)}
        assert docs[ARTICLE] == alone


def test_worker_processes_change_nothing(nlp: Language) -> None:
    texts = [ARTICLE, "Short.", ARTICLE]
    alone = [nlp(text).to_json() for text in texts]
    assert [doc.to_json() for doc in nlp.pipe(texts, n_process=2)] == alone


def test_threads_change_nothing(nlp: Language, article: Doc) -> None:
    threaded = blank_nlp()
    threaded.add_pipe("claimline_encoder", config={"threads": 2})
    assert threaded(ARTICLE).to_json() == article.to_json()


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        '"' * 2_000,
        "no stop in sight " * 2_000,
        "\x00\x01\x02 said \x7f",
        "🙂🙂 said 👩‍👩‍👧",
        "İstanbul'da ﬁne",
        "日本語の文章です。",
        "\u200b\u200b",
        "\ufeffText",
        "e\u0301" * 500,
    ],
    ids=["run", "marks", "endless", "control", "emoji", "case", "script", "zero", "bom", "accents"],
)
def test_odd_texts(nlp: Language, text: str) -> None:
    doc = nlp(text)
    assert doc.text == text
    assert all(len([t for t in sentence if t.head.i == t.i]) == 1 for sentence in doc.sents)
