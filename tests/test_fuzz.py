"""What the fuzz targets hold, on structured inputs, and on every input that once broke one."""

from __future__ import annotations

import copy
import gzip
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import jsonl

from .fuzz import crashers
from .fuzz.language import SENTENCES, blank
from .fuzz.mutation import mutate_lines
from .fuzz.parses import SIZE, annotate, choices_of
from .fuzz.target import CUT, NEXT, Target, split
from .fuzz.targets import TARGETS
from .paged import harbour

_SLOW = ("model",)
pytestmark = pytest.mark.filterwarnings("ignore")


def run(name: str, data: bytes) -> None:
    TARGETS[name].run(data)


# Kept crashers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "path"),
    [pytest.param(name, path, id=f"{name}-{path.name}") for name, path in crashers.kept()],
)
def test_what_once_broke_a_target_does_no_more(name: str, path: Path) -> None:
    fault = crashers.attempt(TARGETS[name], path.read_bytes())
    assert fault is None, fault and fault.told


# The fuzzer itself --------------------------------------------------------------------------------


def _broken(data: bytes) -> None:
    assert b"<" not in data or b">" not in data
    if data == b"slow":
        while True:
            pass
    if b"boom" in data:
        raise KeyError(data)


BROKEN = Target(run=_broken, seeds=lambda: [b"x"], seconds=0.2)


def test_faults_are_told_apart_and_inputs_cut_down(tmp_path: Path) -> None:
    assert crashers.attempt(BROKEN, b"fine") is None
    found = {
        data: crashers.attempt(BROKEN, data) for data in (b"a<b>", b"slow", b"1boom", b"boom2")
    }
    names = [fault.name for fault in found.values() if fault]
    assert len(names) == 4 and len(set(names)) == 3
    assert names[1] == "TooSlow-in-anywhere"
    fault = found[b"a<b>"]
    assert fault is not None and "AssertionError" in fault.told
    assert crashers.smallest(BROKEN, b"a<b lot of>text", fault) == b"<>"
    path = crashers.keep(tmp_path, "broken", fault, b"<>")
    assert crashers.kept(tmp_path) == [("broken", path)]


def test_a_parse_is_made_of_bytes_and_read_off_again() -> None:
    doc = annotate(blank()("He said so. They left  Oslo."), bytes(range(7 * SIZE)))
    assert doc.has_annotation("DEP") and all(token.tag_ and token.pos_ for token in doc)
    assert [token.text for token in doc if token.head.i == token.i and not token.is_space]
    again = annotate(blank()(doc.text), choices_of(doc))
    assert [(t.head.i, t.dep_, t.tag_, t.pos_) for t in again] == [
        (t.head.i, t.dep_, t.tag_, t.pos_) for t in doc
    ]


def test_json_is_changed_by_its_structure_and_the_same_way_again() -> None:
    data = jsonl.encode(harbour())
    others = {mutate_lines(data, choice) for choice in range(50)}
    assert len(others) > 40 and data not in others
    assert mutate_lines(data, 7) == mutate_lines(data, 7)
    for other in others:
        assert len([json.loads(line) for line in other.splitlines()]) in range(10, 17)
    assert mutate_lines(b"{no JSON", 1) == b"{no JSON"
    assert mutate_lines(b"[" * 100_000, 1) == b"[" * 100_000


@given(st.binary(max_size=40 * SIZE))
def test_any_bytes_give_whole_trees(choices: bytes) -> None:
    doc = annotate(blank()(SENTENCES[0]), choices)
    for sentence in doc.sents:
        assert [token for token in sentence if token.head == token] == [sentence.root]
        assert all(sentence.start <= token.head.i < sentence.end for token in sentence)


# Any mixture of a target's seeds and words --------------------------------------------------------


@cache
def _seeds(name: str) -> list[bytes]:
    return list(TARGETS[name].seeds())


@cache
def _words(name: str) -> list[bytes]:
    return [word.encode() for word in TARGETS[name].words] or [b" "]


@st.composite
def mixed(draw: st.DrawFn, name: str) -> bytes:
    """A seed with stretches left out, doubled, swapped for others or for words."""
    data = draw(st.sampled_from(_seeds(name)))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.sampled_from([0, 1, 3, 20])))
        new = draw(
            st.one_of(
                st.sampled_from(_words(name)),
                st.binary(max_size=3),
                st.just(data[start:end] * 2),
                st.just(b""),
            )
        )
        data = data[:start] + new + data[end:]
    return data[: TARGETS[name].longest]


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.model) for name in TARGETS if name not in _SLOW]
)
@settings(max_examples=20)
@given(data=st.data())
def test_mixtures_of_seeds_and_words(name: str, data: st.DataObject) -> None:
    run(name, data.draw(mixed(name)))


@pytest.mark.model
@settings(max_examples=15)
@given(mixed("model"))
def test_any_text_goes_through_the_real_model(data: bytes) -> None:
    run("model", data)


# Grammars -----------------------------------------------------------------------------------------

TEXTS = st.sampled_from(
    [
        "Rain",
        "By Ida Moe",
        "May 5, 2004",
        " ",
        "\n",
        "“so”",
        "&amp;",
        "&#x80;",
        "<",
        "\u2028",
        "\ud800",
        "😀",
    ]
)
TAGS = st.sampled_from(
    split(
        """article aside b blockquote br div figure figcaption h1 iframe li main nav ol p pre script
        section span style svg table td template textarea time title tr ul"""
    )
)
ATTRIBUTES = st.sampled_from(
    [
        "",
        " hidden",
        ' class="byline"',
        " datetime=2004-05-05",
        ' style="display:none"',
        " a='>'",
        " /",
    ]
)


def element(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda tag, attributes, parts, closed: (
            f"<{tag}{attributes}>{''.join(parts)}" + (f"</{tag}>" if closed else "")
        ),
        TAGS,
        ATTRIBUTES,
        st.lists(inner, max_size=4),
        st.booleans(),
    )


HTML = st.recursive(TEXTS, element, max_leaves=25)
HEADS = st.lists(
    st.sampled_from(
        [
            "<title>Rain | Post</title>",
            "<meta charset=koi8-r>",
            '<meta property="article:published_time" content="2004-13-05">',
            '<script type="application/ld+json">{"@type":["NewsArticle"],"author":[7]}</script>',
            '<script type="application/ld+json">[{"@graph":[{"headline":null}]},</script>',
            "<base href=x>",
        ]
    ),
    max_size=4,
).map("".join)


@given(HEADS, HTML)
def test_pages(head: str, body: str) -> None:
    run("html", f"<html><head>{head}</head><body>{body}".encode("utf-8", "surrogatepass"))


INLINE = st.recursive(
    TEXTS,
    lambda inner: st.builds(
        "{}{}{}".format, st.sampled_from(["*", "**", "_", "`", "[", "![", "~~", "<b>"]), inner,
        st.sampled_from(["*", "**", "_", "`", "](x)", "][1]", "~~", "</b>"]),
    ),
    max_leaves=8,
)  # fmt: skip
BLOCK = st.builds(
    "{}{}".format,
    st.sampled_from(
        ["", "# ", "> ", "> > ", "- ", "  - ", "1. ", "    ", "| ", "[^1]: ", "---\n", "```\n"]
    ),
    INLINE,
)


@given(st.lists(BLOCK, max_size=12), st.sampled_from(["\n", "\n\n", "\r\n", "\n===\n"]))
def test_markdown(blocks: list[str], between: str) -> None:
    run("markdown", between.join(blocks).encode("utf-8", "surrogatepass"))


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8),
    st.sampled_from(["2004-05-05", "5 May 2004", "Ida Moe and Jo Ek", "\ud800", "en-GB", 10**400]),
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.text(max_size=5) | st.just("name"), inner, max_size=3),
    ),
    max_leaves=6,
)
FIELDS = st.sampled_from(
    ["title", "subtitle", "date", "published", "author", "authors", "publisher", "language", "lang"]
)


def _json(value: object) -> bytes:
    """As JSON, numbers of any length too."""
    if isinstance(value, dict):
        inner = (b"%s:%s" % (_json(str(key)), _json(item)) for key, item in value.items())
        return b"{%s}" % b",".join(inner)
    if isinstance(value, list | tuple):
        return b"[%s]" % b",".join(map(_json, value))
    return json.dumps(value).encode()


@given(st.dictionaries(FIELDS, VALUES, max_size=5))
def test_statements_beside_an_article(fields: dict[str, object]) -> None:
    run("sidecar", _json(fields))
    # JSON is YAML.
    run("front-matter", b"\n".join(b"%s: %s" % (k.encode(), _json(v)) for k, v in fields.items()))


CAPTIONS = st.lists(
    st.sampled_from(SENTENCES).flatmap(lambda s: st.sampled_from(s.split())), max_size=30
)
PARSES = st.builds(
    lambda words, choices: (
        " ".join(words).encode() + CUT + choices.replace(NEXT, b"").replace(CUT, b"")
    ),
    CAPTIONS,
    st.binary(max_size=30 * SIZE),
)


@settings(max_examples=60)
@given(PARSES)
def test_any_words_with_any_parse(data: bytes) -> None:
    run("parsed", data)


@settings(max_examples=30)
@given(PARSES, PARSES)
def test_changes_between_any_words_with_any_parses(old: bytes, new: bytes) -> None:
    run("changes", old + NEXT + new)


def _paths(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, inner in items:
        yield from _paths(inner, (*path, key))


ODD = st.one_of(
    SCALARS,
    VALUES,
    st.integers(-3, 300),
    st.sampled_from(
        ["9999-12-31", "2014-02-30", "-0044", "10000-01-01", "entity-ruiz", "date-may", "x" * 300]
    ),
)


@st.composite
def changed(draw: st.DrawFn, rows: list[Any]) -> bytes:
    """JSON Lines in which a few values, wherever they stand, are others or gone."""
    rows = copy.deepcopy(rows)
    for _ in range(draw(st.integers(1, 3))):
        *above, last = draw(st.sampled_from(list(_paths(rows))))
        place: Any = rows
        for key in above:
            place = place[key]
        if isinstance(place, dict) and draw(st.booleans()):
            del place[last]
        else:
            place[last] = draw(ODD)
    return b"".join(_json(row) + b"\n" for row in rows)


def _harbour() -> list[Any]:
    return [msgspec.to_builtins(record) for record in harbour()]


@settings(max_examples=60)
@given(changed(_harbour()))
def test_records_that_somebody_has_changed(data: bytes) -> None:
    run("records", data)
    run("damaged", data)


@pytest.mark.parametrize("name", ["approved", "marks", "outcomes-jsonl", "rows"])
@given(data=st.data())
def test_rows_that_somebody_has_changed(name: str, data: st.DataObject) -> None:
    rows = [json.loads(line) for line in _seeds(name)[0].splitlines()]
    run(name, data.draw(changed(rows)))


@given(data=st.data())
def test_tasks_that_somebody_has_changed(data: st.DataObject) -> None:
    (seed,) = _seeds("tasks")
    run("tasks", data.draw(changed([json.loads(seed)])))


@given(st.lists(st.binary(max_size=60), max_size=4), st.integers(0, 9), st.binary(max_size=9))
def test_packed_rows(texts: list[bytes], cut: int, rest: bytes) -> None:
    lines = [_json({"text": text.decode("latin-1")}) + b"\n" for text in texts]
    for name, pack in (("gz", gzip.compress), ("zst", zstandard.compress)):
        data = b"".join(map(pack, lines))
        run(name, data[: len(data) - cut] + rest)


@given(st.text(alphabet=st.sampled_from("=+-@＝'\" \t\n\r,;\0\u00ada1\ud800\x85"), max_size=30))
def test_cells(text: str) -> None:
    run("cells", text.encode("utf-8", "surrogatepass"))


@settings(max_examples=10)
@given(st.text(max_size=12) | st.sampled_from(["<script>", "]]>", "\ufffe", "\x1b[2J", "[/red]"]))
def test_one_text_in_all_fields(text: str) -> None:
    run("poisoned", text.encode("utf-8", "surrogatepass"))


def test_the_records_of_the_targets_are_whole() -> None:
    assert jsonl.decode(_seeds("damaged")[0]) == harbour()
