"""Claims through many versions: first seen, changed, gone, back; as table and picture."""

from __future__ import annotations

import itertools
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from pipeline.report import draw_history, history_table
from pipeline.report.history import LABEL_WIDTH, ROW
from pipeline.report.svg import CHARACTER
from pipeline.revisions.history import Story, chosen, follow

from .told import Claim, forecast, named, said, version

SVG = "{http://www.w3.org/2000/svg}"

FEES = forecast("The fees of the harbour", "may", "rise before the summer")
FEES_SURE = forecast("The fees of the harbour", "will probably", "rise before the summer")
QUAY = said("Greta Lind", "the northern quay stays open")
QUAY_SHUT = said("Greta Lind", "the northern quay stays shut")
JOBS = said("Olof Berg", "two hundred jobs go to another town")
TALKS = said("Ines Falk", "talks with the union begin in the autumn")
OWNER = named("Nordvik", "is a company, and ships come and go for")
CLAIMS = (FEES, FEES_SURE, QUAY, QUAY_SHUT, JOBS, TALKS, OWNER)
WEEK: tuple[tuple[Claim, ...], ...] = (
    (FEES, QUAY, JOBS),
    (QUAY, FEES_SURE, TALKS),
    (QUAY_SHUT, FEES_SURE, TALKS),
    (QUAY_SHUT, FEES_SURE, JOBS),
)
DAYS = ("monday", "tuesday", "wednesday", "thursday")


def stories_of(*versions: tuple[Claim, ...]) -> list[Story]:
    return follow([version(*claims) for claims in versions], DAYS[: len(versions)])


def steps(story: Story) -> list[tuple[str, str]]:
    return [(step.origin, step.happening) for step in story.steps]


def test_a_week_of_an_article() -> None:
    fees, quay, jobs, talks = stories_of(*WEEK)
    assert steps(fees) == [("monday", "first"), ("tuesday", "changed")]
    assert "hedge_strengthened" in fees.steps[1].types
    assert fees.steps[1].severity == "major"
    assert fees.claim == "The fees of the harbour will probably rise before the summer"
    assert ("wednesday", "changed") in steps(quay)
    assert "quote_altered" in quay.steps[-1].types
    assert quay.steps[-1].fields["content.1"].after is not None
    assert steps(jobs) == [("monday", "first"), ("tuesday", "gone"), ("thursday", "back")]
    assert jobs.versions == (0, 3) and (jobs.first, jobs.last) == ("monday", "thursday")
    assert jobs.steps[1].place is None and jobs.steps[1].types == ("removed",)
    assert jobs.steps[2].types == ()  # as it was
    assert steps(talks) == [("tuesday", "first"), ("thursday", "gone")]
    assert talks.steps[0].types == ("added",) and talks.last == "wednesday"


def test_what_comes_back_may_have_changed() -> None:
    softer = said("Olof Berg", "one hundred jobs go to another town")
    (fees, jobs) = stories_of((FEES, JOBS), (FEES,), (FEES, softer))
    assert not fees.is_changed and jobs.is_changed
    assert steps(jobs)[-1] == ("wednesday", "back")
    assert {"quote_altered", "quantity_changed"} & set(jobs.steps[-1].types)
    assert jobs.claim == "one hundred jobs go to another town"


def test_names_are_origins_unless_told_otherwise() -> None:
    (story,) = follow([version(QUAY, origin="a.txt"), version(QUAY, origin="b.txt")])
    assert (story.first, story.last) == ("a.txt", "b.txt")
    assert follow([]) == []


def test_stories_are_chosen_by_kind_and_words() -> None:
    stories = stories_of(*WEEK)
    assert [story.kind for story in chosen(stories, kinds=["prediction"])] == ["prediction"]
    # Words that it had once find a claim, too.
    assert len(chosen(stories, words="quay stays OPEN")) == 1
    assert chosen(stories, words="glacier") == []
    assert chosen(stories) == stories


def test_records_with_the_same_id_are_followed_apart() -> None:
    """Such as another program may write."""
    one = said("Greta Lind", "the northern quay stays open", id="quote-1")
    two = said("Olof Berg", "two hundred jobs go to another town", id="quote-1")
    stories = stories_of((one, two), (two,), (one, two))
    assert [steps(story)[1:] for story in stories] == [
        [("tuesday", "gone"), ("wednesday", "back")],
        [],
    ]


VERSIONS = st.lists(
    st.lists(st.sampled_from(CLAIMS), unique_by=id, max_size=5).map(tuple), min_size=1, max_size=4
)


@given(VERSIONS)
def test_every_claim_of_every_version_is_in_one_story(versions: list[tuple[Claim, ...]]) -> None:
    made = [version(*claims) for claims in versions]
    stories = follow(made, DAYS[: len(made)])
    for number, one in enumerate(made):
        told = [story.kind for story in stories if number in story.versions]
        kinds = [str(record.__struct_config__.tag) for record in one.records[1:]]
        assert sorted(told) == sorted(kinds)
    for story in stories:
        assert list(story.versions) == sorted(set(story.versions))
        assert story.steps[0].happening == "first"
        assert [step.version for step in story.steps] == sorted(
            step.version for step in story.steps
        )
        for step in story.steps:
            assert (step.version in story.versions) == (step.happening != "gone")
            assert (step.place is None) == (step.happening == "gone")
        gaps = sum(b != a + 1 for a, b in zip(story.versions, story.versions[1:], strict=False))
        assert gaps == sum(step.happening == "back" for step in story.steps)


@given(st.lists(st.sampled_from(CLAIMS), unique_by=id, max_size=6), st.integers(1, 4))
def test_versions_that_are_the_same_change_nothing(claims: list[Claim], times: int) -> None:
    assert not any(story.is_changed for story in stories_of(*[tuple(claims)] * times))


# -- table and picture --------------------------------------------------------------------------


def test_the_table() -> None:
    console = Console(width=200)
    with console.capture() as captured:
        console.print(history_table(stories_of(*WEEK)))
    shown = captured.get()
    assert "tuesday: gone; thursday: back again" in shown
    assert "wednesday: quote_altered" in shown


def drawn(stories: list[Story], versions: tuple[str, ...] = DAYS) -> ElementTree.Element:
    return ElementTree.fromstring(draw_history(stories, versions, title="A week"))


def test_the_picture_has_a_row_a_claim_and_a_mark_a_step() -> None:
    stories = stories_of(*WEEK)
    root = drawn(stories)
    notes = [element.text or "" for element in root.iter(f"{SVG}title")]
    for story in stories:
        for step in story.steps:
            assert any(
                note.startswith(f"{step.origin}:") and step.claim in note for note in notes
            ), step
    classes = [element.get("class") for element in root.iter()]
    assert classes.count("gone") == 2 + 1  # and one in the legend
    assert classes.count("back") == 1 + 1
    description = next(e.text for e in root if e.tag == f"{SVG}desc")
    assert description == "The history of 4 claims through 4 versions, one claim a row."


def test_the_picture_needs_nothing_else() -> None:
    svg = draw_history(stories_of(*WEEK), DAYS)
    assert "href" not in svg and svg.count("http") == 1  # the namespace
    assert "prefers-color-scheme: dark" in svg
    assert svg == draw_history(stories_of(*WEEK), DAYS)


HOSTILE = '</title><script>alert(1)</script>\x1b[31m"\u202e&'


@pytest.mark.parametrize("count", [0, 1, 2, 60])
def test_any_history_is_drawn(count: int) -> None:
    quote = said(HOSTILE, f"{HOSTILE} {'long ' * 200}")
    names = tuple(f"{HOSTILE} {number}" for number in range(count))
    stories = follow([version(quote) for _ in names], names)
    root = drawn(stories, names)
    assert not list(root.iter(f"{SVG}script"))
    assert "\x1b" not in "".join(root.itertext()) and "\u202e" not in "".join(root.itertext())
    axis = [e for e in root.iter(f"{SVG}text") if e.get("class") == "axis"]
    places = sorted((float(e.attrib["x"]), len(e.text or "")) for e in axis)
    for (x, length), (next_x, next_length) in itertools.pairwise(places):
        assert next_x - x >= (length + next_length) / 2 * CHARACTER * 0.8
    labels = [e.text or "" for e in root.iter(f"{SVG}text") if (e.text or "").startswith("</ti")]
    assert all(len(label) * CHARACTER <= LABEL_WIDTH for label in labels)


def test_rows_do_not_meet() -> None:
    root = drawn(stories_of(*WEEK))
    heights = [
        float(e.attrib["y"]) for e in root.iter(f"{SVG}text") if e.text in ("quote", "prediction")
    ]
    assert [b - a for a, b in itertools.pairwise(heights)] == [ROW] * 3
