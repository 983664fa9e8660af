"""The way through the house in one call: article in, records out."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable, Mapping
from functools import cache, cached_property
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from .errors import ArticleError, ModelError, PipelineError
from .records import KINDS, ArticleRecord, Pipeline, Record

if TYPE_CHECKING:
    import pandas
    from spacy.language import Language
    from spacy.tokens import Doc

    from .reading import Article


logger = logging.getLogger(__name__)

STAGES = {
    f"claimline_{stage}": stage
    for stage in ("dates", "entities", "quotes", "speakers", "events", "order", "predictions")
}
"""Our stages by component name; what one of them cannot do, the others still do."""


_REMEMBERED_CHARACTERS = 300_000
"""Of the texts whose words stay in the vocabulary: after so much, most words of a text are known.

At the worst, with short words and none twice, that takes 50 MB.
"""


class Extraction:
    """The records of one article.

    Attributes:
        records: the `article` record, then all others in reading order.
        words: how many white-space separated words the reading text has.
    """

    def __init__(self, records: tuple[Record, ...], *, words: int) -> None:
        self.records = records
        self.words = words

    @property
    def article(self) -> ArticleRecord:
        """The first record."""
        first = self.records[0]
        assert isinstance(first, ArticleRecord)  # make_records puts it there
        return first

    def of(self, kind: str) -> tuple[Record, ...]:
        """The records of one kind, in reading order.

        Raises:
            PipelineError: there is no such kind.
        """
        if kind not in KINDS:
            raise PipelineError(f"there is no kind {kind!r}; the kinds are {', '.join(KINDS)}")
        return tuple(record for record in self.records if isinstance(record, KINDS[kind]))

    def to_jsonl(self) -> str:
        """The records as JSON Lines, as `claimline extract` writes them."""
        from . import jsonl

        return jsonl.encode(self.records).decode("utf-8")

    def to_frame(self, kind: str) -> pandas.DataFrame:
        """The records of one kind as a table, one row a record.

        Nested fields become columns joined by dots (`speaker.name`); lists stay lists.

        Raises:
            PipelineError: there is no such kind.
        """
        import pandas

        builtins = [msgspec.to_builtins(record) for record in self.of(kind)]
        if not builtins:
            columns = [
                "kind",
                *(field.encode_name for field in msgspec.structs.fields(KINDS[kind])),
            ]
            return pandas.DataFrame(columns=columns)
        return pandas.json_normalize(builtins)

    def __repr__(self) -> str:
        counts = ", ".join(f"{n} {kind}" for kind, n in self.article.counts.items())
        return f"<Extraction of {self.article.article}: {counts or 'nothing found'}>"


class Extractor:
    """A pipeline. Loading takes about a second, so keep one and use it often.

    In a process of its own, `gc.freeze()` after the first article saves 2 to 6 % of the time: what
    was loaded stays, and the collector need not look through it again and again.

    Args:
        language: loads the spaCy pipeline with the stages; called once, when that is first used.
        info: what the `article` record says of the pipeline.
    """

    def __init__(self, language: Callable[[], Language], info: Pipeline) -> None:
        self._language = language
        self._to_remember = _REMEMBERED_CHARACTERS
        self.info = info

    @cached_property
    def nlp(self) -> Language:
        """The spaCy pipeline with the stages."""
        return self._language()

    def extract(
        self, source: str | os.PathLike[str], *, published: str | None = None
    ) -> Extraction:
        """Extract the records of a text (`str`) or of a file (`Path`).

        Args:
            source: the text itself as `str`, or a file's path as `Path`. A string is never opened
                as a file: texts are untrusted.
            published: publication date (EDTF day, month or year) over whatever the article says.

        Raises:
            ArticleError: the article cannot be read.
            PipelineError: a string that is the name of a file.

        Example:
            >>> extractor = load()  # doctest: +SKIP
            >>> extractor.extract("It may rain.", published="2021-09-21")  # doctest: +SKIP
            <Extraction of text: 1 prediction>
        """
        from .reading import read_article, read_text

        if isinstance(source, str):
            if _names_a_file(source):
                raise PipelineError(
                    f"{source!r} is a str, so it would be read as the text itself, but a file has "
                    "that name: pass pathlib.Path to read the file"
                )
            return self.extract_article(read_text(source, published=published))
        return self.extract_article(read_article(Path(source), published=published))

    def extract_article(
        self, article: Article, *, at: Callable[[str], object] | None = None
    ) -> Extraction:
        """Extract the records of an article that has been read.

        Args:
            article: what `read_article` or `read_text` gave.
            at: told the name of each step before it begins: the stages', then "records".

        Raises:
            ArticleError: the text is longer than the language model takes.
            MemoryError: there is not enough memory for the article.
        """
        self._remember_words(article.text)
        # Strings that only this article has leave the vocabulary with the zone; nothing of
        # spaCy's may be touched after it, so records are made inside.
        with self.nlp.memory_zone():
            records = self._records(article, at)
        return Extraction(records, words=len(article.text.split()))

    def _remember_words(self, text: str) -> None:
        """Enter the words of the first texts in the vocabulary and the tokenizer's table for good.

        What spaCy learns in a memory zone it forgets, and to split a word anew in every article
        costs forty times as much as to look it up: 5 % of the whole.
        """
        part = text[: min(self._to_remember, self.nlp.max_length)]
        self._to_remember -= len(part)
        if part:
            self.nlp.make_doc(part)

    def _records(self, article: Article, at: Callable[[str], object] | None) -> tuple[Record, ...]:
        from .claims import make_records

        doc = self.annotate(article, at=at)
        if at is not None:
            at("records")
        return tuple(make_records(article, doc, self.info))

    def annotate(self, article: Article, *, at: Callable[[str], object] | None = None) -> Doc:
        """The Doc of an article with the findings of every stage, from which records are made.

        See `extract_article`.
        """
        from .stages import findings, layers

        if len(article.text) > self.nlp.max_length:
            raise ArticleError(
                f"{article.path}: {len(article.text):,} characters are more than the "
                f"{self.nlp.max_length:,} that the model {self.info.model} takes. Split the file, "
                "or use the embedded model, which has no such limit."
            )
        doc = self.nlp.make_doc(article.text)
        layers.set_context(
            doc,
            findings.Context(
                published=article.published,
                dateline=article.dateline,
                title=article.title,
                authors=article.authors,
                blocks=tuple(
                    findings.ContextBlock(block.start, block.end, block.section)
                    for block in article.blocks
                ),
            ),
        )
        for name, component in self.nlp.pipeline:
            if at is not None:
                at(STAGES.get(name, name))
            doc = self._annotate(doc, name, component, article)
        breaks = doc.user_data.get("claimline_forced_breaks", [])
        if breaks:
            layers.add_problem(
                doc,
                findings.Problem(
                    stage="language",
                    severity="warning",
                    message="a sentence is longer than the language model's window and was read in "
                    f"pieces; cut {len(breaks)} times, here first",
                    span=findings.TokenSpan(breaks[0], breaks[0] + 1),
                ),
            )
        return doc

    def _annotate(
        self, doc: Doc, name: str, component: Callable[[Doc], Doc], article: Article
    ) -> Doc:
        """Run one component; a stage that fails costs its own findings, with a problem record."""
        from .stages import findings, layers

        try:
            return component(doc)
        except MemoryError:
            # What a stage finds must not depend on how much memory there was.
            raise
        except Exception as error:
            logger.exception("%s: %s failed", article.id, name)
            if name not in STAGES:
                raise ArticleError(
                    f"{article.path}: the language model's {name} failed: "
                    f"{type(error).__name__}: {error}"
                ) from error
            stage = STAGES[name]
            message = f"the stage failed and left nothing: {type(error).__name__}: {error}"
            layers.add_problem(
                doc, findings.Problem(stage=stage, severity="error", message=message)
            )
            return doc


def load(
    model: str | None = None,
    *,
    config: Path | None = None,
    overrides: Mapping[str, str] | None = None,
    lazy: bool = False,
) -> Extractor:
    """Load the pipeline.

    Args:
        model: None for the embedded model, else the name or path of a spaCy pipeline with a
            tagger and a parser, such as "en_core_web_sm".
        config: a configuration file over the defaults.
        overrides: single values over both (see `pipeline.config.load_config`).
        lazy: load the embedded model when the first article comes, and say then what is wrong
            with it or with the configuration of the stages; `Extractor.info` needs no loading.
            Another model is always loaded here.

    Raises:
        ModelError: the model is missing or lacks what the stages need.
        ConfigError: the configuration is wrong.
    """
    from .config import load_config
    from .language.network import ENCODER, Meta, model_folder

    settings = load_config(config, overrides)

    def language() -> Language:
        from .language.load import load_language

        return load_language(model, settings)

    nlp = None if lazy and model is None else language()
    if model is None:
        given = settings["components"][ENCODER]["model"]
        name = f"embedded {Meta.from_folder(model_folder(given)).version}"
    else:
        assert nlp is not None
        given = model
        name = f"{nlp.meta['lang']}_{nlp.meta['name']} {nlp.meta['version']}"
    info = Pipeline(
        name="claimline",
        version=_version(),
        model=name,
        fingerprint=_fingerprint(_code_digest(), name, _model_digest(given), settings.to_str()),
    )
    return Extractor(language if nlp is None else lambda: nlp, info)


def _names_a_file(text: str) -> bool:
    try:
        return "\n" not in text and Path(text).is_file()
    except OSError:  # longer than any name
        return False


@cache
def _default() -> Extractor:
    return load()


def extract(source: str | os.PathLike[str], *, published: str | None = None) -> Extraction:
    """Extract with the embedded model and default configuration, loaded once.

    See `Extractor.extract`.
    """
    return _default().extract(source, published=published)


def _version() -> str:
    from . import __version__

    return __version__


def _fingerprint(*parts: str) -> str:
    """A digest that changes whenever any part does: sixteen hexadecimal digits."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


@cache
def _code_digest() -> str:
    """Digest of the package's own code, lexicons and model, and of the libraries' versions.

    The version number alone would not tell two states of a working copy apart.
    """
    own = _digest(files(__package__), (".py", ".jsonl", ".onnx", ".json", ".npz", ".txt"))
    libraries = ("spacy", "onnxruntime", "numpy")
    return _fingerprint(own, *(f"{library} {version(library)}" for library in libraries))


def _model_digest(given: str) -> str:
    """Digest of a model that was given as a folder, and may be trained anew under its name.

    Of the embedded one, and of one that is installed, the code's digest and the version tell.

    Raises:
        ModelError: a file of the model cannot be read.
    """
    try:
        return _digest(Path(given)) if given and Path(given).is_dir() else ""
    except OSError as error:
        raise ModelError(f"{given}: cannot be read: {error}") from error


def _digest(folder: Traversable, endings: tuple[str, ...] = ("",)) -> str:
    """Digest of the names and contents of the files in a folder whose names end so."""
    digest = hashlib.sha256()
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name == "__pycache__":
            continue
        if entry.is_dir():
            content = _digest(entry, endings)
        elif entry.name.endswith(endings):
            content = hashlib.sha256(entry.read_bytes()).hexdigest()
        else:
            continue
        digest.update(f"{entry.name}\x00{content}\x00".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()
