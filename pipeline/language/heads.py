"""The table of the language model's heads, and the contract between training and run time.

One encoder reads the text once; every head reads the encoder's vector of each word's first
word-piece. To add a head, add a row to `HEADS` and a data layer of that name in
`pipeline/train`; the network, the loss, the export and the run time follow the table.

Model folder (`pipeline/language/model/`):

- `encoder.onnx`: the network, quantised.
- `vocab.txt`: the word-piece vocabulary (uncased BERT), one piece a line; the line number is
  the id. `[CLS]`, `[SEP]`, `[UNK]` and `[PAD]` (id 0) are in it.
- `meta.json`: `name`, `version`, `max_pieces`, `case_classes`, `token_heads`, `span_heads`,
  `labels` (head name -> list of labels in output order; `rel` among them), `inflections` (Penn
  tag -> inflected word in lower case -> lemma, see `lemmas.py`) and scores.
- `relations.npz`: the biaffine weights of the relation labels, to label an arc that the tree
  repair changed: `w` (R*d, d), `b` (R*d), `hw` (R, d), `hb` (R); the scores of a dependent
  with vector `dep` and a head with vector `head` are
  `(w @ dep + b).reshape(R, d) @ head + hw @ head + hb`.

Inputs, all int64, with B windows of P pieces and W words each; there is no padding, and the run
time gives one window at a time:

- `ids` (B, P): word-pieces of each word (`pieces.py`), at most `MAX_WORD_PIECES` a word; `[CLS]`
  first, `[SEP]` last.
- `case` (B, P): `case_class(word)` for each piece of the word; 0 for `[CLS]` and `[SEP]`.
- `first` (B, W+1): index of each word's first piece; position 0 is `[CLS]`, which is the root.
- `starts` (B, W+1): 1 known to begin a sentence, 0 known not to, -1 the model decides; 0 at
  position 0.

Outputs:

- each token head (`upos`, `xpos`, `feats`, `lemma`), int64 (B, W+1): best label.
- `sentence`, float32 (B, W+1): probability that the word begins a sentence.
- `start`, int64 (B, W+1): the sentence starts in use: the known ones, else the predicted ones.
- each span head (`ner`, `attribution`, `cues`, `hedges`), float32 (B, W+1, L): probabilities of
  the BIO labels; each class head (`readings`) the same of its classes.
- the link head (`links`), float32 (B, W+1, W+1, L): for each word as a cue (second axis), what each
  word of the window is to it (third axis): probabilities of the labels.
- `arc`, float32 (B, W+1, W+1): score of each head (last axis) for each word, -1e4 outside the
  sentence; column 0 is the root.
- `head`, int64 (B, W+1): best head; `rel`, int64 (B, W+1): best relation to it.
- `rel_dep`, `rel_head`, float32 (B, W+1, d): vectors of the relation labels, for
  `relations.npz`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MAX_WORD_PIECES = 12
"""Longer words (addresses, hashes) keep their first pieces."""

CASE_CLASSES = 5

# Treebank text is mostly ASCII in quotes and dashes while news text is typographic. One code
# point for one: a word keeps its length, and offsets are never computed on the result anyway.
_ASCII = str.maketrans("“”„«»‘’‚‛`´–—―−‐‑…\u00a0", "\"\"\"\"\"''''''------.\u0020")


@dataclass(frozen=True, kw_only=True)
class Head:
    """One thing that the model predicts.

    Attributes:
        name: name of the head, of its output and of the data layer that teaches it.
        kind: "token" one label a word; "sentence" the probability of a sentence start;
            "arc" biaffine heads and relations; "span" BIO labels over `types`; "class" one of
            `types` a word, or none; "link" biaffine, what each word is to each cue: one of
            `types` or none.
        weight: factor of its loss in the sum.
        types: of a span, class or link head; label sets of other heads come from the data.
        carried_by: the data sources that teach it; elsewhere its loss is masked.
        description: what it says.
    """

    name: str
    kind: Literal["token", "sentence", "arc", "span", "class", "link"]
    weight: float
    carried_by: tuple[str, ...]
    description: str
    types: tuple[str, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """BIO labels of a span head, "O" first; "O" and the types of class and link heads."""
        if self.kind in ("class", "link"):
            return ("O", *self.types)
        if self.kind != "span":
            return ()
        return ("O", *(f"{mark}-{kind}" for kind in self.types for mark in "BI"))


TREEBANKS = ("ewt", "gum")
GOLD = ("train", "written", "attributed")

# Weights: tags are learned early and fast, so they count half beside arcs and spans; sentence
# starts are one bit a word.
HEADS: tuple[Head, ...] = (
    Head(
        name="upos",
        kind="token",
        weight=0.5,
        carried_by=TREEBANKS,
        description="universal part of speech",
    ),
    Head(
        name="xpos",
        kind="token",
        weight=0.5,
        carried_by=TREEBANKS,
        description="Penn part of speech",
    ),
    Head(
        name="feats",
        kind="token",
        weight=0.5,
        carried_by=TREEBANKS,
        description="the whole bundle of morphological features, '_' for none",
    ),
    Head(
        name="lemma",
        kind="token",
        weight=0.5,
        carried_by=TREEBANKS,
        description="edit script from the word to its lemma (lemmas.py)",
    ),
    Head(
        name="sentence",
        kind="sentence",
        weight=0.3,
        carried_by=TREEBANKS,
        description="begins a sentence",
    ),
    Head(
        name="arc",
        kind="arc",
        weight=1.0,
        carried_by=TREEBANKS,
        description="syntactic head and relation (Universal Dependencies)",
    ),
    Head(
        name="ner",
        kind="span",
        weight=1.0,
        carried_by=("gum", "crossner", "grobid", *GOLD),
        description="named entities",
        types=(
            "PERSON",
            "NORP",
            "ORG",
            "GPE",
            "LOC",
            "FAC",
            "EVENT",
            "LAW",
            "WORK_OF_ART",
            "PRODUCT",
            "LANGUAGE",
        ),
    ),
    Head(
        name="attribution",
        kind="span",
        weight=1.0,
        carried_by=GOLD,
        description="outermost attributions: who, the reporting cue, what is attributed",
        types=("SOURCE", "CUE", "CONTENT"),
    ),
    Head(
        name="cues",
        kind="span",
        weight=0.7,
        carried_by=("gum", *GOLD),
        description="reporting cues, those inside what someone else says included",
        types=("CUE",),
    ),
    Head(
        name="links",
        kind="link",
        weight=1.0,
        carried_by=("gum", *GOLD),
        description="which words are the source and the content of each reporting cue",
        types=("SOURCE", "CONTENT"),
    ),
    Head(
        name="readings",
        kind="class",
        weight=0.5,
        carried_by=("readings",),
        description="what modals and other words that may hedge mean where they stand",
        types=(
            "hedge",
            "forecast",
            "conditional",
            "ability",
            "permission",
            "deontic",
            "habit",
            "plan",
            "polite",
            "other",
        ),
    ),
    Head(
        name="hedges",
        kind="span",
        weight=0.7,
        carried_by=GOLD,
        description="cues of predictions and hedges",
        types=("CUE",),
    ),
)


def head(name: str) -> Head:
    """The row of a head.

    Raises:
        KeyError: there is no head of that name.
    """
    for row in HEADS:
        if row.name == name:
            return row
    raise KeyError(name)


def piece_text(word: str) -> str:
    """The word as the word-piece vocabulary should see it: quotes, dashes and ellipses in ASCII.

    For the input of the network only, never for offsets. Example: "“" gives '"'.
    """
    return word.translate(_ASCII)


def case_class(word: str) -> int:
    """What the uncased vocabulary loses: the shape of the word's letters.

    Returns:
        0 no capitals (or no letters), 1 Title, 2 ALL CAPITALS (more than one character),
        3 mixed ("iPhone"), 4 a single capital letter.
    """
    if word.islower():
        return 0
    if word.isupper():
        return 2 if len(word) > 1 else 4
    if word[:1].isupper() and word[1:].islower():
        return 1
    return 3 if any(c.isupper() for c in word) else 0
