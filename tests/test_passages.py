"""Marked passages: how they are read, and what counts as a difference."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import asdict
from typer.testing import CliRunner, Result

from pipeline.cli import app
from pipeline.errors import PipelineError
from pipeline.evaluate.passages import (
    Passage,
    PassageOutcome,
    differences,
    load_passages,
    pass_rates,
    run_passages,
    unmarked,
)
from pipeline.records import (
    DateRef,
    Holder,
    Likelihood,
    PredictionRecord,
    QuoteCue,
    QuoteRecord,
    Record,
)

from . import by_hand
from .by_hand import ref, span_of, speaker

RELAYED = """=== relayed
{T1:{S2:The envoy} {C2:told} friends {T2:he would go}}, {C1:according to} {S1:the Tribune}.
--- 1 indirect | parent: none
--- 2 indirect | to: friends | parent: 1 | venue: none
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "passages.txt"
    path.write_text(text, encoding="utf-8")
    return path


def only(folder: Path, text: str) -> Passage:
    (passage,) = load_passages(written(folder, text))
    return passage


def quote(
    text: str,
    content: str,
    cue: str | None,
    source: str | None,
    *,
    id: str = "quote-0000000001",
    to: str | None = None,
    parent: str | None = None,
    type: str = "indirect",
    date: str | None = None,
) -> QuoteRecord:
    return by_hand.quote(
        id,
        text,
        end=len(text),
        type=type,
        content=(span_of(content, text),),
        speaker=None if source is None else speaker(text.index(source), source),
        cue=None
        if cue is None
        else QuoteCue(**asdict(span_of(cue, text)), lemma=cue, stance="neutral"),
        addressee=None if to is None else span_of(to, text),
        date=None if date is None else ref(None, None, date, text=date, id="date-0000000001"),
        parent=parent,
        confidence=1.0,
    )


def relayed(text: str) -> list[QuoteRecord]:
    outer = "quote-0000000001"
    inner = quote(
        text,
        "he would go",
        "told",
        "The envoy",
        id="quote-0000000002",
        to="friends",
        parent=outer,
    )
    whole = "The envoy told friends he would go"
    return [quote(text, whole, "according to", "the Tribune", id=outer), inner]


def told(passage: Passage, records: list[Record]) -> list[str]:
    return list(differences(passage, records))


def test_a_passage_is_read_with_its_marks_taken_out(tmp_path: Path) -> None:
    passage = only(tmp_path, "# a comment\n" + RELAYED)
    assert passage.text == "The envoy told friends he would go, according to the Tribune."
    assert (passage.id, passage.kind, passage.xfail) == ("relayed-1", "relayed", None)
    assert [quote.number for quote in passage.wanted] == [1, 2]
    assert passage.wanted[1].fields == {"to": "friends", "parent": "1", "venue": "none"}
    assert len(passage.wanted[0].words("T")) == 7
    assert passage.find == "quotes"


def test_paragraphs_and_notes(tmp_path: Path) -> None:
    passage = only(
        tmp_path,
        "=== two\nOne.\n\n{S1:She} {C1:said}: {T1:no}.\n--- 1 indirect\n--- problem\n"
        "--- published: 1999-05-01\n--- xfail: hard\n\n",
    )
    assert passage.text == "One.\n\nShe said: no."
    assert passage.problem
    assert (passage.published, passage.xfail) == ("1999-05-01", "hard")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("She left.\n", "begins with"),
        ("=== k\n{S1:She said {T1:no}.\n--- 1 direct\n", "is not closed"),
        ("=== k\nShe} said {T1:no}.\n--- 1 direct\n", "a stray }"),
        ("=== k\n{T1:No}.\n--- 1 spoken\n", "one of direct"),
        ("=== k\n{T1:No}.\n--- 1 direct | mood: sad\n", "'mood' is none of"),
        ("=== k\n{T1:No}, {S2:she} said.\n--- 1 direct\n", "do not go together"),
        ("=== k\n{S1:She} said no.\n--- 1 direct\n", "1 has no T"),
        ("=== k\n{H1:May} said {T1:no}.\n--- 1 direct\n", "1 is marked with H"),
        ("find: dates\n=== k\nNo.\n", "one of quotes, predictions"),
        ("find: quotes\nfind: predictions\n=== k\nNo.\n", "one of quotes, predictions"),
        ("find: predictions\n=== k\n{H1:May} be.\n--- 1 direct\n", "one of future, present, past"),
        ("find: predictions\n=== k\n{R1:It may be}.\n--- 1 future\n", "1 has no H"),
    ],
)
def test_passages_that_are_not_well_formed_are_named(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(PipelineError, match=message):
        load_passages(written(tmp_path, text))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match=r"passages\.txt: cannot be read"):
        load_passages(tmp_path / "passages.txt")


def test_what_is_found_without_fault_has_no_differences(tmp_path: Path) -> None:
    passage = only(tmp_path, RELAYED)
    assert told(passage, [*relayed(passage.text)]) == []


def test_each_fault_is_told(tmp_path: Path) -> None:
    passage = only(tmp_path, RELAYED)
    text = passage.text
    outer, inner = relayed(text)
    change = msgspec.structs.replace
    assert told(passage, [outer]) == ["2: missed"]
    twin = quote(text, "friends", None, None, id="quote-0000000003")
    assert told(passage, [outer, inner, twin]) == ["extra: friends"]
    assert told(passage, [outer, change(inner, type="mixed")]) == ["2: type mixed, not indirect"]
    assert told(passage, [outer, change(inner, parent=None)]) == ["2: parent none, not 1"]
    assert told(passage, [outer, change(inner, addressee=None)]) == ["2: to none, not friends"]
    assert told(passage, [outer, change(inner, venue=span_of("Tribune", text))]) == [
        "2: venue 'Tribune', not none"
    ]
    wrong = quote(text, "he would go", "would", "the Tribune", to="friends", parent=outer.id)
    assert told(passage, [outer, wrong]) == ["2: source 'the Tribune'", "2: cue 'would'"]


def test_words_decide_and_not_the_punctuation_at_the_edges(tmp_path: Path) -> None:
    passage = only(tmp_path, '=== k\n"{T1:No,}" {C1:said} {S1:the old clerk}.\n--- 1 direct\n')
    text = passage.text
    assert told(passage, [quote(text, '"No,"', "said", "clerk", type="direct")]) == []
    assert told(passage, [quote(text, '"No," said', "said", "clerk", type="direct")]) == [
        "1: missed",
        'extra: "No," said',
    ]


TWO = (
    "find: predictions\n=== k\n"
    "If it freezes, {R1:prices {H1:may} rise} and {R2:few {H2:will} buy}.\n"
    "--- 1 future | level: possible | odds: 30-51 | condition: If it freezes | horizon: none\n"
    "--- 2 future | level: unspecified | odds: none | polarity: positive | holder: author"
    " | act: assertion\n"
)


def prediction(
    text: str,
    cue: str,
    proposition: str,
    *,
    odds: tuple[float, float] | None = None,
    condition: str | None = None,
) -> PredictionRecord:
    low, high = odds or (None, None)
    return by_hand.prediction(
        "prediction-0000000001",
        end=len(text),
        text=text,
        cues=(by_hand.cue(text.index(cue), cue),),
        proposition=span_of(proposition, text),
        likelihood=Likelihood(
            level="possible" if odds else "unspecified",
            low=low,
            high=high,
            basis="survey" if odds else None,
            source=None,
        ),
        condition=None if condition is None else span_of(condition, text),
        confidence=1.0,
    )


def both(text: str) -> tuple[PredictionRecord, PredictionRecord]:
    first = prediction(text, "may", "prices may rise", odds=(30, 51), condition="If it freezes")
    return first, prediction(text, "will", "few will buy")


def test_predictions_are_found_by_their_cues(tmp_path: Path) -> None:
    passage = only(tmp_path, TWO)
    first, second = both(passage.text)
    assert told(passage, [second, first]) == []
    assert told(passage, [second]) == ["1: missed"]
    assert told(passage, [first, second, second]) == ["extra: will"]
    quotes = only(tmp_path, "=== k\nIf it freezes, prices may rise and few will buy.\n")
    assert told(quotes, [first, second]) == []


def test_of_predictions_with_one_cue_the_proposition_decides(tmp_path: Path) -> None:
    passage = only(
        tmp_path,
        "find: predictions\n=== k\n{H1:{H2:Perhaps}} {R1:the wall stands} or {R2:the tower fell}.\n"
        "--- 1 future\n--- 2 future\n",
    )
    found = [
        prediction(passage.text, "Perhaps", "the tower fell"),
        prediction(passage.text, "Perhaps", "the wall stands"),
    ]
    assert told(passage, found) == []


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        ({"orientation": "present"}, "orientation present, not future"),
        ({"polarity": "negative"}, "polarity negative, not positive"),
        ({"speech_act": "question"}, "act question, not assertion"),
        (
            {"likelihood": Likelihood(level="even", low=50, high=50, basis="stated", source=None)},
            "level even, not unspecified; odds 50-50, not none",
        ),
        (
            {"holder": Holder(kind="source", text="few", name="few", entity=None, quote=None)},
            "holder few, not author",
        ),
    ],
)
def test_fields_of_predictions_count_where_they_are_stated(
    tmp_path: Path, change: dict[str, object], difference: str
) -> None:
    passage = only(tmp_path, TWO)
    first, second = both(passage.text)
    found = told(passage, [first, msgspec.structs.replace(second, **change)])
    assert found == [f"2: {part}" for part in difference.split("; ")]


def test_spans_and_dates_of_predictions_count_where_they_are_stated(tmp_path: Path) -> None:
    passage = only(tmp_path, TWO)
    first, second = both(passage.text)
    change = msgspec.structs.replace
    text = passage.text
    assert told(passage, [change(first, condition=None), second]) == [
        "1: condition none, not If it freezes"
    ]
    assert told(passage, [change(first, condition=span_of("If it", text)), second]) == []
    assert told(passage, [change(first, proposition=span_of("rise", text)), second]) == [
        "1: proposition 'rise'"
    ]
    year = DateRef(value="2026", earliest=None, latest=None, text="2026", id="date-0000000001")
    assert told(passage, [change(first, horizon=year), second]) == ["1: horizon 2026, not none"]


def test_a_quote_without_source_and_name_has_no_speaker(tmp_path: Path) -> None:
    passage = only(tmp_path, "=== k\nIt {C1:is said} that {T1:he slept}.\n--- 1 indirect\n")
    found = quote(passage.text, "he slept", "is said", "It")
    assert told(passage, [found]) == ["1: source 'It', not none"]
    assert told(passage, [msgspec.structs.replace(found, speaker=None)]) == []


@pytest.mark.parametrize(
    ("field", "difference"),
    [
        ("date: 1999", None),
        ("date: none", "1: date 1999, not none"),
        ("stance: doubts", "1: stance neutral, not doubts"),
        ("name: Ana Ruiz", "1: name She, not Ana Ruiz"),
        ("anonymous", "1: anonymous no, not yes"),
    ],
)
def test_fields_count_where_they_are_stated(
    tmp_path: Path, field: str, difference: str | None
) -> None:
    passage = only(
        tmp_path, f"=== k\n{{S1:She}} {{C1:said}} {{T1:no}}.\n--- 1 indirect | {field}\n"
    )
    found = quote(passage.text, "no", "said", "She", date="1999")
    assert told(passage, [found]) == ([] if difference is None else [difference])


def test_a_problem_must_be_told_where_the_passage_wants_one(tmp_path: Path) -> None:
    passage = only(tmp_path, '=== k\nA stray " mark.\n--- problem\n')
    assert told(passage, []) == ["no problem is told"]
    problem = by_hand.problem(
        "no partner", start=8, end=9, text='"', sentence=0, section="body", stage="quotes"
    )
    assert told(passage, [problem]) == []


def test_rates_by_kind_and_what_is_against_expectation(tmp_path: Path) -> None:
    passages = load_passages(
        written(
            tmp_path,
            "=== b\nOne.\n=== a\n{T1:Two}.\n--- 1 direct\n--- xfail: hard\n=== b\nThree.\n"
            "--- xfail: wrong\n=== a\n{T1:Four}.\n--- 1 direct\n",
        )
    )
    outcomes = run_passages(passages, lambda article: [])
    assert pass_rates(outcomes) == {"b": (2, 2), "a": (0, 2), "all": (2, 4)}
    assert [outcome.surprises for outcome in outcomes] == [False, False, True, True]
    assert PassageOutcome(passages[0], ()).passage.id == "b-1"


@pytest.mark.model
def test_evaluate_prints_the_rates_of_a_file_of_passages(tmp_path: Path) -> None:
    right = "=== plain\n{S1:The clerk} {C1:said} that {T1:it rained}.\n--- 1 indirect\n"
    wrong = "=== odd\n{S1:The clerk} {C1:said} that {T1:it} rained.\n--- 1 indirect\n"
    path = written(tmp_path, right + wrong)

    def evaluated(*options: str) -> Result:
        return CliRunner().invoke(app, ["evaluate", str(path), *options])

    shown = evaluated("--misses")
    assert shown.exit_code == 0
    assert re.search(r"^plain +100\.0 +1 of 1$", shown.stdout, re.MULTILINE)
    assert re.search(r"^all +50\.0 +1 of 2$", shown.stdout, re.MULTILINE)
    assert "odd-1 1: missed | 'The clerk said that it rained.'" in shown.stdout
    gated = evaluated("--gate")
    assert gated.exit_code == 1
    assert "odd-1 fails" in gated.stderr
    path.write_text(right + wrong + "--- xfail: the passage is wrong\n", encoding="utf-8")
    assert evaluated("--gate").exit_code == 0
    path.write_text("nothing", encoding="utf-8")
    assert evaluated().exit_code == 2


def test_braces_nest_and_parts_may_be_split() -> None:
    assert unmarked("{T1:{S2:A} b}, {T1:c}") == (
        "A b, c",
        {("S", 2): [(0, 1)], ("T", 1): [(0, 3), (5, 6)]},
    )
