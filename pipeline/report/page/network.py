"""Who is spoken of together: entities on a circle, those in one sentence joined."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

from ..svg import fitted
from ..terminal import visible
from .names import Entity, Tie, ties

MOST = 28
# Of so many of the most mentioned it is asked who is spoken of together.
_CANDIDATES = 150
WIDTH, HEIGHT = 760, 560
_RADIUS_X, _RADIUS_Y = 190.0, 255.0
_LABEL_ROOM = 165.0
# How much nearer neighbours on the circle count when the next one is chosen.
_FADING = 0.6


class Node(NamedTuple):
    """An entity's dot and its name beside it, outside the circle."""

    number: int
    entity: Entity
    x: float
    y: float
    radius: float
    label: str
    label_x: float
    label_y: float
    anchor: str


class Edge(NamedTuple):
    """A curve between two dots, bent towards the middle; `width` grows with the sentences."""

    tie: Tie
    d: str
    width: float


class Network(NamedTuple):
    """What is drawn."""

    nodes: Sequence[Node]
    edges: Sequence[Edge]


def draw_network(entities: Sequence[Entity]) -> Network:
    """Lay out the entities most spoken of with others; the same ones always lie the same way.

    Names stand at equal heights on both sides, so that none covers another.

    Args:
        entities: the most mentioned first.
    """
    joined = ties(entities[:_CANDIDATES])
    company: Counter[int] = Counter()
    for tie in joined:
        company[tie.one] += tie.sentences
        company[tie.other] += tie.sentences
    shown = sorted(company, key=lambda n: (-company[n], n))[:MOST]
    kept = [tie for tie in joined if tie.one in shown and tie.other in shown]
    order = _order(shown, kept)
    nodes = [_node(n, entities[n], place, len(order)) for place, n in enumerate(order)]
    spot = {node.number: (node.x, node.y) for node in nodes}
    edges = [
        Edge(tie, _curve(spot[tie.one], spot[tie.other]), min(8.0, 0.5 + sqrt(tie.sentences)))
        for tie in sorted(kept, key=lambda tie: tie.sentences)
    ]
    return Network(nodes, edges)


def _order(shown: Sequence[int], joined: Sequence[Tie]) -> list[int]:
    """Round the circle: next comes whoever is most spoken of with those just placed."""
    weights: Counter[tuple[int, int]] = Counter()
    for tie in joined:
        weights[tie.one, tie.other] = weights[tie.other, tie.one] = tie.sentences
    pull = dict.fromkeys(shown, 0.0)
    placed: list[int] = []
    while pull:
        chosen = max(pull, key=lambda n: (pull[n], -n))
        del pull[chosen]
        placed.append(chosen)
        pull = {n: _FADING * old + weights[chosen, n] for n, old in pull.items()}
    return placed


def _node(number: int, entity: Entity, place: int, count: int) -> Node:
    """Down the right side, then up the left."""
    right = (count + 1) // 2
    side = 1 if place < right else -1
    row, rows = (place, right) if side > 0 else (count - 1 - place, count - right)
    height = 2 * (row + 0.5) / rows - 1
    radius = min(13.0, 3.0 + sqrt(entity.mentions))
    x = WIDTH / 2 + side * _RADIUS_X * sqrt(1 - height * height)
    y = HEIGHT / 2 + _RADIUS_Y * height
    return Node(
        number=number,
        entity=entity,
        x=round(x, 1),
        y=round(y, 1),
        radius=round(radius, 1),
        label=fitted(visible(entity.name), _LABEL_ROOM),
        label_x=round(x + side * (radius + 5), 1),
        label_y=round(y + 4.5, 1),
        anchor="start" if side > 0 else "end",
    )


def _curve(start: tuple[float, float], end: tuple[float, float]) -> str:
    """Bent towards the middle, the more the further they are apart."""
    across, down = start[0] - end[0], start[1] - end[1]
    bend = 1 - 0.8 * min(1.0, sqrt(across * across + down * down) / (2 * _RADIUS_X))
    x = WIDTH / 2 + bend * ((start[0] + end[0]) / 2 - WIDTH / 2)
    y = HEIGHT / 2 + bend * ((start[1] + end[1]) / 2 - HEIGHT / 2)
    return f"M{start[0]} {start[1]}Q{x:.1f} {y:.1f} {end[0]} {end[1]}"
