"""Scores of a model folder on the treebanks and on annotated articles, run as users run it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from ..language.encoder import ATTRIBUTION, HEDGES, LINKS, Encoder
from ..language.lemmas import Lemmas
from ..language.load import blank_nlp
from ..language.network import ENCODER
from .corpus import Document, Layer, bio_spans
from .sources import Corpus

_LIKELY = 0.5

Scores = dict[str, float]
"""Name of a figure -> its value in percent."""

Report = dict[str, Scores]
"""Name of a set and measure -> its figures."""


def measure(folder: Path, corpus: Corpus) -> Report:
    """All figures of a model folder.

    Args:
        folder: the model folder.
        corpus: its dev and test sets and its annotated articles; nothing of them was trained on.
    """
    nlp, encoder = load(folder)
    report: Report = {}
    for kind, sets in (("dev", corpus.dev), ("test", corpus.test)):
        for name, documents in sets.items():
            report[f"{name} {kind}"] = parse_scores(encoder, documents)
            report[f"{name} {kind} raw"] = raw_scores(nlp, documents)
        report[f"both {kind}"] = _together([report[f"{name} {kind}"] for name in sets])
    report["names gum dev"] = name_scores(nlp, corpus.dev["gum"])
    report["names gum test"] = name_scores(nlp, corpus.test["gum"])
    report["names gold dev"] = name_scores(nlp, corpus.gold)
    report |= span_scores(nlp, corpus.gold)
    report |= link_scores(nlp, corpus.gold)
    report |= reading_scores(encoder, corpus.readings)
    return report


def load(folder: Path) -> tuple[Language, Encoder]:
    """The run time's tokenizer and encoder for a model folder."""
    nlp = blank_nlp()
    encoder = nlp.add_pipe(ENCODER, config={"model": str(folder)})
    assert isinstance(encoder, Encoder)
    return nlp, encoder


def parse_scores(encoder: Encoder, documents: Iterable[Document]) -> Scores:
    """Tags, lemmas and trees on the treebank's own words and sentences.

    Sentence starts are scored as the model sees them without being told.

    Args:
        encoder: the model.
        documents: with tree layers.
    """
    right: Counter[str] = Counter()
    total = 0
    starts_found = starts_true = starts_both = 0
    tags, scripts = encoder.meta.labels["xpos"], encoder.meta.labels["lemma"]
    lemma = Lemmas(encoder.meta.inflections)
    for document in documents:
        words = document.words()
        starts = np.array(_starts(document))
        found = encoder.annotate(words, starts)
        for name in ("upos", "xpos", "feats"):
            labels = encoder.meta.labels[name]
            said = [labels[i] for i in found.tokens[name]]
            right[name] += _equal(said, document.get_layer(name))
        lemmas = [
            lemma(word, tags[tag], scripts[script])
            for word, tag, script in zip(
                words, found.tokens["xpos"], found.tokens["lemma"], strict=True
            )
        ]
        right["lemma"] += _equal(lemmas, document.get_layer("lemma"))
        relations = [encoder.meta.labels["rel"][i] for i in found.relations]
        for head, true, relation, label in zip(
            found.heads.tolist(),
            _heads(document),
            relations,
            document.get_layer("rel"),
            strict=True,
        ):
            right["uas"] += head == true
            right["las"] += head == true and relation == label
        total += len(words)
        alone = np.where(np.arange(len(words)) == 0, 1, -1)
        guessed = encoder.annotate(words, alone).starts
        starts_found += int(guessed.sum())
        starts_true += int(starts.sum())
        starts_both += int((guessed & (starts == 1)).sum())
    scores = {
        name: 100 * right[name] / total for name in ("upos", "xpos", "feats", "lemma", "uas", "las")
    }
    scores["sentences"] = _f1(starts_both, starts_found, starts_true)["f"]
    scores["words"] = total
    return scores


def raw_scores(nlp: Language, documents: Iterable[Document]) -> Scores:
    """F1 of words, sentences, tags and arcs on raw text, words matched by offsets.

    The measure of the CoNLL 2018 shared task (Zeman et al. 2018) with full relation labels:
    a word counts when its offsets, and for arcs also its head's, are those of the treebank.
    """
    both: Counter[str] = Counter()
    found = true = 0
    for document in documents:
        text, offsets = _text(document)
        doc = nlp(text)
        gold = {span: i for i, span in enumerate(offsets)}
        heads, relations = _heads(document), document.get_layer("rel")
        upos = document.get_layer("upos")
        tokens = [t for t in doc if not t.is_space]
        found += len(tokens)
        true += len(offsets)
        for token in tokens:
            i = gold.get((token.idx, token.idx + len(token)))
            if i is None:
                continue
            both["words"] += 1
            both["upos"] += token.pos_ == upos[i]
            head = token.head
            same = offsets[heads[i]] == (head.idx, head.idx + len(head))
            both["uas"] += same
            relation = "root" if token.dep_ == "ROOT" else token.dep_
            both["las"] += same and relation == relations[i]
    return {name: _f1(n, found, true)["f"] for name, n in both.items()}


def name_scores(nlp: Language, documents: Iterable[Document]) -> Scores:
    """Precision, recall and F1 of named entities on the documents' words, exact spans.

    What the `ner` layer leaves unsaid is not counted, found or not.
    """
    counts: Counter[str] = Counter()
    for document in documents:
        doc = _annotated(nlp, document)
        truth = document.get_layer("ner")
        place = {t.i: n for n, t in enumerate(t for t in doc if not t.is_space)}
        said = [(place[e.start], place[e.end - 1] + 1, e.label_) for e in doc.ents]
        kept = [s for s in said if all(x is not None for x in truth[s[0] : s[1]])]
        gold = set(bio_spans(truth))
        counts["found"] += len(kept)
        counts["true"] += len(gold)
        counts["typed"] += len(gold & set(kept))
        counts["spans"] += len({g[:2] for g in gold} & {k[:2] for k in kept})
    typed = _f1(counts["typed"], counts["found"], counts["true"])
    plain = _f1(counts["spans"], counts["found"], counts["true"])
    return {"p": typed["p"], "r": typed["r"], "f": typed["f"], "untyped f": plain["f"]}


def span_scores(nlp: Language, documents: Iterable[Document]) -> Report:
    """Attribution and hedge spans on annotated articles, by label.

    Precision and recall count a span that overlaps one of the same label on the other side;
    "exact" is the F1 of identical spans.
    """
    groups = {"attribution": ATTRIBUTION, "hedges": HEDGES}
    counts: dict[str, Counter[str]] = {}
    for document in documents:
        doc = _annotated(nlp, document)
        place = {t.i: n for n, t in enumerate(t for t in doc if not t.is_space)}
        for layer, group in groups.items():
            gold = bio_spans(document.get_layer(layer))
            said = [(place[s.start], place[s.end - 1] + 1, s.label_) for s in doc.spans[group]]
            for label in sorted({g[2] for g in gold} | {s[2] for s in said}):
                mine = [g for g in gold if g[2] == label]
                theirs = [s for s in said if s[2] == label]
                count = counts.setdefault(f"{layer} {label}", Counter())
                count["found"] += len(theirs)
                count["true"] += len(mine)
                count["exact"] += len(set(mine) & set(theirs))
                count["found right"] += sum(any(_overlap(s, g) for g in mine) for s in theirs)
                count["true met"] += sum(any(_overlap(s, g) for s in theirs) for g in mine)
    return {
        label: {
            "p": 100 * c["found right"] / (c["found"] or 1),
            "r": 100 * c["true met"] / (c["true"] or 1),
            "exact": _f1(c["exact"], c["found"], c["true"])["f"],
        }
        for label, c in sorted(counts.items())
    }


def link_scores(nlp: Language, documents: Iterable[Document]) -> Report:
    """Cues, and the words of sources and contents found from the annotated cues, in words.

    Of a cue of several words the likeliest one speaks for it. A word counts from a probability
    of .5.
    """
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("cues", "SOURCE", "CONTENT")}
    for document in documents:
        doc = _annotated(nlp, document)
        place = {t.i: n for n, t in enumerate(t for t in doc if not t.is_space)}
        scores: dict[int, float] = {}
        said: dict[int, tuple[set[int], set[int]]] = {}
        for cue, score, words, *roles in doc.user_data[LINKS]:
            scores[place[cue]] = score
            source, content = (
                {place[w] for w, p in zip(words, role, strict=True) if p >= _LIKELY}
                for role in roles
            )
            said[place[cue]] = source, content
        members: dict[str, dict[str, set[int]]] = {}
        for word, layer in enumerate(document.get_layer("links")):
            for role, _, number in (x.partition(":") for x in (layer or "").split()):
                members.setdefault(number, {}).setdefault(role, set()).add(word)
        found = {cue for cue, score in scores.items() if score >= _LIKELY}
        _count(counts["cues"], found, {w for m in members.values() for w in m.get("CUE", ())})
        for roles in members.values():
            if "CUE" in roles:
                best = max(sorted(roles["CUE"]), key=lambda cue: scores.get(cue, 0.0))
                source, content = said.get(best, (set(), set()))
                _count(counts["SOURCE"], source, roles.get("SOURCE", set()))
                _count(counts["CONTENT"], content, roles.get("CONTENT", set()))
    return {f"links {name}": _f1(c["both"], c["found"], c["true"]) for name, c in counts.items()}


def reading_scores(encoder: Encoder, documents: Iterable[Document]) -> Report:
    """Precision, recall and F1 of each reading of words that may hedge, and of all together."""
    labels = encoder.meta.labels["readings"]
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("all", *labels[1:])}
    for document in documents:
        words = document.words()
        found = encoder.annotate(words, np.array(_starts(document))).spans["readings"]
        for label, row in zip(document.get_layer("readings"), found, strict=True):
            if label is None or label == "O":
                continue
            said = labels[1 + int(row[1:].argmax())]
            for name in ("all", label):
                counts[name]["true"] += 1
                counts[name]["both"] += label == said
            for name in ("all", said):
                counts[name]["found"] += 1
    return {f"readings {n}": _f1(c["both"], c["found"], c["true"]) for n, c in counts.items()}


def _count(counts: Counter[str], found: set[int], true: set[int]) -> None:
    counts["found"] += len(found)
    counts["true"] += len(true)
    counts["both"] += len(found & true)


def agreement(one: Encoder, other: Encoder, documents: Iterable[Document]) -> Scores:
    """Share of words on which two models say the same, by head: what quantisation changes."""
    same: Counter[str] = Counter()
    total = 0
    for document in documents:
        words = document.words()
        starts = np.array(_starts(document))
        a, b = one.annotate(words, starts), other.annotate(words, starts)
        for name in a.tokens:
            same[name] += int((a.tokens[name] == b.tokens[name]).sum())
        same["arc"] += int(((a.heads == b.heads) & (a.relations == b.relations)).sum())
        for name in a.spans:
            same[name] += int((a.spans[name].argmax(-1) == b.spans[name].argmax(-1)).sum())
        total += len(words)
    return {name: 100 * n / total for name, n in same.items()}


def _together(parts: Sequence[Scores]) -> Scores:
    """Scores over the words of several sets together."""
    words = sum(part["words"] for part in parts)
    names = [name for name in parts[0] if name not in ("words", "sentences")]
    return {n: sum(part[n] * part["words"] for part in parts) / words for n in names}


def _annotated(nlp: Language, document: Document) -> Doc:
    """The document run through the pipeline: its raw text when it has one, else its words."""
    if document.text is not None:
        doc = nlp(document.text)
    else:
        spaces = [space for s in document.sentences for space in s.spaces]
        doc = nlp(Doc(nlp.vocab, words=document.words(), spaces=spaces))
    assert sum(not t.is_space for t in doc) == len(document.words())
    return doc


def _starts(document: Document) -> list[int]:
    return [int(i == 0) for s in document.sentences for i in range(len(s.words))]


def _heads(document: Document) -> list[int]:
    """Head of each word as an index into the document's words; its own for roots."""
    heads: list[int] = []
    for sentence in document.sentences:
        offset = len(heads)
        heads += [offset + (h - 1 if h else i) for i, h in enumerate(sentence.heads or ())]
    return heads


def _text(document: Document) -> tuple[str, list[tuple[int, int]]]:
    """Raw text of a treebank document, sentences parted by a space, and the words' offsets."""
    text = ""
    offsets = []
    for sentence in document.sentences:
        for word, space in zip(sentence.words, sentence.spaces, strict=True):
            offsets.append((len(text), len(text) + len(word)))
            text += word + (" " if space else "")
        text = text.rstrip(" ") + " "
    return text, offsets


def _equal(said: Sequence[str], truth: Layer) -> int:
    return sum(a == b for a, b in zip(said, truth, strict=True))


def _overlap(a: tuple[int, int, str], b: tuple[int, int, str]) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def _f1(both: int, found: int, true: int) -> Scores:
    """Precision, recall and F1 in percent."""
    return {
        "p": 100 * both / (found or 1),
        "r": 100 * both / (true or 1),
        "f": 200 * both / ((found + true) or 1),
    }
