"""Fuzzing one target: libFuzzer, through Atheris, over instrumented code.

libFuzzer ends at the first crash and its process with it; so what an input raises is caught here,
cut down and kept once a fault, and fuzzing goes on. What cannot be caught (a crash of a library in
C, memory, a loop in C) ends the process, and the driver keeps the input.
"""

from __future__ import annotations

import json
import resource
import sys
from collections import Counter
from importlib.resources import files
from pathlib import Path

import atheris

from . import crashers
from .target import Target

_MOST_WORDS = 400  # of each lexicon: libFuzzer tries them one by one
_GROWS = 300  # MB that one input may add to the most memory that was held
_TIMEOUT = 120  # seconds after which libFuzzer ends an input that `TooSlow` cannot stop
_MEMORY = 3000  # MB after which it ends the process


def fuzz(
    name: str, target: Target, *, seconds: int, seed: int, corpus: Path, kept: Path, artifacts: str
) -> None:
    """Fuzz until the time is up; libFuzzer ends the process.

    Args:
        name: the target's.
        target: what to fuzz; its code is instrumented already.
        seconds: of wall time.
        seed: of libFuzzer's random choices.
        corpus: a folder of inputs to begin with, where new finds are kept.
        kept: the folder of crashers.
        artifacts: how the names of files begin in which libFuzzer leaves what ended the process.
    """
    _prepare(target, corpus)
    begun = [*corpus.iterdir()]
    faults: Counter[str] = Counter()
    runs = 0

    def one(data: bytes) -> None:
        nonlocal runs
        runs += 1
        before = _most_memory()
        fault = crashers.attempt(target, data)
        grown = _most_memory() - before
        # What is loaded when first needed is no input's doing.
        if fault is None and grown > _GROWS and runs > len(begun):
            fault = crashers.Fault("Memory-in-anywhere", f"took {grown} MB more than any before")
        if fault is None:
            return
        faults[fault.name] += 1
        if faults[fault.name] == 1:
            path = crashers.keep(kept, name, fault, crashers.smallest(target, data, fault))
            print(f"\nCRASHER {path}\n{fault.told}", file=sys.stderr, flush=True)

    def other(data: bytes, most: int, choice: int) -> bytes:
        if target.mutate is None or choice % 2:
            return atheris.Mutate(data, most)
        return target.mutate(data, choice)[:most]

    atheris.Setup(
        [
            "fuzz",
            str(corpus),
            f"-dict={corpus.with_suffix('.dict')}",
            f"-max_total_time={seconds}",
            f"-max_len={target.longest}",
            f"-seed={seed % 2**32 or 1}",
            f"-timeout={_TIMEOUT}",
            "-report_slow_units=1000000",  # cutting down a crasher is slow, and `TooSlow` tells
            f"-rss_limit_mb={_MEMORY}",
            "-print_final_stats=1",
            "-reload=0",
            f"-artifact_prefix={artifacts}",
        ],
        one,
        custom_mutator=other,
    )
    atheris.Fuzz()


def _most_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def _prepare(target: Target, corpus: Path) -> None:
    """Write seeds and dictionary."""
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds()):
        (corpus / f"seed-{number:03}").write_bytes(seed[: target.longest])
    words = dict.fromkeys(target.words)
    for lexicon in target.lexicons:
        words.update(dict.fromkeys(_words_of(lexicon)))
    entries = [f'"{_escaped(word)}"' for word in words if word]
    # What parts a target's inputs.
    entries += ['"\\xff"', '"\\xfe"']
    corpus.with_suffix(".dict").write_text("\n".join(entries) + "\n", encoding="ascii")


def _escaped(word: str) -> str:
    return "".join(
        chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\x{byte:02x}"
        for byte in word.encode()[:60]
    )


def _words_of(lexicon: str) -> list[str]:
    """The first string of each row, which is its word or phrase; evenly chosen where many."""
    found = []
    for line in (files("pipeline.lexicons") / f"{lexicon}.jsonl").read_bytes().splitlines():
        strings = [value for value in json.loads(line).values() if isinstance(value, str)]
        found += strings[:1]
    return found[:: max(1, len(found) // _MOST_WORDS)]
