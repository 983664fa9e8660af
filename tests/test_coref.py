"""The scorer of pronouns and descriptions: treebanks written here, records made by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import asdict

from pipeline.errors import PipelineError
from pipeline.evaluate.coref import ChainDocument, ChainScore, read_chains, score_chains
from pipeline.reading import Article
from pipeline.records import EntityRecord, Mention

from . import by_hand

ROWS = """
1 Ana Ana PROPN NNP _ 2 nsubj _ Entity=(1-person-new-n-cf1-1-coref)
2 left leave VERB VBD _ 0 root _ SpaceAfter=No
3 . . PUNCT . _ 2 punct _ _

1 The the DET DT _ 2 det _ Entity=(1-person-giv-n-cf1-2-coref
2 minister minister NOUN NN _ 3 nsubj _ Entity=1)
3 took take VERB VBD _ 0 root _ _
4 her her PRON PRP$ Person=3|PronType=Prs 5 nmod:poss _ Entity=(2-object-new(1-person-giv)
5 hat hat NOUN NN _ 3 obj _ Entity=2)|SpaceAfter=No
6 . . PUNCT . _ 3 punct _ _

1 I I PRON PRP Person=1|PronType=Prs 2 nsubj _ Entity=(3-person-new-n-cf1-1-coref)
2 slept sleep VERB VBD _ 0 root _ SpaceAfter=No
3 . . PUNCT . _ 2 punct _ _
"""
TEXT = "Ana left. The minister took her hat. I slept."


def documents(tmp_path: Path) -> list[ChainDocument]:
    lines = [line.replace(" ", "\t") for line in ROWS.strip().split("\n")]
    path = tmp_path / "bank.conllu"
    path.write_text("# newdoc id = one\n" + "\n".join(lines) + "\n\n", encoding="utf-8")
    return read_chains(path)


def record(article: Article, *mentions: tuple[str, str]) -> EntityRecord:
    spans = [
        Mention(**asdict(by_hand.span_of(text, article.source)), sentence=0, form=form)  # type: ignore[arg-type]
        for text, form in mentions
    ]
    first = spans[0]
    return by_hand.entity(
        first.text,
        id="entity-1",
        article=article.id,
        at=first.start,
        end=first.end,
        text=first.text,
        mentions=tuple(spans),
    )


def scored(tmp_path: Path, *mentions: tuple[str, str]) -> ChainScore:
    return score_chains(documents(tmp_path), lambda article: [record(article, *mentions)])


def test_text_and_mentions_are_put_together_again(tmp_path: Path) -> None:
    (document,) = documents(tmp_path)
    assert document.text == TEXT
    found = [(TEXT[m.start : m.end], m.form, m.chain) for m in document.mentions]
    assert found == [
        ("Ana", "name", "1"),
        ("The minister", "nominal", "1"),
        ("her hat", "nominal", "2"),
        ("her", "pronoun", "1"),
        ("I", "other", "3"),
    ]


def test_right_missed_and_extra(tmp_path: Path) -> None:
    score = scored(tmp_path, ("Ana", "name"), ("The minister", "nominal"), ("her", "pronoun"))
    assert {name: score.figures[name].right for name in ("both", "pronouns", "nominals")} == {
        "both": 2,
        "pronouns": 1,
        "nominals": 1,
    }
    assert score.misses == ()
    # What stands for another thing is extra, and what was not found is missed.
    score = scored(tmp_path, ("Ana", "name"), ("her hat", "nominal"))
    both = score.figures["both_person"]
    assert (both.right, both.missed, both.extra) == (0, 2, 1)
    assert len(score.misses) == 3


def test_first_persons_are_not_judged(tmp_path: Path) -> None:
    both = scored(tmp_path, ("Ana", "name"), ("I", "pronoun")).figures["both"]
    assert (both.right, both.missed, both.extra) == (0, 2, 0)


@pytest.mark.parametrize("text", ["", "# a comment\n", "1\tword\n\n", "\x00"])
def test_what_is_no_treebank_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bank.conllu"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PipelineError, match=r"bank\.conllu"):
        read_chains(path)
