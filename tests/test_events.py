"""Events: which words of hand-parsed sentences are tied to which date, and what is told of them."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from pipeline.stages import layers
from pipeline.stages.dates import find_dates
from pipeline.stages.events import EventFinder, find_events
from pipeline.stages.findings import (
    Context,
    ContextBlock,
    Entity,
    EntityMention,
    Event,
    Quote,
    TokenSpan,
)

VOCAB = spacy.blank("en").vocab


def parsed(table: str, *, published: str | None = "2015-09-22") -> Doc:
    """A Doc from lines of "form tag head relation"; heads count from 1, 0 is the root."""
    rows = [line.split() for line in table.strip().splitlines()]
    pos = {
        "NNP": "PROPN",
        "NN": "NOUN",
        "NNS": "NOUN",
        "JJ": "ADJ",
        "IN": "ADP",
        "TO": "PART",
        "MD": "AUX",
        "DT": "DET",
        "CD": "NUM",
        "CC": "CCONJ",
        "PRP": "PRON",
        "WRB": "ADV",
        "RB": "ADV",
        "POS": "PART",
    }
    doc = Doc(
        VOCAB,
        words=[row[0] for row in rows],
        tags=[row[1] for row in rows],
        pos=[
            "AUX"
            if row[3].startswith(("aux", "cop"))
            else "VERB"
            if row[1].startswith("V")
            else pos.get(row[1], "PUNCT")
            for row in rows
        ],
        heads=[int(row[2]) - 1 if row[2] != "0" else i for i, row in enumerate(rows)],
        deps=[row[3] for row in rows],
        lemmas=[row[0].lower() for row in rows],
    )
    layers.set_context(doc, Context(published=published))
    return doc


def events_of(
    doc: Doc, entities: tuple[Entity, ...] = (), quotes: tuple[Quote, ...] = ()
) -> list[Event]:
    return find_events(doc, find_dates(doc)[0], entities, quotes)


def told(doc: Doc, *entities: Entity) -> list[tuple[str, str, str]]:
    """(trigger, value of its date, link) of every event."""
    dates = find_dates(doc)[0]
    return [
        (doc[e.trigger.start].text, dates[e.date].value, e.link) for e in events_of(doc, entities)
    ]


def entity(doc: Doc, kind: str, *phrases: str) -> Entity:
    mentions = []
    for phrase in phrases:
        words = phrase.split()
        start = next(
            i for i in range(len(doc)) if [t.text for t in doc[i : i + len(words)]] == words
        )
        span = TokenSpan(start, start + len(words))
        mentions.append(EntityMention(span=span, form="name"))
    return Entity(name=phrases[0], type=kind, mentions=tuple(mentions), confidence=1.0)  # type: ignore[arg-type]


OWN = """
Rebels NNS 2 nsubj
seized VBD 0 ROOT
the DT 4 det
town NN 2 obj
on IN 6 case
Monday NNP 2 obl
. . 2 punct
"""
ELECTION = """
The DT 2 det
election NN 4 nsubj:pass
was VBD 4 aux:pass
held VBN 0 ROOT
on IN 6 case
Sunday NNP 4 obl
. . 4 punct
"""
VISIT = """
She PRP 2 nsubj
made VBD 0 ROOT
a DT 4 det
visit NN 2 obj
last JJ 6 amod
week NN 2 obl:unmarked
. . 2 punct
"""
NOUN = """
The DT 3 det
2014 CD 3 nummod
protests NNS 4 nsubj
worried VBD 0 ROOT
him PRP 4 obj
. . 4 punct
"""
POSSESSIVE = """
He PRP 2 nsubj
condemned VBD 0 ROOT
Tuesday NNP 5 nmod:poss
's POS 3 case
attack NN 2 obj
. . 2 punct
"""
COPULA = """
The DT 2 det
vote NN 5 nsubj
is VBZ 5 cop
on IN 5 case
Friday NNP 0 ROOT
. . 5 punct
"""
STATE = """
He PRP 2 nsubj
knew VBD 0 ROOT
it PRP 2 obj
in IN 5 case
2014 CD 2 obl
. . 2 punct
"""
SAID = """
On IN 2 case
Monday NNP 4 obl
officials NNS 4 nsubj
said VBD 0 ROOT
that IN 7 mark
rebels NNS 7 nsubj
fled VBD 4 ccomp
. . 4 punct
"""
FRONTED = """
Yesterday NN 4 obl:unmarked
, , 4 punct
Sweden NNP 4 nsubj
won VBD 0 ROOT
and CC 7 cc
Tunisia NNP 7 nsubj
lost VBD 4 conj
. . 4 punct
"""
OTHER_SUBJECT = """
Sweden NNP 2 nsubj
won VBD 0 ROOT
yesterday NN 2 obl:unmarked
and CC 6 cc
Tunisia NNP 6 nsubj
lost VBD 2 conj
. . 2 punct
"""
OWN_DATES = """
Sweden NNP 2 nsubj
won VBD 0 ROOT
yesterday NN 2 obl:unmarked
and CC 5 cc
left VBD 2 conj
today NN 5 obl:unmarked
. . 2 punct
"""
OPEN = """
They PRP 2 nsubj
began VBD 0 ROOT
to TO 4 mark
withdraw VB 2 xcomp
in IN 6 case
May NNP 2 obl
2014 CD 6 nmod
. . 2 punct
"""
WHEN = """
Ten CD 2 nummod
died VBD 0 ROOT
last JJ 4 amod
week NN 2 obl:unmarked
when WRB 8 advmod
the DT 7 det
hotel NN 8 nsubj
collapsed VBD 2 advcl
. . 2 punct
"""
AFTER = """
Ten CD 2 nummod
died VBD 0 ROOT
last JJ 4 amod
week NN 2 obl:unmarked
after IN 8 mark
the DT 7 det
hotel NN 8 nsubj
collapsed VBD 2 advcl
. . 2 punct
"""
LENGTH = """
He PRP 2 nsubj
served VBD 0 ROOT
twelve CD 4 nummod
years NNS 2 obl:unmarked
every DT 6 det
month NN 2 obl:unmarked
. . 2 punct
"""


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (OWN, [("seized", "2015-09-21", "own")]),
        (ELECTION, [("election", "2015-09-20", "own")]),
        (VISIT, [("visit", "2015-09-14/2015-09-20", "own")]),
        (NOUN, [("protests", "2014", "own"), ("worried", "2014", "inherited")]),
        (POSSESSIVE, [("attack", "2015-09-22", "own")]),
        (COPULA, [("vote", "2015-09-25", "own")]),
        (STATE, []),
        (SAID, [("said", "2015-09-21", "own")]),
        (FRONTED, [("won", "2015-09-21", "own"), ("lost", "2015-09-21", "inherited")]),
        (OTHER_SUBJECT, [("won", "2015-09-21", "own")]),
        (OWN_DATES, [("won", "2015-09-21", "own"), ("left", "2015-09-22", "own")]),
        (OPEN, [("began", "2014-05", "own"), ("withdraw", "2014-05", "inherited")]),
        (
            WHEN,
            [
                ("died", "2015-09-14/2015-09-20", "own"),
                ("collapsed", "2015-09-14/2015-09-20", "inherited"),
            ],
        ),
        (AFTER, [("died", "2015-09-14/2015-09-20", "own")]),
        (LENGTH, []),
    ],
    ids=[
        "verb",
        "noun-of-held",
        "noun-of-light-verb",
        "noun-with-year",
        "noun-with-possessive",
        "noun-of-copula",
        "state",
        "reporting-verb-alone",
        "fronted-date-covers-both",
        "other-subject-after",
        "each-its-own",
        "open-complement",
        "when-clause",
        "after-clause",
        "lengths-and-recurrences",
    ],
)
def test_ties(table: str, expected: list[tuple[str, str, str]]) -> None:
    assert told(parsed(table)) == expected


def test_a_named_event_is_one_whatever_its_word() -> None:
    doc = parsed("""
    He PRP 2 nsubj
    swam VBD 0 ROOT
    at IN 7 case
    the DT 7 det
    2012 CD 7 nummod
    Summer NNP 7 compound
    Paralympics NNP 2 obl
    . . 2 punct
    """)
    games = entity(doc, "EVENT", "Summer Paralympics")
    assert told(doc, games) == [("swam", "2012", "inherited"), ("Paralympics", "2012", "own")]
    assert told(doc) == []


def test_a_date_line_ties_nothing() -> None:
    doc = parsed(OWN)
    blocks = (ContextBlock(0, len(doc.text), "dateline"),)
    layers.set_context(doc, Context(published="2015-09-22", blocks=blocks))
    assert events_of(doc) == []


def test_participants() -> None:
    doc = parsed("""
    The DT 2 det
    army NN 3 nsubj
    gave VBD 0 ROOT
    Ana NNP 3 iobj
    a DT 6 det
    gun NN 3 obj
    in IN 8 case
    Oslo NNP 3 obl
    in IN 10 case
    2014 CD 3 obl
    . . 3 punct
    """)
    ana, oslo = entity(doc, "PERSON", "Ana"), entity(doc, "GPE", "Oslo")
    (event,) = events_of(doc, (ana, oslo))
    found = [(doc[p.span.start : p.span.end].text, p.role, p.entity) for p in event.participants]
    assert found == [
        ("The army", "agent", None),
        ("a gun", "patient", None),
        ("Ana", "recipient", 0),
        ("Oslo", "place", 1),
    ]


def test_participants_of_a_passive() -> None:
    doc = parsed("""
    Boats NNS 3 nsubj:pass
    were VBD 3 aux:pass
    sunk VBN 0 ROOT
    by IN 5 case
    mines NNS 3 obl:agent
    in IN 7 case
    2014 CD 3 obl
    . . 3 punct
    """)
    (event,) = events_of(doc)
    roles = {doc[p.span.start].text: p.role for p in event.participants}
    assert roles == {"mines": "agent", "Boats": "patient"}


@pytest.mark.parametrize(
    ("verb", "polarity", "status"),
    [
        ("left VBD 0 ROOT", "positive", "occurred"),
        ("will MD 3 aux\nleave VB 0 ROOT", "positive", "scheduled"),
        ("may MD 3 aux\nleave VB 0 ROOT", "positive", "hypothetical"),
        ("did VBD 4 aux\nnot RB 4 advmod\nleave VB 0 ROOT", "negative", "occurred"),
    ],
)
def test_status_and_polarity(verb: str, polarity: str, status: str) -> None:
    root = 2 + verb.count("\n")
    doc = parsed(f"He PRP {root} nsubj\n{verb}\nin IN {root + 2} case\n2014 CD {root} obl")
    (event,) = events_of(doc)
    assert (event.polarity, event.status) == (polarity, status)


def test_source_is_the_innermost_quote() -> None:
    doc = parsed("""
    Ana NNP 2 nsubj
    said VBD 0 ROOT
    rebels NNS 4 nsubj
    fled VBD 2 ccomp
    in IN 6 case
    2014 CD 4 obl
    . . 2 punct
    """)
    outer = Quote(type="indirect", content=(TokenSpan(0, 7),), confidence=1.0)
    inner = Quote(type="indirect", content=(TokenSpan(2, 6),), confidence=1.0)
    (event,) = events_of(doc, (), (outer, inner))
    assert doc[event.trigger.start].text == "fled"
    assert event.source == 1
    assert doc[event.clause.start : event.clause.end].text == "rebels fled in 2014"


def test_one_event_told_twice_is_one() -> None:
    doc = parsed("""
    Ana NNP 2 nsubj
    left VBD 0 ROOT
    in IN 4 case
    2014 CD 2 obl
    . . 2 punct
    In IN 7 case
    2014 CD 9 obl
    Ana NNP 9 nsubj
    left VBD 0 ROOT
    . . 9 punct
    """)
    ana = Entity(
        name="Ana",
        type="PERSON",
        mentions=tuple(EntityMention(span=TokenSpan(i, i + 1), form="name") for i in (0, 7)),
        confidence=1.0,
    )
    (event,) = events_of(doc, (ana,))
    assert event.mentions == (TokenSpan(8, 9),)
    assert len(events_of(doc)) == 2  # nobody in common


def test_nothing_without_a_parse_or_without_dates() -> None:
    doc = Doc(VOCAB, words=["He", "left", "in", "2014", "."])
    assert find_events(doc, find_dates(doc)[0], (), ()) == []
    assert find_events(parsed(OWN), [], (), ()) == []


def test_component_reads_the_layers_and_stores_events() -> None:
    doc = parsed(OWN)
    layers.set_dates(doc, find_dates(doc)[0])
    EventFinder()(doc)
    (event,) = layers.get_events(doc)
    assert event.trigger == TokenSpan(1, 2)


_RELATIONS = """
    nsubj nsubj:pass obj iobj obl obl:unmarked nmod nmod:poss amod nummod compound conj xcomp ccomp
    advcl acl acl:relcl case cop aux aux:pass mark appos parataxis dep
"""
_FORMS = "on 2014 Friday May 5 election held took place was left he Ana in last week"
RELATIONS = st.sampled_from(_RELATIONS.split())
FORMS = st.sampled_from(_FORMS.split())
TAGS = st.sampled_from(["NOUN", "PROPN", "VERB", "AUX", "NUM", "ADP", "ADJ"])


@st.composite
def trees(draw: st.DrawFn) -> Doc:
    """Any tree over words of which many are dates, verbs and event nouns."""
    words = draw(st.lists(FORMS, min_size=1, max_size=12))
    root = draw(st.integers(0, len(words) - 1))
    heads = []
    for i in range(len(words)):
        # Every head lies between the word and the root: no cycle.
        step = 0 if i == root else draw(st.integers(1, abs(root - i)))
        heads.append(i + step if i < root else i - step)
    return Doc(
        VOCAB,
        words=words,
        heads=heads,
        deps=["ROOT" if i == root else draw(RELATIONS) for i in range(len(words))],
        pos=[draw(TAGS) for _ in words],
        tags=["NN"] * len(words),
        lemmas=words,
    )


@given(trees())
def test_no_tree_breaks_the_stage(doc: Doc) -> None:
    layers.set_context(doc, Context(published="2015-09-22"))
    dates = find_dates(doc)[0]
    in_dates = {i for date in dates for i in range(date.span.start, date.span.end)}
    for event in events_of(doc):
        assert event.trigger.start not in in_dates
        assert event.clause.start <= event.trigger.start < event.clause.end
        assert 0 <= event.date < len(dates)
        assert 0 < event.confidence <= 1


def test_a_long_enumeration_shares_no_date_and_costs_little() -> None:
    size = 300
    rows = ["left VBD 0 ROOT", "in IN 3 case", "2014 CD 1 obl"]
    rows += ["came VBD 1 conj"] * size
    doc = parsed("\n".join(rows))
    assert [doc[event.trigger.start].text for event in events_of(doc)] == ["left"]


RELATIVE = """
He PRP 2 nsubj
saw VBD 0 ROOT
the DT 4 det
gunmen NNS 2 obj
who WP 6 nsubj
came VBD 4 acl:relcl
to IN 8 case
Bria NNP 6 obl
on IN 10 case
Monday NNP 6 obl
. . 2 punct
"""
REDUCED = """
He PRP 2 nsubj
read VBD 0 ROOT
a DT 4 det
report NN 2 obj
issued VBN 4 acl
by IN 7 case
rebels NNS 5 obl:agent
on IN 9 case
Monday NNP 5 obl
. . 2 punct
"""
EXPIRES = """
The DT 2 det
treaty NN 3 nsubj
expires VBZ 0 ROOT
in IN 5 case
2022 CD 3 obl
. . 3 punct
"""
LIFTED = """
By IN 2 case
2014 CD 5 obl:agent
rationing NN 5 nsubj:pass
was VBD 5 aux:pass
lifted VBN 0 ROOT
. . 5 punct
"""
DUE = """
The DT 2 det
port NN 4 nsubj
is VBZ 4 cop
due JJ 0 ROOT
to TO 6 mark
reopen VB 4 xcomp
in IN 8 case
2016 CD 4 obl
. . 4 punct
"""
MEMO = """
She PRP 2 nsubj
resigned VBD 0 ROOT
in IN 6 case
a DT 6 det
1999 CD 6 nummod
memo NN 2 obl
. . 2 punct
"""
OBJECT = """
We PRP 2 nsubj
remember VBP 0 ROOT
1968 CD 2 obj
. . 2 punct
"""


def parts(doc: Doc, *entities: Entity) -> set[tuple[str, str]]:
    """(role, phrase) of the participants of the only event."""
    (event,) = events_of(doc, entities)
    return {(p.role, doc[p.span.start : p.span.end].text) for p in event.participants}


def test_a_relative_pronoun_stands_for_its_antecedent_and_a_goal_is_a_place() -> None:
    doc = parsed(RELATIVE)
    town = entity(doc, "GPE", "Bria")
    assert parts(doc, town) == {("agent", "the gunmen"), ("place", "Bria")}


def test_the_noun_of_a_past_participle_is_its_patient() -> None:
    assert parts(parsed(REDUCED)) == {("agent", "rebels"), ("patient", "a report")}


def test_a_date_is_nobody() -> None:
    assert parts(parsed(LIFTED)) == {("patient", "rationing")}


@pytest.mark.parametrize(
    ("published", "status"), [("2021-09-21", "scheduled"), ("2023-09-21", "occurred")]
)
def test_what_lies_after_publication_has_not_occurred(published: str, status: str) -> None:
    (event,) = events_of(parsed(EXPIRES, published=published))
    assert event.status == status


def test_the_date_of_a_plan_is_that_of_what_is_planned() -> None:
    doc = parsed(DUE)
    assert told(doc) == [("reopen", "2016", "own")]
    assert events_of(doc)[0].status == "scheduled"


def test_a_document_dates_what_is_said_in_it() -> None:
    assert told(parsed(MEMO)) == [("resigned", "1999", "own")]


def test_a_date_that_is_the_object_ties_nothing() -> None:
    assert told(parsed(OBJECT)) == []
