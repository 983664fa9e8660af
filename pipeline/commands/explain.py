"""`claimline explain`: why a sentence is a prediction or is none."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ..errors import ArticleError
from .loading import load_extractor
from .messages import exit_on_errors, exit_on_wrong_setup
from .options import ConfigOption, ModelOption, SetOption


def explain(
    text: Annotated[str, typer.Argument(help="A sentence or several, or - for standard input.")],
    published: Annotated[
        str | None,
        typer.Option("--published", help='The date that "next month" is reckoned from.'),
    ] = None,
    model: ModelOption = None,
    config: ConfigOption = None,
    settings: SetOption = None,
) -> None:
    """Show why a sentence is a prediction or is none: cues, reading, rule, the number's source.

    Example: claimline explain "The bridge could well collapse by 2030."
    """
    with exit_on_wrong_setup():
        extractor = load_extractor(model, config, settings)
        from ..explain import explain as explained

        with exit_on_errors(1, (ArticleError,)):
            if text == "-":
                text = sys.stdin.buffer.read().decode("utf-8", "backslashreplace")
            lines = explained(extractor, text, published=published)
    for line in lines:
        typer.echo(line)
