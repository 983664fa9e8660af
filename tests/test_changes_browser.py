"""The page of changes in headless Chromium: filter, click, keys, and that no text acts."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.report.changes_page import changes_page
from pipeline.revisions import compare

from .changed import CHANGES, NEW, OLD, change, place, version
from .test_changes_views import HOSTILE, extracted, hostile

api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium")

RAIN = version("Rain fell on Skell.", article="rain")


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with api.sync_playwright() as playwright:
        # Root has no sandbox in a container; the pages are our own.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Opened:
    """A page with everything that went wrong on it."""

    def __init__(self, browser, file: Path, **context) -> None:  # type: ignore[no-untyped-def]
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page = browser.new_context(**context).new_page()
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        page.on("request", lambda request: self.requests.append(request.url))
        page.goto(file.as_uri())
        self.page = page
        self.url = file.as_uri()

    def check(self) -> None:
        assert self.complaints == []
        assert self.requests == [self.url]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "changes.html"
    removed = change("removed", before=place(RAIN, "Rain"), after=None, article="rain", kind="date")
    path.write_text(
        changes_page([*CHANGES, removed], old={"strike": OLD, "rain": RAIN}, new={"strike": NEW}),
        encoding="utf-8",
    )
    return path


@pytest.fixture
def opened(browser, file: Path) -> Iterator[Opened]:  # type: ignore[no-untyped-def]
    opened = Opened(browser, file, viewport={"width": 1200, "height": 900})
    yield opened
    opened.check()
    opened.page.context.close()


def focused(opened: Opened) -> str:
    return opened.page.evaluate("document.activeElement.id || document.activeElement.tagName")


def shown(opened: Opened) -> list[str]:
    return [
        item.get_attribute("id")
        for item in opened.page.locator("aside li").all()
        if item.is_visible()
    ]


def test_all_changes_are_shown_at_first(opened: Opened) -> None:
    assert shown(opened) == ["e1", "e2", "e3", "e4"]
    assert opened.page.inner_text("#status") == "4 of 4 changes shown"


@pytest.mark.parametrize(
    ("box", "left"),
    [
        ("[name=severity][value=major]", ["e2", "e3", "e4"]),
        ("[name=severity][value=info]", ["e1", "e2"]),
        ("[name=kind][value=quote]", ["e1", "e3", "e4"]),
        # Of several types one that is wanted is enough.
        ("[name=type][value=moved]", ["e1", "e2", "e3", "e4"]),
        ("[name=type][value=added]", ["e1", "e2", "e4"]),
    ],
)
def test_filter(opened: Opened, box: str, left: list[str]) -> None:
    opened.page.click("details.types > summary")
    opened.page.uncheck(box)
    assert shown(opened) == left
    assert opened.page.inner_text("#status") == f"{len(left)} of 4 changes shown"
    for number in range(1, 5):
        badges = opened.page.locator(f"a.badge[data-c='{number}']").all()
        assert badges
        assert all(badge.is_visible() == (f"e{number}" in left) for badge in badges)
    opened.page.check(box)
    assert len(shown(opened)) == 4


def test_keys_step_through_the_changes_shown(opened: Opened) -> None:
    opened.page.uncheck("[name=severity][value=critical]")
    places = []
    for key in "nnnnpp":
        opened.page.keyboard.press(key)
        places.append(focused(opened))
    assert places == ["c1n", "c3n", "c4o", "c1n", "c4o", "c3n"]
    assert opened.page.locator("#e3 details").get_attribute("open") is not None
    assert opened.page.inner_text("#status") == "3 of 4: added (info), new text"
    badge = opened.page.locator("#c3n")
    assert badge.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    box = badge.bounding_box()
    assert box and 0 <= box["y"] < 900


def test_c_goes_to_the_counterpart_and_back(opened: Opened) -> None:
    opened.page.keyboard.press("n")
    places = []
    for _ in range(3):
        opened.page.keyboard.press("c")
        places.append(focused(opened))
    assert places == ["c1o", "c1n", "c1o"]


def test_keys_can_be_switched_off_and_are_not_taken_from_the_browser(opened: Opened) -> None:
    opened.page.keyboard.press("Control+c")
    assert focused(opened) == "BODY"
    opened.page.uncheck("#keys")
    opened.page.keyboard.press("n")
    assert focused(opened) == "keys"


def test_a_click_on_a_claim_goes_to_the_counterpart(opened: Opened) -> None:
    opened.page.click(".old .claim[data-c='2'] >> nth=0")
    assert focused(opened) == "c2n"
    opened.page.click("#c2n")
    assert focused(opened) == "c2o"
    assert opened.page.locator("#e2").get_attribute("class") == "now"


def test_a_claim_without_counterpart_leads_to_the_list(opened: Opened) -> None:
    opened.page.click("#c3n")
    assert opened.page.evaluate("document.activeElement.closest('li').id") == "e3"
    assert opened.page.locator("#e3 .line").is_visible()


def test_buttons_keep_the_focus(opened: Opened) -> None:
    opened.page.click("#next")
    opened.page.click("#next")
    assert focused(opened) == "next"
    assert opened.page.locator("#e2").get_attribute("class") == "now"
    opened.page.click("#counterpart")
    assert "old text" in opened.page.inner_text("#status")


@pytest.mark.model
def test_a_claim_that_did_not_change_leads_to_itself(browser, extractor, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    steady = '"The quay is closed," Ines Calloway said.'
    old = extracted(extractor, f"{steady}\n\nIt may rain in Skell on Monday.")
    new = extracted(extractor, f"{steady}\n\nIt will rain in Skell on Monday.")
    path = tmp_path / "kept.html"
    path.write_text(changes_page(compare(old, new), old={"text": old}, new={"text": new}), "utf-8")
    opened = Opened(browser, path)
    opened.page.locator(".old a.kept").first.press("Enter")
    assert opened.page.url.endswith("#k1-1n")
    colours = opened.page.evaluate(
        "Array.from(document.querySelectorAll('a.kept'), a => getComputedStyle(a).backgroundColor)"
    )
    assert len(set(colours)) == 2  # the one that was reached stands out
    opened.check()
    opened.page.context.close()


def test_unchanged_paragraphs_unfold(opened: Opened) -> None:
    cranes = opened.page.get_by_text("Its cranes are older").first
    assert not cranes.is_visible()
    opened.page.click("#unfold")
    assert cranes.is_visible()
    opened.page.click("#unfold")
    assert not cranes.is_visible()


def test_a_person_without_a_mouse_reaches_everything(opened: Opened) -> None:
    opened.page.keyboard.press("Tab")
    assert opened.page.evaluate("document.activeElement.className") == "skip"
    opened.page.keyboard.press("Enter")
    reached = set()
    for _ in range(40):
        opened.page.keyboard.press("Tab")
        reached.add(focused(opened))
        style = "getComputedStyle(document.activeElement)"
        visible = f"document.activeElement === document.body || {style}.outlineStyle !== 'none'"
        assert opened.page.evaluate(visible)
    assert {"c1o", "c1n", "c2o", "c2n", "c3n", "c4o", "SUMMARY", "A"} <= reached
    roles = opened.page.evaluate(
        "['main', 'header', 'nav', 'aside'].map(t => document.querySelectorAll(t).length)"
    )
    assert roles == [1, 1, 1, 2]


@pytest.mark.parametrize("width", [320, 1000, 2560])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_the_window(browser, file: Path, width: int, scheme: str) -> None:  # type: ignore[no-untyped-def]
    opened = Opened(browser, file, viewport={"width": width, "height": 800}, color_scheme=scheme)
    opened.page.keyboard.press("n")
    opened.page.click("#unfold")
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
    old, new = (opened.page.locator(f"#c2{side}").bounding_box() for side in "on")
    assert old and new
    if width == 320:
        assert old["x"] == new["x"] and old["y"] < new["y"]  # one below the other
    else:
        assert old["x"] + width / 4 < new["x"]
    opened.check()
    opened.page.context.close()


def test_it_reads_without_scripts(browser, file: Path) -> None:  # type: ignore[no-untyped-def]
    opened = Opened(browser, file, java_script_enabled=False)
    assert not opened.page.locator("#filter").is_visible()
    assert opened.page.locator("#c1o").is_visible()
    opened.page.click("#c1o")
    assert opened.page.url.endswith("#c1n")
    opened.check()
    opened.page.context.close()


def test_it_prints_without_what_only_a_screen_needs(opened: Opened) -> None:
    opened.page.emulate_media(media="print")
    assert not opened.page.locator("#filter").is_visible()
    assert not opened.page.locator("#steps").is_visible()
    assert opened.page.locator("#c1o").is_visible()


def test_contrast_is_enough_in_both_schemes(browser, file: Path) -> None:  # type: ignore[no-untyped-def]
    """WCAG 2.1 (AA): 4.5 of every colour of text to every ground that it stands on."""
    pairs = [
        ("ink", "ground"), ("faint", "ground"), ("link", "ground"), ("ink", "band"),
        ("ink", "old-ground"), ("ink", "new-ground"), ("ink", "now"), ("faint", "now"),
        ("link", "now"),
    ]  # fmt: skip
    for scheme in ("light", "dark"):
        opened = Opened(browser, file, color_scheme=scheme)
        style = "getComputedStyle(document.documentElement).getPropertyValue('--{}')"
        for front, back in pairs:
            a, b = (luminance(opened.page.evaluate(style.format(n)).strip()) for n in (front, back))
            assert (max(a, b) + 0.05) / (min(a, b) + 0.05) >= 4.5, (scheme, front, back)
        opened.page.context.close()


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_no_text_acts_in_the_browser(browser, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    made, old, new = [], {}, {}
    for text in HOSTILE:
        changes, before, after = hostile(text)
        made += changes
        old |= before
        new |= after
    path = tmp_path / "hostile.html"
    path.write_text(changes_page(made, old=old, new=new, title="".join(HOSTILE[:5])), "utf-8")
    opened = Opened(browser, path)
    for key in "nnnnnccpp":
        opened.page.keyboard.press(key)
    opened.page.click("#unfold")
    text = opened.page.inner_text("main")
    for words in (
        "<script>alert(1)</script>",
        "javascript:alert(1)",
        "\\u2028",
        "\\u202e",
        "{{ 7 * 7 }}",
    ):
        assert words in text
    assert opened.page.evaluate("document.querySelectorAll('main script, main img').length") == 0
    addresses = opened.page.evaluate(
        "Array.from(document.links, link => link.getAttribute('href'))"
    )
    assert all(address.startswith("#") for address in addresses)
    opened.check()
    opened.page.context.close()
