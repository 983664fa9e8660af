"""Which paragraphs of a page are the article, and what they are in it.

A page says much of this itself: elements (`article`, `nav`, `figcaption`), roles, and class names,
whose usual words are data (`lexicons/reading_page_names.jsonl`). The rest is a matter of where the
running text is: the smallest element that holds most of it is the article.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from ..records import Section
from .datelines import date_line
from .drafts import Draft
from .html_names import Kind, is_hidden, named_kinds
from .html_tree import ROOT, Node, Page, Paragraph
from .structure import is_byline

# A furniture name on an element that holds more than this of the text is a mistake ("widget" on
# the wrapper of everything), and the article's own element holds at least that much.
_FURNITURE_SHARE = 0.5
_CONTENT_SHARE = 0.75
_ARTICLE_SHARE = 0.4
_MIN_TITLE_LENGTH = 8
_MIN_PROSE_LENGTH = 25  # menus are made of shorter pieces
_LINK_SHARE = 0.6
_SENTENCE_LINK_SHARE = 0.9
_MAX_LINK_LENGTH = 160
_MAX_HEAD_PARAGRAPHS = 12
_MAX_HEAD_LENGTH = 500
_MAX_LABELLED_LENGTH = 900  # longer, it is text, whatever its class name says
_MIN_TABLE_CELLS = 4
_MAX_CELL_LENGTH = 120

_FURNITURE_TAGS = frozenset({"aside", "code", "dialog", "footer", "form", "menu", "nav", "search"})
_FURNITURE_ROLES = frozenset(
    {"alert", "banner", "complementary", "contentinfo", "dialog", "menu", "menubar", "navigation"}
    | {"search", "toolbar"}
)
_CONTAINERS = frozenset(
    {"article", "center", "div", "form", "main", "section", "table", "tbody", "td", "tr"}
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}


class Content(NamedTuple):
    """The article's paragraphs, how many others were left out, and how many table cells."""

    drafts: list[Draft]
    left_out: int
    table_cells: int


def find_content(page: Page, title: str | None) -> Content:
    """Choose the article's paragraphs.

    Args:
        page: the page.
        title: what the metadata call the article, to tell its heading from the site's.
    """
    kinds = [_kinds(node) for node in page.nodes]
    dropped = _dropped(page, kinds)
    cells = _table_cells(page)
    prose = _prose_lengths(page, [dropped[paragraph.node] for paragraph in page.paragraphs])
    root = _root(page, kinds, prose)
    inside = _inherited([place == root for place in range(len(page.nodes))], page.nodes)
    sections = _sections(page.nodes, kinds)
    keep = []
    for index, paragraph in enumerate(page.paragraphs):
        keep.append(
            inside[paragraph.node]
            and not dropped[paragraph.node]
            and index not in cells
            and not _is_link(paragraph, sections[paragraph.node])
        )
    heading = _main_heading(page, dropped, keep, title)
    if heading is not None:
        _keep_head(page, heading, keep, dropped, sections)
    _drop_empty_headings(page, keep, heading)
    drafts = list(_drafts(page, keep, sections, heading))
    left_out = sum(not kept and index not in cells for index, kept in enumerate(keep))
    return Content(drafts, left_out, len(cells))


def _kinds(node: Node) -> frozenset[Kind]:
    """What the element's name, role and class names say that it is."""
    attributes = node.attributes
    if not attributes and node.name not in _FURNITURE_TAGS and node.name != "figcaption":
        return frozenset()
    kinds = set(named_kinds(attributes))
    if node.name in _FURNITURE_TAGS or attributes.get("role", "").lower() in _FURNITURE_ROLES:
        kinds.add("furniture")
    if is_hidden(attributes):
        kinds.add("hidden")
    if node.name == "figcaption":
        kinds.add("caption")
    if "articlebody" in attributes.get("itemprop", "").lower():
        kinds.add("content")
    if attributes.get("rel") == "author" or attributes.get("itemprop") == "author":
        kinds.add("byline")
    return frozenset(kinds)


def _prose_lengths(page: Page, skip: Sequence[bool]) -> list[int]:
    """Characters of running text in each element, all that is in it counted."""
    lengths = [0] * len(page.nodes)
    for paragraph, skipped in zip(page.paragraphs, skip, strict=True):
        length = len(paragraph.passage.text) - paragraph.link_length
        if not skipped and length >= _MIN_PROSE_LENGTH:
            lengths[paragraph.node] += length
    for place in range(len(page.nodes) - 1, ROOT, -1):
        lengths[page.nodes[place].parent] += lengths[place]
    return lengths


def _inherited(marked: list[bool], nodes: Sequence[Node]) -> list[bool]:
    """The marks, on everything inside a marked element too."""
    for place in range(1, len(nodes)):
        marked[place] = marked[place] or marked[nodes[place].parent]
    return marked


def _dropped(page: Page, kinds: Sequence[frozenset[Kind]]) -> list[bool]:
    """Whether each element is furniture of the page, or inside some."""
    prose = _prose_lengths(page, [False] * len(page.paragraphs))
    most = _FURNITURE_SHARE * prose[ROOT]
    marked = [
        bool(kinds[place] & {"furniture", "hidden"}) and prose[place] <= most
        for place in range(len(page.nodes))
    ]
    return _inherited(marked, page.nodes)


def _root(page: Page, kinds: Sequence[frozenset[Kind]], prose: Sequence[int]) -> int:
    """The smallest element that holds most of the running text.

    An element that says it is the article may hold less, among the teasers of other articles.
    """
    stated = [
        place
        for place, node in enumerate(page.nodes)
        if node.name in ("article", "main")
        or node.attributes.get("role") in ("main", "article")
        or "content" in kinds[place]
    ]
    for share in (_CONTENT_SHARE, _ARTICLE_SHARE):
        enough = [place for place in stated if prose[place] >= max(1, share * prose[ROOT])]
        if enough:
            return min(enough, key=lambda place: (prose[place], -place))
    root = ROOT
    for place, node in enumerate(page.nodes):
        # Parents come first, so each step leads to a child of the last.
        holds_most = prose[place] >= _CONTENT_SHARE * prose[ROOT] > 0
        if node.parent == root and node.name in _CONTAINERS and holds_most:
            root = place
    return root


def _sections(nodes: Sequence[Node], kinds: Sequence[frozenset[Kind]]) -> list[Section | None]:
    """What each element says that its text is, by itself or through what it is in."""
    order: tuple[Literal["credit", "caption", "byline", "dek", "note"], ...] = (
        "credit",
        "caption",
        "byline",
        "dek",
        "note",
    )
    sections: list[Section | None] = []
    for place, node in enumerate(nodes):
        own = next((kind for kind in order if kind in kinds[place]), None)
        sections.append(own or (sections[node.parent] if place else None))
    return sections


def _is_link(paragraph: Paragraph, section: Section | None) -> bool:
    """Whether a paragraph is just a link that leads elsewhere ("Read more")."""
    text = paragraph.passage.text
    share = _LINK_SHARE if text[-1] not in '.!?”"' else _SENTENCE_LINK_SHARE
    mostly = paragraph.link_length > share * len(text) and len(text) <= _MAX_LINK_LENGTH
    return mostly and section not in ("byline", "caption", "credit") and not is_byline(text)


def _table_cells(page: Page) -> set[int]:
    """The paragraphs in tables of figures; those that lay out a page hold whole paragraphs."""
    tables: list[int | None] = []
    for node in page.nodes:
        inherited = tables[node.parent] if tables else None
        tables.append(len(tables) if node.name == "table" else inherited)
    cells: dict[int, list[int]] = {}
    for index, paragraph in enumerate(page.paragraphs):
        table = tables[paragraph.node]
        if table is not None:
            cells.setdefault(table, []).append(index)
    found: set[int] = set()
    for members in cells.values():
        longest = max(len(page.paragraphs[index].passage.text) for index in members)
        if len(members) >= _MIN_TABLE_CELLS and longest <= _MAX_CELL_LENGTH:
            found.update(members)
    return found


def _main_heading(
    page: Page, dropped: Sequence[bool], keep: Sequence[bool], title: str | None
) -> int | None:
    """The heading that is the article's title: the one the metadata name, or the nearest `h1`."""
    first_kept = keep.index(True) if True in keep else len(keep)
    headings = [
        index
        for index, paragraph in enumerate(page.paragraphs)
        if page.nodes[paragraph.node].name in ("h1", "h2", "h3") and not dropped[paragraph.node]
    ]
    if title is not None:
        wanted = _folded(title)
        for index in headings:
            text = _folded(page.paragraphs[index].passage.text)
            # Pages add their own name, before or behind.
            is_part = wanted.startswith(text) or wanted.endswith(text)
            if text and (text == wanted or (is_part and len(text) >= _MIN_TITLE_LENGTH)):
                return index
    largest = [i for i in headings if page.nodes[page.paragraphs[i].node].name == "h1"]
    before = [index for index in largest if index <= first_kept]
    return before[-1] if before else (largest[0] if len(largest) == 1 else None)


def _keep_head(
    page: Page,
    heading: int,
    keep: list[bool],
    dropped: Sequence[bool],
    sections: Sequence[Section | None],
) -> None:
    """Keep the title, and what stands between it and the text: dek, byline, date, caption."""
    first_kept = keep.index(True) if True in keep else len(keep)
    keep[heading] = True
    if heading and date_line(page.paragraphs[heading - 1].passage.text):
        keep[heading - 1] = True
    between = range(heading + 1, first_kept)
    if len(between) > _MAX_HEAD_PARAGRAPHS:
        return
    for index in between:
        paragraph = page.paragraphs[index]
        keep[index] = (
            not dropped[paragraph.node]
            and len(paragraph.passage.text) <= _MAX_HEAD_LENGTH
            and not _is_link(paragraph, sections[paragraph.node])
        )


def _drop_empty_headings(page: Page, keep: list[bool], heading: int | None) -> None:
    """Leave out headings whose text was left out ("Related stories")."""
    kept_since = lost_since = False
    for index in range(len(page.paragraphs) - 1, -1, -1):
        if page.nodes[page.paragraphs[index].node].name in _HEADINGS:
            if keep[index] and index != heading and lost_since and not kept_since:
                keep[index] = False
            kept_since = lost_since = False
        elif keep[index]:
            kept_since = True
        else:
            lost_since = True


def _drafts(
    page: Page, keep: Sequence[bool], sections: Sequence[Section | None], heading: int | None
) -> Iterator[Draft]:
    follows_removed = False
    started = False
    for index, paragraph in enumerate(page.paragraphs):
        if not keep[index]:
            follows_removed = started
            continue
        level = _HEADINGS.get(page.nodes[paragraph.node].name)
        section = sections[paragraph.node]
        if index == heading:
            section = "title"
        elif len(paragraph.passage.text) > _MAX_LABELLED_LENGTH:
            section = None
        yield Draft(
            paragraph.passage,
            section=section,
            level=level if section is None else None,
            emphasised=paragraph.strong,
            follows_removed=follows_removed,
        )
        started, follows_removed = True, False


def _folded(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()
