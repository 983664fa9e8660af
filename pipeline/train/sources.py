"""The data folder: what belongs in it, whether it is all there, and its documents."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path

from ..errors import PipelineError
from .corpus import Document
from .gold import ATTRIBUTIONS, read_gold
from .ner import Tokenize, read_crossner, read_grobid
from .readings import (
    FOUND,
    WRITTEN,
    held_readings,
    is_held,
    load_passages,
    load_readings,
    teach_passages,
    teach_readings,
)
from .relations import read_relations, teach_relations
from .treebanks import read_conllu

MANIFEST = Path(__file__).with_name("manifest.toml")


class DataError(PipelineError):
    """The training data is not what the manifest says; the message names the file."""


@dataclass(frozen=True)
class Source:
    """A source of the manifest.

    Attributes:
        name: short name.
        description: what it is.
        use: "train", "measure" or both.
        upstream: repository it comes from.
        commit: commit of the repository; empty for the project's own annotations.
        licence: licences of text and annotation.
        files: path in the data folder -> SHA-256 of the file; none for what the repository holds.
    """

    name: str
    description: str
    use: str
    upstream: str
    commit: str
    licence: str
    files: dict[str, str]


@dataclass(frozen=True)
class Corpus:
    """Documents to learn from; those to measure on by name of their set, and of which layers."""

    train: list[Document]
    dev: dict[str, list[Document]]
    test: dict[str, list[Document]]
    gold: list[Document]
    readings: list[Document]


def read_manifest(path: Path = MANIFEST) -> list[Source]:
    """The sources that a manifest names, in order."""
    return [Source(**row) for row in tomllib.loads(path.read_text("utf-8"))["source"]]


def check_data(data: Path, sources: list[Source]) -> None:
    """Compare the data folder with the manifest.

    Raises:
        DataError: a file is missing or differs; the message names it, its source and the commit.
    """
    for source in sources:
        origin = f"{source.upstream} {source.commit}".strip()
        for name, digest in source.files.items():
            path = data / name
            if not path.is_file():
                raise DataError(f"{path}: missing; it is part of source '{source.name}' ({origin})")
            found = hashlib.sha256(path.read_bytes()).hexdigest()
            if found != digest:
                raise DataError(
                    f"{path}: differs from the one of source '{source.name}' ({origin}): "
                    f"SHA-256 {found}, expected {digest}"
                )


def read_corpus(data: Path, tokenize: Tokenize) -> Corpus:
    """Read the data folder.

    Args:
        data: folder laid out as the manifest says.
        tokenize: how raw text is cut into words: the run time's tokenizer.
    """
    banks = data / "data" / "treebank"
    ner = data / "data" / "ner"
    gold = data / "gold"
    treebank = [
        document
        for name in ("ewt", "gum")
        for document in read_conllu(banks / f"{name}-train.conllu", name)
    ]
    articles = [
        *read_gold(gold / "train", "train", tokenize, treebank),
        *read_gold(gold / "written", "written", tokenize, treebank),
        *read_gold(ATTRIBUTIONS / "train", "attributed", tokenize, treebank),
    ]
    # After the articles: what was annotated for this project goes before GUM's relations.
    relations = read_relations(banks / "gum-train.conllu")
    for document in treebank:
        if document.name in relations and not document.has_layer("links"):
            teach_relations(document, relations[document.name])
    rows = load_readings()
    teach_readings([row for row in rows if not is_held(row.document)], treebank)
    found = load_passages(FOUND)
    train = [
        *treebank,
        *articles,
        *teach_passages(tokenize, [line for line in found if not is_held(line.document)]),
        *teach_passages(tokenize, load_passages(WRITTEN)),
        *read_crossner(ner / "crossner-politics" / "train.txt"),
        *read_crossner(ner / "crossner-politics" / "dev.txt"),
        *(
            document
            for path in sorted((ner / "grobid-wikipedia").glob("*.xml"))
            for document in read_grobid(path, tokenize)
        ),
    ]
    return Corpus(
        train,
        {name: read_conllu(banks / f"{name}-dev.conllu", name) for name in ("ewt", "gum")},
        {name: read_conllu(banks / f"{name}-test.conllu", name) for name in ("ewt", "gum")},
        read_gold(gold / "dev", "dev", tokenize, ()),
        held_readings(rows, treebank)
        + teach_passages(tokenize, [line for line in found if is_held(line.document)]),
    )
