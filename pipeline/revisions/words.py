"""Texts as words that can be compared: what is the same word, and what differs between two texts.

Case, punctuation, quotation marks, white space, contractions, spelling variants, articles and
numbers in letters or digits make no other word. Whether what is left is a slip of the keyboard is
told from the vocabulary of the embedded model: one of the two words is in no dictionary, and one
or two keystrokes make it the other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal, NamedTuple, get_args

import msgspec
from rapidfuzz.distance import OSA, LCSseq

from ..dates.words import Word as DateWord
from ..lexicons import rows

# One character class repeated: linear on any input.
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’ʼ][^\W\d_]+)*|[%$€£¥&]")
_POSSESSIVE = re.compile(r"['’ʼ](?:s)?$")

_SCALES = ("SCALE", "SCALES", "COUPLE")
# A slip of one key in a short word, of two in a long one; below that every other word is near.
_LEAST_SLIP, _LEAST_DOUBLE_SLIP = 4, 8
# Longer than any passage of an article; the comparison of two takes time and memory as their
# product, so of longer ones only beginning and end are compared.
_MOST_WORDS = 4_000


_Kind = Literal["slight", "same", "ending", "negation", "amount", "many"]


class _Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"as_": "as"}):
    """A row of `revision_words.jsonl`.

    slight: a word that carries no meaning of its own. same: the word stands for `as`, one or more
    words. ending: words that end so are the same as those that end in `as`. negation: it turns a
    claim round. amount: it counts `as`, a share or a multiple ("half", "doubled"); many: about as
    many as `as`, and no number says the same ("hundreds").
    """

    kind: _Kind
    word: str
    as_: str | None = None


class Word(NamedTuple):
    """A word of a text.

    Attributes:
        key: what it is compared by.
        text: as it stands there.
        start: its first character in the text.
        end: behind its last.
    """

    key: str
    text: str
    start: int
    end: int

    @property
    def is_number(self) -> bool:
        """Whether it counts something: digits, a number in letters, "million"."""
        return self.key[0].isdecimal() or self.key in _number_words()[1]

    @property
    def is_slight(self) -> bool:
        """Whether it may come and go without a change of meaning."""
        return self.key in _lexicon()["slight"]

    @property
    def is_negation(self) -> bool:
        """Whether it turns the claim round."""
        return self.key in _lexicon()["negation"]


@lru_cache(maxsize=1 << 14)
def words_of(text: str) -> tuple[Word, ...]:
    """The words of a text; a contraction gives several with one place.

    Example:
        >>> [word.key for word in words_of("The men won’t take “6,200”, nine at most.")]
        ['the', 'men', 'will', 'not', 'take', '6200', '9', 'at', 'most']
    """
    found = []
    for match in _WORD.finditer(text):
        for key in _keys(match[0]):
            found.append(Word(key, match[0], match.start(), match.end()))
    return tuple(found)


@lru_cache(maxsize=1 << 16)
def _keys(written: str) -> tuple[str, ...]:
    if written[0].isdecimal():
        return (written.replace(",", ""),)
    plain = written.casefold().replace("’", "'").replace("ʼ", "'")
    known = _lexicon()["same"].get(plain)
    if known is not None:
        return tuple(known.split())
    plain = _number_words()[0].get(_POSSESSIVE.sub("", plain), plain)
    for ending, other in _lexicon()["ending"].items():
        if len(plain) > len(ending) + 2 and plain.endswith(ending):
            return (plain[: -len(ending)] + other,)
    return (plain,)


def keys_of(text: str) -> tuple[str, ...]:
    """What the words of a text are compared by, without those that carry no meaning.

    Example:
        >>> keys_of("The Ministry")
        ('ministry',)
    """
    return tuple(word.key for word in words_of(text) if not word.is_slight)


class Difference(NamedTuple):
    """A run of words that differs between two texts.

    Attributes:
        old: the words of the first text, perhaps none.
        new: those of the second, perhaps none; one of the two has some.
        weight: "slight" when the meaning cannot be another, "number" when both have numbers and
            they differ, else "meaning".
    """

    old: tuple[Word, ...]
    new: tuple[Word, ...]
    weight: Literal["slight", "number", "meaning"]


def differences(old: Sequence[Word], new: Sequence[Word]) -> list[Difference]:
    """The runs of words by which two texts differ, in order; none when all words are the same.

    Swapping the texts swaps the runs.

    Example:
        >>> [(d.old[0].text, d.new[0].text, d.weight) for d in differences(
        ...     words_of("The nine men left gladly"), words_of("the ten men went gladly"))]
        [('nine', 'ten', 'number'), ('left', 'went', 'meaning')]
    """
    before, after = [word.key for word in old], [word.key for word in new]
    if before == after:
        return []
    # Of several equally short descriptions the library takes one by the order of its arguments.
    turned = after < before
    if turned:
        before, after = after, before
    runs = _runs(before, after)
    if turned:
        runs = [(c, d, a, b) for a, b, c, d in runs]
    return [_difference(tuple(old[a:b]), tuple(new[c:d])) for a, b, c, d in runs]


def _runs(before: list[str], after: list[str]) -> list[tuple[int, int, int, int]]:
    head = 0
    shorter = min(len(before), len(after))
    while head < shorter and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < shorter - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    left, right = before[head : len(before) - tail], after[head : len(after) - tail]
    if len(left) > _MOST_WORDS or len(right) > _MOST_WORDS:
        return [(head, head + len(left), head, head + len(right))]
    runs: list[tuple[int, int, int, int]] = []
    for code in LCSseq.opcodes(left, right):
        if code.tag == "equal":
            continue
        a, b = head + code.src_start, head + code.src_end
        c, d = head + code.dest_start, head + code.dest_end
        if runs and runs[-1][1] == a and runs[-1][3] == c:
            a, c = runs[-1][0], runs[-1][2]
            runs.pop()
        runs.append((a, b, c, d))
    return runs


def _difference(old: tuple[Word, ...], new: tuple[Word, ...]) -> Difference:
    # Words that carry no meaning, and those said twice over ("the the"), come and go.
    left = [word for word in old if not word.is_slight]
    right = [word for word in new if not word.is_slight]
    if len(left) == len(right) and all(
        is_slip(a.key, b.key) for a, b in zip(left, right, strict=True)
    ):
        return Difference(old, new, "slight")
    if "".join(w.key for w in left) == "".join(w.key for w in right):  # "per cent", "co-operate"
        return Difference(old, new, "slight")
    numbers, others = _values(left), _values(right)
    if not numbers or not others:
        return Difference(old, new, "meaning")
    if numbers != others:
        return Difference(old, new, "number")
    same = _uncounted(left) == _uncounted(right)
    return Difference(old, new, "slight" if same else "meaning")


def _values(words: Sequence[Word]) -> list[float]:
    """The numbers among the words, "six thousand" and "6,000" alike."""
    scales, amounts = _number_words()[1], _amounts()
    values: list[float] = []
    grows = False
    for word in words:
        factor = scales.get(word.key, amounts.get(word.key))
        if factor is not None and grows:
            values[-1] *= factor
        elif factor is not None:
            values.append(factor)
        elif word.is_number:
            whole, _, part = word.key.partition(".")
            values.append(float(f"{whole}.{part.replace('.', '')}"))
        grows = word.is_number
    return values


def _uncounted(words: Sequence[Word]) -> list[str]:
    return [word.key for word in words if not word.is_number and word.key not in _amounts()]


@lru_cache(maxsize=1 << 14)
def is_slip(word: str, other: str) -> bool:
    """Whether two words are one, or one of them is the other misspelt.

    Example:
        >>> is_slip("goverment", "government"), is_slip("country", "county")
        (True, False)
    """
    if word == other:
        return True
    longest = max(len(word), len(other))
    if longest < _LEAST_SLIP or not (word.isalpha() and other.isalpha()):
        return False
    slips = 2 if longest >= _LEAST_DOUBLE_SLIP else 1
    if OSA.distance(word, other, score_cutoff=slips) > slips:
        return False
    return (word in _vocabulary()) != (other in _vocabulary()) and not _inflects(word, other)


def _inflects(word: str, other: str) -> bool:
    """Whether the endings differ: a form of the word that the vocabulary lacks is no slip."""
    short, long = sorted((word, other), key=len)
    if long[-1] == long[-2] and len(long) == len(short) + 1:  # the key was hit twice
        return False
    return long.startswith(short) and long[len(short) :] in ("s", "d", "ed", "es", "er", "ly", "r")


@cache
def _vocabulary() -> frozenset[str]:
    """Words that the embedded model knows whole."""
    text = files("pipeline").joinpath("language/model/vocab.txt").read_text(encoding="utf-8")
    return frozenset(piece for piece in text.split("\n") if piece.isalpha())


@cache
def _number_words() -> tuple[dict[str, str], dict[str, float]]:
    """Numbers in letters with their digits, and the words that scale a number, with its factor."""
    known = rows("dates", DateWord)
    # "One" is a pronoun and an article more often than a number.
    digits = {row.word: str(row.value) for row in known if row.type == "NUMBER" and row.value != 1}
    many = _lexicon()["many"]
    # "Hundreds" and "thousands" count nothing in particular, yet not the same.
    scales = {
        row.word: float(row.value or 0) or -float(many[row.word])
        for row in known
        if row.type in _SCALES
    }
    return digits, scales


@cache
def _amounts() -> dict[str, float]:
    """Shares and multiples, which are numbers only where another one stands in their place."""
    return {word: float(Fraction(amount)) for word, amount in _lexicon()["amount"].items()}


@cache
def _lexicon() -> dict[str, dict[str, str]]:
    lexicon: dict[str, dict[str, str]] = {kind: {} for kind in get_args(_Kind)}
    for row in rows("revision_words", _Row):
        lexicon[row.kind][row.word] = row.as_ or ""
    # Of endings that fit the longest counts.
    lexicon["ending"] = dict(sorted(lexicon["ending"].items(), key=lambda item: -len(item[0])))
    return lexicon
