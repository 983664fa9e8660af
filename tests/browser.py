"""A page in a real browser, with everything that goes wrong on it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)


class Opened:
    """A file opened in a window of its own.

    Attributes:
        page: for what people do.
        complaints: errors, messages of the console, dialogs.
        requests: addresses asked for, the page's own among them.
    """

    def __init__(self, browser: Browser, file: Path, *, fragment: str = "", **context: Any) -> None:
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.url = f"{file.as_uri()}{fragment}"
        self.page = browser.new_context(**context).new_page()
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(self.url)

    def close(self) -> None:
        """Nothing went wrong, and nothing but the page itself was asked for."""
        self.page.context.close()
        assert self.complaints == []
        assert self.requests == [self.url.partition("#")[0]]
