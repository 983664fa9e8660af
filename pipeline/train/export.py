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

from ..language.heads import CASE_CLASSES, HEADS
from .batches import MAX_PIECES, Labels
from .network import Network, empty_encoder

Inflections = Mapping[str, Mapping[str, str]]

logger = logging.getLogger(__name__)

Variant = Literal["fp32", "int8", "int8-tensor", "int8-reduced"]
"""Ways to store the weights: as trained; 8 bits with a scale per channel, per tensor, or per
channel in 7 bits (no overflow in the 16-bit sums of CPUs without VNNI)."""

INPUTS = ("ids", "case", "mask", "first", "word_mask", "starts")
TOKEN_HEADS = tuple(h.name for h in HEADS if h.kind == "token")
SPAN_HEADS = tuple(h.name for h in HEADS if h.kind == "span")
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
)


class _Exported(nn.Module):  # type: ignore[misc]
    """The network with the decisions that ONNX can make itself; see `language/heads.py`."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, *inputs: Tensor) -> tuple[Tensor, ...]:
        batch = dict(zip(INPUTS, inputs, strict=True))
        network = self.network
        words = network.words(batch)
        best = [network.label[name](words).argmax(-1) for name in TOKEN_HEADS]
        spans = [network.label[name](words).softmax(-1) for name in SPAN_HEADS]
        sentence = network.label["sentence"](words).softmax(-1)[..., 1]
        predicted = (sentence > 0.5).to(torch.int64)
        starts = torch.where(batch["starts"] < 0, predicted, batch["starts"])
        arc = network.arcs(words, starts, batch["word_mask"].to(torch.bool))
        head = arc.argmax(-1)
        rel_dep, rel_head = network.relation_vectors(words)
        rel = network.relation_scores(rel_dep, rel_head, head).argmax(-1)
        return (*best, *spans, sentence, starts, arc, head, rel, rel_dep, rel_head)


def export_onnx(network: Network, base: Path, path: Path) -> None:
    """Write the network as ONNX in 32 bits.

    Args:
        network: trained weights.
        base: folder of the encoder's configuration.
        path: file to write.
    """
    plain = Network(empty_encoder(base), _label_sizes(network))
    plain.load_state_dict(network.state_dict())
    pieces, words = 16, 10
    example = (
        torch.ones(2, pieces, dtype=torch.long),
        torch.zeros(2, pieces, dtype=torch.long),
        torch.ones(2, pieces, dtype=torch.long),
        torch.arange(words).repeat(2, 1),
        torch.ones(2, words, dtype=torch.long),
        torch.full((2, words), -1),
    )
    axes = {name: {0: "B", 1: "P" if name in INPUTS[:3] else "W"} for name in (*INPUTS, *OUTPUTS)}
    axes["arc"][2] = "W"
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
    return sizes | {"rel": [""] * network.relations}


def quantize(source: Path, target: Path, variant: Variant) -> None:
    """Write a 32-bit ONNX file in another variant.

    The graph is left unfused: fused attention measured 15-20 % slower in 8 bits.
    """
    if variant == "fp32":
        shutil.copyfile(source, target)
        return
    quantize_dynamic(
        str(source),
        str(target),
        weight_type=QuantType.QInt8,
        per_channel=variant != "int8-tensor",
        reduce_range=variant == "int8-reduced",
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
