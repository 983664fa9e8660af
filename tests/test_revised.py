"""Revisions with known changes: their form, what they do to a text, and how reports are scored."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import PipelineError
from pipeline.evaluate.counterparts import counterparts
from pipeline.evaluate.mutations import RULES, generated
from pipeline.evaluate.revised import (
    Cut,
    Edit,
    Revised,
    Revision,
    Shift,
    Source,
    Wanted,
    combined,
    load_revisions,
    load_source,
    made_of,
    paragraphs,
    revise,
    taken_back,
)
from pipeline.evaluate.revisions import score_changes
from pipeline.evaluate.scores import Tally
from pipeline.records import DateRecord
from pipeline.revisions import Change, Place, severity_of
from pipeline.revisions.changes import ChangeType, Kind

from . import by_hand

CORPUS = Path(__file__).parent.parent / "corpus"
FILES = sorted((CORPUS / "revisions").glob("*.txt"))

TEXT = "The mill may close in May.\n\nThe dam will hold, the mayor said.\n\nNobody asked him."
SOURCE = Source(article="mill", text=TEXT, published=None, media_type="text/plain")


def revision(
    *edits: tuple[str, str], shifts: tuple[Shift, ...] = (), wanted: tuple[Wanted, ...] = ()
) -> Revision:
    return Revision(
        id="mill/one",
        kind="hedge strengthened",
        article="mill",
        edits=tuple(Edit(*edit) for edit in edits),
        shifts=shifts,
        wanted=wanted,
    )


def change(
    revised: Revised, types: tuple[ChangeType, ...], kind: Kind, old: str | None, new: str | None
) -> Change:
    """A reported change whose places are words of the two versions."""
    sides = []
    for text, words in ((revised.old, old), (revised.new, new)):
        at = text.index(words) if words else 0
        sides.append(Place(id="x", start=at, end=at + len(words), text=words) if words else None)
    return Change(
        types=types,
        severity=severity_of(types, kind),
        kind=kind,
        article="mill",
        before=sides[0],
        after=sides[1],
        fields={},
        cause="editorial",
    )


STRONGER = revise(
    revision(
        ("may close", "will close"), wanted=(Wanted(type="hedge_strengthened", kind="prediction"),)
    ),
    SOURCE,
)


def scored(revised: Revised, *changes: Change) -> dict[str, tuple[int, int, int]]:
    tally = Tally()
    score_changes(revised, changes, tally)
    return {name: (s.right, s.missed, s.extra) for name, s in tally.scores().items()}


# What is done to a text


def test_words_become_others() -> None:
    assert STRONGER.new == TEXT.replace("may close", "will close")
    assert STRONGER.changed == (((9, 12),), ((9, 13),))


def test_only_the_words_that_differ_are_changed() -> None:
    edit = ("The dam will hold, the mayor said.", "The dam will burst, the mayor said.")
    ((start, end),) = revise(revision(edit), SOURCE).changed[0]
    assert TEXT[start:end] == "hold"


def test_a_paragraph_is_moved() -> None:
    shift = Shift("Nobody", "before", "The dam")
    revised = revise(revision(shifts=(shift,)), SOURCE)
    assert [revised.new[start:end] for start, end in paragraphs(revised.new)] == [
        "The mill may close in May.",
        "Nobody asked him.",
        "The dam will hold, the mayor said.",
    ]
    at = TEXT.index("dam")
    place = revised.now(at, at + 3)
    assert place is not None
    assert revised.new[slice(*place)] == "dam"


def test_a_name_is_changed_everywhere() -> None:
    edit = Edit("The", "Our", everywhere=True)
    revised = revise(
        Revision(id="a", kind="b", article="mill", edits=(edit,), shifts=(), wanted=()), SOURCE
    )
    assert revised.new.count("Our") == 2


@pytest.mark.parametrize(
    "edits",
    [
        (("mill", "barn"), ("The mill", "The shed")),
        (("quarry", "barn"),),
        (("The", "Our"),),
    ],
    ids=["overlap", "absent", "twice"],
)
def test_what_cannot_be_done_is_an_error(edits: tuple[tuple[str, str], ...]) -> None:
    with pytest.raises(ValueError, match=r"overlap|times"):
        revise(revision(*edits), SOURCE)


def test_places_follow_what_was_taken_out() -> None:
    revised = revise(revision(("The mill may close in May.", "The mill may close.")), SOURCE)
    place = revised.now(0, len("The mill may close in May."))
    assert place is not None
    assert revised.new[slice(*place)] == "The mill may close."
    at = TEXT.index("in May")
    assert revised.now(at, at + len("in May")) is None


def test_taken_back_is_the_same_the_other_way_round() -> None:
    back = taken_back(STRONGER)
    assert (back.old, back.new) == (STRONGER.new, STRONGER.old)
    assert back.wanted[0].type == "hedge_weakened"
    assert back.wanted[0].before == STRONGER.wanted[0].after


def test_combined_changes_are_looked_for_where_each_was_made() -> None:
    one = revision(("may close", "will close"), wanted=(Wanted(type="hedge_strengthened"),))
    other = revision(("the mayor", "the priest"), wanted=(Wanted(type="speaker_changed"),))
    both = revise(combined([one, other], id="mill/both", kind="several"), SOURCE)
    assert [both.old[slice(*item.before[0])] for item in both.wanted] == ["may", "mayor"]


words = st.text(alphabet="ab \n", max_size=6)


@given(st.text(alphabet="abc \n", min_size=4, max_size=40), st.data())
def test_all_of_the_old_version_is_in_the_pieces(text: str, data: st.DataObject) -> None:
    places = sorted(
        data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=6, unique=True))
    )
    cuts = [
        Cut(start, end, data.draw(words))
        for start, end in zip(places[::2], places[1::2], strict=False)
    ]
    pieces = made_of(text, [(0, len(text))], cuts)
    assert "".join(text[piece.start : piece.end] for piece in pieces) == text
    revised = Revised(
        id="a",
        kind="b",
        source=SOURCE,
        old=text,
        pieces=pieces,
        wanted=(),
        media_types=("text/plain", "text/plain"),
    )
    assert taken_back(revised).new == text
    for start in range(len(text)):
        place = revised.now(start, start + 1)
        if place is not None and revised.untouched(start, start + 1):
            kept = not any(first <= start < last for first, last in revised.changed[0])
            assert not kept or revised.new[slice(*place)] == text[start]


# Scoring


def test_a_change_at_its_place_is_right() -> None:
    report = change(STRONGER, ("hedge_strengthened",), "prediction", "mill may", "mill will")
    assert scored(STRONGER, report)["changes"] == (1, 0, 0)


def test_a_change_elsewhere_is_missed_and_extra() -> None:
    report = change(STRONGER, ("hedge_strengthened",), "prediction", "The dam", "The dam")
    assert scored(STRONGER, report)["changes_hedge_strengthened"] == (0, 1, 1)


def test_a_wanted_change_counts_once() -> None:
    report = change(STRONGER, ("hedge_strengthened",), "prediction", "mill may", "mill will")
    assert scored(STRONGER, report, report)["changes"] == (1, 0, 0)


def test_another_type_is_extra_and_wording_is_neither() -> None:
    reports = [
        change(STRONGER, ("hedge_strengthened", "polarity_flipped"), "prediction", "may", "will"),
        change(STRONGER, ("reworded",), "event", "may close", "will close"),
    ]
    assert scored(STRONGER, *reports) == {
        "changes": (1, 0, 1),
        "changes_hedge_strengthened": (1, 0, 0),
        "changes_polarity_flipped": (0, 0, 1),
    }


def test_wording_that_was_not_changed_is_extra() -> None:
    report = change(STRONGER, ("reworded",), "quote", "the mayor", "the mayor")
    assert scored(STRONGER, report)["changes_reworded"] == (0, 0, 1)


def test_what_the_extraction_does_is_left_out() -> None:
    report = change(STRONGER, ("removed",), "quote", "the mayor", None)
    report = Change(
        **{**{f: getattr(report, f) for f in report.__struct_fields__}, "cause": "extractor"}
    )
    assert scored(STRONGER, report)["changes"] == (0, 1, 0)


@pytest.mark.parametrize(
    ("types", "right"), [(("moved",), 1), (("removed",), 0)], ids=["info", "alarm"]
)
def test_harmless_revisions_raise_no_alarm(types: tuple[ChangeType, ...], right: int) -> None:
    harmless = Revised(
        id="mill/typo-1",
        kind="harmless: typo",
        source=SOURCE,
        old=TEXT,
        pieces=made_of(TEXT, [(0, len(TEXT))], [Cut(4, 6, "im")]),
        wanted=(),
        media_types=("text/plain", "text/plain"),
    )
    report = change(harmless, types, "quote", "the mayor", None)
    assert scored(harmless, report)["harmless"] == (right, 0, 1 - right)


def date(id: str, start: int, text: str) -> DateRecord:
    return by_hand.date(
        id,
        None,
        None,
        article="mill",
        start=start,
        text=text,
        value="1998-05",
        precision="month",
        anchor="publication",
    )


def test_a_record_is_itself_behind_what_was_changed() -> None:
    at = TEXT.index("May.")
    known = counterparts(STRONGER, "date", [date("a", at, "May")], [date("b", at + 1, "May")])
    assert known.pairs == {("a", "b")}


def test_what_was_taken_out_is_in_no_pair() -> None:
    revised = revise(revision(("close in May.", "close.")), SOURCE)
    at = TEXT.index("May.")
    other = revised.new.index("said")
    known = counterparts(revised, "date", [date("a", at, "May")], [date("b", other, "said")])
    assert known.forbids("a", "b")


# The files


def test_a_file_says_where_it_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "mill.txt"
    path.write_text("=== hedge\n- may\n+ will\n--- hedge_stronger prediction\n")
    with pytest.raises(PipelineError, match=r"mill/hedge-1.*hedge_stronger"):
        load_revisions(path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_revision_fits_its_article(path: Path) -> None:
    source = load_source(CORPUS, path.stem)
    for written in load_revisions(path):
        revised = revise(written, source)
        assert revised.new != revised.old, written.id
        assert revised.harmless or written.wanted, written.id
        assert all(item.before and item.after for item in revised.wanted), written.id


def test_every_type_of_change_is_made_often() -> None:
    types: Counter[str] = Counter()
    number = harmless = 0
    for path in FILES:
        source, written = load_source(CORPUS, path.stem), load_revisions(path)
        made = [revise(one, source) for one in written]
        made += generated(source, written, lambda text: ())
        number += len(made)
        harmless += sum(revised.harmless for revised in made)
        types.update(w.type for revised in made for w in revised.wanted if not w.optional)
    assert number >= 400
    assert harmless >= 120
    asked = {
        "added", "removed", "moved", "reworded", "split", "merged", "hedge_strengthened",
        "hedge_weakened", "hedge_added", "hedge_removed", "polarity_flipped", "condition_added",
        "condition_removed", "condition_changed", "horizon_changed", "holder_changed",
        "date_shifted", "date_narrowed", "date_widened", "quantity_changed",
        "participant_changed", "quote_altered", "quote_to_paraphrase", "paraphrase_to_quote",
        "speaker_changed", "speaker_resolved", "cue_changed", "entity_renamed",
    }  # fmt: skip
    few = {name: types[name] for name in asked if types[name] < 12}
    assert set(few) <= {"moved"}, few  # those of moved paragraphs need records


def test_the_same_revisions_are_made_again() -> None:
    path = FILES[0]
    source, written = load_source(CORPUS, path.stem), load_revisions(path)
    runs = [[r.new for r in generated(source, written, lambda text: ())] for _ in range(2)]
    assert runs[0] == runs[1]


def test_every_rule_is_used() -> None:
    kinds: set[str] = set()
    for path in FILES:
        source, written = load_source(CORPUS, path.stem), load_revisions(path)
        kinds |= {revised.kind for revised in generated(source, written, lambda text: ())}
    assert {f"harmless: {name}" for name in RULES} - kinds <= {"harmless: moved paragraph"}
