"""That no pattern escapes the benchmark of growth, and that what hangs is reported."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import pipeline
from benchmarks import growth
from benchmarks.attacks import attacks
from benchmarks.growth import Case, Row, measure
from benchmarks.patterns import EscapedError, Found, find_patterns

Walk = Callable[[str], list[Found]]


@pytest.fixture
def walk(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Walk:
    """The patterns of a module with such a source."""
    monkeypatch.syspath_prepend(str(tmp_path))
    name = re.sub(r"\W", "_", request.node.name)

    def found(source: str) -> list[Found]:
        (tmp_path / f"{name}.py").write_text(source, encoding="utf-8")
        return find_patterns(name)

    return found


def test_every_call_in_the_source_has_its_pattern() -> None:
    root = Path(pipeline.__file__).parent
    called = {
        (path.relative_to(root.parent).with_suffix("").as_posix().replace("/", "."), number)
        for path in root.rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(r"\bre\.(compile|search|match|fullmatch|sub|split|find(all|iter))\(", line)
    }
    found = {
        (module.removesuffix(".__init__"), int(line))
        for module, line in (each.place.split(":") for each in find_patterns())
    }
    assert len(called) > 100
    assert called <= found


def test_constants_names_lexicons_and_fields_are_found(walk: Walk) -> None:
    found = walk(
        "import re\n"
        "from functools import cache\n"
        "WORDS = ['may', 'might']\n"
        "_A, _B = re.compile('a+'), re.compile(rf'b|{WORDS[0]}', re.IGNORECASE)\n"
        "@cache\n"
        "def _cues():\n"
        "    either = '|'.join(WORDS)\n"
        "    return dict(cue=re.compile(either))\n"
        "def use(text, at):\n"
        "    _A.sub('', text), _B.match(text, at), _cues().cue.fullmatch(text)\n"
        "    return re.search('c', text, re.ASCII)\n"
    )
    assert [(each.name, each.pattern.pattern, sorted(each.uses)) for each in found] == [
        ("_A", "a+", ["sub"]),
        ("_B", "b|may", ["match", "scanner"]),
        ("cue", "may|might", ["fullmatch"]),
        ("use", "c", ["search"]),
    ]
    assert found[1].pattern.flags & re.IGNORECASE
    assert found[3].pattern.flags & re.ASCII


@pytest.mark.parametrize(
    "source",
    [
        "import re\ndef hidden(word):\n    return re.compile(word + '+')\n",
        "import re\nword = 'a'\ndef hidden():\n    def inner(word):\n        re.match(word, '')\n",
        "import re\ndef hidden():\n    for word in []:\n        re.search(word, '')\n",
        "import re\nhidden = list(map(re.compile, ['a+']))\n",
        "import re as regular\nhidden = regular.compile('a+')\n",
        "from re import compile\nhidden = compile('a+')\n",
    ],
    ids=["argument", "inner", "unreached", "mapped", "renamed", "imported"],
)
def test_a_pattern_that_hides_is_an_error(walk: Walk, source: str) -> None:
    with pytest.raises(EscapedError, match="test_a_pattern_that_hides"):
        walk(source)


@pytest.mark.parametrize(
    ("pattern", "attack"),
    [
        (r"\s+x", " " * 99 + "\x00"),
        (r"(?:a+)+b", "a" * 99 + "\x00"),
        (r"<[a-z]+>", "<a" * 49),
        (r'"[^"]*";', '"' * 99 + "\n"),
        (r"\w+\s*,?\s*\w+!", "a" + " " * 99 + "\x00"),
        (r"(?<=\d)k*z", "0" + "k" * 99 + "\x00"),
        (r"(ab|cd){2,}\Z", "cd" * 49 + "\x00"),
    ],
)
def test_attacks_are_what_a_pattern_would_fall_for(pattern: str, attack: str) -> None:
    texts = {each.text(99) for each in attacks(re.compile(pattern))}
    assert attack in texts


def test_a_pattern_of_bytes_is_attacked_too() -> None:
    assert attacks(re.compile(rb"[\x80-\xff]+x"))


def test_growth_is_told_from_the_last_step() -> None:
    assert Row("a", "b", (0.1, 1.0, 100.0)).exponent == pytest.approx(2)
    assert Row("a", "b", (0.0, 1e-6, 1e-3)).exponent == 0, "too short to tell"
    assert Row("a", "b", ()).exponent == float("inf")


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_what_hangs_is_reported_and_the_others_are_measured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def hangs(tell: growth.Tell) -> list[Row]:
        tell("a* 1,000")
        re.match(r"(?:a|a)+b", "a" * 1_000)
        return []

    monkeypatch.setattr(growth, "HARD_LIMIT", 0.1)
    ends = Row("part", "b*", (1.0, 10.0, 100.0))
    cases = [Case("hangs", hangs), Case("ends", lambda tell: [ends])]
    assert list(measure(cases)) == [Row("hangs", "a* 1,000", ()), ends]
