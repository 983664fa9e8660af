"""Tokens: the boundaries of the treebanks, the text kept exactly, linear time."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.language.tokenizer import MAX_RUN_CHARS, TOKENIZER

NLP = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": TOKENIZER}}})


@pytest.mark.parametrize(
    "expected",
    [
        "an all|-|girl band",
        "a 20|-|year|-|old plan",
        "U.S.|-|led talks in Washington|,| D.C.",
        "the ex-president and vice-president|,| mid-July",
        "a non-binding|,| anti-war vote",
        "an AK|-|47 on the I|-|44",
        "in 1990|–|95 and mid-1980s",
        "call 555-0142 on 2021-09-21",
        "back in the 1980's and ’90s",
        "the end|—|and “|no|”|—|so",
        "word|--|word",
        "“|[T]he end|”",
        "what|?!| no|!!!",
        "fines and|/|or prison",
        "we do|n't go",
        "the company|’s| plan",
        "seeds|,| etc.| were sold",
        "Wed. was the voter id day",
        "they wan|na| go",
        "at 7:30|PM| for $|5|bn",
        "two|-| and three|-|year terms",
        "see http://example.org/a-b?c=d|,| now",
    ],
)
def test_tokens(expected: str) -> None:
    text = expected.replace("|", "")
    wanted = [part for word in expected.split(" ") for part in word.split("|") if part]
    assert [token.text for token in NLP(text) if not token.is_space] == wanted


@settings(max_examples=200)
@given(
    text=st.text(alphabet=st.sampled_from("ab1 \n\t.-'\"“”’—!?/:()[]$éİ🙂\x00\u200b"), max_size=60)
)
def test_tokens_spell_the_text(text: str) -> None:
    assert NLP.tokenizer(text).text == text


@pytest.mark.parametrize("unit", ["a", "(", '"', "-", "')\"(", "a-", "@a.", "\x00", "é", "a "])
def test_long_runs_are_cut(unit: str) -> None:
    text = "Go on. " + unit * (100_000 // len(unit)) + " Done."
    doc = NLP.tokenizer(text)
    assert doc.text == text
    assert max(map(len, doc)) <= MAX_RUN_CHARS
    assert [token.text for token in doc[-2:]] == ["Done", "."]


def test_saved_with_the_pipeline(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("pipeline")
    NLP.to_disk(path)
    again = spacy.load(path)
    text = "A U.S.-led, 20-year-old ex-ally—gone?!"
    assert [t.text for t in again(text)] == [t.text for t in NLP(text)]
