"""Words per second of the language model alone, beside a spaCy pipeline of default size.

    python benchmarks/model.py TEXTS.jsonl [--documents 100] [--rounds 4] [--model FOLDER]

TEXTS.jsonl holds one JSON object with a "text" a line. Tokenising and decoding are included, the
stages are not. The yardstick is the `tok2vec` and `parser` that `spacy init config` writes; its
weights are fresh, not trained, which costs the same arithmetic. It does less: no tags, lemmas,
entities or spans. Each round gives both the same documents, which neither has seen before, one
pipeline after the other on one thread. The time is that of the processor, which on an idle machine
is that of the clock; on a busy one the ratio is to be trusted more than the figures.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import time
from itertools import islice
from pathlib import Path

from spacy.cli.init_config import init_config
from spacy.language import Language
from spacy.training import Example
from spacy.util import load_model_from_config

from pipeline.language import blank_nlp

LEAST_RATIO = 0.8
LEAST_WORDS_PER_SECOND = 9_000

# The relations of the treebanks, so that the yardstick's parser has as many moves to choose from.
RELATIONS = (
    *("acl", "acl:relcl", "advcl", "advcl:relcl", "advmod", "amod", "appos", "aux", "aux:pass"),
    *("case", "cc", "cc:preconj", "ccomp", "compound", "compound:prt", "conj", "cop", "csubj"),
    *("csubj:outer", "csubj:pass", "dep", "det", "det:predet", "discourse", "dislocated", "expl"),
    *("fixed", "flat", "goeswith", "iobj", "list", "mark", "nmod", "nmod:desc", "nmod:poss"),
    *("nmod:unmarked", "nsubj", "nsubj:outer", "nsubj:pass", "nummod", "obj", "obl", "obl:agent"),
    *("obl:unmarked", "orphan", "parataxis", "punct", "reparandum", "vocative", "xcomp"),
)


def embedded(model: str) -> Language:
    nlp = blank_nlp()
    nlp.add_pipe("claimline_encoder", config={"model": model})
    return nlp


def yardstick() -> Language:
    """What `spacy init config --pipeline parser` sets up: tok2vec of width 96, depth 4, parser."""
    config = init_config(lang="en", pipeline=["parser"], optimize="efficiency", gpu=False)
    nlp = load_model_from_config(config, auto_fill=True)
    count = len(RELATIONS) + 1
    examples = [
        Example.from_dict(nlp.make_doc("w " * count), {"heads": [root] * count, "deps": deps})
        for root, deps in ((0, ["ROOT", *RELATIONS]), (count - 1, [*RELATIONS, "ROOT"]))
    ]
    nlp.initialize(lambda: examples)
    return nlp


def words_per_second(nlp: Language, texts: list[str]) -> float:
    begin = time.process_time()
    for _ in nlp.pipe(texts):
        pass
    return sum(len(text.split()) for text in texts) / (time.process_time() - begin)


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("texts", type=Path)
    parser.add_argument("--documents", type=int, default=100, help="a round")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--model", default="", help="a model folder; the embedded one by default")
    options = parser.parse_args()
    with options.texts.open(encoding="utf-8") as lines:
        warm_up, *texts = [
            json.loads(line)["text"]
            for line in islice(lines, options.documents * options.rounds + 1)
        ]
    print(f"{sum(len(text.split()) for text in texts):,} words in {len(texts)} documents")
    ours = embedded(options.model)
    ours(warm_up)
    theirs = None
    ratios = []
    for number in range(options.rounds):
        part = texts[number :: options.rounds]
        own = words_per_second(ours, part)
        if theirs is None:
            print(f"peak memory of the embedded model: {peak_megabytes():.0f} MB")
            theirs = yardstick()
            theirs.max_length = ours.max_length  # a few books are among the texts
            theirs(warm_up)
        other = words_per_second(theirs, part)
        ratios.append(own / other)
        print(f"embedded {own:,.0f}, yardstick {other:,.0f} words/s, ratio {ratios[-1]:.2f}")
    print(f"bars: {LEAST_WORDS_PER_SECOND:,} words/s, ratio {LEAST_RATIO}")
    print(f"median ratio {statistics.median(ratios):.2f}; peak with both {peak_megabytes():.0f} MB")


if __name__ == "__main__":
    main()
