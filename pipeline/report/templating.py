"""Web pages that need nothing else and let nothing in.

A page holds one style and one script, both ours. Its policy names them by their digests, so that
nothing else on it acts, and lets nothing be fetched. The template escapes every text.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from .terminal import visible

# Zero-width joiner and non-joiner are part of how emoji and scripts are spelled.
_JOINERS = ("\u200c", "\u200d")


def render(name: str, **context: object) -> str:
    """The page `name`.html with its style and script.

    Args:
        name: of the template, the style and the script.
        context: what the template asks for besides these.
    """
    style, script = _file(f"{name}.css"), _file(f"{name}.js")
    return (
        _environment()
        .get_template(f"{name}.html")
        .render(
            style=Markup(style),  # ours, and without "</"
            script=Markup(script),
            style_digest=_digest(style),
            script_digest=_digest(script),
            **context,
        )
    )


def shown(text: str) -> str:
    r"""A text as `visible` has it, but with joiners, which do no harm in a page.

    Example:
        >>> shown("a\u202eb") == r"a\u202eb", shown("a\u200db") == "a\u200db"
        (True, True)
    """
    for joiner in _JOINERS:
        if joiner in text:
            return joiner.join(map(shown, text.split(joiner)))
    return visible(text)


def _file(name: str) -> str:
    return files(__package__).joinpath("templates", name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_file),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["visible"] = shown
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":")}
    return environment
