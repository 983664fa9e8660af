"""Two sources of named entities: CrossNER (politics) and the Wikipedia texts of grobid-ner.

Both lack sentences of their own kind, trees and our exact types; what their types do not tell
us stays unsaid (None), never "no name".
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

from .corpus import Document, Layer, Sentence
from .names import is_plural_demonym, place_type, strip_title

Tokenize = Callable[[str], list[tuple[str, int]]]
"""Text -> (word, offset of its first character), white space left out."""

# Types that name one of ours; "place" is settled by the lists of names.py.
_CROSSNER = {
    "politician": "PERSON",
    "person": "PERSON",
    "politicalparty": "ORG",
    "organisation": "ORG",
    "country": "GPE",
    "location": "place",
    "election": "EVENT",
    "event": "EVENT",
}
_GROBID = {
    "LOCATION": "place",
    "NATIONAL": "NORP",
    "PERSON_TYPE": "NORP",
    "INSTITUTION": "ORG",
    "ORGANISATION": "ORG",
    "BUSINESS": "ORG",
    "INSTALLATION": "FAC",
    "LEGAL": "LAW",
    "EVENT": "EVENT",
    "CREATION": "WORK_OF_ART",
    "PERSON": "PERSON",
}
_GROBID_NO_NAME = {"PERIOD", "MEASURE", "TITLE", "O"}


def read_crossner(path: Path) -> list[Document]:
    """CrossNER's sentences, each a document of its own.

    The set marks no dates, peoples or titles: capitalised words outside its names say nothing.
    """
    documents = []
    for n, block in enumerate(path.read_text("utf-8").strip().split("\n\n")):
        rows = [line.split("\t") for line in block.split("\n") if "\t" in line]
        if not rows:
            continue
        words = [row[0] for row in rows]
        layer: Layer = []
        for i, (word, tag) in enumerate(rows):
            kind = _CROSSNER.get(tag[2:])
            if tag == "O":
                layer.append(None if word[:1].isupper() and i else "O")
            elif kind is None:
                layer.append(None)
            else:
                layer.append(f"{tag[0]}-{kind}")
        _settle_places(words, layer)
        sentence = Sentence(words, [True] * len(words), {"ner": layer})
        documents.append(Document(f"{path.stem}-{n}", "crossner", [sentence]))
    return documents


def _is_description(name: list[str], kind: str) -> bool:
    """Whether a mark holds more than a name: a list, a gloss, or a phrase around the name."""
    if "(" in name or ";" in name or not (name[0][:1].isupper() or kind == "EVENT"):
        return True
    if kind in ("PERSON", "NORP", "place", "FAC"):
        return bool({"and", "or", ",", "/", "in"} & set(name)) or (
            kind in ("PERSON", "place") and any(w.islower() and len(w) > 4 for w in name)
        )
    return False


def _settle_places(words: list[str], layer: Layer) -> None:
    """Replace "place" by GPE, LOC or FAC, in place."""
    i = 0
    while i < len(layer):
        if layer[i] == "B-place":
            end = i + 1
            while end < len(layer) and layer[end] == "I-place":
                end += 1
            kind = place_type(words[i:end])
            for k in range(i, end):
                layer[k] = ("B-" if k == i else "I-") + kind
            i = end
        else:
            i += 1


def read_grobid(path: Path, tokenize: Tokenize) -> list[Document]:
    """The sentences of a grobid-ner XML file, a document for each of its paragraphs."""
    root = ElementTree.parse(path).getroot()
    documents = []
    for n, paragraph in enumerate(p for p in root.iter() if p.tag in ("p", "paragraph")):
        document = Document(f"{path.stem}-{n}", "grobid")
        for element in paragraph.iter("sentence"):
            text, marks = _flatten(element)
            tokens = tokenize(text)
            if tokens:
                document.sentences.append(_grobid_sentence(text, tokens, marks))
        if document.sentences:
            documents.append(document)
    return documents


def _flatten(element: ElementTree.Element) -> tuple[str, list[tuple[int, int, str]]]:
    """Text of a sentence and its marked spans: (start, end, type) in code points."""
    text = element.text or ""
    marks = []
    for child in element:
        inner = "".join(child.itertext())
        marks.append((len(text), len(text) + len(inner), child.get("type", "UNKNOWN")))
        text += inner + (child.tail or "")
    return text, marks


def _grobid_sentence(
    text: str, tokens: list[tuple[str, int]], marks: list[tuple[int, int, str]]
) -> Sentence:
    """A sentence with the `ner` layer; marks that are no single name stay unsaid."""
    words = [word for word, _ in tokens]
    layer: Layer = ["O"] * len(words)
    for start, end, mark in marks:
        inside = [i for i, (word, at) in enumerate(tokens) if at < end and at + len(word) > start]
        while inside and words[inside[0]].lower() in ("the", "a", "an"):
            inside = inside[1:]
        if not inside or mark in _GROBID_NO_NAME:
            continue
        name = [words[i] for i in inside]
        kind = _GROBID.get(mark)
        if not any(word[:1].isupper() for word in name):
            continue  # "the government", "women": marked there, no names here
        if kind == "PERSON" and is_plural_demonym(name[-1]):
            kind = "NORP"
        if kind is None or _is_description(name, kind):
            for i in inside:
                layer[i] = None
            continue
        if kind == "PERSON":
            inside = inside[strip_title(name) :]
        if kind == "place":
            kind = place_type(name)
        for k, i in enumerate(inside):
            layer[i] = ("B-" if k == 0 else "I-") + kind
    spaces = [
        text[at + len(word) : at + len(word) + 1].isspace() or i == len(tokens) - 1
        for i, (word, at) in enumerate(tokens)
    ]
    return Sentence(words, spaces, {"ner": layer})
