from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas
import pytest
from spacy.language import Language
from spacy.tokens import Doc

import pipeline
from pipeline import jsonl
from pipeline.errors import ModelError, PipelineError
from pipeline.extraction import Extractor
from pipeline.language.network import EMBEDDED
from pipeline.reading import read_article, read_text
from pipeline.records import KINDS, PredictionRecord, QuoteRecord

from .conftest import ROOT, corpus_articles

pytestmark = pytest.mark.model

TEXT = '"Prices may fall by 2023," Ana Ruiz, the finance minister, said on 4 May 2021.'


def test_typed_records_of_a_text(extractor: Extractor) -> None:
    found = extractor.extract(TEXT)
    [quote] = found.of("quote")
    [prediction] = found.of("prediction")
    assert isinstance(quote, QuoteRecord) and isinstance(prediction, PredictionRecord)
    assert quote.speaker is not None and quote.speaker.name == "Ana Ruiz"
    assert [span.text for span in quote.content] == ["Prices may fall by 2023,"]
    assert prediction.holder.quote == quote.id
    assert prediction.horizon is not None and prediction.horizon.value == "../2023"
    assert prediction.likelihood.level == "possible"
    assert found.article.article == "text"
    assert repr(found).startswith("<Extraction of text: ")


def test_a_path_is_a_file_and_a_string_is_text(extractor: Extractor, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    assert extractor.extract(path).article.article == "a"
    with pytest.raises(PipelineError, match=r"pass pathlib\.Path"):
        extractor.extract(str(path))
    assert extractor.extract("x" * 5000).article.characters == 5000


def test_jsonl_is_what_the_command_writes(extractor: Extractor) -> None:
    found = extractor.extract(TEXT)
    lines = found.to_jsonl().split("\n")
    assert json.loads(lines[0])["kind"] == "article" and lines[-1] == ""
    assert jsonl.decode(found.to_jsonl().encode()) == list(found.records)


@pytest.mark.parametrize("kind", KINDS)
def test_frames_hold_every_record_of_a_kind(extractor: Extractor, kind: str) -> None:
    found = extractor.extract(TEXT)
    frame = found.to_frame(kind)
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame["id"]) == [record.id for record in found.of(kind)]


def test_frames_flatten_nested_fields(extractor: Extractor) -> None:
    frame = extractor.extract(TEXT).to_frame("quote")
    assert frame.loc[0, "speaker.name"] == "Ana Ruiz"


def test_unknown_kind_is_named(extractor: Extractor) -> None:
    with pytest.raises(PipelineError, match="rumour"):
        extractor.extract(TEXT).to_frame("rumour")


def test_text_without_findings(extractor: Extractor) -> None:
    assert [type(r).__name__ for r in extractor.extract("Yes.").records] == ["ArticleRecord"]


def test_a_stage_that_fails_costs_only_its_own_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    own = pipeline.load()

    def fail(doc: Doc) -> Doc:
        raise ZeroDivisionError("nothing to divide")

    dates = [fail if name == "claimline_dates" else stage for name, stage in own.nlp.pipeline]
    names = own.nlp.pipe_names
    monkeypatch.setattr(
        Language, "pipeline", property(lambda self: list(zip(names, dates, strict=True)))
    )
    found = own.extract(TEXT)
    assert found.of("date") == ()
    assert found.of("quote")
    [problem] = found.of("problem")
    assert "nothing to divide" in jsonl.encode([problem]).decode()


def test_a_sentence_that_had_to_be_cut_is_reported(extractor: Extractor) -> None:
    found = extractor.extract("the old men and " * 200)
    [problem] = found.of("problem")
    assert "longer than the language model's window" in jsonl.encode([problem]).decode()


def test_the_vocabulary_learns_from_the_first_articles_alone(
    extractor: Extractor, monkeypatch: pytest.MonkeyPatch
) -> None:
    extractor.extract(TEXT)
    monkeypatch.setattr(extractor, "_to_remember", 150)
    known = extractor.nlp.vocab.strings
    before = len(known)
    for number in range(20):
        words = " ".join(f"w{number}x{i}" for i in range(200))
        extractor.extract(f"Ana Ruiz said the {words} may fall.")
    assert "w0x0" in known and "w0x199" not in known and "w1x0" not in known
    assert len(known) - before < 50


def test_records_do_not_depend_on_what_was_read_before(extractor: Extractor) -> None:
    paths = [path.relative_to(ROOT) for path in corpus_articles()[:3]]
    forwards = {path: extractor.extract(path).to_jsonl() for path in paths}
    fresh = pipeline.load()
    for path in reversed(paths):
        assert fresh.extract(path).to_jsonl() == forwards[path]


def test_bytes_do_not_depend_on_the_hash_seed(tmp_path: Path) -> None:
    # Sets of strings iterate in an order that the seed decides.
    path = corpus_articles()[0]
    outputs = set()
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-m", "pipeline", "extract", str(path), "--output", "-"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            cwd=ROOT,
        )
        outputs.add(done.stdout)
    assert len(outputs) == 1


def test_every_stage_works_alone_in_another_pipeline(extractor: Extractor) -> None:
    import spacy

    for stage in ("dates", "entities", "quotes", "speakers", "events", "order", "predictions"):
        nlp = spacy.blank("en")
        nlp.add_pipe("sentencizer")
        nlp.add_pipe(f"claimline_{stage}")
        nlp(TEXT)
        nlp("")


def test_the_model_can_be_a_folder(extractor: Extractor, tmp_path: Path) -> None:
    from pipeline.config import load_config
    from pipeline.language import load_language

    settings = load_config()
    settings["nlp"]["pipeline"] = ["claimline_encoder"]
    load_language(None, settings).to_disk(tmp_path / "model")
    other = pipeline.load(str(tmp_path / "model"))
    kinds = {type(record) for record in other.extract(TEXT).records}
    assert kinds == {type(record) for record in extractor.extract(TEXT).records}


def test_a_lazy_pipeline_is_the_same_one(extractor: Extractor) -> None:
    lazy = pipeline.load(lazy=True)
    assert lazy.info == extractor.info
    assert lazy.extract(TEXT).records == extractor.extract(TEXT).records


def test_the_fingerprint_is_of_the_settings_and_of_a_models_files(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "meta.json").write_bytes((EMBEDDED / "meta.json").read_bytes())

    def fingerprint(overrides: dict[str, str]) -> str:
        return pipeline.load(lazy=True, overrides=overrides).info.fingerprint

    def of(folder: str) -> str:
        return fingerprint({"components.claimline_encoder.model": str(tmp_path / folder)})

    first = of("one")
    sharper = fingerprint({"components.claimline_encoder.hedge_threshold": "0.7"})
    assert len({fingerprint({}), sharper, first, of("other")}) == 4
    (tmp_path / "one" / "encoder.onnx").write_bytes(b"trained anew")
    assert of("one") != first
    (tmp_path / "one" / "encoder.onnx").unlink()
    assert of("one") == first
    with pytest.raises(ModelError, match="no language model there"):
        of("nowhere")


def test_a_model_without_a_parser_is_refused(tmp_path: Path) -> None:
    import spacy

    spacy.blank("en").to_disk(tmp_path / "blank")
    with pytest.raises(ModelError, match="parser"):
        pipeline.load(str(tmp_path / "blank"))


def test_texts_longer_than_the_model_takes_are_refused(extractor: Extractor) -> None:
    own = pipeline.load()
    own.nlp.max_length = 10
    with pytest.raises(PipelineError, match="Split the file"):
        own.extract_article(read_text(TEXT))


def test_the_article_record_says_what_was_read(extractor: Extractor) -> None:
    path = corpus_articles()[0]
    article = read_article(path)
    record = extractor.extract(path).article
    assert (record.sha256, record.title) == (article.sha256, article.title)
    assert record.characters == len(article.source) == record.end
    assert record.pipeline.version == pipeline.__version__
