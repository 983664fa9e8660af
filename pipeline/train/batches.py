"""Documents -> padded batches of windows, cut like those of the run time, anew each epoch."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch

from ..language.heads import HEADS
from ..language.lemmas import learn_script
from ..language.pieces import Pieces
from .corpus import Document, Layer, Sentence
from .network import IGNORE, Batch

MAX_PIECES = 256
"""Longest window that training shows; a single sentence may be longer."""

_MIN_WINDOW, _MAX_SENTENCE = 64, 480
# Shares of sentences changed per epoch, so that headlines, captions and careless text are seen.
_CAPITALS, _LOWER, _NO_STOP = 0.015, 0.02, 0.03
_CUT_OFF = 0.5  # share of windows that end inside a sentence, as those of the run time do

_PADDING = {"ids": 0, "case": 0, "first": 0, "starts": 0, "mask": 0, "word_mask": 0}
_PADDING |= {"links": 0, "linked": 0}
_LABELLED = tuple(h.name for h in HEADS if h.kind in ("token", "span", "class"))

Example = dict[str, list[int]]


@dataclass(frozen=True)
class Labels:
    """Label sets of the heads, and relations under "rel"."""

    names: dict[str, list[str]]

    @classmethod
    def of(cls, documents: Iterable[Document]) -> Labels:
        """Collect them: a label seen once is noise (typos, odd lemmas) and is not learned."""
        counts: dict[str, Counter[str]] = {h.name: Counter() for h in HEADS if h.kind == "token"}
        counts["rel"] = Counter()
        for document in documents:
            for sentence in document.sentences:
                if sentence.heads is None:
                    continue
                for name, count in counts.items():
                    count.update(x for x in layer(sentence, name) if x is not None)
        names = {name: sorted(x for x, n in c.items() if n > 1) for name, c in counts.items()}
        names |= {h.name: list(h.labels) for h in HEADS if h.types}
        return cls(names)

    def index(self) -> dict[str, dict[str, int]]:
        """Label -> output position, by head."""
        return {name: {x: i for i, x in enumerate(labels)} for name, labels in self.names.items()}


def layer(sentence: Sentence, name: str) -> Sequence[str | None]:
    """A sentence's labels for a head; lemmas as edit scripts."""
    labels = sentence.layers.get(name)
    if labels is None:
        return [None] * len(sentence.words)
    if name == "lemma":
        return [
            None if x is None else learn_script(w, x)
            for w, x in zip(sentence.words, labels, strict=True)
        ]
    return labels


class Examples:
    """Makes the examples of an epoch.

    Args:
        pieces: word-pieces.
        labels: label sets.
    """

    def __init__(self, pieces: Pieces, labels: Labels) -> None:
        self._pieces = pieces
        self._index = labels.index()

    def epoch(
        self, documents: Sequence[Document], rng: random.Random, budget: int
    ) -> list[list[Example]]:
        """Batches of at most `budget` padded pieces, windows of like length together, shuffled."""
        examples = []
        for document in documents:
            varied = [_vary(s, rng) if document.true_sentences else s for s in document.sentences]
            for part, cut in self._windows(varied, rng):
                examples.append(self.example(part, document.true_sentences, cut))
        examples.sort(key=lambda e: len(e["ids"]) + rng.uniform(-12, 12))
        batches = list(batched(examples, budget))
        rng.shuffle(batches)
        return batches

    def _windows(
        self, sentences: list[Sentence], rng: random.Random
    ) -> Iterable[tuple[list[Sentence], int | None]]:
        """Runs of sentences that fit a window of random length.

        With each goes the number of words kept of its last sentence, None when that is whole.
        """
        sizes = [sum(len(self._pieces(w)[0]) for w in s.words) + 2 for s in sentences]
        at = 0
        while at < len(sentences):
            # most windows full, as in long texts; some short, as in short texts
            limit = rng.randint(_MIN_WINDOW, MAX_PIECES) if rng.random() < 0.5 else MAX_PIECES - 64
            end, used = at + 1, sizes[at]
            while end < len(sentences) and used + sizes[end] <= limit:
                used += sizes[end]
                end += 1
            room = limit - used
            if end < len(sentences) and room > 8 and rng.random() < _CUT_OFF:
                words = 0
                while room > 0 and words < len(sentences[end].words):
                    room -= len(self._pieces(sentences[end].words[words])[0])
                    words += 1
                yield sentences[at : end + 1], words
            else:
                yield sentences[at:end], None
            at = end

    def example(
        self, sentences: Sequence[Sentence], true_sentences: bool, cut: int | None = None
    ) -> Example:
        """One window.

        Args:
            sentences: its sentences.
            true_sentences: whether their borders may be taught.
            cut: words kept of the last sentence; its layers are not taught, as its analysis is
                not used.
        """
        example: Example = {"ids": [self._pieces.cls], "case": [0], "first": [0], "starts": [0]}
        taught = ["sentence", "arc", "rel", *_LABELLED]
        for name in taught:
            example[name] = [IGNORE]
        links: Layer = [None]
        for number, sentence in enumerate(sentences):
            last = cut is not None and number == len(sentences) - 1
            words = sentence.words[:cut] if last else sentence.words
            offset = len(example["first"]) - 1
            for word in words:
                ids, case = self._pieces(word)
                example["first"].append(min(len(example["ids"]), _MAX_SENTENCE))
                example["ids"] += ids
                example["case"] += [case] * len(ids)
            n = len(words)
            example["starts"] += [1] + [0] * (n - 1)
            example["sentence"] += (
                [1] + [0] * (n - 1) if true_sentences and sentence.heads else [IGNORE] * n
            )
            links += [None] * n if last else layer(sentence, "links")
            if last or sentence.heads is None:
                example["arc"] += [IGNORE] * n
                example["rel"] += [IGNORE] * n
            else:
                example["arc"] += [h + offset if h else 0 for h in sentence.heads]
                example["rel"] += self._numbers("rel", sentence.layers["rel"])
            for name in _LABELLED:
                example[name] += (
                    [IGNORE] * n if last else self._numbers(name, layer(sentence, name))
                )
        if len(example["ids"]) > _MAX_SENTENCE + 1:
            example["ids"] = example["ids"][: _MAX_SENTENCE + 1]
            example["case"] = example["case"][: _MAX_SENTENCE + 1]
        example["ids"].append(self._pieces.sep)
        example["case"].append(0)
        example["links"] = self._links(links)
        example["linked"] = [int(x is not None) for x in links]
        example["mask"] = [1] * len(example["ids"])
        example["word_mask"] = [1] * len(example["first"])
        return example

    def _links(self, layer: Layer) -> list[int]:
        """The links of a window: cue, word and label of each in turn; see `corpus.links`."""
        members: dict[str, dict[str, list[int]]] = {}
        for word, said in enumerate(layer):
            for member in (said or "").split():
                role, _, number = member.partition(":")
                members.setdefault(number, {}).setdefault(role, []).append(word)
        index = self._index["links"]
        return [
            x
            for roles in members.values()
            for cue in roles.pop("CUE", ())
            for role, words in roles.items()
            for word in words
            for x in (cue, word, index[role])
        ]

    def _numbers(self, name: str, labels: Sequence[str | None]) -> list[int]:
        index = self._index[name]
        return [IGNORE if x is None else index.get(x, IGNORE) for x in labels]


def batched(examples: Sequence[Example], budget: int) -> Iterable[list[Example]]:
    """Consecutive examples, at most `budget` padded pieces a batch."""
    batch: list[Example] = []
    longest = 0
    for example in examples:
        longest = max(longest, len(example["ids"]))
        if batch and longest * (len(batch) + 1) > budget:
            yield batch
            batch, longest = [], len(example["ids"])
        batch.append(example)
    if batch:
        yield batch


def collate(examples: Sequence[Example]) -> Batch:
    """Pad examples to tensors (B, P), (B, W+1) and, for links, (B, 3N)."""
    batch: Batch = {}
    for name in examples[0]:
        width = max(len(e[name]) for e in examples)
        padding = _PADDING.get(name, IGNORE)
        rows = [e[name] + [padding] * (width - len(e[name])) for e in examples]
        batch[name] = torch.tensor(rows, dtype=torch.long)
    return batch


def _vary(sentence: Sentence, rng: random.Random) -> Sentence:
    """The sentence, or now and then a careless one: in capitals, lower case, without its stop."""
    chance = rng.random()
    words = sentence.words
    if chance < _CAPITALS:
        return Sentence(
            [w.upper() for w in words], sentence.spaces, sentence.layers, sentence.heads
        )
    if chance < _CAPITALS + _LOWER:
        return Sentence(
            [w.lower() for w in words], sentence.spaces, sentence.layers, sentence.heads
        )
    end = len(words)
    if (
        chance < _CAPITALS + _LOWER + _NO_STOP
        and sentence.heads is not None
        and words[-1] == "."
        and end > 3
        and end not in sentence.heads
    ):
        layers = {name: labels[:-1] for name, labels in sentence.layers.items()}
        return Sentence(words[:-1], sentence.spaces[:-1], layers, sentence.heads[:-1])
    return sentence
