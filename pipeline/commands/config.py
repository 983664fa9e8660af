"""`claimline config`: every setting with its value."""

from __future__ import annotations

import typer

from .loading import overrides_of
from .messages import exit_on_wrong_setup
from .options import ConfigOption, SetOption


def show_config(config: ConfigOption = None, settings: SetOption = None) -> None:
    """Print the resolved configuration: every setting with its value.

    Example: claimline config --set components.claimline_encoder.threads=2
    """
    from ..config import load_config

    with exit_on_wrong_setup():
        typer.echo(load_config(config, overrides_of(settings)).to_str())
