"""The inflected words of the treebanks and their lemmas, for `language/lemmas.py`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from .corpus import Document

_INFLECTED = frozenset(["VB", "VBD", "VBG", "VBN", "VBP", "VBZ", "NNS", "JJR", "JJS", "RBR", "RBS"])
_LEAST_SHARE = 0.9  # of a word's occurrences under a tag: "saw" as VBD is listed, "'s" is not


def inflections(documents: Iterable[Document]) -> dict[str, dict[str, str]]:
    """Penn tag -> word in lower case -> its lemma, where the treebanks (nearly) agree on one.

    Only tags whose words change their spelling by rule; base forms go by their script.

    Args:
        documents: those without tags and lemmas are passed over.
    """
    seen: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for document in documents:
        for sentence in document.sentences:
            tags, lemmas = sentence.layers.get("xpos"), sentence.layers.get("lemma")
            if tags is None or lemmas is None:
                continue
            for word, tag, lemma in zip(sentence.words, tags, lemmas, strict=True):
                if tag in _INFLECTED and lemma is not None:
                    seen[tag, word.lower()][lemma] += 1
    table: dict[str, dict[str, str]] = {tag: {} for tag in sorted(_INFLECTED)}
    for (tag, word), lemmas_seen in sorted(seen.items()):
        lemma, count = lemmas_seen.most_common(1)[0]
        if count >= _LEAST_SHARE * lemmas_seen.total():
            table[tag][word] = lemma
    return table
