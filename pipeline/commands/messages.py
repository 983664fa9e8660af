"""What goes to standard error, and the exit code that comes with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer

from ..errors import ConfigError, ModelError, PipelineError

if TYPE_CHECKING:
    from rich.console import Console


def complain(message: object) -> None:
    """Tell what is wrong; what files are called and hold may be made for a terminal to obey."""
    from ..report import visible

    typer.echo(visible(f"claimline: {message}"), err=True)


def refuse(message: str) -> NoReturn:
    """End with exit code 2 and one message: the command was wrong."""
    complain(message)
    raise typer.Exit(2)


@contextmanager
def exit_on_errors(
    code: int, kinds: tuple[type[PipelineError], ...] = (PipelineError,)
) -> Iterator[None]:
    """Turn errors of these kinds into an exit code and one message."""
    try:
        yield
    except kinds as error:
        complain(error)
        raise typer.Exit(code) from error


def exit_on_wrong_setup() -> AbstractContextManager[None]:
    """Turn wrong configuration and missing models into exit code 2 and one message."""
    return exit_on_errors(2, (ConfigError, ModelError))


def tell_left_out(what: str) -> None:
    """Tell what is missing in the output; nothing disappears silently."""
    from ..report import visible

    typer.echo(visible(f"left out: {what}"), err=True)


def tell_of_unnumbered(count: int) -> None:
    """Tell how many records were left out since they have no number to ask for."""
    if count:
        tell_left_out(f"{count} without a number, which --min and --max need")


def message_console() -> Console:
    """For tables and bars that are messages and no data."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=True)
