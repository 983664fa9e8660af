"""Word by word: what is marked, and that the marked text is the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.report.changes_words import Piece, marked, shortened


def brackets(pieces: list[Piece]) -> str:
    return "".join(f"[{piece.text}]" if piece.changed else piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("old", "new", "before", "after"),
    [
        ("It may rain.", "It will rain.", "It [may] rain.", "It [will] rain."),
        ("Some 6,200 men.", "Some 6,400 men.", "Some [6,200] men.", "Some [6,400] men."),
        ("He left.", "He never left.", "He left.", "He [never] left."),
        ("Men left on Monday.", "Men left.", "Men left [on Monday].", "Men left."),
        # White space alone is no difference, a curly quotation mark is one.
        ("He\nleft  now.", "He left now.", "He\nleft  now.", "He left now."),
        ('"Go", she said.', "“Go”, she said.", '["]Go["], she said.', "[“]Go[”], she said."),
        # What only a comma parts is one difference.
        ("A slow, sad end.", "A fast, glad end.", "A [slow, sad] end.", "A [fast, glad] end."),
        # Two texts that share next to nothing are two texts.
        (
            "Rain fell in the north.",
            "Ore rose in price again.",
            "[Rain fell in the north.]",
            "[Ore rose in price again.]",
        ),
        ("", "Something.", "", "[Something.]"),
    ],
)
def test_marks(old: str, new: str, before: str, after: str) -> None:
    assert [brackets(side) for side in marked(old, new)] == [before, after]


TEXTS = st.text(alphabet=st.sampled_from("ab ,.'’\n\u2028é1"), max_size=60) | st.text(max_size=40)


@given(TEXTS, TEXTS)
def test_the_pieces_are_the_text(old: str, new: str) -> None:
    before, after = marked(old, new)
    assert "".join(piece.text for piece in before) == old
    assert "".join(piece.text for piece in after) == new
    assert all(piece.text for piece in (*before, *after))


@given(TEXTS)
def test_equal_texts_have_no_marks(text: str) -> None:
    assert not any(piece.changed for side in marked(text, text) for piece in side)


@given(TEXTS, TEXTS)
def test_what_is_not_marked_is_the_same_on_both_sides(old: str, new: str) -> None:
    before, after = (
        "".join("".join(piece.text.split()) for piece in side if not piece.changed)
        for side in marked(old, new)
    )
    assert before == after


def test_short_is_what_is_around_the_difference() -> None:
    words = [f"w{n}" for n in range(40)]
    old = " ".join([*words, "may", *words])
    before, _ = marked(old, " ".join([*words, "will", *words]))
    assert brackets(shortened(before)) == (
        "… w32 w33 w34 w35 w36 w37 w38 w39 [may] w0 w1 w2 w3 w4 w5 w6 w7 …"
    )


def test_short_without_difference_is_the_beginning() -> None:
    short = shortened([Piece("word " * 500, changed=False)])
    assert len(short) == 1
    assert len(short[0].text) < 400
    assert short[0].text.endswith(" …")


def test_long_texts_of_few_words() -> None:
    old, new = ("a b c d e f g " * 20_000), ("g f e d c b a " * 20_000)
    for text, pieces in zip((old, new), marked(old, new), strict=True):
        assert "".join(piece.text for piece in pieces) == text
