"""Makes the embedded language model from the treebanks and the annotated articles.

Needs the extra `train` (torch, transformers, onnx); nothing at run time imports this room.
"""

from __future__ import annotations

from pathlib import Path


def train(
    data: Path,
    output: Path,
    *,
    seed: int = 0,
    epochs: int = 8,
    minutes: float | None = None,
    model: Path | None = None,
    card: Path | None = None,
) -> None:
    """Train, export, measure; write the model folder and its card.

    Args:
        data: folder with the files that `manifest.toml` names.
        output: working folder: checkpoints, the 32-bit model, the model folder. An unfinished
            run there is taken up where it stopped.
        seed: the same seed and number of epochs give the same model on the same kind of machine.
        epochs: passes over the data; eight are at their best on the dev sets.
        minutes: stop training after so long, at the price of reproducibility.
        model: the model folder to write; `output/model` when None.
        card: the model card to write; `output/model-card.md` when None.

    Raises:
        DataError: a data file is missing or differs from the manifest.

    Example:
        >>> train(Path("data"), Path("build"), epochs=1)  # doctest: +SKIP
    """
    from .recipe import run

    run(
        data,
        output,
        seed=seed,
        epochs=epochs,
        minutes=minutes,
        model=model or output / "model",
        card=card or output / "model-card.md",
    )
