"""Fit the weights of `lexicons/attribution_evidence.jsonl` to annotated articles.

    python -m benchmarks.attribution_evidence GOLD_DIR [--output FILE]

`GOLD_DIR` holds the folders `train`, `written` and `dev` with `NAME.txt`, `NAME.meta.json` and
`NAME.json`. Every candidate of the quotes stage is one observation: it is true when its content
agrees with that of an annotated quote (token F1 of .8 or more), and its signs are the features of a
logistic regression with L2. The signs of the tagger are fitted on `dev` alone, on top of the
others: the tagger has learned from the other two folders, where its votes are better than later.
"""

from __future__ import annotations

import argparse
import json
import logging
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.errors import PipelineError
from pipeline.language import blank_nlp
from pipeline.language.load import ENCODER
from pipeline.lexicons import rows
from pipeline.reading import read_article
from pipeline.stages import layers
from pipeline.stages.attributions import find_attributions
from pipeline.stages.findings import Context, ContextBlock
from pipeline.stages.quotes import Evidence, Judge, find_floating
from pipeline.stages.reporting import Reporting, load_lexicon
from pipeline.stages.scene import Attribution, Scene

logger = logging.getLogger(__name__)

AGREES = 0.8  # the scorer's own bound
PENALTY = 5.0  # of the squares, chosen on dev by likelihood among 1, 2, 5, 10, 20
SHRINK = 0.7  # single cues are rare, so their weights are held closer to zero than other signs'
WEIGHTS = {"train": 2.5, "written": 1.0}  # the latter's articles are denser than real ones
EXAMPLE = 0.8  # weight of a lexicon row's example, for ways that the articles show too rarely
TAGGER_PENALTY = 3.4
LEAST = 0.05  # smaller weights decide nothing
RARE_WAYS = frozenset(
    {"adjective", "as", "as-clause", "beside", "gerund", "noun clause", "noun infinitive"}
    | {"noun preposition", "order", "owned", "phrase", "predicative"}
)
CONVENTIONS = {"negated: speech": -3.0, "negated: unknown": -3.0}
"""What the annotation lays down rather than shows: what was *not* said is no quote."""

_TAGGER = "tagger: "
_CUE = "cue: "


@dataclass(frozen=True)
class Observation:
    """A candidate: its signs, whether it is true, how much it counts."""

    signs: dict[str, float]
    true: bool
    weight: float


def main() -> int:
    """Parse the arguments, fit, write; 0 when all went well, 1 with a message when not."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("gold", type=Path, help="folder with train, written and dev")
    parser.add_argument("--output", type=Path, help="the lexicon to write; standard output without")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    try:
        fitted = fit(arguments.gold)
    except PipelineError as error:
        logging.error("%s", error)
        return 1
    lines = b"".join(msgspec.json.encode(row) + b"\n" for row in fitted)
    if arguments.output is None:
        sys.stdout.buffer.write(lines)
    else:
        arguments.output.write_bytes(lines)
    return 0


def fit(gold: Path) -> list[Evidence]:
    """The weights, by sign.

    Raises:
        ArticleError: an article cannot be read.
    """
    nlp = blank_nlp()
    nlp.add_pipe(ENCODER)
    observed = [
        observation
        for folder, weight in WEIGHTS.items()
        for observation in observations(nlp, gold / folder, weight)
    ]
    observed += examples(nlp)
    names = _names(observed)
    scale = np.array([SHRINK if name.startswith(_CUE) else 1.0 for name in names])
    weights = scale * logistic(
        _matrix(observed, names) * scale,
        np.array([o.true for o in observed], dtype=float),
        np.array([o.weight for o in observed]),
        penalty=PENALTY,
    )
    fitted = dict(zip(names, weights.tolist(), strict=True)) | CONVENTIONS
    held = list(observations(nlp, gold / "dev", 1.0))
    tagger = sorted({sign for o in held for sign in o.signs if sign.startswith(_TAGGER)})
    base = np.array([[sum(fitted.get(s, 0.0) * v for s, v in o.signs.items())] for o in held])
    truth = np.array([o.true for o in held], dtype=float)
    stacked = np.hstack([base, _matrix(held, tagger)])
    scaled, *votes = logistic(stacked, truth, np.ones(len(held)), penalty=TAGGER_PENALTY)
    fitted |= {sign: float(vote / scaled) for sign, vote in zip(tagger, votes, strict=True)}
    logger.info("%d candidates, %d signs; %d on dev", len(observed), len(fitted), len(held))
    return [
        Evidence(sign=sign, weight=round(fitted[sign], 2))
        for sign in sorted(fitted)
        if abs(fitted[sign]) >= LEAST
    ]


def logistic(
    features: NDArray[np.float64],
    truth: NDArray[np.float64],
    weight: NDArray[np.float64],
    *,
    penalty: float,
) -> NDArray[np.float64]:
    """Weights of a logistic regression with an L2 penalty, by Newton's method.

    Args:
        features: one row an observation, shape (N, D); a bias is a column like any other.
        truth: 1 or 0, shape (N,).
        weight: how much each observation counts, shape (N,).
        penalty: half of it times the squares of the weights is added to the loss; above 0.

    Example:
        >>> ones = np.ones((4, 1))
        >>> logistic(ones, np.array([1.0, 1, 1, 0]), np.ones(4), penalty=1e-6).round(2).tolist()
        [1.1]
    """
    solution = np.zeros(features.shape[1])
    for _ in range(50):
        probability = 1 / (1 + np.exp(-features @ solution))
        slope = features.T @ (weight * (probability - truth)) + penalty * solution
        spread = weight * probability * (1 - probability)
        curve = (features * spread[:, None]).T @ features + penalty * np.eye(len(solution))
        step = np.linalg.solve(curve, slope)
        solution -= step
        if float(np.abs(step).max()) < 1e-8:
            break
    return solution


def observations(nlp: Language, folder: Path, weight: float) -> Iterator[Observation]:
    """The candidates of a folder's articles; those of optional annotations are left out."""
    for path in sorted(folder.glob("*.txt")):
        gold = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["quotes"]
        contents = [(_words(_content(quote)), bool(quote.get("optional"))) for quote in gold]
        doc = _parsed(nlp, path)
        scene = Scene(doc, load_lexicon())
        judge = Judge(scene, {})
        candidates = find_attributions(scene)
        true = [c for c in candidates if _agreement(doc, c, contents)[0] >= AGREES]
        for candidate in [*candidates, *find_floating(scene, true)]:
            agreement, optional = _agreement(doc, candidate, contents)
            if agreement < AGREES or not optional:
                yield Observation(dict(judge.signs(candidate)), agreement >= AGREES, weight)


def examples(nlp: Language) -> Iterator[Observation]:
    """The examples of the lexicon, as true candidates of their cues."""
    for row in rows("reporting", Reporting):
        scene = Scene(nlp(row.example), load_lexicon())
        judge = Judge(scene, {})
        for candidate in find_attributions(scene):
            own = candidate.match is not None and candidate.match.row.lemma == row.lemma
            if own and candidate.way in RARE_WAYS and candidate.source is not None:
                signs = {s: v for s, v in judge.signs(candidate) if not s.startswith(_CUE)}
                yield Observation(signs, True, EXAMPLE)


def _parsed(nlp: Language, path: Path) -> Doc:
    article = read_article(path)
    doc = nlp.make_doc(article.text)
    blocks = tuple(ContextBlock(b.start, b.end, b.section) for b in article.blocks)
    layers.set_context(doc, Context(published=article.published, blocks=blocks))
    for _, component in nlp.pipeline:
        doc = component(doc)
    return doc


def _content(quote: dict[str, Any]) -> str:
    content: str | list[str] = quote["content"]
    return content if isinstance(content, str) else " ".join(content)


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"[\w']+", text.lower().replace("’", "'")))


def _agreement(
    doc: Doc, candidate: Attribution, contents: Sequence[tuple[Counter[str], bool]]
) -> tuple[float, bool]:
    """Token F1 with the annotated content that comes nearest, and whether that is optional."""
    found = _words(" ".join(doc[start:end].text for start, end in candidate.content))
    scored = (
        (2 * (found & content).total() / ((found.total() + content.total()) or 1), optional)
        for content, optional in contents
    )
    return max(scored, default=(0.0, False))


def _names(observed: Sequence[Observation]) -> list[str]:
    """The signs that occur often enough to be weighed."""
    count = Counter(sign for o in observed for sign in o.signs if not sign.startswith(_TAGGER))
    return sorted(s for s, n in count.items() if n >= (8 if s.startswith(_CUE) else 6))


def _matrix(observed: Sequence[Observation], names: Sequence[str]) -> NDArray[np.float64]:
    place = {name: index for index, name in enumerate(names)}
    matrix = np.zeros((len(observed), len(names)))
    for row, observation in enumerate(observed):
        for sign, value in observation.signs.items():
            if sign in place:
                matrix[row, place[sign]] = value
    return matrix


if __name__ == "__main__":
    sys.exit(main())
