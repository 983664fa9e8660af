"""How fast other libraries read the same texts, and ours beside them.

    python -m benchmarks.speed_peers NAME TEXTS.jsonl [--seconds 10] [--model NAME]

measures one of them in this process and prints JSON. It reads the texts in order until they end or
the time is up, after one text to warm up; loading is not counted. None of them does what ours does:

- spaCy, blank: its English tokenizer and its rule for sentences. The least that any of them does.
- spaCy, model: tags, parse and names by a trained pipeline, `en_core_web_sm` unless told otherwise.
  That is not on the Python package index under its name; `python -m spacy download en_core_web_sm`
  has it.
- textacy: `direct_quotations`, a paragraph at a time, on the parse of our language model, which is
  not counted (see `benchmarks.quote_peers`).
- dateparser (two ways to search) and Recognizers-Text: the dates of a sentence at a time, as
  `benchmarks.dates` asks them.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from .peers import base_of, load_peers, sentences
from .stages import peak_mb

MODEL = "en_core_web_sm"
DOES = {
    "Claimline": "entities, dates, events, predictions, quotes; records as JSONL",
    "spaCy, blank": "tokens, sentences by their marks",
    "spaCy, model": "tokens, tags, parse, names",
    "textacy": "direct quotes, on a parse that is not counted",
    "dateparser": "dates and their values",
    "dateparser ngram": "dates and their values, its other search",
    "recognizers": "dates and their values",
}


class Rate(msgspec.Struct, kw_only=True):
    """What a library read.

    Attributes:
        name: of `DOES`.
        version: of it, or of what it has loaded.
        words: that it read.
        seconds: of the processor.
        peak: of memory, MB, loading included.
    """

    name: str
    version: str
    words: int
    seconds: float
    peak: float

    @property
    def rate(self) -> float:
        """Words a second of the processor."""
        return self.words / self.seconds


class _Reader(NamedTuple):
    """A library that is loaded.

    `prepare` makes of a text what `read` takes; only `read` is timed.
    """

    version: str
    prepare: Callable[[str], Any]
    read: Callable[[Any], object]


def measure(name: str, texts: Iterator[str], *, seconds: float, model: str = MODEL) -> Rate:
    """Have a library read texts.

    Raises:
        ImportError: it is not installed.
    """
    reader = _load(name, model)
    warm = "It may rain, the bank said on 3 May 2021."
    reader.read(reader.prepare(warm))
    words = 0
    spent = 0.0
    began = time.monotonic()
    for text in texts:
        made = reader.prepare(text)
        clock = time.process_time()
        reader.read(made)
        spent += time.process_time() - clock
        words += len(text.split())
        if time.monotonic() - began > seconds:
            break
    return Rate(name=name, version=reader.version, words=words, seconds=spent, peak=peak_mb())


def _load(name: str, model: str) -> _Reader:
    loaders = {
        "Claimline": _claimline,
        "spaCy, blank": _blank,
        "spaCy, model": lambda: _model(model),
        "textacy": _textacy,
    }
    return loaders[name]() if name in loaders else _dates(name)


def _same(text: str) -> str:
    return text


def _claimline() -> _Reader:
    import pipeline

    extractor = pipeline.load()
    return _Reader(pipeline.__version__, _same, lambda text: extractor.extract(text).to_jsonl())


def _blank() -> _Reader:
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    return _Reader(spacy.__version__, _same, nlp)


def _model(name: str) -> _Reader:
    import spacy

    if not spacy.util.is_package(name):
        raise ImportError(f"No package {name}")
    nlp = spacy.load(name)
    return _Reader(f"{name} {nlp.meta['version']}", _same, nlp)


def _textacy() -> _Reader:
    from textacy.extract import direct_quotations

    import pipeline

    from .quote_peers import textacy_peers

    extractor = pipeline.load()
    by_paragraph = textacy_peers(direct_quotations)[1]

    def parsed(text: str) -> object:
        from pipeline.reading import read_text

        return extractor.annotate(read_text(text))

    return _Reader(version("textacy"), parsed, by_paragraph.quotes)


def _dates(name: str) -> _Reader:
    peers, missing = load_peers()
    for peer in peers:
        if peer.name == name:
            break
    else:
        raise ImportError("; ".join(missing))
    base = base_of(None)

    def read(text: str) -> None:
        for _, sentence in sentences(text):
            try:
                peer.ask(sentence, base)
            # What it cannot read takes it time, too.
            except Exception:
                continue

    return _Reader(peer.version, _same, read)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("name", choices=DOES)
    parser.add_argument("texts", type=Path)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--model", default=MODEL)
    arguments = parser.parse_args()
    with arguments.texts.open(encoding="utf-8") as lines:
        texts = (json.loads(line)["text"] for line in lines)
        try:
            rate = measure(arguments.name, texts, seconds=arguments.seconds, model=arguments.model)
        except ImportError as error:
            sys.exit(f"{arguments.name} is left out: {error}")
    print(msgspec.json.encode(rate).decode())


if __name__ == "__main__":
    main()
