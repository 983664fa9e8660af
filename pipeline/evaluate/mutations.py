"""Revisions made by rule: harmless ones, several changes in one, and those of others taken back.

The same articles and revisions give the same ones: chance is seeded with the article's id.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from random import Random

import msgspec

from ..records import (
    DateRecord,
    EntityRecord,
    EventRecord,
    PredictionRecord,
    QuoteRecord,
    Record,
)
from .revised import (
    HARMLESS,
    MIRROR,
    Cut,
    Expected,
    MediaType,
    Revised,
    Revision,
    Source,
    Spans,
    combined,
    exchanged,
    in_order,
    made_of,
    paragraphs,
    revise,
    taken_back,
)

Records = Callable[[str], Sequence[Record]]

# So many revisions of several changes are made of an article, of so many changes each.
_SEVERAL, _CHANGES = 6, (2, 3)
_WRAPPED_AT = 64
_TYPO_LETTERS = 6

_WORD = re.compile(rf"\b[a-z]{{{_TYPO_LETTERS},}}\b")
_SENTENCE_END = re.compile(r"(?<=[a-z]{2}[.?!])[^\S\n]+(?=[A-Z])")
_LAST_COMMA = re.compile(r"(?<=\w),(?= and \w)")
_CURLED = {'"': "“”", "'": "‘’"}
_STRAIGHT = {"“": '"', "”": '"', "‘": "'", "’": "'"}


def generated(source: Source, written: Sequence[Revision], records: Records) -> Iterator[Revised]:
    """Make revisions of an article by all rules.

    Args:
        source: the article.
        written: its revisions that were written by hand.
        records: gives the records of a text of the article.
    """
    random = Random(source.article)
    yield from _several(source, written, random)
    for revision in written:
        if any(item.type in MIRROR and item.type not in _COUNTED for item in revision.wanted):
            yield taken_back(revise(revision, source))
    if source.media_type != "text/html":
        yield from _harmless(source, records, random)


# Added and removed records are many as it is.
_COUNTED = frozenset({"added", "removed"})


def _several(source: Source, written: Sequence[Revision], random: Random) -> Iterator[Revised]:
    """Changes of one part of an article that were written each for itself, made at once."""
    single = [
        revision
        for revision in written
        if len(revision.edits) == 1
        and not revision.shifts
        and not revision.edits[0].everywhere
        and not revision.kind.startswith(HARMLESS)
    ]
    by_part: dict[str, list[Revision]] = {}
    for revision in single:
        by_part.setdefault(revise(revision, source).old, []).append(revision)
    made = 0
    parts = list(by_part.values())
    # Some fit badly together: their places overlap or their words then stand twice.
    for attempt in range(3 * _SEVERAL):
        number = random.choice(_CHANGES)
        part = parts[attempt % len(parts)]
        if made == _SEVERAL or len(part) < number:
            continue
        chosen = random.sample(part, number)
        both = combined(chosen, id=f"{source.article}/several-{made + 1}", kind="several")
        try:
            yield revise(both, source)
        except ValueError:
            continue
        made += 1


class _Made(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule does: words that become others, or paragraphs in another order."""

    cuts: tuple[Cut, ...] = ()
    base: tuple[tuple[int, int], ...] | None = None
    wanted: tuple[Expected, ...] = ()
    media_type: MediaType | None = None


Rule = Callable[[str, Sequence[Record], Random], _Made | None]


def _harmless(source: Source, records: Records, random: Random) -> Iterator[Revised]:
    """Half of the rules on each part of the article, where they have something to do."""
    for number, (start, end) in enumerate(source.parts(), start=1):
        old = source.text[start:end]
        found = records(old)
        # Every second rule in turn: all of them on all parts would take long and say little more.
        for name, rule in list(RULES.items())[number % 2 :: 2]:
            made = rule(old, found, random)
            if made is None:
                continue
            yield Revised(
                id=f"{source.article}/{name.replace(' ', '-')}-{number}",
                kind=f"{HARMLESS}: {name}",
                source=source,
                old=old,
                pieces=made_of(old, made.base or ((0, len(old)),), made.cuts),
                wanted=made.wanted,
                media_types=(source.media_type, made.media_type or source.media_type),
            )


def _swapped_quotes(text: str, records: Sequence[Record], random: Random) -> _Made | None:
    """Curly quotation marks and apostrophes where there were straight ones, and the reverse."""
    cuts = []
    for at, character in enumerate(text):
        if character in _STRAIGHT:
            cuts.append(Cut(at, at + 1, _STRAIGHT[character]))
        elif character in _CURLED:
            opens = at == 0 or text[at - 1].isspace() or text[at - 1] in "([—\"'"
            cuts.append(Cut(at, at + 1, _CURLED[character][0 if opens else 1]))
    return _Made(cuts=tuple(cuts)) if cuts else None


def _other_line_ends(text: str, records: Sequence[Record], random: Random) -> _Made | None:
    """Carriage return and line feed for line feed."""
    cuts = (Cut(m.start(), m.end(), "\r\n") for m in re.finditer("\n", text))
    return _Made(cuts=tuple(cuts)) if "\n" in text else None


def _double_spaces(text: str, records: Sequence[Record], random: Random) -> _Made | None:
    """Two spaces between sentences."""
    cuts = tuple(Cut(m.start(), m.end(), "  ") for m in _SENTENCE_END.finditer(text))
    return _Made(cuts=cuts) if cuts else None


def _reflowed(text: str, records: Sequence[Record], random: Random) -> _Made | None:
    """Lines of even length, as a mail program breaks them."""
    cuts: list[Cut] = []
    for start, end in paragraphs(text):
        if text[start] in "#>-":
            continue
        line = start
        for space in re.finditer(r"(?<=\w) (?=\w)", text[start:end]):
            at = start + space.start()
            if at - line >= _WRAPPED_AT:
                cuts.append(Cut(at, at + 1, "\n"))
                line = at + 1
    return _Made(cuts=tuple(cuts)) if cuts else None


def _as_page(text: str, records: Sequence[Record], random: Random) -> _Made | None:
    """Plain text as a web page."""
    if any(text[start] in "#>-*" or text.startswith("---", start) for start, _ in paragraphs(text)):
        return None
    if re.search(r"[*_<]|\]\(", text):
        return None
    cuts = [Cut(0, 0, "<!DOCTYPE html>\n<html><body><article>\n")]
    for start, end in paragraphs(text):
        cuts.append(Cut(start, start, "<p>"))
        for match in re.finditer("[&<>]", text[start:end]):
            at = start + match.start()
            cuts.append(Cut(at, at + 1, html.escape(match[0])))
        cuts.append(Cut(end, end, "</p>"))
    cuts.append(Cut(len(text), len(text), "\n</article></body></html>\n"))
    return _Made(cuts=_joined(cuts), media_type="text/html")


def _misspelt(text: str, records: Sequence[Record], random: Random) -> _Made | None:
    """Two letters of a word that no claim holds, the wrong way round."""
    words = [m for m in _WORD.finditer(text) if not _is_claimed(m.start(), records)]
    words = [m for m in words if m[0][2] != m[0][3]]
    if not words:
        return None
    at = random.choice(words).start() + 2
    return _Made(cuts=(Cut(at, at + 2, text[at + 1] + text[at]),))


def _without_comma(text: str, records: Sequence[Record], random: Random) -> _Made | None:
    """No comma before the last "and"."""
    commas = list(_LAST_COMMA.finditer(text))
    if not commas:
        return None
    at = random.choice(commas).start()
    return _Made(cuts=(Cut(at, at + 1, ""),))


def _broken_paragraph(text: str, records: Sequence[Record], random: Random) -> _Made | None:
    """One paragraph as two."""
    ends = [
        m
        for start, end in paragraphs(text)
        if text[start] not in "#>-*\"“‘'" and not re.search("[\"“‘”’']", text[start:end])
        for m in _SENTENCE_END.finditer(text, start, end)
    ]
    if not ends:
        return None
    chosen = random.choice(ends)
    return _Made(cuts=(Cut(chosen.start(), chosen.end(), "\n\n"),))


def _moved_paragraph(text: str, records: Sequence[Record], random: Random) -> _Made | None:
    """Two paragraphs that claim something, one for the other."""
    own = paragraphs(text)
    claims = (DateRecord, EventRecord, PredictionRecord, QuoteRecord)
    holds = [
        any(isinstance(r, claims) and start <= r.start < end for r in records) for start, end in own
    ]
    pairs = [
        n
        for n in range(len(own) - 1)
        if holds[n] and holds[n + 1] and _stand_alone(text, own[max(0, n - 1) : n + 3])
    ]
    if not pairs:
        return None
    first = random.choice(pairs)
    order = exchanged(len(own), first, first + 1)
    base = tuple(in_order(own, order, len(text)))
    lengths = [text[start:end] for start, end in base]
    places = {span: sum(map(len, lengths[:n])) for n, span in enumerate(base)}
    both = (own[first], own[first + 1])
    after = tuple((places[span], places[span] + span[1] - span[0]) for span in both)
    return _Made(
        base=base,
        wanted=(Expected(type="moved", kind=None, before=both, after=after, optional=False),),
    )


def _stand_alone(text: str, blocks: Spans) -> bool:
    """Whether none of some paragraphs goes on with the one before it, or answers it."""
    label = re.compile(r"[A-Z][^\n:]{0,40}:")
    return not any(
        text[start] in "#>-\"“‘'" or text[end - 1] == ":" or label.match(text, start)
        for start, end in blocks
    )


def _joined(cuts: Iterable[Cut]) -> tuple[Cut, ...]:
    """What is put in at one place, as one piece."""
    joined: list[Cut] = []
    for cut in cuts:
        last = joined[-1] if joined else None
        if last is not None and last.start == last.end == cut.start == cut.end:
            joined[-1] = Cut(last.start, last.end, last.text + cut.text)
        else:
            joined.append(cut)
    return tuple(joined)


def _is_claimed(place: int, records: Sequence[Record]) -> bool:
    """Whether a place lies in what a record says."""
    for record in records:
        match record:
            case EntityRecord():
                if any(m.start <= place < m.end for m in record.mentions):
                    return True
            case DateRecord() | EventRecord() | PredictionRecord() | QuoteRecord():
                if record.start <= place < record.end:
                    return True
    return False


RULES: dict[str, Rule] = {
    "quotation marks": _swapped_quotes,
    "line ends": _other_line_ends,
    "double spaces": _double_spaces,
    "reflowed lines": _reflowed,
    "web page": _as_page,
    "typo": _misspelt,
    "comma": _without_comma,
    "broken paragraph": _broken_paragraph,
    "moved paragraph": _moved_paragraph,
}
"""What is done to an article that changes nothing in what it claims, by name."""
