"""Why a sentence is a prediction or is none, in words: cues, reading, rule, the number's source."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import groupby

from spacy.tokens import Doc

from .errors import ConfigError
from .extraction import Extractor
from .lexicons import line_of
from .reading import read_text
from .report import visible
from .stages.drafts import Surroundings, surroundings
from .stages.findings import TokenSpan
from .stages.hedges import Cued, Hedge, Match, PseudoCue, hidden, matches
from .stages.likelihood import Degree, scale_of
from .stages.predictions import PredictionFinder, Reading, readings
from .stages.senses import probability

_STAGE = "claimline_predictions"
_INDENT = 14

_ORDER = (
    "of several cues a negative one speaks first, then adjectives, adverbs, nouns and idioms, then "
    "modals, then others; cues without odds last"
)
_EFFECTS = {
    "raise": "intensifies it",
    "near": "brings it close to the extreme",
    "most": "ranks it, which says nothing of the odds",
    "more": "compares it, which says nothing of the odds",
    "less": "compares it downwards, at odds that nobody gives",
    "deny": "denies it",
    "set": "gives it its level",
}

_NEEDS = {
    "clause": "a clause that it introduces",
    "finite": "a finite clause that it introduces",
    "infinitive": "an infinitive after it",
    "argument": "something that it governs",
    "object": "an object",
    "passive": "to be passive",
    "denied": "a negation",
    "attributive": "a noun that it modifies",
    "predicative": "to be a predicate with no object",
    "predicated": "to be a predicate or to stand before a clause",
    "fronted": "to stand before what it limits",
}


def explain(extractor: Extractor, text: str, *, published: str | None = None) -> list[str]:
    """What the cues of a text are and how each proposition was read, as lines to print.

    Shown are the propositions that count as predictions, those that do not with what spoke against
    them (terms of the log-odds by name, the largest first; `pipeline/stages/senses.py` has what the
    names mean), and words that look like cues and are none. No control character of the text is in
    the lines.

    Args:
        extractor: the pipeline.
        text: a sentence or several.
        published: the day that "next month" is reckoned from, EDTF.

    Raises:
        ArticleError: there is no text.
        ConfigError: `published` is no date, or the pipeline does not look for predictions.

    Example:
        >>> lines = explain(load(), "The bridge may fall.")  # doctest: +SKIP
        >>> lines[2]  # doctest: +SKIP
        'prediction   confidence 0.95; 0.5 is enough'
    """
    finder = extractor.nlp.get_pipe(_STAGE) if extractor.nlp.has_pipe(_STAGE) else None
    if not isinstance(finder, PredictionFinder):
        raise ConfigError(f"the pipeline has no {_STAGE}, so there is nothing to explain")
    doc = extractor.annotate(read_text(text, published=published))
    around = surroundings(doc)
    by_sentence: dict[int, list[list[str]]] = {}
    for reading in readings(doc, around, yardstick=finder.yardstick):
        block = list(_told(reading, doc, around, finder))
        by_sentence.setdefault(reading.prediction.sentence.start, []).append(block)
    for start, block in _no_cues(doc):
        by_sentence.setdefault(doc[start].sent.start, []).append(block)
    lines: list[str] = []
    for sentence in doc.sents:
        if sentence.text.strip():
            lines += [sentence.text.strip()]
            blocks = by_sentence.get(sentence.start, [["no cue"]])
            lines += [line for block in blocks for line in ("", *block)] + [""]
    return [visible(line).rstrip() for line in lines]


def _line(label: str, text: str) -> str:
    return f"{label:<{_INDENT}}{text}" if len(label) < _INDENT else f"{label} {text}"


def _told(
    reading: Reading, doc: Doc, around: Surroundings, finder: PredictionFinder
) -> Iterator[str]:
    """The block of one proposition."""
    found = reading.prediction
    taken = reading.confidence >= finder.threshold
    enough = "is enough" if taken else "would be enough"
    verdict = "prediction" if taken else "no prediction"
    # Rounded down, so that what is not enough does not look so.
    confidence = math.floor(reading.confidence * 100) / 100
    yield _line(verdict, f"confidence {confidence:.2f}; {finder.threshold:g} {enough}")
    yield _line("  proposition", _words(doc, found.proposition))
    if taken:
        holder = found.holder
        whose = _words(doc, holder.span) if holder.span else holder.kind
        if holder.name is not None and holder.name != whose:
            whose += f" ({holder.name})"
        hedged = "hedged" if found.hedged else "not hedged"
        read = (found.orientation, found.polarity, hedged, found.speech_act, f"holder: {whose}")
        yield _line("  reading", ", ".join(read))
        if found.subject is not None:
            yield _line("  subject", _words(doc, found.subject))
        if found.horizon is not None:
            date = around.dates[found.horizon.date]
            yield _line("  horizon", f"{_words(doc, date.span)} = {found.horizon.value}")
        if found.condition is not None:
            yield _line("  condition", _words(doc, found.condition))
        yield from _likelihood(reading, doc, finder)
    for cued, terms in reading.evidence:
        yield from _cue(cued, doc)
        yield _line("    for", _signs(term for term in terms if term[1] > 0))
        yield _line("    against", _signs(term for term in terms if term[1] < 0))
        total = sum(weight for _, weight in terms)
        yield _line("    together", f"{total:+.2f}, probability {probability(total):.2f}")
    for cued in reading.conditions:
        yield from _cue(cued, doc)


def _likelihood(reading: Reading, doc: Doc, finder: PredictionFinder) -> Iterator[str]:
    """The number, the rule that chose it, and its source."""
    told, main = reading.prediction.likelihood, reading.main
    number = "no number"
    if told.low is not None and told.high is not None:
        range_ = f"{told.low:g}" if told.low == told.high else f"{told.low:g} to {told.high:g}"
        number = f"{range_} percent that the event comes about"
    yield _line("  likelihood", f"{told.level}; {number}")
    spoken = f"“{doc[main.start : main.end].text}”"
    if reading.odds is not None:
        odds = doc[reading.odds.start : reading.odds.end].text
        yield _line("    rule", f"the stated “{odds}” goes before the words")
    else:
        others = len(reading.evidence) > 1
        yield _line("    rule", f"{spoken} speaks for it" + (f": {_ORDER}" if others else ""))
        if main.degree is not None:
            yield _line("", _degree(main, main.degree, doc))
        if reading.denied:
            yield _line("", f"{spoken} is denied")
    if reading.negated:
        yield _line("", "the event is negated, which turns the odds round")
    if told.source is not None:
        yield _line("    source", f"{told.basis}: {told.source}")
        bands = scale_of(finder.yardstick).like.values()
        if bands and told.source not in {band.source for band in bands}:
            yield _line("", f"{finder.yardstick} has no band for these words")
    elif told.basis is not None:
        yield _line("    source", f"{told.basis} in the text")
    else:
        yield _line("    source", "none: nobody gives the odds of these words")


def _degree(cued: Cued, degree: Degree, doc: Doc) -> str:
    length = len(degree.word.split())
    words = doc[cued.degree_at : cued.degree_at + length].text
    return f"“{words}” {_EFFECTS[degree.effect]} (degrees.jsonl, line {line_of('degrees', degree)})"


def _cue(cued: Cued, doc: Doc) -> Iterator[str]:
    yield _line(f"  cue “{doc[cued.start : cued.end].text}”", _row(cued.row))
    governed = doc[slice(*cued.span)].text if cued.frame == "condition" else cued.target.text
    yield _line("    governs", f"“{governed}” ({cued.frame})")


def _row(row: Hedge) -> str:
    number = line_of("hedges", row)
    where = f"hedges.jsonl, line {number}" if number else "inversion: an auxiliary at the head"
    like = f", survey “{row.survey}”" if row.survey else f", like “{row.like}”" if row.like else ""
    negative = ", negative" if row.negative else ""
    denied = " with a negation" if "denied" in row.needs else ""
    told = f"{row.cue}{denied}, {row.form}, {row.role}, {row.level}{negative}{like}"
    return f"{where}: {told}, prior {row.prior:g}"


def _signs(terms: Iterable[tuple[str, float]]) -> str:
    shown = (term for term in terms if round(term[1], 2))
    strongest = sorted(shown, key=lambda term: -abs(term[1]))
    return ", ".join(f"{name} {weight:+.2f}" for name, weight in strongest) or "nothing"


def _no_cues(doc: Doc) -> Iterator[tuple[int, list[str]]]:
    """What looks like a cue and is none, with its first token."""
    for start, group in groupby(matches(doc), key=lambda match: match.start):
        tried = list(group)
        last = tried[-1]
        if isinstance(last.row, PseudoCue):
            words = doc[last.start : last.end].text
            where = f"pseudo_cues.jsonl, line {line_of('pseudo_cues', last.row)}"
            block = [_line("no cue", f"“{words}” ({where}): {last.row.sense}")]
            blocked = ", ".join(dict.fromkeys(f"“{row.cue}”" for row in hidden(doc, last)))
            if blocked:
                block.append(_line("  blocked", blocked))
            yield start, block
        elif last.cued is None:
            words = doc[last.start : last.end].text
            reasons = [_reason(match, doc) for match in tried]
            yield start, [_line("no cue", f"“{words}”"), *reasons]


def _reason(match: Match, doc: Doc) -> str:
    """Why a row's words are not its cue here."""
    assert isinstance(match.row, Hedge)  # a pseudo-cue takes its words
    row = match.row
    read = list(dict.fromkeys(token.pos_ for token in doc[match.start : match.end]))
    if row.pos and not set(read) & set(row.pos):
        lacks = f"read as {' '.join(read)}, not as {' or '.join(row.pos)}"
    elif row.needs:
        lacks = f"wants {', '.join(_NEEDS[need] for need in row.needs)}"
    else:
        lacks = f"governs no {row.governs} here"
    return _line("    row", f"{_row(row)}: {lacks}")


def _words(doc: Doc, span: TokenSpan) -> str:
    return doc[span.start : span.end].text
