"""What each date is told from: the anchors a passage offers, read in order.

Candidates are the dateline or publication date (`now`) and the last date the text has given
(`then`). Words that point to the writing ("last week", "two years ago") take the first, words that
point back into the text ("the following year", "three days later") the second; a bare month,
weekday or day takes `now` unless the passage is telling of another time. The tense of the clause
says on which side of `now` a bare one lies; it is read off the parse where there is one, else off
the nearest word that tells it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ..records import Anchor as AnchorKind
from .calendar import Extent, Period, parse_edtf
from .grammar import Expression
from .normalise import Value
from .scene import Lean, Scene
from .tree import (
    About,
    Bounded,
    Calendar,
    Clock,
    DayPart,
    Directed,
    Interval,
    Named,
    Node,
    Piece,
    Relative,
    Stretch,
)
from .words import Atoms

DATELINE_REACH_DAYS = 7
"""A dateline further from the publication date than this is taken for something else."""

NARRATIVE_GAP_YEARS = 2
"""From how many years before the publication on a passage is taken to tell of another time."""

NARRATIVE_SHARE = 0.7
NARRATIVE_DATES = 4
"""A text with so many dates with years, this share of them so far back, tells of another time
throughout. Thresholds of the anchor experiment on WikiWars and TempEval-3 in the project's notes:
one rule for both kinds of text within three points of choosing by hand."""

_ASIDE_ATOMS = 5
"""How long an aside may be, in atoms, that ends in a year: ", built in 1987,"."""

_NEWS_OF_A_WEEKDAY = 2
"""How many years of long ago one weekday without a year outweighs: only news has them."""

_REACH_ATOMS = 30
"""How far from a date, in atoms, a word may be that tells the tense of its clause."""


class Anchors:
    """The state of one reading of a text, from its first expression to its last."""

    def __init__(
        self,
        atoms: Atoms,
        expressions: Sequence[Expression],
        *,
        published: str | None,
        dateline: str | None,
    ) -> None:
        self._atoms = atoms
        self.now, self.now_kind = choose_now(published, dateline)
        self._history = self._is_history(expressions)
        self._then: Extent | None = None
        self._day: Period | None = None
        self._then_paragraph = 0
        self._then_end = 0
        self._then_told = False
        self._breaks = [atoms.start[i] for i, kind in enumerate(atoms.kind) if kind == "break"]
        self._paragraph = 0

    def scene(self, expression: Expression, tense: Callable[[], Lean | None]) -> Scene:
        """The scene of the next expression.

        Args:
            expression: in the order of the text.
            tense: which way the parse says the clause looks; None where it does not say. Asked
                only when it matters.
        """
        while (
            self._paragraph < len(self._breaks) and self._breaks[self._paragraph] < expression.start
        ):
            self._paragraph += 1

        def lean() -> Lean:
            told = tense()
            return lean_of_words(self._atoms, expression) if told is None else told

        return Scene(
            now=self.now,
            now_kind=self.now_kind,
            then=self._then,
            day=self._day,
            narrative=self._is_narrative(expression),
            firm=self._history,
            lean=lean,
        )

    def note(self, expression: Expression, value: Value) -> None:
        """Take up a worked-out date as what the passage is talking about."""
        extent = value.extent
        if extent is None or isinstance(expression.tree, Stretch):
            return
        if _is_period_name(expression.tree, extent) or self._in_brackets(expression):
            return
        if self._history:
            if value.anchor in ("publication", "dateline") and self.now is not None:
                return
        elif self._is_background(expression):
            return
        self._then = extent
        self._then_paragraph = self._paragraph
        self._then_end = expression.after
        self._then_told = value.anchor in ("absolute", "narrative", "event")
        period = extent.last or extent.first
        if period is not None and period.unit == "day":
            self._day = period

    def _is_background(self, expression: Expression) -> bool:
        """Whether a year tells of a thing rather than of a step of the story.

        "a **1956** investigation", "the papers of **1952-1954**", "the ferry, built in **1987**,".
        """
        tree, low = expression.tree, self._atoms.low
        if isinstance(tree, Interval):
            return True
        if not isinstance(tree, Calendar) or tree.month is not None or tree.season is not None:
            return False
        before, after = expression.first - 1, expression.after
        if before >= 0 and low[before] in ("a", "an", "s", "his", "her", "its", "their"):
            return True
        if low[after] != ",":
            return False
        # An aside between commas; no sentence is one.
        for at in range(before, max(-1, before - _ASIDE_ATOMS), -1):
            if low[at] == ",":
                return at < before
            if self._atoms.kind[at] == "break" or _ends_sentence(self._atoms, at):
                return False
        return False

    def _in_brackets(self, expression: Expression) -> bool:
        """Whether the date stands in brackets: a life, a reference, no step of a story."""
        return any(
            self._atoms.low[at] == "("
            for at in range(max(0, expression.first - 2), expression.first)
        )

    def _is_history(self, expressions: Sequence[Expression]) -> bool:
        """Whether the whole text tells of a time long before it was written."""
        if self.now is None:
            return True
        written = self.now.of("year").number
        years = [
            node.year
            for expression in expressions
            for node in _points(expression.tree)
            if isinstance(node, Calendar) and node.year is not None and not node.short
        ]
        far = sum(year <= written - NARRATIVE_GAP_YEARS - 1 for year in years)
        deictic = sum(
            _NEWS_OF_A_WEEKDAY
            if isinstance(node, Calendar) and node.weekday is not None and node.year is None
            else isinstance(node, Relative | Directed) and not node.narrative
            for expression in expressions
            for node in _points(expression.tree)
        )
        return len(years) >= NARRATIVE_DATES and far > NARRATIVE_SHARE * (len(years) + deictic)

    def _is_narrative(self, expression: Expression) -> bool:
        """Whether a bare month or weekday here belongs to the time told of before."""
        if self._then is None or not self._then_told:
            return False
        if self._history:
            return True
        if self.now is None or self._paragraph != self._then_paragraph:
            return False
        period = self._then.last or self._then.first
        if period is None:
            return False
        gap = self.now.of("year").number - period.of("year").number
        if gap < NARRATIVE_GAP_YEARS:
            return False
        # A full date sets the scene for its paragraph, a bare year for its sentence.
        if period.unit in ("day", "month", "season", "week"):
            return True
        return not any(
            _ends_sentence(self._atoms, at)
            for at in range(self._then_end, min(expression.first, self._then_end + _REACH_ATOMS))
        )


def _points(node: Node) -> Iterator[Node]:
    """The dates a tree is made of."""
    if isinstance(node, Bounded | About):
        yield from _points(node.inner)
    elif isinstance(node, Interval):
        yield from _points(node.first)
        yield from _points(node.last)
    elif isinstance(node, Piece):
        yield from _points(node.whole)
    elif isinstance(node, Clock | DayPart) and node.day is not None:
        yield from _points(node.day)
    else:
        yield node


def _is_period_name(node: Node, extent: Extent) -> bool:
    """Whether it names a whole period ("World War II"), which is no point in a story."""
    if isinstance(node, Bounded):
        node = node.inner
    return isinstance(node, Named) and extent.first != extent.last


def choose_now(published: str | None, dateline: str | None) -> tuple[Period | None, AnchorKind]:
    """The time of writing: the dateline when it lies at the publication date, else that."""
    now = parse_edtf(published) if published else None
    told = parse_edtf(dateline) if dateline else None
    if told is not None and (
        now is None
        or now.unit != "day"
        or abs(told.first_day - now.first_day) <= DATELINE_REACH_DAYS
    ):
        return told, "dateline"
    return now, "publication"


def lean_of_words(atoms: Atoms, expression: Expression) -> Lean:
    """Which way the clause looks, by the nearest word of the sentence that tells it."""
    best, nearest = 0, _REACH_ATOMS + 1
    for step, begin in ((-1, expression.first - 1), (1, expression.after)):
        at = begin
        while 0 <= at < len(atoms.low) and abs(at - begin) < min(_REACH_ATOMS, nearest):
            word, kind = atoms.low[at], atoms.kind[at]
            if kind in ("break", "") or _ends_sentence(atoms, at):
                break
            told = atoms.senses[at].get("TENSE")
            if not isinstance(told, int) and kind == "word" and word.endswith("ed"):
                told = -1 if len(word) > 3 and not atoms.senses[at] else None
            if word in ("is", "are") and atoms.low[at + 1] == "to":
                told = 1  # "the vote is to be held"
            if isinstance(told, int):
                # What stands before the date tells more than what follows it.
                distance = abs(at - begin) * (1 if step < 0 else 2)
                if distance < nearest:
                    best, nearest = told, distance
                break
            at += step
    return 1 if best > 0 else -1 if best < 0 else 0


def _ends_sentence(atoms: Atoms, at: int) -> bool:
    if atoms.low[at] not in (".", "!", "?", ";"):
        return False
    # The full stop of an abbreviation or of an initial ends nothing.
    return not (at and len(atoms.low[at - 1]) < 4 and atoms.low[at] == "." and at > 1)
