"""Marked passages: short texts that say themselves what is to be found in them, and pass or fail.

A file of passages is plain text. `#` begins a comment line. `find: predictions` before the first
passage says that it is about predictions; without it, a file is about quotes. A passage is a head
line, its text (with blank lines between paragraphs) and lines of what to find:

    === attribution: relayed
    {T1:{S2:The envoy} {C2:told} friends {T2:he would go}}, {C1:according to} {S1:the Tribune}.
    --- 1 indirect
    --- 2 indirect | to: friends | parent: 1

`{T1:...}` is content of quote 1, `{S1:...}` its source, `{C1:...}` its cue; `{H1:...}` is a cue of
prediction 1, `{R1:...}` its proposition. Braces nest, and a number may come again where a part is
split. A line `--- NUMBER TYPE` stands for each quote, `--- NUMBER ORIENTATION` for each prediction,
with the fields that the passage is about; `none` says that a field is empty:

- of a quote: `name` (of the resolved speaker), `venue`, `date` (value), `to` (addressee),
  `reported`, `stance`, `parent` (number) and the bare word `anonymous`;
- of a prediction: `level`, `odds` (percent: `25-50`), `polarity`, `holder` (`author`, or the
  source's phrase or name), `horizon` (value), `condition` and `act` (speech act).

A passage without such a line holds nothing to find: it is a near miss. Further lines: `--- problem`
(a problem must be told), `--- published: DATE`, `--- xfail: REASON` (a known failure).

A passage passes when everything is found and nothing else: every quote with just the words of its
content, its type, its source and cue (people differ on how many words belong to these: one may hold
the other, or half of their words are shared), every prediction by one of its cues, with its
orientation and a proposition that shares its words (F1 of 0.7, as for articles), and both with the
fields that are stated. A quote without `S` and `name` has no speaker.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import get_args

import msgspec

from ..errors import PipelineError
from ..reading import Article, read_text
from ..records import (
    Orientation,
    PredictionRecord,
    ProblemRecord,
    QuoteRecord,
    QuoteType,
    Record,
    Span,
)
from .scores import same_holder, same_name, same_value, words_f1

PUBLISHED = "2024-03-15"  # a Friday

_OPEN = re.compile(r"\{([STCHR])(\d+):")
_WORD = re.compile(r"\w+(?:['’]\w+)*")
# As for the phrases of articles, see `scores`.
_PHRASE_F1 = 0.5
_PROPOSITION_F1 = 0.7
_CONDITION_F1 = 0.6
_NONE = "none"

Words = frozenset[int]  # where each begins


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A quote or prediction that a passage holds.

    `head` is a quote's type or a prediction's orientation; `parts` are its marked words by letter,
    without the letters that the passage does not mark.
    """

    number: int
    head: str
    parts: dict[str, Words]
    fields: dict[str, str]

    def words(self, letter: str) -> Words:
        """The words of a part; none when the passage does not mark it."""
        return self.parts.get(letter, frozenset())


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """A text and what is to be found in it; `xfail` is why it is known to fail."""

    id: str
    kind: str
    text: str
    published: str
    find: str
    wanted: tuple[Wanted, ...]
    problem: bool
    xfail: str | None


class PassageOutcome(msgspec.Struct, frozen=True):
    """How a passage fared: what differs, one line each; nothing when it passed."""

    passage: Passage
    differences: tuple[str, ...]

    @property
    def surprises(self) -> bool:
        """Whether it fails without a reason given, or passes with one."""
        return bool(self.differences) == (self.passage.xfail is None)


def load_passages(path: Path) -> tuple[Passage, ...]:
    """Read a file of passages.

    Raises:
        PipelineError: the file cannot be read, or a passage is not well formed; names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise PipelineError(f"{path}: cannot be read: {error}") from error
    found: list[Passage] = []
    numbers: Counter[str] = Counter()
    lines = [line for line in lines if not line.startswith("#")]
    heads = [n for n, line in enumerate(lines) if line.startswith("=== ")]
    opening = [line.strip() for line in lines[: heads[0]] if line.strip()] if heads else [""]
    find = opening[0].removeprefix("find: ") if opening else "quotes"
    if len(opening) > 1 or find not in _FORMS:
        raise PipelineError(
            f"{path}: a file of passages begins with `=== KIND`, or before it `find: KIND` with "
            f"one of {', '.join(_FORMS)}"
        )
    for head, end in zip(heads, [*heads[1:], len(lines)], strict=True):
        kind = lines[head][4:].strip()
        numbers[kind] += 1
        id = f"{re.sub(r'[^a-z0-9]+', '-', kind.lower()).strip('-')}-{numbers[kind]}"
        try:
            found.append(_passage(id, kind, find, lines[head + 1 : end]))
        except ValueError as error:
            raise PipelineError(f"{path}: {id}: {error}") from error
    return tuple(found)


def _passage(id: str, kind: str, find: str, lines: Sequence[str]) -> Passage:
    body = [line for line in lines if not line.startswith("--- ")]
    text, parts = unmarked("\n".join(body).strip())
    published, xfail, problem = PUBLISHED, None, False
    wanted: list[Wanted] = []
    for line in lines:
        if not line.startswith("--- "):
            continue
        note = line[4:].strip()
        if note == "problem":
            problem = True
        elif note.startswith("published: "):
            published = note.removeprefix("published: ")
        elif note.startswith("xfail: "):
            xfail = note.removeprefix("xfail: ")
        else:
            wanted.append(_wanted(note, _FORMS[find], parts, text))
    numbers = sorted(item.number for item in wanted)
    if numbers != sorted({number for _, number in parts}):
        raise ValueError(f"marks and lines of what to find do not go together: {numbers}")
    return Passage(
        id=id,
        kind=kind,
        text=text,
        published=published,
        find=find,
        wanted=tuple(wanted),
        problem=problem,
        xfail=xfail,
    )


def unmarked(marked: str) -> tuple[str, dict[tuple[str, int], list[tuple[int, int]]]]:
    """The text without its marks, and the offsets of the parts by letter and number.

    Raises:
        ValueError: a brace is left open or closes nothing.

    Example:
        >>> unmarked("{S1:She} {C1:left}.")
        ('She left.', {('S', 1): [(0, 3)], ('C', 1): [(4, 8)]})
    """
    text: list[str] = []
    parts: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    stack: list[tuple[tuple[str, int], int]] = []
    at = 0
    while at < len(marked):
        if opening := _OPEN.match(marked, at):
            stack.append(((opening[1], int(opening[2])), len(text)))
            at = opening.end()
            continue
        if marked[at] == "}" and stack:
            key, start = stack.pop()
            parts[key].append((start, len(text)))
        elif marked[at] in "{}":
            raise ValueError(f"a stray {marked[at]} at {marked[at : at + 30]!r}")
        else:
            text.append(marked[at])
        at += 1
    if stack:
        raise ValueError(f"{stack[-1][0]} is not closed")
    return "".join(text), dict(parts)


def _wanted(
    note: str, form: _Form, parts: dict[tuple[str, int], list[tuple[int, int]]], text: str
) -> Wanted:
    start, *rest = (field.strip() for field in note.split("|"))
    number, _, head = start.partition(" ")
    if not number.isdigit() or head not in form.heads:
        raise ValueError(f"{note!r} is not a number and one of {', '.join(form.heads)}")
    fields = {}
    for field in rest:
        name, _, value = field.partition(": ")
        if name not in form.fields:
            raise ValueError(f"{name!r} is none of {', '.join(form.fields)}")
        fields[name] = value
    words = {
        letter: _words_in(text, spans) for (letter, of), spans in parts.items() if of == int(number)
    }
    if stray := words.keys() - set(form.letters):
        raise ValueError(f"{number} is marked with {', '.join(sorted(stray))}")
    if not words.get(form.letters[0]):
        raise ValueError(f"{number} has no {form.letters[0]}")
    return Wanted(number=int(number), head=head, parts=words, fields=fields)


def _words_in(text: str, spans: Iterable[tuple[int, int]]) -> Words:
    return frozenset(
        start + match.start() for start, end in spans for match in _WORD.finditer(text[start:end])
    )


def differences(passage: Passage, records: Iterable[Record]) -> Iterator[str]:
    """What the records of a passage lack or have too much, one line each; nothing when it passes.

    Args:
        passage: what is wanted.
        records: what was extracted from its text.
    """
    records = tuple(records)
    yield from _FORMS[passage.find].compare(passage, records)
    if passage.problem and not any(isinstance(record, ProblemRecord) for record in records):
        yield "no problem is told"


def _compare_quotes(passage: Passage, records: Iterable[Record]) -> Iterator[str]:
    text = passage.text
    left = [record for record in records if isinstance(record, QuoteRecord)]
    pairs: dict[int, QuoteRecord] = {}
    for quote in passage.wanted:
        # Two quotes may have the same words; their cues tell them apart.
        alike = [record for record in left if _content(text, record) == quote.words("T")]
        if not alike:
            yield f"{quote.number}: missed"
            continue
        cue = quote.words("C")
        record = max(alike, key=lambda record: _shared(cue, _span_words(text, record.cue)))
        left.remove(record)
        pairs[quote.number] = record
    for record in left:
        yield f"extra: {' / '.join(span.text for span in record.content)}"
    for quote in passage.wanted:
        if quote.number in pairs:
            for told in _quote_differences(text, quote, pairs[quote.number], pairs):
                yield f"{quote.number}: {told}"


def _compare_predictions(passage: Passage, records: Iterable[Record]) -> Iterator[str]:
    text = passage.text
    left = [record for record in records if isinstance(record, PredictionRecord)]
    wrong: list[str] = []
    for item in passage.wanted:
        cued = [r for r in left if any(_span_words(text, cue) & item.words("H") for cue in r.cues)]
        if not cued:
            yield f"{item.number}: missed"
            continue
        # A cue may serve several predictions; their propositions tell them apart.
        proposition = item.words("R")
        record = max(cued, key=lambda r: _shared(proposition, _span_words(text, r.proposition)))
        left.remove(record)
        wrong += (f"{item.number}: {told}" for told in _prediction_differences(text, item, record))
    for record in left:
        yield f"extra: {' / '.join(cue.text for cue in record.cues)}"
    yield from wrong


def _content(text: str, record: QuoteRecord) -> Words:
    return _words_in(text, ((span.start, span.end) for span in record.content))


def _span_words(text: str, span: Span | None) -> Words:
    return _words_in(text, () if span is None else ((span.start, span.end),))


def _shared(want: Words, got: Words) -> float:
    """F1 of two sets of words; 0 when either is empty."""
    return 2 * len(want & got) / (len(want) + len(got) or 1)


def _alike(want: Words, got: Words) -> bool:
    return bool(got) and (want <= got or got <= want or _shared(want, got) >= _PHRASE_F1)


def _quote_differences(
    text: str, quote: Wanted, record: QuoteRecord, pairs: dict[int, QuoteRecord]
) -> Iterator[str]:
    if record.type != quote.head:
        yield f"type {record.type}, not {quote.head}"
    speaker = record.speaker
    source, cue = quote.words("S"), quote.words("C")
    if source and not _alike(source, _span_words(text, speaker)):
        yield f"source {_told(speaker)}"
    if not source and "name" not in quote.fields and speaker is not None:
        yield f"source {_told(speaker)}, not none"
    if cue and not _alike(cue, _span_words(text, record.cue)):
        yield f"cue {_told(record.cue)}"
    spans = {"venue": record.venue, "to": record.addressee, "reported": record.reported}
    for field, want in quote.fields.items():
        if field in spans:
            span = spans[field]
            right = span is None if want == _NONE else _same_phrase(want, span)
            got = _told(span)
        elif field == "date":
            value = record.date.value if record.date else _NONE
            right, got = value == want or same_value(want, value), value
        elif field == "stance":
            got = (record.cue.stance if record.cue else None) or _NONE
            right = got == want
        elif field == "name":
            got = speaker.name if speaker else _NONE
            right = got == want or (speaker is not None and same_name(want, got))
        elif field == "anonymous":
            got = "no"
            right = speaker is not None and speaker.anonymous
        else:
            parent = pairs.get(int(want)) if want != _NONE else None
            got = record.parent or _NONE
            right = record.parent == (parent.id if parent else None)
        if not right:
            yield f"{field} {got}, not {want or 'yes'}"


def _prediction_differences(text: str, item: Wanted, record: PredictionRecord) -> Iterator[str]:
    if record.orientation != item.head:
        yield f"orientation {record.orientation}, not {item.head}"
    proposition = item.words("R")
    if (
        proposition
        and _shared(proposition, _span_words(text, record.proposition)) < _PROPOSITION_F1
    ):
        yield f"proposition {_told(record.proposition)}"
    likelihood, holder = record.likelihood, record.holder
    for field, want in item.fields.items():
        if field == "holder":
            right, got = same_holder(want, holder), holder.text or holder.kind
        elif field == "horizon":
            got = record.horizon.value if record.horizon else _NONE
            right = same_value(want, got)
        elif field == "condition":
            span = record.condition
            right = span is None if want == _NONE else _same_phrase(want, span, _CONDITION_F1)
            got = _told(span)
        elif field == "odds":
            none = likelihood.low is None or likelihood.high is None
            got = _NONE if none else f"{likelihood.low:g}-{likelihood.high:g}"
            right = got == want
        else:
            got = {
                "level": likelihood.level,
                "polarity": record.polarity,
                "act": record.speech_act,
            }[field]
            right = got == want
        if not right:
            yield f"{field} {got}, not {want}"


def _same_phrase(want: str, span: Span | None, floor: float = _PHRASE_F1) -> bool:
    return span is not None and words_f1(want, span.text) >= floor


class _Form(msgspec.Struct, frozen=True, kw_only=True):
    """How passages tell of one kind of finding; the first of the letters is never left out."""

    letters: str
    heads: tuple[str, ...]
    fields: tuple[str, ...]
    compare: Callable[[Passage, Iterable[Record]], Iterator[str]]


_FORMS = {
    "quotes": _Form(
        letters="TSC",
        heads=get_args(QuoteType),
        fields=("name", "date", "stance", "parent", "anonymous", "venue", "to", "reported"),
        compare=_compare_quotes,
    ),
    "predictions": _Form(
        letters="HR",
        heads=get_args(Orientation),
        fields=("level", "odds", "polarity", "holder", "horizon", "condition", "act"),
        compare=_compare_predictions,
    ),
}


def _told(span: Span | None) -> str:
    return _NONE if span is None else repr(span.text)


def run_passages(
    passages: Iterable[Passage], extract: Callable[[Article], Iterable[Record]]
) -> list[PassageOutcome]:
    """Extract every passage and compare.

    Args:
        passages: see `load_passages`.
        extract: gives the records of an article.

    Example:
        ``run_passages(load_passages(path), lambda a: load().extract_article(a).records)``
    """
    outcomes = []
    for passage in passages:
        article = read_text(passage.text, id=passage.id, published=passage.published)
        outcomes.append(PassageOutcome(passage, tuple(differences(passage, extract(article)))))
    return outcomes


def pass_rates(outcomes: Iterable[PassageOutcome]) -> dict[str, tuple[int, int]]:
    """Passed and all passages by kind, in the order of the file; "all" last."""
    rates: dict[str, tuple[int, int]] = {}
    passed = of = 0
    for outcome in outcomes:
        right, number = rates.get(outcome.passage.kind, (0, 0))
        rates[outcome.passage.kind] = (right + (not outcome.differences), number + 1)
        passed, of = passed + (not outcome.differences), of + 1
    return {**rates, "all": (passed, of)}


__all__ = [
    "Passage",
    "PassageOutcome",
    "Wanted",
    "differences",
    "load_passages",
    "pass_rates",
    "run_passages",
    "unmarked",
]
