"""Annotated readings of words that may hedge, as a layer of the sentences they stand in.

`corpus/readings/found.jsonl` has one row an instance found in a text: the reading, the word's place
in its sentence, and the sentence: by its place in a treebank (document and number; the text is
there) or in words. `corpus/readings/written.txt` has a passage a line, written for this project,
with each word's reading beside it: `Shops [[will|plan]] open`.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import msgspec

from ..errors import PipelineError
from ..language.heads import head
from .corpus import Document, Layer, Sentence
from .ner import Tokenize

READINGS = Path(__file__).parents[2] / "corpus" / "readings" / "found.jsonl"
PASSAGES = READINGS.with_name("written.txt")

_MARKED = re.compile(r"\[\[([^\[|\]]+)\|([a-z]+)\]\]")

_HELD_SHARE = 5  # one document in so many is kept for measuring


class Reading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of `found.jsonl`.

    Attributes:
        document: name of the treebank's document, or of the text that the sentence is from.
        sentence: its number in the document.
        word: the number of the word in the sentence.
        form: the word.
        reading: one of the types of the head `readings`.
        words: of the sentence, where no treebank has it.
        spaces: whether white space follows each of them.
    """

    document: str
    sentence: int
    word: int
    form: str
    reading: str
    words: tuple[str, ...] = ()
    spaces: tuple[bool, ...] = ()

    @property
    def held(self) -> bool:
        """Whether it is kept for measuring; the same for all rows of a document."""
        return hashlib.sha256(self.document.encode()).digest()[0] % _HELD_SHARE == 0


def load_readings(path: Path = READINGS) -> list[Reading]:
    """The annotated instances.

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


def teach_readings(readings: Iterable[Reading], treebank: Iterable[Document]) -> list[Document]:
    """Set the layer `readings` of annotated sentences.

    Words of the annotated forms without an annotation are unsaid, all others have no reading.

    Args:
        readings: the instances.
        treebank: documents whose sentences take the layer in place.

    Returns:
        Documents of one sentence each for the instances that no treebank has.

    Raises:
        PipelineError: a row's word is not where it says.
    """
    readings = list(readings)
    forms = {row.form.lower() for row in readings}
    known = {document.name: document for document in treebank}
    rows: dict[tuple[str, int], list[Reading]] = defaultdict(list)
    for row in readings:
        rows[row.document, row.sentence].append(row)
    documents = []
    for (name, number), found in rows.items():
        if found[0].words:
            sentence = Sentence(list(found[0].words), list(found[0].spaces))
            documents.append(Document(name, "readings", [sentence], true_sentences=False))
        else:
            sentence = known[name].sentences[number]
        layer: Layer = [None if word.lower() in forms else "O" for word in sentence.words]
        for row in found:
            if sentence.words[row.word] != row.form:
                raise PipelineError(f"{name}, sentence {number}: no '{row.form}' at {row.word}")
            layer[row.word] = row.reading
        sentence.layers["readings"] = layer
    return documents


def teach_passages(tokenize: Tokenize, path: Path = PASSAGES) -> list[Document]:
    """The passages written for readings, each a document of one sentence with the layer `readings`.

    Args:
        tokenize: text -> (word, offset), white space left out.
        path: a passage a line, marked as above.

    Raises:
        PipelineError: a reading is none of the head's, or a marked word is not where a word
            begins; names the file and the line.
    """
    passages = [_marked(line) for line in path.read_text("utf-8").splitlines()]
    forms = {text[at:end].lower() for text, marks in passages for at, end, _ in marks}
    types = head("readings").types
    documents = []
    for number, (text, marks) in enumerate(passages, start=1):
        words = tokenize(text)
        begins = {offset: at for at, (_, offset) in enumerate(words)}
        layer: Layer = [None if word.lower() in forms else "O" for word, _ in words]
        for at, _, reading in marks:
            if at not in begins or reading not in types:
                raise PipelineError(f"{path}:{number}: '{text[at : at + 20]}' cannot be {reading}")
            layer[begins[at]] = reading
        ends = [offset + len(word) for word, offset in words]
        spaces = [text[end : end + 1].isspace() for end in ends]
        sentence = Sentence([word for word, _ in words], spaces, {"readings": layer})
        name = f"{path.stem}-{number}"
        documents.append(Document(name, "readings", [sentence], true_sentences=False))
    return documents


def _marked(line: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The text without its marks, and start, end and reading of the marked words."""
    text, at = "", 0
    marks = []
    for mark in _MARKED.finditer(line):
        text += line[at : mark.start()]
        marks.append((len(text), len(text) + len(mark[1]), mark[2]))
        text += mark[1]
        at = mark.end()
    return (text + line[at:]).rstrip(), marks


def held_readings(readings: Iterable[Reading], treebank: Iterable[Document]) -> list[Document]:
    """The instances kept for measuring, as documents of one sentence with the layer `readings`."""
    bare = [
        Document(d.name, d.source, [Sentence(s.words, s.spaces) for s in d.sentences])
        for d in treebank
    ]
    others = teach_readings([row for row in readings if row.held], bare)
    return [
        Document(document.name, document.source, [sentence])
        for document in (*bare, *others)
        for sentence in document.sentences
        if "readings" in sentence.layers
    ]
