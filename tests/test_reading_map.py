"""The map between reading text and file, on whatever hypothesis can think of."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipeline.errors import ArticleError
from pipeline.reading import Article, read_text
from pipeline.reading.mapping import PassageBuilder

MEDIA_TYPES = ["text/plain", "text/markdown", "text/html"]
TAGS = "a article aside b br div figcaption h1 h2 i li nav p pre script span sup table td tr u ul"


def one_of(choices: str, separator: str = " ") -> st.SearchStrategy[str]:
    return st.sampled_from(choices.split(separator))


words = one_of(
    "The minister|said|on May 5, 2004,|By Ida Moe|Photo: Ida Moe/AFP|won't|x|naïve|e\u0301tude|😀|"
    "👩\u200d👩|İstanbul|ß|“so”|—|.|!|[1]",
    "|",
)
spaces = st.sampled_from(
    [" ", "  ", "\t", "\n", "\r\n", "\r", "\n\n", "\r\n\r\n", "\u00a0", "\u2028", "\u2029", "\f"]
)
odd = st.sampled_from(
    ["\u200b", "\u200d", "\ufeff", "\u202e", "\u00ad", "\x07", "\x1b[31m", "\x92", "\ud800", "\x00"]
)
entities = one_of(
    "&amp; &mdash; &#8212; &#x2014; &lt &nbsp; &shy; &#0; &#x92; &NotEqualTilde; &notit; &bogus; & "
    "&#1114112;"
)
tags = st.builds(
    lambda name, closing, extra: f"</{name}>" if closing else f"<{name}{extra}>",
    one_of(TAGS),
    st.booleans(),
    st.sampled_from(["", " hidden", " class='ad'", " title='a>b'", " class=byline", "/"]),
)
marks = one_of(
    "*|**|***|_|__|`|~~|\\*|[|](http://a.example)|](|![|> |- |1. |# |## |---\n|===\n|[^1]|[^1]: |"
    "<!--|-->|<|>",
    "|",
)
sources = st.lists(st.one_of(words, spaces, odd, entities, tags, marks), max_size=40).map("".join)


def read(source: str, media_type: str) -> Article:
    try:
        return read_text(source, media_type=media_type)
    except ArticleError:
        assume(False)
        raise


def folded(text: str) -> str:
    return " ".join(text.split())


def cleaned(article: Article, start: int, end: int) -> str:
    spans = article.map.to_source(start, end)
    return " ".join(article.map.clean(*span) for span in spans)


@given(sources, st.sampled_from(MEDIA_TYPES), st.data())
@settings(max_examples=400, deadline=None)
def test_every_span_maps_to_the_file_and_back(
    source: str, media_type: str, data: st.DataObject
) -> None:
    article = read(source, media_type)
    start = data.draw(st.integers(0, len(article.text)))
    end = data.draw(st.integers(start, len(article.text)))
    spans = article.map.to_source(start, end)
    assert all(0 <= low < high <= len(source) for low, high in spans)
    assert all(left[1] <= right[0] for left, right in itertools.pairwise(spans))
    assert cleaned(article, start, end) == folded(article.text[start:end])


@given(sources, st.sampled_from(MEDIA_TYPES))
@settings(max_examples=300, deadline=None)
def test_every_character_stands_where_the_map_says(source: str, media_type: str) -> None:
    article = read(source, media_type)
    behind = 0
    for offset, character in enumerate(article.text):
        for start, end in article.map.to_source(offset, offset + 1):
            assert behind <= start
            behind = end
            original = source[start:end]
            if character == " ":
                assert original.isspace() or original[0].isspace() or original[0] in "<&"
            elif len(original) > 1:
                assert original[0] in "&\\"
            elif original != character:
                assert character == "\ufffd" or "\x80" <= original <= "\x9f"


@given(sources, st.sampled_from(MEDIA_TYPES))
@settings(max_examples=300, deadline=None)
def test_blocks_cover_the_reading_text(source: str, media_type: str) -> None:
    article = read(source, media_type)
    texts = [article.text[block.start : block.end] for block in article.blocks]
    assert "\n\n".join(texts) == article.text
    assert all(text and text == folded(text) for text in texts)


@given(sources, st.sampled_from(MEDIA_TYPES))
@settings(max_examples=150, deadline=None)
def test_reading_text_can_be_encoded_and_shows_what_it_is(source: str, media_type: str) -> None:
    article = read(source, media_type)
    article.text.encode()
    assert not set(article.text) & set("\x00\x07\x1b\u200b\u202e\u00ad\ufeff")


def test_inline_markup_is_inside_a_span_and_removed_blocks_are_not() -> None:
    source = "<article><p>Orbán</u> <b>said</b> so.</p><aside>Ad</aside><p>He left.</p></article>"
    article = read_text(source, media_type="text/html")
    assert article.text == "Orbán said so.\n\nHe left."
    (span,) = article.map.to_source(0, 10)
    assert source[slice(*span)] == "Orbán</u> <b>said"
    spans = article.map.to_source(6, 20)
    assert [source[slice(*span)] for span in spans] == ["said</b> so.", "He l"]


def test_an_entity_is_covered_whole() -> None:
    source = "Fish &amp; chips"
    article = read_text(source, media_type="text/html")
    assert article.map.to_source(5, 6) == [(5, 10)]
    assert article.map.clean(5, 10) == "&"


def test_a_slice_of_the_file_is_a_stretch_of_the_text() -> None:
    article = read_text("<p>Ines <b>Calloway</b></p><p>said &amp; left", media_type="text/html")
    assert article.text == "Ines Calloway\n\nsaid & left"
    assert article.map.to_reading(11, 19) == (5, 13)
    assert article.map.to_reading(0, 100) == (0, len(article.text))
    assert article.map.to_reading(19, 23) == (0, 0)  # a tag
    assert article.map.to_reading(9, 5) == (0, 0)


def test_separators_have_no_source() -> None:
    article = read_text("One.\n\nTwo.")
    assert article.map.to_source(4, 6) == []
    assert article.map.to_source(0, len(article.text)) == [(0, 10)]


def test_a_span_outside_the_text_is_refused() -> None:
    article = read_text("One.")
    with pytest.raises(ValueError, match="outside"):
        article.map.to_source(0, 5)


def test_cutting_a_passage_keeps_its_map() -> None:
    builder = PassageBuilder("a &amp;  b")
    builder.add(0, 2)
    builder.replace("&", 2, 7)
    builder.add(7, 10)
    passage = builder.finish()
    assert passage is not None
    assert passage.text == "a & b"
    left, right = passage.cut(0, 3), passage.cut(3, 5)
    assert (left.text, left.start, left.end) == ("a &", 0, 7)
    assert (right.text, right.start, right.end) == ("b", 9, 10)
