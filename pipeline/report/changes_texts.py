"""The text of a version as a person reads it, and where in it a record stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz.distance import Indel

from ..errors import ArticleError
from ..reading import Article, read_text
from ..records import ArticleRecord, Record
from .changes_words import Run, runs
from .paragraphs import (
    Paragraph,
    Passage,
    Placed,
    Stretch,
    find_in_article,
    outermost,
    paragraphs_of,
    passage_around,
)

if TYPE_CHECKING:
    from ..revisions import Version

# In common words of the longer one: less is another paragraph; a moved one must be surer.
_ALIKE, _MOVED = 0.4, 0.6
# So many paragraphs of either side are compared each with each at a time.
_MOST_COMPARED = 100
# By its first words a paragraph is told from others.
_MOST_WORDS = 400
_WORD = re.compile(r"\w+")


class Reading:
    """One version as text.

    Attributes:
        paragraphs: in reading order. Where the file is not at hand, the texts of the records, of
            which none lies inside another.
        whole: whether it is all of the article.
        title: as the article states it.
    """

    def __init__(self, version: Version | None) -> None:
        records = version.records if version else ()
        head = next((record for record in records if isinstance(record, ArticleRecord)), None)
        self.title = head.title if head else None
        self._article = _read(version.text, head) if version and version.text else None
        self.whole = version is None or self._article is not None
        self._lines: list[int] = []
        self._passages: list[Passage] = []
        if self._article is not None:
            self.paragraphs = paragraphs_of(self._article)
            source = self._article.source
            self._lines = [match.end() for match in re.finditer(r"\r\n?|\n", source)]
        else:
            self._passages = _passages(records)
            self.paragraphs = [Paragraph(one.section, one.text) for one in self._passages]

    def line(self, place: Placed) -> int | None:
        """The line of the file on which a place begins, from 1; None without the file.

        None, too, when the place is one of another text: in no case is a line made up.
        """
        if self._article is None or not self.find(place):
            return None
        return bisect_right(self._lines, place.start) + 1

    def find(self, place: Placed) -> list[Stretch]:
        """Where a place is read, one stretch a paragraph; none when other words stand there."""
        if self._article is None:
            return self._find_in_records(place)
        return find_in_article(self._article, place)

    def _find_in_records(self, place: Placed) -> list[Stretch]:
        index = passage_around(self._passages, place)
        if index is None or not place.text:
            return []
        text = self.paragraphs[index].text
        at = place.start - self._passages[index].start
        if text[at : at + len(place.text)] != place.text:
            at = text.find(place.text)
        return [Stretch(index, at, at + len(place.text))] if at >= 0 else []


def _read(text: str, head: ArticleRecord | None) -> Article | None:
    known = ("text/markdown", "text/html")
    media_type = head.media_type if head and head.media_type in known else "text/plain"
    try:
        return read_text(text, media_type=media_type)  # type: ignore[arg-type]  # checked above
    except ArticleError:
        return None


def _passages(records: Iterable[Record]) -> list[Passage]:
    """The texts of all records that lie in no other one."""
    return outermost(
        Passage(record.start, record.end, record.section or "body", record.text)
        for record in records
        if not isinstance(record, ArticleRecord)
        and record.start is not None
        and record.end is not None
        and record.text
    )


class Row(NamedTuple):
    """Paragraphs that answer each other, or one that none answers.

    Attributes:
        old: index of the old paragraph, None when nothing stands there.
        new: index of the new one.
        moved: whether they stand elsewhere; such a pair makes two rows, one at each place, and
            both have both indices.
        side: which side a row of a moved pair shows: "old" or "new"; "both" otherwise.
    """

    old: int | None
    new: int | None
    moved: bool = False
    side: str = "both"


def set_side_by_side(old: Sequence[str], new: Sequence[str]) -> list[Row]:
    """Set two texts side by side, paragraph by paragraph; every paragraph is shown once.

    Example:
        >>> made = set_side_by_side(["One fish.", "Two men left."], ["Two men left gladly."])
        >>> made == [Row(0, None), Row(1, 0)]
        True
    """
    words = (_words_of(old), _words_of(new))
    pairs: list[tuple[int, int]] = []
    i = j = 0
    for run in [*runs(old, new), Run(len(old), len(old), len(new), len(new))]:
        pairs += zip(range(i, run.old), range(j, run.new), strict=True)
        pairs += _alike(range(run.old, run.old_end), range(run.new, run.new_end), words)
        i, j = run.old_end, run.new_end
    before, after = ({pair[side] for pair in pairs} for side in (0, 1))
    moved = _elsewhere(
        [i for i in range(len(old)) if i not in before],
        [j for j in range(len(new)) if j not in after],
        words,
    )
    return _in_order(pairs, moved, len(old), len(new))


_Words = tuple[list[list[str]], list[list[str]]]


def _words_of(texts: Sequence[str]) -> list[list[str]]:
    return [_WORD.findall(text)[:_MOST_WORDS] for text in texts]


def _alike(before: range, after: range, words: _Words) -> list[tuple[int, int]]:
    """The pairs, none of which crosses another, that have the most in common.

    Of long runs it looks at a window at a time, the next one behind the last pair.
    """
    pairs: list[tuple[int, int]] = []
    while before and after:
        found = _best(before[:_MOST_COMPARED], after[:_MOST_COMPARED], words)
        pairs += found
        i, j = found[-1] if found else (before[0], after[0])
        step = _MOST_COMPARED // 2
        if max(i - before[0], j - after[0]) < step:
            i, j = i + step, j + step  # little was found here: nothing is tried twice
        before, after = range(i + 1, before.stop), range(j + 1, after.stop)
    return pairs


def _best(before: range, after: range, words: _Words) -> list[tuple[int, int]]:
    best = [[0.0] * (len(after) + 1) for _ in range(len(before) + 1)]
    likeness = [[_likeness(words[0][i], words[1][j]) for j in after] for i in before]
    for i in reversed(range(len(before))):
        for j in reversed(range(len(after))):
            both = best[i + 1][j + 1] + likeness[i][j] if likeness[i][j] >= _ALIKE else 0.0
            best[i][j] = max(both, best[i + 1][j], best[i][j + 1])
    pairs = []
    i = j = 0
    while i < len(before) and j < len(after):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.append((before[i], after[j]))
            i, j = i + 1, j + 1
    return pairs


def _likeness(old: Sequence[str], new: Sequence[str]) -> float:
    return Indel.normalized_similarity(old, new) if old and new else 0.0


def _elsewhere(old: list[int], new: list[int], words: _Words) -> list[tuple[int, int]]:
    """The pairs of what is left that are one paragraph at two places, the likest first."""
    old, new = old[:_MOST_COMPARED], new[:_MOST_COMPARED]
    found = sorted((-_likeness(words[0][i], words[1][j]), i, j) for i in old for j in new)
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for unlikeness, i, j in found:
        if -unlikeness >= _MOVED and i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return sorted(pairs.items())


def _in_order(
    pairs: Sequence[tuple[int, int]], moved: Sequence[tuple[int, int]], old: int, new: int
) -> list[Row]:
    old_moved, new_moved = dict(moved), {b: a for a, b in moved}
    made: list[Row] = []
    i = j = 0
    for before, after in [*sorted(pairs), (old, new)]:
        for index in range(i, before):
            if index in old_moved:
                made.append(Row(index, old_moved[index], moved=True, side="old"))
            else:
                made.append(Row(index, None))
        for index in range(j, after):
            if index in new_moved:
                made.append(Row(new_moved[index], index, moved=True, side="new"))
            else:
                made.append(Row(None, index))
        if before < old or after < new:
            made.append(Row(before, after))
        i, j = before + 1, after + 1
    return made
