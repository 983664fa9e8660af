"""Recognition: typed atoms → expressions, each with the tree of what it says.

A small recursive-descent grammar over the types of `words`. The scan goes from seed to seed (a
word that can make an expression of time); around each it takes the stretch of atoms that mean
something to it, and from the left end of that stretch on the longest expression that parses. A
stretch is at most `MAX_REACH` atoms long on the left and no rule looks further than a fixed number
of atoms ahead, so the whole is linear in the text. Neither tags nor a parse are asked: what they
could add is a tie-breaker, and the stage must run on a blank pipeline.

The rules read from the top: `expression` → bounds, ranges, points, lengths, recurrences; a point is
a calendar date, a relative one, a part of one, a time of day.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from .cursor import Parsed
from .days import with_year
from .hours import Hours
from .lengths import iso_length, period
from .tree import (
    About,
    Ahead,
    Bounded,
    BoundKind,
    Calendar,
    Clock,
    DayPart,
    Directed,
    Interval,
    Named,
    Node,
    Nth,
    Piece,
    Relative,
    Repeated,
    Shifted,
    Stretch,
    Then,
    Vague,
    Writing,
    Years,
)
from .words import Atoms, vocabulary

MAX_REACH = 14
"""Atoms to the left of a seed at which its expression may begin."""

_ADDRESS = 200


class Expression(NamedTuple):
    """An expression: offsets in the text, positions of its atoms, and its tree."""

    start: int
    end: int
    first: int
    after: int
    tree: Node


def find_expressions(text: str, atoms: Atoms) -> list[Expression]:
    """Every expression of time in a text, in order, none overlapping."""
    grammar = _Grammar(atoms)
    found: list[Expression] = []
    free = 0
    for seed in atoms.seeds:
        if seed < free:
            continue
        free = max(free, grammar.no_date(seed))
        if seed < free:
            continue
        left = seed
        while left > free and seed - left < MAX_REACH and grammar.extends(left - 1):
            left -= 1
        for begin in range(left, seed + 1):
            parsed = grammar.expression(begin)
            if parsed is not None and parsed[1] > seed and grammar.stands_free(begin, parsed[1]):
                if isinstance(parsed[0], Vague):
                    begin, parsed = grammar.instead_of_vague(begin, parsed)
                node, after = parsed
                begin = grammar.without_article(begin, parsed)
                start, end = atoms.start[begin], atoms.end[after - 1]
                found.append(Expression(start, end, begin, after, node))
                free = after
                break
    return found


class _Grammar(Hours):
    """The rules of whole expressions.

    Attributes:
        war: the named war that the text has met last, as a row of `dates_named.jsonl`.
    """

    def __init__(self, atoms: Atoms) -> None:
        super().__init__(atoms)
        self.war: int | None = None

    def no_date(self, at: int) -> int:
        """The position after a phrase that only looks like a date: "Sunday Times"; 0 if none."""
        phrase = self.atoms.phrases.get(at)
        if phrase is None:
            return 0
        after = at + len(phrase.atoms)
        spelling = self.text[self.start[at] : self.end[after - 1]]
        if phrase.kind == "none" or (phrase.kind == "name" and spelling == phrase.value):
            return after
        if phrase.kind != "named" or not isinstance(phrase.value, int):
            return 0
        if "/" in (self.named_days[phrase.value].date or "") and not self.is_bound(phrase.value):
            self.war = phrase.value
        # A war is an event; only a preposition makes its name a time.
        return after if self.is_event(at, phrase.value) else 0

    def without_article(self, begin: int, parsed: tuple[Node, int]) -> int:
        """The beginning without an article that belongs to a noun after it: the **2008** crisis."""
        node, after = parsed
        if self.low[begin] != "the" or not isinstance(
            node, Calendar | Named | Interval | Years | Nth | Piece
        ):
            return begin
        if not self.has(after, "IDENTIFIER") and (
            self.follows_date(after) or not self.noun_after(after)
        ):
            return begin
        bare = isinstance(node, Calendar) and node.day is None and node.season is None
        if self.capital(after) and not bare:
            return begin
        return begin + 1 if self.expression(begin + 1) == parsed else begin

    def extends(self, at: int) -> bool:
        """Whether an expression may run over this atom to the left of a seed."""
        return (
            bool(self.senses[at])
            or (self.is_adjective(at) and self.has(at + 1, "UNITS"))
            or self.kind[at] in ("number", "clock", "slash", "iso")
            or self.low[at] in (",", "-", "'", ".", "(", ")", "/", "]")
        )

    def stands_free(self, begin: int, after: int) -> bool:
        """Whether the expression is no part of an address, an amount of money or a code."""
        left, right = self.start[begin], self.end[after - 1]
        if self.in_address(left):
            return False
        before = self.text[left - 1 : left] if left else ""
        behind = self.text[right : right + 1]
        digits = self.kind[begin] not in ("word", "mark")
        if (before and (before in "@\\_=&#$£€¥" or (before in "/.-+" and digits))) or (
            digits and before.isalnum()
        ):
            # "post-2014" is parsed with its prefix; "F-16", "v.2004" and "page/2004" stay out.
            return before == "-" and begin > 0 and not self.glued_word(begin - 1)
        if behind and (behind in "@\\_=%°" or (behind == "/" and digits)):
            return False
        follows = self.text[right + 1 : right + 2]
        return not (behind == "." and follows.isalnum() and digits and follows.islower())

    def in_address(self, offset: int) -> bool:
        """Whether the characters around belong to a web or mail address."""
        low = max(0, offset - _ADDRESS)
        begin = max(self.text.rfind(" ", low, offset), self.text.rfind("\n", low, offset))
        chunk = self.text[max(begin, low) : offset + 1]
        return "://" in chunk or "www." in chunk or "@" in chunk

    def glued_word(self, dash: int) -> bool:
        return dash > 0 and self.glued(dash - 1) and self.kind[dash - 1] in ("word", "number")

    def expression(self, at: int) -> Parsed:
        """The longest expression that begins here."""
        best: Parsed = None
        for rule in (self.bounded, self.interval, self.about, self.recurrence, self.length):
            parsed = rule(at)
            if parsed is not None and (best is None or parsed[1] > best[1]):
                best = parsed
        if best is None:
            best = self.vague(at)
            if best is not None and isinstance(best[0], Then):
                return Vague("PAST_REF"), best[1]  # a time only with "since", "by", "until"
        return best

    def about(self, at: int) -> Parsed:
        """A point, or words of approximation before one."""
        after = at
        while self.has(after, "APPROXIMATE", "SLACK") and after - at < 3:
            after += 1
        if self.low[at] == "c" and self.low[at + 1] == "." and self.glued(at):
            year = self.interval(at + 2) or self.year(at + 2)
            return None if year is None else (About(year[0]), year[1])
        if after == at or not self.has(at, "APPROXIMATE"):
            return self.point(at)
        # What only makes a date sharper ("just", "as late as") stays outside of it.
        point = self.point(after) if self.has(after - 1, "APPROXIMATE") else None
        if point is None or isinstance(point[0], Vague):
            return self.point(at)
        return About(point[0]), point[1]

    def bounded(self, at: int) -> Parsed:
        """Since 2001, by the end of June, until at least 2007, post-2014, as of Friday."""
        phrase = self.atoms.phrases.get(at)
        name = None if phrase is None else self.name(at)
        if name is not None:
            told = self.named_days[name[0]].bound
            if told is None:
                return None
            # The war that the text has named last, else the row's own.
            return Bounded(told, Named(name[0] if self.war is None else self.war)), name[1]
        bound: int | str | None
        if phrase is not None and phrase.kind == "bound":
            bound, after = phrase.value, at + len(phrase.atoms)
        else:
            bound, after = self.value(at, "BOUND"), at + 1
        if not isinstance(bound, str):
            return None
        if self.low[at] in ("post", "pre"):
            if self.low[after] != "-":
                return None
            after += 1
        over = False  # "until after the war" is until its end
        closing = self.closing(after) if bound in ("before", "until") else None
        if closing is not None:
            return Bounded("by", closing[0]), closing[1]
        inner = self.interval(after) or self.point(after) or self.then(after)
        if bound in ("until", "by", "before", "after", "since"):
            # "until at least 2007", "by as early as June", "until about 2010", "by in 2010"
            while inner is None and after - at < 4:
                if not self.has(after, "SLACK", "APPROXIMATE", "BOUND", "IN"):
                    break
                over = over or self.low[after] == "after"
                after += 1
                inner = self.interval(after) or self.point(after) or self.then(after)
        if inner is None and self.low[after] == "the":
            inner = self.point(after + 1)
        if inner is None and self.has(at, "SINCE"):
            inner = self.date_of_noun(at + 1)
        if inner is None:
            return None
        node, end = inner
        if isinstance(node, Interval) and bound in ("by", "until", "before"):
            node = node.last
        if isinstance(node, Interval | Vague | Repeated):
            return None
        if bound in ("before", "after"):
            if isinstance(node, DayPart):
                return None  # "before dawn on Monday" is on Monday
            if isinstance(node, Clock):
                return About(node), end  # "shortly before noon" is about noon
            if self.low[after] == "the" and isinstance(node, Calendar) and self.noun_after(end):
                # "before the 2014 protests" bounds the protests, not the year.
                return None
        if bound == "from" and phrase is None:
            if self.has(end, "ONWARD") and isinstance(node, Calendar):
                end += 1  # "from 2016 on"
            elif not self.opens(node) or (at and self.has(at - 1, "ORIGIN")):
                return None
        if self.low[at] in ("through", "thru") and not isinstance(node, Calendar | Piece):
            return None
        kind: BoundKind = bound  # type: ignore[assignment]
        if over and bound == "until" and isinstance(node, Named):
            kind = "through"
        return Bounded(kind, node), end

    def closing(self, at: int) -> Parsed:
        """The end that a clause tells: before **the year is out**, the decade was over."""
        whole = self.container(at)
        if whole is None or self.low[whole[1]] not in ("is", "was"):
            return None
        over = self.low[whole[1] + 1] in ("out", "over", "up", "done")
        return (Piece("end", whole[0], True), whole[1] + 2) if over else None

    def date_of_noun(self, at: int) -> Parsed:
        """The date of what it is since: since **independence in 1974**, since his death in 1971."""
        begin = at + 1 if self.has(at, "DETERMINER") else at
        for after in (begin + 1, begin + 2):
            if self.kind[after - 1] != "word" or self.senses[after - 1]:
                return None
            if self.low[after] in ("in", "on"):
                inner = self.point(after + 1)
                if inner is None or self.has(inner[1], "TENSE"):
                    return None  # "since inflation in 2014 was low" gives a reason
                node = inner[0].whole if isinstance(inner[0], Piece) else inner[0]
                dated = isinstance(node, Calendar) and node.year is not None
                return inner if dated else None
        return None

    def then(self, at: int) -> Parsed:
        """then, that time, that point, now: what only a preposition makes a date of."""
        if self.low[at] == "then":
            return Then(), at + 1
        if self.low[at] == "now" and at and self.low[at - 1] in ("until", "till"):
            return Relative("day", 0), at + 1
        parsed = self.vague(at)
        return parsed if parsed is not None and isinstance(parsed[0], Then) else None

    def opens(self, node: Node) -> bool:
        """Whether "from" before it says when something starts rather than where it comes from."""
        return isinstance(node, Calendar) and (
            node.month is not None and (node.year is not None or node.day is not None)
        )

    def interval(self, at: int) -> Parsed:
        """2004 to 2009, between March 1962 and May 1969, January 23 - March 9 2014."""
        between = self.low[at] in ("between", "from")
        begin = at + 1 if between else at
        if self.low[begin] == "years" and self.kind[begin + 1] == "number":
            begin += 1  # "the years 1955-1957"
        clocks = self.clock_interval(begin)
        if clocks is not None:
            return clocks
        days = self.day_interval(begin) or self.ancient_interval(begin)
        if days is not None:
            return days
        seasons = self.season_interval(begin)
        if seasons is not None:
            return seasons
        first = self.point(begin)
        if first is None:
            return None
        node, middle = first
        if isinstance(node, Vague | Shifted | Stretch | Ahead):
            return None
        if self.low[middle] == ",":
            middle += 1
        if self.low[middle] == "up" and self.low[middle + 1] == "to":
            middle += 1
        joined = self.low[middle]
        if (
            joined == "-"
            or self.has(middle, "RANGE")
            or (joined == "and" and self.low[at] == "between")
        ):
            second = self.end_of_interval(node, middle + 1)
        elif joined in ("and", "or", "/"):
            second = self.end_of_interval(node, middle + 1)
            if second is not None and not (
                self.adjacent(node, second[0]) or (joined == "/" and self.in_turn(node, second[0]))
            ):
                return None
        else:
            return None
        if second is None or isinstance(second[0], Vague):
            return None
        last, after = second
        node = self.in_same_year(node, last)
        if isinstance(node, Calendar) and isinstance(last, Directed) and node.year is None:
            if not isinstance(last.target, Nth):
                return None
            node = Directed(last.shift, Nth(0, "year", node), last.narrative)
        elif (isinstance(node, Calendar) and isinstance(last, Relative) and last.unit != "day") or (
            isinstance(node, Relative | Directed) and joined == "-"
        ):
            return None
        return Interval(node, last), after

    def in_same_year(self, node: Node, last: Node) -> Node:
        """The first end with the year that only the second one gives: **late May** to June 2012."""
        if isinstance(node, Piece):
            return msgspec.structs.replace(node, whole=self.in_same_year(node.whole, last))
        if isinstance(last, Piece):
            last = last.whole
        if (
            isinstance(node, Calendar)
            and isinstance(last, Calendar)
            and node.year is None
            and last.year is not None
            and node.weekday is None
        ):
            return with_year(node, last)
        return node

    def end_of_interval(self, first: Node, at: int) -> Parsed:
        """The other end, which may leave out what the first has said: 2008-09, 1968-9."""
        dated = isinstance(first, Calendar) and first.year is not None
        if dated and self.low[at - 1] in ("-", "/"):
            year = self.year_of_two(at - 2, at)
            if year is not None:
                return Calendar(year=year), self.over_fiscal(at + 1)
        begin = self.article(at)
        if dated and self.low[begin] in ("present", "now", "today"):
            return Writing(), begin + 1
        return self.point(at)

    def in_turn(self, first: Node, last: Node) -> bool:
        """Whether two years follow each other: 2014/15."""
        if not (isinstance(first, Calendar) and isinstance(last, Calendar)):
            return False
        return first.month is None and last.year is not None and first.year == last.year - 1

    def adjacent(self, first: Node, last: Node) -> bool:
        """Whether "A and B" are neighbours that share what is said once, and so one time.

        "June and July of 1973", "Sunday and Monday"; "1977 and 1978" are two.
        """
        if isinstance(last, Directed) and isinstance(last.target, Nth):
            last = last.target.whole or last
        if isinstance(first, Piece) and isinstance(last, Piece):
            # "late May or early June 2012": the one year is that of both
            meet = first.which == "end" and last.which == "start"
            whole = first.whole
            apart = isinstance(whole, Calendar) and whole.month is not None and whole.year is None
            return meet and apart and self.adjacent(whole, last.whole)
        if isinstance(first, Calendar) and isinstance(last, Calendar):
            a, b = first, last
            if a.month and b.month and not a.day and not b.day and not a.year:
                return (b.month - a.month) % 12 == 1
            if a.weekday is not None and b.weekday is not None and not (a.day or b.day):
                return (b.weekday - a.weekday) % 7 == 1
            return False
        return False

    def ancient_interval(self, at: int) -> Parsed:
        """499-493 BC, the 15th to the 19th century: the second end says what the first is."""
        value = self.integer(self.over_about(at))
        if value is not None and self.joins(self.over_about(at) + 1):
            at = self.over_about(at)
            last = self.year(self.over_about(at + 2))
            if (
                last is not None
                and last[1] > self.over_about(at + 2) + 1
                and last[0].year is not None
            ):
                ancient = last[0].year <= 0
                return Interval(Calendar(year=1 - value if ancient else value), last[0]), last[1]
        ordinal = self.ordinal(self.article(at))
        if ordinal is not None and self.joins(ordinal[1]):
            century = self.years(ordinal[1] + 1)
            if (
                century is not None
                and isinstance(century[0], Years)
                and century[0].unit == "century"
                and 1 <= ordinal[0] <= century[0].number
            ):
                return Interval(Years("century", ordinal[0] - 1), century[0]), century[1]
        return None

    def over_about(self, at: int) -> int:
        """Past one word of approximation: from **about** 1200 to **about** 400 BC."""
        return at + 1 if self.has(at, "APPROXIMATE") else at

    def recurrence(self, at: int) -> Parsed:
        """Every year, each August, per week, twice a year, daily, on Sundays, weekends."""
        senses = self.senses[at]
        if not senses:
            return self.times(at)
        if "PREFIX" in senses and self.low[at + 1] == "-":
            # "semi-annual"
            whole = vocabulary().words.get(self.low[at] + self.low[at + 2], {})
            told = whole.get("FREQUENCY")
            return (Repeated(told), at + 3) if isinstance(told, str) else None
        frequency = senses.get("FREQUENCY") or senses.get("WORKDAYS")
        if isinstance(frequency, str):
            # "Daily Mail" is a name.
            if self.capital(at) and at and not self.begins_sentence(at):
                return None
            if self.capital(at) and self.kind[at + 1] == "word" and self.capital(at + 1):
                return None
            return Repeated(frequency), at + 1
        if "NUMBER" in senses and self.low[at + 1] == "-" and self.has(at + 2, "FREQUENCY"):
            # "five-yearly"
            unit = str(self.senses[at + 2]["FREQUENCY"])
            return Repeated(unit.replace("1", str(senses["NUMBER"]))), at + 3
        if "EVERY" in senses:
            return self.every(at)
        if "TIMES" in senses:
            return self.times(at)
        weekdays = senses.get("WEEKDAYS")
        if isinstance(weekdays, int) and not (self.low[at + 1] == "'" and self.glued(at)):
            return Repeated("P1W"), at + 1
        if self.has(at, "WEEKDAY") and self.has(at + 1, "PARTS"):
            return Repeated("P1W"), at + 2
        begin = self.article(at)
        ordinal = (-1, begin + 1) if self.low[begin] == "last" else self.ordinal(begin)
        if (
            ordinal is not None
            and self.has(ordinal[1], "WEEKDAY")
            and self.has(ordinal[1] + 1, "OF")
        ):
            # "the first Monday of each month"
            return self.every(ordinal[1] + 2) if self.has(ordinal[1] + 2, "EVERY") else None
        if self.low[begin] == "weekends":
            return Repeated("P1W"), begin + 1
        if self.has(begin, "PARTS") and (begin > at or (at and self.low[at - 1] == "in")):
            return Repeated("P1D"), begin + 1
        if self.low[at] == "at" and self.low[at + 1] == "night":
            return Repeated("P1D"), at + 2
        return self.times(at)

    def times(self, at: int) -> Parsed:
        """Three times per day, twice a year, five days a week, once every five years."""
        if self.has(at, "TIMES") and self.has(at + 1, "EVERY") and self.low[at + 1] != "per":
            return self.every(at + 1)
        if self.has(at, "TIMES") and self.low[at] != "times":
            after, count = at + 1, int(self.senses[at]["TIMES"])
        else:
            number = self.number(at)
            if number is None or not (
                self.low[number[1]] == "times" or self.has(number[1], "UNITS")
            ):
                return None
            after, count = number[1] + 1, int(number[0])
            if self.low[number[1]] != "times":
                count = 1
        if not (self.low[after] in ("a", "an") or self.low[after] in ("per", "every", "each")):
            return None
        unit = self.value(after + 1, "UNIT")
        if not isinstance(unit, str):
            return None
        if count == 2 and unit == "year":
            return Repeated("P6M"), after + 2
        return Repeated(period(unit)), after + 2

    def every(self, at: int) -> Parsed:
        kind = self.value(at, "EVERY")
        after = at + 1
        count: float = 2 if kind == 3 else 1
        if kind == 2:
            unit = self.value(after, "UNIT")
            return (Repeated(period(str(unit))), after + 1) if unit else None
        if self.low[after] == "single":
            after += 1
        if self.low[after] in ("other",):
            count, after = 2, after + 1
        elif self.low[after] in ("few", "several", "couple"):
            quantity = self.plain_length(after)
            if quantity is None:
                return None
            return Repeated(iso_length(((None, quantity[0][1]),))), quantity[1]
        else:
            ordinal = self.ordinal(after)
            if ordinal is not None and ordinal[0] < 13 and self.recurs(ordinal[1]):
                count, after = ordinal
            else:
                number = self.mixed_number(after)
                if number is not None:
                    unit = self.value(number[1], "UNITS")
                    if not isinstance(unit, str):
                        return None
                    return Repeated(period(unit, number[0])), number[1] + 1
        unit = self.value(after, "UNIT") or (self.value(after, "UNITS") if kind == 3 else None)
        if isinstance(unit, str):
            return Repeated(period(unit, count)), after + 1
        if self.weekday(after) is not None or self.has(after, "WEEKDAYS"):
            part = after + 2 if self.has(after + 1, "PART") else after + 1
            if self.low[part] == "/" and self.has(part + 1, "WEEKDAY"):
                part += 2  # "every Wednesday/Thursday"
            return Repeated(period("week", count)), part
        if self.has(after, "PART"):
            return Repeated(period("day", count)), after + 1
        month = self.month(after)
        if month is not None:
            day = self.day_of_month(month[1])
            return Repeated(period("year", count)), day[1] if day else month[1]
        if self.season(after) is not None:
            return Repeated(period("year", count)), after + 1
        named = self.name(after)
        if named is not None:
            return Repeated(period("year", count)), named[1]
        return None

    def recurs(self, at: int) -> bool:
        return self.has(at, "UNIT", "WEEKDAY", "MONTH", "SEASON", "PART")

    def vague(self, at: int) -> Parsed:
        """A phrase for past, present or future and no more, from the lexicon."""
        phrase = self.atoms.phrases.get(at)
        if phrase is None or phrase.kind != "vague" or not isinstance(phrase.value, str):
            return None
        after = at + len(phrase.atoms)
        if phrase.value == "THEN":
            return Then(), after
        if phrase.value == "WRITING":
            return Writing(), after
        if self.low[after - 1] == "now" and self.is_discourse(at, after):
            return None
        return Vague(phrase.value), after

    def instead_of_vague(self, at: int, vague: tuple[Node, int]) -> tuple[int, tuple[Node, int]]:
        """A date that begins inside a vague phrase and goes beyond it: in **the past decade**."""
        for begin in range(at + 1, vague[1]):
            parsed = self.expression(begin)
            if parsed is not None and parsed[1] > vague[1]:
                return begin, parsed
        return at, vague

    def is_discourse(self, at: int, after: int) -> bool:
        """Whether "now" turns to something else and tells no time: "Now, ...", now that."""
        return self.low[after] == "that" or (
            self.capital(at) and self.low[after] == "," and after == at + 1
        )
