"""Attributions of quotations in marks, by where the cue stands: before, behind, behind a dash."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from ..language import syntax
from .cues import DASHES, LABEL_WORDS, SENTENCE_ENDS, WINDOW, cue_span, phrase_head, source_of
from .scene import Attribution, Scene

_COLONS = frozenset({":"})
_POSSIBLE_CUE = 0.25  # what the model calls less probably a cue is one by its place alone
_JOINS = frozenset({",", ".", ";", ":", "-", "–", "—", "--", "…", "..."})


def of_marks(scene: Scene) -> Iterator[Attribution]:
    """The cue of each quotation in marks by where it stands."""
    used: dict[int, Attribution] = {}  # cue verb -> the quotation before it
    joined: set[int] = set()
    for index, mark in enumerate(scene.marked):
        after = _cue_after(scene, index)
        if after is not None:
            verb, source = after
            marks = [index, *_continued(scene, index, verb)]
            joined.update(marks[1:])
            found = _from_marks(scene, "marks before cue", verb, source, marks)
            used[verb.i] = found
            yield found
        before = _cue_before(scene, index)
        if before is not None and before[0].i not in used:
            verb, source, way = before
            marks = [index, *adjacent(scene, index)]
            yield _from_marks(scene, way, verb, source, marks)
        if mark.parent is None:
            yield from _of_dash(scene, index)


def _from_marks(
    scene: Scene, way: str, verb: Token, source: Token | None, marks: list[int]
) -> Attribution:
    match = scene.by_head.get(verb.i)
    content = [span for mark in marks for span in scene.segments(mark)]
    attributes = match is not None or scene.votes.cue.get(verb.i, 0.0) >= _POSSIBLE_CUE
    return Attribution(
        way=way,
        head=verb.i,
        cue=cue_span(verb, match) if attributes else None,
        match=match,
        source=None if source is None else source.i,
        content=content,
        marks=tuple(marks),
    )


def _cue_after(scene: Scene, index: int) -> tuple[Token, Token | None] | None:
    """The verb of "…," he said, and its subject: both right behind the closing mark."""
    doc, mark = scene.doc, scene.marked[index]
    if not mark.closed:
        return None
    start = mark.outer.end
    level = mark.parent if mark.parent is not None else -1
    inner = doc[mark.segments[-1].end - 1].text
    position = start
    if position < len(doc) and doc[position].text in (",", *DASHES):
        position += 1
    end = min(len(doc), position + WINDOW)
    first: Token | None = None
    for token in doc[position:end]:
        if scene.inside[token.i] != level or token.text in (".", ";", ":", "!", "?"):
            break
        if scene.spaces[token.i]:
            if scene.is_break(token.i):
                break
            continue
        if first is None:
            first = token
            if inner == "." and not _resumes(scene, token):
                return None
        if token.pos_ not in ("VERB", "AUX") and token.i not in scene.by_head:
            continue
        if token.pos_ == "AUX" and token.i not in scene.by_head:
            continue
        if syntax.is_passive(token) and any(
            other.i in scene.by_head and token.i < other.i < end
            for other in syntax.complements_of(token)
        ):
            continue  # "is supposed to have said": the second is the cue
        return _spoken_by(scene, token, first, position)
    return None


def _resumes(scene: Scene, token: Token) -> bool:
    """Whether a sentence goes on behind a quotation that ends in a full stop."""
    return token.text[0].islower() or token.i in scene.by_head


def _spoken_by(
    scene: Scene, verb: Token, first: Token, start: int
) -> tuple[Token, Token | None] | None:
    """The verb behind a quotation with its subject beside it, or None when it tells of another."""
    if first.pos_ in ("SCONJ", "ADP") and first.lower_ not in ("as",):
        return None
    if first.tag_ in ("WDT", "WP", "CC", "WRB") and first.i != verb.i:
        return None
    if first.i == verb.i:
        # Inverted: "said one officer".
        subject = syntax.own_subject_of(verb)
        if subject is None or subject.i < verb.i:
            subject = phrase_head(scene, verb.i + 1)
        if subject is not None and verb.tag_ in ("VBD", "VBZ", "VBP", "VBN"):
            return verb, subject
        return None
    subject = syntax.own_subject_of(verb)
    # The parse may have the quotation itself, or nothing, for the subject.
    for found in (subject, syntax.subject_of(verb), phrase_head(scene, start)):
        if found is not None and start <= found.i < verb.i:
            return verb, found
    return None


def _cue_before(scene: Scene, index: int) -> tuple[Token, Token | None, str] | None:
    """The verb of he said, "…": before the opening mark in the same sentence."""
    doc, mark = scene.doc, scene.marked[index]
    opening = mark.outer.start
    level = mark.parent if mark.parent is not None else -1
    last = opening - 1
    broken = False
    while last >= 0 and scene.spaces[last]:
        broken = broken or scene.is_break(last)
        last -= 1
    if last < 0 or scene.inside[last] != level:
        return None
    if broken and doc[last].text not in (":", ","):
        return None
    colon = doc[last].text in _COLONS
    begin = max(scene.sentence[last][0], opening - WINDOW)
    fallback: Token | None = None
    for position in range(last, begin - 1, -1):
        token = doc[position]
        if (
            scene.inside[position] != level
            or token.text in SENTENCE_ENDS
            or scene.is_break(position)
        ):
            break
        if token.text == ";" or (token.text == ":" and position < last):
            break
        if position in scene.by_head and _may_take_marks(scene, position, last):
            way = "colon" if colon else "cue before marks"
            return token, source_of(scene, token), way
        if fallback is None and token.pos_ == "VERB" and syntax.is_finite(token):
            fallback = token
            if not colon:
                break
    if colon:
        return _before_colon(scene, last, begin, fallback)
    if fallback is not None and doc[last].text == ",":
        return fallback, source_of(scene, fallback), "unknown cue before marks"
    return None


def _may_take_marks(scene: Scene, verb: int, last: int) -> bool:
    """Whether a cue verb can govern a quotation that begins right after `last`."""
    row = scene.by_head[verb].row
    takes = row.takes
    if row.class_ == "document" and last > verb + 2:
        return False  # "the sign read “…”", but not "who runs the shop. “…”"
    if "marks" in takes or "clause" in takes:
        return True
    word = scene.doc[last].lower_
    if word == "at" and last > verb + 1:
        return False  # "put the odds at “even”": the odds are part of it
    return f"+{word}" in takes or (word == "as" and "as" in takes) or "predicative" in takes


def _before_colon(
    scene: Scene, colon: int, begin: int, verb: Token | None
) -> tuple[Token, Token | None, str] | None:
    """NAME: "…", or a sentence that leads up to the words of its subject."""
    doc = scene.doc
    if verb is None:
        clause = syntax.clause_head(doc[colon])
        if begin <= clause.i < colon and syntax.own_subject_of(clause) is not None:
            return clause, syntax.own_subject_of(clause), "lead-in"
        copula = next((t for t in doc[begin:colon] if t.pos_ == "AUX"), None)
        if copula is not None:
            # "The judge was blunt: …", wherever the parse has hung the colon.
            subject = syntax.subject_of(syntax.predicative_of(copula))
            found = None if subject is None else (copula, subject, "lead-in")
            return found
        named = phrase_head(scene, begin)
        if named is not None and colon - begin <= 2 * LABEL_WORDS and named.pos_ != "VERB":
            return named, named, "name and colon"
        return None
    return verb, syntax.subject_of(verb), "lead-in"


def _continued(scene: Scene, index: int, verb: Token) -> list[int]:
    """The quotations that go on behind the cue, as in `"…," he said. "…"`.

    The rest may be the next paragraph; it must not have a cue of its own behind it.
    """
    following = _next_mark(scene, index)
    if following is None:
        return []
    start = scene.marked[index].outer.end
    opening = scene.marked[following].outer.start
    last = scene.previous_word(opening - 1)
    if last is None or last < start or opening - start > 2 * WINDOW:
        return []
    breaks = sum(scene.is_break(i) for i in range(last + 1, opening))
    joint = scene.doc[last].text
    if breaks > 1 or not (joint.endswith(".") or joint in (SENTENCE_ENDS if breaks else _JOINS)):
        return []
    if any(scene.doc[i].text in SENTENCE_ENDS or scene.is_break(i) for i in range(verb.i, last)):
        return []
    after = _cue_after(scene, following)
    if after is not None and after[0].i in scene.by_head:
        return []
    return [following, *adjacent(scene, following)]


def adjacent(scene: Scene, index: int) -> list[int]:
    """The quotations that follow with nothing but blanks between, in the same paragraph."""
    found: list[int] = []
    while (following := _next_mark(scene, index)) is not None:
        gap = range(scene.marked[index].outer.end, scene.marked[following].outer.start)
        if any(not scene.spaces[i] or scene.is_break(i) for i in gap):
            break
        found.append(following)
        index = following
    return found


def _next_mark(scene: Scene, index: int) -> int | None:
    """The next quotation on the same level."""
    level = scene.marked[index].parent
    end = scene.marked[index].outer.end
    for following in range(index + 1, min(len(scene.marked), index + 16)):
        if scene.marked[following].outer.start >= end:
            return following if scene.marked[following].parent == level else None
    return None


def _of_dash(scene: Scene, index: int) -> Iterator[Attribution]:
    """A name behind a dash at the end of a paragraph: `"…" — Ana Ruiz`."""
    doc = scene.doc
    dash = scene.next_word(scene.marked[index].outer.end)
    if dash is None or doc[dash].text.strip("-–—―"):
        return
    end = dash + 1
    while end < len(doc) and not scene.is_break(end) and end - dash <= 2 * LABEL_WORDS:
        end += 1
    name = [t for t in doc[dash + 1 : end] if not scene.spaces[t.i]]
    if not name or not name[0].text[0].isupper() or any(t.tag_ in ("VBD", "VBZ") for t in name):
        return
    if end < len(doc) and not scene.is_break(end):
        return
    stop = next((t.i for t in name if t.text in (",", "(")), name[-1].i + 1)
    if stop <= name[0].i:
        return
    yield Attribution(
        way="dash",
        head=dash,
        cue=None,
        match=None,
        source=None,
        label=syntax.trim(doc, name[0].i, stop),
        content=scene.segments(index),
        marks=(index,),
    )
