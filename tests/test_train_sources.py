"""Reading the sources: what each says, and above all what it leaves unsaid."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import PipelineError
from pipeline.language.heads import head
from pipeline.language.load import blank_nlp
from pipeline.train.corpus import Document, Sentence, bio, bio_spans
from pipeline.train.gold import Anchors, offsets, read_gold
from pipeline.train.inflections import inflections
from pipeline.train.names import place_type, strip_title, title_type
from pipeline.train.ner import read_crossner, read_grobid
from pipeline.train.readings import (
    FOUND,
    WRITTEN,
    Reading,
    held_readings,
    is_held,
    load_passages,
    load_readings,
    teach_passages,
    teach_readings,
)
from pipeline.train.relations import Attributions, Relation, teach_relations
from pipeline.train.sources import DataError, Source, check_data, read_manifest
from pipeline.train.treebanks import read_conllu

_NLP = blank_nlp()


def split(text: str) -> list[tuple[str, int]]:
    """A tokenizer for tests: words at spaces, final punctuation apart."""
    found = []
    at = 0
    for part in text.split():
        at = text.index(part, at)
        body = part.rstrip(".,:!?") or part
        found.append((body, at))
        found += [(mark, at + len(body) + i) for i, mark in enumerate(part[len(body) :])]
        at += len(part)
    return found


SPANS = st.lists(st.tuples(st.integers(0, 9), st.integers(1, 4), st.sampled_from("AB")), max_size=6)


@given(SPANS)
def test_bio_and_back_keeps_spans_that_do_not_overlap(raw: list[tuple[int, int, str]]) -> None:
    spans = [(start, start + length, label) for start, length, label in raw]
    labels = bio(14, spans)
    back = bio_spans(labels)
    assert bio(14, back) == labels
    assert set(back) <= set(spans)
    assert all(a[1] <= b[0] for a, b in pairwise(back))


def test_longest_span_wins() -> None:
    assert bio(4, [(1, 2, "GPE"), (0, 3, "ORG")]) == ["B-ORG", "I-ORG", "I-ORG", "O"]


CONLLU = """# newdoc id = GUM_news_x
# sent_id = 1
# text = Colonel Ada Lund didn't leave the Bank of Oslo.
1	Colonel	Colonel	PROPN	NNP	Number=Sing	6	nsubj	_	Entity=(1-person-new-nnnnn-cf1-1-coref
2	Ada	Ada	PROPN	NNP	Number=Sing	1	flat	_	_
3	Lund	Lund	PROPN	NNP	Number=Sing	1	flat	_	Entity=1)
4-5	didn't	_	_	_	_	_	_	_	_
4	did	do	AUX	VBD	_	6	aux	_	_
5	n't	not	PART	RB	_	6	advmod	_	_
6	leave	leave	VERB	VB	_	0	root	_	_
7	the	the	DET	DT	_	8	det	_	Entity=(2-organization-new-nn-c-2-sgl-B
8	Bank	Bank	PROPN	NNP	_	6	obj	_	_
9	of	of	ADP	IN	_	10	case	_	_
10	Oslo	Oslo	PROPN	NNP	_	8	nmod	_	Entity=(3-place-new-n-c-1-s-O)2)|SpaceAfter=No
11	.	.	PUNCT	.	_	6	punct	_	_

# sent_id = 2
# text = Swiss trains
1	Swiss	Swiss	ADJ	JJ	_	2	amod	_	_
2	trains	train	NOUN	NNS	_	0	root	_	Entity=(4-object-new-nnnnn-cf1-1-sgl)

"""


def test_treebank_words_and_named_mentions(tmp_path: Path) -> None:
    path = tmp_path / "gum.conllu"
    path.write_text(CONLLU, "utf-8")
    [document] = read_conllu(path, "gum")
    first, second = document.sentences
    assert first.words[3:5] == ["did", "n't"]
    assert first.spaces[3:5] == [False, True]
    assert not first.spaces[9]
    assert first.heads == [6, 1, 1, 6, 6, 0, 8, 6, 10, 8, 6]
    # the title is no part of the name; the place in the bank's name is nested
    assert bio_spans(first.layers["ner"]) == [(1, 3, "PERSON"), (7, 10, "ORG")]
    # GUM marks no peoples: "Swiss" may be a name for us, "trains" is none
    assert second.layers["ner"] == [None, "O"]


def test_crossner_leaves_unlabelled_capitals_unsaid(tmp_path: Path) -> None:
    path = tmp_path / "train.txt"
    path.write_text(
        "The\tO\nSwiss\tO\nvoted\tO\nin\tO\nLake\tB-location\nGeneva\tI-location\n", "utf-8"
    )
    [document] = read_crossner(path)
    assert document.sentences[0].layers["ner"] == ["O", None, "O", "O", "B-LOC", "I-LOC"]


def test_grobid_marks_become_names_or_stay_unsaid(tmp_path: Path) -> None:
    path = tmp_path / "x.xml"
    path.write_text(
        '<corpus><p><sentence>In <ENAMEX type="PERIOD">March 1911</ENAMEX> '
        '<ENAMEX type="PERSON">President Ada Lund</ENAMEX> met '
        '<ENAMEX type="PERSON_TYPE">women</ENAMEX> of '
        '<ENAMEX type="LOCATION">Norway and Chile</ENAMEX>.</sentence></p></corpus>',
        "utf-8",
    )
    [document] = read_grobid(path, split)
    [sentence] = document.sentences
    labels = dict(zip(sentence.words, sentence.layers["ner"], strict=True))
    assert labels["March"] == labels["President"] == labels["women"] == "O"
    assert (labels["Ada"], labels["Lund"]) == ("B-PERSON", "I-PERSON")
    assert labels["Norway"] is labels["Chile"] is None


GOLD_TEXT = "Ada Lund said rates may fall. Lund denied it.\n\nThe Lund Bank was closed."
GOLD = {
    "entities": [
        {"name": "Ada Lund", "type": "PERSON", "aliases": []},
        {"name": "Lund Bank", "type": "ORG", "aliases": ["the Bank"]},
    ],
    "quotes": [
        {
            "sentence": "Ada Lund said rates may fall.",
            "content": ["rates may fall"],
            "speaker": "Ada Lund",
            "cue": "said",
        }
    ],
    "predictions": [{"sentence": "Ada Lund said rates may fall.", "cue": ["may"]}],
}


def gold_folder(folder: Path) -> Path:
    (folder / "a.txt").write_text(GOLD_TEXT, "utf-8")
    (folder / "a.json").write_text(json.dumps(GOLD), "utf-8")
    (folder / "a.meta.json").write_text("{}", "utf-8")
    return folder


def test_gold_article_becomes_layers(tmp_path: Path) -> None:
    [document] = read_gold(gold_folder(tmp_path), "written", split, [])
    assert not document.true_sentences
    words = document.words()
    assert document.sentences[0].words == ["Ada", "Lund", "said", "rates", "may", "fall", "."]
    spans = {
        layer: [
            (" ".join(words[a:b]), label) for a, b, label in bio_spans(document.get_layer(layer))
        ]
        for layer in ("ner", "attribution", "hedges")
    }
    assert spans["ner"] == [("Ada Lund", "PERSON"), ("Lund Bank", "ORG")]
    assert spans["attribution"] == [
        ("Ada Lund", "SOURCE"),
        ("said", "CUE"),
        ("rates may fall", "CONTENT"),
    ]
    assert spans["hedges"] == [("may", "CUE")]
    # part of a name, by itself: it may be a mention, so nothing is said of it
    assert document.get_layer("ner")[words.index("denied") - 1] is None


def test_gold_article_of_a_treebank_adds_layers_to_its_document(tmp_path: Path) -> None:
    words = [word for word, _ in split(GOLD_TEXT)]
    known = Document("a", "ewt", [Sentence(words, [True] * len(words))])
    assert read_gold(gold_folder(tmp_path), "train", split, [known]) == []
    assert known.get_layer("hedges")[words.index("may")] == "B-CUE"


def test_anchors_fold_marks_case_and_white_space() -> None:
    text = "He said:\n“<b>No</b>  way”, and nowhere."
    span = Anchors(text).find('"no way"')
    assert span is not None
    assert text[slice(*span)] == "“<b>No</b>  way”"
    assert Anchors(text).find("no", span[1]) is None


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_anchors_find_any_word_of_any_text(text: str) -> None:
    anchors = Anchors(text)
    for word in text.split():
        span = anchors.find(word)
        assert span is None or 0 <= span[0] < span[1] <= len(text)


@given(st.lists(st.text("ab’é", min_size=1, max_size=4), max_size=8))
def test_offsets_spell_the_words(words: list[str]) -> None:
    text = " \n".join(words)
    assert [text[a:b] for a, b in offsets(words, text)] == words


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Lake Geneva", "LOC"),
        ("Geneva Airport", "FAC"),
        ("Geneva", "GPE"),
        ("the Middle East", "LOC"),
        ("Gaza Strip", "GPE"),
    ],
)
def test_place_type(name: str, kind: str) -> None:
    assert place_type(name.split()) == kind


def test_types_and_titles_by_words() -> None:
    assert title_type(["Fisheries", "Act"]) == "LAW"
    assert title_type(["Blue", "Thing"]) is None
    assert strip_title(["Prime", "Minister", "Ito"]) == 2
    assert strip_title(["General"]) == 0


def test_manifest_names_licence_and_digest_of_every_source() -> None:
    sources = read_manifest()
    assert {source.name for source in sources} >= {"ewt", "gum", "train", "written", "dev"}
    for source in sources:
        assert source.licence and source.upstream
        # what the repository holds needs no digest
        assert bool(source.files) == (source.name != "attributed")
        assert all(len(digest) == 64 for digest in source.files.values())
        assert ("dev" in source.name) <= (source.use == "measure")


def test_missing_and_changed_files_are_named(tmp_path: Path) -> None:
    digest = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"  # of "hello"
    source = Source("ewt", "a treebank", "train", "some/where", "abc", "CC", {"x/a.txt": digest})
    with pytest.raises(DataError, match=r"a\.txt: missing.*'ewt'.*some/where abc"):
        check_data(tmp_path, [source])
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "a.txt").write_text("other", "utf-8")
    with pytest.raises(DataError, match=r"a\.txt: differs"):
        check_data(tmp_path, [source])
    (tmp_path / "x" / "a.txt").write_text("hello", "utf-8")
    check_data(tmp_path, [source])


def test_inflections_list_what_the_treebanks_agree_on() -> None:
    words = ["Saw", "saw", "'s", "'s", "Ana"]
    layers: dict[str, list[str | None]] = {
        "xpos": ["VBD", "VBD", "VBZ", "VBZ", "NNP"],
        "lemma": ["see", "see", "be", "have", "Ana"],
    }
    document = Document("a", "ewt", [Sentence(words, [True] * 5, layers), Sentence(["x"], [True])])
    table = inflections([document])
    assert {tag: found for tag, found in table.items() if found} == {"VBD": {"saw": "see"}}


def test_relations_become_layers() -> None:
    words = ["Ana", "said", "rates", "rise", ".", "She", "knows", "."]
    document = Document("a", "gum", [Sentence(words, [True] * len(words))])
    relation = Relation(cue=(1, 2), source=(0, 1), content=((2, 4),))
    teach_relations(document, Attributions([relation], {5, 6, 7}))
    assert document.get_layer("cues") == ["O", "B-CUE", "O", "O", "O", None, None, None]
    assert document.get_layer("links") == [
        *("SOURCE:0", "CUE:0", "CONTENT:0", "CONTENT:0", ""),
        *(None, None, None),
    ]


def test_nested_attributions_keep_all_their_links(tmp_path: Path) -> None:
    text = "Ana said Ito denied it had failed."
    outer = {
        "sentence": text,
        "speaker": "Ana",
        "cue": "said",
        "content": "Ito denied it had failed",
    }
    inner = {"sentence": text, "speaker": "Ito", "cue": "denied", "content": "it had failed"}
    (tmp_path / "a.txt").write_text(text, "utf-8")
    (tmp_path / "a.json").write_text(json.dumps({"quotes": [outer, inner]}), "utf-8")
    [document] = read_gold(tmp_path, "attributed", split, [])
    layers = {name: document.get_layer(name) for name in ("attribution", "cues", "links")}
    assert [label for _, _, label in bio_spans(layers["attribution"])] == [
        "SOURCE",
        "CUE",
        "CONTENT",
    ]
    assert [words for *words, _ in bio_spans(layers["cues"])] == [[1, 2], [3, 4]]
    assert layers["links"][3:5] == ["CONTENT:0 CUE:1", "CONTENT:0 CONTENT:1"]
    # nothing is said of names and hedges, which were not annotated
    assert not document.has_layer("ner") and not document.has_layer("hedges")


def test_readings_are_taught_where_they_stand_and_nowhere_else() -> None:
    words = ["It", "may", "rain", "or", "may", "not", "."]
    treebank = [Document("d", "ewt", [Sentence(words, [True] * 7)])]
    teach_readings([Reading("d", 0, 1, "may", "hedge")], treebank)
    assert treebank[0].get_layer("readings") == ["O", "hedge", "O", "O", None, "O", "O"]
    with pytest.raises(PipelineError, match="no 'can' at 0"):
        teach_readings([Reading("d", 0, 0, "can", "ability")], treebank)


def test_readings_kept_for_measuring_are_of_whole_documents_and_never_taught() -> None:
    rows, found = load_readings(), load_passages(FOUND)
    kept = sum(is_held(row.document) for row in rows)
    kept += sum(len(line.marks) for line in found if is_held(line.document))
    assert 0.05 < kept / (len(rows) + sum(len(line.marks) for line in found)) < 0.2
    assert {row.reading for row in rows} == set(head("readings").types)
    names = [f"d{i}" for i in range(40)]
    treebank = [Document(n, "ewt", [Sentence(["It", "may"], [True, False])]) for n in names]
    one = [Reading(name, 0, 1, "may", "hedge") for name in names]
    held = held_readings(one, treebank)
    assert {document.name for document in held} == {name for name in names if is_held(name)}
    assert held and not any(document.has_layer("readings") for document in treebank)


def runtime_words(text: str) -> list[tuple[str, int]]:
    """The run time's tokenizer."""
    doc = _NLP.make_doc(text)
    return [(token.text, token.idx) for token in doc if not token.is_space]


def test_passages_teach_the_marked_words_and_nothing_of_unmarked_ones_of_their_form(
    tmp_path: Path,
) -> None:
    path = tmp_path / "p.txt"
    path.write_text(
        "Shops [[will|plan]] open. It [[ca|ability]]n't rain.\nHe will come.\n", "utf-8"
    )
    first, second = teach_passages(runtime_words, load_passages(path))
    words = first.sentences[0].words
    assert words == ["Shops", "will", "open", ".", "It", "ca", "n't", "rain", "."]
    expected = ["O", "plan", "O", "O", "O", "ability", "O", "O", "O"]
    assert first.get_layer("readings") == expected
    assert first.sentences[0].spaces[:4] == [True, True, False, True]
    assert second.get_layer("readings") == ["O", None, "O", "O"]
    path.write_text("Shops [[will|hope]] open.\n", "utf-8")
    with pytest.raises(PipelineError, match=r"p\.txt:1: 'will' cannot be hope"):
        load_passages(path)
    path.write_text("Shops w[[ill|plan]] open.\n", "utf-8")
    with pytest.raises(PipelineError, match=r"p\.txt:1: no word begins at 'ill'"):
        teach_passages(runtime_words, load_passages(path))


def test_lines_of_one_document_are_its_sentences(tmp_path: Path) -> None:
    path = tmp_path / "p.txt"
    path.write_text("a\tIt [[may|hedge]] rain.\na\tIt [[must|deontic]].\nb\tIt may.\n", "utf-8")
    documents = teach_passages(runtime_words, load_passages(path))
    assert [(d.name, len(d.sentences)) for d in documents] == [("a", 2), ("b", 1)]
    assert documents[0].get_layer("readings")[:2] == ["O", "hedge"]


@pytest.mark.parametrize("path", [FOUND, WRITTEN], ids=lambda path: path.stem)
def test_every_passage_can_be_taught(path: Path) -> None:
    passages = load_passages(path)
    labels = [x for d in teach_passages(runtime_words, passages) for x in d.get_layer("readings")]
    said = [x for x in labels if x not in (None, "O")]
    assert set(said) == set(head("readings").types)
    assert len(said) == sum(len(passage.marks) for passage in passages)
    assert all(bool(passage.document) == (path == FOUND) for passage in passages)


def test_a_broken_reading_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text('{"document": "d"}\n', "utf-8")
    with pytest.raises(PipelineError, match=r"r\.jsonl:1: "):
        load_readings(path)
