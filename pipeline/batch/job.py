"""What a worker process is asked and what it answers."""

from __future__ import annotations

import hashlib

import msgspec

from ..reading import Metadata
from ..records import Pipeline


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One article to extract, whole: a worker opens no file for it.

    Attributes:
        id: of the article.
        name: where it came from, for the record's `path` and for messages; no two jobs share it.
        data: the file's bytes; of a row the text as UTF-8, lone surrogates passed through.
        is_text: whether `data` is text, in which no markup is looked for.
        path: what the file would be called uncompressed, which tells its type.
        sidecar: what the file beside it states.
        title: what its row states.
        published: what its row states, in any form.
        refused: why it cannot be read, if that is known already.
        cost: bytes of input that were read for it, for progress only.
    """

    id: str
    name: str
    data: bytes = b""
    is_text: bool = False
    path: str | None = None
    sidecar: Metadata | None = None
    title: str | None = None
    published: str | None = None
    refused: str | None = None
    cost: int = 0

    @property
    def sha256(self) -> str:
        """Hexadecimal digest of `data`."""
        return hashlib.sha256(self.data).hexdigest()


class Setup(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker process loads; see `pipeline.extraction.load`.

    Attributes:
        model: a spaCy pipeline's name or path, None for the embedded model.
        config: the resolved configuration, dotted path to value as JSON.
        memory: bytes that one article may take.
    """

    model: str | None = None
    config: dict[str, str] = {}
    memory: int


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """The worker has loaded the pipeline and holds `resident` bytes."""

    info: Pipeline
    resident: int


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """The worker cannot load the pipeline."""

    message: str


class At(msgspec.Struct, frozen=True, tag="at"):
    """The worker begins a step of the article in work."""

    stage: str


class Done(msgspec.Struct, frozen=True, tag="done", kw_only=True):
    """The records of an article.

    Attributes:
        records: as JSON Lines.
        counts: how many of each kind.
        words: of the reading text.
        resident: bytes that the worker holds now.
    """

    records: bytes
    counts: dict[str, int]
    words: int
    resident: int


class Failed(msgspec.Struct, frozen=True, tag="failed", kw_only=True):
    """An article of which no records could be made.

    Attributes:
        stage: the step in which it failed.
        reason: what went wrong, in words that are the same on every run.
        final: whether another attempt is sure to fail, too.
        attempts: how often it was tried.
    """

    stage: str
    reason: str
    final: bool = False
    attempts: int = 1


Answer = Ready | Refused | At | Done | Failed

_encoder = msgspec.msgpack.Encoder()
_jobs = msgspec.msgpack.Decoder(Job)
_setups = msgspec.msgpack.Decoder(Setup)
_answers: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)


def encode(message: Job | Setup | Answer) -> bytes:
    """A message as bytes."""
    return _encoder.encode(message)


def decode_job(data: bytes) -> Job:
    """The job that `encode` made bytes of."""
    return _jobs.decode(data)


def decode_setup(data: bytes) -> Setup:
    """The setup that `encode` made bytes of."""
    return _setups.decode(data)


def decode_answer(data: bytes) -> Answer:
    """The answer that `encode` made bytes of."""
    return _answers.decode(data)
