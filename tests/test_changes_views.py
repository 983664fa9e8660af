"""Changes in a terminal, in a comment, as a page: what is told, and that no text acts."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from rich.console import Console
from typer.testing import CliRunner

from pipeline import jsonl
from pipeline.cli import app
from pipeline.extraction import Extractor
from pipeline.report.changes_entries import summary
from pipeline.report.changes_markdown import changes_markdown
from pipeline.report.changes_page import changes_page
from pipeline.report.changes_table import print_changes
from pipeline.revisions import Change, Place, Version, compare

from .changed import CHANGES, NEW, OLD, change, place, version
from .conftest import corpus_articles

HOSTILE = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)> <a href='javascript:alert(1)'>go</a>",
    '" onmouseover="alert(1)',
    "{{ 7 * 7 }} {% raw %}",
    "a\u2028b\u2029c",
    "nine \u202edluoc\u202c end",
    "[link](https://example.org) @everyone #1 **bold** | a | b |",
    "```\n# heading\n```",
    "````` ` `` `````",
    "</details></summary>",
    "\x1b[31mred\x1b[0m \x1b]8;;https://example.org\x07x\x1b]8;;\x07 [red]markup[/red]",
    "- - + = > 1. \\",
    "\ud800 lone",
    "<!-- --> <![CDATA[ ]]> &lt; &amp;",
]


def hostile(text: str) -> tuple[list[Change], dict[str, Version], dict[str, Version]]:
    """A change all of whose strings are the text, the versions too."""
    at = Place(id=text, start=0, end=len(text), text=text)
    other = Place(id=text, start=0, end=len(text), text=f"{text} {text}")
    fields = {text: (text, f"other {text}"), "venue": (None, text)}
    made = [
        change("quote_altered", before=at, after=other, article=text, **fields),
        change("added", before=None, after=at, article=text, kind="date"),
    ]
    old = {text: version(f"It began. {text}", article=text, origin=text)}
    new = {text: version(f"It ended. {text} {text}", article=text, origin=text)}
    return made, old, new


def table(
    changes: list[Change], *, width: int = 80, terminal: bool = False, **sides: object
) -> str:
    page = io.StringIO()
    console = Console(
        file=page,
        width=width,
        force_terminal=terminal,
        color_system="truecolor" if terminal else None,
        highlight=False,
        legacy_windows=False,
    )
    sides = sides or {"old": {"strike": OLD}, "new": {"strike": NEW}}
    print_changes(changes, console=console, **sides)  # type: ignore[arg-type]
    return page.getvalue()


def page(
    changes: list[Change] = CHANGES, old: Version | None = OLD, new: Version | None = NEW
) -> str:
    return changes_page(
        changes,
        old={} if old is None else {old.article: old},
        new={} if new is None else {new.article: new},
    )


# In a terminal


def test_a_block_a_change() -> None:
    assert table(CHANGES).splitlines() == [
        "strike  old.txt → new.txt",
        "◆ major  moved, hedge strengthened, quantity changed  prediction  line 9 → line 3",
        "    - The owners fear that the stoppage [-could-] cost [-40,000-] crowns a day.",
        "    + The owners fear that the stoppage {+will+} cost {+45,000+} crowns a day.",
        "    likelihood: [-possible (25 to 50 %)-] → {+unspecified+}",
        "▲ critical  quote altered  quote  line 3 → line 5",
        "    - We [-may-] be back within a week",
        "    + We {+will+} be back within a week",
        "    venue: none → the quay",
        "○ info  added  entity  line 11",
        "    + Skell",
        "",
        "3 changes in 1 article: 1 critical, 1 major, 1 info",
    ]


def test_lines_that_go_to_no_terminal_are_whole() -> None:
    lines = table(CHANGES, width=20).splitlines()
    assert len(lines) == 13


def test_a_terminal_gets_colour_and_no_line_that_is_too_long() -> None:
    shown = table(CHANGES, width=40, terminal=True)
    assert "\x1b[" in shown
    assert "[-" not in shown and "{+" not in shown
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert max(len(line) for line in plain.splitlines()) <= 40
    assert not [line for line in plain.splitlines() if line.endswith(" ")]
    assert "+ We will be back within a week" in " ".join(plain.split())


def test_the_cause_is_told_unless_it_is_the_editor() -> None:
    made = change("added", before=None, after=place(NEW, "Skell"), kind="entity", cause="extractor")
    assert "cause: extractor" in table([made])
    assert "cause" not in table(CHANGES)


def test_without_the_text_the_characters_are_named() -> None:
    shown = table(CHANGES, old={}, new={})
    assert "strike  nothing → nothing" in shown
    assert f"characters {CHANGES[2].after.start}–{CHANGES[2].after.end}" in shown  # type: ignore[union-attr]


def test_nothing_changed() -> None:
    assert table([]) == "no changes\n"
    assert summary([]) == "no changes"
    assert changes_markdown([], old={}, new={}).endswith("No changes.\n")
    assert "No changes." in page([])


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("terminal", [False, True])
def test_no_text_acts_in_a_terminal(text: str, terminal: bool) -> None:
    made, old, new = hostile(text)
    shown = table(made, width=500, terminal=terminal, old=old, new=new)
    left = re.sub(r"\x1b\[[0-9;]*m", "", shown) if terminal else shown
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ud800-\udfff]", left
    )
    if "[red]" in text:
        assert "[red]markup[/red]" in left
        assert "\\x1b[31mred" in left


# In a comment


def test_a_comment_groups_by_article_and_folds_what_is_slight() -> None:
    shown = changes_markdown(CHANGES, old={"strike": OLD}, new={"strike": NEW})
    assert shown.startswith("### What changed in the claims\n\n3 changes in 1 article: 1 critical")
    grave, slight = shown.split("<details>")
    assert (
        "◆ **major**: moved, hedge strengthened, quantity changed (prediction, line 9 → line 3)"
        in grave
    )
    assert (
        "```diff\n- We [-may-] be back within a week\n+ We {+will+} be back within a week\n"
        in grave
    )
    assert "<summary>1 info</summary>" in slight
    assert "+ Skell" in slight
    assert shown.endswith("</details>\n")


ALLOWED = {
    "heading_open", "heading_close", "inline", "paragraph_open", "paragraph_close",
    "html_block", "fence", "text", "code_inline", "strong_open", "strong_close",
}  # fmt: skip


def check_inert(shown: str) -> None:
    """Nothing but what the comment is made of: our own headings, folds and bold words, and code."""
    for token in MarkdownIt("gfm-like", {"linkify": False}).parse(shown):
        for inner in [token, *(token.children or [])]:
            assert inner.type in ALLOWED, inner
            if inner.type == "html_block":
                pattern = r"<details>\n<summary>[\d, a-z]+</summary>\n|</details>\n"
                assert re.fullmatch(pattern, inner.content), inner
            if inner.type == "text":
                assert re.fullmatch(r"[\w ,.:()→–▲◆●○]*", inner.content), inner
            if inner.type == "fence":
                assert all(line[0] in " -+" for line in inner.content.splitlines())


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_acts_in_a_comment(text: str) -> None:
    made, old, new = hostile(text)
    check_inert(changes_markdown(made, old=old, new=new))


@given(st.text(alphabet=st.sampled_from("`~<>[]()*_|#-+\\!&@ \n\tab/"), min_size=1, max_size=60))
def test_no_mixture_of_marks_acts_in_a_comment(text: str) -> None:
    made, _, _ = hostile(text)
    check_inert(changes_markdown(made, old={}, new={}))


def test_a_comment_has_a_longest_length_and_says_what_is_left_out() -> None:
    many = [
        change(
            "quote_altered" if n == 250 else "reworded",
            before=Place(id="q", start=n, end=n + 9, text=f"The old words {n} " * 9),
            after=Place(id="q", start=n, end=n + 9, text=f"The new words {n} " * 9),
            article=f"article-{n % 7}",
        )
        for n in range(300)
    ]
    shown = changes_markdown(many, old={}, new={}, longest=5_000)
    assert 3_000 < len(shown) <= 5_000
    assert "**critical**" in shown  # the gravest is kept, wherever it stands
    left_out = re.search(
        r"Left out for length: (\d+) changes in 7 articles: (\d+) minor\.\n$", shown
    )
    assert left_out
    assert int(left_out[1]) + shown.count("**minor**") == 299
    check_inert(shown)


def test_one_endless_change_still_fits() -> None:
    made, _, _ = hostile("word " * 50_000)
    assert len(changes_markdown(made, old={}, new={})) < 60_000


# The page


class Tags(HTMLParser):
    """What a browser would see: elements with attributes, and the text of scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self._in: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._in = tag if tag in self.raw else None

    def handle_endtag(self, tag: str) -> None:
        self._in = None

    def handle_data(self, data: str) -> None:
        if self._in:
            self.raw[self._in].append(data)


def check_page(shown: str) -> Tags:
    """Only our own script and style, no address but those inside the page, every target there."""
    tags = Tags(shown)
    assert len(tags.raw["style"]) == 1
    policy = next(a["content"] for t, a in tags.found if t == "meta" and "http-equiv" in a)
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    data, script = tags.raw["script"]
    json.loads(data)
    for name, text in (("style", tags.raw["style"][0]), ("script", script)):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy
    ids = [attributes["id"] for _, attributes in tags.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    for tag, attributes in tags.found:
        assert not [name for name in attributes if name.startswith("on")], attributes
        assert not {"style", "src", "action", "srcdoc"} & attributes.keys(), attributes
        href = attributes.get("href")
        assert href is None or (href.startswith("#") and href[1:] in ids), (tag, href)
        assert tag not in ("iframe", "object", "embed", "img", "base", "link")
    return tags


def test_the_page_shows_both_texts_and_links_the_claims() -> None:
    shown = page()
    tags = check_page(shown)
    links = {a["id"]: a["href"] for t, a in tags.found if a.get("class") == "badge"}
    assert links == {
        "c1o": "#c1n",
        "c1n": "#c1o",
        "c2o": "#c2n",
        "c2n": "#c2o",
        "c3n": "#e3",
    }
    assert "We </span>" not in shown
    assert "We <del>may</del> be back within a week" in shown
    assert "We <ins>will</ins> be back within a week" in shown
    assert "<summary>2 unchanged paragraphs</summary>" in shown
    assert '<a class="away" href="#a1n1">' in shown
    assert '<a class="away" href="#a1o4">' in shown


def test_the_same_input_gives_the_same_page() -> None:
    assert page() == page()


def test_claims_may_cross() -> None:
    text = "Ines Calloway said it may rain in Skell."
    old, new = version(text), version(text, origin="new.txt")
    made = [
        change("cue_changed", before=place(old, a), after=place(new, a))
        for a in ("Ines Calloway said it may", "said it may rain in Skell", "it")
    ]
    tags = check_page(page(made, old, new))
    held = [
        a["data-c"] for t, a in tags.found if t == "span" and a.get("class", "").startswith("claim")
    ]  # type: ignore[union-attr]
    assert held == ["1", "1 2", "1 2 3", "1 2", "2"] * 2


def test_the_data_tell_types_severity_and_kind() -> None:
    data = json.loads(Tags(page()).raw["script"][0])
    assert data[1] == {"types": ["quote_altered"], "kind": "quote", "severity": "critical"}
    assert len(data) == 3


def test_without_the_texts_the_list_tells_all() -> None:
    shown = page(CHANGES, None, None)
    check_page(shown)
    assert "We <del>may</del> be back within a week" in shown
    assert 'id="c1o"' not in shown


def test_an_article_of_one_version_only() -> None:
    made = [change("added", before=None, after=place(NEW, "Skell"), kind="entity")]
    shown = page(made, None, NEW)
    check_page(shown)
    assert "not in the old version" in shown
    assert "unchanged paragraph" not in shown


def test_several_articles_have_an_index() -> None:
    second = version("Rain fell.", article="rain")
    third = version("Nothing happened.", article="calm")
    made = [*CHANGES, change("removed", before=place(second, "Rain"), after=None, article="rain")]
    sides = {"old": {"strike": OLD, "rain": second, "calm": third}}
    shown = changes_page(made, **sides, new={"strike": NEW, "calm": third})
    check_page(shown)
    assert '<a href="#a1"><bdi>strike</bdi></a>' in shown
    assert '<a href="#a2"><bdi>rain</bdi></a>' in shown
    assert "1 article without changes" in shown


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_acts_in_a_page(text: str) -> None:
    made, old, new = hostile(text)
    shown = changes_page(made, old=old, new=new, title=text)
    tags = check_page(shown)
    assert not re.search("[\u2028\u2029\u202a-\u202e\ud800-\udfff\x1b]", shown)
    expected = Tags(page())
    assert {tag for tag, _ in tags.found} <= {tag for tag, _ in expected.found} | {
        "i",
        "del",
        "ins",
    }
    if "{{" in text:
        assert "{{ 7 * 7 }}" in shown


def test_a_page_of_many_claims_in_one_paragraph_is_no_longer_than_it_must_be() -> None:
    text = "Ines said it may rain. " * 2_000
    old, new = version(text), version(text, origin="new.txt")
    made = [
        change(
            "reworded",
            before=Place(id="x", start=start, end=end, text=text[start:end]),
            after=Place(id="x", start=start, end=end, text=text[start:end]),
        )
        for start, end in [(n * 5, len(text) - n * 7 - 1) for n in range(150)]
        if text[start] != " " and text[end - 1] != " "
    ]
    shown = page(made, old, new)
    assert len(shown) < 20_000_000


def extracted(extractor: Extractor, text: str) -> Version:
    records = tuple(extractor.extract(text).records)
    return Version(
        article="text", records=records, text=text, sha256=None, fingerprint=None, origin="text"
    )


@pytest.mark.model
def test_claims_that_did_not_change_are_linked_too(extractor: Extractor) -> None:
    steady = '"The quay is closed," Ines Calloway said.'
    old = extracted(extractor, f"{steady}\n\nIt may rain in Skell on Monday.")
    new = extracted(extractor, f"{steady}\n\nIt will rain in Skell on Monday.")
    shown = page(compare(old, new), old, new)
    kept = [a["href"] for t, a in check_page(shown).found if a.get("class") == "kept"]
    assert {"#k1-1n", "#k1-1o"} <= set(kept)
    assert 'href="#k1-1n">The quay is closed' in shown


@pytest.mark.model
def test_every_article_beside_itself_reversed(extractor: Extractor) -> None:
    for path in corpus_articles()[:2]:
        text = path.read_text(encoding="utf-8")
        old = extracted(extractor, text)
        new = extracted(extractor, "\n\n".join(reversed(text.split("\n\n"))))
        changes = compare(old, new)
        check_page(page(changes, old, new))
        check_inert(changes_markdown(changes, old={"text": old}, new={"text": new}))


# As a command


@pytest.mark.model
def test_diff_writes_every_format(extractor: Extractor, tmp_path: Path) -> None:
    files = []
    for name, word in (("old", "may"), ("new", "will")):
        folder = tmp_path / name
        folder.mkdir()
        made = extractor.extract(f"Ana Ruiz said on May 3, 2021 that the river {word} flood Skell.")
        jsonl.write(folder / "river.jsonl", made.records)
        files.append(str(folder))
    shown = {}
    for format in ("table", "jsonl", "markdown", "html"):
        result = CliRunner().invoke(app, ["diff", *files, "--format", format])
        assert result.exit_code == 1, result.output
        saved = tmp_path / f"changes.{format}"
        CliRunner().invoke(app, ["diff", *files, "--format", format, "--output", str(saved)])
        assert saved.read_text(encoding="utf-8") == result.stdout
        dash = CliRunner().invoke(app, ["diff", *files, "--format", format, "-o", "-"])
        assert dash.stdout == result.stdout
        shown[format] = result.stdout
    assert "hedge strengthened" in shown["table"]
    assert "[-may-]" in shown["table"]
    assert json.loads(shown["jsonl"].splitlines()[0])["article"] == "text"
    check_inert(shown["markdown"])
    check_page(shown["html"])
    assert "text is not at hand" in shown["html"]
    assert "<del>may</del>" in shown["html"]
