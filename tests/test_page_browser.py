"""The page in headless Chromium: what people do with it, and that no text acts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from pipeline.reading import read_text
from pipeline.records import ArticleRecord, PredictionRecord, Record
from pipeline.report.page import find_sources, report_page, report_pages

from .browser import Opened
from .conftest import ROOT
from .paged import HARBOUR, HOSTILE, corpus_records, harbour, hostile, write

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

WIDE = {"width": 1400, "height": 900}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two articles: one with its file, one without."""
    page = report_page(
        [*harbour("a"), *harbour("b")], sources={"a": read_text(HARBOUR, id="a")}, title="Skell"
    )
    return write(tmp_path_factory.mktemp("page") / "report.html", page)


@pytest.fixture(scope="module")
def corpus_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    records = corpus_records()
    heads = [record for record in records if isinstance(record, ArticleRecord)]
    page = report_page(records, sources=find_sources(heads, [ROOT / "corpus"]))
    return write(tmp_path_factory.mktemp("corpus") / "report.html", page)


@pytest.fixture
def opened(browser: Browser, file: Path) -> Iterator[Opened]:
    opened = Opened(browser, file, viewport=WIDE)
    yield opened
    opened.close()


def status(opened: Opened) -> str:
    return opened.page.inner_text("#status")


def told(opened: Opened) -> str:
    """The headline of the record in the panel; empty without one."""
    heads = opened.page.locator("#record h2 bdi")
    return heads.inner_text() if heads.count() else ""


def lit(opened: Opened, of: str = "lit") -> str:
    return "|".join(opened.page.locator(f"#text .{of}").all_inner_texts())


def runs(opened: Opened, kind: str) -> str:
    return "|".join(opened.page.locator(f"#text .run.{kind}").all_inner_texts())


def run(opened: Opened, text: str) -> Locator:
    return opened.page.locator("#text .run").get_by_text(text, exact=True).first


def view(opened: Opened, name: str) -> None:
    opened.page.click(f"#tab-{name}")
    displayed = "Array.from(document.querySelectorAll('.view')).filter(v => v.checkVisibility())"
    assert opened.page.evaluate(f"{displayed}.map(v => v.id)") == [f"view-{name}"]


class TestText:
    def test_every_layer_is_marked_where_it_stands(self, opened: Opened) -> None:
        assert runs(opened, "prediction").replace("|", "") == (
            "the harbour of Skell could close before 2016" + "It will probably close"
        )
        assert runs(opened, "cue") == "could|probably"
        # Quotes hold predictions, dates cross them: each layer has all of its words.
        assert runs(opened, "quote").replace("|", "") == (
            "the harbour of Skell could close before 2016 if the cranes fail" + "rents may rise"
        )
        assert runs(opened, "date").replace("|", "") == "3 May 2014before 2016 if the cranes"
        assert runs(opened, "event") == "opened|struck"
        assert runs(opened, "entity") == "Ana Ruiz|Skell|Ruiz|Dockers' Union"

    def test_crossing_layers_are_both_drawn(self, opened: Opened) -> None:
        both = run(opened, "before 2016")
        assert set((both.get_attribute("class") or "").split()) == {
            "run", "prediction", "quote", "date",
        }  # fmt: skip
        images = both.evaluate("e => getComputedStyle(e).backgroundImage")
        assert images.count("linear-gradient") == 3

    def test_the_whole_text_is_read_in_order(self, opened: Opened) -> None:
        paragraphs = opened.page.locator("#text :is(p, h3):not(.meta)").all_inner_texts()
        assert " ".join(paragraphs) == " ".join(HARBOUR.split())

    def test_a_layer_switched_off_leaves_the_others(self, opened: Opened) -> None:
        opened.page.uncheck("[name=kind][value=prediction]")
        assert runs(opened, "prediction") == ""
        assert runs(opened, "quote") != "" and runs(opened, "date") != ""
        assert status(opened) == "20 of 24 records shown"

    def test_a_record_is_seen_under_the_pointer(self, opened: Opened) -> None:
        run(opened, "struck").hover()
        assert told(opened).startswith("struck")
        assert lit(opened) == "struck"
        assert lit(opened, "near").replace("|", "") == "the Dockers' Union struck in spring 1963"
        run(opened, "Ruiz").hover()
        assert told(opened) == "Ana Ruiz"
        assert lit(opened) == "Ana Ruiz|Ruiz"

    def test_a_chosen_record_stays_until_let_go(self, opened: Opened) -> None:
        run(opened, "struck").click()
        assert opened.page.url.endswith("#event-strike/a")
        run(opened, "Ruiz").hover()
        assert told(opened).startswith("struck")
        opened.page.keyboard.press("Escape")
        assert told(opened) == "" and lit(opened) == ""
        assert "#" not in opened.page.url

    def test_pressing_again_goes_through_what_stands_there(self, opened: Opened) -> None:
        seen = []
        for _ in range(4):
            run(opened, "before 2016").click()
            seen.append(opened.page.locator("#record .badge").first.inner_text())
        assert seen == ["date", "prediction", "quote", "date"]
        assert len(opened.page.locator("#record .also").first.locator("li").all()) == 2

    def test_the_panel_has_every_field_and_leads_on(self, opened: Opened) -> None:
        run(opened, "could").click()
        fields = opened.page.locator("#record > dl > dt").all_inner_texts()
        known = msgspec.structs.fields(PredictionRecord)
        assert set(fields) == {field.name.replace("_", " ") for field in known} - {"article"}
        panel = opened.page.locator("#record")
        panel.get_by_role("button", name="if the cranes fail").click()
        assert lit(opened, "spot").replace("|", "") == "if the cranes fail"
        holder = panel.locator("dt", has_text="holder").locator("xpath=following-sibling::dd[1]")
        quote = holder.locator("dt", has_text="quote").locator("xpath=following-sibling::dd[1]")
        quote.locator("a").click()
        assert opened.page.locator("#record .badge").first.inner_text() == "quote"
        speaker = panel.locator("a.entity").first
        speaker.click()
        assert told(opened) == "Ana Ruiz"

    def test_the_other_article_says_that_its_file_is_missing(self, opened: Opened) -> None:
        assert not opened.page.locator("#text .notice").count()
        opened.page.click("#next-article")
        assert "not at hand" in opened.page.inner_text("#text .notice")
        assert runs(opened, "cue") == "could|probably"
        opened.page.keyboard.press("[")
        assert not opened.page.locator("#text .notice").count()


class TestKeys:
    def test_through_the_records_and_back(self, opened: Opened) -> None:
        seen = []
        for key in "nnnp":
            opened.page.keyboard.press(key)
            seen.append(told(opened)[:11])
        assert seen == ["Ana Ruiz", "the harbour", "3 May 2014", "the harbour"]
        assert status(opened) == "2 of 12"

    def test_only_what_is_shown_is_stepped_through(self, opened: Opened) -> None:
        for kind in ("entity", "date", "quote", "event", "problem"):
            opened.page.uncheck(f"[name=kind][value={kind}]")
        opened.page.locator("body").click(position={"x": 5, "y": 5})
        opened.page.keyboard.press("n")
        opened.page.keyboard.press("n")
        assert told(opened) == "It will probably close"
        opened.page.keyboard.press("n")
        assert told(opened) == "It will probably close"

    def test_layers_and_search(self, opened: Opened) -> None:
        opened.page.keyboard.press("1")
        assert not opened.page.is_checked("[name=kind] >> nth=0")
        opened.page.keyboard.press("/")
        opened.page.keyboard.type("n1 zzz")
        assert status(opened) == "0 of 24 records shown"  # and nothing else happened
        assert told(opened) == "" and not opened.page.is_checked("[name=kind] >> nth=0")

    def test_they_can_be_switched_off_and_are_not_taken_from_the_browser(
        self, opened: Opened
    ) -> None:
        opened.page.keyboard.press("Control+n")
        assert told(opened) == ""
        opened.page.uncheck("#keys")
        opened.page.keyboard.press("n")
        assert told(opened) == ""

    def test_views_by_arrow(self, opened: Opened) -> None:
        opened.page.focus("#tab-text")
        for name in ("records", "timeline", "forecasts"):
            opened.page.keyboard.press("ArrowRight")
            assert opened.page.evaluate("document.activeElement.id") == f"tab-{name}"
            assert opened.page.is_visible(f"#view-{name}")

    def test_a_record_without_a_mouse(self, opened: Opened) -> None:
        view(opened, "records")
        opened.page.locator("#records a").nth(5).focus()
        opened.page.keyboard.press("Enter")
        assert told(opened).startswith("before 2016")
        style = "getComputedStyle(document.activeElement).outlineStyle"
        assert opened.page.evaluate(style) == "solid"


class TestFilters:
    @pytest.mark.parametrize(
        ("fields", "left"),
        [
            ({"search": "CRANES"}, ["date-due", "prediction-close", "quote-close"]),
            ({"search": "dockers union"}, ["entity-union", "event-strike"]),
            (
                {"entity": "Skell"},
                ["entity-skell", "prediction-close", "quote-close"],
            ),
            (
                {"speaker": "Ana Ruiz"},
                ["prediction-close", "prediction-probably", "quote-close"],
            ),
            ({"level": "likely"}, ["prediction-probably"]),
            ({"least": "60"}, ["prediction-probably"]),
            ({"most": "50"}, ["prediction-close"]),
            ({"orientation": "future"}, ["prediction-close", "prediction-probably"]),
            ({"hedged": "false"}, []),
            ({"after": "2015"}, ["date-due", "prediction-close"]),
            ({"after": "2014-05-03", "before": "2014-05"}, ["date-due", "date-may",
                                                         "prediction-close", "quote-close"]),
            ({"before": "1963-02"}, ["date-due", "event-open", "prediction-close"]),
            ({"confidence": "95"}, ["problem-x"]),
            ({"confidence": "60", "search": "close"}, ["prediction-close", "prediction-probably",
                                                    "quote-close"]),
        ],
    )  # fmt: skip
    def test_filter(self, opened: Opened, fields: dict[str, str], left: list[str]) -> None:
        view(opened, "records")
        opened.page.select_option("#article", label="The harbour of Skell")
        for name, value in fields.items():
            if name in ("entity", "speaker"):
                opened.page.select_option(f"#{name}", label=value)
            elif name in ("level", "orientation", "hedged"):
                opened.page.select_option(f"#{name}", value)
            else:
                opened.page.fill(f"#{name}", value)
        hrefs = [a.get_attribute("href") or "" for a in opened.page.locator("#records a").all()]
        assert sorted(href[1:-2] for href in hrefs) == left
        assert status(opened) == f"{len(left)} of 24 records shown"
        opened.page.click("button[type=reset]")
        opened.page.wait_for_function("document.querySelectorAll('#records li').length === 24")

    def test_every_view_follows(self, opened: Opened) -> None:
        opened.page.select_option("#speaker", label="Ana Ruiz")
        for name, count in (("timeline", 2), ("forecasts", 4), ("speakers", 1), ("entities", 2)):
            view(opened, name)
            assert len([r for r in opened.page.locator(f"#{name} > *").all() if r.is_visible()]) \
                == count  # fmt: skip

    def test_a_speaker_leads_to_what_was_said(self, opened: Opened) -> None:
        view(opened, "speakers")
        opened.page.get_by_role("button", name="Ana Ruiz").click()
        assert opened.page.is_visible("#view-records")
        assert status(opened) == "6 of 24 records shown"

    def test_an_entity_leads_to_where_it_is_mentioned(self, opened: Opened) -> None:
        view(opened, "entities")
        opened.page.get_by_role("button", name="Dockers' Union").click()
        assert status(opened) == "4 of 24 records shown"


class TestTimeline:
    def test_what_is_uncertain_is_drawn_so(self, opened: Opened) -> None:
        view(opened, "timeline")
        rows = opened.page.locator("#timeline li")
        assert [row.locator("b").text_content() for row in rows.all()] == [
            "opened", "opened", "struck", "struck",
            "the harbour of Skell could close before 2016",
            "the harbour of Skell could close before 2016",
        ]  # fmt: skip
        spring = rows.nth(2).locator("rect.bar").bounding_box()
        year = rows.nth(0).locator("rect.bar").bounding_box()
        assert spring and year and year["width"] > 3 * spring["width"] > 0
        assert rows.nth(4).locator(".cap").count() == 1  # an arrow: no beginning is known

    def test_zoom_stretches_and_shows_finer_marks(self, opened: Opened) -> None:
        view(opened, "timeline")
        bar = opened.page.locator("#timeline rect.bar").first
        before = bar.bounding_box()
        marks = opened.page.locator(".axis text:visible").count()
        opened.page.click("#closer")
        opened.page.keyboard.press("+")
        after = bar.bounding_box()
        assert before and after and after["width"] > 3.5 * before["width"]
        assert opened.page.locator(".axis text:visible").count() > marks
        assert opened.page.inner_text("#zoom") == "4 ×"
        for _ in range(9):
            opened.page.keyboard.press("-")
        assert opened.page.inner_text("#zoom") == "1 ×"

    def test_the_middle_stays_in_the_middle(self, opened: Opened) -> None:
        view(opened, "timeline")
        middle = """(() => { const l = document.getElementById("lanes");
            const a = document.querySelector(".axis svg").getBoundingClientRect();
            const label = document.querySelector(".axis .label").getBoundingClientRect();
            const box = l.getBoundingClientRect();
            return ((label.right + box.right) / 2 - a.left) / a.width; })()"""
        before = opened.page.evaluate(middle)
        opened.page.keyboard.press("+")
        opened.page.keyboard.press("+")
        assert abs(opened.page.evaluate(middle) - before) < 0.02

    def test_an_event_is_chosen_there(self, opened: Opened) -> None:
        view(opened, "timeline")
        opened.page.locator("#timeline a").nth(2).click()
        assert told(opened).startswith("struck")
        assert opened.page.is_visible("#view-timeline")
        assert opened.page.locator("#timeline .now").count() == 1


class TestForecasts:
    def test_bars_are_as_long_as_the_odds(self, opened: Opened) -> None:
        view(opened, "forecasts")
        for row in opened.page.locator("#forecasts li").all():
            chance = row.locator(".chance").bounding_box()
            bar = row.locator("rect.odds").bounding_box()
            low, high = (25, 50) if "could" in (row.text_content() or "") else (65, 80)
            assert chance and bar
            assert abs(bar["x"] - chance["x"] - low / 100 * chance["width"]) < 2
            assert abs(bar["width"] - (high - low) / 100 * chance["width"]) < 3

    def test_order(self, opened: Opened) -> None:
        view(opened, "forecasts")

        def first() -> str:
            return opened.page.locator("#forecasts a").first.text_content() or ""

        assert first().startswith("the harbour")
        opened.page.select_option("#order", "odds")
        assert first() == "It will probably close"
        opened.page.select_option("#order", "text")
        assert first().startswith("the harbour")


class TestLinks:
    @pytest.mark.parametrize("fragment", ["#prediction-probably/b", "#prediction-probably"])
    def test_a_link_leads_to_a_record(
        self, browser: Browser, file: Path, tmp_path: Path, fragment: str
    ) -> None:
        if "/" not in fragment:  # one article: the id alone
            file = write(tmp_path / "one.html", report_page(harbour(), sources={}))
        opened = Opened(browser, file, fragment=fragment, viewport=WIDE)
        assert told(opened) == "It will probably close"
        assert lit(opened).replace("|", "") == "It will probably close"
        opened.page.evaluate("location.hash = '#nothing-like-it%'")
        assert told(opened) == "It will probably close"
        opened.close()

    def test_the_index_leads_to_the_page_of_the_article(
        self, browser: Browser, tmp_path: Path
    ) -> None:
        records = [*harbour("a"), *harbour("b")]
        for name, page in report_pages(records, sources={}).items():
            write(tmp_path / name, page)
        opened = Opened(browser, tmp_path / "index.html", viewport=WIDE)
        view(opened, "timeline")
        opened.page.locator("#timeline a").nth(1).click()
        opened.page.wait_for_url("**/article-*.html#event-open")
        assert told(opened).startswith("opened")
        opened.page.get_by_role("link", name="All articles").click()
        opened.page.wait_for_url("**/index.html")
        assert opened.page.locator("#articles tbody tr").count() == 2
        assert opened.complaints == []
        opened.page.context.close()


@pytest.mark.parametrize("width", [320, 1000, 2560])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_the_window(browser: Browser, corpus_file: Path, width: int, scheme: str) -> None:
    opened = Opened(
        browser, corpus_file, viewport={"width": width, "height": 800}, color_scheme=scheme
    )
    for name in ("records", "timeline", "forecasts", "speakers", "entities", "text"):
        view(opened, name)
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
    opened.page.keyboard.press("n")
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
    box = opened.page.locator("#text .lit").first.bounding_box()
    panel = opened.page.locator("#record").bounding_box()
    assert box and panel
    if width == 320:  # the panel lies at the foot and leaves the words to be seen
        assert box["y"] + box["height"] <= panel["y"]
    else:
        assert panel["x"] >= box["x"] + box["width"]
    opened.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_violation_of_accessibility(browser: Browser, file: Path, scheme: str) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
    )
    # The page's own policy would keep the checker out.
    opened = Opened(browser, file, viewport=WIDE, color_scheme=scheme, bypass_csp=True)
    opened.page.keyboard.press("n")
    wanted = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    for name in ("text", "records", "timeline", "forecasts", "speakers", "entities"):
        view(opened, name)
        found = axe.Axe().run(opened.page, options=wanted).response["violations"]
        assert [(v["id"], [n["html"][:200] for n in v["nodes"][:3]]) for v in found] == []
    opened.close()


def test_nothing_is_no_error(browser: Browser, tmp_path: Path) -> None:
    for number, records in enumerate(([], harbour()[:1])):
        file = write(tmp_path / f"{number}.html", report_page(records, sources={}))
        opened = Opened(browser, file, viewport=WIDE)
        for name in ("records", "timeline", "forecasts", "speakers", "entities", "text"):
            view(opened, name)
        for key in "np+-[]1/":
            opened.page.keyboard.press(key)
        assert status(opened) == "0 of 0 records shown"
        opened.close()


def test_it_prints_what_is_looked_at(opened: Opened) -> None:
    opened.page.emulate_media(media="print")
    for gone in ("#tabs", "#choice", "#record"):
        assert not opened.page.is_visible(gone)
    assert opened.page.is_visible("#text")
    opened.page.keyboard.press("n")
    assert opened.page.is_visible("#record")


def test_a_timeline_that_was_stretched_prints_as_wide_as_the_paper(opened: Opened) -> None:
    view(opened, "timeline")
    opened.page.click("#closer")
    opened.page.emulate_media(media="print")
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= WIDE["width"]
    assert not opened.page.is_visible("#closer")


def test_without_scripts_tables_and_pictures_are_there(browser: Browser, file: Path) -> None:
    opened = Opened(browser, file, java_script_enabled=False)
    for name in ("#timeline", "#forecasts", "#speakers", "#entities", "#network"):
        assert opened.page.is_visible(name)
    assert "Without JavaScript" in opened.page.inner_text("header")
    opened.close()


def test_no_text_acts(browser: Browser, tmp_path: Path) -> None:
    records: list[Record] = []
    texts = {}
    for text in HOSTILE:
        made = hostile(text)
        records += made
        texts[made[0].article] = read_text(f"{text}\n\n{HARBOUR}\n\n{text}", id=made[0].article)
    page = report_page(records, sources=texts, title="".join(HOSTILE).replace("\ud800", ""))
    opened = Opened(browser, write(tmp_path / "hostile.html", page), viewport=WIDE)
    for _ in HOSTILE:
        for key in "nnnnn":
            opened.page.keyboard.press(key)
        opened.page.click("#next-article")
    text = ""
    for name in ("records", "timeline", "forecasts", "speakers", "entities"):
        view(opened, name)
        for button in opened.page.locator("[data-more]:visible").all():
            button.click()
        text += opened.page.text_content("main") or ""
    for words in (
        "</script><script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "javascript:alert(1)",
        "a\\u2028b\\u2029c",
        "abc\\u202ecba\\u2066",
        "{{ 7 * 7 }}{% raw %}",
        "\\x1b]0;title\\x07\\x00",
        "\\ud800lone",
    ):
        assert words in text, words
    assert opened.page.locator("main script, img, iframe").count() == 0
    hrefs = opened.page.evaluate("Array.from(document.links, a => a.getAttribute('href'))")
    assert hrefs and all(href.startswith("#") for href in hrefs)
    opened.close()


def many(count: int, articles: int) -> list[Record]:
    """So many records in so many articles, out of those of the sample corpus."""
    corpus: dict[str, list[Record]] = {}
    for record in corpus_records():
        corpus.setdefault(record.article, []).append(record)
    originals = list(corpus.values())
    made: list[Record] = []
    for number in range(articles):
        original = originals[number % len(originals)]
        for record in original[: 1 + count // articles]:
            made.append(msgspec.structs.replace(record, article=f"article-{number}"))  # type: ignore[type-var]
    return made


# What a person waits for: the script's part, and until the next frame is drawn.
_TIMED = """async ([selector, event, value]) => {
  const element = document.querySelector(selector);
  const start = performance.now();
  if (value !== null) element.value = value;
  if (event === "click") element.click();
  else element.dispatchEvent(new Event(event, { bubbles: true }));
  document.body.offsetHeight;
  const script = performance.now() - start;
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return [script, performance.now() - start];
}"""


def test_two_thousand_records_in_a_hundred_articles(
    browser: Browser, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """How long things take is told, not judged: that is up to the machine."""
    records = many(2000, 100)
    heads = [record for record in records if isinstance(record, ArticleRecord)]
    page = report_page(records, sources=find_sources(heads, [ROOT / "corpus"]))
    opened = Opened(browser, write(tmp_path / "many.html", page), viewport=WIDE)
    times: dict[str, Any] = opened.page.evaluate(
        """() => ({
          "first paint": performance.getEntriesByName("first-contentful-paint")[0].startTime,
          "ready": performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd })"""
    )
    lines = [f"{name}: {time:.0f} ms" for name, time in times.items()]
    opened.page.wait_for_timeout(300)
    for name, *act in (
        ("layer off", "[name=kind]", "click", None),
        ("next article", "#next-article", "click", None),
        ("records", "#tab-records", "click", None),
        ("search", "#search", "input", "water"),
        ("search cleared", "#search", "input", ""),
        ("timeline", "#tab-timeline", "click", None),
        ("zoom", "#closer", "click", None),
        ("forecasts", "#tab-forecasts", "click", None),
        ("speakers", "#tab-speakers", "click", None),
        ("entities", "#tab-entities", "click", None),
        ("text", "#tab-text", "click", None),
    ):
        script, frame = opened.page.evaluate(_TIMED, act)
        lines.append(f"{name}: {script:.0f} ms, drawn after {frame:.0f} ms")
    assert status(opened).startswith(f"{len(records) - 100 - opened_entities(records):,} of")
    with capsys.disabled():
        print(f"\n{len(page.encode()) / 1e6:.1f} MB; " + "; ".join(lines))
    opened.close()


def opened_entities(records: list[Record]) -> int:
    """How many entities the first layer switches off."""
    return sum(record.id.startswith("entity-") for record in records)
