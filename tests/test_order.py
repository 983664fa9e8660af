"""Stated order: which of two marked events of a sentence comes first, as its words say."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from pipeline.evaluate.invariants import violations
from pipeline.extraction import Extractor
from pipeline.lexicons import rows
from pipeline.reading import read_text
from pipeline.records import EventRecord
from pipeline.stages import layers
from pipeline.stages.findings import Date, Event, TokenSpan
from pipeline.stages.order import OrderCue, find_order

from .test_syntax import LABELS, VOCAB, parsed

CUES = rows("order", OrderCue)


def events_at(*places: int, negative: int | None = None, unreal: int | None = None) -> list[Event]:
    return [
        Event(
            trigger=TokenSpan(i, i + 1),
            lemma="x",
            clause=TokenSpan(i, i + 1),
            date=0,
            link="own",
            polarity="negative" if i == negative else "positive",
            status="hypothetical" if i == unreal else "occurred",
            confidence=1.0,
        )
        for i in sorted(places)
    ]


def told(doc: Doc, events: list[Event], dates: list[Date]) -> list[tuple[str, str, str, str]]:
    """(event, relation, other event, evidence) of every order."""

    def trigger(index: int) -> str:
        return doc[events[index].trigger.start].text

    return [
        (
            trigger(order.event),
            order.relation,
            trigger(order.other),
            doc[order.evidence.start : order.evidence.end].text,
        )
        for order in find_order(doc, events, dates)
    ]


def read(extractor: Extractor, marked: str) -> list[tuple[str, str, str, str]]:
    """What the embedded model's parse of a sentence says of the events in brackets.

    `[not:word]` marks an event that is told as one that did not happen.
    """
    text = re.sub(r"\[(?:not:)?|\]", "", marked)
    places, gone = [], 0
    for match in re.finditer(r"\[((?:not:)?)([^]]*)\]", marked):
        start = match.start() - gone
        places.append((start, start + len(match[2]), bool(match[1])))
        gone += 2 + len(match[1])
    doc = extractor.nlp.make_doc(text)
    for name, component in extractor.nlp.pipeline:
        if name in ("claimline_encoder", "claimline_dates"):
            doc = component(doc)
    found = [(doc.char_span(start, end), negative) for start, end, negative in places]
    assert all(span is not None for span, _ in found)
    tokens = [span.start for span, _ in found if span is not None]
    negative = next((span.start for span, neg in found if neg and span is not None), None)
    return told(doc, events_at(*tokens, negative=negative), layers.get_dates(doc))


@pytest.mark.model
@pytest.mark.parametrize("cue", CUES, ids=lambda cue: f"{cue.kind}-{cue.form}")
def test_the_example_of_every_cue_is_read(cue: OrderCue, extractor: Extractor) -> None:
    first, second = re.findall(r"\[([^]]*)\]", cue.example)
    ((event, relation, other, evidence),) = read(extractor, cue.example)
    assert {event, other} == {first, second}
    assert relation == cue.relation
    if cue.kind != "scene":
        assert evidence.lower() in (cue.form, *cue.forms)


@pytest.mark.model
@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        # The order of the clauses does not matter.
        ("She [resigned] after the vote was [lost].", [("resigned", "after", "lost", "after")]),
        ("After the vote was [lost], she [resigned].", [("resigned", "after", "lost", "After")]),
        # The event may be what the verb leaves it to.
        ("She resigned before the [vote] was held.", []),
        ("She [resigned] before the [vote] was held.", [("resigned", "before", "vote", "before")]),
        ("They [left] after she made a [visit].", [("left", "after", "visit", "after")]),
        # Two phrases, one clause.
        (
            "She [left] after the [coup] and before the [election].",
            [("left", "after", "coup", "after"), ("left", "before", "election", "before")],
        ),
        # Words of time before the connective.
        ("Two days after the [vote], she [left].", [("left", "after", "vote", "after")]),
        ("She [left] shortly after the [vote].", [("left", "after", "vote", "after")]),
        ("The [talks] after the [war] dragged on.", [("talks", "after", "war", "after")]),
        # "Until" beside a negation, "since" beside no perfect.
        (
            "They did not [not:leave] until the war [ended].",
            [("leave", "after", "ended", "until")],
        ),
        ("They did not [not:leave] before the war [ended].", []),
        ("She [left] since the firm [closed] the mine.", []),
        ("She has [led] it since the founder [died].", [("led", "after", "died", "since")]),
        ("She waited until after they [left] and [called].", []),
        (
            "Exports [stopped] until after the port [opened].",
            [("stopped", "after", "opened", "after")],
        ),
        # No order.
        (
            "She [named] the ship after her mother [spoke] of it.",
            [("named", "after", "spoke", "after")],
        ),
        ("The [following] attack [killed] ten.", []),
        ("She [left] later than he [came].", []),
        # The pluperfect.
        (
            "Officials [said] that rebels had [fled].",
            [("fled", "before", "said", "had fled")],
        ),
        ("She [left] because they had [lost].", [("lost", "before", "left", "had lost")]),
        (
            "The envoy who had [signed] the treaty [died].",
            [("signed", "before", "died", "had signed")],
        ),
        ("Officials [said] that rebels have [fled].", []),
        ("She would have [left] when it [rained].", []),
        ("Had they [won], they would have [celebrated].", []),
        # A connective beside a pluperfect goes first.
        (
            "Before she had [finished], they [left].",
            [("left", "before", "finished", "Before")],
        ),
    ],
)
def test_sentences(
    sentence: str, expected: list[tuple[str, str, str, str]], extractor: Extractor
) -> None:
    assert read(extractor, sentence) == expected


AFTER_UD = """
He PRON PRP 2 nsubj
left VERB VBD 0 ROOT
after SCONJ IN 6 mark
talks NOUN NNS 6 nsubj
had AUX VBD 6 aux
failed VERB VBN 2 advcl
. PUNCT . 2 punct
"""
AFTER_CLEAR = AFTER_UD
WAKE_UD = """
He PRON PRP 2 nsubj
left VERB VBD 0 ROOT
in ADP IN 5 case
the DET DT 5 det
wake NOUN NN 2 obl
of ADP IN 7 case
riots NOUN NNS 5 nmod
. PUNCT . 2 punct
"""
WAKE_CLEAR = """
He PRON PRP 2 nsubj
left VERB VBD 0 ROOT
in ADP IN 2 prep
the DET DT 5 det
wake NOUN NN 3 pobj
of ADP IN 5 prep
riots NOUN NNS 6 pobj
. PUNCT . 2 punct
"""
PRECEDED_UD = """
Riots NOUN NNS 3 nsubj:pass
were AUX VBD 3 aux:pass
preceded VERB VBN 0 ROOT
by ADP IN 6 case
a DET DT 6 det
vote NOUN NN 3 obl:agent
. PUNCT . 3 punct
"""
PRECEDED_CLEAR = """
Riots NOUN NNS 3 nsubjpass
were AUX VBD 3 auxpass
preceded VERB VBN 0 ROOT
by ADP IN 3 agent
a DET DT 6 det
vote NOUN NN 4 pobj
. PUNCT . 3 punct
"""


@pytest.mark.parametrize(
    ("tables", "places", "expected"),
    [
        ((AFTER_UD, AFTER_CLEAR), (1, 5), ("left", "after", "failed", "after")),
        ((WAKE_UD, WAKE_CLEAR), (1, 6), ("left", "after", "riots", "in the wake of")),
        ((PRECEDED_UD, PRECEDED_CLEAR), (0, 5), ("vote", "before", "Riots", "preceded")),
    ],
    ids=["after", "in-the-wake-of", "preceded-by"],
)
def test_both_schemes_agree(
    tables: tuple[str, str], places: tuple[int, int], expected: tuple[str, str, str, str]
) -> None:
    for table in tables:
        assert told(parsed(table), events_at(*places), []) == [expected]


def test_a_condition_looks_back_at_nothing() -> None:
    doc = parsed(AFTER_UD.replace("after", "where"))
    assert told(doc, events_at(1, 5), []) == [("failed", "before", "left", "had failed")]
    assert told(doc, events_at(1, 5, unreal=5), []) == []
    assert told(doc, events_at(1, 5, negative=5), []) == []


def test_no_order_without_a_parse_or_a_second_event() -> None:
    bare = Doc(VOCAB, words=["left", "after", "talks"])
    assert find_order(bare, events_at(0, 2), []) == []
    assert find_order(parsed(AFTER_UD), events_at(1), []) == []


WORDS = sorted({word for cue in CUES for word in cue.form.split()} | {"had", "left", ","})


@st.composite
def sentences(draw: st.DrawFn) -> tuple[Doc, list[Event]]:
    """Any tree over words of the lexicon, any tokens as events."""
    size = draw(st.integers(2, 9))
    root = draw(st.integers(0, size - 1))
    heads = [root] * size
    reached = [root]
    for i in draw(st.permutations(range(size))):
        if i != root:
            heads[i] = draw(st.sampled_from(reached))
            reached.append(i)
    doc = Doc(
        VOCAB,
        words=[draw(st.sampled_from(WORDS)) for _ in range(size)],
        heads=heads,
        deps=["ROOT" if i == root else draw(st.sampled_from(LABELS)) for i in range(size)],
        pos=[draw(st.sampled_from(["VERB", "AUX", "NOUN", "ADP"])) for _ in range(size)],
        tags=[draw(st.sampled_from(["VBD", "VBN", "IN", "NN"])) for _ in range(size)],
    )
    places = draw(st.sets(st.integers(0, size - 1), min_size=2))
    return doc, events_at(*places)


@given(sentences())
def test_any_tree_gives_sound_orders(sentence: tuple[Doc, list[Event]]) -> None:
    doc, events = sentence
    orders = find_order(doc, events, [])
    pairs = [frozenset((order.event, order.other)) for order in orders]
    assert len(set(pairs)) == len(pairs)
    assert all(len(pair) == 2 and max(pair) < len(events) for pair in pairs)
    assert all(0 <= o.evidence.start < o.evidence.end <= len(doc) for o in orders)
    assert find_order(doc, events, []) == orders


@pytest.mark.model
def test_orders_stand_on_the_records(extractor: Extractor) -> None:
    article = read_text("Ana Ruiz resigned in May 2014 after the vote on 5 May.")
    records = extractor.extract_article(article).records
    events = {r.trigger.text: r for r in records if isinstance(r, EventRecord)}
    (order,) = events["resigned"].order
    assert (order.relation, order.event) == ("after", events["vote"].id)
    assert article.source[order.evidence.start : order.evidence.end] == "after"
    assert events["vote"].order == ()
    assert violations(article, records) == []
    gone = [record for record in records if record != events["vote"]]
    assert any("which is not there" in broken for broken in violations(article, gone))
