"""`claimline predictions` and `claimline calibrate`: forecasts, and what came of them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .inputs import read_records
from .messages import exit_on_errors, refuse, tell_left_out, tell_of_unnumbered
from .options import LeastOption, MostOption, OutputOption, RecordFiles
from .output import is_standard, plain, write

if TYPE_CHECKING:
    from ..forecasts import Calibrated, Gathered, Trouble


class PredictionsFormat(StrEnum):
    """How `claimline predictions` shows predictions."""

    table = "table"
    csv = "csv"
    jsonl = "jsonl"


def predictions(
    files: RecordFiles,
    format: Annotated[
        PredictionsFormat, typer.Option("--format", "-f", help="Table, CSV or JSON Lines.")
    ] = PredictionsFormat.table,
    output: OutputOption = None,
    least: LeastOption = None,
    most: MostOption = None,
    level: Annotated[
        list[str] | None,
        typer.Option("--level", help="Only with this level, such as very-likely; repeat."),
    ] = None,
    holder: Annotated[
        list[str] | None,
        typer.Option("--holder", help="Only of this holder, by any name, or author; repeat."),
    ] = None,
    about: Annotated[
        list[str] | None,
        typer.Option(
            "--about", help="Only about this entity, by any name, or these words; repeat."
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option("--by", help="Only what is due by the end of 2025, 2025-06 or 2025-06-30."),
    ] = None,
    after: Annotated[
        str | None, typer.Option("--after", help="Only what is due in or after this date.")
    ] = None,
    orientation: Annotated[
        list[str] | None,
        typer.Option("--orientation", help="Only future, present, past; repeat."),
    ] = None,
    polarity: Annotated[
        list[str] | None, typer.Option("--polarity", help="Only positive or negative.")
    ] = None,
    hedged: Annotated[
        bool | None,
        typer.Option("--hedged/--unhedged", help="Only hedged ones, or only plain ones."),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="Tell what has expired by this date from what is open."),
    ] = None,
    state: Annotated[
        list[str] | None,
        typer.Option("--state", help="Only open, expired, undated, with --as-of; repeat."),
    ] = None,
) -> None:
    """Ask for predictions: how likely, whose, about what, by when, still open or not.

    They are answered from records alone. The first due come first, those without a date last.

    Example: claimline predictions outputs/ --min 55 --holder "Barbara Elias" --by 2025
    """
    from ..forecasts import Selection, gather

    with exit_on_errors(2):
        chosen = Selection(
            least=least,
            most=most,
            levels=tuple(level or ()),
            holders=tuple(holder or ()),
            about=tuple(about or ()),
            by=by,
            after=after,
            orientations=tuple(orientation or ()),
            polarities=tuple(polarity or ()),
            hedged=hedged,
            as_of=as_of,
            states=tuple(state or ()),
        )
    read, complete = read_records(files)
    with exit_on_errors(1):
        _show_predictions(gather(read, selection=chosen), format, output)
    raise typer.Exit(0 if complete else 1)


def _show_predictions(found: Gathered, format: PredictionsFormat, output: Path | None) -> None:
    """Write predictions; what is left out goes to standard error unless it is in the format."""
    from .. import jsonl
    from ..report import predictions_csv, predictions_table

    if format is PredictionsFormat.jsonl:
        data = jsonl.encode([*found.forecasts, *found.problems])
    else:
        _tell(found.problems)
        if format is PredictionsFormat.csv:
            data = predictions_csv(found.forecasts)
        else:
            data = plain(predictions_table(found.forecasts), to_terminal=is_standard(output))
    if not found.forecasts:
        typer.echo(f"none of {found.others + found.unnumbered} predictions is like that", err=True)
    tell_of_unnumbered(found.unnumbered)
    write(data, output)


class CalibrationFormat(StrEnum):
    """How `claimline calibrate` shows scores."""

    table = "table"
    jsonl = "jsonl"


def calibrate(
    files: RecordFiles,
    outcomes: Annotated[
        Path,
        typer.Argument(
            help="CSV or JSONL with article, id and outcome (true, false, or empty: not known)."
        ),
    ],
    format: Annotated[
        CalibrationFormat, typer.Option("--format", "-f", help="Table or JSON Lines.")
    ] = CalibrationFormat.table,
    output: OutputOption = None,
    svg: Annotated[
        Path | None, typer.Option("--svg", help="File for the calibration curve, a picture.")
    ] = None,
    bins: Annotated[
        int, typer.Option("--bins", help="Bins of equal width; 0 for one a number.")
    ] = 10,
) -> None:
    """Set predictions beside what came of them: Brier score, its parts, calibration by holder.

    A prediction counts as the middle of its low and high; those without are counted apart. An
    outcome is whether the event came about, whatever the prediction said of it.

    Example: claimline calibrate outputs/ outcomes.csv --svg curve.svg
    """
    from ..forecasts import calibrate as calibrated
    from ..forecasts import gather, read_outcomes

    if not 0 <= bins <= 100:
        refuse(f"{bins} bins: write a number from 1 to 100, or 0 for a bin a number")
    read, complete = read_records(files)
    with exit_on_errors(1):
        known = read_outcomes(outcomes)
        gathered = gather(read)
        made = calibrated(gathered.forecasts, known, bins=bins)
        problems = [*gathered.problems, *made.problems]
        _show_calibration(made, problems, format, output)
        if svg is not None:
            from ..report import draw_calibration

            write(draw_calibration(made.overall, title="Calibration").encode(), svg)
    raise typer.Exit(0 if complete and not problems else 1)


def _show_calibration(
    made: Calibrated, problems: list[Trouble], format: CalibrationFormat, output: Path | None
) -> None:
    """Write scores; what is left out goes to standard error unless it is in the format."""
    from .. import jsonl
    from ..report import bins_table, scores_table

    if format is CalibrationFormat.jsonl:
        data = jsonl.encode([made.overall, *made.holders, *problems])
    else:
        _tell(problems)
        tables = (scores_table([made.overall, *made.holders]), bins_table(made.overall.bins))
        data = b"\n".join(plain(table, to_terminal=is_standard(output)) for table in tables)
    typer.echo(
        f"{made.overall.count} predictions scored, {made.overall.unnumbered} with an outcome but "
        f"no number, {made.unanswered} without an outcome; {len(problems)} problems",
        err=True,
    )
    write(data, output)


def _tell(problems: Iterable[Trouble]) -> None:
    for problem in problems:
        place = f"{problem.article} {problem.id}: " if problem.id else ""
        tell_left_out(f"{place}{problem.message}")
