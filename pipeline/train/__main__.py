"""`python -m pipeline.train DATA --output DIR`: make the embedded language model."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from ..errors import PipelineError
from . import train


def main() -> int:
    """Parse the arguments, train; 0 when all went well, 1 with a message when not."""
    parser = argparse.ArgumentParser(
        prog="python -m pipeline.train",
        description="Train the language model: python -m pipeline.train DATA --output build",
    )
    parser.add_argument("data", type=Path, help="folder with the files of manifest.toml")
    parser.add_argument(
        "--output",
        type=Path,
        required=True,
        help="working folder; an unfinished run there is resumed",
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--minutes", type=float, default=None, help="stop after so long")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    try:
        train(
            arguments.data,
            arguments.output,
            seed=arguments.seed,
            epochs=arguments.epochs,
            minutes=arguments.minutes,
        )
    except PipelineError as error:
        logging.error("%s", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
