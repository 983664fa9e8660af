"""Annotated articles (`NAME.txt`, `NAME.json`) as layers: names, attributions, hedges.

An article that is a treebank's document gives its layers to that document; the others become
documents of their own, cut into chunks at the ends of sentences as punctuation shows them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .corpus import Document, Layer, Sentence, bio, links
from .names import strip_title
from .ner import Tokenize

Span = tuple[int, int]

ATTRIBUTIONS = Path(__file__).parents[2] / "corpus" / "attributions"
"""The project's own annotated attributions: `train` to learn from, `held` to calibrate on."""

# Gold anchors are located in text with these folded away, code point for code point.
_FOLD = str.maketrans("‘’“”–—\u00a0", "''\"\"-- ")
_MARKUP = re.compile(r"</?[A-Za-z][^<>\n]{0,200}>|[*_]+")
_MAX_CHUNK_WORDS = 60


class Anchors:
    """Finds gold's anchors in an article's text: case, quotes, markup and white space folded."""

    def __init__(self, text: str) -> None:
        self._flat, self._where = _fold(text)

    def find(self, anchor: str, start: int = 0, end: int | None = None) -> Span | None:
        """Offsets of the first occurrence between two offsets, at word borders; None if absent."""
        wanted = _fold(anchor)[0]
        at = self._flat.find(wanted) if wanted else -1
        while at >= 0:
            after = at + len(wanted)
            inner_left = wanted[0].isalnum() and at > 0 and self._flat[at - 1].isalnum()
            inner_right = wanted[-1].isalnum() and self._flat[after : after + 1].isalnum()
            span = self._where[at], self._where[after - 1] + 1
            if (
                not (inner_left or inner_right)
                and span[0] >= start
                and (end is None or span[1] <= end)
            ):
                return span
            at = self._flat.find(wanted, at + 1)
        return None

    def locate(self, item: dict[str, Any], key: str) -> list[Span]:
        """Offsets of a gold item's anchors: its exact spans, else found in its sentence."""
        exact = (item.get("spans") or {}).get(key)
        if exact:
            return [(start, end) for start, end in exact]
        value = item.get(key)
        anchors = value if isinstance(value, list) else [value]
        sentence = self.find(item["sentence"])
        for _ in range((item.get("occurrence") or 1) - 1):
            sentence = (self.find(item["sentence"], sentence[1]) if sentence else None) or sentence
        if sentence is None:
            return []
        found = [self.find(anchor, *sentence) for anchor in anchors if anchor]
        return [span for span in found if span]


def _fold(text: str) -> tuple[str, list[int]]:
    """Folded text and the original offset of each of its characters."""
    hidden: set[int] = set()
    for match in _MARKUP.finditer(text):
        hidden.update(range(*match.span()))
    out: list[str] = []
    where: list[int] = []
    gap = False
    for i, char in enumerate(text):
        if i in hidden:
            continue
        if char.isspace():
            gap = bool(out)
            continue
        if gap:
            out.append(" ")
            where.append(i)
            gap = False
        out.append(char.translate(_FOLD).lower()[:1] or char)
        where.append(i)
    return "".join(out), where


def read_gold(
    folder: Path, source: str, tokenize: Tokenize, treebank: Iterable[Document]
) -> list[Document]:
    """Articles of a gold folder.

    Args:
        folder: holds `NAME.txt` and `NAME.json`.
        source: name of the source.
        tokenize: how raw text is cut into words.
        treebank: documents that take the layers of an article with the same text, in place.

    Returns:
        Documents of the articles whose text is in no treebank document.
    """
    known = {"".join("".join(d.words()).split()): d for d in treebank}
    documents = []
    for path in sorted(folder.glob("*.json")):
        if path.name.endswith(".meta.json"):
            continue
        text = path.with_suffix(".txt").read_text("utf-8")
        gold = json.loads(path.read_text("utf-8"))
        document = known.get("".join(text.split()))
        if document is None:
            document = _raw_document(path.stem, source, text, tokenize)
            documents.append(document)
        _teach(document, text, gold)
    return documents


def _raw_document(name: str, source: str, text: str, tokenize: Tokenize) -> Document:
    """A text as chunks that end where a sentence seems to end, at most `_MAX_CHUNK_WORDS` long."""
    document = Document(name, source, true_sentences=False, text=text)
    tokens = tokenize(text)
    begin = 0
    for i, (word, at) in enumerate(tokens):
        after = at + len(word)
        gap = text[after : tokens[i + 1][1]] if i + 1 < len(tokens) else "\n\n"
        closed = word in (".", "!", "?") or (
            word in ('"', "”", "’", ")") and i > begin and tokens[i - 1][0] in (".", "!", "?")
        )
        if "\n" in gap or (closed and gap) or i + 1 - begin >= _MAX_CHUNK_WORDS:
            part = tokens[begin : i + 1]
            spaces = [text[a + len(w) : a + len(w) + 1].isspace() for w, a in part]
            document.sentences.append(Sentence([w for w, _ in part], spaces))
            begin = i + 1
    return document


def offsets(words: list[str], text: str) -> list[Span]:
    """Where each word stands in the text that the words were made from, white space aside."""
    found = []
    at = 0
    for word in words:
        start: int | None = None
        for char in word:
            if char.isspace():
                continue
            while text[at].isspace():
                at += 1
            start = at if start is None else start
            at += 1
        found.append((at if start is None else start, at))
    return found


def _teach(document: Document, text: str, gold: dict[str, Any]) -> None:
    """Set the layers that an article's gold speaks of: attributions and, if there, the others."""
    where = offsets(document.words(), text)
    anchors = Anchors(text)
    attributions = [
        [(*_cover(where, start, end), role) for start, end, role in spans]
        for spans in _attributions(anchors, gold["quotes"])
    ]
    n = len(where)
    document.set_layer("attribution", bio(n, _outermost(attributions)))
    cues = [span for spans in attributions for span in spans if span[2] == "CUE"]
    document.set_layer("cues", bio(n, cues))
    document.set_layer("links", links(n, attributions))
    if "predictions" in gold:
        hedges = [span for item in gold["predictions"] for span in anchors.locate(item, "cue")]
        document.set_layer("hedges", bio(n, [(*_cover(where, *span), "CUE") for span in hedges]))
    if "entities" in gold:
        document.set_layer("ner", _names(document, where, text, gold["entities"]))


def _cover(where: list[Span], start: int, end: int) -> Span:
    """Indices of the words that a span touches, half-open; (0, 0) when it touches none."""
    touched = [i for i, (a, b) in enumerate(where) if a < end and b > start]
    return (touched[0], touched[-1] + 1) if touched else (0, 0)


def _attributions(
    anchors: Anchors, quotes: list[dict[str, Any]]
) -> list[list[tuple[int, int, str]]]:
    """The spans of each attribution whose content is found, in code points."""
    roles = (("speaker", "SOURCE"), ("cue", "CUE"), ("content", "CONTENT"))
    found = [
        [(*span, role) for key, role in roles for span in anchors.locate(item, key)]
        for item in quotes
    ]
    return [spans for spans in found if spans and spans[-1][2] == "CONTENT"]


def _outermost(attributions: list[list[tuple[int, int, str]]]) -> list[tuple[int, int, str]]:
    """The spans of the attributions whose content lies in no other's."""
    contents = [
        [(start, end) for start, end, role in spans if role == "CONTENT"] for spans in attributions
    ]
    outermost: list[tuple[int, int, str]] = []
    for spans, ((start, end), *_) in zip(attributions, contents, strict=True):
        if not any(
            a <= start and end <= b and (b - a) > (end - start)
            for others in contents
            for a, b in others
        ):
            outermost += spans
    return outermost


def _names(
    document: Document, where: list[Span], text: str, entities: list[dict[str, Any]]
) -> Layer:
    """The `ner` layer: every mention of each annotated name, the longest name first.

    A capitalised word outside every mention that is part of some annotated name may be a
    mention under a shorter name and stays unsaid; so does what a mention touches only in part.
    Where the document has a `ner` layer already (GUM), it speaks for the words unsaid here.
    """
    before = document.get_layer("ner")
    names: dict[str, str] = {}
    parts: set[str] = set()
    for entity in entities:
        for name in (entity["name"], *(entity.get("aliases") or ())):
            name = name[4:] if name[:4] in ("the ", "The ") else name
            if any(char.isupper() or char.isdigit() for char in name):
                names.setdefault(name, entity["type"])
                parts.update(word for word in name.split() if word[:1].isupper())
    spans: list[tuple[int, int, str]] = []
    taken = [False] * len(text)
    for name in sorted(names, key=lambda n: (-len(n), n)):
        pattern = r"\s+".join(map(re.escape, name.split()))
        for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", text):
            if not any(taken[match.start() : match.end()]):
                taken[match.start() : match.end()] = [True] * len(match[0])
                spans.append((*match.span(), names[name]))
    words = document.words()
    n = len(words)
    labels: Layer = list(bio(n, ()))
    unsaid = [False] * n
    fitting = []
    for start, end, kind in spans:
        a, b = _cover(where, start, end)
        if a == b:
            continue
        if where[a][0] != start or where[b - 1][1] != end:
            unsaid[a:b] = [True] * (b - a)
            continue
        if kind == "PERSON":
            a += strip_title(words[a:b])
        fitting.append((a, b, kind))
    labels = list(bio(n, fitting))
    for i, word in enumerate(words):
        if labels[i] == "O" and (unsaid[i] or word in parts):
            labels[i] = before[i]
    return labels
