"""Every regular expression of the project, and how each is used.

The source of every module is walked for calls of `re`. A pattern that stands there as a constant,
or made of the module's own names, is taken from there. One that is made while running (from a
lexicon, or from an argument) is caught when it is made: functions without arguments are called,
others have a call in `MADE`. What is found in the source but was never caught is an error, so that
no pattern escapes `benchmarks.growth`.

Example:
    >>> [found.pattern.pattern for found in find_patterns("pipeline.batch.worker")]
    ['0x[0-9a-fA-F]{1,16}']
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import pkgutil
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

import pipeline
from pipeline.language import blank_nlp
from pipeline.reading import read_text

METHODS = frozenset(
    ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split", "scanner")
)
MAKERS = METHODS - {"scanner"} | {"compile"}
# spaCy's, which join the rules that they are given to one pattern.
JOINERS = frozenset(("compile_prefix_regex", "compile_suffix_regex", "compile_infix_regex"))


def _edit(module: ModuleType) -> object:
    source = module.Source(article="a", text="It rained.", published=None, media_type="text/plain")
    return module._occurrences(module.Edit("rained", "snowed", everywhere=True), source)


def _gold(module: ModuleType) -> object:
    return list(module.Anchors(read_text("It rained."))._find_all("It rained", 0, 10))


def _names(module: ModuleType) -> object:
    document = module._raw_document("a", "a", "Ana Ko", lambda _: [("Ana", 0), ("Ko", 4)])
    return module._names(
        document, [(0, 3), (4, 6)], "Ana Ko", [{"name": "Ana Ko", "type": "PERSON"}]
    )


# What makes patterns of its arguments, and a call that shows one.
MADE: dict[str, Callable[[ModuleType], object]] = {
    "pipeline.evaluate.gold:Anchors._find_all": _gold,
    "pipeline.evaluate.revised:_occurrences": _edit,
    "pipeline.evaluate.revised:_only": lambda module: module._only("It rained", "It rained."),
    "pipeline.evaluate.scores:_plain_value": lambda module: module._plain_value("2010/2019"),
    "pipeline.language.tokenizer:create_tokenizer": lambda _: blank_nlp(),
    "pipeline.reading.markdown:_Walk._code": lambda _: read_text(
        "A `word` of code.", media_type="text/markdown"
    ),
    "pipeline.report.excerpt:_broken": lambda module: list(module._broken("A word.", 0, 7, 80)),
    "pipeline.train.gold:_names": _names,
}


class EscapedError(Exception):
    """A regular expression that the walk has found no pattern for, with file and line."""


@dataclass(frozen=True)
class Found:
    """A pattern.

    Attributes:
        place: module and line, "pipeline.reading.plain:16".
        name: of the variable, field or function that holds it.
        uses: names of the methods with which it is used.
    """

    place: str
    name: str
    pattern: re.Pattern[Any]
    uses: frozenset[str]


@dataclass(frozen=True)
class _Site:
    """A call of `re` in the source."""

    module: str
    file: str
    first: int
    last: int
    call: ast.Call
    within: tuple[ast.AST, ...]

    @property
    def place(self) -> str:
        return f"{self.module}:{self.first}"

    @property
    def function(self) -> str | None:
        """Qualified name of the outermost function that the call stands in."""
        names = []
        for node in self.within:
            if isinstance(node, ast.ClassDef):
                names.append(node.name)
            elif isinstance(node, ast.FunctionDef):
                return ".".join([*names, node.name])
        return None

    @property
    def maker(self) -> str:
        function = self.call.func
        return function.attr if isinstance(function, ast.Attribute) else "compile"


def find_patterns(*names: str) -> list[Found]:
    """All patterns of the modules, in order of place.

    Args:
        names: of modules; all of `pipeline` when none is given.

    Raises:
        EscapedError: a call of `re` whose pattern could not be found out.
    """
    files = {name: _file(name) for name in names or _module_names()}
    trees = {name: ast.parse(file.read_text(encoding="utf-8")) for name, file in files.items()}
    sites = [site for name, tree in trees.items() for site in _sites(name, str(files[name]), tree)]
    uses = _Uses(trees)
    patterns: dict[_Site, set[re.Pattern[Any]]] = defaultdict(set)
    calls: dict[str, Callable[[], object]] = {}
    for site in sites:
        module = importlib.import_module(site.module)
        try:
            patterns[site].add(_evaluated(site, module))
        except NameError:
            function = f"{site.module}:{site.function}"
            if function in MADE:
                calls[function] = partial(MADE[function], module)
            elif call := _call(module, site):
                calls[function] = call
    for call in calls.values():
        with _recording(sites, patterns):
            call()
    escaped = [site.place for site in sites if not patterns[site]]
    if escaped:
        raise EscapedError(
            f"{', '.join(escaped)}: the pattern is made while running and was never seen; write "
            "it as a constant of the module, or add to MADE a call of the function that makes it"
        )
    return [
        Found(site.place, uses.name(site), pattern, uses.of(site))
        for site in sites
        for pattern in sorted(patterns[site], key=lambda pattern: str(pattern.pattern))
    ]


def _module_names() -> list[str]:
    found = pkgutil.walk_packages(pipeline.__path__, "pipeline.")
    return [pipeline.__name__, *(each.name for each in found if each.name != "pipeline.__main__")]


def _file(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(name)
    return Path(spec.origin)


def _sites(module: str, file: str, tree: ast.Module) -> Iterator[_Site]:
    seen: set[ast.AST] = set()
    for node, within in _nodes(tree, ()):
        place = f"{module}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Import):
            if any(
                each.name == "regex" or (each.name == "re" and each.asname) for each in node.names
            ):
                raise EscapedError(
                    f"{place}: import `re` by its own name, or its patterns are not found"
                )
        elif isinstance(node, ast.ImportFrom) and node.module in ("re", "regex"):
            raise EscapedError(f"{place}: import `re` itself, or its patterns are not found")
        elif isinstance(node, ast.Call) and (_is_maker(node.func) or _is_joiner(node.func)):
            seen.add(node.func)
            last = node.end_lineno or node.lineno
            yield _Site(module, file, node.lineno, last, node, within)
        elif _is_maker(node) and node not in seen:
            raise EscapedError(f"{place}: `re` is called by way of something else")


def _nodes(
    node: ast.AST, within: tuple[ast.AST, ...]
) -> Iterator[tuple[ast.AST, tuple[ast.AST, ...]]]:
    yield node, within
    for child in ast.iter_child_nodes(node):
        yield from _nodes(child, (*within, node))


def _is_maker(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "re"
        and node.attr in MAKERS
    )


def _is_joiner(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id in JOINERS


def _evaluated(site: _Site, module: ModuleType) -> re.Pattern[Any]:
    """The pattern of a call whose arguments are constants or names of the module.

    Raises:
        NameError: they are made while running.
    """
    local = {
        name
        for function in site.within
        if isinstance(function, ast.FunctionDef | ast.Lambda | ast.ListComp | ast.GeneratorExp)
        for node in ast.walk(function)
        for name in _bound(node)
    }
    if local.intersection(n.id for n in ast.walk(site.call.args[0]) if isinstance(n, ast.Name)):
        raise NameError(site.place)
    arguments = [site.call.args[0]]
    if site.maker == "compile":
        arguments += site.call.args[1:]
    keywords = [each for each in site.call.keywords if each.arg == "flags"]
    flags = [] if _is_joiner(site.call.func) else [each.value for each in keywords]
    values = [
        eval(compile(ast.Expression(each), site.file, "eval"), vars(module))
        for each in (*arguments, *flags)
    ]
    if _is_joiner(site.call.func) or not isinstance(values[0], str | bytes):
        raise NameError(site.place)
    if site.maker != "compile" and not flags:
        # `re.search(pattern, text, flags)`: the flags come last.
        last = {"sub": 4, "subn": 4, "split": 3}.get(site.maker, 2)
        values += [eval(ast.unparse(each), vars(module)) for each in site.call.args[last:]]
    return re.compile(*values)


def _bound(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id


def _call(module: ModuleType, site: _Site) -> Callable[[], object] | None:
    """A call of the function without arguments that makes the pattern, where it is one."""
    node = next((each for each in site.within if isinstance(each, ast.FunctionDef)), None)
    if node is None:
        return lambda: importlib.reload(module)
    function: Any = getattr(module, node.name, None)
    if function is None or ast.unparse(node.args):
        return None
    called: Callable[[], object] = getattr(function, "__wrapped__", function)
    return called


@contextmanager
def _recording(sites: list[_Site], patterns: dict[_Site, set[re.Pattern[Any]]]) -> Iterator[None]:
    by_file = defaultdict(list)
    for site in sites:
        by_file[site.file].append(site)
    real = re.compile

    def site_now() -> _Site | None:
        frame = sys._getframe(2)
        while frame is not None:
            for site in by_file.get(frame.f_code.co_filename, ()):
                if site.first <= frame.f_lineno <= site.last:
                    return site
            frame = frame.f_back  # type: ignore[assignment]
        return None

    def recording(name: str) -> Callable[..., Any]:
        whole = getattr(re, name)

        def recorded(pattern: Any, *rest: Any, **named: Any) -> Any:
            site = site_now()
            if site is not None:
                last = {"compile": 0, "sub": 3, "subn": 3, "split": 2}.get(name, 1)
                flags = named.get("flags", rest[last] if len(rest) > last else 0)
                patterns[site].add(real(pattern, flags))
            return whole(pattern, *rest, **named)

        return recorded

    with mock.patch.multiple(re, **{name: recording(name) for name in MAKERS}):
        yield


class _Uses:
    """Which methods are asked of what name, in which module."""

    def __init__(self, trees: dict[str, ast.Module]) -> None:
        self._by_module: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._anywhere: dict[str, set[str]] = defaultdict(set)
        for module, tree in trees.items():
            for node, within in _nodes(tree, ()):
                if isinstance(node, ast.Attribute) and node.attr in METHODS:
                    name = _last_name(node.value)
                    uses = {node.attr}
                    if _has_place(node, within[-1]):
                        # A loop goes on from place to place, and stops where nothing is found.
                        uses.add("scanner" if node.attr == "match" else "finditer")
                    self._by_module[module, name] |= uses
                    self._anywhere[name] |= uses

    def name(self, site: _Site) -> str:
        """The name that holds the pattern, or the function in which it is used at once."""
        held = _holder(site)
        return held[0] if held else site.function or "?"

    def of(self, site: _Site) -> frozenset[str]:
        if site.maker != "compile":
            return frozenset({site.maker})
        parent = site.within[-1]
        if isinstance(parent, ast.Attribute) and parent.attr in METHODS:
            return frozenset({parent.attr})
        held = _holder(site)
        if held is None:
            return METHODS
        name, field = held
        uses = self._anywhere[name] if field else self._by_module[site.module, name]
        return frozenset(uses or self._anywhere[name] or METHODS)


def _holder(site: _Site) -> tuple[str, bool] | None:
    """What a pattern is assigned to: a variable, or a field."""
    for node in reversed(site.within):
        if isinstance(node, ast.keyword) and node.arg:
            return node.arg, True
        if isinstance(node, ast.Assign):
            target, value = node.targets[0], node.value
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                pairs = zip(target.elts, value.elts, strict=True)
                target = next(one for one, made in pairs if site.call in ast.walk(made))
            return _last_name(target), isinstance(target, ast.Attribute)
        if isinstance(node, ast.AnnAssign):
            return _last_name(node.target), isinstance(node.target, ast.Attribute)
        if isinstance(node, ast.stmt):
            return None
    return None


def _last_name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Subscript):
        return _last_name(node.value)
    return "?"


def _has_place(node: ast.Attribute, parent: ast.AST) -> bool:
    return (
        isinstance(parent, ast.Call)
        and parent.func is node
        and node.attr in ("match", "search")
        and len(parent.args) > 1
        and not (isinstance(node.value, ast.Name) and node.value.id == "re")
    )
