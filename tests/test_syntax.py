"""The same questions to both dependency schemes get the same answers."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc, Token

from pipeline.language import syntax

VOCAB = spacy.blank("en").vocab

# One word a line: form, part of speech, tag, number of the head (from 1, 0 is the root), relation.
# First Universal Dependencies, then ClearNLP.
SAID_UD = """
Ana PROPN NNP 5 nsubj
Ruiz PROPN NNP 1 flat
, PUNCT , 1 punct
minister NOUN NN 1 appos
said VERB VBD 0 ROOT
that SCONJ IN 9 mark
rates NOUN NNS 9 nsubj
may AUX MD 9 aux
fall VERB VB 5 ccomp
by ADP IN 11 case
May PROPN NNP 9 obl
. PUNCT . 5 punct
"""
SAID_CLEAR = """
Ana PROPN NNP 2 compound
Ruiz PROPN NNP 5 nsubj
, PUNCT , 2 punct
minister NOUN NN 2 appos
said VERB VBD 0 ROOT
that SCONJ IN 9 mark
rates NOUN NNS 9 nsubj
may AUX MD 9 aux
fall VERB VB 5 ccomp
by ADP IN 9 prep
May PROPN NNP 10 pobj
. PUNCT . 5 punct
"""
LIKELY_UD = """
It PRON PRP 4 expl
is AUX VBZ 4 cop
not PART RB 4 advmod
likely ADJ JJ 0 ROOT
that SCONJ IN 7 mark
he PRON PRP 7 nsubj
left VERB VBD 4 csubj
. PUNCT . 4 punct
"""
LIKELY_CLEAR = """
It PRON PRP 2 nsubj
is AUX VBZ 0 ROOT
not PART RB 2 neg
likely ADJ JJ 2 acomp
that SCONJ IN 7 mark
he PRON PRP 7 nsubj
left VERB VBD 2 ccomp
. PUNCT . 2 punct
"""
PASSIVE_UD = """
The DET DT 2 det
deal NOUN NN 4 nsubj:pass
was AUX VBD 4 aux:pass
signed VERB VBN 0 ROOT
by ADP IN 6 case
Ana PROPN NNP 4 obl:agent
and CCONJ CC 8 cc
broken VERB VBN 4 conj
. PUNCT . 4 punct
"""
PASSIVE_CLEAR = """
The DET DT 2 det
deal NOUN NN 4 nsubjpass
was AUX VBD 4 auxpass
signed VERB VBN 0 ROOT
by ADP IN 4 agent
Ana PROPN NNP 5 pobj
and CCONJ CC 4 cc
broken VERB VBN 4 conj
. PUNCT . 4 punct
"""
ACCORDING_UD = """
According ADP VBG 4 case
to ADP IN 1 fixed
the DET DT 4 det
group NOUN NN 7 obl
who PRON WP 6 nsubj
met VERB VBD 4 acl:relcl
won VERB VBD 0 ROOT
. PUNCT . 7 punct
"""
ACCORDING_CLEAR = """
According VERB VBG 7 prep
to ADP IN 1 prep
the DET DT 4 det
group NOUN NN 2 pobj
who PRON WP 6 nsubj
met VERB VBD 4 relcl
won VERB VBD 0 ROOT
. PUNCT . 7 punct
"""
CLAIM_UD = """
His PRON PRP$ 2 nmod:poss
claim NOUN NN 7 nsubj
that SCONJ IN 5 mark
talks NOUN NNS 5 nsubj
failed VERB VBD 2 acl
will AUX MD 7 aux
hurt VERB VB 0 ROOT
if SCONJ IN 10 mark
he PRON PRP 10 nsubj
stays VERB VBZ 7 advcl
. PUNCT . 7 punct
"""
CLAIM_CLEAR = """
His PRON PRP$ 2 poss
claim NOUN NN 7 nsubj
that SCONJ IN 5 mark
talks NOUN NNS 5 nsubj
failed VERB VBD 2 acl
will AUX MD 7 aux
hurt VERB VB 0 ROOT
if SCONJ IN 10 mark
he PRON PRP 10 nsubj
stays VERB VBZ 7 advcl
. PUNCT . 7 punct
"""


def parsed(table: str) -> Doc:
    rows = [line.split() for line in table.strip().split("\n")]
    heads = [int(row[3]) - 1 if int(row[3]) else i for i, row in enumerate(rows)]
    return Doc(
        VOCAB,
        words=[row[0] for row in rows],
        pos=[row[1] for row in rows],
        tags=[row[2] for row in rows],
        heads=heads,
        deps=[row[4] for row in rows],
    )


def word(doc: Doc, text: str) -> Token:
    return next(token for token in doc if token.text == text)


def text(token: Token | None) -> str | None:
    return None if token is None else token.text


def span(doc: Doc, bounds: tuple[int, int]) -> str:
    return doc[bounds[0] : bounds[1]].text


both = pytest.mark.parametrize


@both("table", [SAID_UD, SAID_CLEAR], ids=["ud", "clear"])
def test_attribution(table: str) -> None:
    doc = parsed(table)
    said, fall = word(doc, "said"), word(doc, "fall")
    subject = syntax.subject_of(said)
    assert subject is not None and subject.text in ("Ana", "Ruiz")
    assert span(doc, syntax.phrase_span(subject)) == "Ana Ruiz"
    assert span(doc, syntax.phrase_span(subject, apposition=True)).startswith("Ana Ruiz , minister")
    assert [text(noun) for noun in syntax.appositions(subject)] == ["minister"]
    assert syntax.complement_of(said) == fall
    assert syntax.governor_of(fall) == said
    assert span(doc, syntax.clause_span(fall)) == "rates may fall by May"
    assert syntax.predicate_of(word(doc, "may")) == fall
    assert [text(aux) for aux in syntax.auxiliaries(fall)] == ["may"]
    assert [(prep, text(noun)) for prep, noun in syntax.obliques(fall)] == [("by", "May")]
    assert syntax.preposition_of(word(doc, "May")) == "by"
    assert syntax.phrase_governor(word(doc, "May")) == fall
    assert syntax.tense(said) == "past" and syntax.tense(fall) == "present"
    assert not syntax.is_passive(said)


@both("table", [LIKELY_UD, LIKELY_CLEAR], ids=["ud", "clear"])
def test_copular_clause(table: str) -> None:
    doc = parsed(table)
    likely, left = word(doc, "likely"), word(doc, "left")
    assert syntax.complement_of(likely) == left
    assert text(syntax.copula_of(likely)) == "is"
    assert syntax.is_negated(likely)
    assert [text(token) for token in syntax.negations(likely)] == ["not"]
    assert text(syntax.expletive_of(likely)) == "It"
    assert syntax.tense(likely) == "present"
    assert syntax.is_predicate(likely)
    assert text(syntax.subject_of(left)) == "he"


@both("table", [PASSIVE_UD, PASSIVE_CLEAR], ids=["ud", "clear"])
def test_passive_and_coordination(table: str) -> None:
    doc = parsed(table)
    signed, broken = word(doc, "signed"), word(doc, "broken")
    assert syntax.is_passive(signed)
    assert text(syntax.agent_of(signed)) == "Ana"
    assert text(syntax.subject_of(broken)) == "deal"
    assert syntax.own_subject_of(broken) is None
    assert syntax.conjuncts(signed) == [broken]
    assert syntax.is_conjunct(broken) and not syntax.is_conjunct(signed)
    coordinator = syntax.coordinator_of(broken)
    assert coordinator is not None and coordinator.text == "and"
    assert syntax.coordinator_of(signed) is None
    assert span(doc, syntax.clause_span(signed)) == "The deal was signed by Ana and broken"


@both("table", [ACCORDING_UD, ACCORDING_CLEAR], ids=["ud", "clear"])
def test_according_to_and_relative_clause(table: str) -> None:
    doc = parsed(table)
    group = word(doc, "group")
    assert syntax.preposition_of(group) == "according to"
    assert [text(t) for t in syntax.prepositional_tokens(group)] == ["According", "to"]
    assert syntax.phrase_governor(group) == word(doc, "won")
    assert syntax.antecedent_of(word(doc, "who")) == group
    assert syntax.relative_clauses(group) == [word(doc, "met")]
    assert span(doc, syntax.phrase_span(group)) == "the group"
    assert span(doc, syntax.phrase_span(group, relative=True)) == "the group who met"


@both("table", [CLAIM_UD, CLAIM_CLEAR], ids=["ud", "clear"])
def test_noun_with_content_and_condition(table: str) -> None:
    doc = parsed(table)
    claim, hurt = word(doc, "claim"), word(doc, "hurt")
    assert syntax.complement_of(claim) == word(doc, "failed")
    assert text(syntax.possessor_of(claim)) == "His"
    assert syntax.tense(hurt) == "future"
    assert [(marker, text(head)) for marker, head in syntax.adverbial_clauses(hurt)] == [
        ("if", "stays")
    ]
    assert span(doc, syntax.clause_span(hurt, adverbial=False)).endswith("will hurt")
    assert syntax.clause_head(word(doc, "he")) == word(doc, "stays")


LEFT = """
He PRON PRP 3 nsubj
had AUX VBD 3 aux
left VERB VBN 0 ROOT
. PUNCT . 3 punct
"""


@both(
    ("table", "auxiliary"),
    [
        (LEFT, "had"),
        (LEFT.replace("had", "’d"), "’d"),
        (LEFT.replace("had AUX VBD", "’d AUX MD").replace("VBN", "VB"), None),
        (LEFT.replace("had", "has"), None),
        (LEFT.replace("He PRON PRP 3 nsubj", "would AUX MD 3 aux").replace("had", "have"), None),
    ],
)
def test_pluperfect(table: str, auxiliary: str | None) -> None:
    assert text(syntax.pluperfect_auxiliary(word(parsed(table), "left"))) == auxiliary


LABELS = sorted(
    syntax._CLAUSE
    | syntax._SUBJECT
    | syntax._BELONGS_TO_PREDICATE
    | syntax._PREDICATIVE
    | {"conj", "obl", "prep", "pobj", "case", "fixed", "flat", "nmod", "det", "punct", "parataxis"}
)


@st.composite
def trees(draw: st.DrawFn) -> Doc:
    """Any tree with any labels: parsers make mistakes."""
    size = draw(st.integers(1, 9))
    heads = [0] + [draw(st.integers(0, i - 1)) for i in range(1, size)]
    order = draw(st.permutations(range(size)))
    place = {old: new for new, old in enumerate(order)}
    new_heads = [0] * size
    for old, head in enumerate(heads):
        new_heads[place[old]] = place[head]
    deps = ["ROOT" if new_heads[i] == i else draw(st.sampled_from(LABELS)) for i in range(size)]
    words = [
        draw(st.sampled_from(["who", "that", "if", "not", ",", "said", "Ana", "’s"])) for _ in deps
    ]
    pos = [draw(st.sampled_from(["VERB", "AUX", "NOUN", "PUNCT", "ADJ", "PRON"])) for _ in deps]
    return Doc(VOCAB, words=words, heads=new_heads, deps=deps, pos=pos, tags=["VBD"] * size)


QUESTIONS = [
    function
    for name, function in vars(syntax).items()
    if callable(function)
    and not name.startswith("_")
    and list(getattr(function, "__annotations__", {}).values())[:1] == ["Token"]
]


@given(trees())
def test_no_tree_breaks_a_question(doc: Doc) -> None:
    assert len(QUESTIONS) > 30
    for token in doc:
        for question in QUESTIONS:
            question(token)
        for start, end in (syntax.clause_span(token), syntax.phrase_span(token)):
            assert 0 <= start < end <= len(doc)


def test_a_participle_with_a_subject_and_no_auxiliary_tells_of_the_past() -> None:
    ruptured = parsed(
        """
Cells NOUN NNS 2 nsubj
ruptured VERB VBN 0 ROOT
years NOUN NNS 4 obl:unmarked
ago ADV RB 2 advmod
"""
    )
    assert syntax.tense(word(ruptured, "ruptured")) == "past"
    headline = parsed("Miners NOUN NNS 2 nsubj:pass\nburied VERB VBN 0 ROOT\n")
    assert syntax.tense(word(headline, "buried")) is None


def test_a_modal_with_its_verb_left_out_has_its_own_time() -> None:
    for modal, tense in (("will", "future"), ("may", "present")):
        doc = parsed(f"Rates NOUN NNS 2 nsubj\n{modal} AUX MD 0 ROOT\n. PUNCT . 2 punct\n")
        assert syntax.tense(word(doc, modal)) == tense
