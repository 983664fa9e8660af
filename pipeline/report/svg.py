"""What pictures are made of: SVG elements, style for light and dark, text that fits.

Every text of an article goes through `visible` and the XML writer, so no markup, control character
or change of direction of theirs acts. The same input gives the same bytes.
"""

from __future__ import annotations

import unicodedata
from xml.etree import ElementTree

from .terminal import visible

CHARACTER = 7.0

# Every ink has a contrast of 4.5 or more to every ground, what WCAG 2.1 (AA) asks for text.
_LIGHT = {
    "ground": "#ffffff",
    "band": "#f3f5f8",
    "ink": "#1b1f24",
    "faint": "#59636e",
    "line": "#d3d9e0",
    "bar": "#1f5fa8",
    "second": "#a3400e",
}
_DARK = {
    "ground": "#14181d",
    "band": "#1b2129",
    "ink": "#e9edf1",
    "faint": "#9aa6b2",
    "line": "#39424d",
    "bar": "#7db4f0",
    "second": "#f2a36b",
}


def document(
    name: str, width: int, height: int, *, title: str, description: str, forms: str, colours: str
) -> ElementTree.Element:
    """An empty picture that names itself to screen readers.

    Args:
        name: the class of its root, to which all its style is bound.
        width: in pixels.
        height: in pixels.
        title: what it is; may be an article's.
        description: what is drawn.
        forms: a rule a line, "selector, selector: declarations".
        colours: the same, with colours by name in braces: ground, band, ink, faint, line, bar,
            second; written for light and for dark schemes.
    """
    svg = ElementTree.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {width} {height}",
            "width": str(width),
            "height": str(height),
            "class": name,
            "role": "img",
            "aria-labelledby": "claimline-title claimline-description",
        },
    )
    add(svg, "title", id="claimline-title").text = visible(title)
    add(svg, "desc", id="claimline-description").text = description
    add(svg, "style").text = _style(name, forms, colours)
    return svg


def written(svg: ElementTree.Element) -> str:
    """The picture as a file, ending in a line feed."""
    for element in svg:
        element.tail = "\n"  # white space anywhere else might be drawn
    return ElementTree.tostring(svg, encoding="unicode") + "\n"


def add(parent: ElementTree.Element, tag: str, **attributes: str | float) -> ElementTree.Element:
    """A new element; of `class_` and the like the last underscore falls, others become hyphens."""
    return ElementTree.SubElement(
        parent,
        tag,
        {name.rstrip("_").replace("_", "-"): _number(v) for name, v in attributes.items()},
    )


def _number(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def write(
    parent: ElementTree.Element, text: str, x: float, y: float, **attributes: str
) -> ElementTree.Element:
    """A text at a place; make it `visible` first where it is an article's."""
    element = add(parent, "text", x=x, y=y, **attributes)
    element.text = text
    return element


def _style(name: str, forms: str, colours: str) -> str:
    dark = _rules(name, colours.format(**_DARK))
    return (
        _rules(name, forms)
        + _rules(name, colours.format(**_LIGHT))
        + f"@media (prefers-color-scheme: dark) {{\n{dark}}}\n"
    )


def _rules(name: str, lines: str) -> str:
    """CSS that reaches nothing outside the picture where it stands in a page."""
    rules = []
    for line in lines.strip().split("\n"):
        selectors, _, declarations = line.partition(": ")
        scoped = ", ".join(f".{name} {selector}" for selector in selectors.split(", "))
        rules.append(f"{scoped} {{ {declarations}; }}\n")
    return "".join(rules)


def drawn_width(text: str) -> float:
    """About how wide a text of 13 px is drawn; wide East Asian characters count twice."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text) * CHARACTER


def fitted(text: str, width: float) -> str:
    """The text, or as much of it as is not wider than this, with an ellipsis."""
    if drawn_width(text) <= width:
        return text
    kept = 0
    room = width - CHARACTER
    for char in text:
        room -= drawn_width(char)
        if room < 0:
            break
        kept += 1
    return f"{text[:kept].rstrip()}…" if kept > 1 else ""
