"""Pictures as PNG, for where SVG is not shown."""

from __future__ import annotations

from xml.etree import ElementTree

from ..errors import PipelineError

MOST_PIXELS = 64_000_000
"""Four bytes each are in memory at once."""

_PROBE = '<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32">{}</svg>'


def rasterise(svg: str) -> bytes:
    """One of our SVG pictures as PNG, in its light colours.

    Twice as many pixels in each direction as the picture has, or as many where that would be more
    than `MOST_PIXELS`.

    Args:
        svg: a document with width and height in pixels.

    Raises:
        PipelineError: resvg-py is not installed, the machine has no font, or the picture is too
            large.
    """
    try:
        import resvg_py
    except ImportError as error:
        raise PipelineError(
            "PNG needs resvg-py: pip install 'claimline[png]', or write SVG"
        ) from error
    root = ElementTree.fromstring(svg)
    pixels = float(root.attrib["width"]) * float(root.attrib["height"])
    if pixels > MOST_PIXELS:
        raise PipelineError(
            f"the picture would have {pixels / 1e6:.0f} million pixels, more than the "
            f"{MOST_PIXELS // 10**6} that a PNG may have here: choose fewer events, or write SVG"
        )
    # Without a font the text would just be missing.
    letter = _PROBE.format('<text x="4" y="24">M</text>')
    if resvg_py.svg_to_bytes(letter) == resvg_py.svg_to_bytes(_PROBE.format("")):
        raise PipelineError(
            "PNG needs a font, and the system has none: install one, such as DejaVu Sans, or "
            "write SVG"
        )
    zoom = 2.0 if 4 * pixels <= MOST_PIXELS else 1.0
    return resvg_py.svg_to_bytes(svg, zoom=zoom)
