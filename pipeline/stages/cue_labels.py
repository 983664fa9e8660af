"""Attributions by layout: the speakers of a script or an interview, a block behind a colon."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

from .cue_marks import adjacent
from .cues import LABEL_WORDS, SENTENCE_ENDS, WINDOW, cue_span, source_of
from .scene import Attribution, Pair, Scene

_TITLES = frozenset({"Mr.", "Mrs.", "Ms.", "Dr.", "Sen.", "Rep.", "Gov.", "Sir", "Lord", "Lady"})


def of_labels(scene: Scene) -> Iterator[Attribution]:
    """Script and interview form: paragraphs that begin with NAME: or A.

    Names in capitals count within a paragraph as well, where a sentence ends before them.
    """
    doc = scene.doc
    turns: list[tuple[Pair, Pair]] = []
    for start, end in scene.paragraphs():
        label = _label(scene, start, end)
        if label is not None:
            turns.append((label, (label[1] + 1, end)))
        turns += [(label, (label[1] + 1, end)) for label in _inner_labels(scene, start, end)]
    shape = [_is_shouted(scene, label) for label, _ in turns]
    is_script = sum(shape) > 1
    for number, ((label, (begin, end)), shouted) in enumerate(zip(turns, shape, strict=True)):
        name = doc[label[0] : label[1]].text
        if name in ("Q", "q") or not (shouted or len(turns) > 1):
            continue
        if not shouted and not any(t.pos_ == "PROPN" for t in doc[label[0] : label[1]]):
            continue  # "Image: …"
        if number + 1 < len(turns) and is_script:
            # The turn lasts until the next speaker; the last one ends with its paragraph.
            end = turns[number + 1][0][0]
        while begin < end and doc[begin].text in ("(", "["):
            closing = next((t.i for t in doc[begin:end] if t.text in (")", "]")), None)
            if closing is None:
                break
            begin = closing + 1
        around = scene.enclosing(label[0])
        if around:
            segments = scene.segments(around[0])
            end = min(end, next((s[1] for s in segments if s[0] <= label[0] < s[1]), end))
        first, last = scene.next_word(begin), scene.previous_word(end - 1)
        if first is None or last is None or last < first:
            continue
        mark = scene.inside[first]
        if mark >= 0 and scene.marked[mark].outer.start == first:
            marks = [mark, *adjacent(scene, mark)]
            content = [span for m in marks for span in scene.segments(m)]
        else:
            marks, content = [], [(first, last + 1)]
        yield Attribution(
            way="label",
            head=label[0],
            cue=None,
            match=None,
            source=None,
            label=label,
            content=content,
            marks=tuple(marks),
            evidence=("shouted label",) if shouted else (),
        )


def _label(scene: Scene, start: int, end: int) -> Pair | None:
    """The label of a paragraph, without its colon or full stop."""
    doc = scene.doc
    first = scene.next_word(start)
    if first is None or first >= end:
        return None
    if doc[first].text in ("Q", "A") and first + 1 < end and doc[first + 1].text in (".", ":"):
        return first, first + 1
    if doc[first].text in ("Q.", "A.", "Q:", "A:"):
        return None
    for index in range(first, min(end, first + 2 * LABEL_WORDS)):
        token = doc[index]
        if token.text == "(" and index > first:
            closing = next((t.i for t in doc[index : index + WINDOW] if t.text == ")"), None)
            if closing is None or closing + 1 >= end or doc[closing + 1].text != ":":
                return None
            return (first, closing + 1) if _is_name(scene, first, index) else None
        if token.text == ":":
            return (first, index) if index > first and _is_name(scene, first, index) else None
        if token.text in SENTENCE_ENDS and not token.text[0].isalpha():
            return None
    return None


def _inner_labels(scene: Scene, start: int, end: int) -> Iterator[Pair]:
    """Names in capitals before a colon, behind the end of a sentence of the same paragraph."""
    doc = scene.doc
    for colon in scene.colons[bisect_left(scene.colons, start + 2) :]:
        if colon >= end:
            return
        first = colon - 1
        if doc[first].text == ")":
            opening = range(first - 1, max(start, first - WINDOW), -1)
            first = next((i for i in opening if doc[i].text == "("), first) - 1
        shouted = first
        while shouted > start and doc[shouted].is_upper and doc[shouted].is_alpha:
            shouted -= 1
        if doc[shouted].text in _TITLES and shouted > start:
            shouted -= 1
        label = (shouted + 1, colon)
        if doc[shouted].text not in SENTENCE_ENDS and not scene.spaces[shouted]:
            continue
        if label[1] > label[0] and shouted > start and _is_shouted(scene, label):
            yield label


def _is_name(scene: Scene, start: int, end: int) -> bool:
    words = [t for t in scene.doc[start:end] if t.is_alpha]
    if any(t.ent_type_ in ("GPE", "LOC") for t in words):
        return False  # a dateline
    return 0 < len(words) <= LABEL_WORDS and all(
        t.text[0].isupper() or t.lower_ in ("of", "the", "to", "for", "and", "de", "van")
        for t in words
    )


def _is_shouted(scene: Scene, label: Pair) -> bool:
    """Whether a label is in capitals, or the A of question and answer."""
    words = [t.text for t in scene.doc[label[0] : label[1]] if t.is_alpha]
    return words == ["A"] or any(len(word) > 2 and word.isupper() for word in words)


def of_blocks(scene: Scene) -> Iterator[Attribution]:
    """A paragraph without marks behind one that ends in a cue and a colon."""
    doc = scene.doc
    paragraphs = scene.paragraphs()
    for (_, index), (begin, end) in pairwise(paragraphs):
        start = scene.next_word(begin)
        if index == 0 or doc[index - 1].text != ":" or start is None or scene.inside[start] >= 0:
            continue
        begin = scene.sentence[index - 1][0]
        heads = [
            i for i in range(begin, index - 1) if i in scene.by_head and not scene.enclosing(i)
        ]
        if not heads or "marks" not in scene.by_head[heads[-1]].row.takes:
            continue
        verb = doc[heads[-1]]
        match = scene.by_head[verb.i]
        source = source_of(scene, verb)
        last = scene.previous_word(_own_words(scene, start, end) - 1)
        if last is None or last < start:
            continue
        yield Attribution(
            way="block",
            head=verb.i,
            cue=cue_span(verb, match),
            match=match,
            source=None if source is None else source.i,
            content=[(start, last + 1)],
        )


def _own_words(scene: Scene, start: int, end: int) -> int:
    """Where a block ends: before the first later sentence that reports again."""
    position = scene.sentence[start][1]
    while position < end:
        begin, stop = scene.sentence[position]
        cues = (scene.by_head[i] for i in range(begin, min(stop, end)) if i in scene.by_head)
        if any(match.row.class_ == "speech" and "marks" in match.row.takes for match in cues):
            return position
        position = stop
    return end
