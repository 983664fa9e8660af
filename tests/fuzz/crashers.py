"""Inputs that broke something: told apart, cut down, kept, and tried again."""

from __future__ import annotations

import hashlib
import signal
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from .target import Target

KEPT = Path(__file__).parent / "crashers"
"""A folder for each target; every file in it is an input that once broke it."""

_ROOMS = ("/pipeline/", "/tests/fuzz/")


class TooSlow(BaseException):
    """An input took more CPU time than its target allows; no `except Exception` may hide it."""


class Fault(NamedTuple):
    """What went wrong: the same for inputs that break the same thing."""

    name: str
    told: str


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Raises `TooSlow` after so much CPU time; what else the machine does is not counted."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooSlow(f"more than {seconds} s")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def attempt(target: Target, data: bytes) -> Fault | None:
    """What an input breaks, if anything."""
    try:
        with _within(target.seconds):
            target.run(data)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        return _fault(error)
    return None


def _fault(error: BaseException) -> Fault:
    place = "nowhere"
    for frame in traceback.extract_tb(error.__traceback__):
        room = next((room for room in _ROOMS if room in frame.filename), None)
        if room is not None:
            path = frame.filename.rsplit(room, 1)[1].removesuffix(".py").replace("/", "-")
            place = f"{path}-{frame.name.strip('<>')}"
    if isinstance(error, TooSlow):
        place = "anywhere"  # where the clock stopped it says little
    elif isinstance(error, AssertionError):
        # One oracle holds much; the line tells what.
        place += f"-{traceback.extract_tb(error.__traceback__)[-1].lineno}"
    told = "".join(traceback.format_exception(error, limit=-8))
    return Fault(f"{type(error).__name__}-in-{place}", told)


def smallest(target: Target, data: bytes, fault: Fault, *, seconds: float = 20.0) -> bytes:
    """An input as small as may be that breaks the same: parts are left out as long as it does."""
    end = time.monotonic() + seconds
    size = max(1, len(data) // 2)
    while size:
        at = 0
        while at < len(data):
            shorter = data[:at] + data[at + size :]
            again = attempt(target, shorter)
            if again is not None and again.name == fault.name:
                data = shorter
            else:
                at += size
            if time.monotonic() > end:
                return data
        size //= 2
    return data


def keep(folder: Path, target: str, fault: Fault, data: bytes) -> Path:
    """Write a crasher; one a fault, the name says which."""
    digest = hashlib.sha256(data).hexdigest()[:6]
    path = folder / target / f"{fault.name}-{digest}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def kept(folder: Path = KEPT) -> list[tuple[str, Path]]:
    """Target and file of all crashers that are kept."""
    return sorted(
        (path.parent.name, path) for path in folder.glob("*/*") if not path.name.startswith(".")
    )
