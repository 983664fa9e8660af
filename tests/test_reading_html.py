"""HTML pages: the article's text, what the page states, and what stays out."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ArticleError
from pipeline.reading import Article, read_text
from pipeline.reading.html_tokens import references, tokens

PROSE = (
    "The harbour froze for the first time in forty years, and the ferries stayed where they were. "
    "Nobody on the quay could say when they would sail again, though everybody had a theory. "
)


def read(page: str, **options: str) -> Article:
    return read_text(page, media_type="text/html", **options)  # type: ignore[arg-type]


def blocks(article: Article) -> list[tuple[str, str]]:
    return [(block.section, article.text[block.start : block.end]) for block in article.blocks]


NEWS_PAGE = f"""<!DOCTYPE html>
<html lang="en-GB" class="no-js">
<head>
<meta charset="utf-8">
<title>Ferries stay put &mdash; Northern Post</title>
<meta property="og:title" content="Ferries stay put">
<meta property="og:site_name" content="Northern Post">
<meta property="article:published_time" content="2019-02-04T23:30:00-05:00">
<meta name="author" content="By Ida Moe and Ola Berg">
<script>var s = "<p>no text</p>";</script>
<style>p {{ color: red }}</style>
</head>
<body class="single has-sidebar">
<header class="site-header"><a href="/">Northern Post</a>
<nav><ul><li><a href="/n">News</a></li><li><a href="/s">Sport</a></li></ul></nav></header>
<div id="wrapper" class="widget">
<article class="post">
 <header>
  <h1 class="headline">Ferries stay put</h1>
  <p class="standfirst">The ice is thicker than the mayor&rsquo;s patience.</p>
  <div class="byline">By <a rel="author" href="/ida">Ida Moe</a> and <a href="/o">Ola Berg</a></div>
  <time datetime="2019-02-04">4 February 2019</time>
 </header>
 <div class="share-tools"><a href="#">Facebook</a> <a href="#">Mail this</a></div>
 <figure><img src="f.jpg"><figcaption>Ferries in the ice at Vik.
  <span class="sep"></span> Photo: Una Dahl/Reuters</figcaption></figure>
 <div class="entry-content">
  <p>{PROSE}<a href="/x">Half of them</a> believe in&nbsp;May.<sup><a href="#1">[1]</a></sup></p>
  <p><a href="/more">Read more: how the ice came</a></p>
  <h2>What comes next</h2>
  <p>{PROSE}</p>
  <aside><h3>In numbers</h3><p>{PROSE}</p></aside>
  <blockquote><p>&ldquo;We wait,&rdquo; he said.</p></blockquote>
  <ul><li>Salt is short;</li><li>sand is not.</li></ul>
  <table><tr><th>Day</th><th>Ice</th></tr><tr><td>Monday</td><td>40 cm</td></tr></table>
  <p>{PROSE}</p>
  <div class="author-bio"><p>Ida Moe is a lecturer at Vik College.</p></div>
  <h3>Related stories</h3>
  <ul><li><a href="/1">The winter of 1979 and what it taught the town</a></li></ul>
 </div>
</article>
<section id="comments"><h3>2 comments</h3><p>{PROSE} I was there.</p></section>
</div>
<footer><p>Copyright 2019 Northern Post. All rights reserved in all countries.</p></footer>
</body></html>
"""


def test_a_news_page() -> None:
    article = read(NEWS_PAGE)
    assert blocks(article) == [
        ("title", "Ferries stay put"),
        ("dek", "The ice is thicker than the mayor’s patience."),
        ("byline", "By Ida Moe and Ola Berg"),
        ("dateline", "4 February 2019"),
        ("caption", "Ferries in the ice at Vik."),
        ("credit", "Photo: Una Dahl/Reuters"),
        ("body", f"{PROSE}Half of them believe in May."),
        ("heading", "What comes next"),
        ("body", PROSE.strip()),
        ("body", "“We wait,” he said."),
        ("body", "Salt is short;"),
        ("body", "sand is not."),
        ("body", PROSE.strip()),
        ("note", "Ida Moe is a lecturer at Vik College."),
    ]
    assert (article.title, article.publisher) == ("Ferries stay put", "Northern Post")
    assert article.subtitle == "The ice is thicker than the mayor’s patience."
    assert article.authors == ("Ida Moe", "Ola Berg")
    assert (article.published, article.language) == ("2019-02-04", "en")
    messages = [notice.message for notice in article.notices]
    assert any("4 cells" in message for message in messages)
    assert any("left out" in message and "paragraphs" in message for message in messages)


def test_a_span_over_an_aside_is_split() -> None:
    article = read(NEWS_PAGE)
    start = article.text.index("What comes next")
    end = article.text.index("We wait")
    spans = article.map.to_source(start, end)
    assert len(spans) == 2
    assert not any("In numbers" in NEWS_PAGE[slice(*span)] for span in spans)


def test_json_ld() -> None:
    page = """<script type="application/ld+json">
    {"@graph": [{"@type": "WebSite", "name": "x"}, {"@type": ["NewsArticle"], "headline": "Ice",
     "author": [{"@type": "Person", "name": "Ida Moe"}, "Ola Berg"], "inLanguage": "nb-NO",
     "publisher": {"name": "Post"}, "datePublished": "2019-02-04T10:00:00Z"}]}</script>
    <title>Ice | Post</title><p>It froze.</p>"""
    article = read(page)
    assert (article.title, article.publisher, article.published) == ("Ice", "Post", "2019-02-04")
    assert article.authors == ("Ida Moe", "Ola Berg")
    assert article.language == "nb"
    assert "only English" in article.notices[0].message


@pytest.mark.parametrize(
    "script",
    [
        "{",
        "[" * 100_000,
        '{"@type": "Article", "headline": {"a": 1}, "author": 3}',
        '{"@type": "Article", "headline": "\\ud800"}',
    ],
)
def test_broken_json_ld_is_passed_over(script: str) -> None:
    article = read(f"<script type='application/ld+json'>{script}</script><p>It froze.</p>")
    assert article.text == "It froze."
    assert article.title in (None, "?")


def test_a_page_laid_out_with_tables_and_breaks() -> None:
    menu = "".join(f'<a href="/{i}">Section {i}</a><br>' for i in range(9))
    page = f"""<html><body><table><tr><td width=200>{menu}</td><td><table><tr><td>
    <h1>Ferries stay put</h1><b>By Ida Moe</b><p>{PROSE}<br><br>{PROSE}<BR>
    <br/>{PROSE}<P>{PROSE}</td></tr></table></td></tr></table></body></html>"""
    assert blocks(read(page)) == [
        ("title", "Ferries stay put"),
        ("byline", "By Ida Moe"),
        *[("body", PROSE.strip())] * 4,
    ]


def test_an_old_blog() -> None:
    page = f"""<TITLE>Northern Lights: The band at Vik</TITLE><TABLE><TR><TD><A HREF=a>Home</A><BR>
    I live in the north and write about ice.</TD><TD><h2>Tuesday, May 4, 2004</h2>
    <h3><a href=x>The band at Vik</a></h3><div class=post-body>{PROSE}<br /><br />{PROSE}</div>
    <h4>3 comments:</h4><dl id=comments-block><dt>Ola said</dt><dd>I was there with the tuba.</dd>
    </dl></TD></TR></TABLE>"""
    article = read(page)
    assert blocks(article) == [
        ("dateline", "Tuesday, May 4, 2004"),
        ("title", "The band at Vik"),
        ("body", PROSE.strip()),
        ("body", PROSE.strip()),
    ]
    assert (article.title, article.published) == ("The band at Vik", "2004-05-04")


def test_a_page_inside_a_form_and_a_widget() -> None:
    page = f"<body><form><div class='widget nav'><h1>Ice</h1><p>{PROSE}</p></div></form></body>"
    assert blocks(read(page)) == [("title", "Ice"), ("body", PROSE.strip())]


def test_the_longest_of_several_articles() -> None:
    teaser = "<article><h2><a href=/>Other story</a></h2><p>It begins with a dog.</p></article>"
    page = (
        f"<main>{teaser}<article><h1>Ice</h1><p>{PROSE}</p><p>{PROSE}</p></article>{teaser}</main>"
    )
    assert [text for _, text in blocks(read(page))] == ["Ice", PROSE.strip(), PROSE.strip()]


def test_the_site_name_is_not_the_title() -> None:
    page = f"""<title>Ferries stay put</title><div><h1><a href=/>Northern Post</a></h1></div>
    <div><h2>Ferries stay put</h2><p>{PROSE}</p></div>"""
    assert blocks(read(page)) == [("title", "Ferries stay put"), ("body", PROSE.strip())]


def test_hidden_text_listings_and_preformatted_text() -> None:
    page = f"""<p>{PROSE}<span hidden>no</span><span style="display: none">no</span></p>
    <p class="sr-only">{PROSE}</p><pre><code>print("no")</code></pre>
    <pre>First
    paragraph.

    Second one.</pre><p>Use <code>make</code>.</p>"""
    assert [text for _, text in blocks(read(page))] == [
        PROSE.strip(),
        "First paragraph.",
        "Second one.",
        "Use make.",
    ]


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>One<p>Two", "One\n\nTwo"),
        ("<p>One</div> two</p>", "One two"),
        ("<b><p>One</b> two</p>", "One two"),
        ("<ul><li>One<li>Two<ul><li>Three</ul><li>Four</ul>", "One\n\nTwo\n\nThree\n\nFour"),
        ("<p>a < b and c > d", "a < b and c > d"),
        ("<p title='a > b'>One</p>", "One"),
        ("<p>One<!-- <p>no</p> --> two<!doctype x><?php no ?></p>", "One two"),
        ("<p>One<script>if (a</b) '</p>'</script> two</p>", "One two"),
        ("<p>in<b>ter</b>na&shy;tional</p>", "international"),
        ("<p>One<br>two</p>", "One two"),
        ("<p>R&D &copy 2019 &ampere; &#x41;&#66</p>", "R&D © 2019 &ere; AB"),
        ("<p>He said <q>no <q>never</q></q>.</p>", "He said “no ‘never’”."),
        ("<h2>Ice <a class=headerlink>¶</a></h2><p>It froze.", "Ice\n\nIt froze."),
        ("<p>E = mc<sup>2</sup></p>", "E = mc2"),
        ("<p>Ice.<sup>[<a href=#n>12</a>]</sup> More.</p>", "Ice. More."),
        ("<svg><title>no</title><text>no</text></svg><p>One</p>", "One"),
        ("<p>One</p><!-- never closed <p>no", "One"),
    ],
)
def test_tag_soup(page: str, text: str) -> None:
    assert read(page).text == text


def test_a_tag_that_never_ends_is_said() -> None:
    article = read('<p>One</p><a href="never')
    assert article.text == "One"
    assert (article.notices[0].start, article.notices[0].end) == (10, 24)


@pytest.mark.parametrize("page", ["<p></p>", "<script>x</script>", "<!-- x -->", "<nav></nav>"])
def test_a_page_without_text_is_refused(page: str) -> None:
    with pytest.raises(ArticleError, match="empty"):
        read(page)


class _Reference(HTMLParser):
    """The standard library's view of a page: a check from outside on well-formed input."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""

    def handle_data(self, data: str) -> None:
        self.text += data


PIECES = (
    "<p>|</p>|<b class='a>b'>|</b>|<br/>|<!-- <p> -->|text |naïve|&amp;|&mdash;|&#8212;|"
    "&#x1F600;|&eacute;|😀|\r\n|a=b|<img src=x alt='<'>"
)
pieces = st.lists(
    st.sampled_from(PIECES.split("|")),
    max_size=30,
).map("".join)


@given(pieces)
@settings(max_examples=300)
def test_the_text_is_the_one_the_standard_library_finds(page: str) -> None:
    reference = _Reference()
    reference.feed(page)
    reference.close()
    text = ""
    for token in tokens(page):
        if token.kind == "text":
            position = token.start
            for start, end, meaning in references(page, token.start, token.end):
                text += page[position:start] + meaning
                position = end
            text += page[position : token.end]
    assert text == reference.text


@given(st.text(alphabet="<>/!-&;ap'\"= bdivscript#x1", max_size=80))
@settings(max_examples=500)
def test_tokens_lie_in_order_whatever_the_page(page: str) -> None:
    behind = 0
    for token in tokens(page):
        assert behind <= token.start < token.end <= len(page)
        behind = token.end


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<div>" * 100_000 + "x", "x"),
        ("<b>" * 100_000 + "x", "x"),
        ("<i><div>" + "<b>" * 50_000 + "x" + "</i>" * 50_000, "x"),
        ("<!-- a -->" * 100_000 + "x", "x"),
        ("&" * 500_000, "&" * 500_000),
        ("&#" + "1" * 500_000, "\ufffd" + "1" * 499_991),
        ("<p>x" * 30_000, "\n\n".join(["x"] * 30_000)),
        ("x<br>" * 30_000, " ".join(["x"] * 30_000)),
        ("<table><tr><td>x" * 10_000, "\n\n".join(["x"] * 10_000)),
        ("<sup>1" * 30_000, "1" * 30_000),
    ],
    ids=lambda page: page[:12],
)
def test_hostile_pages(page: str, text: str) -> None:
    assert read(page).text == text


@pytest.mark.parametrize("unit", ["<a ", '<a b="', "<!--", "<script>"])
def test_hostile_pages_that_hold_no_text(unit: str) -> None:
    with pytest.raises(ArticleError, match="no text"):
        read(unit * 200_000)
