"""A pytest plugin: the fixture `claims_regression` holds what an article claims.

It keeps to the conventions of pytest-regressions, with or without that installed: the approved
claims lie in a folder named like the test module, in a file named like the test; a missing file is
written and the test fails; `--force-regen` rewrites the files of failing tests, which still fail;
`--regen-all` rewrites all, and the tests pass.

    def test_report(claims_regression):
        claims_regression.check(Path("report.txt"), fail_on="hedge,quote,removed")

Heavy imports stand inside the functions: every run of pytest imports this.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .revisions import Version

# Of changes, so many stand in a message; a new pipeline may change all of them.
_MOST_SHOWN = 50


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of pytest-regressions where it does not add them itself."""
    if find_spec("pytest_regressions") is None:
        group = parser.getgroup("claimline")
        group.addoption(
            "--force-regen",
            action="store_true",
            default=False,
            help="Rewrite the approved claims of failing tests, which fail all the same.",
        )
        group.addoption(
            "--regen-all",
            action="store_true",
            default=False,
            help="Rewrite all approved claims and let the tests pass.",
        )


class ClaimsRegression:
    """What the fixture gives: `check` compares an article with what was approved of it."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self._request = request

    def check(
        self,
        source: Path | str,
        basename: str | None = None,
        fail_on: str | Sequence[str] = "major",
        *,
        published: str | None = None,
    ) -> None:
        """Fail when the claims of an article are other ones than was approved.

        Args:
            source: the article's file, or, as a `str`, its text.
            basename: of the file with the approved claims, by default the name of the test; needed
                where a test checks several articles.
            fail_on: what fails, as `claimline diff --fail-on` has it: a severity, types of changes,
                or both with commas between them.
            published: publication date of the article over what it says itself.

        Raises:
            PipelineError: the article or the approved file cannot be read.

        Example:
            ``claims_regression.check("It may rain, Ana Ruiz said.", published="2024-05-01")``
        """
        __tracebackhide__ = True
        from .report.claims import change_lines, count_line
        from .revisions import approved, compare, select

        failing = select.fail_on([fail_on] if isinstance(fail_on, str) else fail_on)
        golden = self._file(basename)
        present = _present(source, published)
        if self._option("regen_all"):
            _write(golden, present)
            return
        if not golden.is_file():
            _write(golden, present)
            pytest.fail(f"File not found in data directory, created:\n- {golden}", pytrace=False)
        article, lines = approved.decode(golden.read_bytes(), source=str(golden))
        old = approved.version_of(article, lines, source=str(golden))
        changes = [change for change in compare(old, present) if failing.fails(change)]
        if not changes:
            return
        told = [f"Claims differ from {golden}", count_line(changes)]
        for change in changes[:_MOST_SHOWN]:
            told += ["", *change_lines(change)]
        if len(changes) > _MOST_SHOWN:
            told += ["", f"and {len(changes) - _MOST_SHOWN} more"]
        if self._option("force_regen"):
            _write(golden, present)
            told += ["", f"Claims differ and --force-regen set, regenerating file at:\n- {golden}"]
        pytest.fail("\n".join(told), pytrace=False)

    def _option(self, name: str) -> bool:
        return bool(self._request.config.getoption(name, False))

    def _file(self, basename: str | None) -> Path:
        """The file with the approved claims, in the folder that is named like the module."""
        name = basename
        if name is None:
            name = re.sub(r"\W", "_", self._request.node.name)
            if self._option("with_test_class_names") and self._request.cls is not None:
                name = f"{self._request.cls.__name__}_{name}"
        if not re.fullmatch(r"[\w-][\w.-]*", name):
            raise ValueError(f"basename {name!r}: write a file name without folders")
        return self._request.path.with_suffix("") / f"{name}.approved.jsonl"


@pytest.fixture
def claims_regression(request: pytest.FixtureRequest) -> ClaimsRegression:
    """Compare the claims of articles with those that were approved, see `ClaimsRegression.check`.

    The first run writes the approved claims and fails; read them and keep them with the tests.
    """
    return ClaimsRegression(request)


def _present(source: Path | str, published: str | None) -> Version:
    from .extraction import extract
    from .revisions import Version

    found = extract(source, published=published)
    article = found.article
    return Version(
        article=article.article,
        records=found.records,
        text=None,
        sha256=article.sha256,
        fingerprint=article.pipeline.fingerprint,
        origin=article.path or article.article,
    )


def _write(golden: Path, present: Version) -> None:
    from . import jsonl
    from .records import ArticleRecord
    from .revisions import approved

    article = present.records[0]
    assert isinstance(article, ArticleRecord)  # of an extraction it is
    jsonl.save(golden, approved.encode(article, approved.lines_of(present.records)))
