"""Targets: data files that a person or another program has had in hand."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import pyarrow
import pyarrow.parquet
import zstandard

from pipeline import jsonl
from pipeline.batch import Columns, job
from pipeline.batch.inputs import find, jobs
from pipeline.batch.output import Mark, Output
from pipeline.batch.plan import shards
from pipeline.batch.run import Run
from pipeline.batch.worker import _read
from pipeline.errors import ArticleError, PipelineError, RecordError
from pipeline.export.gold import gold_files
from pipeline.forecasts.outcomes import read_outcomes

from ..paged import HARBOUR, harbour
from .mutation import mutate_lines
from .reading import check, scratch
from .target import Target


def records(data: bytes) -> None:
    """Reads JSON Lines of records; what was read is written and read again."""
    try:
        found = jsonl.decode(data, source="found.jsonl")
    except RecordError as error:
        assert str(error).startswith("found.jsonl, line ")
        return
    assert jsonl.decode(jsonl.encode(found)) == found


def inputs(suffix: str) -> Callable[[bytes], None]:
    """Reads a container of articles, and every article in it."""

    def run(data: bytes) -> None:
        path = Path(scratch().name) / f"in{suffix}"
        path.write_bytes(data)
        for shard in shards(
            jobs(find([str(path)], leave_out=path.parent / "out"), Columns()), size=1
        ):
            for one in shard.jobs:
                assert job.decode_job(job.encode(one)) == one
                assert one.id and "/" not in one.id and one.id[0] not in ".-"
                if one.refused is not None:
                    assert str(path) in one.refused, f"{one.refused!r} does not say where"
                    assert one.refused.encode()
                    continue
                try:
                    article = _read(one)
                except ArticleError:
                    continue
                check(article)

    return run


def marks(data: bytes) -> None:
    """Reads the mark of a shard and the state of a run, which may be damaged."""
    output = Output(Path(scratch().name) / "out")
    output.marks.mkdir(parents=True, exist_ok=True)
    output.shards.mkdir(exist_ok=True)
    output.mark_path(0).write_bytes(data)
    output.run.write_bytes(data)
    mark = output.mark(0)
    assert mark is None or isinstance(mark, Mark)
    if mark is not None:
        assert not output.verified(mark)
    output.read_run(Run)
    assert output.numbers() == [0]
    output.write_quarantine()
    for line in output.quarantine.read_bytes().splitlines():
        json.loads(line)


def outcomes(suffix: str) -> Callable[[bytes], None]:
    """Reads what came of predictions."""

    def run(data: bytes) -> None:
        path = Path(scratch().name) / f"outcomes{suffix}"
        path.write_bytes(data)
        try:
            found = read_outcomes(path)
        except RecordError as error:
            assert str(error).startswith(str(path))
            return
        assert not set(found.known) & found.open
        assert all(trouble.message.startswith(str(path)) for trouble in found.problems)

    return run


def tasks(data: bytes) -> None:
    """Reads corrected tasks of Label Studio and makes gold of them."""
    folder = Path(scratch().name) / "tasks"
    folder.mkdir(exist_ok=True)
    (folder / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    path = Path(scratch().name) / "tasks.json"
    path.write_bytes(data)
    try:
        for name, gold in gold_files(path, [folder], []):
            assert name.endswith(".json")
            json.loads(gold)
    except PipelineError as error:
        assert str(error)


_ROWS: tuple[dict[str, object], ...] = (
    {"id": "a/1", "text": "Rates may rise.", "date": "2021-09-21", "title": "On rates"},
    {"id": 2, "text": "It will rain. \ud800", "date": 20210921},
    {"text": "A third."},
)
_LINES = b"".join(json.dumps(row).encode() + b"\n" for row in _ROWS)
_PAGE = b"<html><title>Rain</title><p>It rained on May 5.</p></html>"
_WARC = (
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/rain\r\n"
    b"WARC-Date: 2021-09-21T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
    b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
)
_HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n%s"


def _parquet() -> Iterator[bytes]:
    texts = {"text": ["Rates may rise.", None], "id": [1, 2], "date": ["2021", "x"]}
    for options in ({}, {"compression": "none", "use_dictionary": False}):
        file = io.BytesIO()
        pyarrow.parquet.write_table(pyarrow.table(texts), file, **options)
        yield file.getvalue()


def _warc() -> Iterator[bytes]:
    answer = _HTTP % (len(_PAGE), _PAGE)
    chunked = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunked += b"%x\r\n%s\r\n0\r\n\r\n" % (len(_PAGE), _PAGE)
    packed = gzip.compress(_PAGE)
    zipped = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n" + packed
    )
    for body in (answer, chunked, zipped):
        yield _WARC % (len(body), body)
    yield (_WARC % (len(answer), answer)) * 2


def _tasks() -> bytes:
    from pipeline.export.collect import collect
    from pipeline.export.label_studio import label_studio_files
    from pipeline.export.texts import Text
    from pipeline.reading import read_text

    article = read_text(HARBOUR, id="harbour", path="harbour.txt")
    (collected,) = collect(harbour())
    (_, made) = dict(label_studio_files([Text(collected, article)])).items()
    exported = json.loads(made[1])
    for task in exported:
        task["annotations"] = task.pop("predictions")
    return json.dumps(exported).encode()


@cache
def _mark() -> bytes:
    quarantined = {
        "id": "a", "path": "a.txt", "sha256": "0", "stage": "reading", "reason": "empty",
        "attempts": 1, "shard": 0,
    }  # fmt: skip
    mark = {
        "shard": 0, "digest": "d", "fingerprint": "f", "sha256": "0", "bytes": 10, "articles": 2,
        "written": 1, "words": 3, "records": {"date": 1}, "quarantined": [quarantined],
    }  # fmt: skip
    return json.dumps(mark).encode()


def _single(*seeds: bytes) -> Callable[[], Iterable[bytes]]:
    return lambda: seeds


_JSON = (
    "1e999",
    "-0",
    '"\\ud800"',
    "null",
    "[]",
    "{}",
    "NaN",
    "1" * 40,
    '"text":',
    "\u2028",
    "\ufeff",
)

TARGETS = {
    "records": Target(
        mutate=mutate_lines,
        run=records,
        seeds=lambda: [jsonl.encode([record]) for record in harbour()],
        words=(*_JSON, '"kind":"quote"', '"start":', '"level":"even"'),
    ),
    "rows": Target(
        mutate=mutate_lines, run=inputs(".jsonl"), seeds=_single(_LINES), words=_JSON, longest=1024
    ),
    "gz": Target(
        run=inputs(".jsonl.gz"),
        seeds=_single(gzip.compress(_LINES), gzip.compress(_LINES, 0) * 2, gzip.compress(b"")),
        longest=1024,
        share=0.5,
    ),
    "zst": Target(
        run=inputs(".jsonl.zst"),
        seeds=_single(zstandard.compress(_LINES), zstandard.compress(_LINES, 1) * 2),
        longest=1024,
        share=0.5,
    ),
    "parquet": Target(run=inputs(".parquet"), seeds=_parquet, share=0.5),
    "warc": Target(
        run=inputs(".warc"),
        seeds=_warc,
        longest=2048,
        words=(
            "WARC/1.1",
            "WARC-Type: ",
            "Content-Length: ",
            "Content-Encoding: br",
            "\r\n\r\n",
            "Transfer-Encoding: chunked",
            "ffffffff\r\n",
            "HTTP/1.1 200",
            "-1",
            "revisit",
        ),
    ),
    "marks": Target(
        mutate=mutate_lines,
        run=marks,
        seeds=lambda: [_mark(), b"{}"],
        words=_JSON,
        longest=1024,
        share=0.3,
    ),
    "outcomes-csv": Target(
        run=outcomes(".csv"),
        seeds=_single(
            b'article,id,outcome\r\na,\'=1,true\r\nb,"x\ny",\r\n',
            b"id;article;outcome;x\n1;a;FALSE;",
        ),
        words=("article", "outcome", "id", "true", "false", '""', "\r", "\0", ";", "\t", "\ufeff"),
        longest=1024,
        share=0.5,
    ),
    "outcomes-jsonl": Target(
        mutate=mutate_lines,
        run=outcomes(".jsonl"),
        seeds=_single(
            b'{"article":"a","id":"b","outcome":true}\n{"article":"a","id":"b","outcome":null}\n'
        ),
        words=_JSON,
        longest=1024,
        share=0.3,
    ),
    "tasks": Target(
        mutate=mutate_lines,
        run=tasks,
        seeds=lambda: [_tasks()],
        longest=16384,
        words=(
            *_JSON,
            '"from_id":"',
            '"to_id":"',
            '"labels":["',
            '"choices":["',
            '"start":',
            '"end":',
        ),
    ),
}
