"""`claimline_encoder`: the language model as a spaCy component.

One small transformer encoder reads the text once and says everything about it: parts of speech,
morphology, lemmas, sentences, dependency trees, named entities, attributions and hedges.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy import attrs
from spacy.language import Language
from spacy.symbols import IDS  # type: ignore[import-not-found]  # Cython, no stub
from spacy.tokens import Doc, Span, SpanGroup
from spacy.vocab import Vocab

from ..config import defaults
from .heads import HEADS, head
from .lemmas import Lemmas
from .network import ENCODER, Meta, Network, model_folder
from .shield import sentence_starts
from .spans import Tagged, tagged_spans
from .trees import best_tree, is_tree
from .windows import Output, settle

ATTRIBUTION = "claimline_attribution"
HEDGES = "claimline_hedges"
"""Names of the span groups in `doc.spans`."""

LINKS = "claimline_links"
"""Key in `doc.user_data` of what the words around each possible cue are to it."""

READINGS = "claimline_readings"
"""Key in `doc.user_data` of how words that may hedge are read."""

_READING_FLOOR = 0.3  # words less probably of any reading are left out
_CUE_FLOOR = 0.02  # words less probably cues are not asked for their source and content
_LINK_FLOOR = 0.05  # words less probably linked to a cue are left out
_TOKEN_HEADS = tuple(row.name for row in HEADS if row.kind == "token")
_SPAN_HEADS = tuple(row.name for row in HEADS if row.kind in ("span", "class"))
_ATTRIBUTES = {
    "upos": attrs.POS,
    "xpos": attrs.TAG,
    "feats": attrs.MORPH,
    "rel": attrs.DEP,
    "lemma": attrs.LEMMA,
    "head": attrs.HEAD,
    "iob": attrs.ENT_IOB,
    "entity": attrs.ENT_TYPE,
}
_INSIDE, _OUTSIDE, _BEGIN = 1, 2, 3  # spaCy's codes of ENT_IOB


@Language.factory(
    ENCODER,
    assigns=[
        "doc.ents",
        "doc.sents",
        "doc.spans",
        "token.dep",
        "token.ent_iob",
        "token.ent_type",
        "token.head",
        "token.is_sent_start",
        "token.lemma",
        "token.morph",
        "token.pos",
        "token.tag",
    ],
    default_config=defaults(ENCODER),
)
def make_encoder(
    nlp: Language,
    name: str,
    *,
    model: str,
    max_pieces: int,
    threads: int,
    entity_threshold: float,
    attribution_threshold: float,
    hedge_threshold: float,
) -> Encoder:
    """The factory that a pipeline's configuration names; the knobs are those of `Encoder`."""
    return Encoder(
        nlp.vocab,
        folder=model_folder(model),
        max_pieces=max_pieces,
        threads=threads,
        thresholds={
            "ner": entity_threshold,
            "attribution": attribution_threshold,
            "hedges": hedge_threshold,
        },
    )


@dataclass
class Annotation:
    """What the model says of the words of a text, white space left out.

    Attributes:
        tokens: token head -> index of the label of each word.
        spans: span or class head -> probabilities of its labels for each word.
        heads: head of each word, itself for the root of a sentence.
        relations: index of the relation of each word to its head.
        starts: whether each word begins a sentence.
        links: for each word that may be a cue what others in its window are to it, see `Link`.
        forced: words at which a sentence longer than a window was broken.
    """

    tokens: dict[str, NDArray[np.int64]]
    spans: dict[str, NDArray[np.float32]]
    heads: NDArray[np.int64]
    relations: NDArray[np.int64]
    starts: NDArray[np.bool_]
    links: list[Link]
    forced: list[int]


@dataclass(frozen=True)
class Link:
    """What the words around a possible cue are to it.

    Attributes:
        cue: the word.
        score: probability that it is a cue, or part of one.
        words: those that may be linked to it, in order.
        source: of each the probability that it is part of the cue's source.
        content: of each the probability that it is part of the cue's content.
    """

    cue: int
    score: float
    words: list[int]
    source: list[float]
    content: list[float]


class Encoder:
    """The embedded language model.

    Reads the tokens and their white space. Writes part of speech (`pos`, `tag`, `morph`), `lemma`,
    the dependency tree (`head`, `dep`: Universal Dependencies, `ROOT` for the root) and with it
    the sentences, entities (`doc.ents`, OntoNotes names), and two groups in `doc.spans`, each
    with a score from 0 to 1 for every span in `attrs["scores"]`: `claimline_attribution` (labels
    `SOURCE`, `CUE`, `CONTENT`) and `claimline_hedges` (label `CUE`). `doc.user_data[LINKS]` lists
    for each possible reporting cue its token, its probability, and the tokens that may be part of
    its source or content with the probabilities of both (see `Link`). `doc.user_data[READINGS]`
    lists words that may hedge, each with the probability of every reading (`heads.py`).
    `doc.user_data["claimline_forced_breaks"]` lists the tokens at which a sentence longer than
    the window had to be broken.

    The annotation of a text depends on nothing but the text: not on what else is in the batch,
    and not on what was read before.

    Args:
        vocab: of the pipeline.
        folder: the model folder (see `heads.py`).
        max_pieces: word-pieces the network sees at a time.
        threads: for the network.
        thresholds: span head -> probability of being inside from which a word counts; 0.5 is the
            model's own decision, lower leaves more for rules to confirm.

    Raises:
        ModelError: there is no such model, or it does not fit this version.
    """

    def __init__(
        self,
        vocab: Vocab,
        *,
        folder: Path,
        max_pieces: int,
        threads: int,
        thresholds: dict[str, float],
    ) -> None:
        self.meta = Meta.from_folder(folder)
        self._folder = folder
        self._max_pieces = max_pieces
        self._threads = threads
        self._thresholds = thresholds
        self._network: Network | None = None
        self._codes = _codes(vocab, self.meta.labels)
        self._lemmas = Lemmas(self.meta.inflections)

    def __getstate__(self) -> dict[str, Any]:
        """All but the open network, which another process opens for itself."""
        return self.__dict__ | {"_network": None}

    @property
    def network(self) -> Network:
        """The network, opened when first asked for.

        Raises:
            ModelError: a file of the model is damaged.
        """
        if self._network is None:
            self._network = Network(self._folder, self.meta, threads=self._threads)
        return self._network

    def __call__(self, doc: Doc) -> Doc:
        """Annotate a tokenised text."""
        if not len(doc):
            return doc
        tokens = [token for token in doc if not token.is_space]
        words = np.array([token.i for token in tokens], dtype=np.int64)
        texts = [token.text for token in tokens]
        found = self.annotate(texts, sentence_starts(tokens))
        tagged = {
            name: tagged_spans(
                found.spans[name],
                threshold=threshold,
                parted=found.starts if name == "ner" else None,
            )
            for name, threshold in self._thresholds.items()
        }
        self._write_tokens(doc, words, texts, found, tagged["ner"])
        doc.user_data[LINKS] = [
            [
                int(words[link.cue]),
                link.score,
                [int(words[word]) for word in link.words],
                link.source,
                link.content,
            ]
            for link in found.links
        ]
        doc.user_data[READINGS] = _readings(words, found.spans["readings"])
        for group, name in ((ATTRIBUTION, "attribution"), (HEDGES, "hedges")):
            doc.spans[group] = _span_group(doc, words, group, head(name).types, tagged[name])
        doc.user_data["claimline_forced_breaks"] = [int(words[word]) for word in found.forced]
        return doc

    def annotate(self, texts: Sequence[str], starts: NDArray[np.int64]) -> Annotation:
        """What the model says of the words of a text.

        Args:
            texts: the words, white space left out; at least one.
            starts: for each 1 known to begin a sentence, 0 known not to, -1 the model decides.

        Raises:
            ModelError: a file of the model is damaged.
        """
        network = self.network
        pieces = [network.pieces(text) for text in texts]
        lengths = np.array([len(ids) for ids, _ in pieces], dtype=np.int64)
        ids = np.array([piece for word, _ in pieces for piece in word], dtype=np.int64)
        case = np.repeat(np.array([case for _, case in pieces], dtype=np.int64), lengths)
        first = np.cumsum(lengths) - lengths

        def run(start: int, end: int, given: NDArray[np.int64]) -> Output:
            begin = first[start]
            stop = first[end] if end < len(first) else len(ids)
            return network.run(ids[begin:stop], case[begin:stop], first[start:end] - begin, given)

        size, labels = len(texts), self.meta.labels
        found = Annotation(
            tokens={name: np.zeros(size, np.int64) for name in _TOKEN_HEADS},
            spans={name: np.zeros((size, len(labels[name])), np.float32) for name in _SPAN_HEADS},
            heads=np.zeros(size, np.int64),
            relations=np.zeros(size, np.int64),
            starts=np.zeros(size, np.bool_),
            links=[],
            forced=[],
        )
        for part in settle(lengths, starts, max_pieces=self._max_pieces, run=run):
            start, end, output = part.start, part.end, part.output
            inside = slice(1, 1 + end - start)
            for name, values in (found.tokens | found.spans).items():
                values[start:end] = output[name][inside]
            found.starts[start:end] = output["start"][inside]
            self._attach(part.start, part.end, output, found)
            found.links += _links(start, end, output)
            if part.forced:
                found.forced.append(end)
        return found

    def _attach(self, start: int, end: int, output: Output, found: Annotation) -> None:
        """Trees over words `start` to `end`, sentence by sentence."""
        inside = slice(1, 1 + end - start)
        best, relations = output["head"][inside], output["rel"][inside]
        found.heads[start:end] = start + np.where(best, best - 1, np.arange(end - start))
        found.relations[start:end] = relations
        root = self.meta.labels["rel"].index("root")
        changed = set(np.flatnonzero((relations == root) != (best == 0)).tolist())
        heads: list[int] = best.tolist()
        bounds = [*np.flatnonzero(output["start"][inside]).tolist(), end - start]
        for begin, stop in pairwise(bounds):
            # Numbered within the sentence: words from 1, 0 is the root.
            greedy = [above - begin if above else 0 for above in heads[begin:stop]]
            if is_tree(greedy):
                continue
            nodes = np.r_[0, begin + 1 : stop + 1]
            tree = best_tree(output["arc"][np.ix_(nodes, nodes)])
            for word, (above, old) in enumerate(zip(tree, greedy, strict=True), start=begin):
                if above != old:
                    heads[word] = above + begin if above else 0
                    found.heads[start + word] = start + (begin + above - 1 if above else word)
                    changed.add(word)
        for word in sorted(changed):
            found.relations[start + word] = self.network.relations.best(
                output["rel_dep"][word + 1], output["rel_head"][heads[word]], root=not heads[word]
            )

    def _write_tokens(
        self,
        doc: Doc,
        words: NDArray[np.int64],
        texts: Sequence[str],
        found: Annotation,
        entities: Sequence[Tagged],
    ) -> None:
        """Everything that spaCy keeps by token, in one go."""
        codes, add = self._codes, doc.vocab.strings.add
        tags, scripts = self.meta.labels["xpos"], self.meta.labels["lemma"]
        lemmas = [
            add(self._lemmas(text, tags[tag], scripts[script]))
            for text, tag, script in zip(
                texts, found.tokens["xpos"].tolist(), found.tokens["lemma"].tolist(), strict=True
            )
        ]

        def column(space: int, values: NDArray[np.uint64] | list[int]) -> NDArray[np.uint64]:
            filled = np.full(len(doc), space, dtype=np.uint64)
            filled[words] = values
            return filled

        columns = {
            name: column(codes.space[name], codes.labels[name][found.tokens[name]])
            for name in ("upos", "xpos", "feats")
        }
        columns["rel"] = column(codes.space["rel"], codes.labels["rel"][found.relations])
        columns["lemma"] = column(0, lemmas)
        spaces = np.ones(len(doc), dtype=np.bool_)
        spaces[words] = False
        for space in np.flatnonzero(spaces).tolist():
            columns["lemma"][space] = add(doc[space].text)
        columns["head"] = _head_offsets(len(doc), words, found.heads).astype(np.uint64)
        columns["iob"] = np.full(len(doc), _OUTSIDE, dtype=np.uint64)
        columns["entity"] = np.zeros(len(doc), dtype=np.uint64)
        for entity in entities:
            start, end = words[entity.start], words[entity.end - 1] + 1
            columns["iob"][start:end] = _INSIDE
            columns["iob"][start] = _BEGIN
            columns["entity"][start:end] = codes.entities[entity.type]
        table = np.column_stack(list(columns.values()))
        doc.from_array([_ATTRIBUTES[name] for name in columns], table)  # type: ignore[arg-type]


def _readings(
    words: NDArray[np.int64], probabilities: NDArray[np.float32]
) -> list[list[int | list[float]]]:
    """Token and probabilities of its readings, of the words that may have one."""
    read = probabilities[:, 1:].astype(np.float64)
    return [
        [int(words[i]), [round(x, 4) for x in read[i].tolist()]]
        for i in np.flatnonzero(read.sum(-1) >= _READING_FLOOR).tolist()
    ]


def _links(start: int, end: int, output: Output) -> Iterator[Link]:
    """The links of words `start` to `end`; they may lead to any word of the window."""
    scores = 1 - output["cues"][1 : 1 + end - start, 0].astype(np.float64)
    links = output["links"][:, 1:].astype(np.float64)
    for row in np.flatnonzero(scores >= _CUE_FLOOR).tolist():
        source, content = links[1 + row, :, 1:].T
        near = np.flatnonzero(np.maximum(source, content) >= _LINK_FLOOR)
        yield Link(
            start + row,
            round(float(scores[row]), 4),
            (start + near).tolist(),
            [round(x, 4) for x in source[near].tolist()],
            [round(x, 4) for x in content[near].tolist()],
        )


@dataclass(frozen=True)
class _Codes:
    """spaCy's numbers for the labels.

    Attributes:
        labels: token head or "rel" -> number of each label.
        space: the same of white space.
        entities: numbers of the entity types.
    """

    labels: dict[str, NDArray[np.uint64]]
    space: dict[str, int]
    entities: list[int]


def _codes(vocab: Vocab, labels: dict[str, list[str]]) -> _Codes:
    """Enter the labels in the vocabulary: once, outside the memory zones of single articles."""
    add = vocab.strings.add
    for group in (ATTRIBUTION, HEDGES):
        add(group)
    for name in ("ner", "attribution", "hedges"):
        for label in head(name).types:
            add(label)
    numbers = {
        "upos": [IDS[label] for label in labels["upos"]],
        "xpos": [add(label) for label in labels["xpos"]],
        "feats": [vocab.morphology.add("" if label == "_" else label) for label in labels["feats"]],
        "rel": [add("ROOT" if label == "root" else label) for label in labels["rel"]],
    }
    return _Codes(
        labels={name: np.array(values, dtype=np.uint64) for name, values in numbers.items()},
        space={
            "upos": IDS["SPACE"],
            "xpos": add("_SP"),
            "feats": vocab.morphology.add(""),
            "rel": add("dep"),
        },
        entities=[add(label) for label in head("ner").types],
    )


def _head_offsets(
    size: int, words: NDArray[np.int64], heads: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Heads as distances from the token, as spaCy keeps them.

    White space hangs on the word before it; before the first word on that, and in a text without
    words on the first token.
    """
    tokens = np.arange(size)
    if not len(words):
        return -tokens
    before = np.searchsorted(words, tokens, side="right") - 1
    above = words[np.maximum(before, 0)]
    above[words] = words[heads]
    return above - tokens


def _span_group(
    doc: Doc, words: NDArray[np.int64], name: str, types: Sequence[str], found: Sequence[Tagged]
) -> SpanGroup:
    spans = [
        Span(doc, int(words[span.start]), int(words[span.end - 1]) + 1, label=types[span.type])
        for span in found
    ]
    scores = {"scores": [span.score for span in found]}
    return SpanGroup(doc, name=name, attrs=scores, spans=spans)
