"""What a run reads, and which articles go together: without any process."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import msgspec
import pyarrow
import pyarrow.parquet
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from pipeline.batch import Columns, inputs
from pipeline.batch.inputs import find, jobs
from pipeline.batch.job import Job
from pipeline.batch.plan import MAX_ARTICLES, shards
from pipeline.errors import ConfigError

ROWS = [
    {"id": "a/1", "text": "Rates may rise.", "date": "2021-09-21", "title": "On rates"},
    {"id": 2, "text": "It will rain."},
    {"text": "A third."},
]


def lines(rows: list[Any]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def read(path: Path, columns: Columns | None = None) -> list[Job]:
    return list(jobs({path: None}, columns or Columns()))


def contents(found: list[Job]) -> list[tuple[str, str | None, str | None, str]]:
    return [(job.data.decode(), job.title, job.published, job.id) for job in found]


def test_folders_are_read_to_the_bottom_and_patterns_opened(tmp_path: Path) -> None:
    names = (
        "b.txt",
        "a/z.md",
        "a/rows.jsonl.gz",
        "README.md",
        ".hidden.txt",
        "x.pdf",
        "b.meta.json",
    )
    for name in (*names, ".git/c.txt", "out/shards/000000.jsonl", "a/page.HTML"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    found = find([str(tmp_path)], leave_out=tmp_path / "out")
    assert [str(path.relative_to(tmp_path)) for path in found] == [
        "b.txt",
        "a/page.HTML",
        "a/rows.jsonl.gz",
        "a/z.md",
    ]
    by_pattern = find([f"{tmp_path}/a/*.md", str(tmp_path / "a/z.md")], leave_out=tmp_path)
    assert list(by_pattern) == [tmp_path / "a/z.md"]
    # Whatever a file is called, one that is named is read.
    found = find([str(tmp_path / "x.pdf")], leave_out=tmp_path)
    assert found == {tmp_path / "x.pdf": None}


@pytest.mark.parametrize("name", ["none.txt", "*.none", "empty"])
def test_nothing_to_read_is_said_before_anything_is_done(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigError, match=name.replace("*", r"\*")):
        find([str(tmp_path / name)], leave_out=tmp_path / "out")


def test_rows_give_text_id_date_and_title(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_bytes(lines(ROWS))
    found = read(path)
    assert contents(found) == [
        ("Rates may rise.", "On rates", "2021-09-21", "a-1"),
        ("It will rain.", None, None, "2"),
        ("A third.", None, None, "news-3"),
    ]
    assert [job.name for job in found] == [f"{path}#{n}" for n in (1, 2, 3)]
    assert sum(job.cost for job in found) == path.stat().st_size


def test_columns_by_other_names(tmp_path: Path) -> None:
    path = tmp_path / "news.ndjson"
    path.write_bytes(lines([{"body": "It may rain.", "key": "k", "when": 1962, "head": "H"}]))
    columns = Columns(text="body", id="key", date="when", title="head")
    assert contents(read(path, columns)) == [("It may rain.", "H", "1962", "k")]


@pytest.mark.parametrize("columns", [Columns(text="body"), Columns(date="day")])
def test_a_missing_column_is_said_once(tmp_path: Path, columns: Columns) -> None:
    path = tmp_path / "news.jsonl"
    path.write_bytes(lines(ROWS))
    (refused,) = read(path, columns)
    assert refused.refused is not None and "no column" in refused.refused


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "no JSON"),
        (b"[1]", "no JSON object"),
        (b'{"text": 3}', "is no string but int"),
        (b'{"text": null}', "is no string but NoneType"),
        (b'{"other": ""}', "no column 'text'"),
        (b'{"text": "\xff"}', "no JSON"),
        (b"[" * 100_000, "no JSON"),
    ],
)
def test_a_broken_row_costs_itself(tmp_path: Path, line: bytes, reason: str) -> None:
    path = tmp_path / "news.jsonl"
    path.write_bytes(lines(ROWS[:1]) + line + b"\n\n" + lines(ROWS[1:]))
    first, broken, *others = read(path)
    assert broken.refused is not None and "line 2" in broken.refused and reason in broken.refused
    assert not any(job.refused for job in (first, *others))
    assert [job.data.decode() for job in others] == ["It will rain.", "A third."]


def test_lone_surrogates_and_odd_ids_pass(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_bytes(b'{"id": "\\ud800/../../etc", "text": "a \\udfff may"}\n')
    (job,) = read(path)
    assert job.data.decode("utf-8", "surrogatepass") == "a \udfff may"
    assert job.id == "ud800-..-..-etc"
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(job), type=Job) == job


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_packed_files_are_as_plain_ones(tmp_path: Path, suffix: str) -> None:
    pack = gzip.compress if suffix == ".gz" else zstandard.compress
    rows, article = tmp_path / f"news.jsonl{suffix}", tmp_path / f"a.html{suffix}"
    # Two members in one file, as appending to one gives.
    rows.write_bytes(pack(lines(ROWS[:1])) + pack(lines(ROWS[1:])))
    article.write_bytes(pack(b"<p>It may rain."))
    (tmp_path / "a.meta.json").write_text('{"title": "Rain"}')
    assert [job.data.decode() for job in read(rows)] == [row["text"] for row in ROWS]
    (job,) = read(article)
    assert job.data == b"<p>It may rain." and job.id == "a" and job.name == str(article)
    assert job.path is not None and job.path.endswith("a.html")
    assert job.sidecar is not None and job.sidecar.title == "Rain"


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_bombs_are_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.setattr(inputs, "_RATIO_FROM", 1 << 20)
    pack = gzip.compress if suffix == ".gz" else zstandard.compress
    bomb = pack(b" " * (50 << 20))
    article, rows = tmp_path / f"a.txt{suffix}", tmp_path / f"b.jsonl{suffix}"
    article.write_bytes(bomb)
    rows.write_bytes(pack(lines(ROWS[:1]) + b" " * (50 << 20)))
    for found in (read(article), read(rows)[-1:]):
        assert found[0].refused is not None and "no text does" in found[0].refused


def test_a_file_that_is_only_large_is_refused_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(os.urandom(1 << 20) * 65, compresslevel=1))
    (job,) = read(path)
    assert job.refused is not None and "64 MB" in job.refused and not job.data


def test_an_endless_line_costs_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "_MAX_LINE", 1000)
    path = tmp_path / "news.jsonl"
    path.write_bytes(lines([ROWS[0], {"text": "x" * 5000}, ROWS[1]]))
    first, broken, last = read(path)
    assert broken.refused is not None and "line 2: longer" in broken.refused
    assert (first.data, last.data) == (b"Rates may rise.", b"It will rain.")


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_what_stands_before_the_damage_is_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"news.jsonl{suffix}"
    rows = [{"text": f"Number {n}. {os.urandom(300).hex()}"} for n in range(2000)]
    whole = (gzip.compress if suffix == ".gz" else zstandard.compress)(lines(rows))
    path.write_bytes(whole[: len(whole) // 2])
    *found, last = read(path)
    assert [job.data.decode() for job in found[:100]] == [row["text"] for row in rows[:100]]
    assert last.refused is not None and last.refused.startswith(str(path))


def test_rows_of_parquet(tmp_path: Path) -> None:
    path = tmp_path / "news.parquet"
    columns: dict[str, list[Any]] = {
        "id": [f"n{n}" for n in range(200)],
        "text": [f"Number {n} may rain." for n in range(199)] + [None],
        "date": pyarrow.array([19_000 + n for n in range(200)], pyarrow.date32()),
        "unused": [0] * 200,
    }
    pyarrow.parquet.write_table(pyarrow.table(columns), path, row_group_size=70)
    found = read(path)
    assert len(found) == 200
    assert contents(found[:1]) == [("Number 0 may rain.", None, "2022-01-08", "n0")]
    assert found[-1].refused is not None and "row 200" in found[-1].refused
    assert sum(job.cost for job in found) == path.stat().st_size


@pytest.mark.parametrize("name", ["a.parquet", "a.warc", "a.jsonl.gz", "a.txt.zst"])
def test_a_file_of_another_kind_costs_itself(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(os.urandom(5000))
    (job,) = read(path)
    assert job.refused is not None and job.refused.startswith(str(path))


def warc(*pages: tuple[str, str, str, bytes]) -> bytes:
    data = b""
    for address, status, kind, body in pages:
        http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + body
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {address}\r\n"
            "Content-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(http)}\r\n\r\n"
        )
        data += gzip.compress(head.encode() + http + b"\r\n\r\n")
    return data


def test_pages_of_a_crawl(tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc.gz"
    page = b"<html><p>It may rain."
    path.write_bytes(
        warc(
            ("https://news.example/../a?x=1", "200 OK", "text/html; charset=utf-8", page),
            ("https://news.example/none", "404 Not Found", "text/html", page),
            ("https://news.example/p.png", "200 OK", "image/png", page),
            ("https://news.example/b.txt", "200 OK", "text/plain", b"Rates may rise."),
        )
    )
    first, second = read(path)
    assert (first.data, second.data) == (page, b"Rates may rise.")
    assert first.id == "https-news.example-..-a-x-1" and first.path is None
    assert first.name == f"{path}#1 https://news.example/../a?x=1"


def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "device.jsonl").symlink_to("/dev/zero")
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nothing")
    found = list(jobs(find([str(tmp_path)], leave_out=tmp_path / "out"), Columns()))
    assert [job.refused is not None for job in found] == [True] * 4


ARTICLES = st.lists(st.tuples(st.sampled_from("aAbä"), st.binary(max_size=30)), max_size=40)


@given(ARTICLES, st.integers(1, 60))
def test_shards_hold_every_article_once_in_order(
    articles: list[tuple[str, bytes]], size: int
) -> None:
    given_ = [
        Job(id=name, name=f"rows.jsonl#{n}", data=data) for n, (name, data) in enumerate(articles)
    ]
    made = list(shards(given_, size=size))
    together = [job for shard in made for job in shard.jobs]
    assert [(job.name, job.data) for job in together] == [(job.name, job.data) for job in given_]
    assert len({job.id.lower() for job in together}) == len(together)
    assert [shard.number for shard in made] == list(range(len(made)))
    for shard in made:
        assert len(shard.jobs) == 1 or sum(len(job.data) for job in shard.jobs) <= size
    assert made == list(shards(given_, size=size))


def test_a_shard_has_not_too_many_articles() -> None:
    jobs = (Job(id=str(n), name=str(n)) for n in range(2 * MAX_ARTICLES + 1))
    made = list(shards(jobs, size=1))
    assert [len(shard.jobs) for shard in made] == [MAX_ARTICLES, MAX_ARTICLES, 1]


def test_the_digest_tells_other_articles_but_not_how_they_were_read() -> None:
    def digest(**changes: Any) -> str:
        job = Job(id="a", name="n", data=b"text", title="T", cost=1)
        return next(shards([msgspec.structs.replace(job, **changes)], size=1)).digest

    assert digest() == digest(cost=7)
    for change in ({"data": b"Text"}, {"title": None}, {"id": "b"}, {"published": "2021"}):
        assert digest() != digest(**change)
