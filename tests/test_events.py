"""Events: which words of hand-parsed sentences are tied to which date, and what is told of them."""

from __future__ import annotations

import msgspec
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
from pipeline.stages.triggers import root_of

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
    doc: Doc,
    entities: tuple[Entity, ...] = (),
    quotes: tuple[Quote, ...] = (),
    *,
    threshold: float = 0.3,
) -> list[Event]:
    return find_events(doc, find_dates(doc)[0], entities, quotes, threshold=threshold)


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
        (OPEN, [("withdraw", "2014-05", "own")]),
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
    assert find_events(doc, find_dates(doc)[0], (), (), threshold=0.5) == []
    assert find_events(parsed(OWN), [], (), (), threshold=0.5) == []


def test_component_reads_the_layers_and_stores_events() -> None:
    doc = parsed(OWN)
    layers.set_dates(doc, find_dates(doc)[0])
    EventFinder(threshold=0.5)(doc)
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


def article(*sentences: str, title: bool = False, published: str | None = "2015-09-22") -> Doc:
    """A Doc of hand-parsed sentences, heads counted within each; the first may be the title."""
    lines, before = [], 0
    for sentence in sentences:
        rows = [line.split() for line in sentence.strip().splitlines()]
        for form, tag, head, relation in rows:
            lines.append(f"{form} {tag} {int(head) and int(head) + before} {relation}")
        before += len(rows)
    doc = parsed("\n".join(lines), published=published)
    starts = [sentence.start_char for sentence in doc.sents]
    assert len(starts) == len(sentences)
    blocks = tuple(
        ContextBlock(start, end, "title" if title and not i else "body")
        for i, (start, end) in enumerate(zip(starts, [*starts[1:], len(doc.text) + 1], strict=True))
    )
    layers.set_context(doc, Context(published=published, blocks=blocks))
    for token in doc:
        token.lemma_ = {"attacked": "attack"}.get(token.lower_, token.lower_)
    return doc


TRAVEL = """
They PRP 4 nsubj
are VBP 4 cop
to TO 4 mark
travel VB 0 ROOT
on IN 6 case
Friday NNP 4 obl
. . 4 punct
"""
THERE = """
In IN 2 case
2014 CD 4 obl
there EX 4 expl
was VBD 0 ROOT
a DT 6 det
march NN 4 nsubj
. . 4 punct
"""
SAW = """
The DT 2 det
1990s NNS 3 nsubj
saw VBD 0 ROOT
a DT 5 det
revolt NN 3 obj
. . 3 punct
"""
STORM = """
A DT 2 det
storm NN 4 nsubj
yesterday NN 4 obl:unmarked
sank VBD 0 ROOT
boats NNS 4 obj
. . 4 punct
"""
REPORTER = """
Volvo NNP 3 nsubj
yesterday NN 3 obl:unmarked
sold VBD 0 ROOT
boats NNS 3 obj
. . 3 punct
"""
SAID_THAT = """
Volvo NNP 2 nsubj
said VBD 0 ROOT
on IN 4 case
Monday NNP 7 obl
that IN 7 mark
sales NNS 7 nsubj
fell VBD 2 ccomp
. . 2 punct
"""
ESTIMATED = """
They PRP 2 nsubj
estimated VBD 0 ROOT
by IN 4 case
2050 CD 7 obl
prices NNS 7 nsubj
would MD 7 aux
double VB 2 ccomp
. . 2 punct
"""
COMPARED = """
Prices NNS 2 nsubj
rose VBD 0 ROOT
compared VBN 2 advcl
to IN 5 case
2014 CD 3 obl
. . 2 punct
"""
FIRST_SINCE = """
Volvo NNP 3 nsubj
has VBZ 3 aux
posted VBN 0 ROOT
its PRP$ 6 nmod:poss
first JJ 6 amod
loss NN 3 obj
since IN 8 case
1992 CD 3 obl
. . 3 punct
"""
WHEN_DATE = """
He PRP 2 nsubj
doubted VBD 0 ROOT
it PRP 2 obj
until IN 5 case
May NNP 2 obl
, , 9 punct
when WRB 9 advmod
banks NNS 9 nsubj
failed VBD 5 acl:relcl
. . 2 punct
"""
IN_DATE_WHEN = """
Ana NNP 2 nsubj
spoke VBD 0 ROOT
of IN 5 case
the DT 5 det
flood NN 2 obl
of IN 7 case
1927 CD 5 nmod
, , 11 punct
when WRB 11 advmod
ten CD 11 nsubj
drowned VBD 2 advcl
. . 2 punct
"""
CUTS = """
Volvo NNP 2 nsubj
announced VBD 0 ROOT
cuts NNS 2 obj
for IN 6 case
next JJ 6 amod
year NN 2 obl
. . 2 punct
"""
FELL_BEFORE = """
The DT 2 det
army NN 3 nsubj
collapsed VBD 0 ROOT
before IN 6 case
the DT 6 det
invasion NN 3 obl
in IN 8 case
2003 CD 3 obl
. . 3 punct
"""
PLANS = """
In IN 2 case
2014 CD 4 obl
he PRP 4 nsubj
made VBD 0 ROOT
plans NNS 4 obj
. . 4 punct
"""
ROUNDS = """
They PRP 2 nsubj
held VBD 0 ROOT
six CD 4 nummod
rounds NNS 2 obj
of IN 6 case
talks NNS 4 nmod
in IN 8 case
2014 CD 2 obl
. . 2 punct
"""
PRESENT = """
For IN 3 case
last JJ 3 amod
year NN 5 obl
Volvo NNP 5 nsubj
says VBZ 0 ROOT
it PRP 7 nsubj
lost VBD 5 ccomp
money NN 7 obj
. . 5 punct
"""


NO_ARMS = """
By IN 2 case
2014 CD 4 obl
they PRP 4 nsubj
had VBD 0 ROOT
no DT 6 det
arms NNS 4 obj
and CC 8 cc
left VBD 4 conj
. . 4 punct
"""
CLOSED_BY_COMMA = """
They PRP 3 nsubj
were VBD 3 aux:pass
jailed VBN 0 ROOT
until IN 5 case
2014 CD 7 obl
, , 7 punct
drawing VBG 3 advcl
protest NN 7 obj
. . 3 punct
"""
BY_SELLING = """
In IN 2 case
2014 CD 4 obl
Volvo NNP 4 nsubj
replied VBD 0 ROOT
by IN 6 mark
selling VBG 4 advcl
boats NNS 6 obj
. . 4 punct
"""
WITH_PRICES = """
In IN 2 case
2014 CD 4 obl
Volvo NNP 4 nsubj
closed VBD 0 ROOT
with IN 7 mark
prices NNS 7 nsubj
falling VBG 4 advcl
. . 4 punct
"""
WITH_STEALING = """
In IN 2 case
2014 CD 5 obl
he PRP 5 nsubj
was VBD 5 aux:pass
charged VBN 0 ROOT
with IN 7 mark
stealing VBG 5 advcl
. . 5 punct
"""
TAKES_PLACE = """
The DT 2 det
Biennale NNP 3 nsubj
took VBD 0 ROOT
place NN 3 obj
in IN 6 case
2014 CD 3 obl
, , 8 punct
drawing VBG 3 advcl
crowds NNS 8 obj
. . 3 punct
"""
PLANS_AND = """
In IN 2 case
2014 CD 4 obl
he PRP 4 nsubj
made VBD 0 ROOT
plans NNS 4 obj
and CC 7 cc
left VBD 4 conj
. . 4 punct
"""
PREDICATE_NOUN = """
It PRP 5 nsubj
was VBD 5 cop
the DT 5 det
2014 CD 5 compound
vote NN 0 ROOT
. . 5 punct
"""
FROM_A_YEAR = """
Prices NNS 2 nsubj
rose VBD 0 ROOT
from IN 4 case
2014 CD 2 obl
. . 2 punct
"""
FROM_YEAR_TO_YEAR = """
Prices NNS 2 nsubj
rose VBD 0 ROOT
from IN 4 case
2012 CD 2 obl
to IN 6 case
2014 CD 4 nmod
. . 2 punct
"""
FILED_FOR = """
Volvo NNP 2 nsubj
filed VBD 0 ROOT
for IN 4 case
bankruptcy NN 2 obl
in IN 6 case
2014 CD 2 obl
. . 2 punct
"""
HUNG_AHEAD = """
Roads NNS 7 nsubj
built VBN 1 acl
in IN 4 case
2014 CD 6 nmod
for IN 6 case
trucks NNS 2 obl
crumble VBP 0 ROOT
. . 7 punct
"""


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (NO_ARMS, [("left", "../2014")]),
        (CLOSED_BY_COMMA, [("jailed", "../2014"), ("drawing", "../2014")]),
        (BY_SELLING, [("replied", "2014"), ("selling", "2014")]),
        (WITH_PRICES, [("closed", "2014"), ("falling", "2014")]),
        (WITH_STEALING, [("charged", "2014")]),
        (TAKES_PLACE, [("Biennale", "2014"), ("drawing", "2014")]),
        (PLANS_AND, [("plans", "2014"), ("left", "2014")]),
        (PREDICATE_NOUN, [("vote", "2014")]),
        (HUNG_AHEAD, [("built", "2014")]),
        (FROM_A_YEAR, []),
        (FROM_YEAR_TO_YEAR, [("rose", "2012/2014")]),
        (FILED_FOR, [("filed", "2014")]),
        (TRAVEL, [("travel", "2015-09-25")]),
        (THERE, [("march", "2014")]),
        (SAW, [("revolt", "199X")]),
        (STORM, [("storm", "2015-09-21")]),
        (REPORTER, [("sold", "2015-09-21")]),
        (SAID_THAT, [("said", "2015-09-21")]),
        (ESTIMATED, [("double", "../2050")]),
        (COMPARED, []),
        (FIRST_SINCE, []),
        (WHEN_DATE, []),
        (IN_DATE_WHEN, [("flood", "1927"), ("drowned", "1927")]),
        (CUTS, [("cuts", "2016")]),
        (FELL_BEFORE, [("collapsed", "2003"), ("invasion", "2003")]),
        (PLANS, [("plans", "2014")]),
        (ROUNDS, [("talks", "2014")]),
        (PRESENT, [("lost", "2014")]),
    ],
    ids=[
        "verb-beside-a-state",
        "date-before-a-comma-and-a-participle",
        "means",
        "absolute",
        "charge",
        "what-takes-place",
        "verb-beside-a-light-verb",
        "noun-of-a-predicate",
        "date-hung-on-a-noun-ahead",
        "comparison-from-a-year",
        "from-a-year-to-a-year",
        "what-is-filed-for",
        "verb-after-is-to",
        "noun-after-there-is",
        "noun-that-a-time-saw",
        "noun-before-the-date",
        "day-between-name-and-verb",
        "date-before-that",
        "length-of-time-before-a-clause",
        "time-compared-with",
        "first-since",
        "clause-after-an-open-time",
        "clause-after-a-time",
        "past-verb-of-a-time-ahead",
        "noun-of-phrase-before-the-date",
        "act-of-a-light-verb",
        "act-in-a-measure",
        "present-verb-of-a-time-past",
    ],
)
def test_further_ties(table: str, expected: list[tuple[str, str]]) -> None:
    assert [(word, value) for word, value, _ in told(parsed(table))] == expected


def test_what_is_to_happen_is_scheduled() -> None:
    (event,) = events_of(parsed(TRAVEL))
    assert event.status == "scheduled"


@pytest.mark.parametrize(
    ("auxiliary", "status"),
    [("will MD", "scheduled"), ("may MD", "hypothetical"), ("did VBD", "occurred")],
)
def test_an_open_complement_has_the_status_of_its_governor(auxiliary: str, status: str) -> None:
    doc = parsed(f"""
    He PRP 3 nsubj
    {auxiliary} 3 aux
    begin VB 0 ROOT
    issuing VBG 3 xcomp
    stamps NNS 4 obj
    in IN 7 case
    2014 CD 3 obl
    . . 3 punct
    """)
    assert [(doc[e.trigger.start].text, e.status) for e in events_of(doc)] == [("issuing", status)]


@pytest.mark.parametrize(
    ("verb", "status"),
    [("seeks VBZ", "hypothetical"), ("plans VBZ", "scheduled"), ("managed VBD", "occurred")],
)
def test_what_is_sought_is_open_and_what_is_planned_is_scheduled(verb: str, status: str) -> None:
    doc = parsed(f"""
    Volvo NNP 2 nsubj
    {verb} 0 ROOT
    to TO 4 mark
    sell VB 2 xcomp
    boats NNS 4 obj
    in IN 7 case
    May NNP 4 obl
    . . 2 punct
    """)
    (event,) = (e for e in events_of(doc) if doc[e.trigger.start].text == "sell")
    assert event.status == status


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("killed VBD", ["blast", "killed"]),
        ("kills VBZ", ["blast"]),
        ("planned VBD", ["blast"]),
    ],
)
def test_a_verb_in_the_past_happened_when_its_dated_subject_did(
    verb: str, words: list[str]
) -> None:
    doc = parsed(f"""
    The DT 3 det
    2014 CD 3 nummod
    blast NN 4 nsubj
    {verb} 0 ROOT
    ten CD 4 obj
    . . 4 punct
    """)
    assert [doc[e.trigger.start].text for e in events_of(doc, threshold=0.5)] == words


def test_the_name_of_an_actor_is_no_event() -> None:
    doc = parsed("""
    He PRP 2 nsubj
    joined VBD 0 ROOT
    the DT 4 det
    Congress NNP 2 obj
    of IN 6 case
    2014 CD 4 nmod
    . . 2 punct
    """)
    assert told(doc, entity(doc, "ORG", "Congress")) == [("joined", "2014", "own")]
    assert ("Congress", "2014", "own") in told(doc, entity(doc, "EVENT", "Congress"))


def test_what_did_not_begin_did_not_happen() -> None:
    doc = parsed("""
    It PRP 4 nsubj
    did VBD 4 aux
    not RB 4 advmod
    begin VB 0 ROOT
    to TO 6 mark
    march VB 4 xcomp
    in IN 8 case
    2014 CD 4 obl
    . . 4 punct
    """)
    (event,) = events_of(doc)
    assert (doc[event.trigger.start].text, event.polarity) == ("march", "negative")


def test_had_is_no_modal() -> None:
    doc = parsed("""
    He PRP 3 nsubj
    'd VBD 3 aux
    left VBN 0 ROOT
    in IN 5 case
    2014 CD 3 obl
    . . 3 punct
    """)
    assert [e.status for e in events_of(doc)] == ["occurred"]


# -- one event told twice ----------------------------------------------------------------------

ATTACKED = """
Rebels NNPS 2 nsubj
attacked VBD 0 ROOT
Bria NNP 2 obj
on IN 5 case
Monday NNP 2 obl
. . 2 punct
"""
ATTACK_ON = """
The DT 2 det
attack NN 5 nsubj
on IN 4 case
Bria NNP 2 nmod
killed VBD 0 ROOT
ten CD 5 obj
. . 5 punct
"""


def spans(doc: Doc, kind: str, *words: str) -> Entity:
    """An entity of every occurrence of these single words."""
    mentions = tuple(
        EntityMention(span=TokenSpan(token.i, token.i + 1), form="name")
        for token in doc
        if token.text in words
    )
    return Entity(name=words[0], type=kind, mentions=mentions, confidence=1.0)  # type: ignore[arg-type]


def retold(doc: Doc, *entities: Entity, threshold: float = 0.5) -> list[tuple[str, list[str]]]:
    """(trigger, its mentions) of every event."""
    return [
        (doc[e.trigger.start].text, [doc[m.start].text for m in e.mentions])
        for e in events_of(doc, entities, threshold=threshold)
    ]


def test_the_noun_of_a_verb_tells_its_event_again() -> None:
    doc = article(ATTACKED, ATTACK_ON.replace("on IN 4 case", "against IN 4 case"))
    bria = spans(doc, "GPE", "Bria")
    assert retold(doc, bria) == [("attacked", ["attack"])]


def test_a_headline_tells_the_event_of_the_report() -> None:
    headline = "Rebels NNPS 2 nsubj\nattack VBP 0 ROOT\nBria NNP 2 obj"
    doc = article(headline, ATTACKED, title=True)
    assert retold(doc, spans(doc, "NORP", "Rebels"), spans(doc, "GPE", "Bria")) == [
        ("attacked", ["attack"])
    ]


@pytest.mark.parametrize(
    ("second", "why"),
    [
        (ATTACKED.replace("Monday", "Friday"), "another day"),
        (ATTACKED.replace("Bria", "Bossangoa"), "another town"),
        (ATTACKED.replace("Rebels", "Soldiers"), "others"),
    ],
    ids=lambda value: value if " " in value and "\n" not in value else "",
)
def test_events_that_differ_are_two(second: str, why: str) -> None:
    doc = article(ATTACKED, second)
    entities = (
        spans(doc, "NORP", "Rebels"),
        spans(doc, "NORP", "Soldiers"),
        spans(doc, "GPE", "Bria"),
        spans(doc, "GPE", "Bossangoa"),
    )
    named = [entity for entity in entities if entity.mentions]
    assert retold(doc, *named) == [("attacked", []), ("attacked", [])], why


def test_what_did_not_happen_and_what_happened_are_two() -> None:
    denied = """
    Rebels NNPS 4 nsubj
    did VBD 4 aux
    not RB 4 advmod
    attack VB 0 ROOT
    Bria NNP 4 obj
    on IN 7 case
    Monday NNP 4 obl
    """
    doc = article(ATTACKED, denied)
    rebels, bria = spans(doc, "NORP", "Rebels"), spans(doc, "GPE", "Bria")
    assert retold(doc, rebels, bria) == [("attacked", []), ("attack", [])]


def test_another_attack_is_another() -> None:
    doc = article(ATTACKED, ATTACK_ON.replace("The", "Another").replace("on IN", "against IN"))
    assert retold(doc, spans(doc, "GPE", "Bria")) == [("attacked", [])]


def test_who_says_something_twice_says_two_things() -> None:
    said = REPORTER.replace("sold", "said").replace("boats NNS 3 obj", "so RB 3 advmod")
    doc = article(said, said)
    assert len(events_of(doc, (spans(doc, "ORG", "Volvo"),))) == 2


def test_one_record_has_the_closest_date() -> None:
    doc = article(ATTACKED.replace("Monday", "2015"), ATTACKED)
    rebels, bria = spans(doc, "NORP", "Rebels"), spans(doc, "GPE", "Bria")
    (event,) = events_of(doc, (rebels, bria))
    assert event.trigger.start == 7
    assert event.mentions == (TokenSpan(1, 2),)


def test_a_noun_that_points_back_has_the_date_of_its_name_where_asked_for() -> None:
    doc = article(ATTACKED, "The DT 2 det\nattack NN 3 nsubj\nfailed VBD 0 ROOT")
    found = [
        (doc[e.trigger.start].text, e.link) for e in events_of(doc, threshold=0.01) if e.date == 0
    ]
    assert ("attack", "coreference") in found
    assert retold(doc) == [("attacked", [])]


@pytest.mark.parametrize(
    ("noun", "verb"),
    [
        ("attack", "attack"),
        ("announcement", "announce"),
        ("celebration", "celebrate"),
        ("cancellation", "cancel"),
        ("bombing", "bomb"),
        ("delivery", "deliver"),
        ("decision", "decide"),
        ("sale", "sell"),
        ("death", "die"),
    ],
)
def test_a_verb_and_its_noun_have_one_root(noun: str, verb: str) -> None:
    assert root_of(noun, noun=True) == root_of(verb, noun=False)


def test_nouns_that_only_look_derived_have_a_root_of_their_own() -> None:
    assert root_of("mission", noun=True) != root_of("miss", noun=False)


# -- the day of the story ----------------------------------------------------------------------

FLED = "Farmers NNS 2 nsubj\nfled VBD 0 ROOT\n. . 2 punct"


def narrated(doc: Doc, *, threshold: float = 0.01) -> list[tuple[str, str]]:
    dates = find_dates(doc)[0]
    return [
        (doc[e.trigger.start].text, dates[e.date].value)
        for e in events_of(doc, threshold=threshold)
        if e.link == "narrative" and e.date is not None
    ]


def test_the_day_of_the_story_is_that_of_the_next_verbs_in_the_past() -> None:
    doc = article(OWN, FLED)
    assert narrated(doc) == [("fled", "2015-09-21")]
    assert narrated(doc, threshold=0.5) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Farmers NNS 3 nsubj\nhad VBD 3 aux\nfled VBN 0 ROOT",
        "Farmers NNS 3 nsubj\nhave VBP 3 aux\nfled VBN 0 ROOT",
        "Farmers NNS 3 nsubj\nwill MD 3 aux\nflee VB 0 ROOT",
        "Farmers NNS 2 nsubj\nflee VBP 0 ROOT",
        "Ana NNP 2 nsubj\nis VBZ 0 ROOT\nthat IN 5 mark\nfarmers NNS 5 nsubj\nfled VBD 2 ccomp",
    ],
    ids=["pluperfect", "perfect", "future", "present", "clause-of-another"],
)
def test_other_tenses_are_not_of_the_day_of_the_story(sentence: str) -> None:
    assert narrated(article(OWN, sentence)) == []


def test_the_day_of_the_story_ends_where_the_paragraph_gives_another() -> None:
    background = "Farmers NNS 2 nsubj\nfled VBD 0 ROOT\nin IN 4 case\n1999 CD 2 obl\n. . 2 punct"
    doc = article(OWN, background, FLED)
    assert narrated(doc) == [("fled", "2015-09-21")]  # a paragraph of its own
    blocks = layers.get_context(doc).blocks
    joined = (blocks[0], ContextBlock(blocks[1].start, blocks[2].end, "body"))
    layers.set_context(doc, Context(published="2015-09-22", blocks=joined))
    assert narrated(doc) == []


def test_a_day_long_before_the_writing_is_not_that_of_the_story() -> None:
    long_ago = OWN.replace("on IN 6 case\nMonday NNP 2 obl", "in IN 6 case\n1999 CD 2 obl")
    assert narrated(article(long_ago, FLED)) == []


def test_the_headline_is_told_in_the_present_tense() -> None:
    doc = article("Farmers NNS 2 nsubj\nflee VBP 0 ROOT", OWN, title=True)
    assert narrated(doc) == [("flee", "2015-09-21")]


# -- events without a date ---------------------------------------------------------------------


def test_undated_events_have_the_bound_of_their_tense_where_asked_for() -> None:
    doc = article(FLED, "Farmers NNS 3 nsubj\nwill MD 3 aux\nreturn VB 0 ROOT\n. . 3 punct")
    assert find_events(doc, [], (), (), threshold=0.5) == []
    found = find_events(doc, [], (), (), threshold=0.5, undated=True)
    assert [(doc[e.trigger.start].text, e.date, e.bound) for e in found] == [
        ("fled", None, (None, "2015-09-22")),
        ("return", None, ("2015-09-22", None)),
    ]


def test_without_a_day_of_writing_there_is_no_bound() -> None:
    assert find_events(article(FLED, published=None), [], (), (), threshold=0.5, undated=True) == []


def test_an_event_has_a_date_or_a_bound() -> None:
    (event,) = events_of(parsed(OWN))
    with pytest.raises(ValueError, match="a date or the bound"):
        msgspec.structs.replace(event, date=None)


@given(trees())
def test_no_tree_breaks_the_search_for_further_events(doc: Doc) -> None:
    layers.set_context(doc, Context(published="2015-09-22"))
    dates = find_dates(doc)[0]
    found = find_events(doc, dates, (), (), threshold=0, undated=True)
    starts = [span.start for event in found for span in (event.trigger, *event.mentions)]
    assert len(starts) == len(set(starts))
    assert [event.trigger.start for event in found] == sorted(e.trigger.start for e in found)


def test_many_tellings_of_one_name_cost_little() -> None:
    size = 300
    doc = article(*[ATTACKED] * size)
    assert len(events_of(doc, threshold=0.01)) == size  # nobody known takes part


def test_participants_of_nouns_and_plans() -> None:
    doc = parsed("""
    In IN 4 case
    a DT 4 det
    2003 CD 4 nummod
    interview NN 6 obl
    Ana NNP 6 nsubj
    sang VBD 0 ROOT
    . . 6 punct
    """)
    event = next(e for e in events_of(doc) if doc[e.trigger.start].text == "interview")
    assert [(doc[p.span.start].text, p.role) for p in event.participants] == [("Ana", "agent")]
    doc = parsed("""
    Ana NNP 3 nmod:poss
    's POS 1 case
    plan NN 6 nsubj
    to TO 5 mark
    leave VB 3 acl
    failed VBD 0 ROOT
    in IN 8 case
    2014 CD 5 obl
    . . 6 punct
    """)
    (event,) = events_of(doc)
    assert [(doc[p.span.start].text, p.role) for p in event.participants] == [("Ana", "agent")]
