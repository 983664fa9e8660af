"""Where shards are made: threads that each guard a worker process on this machine."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import Protocol

from ..records import Pipeline
from .formats import Format
from .guard import Guard, Limits
from .job import Setup
from .output import Mark, Output
from .plan import Shard
from .work import do


class Pool(Protocol):
    """Where shards are made."""

    @property
    def width(self) -> int:
        """How many shards are made at a time."""
        ...

    def info(self) -> Pipeline:
        """What the workers have loaded."""
        ...

    def submit(self, shard: Shard, fingerprint: str) -> None:
        """Have a shard made, as `work.do` does."""
        ...

    def next(self) -> Mark:
        """Wait for a shard that was submitted; raises what making it raised."""
        ...

    def close(self) -> None:
        """Stop all work at once; what is not committed is lost."""
        ...


class Processes:
    """Worker processes on this machine.

    Args:
        workers: how many.
        setup: what each loads.
        limits: what an article may cost.
        output: where shards are committed.
        form: in which they are written.
    """

    def __init__(
        self, workers: int, setup: Setup, limits: Limits, output: Output, form: Format
    ) -> None:
        self._setup = setup
        self._limits = limits
        self._output = output
        self._form = form
        self._guards: list[Guard] = []
        self._here = threading.local()
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="guard")
        self._workers = workers
        self._made: SimpleQueue[Future[Mark]] = SimpleQueue()

    @property
    def width(self) -> int:
        """How many shards are made at a time."""
        return self._workers

    def info(self) -> Pipeline:
        """What the workers have loaded.

        Raises:
            ConfigError, RunError: as `Guard.info`.
        """
        return self._threads.submit(lambda: self._guard().info).result()

    def submit(self, shard: Shard, fingerprint: str) -> None:
        """Have a shard made, as `work.do` does."""
        promise = self._threads.submit(
            lambda: do(shard, self._guard(), self._output, form=self._form, fingerprint=fingerprint)
        )
        promise.add_done_callback(self._made.put)

    def next(self) -> Mark:
        """Wait for a shard that was submitted.

        Raises:
            ConfigError, RunError: as `work.do`.
        """
        return self._made.get().result()

    def close(self) -> None:
        """Stop all work at once; what is not committed is lost."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for guard in self._guards:
            guard.close()
        self._threads.shutdown()
        for guard in self._guards:
            guard.end()

    def _guard(self) -> Guard:
        """That of the calling thread: a process lives no longer than the thread that started it."""
        if not hasattr(self._here, "guard"):
            log = self._output.logs / f"worker-{len(self._guards) + 1}.log"
            guard = Guard(self._setup, self._limits, log)
            self._guards.append(guard)
            self._here.guard = guard
        found: Guard = self._here.guard
        return found
