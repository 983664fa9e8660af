"""The trained network in its folder: opened when first used, run on one window at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from ..errors import ModelError
from .heads import CASE_CLASSES, HEADS
from .pieces import Pieces
from .windows import Output

ENCODER = "claimline_encoder"
"""The component that runs it, by name."""

EMBEDDED = Path(__file__).parent / "model"
"""The model that comes with the package."""


def model_folder(given: str) -> Path:
    """The folder of the model that a configuration names: nothing stands for the embedded one."""
    return Path(given) if given else EMBEDDED


class Meta(msgspec.Struct, frozen=True):
    """`meta.json`: what the model is and what its outputs mean.

    Attributes:
        name: of the model.
        version: of the model.
        case_classes: number of case classes that it was trained with.
        labels: head name -> labels in output order; "rel" among them.
        inflections: Penn tag -> inflected word in lower case -> lemma.
    """

    name: str
    version: str
    case_classes: int
    labels: dict[str, list[str]]
    inflections: dict[str, dict[str, str]] = {}

    @classmethod
    def from_folder(cls, folder: Path) -> Meta:
        """Read and check a model folder's description.

        Raises:
            ModelError: it is missing, damaged or of a model with other heads.
        """
        path = folder / "meta.json"
        try:
            meta = msgspec.json.decode(path.read_bytes(), type=cls)
        except OSError as error:
            raise ModelError(
                f"{folder}: no language model there ({error.strerror}: {path.name}). "
                "`make train DATA=DIR` makes one; --model takes any spaCy pipeline instead."
            ) from error
        except msgspec.DecodeError as error:
            raise ModelError(f"{path}: {error}") from error
        expected = {head.name for head in HEADS if head.kind not in ("sentence", "arc")} | {"rel"}
        missing = sorted(expected - set(meta.labels))
        if missing or meta.case_classes != CASE_CLASSES:
            raise ModelError(
                f"{path}: not a model of this version: it has {meta.case_classes} case classes "
                f"for {CASE_CLASSES} and lacks the heads {missing}. Train it again."
            )
        return meta


class Relations:
    """Labels for arcs that the network itself did not choose.

    Args:
        arrays: `w`, `b`, `hw` and `hb` of `relations.npz`, see `heads.py`.
        labels: relations in output order.
    """

    def __init__(self, arrays: dict[str, NDArray[np.float32]], labels: list[str]) -> None:
        # In 64 bits the order in which a CPU sums decides no tie.
        self._arrays = {name: array.astype(np.float64) for name, array in arrays.items()}
        self._root = np.array([label == "root" for label in labels])

    def best(self, dep: NDArray[Any], head: NDArray[Any], *, root: bool) -> int:
        """Best relation of a dependent to a head; "root" exactly for the root.

        Args:
            dep: `rel_dep` of the dependent, shape (d,).
            head: `rel_head` of the head, shape (d,).
            root: the head is the root.
        """
        w, b, hw, hb = (self._arrays[key] for key in ("w", "b", "hw", "hb"))
        scores = (w @ dep + b).reshape(-1, len(head)) @ head + hw @ head + hb
        return int(np.where(self._root == root, scores, -np.inf).argmax())


class Network:
    """A model folder, ready to run.

    Args:
        folder: see `heads.py`.
        meta: its description.
        threads: for the work inside the network.

    Raises:
        ModelError: a file is missing or damaged.
    """

    def __init__(self, folder: Path, meta: Meta, *, threads: int) -> None:
        # Imported when the first text comes: `claimline --help` needs no network.
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Waiting threads sleep: the cores belong to whoever else works on the machine.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        # Every window has its own shape: a plan of memory by shape would only grow.
        options.enable_mem_pattern = False
        try:
            self._session = onnxruntime.InferenceSession(
                str(folder / "encoder.onnx"),
                options,
                providers=["CPUExecutionProvider"],
                # onnxruntime 1.32's fused kernel is eight times slower than the two it replaces,
                # 12 % of the whole (measured on AVX-512).
                disabled_optimizers=["SkipLayerNormFusion"],
            )
            with np.load(folder / "relations.npz") as arrays:
                self.relations = Relations(dict(arrays), meta.labels["rel"])
        # onnxruntime's errors have no common base of their own.
        except Exception as error:
            raise ModelError(f"{folder}: cannot open the language model: {error}") from error
        self.pieces = Pieces.from_file(folder / "vocab.txt")
        self._names = [output.name for output in self._session.get_outputs()]

    def run(
        self,
        ids: NDArray[np.int64],
        case: NDArray[np.int64],
        first: NDArray[np.int64],
        starts: NDArray[np.int64],
    ) -> Output:
        """Annotate one window.

        Args:
            ids: word-pieces, shape (P,).
            case: case class of each piece, shape (P,).
            first: index in `ids` of each word's first piece, shape (W,).
            starts: whether each word begins a sentence: 1, 0, or -1 unknown; shape (W,).

        Returns:
            The outputs of `heads.py` for this window, without the batch axis.
        """
        pieces, words = len(ids) + 2, len(first) + 1
        feed = {
            "ids": np.empty((1, pieces), np.int64),
            "case": np.zeros((1, pieces), np.int64),
            "first": np.zeros((1, words), np.int64),
            "starts": np.zeros((1, words), np.int64),
        }
        feed["ids"][0, 0], feed["ids"][0, -1] = self.pieces.cls, self.pieces.sep
        feed["ids"][0, 1:-1] = ids
        feed["case"][0, 1:-1] = case
        feed["first"][0, 1:] = first + 1
        feed["starts"][0, 1:] = starts
        outputs = self._session.run(None, feed)
        return {name: output[0] for name, output in zip(self._names, outputs, strict=True)}
