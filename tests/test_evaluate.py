from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from pipeline import jsonl
from pipeline.errors import PipelineError
from pipeline.evaluate.gate import Floors, check_floors, raise_floors
from pipeline.evaluate.gold import Anchors, GoldDate, load_gold
from pipeline.evaluate.invariants import violations
from pipeline.evaluate.run import evaluate, gold_files
from pipeline.evaluate.scores import Score, same_name, same_value, words_f1
from pipeline.extraction import Extractor
from pipeline.reading import read_article, read_text

from .conftest import CORPUS


@pytest.mark.parametrize(
    ("gold", "got", "same"),
    [
        ("2021-09-21", "2021-09-21", True),
        ("1998-05~", "1998-05", True),
        ("199X", "1990/1999", True),
        ("19XX", "1900/1999", True),
        ("199X", "1990/1998", False),
        ("2001/2021", "2001-09-11/2021-08-30", True),
        ("2001/2021", "2001-09-11/2022-08-30", False),
        ("../2023", "2023", True),
        ("2023", "../2023", False),
        ("P3Y", "P3M", False),
    ],
)
def test_same_value(gold: str, got: str, same: bool) -> None:
    assert same_value(gold, got) is same


def test_same_name() -> None:
    assert same_name("Madeleine Albright", "then-Secretary of State Madeleine Albright")
    assert same_name("the Taliban", "Taliban")
    assert not same_name("Ana Ruiz", "Bo Li")
    assert not same_name("", "Bo Li")


def test_words_f1_is_over_multisets() -> None:
    assert words_f1("no no no", "no") == 0.5
    assert words_f1("", "no") == 0.0


def test_score() -> None:
    score = Score(right=6, missed=2, extra=4)
    assert (score.precision, score.recall) == (0.6, 0.75)
    assert score.f1 == pytest.approx(2 / 3)
    assert Score(right=0, missed=0, extra=0).f1 == 0.0


def test_anchors_find_text_in_its_own_sentence() -> None:
    article = read_text("It rained in May. It rained in <b>May</b> 2020.\n\nMayors met.\n")
    gold = GoldDate(sentence="It rained in May 2020.", text="May", value="2020-05", type="DATE")
    [(start, end)] = Anchors(article).offsets(gold, "text", ("May",))
    assert article.source[start:end] == "May" and start > 20
    second = GoldDate(
        sentence="It rained in May", occurrence=2, text="may", value="2020-05", type="DATE"
    )
    assert Anchors(article).offsets(second, "text", ("may",)) == [(start, end)]


def test_gate_says_what_fell() -> None:
    scores = {"quotes": Score(right=60, missed=40, extra=40)}
    assert check_floors(Floors(articles=1, floors={"quotes": 0.6}), scores, articles=1) == []
    failures = check_floors(
        Floors(articles=2, floors={"quotes": 0.61, "dates": 0.5}), scores, articles=1
    )
    assert len(failures) == 3


def test_floors_only_rise() -> None:
    scores = {"quotes": Score(right=60, missed=40, extra=40)}
    old = Floors(articles=1, floors={"quotes": 0.7})
    assert raise_floors(scores, articles=2, old=old).floors == {"quotes": 0.7}
    assert raise_floors(scores, articles=2, old=None).floors == {"quotes": 0.59}


def test_a_field_that_is_not_in_the_text_has_null_for_its_spans(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    quote = {"sentence": "Rain fell.", "type": "indirect", "content": "Rain fell"}
    spans = {"content": [[0, 9]], "speaker": None}
    path.write_text(json.dumps({"doc": "a", "quotes": [{**quote, "spans": spans}]}))
    assert load_gold(path).quotes[0].spans == {"content": ((0, 9),), "speaker": None}


def test_wrong_gold_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"doc": 1}')
    with pytest.raises(PipelineError, match=r"a\.json: not a gold file: .*doc"):
        load_gold(path)
    with pytest.raises(PipelineError, match="no article a"):
        list(gold_files(tmp_path))
    with pytest.raises(PipelineError, match="no gold files"):
        list(gold_files(CORPUS.parent / "outputs"))


@pytest.mark.model
def test_kinds_that_were_not_annotated_are_not_scored(tmp_path: Path, extractor: Extractor) -> None:
    (tmp_path / "a.txt").write_text("Ana Ruiz said the road may open on 3 May 2020.", "utf-8")
    (tmp_path / "a.json").write_text('{"doc": "a", "annotated": ["quotes"]}', "utf-8")
    tally, articles = evaluate(tmp_path, lambda article: extractor.extract_article(article).records)
    assert articles == 1
    assert {name.split("_")[0] for name in tally.scores()} == {"quotes"}
    assert tally.scores()["quotes"].extra == 1


def test_invariants_are_really_checked(extractor: Extractor) -> None:
    article = read_text("In 2020 it rained. In 2020 it may rain.")
    records = list(extractor.extract_article(article).records)
    assert violations(article, records) == []
    date = next(i for i, record in enumerate(records) if record.id.startswith("date-"))
    moved = [*records]
    moved[date] = msgspec.structs.replace(records[date], start=records[date].start + 1)
    assert violations(article, moved)
    assert violations(article, [records[0], *reversed(records[1:])])
    assert violations(article, records[1:])
    assert violations(article, [*records[:date], *records[date + 1 :]])


@pytest.mark.model
def test_scores_are_those_of_the_reference_scorer(
    shared: Path, extractor: Extractor, tmp_path: Path
) -> None:
    gold = shared / "gold" / "dev"
    for path, _ in gold_files(gold):
        extraction = extractor.extract_article(read_article(path))
        jsonl.write(tmp_path / f"{path.stem}.jsonl", extraction.records)
    done = subprocess.run(
        [sys.executable, shared / "tools" / "score.py", gold, tmp_path, "--json"],
        capture_output=True,
        check=True,
    )
    reference = json.loads(done.stdout)["figures"]
    ours, _ = evaluate(gold, lambda article: extractor.extract_article(article).records)
    for name, score in ours.scores().items():
        if name.startswith("quotes_recall"):
            assert score.recall == pytest.approx(reference[name]["r"], abs=1e-4), name
        elif "f1" in reference[name]:
            assert score.f1 == pytest.approx(reference[name]["f1"], abs=1e-4), name
        else:
            assert score.recall == pytest.approx(reference[name]["accuracy"], abs=1e-4), name
