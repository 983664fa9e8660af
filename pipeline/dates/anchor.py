"""What each date is told from: the anchors a passage offers, read in order.

`Anchors` walks through the expressions of a text and keeps a stack of marks: the dateline or
publication date, the last date of the story and the last of any kind, the dates given in full
before it in sentence, paragraph and heading, the one that follows in the sentence, and inside
quotation marks the time of the quotation. Which of them an expression is told from is decided by
`choosing`; on which side of the writing its clause looks is read off the parse where there is one,
else off the nearest word that tells it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from ..records import Anchor as AnchorKind
from .calendar import Extent, Period, parse_edtf
from .choosing import Judge, probabilities
from .grammar import Expression
from .normalise import Value, evaluate
from .scene import Lean, MarkKind, Scene, Sureness
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

_HEADING_ATOMS = 12
"""A paragraph of no more atoms that no full stop ends is a heading."""

_CLAUSE_ATOMS = 10
"""How far from "today", in atoms, a word may be that sets the present off against the past."""

_AUXILIARIES = 3
"""How many atoms before a participle its auxiliaries are looked for."""

_NEAR_ATOMS = 8
"""Within how many atoms a word that tells the tense is likely one of the date's own clause; those
behind the date count double."""

_REACH_ATOMS = 30
"""How far from a date, in atoms, a word may be that tells the tense of its clause."""


class _Setting(NamedTuple):
    """Where an expression stands: numbers of its paragraph and sentence, heading, quotation."""

    paragraph: int
    sentence: int
    heading: bool
    quoted: bool


class Anchors:
    """The state of one reading of a text, from its first expression to its last.

    Args:
        atoms: the text.
        expressions: all of its expressions, in order.
        published: EDTF day, month or year; None when unknown.
        dateline: the same.
        judge: weighs candidates; other than the fitted model only where that is fitted or tested.
    """

    def __init__(
        self,
        atoms: Atoms,
        expressions: Sequence[Expression],
        *,
        published: str | None,
        dateline: str | None,
        judge: Judge = probabilities,
    ) -> None:
        self._atoms = atoms
        self._judge = judge
        self.now, self.now_kind = choose_now(published, dateline)
        self._history = self._is_history(expressions)
        self._settings = _settings(atoms, expressions)
        self._explicit = [_explicit(expression.tree) for expression in expressions]
        self._at = -1
        self._then: Extent | None = None
        self._day: Period | None = None
        self._previous: Period | None = None
        self._uttered: tuple[int, Period] | None = None
        self._first = next((period for period in self._explicit if period is not None), None)
        # The last date given in full, by where it is looked for.
        self._full: dict[MarkKind, tuple[int, Period]] = {}
        self._then_paragraph = 0
        self._then_end = 0
        self._then_told = False

    def scene(self, expression: Expression, tense: Callable[[], Lean | None]) -> Scene:
        """The scene of the next expression.

        Args:
            expression: in the order of the text.
            tense: which way the parse says the clause looks; None where it does not say. Asked
                only when it matters.
        """
        self._at += 1
        known: list[tuple[Lean, Sureness]] = []

        def told() -> tuple[Lean, Sureness]:
            if not known:
                lean = tense()
                known.append(
                    lean_of_words(self._atoms, expression) if lean is None else (lean, "surely")
                )
            return known[0]

        setting = self._settings[self._at]
        return Scene(
            marks=self._marks(setting),
            now_kind=self.now_kind,
            then=self._then,
            day=self._day,
            told=self._is_narrative(expression),
            firm=self._history,
            quoted=setting.quoted,
            lasting=lambda: self._lasting(expression),
            lean=lambda: told()[0],
            sure=lambda: told()[1],
            judge=self._judge,
        )

    def _lasting(self, expression: Expression) -> bool:
        """Whether words about it set the present off against the past: "still in use **today**"."""
        atoms, first, after = self._atoms, expression.first, expression.after
        return any(
            "NOWADAYS" in atoms.senses[at]
            for at in (*range(max(0, first - _CLAUSE_ATOMS), first), after, after + 1)
        )

    def _marks(self, setting: _Setting) -> dict[MarkKind, Period]:
        """The anchors on offer to an expression, always in the same order."""
        marks: dict[MarkKind, Period] = {}
        if self.now is not None:
            marks["now"] = self.now
        event = None if self._then is None else self._then.last or self._then.first
        if event is not None:
            marks["event"] = event
        if self._previous is not None:
            marks["previous"] = self._previous
        for kind, number in (("sentence", setting.sentence), ("paragraph", setting.paragraph)):
            full = self._full.get(kind)  # type: ignore[call-overload]
            if full is not None and full[0] == number:
                marks[kind] = full[1]  # type: ignore[index]
        if "section" in self._full:
            marks["section"] = self._full["section"][1]
        after = self._at + 1
        if after < len(self._settings) and self._settings[after].sentence == setting.sentence:
            following = self._explicit[after]
            if following is not None:
                marks["next"] = following
        if self._first is not None:
            marks["first"] = self._first
        if setting.quoted and self._uttered is not None:
            paragraph, day = self._uttered
            if paragraph == setting.paragraph:
                marks["quote"] = day
        return marks

    def note(self, expression: Expression, value: Value) -> None:
        """Take up a worked-out date as what the passage is talking about."""
        extent = value.extent
        if extent is None or isinstance(expression.tree, Stretch):
            return
        period = extent.last or extent.first
        setting = self._settings[self._at]
        if period is not None:
            self._previous = period
            if period.unit == "day" and not setting.quoted:
                self._uttered = setting.paragraph, period
        full = self._explicit[self._at]
        if full is not None:
            self._full["sentence"] = setting.sentence, full
            self._full["paragraph"] = setting.paragraph, full
            if setting.heading:
                self._full["section"] = setting.paragraph, full
        if _is_period_name(expression.tree, extent) or self._in_brackets(expression):
            return
        if self._history:
            if value.anchor in ("publication", "dateline") and self.now is not None:
                return
        elif self._is_background(expression):
            return
        self._then = extent
        self._then_paragraph = setting.paragraph
        self._then_end = expression.after
        self._then_told = value.anchor in ("absolute", "narrative", "event")
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
        if self.now is None or self._settings[self._at].paragraph != self._then_paragraph:
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


def _settings(atoms: Atoms, expressions: Sequence[Expression]) -> list[_Setting]:
    """Where each expression stands; one walk through the text."""
    found: list[_Setting] = []
    paragraph = sentence = begin = at = 0
    quoted = heading = False
    size = len(atoms.low)
    for expression in expressions:
        while at < expression.first:
            if atoms.kind[at] == "break":
                paragraph, sentence, begin, quoted = paragraph + 1, sentence + 1, at + 1, False
            elif atoms.low[at] == "“" or (atoms.low[at] == '"' and not quoted):
                quoted = True
            elif atoms.low[at] in ("”", '"'):
                quoted = False
            elif _ends_sentence(atoms, at):
                sentence += 1
            at += 1
        if not found or found[-1].paragraph != paragraph:
            heading = _is_heading(atoms, begin, size)
        found.append(_Setting(paragraph, sentence, heading, quoted))
    return found


def _is_heading(atoms: Atoms, begin: int, size: int) -> bool:
    """Whether a short paragraph begins here that no full stop ends."""
    for at in range(begin, min(size, begin + _HEADING_ATOMS + 1)):
        if atoms.kind[at] in ("break", ""):
            return at == begin or atoms.low[at - 1] not in (".", "!", "?", ":", ",", "”", '"')
    return False


def _explicit(tree: Node) -> Period | None:
    """What a date that needs no anchor names; None for all others."""
    value = evaluate(tree, Scene())
    if value.extent is None or value.anchor != "absolute" or value.unresolved:
        return None
    return value.extent.last or value.extent.first


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


def lean_of_words(atoms: Atoms, expression: Expression) -> tuple[Lean, Sureness]:
    """Which way the clause looks, by the nearest word of the sentence that tells it.

    A word within a few atoms with no comma between is likely that of the clause itself, unless it
    introduces what somebody said.
    """
    best, nearest, near = 0, _REACH_ATOMS + 1, False
    for step, begin in ((-1, expression.first - 1), (1, expression.after)):
        at = begin
        apart = False
        while 0 <= at < len(atoms.low) and abs(at - begin) < min(_REACH_ATOMS, nearest):
            word, kind = atoms.low[at], atoms.kind[at]
            if kind in ("break", "") or _ends_sentence(atoms, at):
                break
            apart = apart or kind == "mark"
            told = atoms.senses[at].get("TENSE")
            if not isinstance(told, int) and kind == "word" and word.endswith("ed"):
                told = -1 if len(word) > 3 and not atoms.senses[at] else None
            if word in ("is", "are") and atoms.low[at + 1] == "to":
                told = 1  # "the vote is to be held"
            elif told == -1 and _is_ahead(atoms, at, expression):
                told = 1
            if isinstance(told, int):
                # What stands before the date tells more than what follows it.
                distance = abs(at - begin) * (1 if step < 0 else 2)
                if distance < nearest:
                    best, nearest = told, distance
                    near = not (apart or "SAYING" in atoms.senses[at])
                break
            at += step
    lean: Lean = 1 if best > 0 else -1 if best < 0 else 0
    return lean, "likely" if near and nearest <= _NEAR_ATOMS else "perhaps"


def _is_ahead(atoms: Atoms, participle: int, expression: Expression) -> bool:
    """Whether words before a past form make it one that looks ahead: "will be **held**"."""
    return any(
        atoms.senses[at].get("TENSE") == 1 or (atoms.low[at] == "to" and atoms.low[at + 1] == "be")
        for at in range(max(0, participle - _AUXILIARIES), participle)
        if not expression.first <= at < expression.after
    )


def _ends_sentence(atoms: Atoms, at: int) -> bool:
    if atoms.low[at] not in (".", "!", "?", ";"):
        return False
    # The full stop of an abbreviation or of an initial ends nothing.
    return not (at and len(atoms.low[at - 1]) < 4 and atoms.low[at] == "." and at > 1)
