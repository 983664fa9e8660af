"""The tutorial does what it says: its files are written, its commands run, its answers compared.

`make regen` writes the answers anew; read the difference.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import ROOT

TUTORIAL = ROOT / "docs" / "tutorial.md"
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def run(command: str, folder: Path) -> str:
    """What a command prints; it must succeed."""
    tools = Path(sys.executable).parent
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().replace("\r\n", "\n")


@pytest.mark.model
def test_the_tutorial_does_what_it_says(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    ran = []

    def answered(block: re.Match[str]) -> str:
        language, name, body = block.groups()
        if language == "text" and name:
            (tmp_path / name).write_text(body, encoding="utf-8")
            return block.group()
        assert language == "console", block.group()
        commands = [line[2:] for line in body.split("\n") if line.startswith("$ ")]
        assert commands and body.startswith("$ ")
        ran.extend(commands)
        answers = "".join(f"$ {command}\n{run(command, tmp_path)}" for command in commands)
        return f"```console\n{answers}```"

    text = TUTORIAL.read_text(encoding="utf-8")
    now = BLOCK.sub(answered, text)
    if request.config.getoption("regen_all") or request.config.getoption("force_regen"):
        TUTORIAL.write_text(now, encoding="utf-8")
    else:
        assert now == text
    assert len(ran) >= 8
    assert (tmp_path / "ferry.svg").read_text(encoding="utf-8").startswith("<svg")


def test_every_page_is_in_the_index_and_every_link_leads_somewhere() -> None:
    docs = ROOT / "docs"
    index = (docs / "README.md").read_text(encoding="utf-8")
    for page in docs.glob("*.md"):
        assert page.name == "README.md" or f"({page.name})" in index, page.name
        for link in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
            assert "://" in link or (page.parent / link).exists(), f"{page.name}: {link}"
