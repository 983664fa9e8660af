"""Fits the weights of `date_anchors.jsonl`: `python -m pipeline.train.anchors DATA`.

A date that a text leaves without its year or its base has candidates (`pipeline.dates.choosing`);
those with which the whole expression comes out as the gold says are right. The weights are a
conditional logistic regression over the candidates with a Gaussian prior (L2), solved by Newton's
method, rounded to 0.01. A text is read in order, each date taken as the gold has it where the gold
has it, so that what is learned does not depend on the weights there were before.

Data: DATA/gold/train and DATA/gold/written, the documents of GUM and WikiWars in DATA/data/dates,
and the sentences of ours in `expected_anchors.jsonl`. `--cross-validate` prints what the weights do
on documents that they were not fitted on, in five folds; nothing is written then.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import msgspec
from spacy.tokens import Doc

from ..dates.anchor import Anchors
from ..dates.choosing import Candidate, Weight, probabilities
from ..dates.grammar import Expression, find_expressions
from ..dates.normalise import Value, evaluate
from ..dates.words import atoms_of
from ..errors import PipelineError
from ..evaluate import gold as annotated
from ..evaluate.run import gold_files
from ..evaluate.scores import same_value
from ..evaluate.temporal import Timex, articles_of, load_documents, timex_value, value_interval
from ..extraction import Extractor, load
from ..reading import Article, read_article, read_text
from ..stages import findings, layers
from ..stages.dates import lean_of_parse, tokens_of
from . import logit
from .logit import Choice

PENALTY = 4.0
"""Inverse variance of the prior: as good as 8 and 16 in cross-validation, better than 2."""

_COSTS: Mapping[str, float] = {"today: nowadays": -0.6}
"""A day taken for the present at large loses more than the other way round: odds of 2 to 1."""

FOLDS = 5
_SURENESS = (("surely", -4.0), ("likely", -3.5), ("perhaps", -2.0))

EXPECTED: Mapping[str, float] = {
    f"{kind}: {sign}": weight
    for sign, weight in (
        *((f"next, tense {sure} past", against) for sure, against in _SURENESS),
        *((f"far ahead, tense {sure} past", against) for sure, against in _SURENESS),
        *((f"last, tense {sure} ahead", against) for sure, against in _SURENESS),
        *((f"far behind, tense {sure} ahead", against) for sure, against in _SURENESS),
        ("next, limit back", -3.0),  # what has gone on since then began before
        ("far ahead, limit back", -3.0),
        ("last of the event, limit ahead", -3.0),
    )
    for kind in ("any", "weekday", "feast")
}
"""Means of the prior where grammar decides and the documents have few examples; 0 elsewhere."""

_MIN_WEIGHT = 0.05


class Annotated(NamedTuple):
    """A parsed document, and the answer for an expression at offsets of its file.

    `right` is None where gold says nothing of the place, else says whether a value is right.
    """

    id: str
    doc: Doc
    article: Article
    right: Callable[[int, int], Callable[[Value], bool] | None]


# -- reading data -------------------------------------------------------------------------------


def read_annotated(data: Path, extractor: Extractor) -> Iterator[Annotated]:
    """Every training document, parsed.

    Raises:
        PipelineError: a file is missing or broken.
    """
    for part in ("train", "written"):
        for path, gold_path in gold_files(data / "gold" / part):
            article = read_article(path)
            gold = annotated.load_gold(gold_path)
            yield Annotated(
                gold.doc, parse(article, extractor), article, _gold_lookup(gold, article)
            )
    for name in ("gum-train-dates", "wikiwars"):
        for document, article in articles_of(load_documents(data / "data/dates" / f"{name}.jsonl")):
            lookup = _timex_lookup(document.gold, selective=document.genre is not None)
            yield Annotated(document.id, parse(article, extractor), article, lookup)


EXAMPLES = "examples"
"""The document that the examples make up; it is in no fold, so that every fit has them."""


class Example(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A row of `expected_anchors.jsonl`: a sentence of ours in which grammar settles the last date.

    Texts say the year of a day that is long past, so that the documents hardly show what the tense
    does when they do not.
    """

    text: str
    published: str
    value: str


def read_examples(extractor: Extractor) -> Iterator[Annotated]:
    """The examples as documents; only the last date of each is asked for."""
    text = files(__package__).joinpath("expected_anchors.jsonl").read_bytes()
    for number, row in enumerate(msgspec.json.Decoder(Example).decode_lines(text)):
        article = read_text(row.text, id=f"example-{number}", published=row.published)
        yield Annotated(EXAMPLES, parse(article, extractor), article, _last_lookup(row))


def _last_lookup(row: Example) -> Callable[[int, int], Callable[[Value], bool] | None]:
    def lookup(start: int, end: int) -> Callable[[Value], bool] | None:
        return lambda value: value.value == row.value

    return lookup


def parse(article: Article, extractor: Extractor, *, until: str = "claimline_dates") -> Doc:
    """The Doc of an article as a stage gets it."""
    doc = extractor.nlp.make_doc(article.text)
    blocks = tuple(findings.ContextBlock(b.start, b.end, b.section) for b in article.blocks)
    layers.set_context(
        doc,
        findings.Context(published=article.published, dateline=article.dateline, blocks=blocks),
    )
    for name, component in extractor.nlp.pipeline:
        if name == until:
            break
        doc = component(doc)
    return doc


def _gold_lookup(
    gold: annotated.GoldArticle, article: Article
) -> Callable[[int, int], Callable[[Value], bool] | None]:
    anchors = annotated.Anchors(article)
    known = [
        (at, item.value)
        for item in gold.dates
        for at in anchors.offsets(item, "text", (item.text,))[:1]
    ]

    def lookup(start: int, end: int) -> Callable[[Value], bool] | None:
        over = [value for at, value in known if at[0] < end and start < at[1]]
        if len(over) != 1:
            return None
        return lambda value: same_value(over[0], value.value)

    return lookup


def _timex_lookup(
    gold: Sequence[Timex], *, selective: bool
) -> Callable[[int, int], Callable[[Value], bool] | None]:
    """The answers of a corpus; what one that annotates only dates leaves out is none."""

    def lookup(start: int, end: int) -> Callable[[Value], bool] | None:
        over = [item for item in gold if item.start < end and start < item.end]
        if not over and selective:
            return lambda value: value.extent is None
        if len(over) != 1:
            return None
        item = over[0]
        if item.interval is not None:
            return lambda value: value_interval(value.value) == item.interval
        return lambda value: timex_value(value.value) == item.value

    return lookup


# -- choices ------------------------------------------------------------------------------------


class _Trial:
    """A judge that notes the first choice of an expression and can force its outcome."""

    def __init__(self) -> None:
        self.candidates: Sequence[Candidate] = ()
        self.forced: int | None = None
        self._asked = False

    def begin(self, forced: int | None) -> None:
        self.forced, self._asked = forced, False
        if forced is None:
            self.candidates = ()

    def __call__(self, candidates: Sequence[Candidate]) -> list[float]:
        first, self._asked = not self._asked, True
        if first and self.forced is None:
            self.candidates = candidates
        if first and self.forced is not None:
            return [float(i == self.forced) for i in range(len(candidates))]
        return probabilities(candidates, table=EXPECTED)


def choices(item: Annotated, *, parsed: bool) -> Iterator[Choice]:
    """The dates of a document that have to be anchored and that gold knows.

    Args:
        item: the document.
        parsed: whether the tense of a clause may be read off its parse.
    """
    doc = item.doc
    context = layers.get_context(doc)
    atoms = atoms_of(doc.text)
    expressions = find_expressions(doc.text, atoms)
    trial = _Trial()
    anchors = Anchors(
        atoms, expressions, published=context.published, dateline=context.dateline, judge=trial
    )
    starts: list[int] = doc.to_array("IDX").tolist()
    for expression in expressions:
        span = tokens_of(starts, expression, 0)

        def tense(span: findings.TokenSpan | None = span) -> int | None:
            return lean_of_parse(doc, span) if parsed and span is not None else None

        scene = anchors.scene(expression, tense)  # type: ignore[arg-type]
        trial.begin(None)
        value = evaluate(expression.tree, scene)
        candidates = trial.candidates
        is_right = item.right(*_place(item.article, expression))
        if candidates and is_right is not None:
            values = []
            for i in range(len(candidates)):
                trial.begin(i)
                values.append(evaluate(expression.tree, scene))
            right = tuple(is_right(other) for other in values)
            if any(right):
                value = values[right.index(True)]
                if not all(right):
                    kind = candidates[0].signs[0].partition(":")[0]
                    signs = tuple(candidate.signs for candidate in candidates)
                    yield Choice(item.id, kind, signs, right)
        anchors.note(expression, value)


def _place(article: Article, expression: Expression) -> tuple[int, int]:
    pieces = article.map.to_source(expression.start, expression.end)
    return pieces[0][0], pieces[-1][1]


# -- fitting ------------------------------------------------------------------------------------


def fit(data: Sequence[Choice], *, penalty: float = PENALTY) -> dict[str, float]:
    """Weights by sign, with what mistakes cost."""
    fitted = logit.fit(data, penalty=penalty, expected=EXPECTED)
    return {sign: weight + _COSTS.get(sign, 0.0) for sign, weight in fitted.items()}


def accuracy(data: Sequence[Choice], weights: Mapping[str, float]) -> Counter[str]:
    """How many choices of each kind come out right, and how many there are ("KIND of")."""
    counts: Counter[str] = Counter()
    for choice in data:
        scores = [sum(weights.get(sign, 0.0) for sign in signs) for signs in choice.signs]
        counts[choice.kind] += choice.right[scores.index(max(scores))]
        counts[f"{choice.kind} of"] += 1
    return counts


def folds(documents: Iterable[str]) -> dict[str, int]:
    """The fold, 0 to FOLDS - 1, of each document: the same documents have the same folds.

    Example:
        >>> folds(["b", "a", "b"])
        {'a': 0, 'b': 1}
    """
    return {document: i % FOLDS for i, document in enumerate(sorted(set(documents)))}


def fit_folds(
    data: Sequence[Choice], fold: Mapping[str, int], *, penalty: float = PENALTY
) -> list[dict[str, float]]:
    """For each fold, the weights fitted on the documents of all others.

    Args:
        data: choices.
        fold: of each of their documents (see `folds`); it may have further documents, and those
            that it lacks are fitted on in every fold.
        penalty: see `PENALTY`.
    """
    return [
        fit([choice for choice in data if fold.get(choice.document) != left_out], penalty=penalty)
        for left_out in range(FOLDS)
    ]


def cross_validate(data: Sequence[Choice], *, penalty: float = PENALTY) -> Counter[str]:
    """`accuracy` on documents that the weights were not fitted on."""
    fold = folds(choice.document for choice in data if choice.document != EXAMPLES)
    total: Counter[str] = Counter()
    for left_out, weights in enumerate(fit_folds(data, fold, penalty=penalty)):
        total += accuracy([c for c in data if fold.get(c.document) == left_out], weights)
    return total


def main() -> int:
    """Parse the arguments, fit, write; 0 when all went well, 1 with a message when not."""
    parser = argparse.ArgumentParser(
        prog="python -m pipeline.train.anchors", description="Fit the weights of date anchors."
    )
    parser.add_argument("data", type=Path, help="folder with gold/ and data/dates/")
    parser.add_argument(
        "--output",
        type=Path,
        default=Path(str(files("pipeline"))) / "lexicons" / "date_anchors.jsonl",
        help="file to write; the lexicon of the package where not given",
    )
    parser.add_argument("--cross-validate", action="store_true", help="measure, write nothing")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    try:
        extractor = load()
        # The stage runs with and without a parse, so that the weights are learned from both.
        data = [
            choice
            for item in (*read_annotated(arguments.data, extractor), *read_examples(extractor))
            for parsed in (True, False)
            for choice in choices(item, parsed=parsed)
        ]
    except PipelineError as error:
        logging.error("%s", error)
        return 1
    if arguments.cross_validate:
        counts = cross_validate(data)
        for kind in sorted(k for k in counts if f"{k} of" in counts):
            logging.info("%-10s %d of %d", kind, counts[kind], counts[f"{kind} of"])
        return 0
    rows = [
        Weight(sign=sign, weight=round(weight, 2))
        for sign, weight in sorted(fit(data).items())
        if abs(weight) >= _MIN_WEIGHT
    ]
    lines = [json.dumps(msgspec.to_builtins(row)) + "\n" for row in rows]
    arguments.output.write_text("".join(lines), encoding="utf-8")
    logging.info("%s: %d weights from %d choices", arguments.output, len(rows), len(data))
    return 0


if __name__ == "__main__":
    sys.exit(main())
