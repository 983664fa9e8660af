"""Speakers: hand-built parses by kind of source, and properties that hold for any quotes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from pipeline.language import blank_nlp
from pipeline.stages import layers
from pipeline.stages.entities import find_entities
from pipeline.stages.findings import (
    Context,
    Entity,
    EntityMention,
    Quote,
    Speaker,
    TokenSpan,
)
from pipeline.stages.speakers import find_speakers, make_speakers

VOCAB = blank_nlp().vocab


def parsed(*sentences: str) -> Doc:
    """A Doc from sentences of `word/POS/head/relation` (head 1-based, 0 the root; UD).

    The fine tag of a plural noun is written as the part of speech "NNS".
    """
    words: list[str] = []
    tags: list[str] = []
    fine: list[str] = []
    heads: list[int] = []
    deps: list[str] = []
    starts: list[bool | int | None] = []
    for sentence in sentences:
        offset = len(words)
        for number, item in enumerate(sentence.split()):
            word, pos, head, dep = item.rsplit("/", 3)
            words.append(word)
            tags.append("NOUN" if pos == "NNS" else pos)
            fine.append(pos if pos == "NNS" else "")
            heads.append(offset + (number if head == "0" else int(head) - 1))
            deps.append("ROOT" if head == "0" else dep)
            starts.append(number == 0)
    lemmas = [
        word[:-1].lower() if tag == "NNS" else word.lower()
        for word, tag in zip(words, fine, strict=True)
    ]
    return Doc(
        VOCAB,
        words=words,
        pos=tags,
        tags=fine,
        lemmas=lemmas,
        heads=heads,
        deps=deps,
        sent_starts=starts,
    )


def quote(doc: Doc, phrase: str, *, occurrence: int = 1, follows: int | None = None) -> Quote:
    """A quote whose source is the n-th occurrence of a phrase of space-joined tokens."""
    wanted = phrase.split()
    words = [token.text for token in doc]
    at = [i for i in range(len(words)) if words[i : i + len(wanted)] == wanted][occurrence - 1]
    last = TokenSpan(len(doc) - 1, len(doc))
    span = TokenSpan(at, at + len(wanted))
    speaker = None if follows is not None else Speaker(span=span, name=phrase)
    return Quote(type="indirect", content=(last,), speaker=speaker, follows=follows, confidence=1.0)


def speakers(doc: Doc, *quotes: Quote, context: Context | None = None) -> list[Speaker | None]:
    """The resolved speakers of quotes, given in order."""
    found, _ = find_speakers(doc, list(quotes), find_entities(doc), context=context)
    return [each.speaker for each in found]


MET = (
    "Maria/PROPN/3/nsubj Lopez/PROPN/1/flat met/VERB/0/root George/PROPN/3/obj "
    "Marsh/PROPN/4/flat ./PUNCT/3/punct"
)
SHE = "She/PRON/2/nsubj said/VERB/0/root so/ADV/2/advmod ./PUNCT/2/punct"
HE = "He/PRON/2/nsubj said/VERB/0/root so/ADV/2/advmod ./PUNCT/2/punct"
THEY = "They/PRON/2/nsubj said/VERB/0/root so/ADV/2/advmod ./PUNCT/2/punct"


def test_full_name_and_alias() -> None:
    doc = parsed(MET, "Lopez/PROPN/2/nsubj said/VERB/0/root so/ADV/2/advmod ./PUNCT/2/punct")
    (speaker,) = speakers(doc, quote(doc, "Lopez", occurrence=2))
    assert speaker is not None
    assert (speaker.name, speaker.resolved_by) == ("Maria Lopez", "alias")
    assert speaker.entity == 0


def test_pronoun_takes_the_person_that_agrees_in_gender() -> None:
    doc = parsed(MET, SHE)
    (speaker,) = speakers(doc, quote(doc, "She"))
    assert speaker is not None
    assert (speaker.name, speaker.resolved_by) == ("Maria Lopez", "pronoun")
    doc = parsed(MET, HE)
    (speaker,) = speakers(doc, quote(doc, "He"))
    assert speaker is not None
    assert speaker.name == "George Marsh"


def test_pronoun_without_anything_that_agrees_stays_itself() -> None:
    doc = parsed("Iraq/PROPN/2/nsubj won/VERB/0/root ./PUNCT/2/punct", SHE)
    (speaker,) = speakers(doc, quote(doc, "She"))
    assert speaker is not None
    assert (speaker.name, speaker.entity, speaker.resolved_by) == ("She", None, None)


def test_pronoun_of_an_unnamed_source() -> None:
    doc = parsed(
        "A/DET/3/det Western/ADJ/3/amod diplomat/NOUN/4/nsubj spoke/VERB/0/root ./PUNCT/4/punct", HE
    )
    found = speakers(doc, quote(doc, "A Western diplomat"), quote(doc, "He"))
    assert [each.name for each in found if each] == ["A Western diplomat"] * 2
    assert [each.anonymous for each in found if each] == [True, True]


def test_plural_pronoun_takes_the_plural() -> None:
    doc = parsed(
        "The/DET/2/det scientists/NNS/3/nsubj met/VERB/0/root Maria/PROPN/3/obj "
        "Lopez/PROPN/4/flat ./PUNCT/3/punct",
        THEY,
    )
    (speaker,) = speakers(doc, quote(doc, "They"))
    assert speaker is not None
    assert speaker.name == "The scientists"


def test_description_takes_the_entity_of_that_role() -> None:
    doc = parsed(
        "The/DET/3/det foreign/ADJ/3/amod minister/NOUN/7/nsubj ,/PUNCT/5/punct "
        "Maria/PROPN/3/appos Lopez/PROPN/5/flat left/VERB/0/root ./PUNCT/7/punct",
        "The/DET/2/det minister/NOUN/3/nsubj said/VERB/0/root so/ADV/3/advmod ./PUNCT/3/punct",
        "A/DET/2/det minister/NOUN/3/nsubj said/VERB/0/root so/ADV/3/advmod ./PUNCT/3/punct",
    )
    definite, indefinite = speakers(doc, quote(doc, "The minister"), quote(doc, "A minister"))
    assert definite is not None
    assert (definite.name, definite.resolved_by) == ("Maria Lopez", "nominal")
    assert indefinite is not None
    assert (indefinite.name, indefinite.anonymous) == ("A minister", True)


def test_group_is_a_body_and_no_company() -> None:
    left = "left/VERB/0/root ./PUNCT/2/punct"
    taliban = "The/DET/2/det Taliban/PROPN/3/nsubj left/VERB/0/root ./PUNCT/3/punct"
    for noun, name in (("group", "Taliban"), ("company", "Boeing")):
        doc = parsed(
            f"Boeing/PROPN/2/nsubj {left}",
            taliban,
            f"The/DET/2/det {noun}/NOUN/3/nsubj said/VERB/0/root so/ADV/3/advmod ./PUNCT/3/punct",
        )
        (speaker,) = speakers(doc, quote(doc, f"The {noun}"))
        assert speaker is not None
        assert (speaker.name, speaker.resolved_by) == (name, "nominal")


def test_relative_pronoun_takes_its_antecedent() -> None:
    doc = parsed(
        "Maria/PROPN/6/nsubj Lopez/PROPN/1/flat ,/PUNCT/5/punct who/PRON/5/nsubj "
        "denied/VERB/1/acl:relcl left/VERB/0/root ./PUNCT/6/punct"
    )
    (speaker,) = speakers(doc, quote(doc, "who"))
    assert speaker is not None
    assert (speaker.name, speaker.resolved_by) == ("Maria Lopez", "pronoun")


def test_name_beside_its_title_and_name_that_only_modifies() -> None:
    doc = parsed(
        "team/NOUN/2/compound member/NOUN/5/nsubj Maria/PROPN/2/appos Lopez/PROPN/3/flat "
        "said/VERB/0/root so/ADV/5/advmod ./PUNCT/5/punct",
        "Boeing/PROPN/2/compound officials/NNS/3/nsubj said/VERB/0/root so/ADV/3/advmod "
        "./PUNCT/3/punct",
    )
    cut, modifier = speakers(doc, quote(doc, "team member"), quote(doc, "Boeing officials"))
    assert cut is not None
    assert cut.name == "Maria Lopez"
    assert cut.span == TokenSpan(0, 4)
    assert modifier is not None
    assert (modifier.name, modifier.entity, modifier.anonymous) == ("Boeing officials", None, True)


def test_document_speaks_for_its_owner() -> None:
    doc = parsed(
        "Boeing/PROPN/3/nmod:poss 's/PART/1/case report/NOUN/4/nsubj warned/VERB/0/root "
        "./PUNCT/4/punct"
    )
    (speaker,) = speakers(doc, quote(doc, "Boeing 's report"))
    assert speaker is not None
    assert speaker.name == "Boeing"


def test_continuation_has_the_speaker_of_the_quote_it_follows() -> None:
    doc = parsed(MET, "Lopez/PROPN/2/nsubj said/VERB/0/root so/ADV/2/advmod ./PUNCT/2/punct")
    first = quote(doc, "Lopez", occurrence=2)
    _, second = speakers(doc, first, quote(doc, "so", follows=0))
    assert second is not None
    assert (second.name, second.resolved_by) == ("Maria Lopez", "continuation")


def test_first_person_is_the_author_where_one_is_named() -> None:
    doc = parsed("I/PRON/2/nsubj think/VERB/0/root so/ADV/2/advmod ./PUNCT/2/punct")
    (speaker,) = speakers(doc, quote(doc, "I"), context=Context(authors=("Ada Noor",)))
    assert speaker is not None
    assert speaker.name == "Ada Noor"


def test_resolved_pronouns_become_mentions_in_order() -> None:
    doc = parsed(MET, SHE)
    _, entities = find_speakers(doc, [quote(doc, "She")], find_entities(doc))
    assert [mention.form for mention in entities[0].mentions] == ["name", "pronoun"]


def test_component_keeps_the_layers_in_step() -> None:
    doc = parsed(MET, SHE)
    layers.set_entities(doc, find_entities(doc))
    layers.set_quotes(doc, [quote(doc, "She")])
    doc = make_speakers(blank_nlp(), "claimline_speakers")(doc)
    (found,) = layers.get_quotes(doc)
    assert found.speaker is not None
    assert found.speaker.entity is not None
    assert layers.get_entities(doc)[found.speaker.entity].name == found.speaker.name


WORDS = st.sampled_from(
    [
        "the",
        "The",
        "minister",
        "'s",
        "she",
        "he",
        "they",
        "who",
        "I",
        "its",
        "Maria",
        "Lopez",
        "Boeing",
        "officials",
        "report",
        ",",
        "said",
        "and",
        "of",
        "Iraq",
    ]
)


@given(st.data())
def test_any_quotes_give_valid_speakers(data: st.DataObject) -> None:
    words = data.draw(st.lists(WORDS, min_size=1, max_size=30))
    doc = Doc(VOCAB, words=words)
    entities = find_entities(doc)
    if data.draw(st.booleans()):
        span = TokenSpan(0, 1)
        mention = EntityMention(span=span, form="name")
        entities = [Entity(name=words[0], type="PERSON", mentions=(mention,), confidence=1.0)]
    quotes = []
    for _ in range(data.draw(st.integers(0, 4))):
        start = data.draw(st.integers(0, len(words) - 1))
        end = data.draw(st.integers(start + 1, len(words)))
        span = TokenSpan(start, end)
        source = Speaker(span=span, name="?") if data.draw(st.booleans()) else None
        follows = data.draw(st.none() | st.integers(0, 3)) if source is None else None
        quotes.append(
            Quote(type="direct", content=(span,), speaker=source, follows=follows, confidence=1.0)
        )
    found, after = find_speakers(doc, quotes, entities)
    assert len(found) == len(quotes)
    assert len(after) == len(entities)
    for each in found:
        if each.speaker is not None:
            assert each.speaker.name
            assert each.speaker.span.end <= len(doc)
            assert each.speaker.entity is None or each.speaker.entity < len(entities)
    for entity in after:
        places = [(mention.span.start, mention.span.end) for mention in entity.mentions]
        assert places == sorted(set(places))


@pytest.mark.parametrize("words", [[], ["\n\n"], ["“"]])
def test_empty_docs(words: list[str]) -> None:
    assert find_speakers(Doc(VOCAB, words=words), [], []) == ([], [])
