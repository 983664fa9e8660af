"""What reads untrusted text, and what such a text may be full of; measured by `benchmarks.growth`.

A part takes a text and a stopwatch, which it tells the name of each step that it has done; the time
of one without a name does not count.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import msgspec
from spacy.language import Language

import pipeline
from pipeline import jsonl
from pipeline.dates.calendar import parse_edtf
from pipeline.dates.words import atoms_of
from pipeline.errors import PipelineError
from pipeline.export.collect import collect
from pipeline.export.sheets import csv_files
from pipeline.extraction import Extractor
from pipeline.language import blank_nlp
from pipeline.language.quotation import find_quotations
from pipeline.language.shield import sentence_starts
from pipeline.reading import checked_edtf, read_text, safe_id, stated_date
from pipeline.reading.decoding import decode
from pipeline.reading.read import MediaType
from pipeline.reading.structure import is_byline, split_names
from pipeline.report.changes_page import changes_page
from pipeline.report.changes_words import marked
from pipeline.report.excerpt import Layout
from pipeline.report.page import report_page
from pipeline.report.terminal import told, visible
from pipeline.revisions import Change, Place, Version, compare
from pipeline.revisions.assertions import sentences_of
from pipeline.revisions.words import differences, is_slip, words_of
from pipeline.spreadsheet import guarded, unguarded
from pipeline.stages.likelihood import stated_odds
from pipeline.stages.marks import find_marked
from pipeline.timeline import build
from pipeline.timeline.intervals import interval_of
from pipeline.timeline.select import folded, period_of

from .attacks import Attack

Lap = Callable[[str], None]

ARTICLE_UNITS = (
    *('"', "“", "”", "'", "‘", "’", "«", "``", "“‘", "“a”", "'a ", '"a "b," ', "s' a ", "“A.\n\n"),
    *(
        "(",
        ")",
        "[",
        "{",
        "<",
        ">",
        "&",
        "*",
        "_",
        "-",
        "—",
        "…",
        ".",
        "!?",
        ",",
        ";",
        ":",
        "$",
        "#",
    ),
    *(
        "5",
        "1/1/",
        "1,",
        "1.",
        "50-",
        "3 May ",
        "May ",
        "1990s ",
        "1990-91 ",
        "2021-01-01",
        "12:30",
    ),
    *("9/11 ", "’98 ", "5th ", "$5 ", "5% ", "1 in 6 ", "one hundred-and "),
    *("a", "A.", "a.b.", "a-", "a'", "aB", "http://a.b/", "a.b/?c=", "a@b.c ", "@a #b "),
    *(" ", "\n", "\n\n", "\t", "a\n", "a\r\n", "a\n\n", "- a\n", "\u2028", "\xa0", "\x0b"),
    *(
        "\u200b",
        "a\u200b",
        "\u202e",
        "\u202ea ",
        "\u0301",
        "e\u0301",
        "🙂",
        "👩‍👩‍👧",
        "日",
        "א ",
        "\x00",
        "İ",
    ),
    *("and so ", "no stop in sight ", "word ", "may ", "will not ", "if ", "that ", "said ", "by "),
    *(
        "Ana ",
        "Ana Ko ",
        "Mr. ",
        "the minister ",
        "Bank of ",
        "Ana Ko, ",
        "she said ",
        "on Monday ",
    ),
    *("Ana said. ", "She left. ", "“It may rain,” she said. ", "Ana said it may rain by May. "),
    *(
        "after the vote ",
        "The vote was on 3 May. ",
        "according to Ana, ",
        "By Ida Moe\n\n",
        "MR. MOE: ",
    ),
)
# With a number in letters in each: no two names are one.
NUMBERED = (
    "Ana Ko{} left. She saw the minister. ",
    "He met Ana Ko{} and the Mo{} Council. ",
    "Mo{} ",
    "It may rain, Mo{} said on 3 May 2021. ",
)
_MARKDOWN = (
    *(
        "*a ",
        "![",
        "[a](",
        "> ",
        "- x\n",
        "`",
        "[x]: <",
        "x\n",
        "|",
        "|a",
        "# ",
        "[^1]",
        "~~",
        "\\",
    ),
    *(
        "***a**",
        "a_",
        "<a ",
        "<!--",
        "  - a\n",
        "1. ",
        "[[a]",
        "](",
        "|-",
        "&#1;",
        "```\n",
        "====\n",
    ),
)
_FRONT_MATTER = ("a: b\n", "- ", "[", "{a: ", '"', "a: &a 1\n", "? ", "!!a ", "  ", "#", "a: |\n")
_HTML = (
    *("<div>", "<b>", "<a ", '<a b="', "<!-- a -->", "<!--", "&", "&#1", "<p>x", "x<br>", "<sup>1"),
    *(
        "<table><tr><td>x",
        "<script>",
        "<script></",
        "</",
        "<!",
        "<?",
        "&amp",
        "&a",
        "<a b=' ",
        "<i><p>",
    ),
    *(
        "</p>",
        "</b>",
        "<li>",
        "<p class='a b'>x</p>",
        "<b><i></b>",
        "<select>",
        "<textarea>",
        "</i ",
    ),
    *(
        '<meta property="a" content="b">',
        "<title>",
        "<time>",
        "<a href='b'>c</a>",
        "<p hidden>",
        "\r\n",
    ),
)


class Part(NamedTuple):
    """Something that reads text.

    Attributes:
        steps: what is done with a text.
        units: what the text is full of.
        sizes: how long the text is, in characters.
    """

    steps: Callable[[str, Lap], None]
    units: tuple[Attack, ...]
    sizes: tuple[int, int, int] = (1_000, 10_000, 100_000)


def _full_of(*units: str, lead: str = "", end: str = "x") -> tuple[Attack, ...]:
    return tuple(Attack(lead, unit, end) for unit in units)


def parts() -> list[Part]:
    """All parts."""
    text = _full_of(*ARTICLE_UNITS, end="")
    names = tuple(Numbered("", unit, "") for unit in NUMBERED)
    records = (
        '{"kind":',
        "[",
        '{"a":',
        '"',
        "1",
        "-",
        "\n",
        "{}\n",
        '{"kind":"date"}\n',
        '{"a":1,',
        " ",
    )
    return [
        Part(_whole, text + names, (100, 1_000, 10_000)),
        Part(_plain, _full_of(*ARTICLE_UNITS)),
        Part(_markdown, _full_of(*ARTICLE_UNITS, *_MARKDOWN), (500, 5_000, 50_000)),
        Part(
            _markdown,
            _full_of(*_FRONT_MATTER, lead="---\n", end="\n---\nText."),
            (100, 1_000, 10_000),
        ),
        Part(_html, _full_of(*ARTICLE_UNITS, *_HTML)),
        Part(_html, (_json_ld("["), _json_ld('{"a":'), _json_ld('"'), _json_ld("1"))),
        Part(_marks, text, (500, 5_000, 50_000)),
        Part(_fields, text, (1_000, 10_000, 100_000)),
        Part(_revised, text, (2_000, 20_000, 200_000)),
        Part(_jsonl, _full_of(*records, end="")),
        Part(
            _changes,
            _full_of("Ines said it may rain. ", "a", " ", "“", end=""),
            (500, 5_000, 50_000),
        ),
    ]


class Numbered(Attack):
    """A text whose units differ: each has its number, in letters, in place of `{}`."""

    def text(self, size: int) -> str:
        """The text in about so many characters."""
        count = max(1, size // (len(self.unit) + 2))
        return "".join(self.unit.replace("{}", _letters(number)) for number in range(count))


def _letters(number: int) -> str:
    return "".join("abcdefghij"[int(digit)] for digit in str(number))


def _json_ld(unit: str) -> Attack:
    return Attack('<p>Text.<script type="application/ld+json">', unit, "</script>")


@cache
def _extractor() -> Extractor:
    return pipeline.load()


@cache
def _blank() -> Language:
    return blank_nlp()


def _whole(text: str, lap: Lap) -> None:
    """From an article's text to its records, and what is made of records."""
    extractor = _extractor()
    try:
        article = read_text(text, published="2021-09-21")
    except PipelineError:
        return
    step = "tokens"

    def at(next_step: str) -> None:
        nonlocal step
        lap(step)
        step = next_step

    lap("")
    records = extractor.extract_article(article, at=at).records
    lap(step)
    version = Version(
        article=article.id, records=records, text=text, sha256=None, fingerprint=None, origin="made"
    )
    compare(version, msgspec.structs.replace(version, records=records[::2]))
    lap("compare")
    jsonl.decode(jsonl.encode(records))
    lap("jsonl")
    build(records)
    lap("timeline")
    list(csv_files(collect(records)))
    lap("csv")
    report_page(records, sources={article.id: article})
    lap("page")
    for record in records:
        told(record)
    lap("terminal")
    layout = Layout(article, 80)
    for record in records[:100]:
        layout.around(record, 1)
    lap("excerpt")


def _read(text: str, lap: Lap, media_type: MediaType) -> None:
    with contextlib.suppress(PipelineError):
        read_text(text, media_type=media_type)
    lap(f"read {media_type}")


def _plain(text: str, lap: Lap) -> None:
    with contextlib.suppress(PipelineError):
        decode(text.encode("utf-8"), name="text")
    lap("decode")
    with contextlib.suppress(PipelineError):
        decode(text.encode("utf-16-le")[1:].replace(b"\x00", b"\xe9"), name="text")
    lap("decode, guessed")
    _read(text, lap, "text/plain")


def _markdown(text: str, lap: Lap) -> None:
    _read(text, lap, "text/markdown")


def _html(text: str, lap: Lap) -> None:
    _read(text, lap, "text/html")


def _marks(text: str, lap: Lap) -> None:
    """What looks for marks and sentences, without a parse."""
    doc = _blank().make_doc(text)
    lap("tokenizer")
    find_quotations(text)
    lap("find_quotations")
    find_marked(doc)
    lap("find_marked")
    words = [token for token in doc if not token.is_space]
    lap("")
    sentence_starts(words)
    lap("sentence_starts")
    stated_odds([token.text for token in words])
    lap("stated_odds")
    atoms_of(text)
    lap("atoms of dates")


def _fields(text: str, lap: Lap) -> None:
    """Fields of metadata and of records, which may be of any length."""
    stated_date(text)
    lap("stated_date")
    with contextlib.suppress(PipelineError):
        checked_edtf(text)
    lap("checked_edtf")
    with contextlib.suppress(PipelineError):
        period_of(text)
    lap("period_of")
    parse_edtf(text)
    lap("parse_edtf")
    with contextlib.suppress(ValueError):
        interval_of(text, text)
    lap("interval_of")
    split_names(text)
    is_byline(text)
    lap("split_names")
    safe_id(text, "origin")
    lap("safe_id")
    folded(text)
    lap("folded")
    unguarded(guarded(text))
    lap("guarded")
    visible(text)
    lap("visible")


def _revised(text: str, lap: Lap) -> None:
    """The comparison of a text with another one."""
    other = f"{text[len(text) // 2 :]} no {text[: len(text) // 2]}"
    lap("")
    marked(text, other)
    lap("marked")
    words, others = words_of(text), words_of(other)
    lap("words_of")
    differences(words, others)
    lap("differences")
    sentences_of(text)
    lap("sentences_of")
    is_slip(text, other)
    lap("is_slip")


def _jsonl(text: str, lap: Lap) -> None:
    with contextlib.suppress(PipelineError):
        jsonl.decode(text.encode("utf-8"))
    lap("jsonl.decode")


def _changes(text: str, lap: Lap) -> None:
    """The page of a change whose words are a whole text."""
    old, new = (
        Version(article="a", records=(), text=told, sha256=None, fingerprint=None, origin="made")
        for told in (text, f"{text} more")
    )
    before, after = (
        Place(id="x", start=0, end=len(told), text=told) for told in (text, f"{text} more")
    )
    change = Change(
        types=("reworded",),
        severity="minor",
        kind="quote",
        article="a",
        before=before,
        after=after,
        fields={},
        cause="editorial",
    )
    lap("")
    changes_page([change], old={"a": old}, new={"a": new})
    lap("changes_page")
    compare(old, new)
    lap("compare")
