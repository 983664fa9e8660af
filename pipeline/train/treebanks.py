"""Universal Dependencies treebanks in CoNLL-U, with GUM's named mentions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..evaluate.coref import mentions_of
from .corpus import Document, Layer, Sentence, bio
from .names import is_plural_demonym, place_type, strip_title, title_type

# Small words that a name may hold between its capitalised ones.
_INSIDE = {
    "of",
    "the",
    "and",
    "for",
    "on",
    "in",
    "to",
    "'s",
    "’s",
    "-",
    "–",
    "&",
    "de",
    "von",
    "van",
    "/",
}


def read_conllu(path: Path, source: str) -> list[Document]:
    """Documents of a CoNLL-U file, multi-word tokens as their parts.

    Args:
        path: the file.
        source: "ewt" or "gum"; GUM's sentences get a `ner` layer from its entity annotation.

    Returns:
        Documents in file order, every sentence with the tree layers.
    """
    documents: list[Document] = []
    for name, rows, words in blocks(path):
        if name is not None or not documents:
            documents.append(Document(name or path.stem, source))
        sentence = Sentence(
            # GUM has a word without a form: a symbol lost on the way
            words=[row[1] or "_" for row in words],
            spaces=_spaces(rows, words),
            layers={
                "upos": [row[3] for row in words],
                "xpos": [row[4] for row in words],
                "feats": [row[5] for row in words],
                "lemma": [row[2] for row in words],
                "rel": [row[7] for row in words],
            },
            heads=[int(row[6]) for row in words],
        )
        if source == "gum":
            sentence.layers["ner"] = _named(words)
        documents[-1].sentences.append(sentence)
    return documents


def blocks(path: Path) -> Iterator[tuple[str | None, list[list[str]], list[list[str]]]]:
    """Sentences of a CoNLL-U file: name of the document that begins there, all rows, words only."""
    for block in path.read_text("utf-8").split("\n\n"):
        lines = block.split("\n")
        rows = [line.split("\t") for line in lines if line and line[0] != "#"]
        words = [row for row in rows if row[0].isdigit()]
        if words:
            name = (x.split("=", 1)[1].strip() for x in lines if x.startswith("# newdoc id"))
            yield next(name, None), rows, words


def _spaces(rows: list[list[str]], words: list[list[str]]) -> list[bool]:
    """Whether white space follows each word; never inside a multi-word token."""
    spaces = ["SpaceAfter=No" not in row[9] for row in words]
    for row in rows:
        if "-" in row[0]:
            first, last = map(int, row[0].split("-"))
            for i in range(first, last):
                spaces[i - 1] = False
            spaces[last - 1] = "SpaceAfter=No" not in row[9]
    return spaces


def _named(words: list[list[str]]) -> Layer:
    """The `ner` layer of a GUM sentence.

    GUM marks every mention, named or not. Named are those whose head is a proper noun, or is
    capitalised with a Wikipedia identity. Capitalised words that no usable mention explains
    (demonym adjectives, things) stay unsaid.
    """
    n = len(words)
    spans: list[tuple[int, int, str]] = []
    explained = [not w[1][:1].isupper() for w in words]
    for mention in mentions_of(words):
        start, end, kind, identity = mention.start, mention.end, mention.kind, mention.identity
        head = mention.head(words)
        upos, form = words[head][3], words[head][1]
        if upos in ("PRON", "DET", "VERB", "NUM"):
            continue
        if not (upos == "PROPN" or (identity and form[:1].isupper())):
            continue
        a, b = _extent(words, start, end, head, kind)
        name = [w[1] for w in words[a:b]]
        label = _label(kind, name, words[head][4])
        if kind == "time":
            explained[a:b] = [True] * (b - a)
        elif label is not None:
            if label == "PERSON":
                a += strip_title(name)
            spans.append((a, b, label))
    layer: Layer = list(bio(n, spans))
    for i in range(n):
        if layer[i] == "O" and not explained[i] and words[i][3] in ("PROPN", "ADJ"):
            layer[i] = None
    return layer


def _label(kind: str, name: list[str], xpos: str) -> str | None:
    """Our type of a GUM mention, None when GUM's type does not tell."""
    if kind == "person":
        return "NORP" if xpos == "NNPS" or is_plural_demonym(name[-1]) else "PERSON"
    if kind == "organization":
        return "ORG"
    if kind == "place":
        return place_type(name)
    if kind == "event":
        return "EVENT"
    if kind in ("abstract", "object"):
        return title_type(name)
    return None


def _extent(words: list[list[str]], start: int, end: int, head: int, kind: str) -> tuple[int, int]:
    """The capitalised stretch around the head, small inner words included.

    "of" and the like join a stretch only in names that are built so (the Bank of England), not
    in those of persons (President Ito of Japan) and places (Kobe in Japan).
    """
    joins = (
        _INSIDE
        if kind in ("organization", "event", "abstract", "object")
        else {"-", "–", "'s", "de", "von", "van"}
    )

    def capital(i: int) -> bool:
        row = words[i]
        return row[1][:1].isupper() and row[3] in ("PROPN", "ADJ", "NOUN", "NUM", "VERB", "X")

    a, b = head, head + 1
    while True:
        i = a - 1
        while i >= start and words[i][1] in joins:
            i -= 1
        if i < start or not capital(i):
            break
        a = i
    while True:
        i = b
        while i < end and words[i][1] in joins:
            i += 1
        if i >= end or not (capital(i) or (words[i][3] == "NUM" and kind in ("event", "object"))):
            break
        b = i + 1
    return a, b
