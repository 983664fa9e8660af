"""The web page: articles with their records marked, timeline, forecasts, speakers, entities.

Example:
    >>> from pathlib import Path
    >>> from pipeline import jsonl
    >>> from pipeline.report.page import find_sources, report_page
    >>> records = jsonl.read(Path("outputs/report.jsonl"))  # doctest: +SKIP
    >>> page = report_page(records, sources={})  # doctest: +SKIP
"""

from ...reading.sources import find_sources
from .build import report_page, report_pages

__all__ = ["find_sources", "report_page", "report_pages"]
