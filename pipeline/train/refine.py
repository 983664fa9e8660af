"""The last step of training: readings are taught on, all else is held to what it says already.

Words that have a reading are one in a hundred, so the joint loss gives them little weight, and more
weight makes the other heads worse (parse and attributions by about half a point when tried). Here
batches of annotated readings alternate with batches of the corpus on which the network must go on
saying what it said before: learning without forgetting (Li and Hoiem, 2017), so that whatever was
fitted to its probabilities still fits. At the end the weights go back a part of the way to where
they were (Wortsman et al., 2022): readings lose little by it, names and quotes gain.
"""

from __future__ import annotations

import copy
import logging
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, repeat

import torch
from torch import Tensor
from torch.nn import functional

from ..language.heads import HEADS
from ..language.pieces import Pieces
from .batches import Example, Examples, Labels, collate
from .corpus import Document
from .network import Batch, Network

logger = logging.getLogger(__name__)

_EPOCHS = 2
_ENCODER_RATE, _HEAD_RATE = 1e-4, 1e-3
_WARM_UP_STEPS = 60
_ALONE = 0.5  # share of documents whose sentences are shown one at a time in an epoch
_BUDGET, _HELD_BUDGET = 1600, 900  # padded pieces a batch
_OTHERS = 0.1  # what words without a reading count beside those that have one
_KEPT = 6.0  # what staying the same counts beside learning
_SHARE = 0.75  # of the way from the old weights to the new ones; class heads go all of it
_SMOOTHING = 0.03
_LINKED = 0.1  # from this probability of a link on a word is a cue
_OTHER_ROWS = 0.3  # as in the joint loss


def refine(
    network: Network, documents: Sequence[Document], labels: Labels, pieces: Pieces, *, seed: int
) -> None:
    """Teach the class heads of a trained network on, in place.

    Args:
        network: on the CPU; in evaluation mode before and after.
        documents: sentences with a layer of a class head teach it; all of them hold the rest.
        labels: label sets of the heads.
        pieces: word-pieces.
        seed: of shuffling, windows and dropout.
    """
    before = copy.deepcopy(network)
    examples = Examples(pieces, labels)
    names = [head.name for head in HEADS if head.kind == "class"]
    taught = [
        replace(document, sentences=sentences)
        for document in documents
        if (sentences := [s for s in document.sentences if any(n in s.layers for n in names)])
    ]
    torch.manual_seed(seed)
    rng = random.Random(seed)
    held = _held(examples, documents, rng)
    optimizer = torch.optim.AdamW(
        [
            {"params": network.encoder.parameters(), "lr": _ENCODER_RATE},
            {
                "params": [p for n, p in network.named_parameters() if not n.startswith("encoder")],
                "lr": _HEAD_RATE,
            },
        ],
        weight_decay=0.01,
        betas=(0.9, 0.98),
    )
    rates = [group["lr"] for group in optimizer.param_groups]
    batches = [
        batch
        for _ in range(_EPOCHS)
        for batch in examples.epoch(_parted(taught, rng), rng, _BUDGET)
    ]
    network.train()
    for step, batch in enumerate(batches):
        factor = min(1.0, (step + 1) / _WARM_UP_STEPS) * (1 - step / len(batches))
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * factor
        with torch.autocast("cpu", dtype=torch.bfloat16):
            learned = collate(batch)
            gain = _readings(network, network.words(learned), learned, names)
            kept = collate(next(held))
            words = network.words(kept)
            loss = _KEPT * _kept(network, words, before, kept)
            loss = loss + _readings(network, words, kept, names)
        optimizer.zero_grad(set_to_none=True)
        (gain + loss).backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimizer.step()
        if step % 50 == 0:
            logger.info(
                "refining, batch %d of %d: %.3f, %.3f", step, len(batches), gain.item(), loss.item()
            )
    _go_back(network, before, names)
    network.eval()


def _go_back(network: Network, before: Network, names: Iterable[str]) -> None:
    """Mix the weights with those from before, but for the class heads'."""
    learned = tuple(f"label.{name}." for name in names)
    old = dict(before.named_parameters())
    with torch.no_grad():
        for name, weight in network.named_parameters():
            if not name.startswith(learned):
                weight.lerp_(old[name], 1 - _SHARE)


def _parted(documents: Iterable[Document], rng: random.Random) -> list[Document]:
    """The documents, some cut into sentences: a word is seen with and without what is before it."""
    parted: list[Document] = []
    for document in documents:
        if rng.random() < _ALONE:
            parted += [replace(document, sentences=[s]) for s in document.sentences]
        else:
            parted.append(document)
    return parted


def _held(
    examples: Examples, documents: Sequence[Document], rng: random.Random
) -> Iterator[list[Example]]:
    """Batches of windows of the corpus without end."""
    return chain.from_iterable(
        examples.epoch(corpus, rng, _HELD_BUDGET) for corpus in repeat(documents)
    )


def _readings(network: Network, words: Tensor, batch: Batch, names: Iterable[str]) -> Tensor:
    """Loss of the class heads over the words that have a class, and less of it over others."""
    loss = words.sum() * 0.0
    for name in names:
        scores, truth = network.label[name](words).float(), batch[name]
        for chosen, weight in ((truth > 0, 1.0), (truth == 0, _OTHERS)):
            if bool(chosen.any()):
                loss = loss + weight * functional.cross_entropy(
                    scores[chosen], truth[chosen], label_smoothing=_SMOOTHING
                )
    return loss


def _kept(network: Network, words: Tensor, before: Network, batch: Batch) -> Tensor:
    """How far the heads other than class heads are from what they said before (cross-entropy)."""
    weights = {head.name: head.weight for head in HEADS if head.kind != "class"}
    mask = batch["word_mask"].bool()
    with torch.no_grad():
        old = before.words(batch)
        old_arcs = before.arcs(old, batch["starts"], mask)
        heads = old_arcs.argmax(-1)
        old_dep, old_head = before.relation_vectors(old)
        old_relations = before.relation_scores(old_dep, old_head, heads)
        old_links = before.link_scores(old)
    loss = words.sum() * 0.0
    for name, layer in network.label.items():
        if name in weights:
            loss = loss + weights[name] * _apart(layer(words), before.label[name](old), mask)
    arcs = network.arcs(words, batch["starts"], mask)
    dep, head = network.relation_vectors(words)
    relations = network.relation_scores(dep, head, heads)
    loss = loss + weights["arc"] * (
        _apart(arcs, old_arcs, mask) + _apart(relations, old_relations, mask)
    )
    links = network.link_scores(words)
    cues = (old_links.float().softmax(-1)[..., 1:].sum(-1) > _LINKED).any(-1)
    for rows, weight in ((mask & cues, 1.0), (mask & ~cues, _OTHER_ROWS)):
        pairs = rows.unsqueeze(2) & mask.unsqueeze(1)
        if bool(pairs.any()):
            loss = loss + weights["links"] * weight * _apart(links, old_links, pairs)
    return loss


def _apart(scores: Tensor, old: Tensor, mask: Tensor) -> Tensor:
    """Mean cross-entropy of the old distribution and the new one where the mask is set."""
    said = old.detach()[mask].float().softmax(-1)
    return functional.cross_entropy(scores[mask].float(), said)
