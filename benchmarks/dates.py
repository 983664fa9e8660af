"""Dates and dated events: figures of ours and of peers, on the same texts in the same run.

    python -m benchmarks.dates DATA [--cross-validate] [--no-peers] [--probe FILE] [--json FILE]

DATA has the corpora in `data/dates/` (`gum-train-dates.jsonl`, `wikiwars.jsonl`,
`timelines.jsonl`) and annotated articles in `gold/dev`; what is not there is left out. All is run
with the default settings, unless a row says otherwise. Columns:

- claimline: the whole pipeline;
- cross-validated: the same with the weights of date anchors (`date_anchors.jsonl`) fitted in five
  folds by document, each document read with the weights of the fold that it is left out of. Only
  these weights are held out: the grammar and the lexicons were written with GUM and WikiWars in
  view. Needs `gold/train` and `gold/written` too, as `pipeline.train.anchors` does;
- no parse: the dates stage alone on the tokens, without the language model;
- peers, see `benchmarks.peers`.

Figures of the corpora are those of `pipeline.evaluate.temporal` and `.timelines`. The probe is
`tests/probe_dates.jsonl`, invented sentences of ours after our conventions of value: a sentence is
right when every date in it is found with its interval (its value where that has none) and nothing
else is. Speed is white-space separated words a second of processor time of one process, over the
texts of GUM and WikiWars, after one text to warm up; peers cut their text up themselves.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from spacy.tokens import Doc

import pipeline
from benchmarks.peers import load_peers
from pipeline.claims import make_records
from pipeline.dates.choosing import Judge, probabilities
from pipeline.errors import PipelineError
from pipeline.evaluate import evaluate
from pipeline.evaluate.scores import Score
from pipeline.evaluate.temporal import (
    FORMAL_GENRES,
    TemporalDocument,
    TemporalTally,
    Timex,
    articles_of,
    load_documents,
    timex_value,
    value_interval,
)
from pipeline.evaluate.timelines import read_timelines, score_timelines
from pipeline.extraction import Extractor, load
from pipeline.language import blank_nlp
from pipeline.reading import Article, read_text
from pipeline.records import DateRecord, Record
from pipeline.stages import findings, layers
from pipeline.stages.dates import find_dates
from pipeline.train import anchors
from tests.dated import PUBLISHED
from tests.marked import marked

PROBE = Path(__file__).parent.parent / "tests" / "probe_dates.jsonl"

OURS, CROSS_VALIDATED, NO_PARSE = "claimline", "cross-validated", "no parse"

Extract = Callable[[Article], tuple[Record, ...]]
Corpus = list[tuple[TemporalDocument, Article]]


class Row(msgspec.Struct, frozen=True):
    """A line of the table.

    Attributes:
        label: what is counted.
        of: how many there are in gold; None for rates.
        values: by column; percent, a count or words a second, as `unit` says.
        unit: "percent", "count" or "words/s".
    """

    label: str
    of: int | None
    values: dict[str, float]
    unit: str = "percent"


# -- ours ---------------------------------------------------------------------------------------


def date_records(
    article: Article, doc: Doc, extractor: Extractor, judge: Judge
) -> tuple[Record, ...]:
    """The date records of an article whose Doc is as the dates stage gets it."""
    layers.set_dates(doc, find_dates(doc, judge=judge)[0])
    records = make_records(article, doc, extractor.info)
    return tuple(record for record in records if isinstance(record, DateRecord))


class Unparsed:
    """The dates stage alone, with a clock.

    Attributes:
        tokenizing: seconds of processor time spent on tokens so far.
        finding: on dates.
    """

    def __init__(self, extractor: Extractor) -> None:
        self._nlp = blank_nlp()
        self._extractor = extractor
        self.tokenizing = self.finding = 0.0
        self.extract(read_text("It may rain on 3 May 2021.", id="warm", published="2021-05-01"))
        self.tokenizing = self.finding = 0.0

    def extract(self, article: Article) -> tuple[Record, ...]:
        """The date records of an article."""
        begin = time.process_time()
        doc = self._nlp.make_doc(article.text)
        middle = time.process_time()
        layers.set_context(
            doc, findings.Context(published=article.published, dateline=article.dateline)
        )
        dates, _ = find_dates(doc)
        end = time.process_time()
        self.tokenizing += middle - begin
        self.finding += end - middle
        layers.set_dates(doc, dates)
        records = make_records(article, doc, self._extractor.info)
        return tuple(record for record in records if isinstance(record, DateRecord))


class Parsed(NamedTuple):
    """The Docs of the corpora by the id of their article, and who judges the held-out ones."""

    docs: dict[str, Doc]
    held_out: dict[str, Judge]


def parse_corpora(
    data: Path, extractor: Extractor, corpora: Sequence[Corpus], *, cross_validate: bool
) -> Parsed:
    """Parse every document once; to cross-validate, fit the weights of each fold as well.

    Raises:
        PipelineError: the data to fit on is missing or broken.
    """
    if not cross_validate:
        docs = {
            article.id: anchors.parse(article, extractor)
            for corpus in corpora
            for _, article in corpus
        }
        return Parsed(docs, {})
    docs, document_of, choices = {}, {}, []
    for item in anchors.read_annotated(data, extractor):
        for parsed in (True, False):
            choices += list(anchors.choices(item, parsed=parsed))
        document_of[item.article.id] = item.id
        # Articles of the gold folders, which have a file, may be documents of GUM too: they are
        # in the same fold, by their name, but their text is read in another way.
        if not item.article.path:
            docs[item.article.id] = item.doc
    for item in anchors.read_examples(extractor):
        for parsed in (True, False):
            choices += list(anchors.choices(item, parsed=parsed))
    fold = anchors.folds(document_of.values())
    judges = [partial(probabilities, table=weights) for weights in anchors.fit_folds(choices, fold)]
    return Parsed(docs, {id: judges[fold[document_of[id]]] for id in docs})


# -- corpora ------------------------------------------------------------------------------------

_FIGURES: tuple[tuple[str, str, str, Callable[[Score], float]], ...] = (
    ("GUM, formal genres: calendar interval F1", "gum formal", "calendar", lambda s: s.f1),
    ("GUM, formal genres: without a year, right", "gum formal", "yearless", lambda s: s.recall),
    ("GUM, all genres: without a year, right", "gum", "yearless", lambda s: s.recall),
    ("WikiWars: found (overlap) F1", "wikiwars", "relaxed", lambda s: s.f1),
    ("WikiWars: TIMEX3 value F1", "wikiwars", "value", lambda s: s.f1),
    ("WikiWars: calendar interval F1", "wikiwars", "calendar", lambda s: s.f1),
)


def load_corpora(folder: Path) -> dict[str, Corpus]:
    """GUM and WikiWars, as far as they are there."""
    files = {"gum": folder / "gum-train-dates.jsonl", "wikiwars": folder / "wikiwars.jsonl"}
    return {
        name: list(articles_of(load_documents(path)))
        for name, path in files.items()
        if path.exists()
    }


def score_corpora(corpora: Mapping[str, Corpus], extract: Extract) -> dict[str, dict[str, Score]]:
    """The figures by corpus: GUM whole and its formal genres, WikiWars."""
    tallies: dict[str, TemporalTally] = {}
    for name, corpus in corpora.items():
        for document, article in corpus:
            records = extract(article)
            parts = [name]
            if name == "gum" and document.genre in FORMAL_GENRES:
                parts.append("gum formal")
            for part in parts:
                tallies.setdefault(part, TemporalTally()).add(document, records)
    return {part: tally.scores() for part, tally in tallies.items()}


def corpus_rows(scores: Mapping[str, Mapping[str, Mapping[str, Score]]]) -> list[Row]:
    """The rows of what `score_corpora` gave for each column."""
    rows = []
    for label, part, figure, measure in _FIGURES:
        found = {column: parts[part][figure] for column, parts in scores.items() if part in parts}
        if found:
            first = next(iter(found.values()))
            values = {column: 100 * measure(score) for column, score in found.items()}
            rows.append(Row(label, first.right + first.missed, values))
    return rows


# -- probe --------------------------------------------------------------------------------------


def probe_rows(probe: Path, columns: Mapping[str, Extract]) -> list[Row]:
    """Sentences right of all that have dates, and dates found in those that have none."""
    dated: list[tuple[TemporalDocument, Article]] = []
    others: list[Article] = []
    for number, line in enumerate(probe.read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        text, marks = marked(row["text"])
        published = row.get("published", PUBLISHED)
        article = read_text(text, id=f"probe-{number}", published=published)
        if marks:
            gold = tuple(
                _probe_gold(mark.start, mark.end, text, mark.attributes["value"]) for mark in marks
            )
            dated.append((TemporalDocument(article.id, text, published, gold), article))
        else:
            others.append(article)
    right: dict[str, float] = dict.fromkeys(columns, 0)
    extra: dict[str, float] = dict.fromkeys(columns, 0)
    for column, extract in columns.items():
        for document, article in dated:
            tally = TemporalTally()
            tally.add(document, extract(article))
            right[column] += not tally.misses
        extra[column] = sum(len(extract(article)) for article in others)
    return [
        Row("own probe: sentences right", len(dated), right, "count"),
        Row("own probe: dates in sentences without any", len(others), extra, "count"),
    ]


def _probe_gold(start: int, end: int, text: str, value: str) -> Timex:
    interval = value_interval(value)
    timex = timex_value(value) if interval is None or "T" in value else None
    return Timex(start, end, text[start:end], timex, interval)


# -- annotated articles and timelines -----------------------------------------------------------


def gold_rows(folder: Path, columns: Mapping[str, Extract]) -> list[Row]:
    """Dates of annotated articles for all columns, their events for ours alone."""
    scores = {column: evaluate(folder, extract)[0].scores() for column, extract in columns.items()}
    rows = []
    for name, label in (
        ("dates", "dates found (overlap) F1"),
        ("dates_value", "dates with value F1"),
        ("events", "events with date F1"),
        ("event_who", "who takes part F1"),
    ):
        for_columns = columns if name.startswith("dates") else [OURS]
        found = {column: scores[column][name] for column in for_columns if name in scores[column]}
        if found:
            ours = found[OURS]
            values = {column: 100 * score.f1 for column, score in found.items()}
            rows.append(Row(f"{folder.name} gold: {label}", ours.right + ours.missed, values))
    return rows


def timeline_rows(path: Path, extractor: Extractor) -> list[Row]:
    """SemEval-2015 task 4: dates of events by default, with all links, and by a mere guess."""
    every_link = load(overrides={"components.claimline_events.threshold": "0"})
    rows = []
    for label, extract in (
        ("default", lambda article: extractor.extract_article(article).records),
        ("all links", lambda article: every_link.extract_article(article).records),
        ("publication day for all", lambda article: ()),
    ):
        score = score_timelines(read_timelines(path), extract)
        exact, wrong = 100 * score.exact_share, 100 * score.wrongly_dated_share
        rows += [
            Row(f"SemEval-2015 T4, {label}: date exact", score.dated, {OURS: exact}),
            Row(f"SemEval-2015 T4, {label}: undated but dated", score.undated, {OURS: wrong}),
        ]
    return rows


# -- output -------------------------------------------------------------------------------------


def table(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """The rows as plain text: label, size of gold, a figure for each column."""
    width = max(len(row.label) for row in rows)
    widths = [max(len(column), 9) for column in columns]
    lines = [
        f"{'':{width}} {'gold':>6}"
        + "".join(f"  {name:>{size}}" for name, size in zip(columns, widths, strict=True))
    ]
    for row in rows:
        cells = [_cell(row, column) for column in columns]
        lines.append(
            f"{row.label:{width}} {'' if row.of is None else row.of:>6}"
            + "".join(f"  {cell:>{size}}" for cell, size in zip(cells, widths, strict=True))
        )
    return "\n".join(lines)


def _cell(row: Row, column: str) -> str:
    value = row.values.get(column)
    if value is None:
        return "-"
    return f"{value:.1f}" if row.unit == "percent" else f"{value:,.0f}"


def processor() -> str:
    """The model of the processor, as the system names it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def main(given: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--cross-validate", action="store_true")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--probe", type=Path, default=PROBE, help="marked sentences")
    parser.add_argument("--json", type=Path, help="file for the same figures, and their counts")
    arguments = parser.parse_args(given)
    try:
        report = run(
            arguments.data,
            arguments.probe,
            cross_validate=arguments.cross_validate,
            with_peers=not arguments.no_peers,
        )
        if arguments.json is not None:
            arguments.json.write_bytes(msgspec.json.format(msgspec.json.encode(report)) + b"\n")
    except (PipelineError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def run(data: Path, probe: Path, *, cross_validate: bool, with_peers: bool) -> dict[str, Any]:
    """Measure and print.

    Returns:
        What is printed, with the counts behind the figures of the corpora, as plain builtins.

    Raises:
        PipelineError: a corpus is broken, or there is nothing to fit on.
    """
    dates = data / "data" / "dates"
    corpora = load_corpora(dates)
    extractor = load()
    peers, notes = load_peers() if with_peers else ([], [])
    parsed = parse_corpora(data, extractor, list(corpora.values()), cross_validate=cross_validate)

    def ours(article: Article, *, held_out: bool = False) -> tuple[Record, ...]:
        doc = parsed.docs.get(article.id)
        doc = anchors.parse(article, extractor) if doc is None else doc
        judge = parsed.held_out[article.id] if held_out else probabilities
        return date_records(article, doc, extractor, judge)

    unparsed = Unparsed(extractor)
    columns: dict[str, Extract] = {OURS: ours}
    if cross_validate:
        columns[CROSS_VALIDATED] = partial(ours, held_out=True)
    columns[NO_PARSE] = unparsed.extract
    columns |= {peer.name: peer.extract for peer in peers}
    for peer in peers:
        peer.extract(read_text("It may rain on 3 May 2021.", id="warm", published="2021-05-01"))
        peer.seconds = 0.0

    scores = {}
    for column, extract in columns.items():
        print(f"corpora: {column}", file=sys.stderr)  # a peer may take minutes
        scores[column] = score_corpora(corpora, extract)
    rows = corpus_rows(scores)
    words = sum(len(article.text.split()) for corpus in corpora.values() for _, article in corpus)
    speed = []
    if words:
        whole = {NO_PARSE: words / (unparsed.tokenizing + unparsed.finding)}
        whole |= {peer.name: words / peer.seconds for peer in peers}
        speed = [
            Row("words/s, dates alone", None, {NO_PARSE: words / unparsed.finding}, "words/s"),
            Row("words/s, from text to dates", None, whole, "words/s"),
        ]

    answering = {name: extract for name, extract in columns.items() if name != CROSS_VALIDATED}
    rows += probe_rows(probe, answering)
    gold = data / "gold" / "dev"
    if gold.is_dir():
        full = {OURS: lambda article: extractor.extract_article(article).records}
        rows += gold_rows(gold, answering | full)
    timelines = dates / "timelines.jsonl"
    if timelines.exists():
        rows += timeline_rows(timelines, extractor)
    rows += speed

    notes += [f"{p.name}: raised at {p.failures} sentences" for p in peers if p.failures]
    versions = {"claimline": pipeline.__version__} | {peer.name: peer.version for peer in peers}
    print(table(rows, list(columns)))
    print("\nF1 and shares in percent; counts and words/s as such; gold: how many there are")
    print(", ".join(f"{name} {number}" for name, number in versions.items()))
    print(f"{processor()}, Python {platform.python_version()}, {words:,} words timed")
    for note in notes:
        print(note)
    return {
        "rows": msgspec.to_builtins(rows),
        "columns": list(columns),
        "counts": msgspec.to_builtins(scores),
        "versions": versions,
        "model": extractor.info.model,
        "processor": processor(),
        "python": platform.python_version(),
        "words": words,
        "notes": notes,
    }


if __name__ == "__main__":
    sys.exit(main())
