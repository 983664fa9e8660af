"""Pronouns and descriptions of named things against a treebank with coreference (GUM).

GUM's CoNLL-U has in MISC ``Entity=(GROUP-type-...-identity``: brackets around every mention, and
the same group for all mentions of one thing in a document. What is asked here:

- a chain is *named* from its first mention on whose head is a proper noun;
- gold are the later mentions of named chains of type person or organization that are pronouns of
  the third person (he, his, itself, they) or definite descriptions (a common noun with "the",
  "this", "that" or an owner: "the minister", "its chairman"). What stands before the name is not
  asked for. Countries and towns are places to GUM, whatever they do; they make a figure of their
  own;
- predicted are the mentions of entity records of form pronoun and nominal. One is right when the
  record has a mention by name in the very chain. One at a relative pronoun or a pronoun of the
  first or second person is not judged, as GUM has no mention there or no chain with a name.

A mention of a record is that of GUM whose head lies in it and whose start is next to its own, the
longer of two.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from ..errors import PipelineError
from ..reading import Article, read_text
from ..records import EntityRecord, Mention, Record
from .scores import Score

_SCOPE = {"person": "person", "organization": "organisation", "place": "place"}
_OF_RECORD = {"PERSON": "person", "NORP": "person", "ORG": "organisation"}
_DEFINITE = frozenset({"the", "this", "that", "these", "those"})

_ENTITY = re.compile(r"(?:^|\|)Entity=([^|]*)")
_BRACKETS = re.compile(r"\([^()]*\)|\([^()]+|(?<![^()])[^()]+\)")


class TreeMention(msgspec.Struct, frozen=True):
    """A mention in a sentence of a treebank: words `start` to `end` (half-open).

    Attributes:
        group: number of its chain, unique in the document.
        kind: GUM's type of the thing ("person", "organization", "place", "abstract", ...).
        identity: the thing's page in Wikipedia, or "".
    """

    start: int
    end: int
    group: str
    kind: str
    identity: str

    def head(self, rows: Sequence[Sequence[str]]) -> int:
        """The word, an index into the sentence's `rows`, whose syntactic head lies outside."""
        inside = range(self.start + 1, self.end + 1)
        words = range(self.start, self.end)
        return next((i for i in words if int(rows[i][6]) not in inside), self.start)


def mentions_of(rows: Sequence[Sequence[str]]) -> list[TreeMention]:
    """The mentions of a sentence, in the order in which they close.

    Args:
        rows: the ten CoNLL-U columns of each word.

    Example:
        >>> row = "1 Ana Ana PROPN NNP _ 0 root _ Entity=(3-person-new)"
        >>> mentions_of([row.split()])
        [TreeMention(start=0, end=1, group='3', kind='person', identity='')]
    """
    opened: dict[str, list[tuple[int, list[str]]]] = defaultdict(list)
    found: list[TreeMention] = []

    def add(start: int, end: int, fields: list[str]) -> None:
        # GROUP-etype-infstat-salience-centering-minspan-link-identity
        if len(fields) > 1:
            identity = fields[7] if len(fields) > 7 else ""
            found.append(TreeMention(start, end, fields[0], fields[1], identity))

    for i, row in enumerate(rows):
        match = _ENTITY.search(row[9])
        for part in _BRACKETS.findall(match[1]) if match else ():
            if part[0] == "(":
                fields = part.strip("()").split("-", 7)
                if part[-1] == ")":
                    add(i, i + 1, fields)
                else:
                    opened[fields[0]].append((i, fields))
            elif opened[part[:-1]]:
                start, fields = opened[part[:-1]].pop()
                add(start, i + 1, fields)
    return found


class GoldMention(msgspec.Struct, frozen=True):
    """A mention in a text: code points `start` to `end`, its head word `head` to `head_end`.

    `form` is "name", "pronoun" (third person), "nominal" (definite), or "other", which is not
    asked for.
    """

    start: int
    end: int
    head: int
    head_end: int
    chain: str
    kind: str
    form: str


class ChainDocument(msgspec.Struct, frozen=True):
    """A text of the treebank with its mentions in reading order.

    `unjudged` are the starts of the pronouns at which a prediction is neither right nor wrong.
    """

    id: str
    text: str
    mentions: tuple[GoldMention, ...]
    unjudged: frozenset[int]


def read_chains(path: Path) -> list[ChainDocument]:
    """The documents of a CoNLL-U file, their text put together again: a paragraph a block.

    Raises:
        PipelineError: the file cannot be read, is not CoNLL-U or has no document with `Entity=`.
    """
    try:
        text = path.read_text(encoding="utf-8")
        documents = [builder.finish() for builder in _builders(text, path.stem)]
    except (OSError, ValueError, IndexError) as error:
        raise PipelineError(f"{path}: cannot be read as CoNLL-U: {error}") from error
    if not any(document.mentions for document in documents):
        raise PipelineError(f"{path}: there is no mention (Entity= in the last column)")
    return documents


def _builders(text: str, stem: str) -> Iterator[_Builder]:
    builder: _Builder | None = None
    for block in text.split("\n\n"):
        lines = block.split("\n")
        rows = [line.split("\t") for line in lines if line and line[0] != "#"]
        name = next((x.split("=", 1)[1].strip() for x in lines if x.startswith("# newdoc id")), "")
        if name or (builder is None and rows):
            if builder is not None:
                yield builder
            builder = _Builder(name or stem)
        if builder is not None and rows:
            builder.add(rows, paragraph=any(line.startswith("# newpar") for line in lines))
    if builder is not None:
        yield builder


class _Builder:
    """Puts a document together, sentence by sentence."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.pieces: list[str] = []
        self.size = 0
        self.mentions: list[GoldMention] = []
        self.unjudged: set[int] = set()

    def _write(self, piece: str) -> int:
        at = self.size
        self.pieces.append(piece)
        self.size += len(piece)
        return at

    def add(self, rows: list[list[str]], *, paragraph: bool) -> None:
        if self.pieces:
            self._write("\n\n" if paragraph else " ")
        words = [row for row in rows if row[0].isdigit()]
        spaces = _spaces(rows, words)
        places = []
        for i, row in enumerate(words):
            start = self._write(row[1] or "_")
            places.append((start, self.size))
            if spaces[i] and i + 1 < len(words):
                self._write(" ")
            if row[3] == "PRON" and ("Person=3" not in row[5] or "PronType=Prs" not in row[5]):
                self.unjudged.add(start)
        for mention in mentions_of(words):
            head = mention.head(words)
            self.mentions.append(
                GoldMention(
                    places[mention.start][0],
                    places[mention.end - 1][1],
                    *places[head],
                    mention.group,
                    mention.kind,
                    _form(words, mention, head),
                )
            )

    def finish(self) -> ChainDocument:
        mentions = sorted(self.mentions, key=lambda m: (m.start, -m.end))
        return ChainDocument(
            self.name, "".join(self.pieces), tuple(mentions), frozenset(self.unjudged)
        )


def _spaces(rows: list[list[str]], words: list[list[str]]) -> list[bool]:
    """Whether white space follows each word; never inside a multi-word token."""
    spaces = ["SpaceAfter=No" not in row[9] for row in words]
    for row in rows:
        if "-" in row[0]:
            first, last = map(int, row[0].split("-"))
            spaces[first - 1 : last] = [False] * (last - first) + ["SpaceAfter=No" not in row[9]]
    return spaces


def _form(words: list[list[str]], mention: TreeMention, head: int) -> str:
    tag, features = words[head][3], words[head][5]
    if tag == "PROPN":
        return "name"
    if tag == "PRON":
        return "pronoun" if "PronType=Prs" in features and "Person=3" in features else "other"
    if tag != "NOUN":
        return "other"
    of_head = [row for row in words[mention.start : head] if row[6] == words[head][0]]
    definite = any(
        (row[7] == "det" and row[1].lower() in _DEFINITE) or row[7] == "nmod:poss"
        for row in of_head
    )
    return "nominal" if definite else "other"


class ChainScore(msgspec.Struct, frozen=True, kw_only=True):
    """Figures by name.

    They are ``both``, ``pronouns`` and ``nominals``, and each for ``person``, ``organisation`` and
    ``place``; those without a type are of persons and organisations together. `misses` has one line
    for each gold mention not found and each wrong prediction.
    """

    figures: dict[str, Score]
    misses: tuple[str, ...] = ()


FIGURES = (
    "both",
    "pronouns",
    "nominals",
    *(
        f"{form}_{kind}"
        for kind in ("person", "organisation", "place")
        for form in ("both", "pronouns", "nominals")
    ),
)


def score_chains(
    documents: Iterable[ChainDocument], extract: Callable[[Article], Iterable[Record]]
) -> ChainScore:
    """Score what is extracted from documents with coreference.

    Args:
        documents: see `read_chains`.
        extract: gives the records of an article.

    Example:
        ``score_chains(read_chains(path), lambda a: load().extract_article(a).records)``
    """
    counts: Counter[tuple[str, str]] = Counter()
    misses: list[str] = []
    for document in documents:
        article = read_text(document.text, id=document.id)
        records = [record for record in extract(article) if isinstance(record, EntityRecord)]
        for verdict in _judge(document, records):
            for figure in verdict.figures:
                counts[figure, verdict.outcome] += 1
            if verdict.outcome != "right" and verdict.figures:
                misses.append(f"{document.id} {verdict.line}")
    return ChainScore(
        figures={
            name: Score(*(counts[name, outcome] for outcome in ("right", "missed", "extra")))
            for name in FIGURES
        },
        misses=tuple(misses),
    )


class _Verdict(msgspec.Struct, frozen=True):
    outcome: str
    figures: tuple[str, ...]
    line: str


def _judge(document: ChainDocument, records: Sequence[EntityRecord]) -> Iterator[_Verdict]:
    aligned = _Alignment(document.mentions)
    named: dict[str, int] = {}
    kinds: dict[str, str] = {}
    for gold_name in document.mentions:
        if gold_name.form == "name":
            named.setdefault(gold_name.chain, gold_name.start)
            kinds.setdefault(gold_name.chain, gold_name.kind)
    demanded = {
        (item.start, item.end): item
        for item in document.mentions
        if item.form in ("pronoun", "nominal")
        and kinds.get(item.chain) in _SCOPE
        and named[item.chain] < item.start
    }
    found: set[tuple[int, int]] = set()
    for record in records:
        at = [(mention, aligned.at(mention)) for mention in record.mentions]
        chains = {
            gold.chain
            for mention, gold in at
            if mention.form == "name" and gold is not None and gold.form == "name"
        }
        for mention, gold in at:
            if mention.form == "name" or mention.start in document.unjudged:
                continue
            place = None if gold is None else (gold.start, gold.end)
            if gold is not None and gold.chain in chains:
                if place is not None and place in demanded and place not in found:
                    found.add(place)
                    figures = _figures(mention.form, _SCOPE[kinds[gold.chain]])
                    yield _Verdict("right", figures, "")
                continue
            kind = _SCOPE.get(kinds.get(gold.chain, ""), "") if gold is not None else ""
            kind = kind or _OF_RECORD.get(record.type, "place")
            yield _Verdict(
                "extra",
                _figures(mention.form, kind),
                f"{mention.start} extra {mention.form} {mention.text!r}: {record.name}",
            )
    for at_place, item in demanded.items():
        if at_place not in found:
            text = document.text[item.start : item.end]
            name = document.text[named[item.chain] :][:30].split("\n")[0]
            yield _Verdict(
                "missed",
                _figures(item.form, _SCOPE[kinds[item.chain]]),
                f"{item.start} missed {item.form} {text!r}: {name}",
            )


def _figures(form: str, kind: str) -> tuple[str, ...]:
    own = (f"both_{kind}", f"{form}s_{kind}")
    return own if kind == "place" else ("both", f"{form}s", *own)


class _Alignment:
    """The gold mention that a mention of a record is."""

    def __init__(self, mentions: Sequence[GoldMention]) -> None:
        self._by_head = sorted(mentions, key=lambda mention: mention.head)
        self._heads = [mention.head for mention in self._by_head]

    def at(self, mention: Mention) -> GoldMention | None:
        """The one whose head lies in the mention and whose start is next to its own, or None."""
        first = bisect_left(self._heads, mention.start)
        last = bisect_left(self._heads, mention.end, lo=first)
        return min(
            self._by_head[first:last],
            key=lambda gold: (abs(gold.start - mention.start), -gold.end),
            default=None,
        )


__all__ = ["ChainDocument", "ChainScore", "mentions_of", "read_chains", "score_chains"]
