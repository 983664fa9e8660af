"""GUM's attributions as spans: what is taught, and what is left unsaid."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.train.relations import Attributions, read_relations
from pipeline.train.treebanks import read_conllu

# A word a line: form, lemma, tag, head, relation, then features or MISC.
THAT = """
Ada Ada PROPN 4 nsubj Discourse=attribution-positive:1->2:0:sem-atsrc-1-2-_+lex-indwd-4-_
Lund Lund PROPN 1 flat
had have AUX 4 aux
said say VERB 0 root
that that SCONJ 8 mark Discourse=context:2->0:0:_
the the DET 7 det
gate gate NOUN 8 nsubj
stood stand VERB 4 ccomp
open open ADJ 8 xcomp
. . PUNCT 4 punct
"""
SPLIT = """
“ “ PUNCT 3 punct SpaceAfter=No Discourse=root:1->0:0:_
We we PRON 3 nsubj Person=1
waited wait VERB 0 root SpaceAfter=No
, , PUNCT 3 punct SpaceAfter=No
” ” PUNCT 3 punct
she she PRON 7 nsubj Person=3 Discourse=attribution-positive:2->1:1:sem-atsrc-6-_+lex-indwd-7-_
said say VERB 3 parataxis SpaceAfter=No
, , PUNCT 7 punct
“ “ PUNCT 11 punct SpaceAfter=No Discourse=same-unit:3->1:0:_
and and CCONJ 11 cc
left leave VERB 3 conj SpaceAfter=No
. . PUNCT 3 punct SpaceAfter=No
” ” PUNCT 3 punct
"""
ACCORDING = """
And and CCONJ 7 cc Discourse=attribution-positive:1->2:0:sem-atsrc-4-5-_
according accord VERB 5 case
to to ADP 2 fixed
the the DET 5 det
port port NOUN 7 obl
ships ship NOUN 7 nsubj Discourse=root:2->0:0:_
wait wait VERB 0 root
. . PUNCT 7 punct
"""
WE = """
I I PRON 2 nsubj Person=1 Discourse=attribution-positive:1->2:0:sem-atsrc-1-_+lex-indwd-2-_
think think VERB 0 root
it it PRON 4 nsubj Discourse=root:2->0:0:_
works work VERB 2 ccomp
. . PUNCT 2 punct
"""
PLAIN = """
Rain rain NOUN 2 nsubj Discourse=context:1->0:0:_
fell fall VERB 0 root
. . PUNCT 2 punct
"""
UNMARKED = """
She she PRON 2 nsubj Person=3 Discourse=context:1->0:0:_
promised promise VERB 0 root
to to PART 4 mark
come come VERB 2 xcomp
. . PUNCT 2 punct
"""


def read(tmp_path: Path, *sentences: str) -> tuple[Attributions, list[str]]:
    """The attributions of a document of these sentences, and its words."""
    path = tmp_path / "gum.conllu"
    blocks = []
    for sentence in sentences:
        lines = []
        for number, row in enumerate(sentence.strip().split("\n"), start=1):
            form, lemma, tag, head, relation, *more = row.split(" ")
            features = "|".join(x for x in more if not x.startswith(("Discourse", "Space"))) or "_"
            misc = "|".join(x for x in more if x.startswith(("Discourse", "Space"))) or "_"
            fields = [str(number), form, lemma, tag, "X", features, head, relation, "_", misc]
            lines.append("\t".join(fields))
        blocks.append("\n".join(lines))
    path.write_text("# newdoc id = GUM_news_x\n" + "\n\n".join(blocks) + "\n\n", "utf-8")
    [document] = read_conllu(path, "gum")
    return read_relations(path)[document.name], document.words()


def told(found: Attributions, words: list[str]) -> list[tuple[str, str, list[str]]]:
    """Cue, source and content of each relation as text."""

    def text(span: tuple[int, int]) -> str:
        return " ".join(words[slice(*span)])

    return [(text(r.cue), text(r.source), [text(s) for s in r.content]) for r in found.relations]


def test_a_clause_with_that(tmp_path: Path) -> None:
    found, words = read(tmp_path, PLAIN, THAT.replace(":sem-atsrc-1-2-_+lex-indwd-4", ":x"))
    assert told(found, words) == []  # no source is signalled: not what GUM says
    found, words = read(tmp_path, THAT)
    assert told(found, words) == [("had said", "Ada Lund", ["the gate stood open"])]
    assert found.unsaid == set()


def test_words_are_counted_through_the_document(tmp_path: Path) -> None:
    shifted = THAT.replace(
        "1->2:0:sem-atsrc-1-2-_+lex-indwd-4", "2->3:0:sem-atsrc-4-5-_+lex-indwd-7"
    )
    found, words = read(tmp_path, PLAIN, shifted)
    [relation] = found.relations
    assert relation.cue == (5, 7)
    assert relation.content == ((8, 12),)
    assert told(found, words) == [("had said", "Ada Lund", ["the gate stood open"])]


def test_said_in_the_middle_splits_the_content_and_sheds_the_marks(tmp_path: Path) -> None:
    found, words = read(tmp_path, SPLIT)
    assert told(found, words) == [("said", "she", ["We waited ,", "and left ."])]


def test_according_to(tmp_path: Path) -> None:
    found, words = read(tmp_path, ACCORDING)
    assert told(found, words) == [("according to", "the port", ["ships wait"])]


def test_quoted_sentences_that_go_on_belong_to_it(tmp_path: Path) -> None:
    first = SPLIT.rsplit("\n”", 1)[0]
    second = """
Later later ADV 3 advmod Discourse=sequence:4->1:0:_
it it PRON 3 nsubj
rained rain VERB 0 root SpaceAfter=No
. . PUNCT 3 punct SpaceAfter=No
” ” PUNCT 3 punct
"""
    found, words = read(tmp_path, first, second)
    assert told(found, words)[0][2] == ["We waited ,", "and left . Later it rained ."]


@pytest.mark.parametrize(
    "sentence",
    [
        WE,
        # known to be none
        THAT.replace("positive", "negative"),
        # a word that is no cue of ours
        THAT.replace("said say", "glowed glow"),
        # somebody is told, nobody is named as the teller
        THAT.replace("4 nsubj", "4 nsubj:pass"),
        # "this means that"
        THAT.replace("Ada Ada PROPN 4 nsubj", "This this PRON 4 nsubj PronType=Dem"),
        # the reporting word that GUM gives no relation
        UNMARKED,
    ],
)
def test_doubtful_ones_are_neither_taught_nor_denied(tmp_path: Path, sentence: str) -> None:
    found, words = read(tmp_path, sentence, PLAIN.replace("1->0", "9->0"))
    assert found.relations == []
    assert found.unsaid == set(range(len(words) - 3))  # all but the plain sentence


def test_broken_annotation_is_no_error(tmp_path: Path) -> None:
    for wrong in ("1->99:0", "1->0:0", "x->y"):
        found, _ = read(tmp_path, THAT.replace("1->2:0", wrong))
        assert found.relations == []
    found, _ = read(tmp_path, THAT.replace("lex-indwd-4-_", "lex-indwd-400-_"))
    assert len(found.relations) == 1
