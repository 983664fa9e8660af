from __future__ import annotations

from pipeline.train.evidence import Example, Feature, fit

UP: Feature = ("any", "up")
RARE: Feature = ("any", "rare")


def fitted(examples: list[Example], expected: dict[Feature, float]) -> dict[Feature, float]:
    return fit(examples, penalty=lambda _: 1.0, expected=expected, min_count=lambda _: 2)


def test_weights_lean_to_the_labels() -> None:
    weights = fitted([Example({UP: 1.0}, True)] * 3 + [Example({UP: 1.0}, False)], {})
    assert 0 < weights[UP] < 1.1  # log(3), drawn to 0


def test_what_the_articles_do_not_show_stays_as_expected() -> None:
    weights = fitted([Example({UP: 1.0}, True)] * 3, {RARE: -3.0})
    assert weights[RARE] == -3.0


def test_rare_features_have_no_weight() -> None:
    examples = [Example({UP: 1.0, RARE: 1.0}, True), Example({UP: 1.0}, True)]
    assert fitted(examples, {}).keys() == {UP}


def test_a_known_prior_leaves_less_to_learn() -> None:
    unknown = fitted([Example({UP: 1.0}, True)] * 4, {})
    known = fitted([Example({UP: 1.0}, True, offset=3.0)] * 4, {})
    assert known[UP] < unknown[UP]
