"""Which record of the old version is which of the new one.

Kind by kind, and ids have no part in it: records that say the same; those that are the same claim
by their structure, where only one on each side is; then the one-to-one assignment that is best
over all, on words, names, days and surroundings. Where another assignment would be nearly as good,
none is chosen: those records are ambiguous. What then lies in pieces of one record on the other
side was split or merged.

The weights and thresholds were set by hand on revisions of the sample articles, and are the same
in both directions, so that comparing the other way round gives the mirror image.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec
import numpy as np
from rapidfuzz.distance import Indel

from ..dates.calendar import parse_edtf
from ..records import EntityRecord, EventRecord
from .changes import Kind
from .items import Item
from .words import is_slip, words_of


class Weights(msgspec.Struct, frozen=True):
    """What the likeness of two records of a kind is made of, and how much makes them the same.

    What neither side has (names, days, surroundings) is left out and the rest scaled up.
    """

    words: float
    names: float
    days: float
    around: float
    context: float
    least: float


# Words count most. Dates and names repeat in an article, so what stands around them tells more of
# them than of a claim; a quote that was put into other words is told by its speaker and place.
WEIGHTS: dict[Kind, Weights] = {
    "entity": Weights(words=0.6, names=0.0, days=0.0, around=0.0, context=0.4, least=0.6),
    "date": Weights(words=0.3, names=0.0, days=0.1, around=0.35, context=0.25, least=0.45),
    "event": Weights(words=0.55, names=0.2, days=0.05, around=0.0, context=0.2, least=0.5),
    "prediction": Weights(words=0.6, names=0.1, days=0.05, around=0.0, context=0.25, least=0.5),
    "quote": Weights(words=0.6, names=0.15, days=0.05, around=0.0, context=0.2, least=0.45),
}
# Of this much alone nobody sees which of two assignments is right.
MARGIN = 0.02
# The claim is the same by its structure, so its words are as good as equal.
STRUCTURE = 0.95
# Two events of one clause share its words; the trigger tells them apart.
OTHER_TRIGGER = 0.4
# A passage that is wholly inside the other one: shortened or drawn out, seldom another.
CONTAINED = 0.85
_LEAST_CONTAINED_WORDS = 4
# What the first word of a claim counts, and each other one, up to all of the weight of words:
# that somebody said something joins no two claims.
_FIRST_WORD, _NEXT_WORD = 0.5, 0.2
# Half of the likeness in words is by how rare they are, half by their order.
_RARITY = 0.5
# Two names are one where one is part of the other. Where the surroundings of as many mentions,
# two at least, are the same, an entity has got another name.
_PART_OF_NAME, _SAME_SURROUNDINGS, _LEAST_MENTIONS = 0.9, 0.8, 2
_RENAMED = 0.7
# Two days so far apart are half as like as one and the same.
_HALF_LIFE_DAYS = 30
_DAY_MISSING = 0.3
# A record is compared with so many of those that share the rarest words with it.
_CANDIDATES = 16
# Surroundings find candidates too, but a word of the record itself finds more.
_CONTEXT_FEATURE = 0.4
# A word in more records than this finds nothing: it would make everything everybody's candidate.
_MOST_RECORDS_OF_A_WORD = 150
# So many twins (old times new) are all compared; of more, those at about the same rank.
_MOST_TWINS, _RANKS = 2_500, 8
# Reading order decides between twins that nothing else tells apart, squared so that they do not
# cross, then a digest.
_PLACE, _DIGEST = 0.004, 1e-7

# A part of a split record has this share of its words in the whole, and the parts together cover
# this share of the whole, each one more than the others do.
_PART, _WHOLE, _GAIN = 0.65, 0.7, 0.1
_LEAST_PART_WORDS = 3
# Two sentences, or clauses of events, with this share of their words in common are one, rewritten.
_SAME_SENTENCE = 0.6
# Of events with the same word and day it is this share of the words of the shorter one.
_SAME_EVENT = 0.5
SPLIT_KINDS: tuple[Kind, ...] = ("event", "prediction", "quote")


class Pair(NamedTuple):
    """Two records that are one."""

    old: Item
    new: Item


class Alignment(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the records of one kind.

    Attributes:
        pairs: one to one.
        splits: an old record with each of its several new ones.
        merges: each of several old records with the new one.
        ambiguous_old: old records that several new ones answer about as well.
        ambiguous_new: the reverse.
        removed: old records that nothing answers.
        added: new records that answer nothing.
    """

    pairs: list[Pair]
    splits: list[Pair]
    merges: list[Pair]
    ambiguous_old: list[Item]
    ambiguous_new: list[Item]
    removed: list[Item]
    added: list[Item]


def align(kind: Kind, old: Sequence[Item], new: Sequence[Item]) -> Alignment:
    """Align the records of one kind of two versions of an article.

    Args:
        kind: of all the records.
        old: of the old version, in reading order.
        new: of the new version, in reading order.

    Example:
        ``align("quote", items, items).removed == []``
    """
    left, right = list(old), list(new)
    pairs = [
        Pair(*both)
        for these, those in _same(left, right, _content)
        if len(these) == len(those)
        for both in zip(these, those, strict=True)
    ]
    left, right = _rest(left, right, pairs)
    likeness = _Likeness(kind, left, right)
    same = [
        Pair(these[0], those[0])
        for these, those in _same(left, right, _structure)
        if len(these) == len(those) == 1
        and these[0].structure is not None
        and likeness(these[0], those[0]) >= WEIGHTS[kind].least
    ]
    pairs += same
    left, right = _rest(left, right, same)
    assigned, ambiguous_old, ambiguous_new = _assign(kind, left, right)
    left, right = _rest(left, right, assigned)
    splits: list[Pair] = []
    merges: list[Pair] = []
    if kind in SPLIT_KINDS:
        assigned += _alone(left, right, {id(i) for i in (*ambiguous_old, *ambiguous_new)})
        left, right = _rest(left, right, assigned)
        splits, merges = _splits_and_merges(left, right, assigned)
        left, right = _rest(left, right, [*splits, *merges])
        assigned = _without(assigned, [*splits, *merges])
    # What has two good answers may have them because it was split.
    unsure = {id(item) for item in (*ambiguous_old, *ambiguous_new)}
    return Alignment(
        pairs=pairs + assigned,
        splits=splits,
        merges=merges,
        ambiguous_old=[item for item in left if id(item) in unsure],
        ambiguous_new=[item for item in right if id(item) in unsure],
        removed=[item for item in left if id(item) not in unsure],
        added=[item for item in right if id(item) not in unsure],
    )


def _content(item: Item) -> Hashable:
    return item.content


def _structure(item: Item) -> Hashable:
    return item.structure


def _same(
    old: Sequence[Item],
    new: Sequence[Item],
    key: Callable[[Item], Hashable],
) -> Iterator[tuple[list[Item], list[Item]]]:
    """The records of both sides that have the same key, group by group."""
    groups: defaultdict[Hashable, tuple[list[Item], list[Item]]] = defaultdict(lambda: ([], []))
    for side, items in enumerate((old, new)):
        for item in items:
            groups[key(item)][side].append(item)
    for left, right in groups.values():
        if left and right:
            yield left, right


def _alone(old: list[Item], new: list[Item], unsure: set[int]) -> list[Pair]:
    """What is the only one left on both sides of a sentence that is otherwise much the same."""
    before = [item for item in old if id(item) not in unsure]
    after = [item for item in new if id(item) not in unsure]
    texts = {
        id(item): tuple(word.key for word in words_of(item.record.text))
        for item in (*before, *after)
    }
    by_word: defaultdict[str, list[Item]] = defaultdict(list)
    for item in after:
        for word in set(item.words) or set(texts[id(item)]):
            by_word[word].append(item)
    answers: defaultdict[int, list[Item]] = defaultdict(list)
    asked: Counter[int] = Counter()
    for item in before:
        near = {
            id(other): other
            for word in set(item.words) or set(texts[id(item)])
            for other in by_word.get(word, ())[:_MOST_RECORDS_OF_A_WORD]
        }
        for other in near.values():
            words, more = texts[id(item)], texts[id(other)]
            if _is_same_event(item, other):
                # How far its clause reaches may be read otherwise.
                shared = len(set(words) & set(more)) / min(len(set(words)), len(set(more)))
                same = shared >= _SAME_EVENT
            else:
                same = Indel.normalized_similarity(words, more) >= _SAME_SENTENCE
            if same:
                answers[id(item)].append(other)
                asked[id(other)] += 1
    return [
        Pair(item, answers[id(item)][0])
        for item in before
        if len(answers[id(item)]) == 1 and asked[id(answers[id(item)][0])] == 1
    ]


def _is_same_event(old: Item, new: Item) -> bool:
    """Whether two records are events of one word and one day."""
    before, after = old.record, new.record
    return (
        isinstance(before, EventRecord)
        and isinstance(after, EventRecord)
        and before.trigger.lemma == after.trigger.lemma
        and old.days == new.days
    )


def _rest(old: list[Item], new: list[Item], taken: Iterable[Pair]) -> tuple[list[Item], list[Item]]:
    gone = {id(item) for pair in taken for item in pair}
    return [i for i in old if id(i) not in gone], [i for i in new if id(i) not in gone]


def _without(pairs: list[Pair], taken: Sequence[Pair]) -> list[Pair]:
    gone = {id(item) for pair in taken for item in pair}
    return [pair for pair in pairs if id(pair.old) not in gone and id(pair.new) not in gone]


class _Likeness:
    """How like two records of a kind are, 0 to 1, the same in both directions."""

    def __init__(self, kind: Kind, old: Sequence[Item], new: Sequence[Item]) -> None:
        self._weights = WEIGHTS[kind]
        self._kind = kind
        counts = Counter(word for item in (*old, *new) for word in set(item.words))
        total = len(old) + len(new)
        # One more than there are, so that a word which all have still counts for something.
        self.rarity = {word: math.log((total + 1) / count) for word, count in counts.items()}

    def __call__(self, old: Item, new: Item) -> float:
        weights = self._weights
        parts = [
            (weights.words, self._words(old, new)),
            (weights.names, _overlap(old.names, new.names)),
            (weights.days, _days(old.days, new.days)),
            (weights.around, _around(old, new)),
            (weights.context, _dice(old.context, new.context)),
        ]
        known = [(weight, value) for weight, value in parts if value is not None and weight]
        likeness = sum(w * v for w, v in known) / sum(w for w, _ in known)
        if self._kind == "entity" and _is_renamed(old, new):
            likeness = max(likeness, _RENAMED)
        return likeness - _PLACE * (old.place - new.place) ** 2

    def _words(self, old: Item, new: Item) -> float:
        if self._kind == "entity":
            return _names(old.words, new.words)
        left, right = set(old.words), set(new.words)
        # A word or two say little of a claim, be they the same.
        short = min(1.0, _FIRST_WORD + _NEXT_WORD * (min(len(left), len(right)) - 1))
        if self._kind == "date":
            short = 1.0
        return short * self._claim(old, new, left, right)

    def _claim(self, old: Item, new: Item, left: set[str], right: set[str]) -> float:
        if old.words == new.words:
            return 1.0
        common = left & right
        rarity = self.rarity
        whole = sum(rarity[w] for w in left) * sum(rarity[w] for w in right)
        rare = sum(rarity[w] for w in common) / math.sqrt(whole) if whole else 0.0
        order = Indel.normalized_similarity(old.words, new.words)
        likeness = _RARITY * rare + (1 - _RARITY) * order
        shorter = min(len(left), len(right))
        if shorter >= _LEAST_CONTAINED_WORDS:
            likeness = max(likeness, CONTAINED * len(common) / shorter)
        if old.structure is not None and old.structure == new.structure:
            likeness = max(likeness, STRUCTURE)
        before, after = old.record, new.record
        if (
            isinstance(before, EventRecord)
            and isinstance(after, EventRecord)
            and before.trigger.lemma != after.trigger.lemma
            and before.trigger.text.casefold() != after.trigger.text.casefold()
        ):
            likeness *= OTHER_TRIGGER
        return likeness


def _names(old: tuple[str, ...], new: tuple[str, ...]) -> float:
    left, right = set(old), set(new)
    if left == right:
        return 1.0
    if left and right and (left <= right or right <= left):
        return _PART_OF_NAME
    # Two people of one family name are two people.
    if left & right:
        return len(left & right) / len(left | right)
    one, other = " ".join(old), " ".join(new)
    return 1.0 if is_slip(one, other) else 0.0


def _is_renamed(old: Item, new: Item) -> bool:
    """Whether two entities have the same mentions under different names."""
    before, after = old.record, new.record
    if not (isinstance(before, EntityRecord) and isinstance(after, EntityRecord)):
        return False
    count, other = (sum(m.form == "name" for m in e.mentions) for e in (before, after))
    if count != other or count < _LEAST_MENTIONS:
        return False
    if old.around != ((), ()) and new.around != ((), ()):
        return (_around(old, new) or 0.0) >= _SAME_SURROUNDINGS
    return (
        before.type == after.type and (_dice(old.context, new.context) or 0.0) >= _SAME_SURROUNDINGS
    )


def _overlap(old: frozenset[str], new: frozenset[str]) -> float | None:
    """How far names agree: the share of the words of the side that has fewer."""
    if not old and not new:
        return None
    left = {word for name in old for word in name.split()}
    right = {word for name in new for word in name.split()}
    return len(left & right) / max(1, min(len(left), len(right)))


def _dice(old: frozenset[str], new: frozenset[str]) -> float | None:
    if not old and not new:
        return None
    return 2 * len(old & new) / (len(old) + len(new))


def _days(old: tuple[str, str] | None, new: tuple[str, str] | None) -> float | None:
    if old is None and new is None:
        return None
    if old is None or new is None:
        return _DAY_MISSING
    if old == new:
        return 1.0
    gaps = [abs(_ordinal(a) - _ordinal(b)) for a, b in zip(old, new, strict=True) if a and b]
    if not gaps:
        return _DAY_MISSING
    return 1 / (1 + sum(gaps) / len(gaps) / _HALF_LIFE_DAYS)


def _ordinal(day: str) -> int:
    period = parse_edtf(day)
    return 0 if period is None else period.number


def _around(old: Item, new: Item) -> float | None:
    if old.around == new.around:
        return None if old.around == ((), ()) else 1.0
    sides = [Indel.normalized_similarity(a, b) for a, b in zip(old.around, new.around, strict=True)]
    return sum(sides) / 2


def _candidates(
    likeness: _Likeness, old: Sequence[Item], new: Sequence[Item]
) -> set[tuple[int, int]]:
    """The pairs worth a look: twins, and for each record those with which it shares rare words."""
    # Here, since loading SciPy takes longer than most commands that import this room.
    from scipy.sparse import csr_array

    found = set(_twins(old, new))
    columns: dict[str, int] = {}
    left, right = (_features(items, likeness.rarity, columns) for items in (old, new))
    width = max(len(columns), 1)
    one, other = (
        csr_array((data, indices, starts), shape=(len(starts) - 1, width), dtype=np.float64)
        for data, indices, starts in (left, right)
    )
    in_one = np.diff(one.tocsc().indptr)
    in_other = np.diff(other.tocsc().indptr)
    telling = (in_one <= _MOST_RECORDS_OF_A_WORD) & (in_other <= _MOST_RECORDS_OF_A_WORD)
    one = one.multiply(telling.astype(np.float64)[None, :]).tocsr()
    product = (one @ other.T).tocsr()
    for matrix, turned in ((product, False), (product.T.tocsr(), True)):
        for row in range(matrix.shape[0]):
            start, end = matrix.indptr[row], matrix.indptr[row + 1]
            cells, values = matrix.indices[start:end], matrix.data[start:end]
            # By value, and by reading order where values are equal, whatever order they are in.
            best = np.lexsort((cells, -np.round(values, 9)))[:_CANDIDATES]
            for column in cells[best].tolist():
                found.add((column, row) if turned else (row, column))
    return found


def _features(
    items: Sequence[Item], rarity: dict[str, float], columns: dict[str, int]
) -> tuple[list[float], list[int], list[int]]:
    """Rows of a sparse matrix: the rarity of each item's words, each row of length 1."""
    data: list[float] = []
    indices: list[int] = []
    starts = [0]
    for item in items:
        row = dict.fromkeys(item.context, _CONTEXT_FEATURE)
        row |= {word: rarity[word] for word in item.words if rarity[word] > 0}
        length = math.sqrt(sum(value * value for value in row.values())) or 1.0
        for word in sorted(row):
            indices.append(columns.setdefault(word, len(columns)))
            data.append(row[word] / length)
        starts.append(len(data))
    return data, indices, starts


def _twins(old: Sequence[Item], new: Sequence[Item]) -> Iterator[tuple[int, int]]:
    """Pairs of equal content or structure, of which there are not as many on both sides."""
    at = {id(item): index for items in (old, new) for index, item in enumerate(items)}
    keys: tuple[Callable[[Item], Hashable], ...] = (_content, _structure)
    for key in keys:
        for left, right in _same(old, new, key):
            if key(left[0]) is None:
                continue
            few = len(left) * len(right) <= _MOST_TWINS
            for rank, item in enumerate(left):
                middle = rank * len(right) // len(left)
                near = right if few else right[max(0, middle - _RANKS) : middle + _RANKS]
                for other in near:
                    yield at[id(item)], at[id(other)]


def _assign(
    kind: Kind, old: Sequence[Item], new: Sequence[Item]
) -> tuple[list[Pair], list[Item], list[Item]]:
    """The best one-to-one assignment, and the records of both sides that have two good ones."""
    if not old or not new:
        return [], [], []
    likeness = _Likeness(kind, old, new)
    least = WEIGHTS[kind].least
    gains: dict[tuple[int, int], float] = {}
    for i, j in sorted(_candidates(likeness, old, new)):
        gain = likeness(old[i], new[j]) - least
        if gain > 0:
            gains[i, j] = gain + _DIGEST * _digest(old[i], new[j])
    partner = _solve(gains, len(old), len(new))
    unsure_old, unsure_new = _ambiguous(gains, partner, old, new)
    pairs = [
        Pair(old[i], new[j])
        for i, j in partner.items()
        if i not in unsure_old and j not in unsure_new
    ]
    return pairs, [old[i] for i in sorted(unsure_old)], [new[j] for j in sorted(unsure_new)]


def _digest(old: Item, new: Item) -> float:
    return digest_of(Pair(old, new)) / 2**48


def digest_of(items: Iterable[Item]) -> int:
    """48 bits that depend on what records say and where, and not on which is which."""
    said = sorted(repr((item.place, item.content)) for item in items)
    text = "\x1f".join(said).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, digest_size=6).digest())


def _solve(gains: dict[tuple[int, int], float], rows: int, columns: int) -> dict[int, int]:
    """The pairs with the greatest sum of gains, no row or column twice."""
    if not gains:
        return {}
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    # Every row may stay alone, which costs 1: it has a column of its own for that.
    i = [row for row, _ in gains] + list(range(rows))
    j = [column for _, column in gains] + [columns + row for row in range(rows)]
    costs = [1.0 - gain for gain in gains.values()] + [1.0] * rows
    matrix = csr_array((costs, (i, j)), shape=(rows, columns + rows))
    chosen_rows, chosen = min_weight_full_bipartite_matching(matrix)
    found = zip(chosen_rows.tolist(), chosen.tolist(), strict=True)
    return {row: column for row, column in found if column < columns}


def _ambiguous(
    gains: dict[tuple[int, int], float],
    partner: dict[int, int],
    old: Sequence[Item],
    new: Sequence[Item],
) -> tuple[set[int], set[int]]:
    """Rows and columns for which another assignment is as good but for the margin.

    One that would only swap records of equal content says the same, so it is no other.
    """
    owner = {column: row for row, column in partner.items()}
    unsure_old: set[int] = set()
    unsure_new: set[int] = set()
    for (i, j), gain in gains.items():
        mine, theirs = partner.get(i), owner.get(j)
        if mine == j or (mine is None and theirs is None):
            continue
        if mine is not None and new[mine].content == new[j].content:
            continue
        if theirs is not None and old[theirs].content == old[i].content:
            continue
        now = (gains[i, mine] if mine is not None else 0.0) + (
            gains[theirs, j] if theirs is not None else 0.0
        )
        swapped = gains.get((theirs, mine), 0.0) if theirs is not None and mine is not None else 0.0
        if now - gain - swapped < MARGIN:
            unsure_old |= {row for row in (i, theirs) if row is not None}
            unsure_new |= {column for column in (j, mine) if column is not None}
    return unsure_old, unsure_new


class _Pieces(NamedTuple):
    """A record and those of the other side in which it lies."""

    whole: Item
    parts: list[Item]

    @property
    def rank(self) -> tuple[int, int]:
        """The most words first, then by a digest: the same whichever side is the old one."""
        words = {word for part in self.parts for word in part.words}
        return -len(words & set(self.whole.words)), digest_of([self.whole, *self.parts])


def _splits_and_merges(
    old: Sequence[Item], new: Sequence[Item], assigned: Sequence[Pair]
) -> tuple[list[Pair], list[Pair]]:
    """What lies in pieces on either side; where both claim a record, the one that says more."""
    splits = _parts(old, new, assigned)
    merges = _parts(new, old, [Pair(pair.new, pair.old) for pair in assigned])
    found: tuple[list[Pair], list[Pair]] = ([], [])
    taken: set[int] = set()
    sides = [(pieces, False) for pieces in splits] + [(pieces, True) for pieces in merges]
    for pieces, turned in sorted(sides, key=lambda side: side[0].rank):
        items = {id(item) for item in (pieces.whole, *pieces.parts)}
        if items & taken:
            continue
        taken |= items
        found[turned].extend(
            Pair(part, pieces.whole) if turned else Pair(pieces.whole, part)
            for part in pieces.parts
        )
    return found


def _parts(
    wholes: Sequence[Item], parts: Sequence[Item], assigned: Sequence[Pair]
) -> list[_Pieces]:
    """The records that lie in several pieces on the other side.

    Args:
        wholes: records without a partner.
        parts: those of the other side without one.
        assigned: the pairs; one of a split record's pieces may have been taken for all of it.
    """
    by_word: defaultdict[str, list[int]] = defaultdict(list)
    for index, part in enumerate(parts):
        for word in set(part.words):
            by_word[word].append(index)
    found: list[_Pieces] = []
    taken: set[int] = set()
    for whole, partner in [*((w, None) for w in wholes), *assigned]:
        words = set(whole.words)
        shared = Counter(
            index
            for word in words
            if len(by_word[word]) <= _MOST_RECORDS_OF_A_WORD
            for index in by_word[word]
            if index not in taken
        )
        near = sorted(shared, key=lambda index: (-shared[index], index))[:_CANDIDATES]
        pieces = ([] if partner is None else [partner]) + [
            parts[index] for index in near if shared[index] >= _LEAST_PART_WORDS
        ]
        chosen = _cover(words, pieces)
        if len(chosen) > 1 and (partner is None or partner in chosen):
            found.append(_Pieces(whole, chosen))
            gone = {id(part) for part in chosen}
            taken |= {index for index in near if id(parts[index]) in gone}
    return found


def _cover(words: set[str], pieces: Iterable[Item]) -> list[Item]:
    """The pieces that together make up the words, none without a share of its own; else none."""
    covered: set[str] = set()
    chosen = []
    for piece in pieces:
        own = set(piece.words)
        common = own & words
        if (
            len(own) >= _LEAST_PART_WORDS
            and len(common) >= _PART * len(own)
            and len(common - covered) >= _GAIN * len(words)
        ):
            chosen.append(piece)
            covered |= common
    return chosen if len(covered) >= _WHOLE * len(words) else []
