"""Other finders of cues of uncertainty: what `benchmarks.predictions` compares.

A peer gets the `Doc` of our language model, its words and sentences, and gives the tokens of its
cues.

- medspaCy (`medspacy.context.ConText` with the English rules that it brings): what it matches of
  the categories POSSIBLE_EXISTENCE and HYPOTHETICAL, those that only end the scope of others aside.
  Its rules are made for clinical notes; there is no other set.
- lexicon as a word list: every word and phrase of our `hedges.jsonl` in all its forms, wherever it
  stands, of several that overlap the longest.
- its usual cues: of the same those that carry a prediction more often than not (`prior` from 0.5;
  counted on `gold/train` and `gold/written`). No mere list: it knows what annotators found.
- `--list FILE`: the words of a file, for lists that are not ours, such as `hedges` of npm (MIT).

medspaCy is not among what the package needs, and its metadata does not let it be installed beside
spaCy 3.8 on Python before 3.12; `make benchmark-predictions` installs it without its dependencies.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.util import filter_spans

from pipeline.errors import PipelineError
from pipeline.lexicons import rows
from pipeline.stages.hedges import Hedge, spellings

HOW_TO_INSTALL = "make benchmark-predictions"
UNCERTAIN = frozenset({"POSSIBLE_EXISTENCE", "HYPOTHETICAL"})
USUAL = 0.5

Cues = Iterable[tuple[int, int]]


class CuePeer(NamedTuple):
    """A peer, ready to be asked.

    Attributes:
        name: of its rows.
        cues: of a Doc, as indices of the first token and of the one after the last.
    """

    name: str
    cues: Callable[[Doc], Cues]


def load_cue_peers(
    nlp: Language, lists: Sequence[Path] = ()
) -> tuple[list[CuePeer], dict[str, str], list[str]]:
    """The peers, the versions of those that are packages, and a line for each not installed.

    Raises:
        PipelineError: a list cannot be read.
    """
    lexicon = rows("hedges", Hedge)
    usual = [row for row in lexicon if row.prior >= USUAL]
    peers = [
        word_list(nlp, "lexicon as a word list", _forms(lexicon)),
        word_list(nlp, "its usual cues", _forms(usual)),
        *(word_list(nlp, path.name, read_words(path)) for path in lists),
    ]
    try:
        from medspacy.context import ConText
    except ImportError as error:
        note = f"medspaCy is left out ({error}); to have it: {HOW_TO_INSTALL}"
        return peers, {}, [note]
    return [medspacy(ConText(nlp)), *peers], {"medspacy": version("medspacy")}, []


def word_list(nlp: Language, name: str, words: Iterable[str]) -> CuePeer:
    """A peer that finds words and phrases wherever they stand."""
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    matcher.add("cue", [nlp.make_doc(text) for text in dict.fromkeys(words)])

    def cues(doc: Doc) -> Iterator[tuple[int, int]]:
        for span in filter_spans(matcher(doc, as_spans=True)):
            yield span.start, span.end

    return CuePeer(name, cues)


def medspacy(context: Any) -> CuePeer:
    """The peer of medspaCy.

    Args:
        context: its component `ConText`.
    """

    def cues(doc: Doc) -> Iterator[tuple[int, int]]:
        for modifier in context(doc)._.context_graph.modifiers:
            if modifier.category in UNCERTAIN and modifier.direction != "TERMINATE":
                yield modifier.modifier_span

    return CuePeer("medspaCy", cues)


def read_words(path: Path) -> list[str]:
    """The words of a file: a JSON array of strings, or one word or phrase a line.

    Raises:
        PipelineError: the file cannot be read, or has no words.
    """
    try:
        text = path.read_text(encoding="utf-8")
        words = json.loads(text) if text.lstrip().startswith("[") else text.splitlines()
    except (OSError, ValueError) as error:
        raise PipelineError(f"{path}: cannot be read as a list of words: {error}") from error
    kept = [word.strip() for word in words if isinstance(word, str) and word.strip()]
    if not kept:
        raise PipelineError(f"{path}: there are no words in it")
    return kept


def _forms(lexicon: Iterable[Hedge]) -> Iterator[str]:
    return (form for row in lexicon for form in spellings(row))
