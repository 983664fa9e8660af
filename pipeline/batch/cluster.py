"""Shards made by the workers of a Dask cluster.

Each Dask worker guards a process of its own, as a thread does on one machine, and commits its
shards itself: articles go to it, counts come back. Dask does not remember a run and may do work
again that was finished when a worker died; the marks in the folder are what counts, and work that
they say is done is not done again.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from ..errors import ConfigError, PipelineError, RunError
from ..records import Pipeline
from .formats import Format
from .guard import MOST_SECONDS, Guard, Limits
from .hosts import TLS, host
from .job import Setup
from .output import Mark, Output
from .plan import Shard
from .work import do


class _Task(msgspec.Struct, frozen=True):
    """What a Dask worker has to know besides the shard."""

    setup: Setup
    limits: Limits
    folder: str
    form: Format


class Cluster:
    """A Dask cluster.

    Args:
        name: the address of its scheduler ("tcp://…", "tls://…"), or "local", "slurm" or
            "kubernetes" to start one; see `hosts.host`.
        workers: how many to start.
        setup: what each worker loads.
        limits: what an article may cost.
        output: where shards are committed: by this path on every machine.
        form: in which they are written.

    Raises:
        ConfigError: Dask is not installed, or there is no scheduler, or none with a worker.
    """

    def __init__(
        self,
        name: str,
        workers: int,
        setup: Setup,
        limits: Limits,
        output: Output,
        form: Format,
    ) -> None:
        try:
            import distributed
        except ImportError as error:
            raise ConfigError(
                "--cluster needs Dask: pip install 'claimline[cluster]', here and on all workers"
            ) from error
        self._task = _Task(setup, limits, str(output.folder.resolve()), form)
        self._host = host(name, workers, limits, output)
        client = None
        try:
            client = distributed.Client(self._host.target, set_as_default=False)
            self._host.wait(client)
        except BaseException as error:
            if client is not None:
                client.close()
            self._host.close()
            if isinstance(error, OSError | RuntimeError | ValueError):
                raise ConfigError(
                    f"--cluster {name}: no scheduler with a worker answers there: {error}"
                    f"{_about_tls(name)}"
                ) from error
            raise
        self._client = client
        self._made = distributed.as_completed([], loop=client.loop)

    @property
    def width(self) -> int:
        """How many shards are made at a time."""
        with _reached():
            threads: dict[str, int] = self._client.nthreads()
        return max(1, sum(threads.values()))

    def info(self) -> Pipeline:
        """What the workers have loaded.

        Raises:
            ConfigError, RunError: as `Guard.info`, or the cluster does not answer.
        """
        with _reached():
            asked = self._client.submit(_info, self._task, pure=False)
            try:
                found: Pipeline = asked.result(timeout=_ANSWER_SECONDS)
            except TimeoutError as error:
                raise RunError(
                    f"no worker of the cluster answered for {_ANSWER_SECONDS} seconds. See "
                    "whether they run and can load the pipeline, and start the run again."
                ) from error
        return found

    def submit(self, shard: Shard, fingerprint: str) -> None:
        """Have a shard made, as `work.do` does."""
        with _reached():
            self._made.add(self._client.submit(_make, self._task, shard, fingerprint, pure=False))

    def next(self) -> Mark:
        """Wait for a shard that was submitted.

        Raises:
            ConfigError, RunError: as `work.do`, or the cluster is lost.
        """
        with _reached():
            mark: Mark = next(self._made).result()
        return mark

    def close(self) -> None:
        """Stop all work at once; what is not committed is lost."""
        # A scheduler that is gone stops nothing, and its workers go with it.
        with suppress(OSError, RuntimeError, ValueError, TimeoutError):
            self._client.run(_stop, self._task, on_error="ignore")
        self._client.close()
        self._host.close()


_ANSWER_SECONDS = MOST_SECONDS + 60
"""For a worker to load the pipeline, and for Dask to hand it the question."""


def _about_tls(address: str) -> str:
    if address.startswith("tls://"):
        return f". Are {TLS} such as the scheduler takes?"
    return ". One that takes only TLS has an address in tls://." if ":" in address else ""


@contextmanager
def _reached() -> Iterator[None]:
    """Say of a cluster that is lost what to do."""
    try:
        yield
    except (PipelineError, KeyboardInterrupt):
        raise
    # What Dask raises then is of no one kind, cancellation among it.
    except BaseException as error:
        first, *_ = str(error).splitlines() or [""]
        raise RunError(
            f"the cluster is lost ({type(error).__name__}: {first}). What is finished stays; the "
            "same command goes on from there."
        ) from error


# Of this process, which is a Dask worker's: a process lives no longer than the thread that
# started it, so every thread has its own.
_here = threading.local()
_guards: list[tuple[_Task, Guard]] = []


def _guard(task: _Task) -> Guard:
    if getattr(_here, "task", None) != task or _here.guard.closed:
        if hasattr(_here, "guard"):
            _here.guard.close()
        name = f"{socket.gethostname()}-{os.getpid()}-{len(_guards) + 1}.log"
        _here.guard = Guard(task.setup, task.limits, Output(Path(task.folder)).logs / name)
        _here.task = task
        _guards.append((task, _here.guard))
    guard: Guard = _here.guard
    return guard


def _info(task: _Task) -> Pipeline:
    task.form.check()
    return _guard(task).info


def _make(task: _Task, shard: Shard, fingerprint: str) -> Mark:
    output = Output(Path(task.folder))
    mark = output.mark(shard.number)
    wanted = (shard.digest, fingerprint)
    if mark is not None and (mark.digest, mark.fingerprint) == wanted and output.verified(mark):
        return mark
    return do(shard, _guard(task), output, form=task.form, fingerprint=fingerprint)


def _stop(task: _Task) -> None:
    """Close the guards of a run; another one may use the same workers."""
    for known, guard in _guards:
        if known == task:
            guard.close()
    _guards[:] = [(known, guard) for known, guard in _guards if not guard.closed]
