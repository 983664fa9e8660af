"""One claim a line, and one change a few lines, as plain text: for `git diff`, logs and messages.

Nothing in a line depends on where a record stands or on its id, so that two versions of an article
differ in the lines of those claims that differ. No control character of an article's is in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ..records import (
    ArticleRecord,
    DateRecord,
    DateRef,
    EntityRecord,
    EventRecord,
    Likelihood,
    PredictionRecord,
    ProblemRecord,
    QuoteRecord,
    Record,
    Span,
)
from .terminal import visible

if TYPE_CHECKING:
    from ..revisions import Change, FieldChange

# So wide that the claims of all kinds begin in one column.
_KIND_WIDTH = 11


def claim_lines(records: Iterable[Record]) -> Iterator[str]:
    """Each record as a line, the article first, then in reading order; problems are left out.

    Example:
        ``prediction author: "the bridge may close" | possible 25–50 % | by ../2025 | future``
    """
    placed = sorted(
        (kind_of(record) != "article", record.start, record.end, kind_of(record), line)
        for record in records
        if not isinstance(record, ProblemRecord) and (line := claim_line(record))
    )
    return (line for *_, line in placed)


def kind_of(record: Record) -> str:
    """The kind as a record's JSON has it."""
    return str(record.__struct_config__.tag)


def claim_line(record: Record) -> str:
    """A record as one line: its kind, what it says, and its fields with a bar between them.

    Empty for an article that states neither title, date nor author.
    """
    line = " | ".join(filter(None, _told(record)))
    return visible(f"{kind_of(record):<{_KIND_WIDTH}}{line}") if line else ""


def _told(record: Record) -> tuple[str, ...]:
    match record:
        case ArticleRecord():
            told = (record.title, record.subtitle, record.published, *record.authors)
            return tuple(part or "" for part in told)
        case EntityRecord():
            also = [f"also {name}" for name in sorted(record.aliases)]
            return (record.name, record.type, *also, *record.roles)
        case DateRecord():
            return (f"{record.text} = {record.value}", record.type, record.modifier or "")
        case EventRecord():
            who = [f"{p.role} {p.text}" for p in record.participants]
            negative = "not " if record.polarity == "negative" else ""
            return (
                f"{negative}{record.trigger.text}",
                _dated("on", record.date),
                *who,
                record.status,
            )
        case PredictionRecord():
            negative = "negative" if record.polarity == "negative" else ""
            return (
                f"{record.holder.name or record.holder.text or record.holder.kind}: "
                f"{_quoted(record.proposition.text)}",
                odds_of(record.likelihood),
                ", ".join(cue.text for cue in record.cues),
                _dated("due", record.horizon),
                _named("if", record.condition),
                record.orientation,
                negative,
                "" if record.speech_act == "assertion" else record.speech_act,
            )
        case QuoteRecord():
            said = " … ".join(_quoted(span.text) for span in record.content)
            return (
                f"{record.speaker.name if record.speaker else 'someone'}: {said}",
                record.type,
                record.cue.text if record.cue else "",
                _named("to", record.addressee),
                _named("in", record.venue),
                _dated("on", record.date),
            )
        case ProblemRecord():
            return (record.message,)


def _named(name: str, span: Span | None) -> str:
    return "" if span is None else f"{name} {_quoted(span.text)}"


def _dated(name: str, date: DateRef | None) -> str:
    return "" if date is None else f"{name} {date.value} ({date.text})"


def _quoted(text: str) -> str:
    return f'"{text}"'


def odds_of(likelihood: Likelihood) -> str:
    """The level with its percentages, where it has any."""
    low, high = likelihood.low, likelihood.high
    if low is None or high is None:
        return likelihood.level
    span = f"{low:.3g}" if low == high else f"{low:.3g}–{high:.3g}"
    return f"{likelihood.level} {span} %"


def change_lines(change: Change) -> list[str]:
    """A change as lines: what it is, what stood there, what stands there, and what fields became.

    Example:
        >>> from pipeline.revisions import Place
        >>> gone = Place(id="quote-0", start=0, end=9, text="It rains.")
        >>> change = Change(
        ...     types=("removed",),
        ...     severity="major",
        ...     kind="quote",
        ...     article="a",
        ...     before=gone,
        ...     after=None,
        ...     fields={},
        ...     cause="editorial",
        ... )
        >>> change_lines(change)
        ['major    quote removed', '- It rains.']
    """
    cause = " (by the extractor)" if change.cause == "extractor" else ""
    lines = [f"{change.severity:<8} {change.kind} {', '.join(change.types)}{cause}"]
    before, after = change.before, change.after
    if before is not None and after is not None and before.text == after.text:
        lines.append(f"  {before.text}")
    else:
        lines += [f"- {before.text}"] if before is not None else []
        lines += [f"+ {after.text}"] if after is not None else []
    lines += [f"  {name}: {_became(field)}" for name, field in change.fields.items()]
    return [visible(line) for line in lines]


def _became(field: FieldChange) -> str:
    sides = (field.before, field.after)
    return " → ".join("nothing" if passage is None else passage.text for passage in sides)


def count_line(changes: Sequence[Change]) -> str:
    """How many changes there are, by severity, the worst first.

    Example:
        >>> count_line([])
        'no changes'
    """
    from ..revisions.changes import SEVERITIES

    counts = [(sum(c.severity == s for c in changes), s) for s in reversed(SEVERITIES)]
    told = ", ".join(f"{count} {severity}" for count, severity in counts if count)
    if not told:
        return "no changes"
    return f"{len(changes)} {'change' if len(changes) == 1 else 'changes'}: {told}"
