"""From paths and bytes to text: what is read, and what is refused with which words."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ArticleError, ConfigError
from pipeline.reading import article_ids, files, read_article, read_text
from pipeline.reading.decoding import decode

ENGLISH = "The café owner, José García, said the “naïve” plan wasn’t worth £40 – or anything. "


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("encoding", "mark", "recorded"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8"),
        ("utf-16-le", b"\xff\xfe", "utf-16-le"),
        ("utf-16-be", b"\xfe\xff", "utf-16-be"),
        ("utf-32-le", b"\xff\xfe\x00\x00", "utf-32-le"),
        ("utf-32-be", b"\x00\x00\xfe\xff", "utf-32-be"),
    ],
)
def test_unicode_with_and_without_a_byte_order_mark(
    tmp_path: Path, encoding: str, mark: bytes, recorded: str
) -> None:
    path = write(tmp_path, "a.txt", mark + ENGLISH.encode(encoding))
    article = read_article(path)
    assert article.encoding == recorded
    assert article.source == ("\ufeff" if mark else "") + ENGLISH
    assert article.map.to_source(0, 3) == [(len(mark) > 0, 3 + (len(mark) > 0))]
    assert article.notices == ()


def test_line_ends_stay_in_the_source(tmp_path: Path) -> None:
    article = read_article(write(tmp_path, "a.txt", b"One.\r\n\r\nTwo.\rThree."))
    assert article.source == "One.\r\n\r\nTwo.\rThree."
    assert article.text == "One.\n\nTwo.\n\nThree."
    assert article.map.to_source(6, 10) == [(8, 12)]


def test_windows_1252_is_recognised_and_said(tmp_path: Path) -> None:
    article = read_article(write(tmp_path, "a.txt", ENGLISH.encode("cp1252")))
    assert (article.encoding, article.source) == ("cp1252", ENGLISH)
    assert "cp1252" in article.notices[0].message


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp932"])
def test_other_encodings_that_are_clear(encoding: str) -> None:
    text = "Президент сказал, что переговоры будут продолжены на следующей неделе в Женеве. " * 4
    assert decode(text.encode(encoding), name="a").text == text


def test_a_declared_encoding_is_believed() -> None:
    page = '<html><head><meta charset="iso-8859-2"></head><p>Wałęsa spoke in Łódź.</p>'
    decoded = decode(page.encode("iso-8859-2"), name="a.html")
    assert (decoded.text, decoded.encoding, decoded.guessed) == (page, "iso8859-2", False)


@pytest.mark.parametrize("name", ["ISO-8859-1", "latin1", "us-ascii"])
def test_latin_1_on_the_web_is_windows_1252(name: str) -> None:
    page = f"<meta http-equiv=Content-Type content='text/html; charset={name}'>“Yes,” he said."
    assert decode(page.encode("cp1252"), name="a.html").text == page


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"GIF89a\x00\x01\x00", "NUL bytes"),
        ("Some text.".encode("utf-16-le"), "UTF-16 without a byte order mark"),
        (b"\xff\xfea\x00\x00\xd8", "not valid utf-16-le"),
        (b"\xef\xbb\xbfcaf\xe9", "not valid utf-8"),
        (b"\xff\xfea\x00\x00\x00b\x00", "NUL characters"),
        ("Wałęsa żółte łódki źródło ".encode("cp1250") * 3, "save it as UTF-8"),
        (b"ok \xe2\x82 then \xff\xfe\xfd \x81\x8d\x8f\x90\x9d " * 9, "save it as UTF-8"),
    ],
)
def test_what_is_no_clear_text_is_refused(tmp_path: Path, data: bytes, words: str) -> None:
    path = write(tmp_path, "a.txt", data)
    with pytest.raises(ArticleError, match=words) as caught:
        read_article(path)
    assert str(path) in str(caught.value)


@given(st.binary(max_size=300))
def test_bytes_are_decoded_exactly_or_refused(data: bytes) -> None:
    try:
        decoded = decode(data, name="a")
    except ArticleError:
        return
    assert decoded.text == data.decode(decoded.encoding)
    assert "\x00" not in decoded.text


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.mkdir(), "a directory"),
        (lambda path: None, "no such file"),
        (lambda path: os.mkfifo(path), "a named pipe"),
        (lambda path: path.symlink_to(path), "a loop of symbolic links"),
        (lambda path: path.symlink_to("/dev/zero"), "a device"),
        (lambda path: path.symlink_to("gone"), "no such file"),
    ],
    ids=["directory", "missing", "pipe", "loop", "device", "dangling"],
)
def test_what_is_no_file_is_refused(tmp_path: Path, make, words: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "a.txt"
    make(path)
    with pytest.raises(ArticleError, match=words):
        read_article(path)


def test_a_path_with_a_nul_or_too_long_a_name_is_refused() -> None:
    for path in (Path("a\x00b.txt"), Path("a" * 5000 + ".txt")):
        with pytest.raises(ArticleError):
            read_article(path)


def test_a_file_above_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    with pytest.raises(ArticleError, match="split it"):
        read_article(write(tmp_path, "a.txt", b"x" * 11))
    assert read_article(write(tmp_path, "b.txt", b"x" * 10)).text == "x" * 10
    with pytest.raises(ArticleError, match="split it"):
        read_article(None, data=b"x" * 11)


def test_standard_input() -> None:
    article = read_article(None, data=b"<!doctype html><p>It rained.")
    assert (article.id, article.path, article.media_type) == ("stdin", "-", "text/html")
    assert article.text == "It rained."
    with pytest.raises(ArticleError, match="standard input"):
        read_article(None)


@pytest.mark.parametrize(
    ("name", "text", "media_type"),
    [
        ("a.txt", "It rained.", "text/plain"),
        ("a.MD", "It *rained*.", "text/markdown"),
        ("a.htm", "It rained.", "text/html"),
        ("a.txt", "\ufeff <!-- saved --> <HTML><body>It rained.", "text/html"),
        ("a", "<b>It</b> rained.", "text/plain"),
    ],
)
def test_media_types(tmp_path: Path, name: str, text: str, media_type: str) -> None:
    article = read_article(write(tmp_path, name, text.encode()))
    assert (article.media_type, article.text) == (media_type, "It rained.")


def test_the_sidecar_states_and_the_override_wins(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", b"It rained on Monday.")
    sidecar = {
        "title": " Rain  again ",
        "published": "2004-05-05T10:00:00Z",
        "authors": ["Ida Moe", ""],
        "publisher": "The Post",
        "source": "https://example.org",
        "licence": "CC0",
        "language": "en-GB",
    }
    write(tmp_path, "a.meta.json", json.dumps(sidecar).encode())
    article = read_article(path)
    assert (article.title, article.authors) == ("Rain again", ("Ida Moe",))
    assert (article.published, article.publisher) == ("2004-05-05", "The Post")
    assert article.language == "en"
    assert read_article(path, published="2005-06").published == "2005-06"


@pytest.mark.parametrize(
    "sidecar",
    [b"{", b"[]", b'{"title": 3}', b'{"published": "soon"}', b'{"authors": "Ida"}', b"\xff{}"],
)
def test_a_broken_sidecar_is_an_error_that_names_it(tmp_path: Path, sidecar: bytes) -> None:
    path = write(tmp_path, "a.txt", b"It rained.")
    write(tmp_path, "a.meta.json", sidecar)
    with pytest.raises(ArticleError, match=r"a\.meta\.json"):
        read_article(path)


@pytest.mark.parametrize("value", ["2021-02-30", "2021-13", "21 May", "", "202", "2021-9-1"])
def test_an_override_that_is_no_date_is_refused(value: str) -> None:
    if value:
        with pytest.raises(ConfigError, match="publication date"):
            read_text("It rained.", published=value)
    else:
        assert read_text("It rained.", published=value).published is None


def test_without_any_date_there_is_none() -> None:
    article = read_text("It rained yesterday, and will rain tomorrow.")
    assert (article.published, article.dateline) == (None, None)


def test_ids_are_stems_made_safe() -> None:
    paths = [Path("news/Détente 1969.txt"), Path("..hidden.md"), Path("a.b_c-d.html")]
    assert article_ids(paths) == ["Détente-1969", "hidden", "a.b_c-d"]


def test_colliding_ids_get_a_digest_whatever_the_order() -> None:
    paths = [Path("a/one.txt"), Path("b/ONE.txt"), Path("two.txt")]
    ids = article_ids(paths)
    assert ids[2] == "two"
    assert ids[0].startswith("one-") and ids[1].startswith("ONE-")
    assert article_ids(paths[::-1]) == ids[::-1]


@given(st.lists(st.text(min_size=1, max_size=300).filter(lambda name: "\x00" not in name)))
def test_ids_are_safe_and_told_apart(names: list[str]) -> None:
    paths = [Path(name) for name in names]
    ids = article_ids(paths)
    assert len({path.as_posix() for path in paths}) == len({name.lower() for name in ids})
    for name in ids:
        assert 0 < len(name.encode()) <= 240
        assert name[0] not in ".-"
        assert all(char.isalnum() or char in "._-" for char in name)


def test_surrogates_and_controls_keep_offsets_and_are_said() -> None:
    source = "He said \ud800 it\x92s over\x00."
    article = read_text(source)
    assert article.text == "He said \ufffd it’s over."
    assert [notice.start for notice in article.notices] == [8, 12]
    (span,) = article.map.to_source(article.text.index("over"), len(article.text))
    assert source[slice(*span)] == "over\x00."
