"""Edit scripts: what they say and that they always lead back to the lemma."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.language.lemmas import Lemmas, apply_script, learn_script

WORDS = st.text(min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("form", "lemma", "script"),
    [
        ("walks", "walk", "k1:"),
        ("Studies", "study", "l3:y"),
        ("NATO", "NATO", "k0:"),
        ("OBAMA", "Obama", "t0:"),
        ("States", "State", "k1:"),
        ("was", "be", "=be"),
        ("n't", "not", "k2:ot"),
        ("me", "I", "=I"),
        ("The", "the", "l0:"),
    ],
)
def test_learned_script(form: str, lemma: str, script: str) -> None:
    assert learn_script(form, lemma) == script
    assert apply_script(script, form) == lemma


@given(form=WORDS, lemma=WORDS)
def test_script_leads_back_to_the_lemma(form: str, lemma: str) -> None:
    assert apply_script(learn_script(form, lemma), form) == lemma


@given(form=WORDS, other=WORDS, lemma=WORDS)
def test_script_of_another_word_gives_some_lemma(form: str, other: str, lemma: str) -> None:
    assert apply_script(learn_script(other, lemma), form)


@pytest.mark.parametrize("script", ["", "=", "x2:a", "l2", "l:y", "l-1:"])
def test_no_script(script: str) -> None:
    with pytest.raises(ValueError, match="not an edit script"):
        apply_script(script, "word")


def test_listed_inflections_come_before_scripts() -> None:
    lemmas = Lemmas({"NNS": {"companies": "company"}})
    assert lemmas("COMPANIES", "NNS", "l1:") == "company"
    assert lemmas("companies", "VBZ", "k1:") == "companie"
    assert lemmas("bids", "NNS", "k1:") == "bid"
