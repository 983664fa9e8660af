"""What speaks for a span being a name, and for its type: weights, and where each applies."""

from __future__ import annotations

from typing import get_args

from spacy.symbols import ADJ, NOUN, PROPN  # type: ignore[import-not-found]  # Cython, no stub

from ..records import EntityType
from .gazetteer import NOMINAL_TYPES
from .name_words import HYPHENS, NameSpan, Words

TYPES: tuple[EntityType, ...] = get_args(EntityType)

# Evidence that a span is a name: log odds, set by hand and checked on gold/train and gold/written.
# A span without the model's label passes the threshold of `entities` with two kinds of evidence.
MODEL = 3.0
MODEL_IN_CAPITALS = 1.5
FACT = 3.0
COMMON_FACT = 1.0
HEAD = 1.5
TITLE = 3.0
GIVEN_NAME = 1.5
PROPER = 1.0
PROPERS = 1.5
CAPITALISED = 0.5
ACRONYM = 1.0
NOT_PROPER = -2.0
BARE_HEAD = -2.5
SENTENCE_START = -1.0

# Evidence for a type.
TYPE_MODEL = 2.0
TYPE_FACT = 3.0
TYPE_COMMON_FACT = 1.0
TYPE_HEAD = 2.2
TYPE_HEAD_OTHER = 0.8
TYPE_TITLE = 3.0
TYPE_GIVEN_NAME = 1.8
TYPE_CONTEXT = 1.5
TYPE_TELLING = 2.5
TYPE_ROLE = 2.0
TYPE_SHAPE = 0.6
TYPE_LANGUAGE = 6.0

PLACE_PREPOSITIONS = frozenset({"in", "at", "near", "from", "to"})

_LANGUAGE_CUES = frozenset({"in", "into", "from"})
_NOMINAL = frozenset({NOUN, PROPN, ADJ})
_ENDS = frozenset({".", ",", ";", "?", "!", ")", "and", "or"})
_PLACE_NOUNS = frozenset({"city", "town", "village", "state", "province", "port", "capital"})


def weigh(text: Words, span: NameSpan) -> None:
    """Add the evidence of facts, head words, titles, context and shape."""
    facts = text.facts
    start, end = span.start, span.end
    words = end - start
    fact = facts.fact(span.form)
    if fact is not None:
        common = fact.common and words == 1
        span.score += COMMON_FACT if common else FACT
        span.vote(fact.type, TYPE_COMMON_FACT if common else TYPE_FACT)
    elif words > 1:
        for rank, kind in enumerate(text.head_types(start, end)):
            span.vote(kind, TYPE_HEAD if rank == 0 else TYPE_HEAD_OTHER)
            span.score += HEAD if rank == 0 else 0.0
    elif text.words[start].lower() in facts.heads or text.title_end(start) is not None:
        span.score += BARE_HEAD
    if _is_language(text, span):
        span.vote("LANGUAGE", TYPE_LANGUAGE)
    if span.title < start:
        span.score += TITLE
        span.vote("PERSON", TYPE_TITLE)
        _take_gender(text, span)
    if fact is None or fact.type == "PERSON" or fact.common:
        _weigh_person(text, span)
    _weigh_context(text, span)
    proper = sum(text.pos[i] == PROPN for i in range(start, end))
    if text.tagged:
        span.score += (PROPER if words == 1 else PROPERS) if proper * 2 >= words else 0.0
        if not proper and fact is None:
            span.score += NOT_PROPER
    if span.form.isupper() and words == 1 and len(span.form) > 1 and not text.loud[start]:
        span.score += ACRONYM
    elif words == 1 and fact is None and (text.starts[start] or not proper):
        lower = span.form.lower()
        if lower in text.lower or lower.removesuffix("s") in text.lower:
            span.score += NOT_PROPER
    if not text.loud[start]:
        span.score += SENTENCE_START if text.starts[start] and words == 1 else CAPITALISED


def _is_language(text: Words, span: NameSpan) -> bool:
    """Whether a people's name means its language: "in English", "speaks Dari"."""
    if span.form not in text.facts.languages:
        return False
    before = text.words[span.start - 1].lower() if span.start else ""
    after = text.word(span.end).lower()
    if after in HYPHENS:
        after = text.word(span.end + 1).lower()
    nouns = text.facts.language_words
    if after in nouns or before in nouns:
        return True
    listed = before == "and" and text.words[span.start - 2] in text.facts.languages
    if listed and span.start > 2:
        before = text.words[span.start - 3].lower()
    lone = text.pos[span.end] not in _NOMINAL if span.end < len(text.words) else True
    return lone and (before in _LANGUAGE_CUES or before in nouns)


def _take_gender(text: Words, span: NameSpan) -> None:
    for i in range(span.title, span.start):
        lower = text.words[i].lower()
        gender = text.facts.honorifics.get(lower) or text.facts.titles.get(lower)
        span.gender = gender or span.gender


def _weigh_person(text: Words, span: NameSpan) -> None:
    facts = text.facts
    first = text.words[span.start]
    if first not in facts.given_names:
        return
    span.gender = span.gender or facts.given_names[first]
    several = span.end - span.start > 1
    types = text.head_types(span.start, span.end)
    if several and (not types or (types[0] != "ORG" and span.end - span.start == 2)):
        # "Nathan Law", "Heather Park": surnames look like heads
        span.score += GIVEN_NAME
        span.vote("PERSON", TYPE_HEAD + TYPE_HEAD_OTHER if types else TYPE_GIVEN_NAME)
    elif not several:
        span.vote("PERSON", TYPE_SHAPE)


def _weigh_unknown(text: Words, span: NameSpan) -> None:
    """What tells that one unknown word is no person, whatever its label."""
    kind = _told_type(text, span)
    trusted = span.labelled and "PERSON" not in span.votes
    if kind is not None and (kind in span.votes or not trusted):
        span.vote(kind, TYPE_TELLING)
        span.vote("PERSON", -TYPE_TELLING)


def _told_type(text: Words, span: NameSpan) -> EntityType | None:
    facts, at, end = text.facts, span.start, span.end
    before, after = text.word(at - 1).lower(), text.word(end).lower()
    owned = text.word(end + 1).lower() if after in ("'s", "’s") else ""
    if owned in facts.state_nouns or before in facts.state_verbs:
        return "GPE"  # "Velmora's parliament", "has governed Velmora"
    if before in ("of", "in") and text.word(at - 2).lower() in facts.state_nouns:
        return "GPE"  # "the mayor of Velmora"
    if owned and text.word(end + 1) in facts.given_names:
        return "ORG"  # "Demosisto's Nathan Law"
    if before in ("of", "for", "at") and text.word(at - 2).lower() in facts.title_words:
        return "ORG"  # "an analyst for Edmunds"
    if owned in facts.body_nouns or (after in facts.body_nouns and text.pos[end] in (NOUN, 0)):
        return "ORG"  # "Velmira's leader", "the Velmira movement"
    if before == "in" and after in _ENDS:
        return "GPE"
    return "GPE" if _is_beside_place(text, span) else None


def _is_beside_place(text: Words, span: NameSpan) -> bool:
    """Whether a known place is tied to the name by "and" or "or"."""
    for way, step in ((span.start - 1, -1), (span.end, 1)):
        if text.word(way).lower() not in ("and", "or"):
            continue
        beside = way + step
        fact = text.fact(beside, beside + 1) if 0 <= beside < len(text.words) else None
        goes_on = text.has_capital(beside + 1) if beside + 1 < len(text.words) else False
        if fact is not None and fact.type == "GPE" and not fact.common:
            return step < 0 or not goes_on
    return False


def _weigh_context(text: Words, span: NameSpan) -> None:
    """What the words around the name say about its type."""
    facts = text.facts
    start, end, words = span.start, span.end, text.words
    before = words[span.title - 1].lower() if span.title > 0 else ""
    single = end - start == 1
    fact = facts.fact(span.form)
    if (fact is not None and not fact.common) or span.form.endswith(" war"):
        return
    if single and fact is None and span.title == start:
        _weigh_unknown(text, span)
    if before == "of" and span.title > 1 and words[span.title - 2].lower() in _PLACE_NOUNS:
        span.vote("GPE", TYPE_CONTEXT)
        span.score += PROPER
    elif before in PLACE_PREPOSITIONS and (single or not span.votes):
        span.vote("GPE", TYPE_SHAPE)
    elif before and text.title_end(span.title - 1) is not None:
        span.vote("PERSON", TYPE_CONTEXT)
        span.score += PROPER
    elif before in facts.nominals:
        kind = NOMINAL_TYPES.get(facts.nominals[before].kind)
        if kind is not None:
            span.vote(kind, TYPE_CONTEXT)
    last = words[end - 1]
    year = last.isdigit() and len(last) == 4
    numbered = not single and words[end - 2].lower() in facts.numbered
    if any(c.isdigit() for c in last) and not year and not numbered:
        span.vote("PRODUCT", TYPE_CONTEXT)
    if _is_initial(words[start]) and 2 <= end - start <= 4:
        span.vote("PERSON", TYPE_CONTEXT)
    article = before == "the"
    followed = end < len(words) and text.pos[end] in _NOMINAL and text.spaced[end - 1]
    if article and not followed and not span.whole:
        # "the Drina", "the Hokuto Mainichi": people and towns have no article
        span.vote("PERSON", -TYPE_CONTEXT)
        span.vote("GPE", -TYPE_CONTEXT)
        span.vote("LOC" if single and "GPE" in span.votes else "ORG", TYPE_SHAPE)
    if words[span.title - 1] == "The" and not text.starts[span.title - 1] and span.title:
        span.score += CAPITALISED + PROPER
        span.vote("ORG", TYPE_SHAPE)
    if "&" in span.form:
        span.vote("ORG", TYPE_HEAD)
    if single and fact is None and span.form.isupper() and len(span.form) > 2:
        span.vote("PERSON", -TYPE_CONTEXT)
        span.vote("GPE", -TYPE_CONTEXT)
        span.vote("ORG", TYPE_SHAPE)
    after = words[end].lower() if end < len(words) else ""
    if after in HYPHENS and end + 1 < len(words) and words[end + 1].lower() == "based":
        span.vote("GPE", TYPE_CONTEXT)
    if max(span.votes.values(), default=0.0) > 0:
        return
    form = span.form
    if article or (form.isupper() and single and len(form) > 1):
        span.vote("ORG", TYPE_SHAPE)
    elif single and text.pos[start] == ADJ:
        span.vote("NORP", TYPE_SHAPE)
    elif 2 <= end - start <= 4:
        span.vote("PERSON", TYPE_SHAPE)
    else:
        span.vote("ORG", TYPE_SHAPE / 2)


def _is_initial(word: str) -> bool:
    """Whether the word is an initial: "W.", "A", "O.J."."""
    return word.isupper() and (len(word) == 1 or word.endswith(".")) and len(word) <= 5
