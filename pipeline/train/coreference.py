"""Fits the weights of `coreference.jsonl`: `python -m pipeline.train.coreference DATA`.

Each pronoun and description of a text has candidates (`pipeline.stages.coreference`); those that
the gold has in the chain of the mention are right, and where it has none of them, none is. The
weights are a conditional logistic regression over the candidates. A text is read in order, each
mention taken as the gold has it, so that what is learned does not depend on the weights there were
before; its names, parse and quotes are those that the pipeline finds.

Data: DATA/data/treebank/gum-train.conllu, and the speakers of DATA/gold/train and
DATA/gold/written; in these articles every other mention is taken as the weights that the treebank
gives have it. `--cross-validate` prints what the weights do on documents that they were not
fitted on, in five folds: how many choices come out right, and, of named things in the treebank,
precision and recall by the probability from which they are taken (`THRESHOLDS` are set so).
Nothing is written then.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from operator import and_
from pathlib import Path
from typing import NamedTuple

import msgspec
from spacy.tokens import Doc

from ..errors import PipelineError
from ..evaluate.coref import ChainDocument, GoldMention, read_chains
from ..evaluate.gold import GoldArticle, load_gold
from ..evaluate.run import gold_files
from ..evaluate.scores import same_name, words_f1
from ..extraction import Extractor, load
from ..reading import Article, read_article, read_text
from ..stages import layers
from ..stages.coreference import Candidate, Coreference, Judge, Weight, judge_by, weights
from ..stages.gazetteer import gazetteer
from ..stages.referents import Referent
from ..stages.roles import head_of
from .anchors import FOLDS, folds, parse
from .logit import Choice, fit

PENALTY = 4.0
"""Inverse variance of the prior."""

EXPECTED: Mapping[str, float] = {
    "he personal none says": -2.0,
    "it personal none says": -2.0,
    "they personal none says": -2.0,
    "the company True": 2.0,
    "the company False": -3.0,
    "the body False": 2.0,
    "the body True": -2.0,
}
"""Means of the prior, 0 elsewhere: who is quoted by a pronoun was mentioned before; "the company"
is a company, "the group" none. The texts have few of either."""

_MIN_WEIGHT = 0.05
_STEPS = (0.0, *(step / 20 for step in range(8, 20)))
_CONTENT_F1 = 0.8

Answer = Callable[[Coreference, int, Sequence[Candidate]], "list[bool] | None"]
"""Which candidates of a mention are right, None where the gold says nothing of it."""


class _GoldJudge:
    """Takes what the gold has, and notes each choice; elsewhere what another judge says."""

    def __init__(self, document: str, answer: Answer, otherwise: Judge) -> None:
        self.document = document
        self.answer = answer
        self.otherwise = otherwise
        self.choices: list[Choice] = []
        self.reader: Coreference | None = None

    def __call__(self, head: int, candidates: Sequence[Candidate]) -> list[float]:
        if self.reader is None:
            raise ValueError("the judge has no reader")
        right = self.answer(self.reader, head, candidates)
        if right is None:
            return self.otherwise(head, candidates)
        signs = tuple(candidate.signs for candidate in candidates)
        kind = signs[0][0].split(" ")[0]
        self.choices.append(Choice(self.document, kind, signs, tuple(right)))
        best = right.index(True)
        return [float(i == best) for i in range(len(candidates))]


def choices(document: str, doc: Doc, answer: Answer, otherwise: Judge) -> list[Choice]:
    """The mentions of a document that have candidates and an answer.

    Args:
        document: its name.
        doc: with the findings of every stage before the speakers.
        answer: the gold.
        otherwise: decides where the gold is silent.
    """
    judge = _GoldJudge(document, answer, otherwise)
    entities, quotes = layers.get_entities(doc), layers.get_quotes(doc)
    judge.reader = Coreference(doc, entities, quotes, gazetteer(), judge=judge)
    judge.reader.run()
    return judge.choices


def chain_answer(document: ChainDocument, article: Article, doc: Doc) -> Answer:
    """What a treebank says: right are the things of the mention's chain, else none is."""
    by_head: dict[int, list[GoldMention]] = defaultdict(list)
    for mention in document.mentions:
        by_head[mention.head].append(mention)
    alone: dict[int, str] = {}
    widest: dict[int, str] = {}
    for token in doc:
        place = article.map.to_source(token.idx, token.idx + len(token.text))
        found = by_head.get(place[0][0]) if place else None
        if found:
            found.sort(key=lambda mention: mention.end - mention.start)
            alone[token.i], widest[token.i] = found[0].chain, found[-1].chain

    def chain_of(reader: Coreference, referent: Referent) -> str | None:
        """The chain of the last mention of which the gold has one."""
        for head in reversed(referent.heads):
            # of "Ana Ruiz and her brother" both together have the head of Ana Ruiz
            single = reader.referent_at.get(head) is referent
            chain = (alone if single else widest).get(head)
            if chain is not None:
                return chain
        return None

    def answer(reader: Coreference, head: int, candidates: Sequence[Candidate]) -> list[bool]:
        gold = alone.get(head)
        right = [
            candidate.referent is not None
            and gold is not None
            and chain_of(reader, candidate.referent) == gold
            for candidate in candidates
        ]
        right[0] = not any(right)
        return right

    return answer


def speaker_answer(gold: GoldArticle, doc: Doc) -> Answer:
    """What an article's gold says of those who are quoted; nothing of any other mention."""
    names: dict[int, str] = {}
    for quote in layers.get_quotes(doc):
        if quote.speaker is None:
            continue
        span = quote.speaker.span
        text = doc[span.start : span.end].text
        content = " ".join(doc[part.start : part.end].text for part in quote.content)
        for item in gold.quotes:
            wanted = item.content if isinstance(item.content, str) else " ".join(item.content)
            same = item.speaker == text and words_f1(wanted, content) >= _CONTENT_F1
            if same and item.speaker_name:
                names[head_of(doc, span.start, span.end).i] = item.speaker_name

    def answer(
        reader: Coreference, head: int, candidates: Sequence[Candidate]
    ) -> list[bool] | None:
        if head not in names:
            return None
        right = [
            candidate.referent is not None
            and same_name(names[head], reader.name_of(candidate.referent))
            for candidate in candidates
        ]
        right[0] = not any(right)
        return right

    return answer


def read_chain_choices(data: Path, extractor: Extractor) -> Iterator[Choice]:
    """The choices of the treebank.

    Raises:
        PipelineError: the file is missing or broken.
    """
    for document in read_chains(data / "data/treebank/gum-train.conllu"):
        article = read_text(document.text, id=document.id)
        doc = parse(article, extractor, until="claimline_speakers")
        yield from choices(
            document.id, doc, chain_answer(document, article, doc), judge_by(weights())
        )


def read_speaker_choices(data: Path, extractor: Extractor, judge: Judge) -> Iterator[Choice]:
    """The choices of the articles with speakers.

    Raises:
        PipelineError: a file is missing or broken.
    """
    for part in ("train", "written"):
        for path, gold_path in gold_files(data / "gold" / part):
            gold = load_gold(gold_path)
            doc = parse(read_article(path), extractor, until="claimline_speakers")
            yield from choices(gold.doc, doc, speaker_answer(gold, doc), judge)


def fit_kinds(data: Sequence[Choice]) -> dict[str, float]:
    """Weights by sign; every sign belongs to one kind of mention, so each kind is fitted alone."""
    fitted: dict[str, float] = {}
    for kind in sorted({choice.kind for choice in data}):
        expected = {s: w for s, w in EXPECTED.items() if s.startswith(f"{kind} ")}
        own = [choice for choice in data if choice.kind == kind]
        fitted |= fit(own, penalty=PENALTY, expected=expected)
    return fitted


class Outcome(NamedTuple):
    """What the weights choose: how probable, whether right; whether a named thing was, and is."""

    kind: str
    chance: float
    right: bool
    named: bool
    gold_named: bool


def outcomes(data: Sequence[Choice]) -> Iterator[Outcome]:
    """What comes out of each choice by the weights fitted on the other folds' documents."""
    fold = folds(choice.document for choice in data)
    for left_out in range(FOLDS):
        judge = judge_by(fit_kinds([c for c in data if fold[c.document] != left_out]))
        for choice in data:
            if fold[choice.document] == left_out:
                chances = judge(0, [Candidate(None, signs) for signs in choice.signs])
                at = chances.index(max(chances))
                unnamed = f"{choice.kind} unnamed"
                named = [i > 0 and unnamed not in signs for i, signs in enumerate(choice.signs)]
                gold = any(map(and_, named, choice.right))
                yield Outcome(choice.kind, chances[at], choice.right[at], named[at], gold)


def report(found: Sequence[Outcome], named: Sequence[Outcome]) -> Iterator[str]:
    """Lines: the choices of `found` that come out right; precision and recall of `named`."""
    for kind in sorted({outcome.kind for outcome in found}):
        own = [outcome for outcome in found if outcome.kind == kind]
        yield f"{kind}: {sum(outcome.right for outcome in own)} of {len(own)} right"
        gold = sum(outcome.gold_named for outcome in named if outcome.kind == kind)
        for threshold in _STEPS:
            taken = [
                outcome.right
                for outcome in named
                if outcome.kind == kind and outcome.named and outcome.chance >= threshold
            ]
            precision, recall = sum(taken) / max(1, len(taken)), sum(taken) / max(1, gold)
            yield f"  from {threshold:.2f}: precision {precision:.3f}, recall {recall:.3f}"


def main() -> int:
    """Parse the arguments, fit, write; 0 when all went well, 1 with a message when not."""
    parser = argparse.ArgumentParser(
        prog="python -m pipeline.train.coreference", description="Fit the weights of coreference."
    )
    parser.add_argument("data", type=Path, help="folder with gold/ and data/treebank/")
    parser.add_argument(
        "--output",
        type=Path,
        default=Path(str(files("pipeline"))) / "lexicons" / "coreference.jsonl",
        help="file to write; the lexicon of the package where not given",
    )
    parser.add_argument("--cross-validate", action="store_true", help="measure, write nothing")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    try:
        extractor = load()
        treebank = list(read_chain_choices(arguments.data, extractor))
        judge = judge_by(fit_kinds(treebank))
        data = [*treebank, *read_speaker_choices(arguments.data, extractor, judge)]
    except PipelineError as error:
        logging.error("%s", error)
        return 1
    if arguments.cross_validate:
        for line in report(list(outcomes(data)), list(outcomes(treebank))):
            logging.info("%s", line)
        return 0
    found = [
        Weight(sign=sign, weight=round(weight, 2))
        for sign, weight in sorted(fit_kinds(data).items())
        if abs(weight) >= _MIN_WEIGHT
    ]
    lines = [json.dumps(msgspec.to_builtins(row)) + "\n" for row in found]
    arguments.output.write_text("".join(lines), encoding="utf-8")
    logging.info("%s: %d weights from %d choices", arguments.output, len(found), len(data))
    return 0


if __name__ == "__main__":
    sys.exit(main())
