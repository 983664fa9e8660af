"""The elements of HTML by what they do to running text (HTML standard, sections 3.2.5 and 15.3)."""

from __future__ import annotations


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


#: Inside a sentence; the tags go, the text stays.
INLINE_TAGS = _names(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr output "
    "q s samp small span strike strong sub sup time tt u var wbr"
)

#: The text before and after such a tag does not belong to one word.
SPACING_TAGS = _names(
    "address blockquote br center dd div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre "
    "section td th tr ul"
)
