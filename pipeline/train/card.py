"""The model card: what the model is, what it was taught from, and how well it does."""

from __future__ import annotations

import os
import platform
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ..language.heads import HEADS, Head
from .batches import Labels
from .corpus import Document
from .export import Variant
from .fit import Fitted
from .measure import Report
from .sources import Corpus, Source

_TREES = ("upos", "xpos", "feats", "lemma", "uas", "las", "sentences")
_RAW = ("words", "upos", "uas", "las")
_NAMES = ("p", "r", "f", "untyped f")


def write_card(
    sources: Sequence[Source],
    corpus: Corpus,
    labels: Labels,
    fitted: Fitted,
    reports: Mapping[Variant, Report],
    *,
    folder: Path,
    seed: int,
) -> str:
    """The card as Markdown.

    Args:
        sources: of the manifest.
        corpus: what was read from them.
        labels: label sets.
        fitted: what training took.
        reports: variant -> figures; the last one is shipped.
        folder: the model folder.
        seed: of the training.
    """
    *_, shipped = reports
    report = reports[shipped]
    size = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
    shared = _in_dev(corpus)
    parts = [
        "# Model card: claimline_en",
        "The language model that Claimline embeds: one encoder, all-MiniLM-L6-v2 (6 layers, 384 "
        "dimensions, uncased; Apache-2.0), fine-tuned with all heads at once. A case class for "
        "each word-piece in the token-type embedding gives back the case that the vocabulary "
        f"loses. Weights are stored as {shipped} (dynamic quantisation), {size:.1f} MB in all. "
        "This card is written by the training run (`pipeline/train`).",
        "## Heads",
        _table(
            ("head", "kind", "labels", "weight", "taught by", "says"),
            [_head_row(head, labels) for head in HEADS],
        ),
        "## Data",
        _table(
            ("source", "documents", "words", "use", "upstream", "licence"),
            [_source_row(source, corpus) for source in sources],
        ),
        "Every file with its SHA-256 is in `pipeline/train/manifest.toml`. Words of an article "
        "that is also a treebank document are counted with the treebank. What a source does not "
        'annotate is masked: it is never taught as "none".',
        "The weights are derived from texts under CC BY-SA and CC BY; attribution is in NOTICE.",
        "## Training",
        f"Seed {seed}, {fitted.epochs:.3g} epochs, {fitted.steps} steps, "
        f"{fitted.seconds / 60:.0f} minutes on {_hardware(fitted.device)}. AdamW, bfloat16 "
        "autocast, windows of up to 256 word-pieces over whole sentences, cut anew each epoch; "
        "a few sentences an epoch in capitals, in lower case or without their full stop. Last, "
        "readings are taught on while the other heads are held to what they say. "
        + _repeatable(fitted),
        "## Scores",
        "In percent. Words and sentences of the treebank given; `sentences` is the F1 of sentence "
        "starts that the model finds itself.",
        _score_table(
            report, [f"{b} {k}" for k in ("dev", "test") for b in ("ewt", "gum", "both")], _TREES
        ),
        _shared_note(shared),
        "On raw text, tokenised by Claimline (F1 over words matched by offsets, as in the CoNLL "
        "2018 shared task but with full relation labels; paragraphs unknown):",
        _score_table(
            report, [f"{b} {k} raw" for k in ("dev", "test") for b in ("ewt", "gum")], _RAW
        ),
        "Named entities, exact spans with type (`untyped f`: exact spans alone). GUM: its named "
        "mentions mapped to our types. Gold: names of hand-annotated articles, every mention:",
        _score_table(report, [f"names {x}" for x in ("gum dev", "gum test", "gold dev")], _NAMES),
        "Attribution and hedge spans on the same articles, at the thresholds of the default "
        "configuration (precision and recall: overlap; exact: F1 of identical spans):",
        _score_table(
            report,
            [x for x in report if x.split()[0] in ("attribution", "hedges")],
            ("p", "r", "exact"),
        ),
        "Reporting cues, nested ones included, and the words that are linked to the annotated cues "
        "as their source and content, word by word at a probability of .5:",
        _score_table(report, [x for x in report if x.split()[0] == "links"], ("p", "r", "f")),
        "Readings of words that may hedge, on instances of documents kept apart:",
        _score_table(report, [x for x in report if x.split()[0] == "readings"], ("p", "r", "f")),
        "## What storing the weights costs",
        _table(
            (
                "variant",
                *(f"{b} dev {s}" for b in ("ewt", "gum") for s in ("upos", "lemma", "las")),
            ),
            [
                (
                    name,
                    *(
                        f"{r[f'{b} dev'][s]:.2f}"
                        for b in ("ewt", "gum")
                        for s in ("upos", "lemma", "las")
                    ),
                )
                for name, r in reports.items()
            ],
        ),
        "## Limits",
        "- English only; edited prose does best, speech and e-mail worse.\n"
        "- Word-pieces are without accents: names that differ only in these look alike.\n"
        "- Rare entity types (PRODUCT, WORK_OF_ART, LAW, LANGUAGE) have few examples.\n"
        "- Nothing newer than its sources is known to it, and their view of the world is in it.",
    ]
    return "\n\n".join(parts) + "\n"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _score_table(report: Report, sets: Sequence[str], figures: Sequence[str]) -> str:
    def cell(name: str, figure: str) -> str:
        value = report[name].get(figure)
        return "" if value is None else f"{value:.1f}"

    rows = [(name, *(cell(name, figure) for figure in figures)) for name in sets]
    return _table(("set", *figures), rows)


def _head_row(head: Head, labels: Labels) -> tuple[str, ...]:
    count = {"sentence": 2, "arc": len(labels.names["rel"])}.get(head.kind) or len(
        labels.names[head.name]
    )
    return (
        head.name,
        head.kind,
        str(count),
        str(head.weight),
        ", ".join(head.carried_by),
        head.description,
    )


def _source_row(source: Source, corpus: Corpus) -> tuple[str, ...]:
    documents = [d for d in (*corpus.train, *corpus.gold) if d.source == source.name]
    words = sum(len(d.words()) for d in documents)
    origin = f"{source.upstream} @{source.commit}" if source.commit else source.upstream
    return (
        source.description,
        str(len(documents)),
        f"{words:,}",
        source.use,
        origin,
        source.licence,
    )


def _in_dev(corpus: Corpus) -> list[str]:
    """Treebank dev documents whose text is also an annotated article of the training data."""
    articles = Counter(_letters(d) for d in corpus.train if d.text is not None)
    return [d.name for documents in corpus.dev.values() for d in documents if articles[_letters(d)]]


def _letters(document: Document) -> str:
    return "".join("".join(document.words()).split())


def _shared_note(shared: Sequence[str]) -> str:
    return (
        f"{len(shared)} documents of the dev sets are also articles whose names, attributions and "
        f"hedges were taught (not their trees): {', '.join(shared) or 'none'}."
    )


def _repeatable(fitted: Fitted) -> str:
    if fitted.epochs == int(fitted.epochs):
        return "The same seed gives the same weights on the same kind of machine."
    return (
        "A time limit ended the training, so another run gives slightly different weights; "
        "without a limit the same seed gives the same weights on the same kind of machine."
    )


def _hardware(device: str) -> str:
    if device == "cuda":
        import torch

        return f"one GPU ({torch.cuda.get_device_name()})"
    return f"{os.cpu_count()} CPU cores ({platform.machine()})"
