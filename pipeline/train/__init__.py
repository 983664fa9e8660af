"""Makes the embedded language model from the treebanks and the annotated articles.

Needs the extra `train` (torch, transformers, onnx); nothing at run time imports this room.
"""

from __future__ import annotations

from pathlib import Path

from ..errors import PipelineError


def train(
    data: Path, output: Path, *, seed: int = 0, epochs: int = 8, minutes: float | None = None
) -> None:
    """Train, export and measure; `output/model` is the model folder, with its card beside it.

    To embed a model, copy the files of `output/model` to `pipeline/language/model` and
    `output/model-card.md` to `docs`.

    Args:
        data: folder with the files that `manifest.toml` names.
        output: working folder: checkpoint, model folders, `model-card.md`. An unfinished run
            there is taken up where it stopped.
        seed: the same seed and number of epochs give the same model on the same kind of machine.
        epochs: passes over the data.
        minutes: stop training after so long, at the price of reproducibility; None for no limit.

    Raises:
        DataError: a data file is missing or differs from the manifest.
        PipelineError: the extra `train` is not installed.

    Example:
        >>> train(Path("data"), Path("build"), epochs=1)  # doctest: +SKIP
    """
    try:
        from .recipe import run
    except ImportError as error:
        raise PipelineError(
            f"training needs {error.name}, which is not installed: pip install 'claimline[train]'"
        ) from error
    run(data, output, seed=seed, epochs=epochs, minutes=minutes)
