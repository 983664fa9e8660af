"""Runs with real processes: what crashes, hangs or is killed loses nothing and doubles nothing.

The faulty stage (`faulty_stage.py`) is installed for the processes as any package with a stage
would be. Most runs have no other stage, since starting is what takes the time.
"""

from __future__ import annotations

import ctypes
import fcntl
import gzip
import json
import os
import resource
import shutil
import signal
import time
from pathlib import Path

import pytest

from pipeline import jsonl
from pipeline.batch import Limits, Output
from pipeline.batch.guard import Guard
from pipeline.batch.job import Done, Failed, Job, Setup
from pipeline.batch.run import Run
from pipeline.records import ArticleRecord, ProblemRecord

from .conftest import ROOT
from .running import PLAIN, SHARDS, Runner, until, workers_of

PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1


def folded(text: str) -> str:
    """With single spaces, as columns may be of any width."""
    return " ".join(text.split())


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


@pytest.mark.model
def test_records_are_those_of_extract_with_any_number_of_workers(
    runner: Runner, tmp_path: Path
) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    for name in ("glacial-lakes-brief.txt", "sergeants-autumn-oped.md"):
        shutil.copy(ROOT / "corpus" / name, articles)
    runner.end(runner.start("extract", "articles", "--output", "single"))
    single = b"".join(path.read_bytes() for path in sorted((tmp_path / "single").iterdir()))
    made = []
    for workers in ("1", "2"):
        out = Output(tmp_path / workers)
        options = ("--output", str(out.folder), "--workers", workers, *SHARDS)
        said = runner.end(runner.start("run", "articles", *options))
        made.append([path.read_bytes() for path in sorted(out.shards.iterdir())])
        assert "articles in" in said
    assert made[0] == made[1] and len(made[0]) > 1
    assert b"".join(made[0]) == single


def test_what_stands_beside_the_text_reaches_the_records(runner: Runner, tmp_path: Path) -> None:
    rows = [
        {"text": "It may rain.", "title": "On  rain", "date": "Tue, 21 Sep 2021 16:02 GMT"},
        {"text": "It may snow.", "date": "soon"},
        {"text": "a \ud800 may"},
    ]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "page.html.gz").write_bytes(gzip.compress(b"<p>It <b>may</b> hail.</p>"))
    (tmp_path / "page.meta.json").write_text('{"title": "Hail", "published": "1962-05-07"}')
    stages = ("--set", 'nlp.pipeline=["claimline_faulty"]')
    runner.end(runner.start("run", "*.jsonl", "page.html.gz", "--output", "out", *stages))
    records = jsonl.read(runner.output.shard_path(0))
    told = [
        (record.path, record.title, record.published, record.media_type)
        for record in records
        if isinstance(record, ArticleRecord)
    ]
    assert told == [
        ("rows.jsonl#1", "On rain", "2021-09-21", "text/plain"),
        ("rows.jsonl#2", None, None, "text/plain"),
        ("rows.jsonl#3", None, None, "text/plain"),
        ("page.html.gz", "Hail", "1962-05-07", "text/html"),
    ]
    problems = [record.message for record in records if isinstance(record, ProblemRecord)]
    assert any("'soon' is no date" in message for message in problems)


def test_every_fault_costs_its_own_article_alone(runner: Runner, tmp_path: Path) -> None:
    faults = {
        "throw": "ValueError: broken at 0x…",
        "spin": "not done after 5 seconds",
        "memory": "needs more than 256 MB of memory",
        "exit": "the process ended with status 3",
        "crash": "the process died of SIGSEGV",
    }
    texts = [f"It may rain. FAULT {fault}" for fault in faults]
    dies_once = f"It may rain. FAULT kill ONCE {tmp_path / 'once'}"
    runner.rows(
        *(text for pair in zip(texts, PLAIN, strict=False) for text in pair),
        dies_once,
        "Ana said so. FAULT print",
        " ",
    )
    limits = ("--article-seconds", "5", "--article-memory", "256", "--workers", "2")
    said = runner.run(*limits, *SHARDS, code=1)
    found = runner.quarantined()
    for number, reason in enumerate(faults.values()):
        told, attempts = found.pop(f"n{2 * number}")
        assert told.endswith(reason) and attempts == 2
    # Nothing to read is found at once: it is not tried again.
    told, attempts = found.pop("n12")
    assert "it holds no text" in told and attempts == 1
    assert not found
    assert runner.written() == ["n1", "n3", "n5", "n7", "n9", "n10", "n11"]
    rows = [row for mark in runner.marks() for row in mark.quarantined]
    assert {row.stage for row in rows} == {"claimline_faulty", "reading"}
    assert "articles in 13 written 7 quarantined 6 " in folded(said)
    status = runner.end(runner.start("status", "out", "--verify"))
    assert "in claimline_faulty" in status and "complete" in status


def test_how_many_may_be_quarantined(runner: Runner) -> None:
    runner.rows(*PLAIN[:3], " ")
    for most, code in (("0", 1), ("1", 0), ("25%", 0), ("24.9%", 1), ("some", 2)):
        runner.run("--workers", "1", "--max-quarantine", most, code=code)


def test_a_run_that_is_complete_is_not_made_again(runner: Runner) -> None:
    runner.rows(*PLAIN)
    runner.run(*SHARDS)
    before = runner.bytes()
    times = {
        mark.shard: runner.output.shard_path(mark.shard).stat().st_mtime_ns
        for mark in runner.marks()
    }
    assert len(times) > 3
    said = runner.run(*SHARDS)
    assert f"done before {len(times)} " in folded(said)
    assert runner.bytes() == before
    assert times == {
        mark.shard: runner.output.shard_path(mark.shard).stat().st_mtime_ns
        for mark in runner.marks()
    }


def test_a_damaged_shard_is_found_and_made_again(runner: Runner) -> None:
    runner.rows(*PLAIN)
    runner.run(*SHARDS)
    before = runner.bytes()
    shard, mark = runner.output.shard_path(1), runner.output.mark_path(2)
    shard.write_bytes(shard.read_bytes()[:-1])
    mark.write_bytes(mark.read_bytes()[:-9])
    runner.output.shard_path(3).unlink()
    assert "damaged" in runner.end(runner.start("status", "out", "--verify"), 1)
    assert "damaged" in runner.run(*SHARDS)
    assert runner.bytes() == before


@pytest.mark.parametrize("seconds", [0.3, 0.9, 1.6])
def test_a_killed_driver_loses_what_was_in_work_and_no_more(
    runner: Runner, tmp_path: Path, seconds: float
) -> None:
    runner.rows(*(f"{text} FAULT wait" for text in PLAIN))
    process = runner.begin("--workers", "2", *SHARDS)
    until(lambda: runner.output.numbers())
    time.sleep(seconds)
    workers = list(workers_of(process.pid))
    assert len(workers) == 2
    process.kill()
    process.communicate()
    # No orphan goes on with work that the next run repeats.
    until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))
    done = {
        number: runner.output.mark_path(number).stat().st_ino for number in runner.output.numbers()
    }
    parts = list(runner.output.shards.glob(".*.part"))
    assert len(parts) <= 2
    assert "killed" in runner.end(runner.start("status", "out"), 1)
    runner.run("--workers", "2", *SHARDS)
    assert runner.state() == "complete"
    assert not list(runner.output.shards.glob(".*"))
    for number, inode in done.items():
        assert runner.output.mark_path(number).stat().st_ino == inode
    after = runner.bytes()
    shutil.rmtree(runner.output.folder)
    runner.run("--workers", "1", *SHARDS)
    assert runner.bytes() == after
    assert runner.written() == [f"n{n}" for n in range(12)]


def test_a_killed_worker_costs_nothing(runner: Runner) -> None:
    runner.rows(*(f"{text} FAULT wait" for text in PLAIN))
    process = runner.begin("--workers", "2", *SHARDS)
    until(lambda: runner.output.numbers())
    for worker in workers_of(process.pid):
        os.kill(worker, signal.SIGKILL)
    runner.end(process)
    assert runner.written() == [f"n{n}" for n in range(12)]
    assert not runner.quarantined()


def test_an_interrupt_stops_at_once_and_can_be_gone_on_from(runner: Runner) -> None:
    runner.rows(*(f"{text} FAULT wait" for text in PLAIN))
    process = runner.begin(
        *("--workers", "2", *SHARDS),
        # A shell that starts the tests in the background has them ignore it, and children inherit.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    until(lambda: runner.output.numbers())
    process.send_signal(signal.SIGINT)
    said = runner.end(process, 130)
    assert "the same command goes on" in said and "Traceback" not in said
    assert runner.state() == "stopped"
    runner.run("--workers", "2", *SHARDS)
    assert runner.written() == [f"n{n}" for n in range(12)]


def test_a_full_disk_stops_the_run_and_loses_nothing(runner: Runner) -> None:
    # The last shard has many short ones, whose records are longer than they.
    runner.rows(*PLAIN, *["Rain."] * 40)
    limit = 12_000
    said = runner.run(
        *SHARDS,
        code=1,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert "cannot be written: File too large" in said and "Traceback" not in said
    done = runner.marks()
    assert done and len(runner.written()) < 52
    assert not list(runner.output.shards.glob(".*"))
    assert all(runner.output.verified(mark) for mark in done)
    runner.run(*SHARDS)
    assert runner.written() == [f"n{n}" for n in range(52)]


def test_a_folder_that_cannot_be_written_is_said(runner: Runner, tmp_path: Path) -> None:
    runner.rows(*PLAIN)
    (tmp_path / "file").write_text("")
    said = runner.run("--output", str(tmp_path / "file" / "out"), code=1)
    assert "cannot be written: Not a directory" in said and "Traceback" not in said


def test_a_folder_that_is_read_only_is_said(runner: Runner, tmp_path: Path) -> None:
    runner.rows(*PLAIN)
    (tmp_path / "locked").mkdir(mode=0o555)

    def be_nobody_special() -> None:
        # Root, too, may then write only where the mode says so.
        ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE)

    said = runner.run(
        "--output", str(tmp_path / "locked" / "out"), code=1, preexec_fn=be_nobody_special
    )
    assert "cannot be written: Permission denied" in said and "Traceback" not in said


def test_a_long_article_has_more_time(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", runner.environment["PYTHONPATH"])
    setup = Setup(config={"nlp.pipeline": '["claimline_faulty"]'}, memory=1 << 30)
    guard = Guard(setup, Limits(seconds=1), runner.folder / "log")
    job = Job(id="a", name="a", data=b"FAULT hang" + b" " * 300_000 + b"end", is_text=True)
    answer = guard.extract(job)
    assert isinstance(answer, Failed) and answer.reason == "not done after 3 seconds"
    guard.end()


# Every process that has it on its path begins with it. RATE times a second the clock goes a day
# forward, a day back, and right again.
JUMPING_CLOCK = """
import time
_day, _real, _real_ns = 86_400, time.time, time.time_ns
def _jump():
    return (int(time.monotonic() * RATE) % 3 - 1) * _day
time.time = lambda: _real() + _jump()
time.time_ns = lambda: _real_ns() + _jump() * 10**9
"""


# Dask's own start may not get over three jumps a second on a machine with much other work.
@pytest.mark.parametrize(("where", "rate"), [((), 3), (("--cluster", "local"), 0.2)])
def test_a_clock_that_jumps_changes_nothing(
    runner: Runner, where: tuple[str, ...], rate: float
) -> None:
    runner.rows(*(f"{text} FAULT wait" for text in PLAIN[:4]), "It may rain. FAULT hang")
    limits = ("--workers", "2", *SHARDS, "--article-seconds", "4", "--max-quarantine", "1")
    runner.run(*limits)
    before = runner.bytes()
    shutil.rmtree(runner.output.folder)
    (runner.folder / "plugin" / "sitecustomize.py").write_text(
        JUMPING_CLOCK.replace("RATE", str(rate))
    )
    began = time.monotonic()
    runner.run(*where, *limits)
    assert runner.bytes() == before
    assert runner.quarantined() == {"n4": ("not done after 4 seconds", 2)}
    run = runner.output.read_run(Run)
    assert run is not None and 8 < run.summary.seconds < time.monotonic() - began


def test_two_runs_on_one_folder(runner: Runner) -> None:
    runner.rows(*(f"{text} FAULT wait" for text in PLAIN))
    first = runner.begin("--workers", "1", *SHARDS)
    until(lambda: runner.output.run.exists())
    said = runner.run(*SHARDS, code=2)
    assert f"another run writes there (process {first.pid}" in said
    assert "running" in runner.end(runner.start("status", "out"), 1)
    runner.end(first)
    assert runner.written() == [f"n{n}" for n in range(12)]


def test_other_versions_are_not_mixed_unless_told(runner: Runner) -> None:
    runner.rows(*PLAIN)
    runner.run(*SHARDS)
    (first, *_) = runner.marks()
    other = ("--set", "components.claimline_quotes.threshold=0.41", *SHARDS)
    assert "another version or configuration" in runner.run(*other, code=2)
    assert {mark.fingerprint for mark in runner.marks()} == {first.fingerprint}
    runner.output.mark_path(0).unlink()
    runner.run(*other, "--stale", "keep")
    assert len({mark.fingerprint for mark in runner.marks()}) == 2
    runner.run(*other, "--stale", "redo")
    (fingerprint,) = {mark.fingerprint for mark in runner.marks()}
    assert fingerprint != first.fingerprint


def test_other_articles_are_not_mixed_unless_told(runner: Runner) -> None:
    runner.rows(*PLAIN)
    runner.run(*SHARDS)
    before = runner.bytes()
    for texts in (PLAIN[1:], PLAIN[:4]):
        runner.rows(*texts)
        for stale in ("refuse", "keep"):
            assert "--stale redo" in runner.run(*SHARDS, "--stale", stale, code=2)
    assert runner.bytes().keys() == before.keys()
    runner.run(*SHARDS, "--stale", "redo")
    assert runner.written() == [f"n{n}" for n in range(4)]


def test_what_was_quarantined_can_be_tried_again(runner: Runner, tmp_path: Path) -> None:
    mended = tmp_path / "mended"
    runner.rows(*PLAIN[:6], f"It may rain. FAULT quit UNLESS {mended}", *PLAIN[6:])
    runner.run(*SHARDS, code=1)
    assert runner.quarantined() == {"n6": ("the process ended with status 4", 2)}
    before = {path: path.stat().st_ino for path in runner.output.shards.iterdir()}
    mended.touch()
    runner.end(runner.start("retry", "out", "--workers", "1"))
    assert not runner.quarantined()
    assert runner.written() == [f"n{n}" for n in range(13)]
    changed = [path for path, inode in before.items() if path.stat().st_ino != inode]
    assert len(changed) == 1
    elsewhere = runner.start("retry", str(runner.output.folder), "--workers", "1")
    runner.end(elsewhere)


def test_a_wrong_configuration_is_a_wrong_command(runner: Runner) -> None:
    runner.rows(*PLAIN)
    assert "no component 'none'" in runner.run("--set", 'nlp.pipeline=["none"]', code=2)
    assert "no run writes or wrote there" in runner.end(runner.start("retry", "none"), 2)


@pytest.mark.parametrize(("growth", "left"), [(512 << 20, 1), (-(1 << 40), 0)])
def test_a_process_that_has_grown_is_replaced(
    runner: Runner, monkeypatch: pytest.MonkeyPatch, growth: int, left: int
) -> None:
    monkeypatch.setenv("PYTHONPATH", runner.environment["PYTHONPATH"])
    setup = Setup(config={"nlp.pipeline": '["claimline_faulty"]'}, memory=1 << 30)
    guard = Guard(setup, Limits(growth=growth), runner.folder / "log")
    job = Job(id="a", name="a", data=b"It may rain.", is_text=True)
    answers = [guard.extract(job) for _ in range(2)]
    assert isinstance(answers[0], Done) and isinstance(answers[1], Done)
    assert answers[0].records == answers[1].records
    assert len(list(workers_of(os.getpid()))) == left
    guard.end()


def test_sweeping_waits_for_the_lock(tmp_path: Path) -> None:
    output = Output(tmp_path)
    with output.locked():
        parts = [output.shards / ".left.part", output.tables / "quote" / ".left.part"]
        for part in parts:
            part.parent.mkdir(parents=True)
            part.touch()
        assert output.is_locked
    with (tmp_path / ".lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Exception, match="another run"), output.locked():
            pass
        assert all(part.exists() for part in parts)
    with output.locked():
        assert not any(part.exists() for part in parts)
