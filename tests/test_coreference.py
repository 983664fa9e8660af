"""Coreference: marked sentences with the embedded model, and properties that hold for any text.

In a marked sentence `<ref name='X'>` stands around a pronoun or a description that belongs to the
entity X, and `<none>` around one that belongs to nothing named.
"""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from pipeline.extraction import Extractor, load
from pipeline.language import blank_nlp
from pipeline.records import EntityRecord
from pipeline.stages.coreference import Candidate, Coreference, judge_by
from pipeline.stages.entities import find_entities
from pipeline.stages.gazetteer import gazetteer
from pipeline.stages.speakers import find_speakers
from tests.marked import marked


@cache
def extractor() -> Extractor:
    return load()


MARKED = [
    "Ana Ruiz left Peru in May. <ref name='Ana Ruiz'>She</ref> came back with "
    "<ref name='Ana Ruiz'>her</ref> brother.",
    "Ana Ruiz met Peter Holm in Lima. <ref name='Ana Ruiz'>She</ref> thanked "
    "<ref name='Peter Holm'>him</ref>.",
    "Peter Holm, <ref name='Peter Holm'>the minister of transport</ref>, resigned on Monday. A "
    "farmer stopped his tractor. <none>He</none> laughed.",
    "The Norwegian minister of transport, Peter Holm, spoke first. <ref name='Peter Holm'>The "
    "minister</ref> said that the road would open in May.",
    "Ana Ruiz is <ref name='Ana Ruiz'>the director of the museum</ref>.",
    "It rained in Lima. Ana Ruiz said that <none>it</none> was unlikely to stop.",
    "Ana Ruiz and Peter Holm agreed. <none>They</none> signed the paper.",
    "Peter Holm blamed <ref name='Peter Holm'>himself</ref> for the loss.",
    "Northlane Corporation cut 200 jobs in May. <ref name='Northlane Corporation'>The "
    "company</ref> makes tyres.",
]


@pytest.mark.model
@pytest.mark.parametrize("sentence", MARKED)
def test_marked_sentences(sentence: str) -> None:
    text, marks = marked(sentence)
    records = [r for r in extractor().extract(text).records if isinstance(r, EntityRecord)]
    owner = {
        (mention.start, mention.end): record.name
        for record in records
        for mention in record.mentions
        if mention.form != "name"
    }
    for mark in marks:
        assert owner.get((mark.start, mark.end)) == mark.attributes.get("name"), (mark, owner)


@pytest.mark.model
def test_i_in_quotation_marks_is_the_speaker() -> None:
    text = '"I will not resign," Peter Holm told the BBC.'
    records = [r for r in extractor().extract(text).records if isinstance(r, EntityRecord)]
    (holm,) = (record for record in records if record.name == "Peter Holm")
    assert [m.text for m in holm.mentions if m.form == "pronoun"] == ["I"]


def test_judge_weighs_signs_and_chances_add_up() -> None:
    judge = judge_by({"near": 1.0, "far": -1.0})
    chances = judge(0, [Candidate(None, ("near", "unknown")), Candidate(None, ("far",))])
    assert sum(chances) == pytest.approx(1.0)
    assert chances[0] > 0.8


NLP = blank_nlp()
TOKENS = (
    "Ana Ruiz Peru she his it they the minister company . said Boeing and , “ ” himself of is its"
)
WORDS = st.sampled_from(TOKENS.split(" "))
TAGS = st.sampled_from(["NOUN", "PROPN", "PRON", "VERB", "ADJ", "DET", "ADP", "PUNCT", "CCONJ"])
LABELS = st.sampled_from(
    ["nsubj", "obj", "obl", "nmod", "nmod:poss", "appos", "conj", "cop", "det", "compound", "expl"]
)


@given(st.data())
def test_any_tree_gives_valid_mentions(data: st.DataObject) -> None:
    words = data.draw(st.lists(WORDS, max_size=25))
    n = len(words)
    each = {"min_size": n, "max_size": n}
    heads = [data.draw(st.integers(0, i)) if i else 0 for i in range(n)]
    doc = Doc(
        NLP.vocab,
        words=words,
        pos=data.draw(st.lists(TAGS, **each)),
        lemmas=[word.lower() for word in words],
        heads=heads,
        deps=[
            "ROOT" if heads[i] == i else label
            for i, label in enumerate(data.draw(st.lists(LABELS, **each)))
        ],
    )
    entities = find_entities(doc)
    _, found = find_speakers(doc, [], entities)
    assert len(found) == len(entities)
    for before, after in zip(entities, found, strict=True):
        places = [(mention.span.start, mention.span.end) for mention in after.mentions]
        assert places == sorted(set(places))
        assert all(0 <= start < end <= n for start, end in places)
        assert set(before.mentions) <= set(after.mentions)


def test_a_long_text_of_many_people() -> None:
    count = 2000
    words = [w for i in range(count) for w in f"Ana Ko{i}ra left . She saw the minister".split()]
    tags = ["PROPN", "PROPN", "VERB", "PUNCT", "PRON", "VERB", "DET", "NOUN"] * count
    doc = Doc(NLP.vocab, words=words, pos=tags, lemmas=[word.lower() for word in words])
    entities = find_entities(doc)
    found = Coreference(doc, entities, [], gazetteer()).run()
    assert sorted(found) == list(range(4, len(doc), 8)), "somebody is meant by every “She”"
