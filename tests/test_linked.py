"""What the language model links to a cue, as votes and as candidates."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from pipeline.language import blank_nlp
from pipeline.stages.linked import find_linked
from pipeline.stages.reporting import load_lexicon
from pipeline.stages.scene import Scene
from pipeline.stages.votes import LINKS, Link, read_votes

WORDS = ["The", "dam", "would", "hold", ",", "Ana", "Ruiz", "said", "."]


def parsed() -> Doc:
    """A sentence with its cue behind the content."""
    return Doc(
        blank_nlp().vocab,
        words=WORDS,
        heads=[1, 3, 3, 7, 3, 7, 5, 7, 7],
        deps=["det", "nsubj", "aux", "ccomp", "punct", "nsubj", "flat", "ROOT", "punct"],
        pos=["DET", "NOUN", "AUX", "VERB", "PUNCT", "PROPN", "PROPN", "VERB", "PUNCT"],
        tags=["DT", "NN", "MD", "VB", ",", "NNP", "NNP", "VBD", "."],
        lemmas=["the", "dam", "would", "hold", ",", "Ana", "Ruiz", "say", "."],
    )


def told(doc: Doc, *rows: tuple[int, float, dict[int, float], dict[int, float]]) -> Doc:
    stored = []
    for cue, score, source, content in rows:
        words = sorted({*source, *content})
        scores = [[roles.get(word, 0.0) for word in words] for roles in (source, content)]
        stored.append([cue, score, words, *scores])
    doc.user_data[LINKS] = stored
    return doc


def test_fit_is_best_where_the_model_expects_the_content() -> None:
    link = Link(0.9, {}, {3: 0.9, 4: 0.9, 5: 0.1})
    right, short, long = link.fit([(3, 5)]), link.fit([(3, 4)]), link.fit([(2, 7)])
    assert right > short
    assert right > long
    assert link.fit([]) == 0.0
    assert Link(0.9, {}, {}).fit([(0, 3)]) == 0.0


@given(
    content=st.dictionaries(st.integers(0, 30), st.floats(0, 1), max_size=12),
    spans=st.lists(st.tuples(st.integers(0, 15), st.integers(1, 9)), max_size=3),
)
def test_fit_is_a_share(content: dict[int, float], spans: list[tuple[int, int]]) -> None:
    apart = [(16 * n + start, 16 * n + start + size) for n, (start, size) in enumerate(spans)]
    assert 0 <= Link(0.5, {}, content).fit(apart) <= 1


def test_stretches_bridge_small_gaps_only() -> None:
    link = Link(0.9, {}, dict.fromkeys([1, 2, 5, 20], 0.8) | {3: 0.2})
    assert link.content_spans() == [(1, 6), (20, 21)]


def test_the_likeliest_word_speaks_for_a_cue() -> None:
    doc = told(parsed(), (6, 0.3, {}, {}), (7, 0.9, {5: 0.8}, {}))
    votes = read_votes(doc)
    assert votes.cue == {6: 0.3, 7: 0.9}
    link = votes.link((6, 8))
    assert link is not None and link.source == {5: 0.8}
    assert votes.link((0, 3)) is None


def test_a_doc_of_another_pipeline_has_no_votes() -> None:
    votes = read_votes(parsed())
    assert not votes.present
    assert votes.links == {}
    assert list(find_linked(Scene(parsed(), load_lexicon()))) == []


def test_a_candidate_for_each_likely_cue() -> None:
    content = dict.fromkeys(range(4), 0.9)
    doc = told(parsed(), (7, 0.9, {5: 0.9, 6: 0.9}, content), (3, 0.1, {}, {5: 0.9, 6: 0.9}))
    (found,) = find_linked(Scene(doc, load_lexicon()))
    assert (found.way, found.head, found.content) == ("linked", 7, [(0, 4)])
    assert found.source is not None and doc[found.source].text in ("Ana", "Ruiz")
    assert found.match is not None and found.match.row.lemma == "say"


def test_content_around_a_cue_is_two_spans_without_it() -> None:
    doc = told(parsed(), (4, 0.9, {}, dict.fromkeys([0, 1, 2, 3, 5, 6, 7], 0.9)))
    (found,) = find_linked(Scene(doc, load_lexicon()))
    assert all(not start <= 4 < end for start, end in found.content)
    assert len(found.content) == 2


@pytest.mark.parametrize("content", [{}, {4: 0.9}, {8: 0.9}])
def test_no_candidate_without_a_word_of_content(content: dict[int, float]) -> None:
    doc = told(parsed(), (7, 0.9, {}, content))
    assert list(find_linked(Scene(doc, load_lexicon()))) == []


def test_linked_content_ends_where_the_verb_of_its_noun_begins() -> None:
    """A parse that runs "The warning that it fell | hit prices" on."""
    doc = Doc(
        blank_nlp().vocab,
        words=["The", "warning", "that", "dams", "leak", "hit", "prices", "."],
        heads=[1, 1, 4, 4, 1, 4, 5, 1],
        deps=["det", "ROOT", "mark", "nsubj", "acl", "conj", "obj", "punct"],
        pos=["DET", "NOUN", "SCONJ", "NOUN", "VERB", "VERB", "NOUN", "PUNCT"],
        tags=["DT", "NN", "IN", "NNS", "VBP", "VBD", "NNS", "."],
        lemmas=["the", "warning", "that", "dam", "leak", "hit", "price", "."],
    )
    told(doc, (1, 0.9, {}, dict.fromkeys(range(3, 7), 0.9)))
    (found,) = find_linked(Scene(doc, load_lexicon()))
    assert found.content == [(3, 5)]


def test_linked_content_leaves_out_what_the_author_does_next() -> None:
    doc = Doc(
        blank_nlp().vocab,
        words=["Ana", "feared", "dogs", "and", "kept", "cats", "."],
        heads=[1, 1, 1, 4, 1, 4, 1],
        deps=["nsubj", "ROOT", "obj", "cc", "conj", "obj", "punct"],
        pos=["PROPN", "VERB", "NOUN", "CCONJ", "VERB", "NOUN", "PUNCT"],
        tags=["NNP", "VBD", "NNS", "CC", "VBD", "NNS", "."],
        lemmas=["Ana", "fear", "dog", "and", "keep", "cat", "."],
    )
    told(doc, (1, 0.9, {0: 0.9}, dict.fromkeys(range(2, 6), 0.9)))
    (found,) = find_linked(Scene(doc, load_lexicon()))
    assert found.content == [(2, 3)]


def urged() -> Doc:
    """A cue that nothing sets off, its subject ahead, what it urges behind."""
    words = ["They", "had", "urged", "the", "firm", "to", "sell", "a", "mill", "today", "."]
    return Doc(
        blank_nlp().vocab,
        words=words,
        heads=[2, 2, 2, 4, 2, 6, 2, 8, 6, 6, 2],
        deps=[
            *("nsubj", "aux", "ROOT", "det", "obj", "mark", "xcomp", "det", "obj"),
            *("obl:unmarked", "punct"),
        ],
        pos=[
            *("PRON", "AUX", "VERB", "DET", "NOUN", "PART", "VERB", "DET", "NOUN", "NOUN"),
            "PUNCT",
        ],
        tags=["PRP", "VBD", "VBN", "DT", "NN", "TO", "VB", "DT", "NN", "NN", "."],
    )


def test_what_stands_ahead_of_a_cue_that_nothing_sets_off_is_its_source() -> None:
    doc = told(urged(), (2, 0.9, {}, dict.fromkeys([0, 1, *range(3, 10)], 0.9)))
    (found,) = find_linked(Scene(doc, load_lexicon()))
    assert found.content == [(3, 10)]
    assert found.source == 0


def test_content_has_no_hole_that_nothing_sets_off() -> None:
    doc = told(urged(), (2, 0.9, {0: 0.9}, dict.fromkeys([3, 4, 9], 0.9)))
    (found,) = find_linked(Scene(doc, load_lexicon()))
    assert found.content == [(3, 10)]
