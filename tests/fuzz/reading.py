"""Targets: files as they are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from pipeline import jsonl
from pipeline.errors import ArticleError, ConfigError
from pipeline.reading import (
    Article,
    Metadata,
    checked_edtf,
    read_article,
    read_sidecar,
    read_text,
    stated_date,
)
from pipeline.reading.datelines import (
    agency_dateline,
    date_line,
    is_clock_line,
    trailing_date_line,
)
from pipeline.reading.files import safe_id
from pipeline.reading.read import MediaType

from .mutation import mutate_lines
from .target import Target, raw, split

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "corpus"
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x7f\u00ad\u200b\u200e\u200f\u202a-\u202e\ufeff]")
_PIECE = 700  # a seed has about a screen of an article, so that it is changed in all places


def pieces(*endings: str) -> Iterator[bytes]:
    """Parts of the sample articles, from their beginnings and from within."""
    for path in sorted(CORPUS.iterdir()):
        if path.suffix in endings and path.stem != "README":
            data = path.read_bytes()
            for start in (0, len(data) // 3, len(data) // 3 * 2):
                yield data[start : start + _PIECE].decode("utf-8", "ignore").encode()


def check(article: Article) -> None:
    """What holds of every article that was read."""
    source, text = article.source, article.text
    assert text == "\n\n".join(text[block.start : block.end] for block in article.blocks)
    for block in article.blocks:
        inside = text[block.start : block.end]
        assert inside and inside == folded(inside), f"{inside!r} is not folded"
    text.encode()
    assert not _CONTROLS.search(text)
    behind = 0
    for word in re.finditer(r"\S+", text):
        spans = article.map.to_source(*word.span())
        assert spans and behind <= spans[0][0] and spans[-1][1] <= len(source)
        assert all(low < high for low, high in spans)
        assert all(left[1] <= right[0] for left, right in pairwise(spans))
        behind = spans[-1][1]
        read = " ".join(article.map.clean(*span) for span in spans)
        assert read == word[0], f"{read!r} is read where {word[0]!r} stands"
    for notice in article.notices:
        assert notice.message
        if notice.start is not None:
            assert notice.end is not None and 0 <= notice.start < notice.end <= len(source)
    for value in (article.title, article.subtitle, article.publisher, *article.authors):
        assert value is None or (value and value == folded(value)), f"{value!r} is not folded"
    for day in (article.published, article.dateline):
        assert day is None or checked_edtf(day) == day
    rest = {"id": article.id, "title": article.title, "of": article.authors}
    assert jsonl.encode([rest, *map(msgspec.to_builtins, article.notices)]).decode()


def folded(text: str) -> str:
    """With single spaces."""
    return " ".join(text.split())


def of_type(media_type: MediaType) -> Callable[[bytes], None]:
    """Reads a text of one type."""

    def run(data: bytes) -> None:
        try:
            article = read_text(raw(data), media_type=media_type)
        except ArticleError:
            return
        check(article)

    return run


def of_bytes(data: bytes) -> None:
    """Reads a file of any encoding, whose type its beginning tells."""
    try:
        article = read_article(None, data=data)
    except ArticleError as error:
        assert str(error).startswith("standard input: ")
        return
    # Not the other way round: some encodings write a character in two ways.
    assert data.decode(article.encoding) == article.source
    check(article)


def front_matter(data: bytes) -> None:
    """Reads a text with this as its front matter."""
    source = f"---\n{raw(data)}\n---\n\nIt rained on May 5, 2004.\n"
    check(read_text(source, media_type="text/markdown"))


@cache
def scratch() -> TemporaryDirectory[str]:
    """A folder for files that can only be read as files."""
    return TemporaryDirectory(prefix="fuzz-")


def sidecar(data: bytes) -> None:
    """Reads an article with this beside it."""
    path = Path(scratch().name) / "rain.txt"
    path.with_suffix(".meta.json").write_bytes(data)
    try:
        metadata = read_sidecar(path)
    except ArticleError as error:
        assert str(error).startswith(str(path.with_suffix("")))
        return
    check(read_article(path, data=b"It rained.", sidecar=metadata))
    assert isinstance(metadata.over(Metadata()), Metadata)


def stated_dates(data: bytes) -> None:
    """Reads dates as metadata, date lines and agencies state them."""
    text = raw(data)
    with suppress(ConfigError):
        assert checked_edtf(text) == text
    for found in (
        stated_date(text),
        date_line(text),
        agency_dateline(text, None),
        *(agency_dateline(text, day) for day in ("2021-09", "0001-01-01", "9999-12-31")),
    ):
        assert found is None or checked_edtf(found) == found
    at = trailing_date_line(text)
    assert at is None or 0 < at < len(text)
    is_clock_line(text)
    name = safe_id(text, "origin")
    assert name and len(name.encode()) <= 200 and "/" not in name and name[0] not in ".-"
    assert safe_id(name, "origin") == name


_FRONT = (
    b"title: Rain\nsubtitle: 'It''s late'\ndate: 2004-05-05\nauthors: [Ida Moe, Jo Ek]\nlang: en",
    b"title: |\n  Rain\n  and wind\nauthor:\n  name: Ida Moe\npublished: 5 May 2004",
    b'title: "Rain \\u2014 \xe2\x80\x9cso\xe2\x80\x9d"\nauthors: &a [*a]\ndate: !!int "0x7d4"',
    b"? [a, b]\n: &x {k: v}\n<<: *x\ndate: 2004-05-05T10:20:30+02:00\n1: 2.5e3\n? 0x1f\n: ~",
    b"--- a\n# b\n...",
)
_SIDECARS = (
    b'{"title": "Rain", "published": "2004-05-05", "authors": ["Ida Moe"], "language": "en-GB"}',
    b'{"title": null, "publisher": " a\\u2028b ", "published": "5 May 2004", "x": [1, {"y": 1e9}]}',
)
_DATES = (
    b"2021-09-21T16:02:00-04:00", b"Tue, 21 Sep 2021 16:02 GMT", b"SEPTEMBER 21, 2021, 4:02 PM",
    b"Nairobi, 5 May 2004", b"GENEVA, Nov 12 - The talks", b"Lodwar, 28 May 2022: Rain fell",
    b"An interview with the owners Sunday, October 21, 2007", b"2021-02-30", b"05/06/2004",
)  # fmt: skip
_HTML = (
    b"<!doctype html><html lang=en><head><meta charset=utf-8><title>Rain | Post</title>"
    b'<meta property="og:title" content="Rain &amp; wind"><meta name=author content="Ida Moe">'
    b'<script type="application/ld+json">{"@type":"NewsArticle","headline":"Rain","datePublished":'
    b'"2004-05-05","author":[{"name":"Ida Moe"}]}</script></head><body><nav><a href=#>x</a></nav>'
    b"<article><h1>Rain</h1><p class=byline>By Ida Moe</p><time datetime=2004-05-05>May 5</time>"
    b"<p>It <b>rained</b>&nbsp;on May 5.<br>So.</p><figure><img alt=x><figcaption>Photo: AFP"
    b"</figcaption></figure><ul><li>One<li>Two</ul><table><tr><td>1<td>2</table>"
    b"<blockquote>\xe2\x80\x9cNo\xe2\x80\x9d</blockquote><aside>Ad</aside></article></body></html>",
)
_MARKDOWN = (
    b'# Rain\n\n*By Ida Moe*\n\nIt **rained** on [May 5](http://a.example "t")[^1]. `x`\n\n'
    b"> \xe2\x80\x9cNo\xe2\x80\x9d\n> - a\n> - b\n\n1. one\n2. two\n\n| a | b |\n|---|---|\n| 1 |\n"
    b"\n![Photo](a.png)\n\n```\ncode\n```\n\nTitle\n===\n\n<div hidden>no</div> &amp; \\* ~~x~~\n\n"
    b"[^1]: Note.\n",
)
_PLAIN = (
    b"RAIN\n\nBy Ida Moe\nMay 5, 2004\n\nGENEVA, May 5 - It rained,\nhe said.\r\n\r\nPhoto: AFP\n\n"
    b"Ida Moe is a reporter.\x0c\n\n* a\n* b\n",
)
_TAGS = split(
    """<p> </p> <div> </div> <article> <aside hidden> <script> </script> <style> <!-- -->
    <![CDATA[ ]]> <meta charset= <br> <li> <td> <pre> <svg> <title> <h1> class="byline" &#x80;
    &amp; &#55296; &NotEqualTilde; <template> <noscript>
    <iframe> <textarea> <time datetime= <a href= <p/> </"""
)
_MARKS = split(
    "*,**,_,`,```,~~,[,](x),![,> ,- ,1. ,# ,===,---,[^1],[^1]: ,<!--,-->,|,|---|,\\", ","
)
_YAML = split(
    "&a|*a|!!int|!!binary|!!python/object:os.system|!!timestamp|<<: |? |: |- |~|0x|1e999|.inf|.nan|"
    "'|\"|>-|\x00|{a: b}|%YAML 1.1|2004-05-05|date: |title: |authors: |language: ",
    "|",
)
_JSON = (
    '"title":',
    '"authors":',
    '"published":',
    '"\\ud800"',
    "1e999",
    "null",
    "[[",
    "{}",
    "-0",
    "NaN",
)

TARGETS = {
    "plain": Target(
        run=of_type("text/plain"),
        seeds=lambda: (*_PLAIN, *pieces(".txt")),
        lexicons=("reading_cues", "reading_dates"),
    ),
    "markdown": Target(
        run=of_type("text/markdown"),
        seeds=lambda: (*_MARKDOWN, *pieces(".md")),
        lexicons=("reading_cues",),
        words=_MARKS,
    ),
    "html": Target(
        run=of_type("text/html"),
        seeds=lambda: (*_HTML, *pieces(".html")),
        lexicons=("reading_page_names", "reading_page_fields", "reading_cues"),
        words=_TAGS,
    ),
    "bytes": Target(
        run=of_bytes,
        seeds=lambda: (
            *(_HTML[0].replace(b"utf-8", name) for name in (b"koi8-r", b"latin-1", b"utf-16")),
            "“Naïve,” Müller said — so.".encode("cp1252"),
            "\ufeffIt rained.".encode("utf-16-le"),
            "\ufeffIt rained.".encode("utf-32-be"),
            "Шёл дождь, и было холодно, как никогда прежде в этом городе.".encode("koi8-r"),
            *pieces(".txt"),
        ),
        words=split("charset= encoding=' utf-7 idna punycode hex rot13 unicode_escape zlib utf-16"),
    ),
    "front-matter": Target(run=front_matter, seeds=lambda: _FRONT, words=_YAML, longest=1024),
    "sidecar": Target(
        mutate=mutate_lines,
        run=sidecar,
        seeds=lambda: _SIDECARS,
        words=_JSON,
        longest=1024,
        share=0.5,
    ),
    "stated-dates": Target(
        run=stated_dates, seeds=lambda: _DATES, lexicons=("reading_dates",), longest=256, share=0.5
    ),
}
