"""Annotated readings of words that may hedge, as a layer of the sentences they stand in.

`corpus/readings/treebank.jsonl` has one row an instance found in a treebank: the reading, and the
word's place there. `found.txt` and `written.txt` beside it are marked text, a line a sentence found
in a document or a passage written for this project: `Shops [[will|plan]] open`. A line of the first
begins with the name of its document and a tab.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import msgspec

from ..errors import PipelineError
from ..language.heads import head
from .corpus import Document, Layer, Sentence
from .ner import Tokenize

READINGS = Path(__file__).parents[2] / "corpus" / "readings" / "treebank.jsonl"
FOUND = READINGS.with_name("found.txt")
WRITTEN = READINGS.with_name("written.txt")

_MARKED = re.compile(r"\[\[([^\[|\]]+)\|([a-z]+)\]\]")

_HELD_SHARE = 10  # one document in so many is kept for measuring


def is_held(document: str) -> bool:
    """Whether what was found in a document is kept for measuring."""
    return hashlib.sha256(document.encode()).digest()[0] % _HELD_SHARE == 0


class Reading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of `treebank.jsonl`.

    Attributes:
        document: name of the treebank's document.
        sentence: its number in the document.
        word: the number of the word in the sentence.
        form: the word.
        reading: one of the types of the head `readings`.
    """

    document: str
    sentence: int
    word: int
    form: str
    reading: str


class Mark(NamedTuple):
    """A marked word of a passage: where it begins and ends, in code points, and its reading."""

    start: int
    end: int
    reading: str


class Passage(NamedTuple):
    """A line of marked text.

    Attributes:
        place: file and line.
        document: that it was found in, empty where it was written for this project.
        text: without the marks.
        marks: in order.
    """

    place: str
    document: str
    text: str
    marks: tuple[Mark, ...]


def load_readings(path: Path = READINGS) -> list[Reading]:
    """The instances of treebanks.

    Raises:
        PipelineError: a row is not what `Reading` says; names the file and the line.
    """
    found = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            found.append(msgspec.json.decode(line, type=Reading))
        except msgspec.DecodeError as error:
            raise PipelineError(f"{path}:{number}: {error}") from error
    return found


def load_passages(path: Path) -> list[Passage]:
    """The lines of a file of marked text.

    Raises:
        PipelineError: a reading is none of the head's; names the file and the line.
    """
    types = head("readings").types
    passages = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        document, _, marked = line.rpartition("\t")
        text, at = "", 0
        marks = []
        for mark in _MARKED.finditer(marked):
            text += marked[at : mark.start()]
            marks.append(Mark(len(text), len(text) + len(mark[1]), mark[2]))
            text += mark[1]
            at = mark.end()
            if mark[2] not in types:
                raise PipelineError(f"{path}:{number}: '{mark[1]}' cannot be {mark[2]}")
        passages.append(
            Passage(f"{path}:{number}", document, (text + marked[at:]).rstrip(), tuple(marks))
        )
    return passages


def teach_readings(readings: Iterable[Reading], treebank: Iterable[Document]) -> None:
    """Set the layer `readings` of annotated sentences of a treebank, in place.

    Words of the annotated forms without an annotation are unsaid, all others have no reading.

    Raises:
        PipelineError: a row's word is not where it says.
    """
    readings = list(readings)
    forms = {row.form.lower() for row in readings}
    known = {document.name: document for document in treebank}
    rows: dict[tuple[str, int], list[Reading]] = defaultdict(list)
    for row in readings:
        rows[row.document, row.sentence].append(row)
    for (name, number), found in rows.items():
        sentence = known[name].sentences[number]
        layer: Layer = [None if word.lower() in forms else "O" for word in sentence.words]
        for row in found:
            if sentence.words[row.word] != row.form:
                raise PipelineError(f"{name}, sentence {number}: no '{row.form}' at {row.word}")
            layer[row.word] = row.reading
        sentence.layers["readings"] = layer


def teach_passages(tokenize: Tokenize, passages: Iterable[Passage]) -> list[Document]:
    """Documents of passages with the layer `readings`; those of one document are its sentences.

    Words of the marked forms without a mark are unsaid, all others have no reading.

    Args:
        tokenize: text -> (word, offset), white space left out.
        passages: a document's in their order.

    Raises:
        PipelineError: a marked word is not where a word begins; names the file and the line.
    """
    passages = list(passages)
    forms = {p.text[mark.start : mark.end].lower() for p in passages for mark in p.marks}
    documents: dict[str, Document] = {}
    for passage in passages:
        words = tokenize(passage.text)
        begins = {offset: at for at, (_, offset) in enumerate(words)}
        layer: Layer = [None if word.lower() in forms else "O" for word, _ in words]
        for mark in passage.marks:
            if mark.start not in begins:
                shown = passage.text[mark.start : mark.end]
                raise PipelineError(f"{passage.place}: no word begins at '{shown}'")
            layer[begins[mark.start]] = mark.reading
        ends = [offset + len(word) for word, offset in words]
        spaces = [passage.text[end : end + 1].isspace() for end in ends]
        name = passage.document or passage.place
        document = Document(name, "readings", [], true_sentences=False)
        documents.setdefault(name, document).sentences.append(
            Sentence([word for word, _ in words], spaces, {"readings": layer})
        )
    return list(documents.values())


def held_readings(readings: Iterable[Reading], treebank: Iterable[Document]) -> list[Document]:
    """The instances kept for measuring, as documents of one sentence with the layer `readings`."""
    bare = [
        Document(d.name, d.source, [Sentence(s.words, s.spaces) for s in d.sentences])
        for d in treebank
    ]
    teach_readings([row for row in readings if is_held(row.document)], bare)
    return [
        Document(document.name, document.source, [sentence])
        for document in bare
        for sentence in document.sentences
        if "readings" in sentence.layers
    ]
