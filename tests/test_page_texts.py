"""The texts of the page: where marks stand, and runs that hold what covers them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ArticleError
from pipeline.reading import read_article, read_text
from pipeline.records import ArticleRecord
from pipeline.report.page import find_sources
from pipeline.report.page.marks import Mark, marks_of
from pipeline.report.page.texts import Text

from .conftest import ROOT
from .paged import HARBOUR, at, corpus_records, harbour, head, write


@given(
    st.text(alphabet="ab c\n", min_size=1).filter(str.strip),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 60)), max_size=12),
)
def test_runs_are_the_text_and_hold_the_marks_that_cover_them(
    source: str, spans: list[tuple[int, int]]
) -> None:
    article = read_text(source)
    marks = []
    for start, length in spans:
        start, end = start % len(source), min(len(source), start % len(source) + length)
        marks.append(Mark("name", start, end, article.map.clean(start, end)))
    text = Text(article, [])
    for paragraph, runs in zip(text.paragraphs, text.runs(marks), strict=True):
        assert "".join(run.text for run in runs) == paragraph.text
    covered = [set(run.marks) for runs in text.runs(marks) for run in runs for _ in run.text]
    place = 0
    for index, paragraph in enumerate(text.paragraphs):
        for offset in range(len(paragraph.text)):
            meant = {
                number
                for number, mark in enumerate(marks)
                if any(s.paragraph == index and s.start <= offset < s.end for s in text.find(mark))
            }
            assert covered[place] == meant
            place += 1


def test_marks_that_cross_keep_their_words() -> None:
    source = "one two three four"
    marks = [Mark("name", **at("one two three", source)), Mark("date", **at("three four", source))]
    [runs] = Text(read_text(source), []).runs(marks)
    assert [(run.text, run.marks) for run in runs] == [
        ("one two ", (0,)),
        ("three", (0, 1)),
        (" four", (1,)),
    ]


def test_the_narrowest_mark_comes_last() -> None:
    source = "one two three"
    marks = [Mark("name", **at(words, source)) for words in ("two", "one two three", "two three")]
    [runs] = Text(read_text(source), []).runs(marks)
    assert [run.marks for run in runs] == [(1,), (1, 2, 0), (1, 2)]


def test_a_mark_over_two_paragraphs_stands_in_both() -> None:
    source = "One fish\n\n**Two** fish"
    article = read_text(source, media_type="text/markdown")
    text = Text(article, [])
    found = text.find(Mark("name", 4, 15, "fish Two"))
    assert [text.paragraphs[s.paragraph].text[s.start : s.end] for s in found] == ["fish", "Two"]


def test_a_mark_of_other_words_stands_nowhere() -> None:
    text = Text(read_text("one two three"), [])
    assert text.find(Mark("name", 4, 7, "six")) == []
    assert text.find(Mark("name", 400, 700, "six")) == []


def test_many_marks_in_one_another_stay_few() -> None:
    source = "a " * 500
    marks = [Mark("name", 0, 2 * n + 1, " ".join("a" * (n + 1))) for n in range(500)]
    [runs] = Text(read_text(source), []).runs(marks)
    assert sum(len(run.marks) for run in runs) < 500 * 33
    assert runs[0].marks[-1] == 0


def test_every_word_of_every_record_is_found_in_the_sample_articles() -> None:
    records = corpus_records()
    heads = [record for record in records if isinstance(record, ArticleRecord)]
    sources = find_sources(heads, [ROOT / "corpus"])
    assert len(sources) == len(heads) >= 8
    for name, article in sources.items():
        own = [record for record in records if record.article == name]
        text = Text(article, own)
        for record in own:
            for mark in marks_of(record):
                words = [
                    text.paragraphs[s.paragraph].text[s.start : s.end] for s in text.find(mark)
                ]
                assert " ".join(" ".join(words).split()) == mark.text, record.id


def test_without_the_file_the_sentences_of_records_are_shown() -> None:
    records = harbour()
    text = Text(None, records)
    assert not text.whole
    assert [paragraph.text for paragraph in text.paragraphs] == [
        "Ana Ruiz said on 3 May 2014 that the harbour of Skell could close before 2016 if the"
        " cranes fail.",
        "“It will probably close,” Ruiz added.",
        "The port opened in 1962",
        "the Dockers' Union struck in spring 1963",
        "Officials said rents may rise",
    ]
    for record in records:
        for mark in marks_of(record):
            [found] = text.find(mark)
            paragraph = text.paragraphs[found.paragraph].text
            assert paragraph[found.start : found.end] == mark.text


def test_of_equal_words_in_a_sentence_the_nearest_are_meant() -> None:
    records = harbour()
    text = Text(None, records)
    # What the records call the third "r" of the first sentence, two places off.
    sentence = text.paragraphs[0].text
    third = [n for n, char in enumerate(sentence) if char == "r"][2]
    start = records[2].start
    assert start is not None
    [found] = text.find(Mark("name", start + third + 1, start + third + 2, "r"))
    assert found.start == third


class TestSources:
    def test_a_file_is_known_by_its_digest_alone(self, tmp_path: Path) -> None:
        (tmp_path / "deep").mkdir()
        write(tmp_path / "deep" / "renamed.txt", HARBOUR)
        write(tmp_path / "harbour.txt", HARBOUR + "Another line.\n")
        found = find_sources([head("harbour", HARBOUR)], [tmp_path])
        assert found["harbour"].source == HARBOUR
        assert found["harbour"].id == "harbour"

    def test_no_path_of_a_record_is_opened(self, tmp_path: Path) -> None:
        outside = write(tmp_path / "secret.txt", HARBOUR)
        inside = tmp_path / "inside"
        inside.mkdir()
        for path in (str(outside), "../secret.txt", "/etc/passwd"):
            record = head(str(outside), HARBOUR, path=path)
            assert find_sources([record], [inside]) == {}
        (inside / "link.txt").symlink_to(outside)
        (inside / "folder").symlink_to(tmp_path)
        assert find_sources([head("harbour", HARBOUR)], [inside]) == {}

    def test_two_articles_may_have_the_same_text(self, tmp_path: Path) -> None:
        write(tmp_path / "x.txt", HARBOUR)
        found = find_sources([head("one", HARBOUR), head("two", HARBOUR)], [tmp_path / "x.txt"])
        assert sorted(found) == ["one", "two"]

    def test_what_is_no_article_is_passed_over(self, tmp_path: Path) -> None:
        (tmp_path / "empty.txt").write_bytes(b"")
        digest = hashlib.sha256(b"").hexdigest()
        record = head("empty", HARBOUR, sha256=digest)
        assert find_sources([record], [tmp_path]) == {}

    def test_a_place_that_is_none_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(ArticleError, match="no such file"):
            find_sources([head("harbour", HARBOUR)], [tmp_path / "nowhere"])

    def test_the_sidecar_is_read_with_its_article(self, tmp_path: Path) -> None:
        path = write(tmp_path / "x.txt", HARBOUR)
        write(tmp_path / "x.meta.json", '{"title": "Another title"}')
        found = find_sources([head("harbour", HARBOUR)], [tmp_path])
        assert found["harbour"].title == read_article(path).title == "Another title"
