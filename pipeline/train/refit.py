"""The last step of training: class heads fitted alone, on the encoder as it is then.

Words that have a class are one in a hundred, so the joint loss gives them little weight, and more
weight makes the other heads worse (parse and attributions by about half a point when tried). With
the encoder fixed their linear layer is a convex problem of a few thousand words, solved exactly:
multinomial logistic regression, held to the weights of the joint training (L2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from ..language.heads import HEADS
from ..language.pieces import Pieces
from .batches import Example, Examples, Labels, collate
from .corpus import Document
from .network import Network

_BATCH = 24
_EVERY = 10  # of the words without a class so many are left out for one that is taken
_OTHERS = 0.3  # what they count beside the words that have one
_PENALTY = 0.003  # near the best of five on the readings kept from training
_STEPS = 200


def refit(network: Network, documents: Iterable[Document], labels: Labels, pieces: Pieces) -> None:
    """Fit the class heads of a trained network in place; the rest of it stays as it is.

    Args:
        network: on the CPU, in evaluation mode.
        documents: those whose sentences have a layer of a class head teach it.
        labels: label sets of the heads.
        pieces: word-pieces.
    """
    documents = list(documents)
    examples = Examples(pieces, labels)
    for head in HEADS:
        if head.kind != "class":
            continue
        found = [
            examples.example([sentence], document.true_sentences)
            for document in documents
            for sentence in document.sentences
            if head.name in sentence.layers
        ]
        if found:
            words, classes = _taught(network, found, head.name)
            _fit(network.label[head.name], words, classes)


def _taught(network: Network, examples: Sequence[Example], name: str) -> tuple[Tensor, Tensor]:
    """Vectors (N, size) and classes (N) of the words that have one, and of some that have none."""
    words, classes = [], []
    for batch in _batches(examples):
        with torch.no_grad():
            vectors = network.words(batch)
        known = batch[name]
        kept = known > 0
        others = (known == 0).nonzero()[::_EVERY]
        kept[others[:, 0], others[:, 1]] = True
        words.append(vectors[kept])
        classes.append(known[kept])
    return torch.cat(words), torch.cat(classes)


def _batches(examples: Sequence[Example]) -> Iterator[dict[str, Tensor]]:
    ordered = sorted(examples, key=lambda example: len(example["ids"]))
    for at in range(0, len(ordered), _BATCH):
        yield collate(ordered[at : at + _BATCH])


def _fit(layer: nn.Module, words: Tensor, classes: Tensor) -> None:
    start = [parameter.detach().clone() for parameter in layer.parameters()]
    has = classes > 0

    def loss() -> Tensor:
        scores = layer(words)
        held = (layer.weight - start[0]).square().sum()
        return (
            functional.cross_entropy(scores[has], classes[has])
            + _OTHERS * functional.cross_entropy(scores[~has], classes[~has])
            + _PENALTY * held
        )

    optimizer = torch.optim.LBFGS(
        layer.parameters(), max_iter=_STEPS, line_search_fn="strong_wolfe"
    )

    def closure() -> Tensor:
        optimizer.zero_grad()
        total = loss()
        total.backward()
        return total

    optimizer.step(closure)
