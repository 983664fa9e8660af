"""A Doc with any parse at all, made of bytes: what stages must survive whatever a model says.

`SIZE` bytes a word say its head (how many words away; 0 is the root of its sentence), Penn tag,
part of speech, relation (the highest bit begins a sentence), morphology, entity and what the model
votes. Missing bytes are 0. Trees are mended as the run time does: one root a sentence, no cycles.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from spacy.symbols import IDS
from spacy.tokens import Doc, Span, SpanGroup

from pipeline.language.encoder import ATTRIBUTION, HEDGES, LINKS, READINGS
from pipeline.language.heads import head
from pipeline.language.lemmas import Lemmas

from .target import split

SIZE = 7
_BEGINS = 0x80
_FORCED = "claimline_forced_breaks"

# What `en_core_web_*` says; stages read either scheme.
_CLEARNLP = split(
    """acomp advcl agent amod appos attr aux auxpass case cc ccomp compound conj csubj csubjpass
    dative dep det dobj expl intj mark meta neg nmod npadvmod nsubj nsubjpass nummod oprd
    parataxis pcomp pobj poss preconj predet prep prt punct quantmod relcl xcomp"""
)


@cache
def _meta() -> dict[str, Any]:
    folder = files("pipeline.language") / "model"
    meta: dict[str, Any] = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    return meta


@cache
def _labels(name: str) -> list[str]:
    labels: list[str] = _meta()["labels"][name]
    if name == "rel":
        return [label for label in labels if label != "root"] + [
            label for label in _CLEARNLP if label not in labels
        ]
    return labels


@cache
def _lemmas() -> Lemmas:
    return Lemmas(_meta()["inflections"])


def annotate(doc: Doc, choices: bytes) -> Doc:
    """Write the parse that the bytes choose on a tokenised Doc, as the language model would."""
    words = [token.i for token in doc if not token.is_space]
    if not words:
        return doc
    chosen = [choices[at * SIZE : at * SIZE + SIZE].ljust(SIZE, b"\0") for at in range(len(words))]
    begins = [at for at, row in enumerate(chosen) if at == 0 or row[3] & _BEGINS]
    heads = list(range(len(words)))
    for begin, end in zip(begins, [*begins[1:], len(words)], strict=True):
        heads[begin:end] = _tree(begin, end, [row[0] for row in chosen])
    tags, feats, rels = _labels("xpos"), _labels("feats"), _labels("rel")
    upos = _labels("upos")
    add = doc.vocab.strings.add
    rows: list[list[int]] = []
    before = words[0]
    of_word = {word: at for at, word in enumerate(words)}
    for token in doc:
        at = of_word.get(token.i)
        if at is None:
            space = [IDS["SPACE"], add("_SP"), 0, add("dep"), add(token.text)]
            rows.append([*space, (before - token.i) % 2**64, 2, 0])
            continue
        before = token.i
        row = chosen[at]
        tag = tags[row[1] % len(tags)]
        rel = "ROOT" if heads[at] == at else rels[(row[3] & ~_BEGINS) % len(rels)]
        kind = row[5] % len(_labels("ner"))
        label = _labels("ner")[kind]
        feat = feats[row[4] % len(feats)]
        rows.append(
            [
                IDS[upos[row[2] % len(upos)]],
                add(tag),
                doc.vocab.morphology.add("" if feat == "_" else feat),
                add(rel),
                add(_lemmas()(token.text, tag, "l0:")),
                (words[heads[at]] - token.i) % 2**64,
                2 if label == "O" else 3 if label.startswith("B") else 1,
                0 if label == "O" else add(label[2:]),
            ]
        )
    _mend_entities(rows)
    doc.from_array(
        ["POS", "TAG", "MORPH", "DEP", "LEMMA", "HEAD", "ENT_IOB", "ENT_TYPE"],
        np.array(rows, dtype=np.uint64),
    )
    _vote(doc, words, [row[6] for row in chosen])
    return doc


def _tree(begin: int, end: int, offsets: list[int]) -> list[int]:
    heads = []
    for at in range(begin, end):
        offset = offsets[at] - 256 if offsets[at] > 127 else offsets[at]
        heads.append(at + offset if begin <= at + offset < end else at)
    root = next((at for at in range(begin, end) if heads[at - begin] == at), begin)
    heads[root - begin] = root
    for at in range(begin, end):
        seen = {at}
        above = at
        while heads[above - begin] != above:
            above = heads[above - begin]
            if above in seen:
                heads[above - begin] = root
                break
            seen.add(above)
        if heads[above - begin] == above and above != root:
            heads[above - begin] = root
    return heads


def _mend_entities(rows: list[list[int]]) -> None:
    """An inside follows one of its type, else it begins."""
    for index, row in enumerate(rows):
        before = rows[index - 1] if index else None
        if row[6] == 1 and (before is None or before[6] == 2 or before[7] != row[7]):
            row[6] = 3


def _vote(doc: Doc, words: list[int], votes: list[int]) -> None:
    """What the model says of cues: links, spans and readings; nothing where no byte votes."""
    if not any(votes):
        return
    links, readings, contents, hedges = [], [], [], []
    kinds = head("readings").types
    for at, vote in enumerate(votes):
        score = (vote >> 4) / 15
        if vote & 1:
            shares = [0.0] * len(kinds)
            shares[(vote >> 4) % len(kinds)] = 0.9
            readings.append([words[at], shares])
        if vote & 2:
            near = words[max(0, at - 3) : at + 5]
            source = [0.8 if word < words[at] else 0.0 for word in near]
            content = [score if word > words[at] else 0.0 for word in near]
            links.append([words[at], score, near, source, content])
            if words[at] != near[-1]:
                contents.append((words[at] + 1, near[-1] + 1, score))
        if vote & 4:
            hedges.append((words[at], words[at] + 1, score))
    doc.user_data[LINKS] = links
    doc.user_data[READINGS] = readings
    doc.user_data[_FORCED] = []
    for group, label, found in ((ATTRIBUTION, "CONTENT", contents), (HEDGES, "CUE", hedges)):
        spans = [Span(doc, start, end, label=label) for start, end, _ in found]
        scores = {"scores": [score for *_, score in found]}
        doc.spans[group] = SpanGroup(doc, name=group, attrs=scores, spans=spans)


def choices_of(doc: Doc) -> bytes:
    """The bytes that choose the parse that a Doc has; what has no byte is left out."""
    words = [token for token in doc if not token.is_space]
    place = {token.i: at for at, token in enumerate(words)}
    linked = {link[0] for link in doc.user_data.get(LINKS, []) if link[1] >= 0.5}
    read = {
        token: max(range(len(shares)), key=shares.__getitem__)
        for token, shares in doc.user_data.get(READINGS, [])
    }
    found = bytearray()
    for at, token in enumerate(words):
        offset = place.get(token.head.i, at) - at
        rel = _index("rel", token.dep_) | (_BEGINS if token.is_sent_start else 0)
        kind = f"{token.ent_iob_}-{token.ent_type_}" if token.ent_type_ else "O"
        vote = (1 | read[token.i] << 4 if token.i in read else 0) | 242 * (token.i in linked)
        found += bytes(
            (
                offset % 256 if -128 <= offset < 128 else 0,
                _index("xpos", token.tag_),
                _index("upos", token.pos_),
                rel,
                _index("feats", str(token.morph)),
                _index("ner", kind),
                vote & 255,
            )
        )
    return bytes(found)


def _index(name: str, label: str) -> int:
    labels = _labels(name)
    return labels.index(label) if label in labels else 0
