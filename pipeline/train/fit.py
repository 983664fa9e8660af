"""The training loop: joint loss of all heads, checkpoints, the same result for the same seed."""

from __future__ import annotations

import json
import logging
import random
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import torch

from ..language.heads import HEADS
from ..language.pieces import Pieces
from .batches import Examples, Labels, collate
from .corpus import Document
from .network import Network, pretrained_encoder

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Fitted:
    """A trained network and what it took.

    Attributes:
        network: on the CPU, in evaluation mode.
        epochs: passes over the data; a fraction when the time limit ended the last one.
        steps: batches.
        seconds: of training, measuring and export aside.
        device: "cpu" or "cuda".
    """

    network: Network
    epochs: float
    steps: int
    seconds: float
    device: str


# High for fine-tuning, which suits a small encoder; what is new learns faster still.
_ENCODER_RATE, _HEAD_RATE = 2e-4, 1e-3
_WARM_UP_STEPS = 100
_BUDGET = 1600  # padded pieces a batch: about eight full windows


def fit(
    documents: list[Document],
    labels: Labels,
    base: Path,
    output: Path,
    *,
    seed: int,
    epochs: int,
    minutes: float | None,
) -> Fitted:
    """Train, writing `checkpoint.pt` to the output folder after each epoch.

    A checkpoint that is there is taken up where it stopped. The same seed and epochs give the
    same weights on the same kind of machine; a time limit that bites does not.

    Args:
        documents: what to learn from.
        labels: label sets of the heads.
        base: folder of the encoder to start from.
        output: working folder.
        seed: of shuffling, windows, dropout and fresh weights.
        epochs: passes over the documents.
        minutes: stop after this long, the learning rate falling in time; None for no limit.

    Returns:
        The trained network and what it took.
    """
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(seed)
    network = Network(pretrained_encoder(base), labels.names).to(device)
    optimizer = _optimizer(network)
    rates = [group["lr"] for group in optimizer.param_groups]
    examples = Examples(Pieces.from_file(base / "vocab.txt"), labels)
    weights = {head.name: head.weight for head in HEADS}
    checkpoint = output / "checkpoint.pt"
    begin, step, passes, spent = 0, 0, 0.0, 0.0
    if checkpoint.exists():
        state = torch.load(checkpoint, map_location=device, weights_only=True)
        network.load_state_dict(state["network"])
        optimizer.load_state_dict(state["optimizer"])
        begin, step, passes = state["epoch"], state["step"], state["passes"]
        spent = state["seconds"]
    started = time.monotonic() - spent
    network.train()
    for epoch in range(begin, epochs):
        rng = random.Random(seed * 1000 + epoch)
        torch.manual_seed(seed * 1000 + epoch)
        batches = examples.epoch(documents, rng, _BUDGET)
        running: dict[str, list[float]] = defaultdict(list)
        for number, batch in enumerate(batches):
            passes = epoch + number / len(batches)
            progress = passes / epochs
            if minutes is not None:
                progress = max(progress, (time.monotonic() - started) / (minutes * 60))
            if progress >= 1:
                begin = epochs
                break
            factor = min(1.0, (step + 1) / _WARM_UP_STEPS) * (1 - progress)
            for group, rate in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = rate * factor
            tensors = {name: value.to(device) for name, value in collate(batch).items()}
            with torch.autocast(device, dtype=torch.bfloat16):
                losses = network.losses(tensors)
            total = sum(
                (weights[name] * loss for name, loss in losses.items()),
                torch.zeros((), device=device),
            )
            optimizer.zero_grad(set_to_none=True)
            total.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
            optimizer.step()
            step += 1
            for name, loss in losses.items():
                running[name].append(loss.item())
            if step % 50 == 0:
                _report(epoch, number, len(batches), time.monotonic() - started, running)
        else:
            begin = epoch + 1
            passes = float(begin)
        spent = time.monotonic() - started
        _save(
            checkpoint,
            {
                "network": network.state_dict(),
                "optimizer": optimizer.state_dict(),
                "epoch": begin,
                "step": step,
                "passes": passes,
                "seconds": spent,
            },
        )
        if begin == epochs:
            break
    return Fitted(network.cpu().eval(), passes, step, spent, device)


def _optimizer(network: Network) -> torch.optim.AdamW:
    """AdamW: a low rate for what the encoder knows, a high one for what is new."""
    case = network.encoder.embeddings.token_type_embeddings.weight
    encoder = [p for p in network.encoder.parameters() if p is not case]
    known = {id(p) for p in encoder}
    fresh = [p for p in network.parameters() if id(p) not in known]
    return torch.optim.AdamW(
        [{"params": encoder, "lr": _ENCODER_RATE}, {"params": fresh, "lr": _HEAD_RATE}],
        weight_decay=0.01,
        betas=(0.9, 0.98),
        fused=True,
    )


def _save(path: Path, state: dict[str, object]) -> None:
    """Write a checkpoint whole or not at all."""
    temporary = path.with_suffix(".tmp")
    torch.save(state, temporary)
    temporary.replace(path)


def _report(
    epoch: int, number: int, of: int, seconds: float, running: dict[str, list[float]]
) -> None:
    means = {name: round(sum(v) / len(v), 3) for name, v in running.items()}
    logger.info(
        "epoch %d, batch %d of %d, %.0f s: %s", epoch, number, of, seconds, json.dumps(means)
    )
    running.clear()
