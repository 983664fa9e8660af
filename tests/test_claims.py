from __future__ import annotations

import re
from datetime import date

import msgspec
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from pipeline.claims import make_records
from pipeline.claims.ids import fold, number_twins, record_id
from pipeline.reading import read_text
from pipeline.records import (
    DateRecord,
    DateRef,
    EntityRecord,
    EventRecord,
    Pipeline,
    QuoteRecord,
)
from pipeline.stages import findings, layers
from pipeline.stages.findings import TokenSpan

INFO = Pipeline(name="claimline", version="0", model="none", fingerprint="0")


def test_id_is_kind_and_ten_hex_digits() -> None:
    assert re.fullmatch(r"date-[0-9a-f]{10}", record_id("date", "by 2023", "../2023"))


@given(st.text(max_size=30))
def test_id_ignores_case_quotes_dashes_and_space(text: str) -> None:
    curly = text.replace("'", "’").replace("-", "–").replace(" ", "\u00a0 ")
    assert record_id("quote", curly) == record_id("quote", text)
    assert fold(fold(text)) == fold(text)


def test_fields_do_not_run_together() -> None:
    assert record_id("date", "a b", "c") != record_id("date", "a", "b c")


@given(st.lists(st.sampled_from(["date-a", "date-b"]), max_size=20))
def test_numbered_twins_are_unique(ids: list[str]) -> None:
    numbered = number_twins(ids)
    assert len(set(numbered)) == len(ids)
    assert [n[:6] for n in numbered] == ids


def day(start: int, end: int) -> findings.Date:
    return findings.Date(
        span=TokenSpan(start, end),
        value="2020",
        type="DATE",
        precision="year",
        anchor="absolute",
        earliest=date(2020, 1, 1).isoformat(),
        latest=date(2020, 12, 31).isoformat(),
        confidence=1.0,
    )


def test_records_stand_in_reading_order_with_twins_numbered() -> None:
    article = read_text("In 2020 it rained.\n\nIt rained in 2020 again.\n")
    doc = spacy.blank("en").make_doc(article.text)
    years = [i for i, token in enumerate(doc) if token.text == "2020"]
    # The stage's order does not matter.
    layers.set_dates(doc, [day(i, i + 1) for i in reversed(years)])
    head, first, second = make_records(article, doc, INFO)
    assert head.id.startswith("article-")
    assert isinstance(first, DateRecord) and isinstance(second, DateRecord)
    assert second.id == f"{first.id}-2"
    assert [article.source[r.start : r.end] for r in (first, second)] == ["2020", "2020"]
    assert first.start < second.start


def test_links_hold_the_ids_of_other_records() -> None:
    article = read_text('"It rained," Ana Ruiz said in 2020.')
    doc = spacy.blank("en").make_doc(article.text)
    words = [token.text for token in doc]
    ana, year = words.index("Ana"), words.index("2020")
    layers.set_dates(doc, [day(year, year + 1)])
    mention = findings.EntityMention(span=TokenSpan(ana, ana + 2), form="name")
    layers.set_entities(
        doc,
        [findings.Entity(name="Ana Ruiz", type="PERSON", mentions=(mention,), confidence=0.9)],
    )
    quote = findings.Quote(
        type="direct",
        content=(TokenSpan(1, 3),),
        speaker=findings.Speaker(
            span=TokenSpan(ana, ana + 2), name="Ana Ruiz", entity=0, resolved_by="name"
        ),
        cue=findings.QuoteCue(span=TokenSpan(ana + 2, ana + 3), lemma="say", stance="neutral"),
        date=0,
        confidence=0.9,
    )
    layers.set_quotes(doc, [quote])
    by_kind = {type(record): record for record in make_records(article, doc, INFO)}
    made, entity, when = by_kind[QuoteRecord], by_kind[EntityRecord], by_kind[DateRecord]
    assert isinstance(made, QuoteRecord)
    assert made.speaker is not None and made.speaker.entity == entity.id
    assert made.date is not None and made.date.id == when.id
    assert made.text == 'It rained," Ana Ruiz said'
    assert [span.text for span in made.content] == ["It rained"]


def test_an_event_without_a_date_has_the_bound_of_its_tense() -> None:
    article = read_text("It rained.")
    doc = spacy.blank("en").make_doc(article.text)
    event = findings.Event(
        trigger=TokenSpan(1, 2),
        lemma="rain",
        clause=TokenSpan(0, 2),
        date=None,
        bound=(None, "2021-09-21"),
        link="narrative",
        polarity="positive",
        status="occurred",
        confidence=1.0,
    )
    layers.set_events(doc, [event])
    (record,) = (r for r in make_records(article, doc, INFO) if isinstance(r, EventRecord))
    assert record.date == DateRef(
        value="../2021-09-21", earliest=None, latest="2021-09-21", text="", id=None
    )


def test_layers_survive_bytes() -> None:
    nlp = spacy.blank("en")
    doc = nlp.make_doc("In 2020 it rained.")
    layers.set_dates(doc, [day(1, 2)])
    again = spacy.tokens.Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert layers.get_dates(again) == [day(1, 2)]


def test_context_of_a_bare_doc_is_empty() -> None:
    assert layers.get_context(spacy.blank("en").make_doc("x")) == findings.Context()


def test_token_spans_are_never_empty() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert([2, 2], TokenSpan)
    with pytest.raises(ValueError, match="start < end"):
        TokenSpan(2, 2)
