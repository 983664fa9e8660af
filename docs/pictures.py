"""The pictures of the web page in the README, made from the sample corpus: `make pictures`.

Needs Chromium (`apt-get install chromium`) and the development group.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

import pipeline
from pipeline.reading import Article, article_ids, read_article
from pipeline.records import Record
from pipeline.report.page import report_page

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"
MOST_BYTES = 250_000
ARTICLE = "turkana-truce-analysis"


def main() -> None:
    """Extract, draw, and refuse what is too large for a README."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("no Chromium: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder:
        records, sources = _read()
        own = [record for record in records if record.article == ARTICLE]
        all_of_them = Path(folder, "all.html")
        one = Path(folder, "one.html")
        page = report_page(records, sources=sources, title="Ten sample articles")
        all_of_them.write_text(page, encoding="utf-8")
        one.write_text(report_page(own, sources=sources), encoding="utf-8")
        IMAGES.mkdir(exist_ok=True)
        with sync_playwright() as playwright:
            # Root has no sandbox in a container; the page is our own.
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            for name, file, scheme, show in (
                ("page-text", all_of_them, "light", _show_text),
                ("page-timeline", one, "dark", _show_timeline),
            ):
                page = browser.new_page(
                    viewport={"width": 1200, "height": 740}, color_scheme=scheme
                )
                page.goto(file.as_uri())
                show(page)
                page.screenshot(path=IMAGES / f"{name}.png")
            browser.close()
    for image in IMAGES.glob("page-*.png"):
        size = image.stat().st_size
        print(f"{image.relative_to(ROOT)}: {size:,} bytes")
        if size > MOST_BYTES:
            sys.exit(f"{image.name} is larger than {MOST_BYTES:,} bytes")


def _read() -> tuple[list[Record], dict[str, Article]]:
    extractor = pipeline.load()
    endings = (".txt", ".md", ".html")
    paths = sorted(
        path
        for path in (ROOT / "corpus").iterdir()
        if path.suffix in endings and path.stem != "README"
    )
    articles = [
        read_article(path, id=name) for path, name in zip(paths, article_ids(paths), strict=True)
    ]
    records = [record for a in articles for record in extractor.extract_article(a).records]
    return records, {article.id: article for article in articles}


def _show_text(page: Page) -> None:
    """A forecast that is someone's, with its horizon, in its text."""
    page.select_option("#turn", label="Why Lake Turkana's Truce Won't Last")
    page.locator("#text .run.cue").get_by_text("could", exact=True).first.click()
    page.locator("#text .lit").first.scroll_into_view_if_needed()


def _show_timeline(page: Page) -> None:
    """The timeline of one article, a record chosen."""
    page.click("#tab-timeline")
    page.locator("#timeline li:visible a.prediction").nth(1).click()
    page.keyboard.press("+")
    page.keyboard.press("+")
    page.evaluate("document.getElementById('lanes').scrollTo(1e6, 240); scrollTo(0, 0)")


if __name__ == "__main__":
    main()
