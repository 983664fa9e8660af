"""Quotation marks by characters: which open, which close, what they hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.language.quotation import find_quotations


def held(text: str) -> list[str]:
    found, _ = find_quotations(text)
    return [" | ".join(text[a:b] for a, b in quotation.segments) for quotation in found]


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ('"We [the crew] wait ... for her," she said.', ["We [the crew] wait ... for her,"]),
        ("“It’s the ‘grey’ one,” she said.", ["It’s the ‘grey’ one,", "grey"]),
        ("“He told me „nein“ twice,” she said.", ["He told me „nein“ twice,", "nein"]),
        ('He was 6\'2" and said "no".', ["no"]),
        ("In the '80s he said 'yes' once.", ["yes"]),
        ('He wrote:"We go."', ["We go."]),
        ("(‘We wait’)", ["We wait"]),
        ("‹No›, she said.", ["No"]),
        ("»We wait«, she said.", ["We wait"]),
    ],
)
def test_pairs(text: str, inside: list[str]) -> None:
    assert held(text) == inside


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        # Writers leave one of two closing marks out.
        ('"I call it "a farce," she said. "I do."', ['I call it "a farce,', "a farce,", "I do."]),
        ("“I call it “a farce,” she said.", ["I call it “a farce,", "a farce,"]),
        # In another sentence it is a mark too many.
        ('"We wait. She left. "We hope," she said.', ["We hope,"]),
    ],
)
def test_one_mark_may_close_two(text: str, inside: list[str]) -> None:
    assert held(text) == inside
    assert [stray.opens for stray in find_quotations(text)[1]] == [True]


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ('She said in May " We wait.\n\nThen we go. " He left.', ["We wait. | Then we go. "]),
        ("“We wait.\n\n“We go.”", ["We wait. | We go."]),
        ('The "grey seal swam.\n\nIt sank." He left.', ["grey seal swam."]),
        # only the first opens, those between have no mark
        (
            '"We wait.\n\nNothing stirs.\n\nThen we go."',
            ["We wait. | Nothing stirs. | Then we go."],
        ),
        ('"We wait.\n\nIt’s ‘late’.\n\nWe go."', ["We wait. | It’s ‘late’. | We go.", "late"]),
        ('"We wait.\n\nNothing stirs.\n\nShe left.', ["We wait."]),
        ('"We wait.\n\nNothing stirs.\n\n"We go," she said.', ["We wait.", "We go,"]),
        # one that waits costs no other
        (
            '"We wait.\n\n«It rains.\n\n«It pours.» She left.',
            ["We wait.", "It rains. | It pours."],
        ),
        ('"We wait.' + "\n\nNothing stirs." * 9 + '\n\nThen we go."', ["We wait."]),
    ],
)
def test_paragraphs(text: str, inside: list[str]) -> None:
    assert [item.strip() for item in held(text)] == [item.strip() for item in inside]


def test_a_caption_between_its_paragraphs_ends_no_quotation() -> None:
    text = "“We wait.\n\nA ship at “Old Quay”. Photo: Ito.\n\n“We go.”"
    caption = text.index("A ship")
    found, strays = find_quotations(text, {caption})
    inside = [[text[a:b] for a, b in quotation.segments] for quotation in found]
    assert (inside, strays) == ([["We wait.", "We go."], ["Old Quay"]], [])
    assert len(find_quotations(text)[1]) == 1


@pytest.mark.parametrize(
    ("text", "opens"), [("“We wait, he said", True), ("We wait,” he said", False)]
)
def test_strays_say_which_way_they_face(text: str, opens: bool) -> None:
    (stray,) = find_quotations(text)[1]
    assert stray.opens is opens


@given(
    st.lists(
        st.sampled_from([*"\"“”„'‘’‚«»‹›` s.,5—:", "``", "''", "\n\n", "\n", "Bo"]), max_size=60
    ).map("".join)
)
def test_any_text(text: str) -> None:
    found, strays = find_quotations(text)
    assert [q.start for q in found] == sorted(q.start for q in found)
    for index, quotation in enumerate(found):
        places = [quotation.start]
        for begin, end in quotation.segments:
            assert places[-1] < end and begin <= end
            assert "\n\n" not in text[begin:end].strip()
            places += [begin, end]
        assert places == sorted(places)
        assert places[-1] <= quotation.end <= len(text)
        assert any(character.isalnum() for a, b in quotation.segments for character in text[a:b])
        for other in found[:index]:
            apart = other.end <= quotation.start
            assert apart or quotation.end <= other.end, "two quotations cross"
    assert all(0 <= stray.start < len(text) for stray in strays)


@pytest.mark.parametrize(
    ("unit", "found", "strays"),
    [
        ('"', 0, 0),
        ("“", 0, 20_000),
        ("”", 0, 19_999),
        ("'", 0, 9_999),
        ("‘", 0, 10_000),
        ("’", 0, 9_999),
        ("«", 0, 20_000),
        ("``", 0, 20_000),
        ("“a”", 20_000, 0),
        ("'a ", 0, 0),
        ("“‘", 0, 39_999),
        ('"a "b," ', 40_000, 20_000),
        ("“A.\n\n", 1, 1),
    ],
)
def test_any_number_of_marks(unit: str, found: int, strays: int) -> None:
    assert tuple(map(len, find_quotations(unit * 20_000))) == (found, strays)


def test_inches_inside_of_straight_marks_do_not_close_them() -> None:
    text = '"It left 9" of mud in the hall," said the porter.'
    (quotation,), strays = find_quotations(text)
    assert text[quotation.start : quotation.end] == '"It left 9" of mud in the hall,"'
    assert not strays


def test_a_number_may_end_a_quotation() -> None:
    text = '"It was 1912" is all that "it" said.'
    found, _ = find_quotations(text)
    assert [text[q.start : q.end] for q in found] == ['"It was 1912"', '"it"']


def test_a_straight_mark_between_blanks_opens_nothing() -> None:
    found, strays = find_quotations('The clerk saw a stray " in the margin.')
    assert not found
    assert len(strays) == 1
