"""A stage that does what a broken one would, where the text asks for it; for the tests of batches.

A worker loads it as it loads any stage: by its entry point and the configuration.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc


def _hang() -> None:
    while True:
        time.sleep(0.01)


def _hang_in_c() -> None:
    # Nothing else of the process runs meanwhile, no watching thread either.
    re.match(r"(a+)+b", "a" * 60)


def _eat_memory() -> None:
    held = []
    while True:
        held.append(bytearray(8 << 20))


def _throw() -> None:
    raise ValueError(f"broken at {hex(id(object()))}")


def _recurse() -> None:
    _recurse()


def _print() -> None:
    sys.stdout.write("\x00\xff not an answer\n" * 1000)
    os.write(1, b"nor this")


FAULTS = {
    "throw": _throw,
    "hang": _hang,
    "spin": _hang_in_c,
    "memory": _eat_memory,
    "recurse": _recurse,
    "print": _print,
    "wait": lambda: time.sleep(0.5),
    "exit": lambda: sys.exit(3),
    "quit": lambda: os._exit(4),
    "interrupt": lambda: os.kill(os.getpid(), signal.SIGINT),
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "crash": lambda: os.kill(os.getpid(), signal.SIGSEGV),
}


@Language.component("claimline_faulty")
def faulty(doc: Doc) -> Doc:
    """Do what "FAULT name" asks.

    With "UNLESS path" behind it only while there is no such file, with "ONCE path" the first time.
    """
    for fault, condition, path in re.findall(r"FAULT (\w+)(?: (ONCE|UNLESS) (\S+))?", doc.text):
        if path and Path(path).exists():
            continue
        if condition == "ONCE":
            Path(path).touch()
        FAULTS[fault]()
    return doc
