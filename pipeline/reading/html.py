"""HTML pages."""

from __future__ import annotations

import msgspec

from .article import Notice
from .drafts import Draft
from .html_content import find_content
from .html_metadata import page_metadata
from .html_tree import read_page
from .metadata import Metadata


def read_html(source: str) -> tuple[list[Draft], Metadata, list[Notice]]:
    """The article's paragraphs on a page, what the page states, and what was left out."""
    page = read_page(source)
    stated = page_metadata(page, source)
    content = find_content(page, stated.title)
    heading = next((draft.text for draft in content.drafts if draft.section == "title"), None)
    title = stated.title or ""
    if heading is not None and (title.startswith(heading) or title.endswith(heading)):
        # "Ferries stay put - Northern Post": pages add their own name to the title.
        stated = msgspec.structs.replace(stated, title=heading)
    notices = []
    if page.lost is not None:
        notices.append(
            Notice(
                "warning",
                "a tag that never ends: the rest of the file was not read",
                page.lost,
                len(source),
            )
        )
    if content.table_cells:
        notices.append(
            Notice("warning", f"tables were left out: {content.table_cells} cells of figures")
        )
    if content.left_out:
        notices.append(
            Notice(
                "warning",
                f"{content.left_out} paragraphs of the page around the article were left out "
                "(navigation, links, hidden text, code)",
            )
        )
    return content.drafts, stated, notices
