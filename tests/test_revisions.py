"""Comparing two versions: what is aligned, what a change is called, and what never matters."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import Any, get_args

import jsonschema
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import asdict

from pipeline import jsonl
from pipeline.errors import ConfigError
from pipeline.extraction import Extractor
from pipeline.records import (
    DateRecord,
    EntityRecord,
    EventRecord,
    Mention,
    Participant,
    PredictionRecord,
    QuoteCue,
    QuoteRecord,
    Record,
    Trigger,
)
from pipeline.revisions import Change, Version, compare, compare_all, json_schema, severity_of
from pipeline.revisions.changes import KINDS, SEVERITIES, ChangeType
from pipeline.revisions.select import fail_on, selected
from pipeline.revisions.words import differences, words_of

from . import by_hand

# Each example is a comparison of two articles.
few = settings(max_examples=40)

OPENING = "The committee met for two hours. Its members left without a word to the press."
CLOSING = "Rain fell on the capital all day. The trams ran late."

MIRROR: dict[str, str] = {
    "added": "removed",
    "split": "merged",
    "hedge_strengthened": "hedge_weakened",
    "hedge_added": "hedge_removed",
    "condition_added": "condition_removed",
    "date_narrowed": "date_widened",
    "quote_to_paraphrase": "paraphrase_to_quote",
    "speaker_resolved": "speaker_unresolved",
}
MIRROR |= {after: before for before, after in MIRROR.items()}


def version(
    extractor: Extractor, text: str, *, published: str = "2024-03-01", article: str = "a"
) -> Version:
    found = extractor.extract(text, published=published)
    first = found.article
    return Version(
        article=article,
        records=found.records,
        text=text,
        sha256=first.sha256,
        fingerprint=first.pipeline.fingerprint,
        origin="memory",
    )


def told(changes: Sequence[Change]) -> set[tuple[str, str]]:
    """Kind and type of what an editor did; readings and surroundings aside."""
    return {(c.kind, name) for c in changes if c.cause == "editorial" for name in c.types}


CASES = [
    # hedges
    (
        "Rates may fall by June, analysts say.",
        "Rates will fall by June, analysts say.",
        "prediction hedge_strengthened",
    ),
    ("The bank will probably cut rates.", "The bank could cut rates.", "prediction hedge_weakened"),
    (
        "A strike is unlikely to close the port.",
        "A strike is very unlikely to close the port.",
        "prediction hedge_strengthened",
    ),
    (
        "There is a 60% chance that the dam will fail.",
        "There is a 70% chance that the dam will fail.",
        "prediction hedge_strengthened",
    ),
    (
        "The northern ferry line may close its last terminal.",
        "The northern ferry line has closed its last terminal.",
        "prediction hedge_removed",
    ),
    (
        "The northern ferry line closed its last terminal.",
        "The northern ferry line may close its last terminal.",
        "prediction hedge_added",
    ),
    (
        "Prosecutors are likely to ask for more when the court sits again on Monday.",
        "Prosecutors may ask for more when the court sits again on Monday.",
        "prediction hedge_weakened",
    ),
    # claims
    (
        "The army may attack the town.",
        "The army may not attack the town.",
        "prediction polarity_flipped",
    ),
    ("The dam could fail.", "The dam could fail if the rains go on.", "prediction condition_added"),
    (
        "The dam could fail if the rains go on.",
        "The dam could fail.",
        "prediction condition_removed",
    ),
    (
        "The dam could fail if the rains go on.",
        "The dam could fail if the gates jam.",
        "prediction condition_changed",
    ),
    ("The mine may reopen by 2026.", "The mine may reopen by 2028.", "prediction horizon_changed"),
    (
        "Ana Ruiz said the mine may reopen.",
        "Pedro Alves said the mine may reopen.",
        "prediction holder_changed",
    ),
    # events
    ("The mine closed on 4 May 2021.", "The mine closed on 9 May 2021.", "event date_shifted"),
    ("The mine closed in May 2021.", "The mine closed on 4 May 2021.", "event date_narrowed"),
    ("The mine closed on 4 May 2021.", "The mine closed in May 2021.", "event date_widened"),
    (
        "The company fired 300 miners in May 2021.",
        "The company fired 450 miners in May 2021.",
        "event quantity_changed",
    ),
    (
        "Bread prices rose by a third in May 2021.",
        "Bread prices rose by a quarter in May 2021.",
        "event quantity_changed",
    ),
    (
        "Chile signed the treaty in May 2021.",
        "Peru signed the treaty in May 2021.",
        "event participant_changed",
    ),
    # quotes
    (
        '"The talks were a failure," Ana Ruiz said.',
        '"The talks were a success," Ana Ruiz said.',
        "quote quote_altered",
    ),
    (
        '"The talks were a failure," Ana Ruiz said.',
        "“The talks were a failure”, Ana Ruiz said.",
        "",
    ),
    (
        '"The talks were a total failure," Ana Ruiz said.',
        '"The talks were a total failiure," Ana Ruiz said.',
        "quote cosmetic",
    ),
    (
        '"The talks were a failure," Ana Ruiz said.',
        "Ana Ruiz said that the talks were a failure.",
        "quote quote_to_paraphrase",
    ),
    (
        "Ana Ruiz said that the talks were a failure.",
        '"The talks were a failure," Ana Ruiz said.',
        "quote paraphrase_to_quote",
    ),
    (
        '"The talks were a failure," Ana Ruiz said.',
        '"The talks were a failure," Pedro Alves said.',
        "quote speaker_changed",
    ),
    (
        '"The talks were a failure," an official said.',
        '"The talks were a failure," Ana Ruiz, an official, said.',
        "quote speaker_resolved",
    ),
    (
        "Ana Ruiz said that the talks were a failure.",
        "Ana Ruiz claimed that the talks were a failure.",
        "quote cue_changed",
    ),
]


@pytest.mark.model
@pytest.mark.parametrize(("before", "after", "expected"), CASES)
def test_one_edit_has_one_name(
    extractor: Extractor, before: str, after: str, expected: str
) -> None:
    texts = [f"{OPENING}\n\n{sentence}\n\n{CLOSING}\n" for sentence in (before, after)]
    old, new = (version(extractor, text) for text in texts)
    found = told(compare(old, new))
    if not expected:
        assert {c.severity for c in compare(old, new)} <= {"info"}
        return
    kind, name = expected.split()
    assert (kind, name) in found
    mirrored = told(compare(new, old))
    assert (kind, MIRROR.get(name, name)) in mirrored


@pytest.mark.model
def test_places_lead_to_the_words_that_differ(extractor: Extractor) -> None:
    old = version(extractor, 'Prices rose. "The talks were a total failure," Ana Ruiz said.')
    new = version(extractor, 'The talks ended. "The talks were a great success," Ana Ruiz said.')
    (change,) = [c for c in compare(old, new) if "quote_altered" in c.types]
    (field,) = [field for name, field in change.fields.items() if name.startswith("content")]
    for side, text in ((field.before, old.text), (field.after, new.text)):
        assert side is not None and text is not None
        assert text[side.start : side.end] == side.text
    assert field.before is not None and field.before.text == "total failure"
    assert change.severity == "critical"


@pytest.mark.model
def test_a_paragraph_that_moves_is_moved_and_no_more(extractor: Extractor) -> None:
    parts = [
        "The mine closed on 4 May 2021. Its owner may sell the land.",
        '"We were told nothing," Ana Ruiz, a miner, said. "We will go to court."',
        "The town lost 300 people in 2022. Two schools could close next year.",
        "The province bought the railway in 2019, according to Pedro Alves of the land office.",
    ]
    old = version(extractor, "\n\n".join(parts))
    new = version(extractor, "\n\n".join([parts[0], parts[2], parts[3], parts[1]]))
    changes = [c for c in compare(old, new) if c.cause == "editorial"]
    assert {name for c in changes for name in c.types} == {"moved"}
    moved = [c.before.text for c in changes if c.before]
    assert all("told nothing" in text or "court" in text for text in moved)


@pytest.mark.model
def test_a_quote_in_two_sentences_of_its_own_is_split(extractor: Extractor) -> None:
    old = version(
        extractor,
        "Ana Ruiz said that the northern mine lost forty million pesos last year and that the "
        "smelter needs a new chimney before the winter.",
    )
    new = version(
        extractor,
        "Ana Ruiz said that the northern mine lost forty million pesos last year. She also said "
        "that the smelter needs a new chimney before the winter.",
    )
    pieces = [c for c in compare(old, new) if c.kind == "quote" and "split" in c.types]
    assert len(pieces) == 2 and len({c.before.id for c in pieces if c.before}) == 1
    assert len([c for c in compare(new, old) if "merged" in c.types and c.kind == "quote"]) == 2


@pytest.mark.model
def test_an_unedited_claim_that_is_read_otherwise_is_no_editors_doing(
    extractor: Extractor,
) -> None:
    text = f"{OPENING} The mine may close by June. {CLOSING}"
    old = version(extractor, text)
    new = version(extractor, text.replace("two hours", "three hours"))
    lost = msgspec.structs.replace(
        new, records=tuple(r for r in new.records if not isinstance(r, PredictionRecord))
    )
    (change,) = [c for c in compare(old, lost) if c.kind == "prediction"]
    assert (change.types, change.cause, change.severity) == (("removed",), "extractor", "info")


def test_cause_is_told_from_text_and_pipeline() -> None:
    base = made([prediction(0, "the mine may close soon")])
    weaker = made([prediction(0, "the mine may close soon", level="likely")])

    def cause(sha: str, fingerprint: str) -> str:
        other = msgspec.structs.replace(weaker, sha256=sha, fingerprint=fingerprint)
        (change,) = compare(msgspec.structs.replace(base, sha256="s", fingerprint="f"), other)
        return change.cause

    assert cause("s", "g") == "extractor"
    assert cause("t", "g") == "unknown"
    (change,) = compare(base, weaker)
    assert change.cause == "unknown"


def test_with_both_changed_the_two_causes_are_told_apart() -> None:
    def of(level: str, words: str, sha: str, fingerprint: str) -> Version:
        records = [prediction(0, f"the mine may close {words}", level=level)]
        return msgspec.structs.replace(
            made(records), text=f"{words} x", sha256=sha, fingerprint=fingerprint
        )

    old = of("possible", "in the autumn rain", "s", "f")
    new = of("likely", "in the spring rain", "t", "g")
    again = of("likely", "in the autumn rain", "s", "g")
    found = compare(old, new, extract=lambda _: again)
    assert [(c.cause, c.types) for c in found] == [
        ("extractor", ("hedge_strengthened",)),
        ("editorial", ("reworded",)),
    ]


# Records made by hand


def made(records: Sequence[Record], article: str = "a") -> Version:
    return Version(
        article=article,
        records=tuple(records),
        text=None,
        sha256=None,
        fingerprint=None,
        origin="made",
    )


def placed(start: int, text: str, number: int) -> dict[str, Any]:
    return {**asdict(by_hand.span(start, text)), "sentence": number, "confidence": 0.9}


def prediction(
    number: int, text: str, *, level: Any = "possible", polarity: Any = "positive"
) -> PredictionRecord:
    start = 1_000 * number
    return by_hand.prediction(
        f"prediction-{number}",
        None,
        None,
        level=level,
        polarity=polarity,
        proposition=text,
        cues=(by_hand.cue(start, "may"),),
        **placed(start, text, number),
    )


def quote(number: int, text: str, speaker: str, *, type: Any = "direct") -> QuoteRecord:
    start = 1_000 * number
    return by_hand.quote(
        f"quote-{number}",
        text,
        type=type,
        content=(by_hand.span(start, text),),
        speaker=by_hand.speaker(start + 500, speaker, resolved_by="name"),
        cue=QuoteCue(**asdict(by_hand.span(start + 600, "said")), lemma="say", stance="neutral"),
        **placed(start, text, number),
    )


def event(number: int, text: str, day: str, status: Any = "occurred") -> EventRecord:
    start = 1_000 * number
    word = text.split()[0]
    agent = Participant(
        start=start, end=start + 1, text=text.split()[-1], role="agent", entity=None
    )
    return by_hand.event(
        word,
        day,
        day,
        id=f"event-{number}",
        trigger=Trigger(**asdict(by_hand.span(start, word)), lemma=word),
        date=by_hand.ref(day, day, value=day, text=day),
        participants=(agent,),
        status=status,
        **placed(start, text, number),
    )


def date(number: int, text: str, day: str) -> DateRecord:
    start = 1_000 * number + 700
    return by_hand.date(f"date-{number}", day, day, value=day, **placed(start, text, number))


def entity(number: int, name: str) -> EntityRecord:
    start = 1_000 * number + 800
    mention = Mention(**asdict(by_hand.span(start, name)), sentence=number, form="name")
    return by_hand.entity(
        name, id=f"entity-{number}", mentions=(mention,), **placed(start, name, number)
    )


WORDS = [
    "port",
    "mine",
    "bank",
    "rate",
    "strike",
    "council",
    "river",
    "bridge",
    "tax",
    "vote",
    "harvest",
    "fleet",
]
DAYS = ["2021-05-04", "2021-05-09", "2022-01-01", "1999-12-31"]
NAMES = ["Ana Ruiz", "Pedro Alves", "Joana Prado", "Carlos Mota"]


@st.composite
def articles(draw: st.DrawFn, words: Sequence[str] = WORDS) -> list[Record]:
    records: list[Record] = []
    for number in range(draw(st.integers(0, 8))):
        text = " ".join(draw(st.lists(st.sampled_from(words), min_size=1, max_size=9)))
        day, name = draw(st.sampled_from(DAYS)), draw(st.sampled_from(NAMES))
        kinds = draw(st.sets(st.sampled_from(KINDS), min_size=1))
        if "prediction" in kinds:
            level = draw(st.sampled_from(["possible", "likely", "unlikely"]))
            polarity = draw(st.sampled_from(["positive", "negative"]))
            records.append(prediction(number, f"may {text}", level=level, polarity=polarity))
        if "quote" in kinds:
            kind = draw(st.sampled_from(["direct", "indirect", "mixed"]))
            records.append(quote(number, text, name, type=kind))
        if "event" in kinds:
            status = draw(st.sampled_from(["occurred", "scheduled", "hypothetical"]))
            records.append(event(number, text, day, status))
        if "date" in kinds:
            records.append(date(number, f"on {day}", day))
        if "entity" in kinds:
            records.append(entity(number, name))
    return records


def sides(change: Change, *, mirrored: bool = False) -> tuple[Any, ...]:
    before, after = (change.after, change.before) if mirrored else (change.before, change.after)
    types = [MIRROR.get(name, name) if mirrored else name for name in change.types]
    return (
        sorted(types),
        change.kind,
        change.severity,
        before and (before.start, before.text),
        after and (after.start, after.text),
    )


@few
@given(articles())
def test_nothing_changed_is_no_change(records: list[Record]) -> None:
    assert compare(made(records), made(records)) == []


@few
@given(articles(), articles())
def test_the_other_way_round_is_the_mirror_image(old: list[Record], new: list[Record]) -> None:
    there = compare(made(old), made(new))
    back = compare(made(new), made(old))
    assert sorted(map(repr, map(sides, there))) == sorted(
        repr(sides(change, mirrored=True)) for change in back
    )


@few
@given(articles(), articles(), st.randoms(use_true_random=False))
def test_neither_order_nor_ids_matter(
    old: list[Record], new: list[Record], chance: random.Random
) -> None:
    shuffled = [
        msgspec.structs.replace(record, id=f"x{number}")
        for number, record in enumerate(chance.sample(new, len(new)))
    ]
    plain = compare(made(old), made(new))
    other = compare(made(old), made(shuffled))
    assert list(map(sides, plain)) == list(map(sides, other))


@few
@given(articles(), articles(["sky", "boat", "lamp", "cloth", "oven", "glass", "wheel", "song"]))
def test_articles_about_other_things_have_no_claim_in_common(
    old: list[Record], new: list[Record]
) -> None:
    def claims(records: list[Record]) -> Version:
        kept = (EventRecord, PredictionRecord, QuoteRecord)
        return made([record for record in records if isinstance(record, kept)])

    for change in compare(claims(old), claims(new)):
        assert change.before is None or change.after is None


@few
@given(articles(), articles())
def test_every_record_is_matched_changed_or_told(old: list[Record], new: list[Record]) -> None:
    """As many are left on both sides once those without a counterpart are taken away."""
    changes = compare(made(old), made(new))
    if any({"split", "merged"} & set(c.types) for c in changes):
        return  # one of them has several counterparts
    for kind in KINDS:
        before = sum(type(record).__struct_config__.tag == kind for record in old)
        after = sum(type(record).__struct_config__.tag == kind for record in new)
        gone = sum(c.kind == kind and c.after is None for c in changes)
        come = sum(c.kind == kind and c.before is None for c in changes)
        # A plain statement that answers a forecast is no forecast.
        facts = [
            (c.before.id or "", c.after.id or "")
            for c in changes
            if c.kind == kind and c.before and c.after
        ]
        gone += sum(not there.startswith(kind) for _, there in facts)
        come += sum(not here.startswith(kind) for here, _ in facts)
        assert before - gone == after - come


@few
@given(articles(), articles())
def test_every_change_is_of_the_schema(old: list[Record], new: list[Record]) -> None:
    validator = jsonschema.Draft202012Validator(json_schema())
    for line in jsonl.encode(compare(made(old), made(new))).splitlines():
        validator.validate(json.loads(line))
        assert msgspec.json.decode(line, type=Change).types


@few
@given(articles(), st.integers(0, 7))
def test_moving_one_claim_moves_no_other(records: list[Record], at: int) -> None:
    claims = [r for r in records if isinstance(r, QuoteRecord)]
    if len({r.text for r in claims}) < len(claims) or len(claims) < 3:
        return
    order = list(range(len(claims)))
    order.insert(0, order.pop(at % len(claims)))
    moved = [
        quote(place, claims[index].text, claims[index].speaker.name, type=claims[index].type)  # type: ignore[union-attr]
        for place, index in enumerate(order)
    ]
    changes = compare(made(claims), made(moved))
    assert all(change.types == ("moved",) for change in changes)
    words = sum(len(c.before.text.split()) for c in changes if c.before)
    assert words <= max(len(r.text.split()) for r in claims) * 2 or len(changes) <= 1


def test_twins_and_their_loss() -> None:
    twin = "the port and the mine and the bank strike"
    old = made([quote(0, twin, "Ana Ruiz"), quote(4, twin, "Ana Ruiz")])
    new = made([quote(4, twin, "Ana Ruiz")])
    (change,) = compare(old, new)
    assert change.types == ("removed",) and change.before and change.before.start == 0


def test_two_equally_good_answers_are_not_guessed_at() -> None:
    old = made([quote(1, "river bridge tax vote harvest fleet mine", "Ana Ruiz")])
    new = made(
        [
            quote(0, "river bridge tax vote harvest fleet port", "Ana Ruiz"),
            quote(2, "river bridge tax vote harvest fleet bank", "Ana Ruiz"),
        ]
    )
    changes = compare(old, new)
    assert {c.types for c in changes} == {("ambiguous",)}
    assert len(changes) == 3


def test_two_quotes_that_change_places_keep_their_speakers() -> None:
    first, second = "the river took the bridge", "the council raised the harvest tax"
    old = made([quote(0, first, "Ana Ruiz"), quote(1, second, "Ana Ruiz")])
    new = made([quote(0, second, "Ana Ruiz"), quote(1, first, "Ana Ruiz")])
    assert {c.types for c in compare(old, new)} == {("moved",)}


def stated(text: str, forecast: str) -> list[Change]:
    """A text that no record of tells anything, after one with a forecast."""
    record = msgspec.structs.replace(
        prediction(0, forecast, level="likely"),
        cues=(by_hand.cue(forecast.index("likely"), "likely", form="adjective"),),
    )
    old = msgspec.structs.replace(made([record]), text=forecast)
    return compare(old, msgspec.structs.replace(made([]), text=text))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The northern mine shut its smelter in the valley.", "hedge_removed"),
        ("The northern mine may shut its smelter in the valley.", "hedge_weakened"),
        ("The northern mine will shut its smelter in the valley.", "hedge_strengthened"),
        ("The northern mine is certain to shut its smelter in the valley.", "hedge_strengthened"),
        ("The northern mine is expected to shut its smelter in the valley.", "reworded"),
        # Neither another clause's cue, nor the month, nor a verb without an infinitive hedges it.
        ("The northern mine shut its smelter in the valley and may sell it.", "hedge_removed"),
        ("In May the northern mine shut its smelter in the valley.", "hedge_removed"),
        ("They dismiss that the northern mine shut its smelter in the valley.", "hedge_removed"),
    ],
)
def test_no_forecast_became_a_fact_where_a_hedge_stands(text: str, name: str) -> None:
    (change,) = stated(text, "The northern mine is likely to shut its smelter in the valley.")
    assert change.types == (name,) and change.kind == "prediction"


def edited(old: tuple[str, Sequence[Record]], new: tuple[str, Sequence[Record]]) -> list[Change]:
    """What an editor made of a text and its records, under one pipeline."""
    sides = [
        msgspec.structs.replace(made(records), text=text, sha256=text, fingerprint="f")
        for text, records in (old, new)
    ]
    return compare(*sides)


def test_what_stood_there_before_was_not_added() -> None:
    text = "strike in the port cost the northern bank 300 pesos on Monday"
    longer = text.replace("300", "450")
    found = event(0, longer, "2021-05-04")
    (change,) = edited((text, []), (longer, [found]))
    assert (change.types, change.cause, change.severity) == (("added",), "extractor", "info")
    # A sentence that is still there answers no other one.
    kept = f"{longer}. {text}."
    (change,) = edited((kept, [found]), (f"{text}.", []))
    assert (change.types, change.cause) == (("removed",), "editorial")
    other = "the river took the bridge"
    (change,) = edited((other, []), (longer, [found]))
    assert (change.types, change.cause) == (("added",), "editorial")


def test_articles_of_one_side_are_added_or_removed_whole() -> None:
    one = made([quote(0, "the river took the bridge", "Ana Ruiz")])
    changes = compare_all({"a": one}, {"b": msgspec.structs.replace(one, article="b")})
    assert [(c.article, c.types) for c in changes] == [("a", ("removed",)), ("b", ("added",))]


def took_part(who: str, text: str) -> EventRecord:
    people = (Participant(start=0, end=1, text=who, role="agent", entity=None),)
    found = msgspec.structs.replace(event(0, text, "2021-05-04"), participants=people)
    return msgspec.structs.replace(
        found, trigger=Trigger(start=0, end=4, text="took", lemma="take")
    )


@pytest.mark.parametrize(
    ("before", "after", "exchanged"),
    [
        (
            ("the ships", "the ships took coal home"),
            ("the trams", "the trams took coal home"),
            True,
        ),
        # Put into other words as a whole, and the same with a name.
        (
            ("the ships", "the ships took coal home"),
            ("the boats", "the boats took coal back"),
            False,
        ),
        (("the ships", "the ships took coal home"), ("Peru", "Peru took coal back"), True),
        # The same words, of which others were read as the agent.
        (
            ("the ships", "the ships took 90 miners"),
            ("miners", "the ships took 80 miners"),
            False,
        ),
    ],
)
def test_someone_else_takes_part_where_the_rest_stays(
    before: tuple[str, str], after: tuple[str, str], exchanged: bool
) -> None:
    changes = compare(made([took_part(*before)]), made([took_part(*after)]))
    assert any("participant_changed" in change.types for change in changes) == exchanged


# Words


@given(st.text(max_size=60), st.text(max_size=60))
def test_swapping_texts_swaps_the_differences(one: str, other: str) -> None:
    there = differences(words_of(one), words_of(other))
    back = differences(words_of(other), words_of(one))
    assert [(d.old, d.new, d.weight) for d in there] == [(d.new, d.old, d.weight) for d in back]


@given(st.text(max_size=80))
def test_words_stand_where_they_say(text: str) -> None:
    for word in words_of(text):
        assert text[word.start : word.end] == word.text and word.key


@pytest.mark.parametrize(
    ("old", "new", "weights"),
    [
        ("It won't rain.", "it will not rain", []),
        ("six thousand men", "6,000 men", ["slight"]),
        ("six thousand men", "six million men", ["number"]),
        ("the goverment fell", "the government fell", ["slight"]),
        ("the country fell", "the county fell", ["meaning"]),
        ("nine at most", "not at most", ["meaning"]),
        ("organised in the centre", "organized in the center", []),
        ("a lie", "the lie", ["slight"]),
        ("rose by a third", "rose by a quarter", ["number"]),
        ("two thirds of it", "half of it", ["number"]),
        ("prices doubled", "prices trebled", ["number"]),
        ("dozens fled", "scores fled", ["number"]),
        ("millions fled", "billions fled", ["number"]),
        ("a third party", "a hostile party", ["meaning"]),
        ("it fell by half", "it fell by 0.5", ["slight"]),
    ],
)
def test_what_two_texts_differ_in(old: str, new: str, weights: list[str]) -> None:
    assert [run.weight for run in differences(words_of(old), words_of(new))] == weights


# Severity and selection


def test_every_type_has_a_severity_for_some_kind() -> None:
    for name in get_args(ChangeType):
        assert any(severity_of([name], kind) in SEVERITIES for kind in KINDS)


def test_fail_on_takes_types_beginnings_and_severities() -> None:
    change = compare(made([quote(0, "a river took it", "Ana Ruiz")]), made([]))[0]
    assert fail_on([]).fails(change)
    assert fail_on(["removed"]).fails(change)
    assert not fail_on(["critical"]).fails(change)
    assert not fail_on(["never"]).fails(change)
    assert not fail_on(["hedge"]).fails(change)
    assert fail_on(["critical,removed"]).fails(change)
    with pytest.raises(ConfigError, match="frobnicated"):
        fail_on(["frobnicated"])


def test_selected_by_kind_and_type() -> None:
    changes = compare(made([quote(0, "a river took it", "Ana Ruiz"), entity(1, "Ana")]), made([]))
    assert [c.kind for c in selected(changes, kinds=["quote"])] == ["quote"]
    assert selected(changes, types=["added"]) == []
    with pytest.raises(ConfigError, match="verb"):
        selected(changes, kinds=["verb"])
