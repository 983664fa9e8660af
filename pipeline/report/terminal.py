"""Records in words; articles are untrusted, so no control character of theirs reaches a reader."""

from __future__ import annotations

import unicodedata

from ..records import (
    ArticleRecord,
    DateRecord,
    EntityRecord,
    EventRecord,
    PredictionRecord,
    ProblemRecord,
    QuoteRecord,
    Record,
)


def visible(text: str) -> str:
    r"""Text with every control, format and surrogate character and noncharacter written out.

    Terminal escapes, right-to-left overrides and line breaks in a title would otherwise act.

    Example:
        >>> visible("a\x1b[31mb")
        'a\\x1b[31mb'
    """
    if text.isprintable():
        return text
    return "".join(
        char
        if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
        and ord(char) & 0xFFFE != 0xFFFE
        else char.encode("unicode_escape").decode("ascii")
        for char in text
    )


def told(record: Record) -> list[tuple[str, str]]:
    """What is shown of a record: its gist without a label, then its fields that say something."""
    fields = [*_details(record), ("id", record.id)]
    return [("", _headline(record)), *(field for field in fields if field[1])]


def _headline(record: Record) -> str:
    match record:
        case ArticleRecord():
            return record.title or record.article
        case EntityRecord():
            return f"{record.name} ({record.type})"
        case DateRecord():
            return f"{record.text} = {record.value}"
        case EventRecord():
            return f"{record.trigger.text} @ {record.date.value}: {record.text}"
        case PredictionRecord():
            return record.proposition.text
        case QuoteRecord():
            return " … ".join(span.text for span in record.content)
        case ProblemRecord():
            return record.message


def _details(record: Record) -> list[tuple[str, str]]:
    match record:
        case ArticleRecord():
            counts = ", ".join(f"{n} {kind}" for kind, n in record.counts.items())
            return [
                ("by", ", ".join(record.authors)),
                ("published", record.published or ""),
                ("found", counts),
            ]
        case EntityRecord():
            forms = ", ".join(record.aliases)
            return [
                ("also", forms),
                ("roles", "; ".join(record.roles)),
                ("mentions", str(len(record.mentions))),
            ]
        case DateRecord():
            return [("type", f"{record.type}, {record.precision}, from {record.anchor}")]
        case EventRecord():
            who = "; ".join(f"{p.role} {p.text}" for p in record.participants)
            order = "; ".join(f"{o.relation} {o.event} ({o.evidence.text})" for o in record.order)
            return [
                ("status", f"{record.status}, {record.polarity}"),
                ("with", who),
                ("order", order),
            ]
        case PredictionRecord():
            odds = str(record.likelihood.level)
            low, high = record.likelihood.low, record.likelihood.high
            if low is not None and high is not None:
                odds += f" ({low:.3g}%)" if low == high else f" ({low:.3g}-{high:.3g}%)"
            return [
                ("cues", ", ".join(cue.text for cue in record.cues)),
                ("likelihood", odds),
                ("reading", f"{record.orientation}, {record.polarity}"),
                ("holder", record.holder.name or record.holder.text or record.holder.kind),
                ("by", record.horizon.value if record.horizon else ""),
                ("if", record.condition.text if record.condition else ""),
            ]
        case QuoteRecord():
            return [
                ("speaker", record.speaker.name if record.speaker else ""),
                ("cue", f"{record.cue.text}" if record.cue else ""),
                ("type", record.type),
                ("venue", record.venue.text if record.venue else ""),
                ("date", record.date.value if record.date else ""),
            ]
        case ProblemRecord():
            return [("stage", f"{record.stage}, {record.severity}")]
