from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.lexicons import rows
from pipeline.records import Likelihood, Polarity, Yardstick
from pipeline.stages.hedges import Hedge
from pipeline.stages.likelihood import (
    Band,
    Base,
    Odds,
    compose,
    degrees,
    level_of,
    mirrored,
    phrases,
    scale_of,
    stated_odds,
)

# Of rows that share cue and form, the first.
HEDGES = {(row.cue, row.form): row for row in reversed(rows("hedges", Hedge))}


def of(
    cue: str,
    form: str,
    *,
    degree: str | None = None,
    denied: bool = False,
    negated: bool = False,
    yardstick: Yardstick = "survey",
) -> tuple[Likelihood, Polarity]:
    base = HEDGES[cue, form].base
    word = None if degree is None else degrees()[degree]
    return compose(base, degree=word, denied=denied, negated=negated, yardstick=yardstick)


# The tables --------------------------------------------------------------------------------------


@pytest.mark.parametrize("phrase", sorted(phrases()))
def test_table_rows_have_ordered_percentages_and_a_source(phrase: str) -> None:
    row = phrases()[phrase]
    assert 0 <= row.low <= row.high <= 100
    assert row.low <= row.median <= row.high
    assert phrase in row.source
    assert any(name in row.source for name in ("Kucharski", "zonination"))


def test_every_key_of_the_lexicons_names_a_table_row() -> None:
    keys = {key for row in HEDGES.values() for key in (row.survey, row.like, row.denied)}
    keys |= {key for row in degrees().values() for key in (row.survey, row.like)}
    assert keys - {""} <= set(phrases())


def test_a_phrase_has_the_level_of_its_row() -> None:
    for row in HEDGES.values():
        if row.survey and row.level != "unspecified":
            assert phrases()[row.survey].level == row.level, row.cue


def test_plain_future_carries_no_number() -> None:
    for cue in ("will", "would", "shall"):
        likelihood, polarity = of(cue, "modal")
        assert likelihood == Likelihood(
            level="unspecified", low=None, high=None, basis=None, source=None
        )
        assert polarity == "positive"


# Composition -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cue", "form", "options", "level", "low", "high", "basis", "polarity"),
    [
        ("probably", "adverb", {}, "likely", 65, 80, "survey", "positive"),
        ("probably", "adverb", {"negated": True}, "likely", 20, 35, "survey", "negative"),
        ("likely", "adjective", {}, "likely", 67, 80, "survey", "positive"),
        ("unlikely", "adjective", {}, "unlikely", 10, 25, "survey", "negative"),
        ("unlikely", "adjective", {"negated": True}, "unlikely", 75, 90, "survey", "positive"),
        ("likely", "adjective", {"degree": "highly"}, "very-likely", 80, 90, "survey", "positive"),
        ("likely", "adjective", {"degree": "very"}, "very-likely", 80, 90, "analogy", "positive"),
        ("unlikely", "adjective", {"degree": "highly"}, "very-unlikely", 5, 10, "survey", None),
        ("likely", "adjective", {"degree": "less"}, "unlikely", None, None, None, "negative"),
        ("likely", "adjective", {"degree": "more"}, "likely", None, None, None, "positive"),
        ("likely", "adjective", {"denied": True}, "unlikely", 10, 25, "analogy", "negative"),
        ("likely", "adjective", {"degree": "hardly"}, "unlikely", 10, 25, "analogy", "negative"),
        ("expect", "verb", {}, "likely", 65, 80, "analogy", "positive"),
        ("expect", "verb", {"denied": True}, "unlikely", 20, 38.75, "analogy", "negative"),
        ("think", "verb", {"denied": True}, "unlikely", 15, 33, "analogy", "negative"),
        ("may", "modal", {}, "possible", 30, 51, "survey", "positive"),
        ("may", "modal", {"negated": True}, "possible", 49, 70, "survey", "negative"),
        ("might", "modal", {}, "possible", 25, 50, "survey", "positive"),
        ("can", "modal", {"denied": True}, "almost-no-chance", 1, 5, "analogy", "negative"),
        ("impossible", "adjective", {}, "almost-no-chance", 1, 5, "analogy", "negative"),
        ("impossible", "adjective", {"denied": True}, "possible", None, None, None, "positive"),
        ("certain", "adjective", {"denied": True}, "possible", None, None, None, "positive"),
        ("certain", "adjective", {"degree": "almost"}, "almost-certain", 90, 98, "survey", None),
        ("far from certain", "idiom", {}, "possible", None, None, None, "positive"),
        ("doubt", "verb", {}, "unlikely", 15, 33, "survey", "negative"),
        ("chance", "noun", {}, "possible", None, None, None, "positive"),
        ("chance", "noun", {"degree": "little"}, "very-unlikely", 5, 15, "survey", "negative"),
        ("chance", "noun", {"degree": "no"}, "almost-no-chance", 1, 5, "analogy", "negative"),
        ("chance", "noun", {"degree": "good"}, "likely", 75, 85, "analogy", "positive"),
        ("chance", "noun", {"degree": "remote"}, "very-unlikely", 3, 10, "survey", "positive"),
        ("chance", "noun", {"degree": "even"}, "even", 50, 50, "analogy", "positive"),
        ("more likely than not", "idiom", {}, "likely", 55, 60, "analogy", "positive"),
        ("rule out", "verb", {}, "possible", 25, 50, "analogy", "positive"),
        ("will", "modal", {"negated": True}, "unspecified", None, None, None, "negative"),
    ],
)
def test_composition(
    cue: str,
    form: str,
    options: dict[str, object],
    level: str,
    low: float | None,
    high: float | None,
    basis: str | None,
    polarity: str | None,
) -> None:
    likelihood, direction = of(cue, form, **options)  # type: ignore[arg-type]
    assert (likelihood.level, likelihood.low, likelihood.high, likelihood.basis) == (
        level,
        low,
        high,
        basis,
    )
    assert (likelihood.source is None) == (low is None)
    assert polarity is None or direction == polarity


def test_stated_numbers_go_before_words() -> None:
    likelihood, polarity = compose(
        Base(level="likely", phrase="likely", survey="likely"),
        odds=Odds(low=70, high=70, point=70),
        negated=True,
        yardstick="nato",
    )
    assert (likelihood.level, likelihood.low, likelihood.high) == ("likely", 30, 30)
    assert (likelihood.basis, polarity) == ("stated", "negative")


BASES = st.sampled_from([row.base for row in HEDGES.values()])
DEGREES = st.none() | st.sampled_from(list(degrees().values()))
PERCENT = st.floats(0, 100)


YARDSTICKS = st.sampled_from(get_args(Yardstick))


@given(BASES, DEGREES, st.booleans(), st.booleans(), YARDSTICKS)
def test_composition_stays_in_bounds(
    base: Base, degree, denied: bool, negated: bool, yardstick: Yardstick
) -> None:
    likelihood, _ = compose(
        base, degree=degree, denied=denied, negated=negated, yardstick=yardstick
    )
    assert (likelihood.low is None) == (likelihood.high is None) == (likelihood.basis is None)
    if likelihood.low is not None and likelihood.high is not None:
        assert 0 <= likelihood.low <= likelihood.high <= 100


@given(BASES, DEGREES, st.booleans(), st.booleans(), YARDSTICKS)
def test_a_yardstick_changes_numbers_alone(
    base: Base, degree, denied: bool, negated: bool, yardstick: Yardstick
) -> None:
    plain, for_it = compose(base, degree=degree, denied=denied, negated=negated)
    scaled, for_it_too = compose(
        base, degree=degree, denied=denied, negated=negated, yardstick=yardstick
    )
    assert (plain.level, for_it) == (scaled.level, for_it_too)
    assert (plain.low is None) == (scaled.low is None)
    terms = {band.source for band in scale_of(yardstick).like.values()}
    assert scaled == plain or scaled.source in terms


@given(BASES, DEGREES, st.booleans())
def test_negation_of_the_event_mirrors_its_odds(base: Base, degree, denied: bool) -> None:
    plain, for_it = compose(base, degree=degree, denied=denied)
    turned, against_it = compose(base, degree=degree, denied=denied, negated=True)
    assert plain.level == turned.level
    assert for_it != against_it
    if plain.low is not None and plain.high is not None:
        assert (turned.low, turned.high) == mirrored(plain.low, plain.high)


@given(PERCENT)
def test_levels_of_numbers_mirror(percent: float) -> None:
    names = ["almost-no-chance", "very-unlikely", "unlikely", "even"]
    names += ["likely", "very-likely", "almost-certain"]
    complement = 100 - percent
    if 100 - complement == percent:  # exact in floating point
        assert names.index(level_of(percent)) == 6 - names.index(level_of(complement))


# Yardsticks --------------------------------------------------------------------------------------

OFFICIAL = tuple(name for name in get_args(Yardstick) if name != "survey")


def test_bands_are_ordered_and_name_their_source_and_known_phrases() -> None:
    for band in rows("yardsticks", Band):
        assert 0 <= band.low <= band.high <= 100
        assert f'"{band.phrases[0]}"' in band.source
        assert set(band.like) <= set(phrases())
        assert band.yardstick in OFFICIAL


@pytest.mark.parametrize("yardstick", OFFICIAL)
def test_no_phrase_has_two_bands(yardstick: Yardstick) -> None:
    named = [
        phrase
        for band in rows("yardsticks", Band)
        if band.yardstick == yardstick
        for phrase in (*band.phrases, *band.like)
    ]
    assert len(named) == len(set(named)) > 5


def test_the_survey_has_no_bands() -> None:
    assert scale_of("survey") == ({}, {})


@pytest.mark.parametrize(
    ("yardstick", "cue", "form", "options", "low", "high", "basis"),
    [
        ("icd-203", "likely", "adjective", {}, 55, 80, "icd-203"),
        ("icd-203", "unlikely", "adjective", {}, 20, 45, "icd-203"),
        ("icd-203", "unlikely", "adjective", {"negated": True}, 55, 80, "icd-203"),
        ("icd-203", "likely", "adjective", {"degree": "very"}, 80, 95, "icd-203"),
        ("icd-203", "likely", "adjective", {"degree": "highly"}, 80, 95, "analogy"),
        ("icd-203", "improbable", "adjective", {"degree": "highly"}, 5, 20, "icd-203"),
        ("icd-203", "likely", "adjective", {"denied": True}, 20, 45, "analogy"),
        ("icd-203", "certainly", "adverb", {"degree": "almost"}, 95, 99, "icd-203"),
        ("icd-203", "chance", "noun", {"degree": "roughly even"}, 45, 55, "icd-203"),
        ("icd-203", "chance", "noun", {"degree": "remote"}, 1, 5, "icd-203"),
        ("icd-203", "expect", "verb", {}, 55, 80, "analogy"),
        ("icd-203", "expect", "verb", {"denied": True}, 20, 45, "analogy"),
        ("icd-203", "may", "modal", {}, 30, 51, "survey"),
        ("icd-203", "may", "modal", {"negated": True}, 49, 70, "survey"),
        ("icd-203", "chance", "noun", {"degree": "good"}, 75, 85, "analogy"),
        ("icd-203", "likely", "adjective", {"degree": "more"}, None, None, None),
        ("icd-203", "likely", "adjective", {"degree": "less"}, None, None, None),
        ("icd-203", "certain", "adjective", {"denied": True}, None, None, None),
        ("icd-203", "will", "modal", {}, None, None, None),
        ("kent", "certain", "adjective", {}, 100, 100, "kent"),
        ("kent", "impossible", "adjective", {}, 0, 0, "kent"),
        ("kent", "probably", "adverb", {}, 63, 87, "kent"),
        ("kent", "probably", "adverb", {"negated": True}, 20, 40, "kent"),
        ("kent", "likely", "adjective", {"negated": True}, 13, 37, "analogy"),
        ("kent", "certainly", "adverb", {"degree": "almost", "negated": True}, 2, 12, "kent"),
        ("kent", "unlikely", "adjective", {}, 20, 40, "analogy"),
        ("uk-phia", "likely", "adjective", {}, 55, 75, "uk-phia"),
        ("uk-phia", "probably", "adverb", {"negated": True}, 25, 45, "uk-phia"),
        ("uk-phia", "possibility", "noun", {"degree": "realistic"}, 40, 50, "uk-phia"),
        ("uk-phia", "possibility", "noun", {"degree": "real"}, 40, 50, "analogy"),
        ("uk-phia", "likely", "adjective", {"degree": "highly"}, 80, 90, "uk-phia"),
        ("nato", "chance", "noun", {"degree": "even"}, 40, 60, "nato"),
        ("nato", "probable", "adjective", {}, 60, 90, "analogy"),
        ("nato", "certain", "adjective", {}, 90, 100, "analogy"),
        ("ipcc", "likely", "adjective", {"degree": "extremely"}, 95, 100, "ipcc"),
        ("ipcc", "likely", "adjective", {"degree": "hugely"}, 90, 100, "analogy"),
        ("ipcc", "unlikely", "adjective", {"degree": "exceptionally"}, 0, 1, "ipcc"),
        ("ipcc", "virtually certain", "adjective", {}, 99, 100, "ipcc"),
        ("ipcc", "as likely as not", "idiom", {}, 33, 66, "ipcc"),
    ],
)
def test_composition_on_a_yardstick(
    yardstick: Yardstick,
    cue: str,
    form: str,
    options: dict[str, object],
    low: float | None,
    high: float | None,
    basis: str | None,
) -> None:
    likelihood, _ = of(cue, form, yardstick=yardstick, **options)  # type: ignore[arg-type]
    assert (likelihood.low, likelihood.high, likelihood.basis) == (low, high, basis)
    assert (likelihood.source is None) == (low is None)


# Stated odds -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("a 70% chance", 70, 70),
        ("a 70 percent chance", 70, 70),
        ("at 60 to 70 per cent", 60, 70),
        ("a 60-80 percent chance", 60, 80),
        ("between 10 and 15 percent", 10, 15),
        ("twenty-five percent", 25, 25),
        ("a one-in-four chance", 25, 25),
        ("a one - in - four chance", 25, 25),
        ("1 in 40", 2.5, 2.5),
        ("one in 3,100", 0.0323, 0.0323),
        ("one chance in four", 25, 25),
        ("two out of three", 66.6667, 66.6667),
        ("in two scenarios out of five", 40, 40),
        ("odds of three to one", 25, 25),
        ("ten to one against", 9.0909, 9.0909),
        ("three to one on", 75, 75),
        ("sixty-forty", 60, 60),
        ("fifty-fifty", 50, 50),
        ("50 - 50", 50, 50),
        ("less than 1 per cent", 0, 1),
        ("under 5 percent", 0, 5),
        ("no better than one in five", 0, 20),
        ("at least 80 percent", 80, 100),
        ("better than 95 per cent", 95, 100),
    ],
)
def test_stated_odds(text: str, low: float, high: float) -> None:
    odds = stated_odds(text.split())
    assert odds is not None
    assert (odds.low, odds.high) == (low, high)
    assert 0 <= odds.start < odds.end <= len(text.split())


@pytest.mark.parametrize(
    "text",
    [
        "in 2004",
        "the 14 members",
        "on May 12",
        "one of them",
        "five in two",
        "250 percent",
        "",
        "-",
    ],
)
def test_other_numbers_are_no_odds(text: str) -> None:
    assert stated_odds(text.split()) is None


NUMBERS = ["one", "2", "100", "%", "per", "cent", "hundred", "million", "50-50"]
WORDS = st.lists(
    st.sampled_from([*NUMBERS, "in", "to", "of", "-", "out", "and", "less", "than"])
    | st.text(max_size=8),
    max_size=30,
)


@given(WORDS)
def test_any_words_give_odds_in_bounds_or_none(words: list[str]) -> None:
    odds = stated_odds(words)
    if odds is not None:
        assert 0 <= odds.low <= odds.high <= 100
        assert 0 <= odds.start < odds.end <= len(words)


def test_long_runs_of_numbers_are_no_odds() -> None:
    assert stated_odds(["one", "hundred", "-", "and"] * 8_000) is None
