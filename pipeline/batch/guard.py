"""One worker process under guard: what hangs, dies or eats memory costs its own article alone.

Articles go to the process one by one, so there is no search for the one to blame: it is the one in
work. It gets a second attempt in a fresh process that has done nothing else; fails that, too, the
article is given up, with the step in which it failed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO

import msgspec

from ..errors import ConfigError, RunError
from ..records import Pipeline
from .inputs import size
from .job import (
    Answer,
    At,
    Done,
    Failed,
    Job,
    Ready,
    Refused,
    Setup,
    decode_answer,
    encode,
)

_MODULE = "pipeline.batch.worker"
_HOME = Path(__file__).parents[2]
_MAX_LOG = 1 << 20
_START_SECONDS = 300
_STARTS = 3
MOST_SECONDS = _STARTS * _START_SECONDS
"""How long a process may take to say that it is ready, with all that it is started again."""
# Below this an article has the whole time; above, in proportion more.
_TIMED_BYTES = 100_000
# One thread a process: the bytes are the same either way, the speed is not.
_ENVIRONMENT = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one article may cost.

    Attributes:
        seconds: by the clock, for an article of up to 100,000 bytes; in proportion beyond.
        memory: bytes, beyond those that the loaded pipeline holds.
        growth: bytes that a process may grow before a fresh one takes its place.
    """

    seconds: float = 120.0
    memory: int = 2 << 30
    growth: int = 512 << 20


class Stopped(RunError):
    """The guard was closed while it worked."""


class _Died(Exception):
    """The process ended; the message says how."""


class Guard:
    """A worker process, started when first needed and again whenever it has to be.

    To be used from one thread, save `close`. The process lives as long as that thread.

    Args:
        setup: what the process loads.
        limits: what an article may cost.
        log: file for what the process prints.
    """

    def __init__(self, setup: Setup, limits: Limits, log: Path) -> None:
        self._setup = setup
        self._limits = limits
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection[bytes, bytes] | None = None
        self._ready: Ready | None = None
        self.closed = False
        self._lock = threading.Lock()

    @property
    def info(self) -> Pipeline:
        """What the process has loaded.

        Raises:
            ConfigError: it cannot load what it should.
            RunError: it cannot be started.
        """
        return self._started().info

    def extract(self, job: Job) -> Done | Failed:
        """The records of an article, or why there are none after two attempts.

        Raises:
            ConfigError, RunError: as `info`.
            Stopped: closed meanwhile.
        """
        if job.refused is not None:
            return Failed(stage="reading", reason=job.refused, final=True)
        answer = self._attempt(job)
        if isinstance(answer, Failed) and not answer.final:
            self.end()
            answer = self._attempt(job)
            if isinstance(answer, Failed):
                answer = msgspec.structs.replace(answer, attempts=2)
        if isinstance(answer, Done) and self._has_grown(answer):
            self.end()
        return answer

    def _has_grown(self, answer: Done) -> bool:
        ready = self._ready
        return ready is not None and answer.resident > ready.resident + self._limits.growth

    def close(self) -> None:
        """Kill the process and start no other; from any thread."""
        with self._lock:
            self.closed = True
            if self._process is not None:
                self._process.kill()

    def _attempt(self, job: Job) -> Done | Failed:
        self._started()
        seconds = self._limits.seconds * max(1.0, len(job.data) / _TIMED_BYTES)
        deadline = time.monotonic() + seconds
        stage = ""
        try:
            self._send(encode(job))
            while isinstance(answer := self._answer(deadline), At):
                stage = answer.stage
        except TimeoutError:
            reason = f"not done after {seconds:,.0f} seconds"
        except _Died as death:
            reason = f"the process {death}"
        else:
            assert isinstance(answer, Done | Failed)
            if isinstance(answer, Failed):
                answer = msgspec.structs.replace(answer, stage=answer.stage or stage)
            return answer
        self.end()
        if self.closed:
            raise Stopped("stopped")
        return Failed(stage=stage, reason=reason)

    def _started(self) -> Ready:
        """The process, started if it is not."""
        reason = ""
        for _ in range(_STARTS):
            if self._ready is not None:
                return self._ready
            try:
                self._start()
                self._send(encode(self._setup))
                answer = self._answer(time.monotonic() + _START_SECONDS)
            except (TimeoutError, _Died) as error:
                self.end()
                reason = str(error) or f"said nothing for {_START_SECONDS} seconds"
                continue
            if isinstance(answer, Refused):
                self.end()
                raise ConfigError(answer.message)
            assert isinstance(answer, Ready)
            self._ready = answer
        if self._ready is None:
            raise RunError(f"a worker process {reason} before it was ready; see {self._log}")
        return self._ready

    def _start(self) -> None:
        ours, theirs = Pipe()
        self._log.parent.mkdir(parents=True, exist_ok=True)
        # How those before it died stands there, too, up to a bound.
        mode = "ab" if size(self._log) < _MAX_LOG else "wb"
        with self._log.open(mode) as log, theirs, self._lock:
            if self.closed:
                ours.close()
                raise Stopped("stopped")
            self._connection = ours
            self._process = self._open(theirs.fileno(), log)

    def _open(self, descriptor: int, log: IO[bytes]) -> subprocess.Popen[bytes]:
        paths = (str(_HOME), os.environ.get("PYTHONPATH"))
        # A session of its own: an interrupt from the terminal is for who waits, not for it.
        return subprocess.Popen(
            # Not from the folder at hand, where another package may have our name.
            [sys.executable, "-P", "-m", _MODULE, str(descriptor), str(os.getpid())],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[descriptor],
            start_new_session=True,
            env=os.environ | _ENVIRONMENT | {"PYTHONPATH": os.pathsep.join(filter(None, paths))},
        )

    def _send(self, message: bytes) -> None:
        assert self._connection is not None
        try:
            self._connection.send_bytes(message)
        except OSError as error:
            raise _Died(self._fate()) from error

    def _answer(self, deadline: float) -> Answer:
        assert self._connection is not None
        try:
            if not self._connection.poll(max(0.0, deadline - time.monotonic())):
                raise TimeoutError
            return decode_answer(self._connection.recv_bytes())
        except TimeoutError:
            raise
        except (EOFError, OSError) as error:
            raise _Died(self._fate()) from error

    def _fate(self) -> str:
        """How the process ended."""
        assert self._process is not None
        try:
            status = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return "closed its connection"
        if status < 0:
            return f"died of {signal.Signals(-status).name}"
        return f"ended with status {status}"

    def end(self) -> None:
        """Be rid of the process; another one is started when needed."""
        self._ready = None
        with self._lock:
            process, self._process = self._process, None
            connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
        if process is not None:
            process.kill()
            process.wait()
