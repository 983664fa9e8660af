"""Who is said to say what, out of GUM's discourse annotation, as relations of word spans.

GUM's `Discourse=` names, at the first word of an elementary discourse unit, the units that it
attributes, with signals: the words of the source, those that indicate the attribution. Where the
words of source, cue and content begin and end is not said; that is read off the gold tree.

Taught are attributions to a third person by a reporting word of `reporting.jsonl`. Everything else
that may be an attribution is left unsaid, neither taught nor denied: the first and second person
("I think", "you know"), headings and captions (their source is an author or photographer), and
words of saying that GUM gives no relation, for it has none for infinitives and nouns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from ..lexicons import rows
from ..stages.reporting import Reporting
from .corpus import Document, Layer, bio, links
from .treebanks import blocks

_DISCOURSE = re.compile(r"(?:^|\|)Discourse=([^|]*)")
_ARROW = re.compile(r"attribution-(positive|negative):(\d+)->(\d+):(\d+)")
_TOKENS = re.compile(r"(sem-atsrc|lex-indwd)-([\d,-]+)-")
_MARKS = frozenset({'"', "“", "”", "``", "''"})
_SINGLE_MARKS = frozenset({"'", "‘", "’", "`"})
_EDGES = frozenset({",", ".", ";", ":", "-", "–", "—", "?", "!"})
# Relations of a clause to the word that reports it, and of that word to a clause it stands in.
_COMPLEMENTS = ("ccomp", "xcomp", "parataxis", "obj")
_SUBJECTS = ("nsubj", "csubj")
_CLAUSES = ("acl", "advcl", "conj", "xcomp", "ccomp")

Span = tuple[int, int]


class Relation(NamedTuple):
    """An attribution; spans are half-open, in words of the document.

    Attributes:
        cue: the reporting word with its auxiliaries; "according to".
        source: the phrase of who said it.
        content: what was said, in order: without "that", without the outer quotation marks.
    """

    cue: Span
    source: Span
    content: tuple[Span, ...]


@dataclass
class Attributions:
    """The attributions of a document.

    Attributes:
        relations: in reading order of their cues.
        unsaid: words of the sentences that may hold more attributions than those given.
    """

    relations: list[Relation] = field(default_factory=list)
    unsaid: set[int] = field(default_factory=set)


class _Claim(NamedTuple):
    """An attribution as GUM annotates it: words that are its satellite, signals and nucleus."""

    positive: bool
    satellite: range
    nucleus: range
    sources: frozenset[int]
    indicators: frozenset[int]
    reach: frozenset[int]


def read_relations(path: Path) -> dict[str, Attributions]:
    """The attributions of GUM's documents.

    Args:
        path: a CoNLL-U file with GUM's `Discourse=`.

    Returns:
        By name of the document; spans count words as `read_conllu` gives them.
    """
    documents: dict[str, list[list[list[str]]]] = {}
    name = path.stem
    for begun, _, words in blocks(path):
        name = begun or name
        documents.setdefault(name, []).append(words)
    return {name: _attributions(_Tree(sentences)) for name, sentences in documents.items()}


def teach_relations(document: Document, found: Attributions) -> None:
    """Set the layers `cues` and `links` of a document from its attributions."""
    n = len(document.words())
    cues: Layer = list(bio(n, [(*relation.cue, "CUE") for relation in found.relations]))
    for word in found.unsaid:
        cues[word] = None
    document.set_layer("cues", cues)
    attributions = [
        [(*r.source, "SOURCE"), (*r.cue, "CUE"), *((*span, "CONTENT") for span in r.content)]
        for r in found.relations
    ]
    document.set_layer("links", links(n, attributions, found.unsaid))


class _Tree:
    """A document's words in one row: heads and children are indices of the whole document."""

    def __init__(self, sentences: list[list[list[str]]]) -> None:
        self.rows = [row for sentence in sentences for row in sentence]
        self.sentences: list[range] = []
        self.heads: list[int | None] = []
        for sentence in sentences:
            start = len(self.heads)
            self.sentences.append(range(start, start + len(sentence)))
            self.heads += [start + int(row[6]) - 1 if row[6] != "0" else None for row in sentence]
        self.sentence_of = [s for s, sentence in enumerate(self.sentences) for _ in sentence]
        self.children: list[list[int]] = [[] for _ in self.rows]
        for i, head in enumerate(self.heads):
            if head is not None:
                self.children[head].append(i)

    def form(self, word: int) -> str:
        return self.rows[word][1].lower()

    def lemma(self, word: int) -> str:
        return self.rows[word][2].lower()

    def tag(self, word: int) -> str:
        return self.rows[word][3]

    def is_a(self, word: int, *relations: str) -> bool:
        return self.rows[word][7].split(":")[0] in relations

    def has(self, word: int, feature: str) -> bool:
        return feature in self.rows[word][5].split("|")

    def subtree(self, word: int) -> set[int]:
        found = {word}
        waiting = [word]
        while waiting:
            new = self.children[waiting.pop()]
            found.update(new)
            waiting += new
        return found

    @cached_property
    def quoted(self) -> list[bool]:
        """Whether each word stands between double quotation marks, the marks included."""
        inside = [False] * len(self.rows)
        opened: int | None = None
        tight = [True, *("SpaceAfter=No" in row[9] for row in self.rows)]
        for i in range(len(self.rows)):
            if self.form(i) not in _MARKS:
                continue
            if tight[i + 1] and not tight[i]:
                opened = i  # a forgotten closing mark turns nothing after it inside out
            elif opened is not None:
                inside[opened : i + 1] = [True] * (i + 1 - opened)
                opened = None
            else:
                opened = i
        return inside


def _attributions(tree: _Tree) -> Attributions:
    found = Attributions()
    claims = list(_claims(tree))
    for claim in claims:
        relation = _relation(tree, claim) if claim.positive else None
        if relation is not None:
            found.relations.append(relation)
            continue
        for edge in (claim.satellite.start, claim.nucleus.start):
            found.unsaid.update(tree.sentences[tree.sentence_of[edge]])
    found.relations = sorted(set(found.relations), key=lambda r: (r.cue, r.content))
    told = {i for r in found.relations for span in (r.cue, *r.content) for i in range(*span)}
    for sentence in tree.sentences:
        if any(i not in told and _may_attribute(tree, i) for i in sentence):
            found.unsaid.update(sentence)
    return found


def _claims(tree: _Tree) -> Iterator[_Claim]:
    """GUM's attributions in reading order."""
    starts, said = [], []
    for i, row in enumerate(tree.rows):
        match = _DISCOURSE.search(row[9])
        if match:
            starts.append(i)
            said.append(match[1])
    units = [range(a, b) for a, b in pairwise([*starts, len(tree.rows)])]
    # The unit that each one depends on, and how many others bind more tightly to that unit.
    bound: dict[int, list[tuple[int, int]]] = {}
    for unit, relations in enumerate(said):
        arrow = re.match(r"[^:]*:\d+->(\d+):(\d+)", relations)
        if arrow:
            bound.setdefault(int(arrow[1]) - 1, []).append((int(arrow[2]), unit))
    for unit, relations in enumerate(said):
        for relation in relations.split(";"):
            arrow = _ARROW.match(relation)
            if arrow is None or not 0 < int(arrow[3]) <= len(units):
                continue
            signals: dict[str, set[int]] = {"sem-atsrc": set(), "lex-indwd": set()}
            for kind, tokens in _TOKENS.findall(relation):
                signals[kind].update(i for i in _numbers(tokens) if i < len(tree.rows))
            nucleus = int(arrow[3]) - 1
            parts = _dependents(bound, nucleus, int(arrow[4]))
            yield _Claim(
                arrow[1] == "positive",
                units[unit],
                units[nucleus],
                frozenset(signals["sem-atsrc"]),
                frozenset(signals["lex-indwd"]),
                frozenset(i for part in parts for i in units[part]),
            )


def _numbers(tokens: str) -> Iterator[int]:
    """Word indices of GUM's token numbers: "3,7-9" gives 2, 6, 7, 8."""
    for part in tokens.split(","):
        first, _, last = part.partition("-")
        if first.isdigit() and (last.isdigit() or not last):
            yield from range(int(first) - 1, int(last or first))


def _dependents(bound: dict[int, list[tuple[int, int]]], unit: int, limit: int) -> set[int]:
    """A unit and all that depend on it more tightly than `limit`: what a relation spans."""
    found = {unit}
    waiting = [child for tightness, child in bound.get(unit, ()) if tightness < limit]
    while waiting:
        child = waiting.pop()
        if child not in found:
            found.add(child)
            waiting += [further for _, further in bound.get(child, ())]
    return found


def _relation(tree: _Tree, claim: _Claim) -> Relation | None:
    """The relation of word spans, None where the tree does not tell it plainly."""
    home = tree.sentences[_home(tree, claim)]
    words = [i for i in claim.satellite if i in home]
    # GUM leaves out the indicator of some; the tree has to tell as much for these.
    for word in [i for i in words if i in claim.indicators][::-1] or words:
        relation = _by_phrase(tree, claim, word) or _by_word(tree, claim, word)
        if relation is not None:
            return relation
    return None


def _home(tree: _Tree, claim: _Claim) -> int:
    return tree.sentence_of[claim.satellite.start]


def _by_phrase(tree: _Tree, claim: _Claim, word: int) -> Relation | None:
    """The phrase "according to X" with the clause that it modifies."""
    if tree.form(word) != "according" or not tree.is_a(word, "case"):
        return None
    head = tree.heads[word]
    clause = tree.heads[head] if head is not None else None
    if head is None or clause is None:
        return None
    phrase = tree.subtree(head)
    cue = {word, *(i for i in tree.children[word] if tree.is_a(i, "fixed"))}
    source = _phrase(tree, head, phrase - cue)
    joined = {i for i in tree.children[clause] if tree.is_a(i, "cc")}
    content = _content(tree, tree.subtree(clause) - phrase - joined)
    if source is None or not content or _speaks_to_us(tree, head):
        return None
    return Relation((min(cue), max(cue) + 1), source, content)


def _by_word(tree: _Tree, claim: _Claim, word: int) -> Relation | None:
    """A reporting word with its clause: "X said that", "…, X said, …", "as X said"."""
    particles = [tree.form(i) for i in tree.children[word] if tree.rows[i][7] == "compound:prt"]
    if (" ".join([tree.lemma(word), *particles]), tree.tag(word) == "NOUN") not in _cues():
        return None
    if tree.has(word, "Mood=Imp") or _negated(tree, word):
        return None
    clause = _complement(tree, claim, word)
    if clause is not None:
        inner = tree.subtree(clause)
        inner -= {
            i for i in tree.children[clause] if tree.is_a(i, "mark") and tree.form(i) == "that"
        }
    else:
        clause = _host(tree, claim, word)
        if clause is None:
            return None
        inner = tree.subtree(clause) - tree.subtree(word)
    source = _source(tree, claim, word, inner)
    content = _content(tree, inner)
    words = [i for a, b in content for i in range(a, b) if tree.tag(i) != "PUNCT"]
    if source is None or not words or (len(words) == 1 and not tree.quoted[words[0]]):
        return None
    span = _verb_group(tree, word)
    content = _joined(tree, content + _carried_on(tree, claim, content))
    return Relation(span, source, content)


def _complement(tree: _Tree, claim: _Claim, word: int) -> int | None:
    """The clause or quoted words that a reporting word takes as its complement."""
    for child in tree.children[word]:
        if not tree.is_a(child, *_COMPLEMENTS, *(("acl",) if tree.tag(word) == "NOUN" else ())):
            continue
        bare = tree.is_a(child, "xcomp") and not any(
            tree.is_a(i, "mark") for i in tree.children[child]
        )
        if bare or (tree.is_a(child, "obj") and not tree.quoted[child]):
            continue
        if not tree.subtree(child).isdisjoint(claim.reach):
            return child
    return None


def _host(tree: _Tree, claim: _Claim, word: int) -> int | None:
    """The clause that a reporting clause stands in: "…, X said, …", "as X said, …"."""
    head = tree.heads[word]
    if head is None or head in claim.satellite:
        return None
    aside = tree.is_a(word, "parataxis") or (
        tree.is_a(word, "advcl")
        and any(tree.form(i) == "as" for i in tree.children[word] if tree.is_a(i, "mark", "advmod"))
    )
    rest = tree.subtree(head) - tree.subtree(word)
    return head if aside and not rest.isdisjoint(claim.reach) else None


def _source(tree: _Tree, claim: _Claim, word: int, content: set[int]) -> Span | None:
    """The phrase that says so, None where it is us, unnamed, or none of those that GUM gives."""
    at: int | None = word
    for _ in range(3):
        if at is None:
            return None
        for child in tree.children[at]:
            owner = tree.tag(word) == "NOUN" and at == word and tree.is_a(child, "nmod")
            agent = tree.rows[child][7] == "obl:agent"
            if not (owner or agent or tree.is_a(child, *_SUBJECTS)) or child in content:
                continue
            if _speaks_to_us(tree, child) or tree.rows[child][7] in ("nsubj:pass", "csubj"):
                return None
            if any(tree.has(child, f"PronType={kind}") for kind in ("Dem", "Ind", "Int")):
                return None  # "this means that", "whether anyone thinks": nobody's word
            phrase = tree.subtree(child) - content
            relative = tree.has(child, "PronType=Rel")
            if not relative and phrase.isdisjoint(claim.sources):
                return None
            return _phrase(tree, child, phrase)
        if not tree.is_a(at, *_CLAUSES):
            return None
        above = tree.heads[at]
        if tree.is_a(at, "acl") and above is not None:
            # "a report saying that": its noun
            phrase = tree.subtree(above) - tree.subtree(at)
            return _phrase(tree, above, phrase) if above in claim.sources else None
        at = above
    return None


def _phrase(tree: _Tree, head: int, words: set[int]) -> Span | None:
    """The unbroken stretch of a phrase around its head, punctuation at its edges left out."""
    edges = [i for i in words if tree.is_a(i, "case", "mark", "cc") and tree.heads[i] == head]
    words = words - set(edges)
    start, end = head, head + 1
    while start - 1 in words:
        start -= 1
    while end in words:
        end += 1
    while tree.form(start) in _EDGES and start < head:
        start += 1
    while tree.form(end - 1) in _EDGES and end - 1 > head:
        end -= 1
    return start, end


def _content(tree: _Tree, words: set[int]) -> tuple[Span, ...]:
    """Stretches of content: broken by words of others, not by their punctuation."""
    runs = _joined(tree, tuple((word, word + 1) for word in words))
    spans = [_trimmed(tree, *run) for run in runs]
    return tuple(span for span in spans if any(map(partial(_says, tree), range(*span))))


def _says(tree: _Tree, word: int) -> bool:
    """Whether a word is more than the punctuation and the links between clauses."""
    return tree.tag(word) not in ("PUNCT", "CCONJ", "SCONJ") and not tree.has(word, "PronType=Rel")


def _trimmed(tree: _Tree, start: int, end: int) -> Span:
    """A stretch without the quotation marks around it, and without punctuation outside them."""
    shut = False  # what stands before a closing mark keeps its punctuation
    while end - start > 1:
        first, last = start, end - 1
        marks = [i for i in range(start, end) if tree.form(i) in _MARKS]
        singles = [i for i in range(start, end) if _single(tree, i)]
        for family in (marks, singles):
            around = family == [first, last]
            if around or (len(family) % 2 and family[0] == first):
                start += 1
            if around or (len(family) % 2 and family[-1] == last):
                end -= 1
                shut = True
        if (start, end) == (first, last + 1):
            start += tree.form(first) in _EDGES
            end -= tree.form(last) in _EDGES and not shut
        if (start, end) == (first, last + 1):
            break
    return start, end


def _single(tree: _Tree, word: int) -> bool:
    """Whether a word is a single quotation mark, not an apostrophe."""
    return tree.form(word) in _SINGLE_MARKS and tree.tag(word) == "PUNCT"


def _carried_on(tree: _Tree, claim: _Claim, content: tuple[Span, ...]) -> tuple[Span, ...]:
    """Further whole sentences inside the same marks: "…," she said. "…"."""
    home = _home(tree, claim)
    if not any(tree.quoted[i] for span in content for i in range(*span)):
        return ()
    further = []
    for step in (1, -1):
        at = home + step
        while 0 <= at < len(tree.sentences):
            words = tree.sentences[at]
            if not all(tree.quoted[i] and i in claim.reach for i in words):
                break
            further.append(_trimmed(tree, words.start, words.stop))
            at += step
    return tuple(further)


def _joined(tree: _Tree, spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Spans in order, those with nothing but punctuation between them as one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and all(tree.tag(i) == "PUNCT" for i in range(merged[-1][1], start)):
            start = merged.pop()[0]
        merged.append((start, end))
    return tuple(merged)


def _verb_group(tree: _Tree, word: int) -> Span:
    """A cue with the auxiliaries and adverbs that stand unbroken before it, and its particle."""
    start, end = word, word + 1
    while start - 1 in tree.children[word] and tree.is_a(start - 1, "aux", "advmod"):
        start -= 1
    while tree.is_a(start, "advmod") and start < word:
        start += 1
    while end in tree.children[word] and tree.rows[end][7] == "compound:prt":
        end += 1
    return start, end


def _negated(tree: _Tree, word: int) -> bool:
    return any(tree.has(i, "Polarity=Neg") for i in tree.children[word])


def _speaks_to_us(tree: _Tree, word: int) -> bool:
    """Whether a phrase's head is, or belongs to, the first or second person."""
    return any(
        tree.has(i, "Person=1") or tree.has(i, "Person=2")
        for i in (
            word,
            *(c for c in tree.children[word] if tree.is_a(c, "nmod", "det", "dep", "conj")),
        )
        if tree.tag(i) in ("PRON", "DET")
    )


def _may_attribute(tree: _Tree, word: int) -> bool:
    """Whether a word may attribute something: all that says so, all that reports a clause."""
    if tree.form(word) in _MARKS or tree.form(word) == "according":
        return True
    if tree.tag(word) == "VERB" and tree.lemma(word) in _sayings():
        return True
    if tree.lemma(word) not in _first_words():
        return False
    below = any(tree.is_a(i, "ccomp", "xcomp", "acl") for i in tree.children[word])
    return below or tree.is_a(word, "parataxis")


@cache
def _cues() -> frozenset[tuple[str, bool]]:
    """Cues of one word (and a particle), and whether they are nouns."""
    return frozenset(
        (row.lemma, row.form in ("noun", "owned"))
        for row in _reporting()
        if row.form != "support"  # it only lends its subject to a noun
    )


@cache
def _first_words() -> frozenset[str]:
    return frozenset(row.lemma.split()[0] for row in _reporting())


@cache
def _sayings() -> frozenset[str]:
    """First words of the cues that say something rather than think or find it."""
    sayings = ("speech", "hearsay", "document")
    return frozenset(row.lemma.split()[0] for row in _reporting() if row.class_ in sayings)


def _reporting() -> tuple[Reporting, ...]:
    return rows("reporting", Reporting)
