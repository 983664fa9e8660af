"""The worker process: one article in, its records out, until nobody asks any more.

It is started by `guard.py` with one end of a socket, writes nothing but answers to it, and dies
with who started it.
"""

from __future__ import annotations

import ctypes
import faulthandler
import itertools
import logging
import os
import re
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from .. import jsonl
from ..errors import ArticleError, PipelineError
from ..reading import Article, Notice, read_article, read_text, stated_date
from .job import Answer, At, Done, Failed, Job, Ready, Refused, decode_job, decode_setup, encode

if TYPE_CHECKING:
    from ..extraction import Extractor

READING = "reading"
_WARM_UP = 'Rates may rise by 2030, Ana Ruiz said on 4 May 2021. "They will," she added.'
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{1,16}")
_MAX_REASON = 500
_MAX_LOGGED = 100
_PR_SET_PDEATHSIG = 1


def main(descriptor: int, parent: int) -> None:
    """Answer on a socket until it is closed.

    Args:
        descriptor: of the socket.
        parent: the process that has the other end.
    """
    _die_with(parent)
    os.set_inheritable(descriptor, False)
    faulthandler.enable()
    _log_a_little()
    connection: Connection[bytes, bytes] = Connection(descriptor)

    def say(answer: Answer) -> None:
        connection.send_bytes(encode(answer))

    from ..extraction import load

    setup = decode_setup(connection.recv_bytes())
    try:
        extractor = load(setup.model, overrides=setup.config)
    except PipelineError as error:
        say(Refused(str(error)))
        return
    # The first article opens the network; none of those that count shall pay for it.
    _extract(extractor, Job(id="warm-up", name="", data=_WARM_UP.encode(), is_text=True), _nobody)
    say(Ready(extractor.info, _resident()))
    while True:
        try:
            job = decode_job(connection.recv_bytes())
        except EOFError:
            return
        try:
            with _memory(setup.memory):
                answer = _extract(extractor, job, lambda stage: say(At(stage)))
        except MemoryError:
            answer = Failed(stage="", reason=f"needs more than {setup.memory >> 20} MB of memory")
        say(answer)


def _nobody(stage: str) -> None:
    pass


def _extract(extractor: Extractor, job: Job, at: Callable[[str], object]) -> Done | Failed:
    """The records of an article, or why there are none; out of memory is for the caller to say."""
    try:
        at(READING)
        try:
            article = _read(job)
        except ArticleError as error:
            return Failed(stage=READING, reason=_told(str(error)), final=True)
        found = extractor.extract_article(article, at=at)
        return Done(
            records=jsonl.encode(found.records),
            counts=dict(found.article.counts),
            words=found.words,
            resident=_resident(),
        )
    except MemoryError:
        raise
    except Exception as error:
        kind = "" if isinstance(error, PipelineError) else f"{type(error).__name__}: "
        return Failed(stage="", reason=_told(f"{kind}{error}"))


def _read(job: Job) -> Article:
    if not job.is_text:
        path = Path(job.path) if job.path else None
        return read_article(path, data=job.data, id=job.id, name=job.name, sidecar=job.sidecar)
    published = stated_date(job.published) if job.published else None
    article = read_text(
        job.data.decode("utf-8", "surrogatepass"),
        id=job.id,
        path=job.name,
        title=job.title,
        published=published,
    )
    if job.published and not published:
        notice = Notice("warning", f"the stated date {job.published[:100]!r} is no date")
        article = msgspec.structs.replace(article, notices=(*article.notices, notice))
    return article


def _told(reason: str) -> str:
    """A reason as it would be on every run: short, without addresses of this process."""
    plain = reason.encode("utf-8", "backslashreplace").decode()
    return _ADDRESS.sub("0x…", plain)[:_MAX_REASON]


@contextmanager
def _memory(allowed: int) -> Iterator[None]:
    """Let what runs inside take so many bytes more; then it gets a MemoryError."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    bound = _pages_of_this_process()[0] + allowed
    if hard != resource.RLIM_INFINITY:
        bound = min(bound, hard)
    resource.setrlimit(resource.RLIMIT_AS, (bound, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _resident() -> int:
    return _pages_of_this_process()[1]


def _pages_of_this_process() -> tuple[int, int]:
    """Bytes of address space, and of memory held."""
    size, resident, *_ = Path("/proc/self/statm").read_text(encoding="ascii").split()
    return int(size) * resource.getpagesize(), int(resident) * resource.getpagesize()


def _log_a_little() -> None:
    """Let the first of what stages report be read; one that always fails must not fill the disk."""
    handler = logging.StreamHandler()
    count = itertools.count()
    handler.addFilter(lambda _: next(count) < _MAX_LOGGED)
    logging.getLogger().addHandler(handler)


def _die_with(parent: int) -> None:
    """Be killed when the parent is: an orphan would go on with work that another run repeats."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit("the process that started this one is gone")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
