"""The timeline: what order is certain, what stated order is kept, and that nothing is silent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import jsonl, timeline
from pipeline.errors import PipelineError
from pipeline.records import (
    EventRecord,
    Participant,
    Record,
    Span,
    StatedOrder,
)
from pipeline.timeline import Entry, Selection, Timeline
from pipeline.timeline.build import MOST_BY_DATES

from .by_hand import entity, event

FIRST_DAY = date(2014, 1, 1)


def day(number: int | None) -> str | None:
    return None if number is None else (FIRST_DAY + timedelta(days=number)).isoformat()


def stated(relation: Any, other: str, confidence: float = 0.9) -> StatedOrder:
    evidence = Span(start=0, end=1, text="x")
    return StatedOrder(
        relation=relation, event=f"event-{other}", evidence=evidence, confidence=confidence
    )


def names(made: Timeline) -> list[str]:
    return [entry.trigger for entry in made.entries]


def edges(made: Timeline) -> set[tuple[str, str, str]]:
    return {
        (entry.event.removeprefix("event-"), later.event.removeprefix("event-"), later.kind)
        for entry in made.entries
        for later in entry.before
    }


@st.composite
def events(draw: st.DrawFn) -> list[Record]:
    """Events of up to two articles, with any intervals and any stated order."""
    count = draw(st.integers(0, 9))
    bound = st.one_of(st.none(), st.integers(0, 12))
    made: list[Record] = []
    for i in range(count):
        ends = draw(st.tuples(bound, bound))
        if None not in ends:
            ends = tuple(sorted(ends))  # type: ignore[type-var, assignment]
        order = draw(
            st.lists(
                st.builds(
                    stated,
                    st.sampled_from(["before", "after"]),
                    st.integers(0, count).map(str),
                    st.sampled_from([0.5, 0.7, 0.9]),
                ),
                max_size=3,
            )
        )
        article = draw(st.sampled_from("aab"))
        made.append(event(str(i), day(ends[0]), day(ends[1]), *order, article=article, start=i))
    return made


def closure(count: int, pairs: set[tuple[int, int]]) -> set[tuple[int, int]]:
    found = set(pairs)
    for middle in range(count):
        for a in range(count):
            for b in range(count):
                if (a, middle) in found and (middle, b) in found:
                    found.add((a, b))
    return found


def certain(entries: Sequence[Entry]) -> set[tuple[int, int]]:
    return {
        (i, j)
        for i, one in enumerate(entries)
        for j, other in enumerate(entries)
        if one.latest is not None and other.earliest is not None and one.latest < other.earliest
    }


def stated_pairs(
    records: Sequence[Record], entries: Sequence[Entry]
) -> dict[tuple[int, int], float]:
    place = {(entry.article, entry.event): i for i, entry in enumerate(entries)}
    found: dict[tuple[int, int], float] = {}
    for record in records:
        assert isinstance(record, EventRecord)
        for order in record.order:
            one, other = (record.article, record.id), (record.article, order.event)
            if other in place:
                pair = (place[one], place[other])
                pair = pair if order.relation == "before" else pair[::-1]
                found[pair] = max(found.get(pair, 0.0), order.confidence)
    return found


@given(events())
def test_order_is_acyclic_and_keeps_all_that_is_certain(records: list[Record]) -> None:
    made = timeline.build(records)
    entries = made.entries
    assert sorted((e.article, e.event) for e in entries) == sorted(
        (r.article, r.id) for r in records
    )
    place = {(entry.article, entry.event): i for i, entry in enumerate(entries)}
    listed = {
        (place[entry.article, entry.event], place[later.article, later.event])
        for entry in entries
        for later in entry.before
    }
    # The sequence agrees with every certain relation and every edge, so there is no cycle.
    assert all(i < j for i, j in certain(entries) | listed)

    dropped = {(p.article, p.event, p.relation, p.other) for p in made.problems}
    kept = set()
    for record in records:
        assert isinstance(record, EventRecord)
        for order in record.order:
            key = (record.article, record.id, order.relation, order.event)
            if key not in dropped:
                pair = (place[record.article, record.id], place[record.article, order.event])
                kept.add(pair if order.relation == "before" else pair[::-1])
    # The listed edges say all that is certain or kept, and nothing else, and none says it twice.
    whole = closure(len(entries), certain(entries) | kept)
    assert closure(len(entries), listed) == whole
    assert listed == {
        (i, j)
        for i, j in whole
        if not any((i, m) in whole and (m, j) in whole for m in range(len(entries)))
    }
    for i, entry in enumerate(entries):
        assert entry.level == max((entries[j].level + 1 for j, k in whole if k == i), default=0)
        assert entry.complete
        for later in entry.before:
            by_dates = (i, place[later.article, later.event]) in certain(entries)
            assert later.kind == ("dates" if by_dates else "stated")


@given(events())
def test_a_dropped_edge_closes_a_cycle_of_edges_not_less_confident(records: list[Record]) -> None:
    made = timeline.build(records)
    pairs = stated_pairs(records, made.entries)
    place = {(entry.article, entry.event): i for i, entry in enumerate(made.entries)}
    for problem in made.problems:
        if problem.other is None or (problem.article, problem.other) not in place:
            continue
        pair = (place[problem.article, problem.event], place[problem.article, problem.other])
        earlier, later = pair if problem.relation == "before" else pair[::-1]
        assert problem.confidence is not None
        stronger = {p for p, confidence in pairs.items() if confidence >= problem.confidence}
        whole = closure(len(made.entries), certain(made.entries) | stronger)
        assert earlier == later or (later, earlier) in whole


@given(events(), st.randoms(use_true_random=False))
def test_the_order_of_the_records_makes_no_difference(records: list[Record], random: Any) -> None:
    shuffled = [*records, *records[:2]]
    random.shuffle(shuffled)
    assert timeline.build(shuffled) == timeline.build(records)


@given(events())
def test_lines_round_trip(records: list[Record]) -> None:
    made = timeline.build(records)
    lines = jsonl.encode([*made.entries, *made.problems]).split(b"\n")[:-1]
    decoder = msgspec.json.Decoder(timeline.Entry | timeline.Dropped)
    assert [decoder.decode(line) for line in lines] == [*made.entries, *made.problems]


def test_dates_that_do_not_overlap_give_the_order() -> None:
    made = timeline.build(
        [
            event("late", "2014-03-01", "2014-03-31"),
            event("year", "2014-01-01", "2014-12-31"),
            event("early", "2014-02-01", "2014-02-28"),
            event("bronze", "-0479-08-11", "-0479-08-11"),
        ]
    )
    assert names(made) == ["bronze", "year", "early", "late"]
    assert edges(made) == {
        ("bronze", "year", "dates"),
        ("bronze", "early", "dates"),
        ("early", "late", "dates"),
    }
    assert [entry.level for entry in made.entries] == [0, 1, 1, 2]


def test_an_open_end_sets_no_limit() -> None:
    made = timeline.build(
        [
            event("since", "2014-01-01", None),
            event("until", None, "2013-06-01"),
            event("later", "2020-01-01", "2020-01-01"),
        ]
    )
    assert names(made) == ["until", "since", "later"]
    assert edges(made) == {("until", "since", "dates"), ("until", "later", "dates")}


def test_stated_order_tells_what_dates_leave_open() -> None:
    vote = event("vote", "2014-05-01", "2014-05-31", start=0)
    resigned = event("resigned", "2014-05-01", "2014-05-31", stated("before", "vote"), start=9)
    made = timeline.build([vote, resigned])
    assert names(made) == ["resigned", "vote"]
    assert edges(made) == {("resigned", "vote", "stated")}
    assert made.problems == ()


def test_stated_order_against_the_dates_is_dropped_and_told() -> None:
    made = timeline.build(
        [
            event("vote", "2014-05-05", "2014-05-05"),
            event("left", "2014-06-01", "2014-06-30", stated("before", "vote", 0.9)),
        ]
    )
    assert names(made) == ["vote", "left"]
    (problem,) = made.problems
    assert (problem.event, problem.relation, problem.other) == (
        "event-left",
        "before",
        "event-vote",
    )
    assert "contradicts" in problem.message


def test_the_least_confident_edge_of_a_cycle_is_dropped() -> None:
    year = ("2014-01-01", "2014-12-31")
    made = timeline.build(
        [
            event("a", *year, stated("before", "b", 0.9)),
            event("b", *year, stated("before", "c", 0.7)),
            event("c", *year, stated("before", "a", 0.8)),
        ]
    )
    assert edges(made) == {("c", "a", "stated"), ("a", "b", "stated")}
    assert [(p.event, p.other) for p in made.problems] == [("event-b", "event-c")]


def test_an_event_that_is_not_there_and_a_day_that_is_none_are_problems() -> None:
    made = timeline.build(
        [
            event("a", "2014-02-30", None, stated("after", "ghost")),
            event("b", "2014-06-01", "2014-05-01"),
        ]
    )
    assert len(made.entries) == 2
    assert len(made.problems) == 3
    assert any("ghost" in (problem.other or "") for problem in made.problems)


def test_two_versions_of_a_record_are_a_problem() -> None:
    one, two = event("a", "2014-01-01", None), event("a", "2014-01-02", None)
    made = timeline.build([two, one])
    assert len(made.entries) == 1
    assert "two different records" in made.problems[0].message


def test_thousands_of_events_of_two_days_list_no_millions_of_pairs() -> None:
    records = [event(f"{i}", day(i % 2), day(i % 2), start=i) for i in range(2000)]
    made = timeline.build(records)
    first = made.entries[0]
    assert len(first.before) == MOST_BY_DATES and not first.complete
    assert made.entries[-1].complete and made.entries[-1].level == 1


# -- selection ----------------------------------------------------------------------------------


def chosen(records: Sequence[Record], **conditions: Any) -> list[str]:
    return names(timeline.build(records, selection=Selection(**conditions)))


@pytest.mark.parametrize(
    ("conditions", "kept"),
    [
        ({}, ["until", "may", "june"]),
        ({"after": "2014-06"}, ["june"]),
        ({"before": "2014-05-31"}, ["until", "may"]),
        ({"after": "2014-05-10", "before": "2014"}, ["may", "june"]),
        ({"before": "2013"}, ["until"]),
        ({"statuses": ("scheduled",)}, ["june"]),
        ({"names": ("ANA  ruiz",)}, ["may"]),
        ({"names": ("the minister",)}, ["may"]),
        ({"names": ("Ruiz",)}, ["may"]),
        ({"names": ("nobody",)}, []),
    ],
)
def test_selection(conditions: dict[str, Any], kept: list[str]) -> None:
    minister = Participant(start=0, end=1, text="The minister", role="agent", entity="entity-ana")
    ana = entity("Ana Ruiz", "Ruiz", id="entity-ana")
    records: list[Record] = [
        event("may", "2014-05-01", "2014-05-31", participants=(minister,)),
        event("until", None, "2014-04-01"),
        event("june", "2014-06-01", "2014-06-30", status="scheduled"),
        ana,
    ]
    assert chosen(records, **conditions) == kept


@pytest.mark.parametrize("value", ["yesterday", "2014-13", "2014-02-30", "2014x", ""])
def test_a_selection_needs_dates(value: str) -> None:
    with pytest.raises(PipelineError, match="2021-09-21"):
        Selection(after=value)
