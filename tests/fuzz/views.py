"""Targets: records as tables, pages, pictures and lines, whatever stands in them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import redirect_stdout, suppress
from functools import cache
from typing import get_args
from xml.etree import ElementTree

import pyarrow.parquet

from pipeline import forecasts, jsonl, timeline
from pipeline.errors import PipelineError, RecordError
from pipeline.export.brat import brat_files
from pipeline.export.collect import Collected, collect
from pipeline.export.docbin import docbin_files
from pipeline.export.frames import frames
from pipeline.export.ftm import ftm_files
from pipeline.export.label_studio import label_studio_files
from pipeline.export.parquet import parquet_files
from pipeline.export.sheets import csv_files
from pipeline.export.sqlite import sqlite_files
from pipeline.export.texts import Text, spans
from pipeline.export.w3c import w3c_files
from pipeline.reading import Article, read_text
from pipeline.reading.read import MediaType
from pipeline.records import Record
from pipeline.report import (
    Selection,
    choose,
    draw_timeline,
    predictions_csv,
    profile,
    profiles_csv,
    show,
    stats_tables,
    visible,
)
from pipeline.report.claims import claim_lines
from pipeline.report.page.build import report_page, report_pages
from pipeline.report.templating import shown
from pipeline.revisions.approved import lines_of
from pipeline.spreadsheet import encode, guarded, unguarded

from ..paged import HARBOUR, HOSTILE, Parsed, harbour, hostile
from .mutation import mutate_lines
from .target import Target, raw

_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
_TYPES = get_args(MediaType)
_ACTS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def cells(data: bytes) -> None:
    """Writes any texts as cells and reads them back."""
    rows = [row.split("\t") for row in raw(data).split("\n")]
    written = encode(["a"], rows).decode()
    back = list(csv.reader(io.StringIO(written, newline="")))[1:]
    expected = [[guarded(cell).encode("utf-8", "replace").decode() for cell in row] for row in rows]
    assert back == expected
    for row in rows:
        for cell in row:
            assert unguarded(guarded(cell)) == cell
            assert not _FORMULA.match(guarded(cell))
            assert not _ACTS.search(visible(cell))
            shown(cell)


def poisoned(data: bytes) -> None:
    """Puts one text into every field of records that may hold any, and shows them in every way."""
    text = raw(data)
    every_view(hostile(text))
    parsed = Parsed(report_page(hostile(text), sources={"harbour": _article()}, title=text))
    ours = _elements()
    for tag, attributes in parsed.elements:
        assert (tag, *sorted(attributes)) in ours, f"{tag} with {sorted(attributes)} is not ours"


@cache
def _article(media_type: MediaType = "text/plain") -> Article:
    return read_text(HARBOUR, id="harbour", path="harbour.txt", media_type=media_type)


@cache
def _elements() -> frozenset[tuple[str, ...]]:
    """The elements of a page about texts that are harmless, with the names of their attributes."""
    pages = [
        report_page(hostile(word), sources={"harbour": _article()}, title=word) for word in "ab"
    ]
    pages += [report_page(harbour(), sources={"harbour": _article()})]
    return frozenset(
        (tag, *sorted(attributes)) for page in pages for tag, attributes in Parsed(page).elements
    )


def in_memory(data: bytes) -> None:
    """Makes pandas tables and Docs of changed records; apart, since that takes long."""
    with suppress(PipelineError):
        records = jsonl.decode(data)
        frames(records)
        texts(collect(records), docbin_files)


def damaged(data: bytes) -> None:
    """Shows records in every way that somebody has changed by hand."""
    try:
        found = jsonl.decode(data)
    except RecordError:
        return
    every_view(found)


def every_view(records: Sequence[Record]) -> None:
    """Every export, table, picture and page; what does not belong together is said to."""
    try:
        articles = collect(records)
    except PipelineError:
        articles = []
    tables(articles)
    texts(articles, w3c_files, label_studio_files, brat_files)
    Parsed(report_page(records, sources={"harbour": _article()})).json()
    for page in report_pages(records, sources={}).values():
        page.encode()
    made = timeline.build(records)
    ElementTree.fromstring(draw_timeline(made))
    jsonl.encode([*made.entries, *made.problems])
    gathered = forecasts.gather(records)
    predictions_csv(gathered.forecasts)
    profiles = profile(records)
    profiles_csv(profiles)
    stats_tables(profiles)
    lines = list(claim_lines(records))
    assert not any("\n" in line for line in lines)
    lines_of(records)
    for selection in (
        Selection(speakers=("Ruiz",), words=("a*b",)),
        Selection(entities=("Skell",), after="2014", least=10.0),
    ):
        choose(records, selection)
    with redirect_stdout(io.StringIO()) as printed:
        show(records, titles={}, texts={"harbour": _article()}, pager=False)
    assert not _ACTS.search(printed.getvalue())


def tables(articles: Sequence[Collected]) -> None:
    """The formats that are made of records alone, read back."""
    if not articles:
        return
    for make in (csv_files, parquet_files, sqlite_files, ftm_files):
        try:
            files = list(make(articles))
        except PipelineError:
            continue
        for name, data in files:
            if name.endswith(".csv"):
                for row in csv.reader(io.StringIO(data.decode(), newline="")):
                    assert not any(_is_formula(cell) for cell in row), row
            elif name.endswith(".parquet"):
                pyarrow.parquet.read_table(io.BytesIO(data))
            elif name.endswith(".json"):
                lines = data.split(b"\n") if make is ftm_files else [data]
                for line in filter(None, lines):
                    json.loads(line)


def _is_formula(cell: str) -> bool:
    """Whether a spreadsheet would run it: numbers it merely reads."""
    if not _FORMULA.match(cell):
        return False
    try:
        float(cell)
    except ValueError:
        return True
    return False


def texts(
    articles: Iterable[Collected],
    *formats: Callable[[Iterable[Text]], Iterator[tuple[str, bytes]]],
) -> None:
    """Formats that need the article's text."""
    found = []
    for one in articles:
        # Records of another text are never set beside this one, see `find_texts`.
        if one.article.sha256 != _article().sha256 or one.article.media_type not in _TYPES:
            continue
        text = Text(one, _article(one.article.media_type))
        try:
            for record in one.others:
                for span in spans(record):
                    text.place(span)
        except PipelineError:
            continue
        found.append(text)
    for make in formats:
        try:
            for _, data in make(found):
                assert isinstance(data, bytes)
        except PipelineError:
            continue


_JSON = (
    "1e999",
    "-0",
    '"\\ud800"',
    "null",
    "[]",
    "NaN",
    "99999999999999999999",
    '"9999-12-31"',
    '"2014-02-30"',
    '"-0044"',
    '"start":-1',
    '"end":0',
    '"quote":"',
    '"entity":"',
    '"parent":"',
)


def _records() -> list[bytes]:
    first, *others = harbour()
    return [jsonl.encode(harbour()), *(jsonl.encode([first, record]) for record in others)]


TARGETS = {
    "cells": Target(
        run=cells,
        seeds=lambda: [
            b"\t=1+1\n-5\ta\r'=x",
            *(t.encode("utf-8", "surrogatepass") for t in HOSTILE),
        ],
        words=(
            "=",
            "+",
            "-",
            "@",
            "＝",
            "'",
            "\u00ad",
            "\u200b",
            "\t",
            "\r",
            '"',
            "\x00",
            "\x85",
            "\x1b[",
        ),
        longest=512,
        share=0.5,
    ),
    "poisoned": Target(
        run=poisoned,
        seeds=lambda: [text.encode("utf-8", "surrogatepass") for text in HOSTILE],
        words=(
            "<script>",
            "</script",
            "<!--",
            "-->",
            "]]>",
            "&#x3c;",
            '"',
            "'",
            "onerror=",
            "\u2028",
            "\u202e",
            "\x1b]0;",
            "{{",
            "{%",
            "[red]",
            "[/]",
            "\ufffe",
            "\x00",
            "=",
            "javascript:",
        ),
        longest=256,
        seconds=20.0,
        share=1.5,
    ),
    "frames": Target(
        mutate=mutate_lines,
        run=in_memory,
        seeds=_records,
        words=_JSON,
        longest=16384,
        seconds=20.0,
        share=0.5,
    ),
    "damaged": Target(
        mutate=mutate_lines,
        run=damaged,
        seeds=_records,
        words=_JSON,
        longest=16384,
        seconds=20.0,
        share=2,
    ),
}
