"""What dates are told from: choice among anchors, what is kept of the losers, and how it is fitted.

Sentences are resolved on a blank pipeline unless a test says otherwise.
"""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dates import calendar
from pipeline.dates.choosing import Candidate, probabilities, weights
from pipeline.extraction import Extractor
from pipeline.stages.dates import find_dates
from pipeline.stages.findings import Date
from pipeline.train.anchors import Choice, accuracy, cross_validate, fit, folds, read_examples

from .dated import PUBLISHED, doc_of


def last(text: str, published: str | None = PUBLISHED) -> Date:
    return find_dates(doc_of(text, published))[0][-1]


@pytest.mark.parametrize(
    ("text", "value", "anchor"),
    [
        ("The panel met on May 3.", "2015-05-03", "publication"),
        ("The panel will meet on May 3.", "2016-05-03", "publication"),
        ("They met on 9 July 1903 and again in October.", "1903-10", "narrative"),
        ('In a letter of 4 May 1978 he wrote: "I arrived yesterday."', "1978-05-03", "quote"),
        ('On Monday he said, "We leave tomorrow."', "2015-09-22", "quote"),
        ("The chapel is still used today as a barn.", "PRESENT_REF", "publication"),
        ("The minister resigned today.", "2015-09-22", "publication"),
        ("The minister resigned this morning.", "2015-09-22", "publication"),
    ],
)
def test_anchor(text: str, value: str, anchor: str) -> None:
    found = last(text)
    assert (found.value, found.anchor) == (value, anchor)


def test_losers_are_kept_with_reasons() -> None:
    found = last("The panel met on May 3.")
    assert found.alternatives
    assert all(other.value != found.value and other.reason for other in found.alternatives)


def test_a_limit_keeps_its_losers_as_limits() -> None:
    found = last("It has been shut since May.")
    assert found.value == "2015-05/.."
    assert all(other.value.endswith("/..") for other in found.alternatives)


def test_counting_from_another_anchor_is_an_alternative() -> None:
    found = last('On Tuesday he said, "We leave tomorrow."', "2015-09-25")
    assert found.value == "2015-09-23"
    assert [other.value for other in found.alternatives] == ["2015-09-26"]


@pytest.mark.parametrize("text", ["He left yesterday.", "He left in June.", "It is on Friday."])
def test_without_a_publication_date_nothing_is_guessed(text: str) -> None:
    dates, problems = find_dates(doc_of(text, None))
    assert all(date.earliest is None and date.latest is None for date in dates)
    assert [problem.stage for problem in problems] == ["dates"]


@given(st.lists(st.sampled_from(sorted(weights())), max_size=30), st.integers(2, 6))
def test_chances_add_up(signs: list[str], count: int) -> None:
    extent = calendar.at(calendar.year(2000))
    candidates = [Candidate(extent, (), tuple(signs[i::count])) for i in range(count)]
    chances = probabilities(candidates)
    assert math.isclose(sum(chances), 1.0) and all(0 <= chance <= 1 for chance in chances)


# -- fitting ------------------------------------------------------------------------------------


def choice(document: str, right: int) -> Choice:
    signs = (("day: near", "any: near"), ("day: far", "any: far"))
    return Choice(document, "day", signs, tuple(i == right for i in range(2)))


def test_fit_learns_what_is_right() -> None:
    learned = fit([choice("a", 0)] * 8 + [choice("b", 1)])
    assert learned["day: near"] > 0 > learned["day: far"]


def test_cross_validation_leaves_the_document_out() -> None:
    # Nine documents agree; the odd one out is judged by the others.
    data = [choice(name, 0) for name in "abcdefghi" for _ in range(2)] + [choice("j", 1)] * 2
    counts = cross_validate(data)
    assert (counts["day"], counts["day of"]) == (18, 20)
    assert accuracy([choice("j", 1)], fit([choice("j", 1)] * 8))["day"] == 1


def test_the_same_documents_have_the_same_folds() -> None:
    assert folds(["b", "a", "b"]) == folds(["a", "b"])


@pytest.mark.model
def test_the_fitted_weights_read_the_examples(extractor: Extractor) -> None:
    examples = list(read_examples(extractor))
    right = 0
    for item in examples:
        found = find_dates(item.doc)[0][-1]
        span = item.doc[found.span.start : found.span.end]
        asked = item.right(span.start_char, span.end_char)
        assert asked is not None
        right += any(asked(value) for value in [_value(found)])
    assert right >= 0.95 * len(examples), f"{right} of {len(examples)}"


def _value(found: Date):  # type: ignore[no-untyped-def]
    from pipeline.dates import Value

    return Value(value=found.value, type=found.type, precision=found.precision)
