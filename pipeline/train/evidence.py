"""Fits the weights of two lexicons: `python -m pipeline.train.evidence DATA`.

`senses.jsonl` says when a cue carries a prediction, `attribution_evidence.jsonl` when a candidate
is a quote. Candidates and features are those of the stages themselves on DATA/gold/train,
DATA/gold/written and, for quotes, corpus/attributions/train, labelled as `pipeline.evaluate`
matches records to gold; the weights are a logistic regression with a Gaussian prior (L2), solved by
Newton's method, rounded to 0.01.

What the language model's votes on attributions count (signs `model: …`) is fitted apart, to
articles whose attributions it has not learned (corpus/attributions/held): those that taught it
would make its votes look better than they are. The same fit makes the confidence of quotes a
probability.

Not fitted here, and kept as the lexicon has them: the weights of the encoder's votes on predictions
(rows `vote`, set on gold/dev, whose figures flatter them a little), and the priors of the rows of
`hedges.jsonl`. Penalties were near the best in five-fold cross-validation over the articles of
gold/train and gold/written, before the others were there.

Both lexicons are what this wrote last; a rule of the stages changed since, or the head of readings
fitted anew, moves the weights a little.
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from spacy.tokens import Doc

from ..errors import PipelineError
from ..evaluate.gold import Anchors, GoldArticle, GoldPrediction, GoldQuote, load_gold
from ..evaluate.run import gold_files
from ..evaluate.scores import words_f1
from ..extraction import Extractor, load
from ..lexicons import rows
from ..reading import Article, read_article
from ..stages.attributions import find_attributions
from ..stages.drafts import surroundings
from ..stages.linked import find_linked
from ..stages.predictions import candidates
from ..stages.quotes import RULES, Evidence, Judge, find_floating
from ..stages.reporting import Reporting, load_lexicon
from ..stages.scene import Attribution, Scene
from ..stages.senses import READ, Votes, Weight, group_of
from .gold import ATTRIBUTIONS

Feature = tuple[str, ...]
"""The key of a lexicon row: group and feature, or a sign."""

_WRITTEN: Feature = ("written for training",)
"""Written articles have more predictions than found ones; this keeps it out of the weights."""

HELD = ATTRIBUTIONS / "held"
_SHARED = "any"  # the group of features that all cues have in common
_PENALTY, _SHARED_PENALTY, _READ_PENALTY = 20.0, 6.0, 1.0
_MIN_COUNT, _MIN_QUOTE_COUNT = 8, 6
_MIN_WEIGHT = 0.05
_CONTENT_F1 = 0.8
_FOUND_WEIGHT = 2.5  # found articles are fewer than those written for training, and what counts
_EXAMPLE_WEIGHT = 0.8
# Ways of attributing that the articles show too rarely; the lexicon's own examples add to them.
_RARE_WAYS = frozenset(
    {
        *("owned", "noun clause", "noun infinitive", "as", "adjective", "predicative", "gerund"),
        *("beside", "as-clause", "order", "phrase", "noun preposition"),
    }
)


class Example(NamedTuple):
    """A candidate: its features, the answer, its log-odds beforehand and how much it counts."""

    features: Mapping[Feature, float]
    label: bool
    offset: float = 0.0
    weight: float = 1.0


def fit(
    examples: Sequence[Example],
    *,
    penalty: Callable[[Feature], float],
    expected: Mapping[Feature, float],
    min_count: Callable[[Feature], int],
) -> dict[Feature, float]:
    """Weights of the features that occur often enough or are expected, by logistic regression.

    Args:
        examples: the candidates.
        penalty: how strongly a feature's weight is held to what is expected (inverse variance).
        expected: expected weights; 0 for any other feature.
        min_count: in how many examples a feature must occur.

    Example:
        >>> seen = [Example({("up",): 1.0}, True), Example({("down",): 1.0}, False)]
        >>> weights = fit(seen, penalty=lambda _: 1.0, expected={}, min_count=lambda _: 1)
        >>> {name: round(weight, 2) for (name,), weight in weights.items()}
        {'down': -0.4, 'up': 0.4}
    """
    counts = Counter(feature for example in examples for feature in example.features)
    names = sorted({f for f, n in counts.items() if n >= min_count(f)} | set(expected))
    column = {name: at for at, name in enumerate(names)}
    matrix = np.zeros((len(examples), len(names)))
    for row, example in enumerate(examples):
        for feature, value in example.features.items():
            if feature in column:
                matrix[row, column[feature]] = value
    labels = np.array([example.label for example in examples], dtype=float)
    offsets = np.array([example.offset for example in examples])
    sizes = np.array([example.weight for example in examples])
    mean = np.array([expected.get(name, 0.0) for name in names])
    ridge = np.array([penalty(name) for name in names])
    weights = mean.copy()
    for _ in range(60):
        guess = 1 / (1 + np.exp(-(matrix @ weights + offsets)))
        slope = matrix.T @ (sizes * (guess - labels)) + ridge * (weights - mean)
        curve = (matrix * (sizes * guess * (1 - guess))[:, None]).T @ matrix + np.diag(ridge)
        step = np.linalg.solve(curve, slope)
        weights -= step
        if np.abs(step).max() < 1e-6:
            break
    return dict(zip(names, weights.tolist(), strict=True))


# Predictions -------------------------------------------------------------------------------


def prediction_examples(
    doc: Doc, article: Article, gold: GoldArticle, *, written: bool
) -> Iterator[Example]:
    """The cues of an article; right where one of their proposition's cues overlaps a gold cue."""
    anchors = Anchors(article)

    def cues(items: Sequence[GoldPrediction]) -> list[tuple[int, int]]:
        return [at for item in items for at in anchors.offsets(item, "cue", item.cue)]

    wanted = cues([item for item in gold.predictions if not item.optional])
    spared = cues([item for item in gold.predictions if item.optional])
    votes = Votes(doc)
    for proposition in candidates(doc, surroundings(doc)):
        places = [_place(doc, article, cued.start, cued.end) for cued, _ in proposition]
        label = any(_overlaps(place, wanted) for place in places)
        if not label and any(_overlaps(place, spared) for place in places):
            continue
        for cued, names in proposition:
            group = group_of(cued)
            features: dict[Feature, float] = {(group, "bias"): 1.0}
            for name in names:
                features[group, name] = features[_SHARED, name] = 1.0
            read = votes.read(cued)
            if read is not None:
                features[group, READ] = features[_SHARED, READ] = read[1]
            if written:
                features[_WRITTEN] = 1.0
            prior = min(max(cued.row.prior, 0.01), 0.99)  # as `senses.log_odds` bounds it
            yield Example(features, label, offset=math.log(prior / (1 - prior)))


def _place(doc: Doc, article: Article, start: int, end: int) -> tuple[int, int]:
    span = doc[start:end]
    pieces = article.map.to_source(span.start_char, span.end_char)
    return pieces[0][0], pieces[-1][1]


def _overlaps(place: tuple[int, int], others: Sequence[tuple[int, int]]) -> bool:
    return any(start < place[1] and place[0] < end for start, end in others)


def _penalty(feature: Feature) -> float:
    if feature == _WRITTEN:
        return 0.1
    if feature == (_SHARED, READ):
        return _READ_PENALTY
    return _SHARED_PENALTY if feature[0] == _SHARED else _PENALTY


def fit_senses(examples: Sequence[Example]) -> list[Weight]:
    """The rows of `senses.jsonl`."""
    text = files(__package__).joinpath("expected_senses.jsonl").read_bytes()
    expected = msgspec.json.Decoder(Weight).decode_lines(text)
    weights = fit(
        examples,
        penalty=_penalty,
        expected={(row.group, row.feature): row.weight for row in expected},
        min_count=lambda _: _MIN_COUNT,
    )
    del weights[_WRITTEN]
    kept = [row for row in rows("senses", Weight) if row.group == "vote"]
    return kept + [
        Weight(group=group, feature=name, weight=round(weight, 2))
        for (group, name), weight in weights.items()
        if abs(weight) >= _MIN_WEIGHT
    ]


# Quotes ------------------------------------------------------------------------------------


def quote_examples(doc: Doc, gold: GoldArticle, *, weight: float) -> Iterator[Example]:
    """The attributions that an article may hold; right where the content is that of a gold quote.

    Quotations without a cue are sought between the right ones of the others, as the stage seeks
    them between those it keeps.
    """
    scene = Scene(doc, load_lexicon())
    judge = Judge(scene, {})
    cued = find_attributions(scene)
    right = [c for c in cued if _match(doc, c, gold)[0] >= _CONTENT_F1]
    for candidate in [*cued, *find_floating(scene, right)]:
        f1, quote = _match(doc, candidate, gold)
        if f1 < _CONTENT_F1 or quote is None or not quote.optional:
            yield Example(_signs(judge, candidate), f1 >= _CONTENT_F1, weight=weight)


def _match(doc: Doc, candidate: Attribution, gold: GoldArticle) -> tuple[float, GoldQuote | None]:
    """How near the nearest gold content is (F1 of words), and whose it is."""
    text = " ".join(doc[start:end].text for start, end in candidate.content)
    best: tuple[float, GoldQuote | None] = 0.0, None
    for quote in gold.quotes:
        want = quote.content if isinstance(quote.content, str) else " ".join(quote.content)
        f1 = words_f1(want, text)
        if f1 > best[0]:
            best = f1, quote
    return best


def _signs(judge: Judge, candidate: Attribution) -> dict[Feature, float]:
    return {(sign,): value for sign, value in judge.signs(candidate)}


def vote_examples(doc: Doc, gold: GoldArticle, weights: Mapping[str, float]) -> Iterator[Example]:
    """The attributions that an article may hold, with what the rules and the model say of each.

    Right where the content is that of a gold quote and the source is its speaker.

    Args:
        doc: of an article that the model has not learned from.
        gold: of the article.
        weights: of the rules' signs.
    """
    scene = Scene(doc, load_lexicon())
    judge = Judge(scene, dict(weights))
    cued = [*find_attributions(scene), *find_linked(scene)]
    right = [c for c in cued if _match(doc, c, gold)[0] >= _CONTENT_F1]
    for candidate in [*cued, *find_floating(scene, right)]:
        f1, quote = _match(doc, candidate, gold)
        label = quote is not None and f1 >= _CONTENT_F1 and _is_speaker(doc, candidate, quote)
        if not (label and quote is not None and quote.optional):
            features: dict[Feature, float] = {(s,): x for s, x in judge.votes(candidate)}
            features[(RULES,)] = judge.sum(judge.signs(candidate))
            yield Example(features, label)


def _is_speaker(doc: Doc, candidate: Attribution, quote: GoldQuote) -> bool:
    """Whether the source is the quote's speaker; a quotation without a cue is not asked."""
    if candidate.cue is None:
        return True
    if candidate.source is None or quote.speaker is None:
        return candidate.source is None and quote.speaker is None
    return doc[candidate.source].text in quote.speaker


def lexicon_examples(extractor: Extractor) -> Iterator[Example]:
    """The example sentences of `reporting.jsonl` that show a rare way of attributing."""
    for row in rows("reporting", Reporting):
        scene = Scene(extractor.nlp(row.example), load_lexicon())
        judge = Judge(scene, {})
        for found in find_attributions(scene):
            if found.match is None or found.match.row.lemma != row.lemma:
                continue
            if found.way in _RARE_WAYS and found.source is not None:
                signs = _signs(judge, found)
                # One sentence a cue would tell the cues of rare ways from the others.
                features = {f: x for f, x in signs.items() if not _is_cue(f)}
                yield Example(features, True, weight=_EXAMPLE_WEIGHT)


def _is_cue(feature: Feature) -> bool:
    return feature[0].startswith("cue: ")


def fit_evidence(examples: Sequence[Example]) -> list[Evidence]:
    """The rows of `attribution_evidence.jsonl` for what the rules see."""
    weights = fit(
        examples,
        penalty=lambda f: 20.0 if _is_cue(f) else 10.0,
        expected={},
        min_count=lambda f: _MIN_COUNT if _is_cue(f) else _MIN_QUOTE_COUNT,
    )
    return [
        Evidence(sign, round(weight, 2))
        for (sign,), weight in weights.items()
        if abs(weight) >= _MIN_WEIGHT
    ]


def fit_votes(examples: Sequence[Example]) -> list[Evidence]:
    """The rows of `attribution_evidence.jsonl` for what the model says, beside the rules."""
    weights = fit(examples, penalty=lambda _: 2.0, expected={(RULES,): 1.0}, min_count=lambda _: 1)
    return [Evidence(sign, round(weight, 2)) for (sign,), weight in weights.items()]


# The command -------------------------------------------------------------------------------


def main() -> int:
    """Parse the arguments, fit, write; 0 when all went well, 1 with a message when not."""
    parser = argparse.ArgumentParser(
        prog="python -m pipeline.train.evidence", description="Fit the weights of two lexicons."
    )
    parser.add_argument("data", type=Path, help="folder with gold/train and gold/written")
    parser.add_argument(
        "--output",
        type=Path,
        default=Path(str(files("pipeline"))) / "lexicons",
        help="folder to write to; the lexicons of the package where not given",
    )
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--predictions", action="store_true", help="senses.jsonl alone")
    only.add_argument("--quotes", action="store_true", help="attribution_evidence.jsonl alone")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    try:
        extractor = load()
        predictions: list[Example] = []
        quotes: list[Example] = []
        for folder, weight in (
            (arguments.data / "gold" / "train", _FOUND_WEIGHT),
            (arguments.data / "gold" / "written", 1.0),
            (ATTRIBUTIONS / "train", 1.0),
        ):
            for path, gold_path in gold_files(folder):
                article, gold = read_article(path), load_gold(gold_path)
                doc = extractor.annotate(article)
                quotes += quote_examples(doc, gold, weight=weight)
                if folder != ATTRIBUTIONS / "train":
                    written = folder.name == "written"
                    predictions += prediction_examples(doc, article, gold, written=written)
        quotes += lexicon_examples(extractor)
        if not arguments.quotes:
            _write(arguments.output / "senses.jsonl", fit_senses(predictions))
        if not arguments.predictions:
            evidence = fit_evidence(quotes)
            weights = {row.sign: row.weight for row in evidence}
            votes: list[Example] = []
            for path, gold_path in gold_files(HELD):
                article, gold = read_article(path), load_gold(gold_path)
                votes += vote_examples(extractor.annotate(article), gold, weights)
            evidence = sorted([*evidence, *fit_votes(votes)], key=lambda row: row.sign)
            _write(arguments.output / "attribution_evidence.jsonl", evidence)
    except PipelineError as error:
        logging.error("%s", error)
        return 1
    return 0


def _write(path: Path, lexicon: Sequence[msgspec.Struct]) -> None:
    lines = [json.dumps(msgspec.to_builtins(row), ensure_ascii=False) + "\n" for row in lexicon]
    path.write_text("".join(lines), encoding="utf-8")
    logging.info("%s: %d weights", path, len(lines))


if __name__ == "__main__":
    sys.exit(main())
