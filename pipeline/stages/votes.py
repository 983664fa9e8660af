"""What the language model says of attributions, ready to ask: cues, contents, links."""

from __future__ import annotations

from typing import Any

import msgspec
from spacy.tokens import Doc

ATTRIBUTION = "claimline_attribution"
LINKS = "claimline_links"

Pair = tuple[int, int]

_LINKED = 0.5  # the model's own decision
_MAX_GAP = 3  # unlinked words that a stretch of linked ones may hold


class Link(msgspec.Struct, frozen=True):
    """What the words around a possible cue are to it.

    Attributes:
        score: probability that the token is a cue.
        source: token -> probability that it is part of the cue's source; the likely ones.
        content: the same of its content.
    """

    score: float
    source: dict[int, float]
    content: dict[int, float]

    def fit(self, spans: list[Pair]) -> float:
        """How well spans agree with the content that the model expects, from 0 to 1.

        The Dice coefficient of the tokens with the expected ones, each of these counted as much
        as it is expected.

        Example:
            >>> Link(0.9, {}, {3: 1.0, 4: 0.5}).fit([(3, 5)])
            0.857
        """
        expected = sum(self.content.values())
        size = sum(end - start for start, end in spans)
        inside = sum(self.content.get(i, 0.0) for start, end in spans for i in range(start, end))
        return round(2 * inside / (size + expected), 3) if size + expected else 0.0

    def content_spans(self) -> list[Pair]:
        """The stretches of tokens that are more probably content than not."""
        return _stretches(self.content)

    def source_spans(self) -> list[Pair]:
        """The stretches of tokens that are more probably source than not."""
        return _stretches(self.source)


def _stretches(scores: dict[int, float]) -> list[Pair]:
    spans: list[Pair] = []
    for token in sorted(token for token, score in scores.items() if score >= _LINKED):
        if spans and token - spans[-1][1] <= _MAX_GAP:
            spans[-1] = (spans[-1][0], token + 1)
        else:
            spans.append((token, token + 1))
    return spans


class Votes(msgspec.Struct, frozen=True):
    """The language model's scores by token; `present` says whether one has spoken at all.

    Attributes:
        present: false for a Doc of another pipeline; then all else is empty.
        cue: token -> probability that it is part of a reporting cue.
        content: token -> probability that it is part of any attributed content.
        links: possible cue -> what the words around are to it.
    """

    present: bool = False
    cue: dict[int, float] = {}
    content: dict[int, float] = {}
    links: dict[int, Link] = {}

    def link(self, cue: Pair) -> Link | None:
        """The links of the likeliest word of a cue, None where none of them may be one."""
        found = [self.links[i] for i in range(*cue) if i in self.links]
        return max(found, key=lambda link: link.score, default=None)


def read_votes(doc: Doc) -> Votes:
    """What the model has left on a Doc."""
    stored: Any = doc.user_data.get(LINKS)
    if stored is None:
        return Votes()
    links = {
        cue: Link(
            score,
            {w: p for w, p in zip(words, source, strict=True) if p},
            {w: p for w, p in zip(words, content, strict=True) if p},
        )
        for cue, score, words, source, content in stored
    }
    content: dict[int, float] = {}
    if ATTRIBUTION in doc.spans:
        group = doc.spans[ATTRIBUTION]
        for span, score in zip(group, group.attrs["scores"], strict=True):
            if span.label_ == "CONTENT":
                content.update(dict.fromkeys(range(span.start, span.end), float(score)))
    return Votes(True, {cue: link.score for cue, link in links.items()}, content, links)
