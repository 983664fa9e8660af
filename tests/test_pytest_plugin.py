"""The pytest plugin, in projects of other people."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

ARTICLE = "Harbour fees may rise by 2031, Greta Lind, the harbour master, said on 4 May 2028.\n"
TEST = """
from pathlib import Path

def test_port(claims_regression):
    claims_regression.check(Path(__file__).with_name("port.txt"){arguments})
"""


@pytest.fixture(scope="module")
def loaded() -> None:
    """What runs in this process forgets the modules that it imports; numpy bears no second time."""
    import pipeline.report.claims
    import pipeline.revisions.select

    pipeline.extract("It may rain.")
    import_module("scipy.sparse.csgraph")  # by the alignment, with numpy's transforms


@pytest.fixture
def project(loaded: None, pytester: pytest.Pytester) -> pytest.Pytester:
    write(pytester, ARTICLE)
    return pytester


def write(project: pytest.Pytester, article: str, arguments: str = "") -> None:
    (project.path / "port.txt").write_text(article)
    project.makepyfile(test_news=TEST.format(arguments=arguments))


def golden(project: pytest.Pytester, name: str = "test_port") -> Path:
    return project.path / "test_news" / f"{name}.approved.jsonl"


@pytest.mark.model
def test_a_missing_file_is_written_and_fails(project: pytest.Pytester) -> None:
    result = project.runpytest_inprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*File not found in data directory, created:", f"- {golden(project)}"]
    )
    assert golden(project).is_file()
    project.runpytest_inprocess().assert_outcomes(passed=1)


@pytest.mark.model
def test_a_change_fails_and_says_what_it_is(project: pytest.Pytester) -> None:
    project.runpytest_inprocess()
    before = golden(project).read_bytes()
    write(project, ARTICLE.replace("may", "will"))
    result = project.runpytest_inprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            f"Claims differ from {golden(project)}",
            "* change*: * major*",
            "major * prediction *hedge_strengthened*".replace(" * ", "*"),
            "- Harbour fees may rise by 2031*",
            "+ Harbour fees will rise by 2031*",
            "*likelihood: possible*",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")
    assert golden(project).read_bytes() == before


@pytest.mark.model
def test_force_regen_rewrites_and_fails(project: pytest.Pytester) -> None:
    project.runpytest_inprocess()
    write(project, ARTICLE.replace("may", "will"))
    result = project.runpytest_inprocess("--force-regen")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*hedge_strengthened*", "*--force-regen set, regenerating file at:"]
    )
    project.runpytest_inprocess("--force-regen").assert_outcomes(passed=1)


@pytest.mark.model
def test_regen_all_rewrites_and_passes(project: pytest.Pytester) -> None:
    project.runpytest_inprocess("--regen-all").assert_outcomes(passed=1)
    write(project, ARTICLE.replace("may", "will"))
    project.runpytest_inprocess("--regen-all").assert_outcomes(passed=1)
    project.runpytest_inprocess().assert_outcomes(passed=1)


@pytest.mark.model
def test_what_fails_can_be_chosen(project: pytest.Pytester) -> None:
    write(project, ARTICLE, ', basename="port", fail_on="removed,speaker"')
    project.runpytest_inprocess()
    assert golden(project, "port").is_file()
    write(project, ARTICLE.replace("may", "will"), ', basename="port", fail_on="removed,speaker"')
    project.runpytest_inprocess().assert_outcomes(passed=1)
    write(
        project, ARTICLE.replace("Greta Lind", "Olof Berg"), ', basename="port", fail_on="speaker"'
    )
    result = project.runpytest_inprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*speaker_changed*"])
    write(project, ARTICLE, ', basename="port", fail_on="rumour"')
    result = project.runpytest_inprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*ConfigError*rumour*"])


@pytest.mark.model
def test_a_text_with_its_date(loaded: None, pytester: pytest.Pytester) -> None:
    code = """
        import pytest

        @pytest.mark.parametrize("place", ["the pier", "the quay"])
        def test_talks(claims_regression, place):
            text = f"Talks about {place} may fail, Ana Ruiz said yesterday."
            claims_regression.check(text, published="DATE")

        class TestWhole:
            def test_talks(self, claims_regression):
                claims_regression.check("Talks may fail.", basename="../talks")
        """
    pytester.makepyfile(test_news=code.replace("DATE", "2028-05-05"))
    pytester.runpytest_inprocess("--regen-all").assert_outcomes(passed=2, failed=1)
    written = sorted(path.name for path in (pytester.path / "test_news").iterdir())
    names = ["test_talks_the_pier_.approved.jsonl", "test_talks_the_quay_.approved.jsonl"]
    assert written == names
    assert '"2028-05-04"' in (pytester.path / "test_news" / names[0]).read_text()
    # Relative dates are told from another day.
    pytester.makepyfile(test_news=code.replace("DATE", "2028-06-05"))
    result = pytester.runpytest_inprocess("-k", "pier")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*date_shifted*"])


@pytest.mark.model
def test_without_pytest_regressions(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The options are there all the same, and its absence breaks nothing."""
    project.makepyfile(
        sitecustomize="""
        import importlib.util

        found = importlib.util.find_spec

        def find_spec(name, package=None):
            return None if name == "pytest_regressions" else found(name, package)

        importlib.util.find_spec = find_spec
        """
    )
    monkeypatch.setenv("PYTHONPATH", str(project.path))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p pipeline.pytest_plugin")
    assert project.runpytest_subprocess("--regen-all", timeout=300).ret == 0
    assert golden(project).is_file()
    project.runpytest_subprocess("--help").stdout.fnmatch_lines(["claimline:", "*--force-regen*"])


def test_every_run_of_pytest_stays_cheap(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_nothing_heavy():
            bad = {"spacy", "onnxruntime", "numpy", "pandas", "scipy", "rapidfuzz", "typer", "rich"}
            assert not bad & set(sys.modules), bad & set(sys.modules)
        """
    )
    # Other plugins may import what they like.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.runpytest_subprocess("-p", "pipeline.pytest_plugin").assert_outcomes(passed=1)


def test_it_is_an_entry_point() -> None:
    code = (
        "from importlib.metadata import entry_points;"
        "(found,) = [e for e in entry_points(group='pytest11') if e.name == 'claimline'];"
        "assert found.load().claims_regression"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
