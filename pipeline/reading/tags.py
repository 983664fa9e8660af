"""The elements of HTML by what they do to running text (HTML standard, chapters 3, 13, 15)."""

from __future__ import annotations


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


#: Inside a sentence; the tags go, the text stays.
INLINE_TAGS = _names(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr output "
    "q s samp small span strike strong sub sup time tt u var wbr"
)

#: In plain text: what stands before and after such a tag does not belong to one word.
SPACING_TAGS = _names(
    "address blockquote br center dd div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre "
    "section td th tr ul"
)

#: A paragraph ends where they begin and where they end.
BLOCK_TAGS = _names(
    "address article aside blockquote caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup legend li listing main menu nav "
    "ol p pre search section summary table tbody td tfoot th thead tr ul"
)
TABLE_TAGS = _names("caption table tbody td tfoot th thead tr")

#: End tags do not reach out of them.
SCOPE_TAGS = _names("caption table td th")

#: Elements without content.
VOID_TAGS = _names(
    "area base basefont bgsound br col embed frame hr html body head img input keygen link meta "
    "param script source style textarea title track wbr xmp iframe noembed noframes"
)

#: What is inside is no text of the page.
SILENT_TAGS = _names(
    "audio button canvas datalist map math noscript object option rp rt select svg template video"
)
STRONG_TAGS = _names("b em i strong")

_CELL = (("td", "th"), ("table", "tr"))
_ROW_GROUP = (("tbody", "tfoot", "thead"), ("table",))

#: A start tag ends these open elements, where they were opened inside these containers; any other
#: block ends an open paragraph.
IMPLIED_ENDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "li": (("li",), ("dir", "menu", "ol", "ul")),
    "dd": (("dd", "dt"), ("dl",)),
    "dt": (("dd", "dt"), ("dl",)),
    "tr": (("tr",), ("table",)),
    "td": _CELL,
    "th": _CELL,
    "tbody": _ROW_GROUP,
    "tfoot": _ROW_GROUP,
    "thead": _ROW_GROUP,
}
