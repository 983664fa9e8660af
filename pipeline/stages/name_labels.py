"""Names by label: the language model's named entities, without what cannot be part of a name."""

from __future__ import annotations

from spacy.symbols import ADJ, NOUN, PROPN  # type: ignore[import-not-found]  # Cython, no stub

from ..records import EntityType
from .name_evidence import MODEL, MODEL_IN_CAPITALS, TYPE_MODEL, TYPES
from .name_words import ARTICLES, CLOSED, HYPHENS, MAX_SYLLABLE, NameSpan, Words

_TYPE_OF: dict[str, EntityType] = {kind: kind for kind in TYPES}
_EDGE_WORDS = frozenset({"and", "of", "for", "in", "at", "on", "to", "by", "with", "&", "or"})
_TRAILING = frozenset({"'s", "’s", "'", "’", ",", ".", ";", ":", '"', "”", "“", ")", "(", "-"})


def from_labels(text: Words) -> list[NameSpan]:
    """The model's entities without articles, titles, possessives and stray words."""
    found: list[NameSpan] = []
    for ent in text.doc.ents:
        kind = _TYPE_OF.get(ent.label_)
        if kind is None:
            continue
        for start, end in _parts_of_label(text, *_trimmed(text, ent.start, ent.end), kind):
            if start >= end:
                continue  # nothing of the label can be a name: "mom and"
            title = start
            if kind == "PERSON":
                start = _name_start(text, start, end)
                title = text.whole_title(title, start)
            named = any(
                text.has_capital(i) or text.words[i][0].isdigit() for i in range(start, end)
            )
            alone = end - start == 1 and text.words[start].lower() in text.facts.not_names
            if not named or alone or text.title_end(start) == end:
                continue
            goes_on = found and found[-1].end == start and kind in found[-1].votes
            if goes_on and kind != "NORP" and not text.starts[start]:
                title = start = found.pop().start
            span = text.span(start, end)
            span.title = title
            span.labelled = True
            span.vote(kind, TYPE_MODEL)
            span.score += MODEL_IN_CAPITALS if text.loud[start] else MODEL
            found.append(span)
    return found


def _trimmed(text: Words, start: int, end: int) -> tuple[int, int]:
    """A labelled stretch without what cannot begin or end a name."""
    words = text.words
    for i in range(start, end):
        if "\n" in words[i]:
            end = i
            break
    while end > start and (
        words[end - 1] in _TRAILING
        or words[end - 1] in _EDGE_WORDS
        or (words[end - 1].endswith(".") and words[end - 1].lower() in text.facts.titles)
    ):
        end -= 1
    while start < end and (
        words[start].lower() in ARTICLES
        or words[start] in _EDGE_WORDS
        or not words[start][0].isalnum()
    ):
        start += 1
    while end - start > 2 and words[start].islower() and words[start + 1] in HYPHENS:
        # "post-Saddam Iraq", "anti-Bush"
        start += 3 if end - start > 3 else 2
    of = words.index("of", start, end) if "of" in words[start:end] else end
    if of < end - 1 and "of" in words[of + 1 : end]:
        # "University of Sheffield of the UK"
        last = max(i for i in range(start, end) if words[i] == "of")
        place = last + 2 if words[last + 1].lower() == "the" else last + 1
        fact = text.fact(place, end)
        if fact is not None and fact.type == "GPE":
            end = last
    return start, end


def _parts_of_label(text: Words, start: int, end: int, kind: EntityType) -> list[tuple[int, int]]:
    """Common nouns off, "Dhaka" of "Dhaka bank"; two peoples apart, "Afghan", "Pashtuns"."""
    start, end = _trim_common(text, start, end, person=kind == "PERSON")
    while start < end - 1 and text.words[start] in _EDGE_WORDS:
        start += 1
    if kind == "EVENT" and _is_told(text, start, end):
        return []
    if kind == "PERSON" and end - start > 2:
        start += _is_people_before_person(text, start)
    cut = text.hyphen_between_facts(start, end)
    if cut is not None:
        return [(start, cut), (cut + 1, end)]
    if kind in ("PERSON", "ORG", "GPE"):
        cut = _office_or_place(text, start, end)
        if cut is not None:
            return [(start, cut), (cut + 1, end)]
    if kind == "NORP" and end - start > 1 and text.fact(start, end) is None:
        for middle in range(end - 1, start, -1):
            if text.fact(start, middle) is not None:
                return [(start, middle), (middle, end)]
    return [(start, end)]


def _is_told(text: Words, start: int, end: int) -> bool:
    """Whether an event is described, not named: "Soviet invasion of Czechoslovakia"."""
    of = text.words.index("of", start, end) if "of" in text.words[start:end] else start
    return of > start + 1 and text.pos[of - 1] == NOUN and text.words[of - 1].islower()


def _is_people_before_person(text: Words, i: int) -> bool:
    """Whether a nationality stands before a title or a name: "**Austrian** Archduke ..."."""
    fact = text.fact(i, i + 1)
    if fact is None or fact.type != "NORP" or text.words[i] in text.facts.given_names:
        return False
    return text.title_end(i + 1) is not None or text.words[i + 1] in text.facts.given_names


def _office_or_place(text: Words, start: int, end: int) -> int | None:
    """The preposition between two names: "Ann Lee **of** Selat Securities", "**in** Oslo"."""
    for i in range(start + 2, end - 1):
        word = text.words[i]
        if word in ("in", "at", "from"):
            return i
        if word == "of" and not text.takes_of(i - 1):
            known = text.fact(i + 1, end) is not None
            return i if known or text.head_types(i + 1, end) else None
    return None


def _name_start(text: Words, start: int, end: int) -> int:
    """Where the name begins in a stretch labelled as a person: after the last title."""
    for i in range(end - 1, start - 1, -1):
        title = text.title_end(i)
        if title is not None and title <= end and not text.is_head(title):
            return title
    office = text.person_after_office(start, end)
    if office is not None:
        return office
    described = text.pos[start] in (ADJ, NOUN) and end - start > 2
    if described and text.words[start] not in text.facts.given_names:
        start += all(text.pos[i] == PROPN for i in range(start + 1, end))
    return text.cut_titles(start, end)


def _trim_common(text: Words, start: int, end: int, *, person: bool) -> tuple[int, int]:
    """A labelled span without common nouns: "federation **AVN**", "**Dhaka** bank"."""
    common = [i for i in range(start, end) if _is_common(text, i)]
    for i in common:
        if i == start or (person and i + 1 < end):
            start = i + 1
    tail = end
    while tail - 1 > start and _is_common(text, tail - 1):
        tail -= 1
        if text.pos[tail] == ADJ:
            end = tail
    if tail < end and text.fact(start, tail) is not None and text.words[end - 1] != "war":
        end = tail
    return start, end


def _is_common(text: Words, i: int) -> bool:
    word = text.words[i]
    small = word in text.facts.particles or text.pos[i] in CLOSED
    syllable = text.words[i - 1] in HYPHENS and len(word) <= MAX_SYLLABLE
    return word.isalpha() and word.islower() and not small and not syllable
