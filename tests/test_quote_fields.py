"""Fields of quotes over given parses, in both schemes, and their lexicon."""

from __future__ import annotations

import re

import pytest
from spacy.tokens import Doc

from pipeline.lexicons import rows
from pipeline.stages import layers
from pipeline.stages.findings import Date, TokenSpan
from pipeline.stages.quote_fields import Addressing, load_addressing

from .test_quotes import parsed, quotes_of

UD = """The DT det 1
consul NN nsubj 2
said VBD ROOT 2
in IN case 6
a DT det 6
1999 CD nummod 6
letter NN obl 2
to IN case 9
the DT det 9
board NN nmod 6
that IN mark 13
it PRP nsubj 13
had VBD aux 13
failed VBN ccomp 2
. . punct 2"""
CLEARNLP = """The DT det 1
consul NN nsubj 2
said VBD ROOT 2
in IN prep 2
a DT det 6
1999 CD nummod 6
letter NN pobj 3
to IN prep 6
the DT det 9
board NN pobj 7
that IN mark 13
it PRP nsubj 13
had VBD aux 13
failed VBN ccomp 2
. . punct 2"""


def dated(doc: Doc, start: int, value: str) -> Doc:
    date = Date(
        span=TokenSpan(start, start + 1),
        value=value,
        type="DATE",
        precision="year",
        anchor="absolute",
        confidence=1.0,
    )
    layers.set_dates(doc, [date])
    return doc


@pytest.mark.parametrize("spec", [UD, CLEARNLP], ids=["UD", "ClearNLP"])
def test_venue_addressee_and_date_in_both_schemes(spec: str) -> None:
    doc = dated(parsed(spec), 5, "1999")
    (quote,) = quotes_of(doc)
    assert text_of(doc, quote.venue) == "a 1999 letter to the board"
    assert text_of(doc, quote.addressee) == "the board"
    assert quote.date == 0


def text_of(doc: Doc, span: TokenSpan | None) -> str | None:
    return None if span is None else doc[span.start : span.end].text


def test_a_date_of_the_source_is_not_the_date_of_the_saying() -> None:
    doc = parsed(
        """Ana NNP nsubj 6
        , , punct 3
        a DT det 3
        barber NN appos 0
        since IN case 5
        1946 CD nmod 3
        said VBD ROOT 6
        it PRP nsubj 8
        failed VBD ccomp 6
        . . punct 6"""
    )
    (quote,) = quotes_of(dated(doc, 5, "1946/.."))
    assert quote.date is None


@pytest.mark.parametrize(("adverb", "reported"), [("reportedly", "reportedly"), ("loudly", None)])
def test_hearsay_is_told_by_the_lexicon(adverb: str, reported: str | None) -> None:
    doc = parsed(
        f"""The DT det 1
        king NN nsubj 3
        {adverb} RB advmod 3
        said VBD ROOT 3
        it PRP nsubj 5
        failed VBD ccomp 3
        . . punct 3"""
    )
    (quote,) = quotes_of(doc)
    assert text_of(doc, quote.reported) == reported


def test_addressing_words_are_told_once_and_stand_in_their_examples() -> None:
    words = rows("addressing", Addressing)
    keys = [(row.word, row.how) for row in words]
    assert keys == sorted(set(keys))
    for row in words:
        # Two letters: "said", "thought" and "wrote" are forms too.
        assert re.search(rf"\b{row.word[:2]}", row.example, re.IGNORECASE), row
    assert load_addressing()["tell"] >= {"object"}
