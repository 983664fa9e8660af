"""Word-pieces: the same as the reference implementation's, bounded, indifferent to context."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ModelError
from pipeline.language.heads import MAX_WORD_PIECES, piece_text
from pipeline.language.pieces import Pieces

VOCABULARY = [
    *("[PAD]", "[UNK]", "[CLS]", "[SEP]"),
    *("un", "##likely", "likely", "said", "the", "us", "'", '"', "-", ".", "naive", "日"),
    *"abcdefghijklmnopqrstuvwxyz",
    *(f"##{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"),
]
PIECES = Pieces(VOCABULARY)


def texts(ids: tuple[int, ...]) -> list[str]:
    return [VOCABULARY[index] for index in ids]


@pytest.mark.parametrize(
    ("word", "expected", "case"),
    [
        ("Unlikely", ["un", "##likely"], 1),
        ("SAID", ["said"], 2),
        ("U.S.", ["u", ".", "s", "."], 2),
        ("naïve", ["naive"], 0),
        ("“", ['"'], 0),
        ("’", ["'"], 0),
        ("—", ["-"], 0),
        ("iPod", ["i", "##p", "##o", "##d"], 3),
        ("A", ["a"], 4),
        ("日日", ["日", "日"], 0),
        ("3", ["[UNK]"], 0),
        ("\x00", ["[UNK]"], 0),
        ("", ["[UNK]"], 0),
        ("\ud800", ["[UNK]"], 0),
    ],
)
def test_pieces_of_a_word(word: str, expected: list[str], case: int) -> None:
    ids, found = PIECES(word)
    assert texts(ids) == expected
    assert found == case


def test_pieces_of_a_long_word_are_bounded() -> None:
    ids, _ = PIECES("a" * 1_000_000)
    assert len(ids) == MAX_WORD_PIECES


@given(word=st.text(max_size=30))
def test_pieces_agree_with_the_reference(word: str) -> None:
    tokenizers = pytest.importorskip("tokenizers")
    from tokenizers import models, normalizers, pre_tokenizers

    reference = tokenizers.Tokenizer(
        models.WordPiece(
            {piece: index for index, piece in enumerate(VOCABULARY)},
            unk_token="[UNK]",
            max_input_chars_per_word=100,
        )
    )
    reference.normalizer = normalizers.BertNormalizer(lowercase=True)
    reference.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    plain = "".join(char for char in word if char.isprintable())
    expected = tuple(reference.encode(piece_text(plain), add_special_tokens=False).ids)
    assert PIECES(plain)[0] == (expected[:MAX_WORD_PIECES] or (PIECES.unknown,))


def test_vocabulary_without_a_special_piece() -> None:
    with pytest.raises(ModelError, match=r"\[CLS\]"):
        Pieces(["[UNK]", "a"])


def test_vocabulary_file_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"vocab\.txt"):
        Pieces.from_file(tmp_path / "vocab.txt")
