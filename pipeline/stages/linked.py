"""Candidate attributions that the language model's links give, whatever the parse says."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from spacy.tokens import Token

from ..language import syntax
from .cues import without_sequel
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
            left, right = _own_part(scene, head, left, right)
            spans, taken = scene.content(left, right, head) if left < right else ([], ())
            content += [span for span in spans if span not in content]
            marks += [mark for mark in taken if mark not in marks]
    ahead = _of_one_sentence(scene, head, _apart(content))
    content = _without_holes(scene, cue, ahead)
    marks = [mark for mark in marks if any(s <= scene.segments(mark)[0][0] < e for s, e in content)]
    if not content:
        return None
    source = _source(scene, link, content)
    if content[0][0] > head > ahead[0][0] and (teller := _teller(scene.doc[head])) is not None:
        source = teller
    return Attribution(
        way="linked",
        head=head,
        cue=cue,
        match=_match(scene, head),
        source=source,
        content=content,
        marks=tuple(sorted(marks)),
    )


def _teller(cue: Token) -> int | None:
    """The subject of a cue, where what was taken for content ahead of it is that."""
    subject = syntax.own_subject_of(cue)
    if subject is None or syntax.is_passive(cue) or syntax.antecedent_of(subject) is not None:
        return None
    return int(subject.i)


def _of_one_sentence(scene: Scene, head: int, spans: list[Pair]) -> list[Pair]:
    """Without another sentence's words where the cue's own has content; quotations go on."""
    begin, stop = scene.sentence[head]
    if not any(begin <= start < stop for start, _ in spans):
        return spans
    level = scene.inside[head]
    return [
        (start, end)
        for start, end in spans
        if begin <= start < stop or scene.inside[start] != level
    ]


def _without_holes(scene: Scene, cue: Pair, spans: list[Pair]) -> list[Pair]:
    """Content that is interrupted only where punctuation sets the interruption off.

    A cue that nothing sets off has its content behind it ("they had | **urged** | the firm to go");
    what else the links left out belongs to it ("nobody will lose | a post before | May").
    """
    whole: list[Pair] = []
    for start, end in spans:
        if whole and not _is_set_off(scene, whole[-1][1], start):
            if whole[-1][1] <= cue[0] < start:
                whole.clear()
            elif scene.inside[whole[-1][1] - 1] == scene.inside[start]:
                start = whole.pop()[0]
        whole.append((start, end))
    return whole


def _is_set_off(scene: Scene, start: int, end: int) -> bool:
    """Whether punctuation opens what stands between two stretches, or a sentence ends there."""
    doc = scene.doc
    if scene.sentence[start - 1] != scene.sentence[end]:
        return True
    return any(word.is_punct or word.is_quote for word in doc[start - 1 : min(start + 1, end)])


def _own_part(scene: Scene, head: int, start: int, end: int) -> Pair:
    """A stretch without what the author goes on to say: another paragraph, a second predicate."""
    if start >= end:
        return start, end
    between = scene.breaks[bisect_right(scene.breaks, start) : bisect_left(scene.breaks, end)]
    breaks = [i for i in between if scene.inside[i] == scene.inside[head]]
    if breaks and start > head:
        end = breaks[0]
    elif breaks:
        start = breaks[-1] + 1
    if start <= head:
        return start, end
    cue = scene.doc[head]
    end = without_sequel(scene, cue, end)
    for other in syntax.conjuncts(cue):
        left = syntax.subtree_span(other)[0]
        second = syntax.own_subject_of(other) is None and not syntax.auxiliaries(other)
        if start < left < end and second and scene.inside[left] == scene.inside[head]:
            end = left
    if cue.tag_ in ("NN", "NNS") and syntax.is_root(cue):
        end = min(end, _main_predicate(scene, cue, start, end))
    return start, end


def _main_predicate(scene: Scene, noun: Token, start: int, end: int) -> int:
    """The verb of a noun whose clause the parse has run on: "the warning that it fell | hit them".

    The first one behind the clause's own that neither has a subject nor shares one by "and".
    """
    doc = scene.doc
    own = False
    for token in doc[start:end]:
        if token.pos_ not in ("VERB", "AUX") or scene.inside[token.i] != scene.inside[noun.i]:
            continue
        before = doc[token.i - 1]
        bare = token.tag_ in ("VBD", "VBZ", "VBP", "VB") and not (
            syntax.own_subject_of(token) is not None
            or syntax.auxiliaries(token)
            or syntax.copula_of(token) is not None
            or syntax.marker_of(token)
            or before.pos_ in ("CCONJ", "PART", "ADV", "AUX", "PRON")
            or before.text == ","
        )
        if own and bare and token.pos_ == "VERB":
            return token.i
        own = True
    return end


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
