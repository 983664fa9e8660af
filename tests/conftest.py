from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

import pipeline
from pipeline.extraction import Extraction, Extractor
from pipeline.reading import Article, read_article

from .browser import CHROMIUM

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "corpus"

# Two cores under load are slow at times; a deadline would only make tests flicker.
settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("default"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


def corpus_articles() -> list[Path]:
    endings = (".txt", ".md", ".html")
    return sorted(
        path for path in CORPUS.iterdir() if path.suffix in endings and path.stem != "README"
    )


@pytest.fixture(scope="session")
def extractor() -> Extractor:
    """The pipeline with the embedded model, loaded once."""
    return pipeline.load()


@pytest.fixture(scope="session")
def extracted_corpus(extractor: Extractor) -> dict[Path, tuple[Article, Extraction]]:
    """Every article of the corpus with its records, extracted once."""
    articles = {path: read_article(path.relative_to(ROOT)) for path in corpus_articles()}
    return {
        path: (article, extractor.extract_article(article)) for path, article in articles.items()
    }


@pytest.fixture(scope="session")
def shared() -> Path:
    """Development data beside the checkout; users do not have it."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the development data is not beside the checkout")
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium, started once; tests that need it are skipped where there is none."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no Chromium: apt-get install chromium")
    with api.sync_playwright() as playwright:
        # Root has no sandbox in a container; the pages are our own.
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()
