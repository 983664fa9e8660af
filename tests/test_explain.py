"""`claimline explain`: every cue, reading and number with where it comes from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import pipeline
from pipeline.cli import app
from pipeline.errors import ArticleError, ConfigError
from pipeline.explain import explain
from pipeline.extraction import Extractor
from pipeline.lexicons import line_of, rows
from pipeline.stages.drafts import surroundings
from pipeline.stages.hedges import Hedge, PseudoCue, find_cues, matches
from pipeline.stages.predictions import find_predictions, readings
from pipeline.stages.senses import probability

LEXICONS = Path(__file__).parent.parent / "pipeline" / "lexicons"
SENTENCES = (
    "Analysts doubt that the merger will go ahead by 2023.",
    "If the dam breaks, there is a 70% chance that the town will not survive.",
    "The valley is very likely to flood again, and the mayor may leave.",
    "Should the talks fail, a strike could not be ruled out.",
    "She can swim, and he could have won.",
)

pytestmark = pytest.mark.model


def told(extractor: Extractor, text: str) -> str:
    return "\n".join(explain(extractor, text, published="2022-01-01"))


def test_a_reading_is_told_with_rule_number_and_source(extractor: Extractor) -> None:
    text = told(extractor, "The valley is very likely to flood again by 2030.")
    assert text.startswith("The valley is very likely to flood again by 2030.\n\nprediction ")
    assert "very-likely; 80 to 90 percent" in text
    assert re.search(r"“very” intensifies it \(degrees\.jsonl, line \d+\)", text)
    assert "source    analogy: Kucharski" in text
    assert "by 2030 = ../2030" in text
    assert "holder: author" in text
    assert re.search(r"for +prior \+", text) and "together" in text


def test_stated_odds_and_negation_are_rules(extractor: Extractor) -> None:
    text = told(extractor, "There is a 70% chance that the town will not survive.")
    assert "the stated “70%” goes before the words" in text
    assert "the event is negated" in text and "30 percent that the event" in text
    assert "stated in the text" in text


def test_the_yardstick_asked_for_is_named() -> None:
    setting = {"components.claimline_predictions.yardstick": "icd-203"}
    text = told(pipeline.load(overrides=setting), "Rates will probably rise. Oil may run out.")
    known, unknown = text.split("Oil may run out.\n")
    assert "likely; 55 to 80 percent" in known
    assert "source    icd-203: ICD 203 Analytic Standards" in known and "no band" not in known
    assert "source    survey: Kucharski" in unknown
    assert "icd-203 has no band for these words" in unknown


def test_what_is_not_taken_says_why(extractor: Extractor) -> None:
    text = told(extractor, "She can swim.")
    assert "no prediction" in text and "would be enough" in text
    assert re.search(r"against +read as ability -.* prior -", text)
    assert "likelihood" not in text


def test_pseudo_cues_say_what_they_block(extractor: Extractor) -> None:
    text = told(extractor, "The roof must be mended as soon as possible.")
    assert re.search(r"“as soon as possible” \(pseudo_cues\.jsonl, line 1\): feasibility", text)
    assert "blocked     “possible”" in text


def test_words_that_are_no_cue_here_say_what_their_row_wants(extractor: Extractor) -> None:
    text = told(extractor, "He appeared on stage in May.")
    assert "no cue        “appeared”" in text
    assert "wants a clause that it introduces" in text
    assert "read as PROPN, not as AUX or VERB" in text


def test_a_sentence_without_cues_says_so(extractor: Extractor) -> None:
    assert told(extractor, "Snow fell. Ice broke.").count("no cue") == 2


@pytest.mark.parametrize("text", SENTENCES)
def test_the_evidence_adds_up_to_the_finding(text: str, extractor: Extractor) -> None:
    doc = extractor.nlp(text)
    around = surroundings(doc)
    told = list(readings(doc, around, yardstick="survey"))
    for reading in told:
        sums = [probability(sum(w for _, w in terms)) for _, terms in reading.evidence]
        assert reading.confidence == pytest.approx(max(sums))
    threshold = 0.45
    taken = [r.prediction for r in told if r.confidence >= threshold]
    found = find_predictions(doc, around, threshold=threshold, yardstick="survey")
    assert sorted(map(repr, taken)) == sorted(map(repr, found)) and told


@pytest.mark.parametrize("text", SENTENCES)
def test_the_cues_are_the_matches_that_hold(text: str, extractor: Extractor) -> None:
    doc = extractor.nlp(text)
    assert find_cues(doc) == [match.cued for match in matches(doc) if match.cued]


def test_lines_of_rows_are_those_of_the_file() -> None:
    for name, kind in (("hedges", Hedge), ("pseudo_cues", PseudoCue)):
        lines = (LEXICONS / f"{name}.jsonl").read_text(encoding="utf-8").split("\n")
        for row in rows(name, kind)[::25]:
            number = line_of(name, row)
            assert number is not None
            assert f'"{row.cue}"' in lines[number - 1]
    first = rows("hedges", Hedge)[0]
    assert line_of("hedges", first) == 1
    assert line_of("pseudo_cues", PseudoCue(cue="no such", sense="", example="")) is None


def test_hostile_text_is_told_without_acting(extractor: Extractor) -> None:
    text = told(extractor, "The \x1b[31mbridge\u202e may fall by 2030\x00.\u2028It may " * 20)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u202e\u2028]", text)
    for empty in ("", " \n"):
        with pytest.raises(ArticleError):
            explain(extractor, empty)
    with pytest.raises(ConfigError, match="2021-09-21"):
        explain(extractor, "It may rain.", published="soon")


def test_the_command() -> None:
    result = CliRunner().invoke(app, ["explain", "It may rain.", "--published", "2022"])
    assert result.exit_code == 0 and "prediction" in result.stdout
    piped = CliRunner().invoke(app, ["explain", "-"], input="It may rain.\n")
    assert piped.stdout == result.stdout
    for wrong, code in ((["explain", ""], 1), (["explain", "x", "--published", "y"], 2)):
        result = CliRunner().invoke(app, wrong)
        assert result.exit_code == code and "Traceback" not in result.output
