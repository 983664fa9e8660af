"""The day that a report tells of, for verbs that say no time of their own.

News gives the day of its main event once, near the start ("unveiled the plan on Tuesday"), and goes
on in the simple past about that day. The day is taken from the first event in the body that the
text itself dates to one day shortly before the writing. It holds for main clauses in the simple
past that are nobody's quoted word, until the paragraph gives another time; never for what had
happened before (pluperfect), has happened at some time (perfect) or is yet to come. A headline
tells the same in the present tense.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date as Day

from spacy.tokens import Doc, Token

from ..language import syntax
from . import layers
from .findings import Date, Event
from .ties import Tie, inherited_ties
from .triggers import Words

REACH_DAYS = 7
"""How many days before the writing the day of a report may lie."""

OPENING_SENTENCES = 12
"""How many sentences of the body a report takes to give its day."""

CONFIDENCE = 0.05
"""On the scale of `ties`, whose annotators tie an event to a date in its own sentence only. Where
readers date events from the whole article (SemEval-2015 task 4) such a date is right in 0.86 of the
mentions that have one."""


class Sections:
    """Which section and which block a token stands in; a bare Doc is one block of body."""

    def __init__(self, doc: Doc) -> None:
        self._blocks = layers.get_context(doc).blocks
        self._starts = [block.start for block in self._blocks]

    def at(self, token: Token) -> tuple[str, int]:
        """(section, index of the block)."""
        index = bisect_right(self._starts, token.idx) - 1
        if index < 0 or token.idx >= self._blocks[index].end:
            return "body", index
        return self._blocks[index].section, index


def day_of_story(
    doc: Doc, events: Sequence[Event], dates: Sequence[Date], sections: Sections, now: str | None
) -> int | None:
    """The index of the date of the day that the article tells of; None when it has none.

    Args:
        doc: the parsed Doc.
        events: events that the text dates itself, in reading order.
        dates: the dates.
        sections: where tokens stand.
        now: the last day of writing, ISO.
    """
    if now is None:
        return None
    opening = _opening(doc, sections)
    for event in events:
        if event.trigger.start >= opening:
            break
        if event.date is None or event.status != "occurred" or event.source is not None:
            continue
        date = dates[event.date]
        trigger = doc[event.trigger.start]
        if sections.at(trigger)[0] != "body" or date.earliest != date.latest:
            continue
        if _is_shortly_before(date.earliest, now) and not _is_before_the_past(trigger):
            return event.date
    return None


def _opening(doc: Doc, sections: Sections) -> int:
    """The token after the opening of the body, in which a report says when."""
    count = 0
    for sentence in doc.sents:
        if sections.at(sentence[0])[0] == "body":
            count += 1
            if count == OPENING_SENTENCES:
                return sentence.end
    return len(doc)


def _is_shortly_before(day: str | None, now: str) -> bool:
    try:
        return (
            day is not None
            and 0 <= (Day.fromisoformat(now) - Day.fromisoformat(day)).days <= REACH_DAYS
        )
    except ValueError:  # a year before 1 or after 9999: no news
        return False


def _is_before_the_past(trigger: Token) -> bool:
    return any(aux.lower_ == "had" for aux in syntax.auxiliaries(syntax.clause_head(trigger)))


def narrative_ties(
    doc: Doc,
    dates: Sequence[Date],
    date: int,
    taken: Mapping[int, int],
    timed: AbstractSet[int],
    quoted: AbstractSet[int],
    sections: Sections,
    words: Words,
) -> Iterator[Tie]:
    """Verbs of main clauses that the day of the story holds for.

    Args:
        doc: the parsed Doc.
        dates: the dates.
        date: the index of the date of that day.
        taken: trigger → index of its date, for triggers that have one.
        timed: words that some date or length says the time of.
        quoted: tokens of quoted words.
        sections: where tokens stand.
        words: the lexicon.
    """
    told = set(taken)
    left: int | None = None  # the block that went on to another time
    lede = True
    for sentence in doc.sents:
        section, block = sections.at(sentence[0])
        if section not in ("body", "title", "dek"):
            continue
        root = sentence.root
        main = [root, *words.coordinated(root)]
        # "Sales fell," he **said**: what stands beside a quotation tells as well.
        main += [child for child in root.children if syntax.is_side_clause(child)]
        if section == "body" and any(taken.get(token.i, date) != date for token in main):
            left = block
        for predicate in main if block != left else ():
            if predicate.i in timed or predicate.i in quoted:
                continue
            if not _tells(predicate, headline=section != "body", lede=lede):
                continue
            heirs = deque(words.triggers_of(predicate))
            while heirs:
                trigger = heirs.popleft()
                if trigger.i in told or trigger.i in quoted:
                    continue
                told.add(trigger.i)
                tie = Tie(trigger, date, "narrative", CONFIDENCE)
                yield tie
                shared = inherited_ties(tie, dates[date], words, timed)
                heirs.extend(inherited.trigger for inherited in shared)
        lede = lede and section != "body"


def _tells(predicate: Token, *, headline: bool, lede: bool) -> bool:
    """Whether a main clause tells what happened, by its tense."""
    if predicate.pos_ != "VERB":
        return False
    if syntax.is_perfect(predicate):
        # The news itself is told in the perfect in the first sentence alone.
        return lede and not headline and not _is_before_the_past(predicate)
    return syntax.tense(predicate) == ("present" if headline else "past")


__all__ = ["Sections", "day_of_story", "narrative_ties"]
