"""Spans of the text that may be names, each with the evidence for it and for its type.

Two sources are brought together: the language model's named entities (`name_labels`) and runs of
capitalised words (`name_runs`). Neither is trusted alone: every span carries a score and votes
(`name_evidence`), and `entities` decides for all mentions of a name together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from spacy.symbols import NOUN, PROPN  # type: ignore[import-not-found]  # Cython, no stub

from .name_evidence import HEAD, TYPE_HEAD, weigh
from .name_labels import from_labels
from .name_runs import from_rules
from .name_words import HYPHENS, MAX_NAME_TOKENS, POSSESSIVE, NameSpan, Words, key_of


def name_spans(text: Words) -> list[NameSpan]:
    """All spans with their evidence, in reading order, none overlapping another."""
    found = _resolve(text, from_rules(text), from_labels(text))
    for span in found:
        _take_in_rest(text, span)
        weigh(text, span)
    return found


def _take_in_rest(text: Words, span: NameSpan) -> None:
    """The "'s" of "Lloyd's", and the common noun of "the Iraq war"."""
    if text.word(span.end) in POSSESSIVE and text.fact(span.start, span.end + 1):
        span.end += 1
        span.form = text.form(span.start, span.end)
        return
    fact = text.fact(span.start, span.end)
    if fact is None:
        _take_in_landmark(text, span)
    if fact is None or fact.type not in ("GPE", "LOC") or "." in span.form:
        return
    if text.word(span.end) == "war" and text.spaced[span.end - 1]:
        span.end += 1
        span.form = text.form(span.start, span.end)
        span.votes = {"EVENT": TYPE_HEAD}
        span.whole = True


def _take_in_landmark(text: Words, span: NameSpan) -> None:
    """The common noun of "Malindi road", "Calub fields", "Jinnah hospital"."""
    types = text.facts.heads.get(text.word(span.end), ())
    if not types or types[0] not in ("FAC", "LOC") or not text.spaced[span.end - 1]:
        return
    if text.pos[span.end] != NOUN or "NORP" in span.votes or "PERSON" in span.votes:
        return
    span.base = span.form
    span.end += 1
    span.form = text.form(span.start, span.end)


def echoes(
    text: Words, known: Collection[str], spans: list[NameSpan]
) -> Iterator[tuple[str, NameSpan]]:
    """Further mentions of names that are known by now: in headings, after a full stop.

    Args:
        text: the words.
        known: keys of names (`key_of`).
        spans: what was found before; no echo overlaps it.
    """
    taken = [False] * len(text.words)
    for span in spans:
        taken[span.start : span.end] = [True] * (span.end - span.start)
    openings = {key.split(" ")[0].split("-")[0] for key in known}
    i, n = 0, len(text.words)
    while i < n:
        word = text.words[i]
        if taken[i] or not word[0].isupper() or key_of(word) not in openings:
            i += 1
            continue
        for end in range(min(n, i + MAX_NAME_TOKENS), i, -1):
            key = key_of(text.form(i, end))
            if key in known and not any(taken[i:end]):
                yield key, text.span(i, end)
                i = end
                break
        else:
            i += 1


def _resolve(text: Words, rules: list[NameSpan], model: list[NameSpan]) -> list[NameSpan]:
    """One reading where spans of the two sources overlap."""
    found: list[NameSpan] = []
    pending = sorted([*rules, *model], key=lambda s: (s.start, -s.end, not s.whole))
    for span in pending:
        if found and span.start < found[-1].end:
            _merge(text, found, span)
        else:
            found.append(span)
    return found


def _merge(text: Words, found: list[NameSpan], new: NameSpan) -> None:
    """Decide between the last span and one that overlaps it."""
    old = found[-1]
    if (old.start, old.end) == (new.start, new.end):
        _absorb(old, new)
        return
    if old.labelled == new.labelled:
        return
    inside = new.start >= old.start and new.end <= old.end
    if inside and (old.whole or old.labelled):
        # The longer one has evidence of its own; the shorter one's label counts for the head.
        if new.end == old.end:
            _absorb(old, new)
        elif old.labelled and new.whole and old.start == new.start and new.score >= HEAD:
            return
        return
    if inside:
        # A bare run: the model says where the name is, unless it cut a name short.
        if _is_cut_short(text, old, new):
            _absorb(old, new)
        else:
            found[-1] = new
        return
    if new.whole and not old.whole:
        found[-1] = new if new.end - new.start >= old.end - old.start else old
    if found[-1] is not new and new.start >= old.start and new.end > old.end and new.labelled:
        # The model goes on beyond the run: take both together.
        merged = text.span(min(old.start, new.start), new.end)
        merged.title = min(old.title, new.title)
        merged.whole = old.whole
        _absorb(merged, old)
        _absorb(merged, new)
        found[-1] = merged


def _is_cut_short(text: Words, run: NameSpan, label: NameSpan) -> bool:
    """Whether the words of a run outside the label belong to the same name."""
    outside = [*range(run.start, label.start), *range(label.end, run.end)]
    return all(
        text.pos[i] == PROPN
        or not text.words[i].isalpha()
        or text.words[i].isupper()
        or text.words[i - 1] in HYPHENS
        for i in outside
    )


def _absorb(into: NameSpan, other: NameSpan) -> None:
    into.score = max(into.score, other.score)
    into.labelled = into.labelled or other.labelled
    into.whole = into.whole or other.whole
    into.title = min(into.title, other.title)
    for kind, weight in other.votes.items():
        into.vote(kind, weight)
