"""The trained network as a model folder: ONNX, quantised, with all that the run time needs."""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn
from transformers import AttentionInterface

from ..language.heads import CASE_CLASSES, HEADS
from .batches import MAX_PIECES, Labels
from .network import Network, empty_encoder

Inflections = Mapping[str, Mapping[str, str]]

logger = logging.getLogger(__name__)

Variant = Literal["fp32", "int8"]
"""Ways to store the weights: as trained, or as integers with a scale per channel.

The integers use 7 of their 8 bits: CPUs without VNNI add products of two pairs in 16 bits, which
8 bits overflow. Then 8 % of the words of news text get some other label there; with 7 bits none
do, at the same speed and accuracy (see docs/determinism.md).
"""

INPUTS = ("ids", "case", "first", "starts")
TOKEN_HEADS = tuple(h.name for h in HEADS if h.kind == "token")
SPAN_HEADS = tuple(h.name for h in HEADS if h.kind in ("span", "class"))
OUTPUTS = (
    *TOKEN_HEADS,
    *SPAN_HEADS,
    "sentence",
    "start",
    "arc",
    "head",
    "rel",
    "rel_dep",
    "rel_head",
    "links",
)


_EXACT = "claimline_exact"


def _attention(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    *,
    scaling: float,
    **_: Any,
) -> tuple[Tensor, None]:
    """Attention over a window without padding; the division comes last, where it is cheapest."""
    weights = _exponentials(query @ key.transpose(-1, -2) * scaling)
    context = weights @ value / weights.sum(-1, keepdim=True)
    return context.transpose(1, 2), None


def _softmax(scores: Tensor) -> Tensor:
    """Softmax over the last axis."""
    weights = _exponentials(scores)
    return weights / weights.sum(-1, keepdim=True)


def _exponentials(scores: Tensor) -> Tensor:
    """Exponentials over the last axis, 1 at its maximum.

    Softmax is written out because onnxruntime's sums in an order that depends on the width of the
    CPU's vectors, and the rounding of quantised numbers blows the last bit up. It is the only
    operator of the network that does; written out, every x86-64 CPU gives the same bits.
    """
    return (scores - scores.amax(-1, keepdim=True)).exp()


AttentionInterface.register(_EXACT, _attention)


class _Exported(nn.Module):  # type: ignore[misc]
    """The network with the decisions that ONNX can make itself; see `language/heads.py`."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, *inputs: Tensor) -> tuple[Tensor, ...]:
        batch = dict(zip(INPUTS, inputs, strict=True))
        batch["mask"] = torch.ones_like(batch["ids"])
        network = self.network
        words = network.words(batch)
        best = [network.label[name](words).argmax(-1) for name in TOKEN_HEADS]
        spans = [_softmax(network.label[name](words)) for name in SPAN_HEADS]
        sentence = _softmax(network.label["sentence"](words))[..., 1]
        predicted = (sentence > 0.5).to(torch.int64)
        starts = torch.where(batch["starts"] < 0, predicted, batch["starts"])
        arc = network.arcs(words, starts, torch.ones_like(starts, dtype=torch.bool))
        head = arc.argmax(-1)
        rel_dep, rel_head = network.relation_vectors(words)
        rel = network.relation_scores(rel_dep, rel_head, head).argmax(-1)
        links = _softmax(network.link_scores(words))
        return (*best, *spans, sentence, starts, arc, head, rel, rel_dep, rel_head, links)


def export_onnx(network: Network, base: Path, path: Path) -> None:
    """Write the network as ONNX in 32 bits.

    Args:
        network: trained weights.
        base: folder of the encoder's configuration.
        path: file to write.
    """
    plain = Network(empty_encoder(base), _label_sizes(network))
    plain.load_state_dict(network.state_dict())
    plain.encoder.config._attn_implementation = _EXACT
    pieces, words = 16, 10
    example = (
        torch.ones(2, pieces, dtype=torch.long),
        torch.zeros(2, pieces, dtype=torch.long),
        torch.arange(words).repeat(2, 1),
        torch.full((2, words), -1),
    )
    axes = {name: {0: "B", 1: "P" if name in INPUTS[:2] else "W"} for name in (*INPUTS, *OUTPUTS)}
    axes["arc"][2] = axes["links"][2] = "W"
    with warnings.catch_warnings():
        # The exporter by tracing: the newer one needs a further package and gains nothing here.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _Exported(plain).eval(),
            example,
            str(path),
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )


def _label_sizes(network: Network) -> dict[str, list[str]]:
    """Label lists of the right lengths, to build a network of the same shape."""
    sizes = {name: [""] * int(layer.out_features) for name, layer in network.label.items()}
    return sizes | {"rel": [""] * network.relations, "links": [""] * network.link_labels}


def quantize(source: Path, target: Path, variant: Variant) -> None:
    """Write a 32-bit ONNX file in another variant.

    The graph is left unfused: fused attention is no faster in 8 bits.
    """
    if variant == "fp32":
        shutil.copyfile(source, target)
        return
    quantize_dynamic(
        str(source),
        str(target),
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
    )


def export(
    network: Network,
    labels: Labels,
    base: Path,
    folder: Path,
    *,
    inflections: Inflections,
    version: str,
    variant: Variant,
) -> None:
    """Write the model folder, each file whole or not at all.

    Args:
        network: trained weights.
        labels: label sets, in output order.
        base: folder of the encoder that training started from (vocabulary, configuration).
        folder: the model folder.
        inflections: lemmas of inflected words, for `meta.json`.
        version: of the model, for `meta.json`.
        variant: how weights are stored.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as name:
        fresh = Path(name)
        export_onnx(network, base, fresh / "full.onnx")
        quantize(fresh / "full.onnx", fresh / "encoder.onnx", variant)
        shutil.copyfile(base / "vocab.txt", fresh / "vocab.txt")
        weights = {
            "w": network.rel_weight.weight,
            "b": network.rel_weight.bias,
            "hw": network.rel_prior.weight,
            "hb": network.rel_prior.bias,
        }
        arrays = {key: value.detach().numpy().astype(np.float32) for key, value in weights.items()}
        np.savez(fresh / "relations.npz", **arrays)
        write_meta(fresh, labels, inflections, version, variant, {})
        for file in ("vocab.txt", "relations.npz", "encoder.onnx", "meta.json"):
            (fresh / file).replace(folder / file)
    size = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
    logger.info("wrote %s, %.1f MB", folder, size)


def write_meta(
    folder: Path,
    labels: Labels,
    inflections: Inflections,
    version: str,
    variant: Variant,
    scores: Mapping[str, Any],
) -> None:
    """Write `meta.json`, the description that the run time reads, with scores by set."""
    meta = {
        "name": "claimline_en",
        "version": version,
        "variant": variant,
        "max_pieces": MAX_PIECES,
        "case_classes": CASE_CLASSES,
        "token_heads": list(TOKEN_HEADS),
        "span_heads": list(SPAN_HEADS),
        "labels": labels.names,
        "inflections": inflections,
        "scores": dict(scores),
    }
    text = json.dumps(meta, indent=1, ensure_ascii=False)
    (folder / "meta.json").write_text(text + "\n", "utf-8")
