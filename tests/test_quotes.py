from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

import msgspec
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc, Span, SpanGroup

from pipeline.extraction import Extractor
from pipeline.language import blank_nlp, syntax
from pipeline.lexicons import rows
from pipeline.stages import layers
from pipeline.stages.findings import Quote
from pipeline.stages.marks import find_marked
from pipeline.stages.quotes import find_quotes, load_weights
from pipeline.stages.reporting import Reporting, Venue, load_lexicon
from pipeline.stages.votes import ATTRIBUTION, LINKS

BLANK = blank_nlp()

# Quotation marks: no parse, no model -------------------------------------------------------------


def marked(text: str) -> list[str]:
    doc = BLANK(text)
    found, _ = find_marked(doc)
    return [" | ".join(doc[s.start : s.end].text for s in mark.segments) for mark in found]


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("“We wait,” she said.", ["We wait,"]),
        ('"We wait," she said.', ["We wait,"]),
        ("``We wait,'' she said.", ["We wait,"]),
        ("‘‘We wait,’’ she said.", ["We wait,"]),
        ("«We wait», she said.", ["We wait"]),
        ("« We wait », she said.", ["We wait"]),
        ("„We wait“, she said.", ["We wait"]),
        ("'We wait,' she said.", ["We wait,"]),
        ('" We wait , " she said .', ["We wait ,"]),
        ('“We wait," she said. "And we hope.”', ["We wait,", "And we hope."]),
        ("“He told me ‘no’ twice,” she said.", ["He told me ‘no’ twice,", "no"]),
        ("'He told me \"no\" twice,' she said.", ['He told me "no" twice,', "no"]),
        ("'The miners' hall isn't sold,' she said.", ["The miners' hall isn't sold,"]),
        ('A "grey" or "mottled" seal.', ["grey", "mottled"]),
        ("(“We wait.”)", ["We wait."]),
        ("He left—“for good”—in May.", ["for good"]),
    ],
)
def test_marks_pairs(text: str, inside: list[str]) -> None:
    assert marked(text) == inside


@pytest.mark.parametrize(
    "text",
    [
        "It's the miners' hall, and the '90s are over; rock 'n' roll isn't.",
        "'Tis late; tell 'em I'll go.",
        'The shelf is 6" deep, the man 5\'10" tall.',
        "» first item",
        "No marks at all.",
        '"" and " " hold nothing.',
        "The boys' and girls' teams drew.",
    ],
)
def test_marks_leaves_apostrophes_and_measures_alone(text: str) -> None:
    assert marked(text) == []


def test_marks_runs_on_when_each_paragraph_opens() -> None:
    text = '"We wait.\n\n"We hope.\n\n"We go," she said.\n\nHe left.'
    assert marked(text) == ["We wait. | We hope. | We go,"]


def test_marks_runs_on_into_a_paragraph_that_only_closes() -> None:
    assert marked('He said, "We wait.\n\nThen we go." They went.') == ["We wait. | Then we go."]


def test_marks_never_crosses_an_unmarked_paragraph() -> None:
    text = '"We wait, he said.\n\nNothing stirred.\n\n"We go," she said.'
    doc = BLANK(text)
    found, unpaired = find_marked(doc)
    spans = [(m.closed, doc[m.outer.start : m.outer.end].text.strip()) for m in found]
    assert spans == [(False, '"We wait, he said.'), (True, '"We go,"')]
    assert [u.token for u in unpaired] == [0]


def test_marks_stray_costs_only_its_own_quotation() -> None:
    assert marked("“A stray one here. “We wait,” she said, “and hope.”") == [
        "We wait,",
        "and hope.",
    ]
    assert marked("One too many” here. “We wait,” she said.") == ["We wait,"]


def test_marks_know_their_parents() -> None:
    found, _ = find_marked(BLANK("“He told me ‘no’ twice,” she said. “Fine.”"))
    assert [mark.parent for mark in found] == [None, 0, None]


MARK_TEXT = st.lists(
    st.sampled_from(
        [*"\"“”'‘’«»  as.,5—:", "``", "''", "\n\n", "Bo"],
    ),
    max_size=60,
).map("".join)


@given(MARK_TEXT)
def test_marks_hold_for_any_text(text: str) -> None:
    doc = BLANK(text)
    found, unpaired = find_marked(doc)
    breaks = [t.i for t in doc if t.is_space and t.text.count("\n") > 1]
    for index, mark in enumerate(found):
        assert 0 <= mark.outer.start < mark.outer.end <= len(doc)
        for span in mark.segments:
            assert mark.outer.start <= span.start < span.end <= mark.outer.end
            assert not any(span.start <= at < span.end for at in breaks)
        if mark.parent is not None:
            around = found[mark.parent]
            assert mark.parent < index
            assert around.outer.start <= mark.outer.start and mark.outer.end <= around.outer.end
        edges = [at for at in breaks if mark.outer.start <= at < mark.outer.end]
        for begin, end in pairwise([mark.outer.start, *edges, mark.outer.end]):
            paragraph = doc[begin:end].text.strip()
            assert not paragraph or re.search("[\"“”'‘’«»`]", paragraph), "crosses unmarked text"
    assert all(0 <= u.token < len(doc) for u in unpaired)


@pytest.mark.parametrize(
    ("unit", "found", "unpaired"),
    [
        ('"', 0, 0),
        ("“‘", 0, 39_999),
        ('"a ', 1, 20_000),
        ('a" ', 0, 20_000),
        ('" a ', 10_000, 0),
        ("'a ", 0, 0),
        ('"a\n\n', 20_000, 20_000),
        ("s' a ", 0, 0),
    ],
)
def test_any_number_of_marks(unit: str, found: int, unpaired: int) -> None:
    assert tuple(map(len, find_marked(BLANK(unit * 20_000)))) == (found, unpaired)


# Attributions over a parse made by hand ----------------------------------------------------------

_POS = {
    "NN": "NOUN",
    "NNS": "NOUN",
    "NNP": "PROPN",
    "VB": "VERB",
    "VBD": "VERB",
    "VBZ": "VERB",
    "VBP": "VERB",
    "VBN": "VERB",
    "VBG": "VERB",
    "MD": "AUX",
    "PRP": "PRON",
    "PRP$": "PRON",
    "WP": "PRON",
    "DT": "DET",
    "IN": "ADP",
    "TO": "PART",
    "RB": "ADV",
    "JJ": "ADJ",
    "JJS": "ADJ",
    "CC": "CCONJ",
    "CD": "NUM",
    "POS": "PART",
}


def parsed(spec: str) -> Doc:
    """A Doc from lines of "word tag relation head": UD, heads counted from 0."""
    fields = [line.split() for line in spec.strip().splitlines()]
    words, tags, deps, heads = (list(column) for column in zip(*fields, strict=True))
    auxiliaries = {"aux", "aux:pass", "cop"}
    pos = [
        "AUX" if dep in auxiliaries else "SCONJ" if dep == "mark" and tag == "IN" else _POS.get(tag)
        for tag, dep in zip(tags, deps, strict=True)
    ]
    return Doc(
        BLANK.vocab,
        words=words,
        tags=tags,
        pos=[p or "PUNCT" for p in pos],
        deps=deps,
        heads=[int(head) for head in heads],
        lemmas=[word.lower() for word in words],
    )


def quotes_of(doc: Doc, threshold: float = 0.4) -> list[Quote]:
    found, _ = find_quotes(doc, threshold=threshold, lexicon=load_lexicon(), weights=load_weights())
    return found


@dataclass
class Said:
    speaker: str | None
    cue: str | None
    content: str
    type: str = "indirect"


def said(doc: Doc) -> list[Said]:
    return [
        Said(
            None if q.speaker is None else doc[q.speaker.span.start : q.speaker.span.end].text,
            None if q.cue is None else doc[q.cue.span.start : q.cue.span.end].text,
            " | ".join(doc[s.start : s.end].text for s in q.content),
            q.type,
        )
        for q in quotes_of(doc)
    ]


PARSES = {
    "a clause with that, up to the next clause": (
        """The DT det 1
        miller NN nsubj 2
        said VBD ROOT 2
        that IN mark 7
        the DT det 5
        dam NN nsubj 7
        would MD aux 7
        hold VB ccomp 2
        , , punct 12
        and CC cc 12
        the DT det 11
        clerk NN nsubj 12
        left VBD conj 2
        . . punct 2""",
        [Said("The miller", "said", "the dam would hold")],
    ),
    "coordinated content whole": (
        """The DT det 1
        envoy NN nsubj 2
        said VBD ROOT 2
        that IN mark 6
        the DT det 5
        talks NNS nsubj 6
        stalled VBD ccomp 2
        and CC cc 9
        would MD aux 9
        resume VB conj 6
        . . punct 2""",
        [Said("The envoy", "said", "the talks stalled and would resume")],
    ),
    "a cue in the middle": (
        """The DT det 1
        dam NN nsubj 8
        , , punct 5
        the DT det 4
        miller NN nsubj 5
        said VBD parataxis 8
        , , punct 5
        would MD aux 8
        hold VB ROOT 8
        until IN case 10
        spring NN obl 8
        . . punct 8""",
        [Said("the miller", "said", "The dam | would hold until spring")],
    ),
    "according to": (
        """According VBG case 3
        to IN fixed 0
        the DT det 3
        clerk NN obl 8
        , , punct 3
        the DT det 6
        file NN nsubj:pass 8
        was VBD aux:pass 8
        lost VBN ROOT 8
        . . punct 8""",
        [Said("the clerk", "According to", "the file was lost")],
    ),
    "a relative pronoun for a source": (
        """Lena NNP nsubj 9
        Moor NNP flat 0
        , , punct 4
        who WP nsubj 4
        insisted VBD acl:relcl 0
        that IN mark 7
        she PRP nsubj 7
        paid VBD ccomp 4
        , , punct 4
        left VBD ROOT 9
        . . punct 9""",
        [Said("who", "insisted", "she paid")],
    ),
    "a passive that quotes": (
        """He PRP nsubj:pass 2
        was VBD aux:pass 2
        quoted VBN ROOT 2
        as IN mark 4
        saying VBG advcl 2
        that IN mark 9
        the DT det 7
        port NN nsubj:pass 9
        was VBD aux:pass 9
        shut VBN ccomp 4
        . . punct 2""",
        [Said("He", "was quoted as saying", "the port was shut")],
    ),
    "an order": (
        """The DT det 1
        doctor NN nsubj 2
        urged VBD ROOT 2
        the DT det 4
        crew NN obj 2
        to TO mark 6
        rest VB xcomp 2
        until IN case 8
        dawn NN obl 6
        . . punct 2""",
        [Said("The doctor", "urged", "to rest until dawn")],
    ),
    "a belief": (
        """Residents NNS nsubj 1
        fear VBP ROOT 1
        that IN mark 6
        the DT det 4
        slope NN nsubj 6
        will MD aux 6
        slip VB ccomp 1
        . . punct 1""",
        [Said("Residents", "fear", "the slope will slip")],
    ),
    "a survey for a source": (
        """The DT det 1
        survey NN nsubj 2
        found VBD ROOT 2
        that IN mark 7
        most JJS amod 5
        wells NNS nsubj 7
        were VBD cop 7
        dry JJ ccomp 2
        . . punct 2""",
        [Said("The survey", "found", "most wells were dry")],
    ),
    "words of a fragment in marks make it mixed": (
        """The DT det 1
        envoy NN nsubj 2
        said VBD ROOT 2
        that IN mark 8
        the DT det 5
        talks NNS nsubj 8
        were VBD cop 8
        " `` punct 8
        slow JJ ccomp 2
        but CC cc 10
        alive JJ conj 8
        " '' punct 8
        . . punct 2""",
        [Said("The envoy", "said", 'the talks were " slow but alive "', "mixed")],
    ),
    "an inverted cue": (
        """" `` punct 3
        We PRP nsubj 3
        will MD aux 3
        wait VB ccomp 6
        , , punct 3
        " '' punct 3
        said VBD ROOT 6
        one CD nummod 8
        officer NN nsubj 6
        . . punct 6""",
        [Said("one officer", "said", "We will wait ,", "direct")],
    ),
    "what was not said": (
        """The DT det 1
        miller NN nsubj 4
        did VBD aux 4
        not RB advmod 4
        say VB ROOT 4
        that IN mark 9
        the DT det 7
        dam NN nsubj 9
        would MD aux 9
        hold VB ccomp 4
        . . punct 4""",
        [],
    ),
    "a passive without an agent says nothing of a source": (
        """The DT det 1
        bridge NN nsubj:pass 4
        has VBZ aux 4
        been VBN aux:pass 4
        described VBN ROOT 4
        as IN case 6
        unsafe JJ obl 4
        . . punct 4""",
        [],
    ),
    "neither a title nor a lone term in marks": (
        """Her PRP$ nmod:poss 1
        novel NN nsubj 5
        " `` punct 3
        Salt NNP appos 1
        " '' punct 3
        sold VBD ROOT 5
        well RB advmod 5
        . . punct 5""",
        [],
    ),
    "a plain transitive verb": (
        """The DT det 1
        crew NN nsubj 2
        mended VBD ROOT 2
        the DT det 4
        net NN obj 2
        . . punct 2""",
        [],
    ),
}


@pytest.mark.parametrize("name", PARSES)
def test_quotes_over_a_parse(name: str) -> None:
    spec, expected = PARSES[name]
    assert said(parsed(spec)) == expected


def test_quotes_name_the_antecedent_of_who() -> None:
    (quote,) = quotes_of(parsed(PARSES["a relative pronoun for a source"][0]))
    assert quote.speaker is not None and quote.speaker.name == "Lena Moor"


def test_quotes_tell_what_they_came_through() -> None:
    doc = parsed(PARSES["a passive that quotes"][0])
    (quote,) = quotes_of(doc)
    assert quote.reported is not None
    assert doc[quote.reported.start : quote.reported.end].text == "was quoted"


def test_quotes_listen_to_the_model() -> None:
    doc = parsed(PARSES["a clause with that, up to the next clause"][0])
    content = {4: 0.9, 5: 0.9, 6: 0.9, 7: 0.9}
    tell(doc, cue=2, score=0.97, source={0: 0.9, 1: 0.9}, content=content)
    agreed = quotes_of(doc)[0].confidence
    tell(doc, cue=2, score=0.97, source={0: 0.9, 1: 0.9}, content={})
    unsure = quotes_of(doc, threshold=0.0)[0].confidence
    doc.user_data[LINKS] = []
    denied = quotes_of(doc, threshold=0.0)[0].confidence
    assert denied < agreed
    assert unsure < agreed


def test_quotes_take_an_unknown_verb_on_the_models_word() -> None:
    doc = parsed(PARSES["a clause with that, up to the next clause"][0].replace("said", "honked"))
    assert quotes_of(doc) == []
    content = {4: 0.9, 5: 0.9, 6: 0.9, 7: 0.9}
    tell(doc, cue=2, score=0.97, source={0: 0.9, 1: 0.9}, content=content)
    (quote,) = quotes_of(doc)
    assert quote.cue is not None and quote.cue.lemma == "honked"
    assert quote.cue.stance is None


def tell(
    doc: Doc, *, cue: int, score: float, source: dict[int, float], content: dict[int, float]
) -> None:
    """Leave on a Doc what a language model would say of one cue."""
    words = sorted({*source, *content})
    scores = [[roles.get(word, 0.0) for word in words] for roles in (source, content)]
    doc.user_data[LINKS] = [[cue, score, words, *scores]]
    spans = [Span(doc, word, word + 1, "CONTENT") for word in sorted(content)]
    attrs = {"scores": [content[span.start] for span in spans]}
    doc.spans[ATTRIBUTION] = SpanGroup(doc, spans=spans, attrs=attrs)


def test_quotes_need_a_parse() -> None:
    assert quotes_of(BLANK("“We wait,” said one officer.")) == []


WORDS = ['"', "“", "”", "'", ",", ".", ":", ";", "--", "\n\n", "said", "told", "claim", "view"]
WORDS += ["put", "as", "at", "that", "according", "to", "in", "quoted", "who", "Ana", "BOB", "it"]
WORDS += ["statement", "Twitter", "on", "by", "reporters", "speaking", "reportedly", "issued"]
RELATIONS = ["nsubj", "obj", "ccomp", "xcomp", "advcl", "parataxis", "conj", "acl", "obl", "mark"]
RELATIONS += ["case", "nmod:poss", "aux", "aux:pass", "appos", "punct"]
WORD = st.tuples(
    st.sampled_from(WORDS),
    st.sampled_from(["VBD", "VBG", "VB", "NN", "NNP", "PRP", "IN", "WP", "JJ", "MD", "."]),
    st.sampled_from(RELATIONS),
    st.integers(0, 40),
)


@given(st.lists(WORD, min_size=1, max_size=40))
def test_quotes_hold_for_any_parse(words: list[tuple[str, str, str, int]]) -> None:
    # Each word hangs on an earlier one, the first is the root: a tree, if a senseless one.
    doc = Doc(
        BLANK.vocab,
        words=[word for word, *_ in words],
        tags=[tag for _, tag, *_ in words],
        pos=[_POS.get(tag, "PUNCT") for _, tag, *_ in words],
        deps=["ROOT", *(dep for _, _, dep, _ in words[1:])],
        heads=[0, *(head % i for i, (*_, head) in enumerate(words[1:], start=1))],
        lemmas=[word.lower() for word, *_ in words],
    )
    quotes = quotes_of(doc, threshold=0.0)
    for index, quote in enumerate(quotes):
        assert quote.content
        for span in quote.content:
            assert 0 <= span.start < span.end <= len(doc)
        assert quote.parent != index and quote.follows != index
        inside = {i for span in quote.content for i in range(span.start, span.end)}
        for span in filter(None, (quote.venue, quote.addressee)):
            assert 0 <= span.start < span.end <= len(doc)
            assert not inside & set(range(span.start, span.end))
        assert 0 <= quote.confidence <= 1
    assert msgspec.convert(msgspec.to_builtins(quotes), list[Quote]) == quotes


# The component -----------------------------------------------------------------------------------


def test_quotes_component_reports_marks_without_a_partner() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("claimline_quotes")
    doc = Doc(
        nlp.vocab,
        words=["“"] * 60,
        deps=["ROOT"] + ["punct"] * 59,
        heads=[0] * 60,
        tags=["``"] * 60,
        pos=["PUNCT"] * 60,
        lemmas=["“"] * 60,
    )
    doc = nlp(doc)
    problems = layers.get_problems(doc)
    assert layers.get_quotes(doc) == []
    assert len(problems) == 11
    assert problems[-1].message.startswith("50 further")
    assert {p.stage for p in problems} == {"quotes"}


def test_quotes_survive_serialisation() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("claimline_quotes")
    doc = nlp(parsed(PARSES["an inverted cue"][0]))
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert layers.get_quotes(again) == layers.get_quotes(doc) != []


def test_lexicons_are_consistent() -> None:
    cues = rows("reporting", Reporting)
    keys = [(row.lemma, row.form) for row in cues]
    assert len(keys) == len(set(keys))
    allowed = {"clause", "marks", "infinitive", "order", "gerund", "as", "predicative", "noun"}
    for row in cues:
        assert row.takes and row.example
        if row.form in ("verb", "noun", "adjective"):
            assert all(frame in allowed or frame.startswith("+") for frame in row.takes), row
        words = set(re.findall(r"[\w'-]+", row.example.lower()))
        first, *rest = row.lemma.split()
        last = (first, *rest)[-1]
        assert words & {first, last, *row.forms}, f"{row.lemma}: the example lacks the cue"
    venues = rows("venues", Venue)
    assert len({venue.noun for venue in venues}) == len(venues)
    assert all(venue.noun.split("-")[0] in venue.example.lower() for venue in venues)
    assert [venue.noun for venue in venues] == sorted(venue.noun for venue in venues)


# Marked sentences over the embedded model: {source}, <cue>, [content] ----------------------------

MARKED = {
    "fronted": '"[We will not wait for the thaw]," {the harbour master} <said>.',
    "inverted": '"[We will not wait for the thaw]," <wrote> {one officer}.',
    "leading": '{The harbour master} <said>: "[We will not wait for the thaw.]"',
    "split": '"[We will wait]," {she} <said>, "[but not for ever.]"',
    "second sentence": '"[We will wait]," {she} <said>. "[But not for ever.]"',
    "that": "{The harbour master} <said> that [the ice would break before Easter].",
    "zero": "{Officials} <say> [the ice will break before Easter].",
    "trailing": "[The ice would break before Easter], {the harbour master} <predicted>.",
    "according to": "[The ice broke before Easter], <according to> {the harbour master}.",
    "apposition": '"[It held]," <said> {Ilse Brandt, a retired engineer}.',
    "addressee": "{The pilot} <told> reporters that [the engine had failed].",
    "poll": "{A poll by the Ledger} <found> that [most voters wanted a ferry].",
    "belief": "{Fishermen} <believe> that [the herring will return].",
    "denial": "{The company} <denied> that [it had paid a bribe].",
    "noun": "He rejected {their} <claim> that [the letter was forged].",
    "owned": "[The dam will hold until spring], <in> {the miller's} <view>.",
    "order": "{The doctor} <urged> the crew [to rest until dawn].",
    "fragment": '{The minister} <said> [the talks were "slow but alive"].',
    "none: title": 'She lent me her copy of "The Salt Road" last week.',
    "none: term": 'The so-called "snow tax" was dropped in May.',
    "none: nickname": 'Joe "Stubby" Marsh lost his seat in May.',
    "none: plain": "The crew mended the nets and sailed at dawn.",
}


def unmarked(text: str) -> str:
    return re.sub(r"[{}<>\[\]]", "", text)


def pieces(text: str, opening: str, closing: str) -> list[str]:
    found = re.findall(re.escape(opening) + r"(.*?)" + re.escape(closing), text)
    return [unmarked(piece) for piece in found]


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


@pytest.mark.model
@pytest.mark.parametrize("name", MARKED)
def test_quotes_in_marked_sentences(name: str, extractor: Extractor) -> None:
    text = MARKED[name]
    records = extractor.extract(unmarked(text)).of("quote")
    content = pieces(text, "[", "]")
    if not content:
        assert records == ()
        return
    (record,) = records
    assert [words_of(span.text) for span in record.content] == [words_of(c) for c in content]
    (source,) = pieces(text, "{", "}")
    assert words_of(record.speaker.text) == [w for w in words_of(source) if w != "s"] or (
        words_of(record.speaker.text) == words_of(source)
    )


def test_quotes_are_builtins() -> None:
    doc = parsed(PARSES["a belief"][0])
    (quote,) = quotes_of(doc)
    assert msgspec.convert(msgspec.to_builtins(quote), Quote) == quote
    assert syntax.has_parse(doc)
