"""Candidate attributions that the language model's links give, whatever the parse says."""

from __future__ import annotations

from collections.abc import Iterator

from ..language import syntax
from .reporting import Match
from .roles import head_of
from .scene import Attribution, Pair, Scene
from .votes import Link

_LIKELY_CUE = 0.3
"""A word less probably a cue gets no candidate of its own: rules have to find it."""


def find_linked(scene: Scene) -> Iterator[Attribution]:
    """A candidate for each likely cue: what the model links to it as content and source.

    Of a cue of several words the likeliest stands for it; the words beside it that are likely cues
    as well belong to it.
    """
    links = scene.votes.links
    likely = [cue for cue, link in sorted(links.items()) if link.score >= _LIKELY_CUE]
    for start, end in _runs(likely):
        head = max(range(start, end), key=lambda cue: (links[cue].score, -cue))
        candidate = _candidate(scene, head, (start, end), links[head])
        if candidate is not None:
            yield candidate


def _runs(tokens: list[int]) -> Iterator[Pair]:
    """Neighbours together."""
    start = 0
    for at in range(1, len(tokens) + 1):
        if at == len(tokens) or tokens[at] != tokens[at - 1] + 1:
            yield tokens[start], tokens[at - 1] + 1
            start = at


def _candidate(scene: Scene, head: int, cue: Pair, link: Link) -> Attribution | None:
    content: list[Pair] = []
    marks: list[int] = []
    for start, end in link.content_spans():
        # A stretch that the cue interrupts is two.
        for left, right in ((start, min(end, cue[0])), (max(start, cue[1]), end)):
            spans, taken = scene.content(left, right, head) if left < right else ([], ())
            content += [span for span in spans if span not in content]
            marks += [mark for mark in taken if mark not in marks]
    content = _apart(content)
    if not content:
        return None
    return Attribution(
        way="linked",
        head=head,
        cue=cue,
        match=_match(scene, head),
        source=_source(scene, link, content),
        content=content,
        marks=tuple(sorted(marks)),
    )


def _apart(spans: list[Pair]) -> list[Pair]:
    """In order, those that overlap joined."""
    joined: list[Pair] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _match(scene: Scene, head: int) -> Match | None:
    """The row of the lexicon for the cue, if there is one."""
    return next((m for m in scene.matches if m.start <= head < m.end), None)


def _source(scene: Scene, link: Link, content: list[Pair]) -> int | None:
    """The head of the likeliest stretch of source words outside the content."""
    best: tuple[float, int] | None = None
    for start, end in link.source_spans():
        if any(start < right and left < end for left, right in content):
            continue
        start, end = syntax.trim(scene.doc, start, end)
        if start >= end:
            continue
        score = max(link.source.get(i, 0.0) for i in range(start, end))
        if best is None or score > best[0]:
            best = score, head_of(scene.doc, start, end).i
    return None if best is None else best[1]
