"""The gate: floors under the scores of a set of articles, so that no change lowers one unseen."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from ..errors import PipelineError
from .scores import Score

# A floor holds a little below the measured figure: the arithmetic of the model may differ by a
# label or two between classes of CPU, and one item of the sample corpus is about 0.3 points.
SLACK = 0.01


class Floors(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Least F1 by figure, 0 to 1, and the articles that they were measured on."""

    articles: int
    floors: dict[str, float]


def load_floors(path: Path) -> Floors:
    """Read a file of floors.

    Raises:
        PipelineError: the file cannot be read or is not a file of floors.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=Floors)
    except OSError as error:
        raise PipelineError(
            f"{path}: cannot be read: {error.strerror}. `claimline evaluate --update-floors` "
            "writes one."
        ) from error
    except msgspec.DecodeError as error:
        raise PipelineError(f"{path}: not a file of floors: {error}") from error


def check_floors(floors: Floors, scores: Mapping[str, Score], *, articles: int) -> list[str]:
    """What fell below its floor, one line each; empty when all hold.

    A figure that is not measured any more, or fewer articles, is a failure too.
    """
    failures = []
    if articles < floors.articles:
        failures.append(f"{articles} articles scored, the floors were set on {floors.articles}")
    for figure, floor in floors.floors.items():
        if figure not in scores:
            failures.append(f"{figure}: not measured; its floor is {floor:.3f}")
        elif scores[figure].f1 < floor:
            failures.append(f"{figure}: {scores[figure].f1:.3f} is below its floor {floor:.3f}")
    return failures


def raise_floors(scores: Mapping[str, Score], *, articles: int, old: Floors | None) -> Floors:
    """New floors from measured scores, `SLACK` below each; never lower than the old ones."""
    floors = {name: max(0.0, round(score.f1 - SLACK, 3)) for name, score in scores.items()}
    for name, floor in (old.floors if old else {}).items():
        floors[name] = max(floor, floors.get(name, 0.0))
    return Floors(articles=articles, floors=dict(sorted(floors.items())))


def save_floors(path: Path, floors: Floors) -> None:
    """Write a file of floors."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(floors), indent=1) + b"\n")
