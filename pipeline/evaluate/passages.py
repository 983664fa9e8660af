"""Marked passages: short texts that say themselves which quotes they hold, and pass or fail.

A file of passages is plain text. `#` begins a comment line. A passage is a head line, its text
(with blank lines between paragraphs) and lines of what to find:

    === attribution: relayed
    {T1:{S2:The envoy} {C2:told} friends {T2:he would go}}, {C1:according to} {S1:the Tribune}.
    --- 1 indirect
    --- 2 indirect | to: friends | parent: 1

`{T1:...}` is content of quote 1, `{S1:...}` its source, `{C1:...}` its cue; braces nest, and a
number may come again where a part is split. A line `--- NUMBER TYPE` stands for each quote, with
the fields that the passage is about: `name` (of the resolved speaker), `venue`, `date` (value),
`to` (addressee), `reported`, `stance`, `parent` (number) and the bare word `anonymous`; `none` says
that a field is empty. A passage without such a line holds no quote. Further lines: `--- problem` (a
problem must be told), `--- published: DATE`, `--- xfail: REASON` (a known failure).

A passage passes when every quote is found with just the words of its content, its type, its source
and cue (people differ on how many words belong to these: one may hold the other, or half of their
words are shared) and the fields it states, and when nothing else is found. A quote without `S` and
`name` has no speaker.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from ..errors import PipelineError
from ..reading import Article, read_text
from ..records import ProblemRecord, QuoteRecord, Record, Span
from .scores import same_name, same_value, words_f1

PUBLISHED = "2024-03-15"  # a Friday

_OPEN = re.compile(r"\{([STC])(\d+):")
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_TYPES = frozenset({"direct", "indirect", "mixed"})
_TEXTS = ("venue", "to", "reported")
_FIELDS = frozenset({"name", "date", "stance", "parent", "anonymous", *_TEXTS})
_PHRASE_F1 = 0.5  # as for the phrases of articles, see `scores`
_NONE = "none"

Words = frozenset[int]  # where each begins


class WantedQuote(msgspec.Struct, frozen=True, kw_only=True):
    """A quote that a passage holds; `source` and `cue` are empty when the passage marks none."""

    number: int
    type: str
    content: Words
    source: Words
    cue: Words
    fields: dict[str, str]


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """A text and what is to be found in it; `xfail` is why it is known to fail."""

    id: str
    kind: str
    text: str
    published: str
    quotes: tuple[WantedQuote, ...]
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
    if not heads or any(line.strip() for line in lines[: heads[0]]):
        raise PipelineError(f"{path}: a file of passages begins with `=== KIND`")
    for head, end in zip(heads, [*heads[1:], len(lines)], strict=True):
        kind = lines[head][4:].strip()
        numbers[kind] += 1
        id = f"{re.sub(r'[^a-z0-9]+', '-', kind.lower()).strip('-')}-{numbers[kind]}"
        try:
            found.append(_passage(id, kind, lines[head + 1 : end]))
        except ValueError as error:
            raise PipelineError(f"{path}: {id}: {error}") from error
    return tuple(found)


def _passage(id: str, kind: str, lines: Sequence[str]) -> Passage:
    body = [line for line in lines if not line.startswith("--- ")]
    text, parts = unmarked("\n".join(body).strip())
    published, xfail, problem = PUBLISHED, None, False
    quotes: list[WantedQuote] = []
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
            quotes.append(_wanted(note, parts, text))
    numbers = [quote.number for quote in quotes]
    if sorted(numbers) != sorted({number for _, number in parts}):
        raise ValueError(f"marks and lines of quotes do not go together: {sorted(numbers)}")
    return Passage(
        id=id,
        kind=kind,
        text=text,
        published=published,
        quotes=tuple(quotes),
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
    note: str, parts: dict[tuple[str, int], list[tuple[int, int]]], text: str
) -> WantedQuote:
    head, *rest = (field.strip() for field in note.split("|"))
    number, _, type = head.partition(" ")
    if not number.isdigit() or type not in _TYPES:
        raise ValueError(f"{note!r} is not a number and one of {', '.join(sorted(_TYPES))}")
    fields = {}
    for field in rest:
        name, _, value = field.partition(": ")
        if name not in _FIELDS:
            raise ValueError(f"{name!r} is none of {', '.join(sorted(_FIELDS))}")
        fields[name] = value
    content, source, cue = (
        _words_in(text, parts.get((letter, int(number)), ())) for letter in "TSC"
    )
    if not content:
        raise ValueError(f"quote {number} has no content")
    return WantedQuote(
        number=int(number), type=type, content=content, source=source, cue=cue, fields=fields
    )


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
    text = passage.text
    got = [record for record in records if isinstance(record, QuoteRecord)]
    left = list(got)
    pairs: dict[int, QuoteRecord] = {}
    for quote in passage.quotes:
        # Two quotes may have the same words; their cues tell them apart.
        alike = [record for record in left if _content(text, record) == quote.content]
        if not alike:
            yield f"{quote.number}: missed"
            continue
        record = max(alike, key=lambda record: _shared(quote.cue, _span_words(text, record.cue)))
        left.remove(record)
        pairs[quote.number] = record
    for record in left:
        yield f"extra: {' / '.join(span.text for span in record.content)}"
    for quote in passage.quotes:
        if quote.number in pairs:
            for told in _field_differences(text, quote, pairs[quote.number], pairs):
                yield f"{quote.number}: {told}"
    if passage.problem and not any(isinstance(record, ProblemRecord) for record in records):
        yield "no problem is told"


def _content(text: str, record: QuoteRecord) -> Words:
    return _words_in(text, ((span.start, span.end) for span in record.content))


def _span_words(text: str, span: Span | None) -> Words:
    return _words_in(text, () if span is None else ((span.start, span.end),))


def _shared(want: Words, got: Words) -> float:
    """F1 of two sets of words; 0 when either is empty."""
    return 2 * len(want & got) / (len(want) + len(got) or 1)


def _alike(want: Words, got: Words) -> bool:
    return bool(got) and (want <= got or got <= want or _shared(want, got) >= _PHRASE_F1)


def _field_differences(
    text: str, quote: WantedQuote, record: QuoteRecord, pairs: dict[int, QuoteRecord]
) -> Iterator[str]:
    if record.type != quote.type:
        yield f"type {record.type}, not {quote.type}"
    speaker = record.speaker
    if quote.source and not _alike(quote.source, _span_words(text, speaker)):
        yield f"source {_told(speaker)}"
    if not quote.source and "name" not in quote.fields and speaker is not None:
        yield f"source {_told(speaker)}, not none"
    if quote.cue and not _alike(quote.cue, _span_words(text, record.cue)):
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


def _same_phrase(want: str, span: Span | None) -> bool:
    return span is not None and words_f1(want, span.text) >= _PHRASE_F1


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
    "WantedQuote",
    "differences",
    "load_passages",
    "pass_rates",
    "run_passages",
    "unmarked",
]
