"""The encoder as a component: whatever the network says, the Doc is well-formed."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.errors import ConfigError, ModelError
from pipeline.language import blank_nlp, load_language
from pipeline.language.encoder import ATTRIBUTION, HEDGES, LINKS, READINGS, Encoder
from pipeline.language.heads import CASE_CLASSES, HEADS, head
from pipeline.language.pieces import Pieces
from pipeline.language.windows import Output

LABELS = {
    "upos": ["NOUN", "VERB"],
    "xpos": ["NN", "VB"],
    "feats": ["_", "Number=Sing"],
    "lemma": ["l0:", "k1:"],
    "rel": ["nsubj", "obj", "root"],
    **{
        name: list(head(name).labels)
        for name in ("ner", "attribution", "cues", "links", "readings", "hedges")
    },
}
SPAN_HEADS = [row.name for row in HEADS if row.kind in ("span", "class")]


class Noise:
    """In the network's place: anything that the contract allows, the same for the same text."""

    relations: Any

    def __init__(self) -> None:
        self.pieces = Pieces(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"abcdefghij"])
        self.relations = self

    def best(self, dep: np.ndarray, head: np.ndarray, *, root: bool) -> int:
        return 2 if root else 1

    def run(
        self, ids: np.ndarray, case: np.ndarray, first: np.ndarray, starts: np.ndarray
    ) -> Output:
        words = len(first) + 1
        seed = [int(ids.sum()), int(case.sum()), words]
        random = np.random.default_rng(seed)
        sentence = random.random(words).astype(np.float32)
        known = np.r_[0, starts]
        start = np.where(known < 0, sentence > 0.8, known == 1).astype(np.int64)
        number = np.cumsum(start)
        arc = random.normal(size=(words, words)).astype(np.float32)
        allowed = (number[:, None] == number) & ~np.eye(words, dtype=bool)
        allowed[:, 0] = True
        arc[~allowed] = -1e4
        spans = {
            name: random.dirichlet(np.ones(len(LABELS[name])), words).astype(np.float32)
            for name in SPAN_HEADS
        }
        links = random.dirichlet(np.ones(3), (words, words)).astype(np.float32)
        tags = {
            name: random.integers(0, len(LABELS[name]), words)
            for name in ("upos", "xpos", "feats", "lemma", "rel")
        }
        vectors = {name: np.zeros((words, 2), np.float32) for name in ("rel_dep", "rel_head")}
        return {
            **tags,
            **spans,
            **vectors,
            "links": links,
            "sentence": sentence,
            "start": start,
            "arc": arc,
            "head": arc.argmax(1),
        }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    meta = {"name": "noise", "version": "1", "case_classes": CASE_CLASSES, "labels": LABELS}
    (folder / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def noisy(folder: Path) -> Language:
    nlp = blank_nlp()
    encoder = nlp.add_pipe("claimline_encoder", config={"model": str(folder), "max_pieces": 64})
    assert isinstance(encoder, Encoder)
    encoder._network = Noise()  # type: ignore[assignment]
    return nlp


def check_well_formed(doc: Doc) -> None:
    for attribute in ("DEP", "TAG", "POS", "LEMMA", "MORPH", "SENT_START", "ENT_IOB"):
        assert doc.has_annotation(attribute), attribute
    for sentence in doc.sents:
        roots = [token for token in sentence if token.head.i == token.i]
        assert len(roots) == 1
        assert roots[0].dep_ == "ROOT" or roots[0].is_space
        for token in sentence:
            assert token.lemma_
            assert token.head in sentence
            assert (token.dep_ == "ROOT") == (token.head.i == token.i and not token.is_space)
            assert token.is_ancestor(token) is False
            assert token in roots[0].subtree
            assert token.is_space == (token.pos_ == "SPACE")
    for entity in doc.ents:
        assert not entity[0].is_space
        assert not entity[-1].is_space
        assert entity[0].sent == entity[-1].sent
    for name in (ATTRIBUTION, HEDGES):
        group = doc.spans[name]
        assert len(group.attrs["scores"]) == len(group)
        assert all(0 <= score <= 1 for score in group.attrs["scores"])
        assert {span.label_ for span in group} <= set(head(name.split("_")[1]).types)
    kinds = len(head("readings").types)
    for word, readings in doc.user_data[READINGS]:
        assert not doc[word].is_space
        assert len(readings) == kinds
        assert 0 < sum(readings) <= 1.001
    for cue, score, words, *roles in doc.user_data[LINKS]:
        assert not doc[cue].is_space
        assert 0 <= score <= 1
        assert all(len(role) == len(words) for role in roles)
        assert words == sorted(set(words))
        assert not any(doc[word].is_space for word in words)
        assert all(0 <= probability <= 1 for role in roles for probability in role)


TEXTS = st.text(alphabet="abcAB .,?!\n\t\"'“”-\x00é🙂\u200b", max_size=150)


@given(text=TEXTS)
def test_any_output_makes_a_well_formed_doc(noisy: Language, text: str) -> None:
    doc = noisy(text)
    assert doc.text == text
    if len(doc):
        check_well_formed(doc)


@pytest.mark.parametrize("text", ["", " ", "\n", " \n\n\t ", "\x00", "a", "\n\na\n\n", "🙂"])
def test_odd_texts(noisy: Language, text: str) -> None:
    doc = noisy(text)
    assert doc.text == text
    assert all(token.pos_ == "SPACE" for token in doc if token.is_space)


@given(texts=st.lists(TEXTS, max_size=5))
def test_neighbours_in_a_batch_change_nothing(noisy: Language, texts: list[str]) -> None:
    alone = [noisy(text).to_json() for text in texts]
    assert [doc.to_json() for doc in noisy.pipe(texts, batch_size=3)] == alone


def test_long_sentence_is_broken_and_says_so(noisy: Language) -> None:
    doc = noisy("“" + "a b " * 200 + "”")
    breaks = doc.user_data["claimline_forced_breaks"]
    assert breaks
    assert all(doc[token].is_sent_start for token in breaks)


def test_a_memory_zone_leaves_the_labels(noisy: Language) -> None:
    with noisy.memory_zone():
        noisy("Abc def ghi.")
    doc = noisy("Jih gfe.")
    assert {token.tag_ for token in doc} <= {"NN", "VB"}
    assert all(str(token.morph) in ("", "Number=Sing") for token in doc)


def test_to_bytes_and_back(noisy: Language) -> None:
    doc = noisy("Abc def. “Ghi jab cde” f a b c d e f g h.")
    again = Doc(noisy.vocab).from_bytes(doc.to_bytes())
    assert again.to_json() == doc.to_json()
    assert again.spans[ATTRIBUTION].attrs == doc.spans[ATTRIBUTION].attrs
    assert again.user_data[LINKS] == doc.user_data[LINKS] != []


def test_pickled_without_the_network(noisy: Language) -> None:
    encoder = pickle.loads(pickle.dumps(noisy.get_pipe("claimline_encoder")))
    assert encoder._network is None
    with pytest.raises(ModelError, match="cannot open the language model"):
        encoder.network  # noqa: B018


def test_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no language model there"):
        blank_nlp().add_pipe("claimline_encoder", config={"model": str(tmp_path)})


def test_model_of_another_version(tmp_path: Path) -> None:
    meta = {"name": "x", "version": "1", "case_classes": CASE_CLASSES, "labels": {"upos": []}}
    (tmp_path / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
    with pytest.raises(ModelError, match="'xpos'"):
        blank_nlp().add_pipe("claimline_encoder", config={"model": str(tmp_path)})


def test_damaged_description(tmp_path: Path) -> None:
    (tmp_path / "meta.json").write_text("{", encoding="utf-8")
    with pytest.raises(ModelError, match=r"meta\.json"):
        blank_nlp().add_pipe("claimline_encoder", config={"model": str(tmp_path)})


def settings(*names: str, **components: dict[str, Any]) -> dict[str, Any]:
    return {"nlp": {"pipeline": list(names)}, "components": components}


def test_other_models(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no-such-model"):
        load_language("no-such-model", settings())
    blank_nlp().to_disk(tmp_path / "blank")
    with pytest.raises(ModelError, match="parser"):
        load_language(str(tmp_path / "blank"), settings())


def test_wrong_settings(folder: Path) -> None:
    with pytest.raises(ConfigError, match="claimline_nothing"):
        load_language(None, settings("claimline_nothing"))
    knobs = {"factory": "claimline_encoder", "model": str(folder), "threads": "many"}
    with pytest.raises(ConfigError, match="threads"):
        load_language(None, settings("claimline_encoder", claimline_encoder=knobs))
    knobs = {"factory": "claimline_encoder", "model": str(folder)}
    nlp = load_language(None, settings("claimline_encoder", claimline_encoder=knobs))
    assert nlp.meta["name"] == "noise"
