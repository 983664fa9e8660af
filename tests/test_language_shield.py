"""The sentence shield: `|` marks known starts, `_` known continuations, the rest is open."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc, Token

from pipeline.language.shield import INSIDE, KNOWN, OPEN, sentence_starts

NLP = spacy.blank("en")


def words_of(doc: Doc) -> list[Token]:
    return [token for token in doc if not token.is_space]


def known(text: str) -> dict[str, list[str]]:
    doc = NLP(text)
    words = [token.text for token in doc if not token.is_space]
    starts = sentence_starts(words_of(doc))
    assert len(starts) == len(words)
    return {
        "known": [w for w, s in zip(words, starts, strict=True) if s == KNOWN],
        "inside": [w for w, s in zip(words, starts, strict=True) if s == INSIDE],
        "open": [w for w, s in zip(words, starts, strict=True) if s == OPEN],
    }


@pytest.mark.parametrize(
    "text",
    [
        "“Where now?” he asked.",
        '"Where now?" he asked.',
        "‘Where now?’ he asked.",
        "'Where now?' he asked.",
        "«Where now?» he asked.",
        "``Where now?'' he asked.",
        "„Where now?“ he asked.",
    ],
)
def test_question_and_its_cue_are_one_sentence(text: str) -> None:
    found = known(text)
    assert found["known"] == [NLP(text)[0].text]
    assert {"Where", "now", "?", "he"} <= set(found["inside"])
    assert found["open"] == ["asked", "."]


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("“Stop,” he said. “We go now.” It was late.", ["“", "“", "It"]),
        ("“We came. We saw. We lost,” he said.", ["“", "We", "We"]),
        ("He left! She stayed? They met in 1999. Then", ["He", "She", "They", "Then"]),
        ("He said “never. She stayed. Then “yes” came.", ["He", "She", "Then"]),
        ("He said, “Yes, we can.” Then he left.", ["He", "Then"]),
        ("It was “far ‘from finished.’” No date was set.", ["It", "No"]),
        ("“We can.” “You can.”", ["“", "“"]),
        ("He said, “Yes, we can.” then left.", ["He"]),
    ],
)
def test_full_stop_and_capital_begin_a_sentence(text: str, starts: list[str]) -> None:
    doc = NLP(text)
    assert [
        str(t) for t, s in zip(doc, sentence_starts(words_of(doc)), strict=True) if s == KNOWN
    ] == starts


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Mr. Li left No. 5.", "Li"),
        ("“Why leave?” Ruiz asked.", "Ruiz"),
        ("“It was Mr.” Ruiz said.", "Ruiz"),
        ("He left. she stayed.", "she"),
        ('"Yes." "No." They stood.', "They"),
    ],
)
def test_left_to_the_model(text: str, word: str) -> None:
    assert word in known(text)["open"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("He said, “Yes, we can.” Then he left.", "Yes"),
        ("He said, “Yes, we can.” Then he left.", "”"),
        ("“Stop,” Smith said.", "Smith"),
        ("“Stop!” shouted Smith.", "shouted"),
        ("The “Great Leap” failed.", "Great"),
        ("The “Great Leap” failed.", "Leap"),
        ("It was 'fine', they say.", "fine"),
        ("“We came. We saw,” Smith said.", "Smith"),
    ],
)
def test_known_not_to_begin(text: str, word: str) -> None:
    assert word in known(text)["inside"]


def test_apostrophes_are_no_marks() -> None:
    found = known("The workers’ pay rose. Tell ’em so. The boys' club won. It's fine.")
    assert found["inside"] == []


def test_paragraphs_begin_sentences() -> None:
    found = known("A title\n\n“One. Two\n\nThree” four")
    assert found["known"] == ["A", "“", "Three"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Signed in Oslo\nAna Ruiz, who wrote it all down by herself", ["Signed", "Ana"]),
        ("It was a long line that went on\nand on, and on again, to the end", ["It"]),
        ("We ask for:\n- more food\n- less noise in the evening hours", ["We", "-", "-"]),
        ("We ask for more of it:\n1. more food here\n2. less noise here", ["We", "1", "2"]),
        ("One\r\n\r\nTwo\u2028\u2028Three\x0b\x0cFour", ["One", "Two", "Three", "Four"]),
        (" \n\n One", ["One"]),
    ],
)
def test_lines(text: str, expected: list[str]) -> None:
    assert known(text)["known"] == expected


def test_empty_and_blank_texts() -> None:
    assert sentence_starts(words_of(NLP(""))).tolist() == []
    assert sentence_starts(words_of(NLP(" \n\t "))).tolist() == []


@given(text=st.text(alphabet="ab .,?!\n\"'“”‘’«»-", max_size=80))
def test_any_text(text: str) -> None:
    doc = NLP(text)
    starts = sentence_starts(words_of(doc))
    words = [token for token in doc if not token.is_space]
    assert len(starts) == len(words)
    assert set(starts.tolist()) <= {KNOWN, INSIDE, OPEN}
    assert all(starts[:1] == KNOWN)


def test_paragraphs_always_part() -> None:
    text = "\n\n".join(['He said, "we'] * 50)
    assert len(known(text)["known"]) == 50


def test_any_number_of_marks() -> None:
    starts = sentence_starts(words_of(NLP('" “ x. ” ' * 25_000))).tolist()
    assert len(starts) == 4 * 25_000
    assert (starts.count(KNOWN), starts.count(OPEN)) == (1, 24_999)
