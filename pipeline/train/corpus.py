"""What the model is taught from: documents of sentences with layers of labels.

A layer is a list with one label a word; None stands where the source says nothing about the word,
and the loss is masked there. A sentence without a layer says nothing at all about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Layer = list[str | None]

TREE_LAYERS = ("upos", "xpos", "feats", "lemma", "rel")


@dataclass
class Sentence:
    """Words with their layers.

    Attributes:
        words: the words; the parts of a multi-word token are words ("do", "n't").
        spaces: True where white space follows the word.
        layers: name -> one label a word.
        heads: index of each word's syntactic head in the sentence from 1, 0 for the root; None
            without a tree.
    """

    words: list[str]
    spaces: list[bool]
    layers: dict[str, Layer] = field(default_factory=dict)
    heads: list[int] | None = None


@dataclass
class Document:
    """Sentences of one text.

    Attributes:
        name: the document's name in its source.
        source: name of the source ("ewt", "gum", "written", ...).
        sentences: in reading order.
        true_sentences: False when the sentences are only chunks of a raw text.
        text: the raw text that the words were made from by the run time's tokenizer, if so.
    """

    name: str
    source: str
    sentences: list[Sentence] = field(default_factory=list)
    true_sentences: bool = True
    text: str | None = None

    def words(self) -> list[str]:
        """All words of the document."""
        return [w for s in self.sentences for w in s.words]

    def set_layer(self, name: str, labels: Sequence[str | None]) -> None:
        """Set a layer of the whole document, given one label for each word of it."""
        at = 0
        for sentence in self.sentences:
            n = len(sentence.words)
            sentence.layers[name] = list(labels[at : at + n])
            at += n

    def has_layer(self, name: str) -> bool:
        """Whether any sentence has the layer."""
        return any(name in sentence.layers for sentence in self.sentences)

    def get_layer(self, name: str) -> Layer:
        """A layer of the whole document; None for the words of sentences without it."""
        return [
            label for s in self.sentences for label in s.layers.get(name, [None] * len(s.words))
        ]


def links(
    n: int, attributions: Iterable[Sequence[tuple[int, int, str]]], unsaid: Iterable[int] = ()
) -> Layer:
    """The layer `links` of attributions that may nest: each word's roles, "CUE:0 CONTENT:1".

    Args:
        n: number of words.
        attributions: of each its spans: (first word, word after the last, role).
        unsaid: words of which the source does not say whether they are part of any.

    Example:
        >>> links(3, [[(0, 1, "SOURCE"), (1, 2, "CUE"), (2, 3, "CONTENT")]])
        ['SOURCE:0', 'CUE:0', 'CONTENT:0']
    """
    roles: list[list[str]] = [[] for _ in range(n)]
    for number, spans in enumerate(attributions):
        for start, end, role in spans:
            for word in range(start, end):
                roles[word].append(f"{role}:{number}")
    layer: Layer = [" ".join(words) for words in roles]
    for word in unsaid:
        layer[word] = None
    return layer


def bio(n: int, spans: Iterable[tuple[int, int, str]]) -> list[str]:
    """BIO labels of word spans.

    Args:
        n: number of words.
        spans: (first word, word after the last, label); where spans overlap the longest wins,
            of equally long ones the first.

    Example:
        >>> bio(3, [(0, 2, "ORG")])
        ['B-ORG', 'I-ORG', 'O']
    """
    labels = ["O"] * n
    taken = [False] * n
    for start, end, label in sorted(set(spans), key=lambda s: (s[0] - s[1], s[0], s[2])):
        if any(taken[start:end]):
            continue
        for i in range(start, end):
            taken[i] = True
            labels[i] = ("B-" if i == start else "I-") + label
    return labels


def bio_spans(labels: Sequence[str | None]) -> list[tuple[int, int, str]]:
    """Word spans of BIO labels: the inverse of `bio`; an I- without its B- begins a span."""
    spans: list[tuple[int, int, str]] = []
    begin: int | None = None
    kind = ""
    for i, label in enumerate([*labels, "O"]):
        inside = label is not None and label[0] == "I" and begin is not None and label[2:] == kind
        if inside:
            continue
        if begin is not None:
            spans.append((begin, i, kind))
            begin = None
        if label is not None and label != "O":
            begin, kind = i, label[2:]
    return spans
