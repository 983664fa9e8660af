"""`claimline train`: the language model from data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .messages import exit_on_errors, refuse


def train(
    data: Annotated[Path, typer.Argument(help="Folder with the data that the manifest names.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Folder for the trained model.")
    ] = Path("model"),
    seed: Annotated[int, typer.Option("--seed", help="Same seed, same model.")] = 0,
    epochs: Annotated[int, typer.Option("--epochs", help="Passes over the data.")] = 8,
    minutes: Annotated[float, typer.Option("--minutes", help="Longest time to train.")] = 90,
) -> None:
    """Train the language model; needs the [train] extra.

    Example: claimline train data/ --output model
    """
    try:
        from ..train import train as train_model
    except ImportError as error:
        refuse(f"{error.name} is missing: pip install 'claimline[train]'")
    with exit_on_errors(1):
        train_model(data, output, seed=seed, epochs=epochs, minutes=minutes)
