"""The command line: the app of `claimline`, put together out of `commands/`.

A command parses arguments, calls, prints, and ends with an exit code: 0 all well, 1 some articles
failed (each named on standard error, the others written), 2 wrong usage. Data goes to standard
output, messages to standard error. Heavy imports stand inside the commands, so that `--help` is
quick.
"""

from __future__ import annotations

from typing import Annotated

import typer

from .commands import (
    baseline,
    config,
    diff,
    evaluate,
    explain,
    export,
    extract,
    forecasts,
    git,
    history,
    report,
    runs,
    schema,
    show,
    stats,
    timeline,
    train,
)

app = typer.Typer(
    name="claimline",
    help="Entities, dated events, hedged predictions and attributed quotes out of articles.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from . import __version__

        typer.echo(f"claimline {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Entities, dated events, hedged predictions and attributed quotes out of articles.

    Example: claimline extract corpus/ --output outputs
    """


# In the order in which `--help` lists them; a group comes after all of them.
app.command()(extract.extract)
app.command()(runs.run)
app.command()(runs.retry)
app.command()(runs.status)
app.command()(show.show)
app.command()(stats.stats)
app.command()(timeline.timeline)
app.command()(report.report)
app.command()(forecasts.predictions)
app.command()(forecasts.calibrate)
app.command()(export.export)
app.command("import")(export.import_)
app.command()(explain.explain)
app.command()(schema.schema)
app.command()(diff.diff)
app.command("config")(config.show_config)
app.command()(evaluate.evaluate)
app.command()(train.train)
# A file may be called "-x.txt".
app.command("git-diff", context_settings={"ignore_unknown_options": True})(git.git_diff)
app.command()(git.textconv)
app.command()(history.history)
app.add_typer(baseline.app)


if __name__ == "__main__":
    app()
