"""Entities: marked sentences by kind, linking of forms, and properties that hold for any text."""

from __future__ import annotations

import re
import string
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc, Span

from pipeline.language import blank_nlp
from pipeline.stages import layers
from pipeline.stages.entities import (
    distance,
    find_entities,
    initials_of,
    make_entities,
    skeleton,
)
from pipeline.stages.findings import Entity
from pipeline.stages.gazetteer import gazetteer
from pipeline.stages.name_words import Words, key_of
from pipeline.stages.names import name_spans

NLP = blank_nlp()
MARK = re.compile(r"<(?P<type>[A-Z_]+)>(?P<name>[^<]*)</(?P=type)>")
CLOSED = {
    **dict.fromkeys(("the", "a", "an"), "DET"),
    **dict.fromkeys(("of", "for", "in", "on", "at", "from", "to", "with", "by"), "ADP"),
    **dict.fromkeys(("he", "she", "it", "they", "who"), "PRON"),
    **dict.fromkeys(("said", "met", "told", "speaks", "won", "left"), "VERB"),
    "and": "CCONJ",
    "is": "AUX",
    "was": "AUX",
}


def tagged(text: str, labels: tuple[tuple[str, str], ...] = ()) -> Doc:
    """A Doc tagged by the look of its words, as a tagger mostly would, and no parse.

    Args:
        text: sentences; a capital begins one only after a full stop or at the start.
        labels: stretches that the entity recogniser has marked, with their label.
    """
    plain = NLP(text)
    tags, starts = [], []
    for token in plain:
        before = plain[token.i - 1].text if token.i else "."
        starts.append(before in ".?!" or "\n" in before)
        if token.is_space:
            tags.append("SPACE")
        elif token.lower_ in CLOSED:
            tags.append(CLOSED[token.lower_])
        elif token.text[0].isupper():
            tags.append("PROPN")
        else:
            tags.append("NOUN" if token.text[0].isalnum() else "PUNCT")
    doc = Doc(
        plain.vocab,
        words=[token.text for token in plain],
        spaces=[bool(token.whitespace_) for token in plain],
        pos=tags,
        sent_starts=list[bool | int | None](starts),
    )
    spans: list[Span] = []
    for name, label in labels:
        at = doc.text.index(name)
        span = doc.char_span(at, at + len(name), label=label, alignment_mode="expand")
        assert span is not None
        spans.append(span)
    doc.set_ents(spans)
    return doc


def named(entities: list[Entity], form: str) -> Entity:
    """The entity that has a name."""
    return next(e for e in entities if form in (e.name, *e.aliases))


@pytest.mark.parametrize(
    "text",
    [
        "Troops left <GPE>Iraq</GPE> and <GPE>Syria</GPE> in May.",
        "The <NORP>Iraqi</NORP> minister met <NORP>Kurds</NORP> on Tuesday.",
        "They met at the <ORG>Ministry of the Interior</ORG> yesterday.",
        "Talks at the <ORG>University of Otago</ORG> went on.",
        "The <ORG>Food and Drug Administration</ORG> was slow.",
        "The <ORG>Ministry of Health and Human Services</ORG> was slow.",
        "The <ORG>Citizens' Party</ORG> lost.",
        "The <ORG>Growers' Union</ORG> lost.",
        "It fell on <GPE>Iran</GPE>'s coast.",
        "The <EVENT>Battle of Plassey</EVENT> was short.",
        "The <LAW>Treaty of Utrecht</LAW> was signed.",
        "It is <LAW>Article 5</LAW> of that pact.",
        "They swam in <LOC>Lake Turkana</LOC> and the <LOC>Drina River</LOC>.",
        "Prime Minister <PERSON>Ana Brnabic</PERSON> left.",
        "the ambassador met <GPE>U.S.</GPE> President <PERSON>Gerald Ford</PERSON> today.",
        "the press met Secretary-General <PERSON>Dag Hammarskjold</PERSON> today.",
        "He met Minister of Education <PERSON>Stefania Rossi</PERSON> there.",
        "He met <PERSON>Leonardo da Vinci</PERSON> there.",
        "the brother of <PERSON>Ayman al-Zawahiri</PERSON> left.",
        "the wife of <PERSON>Kim Jong-un</PERSON> left.",
        "a <GPE>U.S.</GPE>-led force left.",
        "an anti-Nixon rally.",
        "It was written in <LANGUAGE>English</LANGUAGE>.",
        'The jury read "<WORK_OF_ART>Notes of a Harbour Pilot</WORK_OF_ART>" twice.',
        "the <EVENT>Iraq war</EVENT> was long.",
        "The carrier ordered the <PRODUCT>Airbus A350</PRODUCT> today.",
        "the <ORG>Refugee Council</ORG> was there.",
        "the shares of <ORG>General Motors</ORG> fell.",
        "It was in April and on Monday that they met.",
        "I told him. They left.",
    ],
)
def test_names_by_rule_alone(text: str) -> None:
    expected = [(match["name"], match["type"]) for match in MARK.finditer(text)]
    entities = find_entities(tagged(MARK.sub(lambda match: match["name"], text)))
    assert [(entity.name, entity.type) for entity in entities] == expected


@pytest.mark.parametrize(
    ("text", "labels", "expected"),
    [
        # an unknown name needs the label; the title comes off, the person stays
        ("He saw President Zorrin.", (("President Zorrin", "PERSON"),), [("Zorrin", "PERSON")]),
        # the run goes on where the label was cut short
        ("He saw Muqtada Sadriq.", (("Muqtada", "PERSON"),), [("Muqtada Sadriq", "PERSON")]),
        # a label that ends on a small word
        (
            "the Institute of Mines and others left.",
            (("Institute of Mines and", "ORG"),),
            [("Institute of Mines", "ORG")],
        ),
        # two peoples in one label
        (
            "the Afghan Pashtuns left.",
            (("Afghan Pashtuns", "NORP"),),
            [("Afghan", "NORP"), ("Pashtuns", "NORP")],
        ),
        # a nationality before a title is no part of the name
        (
            "He met Danish Archduke Otto Noor.",
            (("Danish Archduke Otto Noor", "PERSON"),),
            [("Danish", "NORP"), ("Otto Noor", "PERSON")],
        ),
        # two known names tied by a hyphen are two
        (
            "the Hamas-Taliban pact held.",
            (("Hamas-Taliban", "ORG"),),
            [("Hamas", "ORG"), ("Taliban", "ORG")],
        ),
        # what is described is no name of an event
        (
            "the Turkish invasion of Cyprus was short.",
            (("Turkish invasion of Cyprus", "EVENT"),),
            [("Turkish", "NORP"), ("Cyprus", "GPE")],
        ),
        # facts outvote a wrong label
        ("They left Baku.", (("Baku", "PERSON"),), [("Baku", "GPE")]),
        # a noun before the name tells its type
        ("The tanker Vesta Lys left.", (("Vesta Lys", "GPE"),), [("Vesta Lys", "PRODUCT")]),
        # nothing of the label can be a name, and nothing stands behind it
        ("thanks, richard", (("richard", "PERSON"),), []),
        # dates and numbers of other models are no names
        ("They left on Monday.", (("Monday", "DATE"),), []),
    ],
)
def test_labels_are_repaired(
    text: str, labels: tuple[tuple[str, str], ...], expected: list[tuple[str, str]]
) -> None:
    entities = find_entities(tagged(text, labels))
    assert [(entity.name, entity.type) for entity in entities] == expected


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("the law that Zorrin's parliament passed", "GPE"),
        ("the general who ruled Zorrin", "GPE"),
        ("the mayor of Zorrin left.", "GPE"),
        ("the trade of Zorrin and Vietnam fell.", "GPE"),
        ("the votes that Zorrin's leader won", "ORG"),
        ("the Zorrin movement was banned.", "ORG"),
        ("an analyst for Zorrin left.", "ORG"),
        ("the play that Zorrin wrote", "PERSON"),
        ("the play of Zorrin and Vietnam Airlines", "PERSON"),
    ],
)
def test_unknown_word_is_told_by_its_place_in_the_sentence(text: str, type_: str) -> None:
    assert named(find_entities(tagged(text, (("Zorrin", "PERSON"),))), "Zorrin").type == type_


@pytest.mark.parametrize(
    ("text", "name", "aliases"),
    [
        (
            "the African Union (AU) met. The AU left.",
            "African Union",
            {"AU"},
        ),
        (
            "the Yugoslav Mining Corporation met. It said YMC was late.",
            "Yugoslav Mining Corporation",
            {"YMC"},
        ),
        (
            "Gen. Maria Lopez met them. It was Lopez who left. They told Maria.",
            "Maria Lopez",
            {"Gen. Maria Lopez", "Lopez", "Maria"},
        ),
        ("He met Pervez Aslam. He told Pervaiz Aslam.", "Pervaiz Aslam", {"Pervez Aslam"}),
        (
            "the United States left. The U.S. and America lost.",
            "United States",
            {"U.S.", "America"},
        ),
        ("the Jubba River Front met. It is the Front that left.", "Jubba River Front", {"Front"}),
        (
            "the shares of Northrop Grumman fell. A bid by Northrop was low.",
            "Northrop Grumman",
            {"Northrop"},
        ),
        ("the Iraqi side met the Iraqis there.", "Iraqi", {"Iraqis"}),
        ("He met Umar Zorrin. He told Omar Zorrin.", "Umar Zorrin", {"Omar Zorrin"}),
    ],
)
def test_forms_of_one_thing_come_together(text: str, name: str, aliases: set[str]) -> None:
    found = named(find_entities(tagged(text)), name)
    assert found.name == name
    assert set(found.aliases) == aliases


def test_surname_goes_to_the_last_full_name_unless_a_title_speaks_against() -> None:
    text = "He met George Marsh. He told Laura Marsh. It was Mr. Marsh who left. It was Marsh."
    entities = find_entities(tagged(text))
    george, laura = named(entities, "George Marsh"), named(entities, "Laura Marsh")
    assert "Mr. Marsh" in george.aliases
    assert len(george.mentions) == 2
    assert len(laura.mentions) == 2


def test_two_given_names_are_two_people() -> None:
    entities = find_entities(tagged("He met Maria Lopez. He told Mario Lopez."))
    assert [entity.name for entity in entities] == ["Maria Lopez", "Mario Lopez"]


def test_headings_do_not_flood_but_echo_known_names() -> None:
    text = "MINISTER DOUBTS BAKU PIPELINE PROMISES\n\nthe state left Baku. He told Ana Brnabic."
    entities = find_entities(tagged(text))
    assert [entity.name for entity in entities] == ["Baku", "Ana Brnabic"]
    assert len(entities[0].mentions) == 2


def test_names_that_begin_a_sentence_are_known_from_elsewhere() -> None:
    text = "He told Zorrin Velde. Velde left."
    assert len(find_entities(tagged(text, (("Zorrin Velde", "PERSON"),)))[0].mentions) == 2


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("He met Afghan Ambassador Hamid Noor.", "Hamid Noor", "Afghan Ambassador"),
        # a title with "of" stays whole, and so does what a hyphen ties to it
        (
            "the press met then-Canadian Minister of State Ana Brnabic there.",
            "Ana Brnabic",
            "then-Canadian Minister of State",
        ),
        ("He met the rebel leader Mr. Hamid Noor.", "Hamid Noor", "rebel leader"),
        ("He met Danish Archduke Otto Noor.", "Otto Noor", "Danish Archduke"),
    ],
)
def test_roles_are_what_stands_before_the_name(text: str, name: str, role: str) -> None:
    labels = ((name, "PERSON"),)
    assert named(find_entities(tagged(text, labels)), name).roles == (role,)


def test_acronyms_and_spellings() -> None:
    assert "FDA" in set(initials_of(["Food", "and", "Drug", "Administration"]))
    assert skeleton("al-Qaeda") == skeleton("Al Qaida") != skeleton("Al Quds")
    assert distance("kiyani", "kayani", limit=2) == 1
    assert distance("abc", "xyzabc", limit=2) == 3
    assert key_of("The U.N.") == key_of("UN")


def test_component_stores_plain_builtins() -> None:
    doc = make_entities(NLP, "claimline_entities", threshold=2.0)(tagged("They left Iraq."))
    assert [entity.name for entity in layers.get_entities(doc)] == ["Iraq"]
    again = Doc(doc.vocab).from_bytes(doc.to_bytes())
    assert layers.get_entities(again) == layers.get_entities(doc)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "'", '"', "U.S.", "-", "A-", "the", "of the of"])
def test_short_and_empty_texts(text: str) -> None:
    for entity in find_entities(NLP(text)):
        assert entity.mentions


PIECES = st.sampled_from(
    [
        "the",
        "The",
        "of",
        "for",
        "and",
        "&",
        "-",
        "'",
        "’s",
        "'s",
        '"',
        "“",
        "”",
        "(",
        ")",
        ".",
        ",",
        ":",
        "\n\n",
        "U.S.",
        "US",
        "Iraq",
        "Iraqi",
        "Iraqis",
        "president",
        "President",
        "Minister",
        "Ministry",
        "Interior",
        "Mr.",
        "Mrs.",
        "Maria",
        "Lopez",
        "al",
        "Al",
        "bin",
        "Qaeda",
        "May",
        "Monday",
        "2019",
        "5",
        "A350",
        "University",
        "Council",
        "war",
        "War",
        "İstanbul",
        "straße",
        "ﬁn",
        "said",
        "WHO",
        "I",
        "It",
        "Kim",
        "Jong",
        "un",
        "NATO",
    ]
)


@given(st.lists(PIECES | st.text(string.printable, min_size=1, max_size=6), max_size=60))
def test_any_text_gives_valid_spans_in_order(pieces: list[str]) -> None:
    doc = tagged(" ".join(pieces))
    entities = find_entities(doc)
    starts = [entity.mentions[0].span.start for entity in entities]
    assert starts == sorted(starts)
    taken: set[int] = set()
    for entity in entities:
        assert entity.name
        assert entity.name not in entity.aliases
        assert 0 <= entity.confidence <= 1
        places = [(mention.span.start, mention.span.end) for mention in entity.mentions]
        assert places == sorted(set(places))
        for start, end in places:
            assert 0 <= start < end <= len(doc)
            assert not taken & set(range(start, end))
            taken.update(range(start, end))
    assert find_entities(doc) == entities


LABELS = st.tuples(
    st.integers(0, 12),
    st.integers(1, 6),
    st.sampled_from(["PERSON", "ORG", "GPE", "NORP", "EVENT"]),
)
TAGS = st.sampled_from(
    ["NOUN", "PROPN", "ADJ", "ADP", "DET", "PRON", "VERB", "AUX", "PUNCT", "PART"]
)


@given(st.data())
def test_any_labels_and_tags_give_valid_spans(data: st.DataObject) -> None:
    plain = NLP(" ".join(data.draw(st.lists(PIECES, max_size=12))))
    n = len(plain)
    doc = Doc(
        plain.vocab,
        words=[token.text for token in plain],
        spaces=[bool(token.whitespace_) for token in plain],
        pos=data.draw(st.lists(TAGS, min_size=n, max_size=n)),
    )
    free = 0
    ents = []
    for start, length, label in sorted(data.draw(st.lists(LABELS, max_size=8))):
        if free <= start < n:
            free = min(n, start + length)
            ents.append(Span(doc, start, free, label=label))
    doc.set_ents(ents)
    for entity in find_entities(doc):
        for mention in entity.mentions:
            assert 0 <= mention.span.start < mention.span.end <= n


def test_a_long_text_of_many_names() -> None:
    names = (f"he met Ana Ko{i}ra and the Mo{i}ti Council ." for i in range(2000))
    mentions = [m.span for e in find_entities(tagged(" ".join(names))) for m in e.mentions]
    assert sorted((span.start, span.end) for span in mentions) == [
        (at + 9 * i, at + 9 * i + 2) for i in range(2000) for at in (2, 6)
    ]


def test_name_spans_do_not_overlap() -> None:
    doc = tagged("the Prime Minister of Iraq, Ali Noor, and the Bank of England's Governor left.")
    spans = name_spans(Words(doc, gazetteer()))
    assert all(one.end <= other.start for one, other in pairwise(spans))


def test_two_surnames_side_by_side_are_no_name() -> None:
    text = "He met George Marsh. He told Andrew Noor. Marsh Noor met him. He told Marsh."
    entities = find_entities(tagged(text))
    assert [entity.name for entity in entities] == ["George Marsh", "Andrew Noor"]
    assert [len(entity.mentions) for entity in entities] == [3, 2]


def test_surname_stays_with_its_bearer_when_a_relative_is_named_aside() -> None:
    filler = "he left it . " * 12
    text = f"He met George Marsh. It was Marsh. He told Laura Marsh. {filler}It was Marsh."
    entities = find_entities(tagged(text))
    assert len(named(entities, "George Marsh").mentions) == 3
    assert len(named(entities, "Laura Marsh").mentions) == 1
