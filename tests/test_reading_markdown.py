"""Markdown: blocks, inline positions, front matter."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pipeline.errors import ArticleError
from pipeline.reading import Article, read_text

PROSE = (
    "The harbour froze for the first time in forty years, and the ferries stayed where they were. "
    "Nobody on the quay could say when they would sail again, though everybody had a theory."
)


def read(source: str, **options: str) -> Article:
    return read_text(source, media_type="text/markdown", **options)  # type: ignore[arg-type]


def blocks(article: Article) -> list[tuple[str, str]]:
    return [(block.section, article.text[block.start : block.end]) for block in article.blocks]


def source_of(article: Article, text: str) -> list[str]:
    start = article.text.index(text)
    spans = article.map.to_source(start, start + len(text))
    return [article.source[slice(*span)] for span in spans]


def test_an_article_with_front_matter() -> None:
    article = read(
        '---\ntitle: "Ferries stay put"\nsubtitle: Ice and patience\nauthor: Ida Moe and Ola Berg\n'
        "date: 2019-02-04\npublisher: Northern Post\nlang: en-GB\ntags: [ice]\n---\n\n"
        f'{PROSE}\n\n## What comes next\n\n> "We wait,"\n> he said.\n\n- salt;\n- *sand*.\n\n'
        f"```\ncode\n```\n\n{PROSE}\n\n[^1]: A note.\n"
    )
    assert blocks(article) == [
        ("title", "Ferries stay put"),
        ("dek", "Ice and patience"),
        ("body", PROSE),
        ("heading", "What comes next"),
        ("body", '"We wait," he said.'),
        ("body", "salt;"),
        ("body", "sand."),
        ("body", PROSE),
        ("note", "A note."),
    ]
    assert (article.title, article.subtitle) == ("Ferries stay put", "Ice and patience")
    assert article.authors == ("Ida Moe", "Ola Berg")
    assert (article.published, article.publisher) == ("2019-02-04", "Northern Post")
    assert article.language == "en"
    (notice,) = article.notices
    assert article.source[notice.start : notice.end] == "```\ncode\n```"


def test_the_title_of_the_front_matter_is_not_read_twice() -> None:
    article = read(f"---\ntitle: Ice\n---\n# Ice\n\n{PROSE}")
    assert blocks(article) == [("title", "Ice"), ("body", PROSE)]


def test_spans_leave_out_what_was_left_out() -> None:
    article = read(f"---\ntitle: Ice\n---\n{PROSE}\n\n```\ncode\n```\n\nThe end.")
    spans = article.map.to_source(0, len(article.text))
    assert [article.source[slice(*span)] for span in spans] == ["Ice", PROSE, "The end."]


@pytest.mark.parametrize(
    ("source", "text", "original"),
    [
        ("It *was* a **cold** day", "was a cold", "was* a **cold"),
        ("[half *of* them](http://x.example/a_(b) 'of') left", "of them left", None),
        ("see [them][ice] go\n\n[ice]: http://x.example", "them go", "them][ice] go"),
        ("see [ice] go\n\n[ice]: http://x.example", "ice go", "ice] go"),
        ("<http://x.example/a> is it", "http://x.example/a is", None),
        ("a `co de` b", "co de b", "co de` b"),
        ("5 \\* 6 &mdash; ok", "* 6 — ok", "\\* 6 &mdash; ok"),
        ("one  \ntwo\\\nthree", "one two three", "one  \ntwo\\\nthree"),
        ("> one\n> two", "one two", "one\n> two"),
        ("- one\n  two", "one two", "one\n  two"),
        ("### A heading ###", "A heading", "A heading"),
        ("Ice\nand snow\n===", "Ice and snow", "Ice\nand snow"),
        ("~~no~~ yes <u>u</u>", "no yes u", None),
        ("a ![p *q*](x.png) b", "a b", None),
        ("ice[^1] melts\n\n[^1]: x", "ice melts", "ice[^1] melts"),
        ("a<br>b", "a b", "a<br>b"),
    ],
)
def test_inline_positions(source: str, text: str, original: str | None) -> None:
    article = read(source)
    assert text in article.text
    assert article.notices == ()
    (found,) = source_of(article, text)
    if original is not None:
        assert found == original
    (span,) = article.map.to_source(article.text.index(text), article.text.index(text) + len(text))
    assert article.map.clean(*span) == text


def test_tables_and_html_blocks() -> None:
    article = read(
        f"{PROSE}\n\n| a | b |\n|---|---|\n| c | d |\n\n<figure>\n<figcaption>Ice. Photo: Una Dahl"
        f"</figcaption>\n</figure>\n\n<div class='note'>\n\nA *note*.\n\n</div>\n\n{PROSE}"
    )
    assert blocks(article)[1:] == [
        ("caption", "Ice."),
        ("credit", "Photo: Una Dahl"),
        ("body", "A note."),
        ("body", PROSE),
    ]
    assert "4 cells" in article.notices[0].message


@pytest.mark.parametrize(
    ("front", "words"),
    [
        ("title: [", "no YAML"),
        ("title: Ice\npublished: soon", "states no date"),
        ("a: &a [*a]\ntitle: Ice", ""),
        ("[" * 5000, "no YAML"),
        ('title: "a \\u0041"', ""),
    ],
)
def test_odd_front_matter(front: str, words: str) -> None:
    article = read(f"---\n{front}\n---\n\n{PROSE}")
    assert article.text.endswith(PROSE)
    assert any(words in notice.message for notice in article.notices) or not words


def test_rules_are_no_front_matter() -> None:
    assert read(f"---\n\n{PROSE}\n\n---\n\n{PROSE}").text == f"{PROSE}\n\n{PROSE}"
    assert read(f"---\n{PROSE}").text == PROSE


def test_crlf_and_a_byte_order_mark() -> None:
    source = f"\ufeff---\r\ntitle: Ice\r\n---\r\n\r\nIt *froze*\r\nhard.\r\n\r\n{PROSE}\r\n"
    article = read(source)
    assert article.text == f"Ice\n\nIt froze hard.\n\n{PROSE}"
    assert source_of(article, "froze hard") == ["froze*\r\nhard"]


def test_a_paragraph_too_long_for_the_parser_is_read_as_text() -> None:
    article = read("word *word* " * 3000)
    assert article.text.startswith("word word word word")
    assert "read as text" in article.notices[0].message


FRAGMENTS = (
    "*|**|_|`|[|](http://x.example)|](<a b> 'c')|][r]|]|![|\\|&amp;|<b>|</b>|<http://x.example>|word|"
    "two words|é| |  |\n|\n> |\n- |\n\n|(|)|~~|!|'|\""
)
fragments = st.lists(st.sampled_from(FRAGMENTS.split("|")), max_size=25)


@given(fragments)
@settings(max_examples=500)
def test_the_text_is_the_one_the_parser_renders(parts: list[str]) -> None:
    source = "".join(parts) + "\n\n[r]: http://x.example\n"
    try:
        article = read(source)
    except ArticleError:
        return
    parsed = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(source)
    if article.notices or any(token.type == "html_block" for token in parsed):
        return
    rendered: list[str] = []
    for token in parsed:
        text = ""
        for child in token.children or []:
            if child.type in ("text", "code_inline"):
                text += child.content
            elif child.type in ("softbreak", "hardbreak"):
                text += " "
        if text.strip():
            rendered.append(" ".join(text.split()))
    assert article.text.replace("\n\n", " ") == " ".join(rendered)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        *((unit, unit.strip()) for unit in ("*a " * 50_000, "![" * 50_000, "[a](" * 50_000)),
        *((unit, unit) for unit in ("<" * 100_000, "[x]: <" * 20_000, "|" * 50_000)),
        ("- x\n" * 5_000, "\n\n".join(["x"] * 5_000)),
        ("x\n" * 10_000, " ".join(["x"] * 10_000)),
    ],
    ids=lambda source: repr(source[:6]),
)
def test_hostile_markdown(source: str, text: str) -> None:
    assert read(source).text == text


def test_what_is_nested_too_deeply_is_text_all_the_same() -> None:
    article = read("> " * 50_000 + "x")
    assert article.text == "x"
    assert article.notices


def test_hostile_markdown_that_holds_no_text() -> None:
    with pytest.raises(ArticleError, match="no text"):
        read("`" * 50_001)
