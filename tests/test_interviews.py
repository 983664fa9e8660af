"""Interviews without labels: who answers and which paragraphs are answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from pipeline.extraction import Extractor
from pipeline.language import blank_nlp
from pipeline.lexicons import rows
from pipeline.records import PredictionRecord, QuoteRecord
from pipeline.stages.findings import Context, ContextBlock, Entity, EntityMention, TokenSpan
from pipeline.stages.interviews import Interview, Introduction, find_interview

NLP = blank_nlp()

TITLE = "Interview with clockmaker Petra Amsel"
DEK = "She restores the clocks of Ledburg."
FIRST = "How did you begin?"
TALE = "My aunt had a tower clock. I oiled it."
SECOND = "Will the town clock ever strike again?"
HOPE = "It may strike by Easter. Nobody can promise more."


def told(*paragraphs: str, people: tuple[str, ...] = ("Petra Amsel",), titled: bool = True) -> Doc:
    """A Doc of paragraphs, each one sentence, the first a title, with its context and people."""
    doc = NLP.make_doc("\n\n".join(paragraphs))
    blocks, at = [], 0
    for number, paragraph in enumerate(paragraphs):
        section = "title" if titled and not number else "body"
        blocks.append(ContextBlock(at, at + len(paragraph), section))
        at += len(paragraph) + 2
    starts = {block.start for block in blocks}
    for token in doc:
        token.is_sent_start = token.idx in starts
    doc.user_data["context"] = Context(blocks=tuple(blocks))
    doc.user_data["entities"] = [person(doc, name) for name in people]
    return doc


def person(doc: Doc, name: str) -> Entity:
    """A person with a mention wherever the name stands."""
    mentions, at = [], doc.text.find(name)
    while at >= 0:
        span = doc.char_span(at, at + len(name))
        assert span is not None
        mentions.append(EntityMention(span=TokenSpan(span.start, span.end), form="name"))
        at = doc.text.find(name, at + 1)
    return Entity(type="PERSON", name=name, mentions=tuple(mentions), confidence=1.0)


def interview(doc: Doc) -> Interview | None:
    return find_interview(doc, doc.user_data["context"], doc.user_data["entities"])


def answers(doc: Doc) -> list[str]:
    found = interview(doc)
    return [] if found is None else [doc[a.start : a.end].text for a in found.answers]


def test_answers_follow_questions() -> None:
    doc = told(TITLE, DEK, FIRST, TALE, "I still do.", SECOND, HOPE)
    found = interview(doc)
    assert found is not None
    assert found.person == 0
    assert doc[found.introduced.start : found.introduced.end].text == "Petra Amsel"
    assert answers(doc) == [TALE, "I still do.", HOPE]
    inside = [
        found.is_answer(token.i) for token in doc if token.text in ("aunt", "begin", "clocks")
    ]
    assert inside == [False, False, True]


def test_a_title_makes_up_for_a_second_question() -> None:
    assert answers(told(TITLE, DEK, FIRST, TALE)) == [TALE]
    spoken = "We spoke with Petra Amsel about her clocks."
    assert answers(told("Clocks", spoken, FIRST, TALE)) == []
    assert answers(told("Clocks", spoken, FIRST, TALE, SECOND, HOPE)) == [TALE, HOPE]


@pytest.mark.parametrize(
    "paragraphs",
    [
        (TITLE, DEK, TALE),  # no question
        (TITLE, DEK, "Who oils them?", TALE, "And who pays?", HOPE),  # nobody is addressed
        (TITLE, DEK, "“How did you begin?”", TALE),  # a quotation
        ("Clocks", DEK, FIRST, TALE, SECOND, "Petra Amsel may know."),  # not introduced
        ("The Ledger interviews a guild on Petra Amsel", DEK, FIRST, TALE),  # the topic
        (TITLE, DEK, TALE, FIRST),  # nothing follows
        # an author's own questions
        (TITLE, DEK, "How do you wind it?", "Each Friday. “I do,” she said.", "Can you?", "Yes."),
        ("Petra Amsel",),
    ],
)
def test_other_articles_are_no_interviews(paragraphs: tuple[str, ...]) -> None:
    assert interview(told(*paragraphs)) is None


def test_who_acts_in_the_sentence_is_not_who_answers() -> None:
    doc = told("In an interview with the Ledger, Petra Amsel wept", DEK, FIRST, TALE)
    assert interview(doc) is not None
    for token in doc:
        if token.text == "Amsel":
            token.dep_ = "nsubj"
        elif token.text == "Petra":
            token.head = doc[token.i + 1]
    assert interview(doc) is None


def test_a_person_before_the_phrase() -> None:
    doc = told("Petra Amsel, clockmaker, interviewed by Jonas Wirth", DEK, FIRST, TALE)
    doc.user_data["entities"] = [person(doc, "Jonas Wirth"), person(doc, "Petra Amsel")]
    found = interview(doc)
    assert found is not None
    assert found.person == 1


def test_lexicon_is_consistent() -> None:
    table = rows("interviews", Introduction)
    assert [row.phrase for row in table] == sorted({row.phrase for row in table})
    assert all(f"[{row.phrase}]" in row.example.lower() for row in table)


PARAGRAPHS = (
    TITLE,
    DEK,
    FIRST,
    TALE,
    SECOND,
    HOPE,
    "?",
    "“",
    "I",
    "We spoke to",
    "interviews " * 90,
)


@given(st.lists(st.sampled_from(PARAGRAPHS), min_size=1), st.booleans())
def test_answers_are_paragraphs_in_order(paragraphs: list[str], titled: bool) -> None:
    doc = told(*paragraphs, titled=titled)
    found = interview(doc)
    if found is not None:
        assert doc[found.introduced.start : found.introduced.end].text == "Petra Amsel"
        assert list(found.answers) == sorted(found.answers, key=lambda answer: answer.start)
        assert {doc[a.start : a.end].text.strip() for a in found.answers} <= {
            paragraph.strip() for paragraph in paragraphs if not paragraph.endswith("?")
        }
        assert sum(found.is_answer(token.i) for token in doc) == sum(
            answer.end - answer.start for answer in found.answers
        )


@pytest.mark.model
def test_answers_are_held_by_who_answers(extractor: Extractor) -> None:
    text = "\n\n".join(
        [
            TITLE,
            "On Friday the Ledger spoke to Petra Amsel about the clocks of Ledburg.",
            FIRST,
            "My aunt had a tower clock. I told the council: “It is broken.”",
            "Will you ever repair the town clock? It could fall.",
            "Do you think so?",
            "It may strike by Easter, but the council fears that the tower could sink.",
        ]
    )
    records = extractor.extract(text).records
    held = {
        record.cues[-1].text: (record.holder.kind, record.holder.name, record.holder.text)
        for record in records
        if isinstance(record, PredictionRecord)
    }
    assert held["may"] == ("source", "Petra Amsel", "Petra Amsel")
    assert held["could"][1] == "the council"
    said = [record for record in records if isinstance(record, QuoteRecord)]
    assert ("I", "Petra Amsel") in [(q.speaker.text, q.speaker.name) for q in said if q.speaker]
