"""Runs of the command in processes of their own, with a stage that fails on demand."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pipeline import jsonl
from pipeline.batch import Mark, Output
from pipeline.batch.run import Run
from pipeline.records import ArticleRecord

from .conftest import ROOT


class Runner:
    """Runs the command in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.output = Output(folder / "out")
        plugin = folder / "plugin"
        metadata = plugin / "faulty-1.dist-info"
        metadata.mkdir(parents=True)
        shutil.copy(ROOT / "tests" / "faulty_stage.py", plugin)
        (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: faulty\nVersion: 1\n")
        (metadata / "entry_points.txt").write_text(
            "[spacy_factories]\nclaimline_faulty = faulty_stage:faulty\n"
        )
        self.environment = os.environ | {"PYTHONPATH": str(plugin)}

    def rows(self, *texts: str) -> None:
        """Write the articles."""
        lines = (json.dumps({"id": f"n{n}", "text": text}) for n, text in enumerate(texts))
        (self.folder / "rows.jsonl").write_text("".join(f"{line}\n" for line in lines))

    def start(self, *arguments: str, **more: Any) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "pipeline", *arguments],
            cwd=self.folder,
            env=self.environment,
            text=True,
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            **more,
        )

    def begin(self, *options: str, **more: Any) -> subprocess.Popen[str]:
        """Start a run over the rows, a few articles a shard."""
        stages = 'nlp.pipeline=["claimline_faulty"]'
        common = ("--output", str(self.output.folder), "--set", stages)
        return self.start("run", "rows.jsonl", *common, *(options or ("--workers", "1")), **more)

    def run(self, *options: str, code: int = 0, **more: Any) -> str:
        """Make a run, see that it ends with the code, and give what it says."""
        return self.end(self.begin(*options, **more), code)

    def end(self, process: subprocess.Popen[str], code: int = 0) -> str:
        said, errors = process.communicate(timeout=300)
        assert process.returncode == code, errors
        return said + errors

    def bytes(self) -> dict[str, bytes]:
        """All that has to be the same, whoever made it."""
        out = self.output
        paths = [*self.shard_files(), *out.marks.iterdir(), out.quarantine]
        return {str(path.relative_to(out.folder)): path.read_bytes() for path in paths}

    def shard_files(self) -> list[Path]:
        """Whatever stands where shards do, parts of them too."""
        found = [*self.output.shards.rglob("*"), *self.output.tables.rglob("*")]
        return sorted(path for path in found if path.is_file())

    def marks(self) -> list[Mark]:
        return [mark for n in self.output.numbers() if (mark := self.output.mark(n)) is not None]

    def quarantined(self) -> dict[str, tuple[str, int]]:
        """Reason and attempts by id."""
        rows = map(json.loads, self.output.quarantine.read_text().splitlines())
        return {row["id"]: (row["reason"], row["attempts"]) for row in rows}

    def written(self) -> list[str]:
        """The ids of the articles in the shards, in order."""
        files = sorted(self.output.shards.iterdir())
        records = [record for file in files for record in jsonl.read(file)]
        return [record.article for record in records if isinstance(record, ArticleRecord)]

    def state(self) -> str:
        found = self.output.read_run(Run)
        assert found is not None
        return found.state


SHARDS = ("--shard-kilobytes", "1")
PLAIN = [f"Article {n} says that rates may rise. {'More of it. ' * 40}" for n in range(12)]


def until(condition: Callable[[], object]) -> None:
    """Wait for something that another process does."""
    for _ in range(6000):
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError("it did not happen")


def workers_of(process: int) -> Iterator[int]:
    """The worker processes that a process has now."""
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in (task / "children").read_text().split():
            command = Path(f"/proc/{child}/cmdline").read_bytes()
            if b"pipeline.batch.worker" in command:
                yield int(child)
