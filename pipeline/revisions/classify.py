"""What the difference between two records is called, field by field.

A pair may have several names. What a field answers for is not told again: where only the hedge is
another, the proposition is not reworded too. `reworded` and `cosmetic` are what is left when no
field says something else, so neither stands beside a name that says more than they do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import get_args

import msgspec

from ..lexicons import rows
from ..records import (
    DateRecord,
    DateRef,
    EntityRecord,
    EventRecord,
    Level,
    Likelihood,
    Participant,
    Polarity,
    PredictionCue,
    PredictionRecord,
    QuoteRecord,
    Span,
    Speaker,
)
from .changes import ChangeType, FieldChange, Passage
from .items import View, content_of
from .words import Difference, Word, differences, keys_of, words_of

_ORDER: tuple[ChangeType, ...] = get_args(ChangeType)

# How sure the claim is, of nine steps. "May" and "might" imply no odds; readers put them below
# even. A hedge without any odds ("apparently" beside "would", a condition) is a step above even
# and below likely, a plain will or would above all that is hedged.
_SURENESS: dict[Level, float] = {
    "almost-no-chance": 0,
    "very-unlikely": 1,
    "unlikely": 2,
    "possible": 3,
    "even": 4,
    "likely": 5,
    "very-likely": 6,
    "almost-certain": 7,
    "unspecified": 4.5,
}
_PLAIN = 8.0
# "Unlikely to" of a negative forecast is how sure it is that nothing comes of it.
_MIRRORED: dict[Level, Level] = {
    "almost-no-chance": "almost-certain",
    "very-unlikely": "very-likely",
    "unlikely": "likely",
}
# On one step, odds that are nearer than this in percent are the same, unless they are stated:
# surveys put "may" and "might" two or three points apart.
_SAME_ODDS = 10.0

# Quotation marks, and no apostrophe within a word or at its end.
_MARKS = re.compile(r"[\"“”„«»]|(?<!\w)['‘]|(?<=[.,;!?])['’]|['’](?=[.,;!?]|$)")


class _Pronoun(msgspec.Struct, frozen=True):
    form: str


class Verdict:
    """The names of a difference and its fields, as they are found."""

    def __init__(self, old: View, new: View) -> None:
        self.old = old
        self.new = new
        self._found: list[tuple[ChangeType, str]] = []
        self.fields: dict[str, FieldChange] = {}

    @property
    def types(self) -> tuple[ChangeType, ...]:
        """In the order of `ChangeType`; wording alone counts only where nothing else does."""
        found = {name for name, _ in self._found}
        says_more = found - {"reworded", "cosmetic"}
        types = says_more or found - {"cosmetic"} or found
        return tuple(name for name in _ORDER if name in types)

    def add(
        self,
        name: ChangeType | None,
        field: str,
        before: Passage | Span | str | None,
        after: Passage | Span | str | None,
    ) -> None:
        """Note what the difference in a field is called; None for none."""
        if name is not None:
            self._found.append((name, field))
            self.fields[field] = FieldChange(before=_passage(before), after=_passage(after))

    def drop(self, field: str) -> None:
        """Forget a field and what its difference is called."""
        self._found = [(name, of) for name, of in self._found if of != field]
        del self.fields[field]


def _passage(value: Passage | Span | str | None) -> Passage | None:
    match value:
        case Span():
            return Passage(text=value.text, start=value.start, end=value.end)
        case str():
            return Passage(text=value)
        case _:
            return value


def classify(
    before: object, after: object, old: View, new: View, renamed: Mapping[str, str]
) -> Verdict:
    """Say what the difference between two records of one kind is.

    Args:
        before: the record of the old version.
        after: that of the new version.
        old: the old version.
        new: the new version.
        renamed: ids of entities of the old version with those of the same ones in the new version.

    Returns:
        Without types when nothing that is looked at differs.
    """
    verdict = Verdict(old, new)
    people = _People(old, new, renamed)
    match before, after:
        case EntityRecord(), EntityRecord():
            _entity(verdict, before, after)
        case DateRecord(), DateRecord():
            _date(verdict, before, after)
        case EventRecord(), EventRecord():
            _event(verdict, before, after, people)
        case PredictionRecord(), PredictionRecord():
            _prediction(verdict, before, after, people)
        case QuoteRecord(), QuoteRecord():
            _quote(verdict, before, after, people)
        case _:
            raise TypeError(f"{type(before).__name__} and {type(after).__name__} are two kinds")
    return verdict


# Entities and dates


def _entity(verdict: Verdict, old: EntityRecord, new: EntityRecord) -> None:
    if old.name != new.name:
        slight = not _meaning(old.name, new.name)
        verdict.add("cosmetic" if slight else "entity_renamed", "name", old.name, new.name)
    if old.type != new.type:
        verdict.add("type_changed", "type", old.type, new.type)
    for field, before, after in (
        ("aliases", old.aliases, new.aliases),
        ("roles", old.roles, new.roles),
    ):
        if sorted(before) != sorted(after):
            gone = "; ".join(sorted(set(before) - set(after))) or None
            come = "; ".join(sorted(set(after) - set(before))) or None
            verdict.add("reworded", field, gone, come)


def _date(verdict: Verdict, old: DateRecord, new: DateRecord) -> None:
    if old.type != new.type:
        verdict.add("type_changed", "type", old.type, new.type)
    undated = {old.earliest, old.latest, new.earliest, new.latest} == {None}
    if undated and old.value != new.value:
        verdict.add("quantity_changed", "value", old.value, new.value)
    else:
        verdict.add(_moved(old, new), "value", _dated(old), _dated(new))
    if old.text != new.text:
        verdict.add(_wording(old.text, new.text), "text", _span(old), _span(new))
    elif not verdict.types and (old.value, old.precision, old.modifier, old.duration) != (
        new.value,
        new.precision,
        new.modifier,
        new.duration,
    ):
        verdict.add("reworded", "value", old.value, new.value)


def _moved(old: DateRecord | DateRef | None, new: DateRecord | DateRef | None) -> ChangeType | None:
    """What became of a time; one that nothing is known of is all time."""
    a, b = _bounds(old)
    c, d = _bounds(new)
    if (a, b) == (c, d):
        return None
    if a <= c and d <= b:
        return "date_narrowed"
    if c <= a and b <= d:
        return "date_widened"
    return "date_shifted"


def _bounds(date: DateRecord | DateRef | None) -> tuple[tuple[int, str], tuple[int, str]]:
    """First and last day so that they compare; years before 0 and open ends too."""
    if date is None:
        return (-9, ""), (9, "")
    first, last = date.earliest, date.latest
    return (
        (-9, "") if first is None else _day(first),
        (9, "") if last is None else _day(last),
    )


def _day(text: str) -> tuple[int, str]:
    if not text.startswith("-"):
        return (1, text)
    # Of years before 0 the greater number is the earlier one: count from the other end.
    year, _, rest = text[1:].partition("-")
    return (-1, f"{10_000_000 - int(year or 0):08d}-{rest}" if year.isdigit() else text)


def _dated(date: DateRecord | DateRef | None) -> Passage | None:
    if date is None:
        return None
    if isinstance(date, DateRecord):
        return Passage(text=f"{date.text} ({date.value})", start=date.start, end=date.end)
    return Passage(text=f"{date.text} ({date.value})" if date.text else date.value)


# Events


def _event(verdict: Verdict, old: EventRecord, new: EventRecord, people: _People) -> None:
    if old.polarity != new.polarity:
        verdict.add("polarity_flipped", "polarity", old.polarity, new.polarity)
    if old.status != new.status:
        verdict.add("status_changed", "status", old.status, new.status)
    verdict.add(
        _moved(old.date, new.date),
        "date",
        _located(old.date, verdict.old),
        _located(new.date, verdict.new),
    )
    before, after = _own(old, verdict.old), _own(new, verdict.new)
    _participants(verdict, _undated(old), _undated(new), people, differences(before, after))
    _order_of(verdict, old, new)
    _words(verdict, "text", _span(old), _span(new), before, after)


def _undated(event: EventRecord) -> list[Participant]:
    """The participants without the event's date, which may stand among their words."""
    date = event.date.text
    return [
        msgspec.structs.replace(p, text=" ".join(p.text.replace(date, " ").split()) or p.text)
        if date
        else p
        for p in event.participants
    ]


def _participants(
    verdict: Verdict,
    old: Sequence[Participant],
    new: Sequence[Participant],
    people: _People,
    runs: Sequence[Difference],
) -> None:
    """Someone else in a role; one who comes or goes is told by the words.

    Args:
        verdict: takes what is found.
        old: who took part.
        new: who takes part now.
        people: who is who.
        runs: in which words the events differ.
    """
    for role in dict.fromkeys(p.role for p in (*old, *new)):
        before = [p for p in old if p.role == role]
        after = [p for p in new if p.role == role]
        gone = [p for p in before if not any(people.same(p, q) for q in after)]
        come = [q for q in after if not any(people.same(p, q) for p in before)]
        if gone and come and _is_exchanged(gone[0].text, come[0].text, runs):
            verdict.add("participant_changed", f"participants.{role}", gone[0], come[0])


def _is_exchanged(old: str, new: str, runs: Sequence[Difference]) -> bool:
    """Whether someone else stands in a claim, and not the claim in other words or another reading.

    Where all the words of two phrases stand in both claims, one of them was only read in another
    role. Where what is claimed is put into other words too, the phrase is, unless a name or a
    number tells it from the other one.

    Args:
        old: the phrase before.
        new: the phrase after.
        runs: in which words the claims differ.
    """
    before, after = words_of(old), words_of(new)
    here, there = ({w.key for w in phrase if not w.is_slight} for phrase in (before, after))
    told = [
        run
        for run in runs
        if run.weight == "meaning" and not all(w.is_negation for w in (*run.old, *run.new))
    ]
    # What of each run is not of the phrases.
    rest = [
        (
            [w for w in run.old if w.key not in here],
            [w for w in run.new if w.key not in there],
        )
        for run in told
    ]
    touched = [
        len(old_rest) < len(run.old) or len(new_rest) < len(run.new)
        for run, (old_rest, new_rest) in zip(told, rest, strict=True)
    ]
    if not any(touched):
        return False
    apart = here ^ there
    if any(w.key in apart and (w.text[0].isupper() or w.is_number) for w in (*before, *after)):
        return True
    return not any(
        old_rest and new_rest if touches else old_rest or new_rest
        for touches, (old_rest, new_rest) in zip(touched, rest, strict=True)
    )


def _order_of(verdict: Verdict, old: EventRecord, new: EventRecord) -> None:
    """An order that the text states the other way round."""
    before = {keys_of(_event_text(verdict.old, o.event)): o for o in old.order}
    for stated in new.order:
        other = before.get(keys_of(_event_text(verdict.new, stated.event)))
        if other is not None and other.relation != stated.relation:
            verdict.add("order_changed", "order", other.evidence, stated.evidence)


def _event_text(view: View, event: str) -> str:
    return view.trigger_of(event) or ""


# Predictions


def _prediction(
    verdict: Verdict, old: PredictionRecord, new: PredictionRecord, people: _People
) -> None:
    _hedge(verdict, old, new)
    if old.polarity != new.polarity:
        verdict.add("polarity_flipped", "polarity", old.polarity, new.polarity)
    if old.orientation != new.orientation:
        verdict.add("orientation_changed", "orientation", old.orientation, new.orientation)
    _condition(verdict, old.condition, new.condition)
    if _moved(old.horizon, new.horizon):
        verdict.add(
            "horizon_changed",
            "horizon",
            _located(old.horizon, verdict.old),
            _located(new.horizon, verdict.new),
        )
    _holder(verdict, old, new, people)
    if old.speech_act != new.speech_act:
        verdict.add("type_changed", "speech_act", old.speech_act, new.speech_act)
    before, after = verdict.old.own_words(old), verdict.new.own_words(new)
    if (
        old.subject
        and new.subject
        and not people.same_words(old.subject.text, new.subject.text)
        and _is_exchanged(old.subject.text, new.subject.text, differences(before, after))
    ):
        verdict.add("participant_changed", "subject", old.subject, new.subject)
    _words(verdict, "proposition", old.proposition, new.proposition, before, after)


def _hedge(verdict: Verdict, old: PredictionRecord, new: PredictionRecord) -> None:
    before, after = sureness(old), sureness(new)
    name: ChangeType | None = None
    if (old.condition is None) != (new.condition is None) and _unconditional(old) == _unconditional(
        new
    ):
        # That a condition makes it less sure is what its coming and going says.
        return
    if before != after:
        name = "hedge_strengthened" if after > before else "hedge_weakened"
    elif old.polarity == new.polarity:
        odds = _odds(new.likelihood, new.polarity) - _odds(old.likelihood, old.polarity)
        stated = "stated" in (old.likelihood.basis, new.likelihood.basis)
        if odds and (stated or abs(odds) >= _SAME_ODDS):
            name = "hedge_strengthened" if odds > 0 else "hedge_weakened"
    if name is not None:
        verdict.add(name, "likelihood", likelihood_of(old), likelihood_of(new))
        verdict.add(name, "cues", cues_of(old.cues), cues_of(new.cues))
    elif cues_of(old.cues) != cues_of(new.cues):
        texts = [" ".join(cue.text for cue in record.cues) for record in (old, new)]
        if texts[0] != texts[1]:
            verdict.add(_wording(*texts), "cues", cues_of(old.cues), cues_of(new.cues))


def _unconditional(prediction: PredictionRecord) -> list[str]:
    """The cues that a condition does not bring with it."""
    return [cue.lemma for cue in prediction.cues if cue.form != "conditional"]


def sureness(prediction: PredictionRecord) -> float:
    """How sure the prediction is of what it says, 0 to 8 (see `_SURENESS`)."""
    level = prediction.likelihood.level
    if not prediction.hedged and level == "unspecified":
        return _PLAIN
    return sureness_of(level, prediction.polarity)


def sureness_of(level: Level, polarity: Polarity) -> float:
    """How sure a hedge of some level leaves a claim, 0 to 7 (see `_SURENESS`)."""
    return _SURENESS[_MIRRORED.get(level, level) if polarity == "negative" else level]


def _odds(likelihood: Likelihood, polarity: Polarity) -> float:
    if likelihood.low is None or likelihood.high is None:
        return 0.0
    middle = (likelihood.low + likelihood.high) / 2
    return middle if polarity == "positive" else 100 - middle


def likelihood_of(prediction: PredictionRecord) -> str:
    """How likely a prediction makes its event, for the reader: `possible (25 to 50 %)`."""
    likelihood = prediction.likelihood
    if likelihood.low is None or likelihood.high is None:
        return likelihood.level if prediction.hedged else "not hedged"
    if likelihood.low == likelihood.high:
        return f"{likelihood.level} ({likelihood.low:g} %)"
    return f"{likelihood.level} ({likelihood.low:g} to {likelihood.high:g} %)"


def cues_of(cues: Sequence[PredictionCue]) -> Passage | None:
    """The words that mark a prediction, from the first to the last."""
    if not cues:
        return None
    return Passage(
        text=" … ".join(cue.text for cue in cues),
        start=min(cue.start for cue in cues),
        end=max(cue.end for cue in cues),
    )


def _condition(verdict: Verdict, old: Span | None, new: Span | None) -> None:
    if old is None or new is None:
        name: ChangeType | None = None
        if old is not new:
            name = "condition_added" if old is None else "condition_removed"
        verdict.add(name, "condition", old, new)
    elif old.text != new.text:
        slight = not _meaning(old.text, new.text)
        verdict.add("cosmetic" if slight else "condition_changed", "condition", old, new)


def _holder(
    verdict: Verdict, old: PredictionRecord, new: PredictionRecord, people: _People
) -> None:
    before, after = old.holder, new.holder
    one = before.name or before.text or ""
    other = after.name or after.text or ""
    same = before.kind == after.kind and (
        people.same_entity(before.entity, after.entity) or people.same_words(one, other)
    )
    if not same:
        verdict.add("holder_changed", "holder", one or before.kind, other or after.kind)


# Quotes


def _quote(verdict: Verdict, old: QuoteRecord, new: QuoteRecord, people: _People) -> None:
    quoted(verdict, old, new)
    _speaker(verdict, old.speaker, new.speaker, people)
    before, after = old.cue, new.cue
    if (before and before.stance) != (after and after.stance) and before and after:
        verdict.add("cue_changed", "cue", before, after)
    elif (before and before.text) != (after and after.text):
        same = before is not None and after is not None and before.lemma == after.lemma
        verdict.add("cosmetic" if same else "reworded", "cue", before, after)
    if (old.reported is None) != (new.reported is None):
        verdict.add("cue_changed", "reported", old.reported, new.reported)
    verdict.add(
        _moved(old.date, new.date),
        "date",
        _located(old.date, verdict.old),
        _located(new.date, verdict.new),
    )
    for field, one, other in (
        ("addressee", old.addressee, new.addressee),
        ("venue", old.venue, new.venue),
    ):
        if (one and one.text) != (other and other.text):
            slight = one and other and not _meaning(one.text, other.text)
            verdict.add("cosmetic" if slight else "reworded", field, one, other)
    _content(verdict, old, new)


def quoted(verdict: Verdict, old: QuoteRecord, new: QuoteRecord) -> None:
    """Note whether quotation marks came or went."""
    if (old.type == "indirect") != (new.type == "indirect"):
        indirect = old.type == "indirect"
        name: ChangeType = "paraphrase_to_quote" if indirect else "quote_to_paraphrase"
        verdict.add(name, "type", old.type, new.type)


def _content(verdict: Verdict, old: QuoteRecord, new: QuoteRecord) -> None:
    """Word by word; between quotation marks another word is another quote."""
    before, after = words_of(content_of(old)), words_of(content_of(new))
    said = old.type != "indirect" and new.type != "indirect"
    marked = [_between_marks(old), _between_marks(new)] if said else [[], []]
    runs = differences(before, after)
    for number, run in enumerate(runs, start=1):
        at = _places(run, old.content, new.content, verdict)
        if run.weight == "slight":
            name: ChangeType = "cosmetic"
        elif any(_holds(spans, words) for spans, words in zip(marked, run[:2], strict=True)):
            name = "quote_altered"
        else:
            name = "reworded"
        verdict.add(name, f"content.{number}", *at)
        if run.weight == "number" and not _in_dates(at, verdict):
            verdict.add("quantity_changed", f"content.{number}", *at)
    if not runs and content_of(old) != content_of(new):
        verdict.add("cosmetic", "content", content_of(old), content_of(new))


def _between_marks(quote: QuoteRecord) -> list[tuple[int, int]]:
    """Which stretches of a quote's content are given as said: all, none, or those in marks."""
    text = content_of(quote)
    if quote.type != "mixed":
        return [(0, len(text))] if quote.type == "direct" else []
    ends = [match.start() for match in _MARKS.finditer(text)]
    if len(ends) % 2:
        ends.append(len(text))
    return list(zip(ends[::2], ends[1::2], strict=True))


def _holds(spans: Sequence[tuple[int, int]], words: Sequence[Word]) -> bool:
    return any(start <= word.start < end for start, end in spans for word in words)


def _speaker(verdict: Verdict, old: Speaker | None, new: Speaker | None, people: _People) -> None:
    if old and new:
        if people.same_entity(old.entity, new.entity) or people.same_words(old.name, new.name):
            if old.text != new.text:
                verdict.add(_wording(old.text, new.text), "speaker", old, new)
            return
    elif old is new:
        return
    name: ChangeType = "speaker_changed"
    if _is_open(old) and not _is_open(new) and _described(old, new):
        name = "speaker_resolved"
    elif _is_open(new) and not _is_open(old) and _described(new, old):
        name = "speaker_unresolved"
    verdict.add(name, "speaker", _named(old), _named(new))


def _is_open(speaker: Speaker | None) -> bool:
    """Whether nobody is named: no source, a pronoun or a description that leads to no name."""
    return speaker is None or speaker.anonymous or speaker.resolved_by is None


def _described(source: Speaker | None, named: Speaker | None) -> bool:
    """Whether a source without a name can be the one that has one: nothing of it speaks against."""
    if source is None or named is None or not _heart(source.text) - _pronouns():
        return True
    return bool(_heart(source.text) & _heart(f"{named.text} {named.role or ''}"))


def _named(speaker: Speaker | None) -> Passage | None:
    if speaker is None:
        return None
    text = speaker.text if speaker.text == speaker.name else f"{speaker.text} ({speaker.name})"
    return Passage(text=text, start=speaker.start, end=speaker.end)


# Words


def _words(
    verdict: Verdict,
    field: str,
    old: Span,
    new: Span,
    before: Sequence[Word],
    after: Sequence[Word],
) -> None:
    """Numbers, words, and what is left of a difference in letters."""
    numbers = 0
    for run in differences(before, after):
        at = _places(run, (old,), (new,), verdict)
        if run.weight == "number" and not _in_dates(at, verdict):
            numbers += 1
            verdict.add("quantity_changed", f"quantity.{numbers}", *at)
        else:
            name: ChangeType = "cosmetic" if run.weight == "slight" else "reworded"
            verdict.add(name, field, old, new)
    if (not verdict.types and [w.text for w in before] != [w.text for w in after]) or (
        not verdict.types and old.text != new.text
    ):
        verdict.add("cosmetic", field, old, new)


def _in_dates(at: tuple[Passage | None, Passage | None], verdict: Verdict) -> bool:
    """Whether both numbers are those of dates, which have records of their own."""
    before, after = at
    return (
        before is not None
        and after is not None
        and verdict.old.is_dated(before.start)
        and verdict.new.is_dated(after.start)
    )


def _meaning(old: str, new: str) -> list[Difference]:
    """The runs of words in which two texts say something else."""
    return [run for run in differences(words_of(old), words_of(new)) if run.weight != "slight"]


def _wording(old: str, new: str) -> ChangeType:
    return "reworded" if _meaning(old, new) else "cosmetic"


def _own(event: EventRecord, view: View) -> list[Word]:
    return list(view.own_words(event))


def _span(record: DateRecord | EventRecord) -> Span:
    return Span(start=record.start, end=record.end, text=record.text)


def _places(
    run: Difference, old: Sequence[Span], new: Sequence[Span], verdict: Verdict
) -> tuple[Passage | None, Passage | None]:
    return (
        passage_of(run.old, old, verdict.old.version.text),
        passage_of(run.new, new, verdict.new.version.text),
    )


def passage_of(words: Sequence[Word], spans: Sequence[Span], source: str | None) -> Passage | None:
    """A run of words of the joined texts of spans, with its place in the file.

    The place is exact or left out: where markup or line ends stand inside a span, it is found in
    the file, and where there is none at hand, there is none.
    """
    if not words:
        return None
    text = " ".join(span.text for span in spans)
    start, end = words[0].start, words[-1].end
    said = text[start:end]
    first, last = place_in(start, spans, source), place_in(end - 1, spans, source)
    if first is None or last is None:
        return Passage(text=said)
    return Passage(text=said, start=first, end=last + 1)


def place_in(offset: int, spans: Sequence[Span], source: str | None) -> int | None:
    """The place in the file of a character of the joined texts of spans."""
    for span in spans:
        if offset < len(span.text):
            if span.end - span.start == len(span.text):
                return span.start + offset
            return None if source is None else _sought(offset, span, source)
        offset -= len(span.text) + 1
    return None


def _sought(offset: int, span: Span, source: str) -> int | None:
    """Walk along the file to the character, over white space and nothing else."""
    at = span.start
    for character in span.text[: offset + 1]:
        if character.isspace():
            continue
        while at < span.end and source[at].isspace():
            at += 1
        if at >= span.end or source[at] != character:
            return None
        at += 1
    return at - 1


# Who is who


class _People:
    """Whether two names or descriptions are one and the same's."""

    def __init__(self, old: View, new: View, renamed: Mapping[str, str]) -> None:
        self._old = old
        self._new = new
        self._renamed = renamed
        names = {id: (old.name_of(id), new.name_of(other)) for id, other in renamed.items()}
        self._names = {
            one: other for one, other in names.values() if one and other and one != other
        }

    def same_entity(self, old: str | None, new: str | None) -> bool:
        """Whether an entity of the old version is one of the new version."""
        return old is not None and new is not None and self._renamed.get(old) == new

    def same(self, old: Participant, new: Participant) -> bool:
        """Whether two participants are one."""
        return self.same_entity(old.entity, new.entity) or self.same_words(old.text, new.text)

    def same_words(self, old: str, new: str) -> bool:
        """Whether two phrases can mean the same one: in other words of that, or as a pronoun."""
        for one, other in self._names.items():
            if one in old and other in new:
                old = old.replace(one, other)
        if old == new:
            return True
        before, after = _heart(old), _heart(new)
        if before <= after or after <= before:
            return bool(before and after) or before == after
        if (len(before) == 1 and before <= _pronouns()) or (
            len(after) == 1 and after <= _pronouns()
        ):
            return True
        return all(run.weight != "meaning" for run in differences(words_of(old), words_of(new)))


def _heart(text: str) -> frozenset[str]:
    return frozenset(
        word.key for word in words_of(text) if not word.is_slight and not word.is_number
    )


def _pronouns() -> frozenset[str]:
    return frozenset(row.form for row in rows("pronouns", _Pronoun))


def _located(date: DateRef | None, view: View) -> Passage | None:
    """A date as another record has it, with its place when it has a record of its own."""
    if date is None:
        return None
    place = view.date_of(date.id)
    if place is not None and place.text == date.text:
        return _dated(place)
    return _dated(date)
