"""Names by rule: runs of capitalised words, cut and joined; titles in quotation marks; headings.

General rules (titles, nationalities, head words, "of", "and", possessives) and the facts of the
`Gazetteer` say where a name begins and ends.
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.symbols import AUX, PRON, PROPN, VERB  # type: ignore[import-not-found]  # Cython, no stub

from ..records import EntityType
from .name_evidence import HEAD, TYPE_CONTEXT
from .name_words import (
    ARTICLES,
    CLOSE_QUOTES,
    CLOSED,
    HYPHENS,
    MAX_NAME_TOKENS,
    MAX_SYLLABLE,
    POSSESSIVE,
    NameSpan,
    Words,
)

_OF = frozenset({"of", "for", "on", "against"})
_TOPICAL = frozenset({"ORG", "EVENT", "LAW"})


def from_rules(text: Words) -> list[NameSpan]:
    """The spans that rules find, in reading order; they may overlap."""
    titles = _quoted_titles(text)
    quoted = {i for span in titles for i in range(span.start, span.end)}
    runs = [run for run in _runs(text) if run[0] not in quoted]
    found: list[NameSpan] = [*titles, *_loud_facts(text)]
    at = 0
    while at < len(runs):
        start, end = runs[at]
        at += 1
        while at < len(runs):
            joined = _joined(text, start, end, runs[at])
            if joined is None:
                break
            end = joined
            if end < runs[at][1]:
                # Only the beginning of the next run belongs here.
                runs[at] = (end, runs[at][1])
                break
            at += 1
        found += _cut(text, start, end)
    return sorted(found, key=lambda span: (span.start, -span.end))


def _runs(text: Words) -> Iterator[tuple[int, int]]:
    """Capitalised words that stand together, tied by hyphens, particles, "&" and numbers."""
    i, n = 0, len(text.words)
    while i < n:
        if text.loud[i] or not text.is_name_word(i):
            i += 1
            continue
        start = _with_prefix(text, i)
        end = i + 1
        while end - start < MAX_NAME_TOKENS:
            following = _next_name_word(text, end)
            if following is None:
                break
            end = following + 1
        yield start, end
        i = end


def _with_prefix(text: Words, i: int) -> int:
    """Take in what stands before the first capital: "al-", "bin ", "de "."""
    words = text.words
    hyphen = i >= 2 and words[i - 1] in HYPHENS and not text.spaced[i - 1]
    if hyphen and words[i - 2].lower() in text.facts.particles and not text.spaced[i - 2]:
        return i - 2
    if i >= 1 and text.spaced[i - 1] and words[i - 1] in text.facts.particles:
        proper = text.pos[i - 1] == PROPN
        if proper or text.facts.fact(text.form(i - 1, i + 1)) is not None:
            return i - 1
    return i


def _next_name_word(text: Words, end: int) -> int | None:
    """The index of the next word of the run that ends at `end`, or None where it stops."""
    words, n = text.words, len(text.words)
    if end >= n or text.starts[end]:
        return None
    word = words[end]
    tied = not text.spaced[end - 1]
    if word in HYPHENS and tied and end + 1 < n and not text.spaced[end]:
        return _after_hyphen(text, end)
    if tied and word not in ".'’":
        return None
    if text.is_name_word(end):
        return end
    if word == "&" and end + 1 < n and text.is_name_word(end + 1):
        return end + 1
    if word.isdigit() and text.spaced[end - 1]:
        if words[end - 1].lower() in text.facts.numbered:
            return end
        named = end + 1 < n and text.spaced[end] and text.has_capital(end + 1)
        return end if named and text.is_name_word(end + 1) else None
    if word in text.facts.particles and text.pos[end] not in (AUX, VERB):
        # "Leonardo da Vinci", "Coahuila y Texas", "Rio de la Plata", "Abu al-Fadl".
        for gap in (1, 2):
            at = end + gap
            if at < n and text.has_capital(at) and text.is_name_word(at):
                return at
            if at >= n or not (words[at] in text.facts.particles or words[at] in HYPHENS):
                break
    return None


def _after_hyphen(text: Words, hyphen: int) -> int | None:
    """Where the run goes on after a hyphen: in "Kim Jong-un", not in "U.S.-led"."""
    at = hyphen + 1
    if text.has_capital(at):
        return at if text.is_name_word(at) or text.words[at].isupper() else None
    if text.words[at].isdigit():
        return at
    word = text.words[at]
    if word.isalpha() and word not in text.facts.compounds:
        # "Jong-un" after a surname, whatever the tagger says.
        name = hyphen >= 2 and text.has_capital(hyphen - 2) and text.spaced[hyphen - 2]
        if text.pos[at] == PROPN or (name and len(word) <= MAX_SYLLABLE):
            return at
    if word.lower() in text.facts.particles and at + 2 < len(text.words):
        goes_on = text.words[at + 1] in HYPHENS and text.has_capital(at + 2)
        return at + 2 if goes_on else None
    return None


def _joined(text: Words, start: int, end: int, run: tuple[int, int]) -> int | None:
    """The end of a name that goes on over small words into the next run, or None."""
    between = [word.lower() for word in text.words[end : run[0]]]
    if not 1 <= len(between) <= 3 or not text.spaced[run[0] - 1]:
        return None
    if run[1] - start > 2 * MAX_NAME_TOKENS:
        return None
    if text.fact(start, run[1]) is not None:
        return run[1]
    if between[0] in _OF and (len(between) == 1 or between[1:] == ["the"]):
        last = text.words[end - 1].lower()
        person = text.words[start] in text.facts.given_names and end - start == 2
        if person or not text.takes_of(end - 1):
            return None
        if between[0] != "of" and text.facts.heads.get(last, ("ORG",))[0] not in _TOPICAL:
            return None
        if last in text.facts.title_words and text.title_end(end - 1) is not None:
            return None
        return _topic_end(text, run)
    if between in (["and"], [",", "and"]):
        return run[1] if _is_one_list(text, start, end, run) else None
    if len(between) == 1 and between[0] in POSSESSIVE:
        return run[1] if _is_owner_in_name(text, start, end, run) else None
    return None


def _is_owner_in_name(text: Words, start: int, end: int, run: tuple[int, int]) -> bool:
    """An owner inside a name: "People's Party", "Growers' Union"; not "Iran's Council"."""
    last = text.words[end - 1].lower()
    head = text.words[run[1] - 1].lower()
    if head not in text.facts.heads or run[1] - run[0] > 3:
        return False
    if last in text.facts.possessives or text.words[start] in ("St.", "St", "Saint"):
        return True
    if text.fact(start, end) is not None:
        return False
    plural = text.words[end] in ("'", "’") and last.endswith("s")
    return plural or text.facts.heads[head][0] in ("FAC", "LOC")


def _topic_end(text: Words, run: tuple[int, int]) -> int:
    """How much of a run after "of" belongs to the name before: up to a title or person."""
    start, end = run
    for i in range(start + 1, end):
        if text.words[i] in text.facts.given_names or text.title_end(i) is not None:
            before = text.words[i - 1].lower()
            if before in text.facts.departments or text.fact(start, i) is not None:
                return i
    return end


def _is_one_list(text: Words, start: int, end: int, run: tuple[int, int]) -> bool:
    """Whether "and" stands inside a name: "Food and Drug Administration"."""
    left, right = text.words[end - 1].lower(), text.words[run[0]].lower()
    topics = text.facts.departments
    headed = bool(text.head_types(run[0], run[1]))
    if text.fact(run[0], run[1]) is not None or text.fact(start, end) is not None:
        return False
    if left in topics:
        return right in topics or headed
    # "the Dales and Airedale League", but "the army and Interior Ministry"
    article = start > 0 and text.words[start - 1].lower() == "the"
    plain = left not in text.facts.heads and text.title_end(start) is None
    named = text.words[start] in text.facts.given_names or right in topics
    return article and headed and plain and not named and end - start == 1


def _cut(text: Words, start: int, end: int) -> list[NameSpan]:
    """Names in a run: titles off, nationalities and places before titles apart."""
    while start < end and text.words[start].lower() in ARTICLES:
        if text.fact(start, end) is not None:
            break
        start += 1
    if start >= end:
        return []
    fact = text.fact(start, end)
    if fact is not None:
        return [text.span(start, end, whole=True)]
    hyphen = text.hyphen_between_facts(start, end)
    if hyphen is not None:
        return [*_cut(text, start, hyphen), *_cut(text, hyphen + 1, end)]
    types = text.head_types(start, end)
    for i in range(start, end):
        lower = text.words[i].lower()
        if lower in text.facts.honorifics:
            after = i + 1
            if end - after == 1:
                # "Mr. Marsh" is no marsh.
                return [*_cut_before_title(text, start, i), *_person(text, after, end, title=i)]
        else:
            title = text.title_end(i)
            if title is None or (title < end and text.is_head(title)):
                continue
            after = min(title, end)
        if after < end and types and types[0] != "PERSON":
            # "General Motors Corporation", "King's College": a title inside a name.
            break
        before = _cut_before_title(text, start, i)
        if after >= end:
            return before
        return before + _person(text, after, end, title=i)
    person = text.person_after_office(start, end)
    if person is not None:
        return [
            *_cut_before_title(text, start, person),
            *_person(text, person, end, title=text.whole_title(person, person)),
        ]
    return _split_facts(text, start, end, types)


def _cut_before_title(text: Words, start: int, end: int) -> list[NameSpan]:
    """What stands before a title: "Afghan", "U.S.", "Interior Ministry"; "Deputy" is none."""
    modifiers = text.facts.title_modifiers | text.facts.departments | text.facts.compass
    while end > start and text.fact(start, end) is None:
        if text.words[end - 1].lower() not in modifiers:
            break
        end -= 1
    return _cut(text, start, end) if end > start else []


def _person(text: Words, start: int, end: int, *, title: int) -> list[NameSpan]:
    """A name after a title; further titles come off."""
    inner = text.cut_titles(start, end)
    if inner >= end:
        return []
    fact = text.fact(inner, end)
    if fact is not None and fact.type not in ("PERSON", "GPE", "LOC"):
        return [text.span(inner, end, whole=True)]
    span = text.span(inner, end, whole=True)
    span.title = title
    return [span]


def _split_facts(
    text: Words, start: int, end: int, types: tuple[EntityType, ...]
) -> list[NameSpan]:
    """Facts in a run: "Sunni Arab" are two, "Iraqi Governing Council" is one."""
    if types:
        return [text.span(start, end, whole=True)]
    for middle in range(end - 1, start, -1):
        fact = text.fact(start, middle)
        if fact is None:
            continue
        rest = text.fact(middle, end)
        person = text.words[middle] in text.facts.given_names and end - middle > 1
        if rest is not None or (fact.type in ("NORP", "GPE", "ORG") and person):
            return [text.span(start, middle, whole=True), *_cut(text, middle, end)]
        break
    return [text.span(start, end)]


def _quoted_titles(text: Words) -> list[NameSpan]:
    """Titles of works in quotation marks: every word but the small ones has a capital."""
    found: list[NameSpan] = []
    words, n = text.words, len(text.words)
    i = 0
    while i < n:
        if not text.opens(i):
            i += 1
            continue
        close = CLOSE_QUOTES[words[i]]
        end = i + 1
        while end < n and end - i <= MAX_NAME_TOKENS and words[end] != close:
            if "\n" in words[end]:
                break
            end += 1
        if end < n and words[end] == close and _is_work_title(text, i + 1, end):
            inner_end = end - 1 if words[end - 1] in ",.;" else end
            span = text.span(i + 1, inner_end, whole=True)
            span.vote("WORK_OF_ART", TYPE_CONTEXT)
            span.score += HEAD
            found.append(span)
            i = end
        i += 1
    return found


def _is_work_title(text: Words, start: int, end: int) -> bool:
    if not 2 <= end - start <= MAX_NAME_TOKENS or not text.has_capital(start):
        return False
    capitals = 0
    for i in range(start, end):
        word = text.words[i]
        if text.has_capital(i):
            capitals += text.pos[i] not in (PRON, AUX)
            continue
        small = text.pos[i] in CLOSED or len(word) <= 2
        ends = word in "?!" or (word == "." and i < end - 1)
        if ends or (word[0].isalpha() and not small):
            return False
    return capitals >= 2


def _loud_facts(text: Words) -> list[NameSpan]:
    """Known names in headings, where capitals cannot tell; see also `entities`."""
    found: list[NameSpan] = []
    i, n = 0, len(text.words)
    while i < n:
        if not (text.loud[i] and text.has_capital(i)):
            i += 1
            continue
        for end in range(min(n, i + text.facts.longest_words), i, -1):
            fact = text.fact(i, end) if text.loud[end - 1] else None
            if fact is not None and not (fact.common and end == i + 1):
                found.append(text.span(i, end, whole=True))
                i = end
                break
        else:
            i += 1
    return found
