"""`claimline evaluate`: extraction scored against gold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .loading import load_extractor
from .messages import exit_on_errors, exit_on_wrong_setup, refuse
from .options import ConfigOption, ModelOption, SetOption

if TYPE_CHECKING:
    from ..evaluate.scores import Score
    from ..extraction import Extractor


def evaluate(
    folder: Annotated[
        Path,
        typer.Argument(
            help="Folder of articles with gold beside them or in gold/; a file of passages; a "
            "folder of revisions, revisions/; or a treebank with coreference, NAME.conllu."
        ),
    ],
    misses: Annotated[bool, typer.Option("--misses", help="List every miss and extra.")] = False,
    calibration: Annotated[
        bool, typer.Option("--calibration", help="Print how often records as sure are right.")
    ] = False,
    gate: Annotated[
        bool,
        typer.Option(
            "--gate",
            help="Exit 1 when a figure is below FOLDER/floors.json, or a passage does not do as "
            "its file says.",
        ),
    ] = False,
    update_floors: Annotated[
        bool, typer.Option("--update-floors", help="Raise FOLDER/floors.json to these figures.")
    ] = False,
    model: ModelOption = None,
    config: ConfigOption = None,
    settings: SetOption = None,
) -> None:
    """Score extraction against gold: precision, recall and F1 in percent.

    Of a file of marked passages: how many are without fault, by kind.

    Example: claimline evaluate corpus --misses
    """
    from .. import evaluate as evaluation

    with exit_on_wrong_setup():
        extractor = load_extractor(model, config, settings)
    if folder.suffix == ".conllu":
        if gate or update_floors:
            refuse("a gate needs a folder of articles, not a treebank")
        _evaluate_chains(folder, extractor, misses=misses)
        return
    if folder.is_file():
        _evaluate_passages(folder, extractor, misses=misses, gate=gate)
        return
    floors_file = folder / "floors.json"
    revised = evaluation.is_folder_of_revisions(folder)
    with exit_on_errors(2):
        tally, articles = (evaluation.evaluate_revisions if revised else evaluation.evaluate)(
            folder, lambda article: extractor.extract_article(article).records
        )
        scores = tally.scores()
        failures: list[str] = []
        if gate:
            floors = evaluation.load_floors(floors_file)
            failures = evaluation.check_floors(floors, scores, articles=articles)
        if update_floors:
            old = evaluation.load_floors(floors_file) if floors_file.exists() else None
            evaluation.save_floors(
                floors_file, evaluation.raise_floors(scores, articles=articles, old=old)
            )
    typer.echo(f"{articles} {'revisions' if revised else 'articles'}")
    _print_scores(scores, tally.misses if misses else ())
    for kind, bins in tally.calibration(bins=5).items() if calibration else ():
        typer.echo(f"{kind}: confidence → right, a fifth of the records each")
        parts = (f"{part.confidence:.2f} → {part.right:.2f} ({part.count})" for part in bins)
        typer.echo("  " + "   ".join(parts))
    for failure in failures:
        typer.echo(f"gate: {failure}", err=True)
    raise typer.Exit(1 if failures else 0)


def _evaluate_chains(treebank: Path, extractor: Extractor, *, misses: bool) -> None:
    from ..evaluate.coref import read_chains, score_chains

    with exit_on_errors(2):
        documents = read_chains(treebank)
        score = score_chains(documents, lambda article: extractor.extract_article(article).records)
    typer.echo(f"{len(documents)} documents")
    _print_scores(score.figures, score.misses if misses else ())


def _print_scores(scores: Mapping[str, Score], misses: Iterable[str]) -> None:
    typer.echo(f"{'':26}{'P':>6} {'R':>6} {'F1':>6} {'gold':>6}")
    for name, score in scores.items():
        figures = (score.precision, score.recall, score.f1)
        typer.echo(
            f"{name:26}"
            + " ".join(f"{100 * figure:6.1f}" for figure in figures)
            + f" {score.right + score.missed:6d}"
        )
    for line in misses:
        typer.echo(line)


def _evaluate_passages(path: Path, extractor: Extractor, *, misses: bool, gate: bool) -> None:
    """Print how many passages of a file pass, by kind; see `evaluate.passages`."""
    from .. import evaluate as evaluation

    with exit_on_errors(2):
        passages = evaluation.load_passages(path)
    outcomes = evaluation.run_passages(
        passages, lambda article: extractor.extract_article(article).records
    )
    for kind, (passed, of) in evaluation.pass_rates(outcomes).items():
        typer.echo(f"{kind:44}{100 * passed / of:6.1f} {passed:4d} of {of}")
    for outcome in outcomes if misses else []:
        for difference in outcome.differences:
            typer.echo(f"{outcome.passage.id} {difference} | {outcome.passage.text!r}")
    surprises = [outcome for outcome in outcomes if outcome.surprises] if gate else []
    for outcome in surprises:
        result = "fails" if outcome.differences else "passes"
        typer.echo(f"gate: {outcome.passage.id} {result}, against what {path} says", err=True)
    raise typer.Exit(1 if surprises else 0)
