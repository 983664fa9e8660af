"""Runs on a Dask cluster: the bytes of a run without it, whatever dies meanwhile."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from .running import PLAIN, SHARDS, Runner, until

SLOW = [f"{text} FAULT wait" for text in PLAIN]


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runner:
    # How long a scheduler may be silent; half a minute by default.
    monkeypatch.setenv("DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT", "5s")
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__WORKER_SATURATION", "1.0")
    return Runner(tmp_path)


@contextmanager
def cluster(
    runner: Runner, *, workers: int = 2
) -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    """A scheduler and workers, each started by itself; its address, and their processes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{probe.getsockname()[1]}"
    dask = [sys.executable, "-m", "dask"]
    none = ["--no-dashboard"]
    commands = [
        ["scheduler", "--host", address, *none],
        *[["worker", address, "--nthreads", "1", *none] for _ in range(workers)],
    ]
    processes = [
        subprocess.Popen(
            [*dask, *command],
            cwd=runner.folder,
            env=runner.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        for command in commands
    ]
    try:
        yield address, processes
    finally:
        for process in processes:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def alone(runner: Runner) -> dict[str, bytes]:
    """What a run without a cluster gives."""
    shutil.rmtree(runner.output.folder)
    runner.run("--workers", "1", *SHARDS)
    return runner.bytes()


def test_a_local_cluster_gives_the_same_bytes(runner: Runner) -> None:
    runner.rows(*PLAIN, " ")
    runner.run("--cluster", "local", "--workers", "2", *SHARDS, "--max-quarantine", "1")
    found = runner.bytes()
    assert len(runner.quarantined()) == 1
    shutil.rmtree(runner.output.folder)
    runner.run("--workers", "1", *SHARDS, "--max-quarantine", "1")
    assert runner.bytes() == found


def test_a_worker_that_dies_loses_and_doubles_nothing(runner: Runner) -> None:
    runner.rows(*SLOW)
    with cluster(runner) as (address, processes):
        process = runner.begin("--cluster", address, *SHARDS)
        until(runner.output.numbers)
        # The nanny and the worker, as when the machine fails; one is left.
        os.killpg(processes[1].pid, signal.SIGKILL)
        runner.end(process)
    found = runner.bytes()
    assert runner.written() == [f"n{n}" for n in range(12)]
    assert alone(runner) == found


def test_a_scheduler_that_dies_ends_the_run_which_can_be_gone_on_from(runner: Runner) -> None:
    runner.rows(*SLOW)
    with cluster(runner) as (address, processes):
        process = runner.begin("--cluster", address, *SHARDS)
        until(runner.output.numbers)
        os.killpg(processes[0].pid, signal.SIGKILL)
        said = runner.end(process, 1)
    assert "the cluster is lost" in said and "same command goes on" in said
    assert runner.state() == "stopped"
    runner.run(*SHARDS)
    assert runner.written() == [f"n{n}" for n in range(12)]


def test_no_scheduler_is_a_wrong_command(runner: Runner) -> None:
    runner.rows(*PLAIN)
    said = runner.run("--cluster", "tcp://127.0.0.1:9", code=2)
    assert "no scheduler with a worker answers there" in said
